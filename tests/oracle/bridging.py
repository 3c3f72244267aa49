"""NET-07: the standardized E-I index of M_W, one row a line (E7, U5p, node jackknife).

Readings
========
 1  See ``graph_rows`` and, for declared lines, ``declared_lines`` (which also says what a line is). Rows in the order
    of the texts of their line ids, the derived ``team`` and ``institution`` among them; these two are always derived,
    whatever ``lines`` has under their names, and stand only where a group of that type exists (also one without a
    spell). Neither: one row ``total``, missing_required_field.
 2  Without people or one_to_ones: one row ``total`` (0.3). A declared line without the table ``person_lines``:
    missing_required_field in its own row, beside the derived ones that stand.
 3  Derived: spells that overlap W of the roles other than paid_staff, also one whose group has ended; days in W,
    counted once a group; then the earliest first known day of those spells, as it stands (it may lie before W).
 4  The unit is a tie: ``unknown`` = ``n_ties_unknown``; no partial_coverage. The reasons of EI do not hide what can be
    stated: ``ei_raw`` without a known tie, ``ei_expected`` without two known nodes, ``assortativity`` where its
    denominator is 0 are null.
 5  Jackknife: every known node in turn left out of nodes, categories and ties; null where EI* of one is undefined
    (no tie left, EI_max = EI_min).
 6  ``benchmark`` is of EI*; a line that every relabelling leaves at one number has sd 0.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

from oracle import graph_rows
from oracle.common import Submission, row, share
from oracle.declared_lines import categories, places
from oracle.intervals import generator

ID = "cross_line_bridging"
DERIVED = ("institution", "team")


class Mixing:
    """E7 on the known nodes and the ties among them."""

    def __init__(self, label: dict[str, str], ties: list[tuple[str, str]]) -> None:
        self.label, self.ties = label, ties
        self.n, self.m = len(label), len(ties)
        self.sizes = Counter(label.values())
        self.external = sum(label[p] != label[q] for p, q in ties)
        self.pairs = self.n * (self.n - 1) // 2
        self.within = sum(s * (s - 1) // 2 for s in self.sizes.values())
        self.cross = self.pairs - self.within

    def index(self, external: int) -> Fraction | None:
        return Fraction(2 * external - self.m, self.m) if self.m else None

    @property
    def raw(self) -> Fraction | None:
        return self.index(self.external)

    @property
    def expected(self) -> Fraction | None:
        return 1 - Fraction(2 * self.within, self.pairs) if self.pairs else None

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        return self.index(max(0, self.m - self.within)), self.index(min(self.m, self.cross))

    def standardized(self, external: int) -> Fraction | None:
        low, high = self.ends
        if low == high:
            return None
        value, mu = self.index(external), self.expected
        return (value - mu) / (high - mu) if value >= mu else (value - mu) / (mu - low)

    @property
    def value(self) -> Fraction | None:
        return self.standardized(self.external)

    @property
    def assortativity(self) -> float | None:
        ends = Counter(self.label[p] for tie in self.ties for p in tie)
        if not self.m:
            return None
        chance = sum(Fraction(e, 2 * self.m) ** 2 for e in ends.values())
        inside = Fraction(self.m - self.external, self.m)
        return float((inside - chance) / (1 - chance)) if chance != 1 else None

    def without(self, person: str) -> Mixing:
        label = {p: c for p, c in self.label.items() if p != person}
        return Mixing(label, [t for t in self.ties if person not in t])


def derived_places(sub: Submission, kind: str) -> dict[str, str]:
    """Where people spent most days of W."""
    of_kind = {g["group_id"] for g in sub.tables["groups"] if g["group_type"] == kind}
    spells: dict[str, dict[str, list[tuple[dt.date, dt.date]]]] = defaultdict(lambda: defaultdict(list))
    for s in sub.tables["memberships"]:
        if s["role"] != "paid_staff" and s["group_id"] in of_kind and sub.overlaps(sub.ends(s)):
            spells[s["person_id"]][s["group_id"]].append(sub.ends(s))
    first = sub.S + dt.timedelta(days=1)
    out = {}
    for person, own in spells.items():
        if sub.no_consent(person):
            continue
        order = {}
        for group, parts in own.items():
            days = {
                day
                for start, end in parts
                for day in range(max(start, first).toordinal(), min(end, sub.T).toordinal() + 1)
            }
            order[group] = (-len(days), min(start for start, _ in parts))
        best = min(order.values())
        leading = [group for group, key in order.items() if key == best]
        if len(leading) == 1:
            out[person] = leading[0]
    return out


def permuted(mixing: Mixing, name: str, size: int = 1000) -> np.ndarray:
    """U5p: EI* of labels permuted among the known nodes."""
    rng = generator(name, "U5p")
    order = sorted(mixing.label)
    at = {p: i for i, p in enumerate(order)}
    labels = np.array([mixing.label[p] for p in order])
    p, q = (np.array([at[t[k]] for t in mixing.ties]) for k in (0, 1))
    out = []
    for _ in range(size):
        now = rng.permutation(labels)
        out.append(float(mixing.standardized(int((now[p] != now[q]).sum()))))
    return np.array(out)


def _row(
    sub: Submission, graph: nx.Graph, full: nx.Graph, line: str, place: dict[str, str], missing: bool, simulate: bool
) -> dict[str, Any]:
    n = graph.number_of_nodes()
    known = {p: place[p] for p in sorted(graph) if p in place}
    ties = [tuple(sorted(t)) for t in graph.edges if t[0] in known and t[1] in known]
    mixing = Mixing(known, sorted(ties))
    reasons, warnings = graph_rows.head(sub, full, n)
    if missing:
        reasons.add("missing_required_field")
    if len(mixing.sizes) < 2:
        reasons.add("no_eligible_units")
    if 100 * len(known) < 80 * n:
        reasons.add("below_coverage")
    if mixing.m < 20 or sum(s >= 5 for s in mixing.sizes.values()) < 2:
        reasons.add("below_minimum_n")
    if mixing.ends[0] == mixing.ends[1]:
        reasons.add("no_variance")
    value = mixing.value
    against, pending = None, []
    if not reasons and simulate:
        against = graph_rows.summary(permuted(mixing, f"{ID}|{line}"), float(value), "U5p")
    elif not reasons:
        pending = ["benchmark"]
    leave_outs = [] if reasons or n > 2000 else [mixing.without(p).value for p in known]
    ei = (mixing.raw, mixing.expected, *mixing.ends)
    return row(
        ID,
        disaggregation=f"line_id={line}",
        reasons=reasons,
        warnings=warnings,
        value=value,
        n_units=mixing.m,
        unknown=graph.number_of_edges() - mixing.m,
        n_without_consent=sum(sub.no_consent(p) for p in graph),
        coverage=sub.coverage.value,
        benchmark=against,
        not_simulated=pending,
        built_on_value=("jackknife_se",),
        extras={
            **{
                name: None if x is None else float(x)
                for name, x in zip(("ei_raw", "ei_expected", "ei_min", "ei_max"), ei, strict=True)
            },
            "n_external": mixing.external,
            "n_internal": mixing.m - mixing.external,
            "n_ties_unknown": graph.number_of_edges() - mixing.m,
            "share_known": share(len(known), n),
            "assortativity": mixing.assortativity,
            "jackknife_se": graph_rows.jackknife(leave_outs, n),
            **graph_rows.common_extras(sub, full, "lines", "person_lines"),
        },
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    member, full = graph_rows.graphs(sub)
    types = {g["group_type"] for g in sub.tables["groups"]}
    derived = [kind for kind in DERIVED if kind in types]
    declared = [line for line in categories(sub) if line not in DERIVED]
    if sub.lacks("people", "one_to_ones") or not (derived or declared):
        return [row(ID, reasons={"missing_required_field"})]
    out = []
    for line in sorted([*derived, *declared]):
        place = derived_places(sub, line) if line in DERIVED else places(sub, line)
        missing = line not in DERIVED and sub.lacks("person_lines")
        out.append(_row(sub, member, full, line, place, missing, simulate))
    return out
