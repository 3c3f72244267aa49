"""How well a core, all tied, with a periphery that is not, describes a graph (E8; Borgatti & Everett 1999).

The fit of a core is the correlation between the ties there are and those of the ideal, over the pairs within one of the
two blocks: with a of N1 pairs tied in the core and b of N2 in the periphery it depends on a and b alone, rises with a
and falls with b. Small graphs are searched whole. In larger ones every start climbs by the best single move, of a
node into the other block or of two nodes against each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relmetrics.calculation.statistics.climbing import Climber, fit_of
from relmetrics.calculation.statistics.graph_statistics import Graph, IntArray

__all__ = ["SAME", "CorePeriphery", "core_periphery"]

BoolArray = npt.NDArray[np.bool_]

SAME = 1e-12
"""Fits that differ by no more than this are equal."""

MOST_EXHAUSTIVE = 16
STARTS = 50


@dataclass(frozen=True, slots=True, eq=False)
class CorePeriphery:
    """The best core that was found.

    Attributes
    ----------
    fit : float
        Correlation, -1 to 1.
    core : numpy.ndarray of bool
        Its nodes: of equally good cores the smallest, then the first by sorted numbers of nodes.
    is_unique : bool
        Whether no other core is as good.
    share_of_starts : float or None
        Random starts that came to this fit; None where all cores were tried.
    """

    fit: float
    core: BoolArray
    is_unique: bool
    share_of_starts: float | None


def core_periphery(graph: Graph, rng: np.random.Generator | None = None, starts: int = STARTS) -> CorePeriphery | None:
    """Find the core with the best fit, of 2 to n-2 nodes.

    Parameters
    ----------
    graph : Graph
        Simple and undirected, its nodes in the order of their ids.
    rng : numpy.random.Generator, optional
        Source of chance; needed above 16 nodes.
    starts : int
        Random starts.

    Returns
    -------
    CorePeriphery or None
        None where no core has a fit: fewer than 4 nodes, no tie, all ties.
    """
    if graph.n < 4 or graph.m == 0 or graph.m == graph.n * (graph.n - 1) // 2:
        return None
    if graph.n <= MOST_EXHAUSTIVE:
        return _exhaustive(graph)
    if rng is None:
        raise ValueError("a search needs a source of chance")
    return _searched(graph, rng, starts)


def _exhaustive(graph: Graph) -> CorePeriphery | None:
    n = graph.n
    masks = np.arange(1 << n, dtype=np.uint32)
    size = np.bitwise_count(masks).astype(np.int64)
    masks, size = masks[(size >= 2) & (size <= n - 2)], size[(size >= 2) & (size <= n - 2)]
    inside, outside = np.zeros(len(masks), dtype=np.int64), np.zeros(len(masks), dtype=np.int64)
    for u, v in graph.edges.tolist():
        both = (masks >> np.uint32(u) & 1) + (masks >> np.uint32(v) & 1)
        inside += both == 2
        outside += both == 0
    fits = fit_of(inside, outside, size, n)
    if np.isnan(fits).all():
        return None
    best = float(np.nanmax(fits))
    equal = masks[fits >= best - SAME]
    cores = [(np.uint32(mask) >> np.arange(n, dtype=np.uint32) & 1).astype(np.bool_) for mask in equal]
    return CorePeriphery(best, _first(cores), len(cores) == 1, None)


def _searched(graph: Graph, rng: np.random.Generator, starts: int) -> CorePeriphery | None:
    climber = Climber(graph)
    optima: dict[bytes, float] = {}

    def climb(core: BoolArray) -> float:
        top, fit = climber.climb(core)
        optima[np.packbits(top).tobytes()] = fit
        return fit

    for core in _degree_cuts(climber.degree):
        climb(core)
    reached = [climb(core) for core in _random_cores(graph.n, rng, starts)]
    best = max((fit for fit in optima.values() if not math.isnan(fit)), default=math.nan)
    if math.isnan(best):
        return None
    found = {key for key, fit in optima.items() if fit >= best - SAME}
    unpacked = [_unpacked(key, graph.n) for key in sorted(found)]
    for core in unpacked:
        found |= {np.packbits(other).tobytes() for other in climber.neighbours_as_good(core, best - SAME)}
    cores = [_unpacked(key, graph.n) for key in sorted(found)]
    share = sum(fit >= best - SAME for fit in reached) / starts if starts else None
    return CorePeriphery(best, _first(cores), len(cores) == 1, share)


def _unpacked(key: bytes, n: int) -> BoolArray:
    return np.unpackbits(np.frombuffer(key, dtype=np.uint8), count=n).astype(np.bool_)


def _first(cores: list[BoolArray]) -> BoolArray:
    return min(cores, key=lambda core: (int(core.sum()), np.flatnonzero(core).tolist()))


def _degree_cuts(degree: IntArray) -> Iterator[BoolArray]:
    """Cores of the nodes of highest degree, equal degrees by id."""
    order = np.argsort(-degree, kind="stable")
    n = len(order)
    for size in range(2, n - 1):
        core = np.zeros(n, dtype=np.bool_)
        core[order[:size]] = True
        yield core


def _random_cores(n: int, rng: np.random.Generator, starts: int) -> Iterator[BoolArray]:
    for _ in range(starts):
        while True:
            core = rng.random(n) < rng.uniform(0.1, 0.9)
            if 2 <= int(core.sum()) <= n - 2:
                break
        yield core
