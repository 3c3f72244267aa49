"""Where key and output may lie: never together, never where others look, never in a folder that is copied on."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from relmetrics.errors import UsageError
from relmetrics.posix import is_mine, is_on_network_drive, make_private_file, make_private_folder, others_can_write
from relmetrics.submission.columns import shown

__all__ = ["check_input", "check_key", "check_output", "make_folder_of", "put_in_place"]

# Names that the programs give to their folders; a name may go on ("OneDrive - Riverside", "Dropbox (Personal)").
_COPIED_ON = re.compile(
    r"(?:dropbox|onedrive|google ?drive|googledrive|my drive|mi unidad|shared drives|icloud ?drive|"
    r"com~apple~clouddocs|"
    r"mobile documents|cloudstorage|creative cloud files|nextcloud|owncloud|pcloud ?drive|proton ?drive|syncthing|"
    r"synologydrive|seafile|mega ?sync|tresorit|box ?sync|yandex\.?disk|amazon drive|kdrive)"
    r"(?:[ (_-].*)?|box|mega|sync",
    re.IGNORECASE,
)
_SHARED = re.compile(r"public|shared|p[uú]blico|compartido", re.IGNORECASE)
_MARKS = (".dropbox", ".dropbox.cache", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log", ".tmp.driveupload")
_VERSIONS = (".git", ".hg", ".svn")
_OURS = "Name a file on your own computer's disk, in a folder that no program copies elsewhere, for example {example}."


def check_output(output: Path, given: Path) -> None:
    """Refuse a place for the output that is taken, or lies within what was handed in.

    Raises
    ------
    UsageError
        It does.
    """
    name = shown(output.name or str(output))
    try:
        if output.is_symlink() or (output.exists() and not output.is_dir()):
            raise UsageError(f"{name} is there already and is no folder. Name a new folder with --output.")
        if output.is_dir() and any(output.iterdir()):
            raise UsageError(
                f"The folder {name} is there already and holds something. Nothing is written over: name a new folder "
                "with --output, or take the old one away first."
            )
        if given.is_dir() and _holds(given, output):
            raise UsageError(
                f"{name} lies within the folder with your own files. Name a folder elsewhere with --output."
            )
    except OSError as problem:
        raise UsageError(f"{name} cannot be written ({problem.strerror or 'unknown reason'}).") from None


def check_key(key: Path, output: Path | None, given: Path) -> None:
    """Refuse a place for the key where it would travel with the files, or where others can get at it.

    What is looked at is the folder itself and all above it, with links followed. Nobody can see every danger: a folder
    that a program copies elsewhere under an ordinary name, as macOS does with Desktop and Documents when asked to,
    looks like any other.

    Raises
    ------
    UsageError
        With the reason, and what to do.
    """
    name = shown(key.name or str(key))
    home = _home()
    example = "a private folder" if home is None else str(home / "relmetrics-keys" / "key.json")
    ours = _OURS.format(example=example)
    try:
        if key.is_dir():
            raise UsageError(f"{name} is a folder. Name a file in it with --key, for example key.json.")
        folder = key.resolve().parent
        for other, what in ((output, "the output"), (given, "what you handed in")):
            if other is not None and _is_together(folder, other):
                raise UsageError(
                    f"The key {name} would lie together with {what}: in it, beside it, or in a folder around it. "
                    "Whoever copies or sends that folder would send the key too, and the codes would hide nobody. "
                    f"{ours}"
                )
        for above in _self_and_above(folder):
            _refuse_copied_on(name, above, ours)
        there = _first_there(folder)
        if others_can_write(there) or not is_mine(there):
            raise UsageError(
                f"Others on this computer can put files into the folder of the key {name}, or it is not yours. {ours}"
            )
        for above in there.parents:
            if others_can_write(above, sticky_is_safe=True):
                raise UsageError(
                    f"The key {name} would lie within the folder {shown(above.name)}, in which others on this computer "
                    f"can exchange files. {ours}"
                )
        if is_on_network_drive(there):
            raise UsageError(f"The key {name} would lie on another machine's disk. {ours}")
    except OSError as problem:
        raise UsageError(f"The key {name} cannot lie there ({problem.strerror or 'unknown reason'}). {ours}") from None


def check_input(given: Path) -> None:
    """Refuse what is not there, before anything else is said."""
    try:
        is_there = given.exists()
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise UsageError(f"There is no file or folder {shown(given.name or str(given))}. Check the path.")


def make_folder_of(key: Path) -> Path:
    """Make the folder of the key, for this user only, where it is not there yet, and return it.

    Raises
    ------
    UsageError
        It cannot be made.
    """
    folder = key.resolve().parent
    try:
        for missing in reversed([one for one in _self_and_above(folder) if not one.exists()]):
            make_private_folder(missing)
    except OSError as problem:
        why = problem.strerror or "unknown reason"
        raise UsageError(f"The folder of the key {shown(key.name)} cannot be made ({why}).") from None
    return folder


def put_in_place(folder: Path, output: Path) -> None:
    """Put the files of a private folder in their place in one step; whoever looks sees all of them or none.

    Raises
    ------
    UsageError
        They cannot be written; nothing is left there then.
    """
    part = output.resolve().parent / f".{output.name[:80]}.{os.getpid()}-{secrets.token_hex(8)}.part"
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        make_private_folder(part)
        for file in sorted(folder.iterdir()):
            make_private_file(part / file.name)
            with file.open("rb") as source, (part / file.name).open("r+b") as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
        if output.is_dir():
            output.rmdir()  # empty, as was checked
        part.rename(output)
    except OSError as problem:
        raise UsageError(
            f"{shown(output.name)} cannot be written ({problem.strerror or 'unknown reason'}). The codes stand in the "
            "key already; try again with the same key."
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _is_together(folder: Path, other: Path) -> bool:
    """Whether the key's folder is `other`, in it, the folder of it, or one above it.

    A home folder may hold both, in different folders: everything of a person lies somewhere under it.
    """
    if _holds(other, folder):
        return True
    beside = other.resolve().parent
    if _is_same(folder, beside):
        return True
    home = _home()
    return _holds(folder, beside) and folder.parent != folder and not (home is not None and _holds(folder, home))


def _refuse_copied_on(name: str, folder: Path, ours: str) -> None:
    said = shown(folder.name)
    if _SHARED.fullmatch(folder.name):
        raise UsageError(f"The key {name} would lie in the folder {said}, which is there to be shared. {ours}")
    is_drive = any(
        value and _is_same(folder, Path(value)) for key, value in os.environ.items() if key.startswith("OneDrive")
    )
    if is_drive or _COPIED_ON.fullmatch(folder.name) or any((folder / mark).exists() for mark in _MARKS):
        raise UsageError(
            f"The key {name} would lie in the folder {said}, which looks as if a program copies it to another "
            f"company's machines. {ours}"
        )
    if any((folder / mark).exists() for mark in _VERSIONS):
        raise UsageError(
            f"The key {name} would lie in the folder {said}, whose versions are kept and often sent elsewhere. {ours}"
        )


def _holds(folder: Path, path: Path) -> bool:
    """Whether `path` is `folder` or lies in it, by whatever names."""
    return any(_is_same(folder, above) for above in _self_and_above(path.resolve()))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there yet
        return one.resolve() == other.resolve()


def _self_and_above(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents


def _first_there(folder: Path) -> Path:
    return next(one for one in _self_and_above(folder) if one.exists())


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None
