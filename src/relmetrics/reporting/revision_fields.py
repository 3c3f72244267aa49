"""What happened to single columns between two submissions: sentences, and small grids of codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain
from relmetrics.revision.row_changes import NOT_READABLE

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Release
    from relmetrics.revision import CodeChange, FieldRevision
    from relmetrics.words import Words

__all__ = ["Grid", "field_grids", "field_sentences", "noun"]

_MOST_SENTENCES = 3
_KINDS = ("filled", "emptied", "mended", "spoilt", "rewritten")


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table: its caption, the heads of its columns, and rows of which the first cell is a head too."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def noun(words: Words, table: str, n: int) -> str:
    """Call the rows of a table by what they are: conversations, events."""
    key = f"revision.noun.{table}" if words.has(f"revision.noun.{table}.one") else "revision.noun.other"
    return words.say(f"{key}.{'one' if n == 1 else 'other'}")


def field_sentences(release: Release, words: Words, table: str, fields: Iterable[FieldRevision]) -> Iterable[str]:
    """Say the most frequent changes of codes in a table, at most three."""
    found = [(change, one.field) for one in fields for change in one.codes]
    found.sort(key=lambda item: -item[0].n)
    for change, field_id in found[:_MOST_SENTENCES]:
        field = release.tables[table].by_id[field_id]
        key = "code_changed"
        if field.type == "codes":
            key = "code_added" if change.before is None else "code_removed"
        yield words.count(
            f"revision.{key}",
            change.n,
            noun=noun(words, table, change.n),
            field=words.text(field.title),
            before=_code(release, words, field, change.before),
            after=_code(release, words, field, change.after),
        )


def field_grids(release: Release, words: Words, table: str, fields: Sequence[FieldRevision]) -> tuple[Grid, ...]:
    """Make the grid of the columns that changed, and one for each column of codes."""
    if not fields:
        return ()
    known = release.tables[table].by_id
    kinds = [kind for kind in _KINDS if any(getattr(one, f"n_{kind}") for one in fields)]
    heads = (words.say("revision.column.field"), *(words.say(f"revision.column.{kind}") for kind in kinds))
    rows = tuple(
        (words.text(known[one.field].title), *(f"{getattr(one, f'n_{kind}'):,}" for kind in kinds)) for one in fields
    )
    grids = [Grid("", heads, rows)]
    for one in fields:
        if one.codes:
            make = _several if known[one.field].type == "codes" else _matrix
            grids.append(make(release, words, known[one.field], one.codes))
    return tuple(grids)


def _matrix(release: Release, words: Words, field: Field, changes: Sequence[CodeChange]) -> Grid:
    ordered = _in_order(release, field, {code for change in changes for code in (change.before, change.after)})
    befores = [code for code in ordered if any(change.before == code for change in changes)]
    afters = [code for code in ordered if any(change.after == code for change in changes)]
    numbers = {(change.before, change.after): change.n for change in changes}
    rows = tuple(
        (
            _code(release, words, field, before),
            *(f"{numbers[before, after]:,}" if (before, after) in numbers else "" for after in afters),
        )
        for before in befores
    )
    heads = ("", *(_code(release, words, field, after) for after in afters))
    return Grid(words.say("revision.matrix", field=words.text(field.title)), heads, rows)


def _several(release: Release, words: Words, field: Field, changes: Sequence[CodeChange]) -> Grid:
    added: dict[str | None, int] = {change.after: change.n for change in changes if change.before is None}
    removed: dict[str | None, int] = {change.before: change.n for change in changes if change.before is not None}
    heads = tuple(words.say(f"revision.column.{name}") for name in ("code", "code_added", "code_removed"))
    rows = tuple(
        (_code(release, words, field, code), f"{added.get(code, 0):,}", f"{removed.get(code, 0):,}")
        for code in _in_order(release, field, added.keys() | removed.keys())
    )
    return Grid(words.say("revision.matrix_codes", field=words.text(field.title)), heads, rows)


def _in_order(release: Release, field: Field, codes: Iterable[str | None]) -> list[str | None]:
    """Codes as the list has them, then empty, then not readable."""
    known = release.codelists.get(field.codelist or "")
    places = {code: place for place, code in enumerate(known.by_code)} if known is not None else {}
    last = {None: len(places) + 1, NOT_READABLE: len(places) + 2}
    return sorted(codes, key=lambda code: (last.get(code, places.get(code or "", len(places))), code or ""))


def _code(release: Release, words: Words, field: Field, code: str | None) -> str:
    if code is None:
        return words.say("revision.empty")
    if code == NOT_READABLE:
        return words.say("revision.not_readable")
    return plain(coded(release, field.codelist or "", code).title, 64)
