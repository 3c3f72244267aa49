"""LEAD-02: who stands on a higher rung than a year before (U1); rungs and states on a day for others too.

Readings
========
 1  Needed are people, memberships, events and participation: units stand on a rung by a spell or by having been
    present.
 2  A spell in a group that is not in ``groups``, or whose ``group_type`` is not known, carries a rung.
 3  ``left``: the last known day of ``left_on`` is T or earlier. ``first_contact_on`` stands at its first known day,
    of whatever precision; empty = not known to be later, so in the population.
 4  ``present``: see ``sessions`` 2; at held events up to T, in any position that day.
 5  Nobody is unknown: ``unknown`` 0 (a person whose person_type is not known is no unit, F8).
 6  ``first_term_share``: constituents whose state at T is 4 or 5; starts are compared by their first known day.
 7  ``roles_without_trace``: "by an open spell" = some spell of rung 2 to 5 without a readable end covers T. A trace
    is a presence in W or a held row of one_to_ones in W of any kind, on either side, also with a partner who is not
    known.
 8  ``matrix``: the cells that are not 0, as ``{"1>2": n}``, over rungs 1 to 5 at t0.
 9  Shares without a denominator are None. ``coverage`` None. ``rows_left_out``: the six tables.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from oracle import sessions
from oracle.common import SIX, Submission, W, row, share
from oracle.intervals import wilson_interval

ID = "ladder_transitions"
RUNG = {"participant": 1, "active_member": 2, "team_role": 3, "leads": 4, "governs": 5}


def double_window(sub: Submission) -> tuple[bool, set[str]]:
    """Of (T-2W, T]: whether the records begin too late, and the warning."""
    begin = sub.records_from
    if begin is None:
        return False, set()
    late = begin > sub.before_end(2 * W - 1)
    return begin > sub.before_end(W), {"window_incomplete"} if late else set()


def external_groups(sub: Submission) -> set[str]:
    return {g["group_id"] for g in sub.tables["groups"] if g["group_type"] == "external_organization"}


def rung_spells(sub: Submission) -> dict[str, list[dict[str, Any]]]:
    """Spells that carry a rung, person by person."""
    outside = external_groups(sub)
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for spell in sub.tables["memberships"]:
        if spell["role"] in RUNG and spell["group_id"] not in outside:
            out[spell["person_id"]].append(spell)
    return out


def covering(sub: Submission, spells: list[dict[str, Any]], day: dt.date) -> list[dict[str, Any]]:
    out = []
    for spell in spells:
        start, end = sub.ends(spell)
        if start <= day <= end:
            out.append(spell)
    return out


def presences(sub: Submission) -> dict[str, set[dt.date]]:
    """Days on which somebody was present at a held event."""
    days = {e["event_id"]: e["held_on"].first for e in sessions.held(sub)}
    out: dict[str, set[dt.date]] = defaultdict(set)
    for r in sub.tables["participation"]:
        if r["event_id"] in days and sessions.is_present(r):
            out[r["person_id"]].add(days[r["event_id"]])
    return out


class Ladder:
    """States on the two days."""

    def __init__(self, sub: Submission) -> None:
        self.sub = sub
        self.spells = rung_spells(sub)
        self.days = presences(sub)
        self.t0 = sub.before_end(W)

    def state(self, person: str, day: dt.date) -> int | str:
        left_on = self.sub.people[person]["left_on"]
        if left_on and left_on.last <= day:
            return "left"
        if self.sub.position(person, day) == "staff":
            return "staff"
        rungs = [RUNG[s["role"]] for s in covering(self.sub, self.spells.get(person, []), day)]
        if rungs:
            return max(rungs)
        year_before = day - dt.timedelta(days=365)
        return int(any(year_before < d <= day for d in self.days.get(person, ())))

    def on_rungs(self) -> dict[str, tuple[int, int | str]]:
        """Constituents on rung 1 to 5 at t0: their states at t0 and T."""
        out = {}
        for person, r in self.sub.people.items():
            if self.sub.position(person, self.t0) != "constituent":
                continue
            if r["first_contact_on"] and r["first_contact_on"].first > self.t0:
                continue
            before = self.state(person, self.t0)
            if before in (1, 2, 3, 4, 5):
                out[person] = (before, self.state(person, self.sub.T))
        return out


def moved_up(before: int, after: int | str) -> bool:
    return isinstance(after, int) and after > before


def units(sub: Submission) -> dict[str, bool]:
    """People of the population, and whether they moved up."""
    on_rungs = Ladder(sub).on_rungs()
    return {p: moved_up(before, after) for p, (before, after) in on_rungs.items() if before <= 3}


def _beside(sub: Submission) -> dict[str, Any]:
    ladder = Ladder(sub)
    on_rungs = ladder.on_rungs()
    down = [p for p, (before, after) in on_rungs.items() if after == "left" or (after != "staff" and after < before)]
    at_end = {p: ladder.state(p, sub.T) for p in sub.people if sub.position(p, sub.T) == "constituent"}

    high = [p for p, state in at_end.items() if state in (4, 5)]
    first_term = 0
    for p in high:
        terms = [s for s in ladder.spells[p] if RUNG[s["role"]] >= 4]
        held_now = min(s["started_on"].first for s in covering(sub, terms, sub.T))
        first_term += not any(s["started_on"].first < held_now for s in terms)

    talked = {
        p
        for r in sub.tables["one_to_ones"]
        if r["status"] == "held" and sub.in_window(r["held_on"])
        for p in (r["person_a"], r["person_b"])
    }
    in_role = [p for p, state in at_end.items() if state in (2, 3, 4, 5)]
    no_trace = 0
    for p in in_role:
        roles = [s for s in covering(sub, ladder.spells[p], sub.T) if RUNG[s["role"]] >= 2]
        trace = p in talked or any(sub.S < d <= sub.T for d in ladder.days.get(p, ()))
        no_trace += any(s["ended_on"] is None for s in roles) and not trace
    return {
        "down_or_left_share": share(len(down), len(on_rungs)),
        "to_staff": sum(after == "staff" for _, after in on_rungs.values()),
        "first_term_share": share(first_term, len(high)),
        "roles_without_trace": share(no_trace, len(in_role)),
        "matrix": dict(Counter(f"{before}>{after}" for before, after in on_rungs.values())),
    }


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    if sub.lacks("people", "memberships", "events", "participation"):
        reasons.add("missing_required_field")
    missing, warnings = double_window(sub)
    if missing:
        reasons.add("missing_records_window")
    people = units(sub)
    up, n = sum(people.values()), len(people)
    if n == 0:
        reasons.add("no_eligible_units")
    if n < 10:
        reasons.add("below_minimum_n")
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=share(up, n),
            numerator=up,
            denominator=n,
            n_units=n,
            unknown=0,
            n_without_consent=sum(sub.no_consent(p) for p in people),
            interval=None if reasons else wilson_interval(up / n, n, "U1"),
            extras={**_beside(sub), "rows_left_out": sub.rows_left_out(*SIX)},
        )
    ]
