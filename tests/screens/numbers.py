"""Made-up phone numbers, addresses, dates of birth and numbers of the government."""

from __future__ import annotations

import random

from screens.drawing import Cell, digits
from screens.words import words


def phone(rng: random.Random, language: str) -> Cell:
    area, rest, last = f"{rng.randint(2, 9)}{digits(rng, 2)}", f"{rng.randint(2, 9)}{digits(rng, 2)}", digits(rng, 4)
    city, four = rng.choice(["55", "33", "81", "56"]), digits(rng, 4)
    north = [
        f"({area}) {rest}-{last}",
        f"{area}-{rest}-{last}",
        f"{area}.{rest}.{last}",
        f"+1 {area} {rest} {last}",
        f"1-{area}-{rest}-{last}",
        f"+1{area}{rest}{last}",
        f"{area} {rest} {last}",
        f"cell {area}-{rest}-{last}",
        f"{area}-{rest}-{last} x{digits(rng, 2)}",
        f"({area}){rest}-{last}",
    ]
    south = [
        f"+52 {city} {four} {last}",
        f"{city} {four} {last}",
        f"({city}) {four}-{last}",
        f"+52 1 {city} {four} {last}",
        f"cel. {area} {rest} {last}",
        f"tel: {city}{four}{last}",
        f"{area} {rest} {last[:2]} {last[2:]}",
        f"+52{city}{four}{last}",
        f"+503 {four} {last}",
        f"WhatsApp {area}-{rest}-{last}",
    ]
    if rng.random() < 0.1:
        return Cell(f"{area}{rest}{last}", "ten bare digits")
    return Cell(rng.choice(north if language == "en" or rng.random() < 0.3 else south), "written with marks")


def id_phone(rng: random.Random, language: str) -> Cell:
    area, rest, last = f"{rng.randint(2, 9)}{digits(rng, 2)}", f"{rng.randint(2, 9)}{digits(rng, 2)}", digits(rng, 4)
    city, four = rng.choice(["55", "33", "81"]), digits(rng, 4)
    marked = [f"{area}-{rest}-{last}", f"{area}.{rest}.{last}", f"1-{area}-{rest}-{last}"]
    if language == "es":
        marked += [f"{city}-{four}-{last}", f"52-{city}-{four}-{last}"]
    if rng.random() < 0.4:
        return Cell(f"{area}{rest}{last}", "ten bare digits")
    return Cell(rng.choice(marked), "written with marks")


def address(rng: random.Random, language: str) -> Cell:
    street, kind, number = (
        rng.choice(words("streets", language)).replace("_", " "),
        rng.choice(words("street_types", language)),
        rng.randint(1, 12999),
    )
    if language == "en":
        street = rng.choice(
            [street] * 4
            + [
                f"{rng.randint(1, 140)}th",
                f"N {street}",
                f"West {street}",
                f"{street} {rng.choice(words('streets', 'en'))}",
            ]
        )
        end = rng.choice(
            [
                "",
                "",
                "",
                f" Apt {rng.randint(1, 40)}",
                f", Unit {rng.choice('ABCD')}",
                f" #{rng.randint(1, 40)}",
                ", Austin, TX 78702",
                ", Chicago IL",
            ]
        )
        return Cell(
            f"{number} {street} {kind}{end}",
            "usual" if kind not in ("Row", "Bend", "Mews", "Crossing") else "rare kind of street",
        )
    end = rng.choice(
        [
            "",
            "",
            "",
            f", Int. {rng.randint(1, 40)}",
            f", Depto {rng.choice('ABCD')}",
            ", Col. Centro",
            f", C.P. {digits(rng, 5)}",
        ]
    )
    joint = rng.choice([" ", " ", " #", " No. ", ", ", " núm. "])
    return Cell(
        f"{kind} {street}{joint}{number}{end}",
        "usual" if kind not in ("Retorno", "Glorieta") else "rare kind of street",
    )


def birth(rng: random.Random, language: str) -> Cell:
    year, month, day = rng.randint(1930, 2007), rng.randint(1, 12), rng.randint(1, 28)
    name = words("months", language)[month - 1]
    forms = [
        f"{year}-{month:02}-{day:02}",
        f"{month}/{day}/{year}",
        f"{day:02}/{month:02}/{year}",
        f"{day}.{month}.{year}",
    ]
    if language == "en":
        forms += [
            f"{name} {day}, {year}",
            f"DOB {month}/{day}/{year % 100:02}",
            f"born {year}",
            f"born on {name} {day}",
            f"DOB: {year}-{month:02}-{day:02}",
            f"{day} {name} {year}",
        ]
    else:
        forms += [
            f"{day} de {name} de {year}",
            f"F. Nac. {day}/{month}/{year}",
            f"nació en {year}",
            f"cumpleaños: {day} de {name}",
            f"nacida el {day}/{month}/{year}",
            f"{day} {name} {year}",
        ]
    return Cell(rng.choice(forms))


def number_of_an_office(rng: random.Random, language: str) -> Cell:
    area = rng.choice([one for one in range(1, 900) if one != 666])
    ssn = f"{area:03}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}"
    curp = "".join(rng.choice("BCDFGHJKLMNPRSTVZ") if i != 1 else rng.choice("AEIOU") for i in range(4))
    born = f"{rng.randint(40, 99):02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    rest = "".join(rng.choice("BCDFGHJKLMNPQRSTVWXYZ") for _ in range(3))
    state = rng.choice(["DF", "JC", "NL", "MC", "VZ", "OC", "NE"])
    curp_full = f"{curp}{born}{rng.choice('HM')}{state}{rest}{rng.choice('0A')}{rng.randint(0, 9)}"
    nine = digits(rng, 9)
    alien = rng.choice(
        [
            f"A{nine}",
            f"A-{nine[:3]}-{nine[3:6]}-{nine[6:]}",
            f"A# {nine[:3]}-{nine[3:6]}-{nine[6:]}",
            f"alien number {nine}",
        ]
    )
    if language == "en":
        return Cell(
            rng.choice(
                [
                    ssn,
                    ssn,
                    f"SSN {ssn}",
                    f"SSN: {ssn.replace('-', '')}",
                    alien,
                    f"9{digits(rng, 2)}-{rng.randint(70, 88)}-{rng.randint(1, 9999):04}",
                    f"passport {nine}",
                ]
            )
        )
    return Cell(
        rng.choice(
            [
                curp_full,
                curp_full,
                curp_full.lower(),
                f"CURP {curp_full}",
                f"{curp}{born}{rest[:2]}{rng.randint(0, 9)}",
                ssn,
                alien,
                f"Seguro Social {ssn}",
                f"pasaporte G{nine[:8]}",
            ]
        )
    )
