"""Simple undirected graphs, many at once, and the statistics of E5 as exact integers.

A graph is a number of nodes and an array of edges. Resampling needs thousands of graphs, so each statistic is computed
for a whole batch: one big graph with a block for each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from relmetrics.calculation.statistics.components import component_pairs, two_forests

__all__ = [
    "CLOSURE",
    "CONNECTEDNESS",
    "DEGREE_CENTRALIZATION",
    "MEAN_DEGREE",
    "Batch",
    "Graph",
    "Statistic",
    "component_pairs",
    "degrees",
    "triangles_and_two_paths",
    "value",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Up to this many nodes triangles are counted by dense products in float32: entries stay below 2^24, so exact.
_DENSE_NODES = 256
# How much cheaper one step of a dense product is than one of a sparse product.
_DENSE_GAIN = 200
# Up to this many nodes neighbours are compared bit by bit, for so many edges at once: tables below 64 MB.
_BIT_NODES = 8_000
_BIT_EDGES = 50_000
# Cells of one dense block: 8 million float32 are 32 MB.
_DENSE_CELLS = 8_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Graphs of the same number of nodes, edge by edge.

    Attributes
    ----------
    n_graphs, n : int
        Graphs, and nodes in each of them.
    graph, u, v : numpy.ndarray
        For each edge its graph and its two different ends (0 to n-1); no edge twice.
    """

    n_graphs: int
    n: int
    graph: IntArray
    u: IntArray
    v: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """One simple undirected graph.

    Attributes
    ----------
    n : int
        Nodes, isolates among them, numbered 0 to n-1 by their ids.
    edges : numpy.ndarray
        m rows of two different nodes; each pair at most once (`from_pairs` sees to it).
    """

    n: int
    edges: IntArray

    @classmethod
    def from_pairs(cls, n: int, pairs: npt.ArrayLike) -> Graph:
        """Build a graph from pairs in any order, with repetitions.

        Parameters
        ----------
        n : int
            Nodes.
        pairs : array_like of int
            Rows of two nodes; the two directions are one edge.

        Returns
        -------
        Graph
            Edges sorted, each once.

        Raises
        ------
        ValueError
            If a node is out of range or tied to itself.
        """
        array = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        if len(array) and (array.min() < 0 or array.max() >= n or (array[:, 0] == array[:, 1]).any()):
            raise ValueError("an edge joins two different nodes of the graph")
        low, high = array.min(axis=1), array.max(axis=1)
        key = np.unique(low * max(n, 1) + high)
        return cls(n, np.stack([key // max(n, 1), key % max(n, 1)], axis=1))

    @property
    def m(self) -> int:
        """Edges."""
        return len(self.edges)

    def batch(self) -> Batch:
        """The graph as a batch of one."""
        return Batch(1, self.n, np.zeros(self.m, dtype=np.int64), self.edges[:, 0], self.edges[:, 1])


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of a graph as a ratio of two integers.

    Attributes
    ----------
    name : str
        For messages.
    counts : callable
        Numerators and denominators (int64) of the graphs of a batch; undefined where the denominator is 0.
    leave_one_out : callable, optional
        The same for a graph without each of its nodes in turn, where there is a quicker way than to count each anew.
    thinned : callable, optional
        A graph with fewer edges on which the statistic is the same, whichever one node is left out.
    """

    name: str
    counts: Callable[[Batch], tuple[IntArray, IntArray]]
    leave_one_out: Callable[[Graph], tuple[IntArray, IntArray]] | None = None
    thinned: Callable[[Graph], Graph] | None = None


def value(statistic: Statistic, graph: Graph) -> Fraction | None:
    """The statistic of one graph, exact.

    Parameters
    ----------
    statistic : Statistic
        For example `CLOSURE`.
    graph : Graph
        The graph.

    Returns
    -------
    Fraction or None
        None where it is undefined. ``statistic.counts(graph.batch())`` gives the two integers unreduced.
    """
    above, below = statistic.counts(graph.batch())
    return Fraction(int(above[0]), int(below[0])) if below[0] else None


def degrees(batch: Batch) -> IntArray:
    """Degrees of all nodes.

    Parameters
    ----------
    batch : Batch
        Graphs.

    Returns
    -------
    numpy.ndarray
        One row for each graph, one column for each node.
    """
    size = batch.n_graphs * batch.n
    offset = batch.graph * batch.n
    total = np.bincount(offset + batch.u, minlength=size) + np.bincount(offset + batch.v, minlength=size)
    return total.astype(np.int64).reshape(batch.n_graphs, batch.n)


def triangles_and_two_paths(batch: Batch) -> tuple[IntArray, IntArray]:
    """Triangles, and two-paths (a node with two of its neighbours), of each graph.

    Parameters
    ----------
    batch : Batch
        Graphs.

    Returns
    -------
    tuple of numpy.ndarray
        Triangles and two-paths.
    """
    degree = degrees(batch)
    two_paths = (degree * (degree - 1) // 2).sum(axis=1)
    # A dense product costs about n³ for a graph, a sparse one m²/n times a constant (measured): the cheaper one.
    is_sparse = not 0 < batch.n <= _DENSE_NODES or batch.n**4 * batch.n_graphs**2 > _DENSE_GAIN * len(batch.u) ** 2
    if not is_sparse:
        return _triangles_dense(batch), two_paths
    # Comparing rows of bits costs n/64 steps an edge, whatever the degrees: quicker where many are tied (measured).
    is_crowded = batch.n <= _BIT_NODES and 64 * len(batch.u) >= batch.n**2 * batch.n_graphs > 0
    return (_triangles_bits if is_crowded else _triangles_sparse)(batch), two_paths


def _triangles_dense(batch: Batch) -> IntArray:
    n = batch.n
    result = np.zeros(batch.n_graphs, dtype=np.int64)
    order = np.argsort(batch.graph, kind="stable") if (np.diff(batch.graph) < 0).any() else slice(None)
    graph, u, v = batch.graph[order], batch.u[order], batch.v[order]
    step = max(1, _DENSE_CELLS // (n * n))
    for first in range(0, batch.n_graphs, step):
        last = min(first + step, batch.n_graphs)
        part = slice(*np.searchsorted(graph, [first, last]).tolist())
        matrix = np.zeros((last - first, n, n), dtype=np.float32)
        matrix[graph[part] - first, u[part], v[part]] = 1
        matrix[graph[part] - first, v[part], u[part]] = 1
        # Sums over one row stay below 256², so float32 holds them exactly; whatever order BLAS adds in.
        by_row = (np.matmul(matrix, matrix) * matrix).sum(axis=2)
        result[first:last] = by_row.astype(np.int64).sum(axis=1) // 6
    return result


def _triangles_bits(batch: Batch) -> IntArray:
    n, offset = batch.n, batch.graph * batch.n
    is_tied = np.zeros((batch.n_graphs, n, -(-n // 64) * 64), dtype=np.bool_)
    is_tied[batch.graph, batch.u, batch.v] = True
    is_tied[batch.graph, batch.v, batch.u] = True
    bits = np.packbits(is_tied, axis=2).view(np.uint64).reshape(batch.n_graphs * n, -1)
    shared = np.zeros(batch.n_graphs, dtype=np.int64)
    for start in range(0, len(batch.u), _BIT_EDGES):
        part = slice(start, start + _BIT_EDGES)
        both = bits[offset[part] + batch.u[part]] & bits[offset[part] + batch.v[part]]
        np.add.at(shared, batch.graph[part], np.bitwise_count(both).sum(axis=1, dtype=np.int64))
    return shared // 3


def _triangles_sparse(batch: Batch) -> IntArray:
    size = batch.n_graphs * batch.n
    if not len(batch.u):
        return np.zeros(batch.n_graphs, dtype=np.int64)
    offset = batch.graph * batch.n
    # Each edge from the end of smaller degree to the other: hubs keep few successors, so products stay small.
    degree = degrees(batch).ravel()
    u, v = offset + batch.u, offset + batch.v
    is_forward = (degree[u] < degree[v]) | ((degree[u] == degree[v]) & (u < v))
    a, b = np.where(is_forward, u, v), np.where(is_forward, v, u)
    matrix = sparse.csr_array((np.ones(len(a), dtype=np.int32), (a, b)), shape=(size, size))
    closed = (matrix @ matrix).multiply(matrix).tocoo()
    result = np.zeros(batch.n_graphs, dtype=np.int64)
    np.add.at(result, closed.row // batch.n, closed.data.astype(np.int64))
    return result


def _constant(batch: Batch, number: int) -> IntArray:
    return np.full(batch.n_graphs, number, dtype=np.int64)


def _connectedness(batch: Batch) -> tuple[IntArray, IntArray]:
    offset = batch.graph * batch.n
    pairs = component_pairs(batch.n_graphs, batch.n, offset + batch.u, offset + batch.v)
    return pairs, _constant(batch, batch.n * (batch.n - 1) // 2)


def _thinned(graph: Graph) -> Graph:
    return Graph.from_pairs(graph.n, two_forests(graph.n, graph.edges))


def _closure(batch: Batch) -> tuple[IntArray, IntArray]:
    triangles, two_paths = triangles_and_two_paths(batch)
    return 3 * triangles, two_paths


def _closure_left_out(graph: Graph) -> tuple[IntArray, IntArray]:
    n, u, v = graph.n, graph.edges[:, 0], graph.edges[:, 1]
    degree = degrees(graph.batch())[0]
    ends = (np.concatenate([u, v]), np.concatenate([v, u]))
    matrix = sparse.csr_array((np.ones(2 * graph.m, dtype=np.int64), ends), shape=(n, n))
    # Each triangle of a node is found in two of its rows' cells, once for each way round.
    at_node = (matrix @ matrix).multiply(matrix).sum(axis=1) // 2
    # Without a node go the two-paths around it, and those that end in it: one for each other tie of a neighbour.
    two_paths = degree * (degree - 1) // 2
    without = two_paths.sum() - two_paths - matrix @ (degree - 1)
    return 3 * (at_node.sum() // 3 - at_node), without


def _mean_degree(batch: Batch) -> tuple[IntArray, IntArray]:
    edges = np.bincount(batch.graph, minlength=batch.n_graphs).astype(np.int64)
    return 2 * edges, _constant(batch, batch.n)


def _degree_centralization(batch: Batch) -> tuple[IntArray, IntArray]:
    degree = degrees(batch)
    if batch.n < 3:  # undefined
        return _constant(batch, 0), _constant(batch, 0)
    return batch.n * degree.max(axis=1) - degree.sum(axis=1), _constant(batch, (batch.n - 1) * (batch.n - 2))


CONNECTEDNESS = Statistic("connectedness", _connectedness, thinned=_thinned)
CLOSURE = Statistic("closure", _closure, _closure_left_out)
MEAN_DEGREE = Statistic("mean degree", _mean_degree)
DEGREE_CENTRALIZATION = Statistic("degree centralization", _degree_centralization)
