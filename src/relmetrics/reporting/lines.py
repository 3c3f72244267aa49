"""Lines of text with a style, for a terminal or a file. Nothing in data can command a terminal."""

from __future__ import annotations

import io
import textwrap

from relmetrics.reporting.escaping import plain

__all__ = ["Lines"]

# What a line is, for whoever colours it.
_STYLES = {
    "title": "bold",
    "heading": "bold underline",
    "strong": "bold",
    "error": "bold red",
    "warning": "yellow",
    "met": "green",
    "not_met": "bold red",
    "cannot_tell": "yellow",
    "quiet": "dim",
    "": "",
    "note": "",
}


class Lines:
    """A page of text that grows line by line.

    Parameters
    ----------
    width : int
        Longest line; file names and ids are never broken.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[tuple[str, str]] = []

    def add(self, text: str, style: str = "", indent: int = 0, bullet: str = "") -> None:
        """Add a paragraph, wrapped. Everything passes `plain` once more here, whoever made it."""
        first = " " * indent + (f"{bullet} " if bullet else "")
        wrapped = textwrap.wrap(
            plain(text),
            width=self.width,
            initial_indent=first,
            subsequent_indent=" " * len(first),
            break_long_words=False,
            break_on_hyphens=False,
        )
        self.lines += [(style, line) for line in wrapped or [""]]

    def gap(self) -> None:
        """Leave one line empty."""
        if self.lines and self.lines[-1][1]:
            self.lines.append(("", ""))

    def heading(self, text: str, style: str = "heading") -> None:
        """Add a heading with room above it."""
        self.gap()
        self.add(text, style)

    def plain(self) -> str:
        """Return the page without colours."""
        return "\n".join(line.rstrip() for _, line in self.lines).rstrip() + "\n"

    def coloured(self) -> str:
        """Return the page with terminal colours."""
        from rich.console import Console
        from rich.text import Text

        file = io.StringIO()
        console = Console(
            file=file, force_terminal=True, color_system="standard", no_color=False, width=10_000, legacy_windows=False
        )
        for style, line in self.lines:
            # A Text object is never searched for markup or emoji names, so "[red]" in a file name stays "[red]".
            console.print(Text(line.rstrip(), style=_STYLES[style]), soft_wrap=True, highlight=False)
        return file.getvalue()
