"""The example rows of a template: a small submission that stands in ``examples/template_rows``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from relmetrics.documents import read_document
from relmetrics.publishing.export.selection import Selection
from relmetrics.standard import data_root

__all__ = ["FOLDER", "example_manifest", "example_rows"]

FOLDER = "examples/template_rows"


def example_rows(selection: Selection) -> dict[str, list[dict[str, str]]]:
    """Rows of each table, with the fields of the selection only; none where the folder has no file for a table."""
    folder = data_root() / FOLDER
    rows: dict[str, list[dict[str, str]]] = {}
    for name, table in selection.tables.items():
        file = folder / f"{name}.csv"
        if file.is_file():
            with file.open(encoding="utf-8", newline="") as stream:
                read = csv.DictReader(stream)
                rows[name] = [{key: row[key] for key in table.by_id if row.get(key)} for row in read]
    return rows


def example_manifest(selection: Selection) -> dict[str, str]:
    """Values of the manifest by dotted key, for the level and the tables of the selection."""
    given = _dotted(read_document(data_root() / FOLDER / "submission.yaml").data)
    complete = [name for name in given.get("complete_tables", "").split(";") if name in selection.tables]
    given |= {
        "schema_version": selection.release.version,
        "adoption_level": selection.level,
        "complete_tables": ";".join(complete),
    }
    if "events" not in selection.tables:
        given.pop("review.event_id", None)
    return given


def _dotted(data: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            flat |= _dotted(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return flat
