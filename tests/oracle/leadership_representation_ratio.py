"""EQ-01: share of a category among known leaders / share among known active constituents (U1 divided).

Readings
========
 1  See ``declared_lines``. Needed are people, lines, person_lines and memberships; what only makes people active, or
    tells external organizations, counts as no rows.
 2  A leader: constituent on one day of W that a spell leads or governs covers, in a group that is not known to be an
    external organization.
 3  The line's own limits (80 %) take the place of the 20 and 50 % rule: no ``partial_coverage``. Reasons of the line
    and of the category stand in the order of 0.3.
 4  ``n_units`` known leaders, ``unknown`` the other leaders, ``n_without_consent`` leaders without consent.
 5  ``log_ratio`` is built on the value; ``effective_groups`` is null where no category has two leaders.
 6  ``ratio_population`` is null below level full; level full is outside this oracle.
 7  ``coverage`` None. ``rows_left_out``: the six, lines and person_lines.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from fractions import Fraction
from typing import Any

from oracle.common import SIX, Submission, row
from oracle.declared_lines import categories, nothing_declared, places
from oracle.effective_leaders import simpson
from oracle.intervals import wilson
from oracle.ladder_transitions import external_groups

ID = "leadership_representation_ratio"


def leaders(sub: Submission) -> set[str]:
    outside = external_groups(sub)
    out = set()
    for spell in sub.tables["memberships"]:
        if spell["role"] in ("leads", "governs") and spell["group_id"] not in outside:
            start, end = sub.ends(spell)
            low, high = max(start, sub.S + dt.timedelta(days=1)), min(end, sub.T)
            if sub.constituent_between(spell["person_id"], low, high):
                out.add(spell["person_id"])
    return out


def _cell(sub: Submission, line: str, category: str, lead: set[str]) -> dict[str, Any]:
    place = places(sub, line)
    of_leaders = Counter(place[p] for p in lead if p in place)
    of_active = Counter(place[p] for p in sub.active if p in place)
    k, n = of_leaders[category], of_leaders.total()
    r, m = of_active[category], of_active.total()

    reasons: set[str] = set()
    if sub.lacks("memberships"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if not lead or r == 0:
        reasons.add("no_eligible_units")
    if 100 * n < 80 * len(lead) or 100 * m < 80 * len(sub.active):
        reasons.add("below_coverage")
    if n < 10 or n * r < sub.number("min_expected", 2) * m:
        reasons.add("below_minimum_n")
    value = Fraction(k * m, n * r) if n * r else None
    interval = None
    if not reasons:
        low, high = wilson(k / n, n)
        interval = {"low": low * m / r, "high": high * m / r, "method": "U1"}
    spread = simpson(list(of_leaders.values())) if n >= 2 else Fraction(0)
    return row(
        ID,
        disaggregation=f"category_id={category};line_id={line}",
        reasons=reasons,
        warnings=sub.window_warnings,
        value=value,
        n_units=n,
        unknown=len(lead) - n,
        n_without_consent=sum(sub.no_consent(p) for p in lead),
        interval=interval,
        built_on_value=("log_ratio",),
        extras={
            "leaders_in_category": k,
            "leaders_known": n,
            "reference_in_category": r,
            "reference_known": m,
            "log_ratio": math.log(value) if value else None,
            "effective_groups": float(1 / spread) if spread else None,
            "ratio_population": None,
            "rows_left_out": sub.rows_left_out(*SIX, "lines", "person_lines"),
        },
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    if nothing_declared(sub):
        return [row(ID, reasons={"missing_required_field"})]
    lead = leaders(sub)
    return [_cell(sub, line, category, lead) for line, own in categories(sub).items() for category in own]
