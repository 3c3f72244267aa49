"""JSON Schema of every kind of definition file, and of manifest and requirements, made from the models.

``schema/metaschema/*.json`` is generated: ``python -m relmetrics.publishing.metaschema`` writes it again, in a source
checkout. Definition files are read with every scalar as text, so numbers and truth values are accepted as text here;
a program that reads ``yes`` as a truth value or ``20`` as a number is accepted too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from relmetrics.definitions.case import Deck, IndicatorDeck
from relmetrics.definitions.codelist import Codelist
from relmetrics.definitions.indicator import Indicator
from relmetrics.definitions.manifest import Manifest
from relmetrics.definitions.release import ReleaseHeader
from relmetrics.definitions.requirements import Requirements
from relmetrics.definitions.rule import Rule, Structure
from relmetrics.definitions.screen import Screen
from relmetrics.definitions.table import Table
from relmetrics.definitions.view import View
from relmetrics.documents import dump_json
from relmetrics.errors import UsageError
from relmetrics.standard import data_root

__all__ = ["BASE", "DIALECT", "MODELS", "metaschemas", "write_metaschemas"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BASE = "urn:relmetrics:metaschema:"
MODELS: dict[str, type[BaseModel]] = {
    "case": Deck,
    "codelist": Codelist,
    "indicator": Indicator,
    "indicator_case": IndicatorDeck,
    "manifest": Manifest,
    "release": ReleaseHeader,
    "requirements": Requirements,
    "rule": Rule,
    "screen": Screen,
    "structure": Structure,
    "table": Table,
    "view": View,
}
_AS_TEXT = "Every value is read as text: numbers in digits, truth values as yes or no, dates as 2026-12-31."
_AS_ROWS = "The file is a CSV table, one row a code; this is its content, with the file's name as id."
# What a validator of the model demands and a schema does not see by itself.
_ALSO: dict[str, dict[str, Any]] = {
    "rule": {
        "oneOf": [
            {"required": ["finding_when"]},
            {"required": ["finding_query", "examined_query"]},
            {"required": ["finding_pattern"]},
            {"required": ["column_when"]},
        ]
    },
    "case": {"oneOf": [{"required": ["rule"]}, {"required": ["structure"]}, {"required": ["screen"]}]},
}
_TEXT_FORMS: dict[str, dict[str, Any]] = {
    "boolean": {"type": ["boolean", "string"], "pattern": "^(yes|no|true|false)$"},
    "integer": {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"},
    "number": {"type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
}


def metaschemas() -> dict[str, dict[str, Any]]:
    """Schema of each kind of document, by name, as JSON Schema 2020-12."""
    schemas = {}
    for name, model in MODELS.items():
        made = _with_text_forms(model.model_json_schema(by_alias=True))
        description = f"{made.pop('description', '')} {_AS_ROWS if name == 'codelist' else _AS_TEXT}".strip()
        schemas[name] = {
            "$schema": DIALECT,
            "$id": BASE + name,
            "description": description,
            **made,
            **_ALSO.get(name, {}),
        }
    return schemas


def _with_text_forms(schema: Any) -> Any:
    """Accept numbers and truth values as text; leave out nulls, which no text has, and titles that repeat the names."""
    if isinstance(schema, list):
        return [_with_text_forms(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    branches = [branch for branch in schema.get("anyOf", []) if branch != {"type": "null"}]
    if len(branches) == 1:
        return _with_text_forms(
            {**{key: schema[key] for key in schema if key not in ("anyOf", "default")}, **branches[0]}
        )
    changed: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "description" and isinstance(value, str):
            # The first paragraph of a docstring is about the document; the rest is for those who read the code.
            changed[key] = " ".join(value.split("\n\n")[0].split()).replace("``", "")
        elif key == "default":
            if not isinstance(value, dict):  # an empty mapping says nothing
                changed[key] = value
        elif key == "anyOf":
            changed[key] = [_with_text_forms(branch) for branch in branches]
        elif key in ("properties", "$defs", "patternProperties"):
            changed[key] = {name: _with_text_forms(item) for name, item in value.items()}
        else:
            changed[key] = _with_text_forms(value)
    if "patternProperties" in changed:
        changed["additionalProperties"] = False
    if isinstance(kind := changed.get("type"), str):
        changed |= _TEXT_FORMS.get(kind, {})
    return changed


def write_metaschemas(folder: Path) -> list[str]:
    """Write the schemas as JSON into `folder` and return the names of the files that changed.

    Parameters
    ----------
    folder : Path
        ``schema/metaschema`` of a source checkout.
    """
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, schema in metaschemas().items():
        file, text = folder / f"{name}.json", dump_json(schema)
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8", newline="\n")
            changed.append(file.name)
    return changed


def main() -> None:
    """Write the schemas of this checkout again."""
    root = data_root()
    if root.name == "_data":
        raise UsageError("The schemas are written in a source checkout, not in an installed package.")
    changed = write_metaschemas(root / "schema" / "metaschema")
    sys.stdout.write(f"schema/metaschema: {', '.join(changed) if changed else 'nothing changed'}\n")


if __name__ == "__main__":
    main()
