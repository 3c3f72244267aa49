"""Blocks as plain text for a terminal: the words of the page, without its links."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from relmetrics.publishing.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Facts,
    Folded,
    Grid,
    Heading,
    Listing,
    Paragraph,
    Words,
)

__all__ = ["WIDTH", "terminal_text_of"]

WIDTH = 88


def terminal_text_of(document: Document) -> str:
    """Write a page as text; no line ends with a blank."""
    blocks = (Heading(document.title, 1), *document.blocks)
    return "\n\n".join(text for text in ("\n".join(_block(block)) for block in blocks) if text)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text
        if block.level < 3:
            yield ("=" if block.level == 1 else "-") * _width(block.text)
    elif isinstance(block, Paragraph):
        yield _wrapped(_plain(block.text))
    elif isinstance(block, Bullets):
        for item in block.items:
            yield _wrapped(_plain(item), "- ")
    elif isinstance(block, Facts):
        for name, text in block.rows:
            yield _wrapped(f"{name}: {_plain(text)}", "", "  ")
    elif isinstance(block, Listing):
        yield _wrapped(" | ".join(block.header))
        for row in block.rows:
            yield _wrapped(" | ".join(cell for cell in map(_plain, row) if cell), "- ")
    elif isinstance(block, Grid):
        yield from _grid(block)
    elif isinstance(block, Code):
        yield from (f"    {line}".rstrip() for line in block.text.strip("\n").splitlines())
    else:
        yield from _folded(block)


def _folded(block: Folded) -> Iterator[str]:
    yield block.title
    for inner in block.blocks:
        yield ""
        yield from _block(inner)


def _plain(text: Words) -> str:
    return " ".join("".join(span.text for span in text).split())


def _wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        text,
        width=WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _grid(grid: Grid) -> Iterator[str]:
    yield f"    {grid.name}"
    rows = [
        [number, *(f"[{text}]" if (place, column) in grid.marked else text for column, text in enumerate(row))]
        for place, (number, row) in enumerate(zip(grid.numbers, grid.rows, strict=True))
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
        yield f"    {'  '.join(cells)}".rstrip()


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
