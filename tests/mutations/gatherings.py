"""Events to be spoiled, and people to come to them: no mutations of their own."""

from __future__ import annotations

from collections import Counter

from mutations.conversations import members
from mutations.sheets import Sheets

__all__ = ["QUIET_DAY", "come", "event_of", "new_event", "newcomer", "present", "steady"]

QUIET_DAY = "2026-03-03"
"""Within the period; events are added on it where their day does not matter."""


def new_event(sheets: Sheets, number: int = 1, **texts: str) -> int:
    """A meeting that was held, of which nothing else is written."""
    day = {"event_id": f"E-900{number}", "held_on": QUIET_DAY, "status": "held", "kind": "meeting"}
    return sheets.append("events", **{**day, **texts})


def come(sheets: Sheets, event: str, person: str, **texts: str) -> int:
    """Somebody who was there; the month's attendances are one more."""
    month = sheets.get("events", sheets.find("events", event_id=event), "held_on")[:7]
    for row in sheets.find_all("activity_counts", month=month, kind="attendances"):
        sheets.set("activity_counts", row, n=str(int(sheets.get("activity_counts", row, "n")) + 1))
    return sheets.append("participation", **{"event_id": event, "person_id": person, "attended": "yes", **texts})


def newcomer(sheets: Sheets, **texts: str) -> str:
    """A member of the community whom nothing else is about; returns the code."""
    new = {
        "person_id": "P-9001", "person_type": "constituent", "first_contact_on": "2026-04-02", "first_channel": "door",
        "consent_use": "yes",
    }  # fmt: skip
    sheets.append("people", **{**new, **texts})
    return texts.get("person_id", "P-9001")


def steady(sheets: Sheets) -> list[str]:
    """Members of long standing of whom no event is marked as the first."""
    first = {record["person_id"] for _, record in sheets.records("participation") if record["is_first_time"] == "yes"}
    known = {record["person_id"]: record["first_contact_on"] for _, record in sheets.records("people")}
    return [person for person in members(sheets) if person not in first and known[person] < "2025"]


def present(sheets: Sheets) -> Counter[str]:
    """How many are named as having been at each event."""
    return Counter(record["event_id"] for _, record in sheets.records("participation") if record["attended"] == "yes")


def event_of(sheets: Sheets, row: int, table: str = "participation") -> dict[str, str]:
    """The event that a row is about."""
    event = sheets.get(table, row, "event_id")
    return next(record for _, record in sheets.records("events") if record["event_id"] == event)
