"""OMB-02: new digital contacts who come to be tied to a member within 180 days (U1).

Readings
========
 1  ``horizon`` moves both the follow-up and the end of the cohort window, T - horizon.
 2  ``cohorts`` is the source when there is a row of the four channels for a month that lies wholly in the window, also
    when nothing in it can be read. The parameter ``source`` overrides it.
 3  Needed: people, and of source people also one_to_ones. Source cohorts needs no one_to_ones and has no coverage.
 4  ``person_type`` as it stands, not the position. A date of month precision is in the window by its first day, one of
    year precision never.
 5  people, unknown: (a) a day or month in the window and ``first_channel`` empty or unknown; (b) a month and one of the
    four; (c) no tie, but a conversation that would count with a constituent, of month precision, whose month has a day
    in common with the 180 days, also where the whole month lies inside; its partner's position is taken on its first
    day; (d) no tie, but one within the 180 days with somebody in no known position (F8). Year precision: nothing.
 6  ``left_on`` (last known day) before the conversation: no tie; it changes neither ``any_conversation_share`` nor
    ``team_share``.
 7  The shares stand over the known contacts. ``team_share``: ``started_on`` at its first known day; a spell in a group
    that is not there, or whose type is not known, is none.
 8  cohorts: a count larger than ``n_new`` is unknown. A row without readable ``n_new`` is in nothing, its number of
    people is not known. ``any_conversation_share`` and ``team_share``: over the known rows that have the count, null
    where none has.
 9  ``n_by_channel``: known contacts of each of the four channels.
10  ``first_channel`` empty for all: in every row of people, whatever their type.
11  Not raised: confirmation_low (REL, NET and DQ-02 only). ``n_without_consent``: contacts known and unknown; None for
    cohorts. ``coverage`` None for cohorts. ``rows_left_out``: the six tables and digital_cohorts, for either source.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from oracle.cleaning import UNKNOWN
from oracle.common import SIX, Conversation, Submission, row, share, unknown_gate
from oracle.intervals import wilson_interval

ID = "digital_conversion_rate"
DIGITAL = ("digital_ad", "social_media", "email", "petition")


def cohort_rows(sub: Submission, last: dt.date) -> list[dict[str, Any]]:
    """Rows of the four channels whose month lies wholly in the cohort window."""
    out = []
    for r in sub.tables["digital_cohorts"]:
        year, month = map(int, r["cohort_month"].split("-"))
        first, end = dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        if r["channel"] in DIGITAL and first > sub.S and end <= last:
            out.append(r)
    return out


def from_cohorts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    def count(r: dict[str, Any], field: str) -> int | None:
        return r[field] if r[field] is not None and r[field] <= r["n_new"] else None

    readable = [r for r in rows if r["n_new"] is not None]
    known = [r for r in readable if count(r, "n_member_tie") is not None]

    def part(field: str) -> float | None:
        filled = [r for r in known if count(r, field) is not None]
        return share(sum(r[field] for r in filled), sum(r["n_new"] for r in filled))

    n = sum(r["n_new"] for r in known)
    return {
        "hits": sum(r["n_member_tie"] for r in known),
        "n": n,
        "unknown": sum(r["n_new"] for r in readable) - n,
        "any": part("n_one_to_one"),
        "team": part("n_team"),
        "by_channel": {c: sum(r["n_new"] for r in known if r["channel"] == c) for c in DIGITAL},
        "without_consent": None,
    }


def from_people(sub: Submission, last: dt.date, horizon: int) -> dict[str, Any]:
    talks: dict[str, list[tuple[Conversation, str]]] = defaultdict(list)
    for c in sub.counted_ever:
        talks[c.a].append((c, c.b))
        talks[c.b].append((c, c.a))
    teams = {g["group_id"] for g in sub.tables["groups"] if g["group_type"] == "team"}
    starts: dict[str, list[dt.date]] = defaultdict(list)
    for m in sub.tables["memberships"]:
        if m["role"] != "paid_staff" and m["group_id"] in teams:
            starts[m["person_id"]].append(m["started_on"].first)

    hits = met = team = 0
    known: list[str] = []
    unknown: list[str] = []
    for p, r in sub.people.items():
        first, channel = r["first_contact_on"], r["first_channel"]
        if r["person_type"] != "constituent" or not sub.in_window(first, high=last):
            continue
        if channel in (None, UNKNOWN) or (channel in DIGITAL and first.precision == "month"):
            unknown.append(p)
            continue
        if channel not in DIGITAL:
            continue
        end = first.first + dt.timedelta(days=horizon)
        tied = perhaps = any_talk = False
        for c, partner in talks[p]:
            inside = c.when.precision == "day" and first.first <= c.when.first <= end
            touches = c.when.precision == "month" and c.when.first <= end and c.when.last >= first.first
            any_talk |= inside
            where = sub.position(partner, c.when.first)
            gone = r["left_on"] is not None and r["left_on"].last < c.when.first
            if not gone and where in ("constituent", None):
                tied |= inside and where == "constituent"
                perhaps |= touches or inside
        if perhaps and not tied:
            unknown.append(p)
            continue
        known.append(p)
        hits += tied
        met += any_talk
        team += any(first.first <= day <= end for day in starts[p])
    channels = Counter(sub.people[p]["first_channel"] for p in known)
    return {
        "hits": hits,
        "n": len(known),
        "unknown": len(unknown),
        "any": share(met, len(known)),
        "team": share(team, len(known)),
        "by_channel": {c: channels[c] for c in DIGITAL},
        "without_consent": sum(sub.no_consent(p) for p in [*known, *unknown]),
    }


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    horizon = sub.number("horizon", 180)
    last = sub.before_end(horizon)
    rows = cohort_rows(sub, last)
    source = sub.parameters.get("source") or ("cohorts" if rows else "people")
    reasons: set[str] = set()
    warnings = set(sub.window_warnings)
    if sub.window_missing:
        reasons.add("missing_records_window")
    if source == "cohorts":
        found = from_cohorts(rows)
        if sub.lacks("people", "digital_cohorts"):
            reasons.add("missing_required_field")
    else:
        found = from_people(sub, last, horizon)
        no_channel = bool(sub.people) and all(r["first_channel"] is None for r in sub.people.values())
        if sub.lacks("people", "one_to_ones") or no_channel or sub.log_field_missing:
            reasons.add("missing_required_field")
        if sub.coverage.gate == "below":
            reasons.add("below_coverage")
        if sub.coverage.gate == "low":
            warnings.add("coverage_low")
    n, unknown = found["n"], found["unknown"]
    if n + unknown == 0:
        reasons.add("no_eligible_units")
    more, more_warnings = unknown_gate(n, unknown)
    reasons |= more
    warnings |= more_warnings
    if n < 50:
        reasons.add("below_minimum_n")
    value = share(found["hits"], n)
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            numerator=found["hits"],
            denominator=n,
            n_units=n,
            unknown=unknown,
            n_without_consent=found["without_consent"],
            coverage=sub.coverage.value if source == "people" else None,
            interval=None if reasons else wilson_interval(value, n, "U1"),
            extras={
                "source": source,
                "any_conversation_share": found["any"],
                "team_share": found["team"],
                "n_by_channel": found["by_channel"],
                "rows_left_out": sub.rows_left_out(*SIX, "digital_cohorts"),
            },
        )
    ]
