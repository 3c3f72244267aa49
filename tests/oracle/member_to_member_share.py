"""REL-02: counted conversations with both ends constituent / those with at least one constituent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from oracle.common import SIX, Submission, row, unknown_gate
from oracle.intervals import u2d

ID = "member_to_member_share"


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    warnings: set[str] = set()
    if sub.lacks("people", "one_to_ones") or sub.log_field_missing:
        reasons.add("missing_required_field")
    if not sub.staff_in_window:
        if sub.manifest.get("has_paid_staff") == "no":
            warnings.add("no_staff")
        else:
            reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    pairs: list[tuple[str, str]] = []
    hits: list[int] = []
    constituents: set[str] = set()
    unknown = n_external = without_consent = c_sides = s_sides = 0
    for c in sub.counted:
        ends = {p: sub.position(p, c.when.first) for p in (c.a, c.b)}
        positions = list(ends.values())
        if set(positions) <= {"constituent", "staff"}:
            c_sides += positions.count("constituent")
            s_sides += positions.count("staff")
        if "constituent" not in positions:
            continue
        without_consent += sub.no_consent(c.a, c.b)
        n_external += "external" in positions
        if None in positions:
            unknown += 1
            continue
        pairs.append((c.a, c.b))
        hits.append(int(positions == ["constituent", "constituent"]))
        constituents |= {p for p, where in ends.items() if where == "constituent"}

    n, k = len(pairs), sum(hits)
    if n + unknown == 0:
        reasons.add("no_eligible_units")
    more_reasons, more_warnings = unknown_gate(n, unknown)
    reasons |= more_reasons
    warnings |= more_warnings | sub.window_warnings | sub.confirmation_warnings
    if sub.coverage.gate == "below":
        reasons.add("below_coverage")
    if sub.coverage.gate == "low":
        warnings.add("coverage_low")
    if n < 20:
        reasons.add("below_minimum_n")

    interval, pending = None, []
    value = Fraction(k, n) if n else None
    if not reasons:
        hit = np.array(hits)

        def statistic(w: np.ndarray) -> np.ndarray:
            total = w.sum(axis=1).astype(float)
            total[total == 0] = np.nan
            return (w @ hit) / total

        interval, interval_warnings, pending = u2d(pairs, constituents, statistic, value, simulate, ID)
        warnings |= interval_warnings
    implied = Fraction(c_sides - s_sides, c_sides + s_sides) if c_sides + s_sides and c_sides >= s_sides else None
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            numerator=k,
            denominator=n,
            n_units=n,
            unknown=unknown,
            n_without_consent=without_consent,
            coverage=sub.coverage.value,
            interval=interval,
            not_simulated=pending,
            extras={
                "n_external": n_external,
                "implied_by_totals": None if implied is None else float(implied),
                "rows_left_out": sub.rows_left_out(*SIX),
            },
        )
    ]
