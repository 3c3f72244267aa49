"""CYC-03: attendances at actions by people who took part in the analysis before (U2 by action, or bounds).

Readings
========
 1  Needed are people, events and participation.
 2  An earlier session is any held event with an analytic step among its steps, actions included (merged, with the
    merged campaign), strictly before the action's date. To have designed it counts whatever ``attended`` says.
 3  ``n_units`` = named + unnamed of the known actions; ``unknown`` = named + unnamed of the others. ``named``,
    ``unnamed``, ``unnamed_share`` and all other side numbers are of the known actions.
 4  ``n_without_consent``: named attendances of people without consent, unknown ones included.
 5  ``with_reflection``: known actions up to T-21; presence at any reflection linked within 21 days, in any position.
 6  ``analysts_who_act``: the session may be of any date up to T; "later" is strictly later than that session.
 7  The clusters are the known actions that have an attendance.
 8  ``coverage`` None. ``rows_left_out``: events, participation, people, memberships.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from fractions import Fraction
from typing import Any

from oracle import sessions
from oracle.attendances import Attended, attended, linked_reflections, rows_of, uncoded_campaigns
from oracle.common import Submission, W, row, share, unknown_gate
from oracle.resampling import u2_proportion
from oracle.sessions import Event

ID = "full_cycle_participation"
ANALYTIC = set(sessions.ANALYTIC)


def analytic_sessions(sub: Submission) -> dict[str, list[Event]]:
    out: dict[str, list[Event]] = defaultdict(list)
    for event in sessions.up_to_end(sub):
        if event.campaign and event.steps & ANALYTIC:
            out[event.campaign].append(event)
    return out


class Prepared:
    """Who took part in which sessions."""

    def __init__(self, sub: Submission) -> None:
        self.sub = sub
        self.by_event = sessions.rows_by_event(sub)
        self.sessions = analytic_sessions(sub)
        self.actions = attended(sub, "collective_action")
        uncoded = uncoded_campaigns(sub)
        self.known = [a for a in self.actions if a.event.campaign and a.event.campaign not in uncoded]

    def steps(self, person: str, action: Attended) -> int:
        """How many different analytic steps somebody took part in before an action."""
        found: set[str] = set()
        for session in self.sessions.get(action.event.campaign, []):
            if session.day >= action.event.day:
                continue
            rows = rows_of(session, self.by_event)
            if any(r["person_id"] == person and (sessions.is_present(r) or "designed" in r["functions"]) for r in rows):
                found |= session.steps & ANALYTIC
        return len(found)

    def ready(self, action: Attended, min_steps: int) -> set[str]:
        return {p for p in action.constituents if self.steps(p, action) >= min_steps}

    def present(self, session: Event) -> set[str]:
        return sessions.named(self.sub, rows_of(session, self.by_event))


def people(sub: Submission) -> dict[str, list[bool]]:
    """People with a known attendance: x of each of theirs."""
    prepared = Prepared(sub)
    out: dict[str, list[bool]] = defaultdict(list)
    for action in prepared.known:
        ready = prepared.ready(action, sub.number("min_steps", 1))
        for p in action.constituents:
            out[p].append(p in ready)
    return out


def _with_reflection(sub: Submission, prepared: Prepared, min_steps: int) -> float | None:
    named = both = 0
    for action in prepared.known:
        if action.event.day > sub.before_end(21):
            continue
        reflected: set[str] = set()
        for event, _ in linked_reflections(sub, action.event, 21):
            reflected |= sessions.named(sub, prepared.by_event[event["event_id"]])
        named += len(action.constituents)
        both += len(prepared.ready(action, min_steps) & reflected)
    return share(both, named)


def _analysts_who_act(sub: Submission, prepared: Prepared) -> float | None:
    pairs: dict[tuple[str, str], bool] = {}
    for campaign, own in prepared.sessions.items():
        for session in own:
            later = [a for a in prepared.actions if a.event.campaign == campaign and a.event.day > session.day]
            if not later:
                continue
            for p in prepared.present(session):
                if sub.position(p, session.day) == "constituent":
                    acted = any(p in a.present for a in later)
                    pairs[p, campaign] = pairs.get((p, campaign), False) or acted
    return share(sum(pairs.values()), len(pairs))


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    min_steps = sub.number("min_steps", 1)
    prepared = Prepared(sub)
    ready = {a.event.id: prepared.ready(a, min_steps) for a in prepared.known}
    named = sum(len(a.constituents) for a in prepared.known)
    unnamed = sum(a.unnamed for a in prepared.known)
    total, hits = named + unnamed, sum(map(len, ready.values()))
    everything = sum(len(a.constituents) + a.unnamed for a in prepared.actions)

    reasons: set[str] = set()
    if sub.lacks("people", "events", "participation") or sessions.nothing_coded(sub):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if everything == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(total, everything - total)
    reasons |= more
    if len(prepared.known) < 3 or total < 30 or named < 10:
        reasons.add("below_minimum_n")
    if sub.records_from is not None and sub.records_from > sub.before_end(2 * W - 1):
        warnings.add("window_incomplete")

    interval, pending = None, []
    if not reasons and 10 * unnamed > 3 * total:
        warnings.add("bounds_only")
        interval = {"low": hits / total, "high": (hits + unnamed) / total, "method": "bounds"}
    elif not reasons:
        units = [(a.event.id, p in ready[a.event.id]) for a in prepared.known for p in a.constituents]
        units += [(a.event.id, False) for a in prepared.known for _ in range(a.unnamed)]
        interval, more, pending = u2_proportion(units, simulate, ID)
        warnings |= more

    own = [
        Fraction(len(ready[a.event.id]), len(a.constituents) + a.unnamed)
        for a in prepared.known
        if len(a.constituents) + a.unnamed >= 5
    ]
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=share(hits, total),
            numerator=hits,
            denominator=total,
            n_units=total,
            unknown=everything - total,
            n_without_consent=sum(sub.no_consent(p) for a in prepared.actions for p in a.constituents),
            interval=interval,
            not_simulated=pending,
            extras={
                "share_two_steps": share(sum(len(prepared.ready(a, 2)) for a in prepared.known), total),
                "with_reflection": _with_reflection(sub, prepared, min_steps),
                "median_by_action": float(statistics.median(own)) if own else None,
                "analysts_who_act": _analysts_who_act(sub, prepared),
                "named": named,
                "unnamed": unnamed,
                "unnamed_share": share(unnamed, total),
                "rows_left_out": sub.rows_left_out("events", "participation", "people", "memberships"),
            },
        )
    ]
