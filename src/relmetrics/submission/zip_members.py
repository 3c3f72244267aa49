"""Members of a zip of a submission, each found harmless: no link, no device, no path that leads out, no name twice.

A zip that is unpacked without harm here may be handed on and unpacked elsewhere, so that names which only another
system misunderstands are refused as well.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from pathlib import PurePosixPath

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.strings import shown

__all__ = ["PACK_AGAIN", "members_of", "nested"]

PACK_AGAIN = "Pack the files again with the zip program of your system, or use the folder itself."
"""What to do about most of it."""

_LONGEST_NAME, _DEEPEST = 255, 10
_ENDINGS_OF_ARCHIVES = frozenset([".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar", ".cab"])
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
# What programs put beside the files of their users.
_LEFT_ALONE = re.compile(r"(^|/)(__MACOSX|\.[^/]*|Thumbs\.db|desktop\.ini)(/|$)", re.IGNORECASE)


def members_of(archive: zipfile.ZipFile, name: str) -> list[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """Files with the parts of their paths, each found harmless."""
    found: list[tuple[zipfile.ZipInfo, tuple[str, ...]]] = []
    seen: dict[str, bool] = {}
    for entry in archive.infolist():
        _refuse_kind(entry, name)
        parts = _parts(entry, name)
        path = "/".join(parts)
        if not parts or _LEFT_ALONE.search(path):
            continue
        # Names that one of the usual file systems takes for the same.
        same = unicodedata.normalize("NFC", path).casefold()
        is_folder = _is_folder(entry)
        if same in seen and not (is_folder and seen[same]):
            raise UnreadableInputError(f"{name} holds two files of the name {shown(path)}. Keep one of them.")
        seen[same] = is_folder
        if is_folder:
            continue
        suffix = PurePosixPath(parts[-1]).suffix.casefold()
        if suffix in _ENDINGS_OF_ARCHIVES:
            raise nested(name, path)
        found.append((entry, parts))
    folders = {"/".join(parts[:depth]).casefold() for _, parts in found for depth in range(1, len(parts))}
    for _, parts in found:
        if "/".join(parts).casefold() in folders:
            raise UnreadableInputError(
                f"{name} holds a file and a folder of the name {shown('/'.join(parts))}. {PACK_AGAIN}"
            )
    if not found:
        raise UnreadableInputError(f"{name} holds no files. {PACK_AGAIN}")
    return found


def _refuse_kind(entry: zipfile.ZipInfo, name: str) -> None:
    inside = shown(entry.filename)
    if entry.flag_bits & 0x41:
        raise UnreadableInputError(f"{name} is protected with a password ({inside}). Pack it again without one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableInputError(f"{name} is packed in a way that is not read ({inside}). {PACK_AGAIN}")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise UnreadableInputError(f"{name} holds a link ({inside}) in place of a file. Put the file itself into it.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnreadableInputError(f"{name} holds something that is no file ({inside}). Take it out.")


def _parts(entry: zipfile.ZipInfo, name: str) -> tuple[str, ...]:
    """Parts of a member's path; both slashes part them, because each system knows another."""
    inside = shown(entry.orig_filename)
    given = entry.orig_filename.replace("\\", "/")
    if given.startswith("/") or re.match(r"[A-Za-z]:", given):
        raise UnreadableInputError(f"{name} holds a path from outside it ({inside}). {PACK_AGAIN}")
    parts = tuple(part for part in given.split("/") if part not in ("", "."))
    if ".." in parts:
        raise UnreadableInputError(f"{name} holds a path that leads out of it ({inside}). {PACK_AGAIN}")
    if len(parts) > _DEEPEST:
        raise UnreadableInputError(f"{name} holds folders more than {_DEEPEST} deep ({inside}). {PACK_AGAIN}")
    for part in parts:
        # ':' opens a second stream of a file, and a blank or dot at the end is dropped, on some systems.
        # Python takes what was in the name before NUL.
        if _DEVICES.fullmatch(part.split(".")[0].rstrip(" ")) or ":" in part:
            raise UnreadableInputError(
                f"{name} holds a name that is no file's on some systems ({inside}). Name it otherwise and pack "
                "it again."
            )
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in part) or part.rstrip(" .") != part:
            raise UnreadableInputError(
                f"{name} holds a name with characters that no name should have ({inside}). Name it otherwise and pack "
                "it again."
            )
        if len(part.encode("utf-8", "replace")) > _LONGEST_NAME:
            raise UnreadableInputError(f"{name} holds a name of more than {_LONGEST_NAME} characters. Shorten it.")
    return parts


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.orig_filename.endswith(("/", "\\")) or stat.S_ISDIR(entry.external_attr >> 16)


def nested(name: str, path: str) -> UnreadableInputError:
    """Say that there is an archive inside an archive."""
    return UnreadableInputError(
        f"{name} holds another archive ({shown(path)}), which is not opened. Unpack it, and pack its files directly."
    )
