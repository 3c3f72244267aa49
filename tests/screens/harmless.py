"""Cells and ids that are no personal data, some of which look like it."""

from __future__ import annotations

import random
import uuid

from screens.drawing import LISTED, UNLISTED, digits, written_name
from screens.words import words


def harmless_cell(rng: random.Random, language: str) -> str:
    place, group = rng.choice(words("places", language)), rng.choice(words("groups", language))
    year, month, day = rng.randint(2012, 2027), rng.randint(1, 12), rng.randint(1, 28)
    street = rng.choice(words("streets", language)).replace("_", " ")
    name = words("months", language)[month - 1]
    of = {"en": "of", "es": "de"}[language]
    return rng.choice(
        [
            lambda: place,
            lambda: f"{place} {group}",
            lambda: f"{group} {of} {place}",
            lambda: f"{group} {rng.randint(1, 40)}",
            lambda: rng.choice(words("codes", language)),
            lambda: f"{rng.choice(words('codes', language))}; {rng.choice(words('codes', language))}",
            lambda: f"{year}-{month:02}-{day:02}",
            lambda: f"{month}/{day}/{year}",
            lambda: f"{name} {year}",
            lambda: f"{year}-{month:02}-{day:02} {rng.randint(8, 21):02}:{rng.choice(['00', '15', '30'])}",
            lambda: f"{rng.choice('PECGV')}-{rng.randint(1, 9999):04}",
            lambda: f"VAN{rng.randint(100000, 99999999)}",
            lambda: str(rng.randint(0, 999999)),
            lambda: f"{rng.randint(0, 99)}.{rng.randint(0, 99):02}",
            lambda: f"${rng.randint(1, 90)},{digits(rng, 3)}.00",
            lambda: f"{rng.randint(0, 100)} %",
            lambda: f"INV-{year}-{digits(rng, 5)}",
            lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            lambda: f"{street} {rng.choice(words('street_types', 'en'))}" if language == "en" else f"Calle {street}",
            lambda: f"{rng.randint(1, 60)} {rng.choice(words('things', language))}",
            lambda: f"{rng.choice(words('topics', language))}, {place}",
            lambda: f"{digits(rng, 3)}-{digits(rng, 4)}-{digits(rng, 2)}",
            lambda: f"#{digits(rng, 4)}",
            lambda: f"{rng.randint(8, 21):02}:{rng.choice(['00', '30'])}-{rng.randint(8, 21):02}:30",
            lambda: digits(rng, 9),
            lambda: f"{rng.randint(1, 9)}{digits(rng, 12)}",
            lambda: f"{rng.randint(25, 48)}.{digits(rng, 2)}",
            lambda: f"{place} {rng.randint(1, 9)}-{rng.randint(10, 99)}",
            lambda: f"Local {digits(rng, 3)}",
            lambda: f"@{rng.choice(words('groups', 'en')).split()[0].lower()}{digits(rng, 2)}",
            lambda: f"{group} @ {place}",
            lambda: f"{rng.randint(1, 12)}/{year}",
            lambda: f"Q{rng.randint(1, 4)} {year}",
            lambda: f"{place}, {year}",
            lambda: f"{rng.choice('ABCDEFGH')}{rng.randint(1, 99)}",
            lambda: f"{digits(rng, 5)}-{digits(rng, 4)}",
            lambda: _hard(rng, language),
            lambda: _hard(rng, language),
            lambda: _hard(rng, language),
            lambda: f"{place} / {rng.choice(words('places', language))}",
            lambda: f"1-{rng.randint(2, 9)}",
            lambda: place.upper(),
        ]
    )()


