"""NET-09 and NET-10: how far ties run to staff (U3 over constituents), and who reaches whom without them (U5).

Readings
========
 1  See ``graph_rows``. ``no_staff`` or ``missing_required_field`` where no *node* of G_W is staff (0.2: a person of
    person_type staff without a tie and without a paid spell is no node). NET-09 under has_paid_staff = no then is 0.
 2  NET-09: an empty denominator is below_minimum_n wherever there is a node. ``ratio_to_expected`` is null where the
    value is refused or 0 is expected; ``expected_share`` and ``implied_by_totals`` where their denominator is 0.
    A value of 0 or 1 never gets an interval: every replicate that has a tie is that value.
 3  NET-10: nobody but staff is no_eligible_units. ``random_removal_mean`` hangs on no gate; the ratio does. A mean of
    0 gives no ratio; neither do only undefined removals. More than 1,000 sets: drawn (with replacement of whole sets),
    so left out unless simulated, with its Monte Carlo error in the benchmark's record.
 4  NET-10 with s = 0: value 1, warning ``no_staff``, benchmark as always.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

from oracle import graph_rows
from oracle.common import Submission, row
from oracle.intervals import generator

SHARE, ROBUST = "staff_tie_share", "staff_removal_robustness"


def tie_kinds(graph: nx.Graph, staff: set[str]) -> tuple[int, int, int]:
    """Ties constituent-staff, constituent-constituent, staff-staff."""
    ends = [(p in staff) + (q in staff) for p, q in graph.edges]
    return ends.count(1), ends.count(0), ends.count(2)


def staff_tie_share(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    """NET-09."""
    _, full = graph_rows.graphs(sub)
    n = full.number_of_nodes()
    own = graph_rows.constituents(sub, full)
    staff = set(full) - set(own)
    cs, cc, ss = tie_kinds(full, staff)
    reasons, warnings = graph_rows.head(sub, full, n)
    nobody = graph_rows.without_staff(sub, staff)
    if nobody == {"no_staff"}:
        warnings |= nobody
    else:
        reasons |= nobody
    if cs + cc < 20:
        reasons.add("below_minimum_n")
    value = Fraction(cs, cs + cc) if cs + cc else None

    beside, ratio = graph_rows.Chance(), None
    pairs = len(own) * (len(own) - 1) // 2 + len(staff) * len(own)
    expected = Fraction(len(staff) * len(own), pairs) if pairs else None
    if not reasons:
        ratio = float(value / expected) if expected else None

        def statistic(a: np.ndarray, _: np.ndarray) -> float:
            to_staff = float(a[: len(own), len(own) :].sum())
            among = float(a[: len(own), : len(own)].sum()) / 2
            return to_staff / (to_staff + among) if to_staff + among else math.nan

        a = graph_rows.matrix(full, [*own, *sorted(staff)]) if n <= 20000 else np.zeros((0, 0))
        beside = graph_rows.chance(
            simulate,
            n,
            interval=None
            if not staff
            else lambda: graph_rows.vertex_bootstrap(a, len(own), statistic, float(value), (0.0, 1.0), SHARE),
            certain=value in (0, 1) or (n <= 20000 and graph_rows.is_certain(a, len(own))),
        )
    leave_outs = []
    for p in own:
        less_cs, less_cc = (sum((q in staff) == kind for q in full[p]) for kind in (True, False))
        rest = cs - less_cs + cc - less_cc
        leave_outs.append(Fraction(cs - less_cs, rest) if rest else None)
    degrees = 2 * (cs + cc + ss)
    return [
        row(
            SHARE,
            reasons=reasons,
            warnings=warnings | beside.warnings,
            value=value,
            numerator=cs,
            denominator=cs + cc,
            n_units=cs + cc,
            unknown=0,
            n_without_consent=sum(sub.no_consent(p) for p in full),
            coverage=sub.coverage.value,
            interval=beside.interval,
            not_simulated=list(beside.pending),
            built_on_value=("jackknife_se",),
            extras={
                "n_staff": len(staff),
                "n_constituents": len(own),
                "expected_share": None if expected is None else float(expected),
                "ratio_to_expected": ratio,
                "implied_by_totals": 2 * (cs + 2 * ss) / degrees if degrees else None,
                "n_staff_staff_ties": ss,
                "jackknife_se": graph_rows.jackknife(leave_outs, n),
                **graph_rows.common_extras(sub, full),
            },
        )
    ]


def connected(graph: nx.Graph, people: set[Any]) -> int:
    """Pairs of these people in one component."""
    sizes = [len(c & people) for c in nx.connected_components(graph)]
    return sum(s * (s - 1) // 2 for s in sizes)


def robustness(full: nx.Graph, own: set[Any]) -> tuple[int, int]:
    return connected(full.subgraph(own), own), connected(full, own)


def after_removal(full: nx.Graph, own: set[Any], gone: Iterable[Any]) -> Fraction | None:
    """The same with these constituents removed instead of staff."""
    stay = own - set(gone)
    before = connected(full, stay)
    return Fraction(connected(full.subgraph(set(full) - set(gone)), stay), before) if before else None


def removals(full: nx.Graph, own: list[str], s: int, simulate: bool) -> list[Fraction] | None:
    """The value after every removal of s constituents, or after 1,000 drawn ones (None = not drawn)."""
    if math.comb(len(own), s) <= 1000:
        sets: Iterable[Iterable[str]] = itertools.combinations(own, s)
    elif not simulate:
        return None
    else:
        rng = generator(ROBUST, "random_removal")
        sets = (rng.choice(own, s, replace=False).tolist() for _ in range(1000))
    found = [after_removal(full, set(own), gone) for gone in sets]
    return [x for x in found if x is not None]


def staff_removal_robustness(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    """NET-10."""
    member, full = graph_rows.graphs(sub)
    n, m = full.number_of_nodes(), full.number_of_edges()
    own = graph_rows.constituents(sub, full)
    staff = set(full) - set(own)
    s = sum(full.degree(p) > 0 for p in staff)
    top, units = robustness(full, set(own))
    reasons, warnings = graph_rows.head(sub, full, len(own))
    reasons |= graph_rows.without_staff(sub, staff)
    if units == 0:
        reasons.add("undefined_0_over_0")
    if staff and s == 0:
        warnings |= {"no_staff"}
    value = Fraction(top, units) if units else None

    drawn: list[Fraction] | None = []
    if s and 2 * s < len(own):
        drawn = removals(full, own, s, simulate)
    mean = sum(drawn) / len(drawn) if drawn else None
    beside = graph_rows.Chance()
    if not reasons:
        order = [*own, *sorted(staff)]
        number = set(range(len(own)))

        def fast(a: np.ndarray) -> float:
            after, before = robustness(nx.from_numpy_array(a), number)
            return after / before if before else math.nan

        one_graph = m in (0, n * (n - 1) // 2)
        beside = graph_rows.chance(
            simulate,
            n,
            benchmark=lambda: graph_rows.uniform_graphs(len(order), m, fast, float(value), ROBUST),
            one_graph=one_graph,
        )
    leave_outs: list[Fraction | None] = []
    if not reasons and n <= 2000:
        for p in own:
            after, before = robustness(full.subgraph(set(full) - {p}), set(own) - {p})
            leave_outs.append(Fraction(after, before) if before else None)
    extras: dict[str, Any] = {
        "member_largest_component_share": max(map(len, nx.connected_components(member)), default=0) / len(own)
        if own
        else None,
        "n_staff_removed": s,
        "random_removal_mean": None if mean is None else float(mean),
        "ratio_to_random_removal": float(value / mean) if mean and value is not None and not reasons else None,
        "jackknife_se": graph_rows.jackknife(leave_outs, n),
        **graph_rows.common_extras(sub, full),
    }
    if drawn is None:
        del extras["random_removal_mean"]
        if not reasons:
            del extras["ratio_to_random_removal"]
    elif drawn and beside.benchmark and math.comb(len(own), s) > 1000:
        error = float(np.std([float(x) for x in drawn], ddof=1)) / math.sqrt(len(drawn))
        beside.benchmark["random_removal_mean_mcse"] = error
        beside.benchmark["ratio_to_random_removal_mcse"] = float(value) * error / float(mean) ** 2 if mean else 0.0
    return [
        row(
            ROBUST,
            reasons=reasons,
            warnings=warnings | beside.warnings,
            value=value,
            numerator=top,
            denominator=units,
            n_units=units,
            unknown=0,
            n_without_consent=sum(sub.no_consent(p) for p in own),
            coverage=sub.coverage.value,
            benchmark=beside.benchmark,
            not_simulated=list(beside.pending),
            built_on_value=("jackknife_se",),
            extras=extras,
        )
    ]
