"""DQ-03: records written down within two weeks (U1).

Readings
========
 1  Needed are one_to_ones, events and people (0.3, read literally). Rows stand one by one: conversations are not merged
    and need no partner, no kind and no minutes; actions are not merged.
 2  ``entered_on`` empty everywhere: in every row of both tables (at least one row), whatever its date and status.
    Unreadable = empty.
 3  ``is_recall_batch`` is ``yes`` or ``no`` (share_over_30 > 1/2 in whole numbers); this, ``median_lag`` and
    ``share_over_30`` are null without a known record.
 4  ``n_without_consent``: conversations, known or not, with an end that has no consent; events have no end.
    ``rows_left_out``: one_to_ones, events.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from oracle.common import Submission, row, share, unknown_gate
from oracle.intervals import wilson_interval

ID = "entry_timeliness"


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    everything = [*sub.tables["one_to_ones"], *sub.tables["events"]]
    nowhere = bool(everything) and all(r["entered_on"] is None for r in everything)
    if sub.lacks("one_to_ones", "events", "people") or nowhere:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    lags: dict[str, list[int]] = {"one_to_ones": [], "events": []}
    unknown = without_consent = 0
    for name, known in lags.items():
        for r in sub.tables[name]:
            if r["status"] != "held" or not sub.in_window(r["held_on"]) or r["held_on"].precision != "day":
                continue
            if name == "one_to_ones":
                without_consent += sub.no_consent(r["person_a"], r["person_b"])
            if r["entered_on"] is None or r["entered_on"].first < r["held_on"].first:
                unknown += 1
            else:
                known.append((r["entered_on"].first - r["held_on"].first).days)
    both = lags["one_to_ones"] + lags["events"]
    n = len(both)
    timely = sum(lag <= sub.number("within_days", 14) for lag in both)
    late = sum(lag > 30 for lag in both)
    if n + unknown == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(n, unknown)
    reasons |= more
    warnings |= sub.window_warnings
    if n < 20:
        reasons.add("below_minimum_n")
    value = share(timely, n)
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            numerator=timely,
            denominator=n,
            n_units=n,
            unknown=unknown,
            n_without_consent=without_consent,
            interval=None if reasons else wilson_interval(value, n, "U1"),
            extras={
                "median_lag": float(median(both)) if n else None,
                "share_over_30": share(late, n),
                "is_recall_batch": None if n == 0 else "yes" if 2 * late > n else "no",
                "n_conversations": len(lags["one_to_ones"]),
                "n_events": len(lags["events"]),
                "rows_left_out": sub.rows_left_out("one_to_ones", "events"),
            },
        )
    ]
