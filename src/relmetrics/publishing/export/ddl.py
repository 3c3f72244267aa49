"""SQL that makes empty tables for submissions, for PostgreSQL and DuckDB.

What was decided:

- Values stand as they stand in a submission, so that its CSV files load as they are. A date of reduced precision is a
  text of which a CHECK sees to the form and to the calendar; the view ``<table>_dates`` adds first day and precision.
- Codes are checked by CHECK, so that what is refused is named at once; the table ``codes`` has their titles to join.
- Several codes in one cell stay one text; the view ``<table>_<field>`` has one row a code, as in the standard.
- PostgreSQL checks references at the end of a transaction, so the order of loading is free. DuckDB checks them at once,
  knows none that point to the same table within one statement, and none added later: those are left out there.
- What no reference of the database can hold is found by the view ``dangling_references``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from relmetrics.definitions import Field, Table
from relmetrics.publishing.export.selection import FIRST_DAY, LAST_DAY, Selection
from relmetrics.validation.references import Lookup

__all__ = ["CODES", "DANGLING", "Dialect", "ddl"]

Dialect = Literal["postgresql", "duckdb"]
CODES, DANGLING = "codes", "dangling_references"

_NAMES: dict[Dialect, str] = {"postgresql": "PostgreSQL", "duckdb": "DuckDB"}
_TYPES: dict[Dialect, dict[str, str]] = {
    "postgresql": {"date": "date", "integer": "bigint", "decimal": "numeric(18, 6)", "text": "text"},
    "duckdb": {"date": "DATE", "integer": "BIGINT", "decimal": "DECIMAL(18, 6)", "text": "VARCHAR"},
}


@dataclass(frozen=True, slots=True)
class _Edge:
    """A reference between tables; `later` where its target is made after it, or is the same table."""

    table: Table
    field: Field
    lookup: Lookup
    later: bool


def ddl(selection: Selection, dialect: Dialect) -> str:
    """Write the statements, in an order in which they can be run.

    Parameters
    ----------
    selection : Selection
        Tables and fields.
    dialect : {'postgresql', 'duckdb'}
        Database that is to run them.
    """
    tables, edges = _in_order(selection)
    release = selection.release
    head = [
        f"-- Tables of the standard for relational organizing, release {release.version} ({release.header.status}).",
        f"-- Level {selection.level}, for an empty schema in {_NAMES[dialect]}. Made by 'relmetrics schema export'.",
        f"-- Load the tables in this order: {', '.join(table.id for table in tables)}.",
    ]
    parts = [
        "\n".join(head),
        "BEGIN;",
        *_code_table(selection, dialect),
    ]
    for table in tables:
        parts += [_table(table, selection, dialect, edges), *_comments(table)]
    if dialect == "postgresql":
        parts += [f"ALTER TABLE {_name(one.table.id)} ADD {_foreign_key(one, dialect)};" for one in edges if one.later]
    for table in tables:
        parts += _views(table, selection, dialect)
    parts += [_dangling(selection, dialect, tables, edges), "COMMIT;"]
    return "\n\n".join(parts) + "\n"


def _in_order(selection: Selection) -> tuple[list[Table], list[_Edge]]:
    """Order tables so that each stands after those it points to, as far as no circle forbids it."""
    waiting = dict(selection.tables)
    targets = {name: selection.foreign_keys(table) for name, table in waiting.items()}
    done: list[Table] = []
    edges: list[_Edge] = []

    def missing(name: str, required_only: bool) -> bool:
        return any(
            lookup.table.id in waiting and lookup.table.id != name and (field.required or not required_only)
            for field, lookup in targets[name]
        )

    while waiting:
        free = [name for name in waiting if not missing(name, False)] or [
            name for name in waiting if not missing(name, True)
        ]
        name = (free or list(waiting))[0]
        edges += [_Edge(waiting[name], field, to, to.table.id in waiting) for field, to in targets[name]]
        done.append(waiting.pop(name))
    return done, edges


def _table(table: Table, selection: Selection, dialect: Dialect, edges: list[_Edge]) -> str:
    lines = []
    for field in table.fields:
        kind = _TYPES[dialect].get(_kind(field), _TYPES[dialect]["text"])
        lines.append(f"{_name(field.id)} {kind}{' NOT NULL' if field.required or field.id in table.key else ''}")
    lines.append(f"CONSTRAINT {_name(f'{table.id}_key')} PRIMARY KEY ({_names(table.key)})")
    lines += [
        f"CONSTRAINT {_name(f'{table.id}_{field.id}_{what}')} CHECK ({condition})"
        for field in table.fields
        for what, condition in _checks(field, selection, dialect)
    ]
    lines += [_foreign_key(one, dialect) for one in edges if one.table is table and not one.later]
    return f"CREATE TABLE {_name(table.id)} (\n    " + ",\n    ".join(lines) + "\n);"


def _kind(field: Field) -> str:
    if field.type in ("integer", "decimal"):
        return field.type
    return "date" if field.type == "date" and not field.reduced else "text"


def _checks(field: Field, selection: Selection, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Name and condition of each CHECK; a condition that is null holds."""
    name = _name(field.id)
    match field.type:
        case "code" if codes := selection.codes(field):
            yield "code", f"{name} IN ({', '.join(_text(code.code) for code in codes)})"
        case "date" if field.reduced:
            day = _first_day(name)
            if dialect == "postgresql":
                is_day = f"CASE WHEN {_matches(name, field, selection, dialect)} THEN {day} IS NOT NULL ELSE FALSE END"
            else:
                is_day = (
                    f"{_matches(name, field, selection, dialect)} AND {day.replace('CAST', 'TRY_CAST')} IS NOT NULL"
                )
            yield "form", f"{name} IS NULL OR ({is_day})"
        case "date":
            yield "range", f"{name} BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}'"
        case "integer" | "decimal":
            limits = [
                f"{name} {sign} {limit}"
                for sign, limit in ((">=", field.minimum), ("<=", field.maximum))
                if limit is not None
            ]
            if limits:
                yield "range", " AND ".join(limits)
        case "label" | "public_text":
            yield "blank", f"trim({name}) <> ''"
            if field.max_length is not None:
                yield "length", f"length({name}) <= {field.max_length}"
        case _:
            yield "form", _matches(name, field, selection, dialect)


