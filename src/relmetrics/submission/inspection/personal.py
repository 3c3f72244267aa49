"""Columns that look like personal data, as told by somebody who knows how they look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from relmetrics.submission.inspection.nouns import InspectedTable, Look, Looked, Oddity, Personal
from relmetrics.submission.inspection.table import Examined, in_order
from relmetrics.submission.strings import trimmed
from relmetrics.submission.submission import column_letter

__all__ = ["odd_personal"]

_MANY = 0.02
_ROW_OF_DATA = 0.25
_FREE = "free_note"


def odd_personal(connection: duckdb.DuckDBPyConnection, examined: Sequence[Examined], look: Look) -> list[Examined]:
    """Add to each table which of its columns look like personal data."""
    looked = [
        Looked(
            f'looked."{one.gathered.relation}"', one.gathered.file, one.gathered.sheet, one.gathered.header,
            one.gathered.header_row, one.in_cells,
        )
        for one in examined
    ]  # fmt: skip
    found: dict[int, dict[int, list[Personal]]] = defaultdict(lambda: defaultdict(list))
    for personal in look(connection, looked):
        found[personal.table][personal.position].append(personal)
    result = list(examined)
    for number, columns in found.items():
        one = result[number]
        oddities = [
            oddity
            for position in sorted(columns)
            for oddity in _told(columns[position], position, one.table.columns[position].n_filled)
        ]
        table = replace(one.table, oddities=in_order([*oddities, *one.table.oddities]))
        in_names = [position for position, listed in columns.items() if any(other.is_in_name for other in listed)]
        result[number] = replace(one, table=_without_people(table, in_names) if in_names else table)
    return result


def _without_people(table: InspectedTable, in_names: Sequence[int]) -> InspectedTable:
    """Show no name of a column that is one of a person; none at all where the first row seems to be one of data."""
    n_named = sum(bool(trimmed(column.header)) for column in table.columns)
    hidden = set(in_names) if len(in_names) < _ROW_OF_DATA * n_named else set(range(len(table.columns)))
    columns = tuple(
        replace(column, header="") if position in hidden else column for position, column in enumerate(table.columns)
    )
    letters = {column_letter(position) for position in hidden}
    oddities = [
        replace(oddity, params={**oddity.params, "names": "…"})
        if "names" in oddity.params and letters & set(oddity.columns)
        else oddity
        for oddity in table.oddities
    ]
    told = Oddity("people_in_header", "first", tuple(map(column_letter, sorted(in_names))), len(in_names))
    return replace(table, columns=columns, oddities=in_order([told, *oddities]))


def _told(found: Sequence[Personal], position: int, n_filled: int) -> list[Oddity]:
    """One sentence a column for what most of it is, and one for what stands in a few of its cells."""
    letter = (column_letter(position),)
    # Long titles and descriptions are free text too: what nothing but the length of its cells says comes later.
    free = [one for one in found if one.screen == _FREE and not one.is_name]
    found = [one for one in found if one.is_name or one.n_cells]
    many = [one for one in found if one not in free and (one.is_name or one.n_cells >= _MANY * max(n_filled, 1))]
    few = [one for one in found if one not in many and one not in free]
    told: list[Oddity] = [Oddity("free_text", "second", letter, one.n_cells) for one in free]
    if many:
        names, cells = any(one.is_name for one in many), max(one.n_cells for one in many)
        by = "both" if names and cells else "name" if names else "cells"
        told.append(Oddity("personal", "first", letter, cells, params={"by": by}, titles=_titles(many)))
    if few:
        n = max(one.n_cells for one in few)
        told.append(Oddity("personal_few", "first" if not many else "second", letter, n, titles=_titles(few)))
    return told


def _titles(found: Sequence[Personal]) -> tuple[Mapping[str, str], ...]:
    ordered = sorted(found, key=lambda one: (not one.is_name, -one.n_cells))
    return tuple(one.title for one in ordered)
