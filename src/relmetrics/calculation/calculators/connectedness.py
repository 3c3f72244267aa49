"""Connectedness (Krackhardt): pairs of people in one component, by all pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from relmetrics.calculation.network import NetworkScoring
from relmetrics.calculation.statistics import graphs

__all__ = ["Calculator"]


class Calculator(NetworkScoring):
    """Isolates are nodes: they are in no connected pair."""

    statistic = graphs.CONNECTEDNESS

    def quantities(self) -> dict[str, Any]:
        """Add components and isolates, and the same statistic among those whose conversations are recorded."""
        found = super().quantities()
        graph = self.graph
        degrees = graphs.degrees(graph.batch()).ravel()
        sizes = _component_sizes(graph)
        found |= {
            "n_components": len(sizes),
            "n_largest": int(sizes.max()) if len(sizes) else 0,
            "n_isolates": int((degrees == 0).sum()),
            "n_staff_only": None,
            "n_covered_connected": None,
            "n_covered_pairs": 0,
        }
        if not self.is_full:
            members = ~self.nodes["is_staff"].astype(bool)
            full_degrees = graphs.degrees(self.full_graph.batch()).ravel()[members]
            found["n_staff_only"] = int(((degrees == 0) & (full_degrees > 0)).sum())
            if self.request.run.manifest.conversations_recorded_for == "marked_groups":
                covered = self.graph_of(members & self.nodes["is_covered"].astype(bool))
                connected, pairs = self.statistic.counts(covered.batch())
                found |= {"n_covered_connected": int(connected[0]), "n_covered_pairs": int(pairs[0])}
        return found


def _component_sizes(graph: graphs.Graph) -> np.typing.NDArray[np.int64]:
    if graph.n == 0:
        return np.zeros(0, dtype=np.int64)
    ends = graph.edges
    matrix = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(graph.n, graph.n))
    _, labels = connected_components(matrix, directed=False)
    return np.bincount(labels).astype(np.int64)
