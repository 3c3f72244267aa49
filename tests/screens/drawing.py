"""Names and digits, drawn by chance: half of the names are not in the lists of the screens."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

from screens.words import VOCABULARY, read_listed, read_unlisted


@dataclass(frozen=True)
class Cell:
    """One made-up cell; `stratum` tells cells of one kind apart in the scores."""

    text: str
    stratum: str = ""


LISTED, UNLISTED = read_listed(), read_unlisted()


def bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).lower()


def drawn_name(rng: random.Random, language: str) -> tuple[str, str, str]:
    """Given name, surname, and whether both, one or none of them are listed: half of the names are not."""
    stratum = rng.choice(["listed", "listed", "one listed", "unlisted"])
    sources = {
        "listed": (LISTED, LISTED),
        "unlisted": (UNLISTED, UNLISTED),
        "one listed": rng.choice([(LISTED, UNLISTED), (UNLISTED, LISTED)]),
    }[stratum]
    given = rng.choice(sources[0]["given", language])
    surname = rng.choice(sources[1]["surname", language])
    return written_name(rng, given, language), written_name(rng, surname, language), stratum


def written_name(rng: random.Random, word: str, language: str) -> str:
    if language == "es" and rng.random() < 0.7:
        word = VOCABULARY["accented"].get(word, word)
    for start in ("mc", "o"):
        if word.startswith(start) and word[len(start) :] in ("connor", "donald", "carthy", "brien", "donnell"):
            return start.capitalize() + ("'" if start == "o" else "") + word[len(start) :].capitalize()
    return word.capitalize()


def digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(n))
