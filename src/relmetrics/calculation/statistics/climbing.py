"""Steepest ascent of the core-periphery fit.

A move changes the ties within the two blocks by what the moved nodes have in them. So nodes that have as many ties in
the core and as many in the periphery gain the same: it is enough to look at kinds of nodes, and for a swap whether the
two are tied. A step costs as much as the ties and the pairs of kinds, not as all pairs of nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from relmetrics.calculation.statistics.graph_statistics import FloatArray, Graph, IntArray

__all__ = ["Climber", "fit_of"]

BoolArray = npt.NDArray[np.bool_]

# What a move must gain.
_GAIN = 1e-12


def fit_of(inside: Any, outside: Any, size: Any, n: int) -> FloatArray:
    """Fit of cores by their ties inside, those in the periphery, and their sizes; NaN where it is 0/0.

    Parameters
    ----------
    inside, outside, size : array_like of int
        Ties between core nodes, between periphery nodes, and core nodes.
    n : int
        Nodes of the graph.
    """
    inside, outside, size = (np.asarray(part, dtype=np.float64) for part in (inside, outside, size))
    pairs_in, pairs_out = size * (size - 1) / 2, (n - size) * (n - size - 1) / 2
    tied = inside + outside
    below = pairs_in * pairs_out * tied * (pairs_in + pairs_out - tied)
    above = inside * pairs_out - outside * pairs_in
    fits: FloatArray = np.full(np.shape(below), np.nan)
    np.divide(above, np.sqrt(np.maximum(below, 0)), out=fits, where=below > 0)
    return fits


class Climber:
    """Climbs from given cores; what it has come by once, it knows the top of.

    Parameters
    ----------
    graph : Graph
        Simple and undirected.
    """

    def __init__(self, graph: Graph) -> None:
        self._edges = graph.edges
        u, v = graph.edges[:, 0], graph.edges[:, 1]
        ends = (np.concatenate([u, v]), np.concatenate([v, u]))
        self._ties = sparse.csr_array((np.ones(2 * graph.m, dtype=np.int64), ends), shape=(graph.n, graph.n))
        self.degree = np.asarray(self._ties.sum(axis=1)).ravel().astype(np.int64)
        self._n = len(self.degree)
        self._tops: dict[bytes, tuple[BoolArray, float]] = {}

    def climb(self, core: BoolArray) -> tuple[BoolArray, float]:
        """Climb from a core by the best move until none gains; return the top and its fit."""
        core = core.copy()
        passed: list[bytes] = []
        fit = float(fit_of(*self._state(core), self._n))
        while True:
            key = np.packbits(core).tobytes()
            if key in self._tops:
                top = self._tops[key]
                break
            passed.append(key)
            step = self._best_step(core, fit)
            if step is None:
                top = (core, fit)
                break
            moved, fit = step
            core[moved] = ~core[moved]
        for key in passed:
            self._tops[key] = top
        return top

    def neighbours_as_good(self, core: BoolArray, least: float) -> Iterator[BoolArray]:
        """Yield the cores one move or swap away whose fit is at least `least`."""
        inside, outside, size = self._state(core)
        in_core = self._in_core(core)
        for node in np.flatnonzero(self._fits_of_moves(core, inside, outside, size, in_core) >= least):
            yield _changed(core, [node])
        within, without = np.flatnonzero(core), np.flatnonzero(~core)
        rest = self.degree - in_core
        for node in within:
            tied = np.asarray(self._ties[[node]].todense()).ravel()[without]
            fits = fit_of(
                inside - in_core[node] + in_core[without] - tied,
                outside + rest[node] - rest[without] - tied,
                size,
                self._n,
            )
            for other in without[fits >= least]:
                yield _changed(core, [node, other])

    def _in_core(self, core: BoolArray) -> IntArray:
        return np.asarray(self._ties @ core.astype(np.int64)).astype(np.int64)

    def _state(self, core: BoolArray) -> tuple[int, int, int]:
        ends = core[self._edges[:, 0]].astype(np.int8) + core[self._edges[:, 1]]
        return int((ends == 2).sum()), int((ends == 0).sum()), int(core.sum())

    def _fits_of_moves(self, core: BoolArray, inside: int, outside: int, size: int, in_core: IntArray) -> FloatArray:
        rest = self.degree - in_core
        sign = np.where(core, -1, 1)
        fits = fit_of(inside + sign * in_core, outside - sign * rest, size + sign, self._n)
        too_small = (core & (size <= 2)) | (~core & (self._n - size <= 2))
        return np.where(too_small, np.nan, fits)

    def _best_step(self, core: BoolArray, fit: float) -> tuple[list[int], float] | None:
        """Nodes to move, and the fit then: a move before a swap, then lowest ids, among equals."""
        inside, outside, size = self._state(core)
        in_core = self._in_core(core)
        single = self._fits_of_moves(core, inside, outside, size, in_core)
        swaps = _Swaps(core, in_core, self.degree - in_core, self._edges)
        pairs = swaps.fits(inside, outside, size, self._n)
        start = -np.inf if np.isnan(fit) else fit + _GAIN
        best = max(np.nanmax(single, initial=-np.inf), np.nanmax(pairs, initial=-np.inf))
        if not best > start:
            return None
        as_good = np.flatnonzero(single >= best - _GAIN)
        if len(as_good):
            return [int(as_good[0])], float(single[as_good[0]])
        nodes, found = swaps.first(pairs, best - _GAIN)
        return nodes, found


class _Swaps:
    """Swaps of a core node with a periphery node, by the kinds of the two and whether they are tied."""

    def __init__(self, core: BoolArray, in_core: IntArray, rest: IntArray, edges: IntArray) -> None:
        self._within, self._without = np.flatnonzero(core), np.flatnonzero(~core)
        base = int(rest.max(initial=0)) + 1
        code = in_core * base + rest
        kinds, self._kind_in = np.unique(code[self._within], return_inverse=True)
        others, self._kind_out = np.unique(code[self._without], return_inverse=True)
        self._kinds, self._others, self._base = kinds, others, base
        place = np.zeros(len(core), dtype=np.int64)
        place[self._within], place[self._without] = self._kind_in, self._kind_out
        crossing = edges[core[edges[:, 0]] != core[edges[:, 1]]]
        self._ends = np.where(core[crossing[:, :1]], crossing, crossing[:, ::-1])
        self._shape = (len(kinds), len(others))
        codes = place[self._ends[:, 0]] * len(others) + place[self._ends[:, 1]]
        self._n_tied = np.bincount(codes, minlength=len(kinds) * len(others)).reshape(self._shape)
        pairs = np.bincount(self._kind_in, minlength=len(kinds))[:, None] * np.bincount(self._kind_out)[None, :]
        self._n_apart = pairs - self._n_tied
        self._codes = codes

    def fits(self, inside: int, outside: int, size: int, n: int) -> FloatArray:
        """Fits after swapping, by tied or not, kind in the core and kind in the periphery; NaN where there is none."""
        gained = self._others // self._base - (self._kinds // self._base)[:, None]
        lost = (self._kinds % self._base)[:, None] - self._others % self._base
        found = np.stack([fit_of(inside + gained - tied, outside + lost - tied, size, n) for tied in (0, 1)])
        return np.where(np.stack([self._n_apart, self._n_tied]) > 0, found, np.nan)

    def first(self, fits: FloatArray, least: float) -> tuple[list[int], float]:
        """Among the swaps as good as `least`, the first by the core node's number, then the other's."""
        candidates = []
        for tied, kind, other in zip(*np.nonzero(fits >= least), strict=True):
            found = self._first_pair(bool(tied), int(kind), int(other))
            candidates.append((found, float(fits[tied, kind, other])))
        (node, other_node), fit = min(candidates)
        return [node, other_node], fit

    def _first_pair(self, tied: bool, kind: int, other: int) -> tuple[int, int]:
        if tied:
            ends = self._ends[self._codes == kind * self._shape[1] + other]
            first = ends[np.lexsort((ends[:, 1], ends[:, 0]))[0]]
            return int(first[0]), int(first[1])
        partners = self._without[self._kind_out == other]
        for node in self._within[self._kind_in == kind]:
            apart = partners[~np.isin(partners, self._ends[self._ends[:, 0] == node, 1])]
            if len(apart):
                return int(node), int(apart[0])
        raise AssertionError("a swap that is counted is there")


def _changed(core: BoolArray, nodes: list[Any]) -> BoolArray:
    other = core.copy()
    other[nodes] = ~other[nodes]
    return other
