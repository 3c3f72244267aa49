"""Words for made-up cells: what ``vocabulary.yaml`` holds, and names that the screens know or do not know."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from relmetrics.documents import read_document
from relmetrics.standard import load_release

LANGUAGES = ("en", "es")
HERE = Path(__file__).parent
VOCABULARY: dict[str, Any] = read_document(HERE / "vocabulary.yaml").data


def words(name: str, language: str) -> list[str]:
    """One list of the vocabulary."""
    found: list[str] = VOCABULARY[name][language]
    return found


def read_unlisted() -> dict[tuple[str, str], list[str]]:
    """Names that stand in no list of the screens, by kind and language."""
    found: dict[tuple[str, str], list[str]] = {}
    with (HERE / "unlisted_names.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault((row["kind"], row["language"]), []).append(row["word"])
    return found


def read_listed() -> dict[tuple[str, str], list[str]]:
    """Names of the screens' lists, by kind and language."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, name in (("given", "given_names"), ("surname", "surnames")):
        for word in load_release().word_lists[name].words:
            for language in word.language.split():
                found.setdefault((kind, language), []).append(word.word)
    return found
