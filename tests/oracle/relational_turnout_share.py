"""COL-03: attendances of people who had been talked with before (U2 by event, or bounds), and three rows beside it.

Readings
========
 1  Four rows: ``total``, then ``form=share_of_named``, ``form=member_relation``, ``form=invited_by_tie``; the last
    two are absent under ``staff_only``. Needed are people, events, participation and one_to_ones.
 2  Rows without a partner (empty, or not in ``people``) are not merged (0.2: only REL-01 does). A row of somebody
    with themselves is never counted.
 3  Month precision: unknown where some day of the month lies in the days before the event. Year precision: nothing
    (0.2).
 4  Unknown over all named and unnamed attendances in the value, over the named ones in the other rows. ``named``,
    ``unnamed``, ``unnamed_share`` and the bounds are over known attendances; unnamed ones are always known.
 5  "Events with a named constituent": also where all of these are unknown. The gates (5 events, 30 known named
    attendances, recording) hold for each of the four rows, the 30 for the row's own known ones.
 6  ``member_relation``: a partner who is not recorded, or in no known position, may have been a constituent: unknown
    where there is no hit. The position of a partner is that on the (first known) day of the conversation.
 7  ``invited_by_tie``: who is invited by themselves, or by somebody not in ``people``, is as if the inviter were
    empty. At a merged action: yes if a row of the person (present there) says so, else no if one does, else unknown.
    A conversation of month precision with the inviter that touches the 365 days and no other: unknown.
 8  ``coverage`` and its warning are those of conversations between members; a log field that is empty in all groups
    is not this indicator's gate (0.2 lists them): coverage then comes from the rows.
 9  ``window_incomplete``: ``records_from`` later than T-W+1-lookback_days (T-W-179 at 180); for all four rows.
10  ``n_without_consent``: named attendances, unknown ones included. ``rows_left_out``: the six tables.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

from oracle import sessions
from oracle.attendances import Attended, attended, rows_of
from oracle.cleaning import When
from oracle.common import SIX, Submission, W, row, share, unknown_gate
from oracle.resampling import u2_proportion

ID = "relational_turnout_share"
KINDS = ("collective_action", "public_meeting")


class Talk(NamedTuple):
    """One side of a conversation."""

    partner: str | None
    when: When


def talks(sub: Submission) -> dict[str, list[Talk]]:
    """What everybody held, with every condition of a counted conversation but the window."""
    out: dict[str, list[Talk]] = defaultdict(list)
    for c in sub.counted_ever:
        out[c.a].append(Talk(c.b, c.when))
        out[c.b].append(Talk(c.a, c.when))
    for r in sub.tables["one_to_ones"]:
        if r["status"] != "held" or r["kind"] != "one_to_one" or r["held_on"] is None:
            continue
        long_enough = r["minutes"] is None or r["minutes"] >= sub.number("min_minutes", 20)
        if r["person_a"] in sub.people and r["person_b"] not in sub.people and long_enough:
            out[r["person_a"]].append(Talk(None, r["held_on"]))
    return out


def before(when: When, event: dt.date, days: int) -> bool | None:
    """Whether a conversation was held 1 to ``days`` days before an event; None = perhaps."""
    low, high = event - dt.timedelta(days=days), event - dt.timedelta(days=1)
    if when.precision == "day":
        return low <= when.first <= high
    if when.precision == "month" and when.first <= high and when.last >= low:
        return None
    return False


def any_of(answers: list[bool | None]) -> bool | None:
    """Yes if one is, else unknown if one is, else no."""
    return True if True in answers else None if None in answers else False


class Judge:
    """Yes, no or unknown (None) for a person at an event."""

    def __init__(self, sub: Submission) -> None:
        self.sub = sub
        self.talks = talks(sub)
        self.lookback = sub.number("lookback_days", 180)
        self.by_event = sessions.rows_by_event(sub)

    def talked(self, person: str, event: sessions.Event) -> bool | None:
        return any_of([before(t.when, event.day, self.lookback) for t in self.talks.get(person, ())])

    def with_member(self, person: str, event: sessions.Event) -> bool | None:
        answers = []
        for t in self.talks.get(person, ()):
            held = before(t.when, event.day, self.lookback)
            where = self.sub.position(t.partner, t.when.first) if t.partner else None
            if held is not False and where in ("constituent", None):
                answers.append(held if where else None)
        return any_of(answers)

    def by_tie(self, person: str, event: sessions.Event) -> bool | None:
        answers: list[bool | None] = []
        for r in rows_of(event, self.by_event):
            if r["person_id"] != person or not sessions.is_present(r):
                continue
            inviter = r["invited_by"]
            if inviter in self.sub.people and inviter != person:
                answers.append(
                    any_of([before(t.when, event.day, 365) for t in self.talks.get(person, ()) if t.partner == inviter])
                )
            else:
                answers.append(False if r["sign_up"] == "walked_in" else None)
        return True if True in answers else False if False in answers else None


def _row(
    sub: Submission,
    simulate: bool,
    form: str,
    events: list[Attended],
    answers: dict[str, dict[str, bool | None]],
    with_unnamed: bool,
    extras: dict[str, Any],
) -> dict[str, Any]:
    """One row; ``answers`` = event, person -> yes, no or unknown."""
    known = [(event, a) for event, people in answers.items() for a in people.values() if a is not None]
    open_ = sum(a is None for people in answers.values() for a in people.values())
    named, hits = len(known), sum(a for _, a in known)
    unnamed = sum(e.unnamed for e in events) if with_unnamed else 0
    total = named + unnamed

    reasons: set[str] = set()
    if sub.lacks("people", "events", "participation", "one_to_ones"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if total + open_ == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(total, open_)
    reasons |= more
    rule = sub.manifest["conversations_recorded_for"]
    if rule == "nobody":
        reasons.add("below_coverage")
    if rule == "staff_only" or (rule == "marked_groups" and sub.coverage.gate == "below"):
        warnings.add("coverage_low")
    if sum(bool(e.constituents) for e in events) < 5 or named < 30:
        reasons.add("below_minimum_n")
    first_needed = sub.before_end(W - 1 + sub.number("lookback_days", 180))
    if sub.records_from is not None and sub.records_from > first_needed:
        warnings.add("window_incomplete")

    interval, pending = None, []
    if not reasons and 10 * unnamed > 3 * total:
        warnings.add("bounds_only")
        interval = {"low": hits / total, "high": (hits + unnamed) / total, "method": "bounds"}
    elif not reasons:
        units = [*known, *((e.event.id, False) for e in events for _ in range(e.unnamed if with_unnamed else 0))]
        interval, more, pending = u2_proportion(units, simulate, f"{ID}|{form}")
        warnings |= more
    if with_unnamed:
        extras = {**extras, "named": named, "unnamed": unnamed, "unnamed_share": share(unnamed, total)}
    return row(
        ID,
        disaggregation=form,
        reasons=reasons,
        warnings=warnings,
        value=share(hits, total),
        numerator=hits,
        denominator=total,
        n_units=total,
        unknown=open_,
        n_without_consent=sum(sub.no_consent(p) for e in events for p in e.constituents),
        coverage=sub.coverage.value,
        interval=interval,
        not_simulated=pending,
        extras=extras,
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    judge = Judge(sub)
    events = attended(sub, *KINDS)
    left_out = {"rows_left_out": sub.rows_left_out(*SIX)}
    forms = [
        ("total", judge.talked, True),
        ("form=share_of_named", judge.talked, False),
        ("form=member_relation", judge.with_member, False),
        ("form=invited_by_tie", judge.by_tie, False),
    ]
    if sub.manifest["conversations_recorded_for"] == "staff_only":
        forms = forms[:2]
    return [
        _row(
            sub,
            simulate,
            form,
            events,
            {e.event.id: {p: ask(p, e.event) for p in sorted(e.constituents)} for e in events},
            with_unnamed,
            left_out,
        )
        for form, ask, with_unnamed in forms
    ]
