"""COL-05: the median effective number of groups that an action draws from (E4 with q = 1, U8).

Readings
========
 1  Needed are people, events and participation; without ``groups`` there is no group of the layer, without
    ``memberships`` people are placed by ``represents_group_id`` only.
 2  Layer: ``breadth_group_type`` where it is institution or team, else by the rule. A group's life is as in LEAD-04.
    Any group of the type counts for placing, whatever its life.
 3  The nearest group of the layer on the way up, the group itself included; a cycle of parents ends the way.
 4  At several events of a merged action the smallest event_id whose ``represents_group_id`` leads to the layer
    speaks; rows of events where the person was present only.
 5  Whole people: the layer group that holds (itself or by a descendant) the person's earliest begun covering spell,
    then the smallest group_id of the layer.
 6  ``share_of_member_groups``: groups of the layer with a covering spell, other than paid_staff, of somebody
    constituent that day, in the group or a descendant; actions on a day without such a group are left out of this
    median.
 7  No group of the layer comes before the rule about those not placed. ``n_units`` = actions with 5 placed;
    ``unknown`` = person x action not placed, at all actions in W; the unknown share is of these named. So are
    ``unnamed_share`` (of named and unnamed) and its gates. At exactly .50 it is partial_coverage.
 8  ``rarefied_5``, ``rarefied_20``: of the actions that enter the value.
 9  ``n_without_consent`` None (actions), ``coverage`` None. ``rows_left_out``: events, participation, memberships,
    groups, people.
10  In the interval the median is type 7 of the drawn values; fewer than ten actions: ``few_clusters``.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from oracle import sessions
from oracle.attendances import Attended, attended, rows_of
from oracle.common import Submission, row, share
from oracle.effective_leaders import rarefied
from oracle.real_team_share import days_in_window
from oracle.resampling import u8

ID = "turnout_breadth"


class Layer:
    """Groups of the layer, and who belongs to them."""

    def __init__(self, sub: Submission) -> None:
        self.sub = sub
        self.groups = {g["group_id"]: g for g in sub.tables["groups"]}
        self.kind = sub.manifest.get("breadth_group_type")
        if self.kind not in ("institution", "team"):
            alive = [
                g for g in self.groups.values() if g["group_type"] == "institution" and days_in_window(sub, g) >= 1
            ]
            self.kind = "institution" if len(alive) >= 2 else "team"
        self.by_event = sessions.rows_by_event(sub)

    def above(self, group: str | None) -> str | None:
        """The group itself or its nearest ancestor of the layer's type."""
        seen: set[str] = set()
        while group in self.groups and group not in seen:
            if self.groups[group]["group_type"] == self.kind:
                return group
            seen.add(group)
            group = self.groups[group]["parent_group_id"]
        return None

    @property
    def empty(self) -> bool:
        return not any(g["group_type"] == self.kind for g in self.groups.values())

    def by_spells(self, person: str, day: dt.date) -> dict[str, dt.date]:
        """Groups of the layer that somebody is in that day, with the earliest start."""
        out: dict[str, dt.date] = {}
        for spell in self.sub.tables["memberships"]:
            start, end = self.sub.ends(spell)
            if spell["person_id"] != person or spell["role"] == "paid_staff" or not start <= day <= end:
                continue
            group = self.above(spell["group_id"])
            if group is not None:
                out[group] = min(start, out.get(group, start))
        return out

    def place(self, person: str, action: Attended) -> tuple[dict[str, Fraction], str | None]:
        """Weights that sum to 1 (or nothing), and the one group of whole people."""
        for r in rows_of(action.event, self.by_event):
            group = self.above(r["represents_group_id"])
            if r["person_id"] == person and sessions.is_present(r) and group is not None:
                return {group: Fraction(1)}, group
        spells = self.by_spells(person, action.event.day)
        if not spells:
            return {}, None
        return dict.fromkeys(spells, Fraction(1, len(spells))), min(spells, key=lambda g: (spells[g], g))

    def with_members(self, day: dt.date) -> int:
        """How many groups have a constituent that day."""
        people = [p for p in self.sub.people if self.sub.position(p, day) == "constituent"]
        return len({g for p in people for g in self.by_spells(p, day)})


def effective(weights: list[Fraction]) -> float:
    """exp of the entropy."""
    total = sum(weights)
    return math.exp(-sum(float(w / total) * math.log(w / total) for w in weights))


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    layer = Layer(sub)
    actions = attended(sub, "collective_action")
    breadth: list[float] = []
    present: list[int] = []
    of_all: list[float] = []
    rare: dict[int, list[float]] = {5: [], 20: []}
    named = unplaced = 0
    for action in actions:
        weights: dict[str, Fraction] = defaultdict(Fraction)
        whole: Counter[str] = Counter()
        for p in action.constituents:
            own, one = layer.place(p, action)
            for group, w in own.items():
                weights[group] += w
            if one is not None:
                whole[one] += 1
        placed = sum(whole.values())
        named += len(action.constituents)
        unplaced += len(action.constituents) - placed
        if placed < 5:
            continue
        breadth.append(effective(sorted(weights.values())))
        present.append(len(weights))
        everywhere = layer.with_members(action.event.day)
        if everywhere:
            of_all.append(breadth[-1] / everywhere)
        for m, values in rare.items():
            if placed >= m:
                values.append(rarefied(sorted(whole.values()), m))

    unnamed = sum(a.unnamed for a in actions)
    n = len(breadth)
    reasons: set[str] = set()
    warnings = set(sub.window_warnings)
    if sub.lacks("people", "events", "participation"):
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if layer.empty or (n == 0 and not 2 * unplaced > named):
        reasons.add("no_eligible_units")
    for part, whole_, limit in ((unplaced, named, 20), (unnamed, named + unnamed, 30)):
        if 100 * part > 50 * whole_:
            reasons.add("below_coverage")
        if 100 * part > limit * whole_:
            warnings.add("partial_coverage")
    if n < 5:
        reasons.add("below_minimum_n")
    interval, pending = None, []
    if not reasons and n < 10:
        warnings.add("few_clusters")
    elif not reasons:
        interval, more, pending = u8(sorted(breadth), lambda x: np.quantile(x, 0.5, axis=1), simulate, ID)
        warnings |= more

    def median(values: list[Any]) -> float | None:
        return float(statistics.median(values)) if values else None

    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=median(breadth),
            n_units=n,
            unknown=unplaced,
            interval=interval,
            not_simulated=pending,
            extras={
                "rarefied_5": median(rare[5]),
                "rarefied_20": median(rare[20]),
                "share_of_member_groups": median(of_all),
                "groups_present": median(present),
                "minimum": min(breadth, default=None),
                "maximum": max(breadth, default=None),
                "unnamed_share": share(unnamed, named + unnamed),
                "rows_left_out": sub.rows_left_out("events", "participation", "memberships", "groups", "people"),
            },
        )
    ]
