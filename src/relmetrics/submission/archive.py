"""Zip files, looked at before anything in them is used: archives of a submission, and workbooks, which are zips too.

What a zip says of itself may be a lie, so its directory is counted before it is read, and every member is unpacked in
pieces and counted as it comes, whatever size it is said to have. Nothing here depends on the tables.
"""

from __future__ import annotations

import copy
import errno
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import make_private_file, make_private_folder
from relmetrics.submission.strings import shown
from relmetrics.submission.xml_parts import entity_watcher
from relmetrics.submission.zip_members import PACK_AGAIN, members_of, nested

__all__ = ["check_container", "pieces", "unpack"]

MOST_MEMBERS = 2_000
"""Files in a zip of a submission."""
MOST_PARTS = 20_000
"""Parts of a workbook; every picture is one."""
MOST_BYTES = 2 * 1024**3
"""What one file may unpack to."""
MOST_RATIO, RATIO_FROM = 200, 100 * 1024**2
"""How many times its size a file may unpack to, once that is more than RATIO_FROM; less does no harm."""

_CHUNK = 1024**2
_DIRECTORY_ENTRY = 400  # bytes of the directory that one member may take on average; about 100 are usual
_WORKBOOKS = frozenset([".xlsx", ".xlsm", ".ods"])
_ARCHIVE_MAGIC = (
    b"PK\x03\x04",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
)
_SAVE_AGAIN = "Open it in your spreadsheet program and save it again."


def unpack(path: Path, folder: Path, tell: Callable[[str], None] | None = None) -> Path:
    """Unpack a zip of a submission into a private folder.

    Parameters
    ----------
    path : Path
        The zip file.
    folder : Path
        An empty folder that only this user can open.
    tell : callable, optional
        Called with a sentence at the beginning of each file.

    Returns
    -------
    Path
        Where the files lie: `folder`, or the one folder in it that holds everything.

    Raises
    ------
    UnreadableInputError
        It is no zip or a damaged one, has a password, holds too much, or holds something that no table is: another
        archive, a link, a path that leads out of it, a name of a device, two files of one name.
    """
    name = shown(path.name)
    try:
        with _opened(path, MOST_MEMBERS, f"{name} is not a zip archive, or is damaged. {PACK_AGAIN}") as archive:
            members = members_of(archive, name)
            counted = _Counted(path, name, PACK_AGAIN)
            counted.declared(entry for entry, _ in members)
            for entry, parts in members:
                if tell is not None:
                    tell(f"Unpacking {shown(parts[-1])}")
                _unpack_one(archive, entry, folder, parts, counted)
    except _DAMAGED:
        raise UnreadableInputError(f"{name} is damaged. {PACK_AGAIN}") from None
    except OSError as problem:
        if problem.errno == errno.EINVAL:  # a number in it that no file has
            raise UnreadableInputError(f"{name} is damaged. {PACK_AGAIN}") from None
        raise UnreadableInputError(
            f"{name} cannot be unpacked ({problem.strerror or 'unknown reason'}). Check that you may read it, and that "
            "there is room in the system's temporary folder."
        ) from None
    return _top(folder)


def check_container(path: Path) -> None:
    """Look through a workbook that is a zip (.xlsx, .xlsm, .ods) before a reading library opens it.

    Raises
    ------
    UnreadableInputError
        It is damaged, has a password, has too many parts, would unpack to too much, or a part of it declares a
        document type or entities, with which a few lines become gigabytes or name another file.
    """
    name = shown(path.name)
    no_workbook = (
        f"{name} is not a workbook, or is damaged. Open it in your spreadsheet program and save it as .xlsx again."
    )
    locked = f"{name} is protected with a password. Take the password off and save it again."
    try:
        with _opened(path, MOST_PARTS, no_workbook) as archive:
            counted = _Counted(path, name, "Save the tables as CSV files in one folder.")
            entries = archive.infolist()
            seen: set[str] = set()
            for entry in entries:
                if entry.flag_bits & 1:
                    raise UnreadableInputError(locked)
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise UnreadableInputError(no_workbook)
                # Readers differ in which of the two they take; a workbook program writes each part once.
                if entry.filename.casefold() in seen:
                    raise UnreadableInputError(
                        f"{name} holds two parts of the same name, which no spreadsheet program writes. {_SAVE_AGAIN}"
                    )
                seen.add(entry.filename.casefold())
            counted.declared(entries)
            for entry in entries:
                watcher = entity_watcher(entry.filename)
                for piece in pieces(archive, entry, counted):
                    found = watcher(piece)
                    if found == "password":
                        raise UnreadableInputError(locked)
                    if found:
                        raise UnreadableInputError(
                            f"{name} declares entities or a document type inside (in {shown(entry.filename)}), which "
                            f"no spreadsheet program writes, and is not read. {_SAVE_AGAIN}"
                        )
    except _DAMAGED:
        raise UnreadableInputError(no_workbook) from None
    except OSError as problem:
        if problem.errno == errno.EINVAL:
            raise UnreadableInputError(no_workbook) from None
        raise UnreadableInputError(
            f"{name} cannot be opened ({problem.strerror or 'unknown reason'}). Check that the file is still there and "
            "that you may read it."
        ) from None


