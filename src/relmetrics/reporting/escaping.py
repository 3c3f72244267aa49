"""One function that makes text from files harmless to look at, in every format.

A file name, a header or a sentence of the manifest may hold characters that hide text, turn its direction round or
command a terminal. They are replaced by their code points in brackets, so that a reader sees that something is there.
Markup is not this module's business: each format escapes its own (HTML through Jinja's autoescape).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain", "prose"]

# Characters that show nothing although Unicode calls them letters or marks.
_INVISIBLE = frozenset(
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)]
    + list(range(0xE0100, 0xE01F0))
)
# Cc controls (with terminal escapes), Cf direction and zero width, Cs halves of pairs (they come from undecodable file
# names and cannot be written as UTF-8), Zl and Zp line breaks that are not \n. Co and Cn show as an empty box at best.
_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
_SPACES = re.compile(r"[ \t\r\n]+")


def plain(text: str, limit: int | None = None) -> str:
    r"""Return `text` on one line with nothing hidden in it.

    Parameters
    ----------
    limit : int, optional
        At most so many characters of `text` are shown; the rest becomes one ``…``.

    Examples
    --------
    >>> plain("list\u202egnp.exe")
    'list⟨U+202E⟩gnp.exe'
    """
    cut = limit is not None and len(text) > limit
    shown = text[:limit] if cut else text
    if not shown.isascii() or not shown.isprintable():
        shown = "".join(_visible(character) for character in shown)
    return shown + "…" if cut else shown


def prose(text: str, limit: int | None = 600) -> str:
    """Return a longer text as one harmless paragraph: line breaks and runs of blanks become one blank first."""
    return plain(_SPACES.sub(" ", text).strip(), limit)


def _visible(character: str) -> str:
    if unicodedata.category(character) in _CATEGORIES or ord(character) in _INVISIBLE:
        return f"⟨U+{ord(character):04X}⟩"
    return character
