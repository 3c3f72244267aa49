"""Blanks around values, and names fit for a sentence. Imports nothing: the child that opens workbooks needs it too."""

from __future__ import annotations

__all__ = ["BLANKS", "MOST_CHARACTERS", "MOST_COLUMNS", "kind_by_content", "shown", "trimmed"]

MOST_COLUMNS = 1000
"""Columns of a table that are looked at."""

MOST_CHARACTERS = 1_000_000
"""Characters of one cell. A cell of a CSV file that is longer is a quotation mark that nobody closed."""

BLANKS = (
    " \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What counts as blank around a value; the same in Python and in SQL."""


def trimmed(text: str) -> str:
    """Return `text` without blanks at both ends."""
    return text.strip(BLANKS)


def shown(name: str, most: int = 60) -> str:
    """Make a name from outside fit for a sentence: one line, nothing invisible, not endless."""
    name = "".join(character if character.isprintable() else "?" for character in name[: most + 1])
    return name if len(name) <= most else name[:most] + "…"


_KINDS = (
    (b"PK\x03\x04", "a zip archive or a workbook"),
    (b"\xd0\xcf\x11\xe0", "an Excel or Word file of the old kind"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)


def kind_by_content(head: bytes) -> str:
    """Say what a file is by its first bytes, where these are no text; else an empty text."""
    return next((kind for magic, kind in _KINDS if head.startswith(magic)), "")