# What zipfile raises over a damaged archive; ValueError and the like come from impossible numbers in it.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError)


class _Counted:
    """What came out of a file so far, against what may."""

    def __init__(self, path: Path, name: str, advice: str) -> None:
        self.packed = path.stat().st_size
        self.name, self.advice = name, advice
        self.unpacked = 0

    def declared(self, entries: Iterator[zipfile.ZipInfo] | list[zipfile.ZipInfo]) -> None:
        """Refuse what the directory itself says is too much, and members that share their bytes."""
        packed = 0
        for entry in entries:
            self.unpacked += entry.file_size
            packed += entry.compress_size
        self._check()
        if packed > self.packed:
            raise zipfile.BadZipFile
        self.unpacked = 0

    def add(self, length: int) -> None:
        """Count a piece."""
        self.unpacked += length
        self._check()

    def _check(self) -> None:
        size = self.unpacked
        if size > MOST_BYTES or (size > RATIO_FROM and size > MOST_RATIO * max(self.packed, 1)):
            raise UnreadableInputError(
                f"{self.name} would unpack to {size // 1024**2:,} MB or more, which no file of this kind needs. "
                f"{self.advice}"
            )


def pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, counted: _Counted) -> Iterator[bytes]:
    """Yield a member in pieces; all of it, also where its directory says that it is shorter.

    Raises
    ------
    zipfile.BadZipFile
        It is longer or shorter than it says.
    """
    whole = copy.copy(entry)
    whole.file_size = MOST_BYTES + _CHUNK  # zipfile stops at the size that it is told; other readers do not
    length = 0
    with archive.open(whole) as stream:
        while piece := stream.read(_CHUNK):
            length += len(piece)
            counted.add(len(piece))
            yield piece
    if length != entry.file_size:
        raise zipfile.BadZipFile


def _opened(path: Path, most: int, no_zip: str) -> zipfile.ZipFile:
    """Open a zip whose directory is not too long to be read."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        if not size:
            raise UnreadableInputError(f"{shown(path.name)} is empty (0 bytes). Save it again.")
        stream.seek(max(size - 66_000, 0))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise UnreadableInputError(no_zip)
    n_members, length = struct.unpack("<HL", tail[end + 10 : end + 16])
    if tail[max(end - 20, 0) : end].startswith(b"PK\x06\x07"):  # the numbers of a zip beyond 4 GB or 65,535 members
        long = tail[max(end - 76, 0) : end - 20]
        if not long.startswith(b"PK\x06\x06"):
            raise UnreadableInputError(no_zip)
        n_members, length = struct.unpack("<QQ", long[32:48])
    if n_members > most or length > most * _DIRECTORY_ENTRY:
        raise UnreadableInputError(
            f"{shown(path.name)} holds more than {most:,} files, which is more than this reads. Take out what is no "
            "table, and pack it again."
        )
    archive = zipfile.ZipFile(path)
    if len(archive.filelist) > most:
        archive.close()
        raise zipfile.BadZipFile  # it told another number before
    return archive


def _unpack_one(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, parts: tuple[str, ...], counted: _Counted
) -> None:
    target = folder
    for part in parts[:-1]:
        target = target / part
        if not target.is_dir():
            make_private_folder(target)
    target = target / parts[-1]
    make_private_file(target)
    is_first = True
    with target.open("wb") as stream:
        for piece in pieces(archive, entry, counted):
            if is_first and piece.startswith(_ARCHIVE_MAGIC) and target.suffix.casefold() not in _WORKBOOKS:
                raise nested(counted.name, "/".join(parts))
            is_first = False
            stream.write(piece)


def _top(folder: Path) -> Path:
    """The folder in which the files lie: people pack the folder as often as what is in it."""
    while True:
        entries = list(folder.iterdir())
        if len(entries) != 1 or not entries[0].is_dir():
            return folder
        folder = entries[0]
