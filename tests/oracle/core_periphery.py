"""NET-08 on G_W, second row on M_W (E8, U5 with R = 200, node jackknife).

Readings
========
 1  See ``graph_rows``. Up to 16 nodes every split is tried; above, a search of the same rules with random numbers of
    its own: its value is a lower bound within .02 of what a good search finds, its core and ``share_of_starts`` need
    not be another's.
 2  With ``core_not_unique`` ``share_of_starts`` stays (it hangs on no core); core_share_of_constituents,
    core_staff_share, core_density and periphery_density are null. Without a constituent core_share_of_constituents
    is null.
 3  All extras of the core are null where the value is refused.
 4  Found core, where there are several: the smallest, then by sorted ids. A leave-out of more than 16 nodes climbs
    from it; a core or periphery below 2 nodes there, or a leave-out with every split 0/0, makes the jackknife null.
 5  "Reached the fit": within 1e-12 of the best of all starts.
"""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np

from oracle import graph_rows
from oracle.common import Submission, row
from oracle.intervals import generator

ID = "core_periphery_fit"
NEAR = 1e-12
Core = frozenset[int]


def fits(n: int, size: Any, a: Any, b: Any) -> np.ndarray:
    """The correlation for cores of so many nodes with a ties inside and b in the periphery; -inf where it is 0/0."""
    size, a, b = (np.asarray(x, dtype=np.int64) for x in (size, a, b))
    inside, outside = size * (size - 1) // 2, (n - size) * (n - size - 1) // 2
    below = (inside * outside).astype(float) * ((a + b) * (inside + outside - a - b)).astype(float)
    good = (size >= 2) & (size <= n - 2) & (below > 0)
    top = (a * outside - b * inside).astype(float)
    return np.where(good, top / np.sqrt(np.where(good, below, 1.0)), -np.inf)


def all_splits(a: np.ndarray) -> tuple[float, list[Core]]:
    """The best fit and every core that has it (n <= 16); no core where every split is 0/0."""
    n = len(a)
    masks = np.arange(2**n)
    size, inside, outside = np.zeros_like(masks), np.zeros_like(masks), np.zeros_like(masks)
    for i in range(n):
        size += masks >> i & 1
    for i, j in np.argwhere(np.triu(a) > 0).tolist():
        p, q = masks >> i & 1, masks >> j & 1
        inside += p & q
        outside += (1 - p) & (1 - q)
    found = fits(n, size, inside, outside)
    best = float(found.max(initial=-math.inf))
    if best == -math.inf:
        return best, []
    cores = [frozenset(i for i in range(n) if mask >> i & 1) for mask in masks[found >= best - NEAR].tolist()]
    return best, cores


