"""What the child does that opens workbooks: each sheet becomes a plain file, and ``book.json`` says the rest.

The kind of a file is taken from its first bytes, whatever its name ends with. Imports nothing of the database, unless
the file is a Parquet file.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_file
from relmetrics.submission.archive import check_container
from relmetrics.submission.book_cells import texts
from relmetrics.submission.book_ods import look_inside_ods
from relmetrics.submission.book_parquet import MAGIC as PARQUET
from relmetrics.submission.book_parquet import parquet_rows
from relmetrics.submission.book_xls import MAGIC as OLE
from relmetrics.submission.book_xls import look_inside_xls
from relmetrics.submission.parts import MOST_CELLS, Inside, look_inside, refuse_too_many_cells
from relmetrics.submission.plain import FACTS, Plain, write_plain
from relmetrics.submission.strings import MOST_CHARACTERS, shown, trimmed

__all__ = ["dump"]

Kind = Literal["xlsx", "xls", "ods", "parquet"]
Tell = Callable[[str], None]

_ENDINGS: dict[Kind, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"),
    "xls": (".xls",),
    "ods": (".ods",),
    "parquet": (".parquet",),
}
_EVERY = 100_000


def dump(path: str, folder: str, tell: Tell) -> None:
    """Read a workbook or a Parquet file into plain files and ``book.json`` in a folder.

    Parameters
    ----------
    path, folder : str
        The file; an empty private folder.
    tell : callable
        Called with sentences on what is being done.

    Raises
    ------
    UnreadableInputError
        It is empty, has a password, is no workbook, is damaged as a whole, or reaches too far. A sheet that is damaged
        has its sentence in ``book.json``.
    """
    source, target = Path(path), Path(folder)
    name = shown(source.name)
    try:
        facts = _dumped(source, target, tell)
    except (UnreadableInputError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except OSError as problem:
        raise UnreadableInputError(
            f"{name} cannot be opened ({problem.strerror or 'unknown reason'}). Check that the file is still there and "
            "that you may read it."
        ) from None
    except PasswordError:
        raise UnreadableInputError(
            f"{name} is protected with a password. Take the password off (File, Info, Protect Workbook) and save it "
            "again."
        ) from None
    except BaseException as problem:  # noqa: BLE001 -- a panic of the library is none of the usual exceptions
        if "memory" in str(problem).casefold():
            raise MemoryError from None
        raise UnreadableInputError(_not_one(name)) from None
    facts_file = target / FACTS
    make_private_file(facts_file)
    facts_file.write_text(json.dumps(facts), encoding="utf-8")


def _dumped(path: Path, folder: Path, tell: Tell) -> dict[str, Any]:
    kind = _kind(path)
    if kind == "parquet":
        n_columns, records = parquet_rows(path, folder)
        sheet = _sheet("", records, n_columns, {}, folder / "sheet-0.csv", tell, shown(path.name))
        return {"kind": kind, "uses_1904": False, "sheets": [sheet]}
    inside = Inside()
    if kind == "xlsx":
        inside = look_inside(path)
    elif kind == "ods":
        inside = look_inside_ods(path)
    else:
        look_inside_xls(path)
    # By its path the library goes by the ending; a file that has another one is read as a whole first.
    has_its_ending = path.suffix.casefold() in _ENDINGS[kind]
    book = CalamineWorkbook.from_path(path) if has_its_ending else CalamineWorkbook.from_object(path.open("rb"))
    if kind == "xls":
        inside = look_inside_xls(path, list(book.sheet_names))
    sheets = []
    for at, metadata in enumerate(book.sheets_metadata):
        if metadata.typ not in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet):
            continue
        target = folder / f"sheet-{at}.csv"
        where = f"{shown(path.name)}, sheet {shown(trimmed(metadata.name))}"
        tell(f"Opening {where}")
        unshown = inside.unshown.get(metadata.name, {})
        try:
            width, rows = _rows(book, at, path)
            facts = _sheet(metadata.name, rows, width, unshown, target, tell, where)
        except (UnreadableInputError, MemoryError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as problem:  # noqa: BLE001 -- as above; the other sheets may be whole
            if "memory" in str(problem).casefold():
                raise MemoryError from None
            facts = {"name": metadata.name, "problem": _damaged_there(where)}
        facts["is_hidden"] = metadata.visible != SheetVisibleEnum.Visible
        facts["n_merged"] = inside.n_merged.get(metadata.name, 0)
        facts["n_formulas"] = inside.n_formulas.get(metadata.name, 0)
        facts["last_row"] = inside.last_row.get(metadata.name, 0)
        sheets.append(facts)
    return {"kind": kind, "uses_1904": inside.uses_1904, "sheets": sheets}


def _rows(book: CalamineWorkbook, at: int, path: Path) -> tuple[int, Iterator[Sequence[Any]]]:
    content = book.get_sheet_by_index(at)
    # `look_inside` has read the names of cells as spreadsheet programs write them; there are other ways.
    if content.end is not None and (content.end[0] + 1) * (content.end[1] + 1) > MOST_CELLS:
        raise refuse_too_many_cells(path, content.end[0] + 1, content.end[1] + 1)
    # The library begins with row 1, but with the first column that holds anything (a test holds it to both).
    left: list[Any] = [""] * (content.start[1] if content.start is not None else 0)
    rows = content.iter_rows()
    return len(left) + content.width, ([*left, *row] for row in rows) if left else rows


def _sheet(
    name: str,
    rows: Iterator[Sequence[Any]],
    width: int,
    unshown: dict[int, dict[int, str]],
    target: Path,
    tell: Tell,
    where: str,
) -> dict[str, Any]:
    kinds: list[Counter[str]] = []
    plain = write_plain(_watched(texts(rows, width, unshown, kinds), tell, where), target)
    _refuse_endless_cells(plain, where)
    return {
        "name": name,
        "file": target.name,
        "plain": plain.facts(),
        "kinds": [dict(sorted(counts.items())) for counts in kinds],
        "n_columns": max(width, len(kinds)),
    }


def _refuse_endless_cells(plain: Plain, where: str) -> None:
    if plain.longest <= 4 * MOST_CHARACTERS:  # bytes of a row, as many as its characters may take
        return
    for row, cells in plain.rows():
        if max(map(len, cells), default=0) > MOST_CHARACTERS:
            raise UnreadableInputError(
                f"{where}, row {row}: a cell has more than {MOST_CHARACTERS:,} characters. Shorten it, or take it out."
            )


def _watched(rows: Iterator[tuple[int, Sequence[str]]], tell: Tell, where: str) -> Iterator[tuple[int, Sequence[str]]]:
    for row, cells in rows:
        if row % _EVERY == 0:
            tell(f"Reading {where}, row {row:,}")
        yield row, cells


def _kind(path: Path) -> Kind:
    """Find out what a file is by its first bytes."""
    name = shown(path.name)
    with path.open("rb") as stream:
        head = stream.read(1024)
    if not head:
        raise UnreadableInputError(f"{name} is empty (0 bytes). Save it again.")
    if head.startswith(OLE[:4]):
        return "xls"
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(b"PK"):
        check_container(path)  # first of all: its directory alone may be larger than the memory
        try:
            with zipfile.ZipFile(path) as archive:
                names = {member.casefold() for member in archive.namelist()}
        except (zipfile.BadZipFile, ElementTree.ParseError, ValueError, NotImplementedError):
            raise UnreadableInputError(_not_one(name)) from None
        return "ods" if "content.xml" in names and "xl/workbook.xml" not in names else "xlsx"
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"mime-version")):
        raise UnreadableInputError(
            f"{name} is a web page that only its name calls a workbook. Open it in your spreadsheet program and "
            "save it as an .xlsx workbook."
        )
    if path.suffix.casefold() == ".parquet":
        raise UnreadableInputError(
            f"{name} is not a Parquet file, or is damaged. Write it again, or save the table as a CSV file."
        )
    raise UnreadableInputError(_not_one(name))


def _not_one(name: str) -> str:
    return f"{name} is not a workbook, or is damaged. Open it in your spreadsheet program and save it as .xlsx again."


def _damaged_there(where: str) -> str:
    return (
        f"{where}: cannot be read, the workbook is damaged there. Open it in your spreadsheet program and save it as "
        ".xlsx again."
    )
