"""CYC-05: actions followed by a shared reflection with a written lesson (U1).

Readings
========
 1  Needed are people, events and participation. Reflections are not merged, and are held events up to T.
 2  Enough people: present at the action and at the reflection, constituents on the action's date.
 3  A head count above 0 of any event of a merged action is one of the action.
 4  ``any_linked_session`` over known actions; ``median_days``: of each reflected action the days to its first
    qualifying reflection, direct or by campaign. None without a reflected action.
 5  ``n_without_consent`` and ``coverage`` None. ``rows_left_out``: events, participation, people, memberships.
"""

from __future__ import annotations

import statistics
from typing import Any

from oracle import sessions
from oracle.attendances import attended, linked_reflections
from oracle.common import Submission, row, share, unknown_gate
from oracle.intervals import wilson_interval

ID = "reflection_completion"


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    within, min_present = sub.number("within_days", 21), sub.number("min_present", 3)
    by_event = sessions.rows_by_event(sub)
    unknown = known = any_linked = by_campaign_only = 0
    days: list[int] = []
    for action in attended(sub, "collective_action"):
        if action.event.day > sub.before_end(within):
            continue
        linked = linked_reflections(sub, action.event, within)
        enough = [
            (e, direct)
            for e, direct in linked
            if len(action.constituents & sessions.named(sub, by_event[e["event_id"]])) >= min_present
        ]
        good = [(e, direct) for e, direct in enough if e["has_written_lesson"] == "yes"]
        lesson_open = any(e["has_written_lesson"] not in ("yes", "no") for e, _ in enough)
        heads_only = not action.constituents and any(e["head_count"] for e in action.event.rows)
        if not good and (lesson_open or heads_only):
            unknown += 1
            continue
        known += 1
        any_linked += bool(linked)
        if good:
            days.append(min((e["held_on"].first - action.event.day).days for e, _ in good))
            by_campaign_only += not any(direct for _, direct in good)

    reasons: set[str] = set()
    if sub.lacks("people", "events", "participation"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if known + unknown == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(known, unknown)
    reasons |= more
    warnings |= sub.window_warnings
    if known < 5:
        reasons.add("below_minimum_n")
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=share(len(days), known),
            numerator=len(days),
            denominator=known,
            n_units=known,
            unknown=unknown,
            interval=None if reasons else wilson_interval(len(days) / known, known, "U1"),
            extras={
                "any_linked_session": share(any_linked, known),
                "linked_by_campaign_only": by_campaign_only,
                "median_days": statistics.median(days) if days else None,
                "rows_left_out": sub.rows_left_out("events", "participation", "people", "memberships"),
            },
        )
    ]
