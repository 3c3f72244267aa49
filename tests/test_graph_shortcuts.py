"""Quicker ways to the same integers: leaving nodes out, components of many edges, different random pairs."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from relmetrics.calculation.statistics import components, graph_resampling, graph_statistics
from relmetrics.calculation.statistics.graph_statistics import CLOSURE, CONNECTEDNESS, Batch, Graph


def graphs() -> list[tuple[nx.Graph, Graph]]:
    """Random graphs from empty to dense, some with cut nodes and several components."""
    made = []
    for seed in range(120):
        n = 3 + seed % 37
        drawn = nx.gnm_random_graph(n, seed * 7 % (min(4 * n, n * (n - 1) // 2) + 1), seed=seed)
        if seed % 4 == 0:
            drawn = nx.disjoint_union(drawn, nx.barbell_graph(4, 2))
        pairs = np.array(list(drawn.edges), dtype=np.int64).reshape(-1, 2)
        made.append((drawn, Graph.from_pairs(len(drawn), pairs)))
    return made


def joined_pairs(graph: nx.Graph) -> int:
    return sum(len(part) * (len(part) - 1) // 2 for part in nx.connected_components(graph))


def test_two_forests_keep_the_components_without_any_node() -> None:
    n_thinner = 0
    for drawn, graph in graphs():
        few = Graph(graph.n, components.two_forests(graph.n, graph.edges))
        assert few.m <= 2 * (graph.n - 1)
        n_thinner += few.m < graph.m
        without = graph_resampling._left_out(CONNECTEDNESS, few, np.arange(graph.n))[0]
        assert without.tolist() == [joined_pairs(drawn.subgraph(set(drawn) - {node})) for node in range(graph.n)]
    assert n_thinner > 20


def test_closure_without_each_node() -> None:
    assert CLOSURE.leave_one_out is not None
    for _, graph in graphs():
        quick, slow = CLOSURE.leave_one_out(graph), graph_resampling._left_out(CLOSURE, graph, np.arange(graph.n))
        assert [part.tolist() for part in quick] == [part.tolist() for part in slow]


@pytest.mark.parametrize("n", [1, 5, 63, 64, 65, 130])
def test_triangles_by_bits(n: int) -> None:
    drawn = [nx.gnm_random_graph(n, n * (n - 1) // share, seed=n + share) for share in (2, 3, 5, 9)]
    pairs = [np.array(list(graph.edges), dtype=np.int64).reshape(-1, 2) for graph in drawn]
    ends = np.concatenate(pairs)
    batch = Batch(4, n, np.repeat(np.arange(4), [len(part) for part in pairs]), ends[:, 0], ends[:, 1])
    expected = [sum(nx.triangles(graph).values()) // 3 for graph in drawn]
    assert graph_statistics._triangles_bits(batch).tolist() == expected
    assert graph_statistics._triangles_sparse(batch).tolist() == expected


def test_components_of_many_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "_THIN", 1)  # so that small graphs have many edges
    for seed in range(30):
        drawn = [nx.gnm_random_graph(30, 100, seed=10 * seed + number) for number in range(6)]
        ends = np.concatenate([np.array(list(graph.edges)) for graph in drawn])
        batch = Batch(6, 30, np.repeat(np.arange(6), 100), ends[:, 0], ends[:, 1])
        assert CONNECTEDNESS.counts(batch)[0].tolist() == [joined_pairs(graph) for graph in drawn]


@pytest.mark.parametrize(
    ("n_codes", "size", "rows"), [(10, 3, 50), (500, 200, 30), (1000, 40, 20), (7, 7, 5), (6, 1, 3)]
)
def test_table_and_sorting_draw_the_same(n_codes: int, size: int, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for share in (0, 1_000_000):
        monkeypatch.setattr(graph_resampling, "_TABLE_SHARE", share)
        rng = np.random.Generator(np.random.PCG64(9))
        found.append((graph_resampling._distinct(n_codes, size, rows, rng).tolist(), int(rng.integers(1 << 60))))
    assert found[0] == found[1]
    assert all(len(set(row)) == size for row in found[0][0])
