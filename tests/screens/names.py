"""Made-up names of people, and ids and addresses made of them."""

from __future__ import annotations

import hashlib
import random

from screens.drawing import LISTED, Cell, bare, drawn_name, written_name


def person(rng: random.Random, language: str) -> Cell:
    given, surname, stratum = drawn_name(rng, language)
    initial = rng.choice("ABCDEFGHJKLMR")
    second = written_name(rng, rng.choice(LISTED["surname", language]), language)
    forms = [f"{given} {surname}"] * 5 + [
        f"{surname}, {given}",
        f"{given} {initial}. {surname}",
        f"{given.upper()} {surname.upper()}",
    ]
    forms += (
        [f"{given} {surname} {second}"] * 2
        if language == "es"
        else [f"{given} {surname} Jr.", f"Mrs. {given} {surname}"]
    )
    forms += [f"{given} de la {surname}"] if language == "es" else [f"{given.lower()} {surname.lower()}"]
    return Cell(rng.choice(forms), stratum)


def id_name(rng: random.Random, language: str) -> Cell:
    given, surname, stratum = drawn_name(rng, language)
    given, surname = bare(given).replace("'", ""), bare(surname).replace("'", "")
    forms = [
        f"{given}_{surname}",
        f"{given}-{surname}",
        f"{given.capitalize()}{surname.capitalize()}",
        f"{surname}_{given}",
        f"{given.capitalize()}_{surname.capitalize()}",
        f"{given}-{surname}-{rng.randint(1, 9)}",
    ]
    return Cell(rng.choice(forms), stratum)


def id_prefix(rng: random.Random, language: str) -> Cell:
    given, surname, stratum = drawn_name(rng, language)
    given, surname = bare(given).replace("'", ""), bare(surname).replace("'", "")
    number = rng.choice(["", "", str(rng.randint(1, 99))])
    forms = [
        f"{given}.{surname}",
        f"{given[0]}{surname}",
        f"{given[0]}.{surname}",
        f"{surname}.{given}",
        f"{surname}{given[0]}",
    ]
    return Cell(rng.choice(forms) + number, stratum)


def email(rng: random.Random, language: str) -> Cell:
    given, surname, _ = drawn_name(rng, language)
    given, surname = bare(given).replace("'", ""), bare(surname).replace("'", "")
    user = rng.choice(
        [
            f"{given}.{surname}",
            f"{given[0]}{surname}",
            f"{given}{rng.randint(1, 99)}",
            f"{surname}_{given}",
            f"{given}+list",
            f"la{given}{rng.randint(1950, 2009)}",
        ]
    )
    host = rng.choice(
        ["example.org", "mail.example.com", "example.net", "example.com.mx", "correo.example.mx", "example.edu"]
    )
    address = rng.choice(
        [f"{user}@{host}"] * 6
        + [
            f"{user}@{host}".upper(),
            f"<{user}@{host}>",
            f" {user}@{host} ",
            f"{given} {user}@{host}",
            f"mailto:{user}@{host}",
            f"{user} at {host}",
        ]
    )
    return Cell(address)


def hashed(rng: random.Random, language: str) -> Cell:
    address = email(rng, language).text.strip().lower().encode()
    made = rng.choice([hashlib.md5, hashlib.sha1, hashlib.sha256])(address).hexdigest()
    return Cell(rng.choice([made, made, made, made.upper(), f"P-{made}"]), f"{len(made)} digits")
