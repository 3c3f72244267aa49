"""CYC-02: sessions led by members, step by step (U2 by campaign).

Readings
========
 1  Six rows in the order of the codelist, ``step=...``; also where a table is absent. Needed are people, events and
    participation. "None on file is coded": see ``expert_dependence`` 5.
 2  A holder in no known position (person_type not known, or not in ``people``) may or may not be a constituent: the
    session is unknown where that decides, else known (F8; the same for both answers needs no knowledge).
 3  ``staff_only_led`` and ``external_led`` look at the holders that are known; ``without_designer``: no row with
    ``designed`` of anybody, whatever ``attended`` says. All three of the known sessions of the step.
 4  Without a known session ``external_led_share`` is None.
 5  ``n_without_consent`` and ``coverage`` None. ``rows_left_out``: events, participation, people, memberships.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from oracle import sessions
from oracle.common import Submission, row, share, unknown_gate
from oracle.resampling import u2_proportion

ID = "member_led_step_share"
FUNCTIONS = ("facilitated", "designed", "presented_analysis")


def holders(rows: list[dict[str, Any]], function: str) -> set[str]:
    return {
        r["person_id"]
        for r in rows
        if function in r["functions"] and (function == "designed" or sessions.is_present(r))
    }


def member_led(where: list[list[str | None]]) -> bool | None:
    """From the positions of each function's holders; None where it cannot be told."""
    answers = []
    for positions in where:
        if not positions:
            continue
        sure, open_ = positions.count("constituent"), positions.count(None)
        if 2 * sure >= len(positions):
            answers.append(True)
        else:
            answers.append(None if 2 * (sure + open_) >= len(positions) else False)
    if not answers or (None in answers and False not in answers):
        return None
    return False not in answers


def step_row(sub: Submission, step: str, simulate: bool) -> dict[str, Any]:
    reasons: set[str] = set()
    if sub.lacks("people", "events", "participation") or (step in sessions.ANALYTIC and sessions.nothing_coded(sub)):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    by_event = sessions.rows_by_event(sub)
    known: list[tuple[Hashable, bool]] = []
    unknown = external_led = staff_only = without_designer = 0
    for session in sessions.in_window(sub):
        if step not in session.steps:
            continue
        rows = [r for e in session.rows for r in by_event[e["event_id"]]]
        where = [[sub.position(p, session.day) for p in holders(rows, f)] for f in FUNCTIONS]
        led = member_led(where)
        if led is None:
            unknown += 1
            continue
        positions = {p for positions in where for p in positions}
        known.append((("campaign", session.campaign) if session.campaign else ("session", session.id), led))
        external_led += "external" in positions
        staff_only += "constituent" not in positions
        without_designer += not any("designed" in r["functions"] for r in rows)

    n, k = len(known), sum(led for _, led in known)
    if n + unknown == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(n, unknown)
    reasons |= more
    warnings |= sub.window_warnings
    if 5 * without_designer > n:
        warnings.add("partial_coverage")
    if n < 5:
        reasons.add("below_minimum_n")
    interval, pending = None, []
    if not reasons:
        interval, more, pending = u2_proportion(known, simulate, f"{ID}|{step}")
        warnings |= more
    return row(
        ID,
        disaggregation=f"step={step}",
        reasons=reasons,
        warnings=warnings,
        value=share(k, n),
        numerator=k,
        denominator=n,
        n_units=n,
        unknown=unknown,
        interval=interval,
        not_simulated=pending,
        extras={
            "external_led": external_led,
            "external_led_share": share(external_led, n),
            "staff_only_led": staff_only,
            "without_designer": without_designer,
            "rows_left_out": sub.rows_left_out("events", "participation", "people", "memberships"),
        },
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    return [step_row(sub, step, simulate) for step in sessions.STEPS]
