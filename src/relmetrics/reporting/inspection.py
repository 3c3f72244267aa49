"""What a file is, as inspection found it: in words, for every format. No value of the file is among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting.escaping import plain, prose

if TYPE_CHECKING:
    from relmetrics.submission.inspection import InspectedTable, Inspection
    from relmetrics.words import Words

__all__ = ["InspectionView", "TableView", "view_inspection"]


@dataclass(frozen=True, slots=True)
class TableView:
    """One CSV file or one sheet; columns as letter, header, kind of values, number of filled cells."""

    name: str
    form: str
    columns: tuple[tuple[str, str, str, str], ...]
    oddities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InspectionView:
    """A file for a reader."""

    file: str
    tables: tuple[TableView, ...]


def view_inspection(inspection: Inspection, words: Words) -> InspectionView:
    """Make the view of `inspection`."""
    return InspectionView(
        file=plain(inspection.file, 120),
        tables=tuple(_table(table, words) for table in inspection.tables),
    )


def _table(table: InspectedTable, words: Words) -> TableView:
    say = words.say
    file, sheet = plain(table.file, 120), plain(table.sheet, 60)
    form = [words.count("rows", table.n_rows)]
    if table.header_row:
        form.append(say("inspection.header_row", row=table.header_row))
    if table.encoding:
        form.append(say("inspection.encoding", encoding=plain(table.encoding, 30)))
    if table.delimiter:
        key = "inspection.tab" if table.delimiter == "\t" else "inspection.delimiter"
        form.append(say(key, delimiter=plain(table.delimiter, 5)))
    return TableView(
        name=say("place.sheet", file=file, sheet=sheet) if sheet else file,
        form=", ".join(form) + ".",
        columns=tuple(
            (
                plain(column.letter, 5),
                plain(column.header, 80) or say("inspection.without_name"),
                say(f"inspection.kind.{column.kind}"),
                f"{column.n_filled:,}",
            )
            for column in table.columns
        ),
        oddities=tuple(prose(oddity) for oddity in table.oddities),
    )
