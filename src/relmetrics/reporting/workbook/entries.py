"""Findings as a list and as marks: which group each stands in, which cell it colours, and what the note there says.

Nothing here holds a raw value: only names of the standard, places and shapes, as in every other format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.grouping import group_by_cause
from relmetrics.reporting.places import column_number, message_of, shared_sentences, title_of, where

if TYPE_CHECKING:
    from relmetrics.reporting.grouping import Bundle, Cause
    from relmetrics.reporting.report import Report
    from relmetrics.validation.finding import Finding

__all__ = ["CellPlace", "Entry", "Group", "Mark", "SheetName", "groups_of", "marks_of"]

SheetName = tuple[str, str]
"""File and sheet as a finding names them."""

_CELL = re.compile(r"[A-Z]{1,3}([0-9]{1,7})")
_SEVERITIES = {"error": 0, "warning": 1, "note": 2}
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell: row from 1, column from 0."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """As a spreadsheet names it."""
        return f"{_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding in words.

    Attributes
    ----------
    cell : CellPlace or None
        Cell that it colours; None where it is about a table or about nothing that has a cell.
    is_whole_row : bool
        It is about the row; the cell is only where the note can stand.
    follows : str
        Where the finding stands that brings this one about, or empty.
    """

    id: str
    severity: str
    where: str
    cell: CellPlace | None
    is_whole_row: bool
    shape: str
    title: str
    message: str
    remedy: str
    why: str
    follows: str


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one rule in one column of one table, with those that they bring about.

    Attributes
    ----------
    message, remedy : str
        Sentences that all its entries have; what only some have stands in their `rest`.
    unlocks : tuple of str
        Titles of the values that get what they need once this is mended.
    is_first : bool
        Whether it is among the few to begin with.
    """

    severity: str
    severity_word: str
    title: str
    table: str
    column: str
    n_findings: int
    n_not_listed: int
    message: str
    remedy: str
    why: str
    entries: tuple[Entry, ...]
    rests: tuple[str, ...]
    follow_ups: tuple[Group, ...] = ()
    unlocks: tuple[str, ...] = ()
    is_first: bool = False

    @property
    def n_follow_ups(self) -> int:
        """Findings that this one brings about."""
        return sum(group.n_findings for group in self.follow_ups)


@dataclass(slots=True)
class Mark:
    """A cell to be coloured, with what its note says; the worst severity decides on the colour."""

    cell: CellPlace
    severity: str
    entries: list[Entry] = field(default_factory=list)


def groups_of(report: Report) -> tuple[Group, ...]:
    """Group the findings of a report by cause, those first that unlock most."""
    if report.findings is None:
        return ()
    wording = _Wording(report)
    return tuple(wording.group(cause) for cause in group_by_cause(report.findings, report.release))


def marks_of(groups: tuple[Group, ...]) -> dict[SheetName, list[Mark]]:
    """Cells to be marked, by file and sheet, in the order of rows and columns."""
    marks: dict[CellPlace, Mark] = {}
    for entry in _entries(groups):
        if entry.cell is not None:
            mark = marks.setdefault(entry.cell, Mark(entry.cell, entry.severity))
            mark.entries.append(entry)
            mark.severity = min(mark.severity, entry.severity, key=_SEVERITIES.__getitem__)
    by_sheet: dict[SheetName, list[Mark]] = {}
    for cell in sorted(marks, key=lambda one: (one.file, one.sheet, one.row, one.column)):
        marks[cell].entries.sort(key=lambda entry: (bool(entry.follows), _SEVERITIES[entry.severity]))
        by_sheet.setdefault((cell.file, cell.sheet), []).append(marks[cell])
    return by_sheet


def _entries(groups: tuple[Group, ...]) -> Iterator[Entry]:
    for group in groups:
        yield from group.entries
        yield from _entries(group.follow_ups)


class _Wording:
    def __init__(self, report: Report) -> None:
        self.release = report.release
        self.words = report.words
        self.by_id = {finding.id: finding for finding in report.findings or ()}
        files = {finding.file for finding in report.findings or () if finding.file}
        self.is_one_book = len(files) == 1 and all(finding.sheet for finding in report.findings or () if finding.file)

    def group(self, cause: Cause) -> Group:
        titles = tuple(
            self.words.text(sheet.title)
            for name in cause.unlocks
            if (sheet := self.release.indicators.get(name)) is not None
        )
        follow_ups = tuple(self.bundle(bundle) for bundle in cause.consequences)
        return replace(self.bundle(cause.own), follow_ups=follow_ups, unlocks=titles, is_first=cause.is_first)

    def bundle(self, bundle: Bundle) -> Group:
        entries = tuple(self.entry(finding) for finding in bundle.findings)
        message, messages = shared_sentences([entry.message for entry in entries])
        remedy, remedies = shared_sentences([entry.remedy for entry in entries])
        return Group(
            severity=bundle.severity,
            severity_word=coded(self.release, "severity", bundle.severity).title,
            title=title_of(bundle.rule, self.release, self.words),
            table=plain(bundle.table, 64) if bundle.table != MANIFEST else "",
            column=plain(bundle.field, 64),
            n_findings=bundle.n_findings,
            n_not_listed=bundle.n_not_listed,
            message=message,
            remedy=remedy,
            why=entries[0].why if entries else "",
            entries=entries,
            rests=tuple(" ".join(filter(None, pair)) for pair in zip(messages, remedies, strict=True)),
        )

    def entry(self, finding: Finding) -> Entry:
        texts = self.release.texts_of(finding.rule)

        def say(what: dict[str, str]) -> str:
            return plain(message_of(self.words.text(what), finding, self.release), _LONGEST)

        cell = _cell_of(finding)
        cause = self.by_id.get(finding.cause) if finding.cause else None
        return Entry(
            id=finding.id,
            severity=finding.severity,
            where=self.where(finding),
            cell=cell,
            is_whole_row=cell is not None and not finding.cell and finding.table != MANIFEST,
            shape=plain(finding.shape, 80),
            title=title_of(finding.rule, self.release, self.words),
            message=say(texts.message) if texts is not None else "",
            remedy=say(texts.remedy) if texts is not None else "",
            why=say(texts.why) if texts is not None else "",
            follows=self.where(cause) if cause is not None else "",
        )

    def where(self, finding: Finding) -> str:
        """Name a place; where all of them are in one workbook, its name says nothing."""
        if self.is_one_book and finding.cell:
            return self.words.say("marked.at_cell", sheet=plain(finding.sheet, 60), cell=plain(finding.cell, 20))
        if self.is_one_book and finding.row is not None and finding.table != MANIFEST:
            return self.words.say("marked.at_row", sheet=plain(finding.sheet, 60), row=f"{finding.row:,}")
        return where(finding, self.words)


def _cell_of(finding: Finding) -> CellPlace | None:
    if not finding.file:
        return None
    if named := _CELL.fullmatch(finding.cell):
        row, column = int(named[1]), column_number(finding.cell) - 1
    elif finding.row is not None and finding.table != MANIFEST:
        row, column = finding.row, 0
    elif finding.row is not None and finding.sheet:
        row, column = finding.row, 1  # beside the key, where its value stands
    else:
        return None
    if not (1 <= row <= _LAST_ROW and 0 <= column < _LAST_COLUMN):
        return None
    return CellPlace(finding.file, finding.sheet, row, column)


def _letters(column: int) -> str:
    from relmetrics.submission.submission import column_letter

    return column_letter(column)
