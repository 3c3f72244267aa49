"""What the name of a column says about its contents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.definitions.screen import Columns
    from relmetrics.validation.screens.sources import Column

__all__ = ["folded", "says_so", "words_of"]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")
_NUMBERED = re.compile(r"( [0-9]+)+ $")
_OTHER = re.compile(r"[^a-z0-9]+")


def folded(text: str) -> str:
    """Text in small letters, without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).lower()


def words_of(name: str) -> str:
    """Words of a name with one blank before and behind each: ``HomePhone_2`` is `` home phone 2 ``."""
    return f" {_OTHER.sub(' ', folded(_CAMEL.sub(' ', name))).strip()} "


def says_so(columns: Columns, column: Column, release: Release, others: Iterable[str]) -> bool:
    """Whether the name of a column says that such data stand in it.

    Parameters
    ----------
    columns : Columns
        What names say so.
    column : Column
        Column that the standard does not know.
    release : Release
        Its tables tell which of them are about people.
    others : iterable of str
        Names of the other columns of its table.
    """
    name = words_of(column.header)
    bare = _NUMBERED.sub(" ", name[2:] if name.startswith(" x ") else name)
    if _has(name, columns.unless):
        return False
    if _has(name, columns.words) or _is(bare, columns.exactly):
        return True
    return _is(bare, columns.about_people) and _is_about_people(columns, column, release, others)


def _has(name: str, words: dict[str, tuple[str, ...]]) -> bool:
    # "firstname" is written as often as "first name".
    joined = name.split()
    return any(
        f" {entry} " in name or (" " in entry and entry.replace(" ", "") in joined)
        for entries in words.values()
        for entry in entries
    )


def _is(name: str, words: dict[str, tuple[str, ...]]) -> bool:
    squeezed = name.replace(" ", "")
    return any(squeezed == entry.replace(" ", "") for entries in words.values() for entry in entries)


def _is_about_people(columns: Columns, column: Column, release: Release, others: Iterable[str]) -> bool:
    if column.table:
        table = release.tables[column.table]
        return table.id == "people" or any(
            field.references is not None and field.references.table == "people" and field.id in table.key
            for field in table.fields
        )
    if _has(words_of(column.owner), columns.tables):
        return True
    return _has_person(others)


def _has_person(names: Iterable[str]) -> bool:
    wanted: Sequence[str] = ("person id", "person", "persona")
    return any(words_of(name).strip() in wanted for name in names)
