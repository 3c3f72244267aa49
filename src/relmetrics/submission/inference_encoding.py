"""Which characters the bytes of a text file are, line by line where a file holds more than one encoding.

UTF-8 is strict: bytes that happen to be UTF-8 hardly ever are anything else. A line that is none is read in one of the
older encodings of spreadsheet programs, the same one for the whole file, which is a guess by the letters that come out.
"""

from __future__ import annotations

import codecs
import io
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.strings import shown

__all__ = ["OLDER", "TextLines", "decoded_head", "encoding_of", "known_encoding", "older_encoding_of"]

OLDER = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)"}
"""Encodings that are tried where a line is not UTF-8, and their names. The letters of Latin-1 are in Windows-1252."""

_CHUNK = 4 * 1024 * 1024
_MOST_LINE = 64 * 1024 * 1024
_SAMPLE = 4096
_MOST_SAMPLED = 2000
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NAMES = ("utf-8", "utf-16", "utf-32", "cp", "iso8859", "mac-", "koi8", "big5", "gb", "shift_jis", "euc_", "ascii")
_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑàèìòùâêîôûäëïöçãõåøæœßÀÈÌÒÙÂÊÎÔÛÄËÏÖÇÃÕÅØÆŒ")
_SIGNS = frozenset("¿¡“”‘’–—…ºª°«»·€£§©®½¼\u00a0")


def known_encoding(name: str) -> str | None:
    """Python's name of an encoding of texts, or None where it is none that is read."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return found if found.startswith(_NAMES) else None


def encoding_of(head: bytes) -> str:
    """Say what a file begins as: ``utf-8`` (or one of the older ones), or one in which letters take two bytes or four.

    Parameters
    ----------
    head : bytes
        The first bytes of the file. UTF-16 without a byte order mark shows in zeros at every second place.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    sample = head[:_SAMPLE]
    half = len(sample) // 2
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if half >= 4 and max(even, odd) > 0.6 * half and min(even, odd) < 0.1 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def older_encoding_of(lines: Iterable[bytes]) -> str:
    """Guess which of the older encodings lines are in that are not UTF-8; Windows-1252 where nothing tells."""
    texts = list(islice(lines, _MOST_SAMPLED))
    scores = {name: sum(_plausible(line.decode(name, errors="replace")) for line in texts) for name in OLDER}
    return max(OLDER, key=lambda name: scores[name])  # the first of equals


def _plausible(line: str) -> int:
    score = 0
    for place, character in enumerate(line):
        if character < "\x80":
            continue
        before, after = line[place - 1 : place], line[place + 1 : place + 2]
        if character in _LETTERS:
            is_lonely = not before.isalpha() and not after.isalpha()
            score += 0 if is_lonely else -2 if character.isupper() and before.islower() else 2
        elif character in _SIGNS:
            is_inside = before.isalpha() and after.isalpha()
            score += -2 if is_inside and character != "’" else 0 if is_inside else 2
        else:
            score -= 2
    return score


def decoded_head(head: bytes, encoding: str) -> str:
    """Decode the beginning of a file, which may end in the middle of a character."""
    if encoding != "utf-8":
        return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head).removeprefix("\ufeff")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.removeprefix(codecs.BOM_UTF8).decode(older_encoding_of(_others(head)), errors="replace")


class TextLines:
    """Lines of a file as text, with their line ends; any of the three line ends ends a line.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        Of the whole file. For ``utf-8``, unless `is_declared`, lines that are not are read in an older encoding.
    is_declared : bool
        The manifest says so: nothing is guessed, and what does not fit is U+FFFD.

    Attributes
    ----------
    others : array
        After reading, the numbers of the lines that are not in `encoding`.
    older : str
        The older encoding that they were read in; empty where there are none, or where nothing is guessed.
    n_accented : int
        Lines that are UTF-8 and hold more than ASCII.
    """

    def __init__(self, path: Path, encoding: str, *, is_declared: bool = False) -> None:
        self.path = path
        self.encoding = encoding
        self.is_declared = is_declared
        self.others: array[int] = array("q")
        self.older = ""
        self.n_accented = 0

    def __iter__(self) -> Iterator[str]:
        # Two or four bytes a letter: a byte that looks like a line end may be half of another letter.
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        return self._wide_lines() if wide else self._lines()

    def _wide_lines(self) -> Iterator[str]:
        with io.TextIOWrapper(self.path.open("rb"), encoding=self.encoding, errors="replace", newline="") as stream:
            number = 0
            while line := stream.readline(_MOST_LINE):
                number += 1
                if len(line) == _MOST_LINE:
                    raise _endless(self.path)
                if "\ufffd" in line:
                    self.others.append(number)
                yield line.removeprefix("\ufeff") if number == 1 else line

    def _lines(self) -> Iterator[str]:
        is_guessed = self.encoding == "utf-8" and not self.is_declared
        for number, line in enumerate(_byte_lines(self.path), start=1):
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            try:
                text = line.decode(self.encoding)
                self.n_accented += not line.isascii()
            except UnicodeDecodeError:
                self.others.append(number)
                if is_guessed and not self.older:
                    self.older = older_encoding_of(one for one in _byte_lines(self.path) if not _is_utf8(one))
                text = line.decode(self.older or self.encoding, errors="replace")
            yield text


def _others(content: bytes) -> Iterator[bytes]:
    return (line for line in content.splitlines() if not _is_utf8(line))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _byte_lines(path: Path) -> Iterator[bytes]:
    """Yield lines that end with any of the three line ends."""
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            pieces = (rest + chunk).splitlines(keepends=True)
            rest = pieces.pop()  # its end, or the second half of its line end, may be in the next chunk
            if len(rest) > _MOST_LINE:
                raise _endless(path)
            yield from pieces
    if rest:
        yield from rest.splitlines(keepends=True)


def _endless(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        f"{shown(path.name)} has a line of more than {_MOST_LINE:,} bytes. It does not look like a table; save it "
        "again as CSV from the program that it comes from."
    )
