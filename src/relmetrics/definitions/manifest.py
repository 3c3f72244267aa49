"""The manifest of a submission: which data, whose, by which release, and what its recording means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field as PydanticField
from pydantic import WithJsonSchema, model_validator

from relmetrics.definitions.definition import Frozen, Level

__all__ = ["FileForm", "Manifest", "Period", "Review"]


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


# What may be written in the document, beside the values of the model: words for marks, and one text for several values.
_TEXTS: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_PAIRS: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
_Delimiter = Annotated[
    Literal[",", ";", "\t", "|"],
    WithJsonSchema({"enum": [",", ";", "\t", "|", "comma", "semicolon", "tab", "pipe"], "type": "string"}),
]
_Mark = Annotated[Literal[".", ","], WithJsonSchema({"enum": [".", ",", "point", "comma"], "type": "string"})]
_Words = Annotated[tuple[str, ...], WithJsonSchema(_TEXTS)]


class FileForm(Frozen):
    """How the file of one table differs from the standard's form; what is left out is inferred, and said.

    Attributes
    ----------
    path, sheet : str or None
        File inside the folder or archive; sheet of the workbook.
    header_row : int or None
        Row with the names of the columns, counted from 1 as a spreadsheet does.
    encoding : str or None
        For example ``utf-8`` or ``windows-1252``.
    delimiter : str or None
        What stands between the cells: one character.
    date_format : str or None
        With the letters YYYY, YY, MMM, MM, M, DD, D, hh, mm, ss, for example ``DD/MM/YYYY``.
    yes, no : tuple of str
        The organization's own words for yes and no.
    columns : dict
        Their name of a column to ours.
    codes : dict
        By our name of the column, their word to our code.
    """

    path: str | None = None
    sheet: str | None = None
    header_row: int | None = PydanticField(default=None, ge=1, le=1_048_576)
    encoding: str | None = None
    delimiter: _Delimiter | None = None
    decimal_mark: _Mark | None = None
    date_format: str | None = None
    yes: _Words = ()
    no: _Words = ()
    columns: Annotated[Mapping[str, str], WithJsonSchema(_PAIRS)] = {}
    codes: Annotated[
        Mapping[str, Mapping[str, str]], WithJsonSchema({"type": "object", "additionalProperties": _PAIRS})
    ] = {}


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
    files: Mapping[str, FileForm] = {}

    @property
    def today(self) -> date:
        """The day that counts as today: `taken_on`, else the end of the period; never the clock's."""
        return self.taken_on or self.period.end
