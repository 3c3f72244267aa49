"""LEAD-03: new leaders whose developer was a constituent that day (U2 by developer).

Readings
========
 1  Needed are people and memberships; ``groups`` only tells external organizations (then: none).
 2  The first spell is the one with the earliest first known day, whatever its precision; it "began in W" only with
    day or month precision (0.2). Equal days: the highest rung, then the smallest group_id. Somebody whose position
    that day is not known is no unit (F8).
 3  A developer whose person_type is not known has no known position: unknown, as oneself and an id that is not
    there.
 4  "empty for all units": unreadable ids are empty (F2), ids that are not in ``people`` are not. No unit: not the
    gate.
 5  The 70 % replaces both limits of 0.2: no ``partial_coverage`` (REL's settled readings say so of this entry).
 6  ``reproduction_number``: developed by a constituent = the numerator, over constituents with a spell of rung 3 to
    5 that covers T-W.
 7  ``second_generation``: of the numerator; any spell of the developer begun by T, her own developer constituent on
    the day it began; that may be the unit itself.
 8  ``n_developers``: of the known units. ``coverage`` None. ``rows_left_out``: people, groups, memberships.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from oracle.common import Submission, W, row, share
from oracle.ladder_transitions import RUNG, covering, double_window, rung_spells
from oracle.resampling import u2_proportion

ID = "member_developed_leaders"


def _developer(sub: Submission, spell: dict[str, Any]) -> str | None:
    """Who brought the person to the role, where that is known together with the position on the day it began."""
    who = spell["developed_by"]
    if who is None or who == spell["person_id"] or sub.position(who, spell["started_on"].first) is None:
        return None
    return who


def _by_constituent(sub: Submission, spell: dict[str, Any]) -> bool:
    who = _developer(sub, spell)
    return who is not None and sub.position(who, spell["started_on"].first) == "constituent"


def new_leaders(sub: Submission, spells: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The first spells of the units."""
    out = []
    for person, own in spells.items():
        first = min(own, key=lambda s: (s["started_on"].first, -RUNG[s["role"]], s["group_id"], s["started_on"].text))
        began = first["started_on"]
        if sub.in_window(began) and sub.position(person, began.first) == "constituent":
            out.append(first)
    return out


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    leading = {p: [s for s in own if RUNG[s["role"]] >= 3] for p, own in rung_spells(sub).items()}
    leading = {p: own for p, own in leading.items() if own}
    units = new_leaders(sub, leading)
    known = [s for s in units if _developer(sub, s)]
    hits = [s for s in known if _by_constituent(sub, s)]
    n, k = len(known), len(hits)

    reasons: set[str] = set()
    if sub.lacks("people", "memberships") or (units and all(s["developed_by"] is None for s in units)):
        reasons.add("missing_required_field")
    missing, warnings = double_window(sub)
    if missing:
        reasons.add("missing_records_window")
    if not units:
        reasons.add("no_eligible_units")
    if 100 * n < 70 * len(units):
        reasons.add("below_coverage")
    if n < 8:
        reasons.add("below_minimum_n")
    interval, pending = None, []
    if not reasons:
        interval, more, pending = u2_proportion(
            [(s["developed_by"], _by_constituent(sub, s)) for s in known], simulate, ID
        )
        warnings |= more

    before: dt.date = sub.before_end(W)
    old = sum(sub.position(p, before) == "constituent" and bool(covering(sub, s, before)) for p, s in leading.items())
    second = sum(
        any(_by_constituent(sub, s) and s["started_on"].first <= sub.T for s in leading.get(unit["developed_by"], ()))
        for unit in hits
    )
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=share(k, n),
            numerator=k,
            denominator=n,
            n_units=n,
            unknown=len(units) - n,
            n_without_consent=sum(sub.no_consent(s["person_id"]) for s in units),
            interval=interval,
            not_simulated=pending,
            extras={
                "reproduction_number": k / old if old >= 5 else None,
                "second_generation": second,
                "n_developers": len({s["developed_by"] for s in known}),
                "rows_left_out": sub.rows_left_out("people", "groups", "memberships"),
            },
        )
    ]
