"""IND-02: people present at actions and public meetings, named and unnamed.

Readings
========
 1  Needed are events, participation and people (0.3, read literally: the named stand in participation).
 2  The unit is the event, merged actions one: ``n_units`` known ones, ``n_events`` those and the unknown. A merged
    action is unknown when none of its events has a head count or a named person.
 3  Named: see ``sessions`` 2. An event's own unnamed people are reckoned before uniting: max(0, head_count - its
    named).
 4  ``estimated_share``: a unit counts with all it brings to the value when one of its events has more heads than
    names and a ``head_count_method`` other than sign_in and counted (empty: estimated); null at a value of 0.
 5  ``low``, ``high``: known units only; ``head_count_low`` alone does not make an event known. They and
    ``estimated_share`` are built on the value and null without it.
 6  numerator = value, denominator None. Events have no consent: ``n_without_consent`` None; ``coverage`` None.
    ``rows_left_out``: people, events, participation.
"""

from __future__ import annotations

from typing import Any

from oracle import sessions
from oracle.common import Submission, row, share, unknown_gate

ID = "turnout_count"


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    if sub.lacks("events", "participation", "people"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    by_event = sessions.rows_by_event(sub)
    units = [u for u in sessions.in_window(sub) if u.kind in ("collective_action", "public_meeting")]
    known = attendances = value = low = high = estimated = 0
    people: set[str] = set()
    for unit in units:
        names = {e["event_id"]: sessions.named(sub, by_event[e["event_id"]]) for e in unit.rows}
        united = set().union(*names.values())
        if not united and all(e["head_count"] is None for e in unit.rows):
            continue
        known += 1
        people |= united
        attendances += len(united)
        turnout = lowest = highest = len(united)
        is_estimated = False
        for e in unit.rows:
            n, heads = len(names[e["event_id"]]), e["head_count"]
            turnout += max(0, (heads or 0) - n)
            lowest += max(0, (heads or 0 if e["head_count_low"] is None else e["head_count_low"]) - n)
            highest += max(0, (heads or 0 if e["head_count_high"] is None else e["head_count_high"]) - n)
            is_estimated |= (heads or 0) > n and e["head_count_method"] not in ("sign_in", "counted")
        value, low, high = value + turnout, low + lowest, high + highest
        estimated += turnout * is_estimated
    if not units and "events" not in sub.manifest.get("complete_tables", ()):
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(known, len(units) - known)
    reasons |= more
    warnings |= sub.window_warnings
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            numerator=value,
            n_units=known,
            unknown=len(units) - known,
            built_on_value=("estimated_share", "low", "high"),
            extras={
                "unique_named": len(people),
                "n_events": len(units),
                "named_attendances": attendances,
                "estimated_share": share(estimated, value),
                "low": low,
                "high": high,
                "rows_left_out": sub.rows_left_out("people", "events", "participation"),
            },
        )
    ]
