"""How the list of findings looks: its cell styles, said once for both ways in which a workbook is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["GROUNDS", "INK", "LOOKS", "TAB", "Look", "height_of"]

INK = "#1E292B"
_SOFT, _LINE, _DEEP, _PALE, _CARE, _CARE_PALE = "#566166", "#D9D6CB", "#0B5563", "#E6F0F0", "#6F4A00", "#FCF3DD"
TAB = _DEEP

GROUNDS: Mapping[str, str] = MappingProxyType({"error": "#F9C6C0", "warning": "#FBE2A0", "note": "#CDE4F6"})
"""Colour of a marked cell by severity. Dark text can be read on each, and the note on the cell names the severity."""

_LINE_HEIGHT = 15.0
_CHARACTERS = 1.05  # of running text in one unit of width, which is a digit's


@dataclass(frozen=True, slots=True)
class Look:
    """Style of a cell of the list."""

    size: float = 11
    is_bold: bool = False
    is_underlined: bool = False
    ink: str = INK
    ground: str = ""
    line: str = ""
    wraps: bool = True
    indent: int = 0


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "title": Look(size=20, is_bold=True, ink=_DEEP, wraps=False),
        "stays": Look(is_bold=True, ink=_CARE, ground=_CARE_PALE, indent=1),
        "body": Look(),
        "quiet": Look(ink=_SOFT),
        "section": Look(size=14, is_bold=True, ink=_DEEP, line=_DEEP, wraps=False),
        "head": Look(is_bold=True, ink=_DEEP, ground=_PALE, wraps=False, indent=1),
        "finding": Look(size=12, is_bold=True, ground=_PALE, indent=1),
        "follow": Look(is_bold=True, indent=1),
        "label": Look(ink=_SOFT, indent=1),
        "cell": Look(line=_LINE, indent=1),
        "link": Look(is_underlined=True, ink=_DEEP, line=_LINE, indent=1),
        **{severity: Look(is_bold=True, ground=ground, indent=1) for severity, ground in GROUNDS.items()},
    }
)


def height_of(text: str, width: float, size: float = 11, padding: float = 5.0) -> float:
    """Height of a row that shows `text` wrapped in a column, or several, of this `width`."""
    width = max(width * _CHARACTERS * 11.0 / size - 2, 5.0)
    lines = 0
    for part in text.split("\n"):
        used = 0
        lines += 1
        for word in part.split():
            while len(word) > width:
                lines, word = lines + 1, word[int(width) :]
            if used and used + 1 + len(word) > width:
                lines, used = lines + 1, len(word)
            else:
                used += len(word) + (1 if used else 0)
    return min(lines * _LINE_HEIGHT * size / 11.0 + padding, 400.0)
