"""What a table's definition says about the values in its columns, as verdicts about rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from relmetrics.validation.references import is_adopted, is_dangling, join_of, lookup_of
from relmetrics.validation.scan import EVERY_ROW, Join, RowCheck, When, either, when
from relmetrics.validation.sql import given_text, quoted

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Table
    from relmetrics.submission import Submission

__all__ = ["CODE_SYNONYM", "VALUE_CONSTRAINTS", "fields_under", "list_checks", "longest", "value_checks"]

VALUE_CONSTRAINTS = (
    "value_not_of_type",
    "id_pattern",
    "required_value_missing",
    "code_not_in_list",
    "code_synonym",
    "value_out_of_range",
    "label_too_long",
    "dangling_reference",
)
CODE_SYNONYM = "code_synonym"
_LENGTHS = {"label": 60, "public_text": 140}
_TYPED = ("date", "month", "integer", "decimal")


def constraints_of(submission: Submission, table: Table, field: Field) -> tuple[str, ...]:
    """Constraints that a field is under, in this submission."""
    found = []
    if field.type in _TYPED:
        found.append("value_not_of_type")
    if field.type == "id":
        found.append("id_pattern")
    if field.required or field.id in table.key:
        found.append("required_value_missing")
    if field.type in ("code", "codes") and field.codelist:
        found += ["code_not_in_list", CODE_SYNONYM]
    if field.minimum is not None or field.maximum is not None:
        found.append("value_out_of_range")
    if field.type in _LENGTHS:
        found.append("label_too_long")
    lookup = lookup_of(submission.release, field)
    if lookup is not None and is_adopted(submission, lookup.table.level):
        found.append("dangling_reference")
    return tuple(found)


def fields_under(submission: Submission, table: Table, constraint: str) -> list[Field]:
    """Fields that are under a constraint; a field above the adopted level only where it was handed in all the same."""
    read = submission.tables.get(table.id)
    return [
        field
        for field in table.fields
        if constraint in constraints_of(submission, table, field)
        and (is_adopted(submission, field.level) or (read is not None and read.column(field.id) is not None))
    ]


def value_checks(submission: Submission, table: Table, field: Field, joins: Mapping[str, Join]) -> Iterator[RowCheck]:
    """Verdicts about the rows ``t`` of a table, for one field whose column is there.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    table, field : Table, Field
        Their definitions.
    joins : mapping
        Joins that can be made, by name.
    """
    known, kept = _conditions(field.id)
    filled, text = either(known, kept), given_text(field)
    for constraint in constraints_of(submission, table, field):
        if constraint == "required_value_missing":
            yield _check(constraint, field, EVERY_ROW, when(fails=[known, kept]), text)
        elif field.type == "codes":
            continue
        elif constraint in ("value_not_of_type", "id_pattern", "code_not_in_list"):
            yield _check(constraint, field, filled, when(kept, fails=[known]), text)
        elif constraint == CODE_SYNONYM:
            yield _synonym(field, field.id, text)
        elif constraint == "value_out_of_range":
            yield _check(constraint, field, when(known), when(_out_of_range(field)), text)
        elif constraint == "label_too_long":
            too_long = f"coalesce(length(t.{quoted(field.id)}) > {longest(field)}, FALSE)"
            yield _check(constraint, field, when(known), when(too_long), text)
        elif field.references is not None and field.references.join in joins:
            ours = [f"t.{quoted(name)} IS NOT NULL" for name in (field.id, *field.references.with_fields)]
            leads_nowhere = is_dangling(submission, field)
            yield _check(constraint, field, when(*ours), when(*ours, leads_nowhere), text, field.references.join)


def list_checks(
    submission: Submission, table: Table, field: Field, sources: Mapping[str, str]
) -> tuple[list[RowCheck], dict[str, Join]]:
    """Verdicts about the rows ``t`` of the table that a field with several codes has, one code a row.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    table, field : Table, Field
        Their definitions; the field's type is codes.
    sources : mapping
        Tables handed in, by id, each with a relation in which no key stands twice.
    """
    singular = field.singular or field.id
    known, _ = _conditions(singular)
    text = f"coalesce(t.{quoted(singular + '__text')}, t.{quoted(singular)})"
    checks, joins = [], {}
    for constraint in constraints_of(submission, table, field):
        if constraint == "code_not_in_list":
            checks.append(_check(constraint, field, EVERY_ROW, when(fails=[known]), text))
        elif constraint == CODE_SYNONYM:
            checks.append(_synonym(field, singular, text))
        elif constraint == "dangling_reference" and (join := join_of(submission, field, sources, column=singular)):
            joins[join.name] = join
            leads_nowhere = is_dangling(submission, field, singular)
            checks.append(_check(constraint, field, when(known), when(known, leads_nowhere), text, join.name))
    return checks, joins


def longest(field: Field) -> int:
    """Most characters that a label or public text may have."""
    return field.max_length or _LENGTHS[field.type]


def _conditions(column: str) -> tuple[str, str]:
    """The value is known; its raw text is kept, because it is another one or could not be read."""
    return f"t.{quoted(column)} IS NOT NULL", f"t.{quoted(column + '__text')} IS NOT NULL"


def _check(constraint: str, field: Field, eligible: When, broken: When, text: str, *joins: str) -> RowCheck:
    return RowCheck(constraint, field.id, eligible, eligible, broken, joins=joins, text=text)


def _synonym(field: Field, column: str, text: str) -> RowCheck:
    # One note a column: the first cell stands for all.
    known, kept = _conditions(column)
    params = {"code": f"t.{quoted(column)}"}
    return RowCheck(CODE_SYNONYM, field.id, when(known), when(known), when(known, kept), params, text=text, most=1)


def _out_of_range(field: Field) -> str:
    value, parts = f"t.{quoted(field.id)}", []
    if field.minimum is not None:
        parts.append(f"{value} < {field.minimum}")
    if field.maximum is not None:
        parts.append(f"{value} > {field.maximum}")
    return f"coalesce({' OR '.join(parts)}, FALSE)"
