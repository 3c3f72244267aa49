"""Small pieces of SQL that the checks share. Every name is quoted: `minutes`, `month` and `role` are names of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Table

__all__ = ["canonical", "given_text", "key_columns", "quoted", "relation", "string"]


def quoted(name: str) -> str:
    """Name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def string(text: str) -> str:
    """Text as an SQL literal; only for texts of the standard, what was handed in is bound."""
    return "'" + text.replace("'", "''") + "'"


def relation(table: str) -> str:
    """Table as it was handed in."""
    return f"given.{quoted(table)}"


def canonical(field: Field, alias: str = "t") -> str:
    """Text of a typed value, as the standard writes it."""
    column = f"{alias}.{quoted(field.id)}"
    if field.type == "month":
        return f"strftime({column}, '%Y-%m')"
    if field.type == "date" and field.reduced:
        precision = f"{alias}.{quoted(field.id + '_precision')}"
        return (
            f"CASE {precision} WHEN 'year' THEN strftime({column}, '%Y') WHEN 'month' THEN strftime({column}, '%Y-%m') "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    return f"CAST({column} AS VARCHAR)"


def given_text(field: Field, alias: str = "t") -> str:
    """Text of a cell as it was given."""
    return f"coalesce({alias}.{quoted(field.id + '__text')}, {canonical(field, alias)})"


def key_columns(table: Table) -> tuple[str, ...]:
    """Columns that make a row's key: a reduced date counts with its precision, because keys compare the text."""
    columns: list[str] = []
    for name in table.key:
        columns.append(name)
        if table.by_id[name].reduced:
            columns.append(f"{name}_precision")
    return tuple(columns)
