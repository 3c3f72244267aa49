"""One .xlsx workbook: a sheet a table and the sheet ``submission``.

Cells become the text that a CSV file would hold: Excel's dates in ISO form, whole numbers without a point, the words
TRUE and FALSE, errors such as ``#REF!`` as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum

from relmetrics.definitions import Table
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import shown, trimmed
from relmetrics.submission.parts import look_inside

__all__ = ["MANIFEST_SHEET", "Cell", "Workbook", "cell_text", "open_workbook", "sheet_rows"]

MANIFEST_SHEET = "submission"

Cell = int | float | str | bool | date | datetime | time | timedelta

_MOST_LOCKED = 100 * 1024**2
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook.

    Attributes
    ----------
    sheets : tuple of str
        Names of its worksheets, in its order; charts are no worksheets.
    unshown : dict
        By sheet, text of cells by row and position, which the reading library gives as empty.
    """

    name: str
    book: CalamineWorkbook
    sheets: tuple[str, ...]
    unshown: Mapping[str, Mapping[int, Mapping[int, str]]]


def open_workbook(path: Path) -> Workbook:
    """Open a workbook after a look at what it would unpack to.

    Raises
    ------
    UnreadableInputError
        It has a password, is no workbook, or would unpack to more than this reads.
    """
    name = shown(path.name)
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
        if head.startswith(_OLE):
            raise _old_or_locked(path)
        if not head:
            raise UnreadableInputError(f"{name} is empty (0 bytes). Save the workbook again.")
        unshown = look_inside(path)
        book = CalamineWorkbook.from_path(path)
        sheets = tuple(
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet)
        )
    except UnreadableInputError:
        raise
    except OSError as problem:
        raise UnreadableInputError(
            f"{name} cannot be opened ({problem.strerror or 'unknown reason'}). Check that the file is still there and "
            "that you may read it."
        ) from None
    except BaseException as problem:  # noqa: BLE001 -- a panic of the library is none of the usual exceptions
        _raise_if_ours(problem)
        raise UnreadableInputError(
            f"{name} is not a workbook, or is damaged. Open it in your spreadsheet program and save it as .xlsx again."
        ) from None
    return Workbook(path.name, book, sheets, unshown)


def sheet_rows(workbook: Workbook, sheet: str, table: Table | None = None) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield row number and cells of a sheet as text, column A and row 1 first.

    With `table`, a date of Excel's in a column of its type ``month`` becomes ``YYYY-MM``.
    """
    months: set[int] | None = None if table is not None else set()
    for row, cells in raw_rows(workbook, sheet):
        texts = [cell_text(cell) for cell in cells]
        if months is None and any(map(trimmed, texts)):
            names = [trimmed(text).casefold() for text in texts]
            fields = table.by_id if table is not None else {}
            months = {at for at, field in enumerate(names) if field in fields and fields[field].type == "month"}
        elif months:
            for position in months:
                cell = cells[position] if position < len(cells) else ""
                if isinstance(cell, date) and cell.day == 1:
                    texts[position] = texts[position][:7]
        yield row, texts


def raw_rows(workbook: Workbook, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
    """Yield row number and cells of a sheet as the workbook holds them."""
    try:
        content = workbook.book.get_sheet_by_name(sheet)
        # The library begins with row 1, but with the first column that holds anything (a test holds it to both).
        left: list[Cell] = [""] * (content.start[1] if content.start is not None else 0)
        unshown = workbook.unshown.get(sheet, {})
        row = 0
        for row, values in enumerate(content.iter_rows(), start=1):
            yield row, _with_unshown(left + list(values), unshown.get(row, {}))
        for below in sorted(number for number in unshown if number > row):
            yield below, _with_unshown([], unshown[below])
    except GeneratorExit:
        raise
    except BaseException as problem:  # noqa: BLE001 -- as above
        _raise_if_ours(problem)
        raise UnreadableInputError(
            f"{shown(workbook.name)}, sheet {shown(trimmed(sheet))}: cannot be read, the workbook is damaged there. "
            "Open it in your spreadsheet program and save it as .xlsx again."
        ) from None


def _with_unshown(cells: list[Cell], unshown: Mapping[int, str]) -> list[Cell]:
    for position, text in unshown.items():
        cells += [""] * (position + 1 - len(cells))
        cells[position] = text if cells[position] == "" else cells[position]
    return cells


def cell_text(cell: Cell) -> str:
    """Write a cell as a CSV file would hold it."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _raise_if_ours(problem: BaseException) -> None:
    """Let through what is not the workbook's fault. A panic of the reading library is a BaseException and is."""
    if isinstance(problem, KeyboardInterrupt | SystemExit | MemoryError | UnreadableInputError):
        raise problem


def _old_or_locked(path: Path) -> UnreadableInputError:
    marker = "EncryptedPackage".encode("utf-16-le")
    content = path.read_bytes() if path.stat().st_size < _MOST_LOCKED else b""
    if marker in content:
        return UnreadableInputError(
            f"{shown(path.name)} is protected with a password. Take the password off (File, Info, Protect Workbook) "
            "and save it again."
        )
    return UnreadableInputError(
        f"{shown(path.name)} is an Excel file of the old kind, or protected with a password. Take a password off, and "
        "save it as an .xlsx workbook."
    )
