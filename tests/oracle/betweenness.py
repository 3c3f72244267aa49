"""NET-04 on G_W, second row on M_W (E5, U5 with R = 200, node jackknife).

Readings. See ``graph_rows``. A row refused as too_large has no top_position either: b is not worked out. Values of b
within 1e-9 of each other (relative above 1) are equal. coverage_low never stands here: there is no warning band.
"""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np

from oracle import graph_rows
from oracle.common import Submission, row
from oracle.degrees import top_position

ID = "betweenness_centralization"


def raw(graph: nx.Graph) -> dict[Any, float]:
    """Over unordered pairs."""
    return dict(nx.betweenness_centrality(graph, normalized=False))


def centralization(graph: nx.Graph, known: dict[Any, float] | None = None) -> float | None:
    n = graph.number_of_nodes()
    if n <= 2:
        return None
    b = list((raw(graph) if known is None else known).values())
    if max(b) - min(b) <= 1e-9 * max(1.0, max(b)):
        return 0.0
    return math.fsum(max(b) - x for x in b) / ((n - 1) * (n - 1) * (n - 2) / 2)


def _row(sub: Submission, graph: nx.Graph, full: nx.Graph, label: str, simulate: bool) -> dict[str, Any]:
    n, m = graph.number_of_nodes(), graph.number_of_edges()
    reasons, warnings = graph_rows.head(sub, full, n, strict=True)
    if n > 20000:
        reasons.add("too_large")
    b = {} if n > 20000 else raw(graph)
    value = None if reasons else centralization(graph, b)

    def fast(a: np.ndarray) -> float:
        return float(centralization(nx.from_numpy_array(a)) or 0.0)

    beside = graph_rows.Chance()
    if not reasons:
        beside = graph_rows.chance(
            simulate,
            n,
            benchmark=lambda: graph_rows.uniform_graphs(n, m, fast, float(value), f"{ID}|{label}", 200),
            one_graph=m in (0, n * (n - 1) // 2),
            up_to=2000,
        )
    most = max(b.values(), default=0.0)
    leave_outs = (
        [] if reasons or n > 2000 else [centralization(g) for g in graph_rows.without_each(graph, sorted(graph))]
    )
    return row(
        ID,
        disaggregation=label,
        reasons=reasons,
        warnings=warnings | beside.warnings,
        value=value,
        n_units=n,
        unknown=0,
        n_without_consent=sum(sub.no_consent(p) for p in graph),
        coverage=sub.coverage.value,
        benchmark=beside.benchmark,
        not_simulated=list(beside.pending),
        built_on_value=("jackknife_se",),
        extras={
            "top_position": top_position(sub, [p for p in b if most > 1e-9 and b[p] >= most - 1e-9]),
            "jackknife_se": graph_rows.jackknife(leave_outs, n),
            **graph_rows.common_extras(sub, full),
        },
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    member, full = graph_rows.graphs(sub)
    return [_row(sub, full, full, "total", simulate), _row(sub, member, full, "graph=member", simulate)]
