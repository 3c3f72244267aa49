"""The name or code of the standard that is nearest to what was given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

__all__ = ["Suggestions", "nearest"]

_LEAST_LIKE = 75
"""Below this similarity (of 100) a suggestion misleads more often than it helps."""
_LEAST_LIKE_OTHERS = 85
"""The same for titles and synonyms: there are many, and some are like anything."""
_MOST_COMPARED = 60
"""Characters of what was given that are compared."""


class Suggestions:
    """Finds the nearest of some names, again and again.

    Parameters
    ----------
    words : mapping
        Names of the standard, each with other words for it; the first of equally near ones wins.
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        pairs = [(_folded(text), name) for name, others in words.items() for text in others]
        self._compared = (
            (_LEAST_LIKE, [_folded(name) for name in words], list(words)),
            (_LEAST_LIKE_OTHERS, [text for text, _ in pairs], [name for _, name in pairs]),
        )
        self._known: dict[str, str] = {}

    def nearest(self, given: str) -> str:
        """Return the name that is most like `given`, or an empty text."""
        bare = _folded(given[:_MOST_COMPARED])
        if bare not in self._known:
            self._known[bare] = self._find(bare)
        return self._known[bare]

    def _find(self, bare: str) -> str:
        # Not imported with the module: most submissions need no suggestion.
        from rapidfuzz import fuzz, process

        best, most = "", 0.0
        for least, texts, names in self._compared if bare else ():
            for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
                found = process.extractOne(bare, texts, scorer=scorer, processor=None, score_cutoff=least)
                if found is not None and found[1] > most:
                    best, most = names[found[2]], found[1]
        return best


def nearest(given: str, names: Mapping[str, Iterable[str]] | Iterable[str]) -> str:
    """Return the name that is most like `given`, or an empty text.

    Parameters
    ----------
    given : str
        A header, or the name of a file.
    names : mapping or iterable of str
        Names of the standard; as a mapping each with other words for it.
    """
    return Suggestions(names if isinstance(names, Mapping) else dict.fromkeys(names, ())).nearest(given)


def _folded(text: str) -> str:
    """Small letters without accents; everything that is no letter or digit is a blank."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.sub(r"[\W_]+", " ", plain.casefold()).strip()
