"""The manifest of a submission: which data, whose, by which release, and what its recording means."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from relmetrics.definitions.definition import Frozen, Level

__all__ = ["Manifest", "Period", "Review"]


class Period(Frozen):
    """Reporting period, both days included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _is_in_order(self) -> Period:
        if self.start > self.end:
            raise ValueError("the period ends before it starts")
        return self


class Review(Frozen):
    """The constituents' review of earlier values (DQ-04)."""

    reviewed_on: date | None = None
    event_id: str | None = None


class Manifest(Frozen):
    """``submission.yaml``, ``submission.json`` or the sheet ``submission``."""

    dataset_id: str = PydanticField(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    schema_version: str
    organization_id: str = PydanticField(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    period: Period
    records_from: date
    adoption_level: Level
    tie_rule: Literal["one_to_one", "roster"]
    conversations_recorded_for: Literal["everyone", "marked_groups", "staff_only", "nobody"]
    has_paid_staff: Literal["yes", "no"]
    complete_tables: tuple[str, ...]
    boundary_rule: str
    consent_basis: Literal["written", "verbal", "organization_policy"] | None = None
    breadth_group_type: Literal["institution", "team"] | None = None
    time_zone: str | None = None
    taken_on: date | None = None
    contact_role: str | None = None
    review: Review = Review()
    files: dict[str, dict[str, str | dict[str, str] | dict[str, dict[str, str]]]] = {}

    @property
    def today(self) -> date:
        """The day that counts as today: `taken_on`, else the end of the period; never the clock's."""
        return self.taken_on or self.period.end
