"""OMB-03: sessions with an external in a lead function, step by step (U2 by campaign), and decisions.

Readings
========
 1  Seven rows in the order of the codelist of steps, then ``step=decisions``; also where a table is absent.
 2  Needed: people, events, participation (decisions: the table decisions, and people).
 3  A session in which an external holds a lead function is a hit, whatever is not known of others. One without a known
    external, in which somebody in no known position holds one, is unknown, as one in which nobody holds any (F8).
 4  ``externals``, ``external_majority`` and ``consultant_or_funder`` are of the known sessions of the step.
    ``external_majority``: 2 * externals > all distinct people who hold any of the three functions there.
    ``consultant_or_funder`` is a number of sessions; the half is of the distinct externals; no external: 0.
 5  "None on file is coded": none of the held events other than actions, of any date up to T; stops the four analytic
    steps only.
 6  Decisions: ``is_consultant_decisive`` yes / (yes + no); a subject that is not known makes no unit (F8). Their
    row has no extras but ``rows_left_out``. At core it is ``not_adopted_level``.
 7  ``n_without_consent`` and ``coverage`` are None. ``rows_left_out``: events, participation, people, memberships;
    above core also decisions.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from oracle import sessions
from oracle.cleaning import UNKNOWN
from oracle.common import Submission, row, share, unknown_gate
from oracle.resampling import u2_proportion

ID = "expert_dependence"


def _row(
    sub: Submission,
    step: str,
    simulate: bool,
    reasons: set[str],
    known: list[tuple[Hashable, bool]],
    unknown: int,
    minimum: int,
    extras: dict[str, Any],
) -> dict[str, Any]:
    """A row of units that are known, each with its cluster and whether it is a hit."""
    reasons = set(reasons)
    if sub.window_missing:
        reasons.add("missing_records_window")
    if len(known) + unknown == 0:
        reasons.add("no_eligible_units")
    more, warnings = unknown_gate(len(known), unknown)
    reasons |= more
    warnings |= sub.window_warnings
    if len(known) < minimum:
        reasons.add("below_minimum_n")
    interval, pending = None, []
    if not reasons:
        interval, more, pending = u2_proportion(known, simulate, f"{ID}|{step}")
        warnings |= more
    hits = sum(hit for _, hit in known)
    tables = ["events", "participation", "people", "memberships"]
    if sub.manifest["adoption_level"] != "core":
        tables.append("decisions")
    return row(
        ID,
        disaggregation=f"step={step}",
        reasons=reasons,
        warnings=warnings,
        value=share(hits, len(known)),
        numerator=hits,
        denominator=len(known),
        n_units=len(known),
        unknown=unknown,
        interval=interval,
        not_simulated=pending,
        extras={**extras, "rows_left_out": sub.rows_left_out(*tables)},
    )


def step_row(sub: Submission, step: str, simulate: bool) -> dict[str, Any]:
    reasons: set[str] = set()
    if sub.lacks("people", "events", "participation") or (step in sessions.ANALYTIC and sessions.nothing_coded(sub)):
        reasons.add("missing_required_field")
    by_event = sessions.rows_by_event(sub)
    known: list[tuple[Hashable, bool]] = []
    unknown = majority = 0
    led_by_external: list[set[str]] = []
    for session in sessions.in_window(sub):
        if step not in session.steps:
            continue
        holders = set().union(*(sessions.lead_holders(by_event[e["event_id"]]) for e in session.rows))
        where = {p: sub.position(p, session.day) for p in holders}
        externals = {p for p in holders if where[p] == "external"}
        if not externals and (not holders or None in where.values()):
            unknown += 1
            continue
        cluster = ("campaign", session.campaign) if session.campaign else ("session", session.id)
        known.append((cluster, bool(externals)))
        majority += 2 * len(externals) > len(holders)
        led_by_external.append(externals)
    externals = set().union(*led_by_external)
    kinds = {p: sub.people[p]["external_kind"] for p in externals}
    not_said = sum(kind in (None, "unknown") for kind in kinds.values())
    bought = sum(any(kinds[p] in ("consultant", "funder") for p in there) for there in led_by_external)
    return _row(
        sub,
        step,
        simulate,
        reasons,
        known,
        unknown,
        5,
        {
            "external_majority": majority,
            "externals": len(externals),
            "consultant_or_funder": None if 2 * not_said > len(externals) else bought,
        },
    )


def decisions_row(sub: Submission, simulate: bool) -> dict[str, Any]:
    reasons: set[str] = set()
    if sub.manifest["adoption_level"] == "core":
        reasons.add("not_adopted_level")
    if sub.lacks("people", "decisions"):
        reasons.add("missing_required_field")
    known: list[tuple[Hashable, bool]] = []
    unknown = 0
    for d in sub.tables["decisions"]:
        if not sub.in_window(d["decided_on"]) or d["subject"] in (None, UNKNOWN, "other"):
            continue
        if d["is_consultant_decisive"] not in ("yes", "no"):
            unknown += 1
            continue
        cluster = ("campaign", d["campaign_id"]) if d["campaign_id"] else ("decision", d["decision_id"])
        known.append((cluster, d["is_consultant_decisive"] == "yes"))
    return _row(sub, "decisions", simulate, reasons, known, unknown, 8, {})


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    return [*(step_row(sub, step, simulate) for step in sessions.STEPS), decisions_row(sub, simulate)]
