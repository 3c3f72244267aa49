"""Codes of the standard's codelists in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting.escaping import plain

if TYPE_CHECKING:
    from relmetrics.definitions import Release

__all__ = ["Note", "coded"]


@dataclass(frozen=True, slots=True)
class Note:
    """A code with its words: the code, its title and its sentence."""

    code: str
    title: str
    text: str


def coded(release: Release, codelist: str, code: str) -> Note:
    """Return a code with its title and its sentence; a code that the release does not know is its own title."""
    known = release.codelists.get(codelist)
    entry = known.by_code.get(code) if known is not None else None
    if entry is None:
        return Note(plain(code, 64), plain(code, 64), "")
    return Note(code, entry.title_en, entry.description_en)
