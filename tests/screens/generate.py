"""Made-up personal data of each kind in two languages, and what is none: ids, dates, codes, labels, groups, places.

Seeded: the same cells in every run. Names come half from the screens' lists and half from lists that the screens do not
have (``unlisted_names.csv``).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from screens import names, numbers
from screens.drawing import Cell
from screens.harmless import harmless_cell, harmless_id
from screens.words import words

N_CELLS = 1000
N_DECOYS = 4000
# The screens were made while looking at another draw.
DRAW = "published"


def positives(kind: str, language: str) -> list[Cell]:
    """1,000 different cells of one kind in one language (fewer only where there are no more words for it)."""
    rng = random.Random(f"{DRAW} {kind} {language}")
    return _different(lambda: MAKERS[kind](rng, language), N_CELLS)


def decoys(language: str) -> list[str]:
    """4,000 different cells that are no personal data, as they stand in an organization's own columns."""
    rng = random.Random(f"{DRAW} decoys {language}")
    return [cell.text for cell in _different(lambda: Cell(harmless_cell(rng, language)), N_DECOYS)]


def decoy_ids(language: str) -> list[str]:
    """4,000 different made-up ids of persons."""
    rng = random.Random(f"{DRAW} ids {language}")
    return [cell.text for cell in _different(lambda: Cell(harmless_id(rng, language)), N_DECOYS)]


def _different(make: Callable[[], Cell], n: int) -> list[Cell]:
    found: dict[str, Cell] = {}
    for _ in range(60 * n):
        cell = make()
        found.setdefault(cell.text, cell)
        if len(found) == n:
            break
    return list(found.values())


def _status(rng: random.Random, language: str) -> Cell:
    status = rng.choice(words("status", language))
    who = {
        "en": ["", "", "she ", "he says: ", "her husband, ", "since {} ", "note: "],
        "es": ["", "", "ella ", "dice: ", "su primo, ", "desde {} ", "ojo: "],
    }
    ends = {
        "en": ["", "", "", ".", " (told me)", ", worried", " since {}"],
        "es": ["", "", "", ".", " (me dijo)", ", con miedo", " desde {}"],
    }
    before, after = rng.choice(who[language]), rng.choice(ends[language])
    text = before.format(rng.randint(2001, 2025)) + status + after.format(rng.randint(2001, 2025))
    is_alone = not before and after in ("", ".")
    changed = rng.choice([text, text, text.lower(), text.upper(), text.capitalize()])
    return Cell(changed, "status alone" if is_alone else "in a sentence")


def _note(rng: random.Random, language: str) -> Cell:
    text = rng.choice(words("notes", language)).format(
        topic=rng.choice(words("topics", language)),
        thing=rng.choice(words("things", language)),
        n=rng.randint(1, 6),
        month=rng.choice(words("months", language)),
    )
    parts = text.split()
    if rng.random() < 0.2:
        return Cell(" ".join(parts[: rng.randint(4, 7)]), "four to seven words")
    return Cell(" ".join(parts[: rng.randint(10, len(parts))]), "ten words or more")


MAKERS: dict[str, Callable[[random.Random, str], Cell]] = {
    "email_address": names.email,
    "phone_number": numbers.phone,
    "person_name": names.person,
    "street_address": numbers.address,
    "birth_date": numbers.birth,
    "immigration_status": _status,
    "government_number": numbers.number_of_an_office,
    "free_note": _note,
    "id_is_hash": names.hashed,
    "id_is_name": names.id_name,
    "id_is_email_prefix": names.id_prefix,
    "id_is_phone_number": numbers.id_phone,
}
KINDS = tuple(MAKERS)
ID_KINDS = tuple(kind for kind in KINDS if kind.startswith("id_is_"))
