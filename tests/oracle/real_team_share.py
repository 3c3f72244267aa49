"""LEAD-04: teams that meet all four conditions of a real team (U1).

Readings
========
 1  Needed are people, groups, memberships, events and participation: the team, its role holders and its meetings.
 2  Life of a team: from the first known day of ``started_on`` to the last known day of ``ended_on``, both included;
    days are counted in W. A spell overlapping W may be of any role and of anybody.
 3  Meetings need not lie within the life of the team.
 4  "recorded as ``facilitated``": any row of the meetings' events with the function, whoever it is and whatever
    ``attended`` says. Without a meeting (d) fails surely.
 5  ``fails_a`` to ``fails_d`` count the conditions that surely fail, of all teams (a team that is unknown fails
    none).
 6  ``acts_in_real_teams_share``: leadership acts as in LEAD-01, over all held events in W; unknown teams are not
    real.
 7  "``group_id`` empty in all events": all rows of ``events`` of any date, at least one.
 8  Teams have no consent: ``n_without_consent`` None. ``coverage`` None. ``rows_left_out``: the five tables of 1.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from oracle import sessions
from oracle.common import Submission, row, share, unknown_gate
from oracle.effective_leaders import LEADERSHIP
from oracle.intervals import wilson_interval

ID = "real_team_share"
TABLES = ("people", "groups", "memberships", "events", "participation")
MEETINGS = {"meeting", "training", "research_session", "reflection", "house_meeting"}


def life(team: dict[str, Any]) -> tuple[dt.date, dt.date]:
    return (
        team["started_on"].first if team["started_on"] else dt.date.min,
        team["ended_on"].last if team["ended_on"] else dt.date.max,
    )


def days_in_window(sub: Submission, team: dict[str, Any]) -> int:
    start, end = life(team)
    return (min(end, sub.T) - max(start, sub.S + dt.timedelta(days=1))).days + 1


def role_holders(sub: Submission, team: str, day: dt.date) -> set[str]:
    out = set()
    for spell in sub.tables["memberships"]:
        if spell["group_id"] == team and spell["role"] in ("team_role", "leads", "governs"):
            start, end = sub.ends(spell)
            if start <= day <= end and sub.position(spell["person_id"], day) == "constituent":
                out.add(spell["person_id"])
    return out


def failing(sub: Submission, team: dict[str, Any], by_event: dict[str, list[dict[str, Any]]]) -> tuple[set[str], bool]:
    """The conditions that surely fail, and whether some condition cannot be told."""
    name = team["group_id"]
    by_day: dict[dt.date, list[dict[str, Any]]] = defaultdict(list)
    for event in sessions.held(sub):
        if event["group_id"] == name and event["kind"] in MEETINGS and sub.in_window(event["held_on"]):
            by_day[event["held_on"].first] += by_event[event["event_id"]]
    meetings = 0
    facilitators: set[str] = set()
    recorded = False
    for day, rows in by_day.items():
        holders = role_holders(sub, name, day)
        if not holders or 2 * len(holders & sessions.named(sub, rows)) < len(holders):
            continue
        meetings += 1
        facilitated = [r for r in rows if "facilitated" in r["functions"]]
        recorded = recorded or bool(facilitated)
        facilitators |= {p for p in sessions.named(sub, facilitated) if sub.position(p, day) == "constituent"}

    fails = set()
    if len(role_holders(sub, name, min(sub.T, life(team)[1]))) < sub.number("min_role_holders", 3):
        fails.add("a")
    if meetings < sub.number("min_meetings", 6):
        fails.add("b")
    if team["has_written_purpose"] == "no":
        fails.add("c")
    nobody_recorded = meetings > 0 and not recorded
    if len(facilitators) < sub.number("min_facilitators", 2) and not nobody_recorded:
        fails.add("d")
    return fails, nobody_recorded or team["has_written_purpose"] not in ("yes", "no")


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    teams = [g for g in sub.tables["groups"] if g["group_type"] == "team"]
    reasons: set[str] = set()
    if (
        sub.lacks(*TABLES)
        or (sub.events and all(e["group_id"] is None for e in sub.events.values()))
        or (teams and all(g["has_written_purpose"] is None for g in teams))
    ):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    with_event = {e["group_id"] for e in sessions.held(sub) if sub.in_window(e["held_on"])}
    with_spell = {m["group_id"] for m in sub.tables["memberships"] if sub.overlaps(sub.ends(m))}
    seen = [g for g in teams if g["group_id"] in with_event | with_spell]
    units = [g for g in seen if days_in_window(sub, g) >= sub.number("min_life", 180)]
    by_event = sessions.rows_by_event(sub)
    verdicts = {g["group_id"]: failing(sub, g, by_event) for g in units}
    real = {g for g, (fails, open_) in verdicts.items() if not fails and not open_}
    unknown = sum(open_ and not fails for fails, open_ in verdicts.values())
    n = len(units) - unknown

    if not units:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(n, unknown)
    reasons |= more
    warnings |= sub.window_warnings
    if n < 5:
        reasons.add("below_minimum_n")

    acts = in_real = 0
    for event in sessions.held(sub):
        if not sub.in_window(event["held_on"]):
            continue
        for r in by_event[event["event_id"]]:
            acting = r["functions"] & LEADERSHIP and (sessions.is_present(r) or "designed" in r["functions"])
            if acting and sub.position(r["person_id"], event["held_on"].first) == "constituent":
                acts += 1
                in_real += event["group_id"] in real
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=share(len(real), n),
            numerator=len(real),
            denominator=n,
            n_units=n,
            unknown=unknown,
            interval=None if reasons else wilson_interval(len(real) / n, n, "U1"),
            extras={
                **{f"fails_{c}": sum(c in fails for fails, _ in verdicts.values()) for c in "abcd"},
                "n_too_young": len(seen) - len(units),
                "acts_in_real_teams_share": share(in_real, acts),
                "rows_left_out": sub.rows_left_out(*TABLES),
            },
        )
    ]
