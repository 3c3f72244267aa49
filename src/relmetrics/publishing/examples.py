"""Cases of the deck as examples for people: small tables with the cell marked, and what is said about it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from relmetrics.definitions.codelist import Codelist
from relmetrics.definitions.rule import MANIFEST, Structure
from relmetrics.publishing.blocks import Block, Bullets, Grid, Paragraph, Words, code, words
from relmetrics.words import CODED_PARAMS, fill_sentences

__all__ = ["example"]

_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_MOST_ROWS = 9
"""An example with more rows is shown in part."""
_MOST_FINDINGS = 3
_LEFT_OUT = "…"
_BLANK = "␣"
_EMPTY = "(empty)"
# Said by nearly every case, to have the tables that it needs; it explains nothing where it is not the matter itself.
_UNSAID = "adoption_level"

Case = Mapping[str, Any]


def example(
    case: Case, check: Structure, base: Mapping[str, Any], codelists: Mapping[str, Codelist]
) -> Iterator[Block]:
    """Show a case: its title, its tables, and the messages that come of it.

    Parameters
    ----------
    case : mapping
        As it stands in the deck.
    check : Structure
        Whose case it is, for the message.
    base : mapping
        The manifest that every case begins with.
    codelists : mapping
        For params that are codes and are shown by their titles.
    """
    given, findings = case.get("given") or {}, list((case.get("expect") or {}).get("findings") or ())
    yield Paragraph(words(_sentence(str(case.get("title", "")))))
    tables = {name: list(csv.reader(io.StringIO(str(text)))) for name, text in (given.get("tables") or {}).items()}
    manifest = _manifest(given.get("manifest") or {}, base, findings)
    if manifest:
        yield manifest
    grids = [_grid(name, rows, findings) for name, rows in tables.items() if rows]
    yield from grids
    if any(_BLANK in text for grid in grids for row in grid.rows for text in row):
        yield Paragraph(words(f"The sign {_BLANK} stands for a blank."))
    if findings:
        yield Paragraph(words("What is said about it:"))
        yield Bullets(tuple(_said(one, check, tables, codelists) for one in findings[:_MOST_FINDINGS]))
    more = len(findings) - _MOST_FINDINGS
    if more > 0:
        yield Paragraph(words(f"And {more} more of the same kind."))


def _sentence(title: str) -> str:
    whole = title[:1].upper() + title[1:]
    return whole if whole.endswith((".", "?", "!")) else f"{whole}."


def _said(
    finding: Mapping[str, Any],
    check: Structure,
    tables: Mapping[str, list[list[str]]],
    codelists: Mapping[str, Codelist],
) -> Words:
    table, cell = str(finding.get("table") or ""), str(finding.get("cell") or "")
    file = str(finding.get("file") or (f"{table}.csv" if table and table != MANIFEST else "submission.yaml"))
    place = _CELL.fullmatch(cell)
    field = str(finding.get("field") or (_column_name(tables.get(table), cell) if place else ""))
    names = {
        "table": table,
        "field": field,
        "column": field or (place[1] if place else ""),
        "file": file,
        "cell": cell,
        "row": str(finding.get("row") or ""),
        "related_row": str(finding.get("related_row") or ""),
        **{str(name): str(value) for name, value in (finding.get("params") or {}).items()},
    }
    for name, codelist in CODED_PARAMS.items():
        known = codelists[codelist].by_code if codelist in codelists else {}
        if names.get(name) in known:
            names[name] = known[names[name]].title_en
    where = words(code(file), f", {cell}") if cell else words(code(file), f", {field}" if field else "")
    return words(where, ": ", fill_sentences(check.message["en"], names))


def _column_name(rows: list[list[str]] | None, cell: str) -> str:
    column = _place(cell)[1]
    return rows[0][column] if rows and column < len(rows[0]) else ""


def _place(cell: str) -> tuple[int, int]:
    found = _CELL.fullmatch(cell)
    if found is None:
        return -1, -1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _grid(name: str, rows: list[list[str]], findings: Sequence[Mapping[str, Any]]) -> Grid:
    mine = [one for one in findings if name in (one.get("table"), str(one.get("file") or "").removesuffix(".csv"))]
    marked = {_place(str(one.get("cell") or "")) for one in mine}
    related = {int(one["related_row"]) - 1 for one in mine if one.get("related_row")}
    wanted = _rows_shown(len(rows), sorted({row for row, _ in marked if row > 0} | related))
    width = max(len(row) for row in rows)
    cells, numbers, marks = [], [], set()
    for place, number in enumerate(wanted):
        row = [] if number is None else rows[number]
        shown = [_visible(text) for text in row] + [_LEFT_OUT if number is None else ""] * (width - len(row))
        for column, text in enumerate(shown):
            if (number, column) in marked:
                marks.add((place, column))
                shown[column] = text or _EMPTY
        cells.append(tuple(shown))
        numbers.append(_LEFT_OUT if number is None else str(number + 1))
    return Grid(name, tuple(cells), tuple(numbers), frozenset(marks))


def _rows_shown(n_rows: int, marked: list[int]) -> list[int | None]:
    """Rows that are shown; None where some are left out."""
    if n_rows <= _MOST_ROWS:
        return list(range(n_rows))
    kept = sorted({*range(4), *(row for row in marked[:4] if row < n_rows), n_rows - 1})
    found: list[int | None] = []
    for row in kept:
        if found and found[-1] is not None and row > found[-1] + 1:
            found.append(None)
        found.append(row)
    return found


def _visible(text: str) -> str:
    """Show what cannot be seen: blanks at the ends or in a row, and signs that no printer prints."""
    blanks = re.sub(r"^ +| +$|(?<= ) +| +(?= )", lambda found: _BLANK * len(found[0]), text)
    return "".join(sign if sign.isprintable() else f"⟨U+{ord(sign):04X}⟩" for sign in blanks)


def _manifest(
    changed: Mapping[str, Any], base: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]
) -> Grid | None:
    pointed = {str(one.get("field") or "") for one in findings if one.get("table") == MANIFEST}
    values = {**dict(_flat(base)), **dict(_flat(changed))}
    named = [name for name, _ in _flat(changed) if name != _UNSAID or pointed or MANIFEST in changed]
    keys = list(dict.fromkeys([*named, *(name for name in values if name in pointed)]))
    if not keys:
        return None
    rows = tuple((key, _visible(values.get(key, "")) or (_EMPTY if key in pointed else "")) for key in keys)
    marked = frozenset((place + 1, 1) for place, key in enumerate(keys) if key in pointed)
    return Grid("submission.yaml", (("key", "value"), *rows), ("", *("" for _ in rows)), marked)


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            text = (
                ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
            )
            yield f"{before}{name}", text
