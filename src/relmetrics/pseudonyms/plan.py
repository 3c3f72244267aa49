"""Which columns hold ids, which come along as they are, and which are left out, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relmetrics.errors import UsageError
from relmetrics.pseudonyms.key import PEOPLE
from relmetrics.submission.columns import MOST_COLUMNS, shown, trimmed
from relmetrics.submission.submission import column_letter

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Release, Table
    from relmetrics.submission import Submission

__all__ = ["Column", "Left", "Plan", "PlannedTable", "kind_of", "make_plan"]

_OWN_VOCABULARY = frozenset({"lines", "survey_items", "reviews", "reference_population"})
"""Tables whose ids are a vocabulary that readers need (``language``, ``spanish``); screens of their own judge them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the output.

    Attributes
    ----------
    name : str
        Its header.
    field : Field or None
        The standard's; None for a column of one's own.
    position : int
        Of a column of one's own, where it stood.
    kind : str
        Table in which the ids that stand in it are at home, or empty.
    is_text : bool
        Words that somebody wrote; they are looked through.
    place : str
        Where it stood, for a sentence: file and letter.
    """

    name: str
    field: Field | None
    position: int
    kind: str
    is_text: bool
    place: str


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """A table of the output; `table` is the standard's, or empty for one's own with its cells in `relation`."""

    name: str
    table: str
    relation: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A column, or a whole table, that is left out.

    Attributes
    ----------
    place : str
        File, sheet, letter of the column.
    name : str
        As given; empty where it may itself be personal data.
    why : str
        Code of the reason: ``unknown``, ``own``, ``blank``, ``repeated``, ``label``, ``unread``, or id of a screen.
    """

    place: str
    name: str
    why: str


@dataclass
class Plan:
    """What comes along and what does not.

    Attributes
    ----------
    asked, spared : set of str
        Kinds of ids that are to be replaced, or to stay as they are, because somebody named such a column.
    """

    tables: list[PlannedTable] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    spared: set[str] = field(default_factory=set)


def kind_of(release: Release, table: Table, field: Field) -> str:
    """Table in which the ids of a field are at home: ``people`` for persons, empty where it holds no such ids."""
    if field.references is not None:
        home = release.tables.get(field.references.table)
        return home.id if home is not None and home.id not in _OWN_VOCABULARY else ""
    if field.type != "id":
        return ""
    if field.id == "coder":  # coders stand in no table, and are people all the same
        return PEOPLE
    return table.id if field.id in table.key and table.id not in _OWN_VOCABULARY | {"person_lines"} else ""


def make_plan(
    submission: Submission,
    id_columns: Sequence[str],
    keep: Sequence[str],
    told: Mapping[tuple[str, str, int], str],
    nameless: Collection[tuple[str, str, int]],
) -> Plan:
    """Decide about every column of a submission.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    id_columns, keep : sequence of str
        Columns as ``table.column``: of one's own that hold ids of people; that come along all the same.
    told : mapping
        By file, sheet and position of a column, the screen that found personal data there.
    nameless : collection
        Columns whose name is itself personal data.

    Raises
    ------
    UsageError
        A column that is named is not there, or cannot be kept.
    """
    wanted = _Wanted(id_columns, keep)
    plan = Plan()
    release = submission.release
    for read in submission.tables.values():
        table = release.tables[read.id]
        columns: list[Column] = []
        for one in read.columns:
            place = _place(read.file, read.sheet, one.letter)
            at = (read.file, read.sheet, one.position)
            known = table.by_id.get(one.field) if one.kind == "field" else None
            if known is not None:
                is_kept = wanted.keeps(table.id, known.id)
                is_label = known.type in ("label", "public_text")
                kind = kind_of(release, table, known)
                if kind == PEOPLE and is_kept:
                    raise UsageError(f"{table.id}.{known.id} holds the ids of people, and is never kept as it is.")
                if wanted.is_id(table.id, known.id):
                    if not kind:
                        raise UsageError(f"{table.id}.{known.id} is a column of the standard that holds no such ids.")
                    plan.asked.add(kind)
                elif is_kept and kind:
                    plan.spared.add(kind)
                if is_label and not known.required and not is_kept:
                    plan.left.append(Left(place, known.id, "label"))
                else:
                    columns.append(
                        Column(known.id, known, one.position, kind, is_label or _is_word(known, kind), place)
                    )
                continue
            name = trimmed(one.header)
            is_id = one.kind != "blank" and wanted.is_id(table.id, name)
            is_kept = one.kind != "blank" and wanted.keeps(table.id, name)
            if (is_id or is_kept) and one.kind != "repeated":
                columns.append(Column(name, None, one.position, PEOPLE if is_id else "", not is_id, place))
            else:
                shown_name = "" if at in nameless else shown(name)
                plan.left.append(Left(place, shown_name, told.get(at, one.kind)))
        if columns:
            columns.sort(key=lambda column: _order(table, column))
            plan.tables.append(PlannedTable(table.id, table.id, "", tuple(columns)))
    _plan_others(submission, wanted, told, nameless, plan)
    wanted.refuse_what_is_not_there()
    return plan


