"""Whether a part of a workbook declares XML entities, a document type, or characters in which one could hide."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

__all__ = ["entity_watcher"]

Found = Literal["", "entities", "password"]

_BLANK = b" \t\r\n\0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ENCODING = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Those of which the bytes of `<!ENTITY` are known. XML's parsers know more, in which they would look like letters.
_PLAIN = frozenset(["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "utf-16"])
_WORDS = ("<!DOCTYPE", "<!ENTITY")
_LONGEST = 2 * max(map(len, _WORDS))


def entity_watcher(part: str) -> Callable[[bytes], Found]:
    """Return a function that takes a part's pieces one after the other and says what it found so far.

    Parameters
    ----------
    part : str
        Name of the part. A picture (.svg) may have a document type, because drawing programs write one, but no
        entities.
    """
    words = _WORDS[1:] if part.casefold().endswith(".svg") else _WORDS
    is_list = part.casefold() == "meta-inf/manifest.xml"  # of an OpenDocument file: says which parts are encrypted
    wanted: list[bytes] | None = None
    rest = b""

    def watch(piece: bytes) -> Found:
        nonlocal wanted, rest
        if wanted is None:
            if not piece.strip(_BLANK):
                return ""  # blanks may stand before the first element, as many as somebody likes
            encoding = _encoding(piece)
            if encoding is None:
                return "entities"
            wanted = [word.encode(encoding) for word in words] if encoding else []
        if not wanted:
            return ""
        text = rest + piece
        rest = text[-_LONGEST:]
        # The sign is rare in tables, and found many times as quickly as words are.
        if b"!" in text and any(word in text for word in wanted):
            return "entities"
        return "password" if is_list and b"encryption-data" in text else ""

    return watch


def _encoding(head: bytes) -> str | None:
    """Encoding of a part that is XML, empty where it is none, nothing where it is in characters that are not known."""
    encoding = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    if not encoding:
        first = head.lstrip(_BLANK)
        if not first.startswith(b"<"):
            # `<?xml` in the characters of mainframes, which XML's parsers read.
            return None if head.startswith(b"\x4c\x6f\xa7\x94") else ""
        at = head.index(b"<")
        if head[at + 1 : at + 2] == b"\0":
            encoding = "utf-16-le"
        elif head[at - 1 : at] == b"\0":
            encoding = "utf-16-be"
        else:
            encoding = "utf-8"
    text = head[:600].decode(encoding, "replace")
    declared = _ENCODING.search(text)
    if declared is not None and declared[1].casefold() not in _PLAIN:
        return None
    return encoding
