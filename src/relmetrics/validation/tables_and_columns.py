"""Tables and columns: what is missing, unknown or there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.submission.columns import trimmed
from relmetrics.validation.finding import Place
from relmetrics.validation.ledger import Ledger
from relmetrics.validation.locating import Breach
from relmetrics.validation.references import is_adopted
from relmetrics.validation.suggestions import nearest

if TYPE_CHECKING:
    from relmetrics.definitions import Table
    from relmetrics.submission import ColumnRead, TableRead

__all__ = ["check_columns", "check_rows_as_such", "check_tables"]

_FILE_PROBLEMS = ("ragged_row", "unclosed_quote", "unreadable_character")
_PARAMS = {"cells": "n_cells", "columns": "n_columns"}


def check_tables(ledger: Ledger) -> None:
    """Judge which tables were handed in.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    """
    submission = ledger.submission
    release = submission.release
    unknown, missing = ledger.structure("unknown_table"), ledger.structure("missing_table")
    absent = [table for table in release.tables if table not in submission.tables]
    meant: dict[str, Breach] = {}
    strangers = [table for table in submission.unknown_tables if not table.is_own]
    breaches = []
    for stranger in strangers:
        suggestion = nearest(stranger.name, absent)
        breach = Breach(
            unknown,
            "",
            (stranger.name,),
            place=Place(file=stranger.file, sheet=stranger.sheet),
            params={"nearest": suggestion},
        )
        breaches.append(breach)
        if suggestion:
            meant.setdefault(suggestion, breach)
    ledger.judged(unknown, "", len(submission.tables) + len(strangers), len(strangers), breaches)
    for table in release.tables.values():
        if not table.is_necessary or not is_adopted(submission, table.level):
            continue
        if table.id in submission.tables:
            ledger.judged(missing, table.id, 1, 0, [])
        else:
            ledger.judged(missing, table.id, 1, 1, [Breach(missing, table.id, (), cause=meant.get(table.id))])


def check_columns(ledger: Ledger, table: Table) -> None:
    """Judge the columns of a table that was handed in.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    table : Table
        Its definition.
    """
    submission = ledger.submission
    read = submission.tables[table.id]
    unknown, missing = ledger.structure("unknown_column"), ledger.structure("missing_column")
    absent = [field for field in table.fields if read.column(field.id) is None]
    titles = {field.id: (field.title["en"],) for field in absent}
    meant: dict[str, Breach] = {}
    breaches = []
    for column in (column for column in read.columns if column.kind == "unknown"):
        suggestion = nearest(column.header, titles)
        breach = Breach(
            unknown,
            table.id,
            (column.header,),
            place=_head(read, column),
            params={"nearest": suggestion},
        )
        breaches.append(breach)
        if suggestion:
            meant.setdefault(suggestion, breach)
    named = [column for column in read.columns if column.kind != "blank"]
    ledger.judged(unknown, table.id, len(named), len(breaches), breaches)

    wanted = [
        field
        for field in table.fields
        if (field.required or field.id in table.key) and is_adopted(submission, field.level)
    ]
    breaches = [
        Breach(missing, table.id, (), field=field.id, cause=meant.get(field.id)) for field in wanted if field in absent
    ]
    ledger.judged(missing, table.id, len(wanted), len(breaches), breaches)

    repeated = ledger.structure("repeated_column")
    breaches = []
    for column in (column for column in read.columns if column.kind == "repeated"):
        name = trimmed(column.header).casefold()
        first = next(other for other in read.columns if trimmed(other.header).casefold() == name)
        breaches.append(
            Breach(
                repeated, table.id, (name,), field=first.field, place=_head(read, column), related=(_head(read, first),)
            )
        )
    ledger.judged(repeated, table.id, len(named), len(breaches), breaches)

    nameless = ledger.structure("column_without_name")
    last = max((column.position for column in named), default=-1)
    breaches = [
        Breach(nameless, table.id, (), place=_head(read, column))
        for column in read.columns
        if column.kind == "blank" and column.position < last
    ]
    ledger.judged(nameless, table.id, len(read.columns), len(breaches), breaches)


def check_rows_as_such(ledger: Ledger, table: Table) -> None:
    """Judge what reading noted about the rows of a table before any value was looked at.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    table : Table
        Its definition.
    """
    submission = ledger.submission
    for constraint in map(ledger.structure, _FILE_PROBLEMS):
        breaches = [
            Breach(
                constraint,
                table.id,
                (),
                row=problem.row,
                place=Place(table=table.id, file=problem.file, sheet=problem.sheet, row=problem.row),
                params={_PARAMS.get(name, name): value for name, value in problem.params.items()},
            )
            for problem in submission.problems
            if (problem.table, problem.id) == (table.id, constraint.id)
        ]
        n_findings = submission.problem_counts.get((table.id, constraint.id), len(breaches))
        n_rows = submission.tables[table.id].n_rows
        ledger.judged(constraint, table.id, max(n_rows, n_findings), n_findings, breaches)


def _head(read: TableRead, column: ColumnRead) -> Place:
    cell = f"{column.letter}{read.header_row}"
    return Place(table=read.id, file=read.file, sheet=read.sheet, row=read.header_row, field=column.field, cell=cell)
