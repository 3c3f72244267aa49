"""Merged actions, their named and unnamed people, coded campaigns and linked reflections (head of section 4, CYC-05).

Readings
========
 1  campaign_id, demand_id and decision_id are codes that are compared, whether or not there is a row for them: 0.2
    calls only people, events and groups that are not there unknown. A ``reflects_on_event_id`` that is not in
    ``events`` is as good as empty (F7).
 2  Coded is an event whose ``cycle_steps`` are not empty, also where none of the codes can be read. A campaign's
    events are those with its code in their own row.
 3  An attendance needs a position that is known to be constituent (F8).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from oracle import sessions
from oracle.common import Submission
from oracle.sessions import Event


class Attended(NamedTuple):
    """An action, or a public meeting, with who was there."""

    event: Event
    present: set[str]
    constituents: set[str]
    unnamed: int


def rows_of(event: Event, by_event: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [r for e in event.rows for r in by_event[e["event_id"]]]


def attended(sub: Submission, *kinds: str) -> list[Attended]:
    """Held events of these kinds in W, actions merged."""
    by_event = sessions.rows_by_event(sub)
    out = []
    for event in sessions.in_window(sub):
        if event.kind not in kinds:
            continue
        present = sessions.named(sub, rows_of(event, by_event))
        unnamed = sum(
            max(0, (e["head_count"] or 0) - len(sessions.named(sub, by_event[e["event_id"]]))) for e in event.rows
        )
        constituents = {p for p in present if sub.position(p, event.day) == "constituent"}
        out.append(Attended(event, present, constituents, unnamed))
    return out


def uncoded_campaigns(sub: Submission) -> set[str]:
    """Campaigns with held events other than actions, none of them coded."""
    coded: dict[str, bool] = {}
    for e in sessions.held(sub):
        if e["campaign_id"] and e["kind"] != "collective_action":
            coded[e["campaign_id"]] = coded.get(e["campaign_id"], False) or bool(e["cycle_steps"])
    return {campaign for campaign, yes in coded.items() if not yes}


def linked_reflections(sub: Submission, action: Event, within: int) -> list[tuple[dict[str, Any], bool]]:
    """Reflections that look back on an action, and whether by its id (else by the campaign)."""
    ids = {e["event_id"] for e in action.rows}
    out = []
    for e in sessions.held(sub):
        if "reflection" not in sessions.steps_of(e) or e["kind"] == "collective_action":
            continue
        if not 0 <= (e["held_on"].first - action.day).days <= within:
            continue
        looks_at = e["reflects_on_event_id"]
        if looks_at in sub.events:
            if looks_at in ids:
                out.append((e, True))
        elif e["campaign_id"] and e["campaign_id"] == action.campaign:
            out.append((e, False))
    return out
