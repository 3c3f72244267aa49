"""Blocks as Markdown for the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relmetrics.publishing.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Listing,
    Paragraph,
    Span,
    Target,
    Words,
)
from relmetrics.publishing.markdown import code, escape, fence

__all__ = ["markdown_of"]


def markdown_of(document: Document, up: str = "../") -> str:
    """Write a page.

    Parameters
    ----------
    document : Document
        What it says.
    up : str
        Way from the page to the folder of all reference pages.
    """
    blocks = (Heading(document.title, 1), *document.blocks)
    return "\n\n".join(_block(block, up) for block in blocks) + "\n"


def _block(block: Block, up: str) -> str:
    if isinstance(block, Heading):
        marks = [f"#{block.place}"] if block.place else []
        marks += [] if block.is_searched else ["data-search-exclude=''"]
        after = " {: " + " ".join(marks) + " }" if marks else ""
        return f"{'#' * block.level} {escape(block.text)}{after}"
    if isinstance(block, Paragraph):
        return _words(block.text, up)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_words(item, up)}" for item in block.items)
    if isinstance(block, Facts):
        return _table(("", ""), ((escape(name), _words(text, up)) for name, text in block.rows))
    if isinstance(block, Listing):
        return _table(block.header, (tuple(_words(cell, up) for cell in row) for row in block.rows))
    if isinstance(block, Grid):
        return "\n".join(_grid(block))
    if isinstance(block, Code):
        return fence(block.text, block.language)
    inner = "\n\n".join(_block(one, up) for one in block.blocks)
    indented = "\n".join(f"    {line}".rstrip() for line in inner.splitlines())
    return f'??? note "{escape(block.title)}"\n\n{indented}'


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = [escape(title) for title in header]
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _grid(grid: Grid) -> Iterator[str]:
    """Write a table of HTML, as a cell of a Markdown table can carry no mark for the column's name."""
    yield '<div class="sheet" markdown="0"><table class="sheet">'
    yield f"<caption>{code(grid.name)}</caption>"
    for place, row in enumerate(grid.rows):
        cells = "".join(_cell(text, (place, column) in grid.marked, place == 0) for column, text in enumerate(row))
        yield f'<tr><th scope="row">{escape(grid.numbers[place])}</th>{cells}</tr>'
    yield "</table></div>"


def _cell(text: str, is_marked: bool, is_title: bool) -> str:
    inner = f"<mark>{escape(text)}</mark>" if is_marked else escape(text)
    return f'<th scope="col">{inner}</th>' if is_title else f"<td>{inner}</td>"


def _words(text: Words, up: str) -> str:
    return "".join(_span(span, up, is_first=place == 0) for place, span in enumerate(text))


def _span(span: Span, up: str, is_first: bool) -> str:
    if span.is_code:
        shown: str = code(span.text)
    else:
        # `escape` guards the begin of a line and drops blanks at the ends, which matter between spans.
        before = "" if is_first else " " if span.text[:1] == " " else ""
        shown = before + escape(span.text) + (" " if span.text[-1:] == " " and span.text.strip() else "")
        shown = f"**{shown}**" if span.is_strong else shown
    return shown if span.to is None else f"[{shown}]({_address(span.to, up)})"


def _address(to: Target, up: str) -> str:
    page = f"{to.folder}/{to.name}" if to.folder else to.name
    return f"{up}{page}.md{f'#{to.place}' if to.place else ''}"
