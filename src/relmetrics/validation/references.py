"""Where the rows of one table point to rows of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.definitions.definition import LEVELS
from relmetrics.validation.scan import Join
from relmetrics.validation.sql import quoted, relation, string

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Release, Table
    from relmetrics.submission import Submission

__all__ = ["Lookup", "is_adopted", "join_of", "lookup_of"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The fields of a reference and those that they point to, in the same order.

    Parameters
    ----------
    table : Table
        Table that is pointed to.
    ours, theirs : tuple of str
        Fields.
    """

    table: Table
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def is_to_whole_key(self) -> bool:
        """Whether at most one proper row can be meant."""
        return set(self.theirs) == set(self.table.key)


def is_adopted(submission: Submission, level: str) -> bool:
    """Whether the organization undertakes to record what lies at `level`."""
    return LEVELS.index(level) <= LEVELS.index(submission.manifest.adoption_level)


def lookup_of(release: Release, field: Field) -> Lookup | None:
    """Return what a field points to, or None where it points nowhere or to a table that this release does not hold."""
    reference = field.references
    if reference is None or reference.table not in release.tables:
        return None
    table = release.tables[reference.table]
    target = reference.field or table.key[0]
    others = tuple(name for name in table.key if name != target)[: len(reference.with_fields)]
    return Lookup(table, (*reference.with_fields, field.id), (*others, target))


def join_of(
    submission: Submission, field: Field, sources: Mapping[str, str], *, column: str | None = None
) -> Join | None:
    """Join rows ``t`` with the rows that `field` points to; None where these cannot be looked up.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    field : Field
        A field with a reference.
    sources : mapping
        Tables handed in, by id, each with a relation in which no key stands twice.
    column : str, optional
        Name of the column where it is not the field's own: in the table of a field with several codes.
    """
    lookup = lookup_of(submission.release, field)
    if lookup is None or field.references is None or lookup.table.id not in sources:
        return None
    if not is_adopted(submission, lookup.table.level):
        return None
    read = submission.tables[lookup.table.id]
    if any(read.column(name) is None for name in lookup.theirs):
        return None
    name = field.references.join
    pairs = list(zip(lookup.ours, lookup.theirs, strict=True))
    if lookup.is_to_whole_key:
        source = sources[lookup.table.id]
    else:
        theirs = ", ".join(map(quoted, lookup.theirs))
        source = f"(SELECT DISTINCT {theirs} FROM {relation(lookup.table.id)})"
    condition = " AND ".join(
        f"{quoted(name)}.{quoted(theirs)} = t.{quoted(column if column and ours == field.id else ours)}"
        for ours, theirs in pairs
    )
    return Join(name, source, condition)


def is_dangling(submission: Submission, field: Field, column: str | None = None) -> str:
    """Condition, never null: nothing is there that it points to.

    It is about rows ``t`` and the join of `field`.
    """
    lookup = lookup_of(submission.release, field)
    assert lookup is not None
    assert field.references is not None
    condition = f"{quoted(field.references.join)}.{quoted(lookup.theirs[-1])} IS NULL"
    if field.codelist and field.type == "id":
        # Answers such as `prefer_not_to_say` may always stand where an id is asked for.
        codes = ", ".join(string(code) for code in submission.release.codelists[field.codelist].by_code)
        condition += f" AND coalesce(t.{quoted(column or field.id)} NOT IN ({codes}), TRUE)"
    return condition
