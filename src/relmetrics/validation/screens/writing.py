"""From what was found to findings and checks. No text that was found goes any further than this."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal

from relmetrics.submission.columns import shown
from relmetrics.validation.finding import Place
from relmetrics.validation.locating import Breach
from relmetrics.validation.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relmetrics.definitions.screen import Screen
    from relmetrics.validation.ledger import Ledger
    from relmetrics.validation.screens.sources import Column, Source
    from relmetrics.validation.screens.texts import Hit, Texts

__all__ = ["Record"]

_SAME_CELL = frozenset({"unknown_column", "value_not_of_type", "id_pattern", "code_not_in_list", "dangling_reference"})
_Cell = tuple[str, str, str]


class Record:
    """What all screens found, with causes: the name of a column before its cells, a note before what stands in it.

    Parameters
    ----------
    ledger : Ledger
        Where it is written down in the end.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.breaches: dict[tuple[str, str], list[Breach]] = defaultdict(list)
        self.n_findings: Counter[tuple[str, str]] = Counter()
        self.n_examined: dict[str, Counter[str]] = defaultdict(Counter)
        self.by_column: dict[tuple[str, str, int], Breach] = {}
        self.by_cell: dict[tuple[str, _Cell], Breach] = {}

    def add_column(self, screen: Screen, column: Column) -> None:
        """Write down that the name of a column says what is in it."""
        breach = Breach(screen, column.table, (column.owner, column.header), place=column.place())
        self._add(screen, column.table, 1, [breach])
        self.by_column.setdefault((column.file, column.sheet, column.position), breach)

    def add_cells(self, screen: Screen, source: Source, hit: Hit, texts: Texts) -> None:
        """Write down in which cells of a source something was found."""
        if not source.query:
            breaches = [self._of_text(screen, source)]
        else:
            breaches = [
                Breach(
                    screen,
                    source.table,
                    key if source.column is None else (source.column.owner, source.column.header, *key),
                    row=row,
                    field=source.field,
                    place=None if source.column is None else source.column.place(row),
                    shape=shape_of(text),
                    text=text,
                )
                for row, text, key in texts.rows_of(hit, self.ledger.most_listed)
            ]
        if source.column is not None:
            column = source.column
            at = (column.file, column.sheet, column.position)
            cause = self.by_column.get(at)
            for breach in breaches:
                breach.cause = cause
            if source.kind == "header":  # a name or address in place of a column's name: its cells are the same matter
                self.by_column.setdefault(at, breaches[0])
        if source.kind == "line":
            self._after_the_line(screen, breaches)
        self._add(screen, source.table, hit.n_cells, breaches)

    def write(self, screen: Screen, n_all: int, absence: tuple[Literal["not_applicable", "cannot_tell"], str]) -> None:
        """Write a screen's checks: one for each table with findings, and one for all the rest.

        Parameters
        ----------
        screen : Screen
            Whose checks.
        n_all : int
            Names of columns and cells that it looked at.
        absence : tuple of str
            Outcome and reason where it had nothing to look at, or could not look at all there is.
        """
        ledger = self.ledger
        tables = [table for name, table in self.n_findings if name == screen.id]
        for table in tables:
            examined = self.n_examined[screen.id][table]
            listed = sorted(
                self.breaches[screen.id, table],
                key=lambda one: (one.row or 0, one.field, one.place.cell if one.place else "", one.key),
            )
            n_findings = self.n_findings[screen.id, table]
            ledger.judged(screen, table, max(examined, n_findings), n_findings, listed, kind="rule")
        if "" in tables:
            return
        n_rest = n_all - sum(self.n_examined[screen.id][table] for table in tables)
        outcome, reason = absence
        if outcome == "cannot_tell" and not tables:
            ledger.not_judged(screen, "", outcome, reason, kind="rule")
        elif n_rest > 0:
            ledger.judged(screen, "", n_rest, 0, [], kind="rule")
        elif not tables:
            ledger.not_judged(screen, "", outcome, reason, kind="rule")

    def link_others(self) -> None:
        """Make what the tables alone say about the same cell a consequence: whoever takes the data out mends both."""
        found = {self._cell(breach): breach for listed in self.breaches.values() for breach in reversed(listed)}
        for breach in self.ledger.breaches:
            if breach.cause is None and breach.constraint.id in _SAME_CELL:
                breach.cause = found.get(self._cell(breach))

    # --- pieces -------------------------------------------------------------------------------------------------------

    def _of_text(self, screen: Screen, source: Source) -> Breach:
        if source.column is not None:
            column = source.column
            return Breach(
                screen, column.table, (column.owner, str(column.position)), place=column.place(),
                shape=shape_of(source.text),
            )  # fmt: skip
        file = shown(self.ledger.submission.manifest_source, 120)
        return Breach(
            screen, "", (source.field,), field=source.field, place=Place(file=file, field=source.field),
            shape=shape_of(source.text),
        )  # fmt: skip

    def _after_the_line(self, screen: Screen, breaches: Sequence[Breach]) -> None:
        """Several rows and cells tell of one line: the first is the cause of the others."""
        for breach in breaches:
            first = self.by_cell.setdefault((screen.id, ("line", breach.key[0], "")), breach)
            breach.cause = None if first is breach else first

    def _add(self, screen: Screen, table: str, n_cells: int, breaches: Sequence[Breach]) -> None:
        self.n_findings[screen.id, table] += n_cells
        self.breaches[screen.id, table].extend(breaches)
        for breach in breaches:
            cell = self._cell(breach)
            self.by_cell.setdefault((screen.id, cell), breach)
            if breach.cause is None:
                told = (self.by_cell.get((name, cell)) for name in screen.told_by)
                breach.cause = next((one for one in told if one is not None), None)

    def _cell(self, breach: Breach) -> _Cell:
        if breach.place is not None:
            return breach.place.file, breach.place.sheet, breach.place.cell or breach.place.field
        read = self.ledger.submission.tables.get(breach.table)
        if read is None or breach.row is None:
            return "", breach.table, breach.field
        return read.file, read.sheet, read.cell(breach.row, breach.field)
