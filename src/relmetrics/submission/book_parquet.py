"""Parquet files, read as a workbook with one sheet: row 1 the names of the columns, then the records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.strings import MOST_COLUMNS, shown

if TYPE_CHECKING:
    import duckdb

__all__ = ["MAGIC", "parquet_rows"]

MAGIC = b"PAR1"

_AT_ONCE = 5000
_MEMORY = "1GB"
_AS_THEY_ARE = frozenset(
    "BOOLEAN TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER UBIGINT HUGEINT UHUGEINT FLOAT DOUBLE DATE "
    "VARCHAR TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS TIME".split()
)


def parquet_rows(path: Path, folder: Path) -> tuple[int, Iterator[list[Any]]]:
    """Return the number of columns, and the rows of a Parquet file, the names of the columns first.

    Cells with several values become one, with a semicolon between them.

    Parameters
    ----------
    path : Path
        The file.
    folder : Path
        Where the database may leave what does not fit into memory.

    Raises
    ------
    UnreadableInputError
        It is damaged or has too many columns.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "temp_directory": str(folder / "spill"),
            "home_directory": str(folder),
            "extension_directory": str(folder),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "threads": 1,
            "memory_limit": _MEMORY,
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        # A folder may be called "[2026]": to DuckDB that is a pattern.
        name = "".join(f"[{character}]" if character in "*?[" else character for character in str(path))
        source = f"read_parquet({_literal(name)}, hive_partitioning=false, filename=false)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error:
        raise _damaged(path) from None
    names = [str(column) for column, *_ in described]
    kinds = [str(kind) for _, kind, *_ in described]
    if len(names) > MOST_COLUMNS:
        del kinds[MOST_COLUMNS:]
    selected = ", ".join(_selected(column, kind) for column, kind in zip(names, kinds, strict=False))
    return len(names), _rows(connection, f"SELECT {selected} FROM {source}", names, path)


def _rows(connection: duckdb.DuckDBPyConnection, query: str, names: list[str], path: Path) -> Iterator[list[Any]]:
    import duckdb

    yield list(names)
    missing = [""] * max(len(names) - MOST_COLUMNS, 0)
    try:
        found = connection.execute(query)
        while rows := found.fetchmany(_AT_ONCE):
            for row in rows:
                yield [_cell(cell) for cell in row] + missing
    except (duckdb.Error, ValueError, OverflowError):
        raise _damaged(path) from None
    finally:
        connection.close()


def _selected(column: str, kind: str) -> str:
    name = '"' + column.replace('"', '""') + '"'
    if kind in _AS_THEY_ARE or kind.startswith("DECIMAL"):
        return name
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({name} AS TIMESTAMP)"
    if kind.endswith("]"):
        return f"CAST({name} AS VARCHAR[])"
    return f"CAST({name} AS VARCHAR)"


def _cell(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, list):
        return ";".join("" if part is None else str(part) for part in cell)
    if isinstance(cell, dict):
        return json.dumps(cell, default=str, ensure_ascii=False)
    return "" if cell != cell else cell  # a number that is none: how some programs write an empty cell


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _damaged(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        f"{shown(path.name)} is not a Parquet file, or is damaged. Write it again, or save the table as a CSV file."
    )
