"""A Frictionless Data Package: ``datapackage.json`` beside the CSV files of a submission.

Version 1 of the specification, with one word of version 2: ``fieldsMatch: partial``, because columns that are not
required may be absent and columns may stand in any order. A table that is absent has to be absent from the package
too, which is why it can be written for the tables that a folder has.

What it cannot say: a reference from a field of several codes, a reference where an answer such as ``unknown`` may stand
instead, and all rules. ``relmetrics validate`` judges those.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relmetrics.definitions import Field, Table
from relmetrics.publishing.export.selection import FIRST_DAY, LAST_DAY, Selection

__all__ = ["datapackage"]


def datapackage(selection: Selection, present: Collection[str] | None = None) -> dict[str, Any]:
    """Write the descriptor.

    Parameters
    ----------
    selection : Selection
        Tables and fields.
    present : collection of str, optional
        Tables that are there; all of the selection if left out.
    """
    release = selection.release
    names = [name for name in selection.tables if present is None or name in present]
    tables = [selection.tables[name] for name in names]
    return {
        "profile": "tabular-data-package",
        "name": f"relmetrics-{release.version}-{selection.level}",
        "id": f"{release.header.base_uri}datapackage:{selection.level}",
        "title": f"Records of relational organizing, release {release.version}, level {selection.level}",
        "description": release.header.summary["en"].strip(),
        "version": release.version,
        "licenses": [
            {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 (the definitions, not the data)"}
        ],
        "resources": [_resource(table, selection, names) for table in tables],
    }


def _resource(table: Table, selection: Selection, names: Collection[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(field, table, selection) for field in table.fields],
        "fieldsMatch": "partial",
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    keys = [
        {
            "fields": list(lookup.ours),
            # To the package an empty name means the table itself.
            "reference": {
                "resource": "" if lookup.table.id == table.id else lookup.table.id,
                "fields": list(lookup.theirs),
            },
        }
        for _, lookup in selection.foreign_keys(table)
        if lookup.table.id in names
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": table.id,
        "path": f"{table.id}.csv",
        "title": table.title["en"],
        "description": table.description["en"].strip(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(field: Field, table: Table, selection: Selection) -> dict[str, Any]:
    kind, constraints = _type(field, selection)
    if field.required:
        constraints = {"required": True, **constraints}
    if list(table.key) == [field.id]:
        constraints = {**constraints, "unique": True}
    about: dict[str, Any] = {
        "name": field.id,
        "title": field.title["en"],
        "description": field.description["en"].strip(),
        "type": kind,
    }
    if field.example:
        about["example"] = field.example
    if constraints:
        about["constraints"] = constraints
    return about


def _type(field: Field, selection: Selection) -> tuple[str, dict[str, Any]]:
    """Type of the Table Schema, and its constraints."""
    codes = selection.codes(field)
    match field.type:
        case "code" if codes:
            return "string", {"enum": [code.code for code in codes]}
        case "date" if not field.reduced:
            return "date", {"minimum": FIRST_DAY, "maximum": LAST_DAY}
        case "integer" | "decimal":
            limits = {"minimum": field.minimum, "maximum": field.maximum}
            kind = "integer" if field.type == "integer" else "number"
            return kind, {name: limit for name, limit in limits.items() if limit is not None}
        case "label" | "public_text":
            return "string", {} if field.max_length is None else {"maxLength": field.max_length}
        case _:
            # A month is a text too: the type yearmonth takes no pattern and reads what is no month of the standard.
            return "string", {"pattern": f"^{selection.pattern(field)}$"}