def _matches(name: str, field: Field, selection: Selection, dialect: Dialect) -> str:
    pattern = selection.pattern(field) or ""
    if dialect == "postgresql":
        return f"{name} ~ {_text(f'^({pattern})$')}"
    return f"regexp_full_match({name}, {_text(pattern)})"


def _first_day(name: str) -> str:
    """First day of a reduced date: what is missing of the text is filled up."""
    return f"CAST({name} || substr('-01-01', length({name}) - 3) AS date)"


def _foreign_key(edge: _Edge, dialect: Dialect) -> str:
    end = " DEFERRABLE INITIALLY DEFERRED" if dialect == "postgresql" else ""
    return (
        f"CONSTRAINT {_name(f'{edge.table.id}_{edge.field.id}_reference')} FOREIGN KEY ({_names(edge.lookup.ours)}) "
        f"REFERENCES {_name(edge.lookup.table.id)} ({_names(edge.lookup.theirs)}){end}"
    )


def _comments(table: Table) -> list[str]:
    lines = [f"COMMENT ON TABLE {_name(table.id)} IS {_text(_line(table.description['en']))};"]
    lines += [
        f"COMMENT ON COLUMN {_name(table.id)}.{_name(field.id)} IS "
        + _text(
            f"{field.title['en']}. {_line(field.description['en'])}" + (f" Unit: {field.unit}." if field.unit else "")
        )
        + ";"
        for field in table.fields
    ]
    return ["\n".join(lines)]


