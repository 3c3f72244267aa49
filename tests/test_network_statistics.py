"""Network statistics against an independent library, brute force, and the catalogue's printed values."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import networkx
import numpy as np
import pytest

from relmetrics.calculation.statistics.betweenness import betweenness, betweenness_centralization
from relmetrics.calculation.statistics.climbing import Climber, fit_of
from relmetrics.calculation.statistics.constraint import LARGEST, constraint
from relmetrics.calculation.statistics.core_periphery import core_periphery
from relmetrics.calculation.statistics.graph_statistics import Graph
from relmetrics.calculation.statistics.mixing import UNLABELLED, mixing


def graph_of(drawn: networkx.Graph) -> Graph:
    names = {node: place for place, node in enumerate(sorted(drawn))}
    return Graph.from_pairs(len(names), [(names[u], names[v]) for u, v in drawn.edges])


def two_circles(*, bridge: bool) -> Graph:
    pairs = [*itertools.combinations(range(5), 2), *itertools.combinations(range(5, 10), 2)]
    return Graph.from_pairs(10, [*pairs, (4, 5)] if bridge else pairs)


def florentine(*, with_pucci: bool) -> Graph:
    drawn = networkx.florentine_families_graph()
    if with_pucci:
        drawn.add_node("Pucci")
    return graph_of(drawn)


CYCLE = Graph.from_pairs(10, [(i, (i + 1) % 10) for i in range(10)])
STAR = Graph.from_pairs(10, [(0, i) for i in range(1, 10)])
PATH = Graph.from_pairs(10, [(i, i + 1) for i in range(9)])
COMPLETE = Graph.from_pairs(10, list(itertools.combinations(range(10), 2)))
EMPTY = Graph.from_pairs(10, [])
DECK = {
    "cycle": CYCLE,
    "complete": COMPLETE,
    "star": STAR,
    "bridge": two_circles(bridge=True),
    "no_bridge": two_circles(bridge=False),
    "path": PATH,
    "florentine": florentine(with_pucci=False),
    "with_pucci": florentine(with_pucci=True),
}
SIZES = [(6, 4), (20, 30), (40, 90), (60, 30)]
RANDOM = [networkx.gnm_random_graph(n, m, seed=seed) for seed, (n, m) in enumerate(SIZES)]


# --- betweenness --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawn", [*RANDOM, networkx.karate_club_graph()])
def test_betweenness_is_that_of_an_independent_library(drawn: networkx.Graph) -> None:
    expected = networkx.betweenness_centrality(drawn, normalized=False, weight=None)
    np.testing.assert_allclose(betweenness(graph_of(drawn)), [expected[node] for node in sorted(drawn)], atol=1e-9)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("cycle", 0),
        ("complete", 0),
        ("star", 1),
        ("bridge", 0.493827160),
        ("no_bridge", 0),
        ("path", 0.246913580),
        ("florentine", 0.436813187),
        ("with_pucci", 0.383492063),
    ],
)
def test_betweenness_centralization_is_as_printed(name: str, printed: float) -> None:
    assert betweenness_centralization(DECK[name]) == pytest.approx(printed, abs=1e-9)


def test_betweenness_centralization_of_next_to_nothing() -> None:
    assert betweenness_centralization(Graph.from_pairs(2, [(0, 1)])) is None
    assert betweenness_centralization(EMPTY) == 0


# --- constraint ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawn", [*RANDOM, networkx.karate_club_graph()])
def test_constraint_is_that_of_an_independent_library(drawn: networkx.Graph) -> None:
    expected = networkx.constraint(networkx.Graph(drawn.edges(data=False)))
    found = constraint(graph_of(drawn))
    for place, node in enumerate(sorted(drawn)):
        if drawn.degree(node) == 0:
            assert math.isnan(found[place])
        else:
            assert found[place] == pytest.approx(expected[node], rel=1e-12)
            assert 0 < found[place] <= LARGEST


@pytest.mark.parametrize("drawn", RANDOM)
def test_constraint_within_the_circle_is_that_of_the_circle_alone(drawn: networkx.Graph) -> None:
    found = constraint(graph_of(drawn), "ego_network")
    for place, node in enumerate(sorted(drawn)):
        if drawn.degree(node):
            circle = networkx.ego_graph(drawn, node)
            assert found[place] == pytest.approx(networkx.constraint(circle, [node])[node], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("cycle", 0.5),
        ("complete", 0.396433471),
        ("star", 1),
        ("bridge", 0.73328125),
        ("no_bridge", 0.765625),
        ("path", 0.5),
        ("florentine", 0.482253086),
    ],
)
def test_median_constraint_is_as_printed(name: str, printed: float) -> None:
    assert np.nanmedian(constraint(DECK[name])) == pytest.approx(printed, abs=1e-9)


def test_constraint_of_florentine_families_is_as_printed() -> None:
    names = sorted(networkx.florentine_families_graph())
    found = dict(zip(names, constraint(DECK["florentine"]), strict=True))
    assert found["Medici"] == pytest.approx(0.209876543, abs=1e-9)
    assert found["Strozzi"] == pytest.approx(0.458333333, abs=1e-9)
    assert found["Ridolfi"] == pytest.approx(0.459876543, abs=1e-9)


# --- mixing -------------------------------------------------------------------------------------------------------

HALVES, ALTERNATING = [0] * 5 + [1] * 5, [0, 1] * 5


@pytest.mark.parametrize(
    ("name", "halves", "alternating"),
    [
        ("cycle", -0.64, 1),
        ("complete", None, None),
        ("star", 0, 0),
        ("bridge", -1, 0.142857143),
        ("no_bridge", -1, 0.1),
        ("path", -0.8, 1),
    ],
)
def test_standardized_mixing_is_as_printed(name: str, halves: float | None, alternating: float | None) -> None:
    for labels, printed in ((HALVES, halves), (ALTERNATING, alternating)):
        found = mixing(labels, DECK[name].edges).standardized
        if printed is None:
            assert found is None
        else:
            assert found is not None
            assert float(found) == pytest.approx(printed, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_mixing_of_random_labels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = networkx.gnm_random_graph(30, 60, seed=seed)
    labels = rng.integers(-1, 4, 30)
    found = mixing(labels, graph_of(drawn).edges)
    known = drawn.subgraph([node for node in drawn if labels[node] >= 0]).copy()
    networkx.set_node_attributes(known, {node: int(labels[node]) for node in known}, "label")
    external = sum(labels[u] != labels[v] for u, v in known.edges)
    assert (found.n_external, found.n_internal) == (external, known.number_of_edges() - external)
    assert found.ties_unknown == drawn.number_of_edges() - known.number_of_edges()
    expected = networkx.attribute_assortativity_coefficient(known, "label")
    assert found.assortativity is not None
    assert float(found.assortativity) == pytest.approx(expected, abs=1e-12)


def test_expected_mixing_is_the_mean_over_all_relabellings() -> None:
    graph, labels = DECK["path"], (0, 0, 0, 1, 1, 2, 2, 2, 2, UNLABELLED)
    ties = Graph.from_pairs(9, [(u, v) for u, v in graph.edges if v < 9]).edges
    orders = set(itertools.permutations(labels[:9]))
    raw = [mixing(order, ties).raw for order in orders]
    assert mixing(labels, graph.edges).expected == sum(raw, Fraction(0)) / len(raw)  # type: ignore[arg-type]


def test_mixing_without_a_tie_or_a_second_category() -> None:
    nothing = mixing([0, 1], np.zeros((0, 2), dtype=np.int64))
    assert (nothing.raw, nothing.standardized, nothing.assortativity) == (None, None, None)
    alone = mixing([0, 0, 0], np.array([[0, 1]]))
    assert (alone.standardized, alone.assortativity) == (None, None)


# --- core and periphery -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fit", "size", "n_cores"),
    [
        ("cycle", 0.306186218, 2, 10),
        ("star", 1, 2, 9),
        ("bridge", 0.353553391, 4, 8),
        ("no_bridge", 0.353553391, 4, 10),
        ("path", 0.335029697, 2, 7),
        ("florentine", 0.422577127, 3, 1),
        ("with_pucci", 0.429029060, 3, 1),
    ],
)
def test_the_best_core_is_as_printed(name: str, fit: float, size: int, n_cores: int) -> None:
    found = core_periphery(DECK[name])
    assert found is not None
    assert found.fit == pytest.approx(fit, abs=1e-9)
    assert int(found.core.sum()) == size
    assert found.is_unique is (n_cores == 1)
    assert found.share_of_starts is None


def test_no_core_where_all_or_nothing_is_tied() -> None:
    assert core_periphery(COMPLETE) is None
    assert core_periphery(EMPTY) is None
    assert core_periphery(Graph.from_pairs(3, [(0, 1)])) is None


def test_a_core_with_a_fringe_is_found_in_a_large_graph() -> None:
    pairs = [*itertools.combinations(range(8), 2), *((i % 8, i) for i in range(8, 60))]
    found = core_periphery(Graph.from_pairs(60, pairs), np.random.default_rng(1))
    assert found is not None
    assert (found.fit, np.flatnonzero(found.core).tolist()) == (1.0, list(range(8)))
    assert found.is_unique


@pytest.mark.parametrize("seed", range(8))
def test_the_search_finds_what_trying_all_cores_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(networkx.gnm_random_graph(13, 10 + 6 * seed, seed=seed))
    all_tried = core_periphery(graph)
    monkeypatch.setattr("relmetrics.calculation.statistics.core_periphery.MOST_EXHAUSTIVE", 3)
    searched = core_periphery(graph, np.random.default_rng(seed))
    assert all_tried is not None
    assert searched is not None
    assert searched.fit == pytest.approx(all_tried.fit, abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_a_step_is_the_best_of_all_moves_and_swaps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = graph_of(networkx.gnm_random_graph(18, 15 + 12 * seed, seed=seed))
    climber = Climber(graph)

    def fit(core: np.ndarray) -> float:
        both = core[graph.edges].sum(axis=1)
        return float(fit_of((both == 2).sum(), (both == 0).sum(), core.sum(), 18))

    for _ in range(10):
        core = rng.random(18) < rng.uniform(0.2, 0.8)
        if not 2 <= core.sum() <= 16:
            continue
        changes = [[i] for i in range(18) if 2 <= core.sum() + (1 if not core[i] else -1) <= 16]
        changes += [[i, j] for i in np.flatnonzero(core) for j in np.flatnonzero(~core)]
        after = []
        for change in changes:
            other = core.copy()
            other[change] = ~other[change]
            after.append(fit(other))
        best = np.nanmax(after)
        step = climber._best_step(core, fit(core))
        if not best > fit(core) + 1e-12:
            assert step is None
            continue
        first = next(change for change, value in zip(changes, after, strict=True) if value >= best - 1e-12)
        assert step is not None
        assert (step[0], step[1]) == (first, pytest.approx(best, abs=1e-12))


def test_the_fit_is_the_correlation_with_the_ideal() -> None:
    graph, core = DECK["florentine"], np.zeros(15, dtype=bool)
    core[[2, 5, 8, 11]] = True
    tied, ideal = [], []
    edges = set(map(tuple, graph.edges.tolist()))
    for u, v in itertools.combinations(range(15), 2):
        if core[u] == core[v]:
            tied.append((u, v) in edges)
            ideal.append(bool(core[u]))
    both = core[graph.edges].sum(axis=1)
    found = float(fit_of((both == 2).sum(), (both == 0).sum(), 4, 15))
    assert found == pytest.approx(np.corrcoef(tied, ideal)[0, 1], abs=1e-12)
