"""DQ-02: share of active constituents whose conversations would have been recorded."""

from __future__ import annotations

from typing import Any

from oracle.common import SIX, Submission, row, share
from oracle.intervals import wilson

ID = "relational_coverage"


def roster_coverage(sub: Submission) -> float | None:
    """has_answered = yes among the AC and staff asked in the latest roster wave of W."""
    waves = [w for w in sub.tables["waves"] if w["kind"] == "roster" and sub.in_window(w["asked_on"])]
    if not waves:
        return None
    latest = max(waves, key=lambda w: (w["asked_on"].first, w["wave_id"]))["wave_id"]
    asked = [
        r
        for r in sub.tables["wave_respondents"]
        if r["wave_id"] == latest and r["person_id"] in sub.active | sub.staff_in_window
    ]
    return share(sum(r["has_answered"] == "yes" for r in asked), len(asked))


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    rule = sub.manifest["conversations_recorded_for"]
    needed = ("people", "groups", "memberships", "one_to_ones") if rule == "marked_groups" else ("people",)
    reasons: set[str] = set()
    if sub.lacks(*needed) or sub.log_field_missing:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if not sub.active:
        reasons.add("no_eligible_units")
    coverage = sub.coverage
    n = len(sub.active)
    value = share(coverage.covered, n)
    yes, no = sub.confirmations
    enough = yes + no >= 20
    low, high = wilson(yes / (yes + no), yes + no) if enough else (None, None)
    staff = {"everyone": 1.0, "staff_only": 1.0, "nobody": 0.0}.get(rule, value)
    return [
        row(
            ID,
            reasons=reasons,
            warnings=sub.window_warnings | sub.confirmation_warnings,
            value=value,
            numerator=coverage.covered,
            denominator=n,
            n_units=n,
            unknown=0,
            n_without_consent=sum(sub.no_consent(p) for p in sub.active),
            coverage=value,
            extras={
                "coverage_roster": roster_coverage(sub),
                "coverage_staff": staff,
                "by_row_only": coverage.by_row_only,
                "n_confirmed": yes,
                "n_denied": no,
                "confirmed_share": yes / (yes + no) if enough else None,
                "confirmed_low": low,
                "confirmed_high": high,
                "rows_left_out": sub.rows_left_out(*SIX, "waves", "wave_respondents"),
            },
        )
    ]
