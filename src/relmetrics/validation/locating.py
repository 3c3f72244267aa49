"""From rows to findings: place, shape, id, order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST
from relmetrics.validation.finding import Finding, Place

if TYPE_CHECKING:
    from relmetrics.definitions import Structure
    from relmetrics.submission import Submission

__all__ = ["Breach", "findings_of", "place_of"]

_SEVERITIES = {"error": 0, "warning": 1, "note": 2}


@dataclass(slots=True)
class Breach:
    """What a check found, before it has an id.

    Parameters
    ----------
    constraint : Structure
        Rule or structural constraint that is broken.
    table : str
        Table of the standard, or empty.
    key : tuple of str
        Texts that say which record it is, in every order of the rows: of the row's key, or of the column.
    cause : Breach or None
        The breach that brings this one about.
    text : str
        The value itself, to find causes by; it goes no further.
    explains : frozenset of int
        Where it stands for its whole column: rows in which it brings other findings about; empty means all.
    """

    constraint: Structure
    table: str
    key: tuple[str, ...]
    row: int | None = None
    field: str = ""
    place: Place | None = None
    related: tuple[Place, ...] = ()
    shape: str = ""
    params: dict[str, str] = attribute(default_factory=dict)
    cause: Breach | None = None
    text: str = ""
    explains: frozenset[int] = frozenset()


def place_of(submission: Submission, table: str, row: int | None, field: str) -> Place:
    """Where a value of a table stands; the header's cell if `row` is None and the column is there.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    table, field : str
        By the names of the standard; `field` may be empty.
    row : int or None
        As a spreadsheet counts.
    """
    read = submission.tables.get(table)
    if read is None:
        return Place(table=table, row=row, field=field)
    column = read.column(field) if field else None
    cell = "" if column is None else f"{column.letter}{read.header_row if row is None else row}"
    return Place(table=table, file=read.file, sheet=read.sheet, row=row, field=field, cell=cell)


def findings_of(submission: Submission, breaches: Iterable[Breach]) -> tuple[Finding, ...]:
    """Give breaches their places and ids, and put them into the order in which they are always shown.

    The id hashes the rule, the table, the key, the field and the ordinal among breaches equal in these, never the row:
    the same data in another order give the same ids, so that two runs can be compared.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    breaches : iterable of Breach
        In any order.
    """
    tables = {table: number for number, table in enumerate((MANIFEST, *submission.release.tables))}
    listed = [(breach, _placed(submission, breach)) for breach in breaches]
    listed.sort(key=lambda item: _order(submission, tables, *item))
    seen: Counter[tuple[str, ...]] = Counter()
    ids: dict[int, str] = {}
    findings = []
    for breach, _ in listed:
        name = (breach.constraint.id, breach.table, breach.field, *breach.key)
        ids[id(breach)] = _hash((*name, str(seen[name])))
        seen[name] += 1
    for breach, place in listed:
        constraint = breach.constraint
        findings.append(
            Finding(
                id=ids[id(breach)],
                rule=constraint.id,
                rule_version=constraint.version,
                severity=constraint.severity,
                dimension=constraint.dimension,
                table=breach.table,
                file=place.file,
                sheet=place.sheet,
                row=place.row,
                field=place.field,
                cell=place.cell,
                related=breach.related,
                shape=breach.shape,
                params=breach.params,
                cause=ids.get(id(breach.cause), ""),
            )
        )
    return tuple(findings)


def _placed(submission: Submission, breach: Breach) -> Place:
    place = breach.place or place_of(submission, breach.table, breach.row, breach.field)
    return replace(place, field=breach.field) if place.field != breach.field else place


def _order(submission: Submission, tables: dict[str, int], breach: Breach, place: Place) -> tuple[object, ...]:
    read = submission.tables.get(breach.table)
    column = read.column(breach.field) if read is not None and breach.field else None
    return (
        _SEVERITIES[breach.constraint.severity],
        tables.get(breach.table, len(tables)),
        place.row or 0,
        -1 if column is None else column.position,
        breach.constraint.id,
        breach.field,
        place.cell,
        breach.key,
        place.file,
        place.sheet,
    )


def _hash(parts: Sequence[str]) -> str:
    # The length before each part keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "replace")).hexdigest()[:16]
