"""IND-01: the sum of contacts made in the twelve calendar months complete on or before T."""

from __future__ import annotations

import datetime as dt
from typing import Any

from oracle.common import Submission, row, unknown_gate

ID = "contacts_made"


def twelve_months(end: dt.date) -> list[str]:
    """The twelve calendar months that end with the last month complete on or before a day."""
    months = []
    cursor = (end + dt.timedelta(days=1)).replace(day=1)
    for _ in range(12):
        cursor = (cursor - dt.timedelta(days=1)).replace(day=1)
        months.append(f"{cursor:%Y-%m}")
    return months[::-1]


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    if sub.lacks("activity_counts"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    months = set(twelve_months(sub.T))
    rows = [r for r in sub.tables["activity_counts"] if r["kind"] == "contacts_made" and r["month"] in months]
    filled = [r["n"] for r in rows if r["n"] is not None]
    unknown = len(rows) - len(filled)
    complete = "activity_counts" in sub.manifest.get("complete_tables", ())
    if not rows and not complete:
        reasons.add("no_eligible_units")
    more_reasons, warnings = unknown_gate(len(filled), unknown)
    reasons |= more_reasons
    warnings |= sub.window_warnings
    if len(rows) < 12 and not complete:
        warnings.add("partial_coverage")
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=sum(filled),
            numerator=sum(filled),
            n_units=len(filled),
            unknown=unknown,
            extras={"months_with_row": len(rows), "rows_left_out": sub.rows_left_out("activity_counts")},
        )
    ]