def _hard(rng: random.Random, language: str) -> str:
    """What looks most like personal data and is none: things named for people, other numbers with hyphens."""
    lists = rng.choice([LISTED, UNLISTED])
    given = written_name(rng, rng.choice(lists["given", language]), language)
    surname = written_name(rng, rng.choice(lists["surname", language]), language)
    named = {
        "en": [
            "{g} {s} Elementary",
            "{g} {s} High School",
            "{s} Bakery",
            "{s} & Sons",
            "{g}'s Kitchen",
            "{s} Park",
            "Fort {s}",
            "{s} Street",
            "{s} Apartments",
            "The {s} Foundation",
            "St. {g} Parish",
            "{g} House",
            "{s} and 5th",
            "Mount {s}",
            "{s} County",
            "Port {g}",
            "{s} v. City",
            "{s} Hall, room {n}",
            "{s} Realty LLC",
            "Lake {g}",
        ],
        "es": [
            "Primaria {g} {s}",
            "Escuela {s}",
            "Panadería {s}",
            "Casa {s}",
            "Colonia {s}",
            "Calle {g} {s}",
            "Parroquia San {g}",
            "Fundación {s}",
            "Edificio {s}",
            "Tienda de {g}",
            "Ejido {s}",
            "Plaza {g} {s}",
            "Villa {s}",
            "Mercado {s}",
            "Salón {s} {n}",
            "Hermanos {s} S.A.",
            "Jardín {g}",
            "Avenida {s}",
            "Unidad {s}",
            "Rancho {s}",
        ],
    }
    plain = {
        "en": [
            "{n} minute drive",
            "{n} hour training",
            "Room {n}",
            "Route {n} bus",
            "{n} people at court",
            "week {n} of 12",
            "{n} units on Oak Street",
            "Section 8",
            "I-{n}",
            "Hwy {n}",
            "{n} Main",
            "Suite talk {n}",
            "Phase {n} loop",
        ],
        "es": [
            "{n} minutos en camión",
            "taller de {n} horas",
            "Salón {n}",
            "Ruta {n}",
            "{n} personas",
            "semana {n} de 12",
            "{n} casas en la calle Hidalgo",
            "artículo {n}",
            "Carretera {n}",
            "página {n}",
            "{n} cuadras",
            "cuadra {n}",
        ],
    }
    numbers = [
        "978-3-16-{a}-0",
        "{a}-{n}",
        "2024-2025",
        "192.168.{n}.1",
        "12-{a}1",
        "{n}.{n}.{n}",
        "EIN {n}-{a}{n}",
        "{a}/{n}",
        "+{n}",
        "{n}-{n}-{n}",
        "({n}) {a}",
        "no. {a}",
        "ref 00{a}-{n}",
        "{n}:{n}:{n}",
        "1{a}{a}",
        "{a}.{n}.{a}",
    ]
    form = rng.choice([*named[language], *plain[language], *numbers])
    return form.format(g=given, s=surname, n=rng.randint(10, 99), a=digits(rng, 6))


_WORDS = (
    "north south tower house river maple cedar coder reader leader member person contact volunteer tenant parent "
    "student group team block ward zone unit alpha bravo delta echo blue green red gold silver eagle falcon otter "
    "badger heron amigo vecino casa torre norte sur rio cedro persona contacto miembro voluntario lider codigo "
    "grupo equipo zona"
).split()


def harmless_id(rng: random.Random, language: str) -> str:
    first, second, number = rng.choice(_WORDS), rng.choice(_WORDS), rng.randint(1, 99999)
    return rng.choice(
        [
            lambda: f"P-{number:05}",
            lambda: f"P{number}",
            lambda: str(number),
            lambda: f"{first}-{number}",
            lambda: f"{first}_{second}",
            lambda: f"{first}.{second}",
            lambda: f"{first}{number}",
            lambda: f"VAN-{number:08}",
            lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            lambda: f"{first}-{second}-{number}",
            lambda: uuid.UUID(int=rng.getrandbits(128), version=4).hex,
            lambda: f"{rng.choice('ABCDEFGH')}{number}",
            lambda: f"003{''.join(rng.choice('ABCDEFabcdef0123456789xyzXYZ') for _ in range(15))}",
            lambda: f"{number:04}-{rng.choice('ABC')}",
            lambda: f"{first.capitalize()}{second.capitalize()}",
            lambda: "".join(rng.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(8)),
            lambda: digits(rng, 9),
            lambda: f"{rng.randint(1, 9)}{digits(rng, 9)}",
            lambda: f"{language}-{number}",
            lambda: f"2026-{number:04}",
        ]
    )()
