"""Betweenness over unordered pairs, exact, and its centralization (E5; Freeman 1979)."""

from __future__ import annotations

import math

import numpy as np
import rustworkx

from relmetrics.calculation.statistics.graph_statistics import FloatArray, Graph

__all__ = ["betweenness", "betweenness_centralization"]

# Sums over threads would depend on their number.
_ONE_THREAD = 2**31 - 1


def betweenness(graph: Graph) -> FloatArray:
    """Raw betweenness of every node: shares of shortest paths between two others, over unordered pairs.

    Parameters
    ----------
    graph : Graph
        Simple and undirected; pairs without a path add nothing.

    Returns
    -------
    numpy.ndarray
        One number of at least 0 a node.
    """
    drawn = rustworkx.PyGraph(multigraph=False)
    drawn.add_nodes_from([None] * graph.n)
    drawn.add_edges_from_no_data([(int(u), int(v)) for u, v in graph.edges])
    found = rustworkx.graph_betweenness_centrality(drawn, normalized=False, parallel_threshold=_ONE_THREAD)
    return np.array([found[node] for node in range(graph.n)], dtype=np.float64)


def betweenness_centralization(graph: Graph) -> float | None:
    """Differences from the largest betweenness, by the sum of a star.

    Parameters
    ----------
    graph : Graph
        Simple and undirected.

    Returns
    -------
    float or None
        0 to 1; None with fewer than 3 nodes.
    """
    n = graph.n
    if n < 3:
        return None
    found = betweenness(graph)
    largest = float(found.max())
    if float(found.min()) >= largest * (1 - 1e-12):  # all equal
        return 0.0
    return math.fsum((largest - found).tolist()) / ((n - 1) * (n - 1) * (n - 2) / 2)
