"""What a page says, before it is Markdown or text in a terminal: one source of the words for both.

A page is a list of blocks, a block holds words, and words are spans that may point to another page. Whoever shows it
(`relmetrics.publishing.as_markdown`, `relmetrics.publishing.as_terminal`) adds no words of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = [
    "Block",
    "Bullets",
    "Code",
    "Document",
    "Facts",
    "Folded",
    "Grid",
    "Heading",
    "Listing",
    "Paragraph",
    "Span",
    "Target",
    "Words",
    "code",
    "joined",
    "link",
    "strong",
    "words",
]


class Target(NamedTuple):
    """A page, by the folder of its kind and its name, and a place on it; a page without a folder stands above them."""

    folder: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text of one kind."""

    text: str
    is_code: bool = False
    is_strong: bool = False
    to: Target | None = None


Words = tuple[Span, ...]
"""One line or paragraph of text."""


def words(*parts: str | Span | Words) -> Words:
    """Put pieces of text together."""
    found: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            found.extend([Span(part)] if part else [])
        elif isinstance(part, Span):
            found.append(part)
        else:
            found.extend(part)
    return tuple(found)


def code(text: str, to: Target | None = None) -> Span:
    """Show a name as it is written in files."""
    return Span(text, is_code=True, to=to)


def strong(text: str) -> Span:
    """Make the words that are read first stand out."""
    return Span(text, is_strong=True)


def link(text: str, to: Target | None) -> Span:
    """Point to another page; without a target it is only text."""
    return Span(text, to=to)


def joined(parts: Iterable[str | Span | Words], between: str = ", ") -> Words:
    """Put a comma between the pieces."""
    found: list[str | Span | Words] = []
    for part in parts:
        found += [between, part] if found else [part]
    return words(*found)


@dataclass(frozen=True, slots=True)
class Heading:
    """Title of a part. A page has one of level 1, which is its title."""

    text: str
    level: int = 2
    place: str = ""
    is_searched: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: Words


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be looked up: a name and what it is, line by line."""

    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of words under column titles."""

    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A piece of a data table as a spreadsheet shows it: the first row holds the columns' names.

    Attributes
    ----------
    name : str
        Name of the table.
    rows : tuple of tuple of str
        Its cells as they are shown.
    numbers : tuple of str
        Number of each row; ``…`` where rows are left out.
    marked : frozenset
        Cells that a finding points at, as (row, column).
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    marked: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, a language's name with it."""

    text: str
    language: str = "sql"


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks for a few readers: shown when they ask for them."""

    title: str
    blocks: tuple[Block, ...]


Block = Heading | Paragraph | Bullets | Facts | Listing | Grid | Code | Folded


@dataclass(frozen=True, slots=True)
class Document:
    """A page."""

    title: str
    blocks: tuple[Block, ...] = field(default=())
