"""What inspection says of a file: its tables, their columns, and what is odd. No value of the file is among it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "InspectedColumn",
    "InspectedTable",
    "Inspection",
    "Level",
    "LineRun",
    "Look",
    "Looked",
    "Oddity",
    "Personal",
    "ValueKind",
]

ValueKind = Literal[
    "empty", "integer", "decimal", "date", "month", "date_time", "time", "other_date", "epoch", "yes_no", "list", "text"
]

Level = Literal["first", "second", "note"]
"""How soon a reader should know: what harms people or is read wrongly; what has to be declared or mended; the rest."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that is odd, without a value of the file.

    Attributes
    ----------
    id : str
        What it is; the sentence stands in the words under ``inspection.odd.<id>``.
    columns : tuple of str
        Letters of the columns it is about; empty where it is about the whole table.
    n : int
        How many cells, rows, lines or columns; 0 where nothing is counted.
    row : int
        The first row in which it is seen, as a spreadsheet shows it; 0 where it has none.
    params : mapping
        Codes, numbers, names of columns and the like for the sentence; never a value.
    titles : tuple of mapping
        Of personal data: by language, what kinds they are.
    """

    id: str
    level: Level
    columns: tuple[str, ...] = ()
    n: int = 0
    row: int = 0
    params: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LineRun:
    """Lines of a text file that are in one encoding and hold more than ASCII.

    Attributes
    ----------
    ranges : tuple of (first, last)
        The first such lines, neighbors together.
    """

    encoding: str
    n_lines: int
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class InspectedColumn:
    """One column.

    Attributes
    ----------
    kind : str
        What its filled cells are; the kind of nearly all of them where a few differ (an oddity says so).
    n_filled, n_different : int
        Cells that are not blank, and how many different texts stand in them.
    form : str
        How the values are written, for example ``DD/MM/YYYY``; empty where the kind says it all.
    """

    letter: str
    header: str
    kind: ValueKind
    n_filled: int
    n_different: int = 0
    form: str = ""


@dataclass(frozen=True, slots=True)
class InspectedTable:
    """One text file, one sheet, or one Parquet file.

    Attributes
    ----------
    encoding, delimiter, line_end : str
        Empty for a sheet.
    has_bom : bool
        The file begins with a byte order mark.
    lines : tuple of LineRun
        Where the lines of a file are not all in one encoding: which are.
    header_row : int
        0 where nothing is filled, or no row looks like names of columns.
    manifest : mapping
        What the manifest would have to say about the file under ``files``.
    """

    file: str
    sheet: str
    encoding: str
    delimiter: str
    header_row: int
    n_rows: int
    columns: tuple[InspectedColumn, ...]
    oddities: tuple[Oddity, ...]
    line_end: str = ""
    has_bom: bool = False
    lines: tuple[LineRun, ...] = ()
    manifest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is: one table for a text file, one a sheet for a workbook, those of all its files for a folder.

    Attributes
    ----------
    oddities : tuple of Oddity
        What is odd about several files together.
    unread : tuple of str
        Why a file of a folder could not be looked at, a sentence each.
    """

    file: str
    tables: tuple[InspectedTable, ...]
    oddities: tuple[Oddity, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """A table as whoever looks for personal data needs it.

    Attributes
    ----------
    relation : str
        SQL name of a relation with the columns ``_row`` and ``c0``, ``c1``, …, one for each name in `header`.
    in_cells : frozenset of int
        Positions of the columns whose cells can hold personal data: a column of small numbers cannot.
    """

    relation: str
    file: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    in_cells: frozenset[int]


@dataclass(frozen=True, slots=True)
class Personal:
    """A column that looks like personal data.

    Attributes
    ----------
    table, position : int
        Which of the tables given, and which column of it.
    screen : str
        Id of what found it.
    title : mapping
        By language, what kind of personal data.
    is_name : bool
        The name of the column says so.
    n_cells : int
        Cells that look like it.
    is_in_name : bool
        Such data stand in the place of the name: the first row is one of data, or a column is called after a person.
    """

    table: int
    position: int
    screen: str
    title: Mapping[str, str]
    is_name: bool
    n_cells: int
    is_in_name: bool = False


Look = Callable[["duckdb.DuckDBPyConnection", Sequence[Looked]], Iterable[Personal]]
"""Somebody who looks for personal data: a layer above this one, which knows how they look."""
