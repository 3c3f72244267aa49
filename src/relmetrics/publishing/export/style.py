"""How the template looks: its colours and cell formats, each made once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

__all__ = ["COLOURS", "Style", "height_of"]

COLOURS = {
    "ink": "#1F2937",
    "quiet": "#6B7280",
    "line": "#D1D5DB",
    "teal": "#0F766E",
    "teal_dark": "#115E59",
    "teal_light": "#CCEBE7",
    "paper": "#F8FAFC",
    "example": "#F1F3F5",
    "orange": "#C2410C",
    "orange_light": "#FFEDD5",
    "white": "#FFFFFF",
}
_FONT = "Calibri"
_LINE_HEIGHT = 15.0
_CHARACTERS = 1.05  # of running text in one unit of width, which is a digit's


def height_of(text: str, width: float, padding: float = 5.0, font_size: float = 11.0) -> float:
    """Height of a row that shows `text` wrapped in a column, or several, of this `width`."""
    width *= _CHARACTERS
    lines = 0
    for part in text.split("\n"):
        used = 0
        lines += 1
        for word in part.split():
            if used and used + 1 + len(word) > width:
                lines, used = lines + 1, len(word)
            else:
                used += len(word) + (1 if used else 0)
    return lines * _LINE_HEIGHT * font_size / 11.0 + padding


class Style:
    """Formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def _format(self, **properties: Any) -> Any:
        base = {"font_name": _FONT, "font_size": 11, "font_color": COLOURS["ink"], "valign": "vcenter"}
        return self._book.add_format({**base, **properties})

    @cached_property
    def title(self) -> Any:
        """First line of a page."""
        return self._format(font_size=22, bold=True, font_color=COLOURS["teal_dark"])

    @cached_property
    def lead(self) -> Any:
        """Line under the title."""
        return self._format(font_color=COLOURS["quiet"], font_size=12)

    @cached_property
    def section(self) -> Any:
        """Heading within a page."""
        line = {"bottom": 2, "bottom_color": COLOURS["teal"]}
        return self._format(font_size=14, bold=True, font_color=COLOURS["teal_dark"], **line)

    @cached_property
    def number(self) -> Any:
        """Number of a step."""
        return self._format(font_size=14, bold=True, font_color=COLOURS["teal"], align="center")

    @cached_property
    def body(self) -> Any:
        """Text of a page."""
        return self._format(text_wrap=True)

    @cached_property
    def beside(self) -> Any:
        """Text beside a swatch."""
        return self._format(text_wrap=True, indent=1)

    @cached_property
    def cell(self) -> Any:
        """Cell of a list on a page."""
        return self._format(text_wrap=True, bottom=1, bottom_color=COLOURS["line"], indent=1)

    @cached_property
    def name(self) -> Any:
        """Cell of a list with a name of the standard."""
        line = {"bottom": 1, "bottom_color": COLOURS["line"], "indent": 1}
        return self._format(bold=True, font_color=COLOURS["teal_dark"], **line)

    @cached_property
    def link(self) -> Any:
        """Name of a sheet that leads there."""
        line = {"bottom": 1, "bottom_color": COLOURS["line"], "indent": 1}
        return self._format(bold=True, underline=1, font_color=COLOURS["teal_dark"], **line)

    @cached_property
    def list_head(self) -> Any:
        """Head of a list on a page."""
        return self._format(bold=True, bg_color=COLOURS["teal_light"], font_color=COLOURS["teal_dark"], indent=1)

    @cached_property
    def warning(self) -> Any:
        """What must never be done."""
        edge = {"left": 5, "left_color": COLOURS["orange"], "indent": 1}
        return self._format(text_wrap=True, bg_color=COLOURS["orange_light"], **edge)

    @cached_property
    def required(self) -> Any:
        """Heading of a column that must be filled."""
        return self._heading(COLOURS["teal"], COLOURS["white"], COLOURS["teal_dark"])

    @cached_property
    def optional(self) -> Any:
        """Heading of a column that may be empty."""
        return self._heading(COLOURS["teal_light"], COLOURS["teal_dark"], COLOURS["teal"])

    def _heading(self, ground: str, ink: str, edge: str) -> Any:
        border = {"border": 1, "border_color": edge}
        return self._format(bold=True, bg_color=ground, font_color=ink, num_format="@", indent=1, **border)

    @cached_property
    def text(self) -> Any:
        """Cells for ids, codes, dates and words: text, so that a spreadsheet does not make numbers of them."""
        return self._format(num_format="@", indent=1)

    @cached_property
    def integer(self) -> Any:
        """Cells for whole numbers."""
        return self._format(num_format="0", indent=1, align="right")

    @cached_property
    def decimal(self) -> Any:
        """Cells for numbers."""
        return self._format(num_format="General", indent=1, align="right")

    @cached_property
    def value(self) -> Any:
        """Answer on the sheet of the manifest."""
        line = {"bottom": 1, "bottom_color": COLOURS["line"], "indent": 1}
        return self._format(num_format="@", text_wrap=True, **line)

    @cached_property
    def shown_example(self) -> Any:
        """How an example looks, on the page that explains it."""
        return self._format(italic=True, font_color=COLOURS["quiet"], bg_color=COLOURS["example"], indent=1)

    @cached_property
    def example(self) -> Any:
        """Laid over a row for as long as the example stands in it."""
        return self._book.add_format({"italic": True, "font_color": COLOURS["quiet"], "bg_color": COLOURS["example"]})