def _plan_others(
    submission: Submission,
    wanted: _Wanted,
    told: Mapping[tuple[str, str, int], str],
    nameless: Collection[tuple[str, str, int]],
    plan: Plan,
) -> None:
    """Tables that the standard does not know come along only with the columns that were named."""
    for other in submission.unknown_tables:
        own = [] if other.is_unread else list(enumerate(other.header[:MOST_COLUMNS]))
        columns, left, seen = [], [], set[str]()
        for position, header in own:
            name, place = trimmed(header), _place(other.file, other.sheet, column_letter(position))
            if not name:
                continue
            at = (other.file, other.sheet, position)
            is_id, is_kept = wanted.is_id(other.name, name), wanted.keeps(other.name, name)
            if (is_id or is_kept) and name.casefold() not in seen:
                columns.append(Column(name, None, position, PEOPLE if is_id else "", not is_id, place))
            else:
                left.append(Left(place, "" if at in nameless else shown(name), told.get(at, "unknown")))
            seen.add(name.casefold())
        if columns:
            plan.tables.append(PlannedTable(trimmed(other.name), "", other.relation, tuple(columns)))
            plan.left += left
        else:
            place = f"{shown(other.file)}, sheet {shown(trimmed(other.sheet))}" if other.sheet else shown(other.file)
            plan.left.append(Left(place, "", "unread" if other.is_unread else "table"))
            plan.left += [one for one in left if one.why != "unknown"]


def _is_word(field: Field, kind: str) -> bool:
    """Whether ids of a vocabulary stand in it: they are words, too."""
    return field.type == "id" and not kind


def _order(table: Table, column: Column) -> tuple[int, int]:
    ids = list(table.by_id)
    return (ids.index(column.field.id), 0) if column.field is not None else (len(ids), column.position)


def _place(file: str, sheet: str, letter: str) -> str:
    return f"{shown(file)}, {f'sheet {shown(trimmed(sheet))}, ' if sheet else ''}column {letter}"


class _Wanted:
    """Columns that were named on the command line, and which of them were met."""

    def __init__(self, id_columns: Sequence[str], keep: Sequence[str]) -> None:
        self._ids = {_split(one, "--id-column"): one for one in id_columns}
        self._keep = {_split(one, "--keep"): one for one in keep}
        self._met: set[tuple[str, str]] = set()

    def is_id(self, table: str, column: str) -> bool:
        return self._has(self._ids, table, column)

    def keeps(self, table: str, column: str) -> bool:
        return self._has(self._keep, table, column)

    def refuse_what_is_not_there(self) -> None:
        missing = [given for at, given in (self._ids | self._keep).items() if at not in self._met]
        if missing:
            names = ", ".join(map(shown, missing))
            raise UsageError(
                f"There is no column {names} in what you handed in. Write the name of the table (the file or sheet "
                "without its ending), a dot, and the name of the column as it stands in its first row."
            )

    def _has(self, given: Mapping[tuple[str, str], str], table: str, column: str) -> bool:
        at = (trimmed(table).casefold(), trimmed(column).casefold())
        if at in given:
            self._met.add(at)
        return at in given


def _split(given: str, option: str) -> tuple[str, str]:
    table, dot, column = given.partition(".")
    if not dot or not trimmed(table) or not trimmed(column):
        raise UsageError(f"{option} {shown(given)}: write table.column, for example {option} one_to_ones.x_host.")
    return trimmed(table).casefold(), trimmed(column).casefold()
