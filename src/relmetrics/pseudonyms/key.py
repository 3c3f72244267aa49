"""The key: the one file that says who is behind a pseudonym.

Numbers are drawn by lot. A number that followed the rows, the alphabet or the day somebody joined would tell whoever
has an ordered list of the members (a roster, an alphabetical sign-in sheet) who is who; so would a number computed from
the id, by anybody who can compute it for all members. A drawn number has no connection with the person except in this
file. It is drawn from a range several times as large as needed, so that people who are added later do not all have the
highest numbers.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmetrics.errors import UsageError
from relmetrics.output import write_whole
from relmetrics.posix import is_mine, others_can_open
from relmetrics.pseudonyms.identity import normal
from relmetrics.submission.columns import shown

if TYPE_CHECKING:
    from random import Random

__all__ = ["PEOPLE", "Key"]

PEOPLE = "people"
ABOUT = (
    "KEEP THIS FILE TO YOURSELF, on an encrypted disk. It says who is behind each code that relmetrics pseudonymize "
    "made. Never send it, never put it beside the files with the codes. If it is lost, everybody gets a new code. If "
    'one person has two codes, move the id to the other\'s list: "P-0001": ["ana", "Ana G"].'
)
_FORMAT = "relmetrics key 1"
_MOST = 256 * 1024**2
_PREFIXES = {PEOPLE: "P", "groups": "G", "events": "E", "one_to_ones": "C"}
_LEAST_DIGITS = 4
_ROOMY = 4
_PSEUDONYM = re.compile(r"[A-Z]{1,3}-([0-9]{1,18})")


class Key:
    """Pseudonyms by kind and id. Kinds are tables of the standard; all that happens is in memory until `save`.

    Parameters
    ----------
    path : Path
        Its file.
    ignore_case : bool
        Whether ids that differ in capitals are the same; decided once, when the key is made.
    """

    def __init__(self, path: Path, ignore_case: bool = False) -> None:
        self.path = path
        self.ignore_case = ignore_case
        self.is_new = True
        self._names: dict[str, dict[str, str]] = {PEOPLE: {}}
        self._taken: dict[str, set[int]] = {}

    @classmethod
    def load(cls, path: Path, ignore_case: bool = False) -> Key:
        """Read a key, or begin a new one where there is none.

        Raises
        ------
        UsageError
            It is no key, damaged, open to others, not this user's, or was begun with another rule for capitals.
        """
        key = cls(path, ignore_case)
        name = shown(path.name)
        try:
            if path.is_symlink():
                raise UsageError(f"{name} is a link. Name the key itself with --key, where it lies.")
            if not path.exists():
                return key
            if not path.is_file() or not is_mine(path):
                raise UsageError(f"{name} is not a file of yours. Name your own key with --key.")
            if others_can_open(path):
                raise UsageError(
                    f"Others on this computer may open the key {name}. Close it (chmod 600 {name}), and think about "
                    "who may have read it: whoever has, knows everybody in your files."
                )
            content = path.read_bytes() if path.stat().st_size <= _MOST else b""
        except OSError as problem:
            raise UsageError(f"The key {name} cannot be opened ({problem.strerror or 'unknown reason'}).") from None
        try:
            data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_copies)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or data.pop("format", None) != _FORMAT:
            raise UsageError(
                f"{name} is not a key that relmetrics made, or it is damaged. It was not touched. Take a copy of the "
                "key that works, or name a new file with --key: everybody then gets a new code."
            )
        key._take(data)
        if ignore_case and not key.ignore_case:
            raise UsageError(
                f"The key {name} was begun without --ignore-case, and codes cannot be taken back. Leave the option "
                "out, and put two writings of one person together in the key by hand."
            )
        key.is_new = False
        return key

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of which it has pseudonyms."""
        return tuple(kind for kind, names in self._names.items() if names)

    def ids(self, kind: str) -> Mapping[str, str]:
        """Pseudonym by normal form of the id."""
        return self._names.get(kind, {})

    def normal(self, text: str) -> str:
        """Return the normal form of an id by the rule of this key."""
        return normal(text, self.ignore_case)

    def add(self, kind: str, ids: Iterable[str], lot: Random | None = None) -> int:
        """Give every id that has none a pseudonym, and say how many got one.

        Parameters
        ----------
        kind : str
            Table of the standard in which they are at home.
        ids : iterable of str
            Normal forms. Their order has no influence.
        lot : Random, optional
            What draws; the system's own source of chance if left out.
        """
        lot = lot or secrets.SystemRandom()
        names = self._names.setdefault(kind, {})
        new = sorted(set(ids) - names.keys())
        taken = self._taken.setdefault(kind, {_number(name) for name in names.values()})
        digits = max(_LEAST_DIGITS, len(str(_ROOMY * (len(taken) + len(new)))))
        prefix = _PREFIXES.get(kind) or kind.replace("_", "")[:3].upper()
        # Nobody's pseudonym is somebody's id: a cell is the one or the other.
        known = names.keys() | set(new)
        for one in new:
            while True:
                number = lot.randrange(1, 10**digits)
                name = f"{prefix}-{number:0{digits}}"
                if number not in taken and name not in known:
                    break
            taken.add(number)
            names[one] = name
        return len(new)

    def save(self) -> None:
        """Write the file in one step, for this user only.

        Raises
        ------
        UsageError
            It cannot be written, or the drive does not keep files from others.
        """
        try:
            write_whole(self.path, self._content(), private=True)
            if others_can_open(self.path):
                self.path.unlink()
                raise UsageError(
                    f"The drive on which {shown(self.path.name)} would lie cannot keep a file from others (as many USB "
                    "sticks and shared drives). Name a place on your own computer's disk with --key."
                )
        except OSError as problem:
            why = problem.strerror or "unknown reason"
            raise UsageError(
                f"The key {shown(self.path.name)} cannot be written ({why}). Nothing else was written either."
            ) from None
        self.is_new = False

    def _content(self) -> bytes:
        data: dict[str, Any] = {"about": ABOUT, "format": _FORMAT, "ignore_case": self.ignore_case}
        for kind, names in sorted(self._names.items(), key=lambda item: (item[0] != PEOPLE, item[0])):
            by_name: dict[str, list[str]] = {}
            for one, name in sorted(names.items(), key=lambda item: (len(item[1]), item[1], item[0])):
                by_name.setdefault(name, []).append(one)
            data[kind] = {name: ids[0] if len(ids) == 1 else ids for name, ids in by_name.items()}
        return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")

    def _take(self, data: dict[str, Any]) -> None:
        """Take what stood in the file; somebody may have mended it by hand."""
        data.pop("about", None)
        self.ignore_case = data.pop("ignore_case", False) is True
        for kind, by_name in data.items():
            names = self._names.setdefault(kind, {})
            for name, given in by_name.items() if isinstance(by_name, dict) else [("", None)]:
                ids = given if isinstance(given, list) else [given]
                if not _PSEUDONYM.fullmatch(name) or not all(isinstance(one, str) for one in ids):
                    raise UsageError(
                        f'The key {shown(self.path.name)} is damaged: an entry is not of the form "P-0001": "id". '
                        "It was not touched. Mend it, or take a copy that works."
                    )
                for one in map(self.normal, ids):
                    if names.setdefault(one, name) != name:
                        raise UsageError(
                            f"In the key {shown(self.path.name)} one id has two codes, {names[one]} and {name}. Take "
                            "it out at one of them."
                        )


def _number(name: str) -> int:
    match = _PSEUDONYM.fullmatch(name)
    return int(match[1]) if match else 0


def _without_copies(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found
