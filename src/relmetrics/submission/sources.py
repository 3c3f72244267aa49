"""Which table stands where: files and sheets by their names, or as the manifest says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from relmetrics.definitions import FileForm
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.book import BOOKS, MANIFEST_SHEET, PARQUET, Book, SheetFacts
from relmetrics.submission.columns import explains, is_own, shown, trimmed
from relmetrics.submission.handed import Handed
from relmetrics.submission.submission import UnknownTable

__all__ = ["Source", "Sources", "sources_of"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where one table stands: a text file, or a sheet of a workbook."""

    path: Path
    book: Book | None = None
    sheet: str = ""

    def place(self) -> str:
        """Name it for a sentence."""
        return shown(self.path.name) if self.book is None else self.book.place(self.sheet)


@dataclass(slots=True)
class Sources:
    """All that was handed in, sorted.

    Attributes
    ----------
    tables : dict
        By table of the standard, in no order.
    others : list
        What no table of the standard is. A workbook that cannot be opened has no book.
    remarks : list of str
        What was left out.
    """

    tables: dict[str, Source] = field(default_factory=dict)
    others: list[tuple[UnknownTable, Source]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def sources_of(handed: Handed, files: Mapping[str, FileForm], tables: Iterable[str], manifest: str) -> Sources:
    """Find out which table stands where.

    Parameters
    ----------
    handed : Handed
        What was handed in.
    files : mapping
        What the manifest says about the files, by table.
    tables : iterable of str
        Ids of the tables of the standard.
    manifest : str
        Name of the manifest for sentences.

    Raises
    ------
    UnreadableInputError
        Two things are one table, the manifest names something that is not there, or a table's workbook cannot be
        opened.
    """
    return _Search(handed, files, frozenset(tables), manifest).result()


class _Search:
    def __init__(self, handed: Handed, files: Mapping[str, FileForm], tables: frozenset[str], manifest: str) -> None:
        self.handed = handed
        self.files = {table: form for table, form in files.items() if table in tables}
        self.all_tables = tables
        self.manifest = manifest
        self.found: dict[str, list[Source]] = {}
        self.is_said: set[str] = set()  # tables of which the manifest says where they stand
        self.sources = Sources()

    def result(self) -> Sources:
        self._take_named_files()
        self._take_named_sheets()
        taken = [source for sources in self.found.values() for source in sources]
        files = {source.path for source in taken if source.book is None}
        sheets = {(source.path, source.sheet) for source in taken}
        for path in self.handed.texts:
            if path not in files:
                self._take_text(path)
        for path in self.handed.books:
            self._take_book(path, sheets)
        self.sources.remarks += [
            f"{shown(folder.name)} is a folder; what is in it was not read."
            for folder in self.handed.folders
            if not any(folder in source.path.parents for source in taken)
        ]
        for table, sources in self.found.items():
            if len(sources) > 1:
                raise self._twice(table, sources)
            self.sources.tables[table] = sources[0]
        return self.sources

    def _take_named_files(self) -> None:
        for table, form in self.files.items():
            if form.path is None:
                continue
            path = self.handed.file(form.path)
            if path is None:
                raise UnreadableInputError(
                    f"{self.manifest}: files.{table}.path names {shown(form.path)}, which is not there. Correct the "
                    "path, or take the key out."
                )
            book, sheet = None, ""
            if path.suffix.casefold() in (*BOOKS, PARQUET):
                book = self.handed.book(path)
                sheet = self._sheet(book, table, form)
            self._take(table, Source(path, book, sheet))
            self.is_said.add(table)

    def _take_named_sheets(self) -> None:
        for table, form in self.files.items():
            if form.sheet is None or form.path is not None:
                continue
            books = [book for book in map(self.handed.book_or_none, self.handed.books) if book is not None]
            having = [(book, sheet) for book in books if (sheet := _named(book, form.sheet)) is not None]
            own = [one for one in having if one[0].path.stem.strip().casefold() == table]
            having = own or having
            if not having:
                raise UnreadableInputError(
                    f"{self.manifest}: files.{table}.sheet names {shown(form.sheet)}, which no workbook here has. "
                    "Correct the name of the sheet, or take the key out."
                )
            if len(having) > 1:
                raise UnreadableInputError(
                    f"{self.manifest}: files.{table}.sheet names {shown(form.sheet)}, which several workbooks have. "
                    f"Say in files.{table}.path which one."
                )
            self._take(table, Source(having[0][0].path, *having[0]))
            self.is_said.add(table)

    def _take_text(self, path: Path) -> None:
        table = path.stem.strip().casefold()
        if self._is_free(table, shown(path.name)):
            self._take(table, Source(path))
        elif path.suffix.casefold() == ".txt":
            if table not in self.all_tables:
                self.sources.remarks.append(
                    f"{shown(path.name)} is neither the manifest nor a file with tables, and was not read."
                )
        else:
            self.sources.others.append((_unknown(path), Source(path)))

    def _take_book(self, path: Path, taken: set[tuple[Path, str]]) -> None:
        stem = path.stem.strip().casefold()
        # The name of a workbook that is a whole submission says nothing.
        says_nothing = not self.handed.is_folder and self.handed.manifest_sheet is not None
        is_table = stem in self.all_tables and not says_nothing and stem not in self.is_said
        book = self.handed.book(path) if is_table or not self.handed.is_folder else self.handed.book_or_none(path)
        if book is None:
            self.sources.others.append((_unknown(path), Source(path)))
            return
        if is_table:
            sheet = self._sheet(book, stem, None)
            if (path, sheet) not in taken:
                self._take(stem, Source(path, book, sheet))
                taken.add((path, sheet))
        hidden: list[str] = []
        for facts in book.sheets:
            table = trimmed(facts.name).casefold()
            source = Source(path, book, facts.name)
            if (path, facts.name) in taken or (path, facts.name) == self.handed.manifest_sheet:
                continue
            if table == MANIFEST_SHEET and facts.n_rows:
                self.sources.remarks.append(f"{source.place()}: not read; the manifest is {self.manifest}.")
            elif self._is_free(table, source.place()):
                self._take(table, source)
            elif not explains(facts.name) or (table in self.all_tables):
                unknown = (
                    _unknown(path)
                    if book.kind == "parquet"
                    else UnknownTable(facts.name, book.name, facts.name, is_own(facts.name))
                )
                self.sources.others.append((unknown, source))
                if facts.is_hidden and facts.n_rows:
                    hidden.append(shown(trimmed(facts.name)))
        if hidden:
            are = "sheet is" if len(hidden) == 1 else "sheets are"
            they = "It was" if len(hidden) == 1 else "They were"
            self.sources.remarks.append(
                f"{shown(book.name)}: {len(hidden)} {are} hidden and no table of the standard: {', '.join(hidden)}. "
                f"{they} searched for personal data all the same. Whoever gets the file gets hidden sheets too: "
                "delete what is not needed."
            )

    def _is_free(self, table: str, place: str) -> bool:
        """Whether a file or sheet of this name is this table; says so where the manifest has taken it elsewhere."""
        if table in self.all_tables and table in self.is_said:
            self.sources.remarks.append(
                f"{place}: not read as the table {table}; the manifest takes it from {self.found[table][0].place()}."
            )
            return False
        return table in self.all_tables

    def _take(self, table: str, source: Source) -> None:
        self.found.setdefault(table, []).append(source)

    def _sheet(self, book: Book, table: str, form: FileForm | None) -> str:
        """Name the sheet of a workbook that holds this table."""
        if book.kind == "parquet":
            return ""
        if form is not None and form.sheet is not None:
            sheet = _named(book, form.sheet)
            if sheet is None:
                raise UnreadableInputError(
                    f"{self.manifest}: files.{table}.sheet names {shown(form.sheet)}, which {shown(book.name)} does "
                    "not have. Correct the name of the sheet, or take the key out."
                )
            return sheet
        sheet = _named(book, table)
        if sheet is not None:
            return sheet
        candidates = [facts for facts in book.sheets if self._may_be(book, facts)]
        filled = [facts for facts in candidates if facts.n_rows or facts.problem] or candidates
        seen = [facts for facts in filled if not facts.is_hidden] or filled
        if len(seen) != 1:
            names = ", ".join(shown(trimmed(facts.name)) for facts in seen[:5]) or "none that may be it"
            raise UnreadableInputError(
                f"{shown(book.name)}: which sheet is the table {table}? It has these: {names}. Name the sheet {table}, "
                f"or say in the manifest which one it is: files.{table}.sheet."
            )
        return seen[0].name

    def _may_be(self, book: Book, facts: SheetFacts) -> bool:
        name = trimmed(facts.name).casefold()
        return not (
            name in self.all_tables
            or explains(name)
            or name == MANIFEST_SHEET
            or is_own(name)
            or any(one.book is book and one.sheet == facts.name for found in self.found.values() for one in found)
        )

    def _twice(self, table: str, sources: list[Source]) -> UnreadableInputError:
        first, second = sources[:2]
        if first.book is not None and first.book is second.book:
            return UnreadableInputError(
                f"{shown(first.book.name)} has two sheets for the table {table}. Keep one of them."
            )
        return UnreadableInputError(
            f"{first.place()} and {second.place()} are two files for the same thing. Keep one of them in the folder, "
            f"or say in the manifest which one it is: files.{table}.path."
        )


def _named(book: Book, name: str) -> str | None:
    """Name of a sheet as the workbook has it, capitals and blanks around it aside."""
    names = [facts.name for facts in book.sheets]
    if name in names:
        return name
    return next((sheet for sheet in names if trimmed(sheet).casefold() == trimmed(name).casefold()), None)


def _unknown(path: Path) -> UnknownTable:
    # A name that is no text to this system holds half characters, which no report can write.
    file = path.name.encode("utf-8", "replace").decode("utf-8")
    return UnknownTable(Path(file).stem, file, "", is_own(file))
