"""How the names of columns, and the ids and titles of lines, are written."""

from __future__ import annotations

import random


def written(name: str, rng: random.Random) -> str:
    """Write a name as the heads of columns are written."""
    parts = name.replace("-", " ").split() if rng.random() < 0.5 else name.split()
    text = rng.choice(
        [
            "_".join(parts).lower(),
            " ".join(parts),
            " ".join(parts).title(),
            "_".join(parts).upper(),
            parts[0].lower() + "".join(part.title() for part in parts[1:]),
            "".join(part.title() for part in parts),
        ]
    )
    if rng.random() < 0.3:
        text = "x_" + text
    return text + rng.choice(["", "", "", "_1", " 2"])


def headers(names: list[str], n: int, seed: str) -> list[str]:
    """Different ways to write the names, `n` at most."""
    rng = random.Random(seed)
    return list(dict.fromkeys(written(rng.choice(names), rng) for _ in range(40 * n)))[:n]


def line_texts(topics: list[str], n: int, seed: str, language: str) -> list[str]:
    """Different titles of categories about these topics, `n` at most."""
    rng = random.Random(seed)
    about = {
        "en": [
            "{}",
            "{} or not",
            "Is {}",
            "No {}",
            "{} household",
            "Family: {}",
            "Says {}",
            "{} (self-reported)",
            "Not {}",
        ],
        "es": [
            "{}",
            "{} o no",
            "Es {}",
            "Sin {}",
            "Hogar {}",
            "Familia: {}",
            "Dice {}",
            "{} (según la persona)",
            "No {}",
        ],
    }[language]

    def one() -> str:
        text = rng.choice(about).format(rng.choice(topics))
        return rng.choice([text, text.lower(), text.capitalize(), text.upper(), text.replace(" ", "-")])

    return list(dict.fromkeys(one() for _ in range(60 * n)))[:n]
