"""Positions, active constituents, counted conversations and coverage (catalogue 0.2), and the form of a value (0.3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from oracle.cleaning import SCHEMA, UNKNOWN, When, clean, read_date

W = 365
SIX = ("people", "groups", "memberships", "one_to_ones", "events", "participation")
FIRST_THREE = ("not_adopted_level", "missing_required_field", "missing_records_window")
ORDER = (
    *FIRST_THREE,
    "no_staff",
    "no_eligible_units",
    "below_coverage",
    "below_minimum_n",
    "follow_up_too_short",
    "undefined_0_over_0",
    "no_variance",
    "too_large",
)


class Conversation(NamedTuple):
    """A conversation after merging duplicates; ``b`` is None where the partner is not recorded.

    ``initiator`` is person_a, person_b (of this row's ``a`` and ``b``), both, third_person or unknown; None = empty.
    """

    a: str
    b: str | None
    when: When
    minutes: int | None
    confirmed: str
    initiator: str | None = None


class Coverage(NamedTuple):
    """Share of AC whose conversations would have been recorded. ``people`` only under marked_groups."""

    covered: int
    total: int
    value: float | None
    gate: str  # ok, low, below
    people: frozenset[str] | None
    by_row_only: int | None


class Submission:
    """The tables after cleaning, seen from the end of one period."""

    def __init__(
        self,
        tables: dict[str, pd.DataFrame],
        manifest: dict[str, Any],
        period_end: str | None,
        parameters: dict[str, Any],
    ) -> None:
        self.manifest = manifest
        self.parameters = parameters
        end = read_date(period_end or manifest["period"]["end"], reduced=False)
        if end is None:
            raise ValueError("the end of the period is no day")
        self.T = end.first
        self.S = self.T - dt.timedelta(days=W)
        self.frames = tables
        self.present = set(tables)
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.left_out: dict[str, int] = {}
        for name in SCHEMA:
            self.tables[name], self.left_out[name] = clean(name, tables[name]) if name in tables else ([], 0)
        self.people = {r["person_id"]: r for r in self.tables["people"]}
        self.paid: dict[str, list[tuple[dt.date, dt.date]]] = defaultdict(list)
        for spell in self.tables["memberships"]:
            if spell["role"] == "paid_staff":
                self.paid[spell["person_id"]].append(self.ends(spell))

    # ---- small things -------------------------------------------------------------------------------------------
    def number(self, name: str, default: int) -> int:
        return int(self.parameters.get(name, default))

    def lacks(self, *names: str) -> bool:
        return any(n not in self.present for n in names)

    def rows_left_out(self, *names: str) -> int:
        return sum(self.left_out[n] for n in names)

    def before_end(self, days: int) -> dt.date:
        return self.T - dt.timedelta(days=days)

    @cached_property
    def records_from(self) -> dt.date | None:
        when = read_date(str(self.manifest.get("records_from", "")), reduced=False)
        return when.first if when else None

    @property
    def window_missing(self) -> bool:
        return self.records_from is not None and self.records_from > self.before_end(182)

    @property
    def window_warnings(self) -> set[str]:
        late = self.records_from is not None and self.records_from > self.before_end(W - 1)
        return {"window_incomplete"} if late else set()

    def in_window(self, when: When | None, low: dt.date | None = None, high: dt.date | None = None) -> bool:
        """Whether a date lies in (low, high]; by default in W. Year precision never enters a window."""
        if when is None or when.precision == "year":
            return False
        return (low or self.S) < when.first <= (high or self.T)

    def no_consent(self, *persons: str) -> bool:
        return any(p in self.people and self.people[p]["consent_use"] == "no" for p in persons)

    # ---- positions ----------------------------------------------------------------------------------------------
    @staticmethod
    def ends(spell: dict[str, Any]) -> tuple[dt.date, dt.date]:
        return spell["started_on"].first, spell["ended_on"].last if spell["ended_on"] else dt.date.max

    def overlaps(self, spell: tuple[dt.date, dt.date]) -> bool:
        return spell[0] <= self.T and spell[1] > self.S

    def position(self, person: str, day: dt.date) -> str | None:
        """staff, constituent, external, or None where it is not known."""
        if person not in self.people:
            return None
        person_type = self.people[person]["person_type"]
        if person_type == "staff" or any(s <= day <= e for s, e in self.paid.get(person, ())):
            return "staff"
        return person_type if person_type in ("constituent", "external") else None

    def constituent_between(self, person: str, low: dt.date, high: dt.date) -> bool:
        """Whether somebody is constituent on at least one day from low to high, both included."""
        if low > high or person not in self.people or self.people[person]["person_type"] != "constituent":
            return False
        day = low
        for start, end in sorted(self.paid.get(person, ())):
            if start > day:
                return True
            if end >= day:
                if end >= high:
                    return False
                day = end + dt.timedelta(days=1)
        return day <= high

    @cached_property
    def has_paid_spell(self) -> set[str]:
        return {p for p, spells in self.paid.items() if p in self.people and any(map(self.overlaps, spells))}

    @cached_property
    def staff_in_window(self) -> set[str]:
        return self.has_paid_spell | {p for p, r in self.people.items() if r["person_type"] == "staff"}

    @cached_property
    def switchers(self) -> set[str]:
        first = self.S + dt.timedelta(days=1)
        return {p for p in self.staff_in_window if self.constituent_between(p, first, self.T)}

    # ---- events, activity ---------------------------------------------------------------------------------------
    @cached_property
    def events(self) -> dict[str, dict[str, Any]]:
        return {r["event_id"]: r for r in self.tables["events"]}

    def held_in_window(self, event_id: str) -> bool:
        event = self.events.get(event_id)
        return event is not None and event["status"] == "held" and self.in_window(event["held_on"])

    @cached_property
    def activity(self) -> dict[str, set[str]]:
        """AC, each with the ways in which they are active: attendance, conversation, spell."""
        ways: dict[str, set[str]] = defaultdict(set)
        for row in self.tables["participation"]:
            if row["attended"] != "yes" or not self.held_in_window(row["event_id"]):
                continue
            if self.position(row["person_id"], self.events[row["event_id"]]["held_on"].first) == "constituent":
                ways[row["person_id"]].add("attendance")
        for row in self.tables["one_to_ones"]:
            if row["status"] == "held" and row["kind"] in ("one_to_one", "check_in") and self.in_window(row["held_on"]):
                for person in (row["person_a"], row["person_b"]):
                    if person is not None and self.position(person, row["held_on"].first) == "constituent":
                        ways[person].add("conversation")
        for row in self.tables["memberships"]:
            if row["role"] in ("team_role", "leads", "governs"):
                start, end = self.ends(row)
                low, high = max(start, self.S + dt.timedelta(days=1)), min(end, self.T)
                if self.constituent_between(row["person_id"], low, high):
                    ways[row["person_id"]].add("spell")
        return dict(ways)

    @cached_property
    def active(self) -> set[str]:
        return set(self.activity)

    # ---- conversations ------------------------------------------------------------------------------------------
    def _merged(self, with_partner: bool) -> list[Conversation]:
        parts: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in self.tables["one_to_ones"]:
            if row["status"] != "held" or row["kind"] != "one_to_one" or row["held_on"] is None:
                continue
            a, b = row["person_a"], row["person_b"]
            if a not in self.people:
                continue
            partner = b if b in self.people else None
            if with_partner and partner is not None and a != b:
                parts[(*sorted((a, b)), row["held_on"])].append(row)
            elif not with_partner and partner is None:
                parts[(a, None, row["held_on"])].append(row)
        merged = []
        for (a, b, when), rows in parts.items():
            minutes = [r["minutes"] for r in rows if r["minutes"] is not None]
            said = {r["is_confirmed"] for r in rows} & {"yes", "no"}
            merged.append(
                Conversation(
                    a,
                    b,
                    when,
                    max(minutes, default=None),
                    said.pop() if len(said) == 1 else "not_asked",
                    self._initiator(a, rows),
                )
            )
        return merged

    @staticmethod
    def _initiator(a: str, rows: list[dict[str, Any]]) -> str | None:
        """Who asked for it by the rows that give somebody; the rows may name the two people in either order."""
        other = {"person_a": "person_b", "person_b": "person_a"}
        said = {
            r["initiated_by"] if r["person_a"] == a else other.get(r["initiated_by"], r["initiated_by"]) for r in rows
        }
        given = said - {None, UNKNOWN}
        if len(given) == 1:
            return given.pop()
        return UNKNOWN if said != {None} else None

    def _long_enough(self, c: Conversation) -> bool:
        return c.minutes is None or c.minutes >= self.number("min_minutes", 20)

    @cached_property
    def counted_ever(self) -> list[Conversation]:
        """What would be a counted conversation if its date were in the window."""
        return [c for c in self._merged(True) if self._long_enough(c)]

    @cached_property
    def counted(self) -> list[Conversation]:
        return [c for c in self.counted_ever if self.in_window(c.when)]

    @cached_property
    def counted_without_partner(self) -> list[Conversation]:
        return [c for c in self._merged(False) if self._long_enough(c) and self.in_window(c.when)]

    @cached_property
    def confirmations(self) -> tuple[int, int]:
        said = [c.confirmed for c in self.counted]
        return said.count("yes"), said.count("no")

    @property
    def confirmation_warnings(self) -> set[str]:
        yes, no = self.confirmations
        return {"confirmation_low"} if yes + no >= 20 and 100 * yes < 70 * (yes + no) else set()

    # ---- coverage -----------------------------------------------------------------------------------------------
    @property
    def log_field_missing(self) -> bool:
        groups = self.tables["groups"]
        return (
            self.manifest["conversations_recorded_for"] == "marked_groups"
            and bool(groups)
            and all(g["keeps_conversation_log"] is None for g in groups)
        )

    @cached_property
    def coverage(self) -> Coverage:
        """Coverage of conversations between members."""
        rule, n = self.manifest["conversations_recorded_for"], len(self.active)
        if rule == "everyone":
            return Coverage(n, n, 1.0, "ok", None, None)
        if rule in ("staff_only", "nobody"):
            return Coverage(0, n, 0.0, "below", None, None)
        if rule != "marked_groups":
            raise ValueError("conversations_recorded_for has no code of its list")
        logs = {
            g["group_id"]
            for g in self.tables["groups"]
            if g["keeps_conversation_log"] == "yes"
            and (g["conversation_log_from"] is None or g["conversation_log_from"].first <= self.before_end(W - 1))
        }
        by_group = {
            m["person_id"]
            for m in self.tables["memberships"]
            if m["role"] != "paid_staff" and m["group_id"] in logs and self.overlaps(self.ends(m))
        }
        by_row = {
            p
            for r in self.tables["one_to_ones"]
            if self.in_window(r["held_on"])
            for p in (r["person_a"], r["person_b"])
        }
        people = frozenset(self.active & (by_group | by_row))
        gate = "ok" if 100 * len(people) >= 85 * n else "low" if 100 * len(people) >= 70 * n else "below"
        return Coverage(
            len(people), n, len(people) / n if n else None, gate, people, len(self.active & (by_row - by_group))
        )


# ---- the form of a value --------------------------------------------------------------------------------------------
def number(x: Fraction | int | float | None) -> float | int | None:
    return float(x) if isinstance(x, Fraction) else x


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def unknown_gate(known: int, unknown: int) -> tuple[set[str], set[str]]:
    """Reasons and warnings of unknown units."""
    total = known + unknown
    return (
        {"below_coverage"} if 2 * unknown > total else set(),
        {"partial_coverage"} if 5 * unknown > total else set(),
    )


def row(
    indicator: str,
    *,
    reasons: set[str],
    warnings: set[str] = frozenset(),
    value: Any = None,
    numerator: Any = None,
    denominator: Any = None,
    n_units: int | None = None,
    unknown: int | None = None,
    n_without_consent: int | None = None,
    coverage: float | None = None,
    interval: dict[str, Any] | None = None,
    benchmark: dict[str, Any] | None = None,
    extras: dict[str, Any] | None = None,
    not_simulated: list[str] | None = None,
    built_on_value: tuple[str, ...] = (),
    disaggregation: str = "total",
) -> dict[str, Any]:
    """One published row; the first reason that holds decides."""
    reason = next((r for r in ORDER if r in reasons), None)
    if reasons and reason is None:
        raise AssertionError(f"reasons outside the list: {reasons}")
    out: dict[str, Any] = {
        "indicator": indicator,
        "disaggregation": disaggregation,
        "status": "not_computable",
        "reason": reason,
        "warnings": [],
        "value": None,
        "numerator": None,
        "denominator": None,
        "n_units": n_units,
        "unknown": unknown,
        "n_without_consent": n_without_consent,
        "coverage": coverage,
        "interval": None,
        "benchmark": None,
        "extras": dict(extras or {}),
        "not_simulated": [],
    }
    if reason is None:
        out.update(
            status="computed_with_warning" if warnings else "computed",
            warnings=sorted(warnings),
            value=number(value),
            numerator=numerator,
            denominator=denominator,
            interval=interval,
            benchmark=benchmark,
            not_simulated=list(not_simulated or []),
        )
    else:
        out["extras"].update(dict.fromkeys(set(built_on_value) & set(out["extras"])))
    if reason in FIRST_THREE:
        out.update(n_units=None, unknown=None, n_without_consent=None, coverage=None, extras={})
    return out