def neighbours(a: np.ndarray, core: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The fit of a core, of every single move, and of every swap (core node, periphery node)."""
    n, size = len(a), int(core.sum())
    inside_of = a @ core
    outside_of = a @ (1 - core)
    inside, outside = int(inside_of @ core) // 2, int(outside_of @ (1 - core)) // 2
    sign = np.where(core == 1, -1, 1)  # leaving or entering the core
    moves = fits(n, size + sign, inside + sign * inside_of, outside - sign * outside_of)
    swaps = fits(
        n,
        size,
        inside - inside_of[:, None] + inside_of[None, :] - a,
        outside + outside_of[:, None] - outside_of[None, :] - a,
    )
    swaps = np.where((core[:, None] == 1) & (core[None, :] == 0), swaps, -np.inf)
    return float(fits(n, size, inside, outside)), moves, swaps


def climb(a: np.ndarray, core: np.ndarray) -> tuple[float, np.ndarray]:
    core = core.copy()
    while True:
        now, moves, swaps = neighbours(a, core)
        by_move, by_swap = float(moves.max()), float(swaps.max())
        if max(by_move, by_swap) <= now + NEAR:
            return now, core
        if by_move >= by_swap - NEAR:
            i = int(np.flatnonzero(moves >= by_move - NEAR)[0])
            core[i] = 1 - core[i]
        else:
            i, j = np.argwhere(swaps >= by_swap - NEAR)[0]
            core[i], core[j] = 0, 1


def search(a: np.ndarray, starts: int, name: str, try_all: int = 16) -> tuple[float, list[Core], float | None]:
    """Best fit, its cores, and the share of random starts that reached it."""
    a = a.astype(np.int64)
    n = len(a)
    if n <= try_all:
        return *all_splits(a), None
    rng = generator(ID, name, "starts")
    order = np.lexsort((np.arange(n), -a.sum(axis=0)))
    begins = []
    for size in range(2, n - 1):
        core = np.zeros(n, dtype=np.int64)
        core[order[:size]] = 1
        begins.append(core)
    for _ in range(starts):
        chosen = np.zeros(n, dtype=np.int64)
        while not 2 <= chosen.sum() <= n - 2:
            chosen = (rng.random(n) < rng.uniform(0.1, 0.9)).astype(np.int64)
        begins.append(chosen)
    optima = [climb(a, core) for core in begins]
    best = max(fit for fit, _ in optima)
    if best == -math.inf:
        return best, [], None
    cores: set[Core] = set()
    for fit, core in optima:
        if fit < best - NEAR:
            continue
        cores.add(frozenset(np.flatnonzero(core).tolist()))
        _, moves, swaps = neighbours(a, core)
        for i in np.flatnonzero(moves >= best - NEAR).tolist():
            cores.add(frozenset(np.flatnonzero(core).tolist()) ^ {i})
        for i, j in np.argwhere(swaps >= best - NEAR).tolist():
            cores.add(frozenset(np.flatnonzero(core).tolist()) ^ {i, j})
    reached = sum(fit >= best - NEAR for fit, _ in optima[-starts:])
    return best, list(cores), reached / starts


def leave_outs(a: np.ndarray, core: Core) -> list[float | None]:
    n = len(a)
    out: list[float | None] = []
    for i in range(n):
        keep = np.delete(np.arange(n), i)
        rest = a[np.ix_(keep, keep)].astype(np.int64)
        if n - 1 <= 16:
            fit = all_splits(rest)[0]
        else:
            start = np.isin(keep, sorted(core)).astype(np.int64)
            fit = climb(rest, start)[0] if 2 <= start.sum() <= n - 3 else -math.inf
        out.append(None if fit == -math.inf else fit)
    return out


def _row(sub: Submission, graph: nx.Graph, full: nx.Graph, label: str, simulate: bool) -> dict[str, Any]:
    n, m = graph.number_of_nodes(), graph.number_of_edges()
    reasons, warnings = graph_rows.head(sub, full, n, minimum=15)
    if m in (0, n * (n - 1) // 2):
        reasons.add("no_variance")
    if n > 20000:
        reasons.add("too_large")
    names = (
        "core_size",
        "share_of_starts",
        "core_share_of_constituents",
        "core_staff_share",
        "core_density",
        "periphery_density",
        "jackknife_se",
    )
    extras: dict[str, Any] = dict.fromkeys(names)
    value, beside = None, graph_rows.Chance()
    if not reasons:
        order = sorted(graph)
        a = graph_rows.matrix(graph, order)
        value, cores, extras["share_of_starts"] = search(a, 50, label)
        core = min(cores, key=lambda c: (len(c), sorted(c)))
        extras["core_size"] = len(core)
        if len(cores) > 1:
            warnings |= {"core_not_unique"}
        else:
            inner = {order[i] for i in core}
            own = graph_rows.constituents(sub, graph)
            extras |= {
                "core_share_of_constituents": len(inner & set(own)) / len(own) if own else None,
                "core_staff_share": len(inner - set(own)) / len(inner),
                "core_density": nx.density(graph.subgraph(inner)),
                "periphery_density": nx.density(graph.subgraph(set(graph) - inner)),
            }
        if n <= 2000:
            extras["jackknife_se"] = graph_rows.jackknife(leave_outs(a, core), n)
        beside = graph_rows.chance(
            simulate,
            n,
            benchmark=lambda: graph_rows.uniform_graphs(
                n, m, lambda x: search(x, 10, "benchmark")[0], value, f"{ID}|{label}", 200
            ),
            up_to=2000,
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
        extras={**extras, **graph_rows.common_extras(sub, full)},
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    member, full = graph_rows.graphs(sub)
    return [_row(sub, full, full, "total", simulate), _row(sub, member, full, "graph=member", simulate)]
