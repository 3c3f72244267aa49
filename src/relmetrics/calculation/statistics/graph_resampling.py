"""What would vary if graphs were drawn again: vertex bootstrap (U3), node jackknife, and uniform random graphs (U5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from relmetrics.calculation.statistics.graph_statistics import Batch, FloatArray, Graph, IntArray, Statistic
from relmetrics.calculation.statistics.replicates import Replicates

__all__ = ["node_jackknife", "replicate_statistic", "uniform_graphs", "uniform_replicates", "vertex_bootstrap"]

# Edges (and nodes) of one batch; about ten arrays of this length live at once, 8 bytes a cell.
_BATCH_CELLS = 1_000_000
# Above this many nodes the standard asks for no jackknife.
_JACKKNIFE_NODES = 2_000
# Pairs of nodes up to which a table of the pairs is quicker than computing them.
_PAIR_TABLE = 3_000_000
# A table of all pairs finds repeats quicker than sorting does, up to so many pairs for each edge (measured).
_TABLE_SHARE = 32


def _sizes(replicates: int, cells: int) -> list[int]:
    """Sizes of batches; they depend on the graph's size alone, so that the draws do too."""
    size = max(1, min(replicates, _BATCH_CELLS // max(cells, 1)))
    return [min(size, replicates - done) for done in range(0, replicates, size)]


def replicate_statistic(statistic: Statistic, batches: Iterable[Batch]) -> Replicates:
    """A statistic over batches of graphs, undefined ones dropped and counted.

    Parameters
    ----------
    statistic : Statistic
        For example `CONNECTEDNESS`.
    batches : iterable of Batch
        Graphs.

    Returns
    -------
    Replicates
        Defined values in the order of the graphs.
    """
    values: list[FloatArray] = []
    total = 0
    for batch in batches:
        above, below = statistic.counts(batch)
        is_defined = below != 0
        values.append(above[is_defined] / below[is_defined])
        total += batch.n_graphs
    kept = np.concatenate(values) if values else np.zeros(0)
    return Replicates(kept, total - len(kept))


def node_jackknife(statistic: Statistic, graph: Graph, eligible: npt.ArrayLike | None = None) -> float | None:
    """Node jackknife standard error: sqrt((N-2)/(2N) · sum (z_-i - mean)²).

    Parameters
    ----------
    statistic : Statistic
        The statistic.
    graph : Graph
        The graph.
    eligible : array_like of bool, optional
        Nodes to leave out one at a time (N of them); all of them by default.

    Returns
    -------
    float or None
        None when a leave-out is undefined, with fewer than 3 such nodes, or above 2,000 nodes.
    """
    n = graph.n
    left_out = np.arange(n) if eligible is None else np.flatnonzero(np.asarray(eligible, dtype=np.bool_))
    count = len(left_out)
    if count < 3 or n > _JACKKNIFE_NODES:
        return None
    if statistic.leave_one_out is not None:
        above, below = (part[left_out] for part in statistic.leave_one_out(graph))
    else:
        thinned = statistic.thinned(graph) if statistic.thinned is not None else graph
        above, below = _left_out(statistic, thinned, left_out)
    if (below == 0).any():
        return None
    values = (above / below).tolist()
    mean = math.fsum(values) / count
    return math.sqrt((count - 2) / (2 * count) * math.fsum((x - mean) ** 2 for x in values))


def _left_out(statistic: Statistic, graph: Graph, left_out: IntArray) -> tuple[IntArray, IntArray]:
    """The statistic without each of some nodes, one graph for each."""
    n, edges = graph.n, graph.edges
    counts: list[tuple[IntArray, IntArray]] = []
    done = 0
    for size in _sizes(len(left_out), max(n, graph.m)):
        nodes = left_out[done : done + size]
        done += size
        stays = (edges[:, 0] != nodes[:, None]) & (edges[:, 1] != nodes[:, None])
        index, edge = np.nonzero(stays)
        u, v, gone = edges[edge, 0], edges[edge, 1], nodes[index]
        counts.append(statistic.counts(Batch(size, n - 1, index.astype(np.int64), u - (u > gone), v - (v > gone))))
    return np.concatenate([above for above, _ in counts]), np.concatenate([below for _, below in counts])


def vertex_bootstrap(
    graph: Graph, statistic: Statistic, rng: np.random.Generator, replicates: int | None = None
) -> Replicates:
    """Vertex bootstrap (U3): as many vertices as there are, drawn with replacement.

    Parameters
    ----------
    graph : Graph
        The observed graph.
    statistic : Statistic
        The statistic.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int, optional
        Resamples; 1,000 up to 500 nodes and 200 above by default.

    Returns
    -------
    Replicates
        Its `standard_error` is what the standard uses (`normal_interval`).
    """
    if replicates is None:
        replicates = 1000 if graph.n <= 500 else 200
    if graph.n == 0:
        return Replicates(np.zeros(0), replicates)
    return replicate_statistic(statistic, _resampled_graphs(graph, rng, replicates))


def _resampled_graphs(graph: Graph, rng: np.random.Generator, replicates: int) -> Iterator[Batch]:
    n = graph.n
    n_pairs = n * (n - 1) // 2
    for size in _sizes(replicates, max(n, graph.m)):
        drawn = rng.integers(0, n, size=(size, n)) + np.arange(size)[:, None] * n
        copies = np.bincount(drawn.ravel(), minlength=size * n).astype(np.int64).reshape(size, n)
        # Copies of one vertex stand side by side: which copy is which does not matter to any statistic.
        start = np.cumsum(copies, axis=1) - copies

        # Cells between copies of two different vertices repeat their observed dyad.
        cu, cv = copies[:, graph.edges[:, 0]], copies[:, graph.edges[:, 1]]
        index, edge = np.nonzero((cu > 0) & (cv > 0))
        left, right = cu[index, edge], cv[index, edge]
        which, place = _expand(left * right)
        u = start[index, graph.edges[edge, 0]][which] + place // right[which]
        v = start[index, graph.edges[edge, 1]][which] + place % right[which]

        # A cell between two copies of one vertex takes the dyad of a pair drawn uniformly: numbering the pairs with the
        # tied ones first, it is tied when the number drawn is below m.
        same, vertex = np.nonzero(copies > 1)
        many = copies[same, vertex]
        owner, cell = _expand(many * (many - 1) // 2)
        is_tied = rng.integers(0, max(n_pairs, 1), size=len(owner)) < graph.m
        owner, cell = owner[is_tied], cell[is_tied]
        # Cells of one vertex are numbered 0-1, 0-2, 1-2, 0-3, ...: the later copy follows from the triangular numbers.
        later = ((1 + np.sqrt(8 * cell + 1)) / 2).astype(np.int64)
        earlier = cell - later * (later - 1) // 2
        first = start[same[owner], vertex[owner]]
        yield Batch(
            size,
            n,
            np.concatenate([index[which], same[owner]]),
            np.concatenate([u, first + earlier]),
            np.concatenate([v, first + later]),
        )


def _expand(counts: IntArray) -> tuple[IntArray, IntArray]:
    """Repeat each position `counts` times, and number the repetitions from 0."""
    which = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return which, np.arange(len(which)) - before[which]


def uniform_graphs(n: int, m: int, rng: np.random.Generator, replicates: int = 1000) -> Iterator[Batch]:
    """Simple graphs drawn uniformly among those with `n` nodes and `m` edges (U5).

    Parameters
    ----------
    n, m : int
        Nodes (isolates kept) and edges.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int
        Graphs.

    Yields
    ------
    Batch
        Graphs, `replicates` in all.

    Raises
    ------
    ValueError
        If there are not that many pairs of nodes.
    """
    n_pairs = n * (n - 1) // 2
    if not 0 <= m <= n_pairs:
        raise ValueError(f"{n} nodes cannot have {m} edges")
    # Choosing the absent pairs is the same choice, and quicker when most are present.
    chosen = min(m, n_pairs - m)
    for size in _sizes(replicates, max(n, chosen if chosen == m else n_pairs)):
        codes = _distinct(n_pairs, chosen, size, rng)
        if chosen == m:
            index, code = np.repeat(np.arange(size), m), codes.ravel()
        else:
            is_present = np.ones((size, n_pairs), dtype=np.bool_)
            is_present[np.arange(size)[:, None], codes] = False
            index, code = np.nonzero(is_present)
        u, v = _pair(code, n)
        yield Batch(size, n, index.astype(np.int64), u, v)


def uniform_replicates(
    statistic: Statistic, graph: Graph, rng: np.random.Generator, replicates: int = 1000
) -> Replicates:
    """The statistic on uniform random graphs of the same n and m, for `benchmark`.

    Parameters
    ----------
    statistic : Statistic
        The statistic.
    graph : Graph
        The observed graph.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int
        Graphs.

    Returns
    -------
    Replicates
        Undefined ones dropped and counted.
    """
    return replicate_statistic(statistic, uniform_graphs(graph.n, graph.m, rng, replicates))


def _distinct(n_codes: int, size: int, rows: int, rng: np.random.Generator) -> IntArray:
    """Rows of `size` different codes below `n_codes`, sorted; all subsets equally likely.

    Drawing again for repeated codes until none is left is drawing one by one until `size` different ones are found,
    which treats all codes alike.
    """
    if size == 0:
        return np.zeros((rows, 0), dtype=np.int64)
    drawn = rng.integers(0, n_codes, size=(rows, size))
    if n_codes <= _TABLE_SHARE * size:
        return _distinct_by_table(drawn, n_codes, rng)
    codes = np.sort(drawn, axis=1)
    todo = np.arange(rows)
    while True:
        part = codes[todo]
        is_repeat = np.zeros(part.shape, dtype=np.bool_)
        is_repeat[:, 1:] = part[:, 1:] == part[:, :-1]
        has_repeat = is_repeat.any(axis=1)
        if not has_repeat.any():
            return codes
        todo, part, is_repeat = todo[has_repeat], part[has_repeat], is_repeat[has_repeat]
        part[is_repeat] = rng.integers(0, n_codes, size=int(is_repeat.sum()))
        codes[todo] = np.sort(part, axis=1)


def _distinct_by_table(drawn: IntArray, n_codes: int, rng: np.random.Generator) -> IntArray:
    """The same draws and the same result as by sorting, with a mark for each code."""
    rows, size = drawn.shape
    start = np.arange(rows, dtype=np.int64) * n_codes
    marks = np.zeros(rows * n_codes, dtype=np.bool_)
    marks[(drawn + start[:, None]).ravel()] = True
    table = marks.reshape(rows, n_codes)
    todo = np.arange(rows)
    while True:
        # One row after another: along an axis numpy counts many times slower.
        missing = size - np.array([np.count_nonzero(table[row]) for row in todo.tolist()])
        todo, missing = todo[missing > 0], missing[missing > 0]
        if not len(todo):
            return np.flatnonzero(marks).reshape(rows, size) - start[:, None]
        marks[np.repeat(start[todo], missing) + rng.integers(0, n_codes, size=int(missing.sum()))] = True


def _pair(code: IntArray, n: int) -> tuple[IntArray, IntArray]:
    """The two nodes of a pair numbered 0-1, 0-2, ..., 1-2, ..."""
    first = np.arange(n, dtype=np.int64)
    start = first * (n - 1) - first * (first - 1) // 2
    if n * (n - 1) // 2 <= _PAIR_TABLE:
        u = np.repeat(first, n - 1 - first)[code]
    else:
        u = np.searchsorted(start, code, side="right") - 1
    return u, code - start[u] + u + 1
