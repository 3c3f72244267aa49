"""NET-06: median constraint of leaders on G_W, second row on M_W (E6, U3 over constituents, U5d).

Readings
========
 1  See ``graph_rows``. A leader: not a staff node, with a spell leads or governs that overlaps W, in a group that is
    not known to be an external_organization (a spell in a group that is not there leads). The parameter of rungs is
    not supported here.
 2  Quartiles and ``other_median`` are stated also under the minimum; ``difference_from_expected`` only with a
    benchmark, and left out where that is not drawn.
 3  U5d where no swap is possible (threshold graphs, the only ones with their degrees): closed form as G14. A swap is
    drawn as two ties, the second turned around or not; swaps are accepted until 10 m, then 2 m, have been.
 4  The minimum of ten is of the nodes of the graph; n_units are the leaders counted.
 5  ``certain`` for U3 as ``graph_rows`` 4: then all constituents have one constraint.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from networkx.algorithms.threshold import is_threshold_graph

from oracle import graph_rows
from oracle.common import Submission, row
from oracle.intervals import generator
from oracle.ladder_transitions import external_groups

ID = "leader_constraint"


def exact(graph: nx.Graph, ego: bool) -> dict[str, float]:
    """E6 by networkx, of everybody with a tie."""
    some = [p for p in graph if graph.degree(p)]
    if not ego:
        return dict(nx.constraint(graph, some)) if some else {}
    return {p: nx.constraint(nx.ego_graph(graph, p), [p])[p] for p in some}


def fast(a: np.ndarray) -> np.ndarray:
    """E6 ``whole_network`` for every row of a matrix; NaN for isolates."""
    a = a.astype(float)
    d = a.sum(axis=1)
    p = np.divide(a, d[:, None], out=np.zeros_like(a), where=d[:, None] > 0)
    c = (a * (p + p @ p) ** 2).sum(axis=1)
    return np.where(d > 0, c, np.nan)


def every(a: np.ndarray, ego: bool) -> np.ndarray:
    if not ego:
        return fast(a)
    c = exact(nx.from_numpy_array(a), True)
    return np.array([c.get(i, math.nan) for i in range(len(a))])


def same_degrees(
    graph: nx.Graph, order: list[str], statistic: Callable[[np.ndarray], float], name: str, size: int = 200
) -> np.ndarray:
    """U5d."""
    rng = generator(name, "U5d")
    a = graph_rows.matrix(graph, order)
    ties = [list(t) for t in np.argwhere(np.triu(a) > 0).tolist()]
    m = len(ties)

    def swap(accepted: int) -> None:
        while accepted:
            i, j = rng.choice(m, 2, replace=False).tolist()
            (p, q), (r, s) = ties[i], ties[j]
            if rng.integers(2):
                r, s = s, r
            if len({p, q, r, s}) < 4 or a[p, s] or a[r, q]:
                continue
            a[p, q] = a[q, p] = a[r, s] = a[s, r] = 0
            a[p, s] = a[s, p] = a[r, q] = a[q, r] = 1
            ties[i], ties[j] = [p, s], [r, q]
            accepted -= 1

    out = np.empty(size)
    for k in range(size):
        swap(2 * m if k else 10 * m)
        out[k] = statistic(a)
    return out


def leaders(sub: Submission) -> set[str]:
    outside = external_groups(sub)
    return {
        s["person_id"]
        for s in sub.tables["memberships"]
        if s["role"] in ("leads", "governs") and s["group_id"] not in outside and sub.overlaps(sub.ends(s))
    }


def _row(sub: Submission, graph: nx.Graph, full: nx.Graph, label: str, simulate: bool) -> dict[str, Any]:
    ego = sub.parameters.get("method", "whole_network") == "ego_network"
    n = graph.number_of_nodes()
    own = graph_rows.constituents(sub, graph)
    marked = leaders(sub) & set(own)
    c = exact(graph, ego)
    units = sorted(marked & set(c))
    others = [c[p] for p in own if p in c and p not in marked]
    reasons, warnings = graph_rows.head(sub, full, n, tables=["memberships"])
    if not units:
        reasons.add("no_eligible_units")
    if len(units) < 5:
        reasons.add("below_minimum_n")
    value = float(np.median([c[p] for p in units])) if units else None
    quartiles = np.quantile([c[p] for p in units], [0.25, 0.75]).tolist() if units else [None, None]

    beside, difference = graph_rows.Chance(), None
    leave_outs: list[float | None] = []
    if not reasons:
        order = own + sorted(set(graph) - set(own))
        mark = np.array([p in marked for p in order])

        def statistic(a: np.ndarray, who: np.ndarray) -> float:
            found = every(a, ego)[mark[who]]
            found = found[~np.isnan(found)]
            return float(np.median(found)) if len(found) else math.nan

        def against() -> dict[str, Any] | None:
            if is_threshold_graph(graph):
                return graph_rows.only_one(value, "U5d")
            everyone = np.arange(n)
            draws = same_degrees(graph, order, lambda a: statistic(a, everyone), f"{ID}|{label}")
            return graph_rows.summary(draws, value, "U5d")

        a = graph_rows.matrix(graph, order) if n <= 20000 else np.zeros((0, 0))
        beside = graph_rows.chance(
            simulate,
            n,
            interval=lambda: graph_rows.vertex_bootstrap(a, len(own), statistic, value, (0.0, 1.125), f"{ID}|{label}"),
            certain=n <= 20000 and graph_rows.is_certain(a, len(own)),
            benchmark=against,
            one_graph=is_threshold_graph(graph),
        )
        difference = value - beside.benchmark["mean"] if beside.benchmark else None
        for g in graph_rows.without_each(graph, own) if n <= 2000 else ():
            rest = [x for p, x in exact(g, ego).items() if p in marked]
            leave_outs.append(float(np.median(rest)) if rest else None)
    extras = {
        "quartile_low": quartiles[0],
        "quartile_high": quartiles[1],
        "other_median": float(np.median(others)) if len(others) >= 5 else None,
        "n_leaders_isolated": len(marked) - len(units),
        "difference_from_expected": difference,
        "jackknife_se": graph_rows.jackknife(leave_outs, n),
        **graph_rows.common_extras(sub, full),
    }
    if "benchmark" in beside.pending:
        del extras["difference_from_expected"]
    return row(
        ID,
        disaggregation=label,
        reasons=reasons,
        warnings=warnings | beside.warnings,
        value=value,
        n_units=len(units),
        unknown=0,
        n_without_consent=sum(sub.no_consent(p) for p in units),
        coverage=sub.coverage.value,
        interval=beside.interval,
        benchmark=beside.benchmark,
        not_simulated=list(beside.pending),
        built_on_value=("jackknife_se", "difference_from_expected"),
        extras=extras,
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    member, full = graph_rows.graphs(sub)
    return [_row(sub, full, full, "total", simulate), _row(sub, member, full, "graph=member", simulate)]
