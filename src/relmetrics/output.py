"""Writes files whole or not at all: what stands under a name is the old file or the new one, never half of it.

A page is written beside its place first, under a hidden name and readable by this user only, and takes its place in one
step when it is complete and on the disk. Where the run is stopped before that, the hidden file goes; a run that is
killed cannot take it along, and the next one that writes the same file does.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from relmetrics.posix import make_private_file, process_is_alive

__all__ = ["replacing", "write_whole"]

_LEFT_BEHIND = re.compile(r"\.(\d{1,10})-[0-9a-f]{16}\.part")
_LONGEST = 100  # characters of a name that the hidden name repeats; file systems end at 255 bytes


def write_whole(path: Path, content: bytes, *, private: bool = False, new: bool = False) -> None:
    """Write a file, whole or not at all; see `replacing`."""
    with replacing(path, private=private, new=new) as target:
        target.write_bytes(content)


@contextlib.contextmanager
def replacing(path: Path, *, private: bool = False, new: bool = False) -> Iterator[Path]:
    """Give a name to write under; when the block ends well, what was written takes the place of `path`.

    Parameters
    ----------
    path : Path
        The file to write. Its folder has to be there. Where it is a link, what it leads to is written. What is no
        file, as ``/dev/stdout`` is, is written directly.
    private : bool
        Whether only this user may read it. A file that is there already keeps its mode.
    new : bool
        Whether nothing may be there yet.

    Yields
    ------
    Path
        An empty file in the same folder.

    Raises
    ------
    FileExistsError
        With `new`, something is there.
    OSError
        It cannot be written. What was there before is unchanged.
    """
    # Names under which systems offer open files: what they lead to is no place to put a file.
    is_stream = path.absolute().parts[1:2] in (("dev",), ("proc",))
    path = path if is_stream else path.resolve()
    if new and path.exists():
        raise FileExistsError(17, "there is a file of this name already", str(path))
    if is_stream or (path.exists() and not path.is_file()):
        yield path
        return
    _sweep(path)
    stem = path.name.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
    part = path.with_name(f".{stem}.{os.getpid()}-{secrets.token_hex(8)}.part")
    try:
        make_private_file(part)
        yield part
        _onto_the_disk(part)
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        elif not private:
            _make_usual(part, path)
        if new:
            # A link is refused where the name was taken meanwhile; taking its place is not.
            os.link(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _onto_the_disk(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _make_usual(part: Path, path: Path) -> None:
    """Give the mode that a new file gets here; nobody can ask for it without changing it for the whole process."""
    example = path.with_name(f".{os.getpid()}-{secrets.token_hex(8)}.part")
    example.touch(exist_ok=False)
    try:
        part.chmod(example.stat().st_mode & 0o777)
    finally:
        example.unlink()


def _sweep(path: Path) -> None:
    """Remove what a killed run that wrote the same file has left beside it."""
    with contextlib.suppress(OSError):
        stem = path.name.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
        for entry in path.parent.iterdir():
            if not entry.name.startswith(f".{stem}."):
                continue
            match = _LEFT_BEHIND.fullmatch(entry.name.removeprefix(f".{stem}"))
            if match is not None and not process_is_alive(int(match[1])):
                entry.unlink(missing_ok=True)
