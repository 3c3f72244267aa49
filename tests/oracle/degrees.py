"""NET-01 on M_W and NET-03 on G_W, each with the other graph as second row (E5, U3, U5, node jackknife).

Readings
========
 1  See ``graph_rows``. ``density`` and ``share_degree_0`` are null without two nodes, without one.
 2  NET-03: ``isolates`` = exclude leaves the nodes of degree 0 out of n, of the gates and of every replicate;
    replicates and random graphs are of all nodes.
 3  ``top_position`` is a node's position in the window (staff on one day of W is staff).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

from oracle import graph_rows
from oracle.common import Submission, row


def _degrees(graph: nx.Graph) -> list[int]:
    return [d for _, d in graph.degree]


def centralization(degrees: list[int], isolates: bool = True) -> Fraction | None:
    d = [x for x in degrees if isolates or x]
    n = len(d)
    return Fraction(sum(max(d) - x for x in d), (n - 1) * (n - 2)) if n > 2 else None


def top_position(sub: Submission, nodes: Iterable[str]) -> str | None:
    staff = {p in sub.staff_in_window for p in nodes}
    if not staff:
        return None
    return "mixed" if len(staff) == 2 else "staff" if True in staff else "constituent"


def _mean_degree(sub: Submission, graph: nx.Graph, full: nx.Graph, label: str, simulate: bool) -> dict[str, Any]:
    name = "mean_degree"
    n, m = graph.number_of_nodes(), graph.number_of_edges()
    d = _degrees(graph)
    reasons, warnings = graph_rows.head(sub, full, n)
    value = Fraction(2 * m, n) if n else None
    beside = graph_rows.Chance()
    if not reasons:
        a = graph_rows.matrix(graph, sorted(graph)) if n <= 20000 else None
        beside = graph_rows.chance(
            simulate,
            n,
            interval=lambda: graph_rows.vertex_bootstrap(
                a, n, lambda copy, _: float(copy.sum()) / n, float(value), (0.0, n - 1.0), f"{name}|{label}"
            ),
            certain=m in (0, n * (n - 1) // 2),
        )
    return row(
        name,
        disaggregation=label,
        reasons=reasons,
        warnings=warnings | beside.warnings,
        value=value,
        numerator=2 * m,
        denominator=n,
        n_units=n,
        unknown=0,
        n_without_consent=sum(sub.no_consent(p) for p in graph),
        coverage=sub.coverage.value,
        interval=beside.interval,
        not_simulated=list(beside.pending),
        built_on_value=("jackknife_se",),
        extras={
            "density": 2 * m / (n * (n - 1)) if n > 1 else None,
            "n_ties": m,
            "median_degree": float(np.median(d)) if d else None,
            "share_degree_0": d.count(0) / n if n else None,
            "jackknife_se": graph_rows.jackknife([Fraction(2 * (m - x), n - 1) if n > 1 else None for x in d], n),
            **graph_rows.common_extras(sub, full),
        },
    )


def mean_degree(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    """NET-01."""
    member, full = graph_rows.graphs(sub)
    return [
        _mean_degree(sub, member, full, "total", simulate),
        _mean_degree(sub, full, full, "graph=full", simulate),
    ]


def _centralization(sub: Submission, graph: nx.Graph, full: nx.Graph, label: str, simulate: bool) -> dict[str, Any]:
    name = "degree_centralization"
    isolates = sub.parameters.get("isolates", "include") != "exclude"
    size, m = graph.number_of_nodes(), graph.number_of_edges()
    counted = [p for p in graph if isolates or graph.degree(p)]
    n = len(counted)
    reasons, warnings = graph_rows.head(sub, full, n)
    value = centralization(_degrees(graph), isolates)

    def fast(a: np.ndarray) -> float:
        d = a.sum(axis=0).astype(float)
        d = d if isolates else d[d > 0]
        return float((d.max() - d).sum() / ((len(d) - 1) * (len(d) - 2))) if len(d) > 2 else math.nan

    beside = graph_rows.Chance()
    if not reasons:
        a = graph_rows.matrix(graph, sorted(graph)) if size <= 20000 else None
        beside = graph_rows.chance(
            simulate,
            n,
            interval=lambda: graph_rows.vertex_bootstrap(
                a, size, lambda copy, _: fast(copy), float(value), (0.0, 1.0), f"{name}|{label}"
            ),
            certain=m in (0, size * (size - 1) // 2),
            benchmark=lambda: graph_rows.uniform_graphs(size, m, fast, float(value), f"{name}|{label}"),
            one_graph=m in (0, size * (size - 1) // 2),
        )
    leave_outs: list[Fraction | None] = []
    if not reasons and n <= 2000:
        for left_out in counted:
            degrees = [graph.degree(p) - graph.has_edge(p, left_out) for p in graph if p != left_out]
            leave_outs.append(centralization(degrees, isolates))
    most = max(_degrees(graph), default=0)
    return row(
        name,
        disaggregation=label,
        reasons=reasons,
        warnings=warnings | beside.warnings,
        value=value,
        n_units=n,
        unknown=0,
        n_without_consent=sum(sub.no_consent(p) for p in counted),
        coverage=sub.coverage.value,
        interval=beside.interval,
        benchmark=beside.benchmark,
        not_simulated=list(beside.pending),
        built_on_value=("jackknife_se",),
        extras={
            "top_position": top_position(sub, [p for p in graph if most and graph.degree(p) == most]),
            "jackknife_se": graph_rows.jackknife(leave_outs, n),
            **graph_rows.common_extras(sub, full),
        },
    )


def degree_centralization(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    """NET-03."""
    member, full = graph_rows.graphs(sub)
    return [
        _centralization(sub, full, full, "total", simulate),
        _centralization(sub, member, full, "graph=member", simulate),
    ]
