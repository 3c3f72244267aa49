"""What is exported: tables with their fields up to a level, and what holds of the text of a value.

A submission may write more than the exported forms take: other spellings of a code, blanks around a value. relmetrics
reads those and says so; the exported forms know the standard's own spelling only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from relmetrics.definitions import Code, Field, Release, Table
from relmetrics.definitions.definition import LEVELS, Level
from relmetrics.errors import UsageError
from relmetrics.validation.references import Lookup, lookup_of

__all__ = ["DAY", "FIRST_DAY", "ID", "LAST_DAY", "MONTH", "REDUCED", "Selection", "select"]

FIRST_DAY, LAST_DAY = "1900-01-01", "2100-12-31"
"""Days outside are no dates of the standard."""

_YEAR = "(19[0-9]{2}|20[0-9]{2}|2100)"
_MONTH_OF_YEAR = "(0[1-9]|1[0-2])"
_DAY_OF_MONTH = "(0[1-9]|[12][0-9]|3[01])"

# Patterns without anchors, in the part of the syntax that ECMAScript, Python, PostgreSQL and RE2 read alike.
ID = "[A-Za-z0-9_.-]{1,64}"
MONTH = f"{_YEAR}-{_MONTH_OF_YEAR}"
DAY = f"{MONTH}-{_DAY_OF_MONTH}"
REDUCED = f"{_YEAR}(-{_MONTH_OF_YEAR}(-{_DAY_OF_MONTH})?)?"


@dataclass(frozen=True)
class Selection:
    """Tables of a release up to a level.

    Attributes
    ----------
    release : Release
        Where they come from, with its codelists.
    level : {'core', 'relational', 'full'}
        Fields of a higher level are left out, if that is not the level of a chosen table itself.
    chosen : tuple of str
        Ids of the tables that were asked for; all of the level if empty.
    """

    release: Release
    level: Level
    chosen: tuple[str, ...] = ()

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables with the fields of the level, necessary ones and low levels first, else in the standard's order."""
        most = LEVELS.index(self.level)
        tables = [
            _with_fields(table, max(most, LEVELS.index(table.level)))
            for table in self.release.tables.values()
            if (table.id in self.chosen if self.chosen else LEVELS.index(table.level) <= most)
        ]
        tables.sort(key=lambda table: (not table.is_necessary, LEVELS.index(table.level)))
        return {table.id: table for table in tables}

    def codes(self, field: Field) -> tuple[Code, ...]:
        """Codes that a field of codes takes; empty where it has no list, or takes ids as well."""
        codelist = self.release.codelists.get(field.codelist or "")
        return codelist.codes if codelist is not None and field.type in ("code", "codes") else ()

    def answers(self, field: Field) -> tuple[Code, ...]:
        """Codes that may stand in an id field in place of a row that is referred to."""
        codelist = self.release.codelists.get(field.codelist or "")
        return codelist.codes if codelist is not None and field.type == "id" else ()

    def lookup(self, field: Field) -> Lookup | None:
        """Return what a field points to, or None where it points nowhere or to a table that is not exported."""
        found = lookup_of(self.release, field)
        if found is None or found.table.id not in self.tables:
            return None
        # In the order of the key: databases find a key of several columns only so.
        order = {name: place for place, name in enumerate(found.table.key)}
        pairs = sorted(zip(found.ours, found.theirs, strict=True), key=lambda pair: order.get(pair[1], len(order)))
        return Lookup(found.table, tuple(ours for ours, _ in pairs), tuple(theirs for _, theirs in pairs))

    def foreign_keys(self, table: Table) -> list[tuple[Field, Lookup]]:
        """References of a table that a database can hold: one row each, by its whole key, with no other answer."""
        found = ((field, self.lookup(field)) for field in table.fields if field.type != "codes")
        return [
            (field, lookup)
            for field, lookup in found
            if lookup is not None and lookup.is_to_whole_key and not self.answers(field)
        ]

    def pattern(self, field: Field) -> str | None:
        """Pattern of the whole text of a value, without anchors; None where there is none."""
        match field.type:
            case "id" | "code":
                return ID
            case "codes":
                one = "|".join(code.code for code in self.codes(field)) or ID
                return f"({one})(;({one}))*"
            case "date":
                return REDUCED if field.reduced else DAY
            case "month":
                return MONTH
            case _:
                return None


def select(release: Release, level: str = "full", tables: Sequence[str] = ()) -> Selection:
    """Choose what is exported.

    Parameters
    ----------
    release : Release
        Release of the standard.
    level : str
        Tables and fields above it are left out.
    tables : sequence of str
        Only these tables, whatever their own level.

    Raises
    ------
    UsageError
        There is no such level or table.
    """
    wanted = {"core": "core", "relational": "relational", "full": "full"}.get(level)
    if wanted is None:
        raise UsageError(f"There is no level '{level[:20]}'. Choose one of: {', '.join(LEVELS)}.")
    unknown = next((name for name in tables if name not in release.tables), None)
    if unknown is not None:
        raise UsageError(f"There is no table '{unknown[:64]}'. Choose one of: {', '.join(release.tables)}.")
    return Selection(release, wanted, tuple(tables))  # type: ignore[arg-type]


def _with_fields(table: Table, most: int) -> Table:
    fields = tuple(field for field in table.fields if LEVELS.index(field.level) <= most)
    # Not model_copy: it would carry over what the old one has cached about its fields.
    kept = {name: getattr(table, name) for name in Table.model_fields}
    return Table.model_construct(**{**kept, "fields": fields})
