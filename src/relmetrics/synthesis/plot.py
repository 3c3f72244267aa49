"""The ground in which oddities are planted: tables that can be changed, and which column holds what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from relmetrics.synthesis.organization import Organization

KEYS = {
    "people": ["person_id"], "lines": ["line_id", "category_id"], "person_lines": ["person_id", "line_id"],
    "groups": ["group_id"], "memberships": ["person_id", "group_id", "role", "started_on"],
    "one_to_ones": ["one_to_one_id"],
    "events": ["event_id"], "participation": ["event_id", "person_id"], "event_codings": ["event_id", "coder"],
    "activity_counts": ["month", "kind"], "digital_cohorts": ["cohort_month", "channel"],
    "reviews": ["event_id", "indicator_id"],
}  # fmt: skip
"""Key columns of each core table."""

REQUIRED = {
    "people": ["person_type", "first_contact_on", "consent_use"], "lines": ["title"], "person_lines": ["category_id"],
    "groups": ["group_type"], "one_to_ones": ["held_on", "person_a", "status", "kind"],
    "events": ["held_on", "status", "kind"],
    "participation": ["attended"], "event_codings": ["mode"], "activity_counts": ["n"], "digital_cohorts": ["n_new"],
    "reviews": ["result"],
}  # fmt: skip
"""Required columns outside the key."""

REFERENCES = (
    ("one_to_ones", "person_a"), ("one_to_ones", "person_b"), ("participation", "person_id"),
    ("participation", "event_id"),
    ("memberships", "person_id"), ("memberships", "group_id"), ("memberships", "developed_by"), ("events", "group_id"),
    ("events", "reflects_on_event_id"), ("groups", "parent_group_id"), ("participation", "invited_by"),
    ("participation", "represents_group_id"), ("person_lines", "person_id"), ("event_codings", "event_id"),
    ("reviews", "event_id"),
)  # fmt: skip
"""Columns that name a row of another table."""

DATES = (
    ("people", "first_contact_on"), ("people", "left_on"), ("groups", "conversation_log_from"),
    ("groups", "started_on"),
    ("memberships", "started_on"), ("memberships", "ended_on"), ("one_to_ones", "held_on"),
    ("one_to_ones", "entered_on"),
    ("events", "held_on"), ("events", "entered_on"),
)  # fmt: skip
REDUCIBLE = DATES[:7]
"""Dates that may be known to the month or year only."""

CODES = (
    ("people", "person_type"), ("people", "consent_use"), ("people", "first_channel"), ("groups", "group_type"),
    ("groups", "keeps_conversation_log"), ("memberships", "role"), ("one_to_ones", "status"), ("one_to_ones", "kind"),
    ("one_to_ones", "initiated_by"), ("one_to_ones", "medium"), ("one_to_ones", "is_confirmed"), ("events", "status"),
    ("events", "kind"), ("events", "cycle_steps"), ("events", "mode"), ("participation", "attended"),
    ("participation", "functions"), ("participation", "sign_up"), ("activity_counts", "kind"), ("reviews", "result"),
)  # fmt: skip

NUMBERS = (("one_to_ones", "minutes"), ("events", "head_count"), ("activity_counts", "n"), ("digital_cohorts", "n_new"))


class Plot:
    """A copy of an organization that can be changed, with a generator and a rate."""

    def __init__(self, organization: Organization, rng: np.random.Generator, rate: float) -> None:
        self.rng = rng
        self.rate = rate
        self.tables = {
            name: {column: list(values) for column, values in columns.items()}
            for name, columns in organization.tables.items()
        }
        self.manifest: dict[str, Any] = {
            key: dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value
            for key, value in organization.manifest.items()
        }

    def n(self, table: str) -> int:
        """Rows of the table."""
        return len(next(iter(self.tables[table].values()))) if self.tables.get(table) else 0

    def some(self, table: str, where: Callable[[int], bool] | None = None) -> list[int]:
        """Rows drawn at the rate among those asked for, at least one where there is any."""
        rows = [i for i in range(self.n(table)) if where is None or where(i)]
        if not rows:
            return []
        k = max(1, int(self.rng.binomial(len(rows), self.rate)))
        return [rows[i] for i in self.rng.permutation(len(rows))[:k]]

    def one(self, choices: Sequence[str]) -> str:
        """One of the texts."""
        return choices[int(self.rng.integers(len(choices)))]

    def put(self, table: str, column: str, choices: Sequence[str], where: Callable[[int], bool] | None = None) -> None:
        """Write one of the texts into some cells; a column that is not there stays away."""
        if column in self.tables.get(table, {}):
            for row in self.some(table, where):
                self.tables[table][column][row] = self.one(choices)

    def copy(self, table: str, row: int, **changes: str) -> None:
        """Add a copy of the row at the end, with some cells changed."""
        for column, values in self.tables[table].items():
            values.append(changes.get(column, values[row]))

    def add(self, table: str, **cells: str) -> None:
        """Add a row; columns that are not named are empty."""
        for column, values in self.tables[table].items():
            values.append(cells.get(column, ""))

    def filled(self, table: str, column: str) -> Callable[[int], bool]:
        """Whether the cell of a row is filled."""
        return lambda row: self.tables[table][column][row] != ""

    def ids(self, table: str) -> list[str]:
        """The ids of people, groups or events that are there."""
        return [text for text in self.tables.get(table, {}).get(KEYS[table][0], []) if text]

    def organization(self) -> Organization:
        """What has become of it."""
        return Organization(tables=self.tables, manifest=self.manifest)
