"""Counts without persons, the members' review, and the manifest."""

from __future__ import annotations

from typing import Any

import numpy as np

from relmetrics.synthesis.behaviours import Behaviours
from relmetrics.synthesis.organization import iso, month_starts, months_before, pick
from relmetrics.synthesis.population import Population, Table

_REVIEWED = (
    "one_to_one_coverage", "member_to_member_share", "repeat_conversation_rate", "member_connectedness", "closure",
    "effective_leaders", "relational_coverage", "contacts_made",
)  # fmt: skip


def count(b: Behaviours, rng: np.random.Generator, p: Population) -> dict[str, Table]:
    """The tables activity_counts and digital_cohorts."""
    months = month_starts(p.start, p.end)
    counts: list[tuple[str, str, str, str]] = []
    audience = 400
    for first in months:
        month = iso(first)[:7]
        season = 1 + 0.3 * np.sin(first / 58)  # fewer doors in winter
        audience += int(rng.integers(-5, 20))
        counts.append((month, "contacts_made", str(rng.poisson(b.doors_per_month * season)), "no"))
        counts.append((month, "list_size", str(audience), ""))
        if rng.random() < 0.3:
            signed = str(rng.poisson(b.doors_per_month / 4))
            counts.append((month, "signatures", signed, str(rng.choice(["yes", "no"]))))
    cohorts: list[tuple[str, ...]] = []
    for first in months:
        for channel in ("digital_ad", "social_media"):
            new = int(rng.poisson(b.digital_per_month))
            met = int(rng.binomial(new, 0.25))
            tied, joined = int(rng.binomial(met, 0.6)), int(rng.binomial(met, 0.4))
            # Within 180 days: of the youngest cohorts nobody can say it yet, so nothing is written.
            later = (str(met), str(tied), str(joined)) if first + 31 + 180 <= p.end else ("", "", "")
            cohorts.append((iso(first)[:7], channel, str(new), *later))
    return {
        "activity_counts": _table(("month", "kind", "n", "is_reported_as_action"), counts),
        "digital_cohorts": _table(
            ("cohort_month", "channel", "n_new", "n_one_to_one", "n_member_tie", "n_team"), cohorts
        ),
    }  # fmt: skip


def review(b: Behaviours, rng: np.random.Generator, events: Table) -> Table:
    """What the members said of each value at the event after the period: most confirmed."""
    if not b.has_review:
        return _table(("event_id", "indicator_id", "result"), [])
    n = len(_REVIEWED)
    result = pick(["confirmed", "corrected", "disputed"], np.searchsorted([0.8, 0.95], rng.random(n)))
    event = events["event_id"][-1]  # the last event of all, by date
    return _table(("event_id", "indicator_id", "result"), list(zip([event] * n, _REVIEWED, result, strict=True)))


def manifest(b: Behaviours, p: Population, tables: dict[str, Table]) -> dict[str, Any]:
    """The manifest of the submission."""
    start = months_before(p.end, min(b.period_months, b.months))
    late = months_before(p.end, max(0, b.months - b.records_late_months))
    found: dict[str, Any] = {
        "dataset_id": f"{b.name}-{iso(p.end)[:4]}",
        "schema_version": "1.0",
        "organization_id": b.name,
        "period": {"start": iso(start), "end": iso(p.end)},
        "records_from": iso(min(late, p.end)),
        "adoption_level": "core",
        "tie_rule": "one_to_one",
        "conversations_recorded_for": b.recorded_for,
        "has_paid_staff": "yes" if (p.staff_from <= p.end).any() else "no",
        "complete_tables": ["events", "activity_counts"],
        "boundary_rule": "Everybody who lives in one of the houses and has been in touch at least once.",
        "consent_basis": "verbal",
        "time_zone": "America/Chicago",
        "taken_on": iso(p.taken_on),
        "contact_role": "data team",
    }  # fmt: skip
    if b.has_review:
        events = tables["events"]
        found["review"] = {"reviewed_on": str(events["held_on"][-1]), "event_id": str(events["event_id"][-1])}
    return found


def _table(columns: tuple[str, ...], rows: list[Any]) -> Table:
    cells = np.array(rows, dtype=object).reshape(len(rows), len(columns))
    return {name: cells[:, i].copy() for i, name in enumerate(columns)}
