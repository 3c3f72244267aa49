"""Why a rule cannot be run on what was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relmetrics.definitions.rule import MANIFEST

if TYPE_CHECKING:
    from relmetrics.submission import Submission
    from relmetrics.validation.compiled import Names

__all__ = ["reason_for_absence"]

_ALWAYS_THERE = frozenset({MANIFEST, "complete_tables", "submitted_tables"})


def reason_for_absence(submission: Submission, names: Names) -> Literal["", "table_absent", "field_absent"]:
    """Return why texts that read `names` cannot be run, or an empty text where they can.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    names : Names
        Relations and fields that are read.
    """
    owners = {
        f"{table.id}_{field.id}": (table.id, field)
        for table in submission.release.tables.values()
        for field in table.fields
        if field.type == "codes"
    }
    used = {*names.relations, *(relation for relation, _ in names.fields)} - _ALWAYS_THERE
    if any((owners[name][0] if name in owners else name) not in submission.tables for name in used):
        return "table_absent"
    for name, column in names.fields:
        if name in _ALWAYS_THERE:
            continue
        if name in owners:
            name, field = owners[name]
            column = field.id if column == field.singular else column
        column = column.removesuffix("_precision")
        if column != "_row" and submission.tables[name].column(column) is None:
            return "field_absent"
    return ""
