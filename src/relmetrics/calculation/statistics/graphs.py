"""Graphs, their statistics and what is resampled from them, under one name."""

from __future__ import annotations

from relmetrics.calculation.statistics.graph_resampling import (
    node_jackknife,
    replicate_statistic,
    uniform_graphs,
    uniform_replicates,
    vertex_bootstrap,
)
from relmetrics.calculation.statistics.graph_statistics import (
    CLOSURE,
    CONNECTEDNESS,
    DEGREE_CENTRALIZATION,
    MEAN_DEGREE,
    Batch,
    Graph,
    Statistic,
    component_pairs,
    degrees,
    triangles_and_two_paths,
    value,
)
from relmetrics.calculation.statistics.replicates import Benchmark, Replicates, benchmark, normal_interval

__all__ = [
    "CLOSURE",
    "CONNECTEDNESS",
    "DEGREE_CENTRALIZATION",
    "MEAN_DEGREE",
    "Batch",
    "Benchmark",
    "Graph",
    "Replicates",
    "Statistic",
    "benchmark",
    "component_pairs",
    "degrees",
    "node_jackknife",
    "normal_interval",
    "replicate_statistic",
    "triangles_and_two_paths",
    "uniform_graphs",
    "uniform_replicates",
    "value",
    "vertex_bootstrap",
]
