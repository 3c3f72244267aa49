"""Zip files that zipfile would not write: headers that lie, members twice, links, names of every kind."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

Content = bytes | str


def write_zip(path: Path, files: Mapping[str, Content] | list[tuple[str | zipfile.ZipInfo, Content]]) -> Path:
    """Write a zip; a list may hold a name twice, and entries of any attributes."""
    given = list(files.items()) if isinstance(files, Mapping) else files
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in given:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    """An entry with the mode of a file, link or device."""
    made = zipfile.ZipInfo(name)
    made.create_system = 3
    made.external_attr = mode << 16
    return made


def lying(path: Path, name: str, content: bytes, said: int, *, crc: int | None = None) -> Path:
    """Write a zip with one deflated member that says it is `said` bytes long, in both of its headers."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    crc = zlib.crc32(content) if crc is None else crc
    raw = name.encode()
    common = struct.pack("<HHHHHLLLHH", 20, 0x800, 8, 0, 33, crc, len(packed), said, len(raw), 0)
    local = b"PK\x03\x04" + common + raw + packed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0o100644 << 16, 0) + raw
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return path


def overlapping(path: Path, n: int, length: int) -> Path:
    """Write a zip of `n` members that all are the same bytes of the file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a000.csv", b"x" * length)
    content = buffer.getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    record = content[start:end]
    records = b"".join(record.replace(b"a000.csv", f"a{number:03}.csv".encode()) for number in range(n))
    closing = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, n, n, len(records), start, 0)
    path.write_bytes(content[:start] + records + closing)
    return path


def long_directory(path: Path, n: int, said: int) -> Path:
    """Write a zip whose directory holds `n` members and says that it holds `said`."""
    record = b"PK\x01\x02" + bytes(24) + struct.pack("<HHHHHLL", 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = record * n
    path.write_bytes(directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, said, said, len(directory), 0, 0))
    return path


def encrypted(path: Path, name: str) -> Path:
    """Write a zip with one member that says it is encrypted."""
    write_zip(path, {name: b"not what it seems"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path
