"""SQL that gives each field its type, keeping the raw text where it differs.

For every field there are two columns, ``<field>`` (the typed value, NULL where empty or not readable) and
``<field>__text`` (the raw text, where the cell is not empty and is not already the canonical text of the value); dates
of reduced precision have ``<field>_precision`` as well.

What is readable:

- id: 1 to 64 of letters A to z, digits, ``-``, ``_``, ``.``, exactly as it stands;
- code, codes: a code of the codelist, or one of its synonyms in any capitals and with blanks around it; a ``codes``
  cell is split at ``;``, and what cannot be read in it is left out of the value (the table of its own still has it);
- date: a real day ``YYYY-MM-DD`` from 1900 to 2100, where reduced also ``YYYY-MM`` or ``YYYY``; month: ``YYYY-MM``;
- integer: digits with or without a sign; decimal: the same with at most one point, up to 12 digits before it, rounded
  to 6 after it;
- label, public_text: anything that is not blank.

TRY_CAST stands directly over read_csv here, which DuckDB 2.0 gets wrong; `Workspace` switches that optimizer off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from relmetrics.definitions import Field, Release, Table
from relmetrics.submission.codes import code_sql, literal, trim_sql

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "day_within_years",
    "name_sql",
    "one_code_sql",
    "text_is_kept",
    "typed_select",
]

FIRST_YEAR, LAST_YEAR = 1900, 2100
_DAYS = f"BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
_ID = "[A-Za-z0-9_.-]{1,64}"
_SQL_TYPES = {"date": "DATE", "month": "DATE", "integer": "BIGINT", "decimal": "DECIMAL(18,6)"}


def name_sql(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def typed_select(
    table: Table,
    release: Release,
    source: str,
    raw: Mapping[str, str],
    row: str | None = None,
    others: Sequence[str] = (),
) -> str:
    """Write the SELECT that types a table.

    Parameters
    ----------
    table : Table
        Table of the standard; every field of it gets its columns.
    release : Release
        Release with the codelists.
    source : str
        What stands after FROM: text columns.
    raw : mapping
        Name in `source` of each field that was handed in; the others are NULL.
    row : str, optional
        Expression for ``_row``; without it there is no such column.
    others : sequence of str
        Further columns of `source` that come through as they are.

    Returns
    -------
    str
        A SELECT whose rows stand in the order of `source`.
    """
    inner: list[str] = [f'{row} AS "_row"'] if row else []
    outer: list[str] = ['"_row"'] if row else []
    for field in table.fields:
        name = name_sql(field.id)
        kind = _SQL_TYPES.get(field.type, "VARCHAR")
        if field.id not in raw:
            outer.append(f"NULL::{kind} AS {name}")
            if field.reduced:
                outer.append(f"NULL::VARCHAR AS {name_sql(field.id + '_precision')}")
            outer.append(f"NULL::VARCHAR AS {name_sql(field.id + '__text')}")
            continue
        text = name_sql("raw " + field.id)
        source_name = name_sql(raw[field.id])
        inner += [f"{source_name} AS {text}", f"{_value(field, release, source_name)} AS {name}"]
        outer.append(name)
        if field.reduced:
            outer.append(f"{_precision(name, text)} AS {name_sql(field.id + '_precision')}")
        outer.append(f"{text_is_kept(field, name, text)} AS {name_sql(field.id + '__text')}")
    inner += others
    outer += others
    if not inner:
        inner.append("1 AS nothing")
    return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {source})"


def _value(field: Field, release: Release, raw: str) -> str:
    text = trim_sql(raw)
    match field.type:
        case "code" | "id":
            return one_code_sql(field, release, raw)
        case "codes":
            return _several_codes(field, release, raw)
        case "date":
            return _date(raw, field.reduced)
        case "month":
            day = f"TRY_CAST({text} || '-01' AS DATE)"
            return f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}') AND {day} {_DAYS} THEN {day} END"
        case "integer":
            number = f"TRY_CAST({raw} AS BIGINT)"
            return (
                f"CASE WHEN CAST({number} AS VARCHAR) = {raw} THEN {number} "
                f"WHEN regexp_full_match({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS BIGINT) END"
            )
        case "decimal":
            pattern = r"'[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)'"
            return f"CASE WHEN regexp_full_match({text}, {pattern}) THEN TRY_CAST({text} AS DECIMAL(18,6)) END"
        case "label" | "public_text":
            return f"CASE WHEN {raw} IS NULL THEN NULL WHEN {text} <> '' THEN {raw} END"


def one_code_sql(field: Field, release: Release, raw: str) -> str:
    """Write the one code that `raw` stands for."""
    # The list of an id holds answers that may stand in its place (`unknown`); ids are compared exactly all the same.
    codelist = release.codelists.get(field.codelist or "") if field.type != "id" else None
    if codelist is None:  # an id, or a code of a list that belongs to a higher level: opaque, but never a sentence
        return f"CASE WHEN regexp_full_match({raw}, '{_ID}') THEN {raw} END"
    return code_sql(raw, codelist)


def _several_codes(field: Field, release: Release, raw: str) -> str:
    codelist = release.codelists.get(field.codelist or "")
    one = _ID if codelist is None else f"({'|'.join(re.escape(code.code) for code in codelist.codes)})"
    part = one_code_sql(field, release, trim_sql("part"))
    parts = f"list_transform(string_split({raw}, ';'), lambda part: {part})"
    joined = f"nullif(array_to_string(list_filter({parts}, lambda code: code IS NOT NULL), ';'), '')"
    # Taking cells apart costs thirty times as much as seeing that there is nothing to do.
    return (
        f"CASE WHEN {raw} IS NULL THEN NULL WHEN regexp_full_match({raw}, {literal(f'{one}(;{one})*')}) THEN {raw} "
        f"ELSE {joined} END"
    )


def _date(raw: str, reduced: bool) -> str:
    # A day is canonical where writing it out gives the text again: cheaper than a pattern, and never a day like 02-30.
    text, day = trim_sql(raw), f"TRY_CAST({raw} AS DATE)"
    forms = [("[0-9]{4}-[0-9]{2}-[0-9]{2}", "")]
    if reduced:
        forms += [("[0-9]{4}-[0-9]{2}", "-01"), ("[0-9]{4}", "-01-01")]
    loose = " ".join(
        f"WHEN regexp_full_match({text}, '{pattern}') THEN "
        + day_within_years(f"TRY_CAST({text} || '{rest}' AS DATE)" if rest else f"TRY_CAST({text} AS DATE)")
        for pattern, rest in forms
    )
    return f"CASE WHEN CAST({day} AS VARCHAR) = {raw} THEN {day_within_years(day)} {loose} END"


def day_within_years(day: str) -> str:
    """Write a day, or NULL where its year is none that is read."""
    return f"CASE WHEN {day} {_DAYS} THEN {day} END"


def text_is_kept(field: Field, value: str, raw: str) -> str:
    """Write the raw text where it is not the text of the value."""
    match field.type:
        case "label" | "public_text":
            return "NULL::VARCHAR"
        case "date" if field.reduced:
            canonical = f"substr(CAST({value} AS VARCHAR), 1, length({raw}))"
        case "month":
            canonical = f"substr(CAST({value} AS VARCHAR), 1, 7)"
        case "date" | "integer":
            canonical = f"CAST({value} AS VARCHAR)"
        case "decimal":
            canonical = f"rtrim(rtrim(CAST({value} AS VARCHAR), '0'), '.')"
        case _:
            canonical = value
    is_blank = f"{trim_sql(raw)} = ''"
    return f"CASE WHEN {canonical} = {raw} OR {raw} IS NULL THEN NULL WHEN {is_blank} THEN NULL ELSE {raw} END"


def _precision(value: str, raw: str) -> str:
    lengths = "WHEN 10 THEN 'day' WHEN 7 THEN 'month' WHEN 4 THEN 'year'"
    return (
        f"CASE WHEN {value} IS NULL THEN NULL "
        f"ELSE CASE length({raw}) {lengths} ELSE CASE length({trim_sql(raw)}) {lengths} END END END"
    )
