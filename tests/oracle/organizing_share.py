"""OMB-01: organizing / (organizing + mobilizing) events (U2 by calendar month), with the coders' agreement (E10).

Readings
========
 1  Needed are events and people (0.3, read literally); one_to_ones or event_codings absent count as no rows.
 2  ``mode`` empty on all held events of W needs at least one; a code outside the list is unknown and not empty.
 3  Known units are the coded events of all four codes (they are what the minimum and the share of unknown count);
    only organizing and mobilizing make the value's denominator.
 4  A coding counts with a readable ``mode``. Double-coded: a held event of W with readable codings of at least two
    coders, whatever its own ``mode``. E10 in fractions; alpha < ``min_alpha`` in fractions.
 5  ``share_by_hours``: the 80 % are of the organizing and mobilizing events; sums in fractions of the written decimals.
 6  U2: hits and units of the organizing and mobilizing events only; a month without one is no cluster.
 7  Events carry no persons: ``n_without_consent`` and ``coverage`` are None. ``rows_left_out``: events, event_codings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from oracle import sessions
from oracle.cleaning import UNKNOWN
from oracle.common import Submission, number, row, unknown_gate
from oracle.resampling import u2_proportion

ID = "organizing_share"
MODES = ("organizing", "mobilizing", "service", "administrative")


def alpha(units: list[list[str]]) -> Fraction | None:
    """Krippendorff's alpha, nominal, of units with at least two codings; None without variation."""
    coincidence: Counter[tuple[str, str]] = Counter()
    for codes in units:
        for i, c in enumerate(codes):
            for j, k in enumerate(codes):
                if i != j:
                    coincidence[(c, k)] += Fraction(1, len(codes) - 1)
    marginal: Counter[str] = Counter()
    for (c, _), times in coincidence.items():
        marginal[c] += times
    n = sum(marginal.values())
    expected = sum(marginal[c] * marginal[k] for c in marginal for k in marginal if c != k)
    if expected == 0:
        return None
    observed = sum(times for (c, k), times in coincidence.items() if c != k)
    return 1 - (n - 1) * observed / expected


def share_by_hours(events: list[dict[str, Any]]) -> Fraction | None:
    filled = [e for e in events if e["staff_hours"] is not None]
    hours = sum(e["staff_hours"] for e in filled)
    if 100 * len(filled) < 80 * len(events) or hours == 0:
        return None
    return Fraction(sum(e["staff_hours"] for e in filled if e["mode"] == "organizing")) / hours


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    events = [e for e in sessions.held(sub) if sub.in_window(e["held_on"])]
    if sub.lacks("events", "people") or (events and all(e["mode"] is None for e in events)):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    counts = Counter(e["mode"] for e in events)
    coded = sum(counts[m] for m in MODES)
    if not events:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(coded, len(events) - coded)
    reasons |= more
    warnings |= sub.window_warnings
    if coded < 30:
        reasons.add("below_minimum_n")
    two = [e for e in events if e["mode"] in ("organizing", "mobilizing")]
    if not two:
        reasons.add("undefined_0_over_0")

    ids = {e["event_id"] for e in events}
    codings: dict[str, list[str]] = defaultdict(list)
    for c in sub.tables["event_codings"]:
        if c["event_id"] in ids and c["mode"] not in (None, UNKNOWN):
            codings[c["event_id"]].append(c["mode"])
    double = [codes for codes in codings.values() if len(codes) >= 2]
    agreement = alpha(double)
    if len(double) < min(30, coded) or agreement is None:
        warnings.add("coding_unverified")
    if agreement is not None and agreement < Fraction(str(sub.parameters.get("min_alpha", "0.667"))):
        warnings.add("coding_disagreement")

    interval, pending = None, []
    if not reasons:
        interval, more, pending = u2_proportion(
            [(e["held_on"].text[:7], e["mode"] == "organizing") for e in two], simulate, ID
        )
        warnings |= more
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=Fraction(counts["organizing"], len(two)) if two else None,
            numerator=counts["organizing"],
            denominator=len(two),
            n_units=coded,
            unknown=len(events) - coded,
            interval=interval,
            not_simulated=pending,
            extras={
                **{f"n_{m}": counts[m] for m in MODES},
                "share_by_hours": number(share_by_hours(two)),
                "n_conversations": len(sub.counted),
                "n_double_coded": len(double),
                "alpha": number(agreement),
                "rows_left_out": sub.rows_left_out("events", "event_codings"),
            },
        )
    ]
