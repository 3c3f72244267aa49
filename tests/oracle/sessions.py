"""Held events, merged actions, sessions of a step, and who was there or led (catalogue 0.2, head of section 4).

Readings
========
 1  Actions merge on the text of ``target`` as it stands, the date, and the demand; a demand_id and a decision_id with
    the same text are not the same demand.
 2  ``named present`` = people of the table ``people`` with ``attended = yes``, or with ``attended`` empty or unknown
    and a function other than ``designed``; codes outside the list are no function. A row of somebody who is not in
    ``people`` names nobody (F7), but somebody held its function: a holder in no known position.
 3  Whether somebody holds a function is judged row by row: to have been at one place of a merged action does not make
    present at another.
 4  A ``cycle_steps`` cell without a readable code is coded (not empty, F2), and is a session of no step beside those
    of its kind.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

from oracle.cleaning import UNKNOWN
from oracle.common import Submission

STEPS = ("issue_identification", "causal_analysis", "power_analysis", "strategy", "action", "reflection")
ANALYTIC = STEPS[:4]
LEAD = frozenset({"facilitated", "designed", "presented_analysis"})


class Event(NamedTuple):
    """A held event, or the events of one merged action (the smallest id first)."""

    id: str
    day: dt.date
    kind: str
    rows: tuple[dict[str, Any], ...]
    steps: frozenset[str]
    campaign: str | None


def held(sub: Submission) -> list[dict[str, Any]]:
    """Held events, whatever their date up to T."""
    return [e for e in sub.events.values() if e["status"] == "held" and e["held_on"] and e["held_on"].first <= sub.T]


def steps_of(event: dict[str, Any]) -> frozenset[str]:
    by_kind = {"collective_action": "action", "reflection": "reflection"}
    return (event["cycle_steps"] - {UNKNOWN}) | ({by_kind[event["kind"]]} if event["kind"] in by_kind else set())


def up_to_end(sub: Submission) -> list[Event]:
    """Held events of any date up to T, actions merged."""
    parts: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for event in held(sub):
        demand = ("demand", event["demand_id"]) if event["demand_id"] else ("decision", event["decision_id"])
        if event["kind"] == "collective_action" and event["target"] and demand[1]:
            parts[("merged", event["target"], event["held_on"].first, *demand)].append(event)
        else:
            parts[("alone", event["event_id"])].append(event)
    out = []
    for rows in parts.values():
        rows.sort(key=lambda e: e["event_id"])
        campaigns = [e["campaign_id"] for e in rows if e["campaign_id"]]
        out.append(
            Event(
                rows[0]["event_id"],
                rows[0]["held_on"].first,
                rows[0]["kind"],
                tuple(rows),
                frozenset().union(*map(steps_of, rows)),
                campaigns[0] if campaigns else None,
            )
        )
    return out


def in_window(sub: Submission) -> list[Event]:
    """Those of W: the events of a merged action have one date."""
    return [e for e in up_to_end(sub) if e.day > sub.S]


def is_present(row: dict[str, Any]) -> bool:
    """Whether a participation row says that somebody was there."""
    return row["attended"] == "yes" or (
        row["attended"] in (None, UNKNOWN) and bool(row["functions"] - {"designed", UNKNOWN})
    )


def rows_by_event(sub: Submission) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sub.tables["participation"]:
        out[row["event_id"]].append(row)
    return out


def named(sub: Submission, rows: list[dict[str, Any]]) -> set[str]:
    return {r["person_id"] for r in rows if r["person_id"] in sub.people and is_present(r)}


def lead_holders(rows: list[dict[str, Any]]) -> set[str]:
    """People who hold some lead function: present, or through ``designed``."""
    return {r["person_id"] for r in rows if r["functions"] & LEAD and ("designed" in r["functions"] or is_present(r))}


def nothing_coded(sub: Submission) -> bool:
    """Held events other than actions exist, of any date up to T, and none of them is coded."""
    others = [e for e in held(sub) if e["kind"] != "collective_action"]
    return bool(others) and not any(e["cycle_steps"] for e in others)
