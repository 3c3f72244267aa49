"""What files are, as inspection found it: in words, for every format. No value of a file is among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting.escaping import plain, prose

if TYPE_CHECKING:
    from relmetrics.submission.inspection import InspectedColumn, InspectedTable, Inspection, LineRun, Oddity
    from relmetrics.words import Words

__all__ = ["ColumnView", "InspectionView", "OddityGroup", "TableView", "sentence_of", "view_inspection"]

_MOST_NAMED = 6
_MOST_LINES = 8
_FOLDED_FROM = 8
_LEVELS = ("first", "second", "note")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column, or several alike that stand side by side."""

    letter: str
    header: str
    kind: str
    filled: str
    different: str


@dataclass(frozen=True, slots=True)
class OddityGroup:
    """Sentences of one level, with its heading."""

    level: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One text file or one sheet.

    Attributes
    ----------
    manifest : tuple of str
        Lines for the manifest.
    """

    name: str
    form: str
    columns: tuple[ColumnView, ...]
    groups: tuple[OddityGroup, ...]
    manifest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InspectionView:
    """Files for a reader.

    Attributes
    ----------
    together : tuple of str
        What is odd about several files together.
    unread : tuple of str
        Why some could not be looked at.
    """

    title: str
    tables: tuple[TableView, ...]
    together: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def view_inspection(inspection: Inspection, words: Words) -> InspectionView:
    """Make the view of `inspection`."""
    n_files = len({table.file for table in inspection.tables}) + len(inspection.unread)
    title = "inspection.title_several" if n_files > 1 else "page.title_inspection"
    return InspectionView(
        title=words.say(title, file=plain(inspection.file, 120)),
        tables=tuple(_table(table, words) for table in inspection.tables),
        together=tuple(sentence_of(oddity, (), (), words) for oddity in inspection.oddities),
        unread=tuple(prose(sentence) for sentence in inspection.unread),
    )


def sentence_of(oddity: Oddity, columns: Sequence[InspectedColumn], lines: Sequence[LineRun], words: Words) -> str:
    """Write an oddity as a sentence.

    Parameters
    ----------
    columns : sequence of InspectedColumn
        The columns of its table.
    lines : sequence of LineRun
        The encodings of its file by line.
    """
    key = oddity.id
    if key == "personal":
        key = f"personal_{oddity.params.get('by', 'cells')}"
    elif key == "list" and oddity.params.get("spaced"):
        key = "list_spaced"
    params = {name: plain(value, 400) for name, value in oddity.params.items()}
    if "kind" in params:
        params["kind"] = words.say(f"inspection.kind.{params['kind']}", form="")
    if "encoding" in params:
        params["encoding"] = _encoding(params["encoding"], words)
    names = {column.letter: column.header for column in columns}
    text = words.say(
        f"inspection.odd.{key}",
        **params
        | {
            "columns": _columns(oddity.columns, names, words),
            "n": words.count("rows", oddity.n) if key == "rows_above" else f"{oddity.n:,}",
            "cells": words.count("inspection.cells", oddity.n),
            "rows": words.count("rows", oddity.n),
            "days": words.count("inspection.days", oddity.n),
            "row": f"{oddity.row:,}",
            "first": words.say("inspection.first_row", row=f"{oddity.row:,}"),
            "kinds": ", ".join(_small(words.text(title)) for title in oddity.titles),
            "lines": ", ".join(_lines(run, words) for run in lines),
        },
    )
    return prose(text, 1200)


def _table(table: InspectedTable, words: Words) -> TableView:
    say = words.say
    file, sheet = plain(table.file, 120), plain(table.sheet, 60)
    form = [words.count("rows", table.n_rows)]
    if table.header_row:
        form.append(say("inspection.header_row", row=table.header_row))
    elif table.n_rows:
        form.append(say("inspection.no_names"))
    if table.encoding:
        form.append(say("inspection.encoding", encoding=_encoding(table.encoding, words)))
    if table.has_bom:
        form.append(say("inspection.has_bom"))
    if table.delimiter:
        key = {"\t": "inspection.tab", " ": "inspection.blank"}.get(table.delimiter, "inspection.delimiter")
        form.append(say(key, delimiter=plain(table.delimiter, 5)))
    if table.line_end in ("crlf", "cr"):
        form.append(say(f"inspection.line_end.{table.line_end}"))
    groups = []
    for level in _LEVELS:
        sentences = [
            sentence_of(oddity, table.columns, table.lines, words) for oddity in table.oddities if oddity.level == level
        ]
        if sentences:
            groups.append(OddityGroup(level, say(f"inspection.level.{level}"), tuple(sentences)))
    return TableView(
        name=say("place.sheet", file=file, sheet=sheet) if sheet else file,
        form=", ".join(form) + ".",
        columns=tuple(_folded(table, words)),
        groups=tuple(groups),
        manifest=_manifest(table),
    )


def _folded(table: InspectedTable, words: Words) -> list[ColumnView]:
    """Columns one by one, but dozens that are one list laid side by side in one line."""
    folded: dict[str, tuple[str, ...]] = {}
    for oddity in table.oddities:
        if oddity.id == "wide" and len(oddity.columns) >= _FOLDED_FROM:
            folded |= dict.fromkeys(oddity.columns, oddity.columns)
    found: list[ColumnView] = []
    run: list[InspectedColumn] = []

    def close() -> None:
        if len(run) < _FOLDED_FROM:
            found.extend(_column(column, words) for column in run)
        else:
            first, last = _column(run[0], words), _column(run[-1], words)
            found.append(
                ColumnView(
                    words.say("inspection.to", first=first.letter, last=last.letter),
                    words.say("inspection.names_to", first=first.header, last=last.header, n=f"{len(run):,}"),
                    first.kind,
                    f"{sum(column.n_filled for column in run):,}",
                    "",
                )
            )
        run.clear()

    for column in table.columns:
        group = folded.get(column.letter)
        is_same = bool(run) and group is not None and group is folded.get(run[-1].letter)
        if not is_same or column.kind not in (run[0].kind, "empty"):
            close()
        run.append(column)
    close()
    return found


def _column(column: InspectedColumn, words: Words) -> ColumnView:
    key = f"inspection.kind_form.{column.kind}"
    if not column.form or not words.has(key):
        key = f"inspection.kind.{column.kind}"
    return ColumnView(
        plain(column.letter, 5),
        plain(column.header, 80).strip() or words.say("inspection.without_name"),
        words.say(key, form=plain(column.form, 40)),
        f"{column.n_filled:,}",
        f"{column.n_different:,}",
    )


def _columns(letters: Sequence[str], names: dict[str, str], words: Words) -> str:
    def named(letter: str) -> str:
        name = prose(names.get(letter, ""), 40)
        return f"{letter} ({name})" if name else letter

    if len(letters) == 1:
        letter = letters[0]
        name = prose(names.get(letter, ""), 40)
        if name:
            return words.say("inspection.column_named", letter=letter, name=name)
        return words.say("inspection.column", letter=letter)
    listed = ", ".join(named(letter) for letter in letters[:_MOST_NAMED])
    if len(letters) > _MOST_NAMED:
        listed = words.say("inspection.and_more", names=listed, n=f"{len(letters) - _MOST_NAMED:,}")
    return words.say("inspection.columns_named", names=listed)


def _lines(run: LineRun, words: Words) -> str:
    listed = ", ".join(f"{a:,}" if a == b else f"{a:,}–{b:,}" for a, b in run.ranges[:_MOST_LINES])
    told = sum(b - a + 1 for a, b in run.ranges[:_MOST_LINES])
    if run.n_lines > told:
        listed = words.say("inspection.and_more", names=listed, n=f"{run.n_lines - told:,}")
    lines = words.count("inspection.lines", run.n_lines)
    return words.say("inspection.lines_in", lines=lines, encoding=_encoding(run.encoding, words), numbers=listed)


def _encoding(name: str, words: Words) -> str:
    key = f"inspection.encoding_name.{name.replace('-', '_')}"
    return words.say(key) if words.has(key) else plain(name, 30)


def _manifest(table: InspectedTable) -> tuple[str, ...]:
    if not table.manifest:
        return ()
    quoted = {"\t": '"\\t"'}
    entries = [f"    {key}: {quoted.get(value) or _yaml(value)}" for key, value in table.manifest.items()]
    return ("files:", "  TABLE:", *(plain(entry, 200) for entry in entries))


def _yaml(value: str) -> str:
    return value if value.isalnum() or value.replace("/", "").replace("-", "").isalnum() else f'"{value}"'


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]
