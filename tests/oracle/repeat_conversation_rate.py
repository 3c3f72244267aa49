"""REL-03: Kaplan-Meier share of dyads that talk again within the horizon (E1, U7, U2d)."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from oracle.common import SIX, Submission, W, row, share, unknown_gate
from oracle.intervals import Z, u2d, wilson

ID = "repeat_conversation_rate"


class Dyad(NamedTuple):
    """A known unit: days until the event or the end of follow-up."""

    a: str
    b: str
    days: int
    event: bool
    met_before: bool
    constituents: frozenset[str]


def survival(dyads: list[Dyad], horizon: int) -> tuple[Fraction | None, Fraction]:
    """S(horizon), None where follow-up is too short; and Greenwood's sum over the event days up to the horizon."""
    s, total = Fraction(1), Fraction(0)
    for day in sorted({d.days for d in dyads if d.event and d.days <= horizon}):
        n = sum(d.days >= day for d in dyads)
        events = sum(d.event and d.days == day for d in dyads)
        s *= Fraction(n - events, n)
        if n > events:
            total += Fraction(events, n * (n - events))
    reached = any(d.days >= horizon for d in dyads)
    return (s if dyads and (reached or s == 0) else None), total


def greenwood(s: Fraction, total: Fraction, n: int) -> tuple[float, float]:
    """U7, as limits of 1 - S."""
    if s in (0, 1):
        return wilson(float(1 - s), n)
    log_s = math.log(s)
    sigma = math.sqrt(total) / abs(log_s)
    centre = math.log(-log_s)
    return 1 - math.exp(-math.exp(centre - Z * sigma)), 1 - math.exp(-math.exp(centre + Z * sigma))


def weighted(dyads: list[Dyad], horizon: int, w: np.ndarray) -> np.ndarray:
    """1 - S(horizon) for each row of weights; NaN where undefined."""
    days = np.array([d.days for d in dyads])
    event = np.array([d.event for d in dyads])
    s = np.ones(len(w))
    for day in np.unique(days[event & (days <= horizon)]):
        n = w[:, days >= day].sum(axis=1)
        e = w[:, event & (days == day)].sum(axis=1)
        s = np.where(n > 0, s * (1 - e / np.maximum(n, 1)), s)
    too_short = (w[:, days >= horizon].sum(axis=1) == 0) & (s > 0)
    return np.where(too_short, np.nan, 1 - s)


def units(sub: Submission, horizon: int) -> tuple[list[Dyad], list[tuple[str, str]]]:
    """Known dyads, and the pairs that are unknown."""
    kinds = sub.parameters.get("repeat_kinds", ("one_to_one", "check_in"))
    kinds = set(kinds.split(";") if isinstance(kinds, str) else kinds)
    last_origin = sub.before_end(sub.number("follow_days", 90))
    talks: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for c in sub.counted_ever:
        talks[(c.a, c.b)].append(c.when)
    rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for r in sub.tables["one_to_ones"]:
        a, b = r["person_a"], r["person_b"]
        if r["status"] != "held" or r["kind"] not in kinds or r["held_on"] is None:
            continue
        if a in sub.people and b in sub.people and a != b:
            rows[tuple(sorted((a, b)))].append(r["held_on"])

    known, unknown = [], []
    for pair, dates in talks.items():
        possible = sorted((d for d in dates if sub.in_window(d, high=last_origin)), key=lambda d: d.first)
        if not possible:
            continue
        origin = possible[0].first
        positions = {p: sub.position(p, origin) for p in pair}
        if not set(positions.values()) <= {"constituent", "staff"} or "constituent" not in positions.values():
            continue
        reduced = any(sub.in_window(d) and d.precision == "month" for d in rows[pair])
        if reduced or possible[0].precision == "month":
            unknown.append(pair)
            continue
        end = min([sub.T, *(sub.people[p]["left_on"].last for p in pair if sub.people[p]["left_on"])])
        end = max(end, origin)
        later = sorted(d.first for d in rows[pair] if d.precision == "day" and origin < d.first <= end)
        before = any(d.precision != "year" and dt.timedelta(1) <= origin - d.first <= dt.timedelta(365) for d in dates)
        known.append(
            Dyad(
                *pair,
                ((later[0] if later else end) - origin).days,
                bool(later),
                before,
                frozenset(p for p, where in positions.items() if where == "constituent"),
            )
        )
    return known, unknown


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    horizon = sub.number("horizon", 180)
    reasons: set[str] = set()
    if sub.lacks("people", "one_to_ones") or sub.log_field_missing:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    known, unknown = units(sub, horizon)
    n = len(known)
    if n + len(unknown) == 0:
        reasons.add("no_eligible_units")
    more_reasons, warnings = unknown_gate(n, len(unknown))
    reasons |= more_reasons
    warnings |= sub.window_warnings | sub.confirmation_warnings
    if sub.coverage.gate == "below":
        reasons.add("below_coverage")
    if sub.coverage.gate == "low":
        warnings.add("coverage_low")
    if n < 20:
        reasons.add("below_minimum_n")
    s, total = survival(known, horizon)
    if s is None:
        reasons.add("follow_up_too_short")

    interval, pending = None, []
    low = high = None
    if s is not None:
        low, high = greenwood(s, total, n)
    if not reasons:
        constituents = set().union(*(d.constituents for d in known))
        interval, interval_warnings, pending = u2d(
            [(d.a, d.b) for d in known], constituents, lambda w: weighted(known, horizon, w), 1 - s, simulate, ID
        )
        warnings |= interval_warnings
    n_events = sum(d.event and d.days <= horizon for d in known)
    old_records = sub.records_from is not None and sub.records_from > sub.before_end(2 * W - 1)
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=None if s is None else 1 - s,
            n_units=n,
            unknown=len(unknown),
            n_without_consent=sum(sub.no_consent(d.a, d.b) for d in known) + sum(sub.no_consent(*p) for p in unknown),
            coverage=sub.coverage.value,
            interval=interval,
            not_simulated=pending,
            built_on_value=("greenwood_low", "greenwood_high"),
            extras={
                "n_events": n_events,
                "crude_share": share(n_events, n),
                "at_risk_at_horizon": sum(d.days >= horizon for d in known),
                "met_before_share": None if old_records else share(sum(d.met_before for d in known), n),
                "greenwood_low": low,
                "greenwood_high": high,
                "rows_left_out": sub.rows_left_out(*SIX),
            },
        )
    ]
