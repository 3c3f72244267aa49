"""Connected components of many graphs at once, and the few edges on which they depend."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

__all__ = ["component_pairs", "two_forests"]

IntArray = npt.NDArray[np.int64]

# Edges for each node with which components are looked for first.
_THIN = 8


def component_pairs(n_graphs: int, n: int, u: IntArray, v: IntArray) -> IntArray:
    """Pairs of nodes within one component, for each graph of a block-diagonal graph.

    Parameters
    ----------
    n_graphs, n : int
        Graphs, and nodes in each.
    u, v : numpy.ndarray
        Ends of the edges, each with ``graph * n`` added.

    Returns
    -------
    numpy.ndarray
        Connected unordered pairs of each graph.
    """
    size = n_graphs * n
    if size == 0:
        return np.zeros(n_graphs, dtype=np.int64)
    label = np.arange(size)
    if len(u) > 2 * _THIN * size:
        # With many edges every so manieth joins nearly everything, and of the others only a few join any more.
        step = len(u) // (_THIN * size)
        label = _labels(size, u[::step], v[::step])
        joins = label[u] != label[v]
        u, v = label[u[joins]], label[v[joins]]
    if len(u):
        label = _labels(size, u, v)[label]
    sizes = np.bincount(label, minlength=size)
    home = np.zeros(size, dtype=np.int64)
    home[label] = np.arange(size) // n
    pairs = np.zeros(n_graphs, dtype=np.int64)
    np.add.at(pairs, home, sizes * (sizes - 1) // 2)
    return pairs


def _labels(size: int, u: IntArray, v: IntArray) -> IntArray:
    """Number of each node's component."""
    # The type of the data is the smallest there is: only its place matters, and the search copies it.
    matrix = sparse.csr_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(size, size))
    _, label = csgraph.connected_components(matrix, directed=False)
    return np.asarray(label, dtype=np.int64)


def two_forests(n: int, edges: IntArray) -> IntArray:
    """Few edges with which any one node may be left out, and the components are still those of the whole graph.

    The first forest is found breadth first, the second in what is left. Take an edge u-v that is in neither, and a node
    x that is neither end. If the first forest joins u and v only through x, take the path of the second; if that passes
    x between a and b, neither a-x nor x-b is in the first forest, so a and b had been found before x was searched, and
    the first forest joins them without x.

    Parameters
    ----------
    n : int
        Nodes.
    edges : numpy.ndarray
        Rows of two different nodes, the smaller first, each pair once.

    Returns
    -------
    numpy.ndarray
        At most 2 (n - 1) of the edges.
    """
    ones = np.ones(len(edges), dtype=np.int8)
    whole = sparse.csr_array((ones, (edges[:, 0], edges[:, 1])), shape=(n, n))
    n_components, label = csgraph.connected_components(whole, directed=False)
    roots = np.unique(label, return_index=True)[1]
    first = [edges[:0]]
    for root in roots[np.bincount(label, minlength=n_components) > 1].tolist():
        found, before = csgraph.breadth_first_order(whole, root, directed=False)
        first.append(np.stack([found[1:], before[found[1:]]], axis=1).astype(np.int64))
    forest = np.sort(np.concatenate(first), axis=1)
    rest = edges[~np.isin(edges @ np.array([n, 1]), forest @ np.array([n, 1]))]
    left = sparse.csr_array((ones[: len(rest)], (rest[:, 0], rest[:, 1])), shape=(n, n))
    second = csgraph.minimum_spanning_tree(left).tocoo()
    return np.concatenate([forest, np.stack([second.row, second.col], axis=1).astype(np.int64)])
