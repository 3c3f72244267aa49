"""Which indicator reads which field, and which field only a report or a check needs.

The matrix holds all indicators of the standard, also those whose sheet is not written yet: it is the reason why a
table has the fields that it has, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import get_args

from relmetrics.definitions.definition import LEVELS
from relmetrics.definitions.indicator import IndicatorClass, Role

__all__ = ["OTHER_READERS", "USES", "Entry", "Matrix", "Reading", "entry_misfits", "misfits"]

USES: Mapping[str, str] = MappingProxyType(
    {
        "population": "says which units there are",
        "window": "says when, and so whether a unit falls into the time that is looked at",
        "position": "says whether somebody was staff, constituent or external on a day",
        "numerator": "decides what is counted, or is itself added up or compared",
        "denominator": "decides what it is divided by",
        "unknown": "says whether a unit can be told at all; where it cannot, it leaves both numbers",
        "exclusion": "leaves a row out, or makes two rows one",
        "consent": "says whose rows are counted in totals only",
        "gate": "can stop the value, or bring a warning",
        "coverage": "says whether a missing conversation means anything",
        "interval": "says which units belong together, for the uncertainty",
        "evidence": "says how far two readers agree, or how well a claim is supported",
        "disaggregation": "splits the value into cells",
        "extra": "is printed beside the value",
        "optional": "lies above the level of the indicator: used where it is there, and never needed",
    }
)
"""Uses of a field by an indicator, each with what it means."""

OTHER_READERS: Mapping[str, str] = MappingProxyType(
    {
        "report": "printed on a report or on the organization's own pages",
        "validation": "needed to judge the submission",
    }
)
"""Readers that are no indicators; their use is a sentence of a few words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator in the catalogue of the standard: what is settled about it before its sheet is written.

    Attributes
    ----------
    code : str
        For example ``REL-01``.
    id : str
        Name of its sheet.
    title_en : str
        Its title.
    indicator_class : {'I', 'E', 'R', 'C', 'X'}
        Level of what is counted.
    role : {'measure', 'quality', 'context'}
        What it is for.
    adoption : {'core', 'relational', 'full'}
        Level from which an organization can compute it.
    status : {'stable', 'experimental'}
        Experimental ones may not be required by a funder.
    """

    code: str
    id: str
    title_en: str
    indicator_class: str
    role: str
    adoption: str
    status: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader of one field.

    Attributes
    ----------
    reader : str
        Code of an indicator, or a name of `OTHER_READERS`.
    table, field : str
        What it reads. The table ``submission`` is the manifest, its field a key such as ``period.end``.
    use : str
        Names of `USES` with ``;`` between them; for other readers a few words.
    """

    reader: str
    table: str
    field: str
    use: str

    @property
    def uses(self) -> tuple[str, ...]:
        """Names of `USES`; none for readers that are no indicators."""
        return () if self.reader in OTHER_READERS else tuple(self.use.split(";"))

    @property
    def is_optional(self) -> bool:
        """Whether the field lies above the level of the indicator."""
        return "optional" in self.uses


@dataclass(frozen=True)
class Matrix:
    """Readers and the fields that they read.

    Attributes
    ----------
    entries : mapping
        All indicators of the standard by code, in the order of the catalogue.
    readings : tuple of Reading
        By reader in that order, then by table and field.
    """

    entries: Mapping[str, Entry]
    readings: tuple[Reading, ...]

    @cached_property
    def by_reader(self) -> Mapping[str, Mapping[tuple[str, str], Reading]]:
        """Readings by reader and (table, field)."""
        found: dict[str, dict[tuple[str, str], Reading]] = {}
        for one in self.readings:
            found.setdefault(one.reader, {})[(one.table, one.field)] = one
        return MappingProxyType(found)

    @cached_property
    def by_field(self) -> Mapping[tuple[str, str], tuple[Reading, ...]]:
        """Readings by (table, field)."""
        found: dict[tuple[str, str], list[Reading]] = {}
        for one in self.readings:
            found.setdefault((one.table, one.field), []).append(one)
        return MappingProxyType({place: tuple(readings) for place, readings in found.items()})

    def __repr__(self) -> str:
        return f"Matrix({len(self.entries)} indicators, {len(self.readings)} readings)"

    def fields_of(self, reader: str) -> frozenset[tuple[str, str]]:
        """Return what one reader reads, as (table, field)."""
        return frozenset(self.by_reader.get(reader, {}))


def misfits(matrix: Matrix) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the rows themselves: place of the reading, and a sentence."""
    seen: set[tuple[str, str, str]] = set()
    for place, one in enumerate(matrix.readings):
        name = f"{one.reader}, {one.table}.{one.field}"
        if one.reader not in matrix.entries and one.reader not in OTHER_READERS:
            yield place, f"'{one.reader}' is no indicator of the catalogue, nor report or validation."
        for use in one.uses:
            if use not in USES:
                yield place, f"{name}: '{use}' is no use; choose among {', '.join(USES)}."
        if not one.use.strip():
            yield place, f"{name}: the use is empty; say what the field is read for."
        if (one.reader, one.table, one.field) in seen:
            yield place, f"{name} stands twice; keep one row."
        seen.add((one.reader, one.table, one.field))


def entry_misfits(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with one row of the catalogue."""
    for value, allowed in (
        (entry.indicator_class, get_args(IndicatorClass)),
        (entry.role, get_args(Role)),
        (entry.adoption, LEVELS),
        (entry.status, ("stable", "experimental")),
    ):
        if value not in allowed:
            yield f"{entry.code}: '{value}' is not one of {', '.join(allowed)}."
