"""NET-02 and NET-05 on M_W, and as second row on G_W (E5, node jackknife, U3, U5)."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from oracle.common import SIX, Submission, row, share
from oracle.intervals import Z, generator, sd_mcse


def full_graph(sub: Submission) -> nx.Graph:
    """G_W."""
    graph = nx.Graph()
    nodes = sub.active | sub.staff_in_window
    graph.add_nodes_from(sorted(nodes))
    graph.add_edges_from((c.a, c.b) for c in sub.counted if c.a in nodes and c.b in nodes)
    graph.remove_nodes_from([p for p in sub.staff_in_window - sub.has_paid_spell if graph.degree(p) == 0])
    return graph


def connected_pairs(graph: nx.Graph) -> tuple[int, int]:
    n = graph.number_of_nodes()
    return sum(len(c) * (len(c) - 1) // 2 for c in nx.connected_components(graph)), n * (n - 1) // 2


def closed_paths(graph: nx.Graph) -> tuple[int, int]:
    """3 triangles, two-paths."""
    return sum(nx.triangles(graph).values()), sum(d * (d - 1) // 2 for _, d in graph.degree)


def matrix_connectedness(a: np.ndarray) -> float:
    sizes = np.bincount(connected_components(csr_matrix(a), directed=False)[1])
    return float((sizes * (sizes - 1)).sum() / (len(a) * (len(a) - 1)))


def matrix_transitivity(a: np.ndarray) -> float:
    degrees = a.sum(axis=0).astype(float)
    paths = (degrees * (degrees - 1)).sum()
    closed = ((a @ a) * a).sum()
    return float(closed / paths) if paths else math.nan


def pairs_without_each(graph: nx.Graph) -> list[tuple[int, int]]:
    """``connected_pairs`` of the graph without each node in turn."""
    a = nx.to_scipy_sparse_array(graph, format="csr")
    n = a.shape[0]
    out = []
    for i in range(n):
        keep = np.delete(np.arange(n), i)
        sizes = np.bincount(connected_components(a[keep][:, keep], directed=False)[1])
        out.append((int((sizes * (sizes - 1) // 2).sum()), (n - 1) * (n - 2) // 2))
    return out


def paths_without_each(graph: nx.Graph) -> list[tuple[int, int]]:
    """``closed_paths`` of the graph without each node in turn: what the node takes with it is subtracted."""
    closed, paths = closed_paths(graph)
    triangles, degree = nx.triangles(graph), dict(graph.degree)
    return [
        (closed - 3 * triangles[i], paths - degree[i] * (degree[i] - 1) // 2 - sum(degree[j] - 1 for j in graph[i]))
        for i in graph
    ]


def jackknife_se(graph: nx.Graph, without_each: Callable[[nx.Graph], list[tuple[int, int]]]) -> float | None:
    n = graph.number_of_nodes()
    if n < 2 or n > 2000:
        return None
    parts = without_each(graph)
    if any(bottom == 0 for _, bottom in parts):
        return None
    # fractions of many nodes grow too long
    values = sorted(Fraction(top, bottom) if n <= 300 else top / bottom for top, bottom in parts)
    mean = sum(values) / n
    return math.sqrt(Fraction(n - 2, 2 * n) * sum((v - mean) ** 2 for v in values))


def vertex_bootstrap(
    a: np.ndarray, statistic: Callable[[np.ndarray], float], value: float, name: str
) -> dict[str, Any] | None:
    """U3, clipped to [0, 1]; None where no interval results."""
    n = len(a)
    replicates = 1000 if n <= 500 else 200
    rng = generator(name, "U3")
    upper = np.triu_indices(n, 1)
    out = np.empty(replicates)
    for r in range(replicates):
        draw = rng.integers(0, n, n)
        copy = a[np.ix_(draw, draw)]
        same = draw[upper[0]] == draw[upper[1]]
        i, j = upper[0][same], upper[1][same]
        p = rng.integers(0, n, len(i))
        q = rng.integers(0, n - 1, len(i))
        q = q + (q >= p)
        copy[i, j] = copy[j, i] = a[p, q]
        out[r] = statistic(copy)
    good = out[~np.isnan(out)]
    if 100 * (replicates - len(good)) > 5 * replicates:
        return None
    se = good.std(ddof=1)
    if se < 1e-12:
        return None
    error = Z * sd_mcse(good)
    return {
        "low": max(0.0, value - Z * se),
        "high": min(1.0, value + Z * se),
        "method": "U3",
        "se": float(se),
        "low_mcse": error,
        "high_mcse": error,
        "replicates": replicates,
        "dropped": replicates - len(good),
    }


def random_graphs(
    n: int, m: int, statistic: Callable[[np.ndarray], float], value: float, name: str
) -> dict[str, Any] | None:
    """U5 with R = 1,000."""
    rng = generator(name, "U5")
    i, j = np.triu_indices(n, 1)
    out = np.empty(1000)
    for r in range(len(out)):
        chosen = rng.choice(len(i), size=m, replace=False)
        a = np.zeros((n, n), dtype=np.float32)
        a[i[chosen], j[chosen]] = a[j[chosen], i[chosen]] = 1
        out[r] = statistic(a)
    good = out[~np.isnan(out)]
    if len(good) < 2:
        return None
    size = len(good)
    mean, sd = float(good.mean()), float(good.std(ddof=1))
    equal = np.isclose(good, value, rtol=1e-12, atol=1e-12)
    percentile = 100 * float(((good < value) & ~equal).sum() + equal.sum() / 2) / size
    z = (value - mean) / sd if sd >= 1e-12 else None
    p = min(max(percentile / 100, 1 / size), 1 - 1 / size)
    return {
        "mean": mean,
        "sd": sd,
        "z": z,
        "percentile": percentile,
        "method": "U5",
        "mean_mcse": sd / math.sqrt(size),
        "sd_mcse": sd_mcse(good),
        "z_mcse": None if z is None else math.sqrt(1 / size + (z * sd_mcse(good) / sd) ** 2),
        "percentile_mcse": 100 * math.sqrt(p * (1 - p) / size),
        "dropped": len(out) - size,
    }


def _row(
    sub: Submission,
    simulate: bool,
    indicator: str,
    graph: nx.Graph,
    switchers: int,
    n_full: int,
    full: bool,
    exact: Callable[[nx.Graph], tuple[int, int]],
    without_each: Callable[[nx.Graph], list[tuple[int, int]]],
    fast: Callable[[np.ndarray], float],
    minimum_units: int,
    extras: dict[str, Any],
) -> dict[str, Any]:
    n, m = graph.number_of_nodes(), graph.number_of_edges()
    top, units = exact(graph)
    reasons: set[str] = set()
    if sub.lacks("people", "one_to_ones") or sub.log_field_missing:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if n == 0:
        reasons.add("no_eligible_units")
    if sub.coverage.gate == "below":
        reasons.add("below_coverage")
    if n < 10 or units < minimum_units:
        reasons.add("below_minimum_n")
    warnings = sub.window_warnings | sub.confirmation_warnings
    if sub.coverage.gate == "low":
        warnings = warnings | {"coverage_low"}
    if 100 * switchers > 5 * n_full:
        warnings = warnings | {"status_switchers"}

    value = Fraction(top, units) if units else None
    interval = benchmark = None
    pending: list[str] = []
    if not reasons:
        name = f"{indicator}|{'full' if full else 'total'}"
        if n > 20000:
            warnings = warnings | {"too_large_to_resample"}
        else:
            if m in (0, n * (n - 1) // 2):  # every replicate and every random graph is this graph
                warnings = warnings | {"interval_unavailable"}
                benchmark = {
                    "mean": float(value),
                    "sd": 0.0,
                    "z": None,
                    "percentile": 50.0,
                    "method": "U5",
                    "mean_mcse": 0.0,
                    "sd_mcse": 0.0,
                    "z_mcse": None,
                    "percentile_mcse": 0.0,
                    "dropped": 0,
                }
            elif simulate:
                a = nx.to_numpy_array(graph, dtype=np.float32)
                interval = vertex_bootstrap(a, fast, float(value), name)
                benchmark = random_graphs(n, m, fast, float(value), name)
                if interval is None:
                    warnings = warnings | {"interval_unavailable"}
            else:
                pending = ["interval", "benchmark"]
    return row(
        indicator,
        disaggregation="graph=full" if full else "total",
        reasons=reasons,
        warnings=warnings,
        value=value,
        numerator=top,
        denominator=units,
        n_units=units,
        unknown=0,
        n_without_consent=sum(sub.no_consent(p) for p in graph),
        coverage=sub.coverage.value,
        interval=interval,
        benchmark=benchmark,
        not_simulated=pending,
        built_on_value=("jackknife_se",),
        extras={
            **extras,
            "jackknife_se": None if reasons else jackknife_se(graph, without_each),
            "n_status_switchers": switchers,
            "rows_left_out": sub.rows_left_out(*SIX),
        },
    )


def _both(
    sub: Submission,
    simulate: bool,
    indicator: str,
    exact: Any,
    without_each: Any,
    fast: Any,
    minimum_units: int,
    extras: Callable[[nx.Graph, nx.Graph, bool], dict[str, Any]],
) -> list[dict[str, Any]]:
    g = full_graph(sub)
    member = g.subgraph([p for p in g if p not in sub.staff_in_window]).copy()
    switchers = len(sub.switchers & set(g))
    return [
        _row(
            sub,
            simulate,
            indicator,
            graph,
            switchers,
            g.number_of_nodes(),
            full,
            exact,
            without_each,
            fast,
            minimum_units,
            extras(graph, g, full),
        )
        for graph, full in ((member, False), (g, True))
    ]


def member_connectedness(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    """NET-02."""

    def extras(graph: nx.Graph, g: nx.Graph, full: bool) -> dict[str, Any]:
        n = graph.number_of_nodes()
        sizes = [len(c) for c in nx.connected_components(graph)]
        alone = [p for p in graph if graph.degree(p) == 0]
        covered_only = None
        if not full and sub.coverage.people is not None:
            top, pairs = connected_pairs(graph.subgraph([p for p in graph if p in sub.coverage.people]))
            covered_only = share(top, pairs)
        return {
            "n_components": len(sizes),
            "largest_component_share": share(max(sizes, default=0), n),
            "isolate_share": share(len(alone), n),
            "staff_only_share": None if full else share(sum(g.degree(p) > 0 for p in alone), n),
            "value_covered_only": covered_only,
        }

    return _both(
        sub, simulate, "member_connectedness", connected_pairs, pairs_without_each, matrix_connectedness, 0, extras
    )


def closure(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    """NET-05."""

    def extras(graph: nx.Graph, g: nx.Graph, full: bool) -> dict[str, Any]:
        closed, paths = closed_paths(graph)
        return {"n_triangles": closed // 3, "n_two_paths": paths}

    return _both(sub, simulate, "closure", closed_paths, paths_without_each, matrix_transitivity, 10, extras)
