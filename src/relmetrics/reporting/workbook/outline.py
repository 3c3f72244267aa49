"""Where the elements of an XML part stand, byte by byte, so that something can be put in and all else stays as it is.

Reading a part into objects and writing it again loses what the objects do not know, and renames what they do. Here the
bytes of a part are kept, and only the places of its elements are learned from the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

__all__ = ["Edits", "Element", "NotMarkableError", "Outline", "outline", "quoted", "text_of"]

_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_MOST_ELEMENTS = 2_000_000
# What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotMarkableError(Exception):
    """A workbook that nothing may be put into; `reason` is a key below ``marked.why`` of the words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Element:
    """One element.

    Attributes
    ----------
    name : str
        With its prefix, as it stands.
    start, open_end : int
        Its first byte, and the one after its first tag.
    close, end : int
        First byte of its closing tag, and the one after it; equal to `open_end` where it is one tag.
    """

    name: str
    attributes: dict[str, str]
    start: int
    open_end: int
    parent: int
    depth: int
    close: int = 0
    end: int = 0
    text: str = ""

    @property
    def is_one_tag(self) -> bool:
        """Whether it is written as ``<name/>``."""
        return self.end == self.open_end


@dataclass(slots=True)
class Outline:
    """The elements of a part in the order in which they begin."""

    data: bytes
    elements: list[Element] = field(default_factory=list)
    inside: dict[int, list[int]] = field(default_factory=dict)

    @property
    def root(self) -> Element:
        """The outermost element."""
        return self.elements[0]

    @property
    def prefix(self) -> str:
        """``x:`` where the names of the part begin so, else empty."""
        before, colon, _ = self.root.name.rpartition(":")
        return before + colon

    def bare(self, element: Element) -> str:
        """Name without the part's prefix; with another prefix it stays whole."""
        return element.name.removeprefix(self.prefix) if self.prefix else element.name

    def children(self, parent: int) -> list[tuple[int, Element]]:
        """Elements directly in one, with their numbers."""
        return [(number, self.elements[number]) for number in self.inside.get(parent, ())]

    def child(self, parent: int, name: str) -> tuple[int, Element] | None:
        """First element of this name directly in one."""
        return next(((number, one) for number, one in self.children(parent) if self.bare(one) == name), None)

    def named(self, name: str) -> list[Element]:
        """All elements of this name."""
        return [one for one in self.elements if self.bare(one) == name]

    def raw(self, element: Element) -> bytes:
        """Bytes of an element."""
        return self.data[element.start : element.end]


def outline(data: bytes, unread: str = "") -> Outline:
    """Learn where the elements stand; nothing is learned about what is in the element `unread`, of which one is there.

    Raises
    ------
    NotMarkableError
        The part is not plain XML in UTF-8.
    """
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf")[:300])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise NotMarkableError("form")
    start, end = _inner(data, unread) if unread else (0, 0)
    reading = _Reading(data, start, end)
    try:
        reading.parser.Parse(data[:start], False)
        reading.parser.Parse(data[end:], True)
    except expat.ExpatError:
        raise NotMarkableError("form") from None
    if not reading.found.elements:
        raise NotMarkableError("form")
    return reading.found


def _inner(data: bytes, name: str) -> tuple[int, int]:
    """Where the content of an element begins and ends: millions of cells need not be looked at one by one."""
    found = re.search(rb"<((?:[\w.-]+:)?" + name.encode() + rb")(?:\s[^<>]*)?>", data)
    if found is None or found[0].endswith(b"/>"):
        return 0, 0
    start, end = found.end(), data.rfind(b"</" + found[1])
    # In a comment or the like, what looks like a tag need not be one.
    if end < start or data.find(b"<!") >= 0 or data.find(name.encode(), start, end) >= 0:
        raise NotMarkableError("form")
    return start, end


class _Reading:
    """Gathers elements; the parser is not given the bytes from `left` to `right`."""

    def __init__(self, data: bytes, left: int, right: int) -> None:
        self.data = data
        self.left = left
        self.skipped = right - left
        self.found = Outline(data)
        self.stack: list[int] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._finish
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _at(self) -> int:
        place = self.parser.CurrentByteIndex
        return place + self.skipped if place >= self.left else place

    def _refuse(self, *what: object) -> None:
        del what
        raise NotMarkableError("form")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        start = self._at()
        tag = _TAG.match(self.data, start)
        if tag is None or len(self.found.elements) >= _MOST_ELEMENTS:
            raise NotMarkableError("form")
        parent = self.stack[-1] if self.stack else 0
        number = len(self.found.elements)
        if self.stack:
            self.found.inside.setdefault(parent, []).append(number)
        self.stack.append(number)
        self.found.elements.append(Element(name, attributes, start, tag.end(), parent, len(self.stack) - 1))

    def _finish(self, name: str) -> None:
        del name
        element = self.found.elements[self.stack.pop()]
        if self.data.startswith(b"/>", element.open_end - 2):
            element.close = element.end = element.open_end
            return
        element.close = self._at()
        tag = _TAG.match(self.data, element.close)
        if tag is None:
            raise NotMarkableError("form")
        element.end = tag.end()

    def _characters(self, text: str) -> None:
        if self.stack:
            self.found.elements[self.stack[-1]].text += text


class Edits:
    """Changes to the bytes of a part, put in all at once."""

    def __init__(self, part: Outline) -> None:
        self.part = part
        self._edits: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, end: int, text: bytes | str) -> None:
        """Put `text` in the place of these bytes; what is put at one place stands in the order in which it came."""
        self._edits.append((start, end, text.encode() if isinstance(text, str) else text))

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self.replace(element.start, element.end, b"")

    def append(self, element: Element, text: str) -> None:
        """Put `text` at the end of what is in an element."""
        if element.is_one_tag:
            tag = self.part.data[element.start : element.open_end]
            self.replace(element.start, element.open_end, tag[: tag.rindex(b"/")] + b">" + text.encode())
            self.replace(element.open_end, element.open_end, f"</{element.name}>")
        else:
            self.replace(element.close, element.close, text)

    def set_attribute(self, element: Element, name: str, value: str | None) -> None:
        """Set an attribute in the first tag of an element, or take it out."""
        tag = self.part.data[element.start : element.open_end]
        pattern = re.compile(rb"\s+" + re.escape(name.encode()) + rb"\s*=\s*(\"[^\"]*\"|'[^']*')")
        at = pattern.search(tag)
        new = b"" if value is None else f" {name}={quoted(value)}".encode()
        if at is not None:
            self.replace(element.start + at.start(), element.start + at.end(), new)
        elif value is not None:
            end = element.start + 1 + len(element.name.encode())
            self.replace(end, end, new)

    def applied(self) -> bytes:
        """Return the part with all changes in it."""
        pieces, at = [], 0
        for start, end, text in sorted(self._edits, key=lambda edit: (edit[0], edit[1])):
            if start < at:
                raise NotMarkableError("form")
            pieces += [self.part.data[at:start], text]
            at = end
        return b"".join([*pieces, self.part.data[at:]])


def text_of(text: str) -> str:
    """Text as it stands in XML."""
    return escape(_NOT_XML.sub("\ufffd", text))


def quoted(text: str) -> str:
    """Value of an attribute in its quotation marks."""
    return quoteattr(_NOT_XML.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
