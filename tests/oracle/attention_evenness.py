"""REL-09: evenness (1 - Gini) of staff's conversations over the active constituents (E3, U8).

Readings
========
 1  Needed are people and one_to_ones; events and participation only make people active (0.3).
 2  ``first_contact_on`` stands at its first known day whatever its precision (0.2: REL-09 is not among the indicators
    that need day differences; tenure is no window). Unreadable = empty = unknown unit. The 20 and 50 % rule holds over
    the AC of known tenure >= ``tenure_days`` and the AC without the date.
 3  A conversation counts for i when i is constituent and the partner staff on the conversation's date, be the person AC
    by a conversation or otherwise; people of unknown tenure bring nothing to ``total``.
 4  ``coverage`` is that of staff-constituent conversations: everyone and staff_only 1 (also with nobody active), nobody
    0, marked_groups as for members.
 5  The chance level is exact; only SD, z and percentile of the benchmark are simulated: z = (value - chance)/SD.
 6  ``ratio`` is null where the value is; ``total`` and ``never_reached_share`` are stated.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np

from oracle.common import SIX, Submission, row, share, unknown_gate
from oracle.intervals import generator, sd_mcse
from oracle.resampling import u8

ID = "attention_evenness"


def evenness(x: list[int]) -> Fraction:
    """1 - G, by the double sum."""
    return 1 - Fraction(sum(abs(p - q) for p in x for q in x), 2 * len(x) * sum(x))


def evenness_by_row(x: np.ndarray) -> np.ndarray:
    """The same of each row, by ranks; NaN where a row has nothing."""
    n = x.shape[1]
    total = x.sum(axis=1).astype(float)
    total[total == 0] = np.nan
    weighted = np.sort(x, axis=1) @ (2 * np.arange(1, n + 1) - n - 1)
    return 1 - weighted / (n * total)


def chance_level(n: int, t: int) -> float:
    """E[1 - G] when t conversations fall on n people at random (E3), in whole numbers until the division."""
    gap = 0
    for s in range(1, t + 1):
        half = (s + 1) // 2
        # E|2Y - s| = 2 half C(s, half) / 2^s, and Bin(s; t, 2/n) brings 2^s (n - 2)^(t - s) / n^t
        gap += math.comb(t, s) * (n - 2) ** (t - s) * 2 * half * math.comb(s, half)
    return float(1 - Fraction((n - 1) * gap, 2 * t * n**t))


def benchmark(x: list[int], value: float, chance: float) -> dict[str, Any]:
    n, size = len(x), 1000
    draws = evenness_by_row(generator(ID, "E3").multinomial(sum(x), np.full(n, 1 / n), size=size))
    sd = float(draws.std(ddof=1))
    equal = np.isclose(draws, value, rtol=1e-12, atol=1e-12)
    percentile = 100 * float(((draws < value) & ~equal).sum() + equal.sum() / 2) / size
    z = (value - chance) / sd if sd >= 1e-12 else None
    p = min(max(percentile / 100, 1 / size), 1 - 1 / size)
    return {
        "mean": chance,
        "sd": sd,
        "z": z,
        "percentile": percentile,
        "method": "E3",
        "mean_mcse": 0.0,
        "sd_mcse": sd_mcse(draws),
        "z_mcse": None if z is None else abs(z) * sd_mcse(draws) / sd,
        "percentile_mcse": 100 * math.sqrt(p * (1 - p) / size),
        "dropped": 0,
    }


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    if sub.lacks("people", "one_to_ones") or sub.log_field_missing:
        reasons.add("missing_required_field")
    if not sub.staff_in_window:
        reasons.add("no_staff" if sub.manifest.get("has_paid_staff") == "no" else "missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    times: Counter[str] = Counter()
    for c in sub.counted:
        for person, partner in ((c.a, c.b), (c.b, c.a)):
            ends = [sub.position(p, c.when.first) for p in (person, partner)]
            times[person] += ends == ["constituent", "staff"]
    last = sub.before_end(sub.number("tenure_days", 90))
    since = {p: sub.people[p]["first_contact_on"] for p in sub.active}
    units = sorted(p for p, when in since.items() if when is not None and when.first <= last)
    unknown = sorted(p for p, when in since.items() if when is None)
    x = [times[p] for p in units]
    n, t = len(x), sum(x)

    if n + len(unknown) == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(n, len(unknown))
    reasons |= more
    warnings |= sub.window_warnings | sub.confirmation_warnings
    rule = sub.manifest["conversations_recorded_for"]
    coverage = 1.0 if rule == "staff_only" else sub.coverage.value
    if rule != "staff_only" and sub.coverage.gate == "below":
        reasons.add("below_coverage")
    if rule != "staff_only" and sub.coverage.gate == "low":
        warnings.add("coverage_low")
    if n < 20 or t < 2 * n:
        reasons.add("below_minimum_n")

    value, ratio, interval, against, pending = None, None, None, None, []
    if not reasons:
        value = evenness(x)
        chance = chance_level(n, t)
        ratio = float(value) / chance
        interval, more, pending = u8(x, evenness_by_row, simulate, ID)
        warnings |= more
        against = benchmark(x, float(value), chance) if simulate else None
        pending = pending if simulate else [*pending, "benchmark"]
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            n_units=n,
            unknown=len(unknown),
            n_without_consent=sum(sub.no_consent(p) for p in [*units, *unknown]),
            coverage=coverage,
            interval=interval,
            benchmark=against,
            not_simulated=pending,
            extras={
                "ratio": ratio,
                "total": t,
                "never_reached_share": share(x.count(0), n),
                "rows_left_out": sub.rows_left_out(*SIX),
            },
        )
    ]
