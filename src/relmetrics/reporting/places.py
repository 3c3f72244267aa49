"""Where a finding is, and what it says there: as a spreadsheet names places, with nothing of a cell's content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain
from relmetrics.words import CODED_PARAMS, fill_sentences, placeholders, sentences

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.validation.finding import Finding, Place
    from relmetrics.words import Words

__all__ = [
    "column_letters",
    "column_number",
    "message_of",
    "shared_sentences",
    "title_of",
    "where",
    "without_values",
]

_LETTERS = re.compile(r"^[A-Z]{1,3}")
_NAMES = re.compile(r"(?:coalesce\()?((?:[a-z_0-9]+\.)?[a-z_0-9]+)(?:, *((?:[a-z_0-9]+\.)?[a-z_0-9]+)\))?")
_CODES = frozenset({"code", "codes", "ynu"})


def column_letters(cell: str) -> str:
    """Letters of the column of a cell: ``C`` for ``C14``; empty where there is no cell.

    Examples
    --------
    >>> column_letters("AB14")
    'AB'
    """
    letters = _LETTERS.match(cell)
    return letters[0] if letters else ""


def column_number(cell: str) -> int:
    """Number of the column of a cell, counted from 1; 0 where there is no cell.

    Examples
    --------
    >>> column_number("AB14")
    28
    """
    number = 0
    for letter in column_letters(cell):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def where(place: Finding | Place, words: Words) -> str:
    """Name a place as a spreadsheet does: file, sheet, cell; or row; or what there is."""
    names = {
        "file": plain(place.file, 120),
        "sheet": plain(place.sheet, 60),
        "cell": plain(place.cell, 20),
        "row": "" if place.row is None else f"{place.row:,}",
        "table": plain(place.table, 64),
        "key": plain(place.field, 64),
    }
    if place.table == MANIFEST:
        form = "manifest_sheet" if names["sheet"] else "manifest_line"
        return words.say(f"place.{form}" if names["row"] else "place.manifest", **names)
    if not names["file"]:
        return words.say("place.table", **names) if names["table"] else words.say("place.submission")
    if names["cell"]:
        return words.say("place.sheet_cell" if names["sheet"] else "place.cell", **names)
    if names["row"]:
        return words.say("place.sheet_row" if names["sheet"] else "place.row", **names)
    return words.say("place.sheet" if names["sheet"] else "place.file", **names)


def title_of(rule: str, release: Release, words: Words) -> str:
    """Title of a rule, constraint or screen; its id where the release does not know it."""
    texts = release.texts_of(rule)
    return words.text(texts.title) if texts is not None else plain(rule, 64)


def message_of(template: str, finding: Finding, release: Release) -> str:
    """Fill a rule's text from a finding: its params, and where it stands; all made harmless.

    A sentence of which a placeholder is empty is left out: "Perhaps '{nearest}' is meant." where nothing is near.
    """
    names: dict[str, str] = {
        "table": finding.table,
        "field": finding.field,
        "column": finding.field or column_letters(finding.cell),
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "row": "" if finding.row is None else str(finding.row),
        "shape": finding.shape,
        **_related(finding),
        **finding.params,
    }
    wanted = placeholders(template)
    for name in wanted & CODED_PARAMS.keys() & names.keys():
        names[name] = coded(release, CODED_PARAMS[name], names[name]).title
    return fill_sentences(template, {name: plain(str(names[name]), 300) for name in wanted & names.keys()})


def without_values(finding: Finding, release: Release) -> Finding:
    """Return the finding as a machine may have it: without the numbers of a row that some rules give in their message.

    A reader sees "This conversation is said to have lasted 600 minutes", and sees the row as well. What goes into a
    build server's log keeps counts and differences, and leaves out what stands in one cell. Codes of the standard stay.
    """
    hidden = _params_of_cells(release, finding.rule, finding.table) & finding.params.keys()
    if not hidden:
        return finding
    return replace(finding, params={name: text for name, text in finding.params.items() if name not in hidden})


def _params_of_cells(release: Release, rule: str, table: str) -> frozenset[str]:
    known = release.rules.get(rule)
    if known is None or not known.params or table not in release.tables:
        return frozenset()
    found = set()
    for name, text in known.params.items():
        match = _NAMES.fullmatch(text.strip())
        fields = [field for field in match.groups() if field] if match is not None else []
        if any(_is_of_a_cell(release, table, field) for field in fields):
            found.add(name)
    return frozenset(found)


def _is_of_a_cell(release: Release, table: str, name: str) -> bool:
    """Whether a name in a rule is a field whose values are no codes; of another table, whichever has such a field."""
    of_other, _, field = name.rpartition(".")
    tables = release.tables.values() if of_other else (release.tables[table],)
    return any(field in one.by_id and one.by_id[field].type not in _CODES for one in tables)


def _related(finding: Finding) -> dict[str, str]:
    if not finding.related:
        return {}
    first = finding.related[0]
    return {"related_row": "" if first.row is None else str(first.row), "related_table": first.table}


def shared_sentences(texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Split texts into the sentences that all of them have, told once, and what is left of each.

    Examples
    --------
    >>> shared_sentences(["Use a code. Perhaps 'team' is meant.", "Use a code."])
    ('Use a code.', ("Perhaps 'team' is meant.", ''))
    """
    if len(set(texts)) <= 1:
        return (texts[0] if texts else ""), ("",) * len(texts)
    split = [sentences(text) for text in texts]
    common = set(split[0]).intersection(*split[1:])
    return (
        " ".join(sentence for sentence in split[0] if sentence in common),
        tuple(" ".join(sentence for sentence in own if sentence not in common) for own in split),
    )
