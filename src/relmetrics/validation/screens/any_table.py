"""The same screens over any table, known to the standard or not: which of its columns look like personal data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from relmetrics.submission.inspection.nouns import Looked, Personal
from relmetrics.submission.strings import trimmed
from relmetrics.validation.screens.names import says_so
from relmetrics.validation.screens.sources import Column, Source
from relmetrics.validation.screens.texts import Texts

if TYPE_CHECKING:
    import duckdb

    from relmetrics.definitions import Release

__all__ = ["look_for_people"]


def look_for_people(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Looked], release: Release | None = None
) -> Iterator[Personal]:
    """Yield the columns whose names or cells look like personal data.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the tables are.
    tables : sequence of Looked
        The tables.
    release : Release, optional
        Whose screens; those of 1.0 where not given.
    """
    if release is None:
        from relmetrics.standard import load_release

        release = load_release()
    screens = [
        screen
        for screen in release.screens.values()
        if "members" in screen.protects and (screen.columns is not None or "unknown" in screen.looks_at)
    ]
    columns = [
        (number, Column("", _owner(table), table.file, table.sheet, table.header_row, header, position, table.relation))
        for number, table in enumerate(tables)
        for position, header in enumerate(table.header)
    ]
    named: set[tuple[str, int, int]] = set()
    for screen in screens:
        if screen.columns is None:
            continue
        for number, column in columns:
            if trimmed(column.header) and says_so(screen.columns, column, release, tables[number].header):
                named.add((screen.id, number, column.position))
    looked = [(number, column) for number, column in columns if column.position in tables[number].in_cells]
    sources = [
        Source("unknown", column=column, query=f'SELECT "_row", c{column.position} AS text FROM {column.relation}')
        for _, column in looked
    ]
    headers = [(number, column) for number, column in columns if trimmed(column.header)]
    sources += [Source("header", column=column, text=trimmed(column.header)) for _, column in headers]
    places = [*looked, *headers]
    cells: dict[tuple[str, int, int], int] = {}
    in_names: set[tuple[str, int, int]] = set()
    texts = Texts(connection, release, sources)
    try:
        for hit in texts.hits(screens):
            number, column = places[hit.source]
            found = (hit.screen, number, column.position)
            if hit.source < len(looked):
                cells[found] = hit.n_cells
            else:
                in_names.add(found)
    finally:
        texts.close()
    for found in sorted(named | cells.keys() | in_names, key=lambda key: (key[1], key[2], key[0])):
        name, number, position = found
        title = release.screens[name].title
        yield Personal(number, position, name, title, found in named, cells.get(found, 0), found in in_names)


def _owner(table: Looked) -> str:
    """Name of the sheet, or of the file without its ending: it tells whether a column `name` is about people."""
    return table.sheet or table.file.rpartition(".")[0] or table.file