def _code_table(selection: Selection, dialect: Dialect) -> list[str]:
    text = _TYPES[dialect]["text"]
    fields = [field for table in selection.tables.values() for field in table.fields]
    used = sorted(
        {field.codelist for field in fields if field.codelist in selection.release.codelists and field.codelist}
    )
    rows = [
        f"({', '.join(map(_text, (name, code.code, code.title_en, code.description_en)))})"
        for name in used
        for code in selection.release.codelists[name].codes
    ]
    made = (
        f"CREATE TABLE {CODES} (\n    codelist {text} NOT NULL,\n    code {text} NOT NULL,\n"
        f"    title {text} NOT NULL,\n    description {text} NOT NULL,\n"
        "    CONSTRAINT codes_key PRIMARY KEY (codelist, code)\n);\n\n"
        f"COMMENT ON TABLE {CODES} IS 'Codes of the standard with their titles.';"
    )
    return [
        made,
        *(
            [f"INSERT INTO {CODES} (codelist, code, title, description) VALUES\n    " + ",\n    ".join(rows) + ";"]
            if rows
            else []
        ),
    ]


def _views(table: Table, selection: Selection, dialect: Dialect) -> list[str]:
    del selection
    views = [_codes_view(table, field, dialect) for field in table.fields if field.type == "codes"]
    reduced = [field.id for field in table.fields if field.reduced]
    if reduced:
        columns = ["t.*"]
        for name in reduced:
            column = _name(name)
            precision = f"CASE length({column}) WHEN 10 THEN 'day' WHEN 7 THEN 'month' WHEN 4 THEN 'year' END"
            columns.append(f"{_first_day(column)} AS {_name(f'{name}_first_day')}")
            columns.append(f"{precision} AS {_name(f'{name}_precision')}")
        made = ",\n    ".join(columns)
        views.append(f"CREATE VIEW {_name(f'{table.id}_dates')} AS\nSELECT\n    {made}\nFROM {_name(table.id)} AS t;")
    return views


def _codes_view(table: Table, field: Field, dialect: Dialect) -> str:
    split = "string_to_array" if dialect == "postgresql" else "string_split"
    return (
        f"CREATE VIEW {_name(f'{table.id}_{field.id}')} AS\n"
        f"SELECT {_names(table.key)}, unnest({split}({_name(field.id)}, ';')) AS {_name(field.singular or field.id)}\n"
        f"FROM {_name(table.id)};"
    )


def _dangling(selection: Selection, dialect: Dialect, tables: list[Table], edges: list[_Edge]) -> str:
    """View of the references to nothing that this database does not refuse by itself."""
    held = {(one.table.id, one.field.id) for one in edges if dialect == "postgresql" or not one.later}
    parts = []
    for table in tables:
        for field in table.fields:
            lookup = selection.lookup(field)
            if lookup is None or (table.id, field.id) in held:
                continue
            source, value = _name(table.id), _name(field.id)
            if field.type == "codes":
                source, value = _name(f"{table.id}_{field.id}"), _name(field.singular or field.id)
            pairs = [
                f"there.{_name(theirs)} = here.{value if ours == field.id else _name(ours)}"
                for ours, theirs in zip(lookup.ours, lookup.theirs, strict=True)
            ]
            answers = ", ".join(_text(code.code) for code in selection.answers(field))
            parts.append(
                f"SELECT {_text(table.id)} AS table_name, {_text(field.id)} AS field_name, here.{value} AS value\n"
                f"FROM {source} AS here\n"
                f"WHERE here.{value} IS NOT NULL"
                + (f" AND here.{value} NOT IN ({answers})" if answers else "")
                + f"\n    AND NOT EXISTS (SELECT 1 FROM {_name(lookup.table.id)} AS there WHERE {' AND '.join(pairs)})"
            )
    if not parts:
        nothing = f"CAST(NULL AS {_TYPES[dialect]['text']})"
        parts = [f"SELECT {nothing} AS table_name, {nothing} AS field_name, {nothing} AS value\nWHERE FALSE"]
    body = "\nUNION ALL\n".join(parts)
    note = f"-- References to nothing that {_NAMES[dialect]} does not refuse by itself."
    return f"{note}\nCREATE VIEW {DANGLING} AS\n{body};"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(map(_name, names))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _line(text: str) -> str:
    return " ".join(text.split())
