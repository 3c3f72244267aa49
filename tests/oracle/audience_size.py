"""IND-03: four audiences, each for itself: signatures and opens are sums, list_size and followers the latest number.

Readings
========
 1  Rows in the order of the codelist of activity kinds: signatures, list_size, followers, opens; also without
    the table.
 2  A stock is the latest of the twelve months with a row whose ``n`` can be read; rows that cannot be read are unknown
    and leave, the 20 and 50 % rule holds over rows, of stocks too (G13).
 3  ``n_units`` = known rows of the twelve months, of stocks too; ``months_with_row`` counts unknown ones as well.
 4  ``stock_month`` (``YYYY-MM``) is null for flows and where the value is null. Numerator = value, denominator None.
"""

from __future__ import annotations

from typing import Any

from oracle.common import Submission, row, unknown_gate
from oracle.contacts_made import twelve_months

ID = "audience_size"
KINDS = {"signatures": "flow", "list_size": "stock", "followers": "stock", "opens": "flow"}


def kind_row(sub: Submission, kind: str) -> dict[str, Any]:
    reasons: set[str] = set()
    if sub.lacks("activity_counts"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    months = set(twelve_months(sub.T))
    rows = [r for r in sub.tables["activity_counts"] if r["kind"] == kind and r["month"] in months]
    known = sorted((r["month"], r["n"]) for r in rows if r["n"] is not None)
    complete = "activity_counts" in sub.manifest.get("complete_tables", ())
    if not rows and not complete:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(len(known), len(rows) - len(known))
    reasons |= more
    warnings |= sub.window_warnings
    stock_month = None
    if KINDS[kind] == "flow":
        value = sum(n for _, n in known)
        if len(rows) < 12 and not complete:
            warnings.add("partial_coverage")
    else:
        stock_month, value = known[-1] if known else (None, 0)
    return row(
        ID,
        disaggregation=f"kind={kind}",
        reasons=reasons,
        warnings=warnings,
        value=value,
        numerator=value,
        n_units=len(known),
        unknown=len(rows) - len(known),
        built_on_value=("stock_month",),
        extras={
            "months_with_row": len(rows),
            "stock_month": stock_month,
            "rows_left_out": sub.rows_left_out("activity_counts"),
        },
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    return [kind_row(sub, kind) for kind in KINDS]
