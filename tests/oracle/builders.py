"""Tiny builders of submissions for the printed cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

END = "2026-12-31"
COLUMNS = {
    "people": "person_id person_type first_contact_on first_channel external_kind consent_use left_on",
    "groups": "group_id group_type keeps_conversation_log conversation_log_from parent_group_id "
    "has_written_purpose started_on ended_on",
    "memberships": "person_id group_id role started_on ended_on developed_by",
    "one_to_ones": "one_to_one_id held_on person_a person_b status kind initiated_by minutes is_confirmed entered_on",
    "events": "event_id held_on status kind campaign_id cycle_steps mode staff_hours head_count head_count_low "
    "head_count_high head_count_method target decision_id demand_id group_id reflects_on_event_id has_written_lesson "
    "entered_on",
    "participation": "event_id person_id attended functions sign_up invited_by represents_group_id",
    "activity_counts": "month kind n",
    "event_codings": "event_id coder mode",
    "digital_cohorts": "cohort_month channel n_new n_one_to_one n_member_tie n_team",
    "reviews": "event_id indicator_id result",
    "decisions": "decision_id decided_on subject campaign_id is_consultant_decisive",
    "lines": "line_id category_id title is_reference",
    "person_lines": "person_id line_id category_id",
    "waves": "wave_id kind asked_on",
    "wave_respondents": "wave_id person_id has_answered",
}


def manifest(**other: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "period": {"start": "2026-01-01", "end": END},
        "records_from": "2024-01-01",
        "adoption_level": "core",
        "tie_rule": "one_to_one",
        "conversations_recorded_for": "everyone",
        "has_paid_staff": "yes",
        "complete_tables": [],
        "taken_on": END,
    }
    return base | other


def back(days: int, end: str = END) -> str:
    """The day so many days before the end of the period."""
    return str(dt.date.fromisoformat(end) - dt.timedelta(days=days))


class Builder:
    """Rows of text, table by table. People appear by their first letter: S staff, X external, else constituent."""

    def __init__(self, *, six: bool = True) -> None:
        names = list(COLUMNS)[:6] if six else []
        self.rows: dict[str, list[dict[str, str]]] = {n: [] for n in names}

    def add(self, table: str, **cells: str) -> Builder:
        self.rows.setdefault(table, []).append(cells)
        return self

    def person(self, *ids: str, **cells: str) -> Builder:
        kinds = {"S": "staff", "X": "external"}
        for p in ids:
            if not any(r["person_id"] == p for r in self.rows["people"]):
                self.add(
                    "people",
                    **(
                        {
                            "person_id": p,
                            "person_type": kinds.get(p[0], "constituent"),
                            "first_contact_on": "2020-01-01",
                            "consent_use": "yes",
                        }
                        | cells
                    ),
                )
        return self

    def talk(self, a: str, b: str, on: str, **cells: str) -> Builder:
        self.person(*(p for p in (a, b) if p))
        n = len(self.rows["one_to_ones"])
        return self.add(
            "one_to_ones",
            **(
                {
                    "one_to_one_id": f"T{n:04}",
                    "held_on": on,
                    "person_a": a,
                    "person_b": b,
                    "status": "held",
                    "kind": "one_to_one",
                }
                | cells
            ),
        )

    def event(self, event_id: str, on: str, **cells: str) -> Builder:
        return self.add(
            "events", **({"event_id": event_id, "held_on": on, "status": "held", "kind": "meeting"} | cells)
        )

    def came(self, event_id: str, *people: str, **cells: str) -> Builder:
        self.person(*people)
        for p in people:
            self.add("participation", **({"event_id": event_id, "person_id": p, "attended": "yes"} | cells))
        return self

    def active(self, *people: str, on: str = "2026-06-15") -> Builder:
        """Make people active by a sign-in sheet."""
        return self.event(f"sheet-{len(self.rows['events'])}", on).came(
            f"sheet-{len(self.rows['events']) - 1}", *people
        )

    def paid(self, person: str, start: str, end: str = "") -> Builder:
        return self.add(
            "memberships", person_id=person, group_id="G1", role="paid_staff", started_on=start, ended_on=end
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        out = {}
        for name, rows in self.rows.items():
            columns = COLUMNS[name].split()
            out[name] = pd.DataFrame([[r.get(c, "") for c in columns] for r in rows], columns=columns, dtype=object)
        return out


def ids(letter: str, n: int, first: int = 1) -> list[str]:
    return [f"{letter}{i:02}" for i in range(first, first + n)]
