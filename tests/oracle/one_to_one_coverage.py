"""REL-01: AC with at least one counted conversation whose partner is no external / all AC."""

from __future__ import annotations

from typing import Any

from oracle.common import SIX, Submission, row, share, unknown_gate
from oracle.intervals import wilson_interval

ID = "one_to_one_coverage"


def units(sub: Submission) -> tuple[set[str], set[str], set[str]]:
    """AC with a conversation, AC of whom that is not known, and those of the first only without a partner's name."""
    surely: set[str] = set()
    perhaps: set[str] = set()
    for c in sub.counted:
        for person, partner in ((c.a, c.b), (c.b, c.a)):
            kind = sub.people[partner]["person_type"]
            if kind in ("constituent", "staff"):
                surely.add(person)
            elif kind != "external":
                perhaps.add(person)
    alone = {c.a for c in sub.counted_without_partner}
    yes = sub.active & (surely | alone)
    return yes, (sub.active & perhaps) - yes, (sub.active & alone) - surely


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    reasons: set[str] = set()
    signed_in = any(r["attended"] == "yes" and sub.held_in_window(r["event_id"]) for r in sub.tables["participation"])
    if sub.lacks("people", "one_to_ones", "events", "participation") or not signed_in or sub.log_field_missing:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")

    yes, unknown, partner_unknown = units(sub)
    active = sub.active
    known = len(active) - len(unknown)

    if not active:
        reasons.add("no_eligible_units")
    unknown_reasons, warnings = unknown_gate(known, len(unknown))
    reasons |= unknown_reasons
    if sub.coverage.gate == "below":
        reasons.add("below_coverage")
    if known < 10:
        reasons.add("below_minimum_n")
    warnings |= sub.window_warnings | sub.confirmation_warnings
    if sub.coverage.gate == "low":
        warnings.add("coverage_low")

    only = sum(1 for ways in sub.activity.values() if ways == {"conversation"})
    value = share(len(yes), known)
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            numerator=len(yes),
            denominator=known,
            n_units=known,
            unknown=len(unknown),
            n_without_consent=sum(sub.no_consent(p) for p in active),
            coverage=sub.coverage.value,
            interval=None if reasons else wilson_interval(value, known, "U1"),
            extras={
                "by_conversation_only_share": share(only, len(active)),
                "partner_unknown": len(partner_unknown),
                "minutes_known_share": share(sum(c.minutes is not None for c in sub.counted), len(sub.counted)),
                "rows_left_out": sub.rows_left_out(*SIX),
            },
        )
    ]
