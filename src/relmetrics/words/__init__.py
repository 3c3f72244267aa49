"""Words for people: the software's own, by key, and the texts of definitions, in the language asked for.

English is always there. Where a text is missing in another language the English one is given, and said to be: whoever
renders asks `Words.fell_back` at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from relmetrics.documents import read_document
from relmetrics.errors import DefinitionError, UsageError

__all__ = [
    "CODED_PARAMS",
    "Wording",
    "Words",
    "fill",
    "fill_sentences",
    "languages",
    "placeholders",
    "sentences",
    "text",
]

CODED_PARAMS: Mapping[str, str] = MappingProxyType({"expected": "field_type", "difference": "writing_difference"})
"""Placeholders of messages that are codes, with the list whose titles are shown."""

_HERE = Path(__file__).parent
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Wording(NamedTuple):
    """A text and the language that it is really in."""

    text: str
    language: str


def text(texts: Mapping[str, str], language: str = "en") -> Wording:
    """Choose from a definition's texts: `language`, else English, with the language that it is in.

    Parameters
    ----------
    texts : mapping
        Language code to text, as in every definition file; ``en`` is always there.
    """
    if language in texts:
        return Wording(texts[language], language)
    return Wording(texts.get("en", ""), "en")


def fill(template: str, names: Mapping[str, str]) -> str:
    """Replace ``{name}`` in `template`; a name that is not known stays as it is written, so that nothing is invented.

    Only plain names are replaced: no attributes, no indexes, no format codes, whatever stands in the values.
    """
    return _PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), template)


def sentences(text: str) -> list[str]:
    """Split a text where a sentence ends."""
    return _SENTENCE_END.split(text.strip())


@lru_cache(maxsize=4096)
def placeholders(template: str) -> frozenset[str]:
    """Names that stand in braces in `template`."""
    return frozenset(_PLACEHOLDER.findall(template))


def fill_sentences(template: str, names: Mapping[str, str]) -> str:
    """Fill the sentences of `template`; one with a placeholder that is empty or not known is left out."""
    kept = [
        sentence for sentence in sentences(template) if all(names.get(name) for name in _PLACEHOLDER.findall(sentence))
    ]
    return fill(" ".join(kept), names)


def languages() -> tuple[str, ...]:
    """Languages in which the software has words, English first."""
    others = sorted(path.stem for path in _HERE.glob("*.yaml") if path.stem != "en")
    return ("en", *others)


class Words:
    """The words of one rendering.

    Attributes
    ----------
    language : str
        Language asked for.
    fell_back : bool
        Whether some text had to be given in English although another language was asked for.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in languages():
            raise UsageError(
                f"There are no words in the language '{language[:20]}'. Choose one of: {', '.join(languages())}."
            )
        self.language = language
        self.fell_back = False

    def say(self, key: str, /, **names: str | int) -> str:
        """Return the software's own text under `key`, with its placeholders filled."""
        template = _texts(self.language).get(key)
        if template is None:
            self.fell_back = self.fell_back or self.language != "en"
            template = _texts("en").get(key)
        if template is None:
            raise DefinitionError(f"words/en.yaml has no text under the key '{key}'. This is a fault of relmetrics.")
        return fill(template, {name: str(value) for name, value in names.items()})

    def has(self, key: str) -> bool:
        """Whether there is a text under `key`."""
        return key in _texts("en")

    def count(self, key: str, n: int, /, **names: str | int) -> str:
        """Return the text under ``<key>.one`` or ``<key>.other``, with ``{n}`` filled, as in "1 error", "12 errors"."""
        return self.say(f"{key}.{'one' if n == 1 else 'other'}", n=f"{n:,}", **names)

    def text(self, texts: Mapping[str, str]) -> str:
        """Return a definition's text in this language, or in English where it is missing."""
        wording = text(texts, self.language)
        self.fell_back = self.fell_back or wording.language != self.language
        return wording.text


@cache
def _texts(language: str) -> dict[str, str]:
    """Texts of one language by dotted key."""
    document = read_document(_HERE / f"{language}.yaml")
    flat: dict[str, str] = {}
    rest: list[tuple[str, object]] = [("", document.data)]
    while rest:
        prefix, data = rest.pop()
        if isinstance(data, dict):
            rest.extend((f"{prefix}.{key}" if prefix else key, value) for key, value in data.items())
        elif isinstance(data, str):
            flat[prefix] = data
    return flat
