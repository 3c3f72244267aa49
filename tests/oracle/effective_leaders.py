"""LEAD-01: Hill number of order 2 of constituents' leadership acts, unbiased form (E4, U9)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from oracle.cleaning import UNKNOWN
from oracle.common import Submission, row, share
from oracle.intervals import Z

ID = "effective_leaders"
LEADERSHIP = {
    "facilitated",
    "designed",
    "presented_analysis",
    "spoke_for_group",
    "negotiated",
    "trained",
    "delegated_decision",
}


def simpson(counts: list[int]) -> Fraction:
    """h = 1/D."""
    n = sum(counts)
    return Fraction(sum(c * (c - 1) for c in counts), n * (n - 1))


def rarefied(counts: list[int], m: int) -> float | None:
    """E4's D1(m); None where it would be an extrapolation."""
    n = sum(counts)
    if m < 1 or n < m:
        return None
    h = 0.0
    for k in range(1, m):
        expected = Fraction(sum(math.comb(c, k) * math.comb(n - c, m - k) for c in counts), math.comb(n, m))
        h -= k / m * math.log(k / m) * float(expected)
    return math.exp(h)


def jackknife(by_event: dict[str, Counter[str]]) -> dict[str, Any] | None:
    """U9; None where there is no interval."""
    total: Counter[str] = Counter()
    for acts in by_event.values():
        total.update(acts)
    g = len(by_event)
    leave_out = []
    for acts in by_event.values():
        rest = [c - acts[p] for p, c in total.items() if c > acts[p]]
        if sum(rest) < 2:
            return None
        leave_out.append(simpson(rest))
    mean = sum(leave_out) / g
    se = math.sqrt(Fraction(g - 1, g) * sum((x - mean) ** 2 for x in leave_out))
    h = float(simpson(list(total.values())))
    low = max(1.0, 1 / (h + Z * se))
    return {"low": low, "high": 1 / (h - Z * se) if h - Z * se > 0 else None, "method": "U9"}


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    rows = [
        r
        for r in sub.tables["participation"]
        if r["event_id"] in sub.events and sub.in_window(sub.events[r["event_id"]]["held_on"])
    ]
    if sub.lacks("people", "events", "participation") or (rows and not any(r["functions"] for r in rows)):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    acts: Counter[str] = Counter()
    by_event: dict[str, Counter[str]] = defaultdict(Counter)
    positions: Counter[str | None] = Counter()
    without_consent = 0
    for r in rows:
        if not sub.held_in_window(r["event_id"]) or not r["functions"] & LEADERSHIP:
            continue
        # a leadership function other than `designed` with attended not known counts as present
        present = r["attended"] == "yes" or (
            r["attended"] in (None, UNKNOWN) and bool(r["functions"] - {"designed", UNKNOWN})
        )
        if not present and "designed" not in r["functions"]:
            continue
        position = sub.position(r["person_id"], sub.events[r["event_id"]]["held_on"].first)
        positions[position] += 1
        if position == "constituent":
            acts[r["person_id"]] += 1
            by_event[r["event_id"]][r["person_id"]] += 1
            without_consent += sub.no_consent(r["person_id"])

    counts = sorted(acts.values())
    n, actors = sum(counts), len(counts)
    if n == 0:
        reasons.add("no_eligible_units")
    if n < 20 or actors < 5:
        reasons.add("below_minimum_n")
    if n and max(counts) == 1:
        reasons.add("no_variance")
    warnings = set(sub.window_warnings)
    value, interval = None, None
    if not reasons:
        value = 1 / simpson(counts)
        if value > 2 * actors:
            warnings.add("sparse")
        if len(by_event) < 10:
            warnings.add("few_clusters")
        else:
            interval = jackknife(by_event)
            if interval is None:
                warnings.add("interval_unavailable")

    d1 = math.exp(-sum(c / n * math.log(c / n) for c in counts)) if n else None
    evenness = Fraction(n * n, sum(c * c for c in counts) * actors) if n else None
    all_acts = positions["constituent"] + positions["staff"] + positions["external"]
    held = {e for e in sub.events if sub.held_in_window(e)}
    recorded = {r["event_id"] for r in rows if r["functions"] - {UNKNOWN}} & held
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            n_units=n,
            unknown=0,
            n_without_consent=without_consent,
            interval=interval,
            extras={
                "n_acts": n,
                "n_actors": actors,
                "evenness": None if evenness is None else float(evenness),
                "d1": d1,
                "d1_rarefied": rarefied(counts, sub.number("rarefy_to", 20)),
                "staff_act_share": share(positions["staff"], all_acts),
                "external_act_share": share(positions["external"], all_acts),
                "events_with_functions": share(len(recorded), len(held)),
                "rows_left_out": sub.rows_left_out("people", "memberships", "events", "participation"),
            },
        )
    ]
