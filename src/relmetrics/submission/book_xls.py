"""Old Excel workbooks (.xls), looked at beside the reading library: errors in cells, the 1904 dates, a password.

Such a file is a small file system of sectors (Compound File Binary), and in it one stream of records (BIFF). Only the
few records that the library passes over are looked at.
"""

from __future__ import annotations

import struct
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.submission import parts
from relmetrics.submission.parts import Inside
from relmetrics.submission.strings import shown

__all__ = ["MAGIC", "look_inside_xls"]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA  # sector numbers from here on mean something else than a sector
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_STREAMS = ("Workbook", "Book")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_SHEET, _FORMULA, _ERROR, _PASSWORD, _1904, _EOF, _MERGED = 0x85, 0x06, 0x205, 0x2F, 0x22, 0x0A, 0xE5
_BEGINS = (0x809, 0x409, 0x209, 0x09)


def look_inside_xls(path: Path, names: list[str] | None = None) -> Inside:
    """Return what the reading library does not tell of a workbook of the old kind.

    Parameters
    ----------
    path : Path
        The file.
    names : list of str, optional
        Names of its sheets in their order, as the library gives them; without them only the password is looked for.

    Raises
    ------
    UnreadableInputError
        It has a password.
    ValueError, struct.error, IndexError
        It is no workbook.
    """
    content = path.read_bytes()
    try:
        stream = _stream(content)
    except (ValueError, struct.error, IndexError):
        stream = None
    if stream is None:
        if _LOCKED in content:
            raise _locked(path)
        raise ValueError("no workbook")
    inside = Inside()
    begins: list[int] = []
    for kind, begin, length in _records(stream, 0):
        if kind == _PASSWORD:
            raise _locked(path)
        if kind == _1904 and length >= 2:
            inside.uses_1904 = stream[begin] == 1
        elif kind == _SHEET and length >= 6:
            begins.append(struct.unpack_from("<I", stream, begin)[0])
    if names is None or len(begins) != len(names):
        return inside
    n_found = 0
    for name, begin in zip(names, begins, strict=True):
        cells: dict[int, dict[int, str]] = {}
        for kind, at, length in _records(stream, begin):
            if kind == _MERGED and length >= 2:
                inside.n_merged[name] = inside.n_merged.get(name, 0) + struct.unpack_from("<H", stream, at)[0]
            text = _error(stream, kind, at, length)
            if text:
                row, column = struct.unpack_from("<HH", stream, at)
                cells.setdefault(row + 1, {})[column] = text
                n_found += 1
                if n_found > parts.MOST_UNSHOWN:
                    raise parts.refuse_too_many_unshown(path)
        inside.unshown[name] = cells
    return inside


def _error(stream: bytes, kind: int, at: int, length: int) -> str:
    if kind == _ERROR and length >= 8 and stream[at + 7] == 1:
        return _ERRORS.get(stream[at + 6], "#ERROR!")
    if kind == _FORMULA and length >= 14 and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        return _ERRORS.get(stream[at + 8], "#ERROR!")
    return ""


def _records(stream: bytes, at: int) -> list[tuple[int, int, int]]:
    """Kind, place and length of the records from one beginning to the end that belongs to it."""
    found: list[tuple[int, int, int]] = []
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind in _BEGINS:
            depth += 1  # charts stand inside sheets
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth <= 1 and kind in _WANTED:
            found.append((kind, at, length))
        at += length
    return found


_WANTED = frozenset([_SHEET, _FORMULA, _ERROR, _PASSWORD, _1904, _MERGED])


def _stream(content: bytes) -> bytes | None:
    """Return the stream of records, or None where the file holds something else."""
    if not content.startswith(MAGIC):
        raise ValueError("no compound file")
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        raise ValueError("sectors of another size")
    most = len(content) // size + 1
    first_directory, _, cutoff, first_mini, _, next_list, _ = struct.unpack_from("<IIIIIII", content, 48)
    tables = [number for number in struct.unpack_from("<109I", content, 76) if number < _END]
    for _ in range(most):
        if next_list >= _END:
            break
        *more, next_list = struct.unpack_from(f"<{size // 4}I", content, (next_list + 1) * size)
        tables += [number for number in more if number < _END]
    following: list[int] = []
    for number in tables[:most]:
        following += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)

    def chain(first: int, links: list[int], sector: int, source: bytes, shift: int) -> bytes:
        pieces: list[bytes] = []
        while first < _END and len(pieces) <= len(links):
            pieces.append(source[(first + shift) * sector : (first + shift + 1) * sector])
            first = links[first]
        return b"".join(pieces)

    directory = chain(first_directory, following, size, content, 1)
    entries: dict[str, tuple[int, int, int]] = {}
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        start, n_bytes = struct.unpack_from("<II", directory, at + 116)
        entries.setdefault(name, (directory[at + 66], start, n_bytes))
    for name in _STREAMS:
        if name in entries:
            _, start, n_bytes = entries[name]
            if n_bytes >= cutoff:
                return chain(start, following, size, content, 1)[:n_bytes]
            root = next((entry for entry in entries.values() if entry[0] == 5), None)
            if root is None:
                return None
            packed = chain(root[1], following, size, content, 1)
            table = chain(first_mini, following, size, content, 1)
            links = list(struct.unpack(f"<{len(table) // 4}I", table))
            return chain(start, links, 64, packed, 0)[:n_bytes]
    return None


def _locked(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        f"{shown(path.name)} is protected with a password. Take the password off (File, Info, Protect Workbook) "
        "and save it again."
    )
