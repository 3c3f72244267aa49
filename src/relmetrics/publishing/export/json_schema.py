"""JSON Schema (2020-12): one schema a table, for one row as a JSON object with typed values.

Numbers are numbers, several codes are an array, everything else is a text; an empty cell is left out, or null where the
field is not required.
"""

from __future__ import annotations

from typing import Any

from relmetrics.definitions import Field, Table
from relmetrics.publishing.export.selection import DAY, ID, REDUCED, Selection

__all__ = ["DIALECT", "schema_of", "schemas"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas(selection: Selection) -> dict[str, dict[str, Any]]:
    """Write the schema of each table, by table."""
    return {name: schema_of(table, selection) for name, table in selection.tables.items()}


def schema_of(table: Table, selection: Selection) -> dict[str, Any]:
    """Write the schema of one row of `table`.

    What JSON Schema has no word for (key, references, unit, level, titles of codes) stands under names that begin with
    ``x-``, which a validator passes over.
    """
    release = selection.release
    lists = sorted({field.codelist for field in table.fields if field.codelist in release.codelists and field.codelist})
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": f"{release.header.base_uri}json-schema:{table.id}",
        "title": table.title["en"],
        "description": table.description["en"].strip(),
        "x-release": release.version,
        "x-level": table.level,
        "x-key": list(table.key),
        "type": "object",
        "properties": {field.id: _property(field, selection) for field in table.fields},
        "patternProperties": {
            "^x_": {"description": "A column of the organization's own. The standard never reads it."}
        },
        "required": [field.id for field in table.fields if field.required],
        "additionalProperties": False,
    }
    if lists:
        schema["$defs"] = {name: _codelist(name, selection) for name in lists}
    return schema


def _property(field: Field, selection: Selection) -> dict[str, Any]:
    """Describe one field; what may be empty takes null as well."""
    about: dict[str, Any] = {"title": field.title["en"], "description": field.description["en"].strip()}
    value = _value(field, selection)
    if field.required:
        about |= value
    elif "type" in value:
        about |= {**value, "type": [value["type"], "null"]}
    else:
        about["anyOf"] = [value, {"type": "null"}]
    if (lookup := selection.lookup(field)) is not None:
        about["x-references"] = {
            "table": lookup.table.id,
            "fields": list(lookup.ours),
            "referencedFields": list(lookup.theirs),
        }
    if field.unit:
        about["x-unit"] = field.unit
    about["x-level"] = field.level
    if field.example:
        about["examples"] = [_example(field)]
    return about


def _value(field: Field, selection: Selection) -> dict[str, Any]:
    match field.type:
        case "code" if selection.codes(field):
            return {"$ref": f"#/$defs/{field.codelist}"}
        case "codes":
            item = {"$ref": f"#/$defs/{field.codelist}"} if selection.codes(field) else _text(ID)
            return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
        case "date" if field.reduced:
            return _text(REDUCED)
        case "date":
            return {**_text(DAY), "format": "date"}
        case "integer" | "decimal":
            limits = {"minimum": field.minimum, "maximum": field.maximum}
            number = "integer" if field.type == "integer" else "number"
            return {"type": number, **{name: limit for name, limit in limits.items() if limit is not None}}
        case "label" | "public_text":
            longest = {} if field.max_length is None else {"maxLength": field.max_length}
            return {"type": "string", "pattern": r"\S", **longest}
        case _:
            return _text(selection.pattern(field) or ID)


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _example(field: Field) -> Any:
    match field.type:
        case "integer":
            return int(field.example)
        case "decimal":
            return float(field.example)
        case "codes":
            return field.example.split(";")
        case _:
            return field.example


def _codelist(name: str, selection: Selection) -> dict[str, Any]:
    codes = selection.release.codelists[name].codes
    return {
        "type": "string",
        "enum": [code.code for code in codes],
        "x-codes": [{"code": one.code, "title": one.title_en, "description": one.description_en} for one in codes],
    }
