"""One submission at one period end: parameters, and the quantities that every indicator shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relmetrics.definitions import Indicator
    from relmetrics.submission.submission import Submission
    from relmetrics.submission.views import Views

__all__ = ["WINDOW_DAYS", "Coverage", "Run"]

WINDOW_DAYS = 365
ALL = Fraction(1)
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of active constituents whose conversations would have been recorded; None where nobody is active."""

    share: Fraction | None
    is_unstated: bool = False
    """No group says whether it keeps a log, so that nothing follows."""

    @property
    def passes(self) -> bool:
        """At least 70 %, in exact arithmetic; with nobody active there is nothing to hold back."""
        return self.share is None or 100 * self.share >= 70

    @property
    def is_low(self) -> bool:
        """Below 85 %."""
        return self.share is not None and 100 * self.share < 85


class Run:
    """Quantities of one submission for the window ``(T - 365 days, T]``."""

    def __init__(self, submission: Submission, views: Views, period_end: date) -> None:
        self.submission = submission
        self.manifest = submission.manifest
        self.views = views
        self.end = period_end
        self.start = period_end - timedelta(days=WINDOW_DAYS)

    def bound(self, sheet: Indicator, parameters: dict[str, str]) -> dict[str, Any]:
        """Values of all named parameters for one sheet."""
        own = {
            name: int(parameters.get(name, parameter.default)) if parameter.type == "integer" else parameter.default
            for name, parameter in sheet.parameters.items()
        }
        return {**self._shared, **own}

    @cached_property
    def _shared(self) -> dict[str, Any]:
        return {
            "T": self.end,
            "S": self.start,
            "records_from": self.manifest.records_from,
            "recorded_for": self.manifest.conversations_recorded_for,
            "has_paid_staff": self.manifest.has_paid_staff,
            "min_minutes": 20,
        }

    @cached_property
    def shared(self) -> dict[str, Any]:
        """Quantities for gates, warnings and extras of every sheet."""
        found: dict[str, Any] = {"has_paid_staff": self.manifest.has_paid_staff}
        found["tie_rule"] = self.manifest.tie_rule
        found["recorded_for"] = self.manifest.conversations_recorded_for
        found |= self.views.one_row(
            "SELECT count(*) AS n_active, count(*) FILTER (WHERE is_covered) AS n_covered, "
            "count(*) FILTER (WHERE is_in_own_row AND NOT is_in_logging_group) AS n_in_own_row_only "
            "FROM covered_constituents",
            self._shared,
        )
        found |= self.views.one_row("SELECT count(*) AS n_staff FROM window_staff", self._shared)
        found["n_log_fields_missing"] = 1 if self._logs_unstated else 0
        for name in self.submission.release.tables:
            found[f"has_{name}"] = 1 if name in self.submission.tables else 0
            found[f"is_complete_{name}"] = 1 if name in self.manifest.complete_tables else 0
        return found

    @cached_property
    def confirmed(self) -> tuple[int, int]:
        """How many counted conversations of the window the second person confirmed, and denied."""
        found = self.views.one_row(
            "SELECT count(*) FILTER (WHERE is_confirmed = 'yes') AS n_yes, count(*) FILTER (WHERE is_confirmed = 'no') "
            "AS n_no FROM counted_conversations WHERE held_on > :S AND held_on <= :T",
            self._shared,
        )
        return int(found["n_yes"]), int(found["n_no"])

    @property
    def is_confirmation_low(self) -> bool:
        """Fewer than 70 % confirmed where at least 20 were asked about."""
        n_yes, n_no = self.confirmed
        return n_yes + n_no >= 20 and 100 * n_yes < 70 * (n_yes + n_no)

    def coverage(self, kind: str) -> Coverage:
        """Coverage of one kind of conversations or ties; `kind` as on the sheet."""
        recorded_for = self.manifest.conversations_recorded_for
        if recorded_for == "everyone" or (recorded_for == "staff_only" and kind == "staff_conversations"):
            return Coverage(ALL)
        if recorded_for != "marked_groups":
            return Coverage(NONE)
        shared = self.shared
        if not shared["n_active"]:
            return Coverage(None, is_unstated=self._logs_unstated)
        return Coverage(Fraction(shared["n_covered"], shared["n_active"]), is_unstated=self._logs_unstated)

    @cached_property
    def _logs_unstated(self) -> bool:
        if self.manifest.conversations_recorded_for != "marked_groups" or "groups" not in self.submission.tables:
            return False
        return self.field_is_empty("groups", "keeps_conversation_log")

    def field_is_empty(self, table: str, field: str) -> bool:
        """Whether a field is empty in every row of a table that has rows; a code that cannot be read is not empty."""
        definition = self.submission.release.tables[table].by_id[field]
        filled = f'"{field}" IS NOT NULL'
        if definition.type == "code":
            filled += f' OR "{field}__text" IS NOT NULL'
        row = self.submission.connection.execute(
            f'SELECT count(*), count(*) FILTER (WHERE {filled}) FROM given."{table}"'
        ).fetchone()
        return row is not None and row[0] > 0 and row[1] == 0
