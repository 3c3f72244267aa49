"""REL-04: who asks for the conversations of a dyad, as excess over a fair coin (U2d).

Readings
========
 1  ``initiated_by`` empty: in every counted conversation after merging, externals and staff among themselves included;
    ``unknown`` or a code outside the list is not empty. After merging, a row with ``unknown`` gives no initiator.
 2  The population: dyads that are constituent or staff, at least one constituent, on the date of their first counted
    conversation in W (a month at its first day). A position that is not known makes no unit (F8).
 3  The 80 % are conversations: known (person_a, person_b, both, third_person) / all, of the population's dyads with at
    least two counted conversations, whatever became of m. ``unknown`` = the other ones.
 4  Units are dyads with m >= 2; a dyad with two conversations of which one was asked for by ``both`` is no unit.
    ``no_eligible_units``: no unit, and no unknown conversation that could make one.
 5  ``constituent_initiation_share``: all counted conversations of somebody who is constituent and somebody who is staff
    on the conversation's own date; null if nobody asked for any.
 6  ``parity_raw`` and ``parity_expected`` are stated wherever there is a unit, also where the value is refused.
 7  Fewer than 10 constituents: no interval, warning ``few_clusters`` (U2 of a statistic that is no proportion).
 8  ``n_without_consent`` counts the units (dyads).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from oracle.cleaning import UNKNOWN
from oracle.common import SIX, Conversation, Submission, number, row, share
from oracle.resampling import u2d_other

ID = "initiation_parity"


def coin_gap(m: int) -> Fraction:
    """E|2X - m|, X ~ Binomial(m, 1/2)."""
    return Fraction(sum(abs(2 * k - m) * math.comb(m, k) for k in range(m + 1)), 2**m)


def asked_by_constituents(sub: Submission) -> tuple[int, int]:
    """Conversations of staff with constituents that the constituent asked for, and that either of them asked for."""
    by_constituent = by_either = 0
    for c in sub.counted:
        ends = (sub.position(c.a, c.when.first), sub.position(c.b, c.when.first))
        if set(ends) == {"constituent", "staff"} and c.initiator in ("person_a", "person_b"):
            by_either += 1
            by_constituent += ends[("person_a", "person_b").index(c.initiator)] == "constituent"
    return by_constituent, by_either


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    nobody_said = bool(sub.counted) and all(c.initiator is None for c in sub.counted)
    if sub.lacks("people", "one_to_ones") or sub.log_field_missing or nobody_said:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    dyads: dict[tuple[str, str], list[Conversation]] = defaultdict(list)
    for c in sub.counted:
        dyads[(c.a, c.b)].append(c)
    units: list[tuple[tuple[str, str], int, int]] = []  # pair, m, |a - b|
    constituents: set[str] = set()
    talks = unknown = 0
    for pair, conversations in dyads.items():
        first = min(c.when.first for c in conversations)
        positions = {p: sub.position(p, first) for p in pair}
        if not set(positions.values()) <= {"constituent", "staff"} or "constituent" not in positions.values():
            continue
        said = Counter(c.initiator for c in conversations)
        if len(conversations) >= 2:
            talks += len(conversations)
            unknown += said[None] + said[UNKNOWN]
        a, b = said["person_a"], said["person_b"]
        if a + b >= 2:
            units.append((pair, a + b, abs(a - b)))
            constituents |= {p for p, where in positions.items() if where == "constituent"}

    n = len(units)
    if n == 0 and unknown == 0:
        reasons.add("no_eligible_units")
    if 100 * (talks - unknown) < 80 * talks or sub.coverage.gate == "below":
        reasons.add("below_coverage")
    if n < 15:
        reasons.add("below_minimum_n")
    warnings = sub.window_warnings | sub.confirmation_warnings
    if sub.coverage.gate == "low":
        warnings = warnings | {"coverage_low"}

    total = sum(m for _, m, _ in units)
    raw = Fraction(sum(m - gap for _, m, gap in units), total) if total else None
    expected = Fraction(sum(m - coin_gap(m) for _, m, _ in units), total) if total else None
    value = None if raw is None else raw - expected
    interval, pending = None, []
    if not reasons:
        excess = np.array([float(coin_gap(m) - gap) for _, m, gap in units])
        sizes = np.array([m for _, m, _ in units])

        def statistic(w: np.ndarray) -> np.ndarray:
            below = (w @ sizes).astype(float)
            below[below == 0] = np.nan
            return (w @ excess) / below

        interval, more, pending = u2d_other([pair for pair, _, _ in units], constituents, statistic, simulate, ID)
        warnings = warnings | more
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            n_units=n,
            unknown=unknown,
            n_without_consent=sum(sub.no_consent(*pair) for pair, _, _ in units),
            coverage=sub.coverage.value,
            interval=interval,
            not_simulated=pending,
            extras={
                "parity_raw": number(raw),
                "parity_expected": number(expected),
                "constituent_initiation_share": share(*asked_by_constituents(sub)),
                "rows_left_out": sub.rows_left_out(*SIX),
            },
        )
    ]
