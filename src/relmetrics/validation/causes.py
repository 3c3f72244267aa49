"""Findings that another finding brings about: who mends the cause mends them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST, Rule
from relmetrics.validation.references import lookup_of

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.validation.locating import Breach

__all__ = ["link_causes"]


def link_causes(release: Release, breaches: Iterable[Breach]) -> None:
    """Link each finding to the one that brings it about, where that is known.

    A reference that leads nowhere is linked to the row that it means, where that row is there with an unusable key, or
    to a quotation mark in that table that swallowed the rows below it.
    Any other finding is linked to a finding of a check that its rule names under ``explained_by``: about the same row
    or column, about a row that it points at, about the record that its own key refers to, or about the manifest.

    Parameters
    ----------
    release : Release
        The standard.
    breaches : iterable of Breach
        All that were found; those that have a cause get it.
    """
    listed = list(breaches)
    _link_references(release, listed)
    _link_explained(release, listed)


def _link_references(release: Release, listed: Sequence[Breach]) -> None:
    broken: dict[tuple[str, str, str], Breach] = {}
    swallowed: dict[str, Breach] = {}
    for breach in listed:
        if breach.constraint.id == "unclosed_quote":
            swallowed.setdefault(breach.table, breach)
        if breach.constraint.id == "id_pattern" and breach.field in release.tables[breach.table].key:
            broken.setdefault((breach.table, breach.field, _folded(breach.text)), breach)
    if not broken and not swallowed:
        return
    for breach in listed:
        if breach.constraint.id == "dangling_reference" and breach.cause is None:
            lookup = lookup_of(release, release.tables[breach.table].by_id[breach.field])
            if lookup is not None:
                unusable = broken.get((lookup.table.id, lookup.theirs[-1], _folded(breach.text)))
                # A quotation mark that nobody closed takes all the rows below it along.
                breach.cause = unusable or swallowed.get(lookup.table.id)


def _link_explained(release: Release, listed: Sequence[Breach]) -> None:
    names = {name for breach in listed for name in breach.constraint.explained_by}
    causes: dict[tuple[object, ...], Breach] = {}
    for breach in listed:
        if breach.constraint.id in names:
            for place in _places_explained(breach):
                causes.setdefault((breach.constraint.id, *place), breach)
            if breach.key and not _is_about_text(breach):
                causes.setdefault((breach.constraint.id, "key", breach.table, breach.key), breach)
    if not causes:
        return
    for breach in listed:
        if breach.cause is None and breach.constraint.explained_by:
            breach.cause = next(
                (
                    causes[at]
                    for name in breach.constraint.explained_by
                    for at in _where_to_look(release, breach, name)
                    if at in causes and causes[at] is not breach
                ),
                None,
            )


def _places_explained(breach: Breach) -> list[tuple[object, ...]]:
    """Cells that a finding about a text explains; else what it is about."""
    if not _is_about_text(breach):
        return _places(breach)
    rows = breach.explains or {breach.row}
    return [("cell", breach.table, row, breach.field) for row in rows]


def _is_about_text(breach: Breach) -> bool:
    return isinstance(breach.constraint, Rule) and breach.constraint.finding_pattern is not None


def _places(breach: Breach) -> list[tuple[object, ...]]:
    """Rows that a finding is about, or its column where it is about no row."""
    if breach.table == MANIFEST:
        return [(MANIFEST,)]
    if breach.row is None:
        return [(breach.table, None, breach.field)]
    rows = [(breach.table, breach.row), *((place.table, place.row) for place in breach.related if place.row)]
    return list(dict.fromkeys(rows))


def _where_to_look(release: Release, breach: Breach, name: str) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = [(name, *place) for place in _places(breach)]
    found.append((name, "cell", breach.table, breach.row, breach.field))
    found.append((name, breach.table, None, breach.field))
    found.append((name, MANIFEST))
    table = release.tables.get(breach.table)
    if table is not None and len(breach.key) == len(table.key):
        for field in table.references.values():
            lookup = lookup_of(release, field)
            if lookup is not None and lookup.is_to_whole_key and set(lookup.ours) <= set(table.key):
                texts = dict(zip(lookup.theirs, (breach.key[table.key.index(one)] for one in lookup.ours), strict=True))
                found.append((name, "key", lookup.table.id, tuple(texts[part] for part in lookup.table.key)))
    return found


def _folded(text: str) -> str:
    """A key as people see it: without blanks, in small letters."""
    return "".join(text.split()).casefold()
