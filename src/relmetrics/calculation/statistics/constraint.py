"""Burt's constraint (E6): how far the people around a person all know each other."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import sparse

from relmetrics.calculation.statistics.graph_statistics import FloatArray, Graph

__all__ = ["LARGEST", "constraint"]

LARGEST = 1.125
"""No node of a simple graph has a larger constraint."""


def constraint(graph: Graph, method: Literal["whole_network", "ego_network"] = "whole_network") -> FloatArray:
    """Constraint of every node, ties unweighted.

    Parameters
    ----------
    graph : Graph
        Simple and undirected.
    method : {'whole_network', 'ego_network'}
        Where the proportions of a third person are taken: among all their ties, or among those within the circle of
        the person in question, that person included.

    Returns
    -------
    numpy.ndarray
        One number in (0, 1.125] a node; NaN for a node without a tie.
    """
    n, u, v = graph.n, graph.edges[:, 0], graph.edges[:, 1]
    ends = (np.concatenate([u, v]), np.concatenate([v, u]))
    ties = sparse.csr_array((np.ones(2 * graph.m), ends), shape=(n, n))
    degree = np.asarray(ties.sum(axis=1)).ravel()
    share = sparse.diags_array(np.divide(1.0, degree, out=np.zeros(n), where=degree > 0))
    direct = share @ ties
    if method == "whole_network":
        indirect = (direct @ direct).multiply(ties)
    else:
        shared = (ties @ ties).multiply(ties).tocsr()
        # The third person's ties within the circle: with those whom both know, and with the person in question.
        within = ties.copy()
        within.data = 1.0 / (np.asarray(shared[within.nonzero()]).ravel() + 1.0)
        indirect = ((share @ within) @ ties).multiply(ties)
    invested = direct + indirect
    found = np.asarray(invested.multiply(invested).sum(axis=1)).ravel()
    found[degree == 0] = np.nan
    return found
