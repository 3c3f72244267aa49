"""Who is the same: what counts as one id, what is no id at all, and which ids look alike."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from relmetrics.submission.columns import BLANKS

__all__ = ["Mentions", "folded", "is_none", "is_telling", "look_alikes", "normal", "parts_of"]

_NONE = frozenset(
    "unknown|not known|n/a|#n/a|none|null|nobody|tbd|desconocido|desconocida|no se sabe|ninguno|ninguna|nadie".split(
        "|"
    )
)
_SPLIT = re.compile(r"[;|\r\n]")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_VALID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_HEXADECIMAL = re.compile(r"(?=.*\d)(?=.*[a-fA-F])[0-9a-fA-F-]{16,64}")
_LONG_NUMBER = re.compile(r"\d(?:[-. ]?\d){9,}")


def normal(text: str, ignore_case: bool = False) -> str:
    """Return the form in which two writings of one id are equal.

    Composed characters (NFC), nothing invisible, single blanks, none at the ends; small letters only where asked for,
    because ``0035g00000aBc`` and ``0035g00000abc`` are two people in some systems. An id that the standard takes as it
    stands comes out unchanged.
    """
    text = unicodedata.normalize("NFC", text)
    if not text.isascii() or not text.isprintable():
        text = "".join(one for one in text if one in BLANKS or unicodedata.category(one) not in ("Cf", "Cc", "Cs"))
    text = " ".join(part for part in re.split(f"[{re.escape(BLANKS)}]+", text) if part)
    return unicodedata.normalize("NFC", text.casefold()) if ignore_case else text


def is_none(text: str) -> bool:
    """Whether a normal form says that there is nobody, or that nobody knows who: it stands for no person."""
    return not any(character.isalnum() for character in text) or text.casefold() in _NONE


def parts_of(cell: str, separators: Sequence[str] = ()) -> Iterator[str]:
    """Yield the ids of a cell: semicolons, bars and line breaks part them, and what else is asked for."""
    for separator in separators:
        cell = cell.replace(separator, ";")
    yield from _SPLIT.split(cell)


def folded(text: str) -> tuple[str, ...]:
    """Return the words of an id without capitals, accents, marks and zeros in front, in the order of the alphabet.

    ``García, Ana``, ``ana garcia`` and ``Ana  GARCIA`` come out the same, and so do ``007`` and ``7``. Two ids of one
    such form may well be two people; somebody has to look.
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return tuple(sorted(word.lstrip("0") or "0" for word in _WORD.findall(plain)))


def look_alikes(ids: Iterable[str], of: Collection[str]) -> list[list[str]]:
    """Gather the ids that differ in capitals, accents, marks, order of words or zeros in front only.

    Parameters
    ----------
    ids : iterable of str
        All that are known.
    of : collection of str
        A gathering is told where one of these is in it.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in ids:
        alike[folded(one)].append(one)
    return [sorted(group) for group in alike.values() if len(group) > 1 and any(one in of for one in group)]


def is_telling(ids: Iterable[str], table: str) -> bool:
    """Whether ids of something that is no person may tell who somebody is: words, initials, or a phone number.

    Codes such as ``E-0017``, ``event-17``, ``2026-04`` and random hexadecimal ones tell nothing. Where it is not
    sure, they do.

    Parameters
    ----------
    ids : iterable of str
        Normal forms, all of one kind.
    table : str
        Where they are at home: a beginning of its name is no word (``ev-3`` in events).
    """
    name = table.replace("_", "")
    for one in ids:
        if not _VALID.fullmatch(one):
            return True
        if _HEXADECIMAL.fullmatch(one):
            continue
        if _LONG_NUMBER.search(one) or any(not name.startswith(word.casefold()) for word in _LETTERS.findall(one)):
            return True
    return False


class Mentions:
    """Finds the id of a known person within a text, in any capitals, accents and marks.

    Parameters
    ----------
    ids : iterable of str
        Only those with at least three letters in a row are looked for: a number says nothing.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._known: set[tuple[str, ...]] = set()
        for one in ids:
            if re.search(r"[^\W\d_]{3}", one):
                self._known.add(_words(one))
        self._lengths = sorted({len(words) for words in self._known})

    def __call__(self, text: str) -> bool:
        """Whether such an id stands in `text`, as whole words."""
        words = _words(text)
        return any(
            words[start : start + length] in self._known
            for length in self._lengths
            for start in range(len(words) - length + 1)
        )


def _words(text: str) -> tuple[str, ...]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return tuple(_WORD.findall(plain))
