"""On which day a row happened, from the definition of its table alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.validation.references import lookup_of
from relmetrics.validation.sql import quoted, relation

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Release, Table
    from relmetrics.submission import Submission

__all__ = ["DaySql", "dated_by", "day_sql"]

_PEOPLE = "people"
"""A person is no occasion: the day of a first contact says nothing about when another row that names the person was."""


@dataclass(frozen=True, slots=True)
class DaySql:
    """SQL for the first and the last day on which a row ``t`` may have happened, and the join that they need."""

    first: str
    last: str
    join: str = ""


def dated_by(release: Release, table: Table) -> tuple[Field, Field | None] | None:
    """Return the field that says when a row happened, and the reference that leads to it.

    It is the first day or month that every row must have; in a table without one, that of the first row that each row
    must point to (the event of a participation). Other days (entered on, due on, ended on) are about something else.

    Parameters
    ----------
    release : Release
        The standard.
    table : Table
        One of its tables.
    """
    own = _own_day(table)
    if own is not None:
        return own, None
    for field in table.fields:
        if not field.required or field.type != "id" or field.references is None or field.references.table == _PEOPLE:
            continue
        lookup = lookup_of(release, field)
        theirs = None if lookup is None else _own_day(lookup.table)
        if theirs is not None:
            return theirs, field
    return None


def day_sql(submission: Submission, table: Table) -> DaySql:
    """Write how to find the day of each row ``t``; NULL where it cannot be known.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    table : Table
        A table of it.
    """
    nothing = DaySql("NULL::DATE", "NULL::DATE")
    found = dated_by(submission.release, table)
    if found is None:
        return nothing
    day, via = found
    if via is None:
        return nothing if submission.tables[table.id].column(day.id) is None else DaySql(*_first_and_last(day, "t"))
    lookup = lookup_of(submission.release, via)
    assert lookup is not None
    there = submission.tables.get(lookup.table.id)
    if there is None or any(there.column(name) is None for name in (day.id, *lookup.theirs)):
        return nothing
    first, last = _first_and_last(day, "o")
    theirs = ", ".join(f"o.{quoted(name)}" for name in lookup.theirs)
    condition = " AND ".join(
        f"occasion.{quoted(name)} = t.{quoted(ours)}" for ours, name in zip(lookup.ours, lookup.theirs, strict=True)
    )
    # A key that stands twice there gives the span of both days, so that it cannot matter which is the right one.
    join = (
        f"LEFT JOIN (SELECT {theirs}, min({first}) AS first_day, max({last}) AS last_day "
        f"FROM {relation(lookup.table.id)} AS o GROUP BY {theirs}) AS occasion ON {condition}"
    )
    return DaySql("occasion.first_day", "occasion.last_day", join)


def _own_day(table: Table) -> Field | None:
    return next((field for field in table.fields if field.required and field.type in ("date", "month")), None)


def _first_and_last(field: Field, alias: str) -> tuple[str, str]:
    day = f"{alias}.{quoted(field.id)}"
    if field.type == "month":
        return day, f"last_day({day})"
    if not field.reduced:
        return day, day
    precision = f"{alias}.{quoted(field.id + '_precision')}"
    return day, (
        f"CASE {precision} WHEN 'year' THEN make_date(year({day}), 12, 31) WHEN 'month' THEN last_day({day}) "
        f"ELSE {day} END"
    )
