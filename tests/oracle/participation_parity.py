"""EQ-02: difference of participation between a category and the reference, for each base (U4).

Readings
========
 1  See ``declared_lines``. Rows base by base in the entry's order, cells ``base=...;category_id=...;line_id=...``.
    The base REL-06 is not_adopted_level at core and outside this oracle above it (no rows). A line with one category
    has no row.
 2  Base REL-01: known units of REL-01. CYC-03: people with a named attendance at a known action. Parameters named as
    a base's own are the base's.
 3  Where the base has a reason at its total, that one stands, whatever else holds.
 4  ``unknown``: people of the base who are not known on the line; the 20 and 50 % are of all of the base.
    ``n_units`` = n_category + n_reference. Without a reason of the base, the order is 0.3's.
 5  Of the base's warnings only ``window_incomplete`` is taken over.
 6  Rates of nobody are None. ``units_per_person_*``: CYC-03 mean number of known attendances of the category's
    people in the base, None for nobody; the other bases 1.
 7  Reference: among several or no ``is_reference = yes``, the category with most AC who are known on the line.
 8  ``n_without_consent``: people of the base without consent. ``coverage`` None. ``rows_left_out``: the six, lines
    and person_lines, whatever the base.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from oracle import full_cycle_participation, ladder_transitions, one_to_one_coverage
from oracle.common import SIX, Submission, row, unknown_gate
from oracle.declared_lines import categories, nothing_declared, places
from oracle.intervals import wilson

ID = "participation_parity"


class Base(NamedTuple):
    """The total of a base, and its people: yes or no, and how many units."""

    total: dict[str, Any]
    people: dict[str, tuple[bool, int]]


def _rel_01(sub: Submission) -> Base:
    yes, unknown, _ = one_to_one_coverage.units(sub)
    people = {p: (p in yes, 1) for p in sub.active - unknown}
    return Base(one_to_one_coverage.compute(sub, False)[0], people)


def _cyc_03(sub: Submission) -> Base:
    people = {p: (any(x), len(x)) for p, x in full_cycle_participation.people(sub).items()}
    return Base(full_cycle_participation.compute(sub, False)[0], people)


def _lead_02(sub: Submission) -> Base:
    people = {p: (up, 1) for p, up in ladder_transitions.units(sub).items()}
    return Base(ladder_transitions.compute(sub, False)[0], people)


BASES: dict[str, Callable[[Submission], Base] | None] = {
    "REL-01": _rel_01,
    "REL-06": None,
    "CYC-03": _cyc_03,
    "LEAD-02": _lead_02,
}


def newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """U4."""
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(p1, n1), wilson(p2, n2)
    d = p1 - p2
    return d - math.hypot(p1 - l1, u2 - p2), d + math.hypot(u1 - p1, p2 - l2)


def reference(sub: Submission, line: str, place: dict[str, str]) -> str:
    own = categories(sub)[line]
    named = [r["category_id"] for r in sub.tables["lines"] if r["line_id"] == line and r["is_reference"] == "yes"]
    named = [c for c in named if c in own]
    if len(named) == 1:
        return named[0]
    known = Counter(place[p] for p in sub.active if p in place)
    return min(own, key=lambda c: (-known[c], c))


def _cell(sub: Submission, name: str, base: Base, line: str, category: str, other: str) -> dict[str, Any]:
    place = places(sub, line)
    known = {p for p in base.people if p in place}
    sides = {c: [base.people[p] for p in known if place[p] == c] for c in (category, other)}
    (n1, n2), (k1, k2) = map(len, sides.values()), (sum(x for x, _ in side) for side in sides.values())

    reasons: set[str] = set()
    more, warnings = unknown_gate(len(known), len(base.people) - len(known))
    if base.total["reason"]:
        reasons = {base.total["reason"]}
    else:
        reasons |= more
        if n1 == 0:
            reasons.add("no_eligible_units")
        if min(n1, n2) < sub.number("min_group", 20):
            reasons.add("below_minimum_n")
    warnings |= {"window_incomplete"} & set(base.total["warnings"])
    interval = None
    if not reasons:
        low, high = newcombe(k1, n1, k2, n2)
        interval = {"low": low, "high": high, "method": "U4"}

    def per_person(side: list[tuple[bool, int]]) -> float | None:
        if name != "CYC-03":
            return 1
        return sum(units for _, units in side) / len(side) if side else None

    return row(
        ID,
        disaggregation=f"base={name};category_id={category};line_id={line}",
        reasons=reasons,
        warnings=warnings,
        value=Fraction(k1, n1) - Fraction(k2, n2) if n1 and n2 else None,
        n_units=n1 + n2,
        unknown=len(base.people) - len(known),
        n_without_consent=sum(sub.no_consent(p) for p in base.people),
        interval=interval,
        extras={
            "rate_category": k1 / n1 if n1 else None,
            "rate_reference": k2 / n2 if n2 else None,
            "n_category": n1,
            "n_reference": n2,
            "reference_category": other,
            "units_per_person_category": per_person(sides[category]),
            "units_per_person_reference": per_person(sides[other]),
            "rows_left_out": sub.rows_left_out(*SIX, "lines", "person_lines"),
        },
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    if nothing_declared(sub):
        return [row(ID, reasons={"missing_required_field"})]
    cells = []
    for line, own in categories(sub).items():
        other = reference(sub, line, places(sub, line))
        cells += [(line, category, other) for category in own if category != other]
    out = []
    for name, read in BASES.items():
        if read is not None:
            base = read(sub)
            out += [_cell(sub, name, base, *cell) for cell in cells]
        elif sub.manifest["adoption_level"] == "core":
            for line, category, _ in cells:
                cell = f"base={name};category_id={category};line_id={line}"
                out.append(row(ID, disaggregation=cell, reasons={"not_adopted_level"}))
    return out
