"""Typed rows out of text cells, and what becomes of faulty rows (catalogue 0.2; conventions of the data model)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

YNU = "yes no unknown"
CHANNEL = "one_to_one referral event door phone institution digital_ad social_media email petition unknown"
UNKNOWN = "unknown"

# field -> type; a type that is not one of the words id, date, day, month, integer, decimal, text, codes:... is a
# codelist.
# Only the fields that one of the indicators reads.
SCHEMA: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "people": (
        ("person_id",),
        {
            "person_id": "id",
            "person_type": "constituent staff external",
            "consent_use": "yes aggregate_only no",
            "left_on": "date",
            "first_contact_on": "date",
            "first_channel": CHANNEL,
            "external_kind": "consultant funder official partner_organization other unknown",
        },
    ),
    "groups": (
        ("group_id",),
        {
            "group_id": "id",
            "group_type": "team committee institution chapter caucus governing_body external_organization",
            "keeps_conversation_log": YNU,
            "conversation_log_from": "date",
            "parent_group_id": "id",
            "has_written_purpose": YNU,
            "started_on": "date",
            "ended_on": "date",
        },
    ),
    "memberships": (
        ("person_id", "group_id", "role", "started_on"),
        {
            "person_id": "id",
            "group_id": "id",
            "role": "participant active_member team_role leads governs paid_staff",
            "started_on": "date",
            "ended_on": "date",
            "developed_by": "id",
        },
    ),
    "one_to_ones": (
        ("one_to_one_id",),
        {
            "one_to_one_id": "id",
            "held_on": "date",
            "person_a": "id",
            "person_b": "id",
            "status": "held no_show cancelled planned unknown",
            "kind": "one_to_one check_in scripted",
            "minutes": "integer",
            "is_confirmed": "yes no not_asked",
            "initiated_by": "person_a person_b both third_person unknown",
            "entered_on": "day",
        },
    ),
    "events": (
        ("event_id",),
        {
            "event_id": "id",
            "held_on": "day",
            "status": "held cancelled postponed planned unknown",
            "kind": "meeting house_meeting training research_session collective_action public_meeting reflection "
            "service canvass celebration",
            "campaign_id": "id",
            "cycle_steps": "codes: issue_identification causal_analysis power_analysis strategy action reflection",
            "mode": "organizing mobilizing service administrative",
            "staff_hours": "decimal",
            "head_count": "integer",
            "head_count_low": "integer",
            "head_count_high": "integer",
            "head_count_method": "sign_in counted estimated media authority unknown",
            "target": "text",
            "decision_id": "id",
            "demand_id": "id",
            "group_id": "id",
            "reflects_on_event_id": "id",
            "has_written_lesson": YNU,
            "entered_on": "day",
        },
    ),
    "participation": (
        ("event_id", "person_id"),
        {
            "event_id": "id",
            "person_id": "id",
            "attended": YNU,
            "functions": "codes: facilitated designed presented_analysis spoke_for_group negotiated trained "
            "delegated_decision took_notes hosted",
            "sign_up": "signed_up tentative declined walked_in unknown",
            "invited_by": "id",
            "represents_group_id": "id",
        },
    ),
    "lines": (("line_id", "category_id"), {"line_id": "id", "category_id": "id", "is_reference": YNU}),
    "person_lines": (("person_id", "line_id"), {"person_id": "id", "line_id": "id", "category_id": "id"}),
    "activity_counts": (
        ("month", "kind"),
        {
            "month": "month",
            "kind": "contacts_made signatures messages_to_target calls_to_target attendances list_size "
            "followers opens contacts_from_targets",
            "n": "integer",
        },
    ),
    "event_codings": (
        ("event_id", "coder"),
        {"event_id": "id", "coder": "id", "mode": "organizing mobilizing service administrative"},
    ),
    "digital_cohorts": (
        ("cohort_month", "channel"),
        {
            "cohort_month": "month",
            "channel": CHANNEL,
            "n_new": "integer",
            "n_one_to_one": "integer",
            "n_member_tie": "integer",
            "n_team": "integer",
        },
    ),
    "reviews": (
        ("event_id", "indicator_id"),
        {"event_id": "id", "indicator_id": "id", "result": "confirmed corrected disputed"},
    ),
    "decisions": (
        ("decision_id",),
        {
            "decision_id": "id",
            "decided_on": "day",
            "subject": "issue target demand strategy settlement budget alliance other",
            "campaign_id": "id",
            "is_consultant_decisive": YNU,
        },
    ),
    "waves": (("wave_id",), {"wave_id": "id", "kind": "roster team_survey", "asked_on": "day"}),
    "wave_respondents": (("wave_id", "person_id"), {"wave_id": "id", "person_id": "id", "has_answered": YNU}),
}


class When(NamedTuple):
    """A date as far as it is known."""

    first: dt.date
    last: dt.date
    precision: str
    text: str


def read_date(text: str, reduced: bool = True) -> When | None:
    """Read ``YYYY-MM-DD`` and, where reduced dates are allowed, ``YYYY-MM`` and ``YYYY``."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if not match:
        return None
    year, month, day = (int(g) if g else None for g in match.groups())
    try:
        if day is not None:
            exact = dt.date(year, month, day)
            return When(exact, exact, "day", text)
        if not reduced:
            return None
        if month is not None:
            return When(
                dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), "month", text
            )
        return When(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", text)
    except (ValueError, calendar.IllegalMonthError):
        return None


def read_cell(text: Any, kind: str) -> Any:
    """One typed value; None = nothing there (or unreadable), ``unknown`` = a code outside its list."""
    if not isinstance(text, str):
        text = ""
    if kind.startswith("codes:"):
        if text == "":
            return frozenset()
        good = frozenset(text.split(";")) & frozenset(kind.removeprefix("codes:").split())
        return good or frozenset({UNKNOWN})
    if text == "":
        return None
    if kind == "id":
        return text if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", text) else None
    if kind == "integer":
        return int(text) if re.fullmatch(r"[0-9]+", text) else None
    if kind == "decimal":
        return Fraction(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
    if kind == "text":
        return text
    if kind == "date":
        return read_date(text)
    if kind == "day":
        return read_date(text, reduced=False)
    if kind == "month":
        when = read_date(text)
        return text if when is not None and when.precision == "month" else None
    return text if text in kind.split() else UNKNOWN


def _differing(kind: str) -> Any:
    if kind.startswith("codes:"):
        return frozenset({UNKNOWN})
    return None if kind in ("id", "integer", "decimal", "text", "date", "day", "month") else UNKNOWN


def clean(name: str, frame: pd.DataFrame) -> tuple[list[dict[str, Any]], int]:
    """Return the typed rows of a table, one for each complete key, and the number of rows left out."""
    key, fields = SCHEMA[name]
    columns = {f: frame[f].tolist() if f in frame.columns else [""] * len(frame) for f in fields}
    left_out = 0
    by_key: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for i in range(len(frame)):
        row = {f: read_cell(columns[f][i], kind) for f, kind in fields.items()}
        incomplete = any(
            row[f] is None
            or (
                row[f] == UNKNOWN
                and fields[f] not in ("id", "month", "date")
                and not (UNKNOWN in fields[f].split() and columns[f][i] == UNKNOWN)
            )
            for f in key
        )
        if incomplete:
            left_out += 1
            continue
        by_key.setdefault(tuple(row[f] for f in key), []).append(row)
    rows = []
    for copies in by_key.values():
        merged = {
            f: copies[0][f] if all(c[f] == copies[0][f] for c in copies) else _differing(kind)
            for f, kind in fields.items()
        }
        if name == "memberships" and merged["ended_on"] and merged["ended_on"].last < merged["started_on"].first:
            left_out += 1
            continue
        rows.append(merged)
    return rows, left_out
