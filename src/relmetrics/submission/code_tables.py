"""Fields that hold several codes get a table of their own, one row for each code of a cell."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from relmetrics.definitions import Release, Table
from relmetrics.submission.codes import trim_sql
from relmetrics.submission.forms import ColumnForm
from relmetrics.submission.typing import name_sql

__all__ = ["create_code_tables"]

_STANDARD = ColumnForm()


def create_code_tables(
    connection: duckdb.DuckDBPyConnection, table: Table, release: Release, forms: Mapping[str, ColumnForm]
) -> None:
    """Create ``given."<table>_<field>"`` for each field of type codes."""
    for field in table.fields:
        if field.type != "codes":
            continue
        form = forms.get(field.id, _STANDARD)
        keys = ", ".join(name_sql(key) for key in table.key)
        cell, text = name_sql(field.id), name_sql(field.id + "__text")
        one, one_text = (name_sql((field.singular or field.id) + rest) for rest in ("", "__text"))
        given = f"given.{name_sql(table.id)}"
        # A cell that is canonical already is only split; the others are read once more, part by part.
        connection.execute(
            f"CREATE TABLE given.{name_sql(f'{table.id}_{field.id}')} AS "
            f"SELECT {keys}, \"_row\", unnest(string_split({cell}, ';')) AS {one}, NULL::VARCHAR AS {one_text} "
            f"FROM {given} WHERE {cell} IS NOT NULL AND {text} IS NULL "
            f'UNION ALL SELECT {keys}, "_row", {one}, CASE WHEN {one} = part THEN NULL ELSE part END '
            f'FROM (SELECT {keys}, "_row", part, {form.part_sql("part", field, release)} AS {one} '
            f'FROM (SELECT {keys}, "_row", {trim_sql("piece")} AS part '
            f'FROM (SELECT {keys}, "_row", unnest({form.parts_sql(text)}) AS piece FROM {given} '
            f"WHERE {text} IS NOT NULL)) WHERE part <> '')"
        )
