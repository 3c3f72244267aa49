"""What changed between two submissions, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from relmetrics.reporting.lines import Lines

if TYPE_CHECKING:
    from relmetrics.reporting.revision import PartView, RevisionView
    from relmetrics.reporting.revision_fields import Grid
    from relmetrics.words import Words

__all__ = ["render_revision"]


def render_revision(view: RevisionView, words: Words, colour: bool = False, width: int = 88) -> str:
    """Write what changed as text.

    Parameters
    ----------
    colour : bool
        With terminal colours.
    width : int
        Longest line.
    """
    page = _RevisionPage(words, max(40, width))
    page.revision(view)
    return page.coloured() if colour else page.plain()


class _RevisionPage(Lines):
    def __init__(self, words: Words, width: int) -> None:
        super().__init__(width)
        self.words = words

    def revision(self, view: RevisionView) -> None:
        say = self.words.say
        self.add(say("stays.line"), "strong")
        self.heading(view.title, "title")
        for label, text in view.about:
            self.add(f"{label}: {text}")
        self.add(say("revision.local"), "quiet")
        self.heading(say("revision.heading.short"))
        self.items(view.short)
        if view.cautions:
            self.heading(say("revision.heading.reading"))
            self.items(view.cautions, "warning")
        for part in view.parts:
            self.part(part)
        self.findings(view)
        self.heading(say("revision.heading.ready"))
        for found in view.lists:
            self.add(found.lead)
            self.items(found.items)
        if not view.lists:
            self.add(say("revision.ready_same"))
        if view.manifest:
            self.heading(say("revision.heading.manifest"))
            self.add(view.manifest)
        if self.words.fell_back:
            self.gap()
            self.add(say("page.fell_back"), "quiet")

    def part(self, part: PartView) -> None:
        self.heading(part.title)
        self.add(part.lead, "quiet")
        if part.grid is not None:
            self.grid(part.grid)
        for title, grids in part.grids:
            self.gap()
            self.add(title, "strong")
            for grid in grids:
                self.grid(grid)
        if part.quiet:
            self.gap()
            self.add(part.quiet)

    def findings(self, view: RevisionView) -> None:
        self.heading(self.words.say("revision.heading.findings"))
        if view.findings is not None:
            self.grid(view.findings)
        if view.same_findings is not None:
            self.gap()
            self.add(f"{view.same_findings.lead}:")
            self.items(view.same_findings.items)
        if view.findings is None and view.same_findings is None:
            self.add(self.words.say("revision.no_findings"))
        if view.loose:
            self.gap()
            self.add(self.words.say("revision.why_loose"), "strong")
            self.items(view.loose)

    def items(self, texts: Iterable[str], style: str = "") -> None:
        for text in texts:
            self.add(text, style, 2, "-")

    def grid(self, grid: Grid) -> None:
        """Each row as its name and what is not nothing: a table would be too wide for a terminal."""
        if grid.caption:
            self.add(grid.caption, indent=2)
        for name, *cells in grid.rows:
            shown = [
                f"{head}: {cell}" for head, cell in zip(grid.heads[1:], cells, strict=True) if cell not in ("", "0")
            ]
            arrow = " → " if grid.heads[0] == "" else ": "
            self.add(f"{name}{arrow}{', '.join(shown)}", indent=4 if grid.caption else 2, bullet="-")
