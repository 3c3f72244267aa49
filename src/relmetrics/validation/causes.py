"""Findings that another finding brings about: who mends the cause mends them all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from relmetrics.validation.references import lookup_of

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.validation.locating import Breach

__all__ = ["link_causes"]


def link_causes(release: Release, breaches: Iterable[Breach]) -> None:
    """Link each reference that leads nowhere to the row that it means, where that row is there with an unusable key.

    Parameters
    ----------
    release : Release
        The standard.
    breaches : iterable of Breach
        All that were found; those that have a cause get it.
    """
    listed = list(breaches)
    broken: dict[tuple[str, str, str], Breach] = {}
    for breach in listed:
        if breach.constraint.id == "id_pattern" and breach.field in release.tables[breach.table].key:
            broken.setdefault((breach.table, breach.field, _folded(breach.text)), breach)
    if not broken:
        return
    for breach in listed:
        if breach.constraint.id == "dangling_reference":
            lookup = lookup_of(release, release.tables[breach.table].by_id[breach.field])
            if lookup is not None:
                breach.cause = broken.get((lookup.table.id, lookup.theirs[-1], _folded(breach.text)))


def _folded(text: str) -> str:
    """A key as people see it: without blanks, in small letters."""
    return "".join(text.split()).casefold()
