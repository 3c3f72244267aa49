"""Which characters the lines of a text file are written in, found by its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.inference_encoding import TextLines, encoding_of, older_encoding_of
from relmetrics.submission.inspection.nouns import LineRun
from relmetrics.submission.strings import shown

__all__ = ["Characters", "characters_of", "lines_of"]

_CHUNK = 4 * 1024 * 1024
_MOST_LINE = 64 * 1024 * 1024
_MOST_RANGES = 20
_MOST_SAMPLED = 2000
_BOM = b"\xef\xbb\xbf"
_NAMES = {"cp1252": "windows-1252", "mac_roman": "mac-roman", "cp850": "cp850"}


@dataclass(slots=True)
class Characters:
    """What the bytes of a text file say.

    Attributes
    ----------
    encoding : str
        ``ascii``, ``utf-8``, one of UTF-16 or UTF-32, or the older encoding of lines that are no UTF-8.
    line_end : str
        ``lf``, ``crlf``, ``cr``, ``mixed``, or empty.
    runs : tuple of LineRun
        Filled where not all lines are in one encoding, or in an old one.
    """

    encoding: str = "ascii"
    has_bom: bool = False
    line_end: str = ""
    n_lines: int = 0
    runs: tuple[LineRun, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether two bytes, or four, make a character."""
        return self.encoding.startswith(("utf-16", "utf-32"))


def characters_of(path: Path) -> Characters:
    """Read all bytes of a text file, in one pass, and say what they are."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    begins_as = encoding_of(head)
    if begins_as != "utf-8":
        return Characters(begins_as, has_bom=head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")))
    found = Characters(has_bom=head.startswith(_BOM))
    known, others = _Runs(), _Runs()
    sample: list[bytes] = []
    ends = {"crlf": 0, "cr": 0, "lf": 0}
    n_before = 0
    for chunk in _whole_lines(path):
        n_crlf = chunk.count(b"\r\n")
        ends["crlf"] += n_crlf
        ends["cr"] += chunk.count(b"\r") - n_crlf
        ends["lf"] += chunk.count(b"\n") - n_crlf
        if chunk.isascii():
            n_before += len(chunk.splitlines()) if b"\r" in chunk else chunk.count(b"\n") + (not chunk.endswith(b"\n"))
            continue
        lines = chunk.splitlines()
        try:
            chunk.decode("utf-8")
            is_known = True
        except UnicodeDecodeError:
            is_known = False
        for number, line in enumerate(lines, start=n_before + 1):
            if line.isascii():
                continue
            if number == 1 and line.startswith(_BOM) and line[3:].isascii():
                continue
            if is_known or _is_utf_8(line):
                known.add(number)
            else:
                others.add(number)
                if len(sample) < _MOST_SAMPLED:
                    sample.append(line)
        n_before += len(lines)
    found.n_lines = n_before
    kinds = [name for name, count in ends.items() if count]
    found.line_end = kinds[0] if len(kinds) == 1 else "mixed" if kinds else ""
    if known.n or found.has_bom:
        found.encoding = "utf-8"
    if others.n:
        found.encoding = _NAMES[older_encoding_of(sample)]
        runs = [LineRun("utf-8", known.n, known.ranges())] if known.n else []
        found.runs = (*runs, LineRun(found.encoding, others.n, others.ranges()))
    return found


def lines_of(path: Path, characters: Characters) -> Iterator[str]:
    """Yield the lines of a text file with their line ends."""
    return iter(TextLines(path, characters.encoding if characters.is_wide else "utf-8"))


class _Runs:
    def __init__(self) -> None:
        self.numbers: list[int] = []

    @property
    def n(self) -> int:
        return len(self.numbers)

    def add(self, number: int) -> None:
        self.numbers.append(number)

    def ranges(self) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        for number in self.numbers:
            if found and found[-1][1] == number - 1:
                found[-1] = (found[-1][0], number)
            elif len(found) == _MOST_RANGES:
                break
            else:
                found.append((number, number))
        return tuple(found)


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in chunks that end with a line."""
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            chunk = rest + chunk
            # A carriage return at the very end may be the first half of a line end.
            cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r", 0, -1))
            rest = chunk[cut + 1 :]
            if len(rest) > _MOST_LINE:
                raise UnreadableInputError(
                    f"{shown(path.name)} has a line of more than {_MOST_LINE:,} bytes. It does not look like a table; "
                    "save it again as CSV from the program that it comes from."
                )
            if cut >= 0:
                yield chunk[: cut + 1]
    if rest:
        yield rest


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
