"""Personal data that must not be here: looked for by the names of columns and by their contents.

Contents are looked at by their different texts, and only where neither a codelist nor a type nor the pattern of an id
has been passed. What a text says is never written down: only where it stands, and what it looks like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relmetrics.validation.screens.names import says_so
from relmetrics.validation.screens.sources import Column, columns_of, sources_of
from relmetrics.validation.screens.texts import Hit, Texts
from relmetrics.validation.screens.writing import Record

if TYPE_CHECKING:
    from relmetrics.definitions.screen import Screen
    from relmetrics.validation.ledger import Ledger
    from relmetrics.validation.screens.sources import Source

__all__ = ["screen_submission"]

Absence = tuple[Literal["not_applicable", "cannot_tell"], str]


def screen_submission(ledger: Ledger) -> None:
    """Look for personal data in a submission.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down; the checks of values are there already.
    """
    submission = ledger.submission
    screens = _in_order(list(submission.release.screens.values()))
    if not screens:
        return
    columns = columns_of(ledger)
    sources = list(sources_of(ledger, columns))
    record = Record(ledger)
    _judge_names(record, screens, columns)
    texts = Texts(submission.connection, submission.release, sources)
    try:
        hits: dict[str, list[Hit]] = {}
        for hit in texts.hits(screens):
            hits.setdefault(hit.screen, []).append(hit)
        named = {read.id: sum(column.kind != "blank" for column in read.columns) for read in submission.tables.values()}
        named[""] = sum(column.table == "" for column in columns)
        for screen in screens:
            examined = record.n_examined[screen.id]
            if screen.columns is not None:
                examined.update(named)
            for number, source in enumerate(sources):
                if _looks_at(screen, source):
                    examined[source.table] += texts.n_cells.get(number, 0)
            for hit in hits.get(screen.id, []):
                record.add_cells(screen, sources[hit.source], hit, texts)
            record.write(screen, sum(examined.values()), _absence(ledger, screen))
    finally:
        texts.close()
    record.link_others()


def _in_order(screens: list[Screen]) -> list[Screen]:
    """Put each screen after those that tell its findings: a note comes before what stands in it."""
    return sorted(screens, key=lambda screen: (bool(screen.told_by), screen.id))


def _judge_names(record: Record, screens: list[Screen], columns: list[Column]) -> None:
    others: dict[tuple[str, str], list[str]] = {}
    for column in columns:
        others.setdefault((column.file, column.sheet), []).append(column.header)
    release = record.ledger.submission.release
    for screen in screens:
        for column in columns if screen.columns is not None else ():
            if screen.columns is not None and says_so(
                screen.columns, column, release, others[column.file, column.sheet]
            ):
                record.add_column(screen, column)


def _looks_at(screen: Screen, source: Source) -> bool:
    return source.kind in screen.looks_at and f"{source.table}.{source.field}" not in screen.excepted


def _absence(ledger: Ledger, screen: Screen) -> Absence:
    """Say why a screen had nothing to look at, or not all."""
    submission = ledger.submission
    tables = {"person_id": ("people", ("person_id",)), "line": ("lines", ("line_id", "category_id", "title"))}
    only = [kind for kind in screen.looks_at if kind in tables]
    if only and screen.columns is None and len(only) == len(screen.looks_at):
        for kind in only:
            table, fields = tables[kind]
            read = submission.tables.get(table)
            if read is None:
                return "not_applicable", "table_absent"
            if any(read.column(field) is None for field in fields):
                return "cannot_tell", "field_absent"
        return "not_applicable", "no_eligible_rows"
    if any(table.is_unread for table in submission.unknown_tables):
        return "cannot_tell", "values_unknown"
    if screen.columns is not None and not submission.tables:
        return "not_applicable", "table_absent"
    return "not_applicable", "no_eligible_rows"
