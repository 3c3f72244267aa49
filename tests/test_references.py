"""Statistics against printed values, independent packages, and slow literal implementations."""

from __future__ import annotations

import hashlib
import itertools
import math
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from relmetrics.calculation.statistics import graphs, seeds
from relmetrics.calculation.statistics.dyadic import (
    Replicates,
    count_drawn,
    draw_weights,
    dyadic_ratio,
    dyadic_survival,
    percentile_interval,
)
from relmetrics.calculation.statistics.graphs import (
    CLOSURE,
    CONNECTEDNESS,
    DEGREE_CENTRALIZATION,
    MEAN_DEGREE,
    Batch,
    Graph,
)
from relmetrics.calculation.statistics.hill import (
    effective_number,
    entropy_number,
    evenness,
    event_jackknife,
    rarefied,
)
from relmetrics.calculation.statistics.survival import greenwood_limits, kaplan_meier
from relmetrics.calculation.statistics.wilson import wilson, wilson_share

NINE = {"rel": 0, "abs": 6e-10}  # the standard prints nine decimals


def rng(number: int = 1) -> np.random.Generator:
    return seeds.generator(number)


# --- seeds ---------------------------------------------------------------------------------------------------------


def test_seed_is_the_start_of_the_hash() -> None:
    digest = hashlib.sha256(b"relmetrics|1.0|NET-02|U3|2026-12-31|total|0").hexdigest()
    assert seeds.seed("NET-02", "U3", "2026-12-31") == int(digest[:16], 16)
    others = {
        seeds.seed("NET-02", "U5", "2026-12-31"),
        seeds.seed("NET-02", "U3", "2026-12-31", "team=T1"),
        seeds.seed("NET-02", "U3", "2026-12-31", param_seed=1),
        seeds.seed("NET-02", "U3", "2026-12-31", release="1.1"),
    }
    assert len(others | {seeds.seed("NET-02", "U3", "2026-12-31")}) == 5
    assert rng(5).integers(0, 10**9) == np.random.Generator(np.random.PCG64(5)).integers(0, 10**9)


# --- Wilson --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0, 0.277532800),
        (7, 10, 0.396778147, 0.892208733),
        (11, 12, 0.646120089, 0.985134906),
        (5, 12, 0.193260314, 0.680488687),
        (3, 4, 0.300641843, 0.954412739),
        (0, 3, 0, 0.561497032),
        (20, 20, 1 - 0.161125158, 1),
    ],
)
def test_wilson_printed(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), **NINE)


def test_wilson_against_statsmodels() -> None:
    for n in (1, 2, 9, 50, 1234):
        for k in {0, 1, n // 3, n - 1, n}:
            assert wilson(k, n) == pytest.approx(proportion_confint(k, n, method="wilson"), rel=1e-12, abs=1e-15)
    assert wilson(0, 7)[0] == 0
    assert wilson(7, 7)[1] == 1


def test_wilson_share_of_clusters() -> None:
    assert wilson_share(Fraction(2, 3), 5) == pytest.approx((0.275198994, 0.913306851), **NINE)
    assert wilson_share(1.0, 12) == pytest.approx((0.757505993, 1), **NINE)
    assert wilson_share(Fraction(0), 4) == pytest.approx((0, 0.489890836), **NINE)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_what_is_no_proportion(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(k, n)


# --- Kaplan-Meier --------------------------------------------------------------------------------------------------

REL_03 = ([30] * 4 + [150] + [200] * 5 + [60] * 2 + [100] * 8, [True] * 5 + [False] * 5 + [True] * 2 + [False] * 8)


def test_survival_printed() -> None:
    result = kaplan_meier(*REL_03, 180)
    assert result.share == Fraction(5, 12)
    assert (result.n_units, result.n_events, result.at_risk_at_horizon) == (20, 7, 5)
    assert [(row.day, row.n, row.d) for row in result.event_days] == [(30, 20, 4), (60, 16, 2), (150, 6, 1)]
    assert greenwood_limits(result) == pytest.approx((0.205591593, 0.716984483), **NINE)
    second = kaplan_meier([30] * 8 + [200] * 12, [True] * 8 + [False] * 12, 180)
    assert second.share == Fraction(2, 5)
    assert greenwood_limits(second) == pytest.approx((0.223950503, 0.642708030), **NINE)


def test_survival_at_the_ends() -> None:
    none = kaplan_meier([200] * 20, [False] * 20, 180)
    assert (none.share, none.value, none.sigma2, greenwood_limits(none)) == (0, 0.0, None, wilson(0, 20))
    every = kaplan_meier([3] * 20, [True] * 20, 180)
    assert (every.share, greenwood_limits(every)) == (1, wilson(20, 20))
    short = kaplan_meier([30] * 3 + [100] * 17, [True] * 3 + [False] * 17, 180)
    assert (short.share, short.value, greenwood_limits(short)) == (None, None, None)
    assert kaplan_meier([], [], 180).share is None
    on_the_day = kaplan_meier([180, 180, 181], [True, False, True], 180)
    assert (on_the_day.share, on_the_day.at_risk_at_horizon) == (Fraction(1, 3), 3)
    left_at_once = kaplan_meier([0, 5, 200], [False, True, False], 180)
    assert (left_at_once.share, left_at_once.n_units) == (Fraction(1, 2), 3)


def test_survival_against_statsmodels() -> None:
    source = np.random.default_rng(3)
    for _ in range(5):
        days, event = source.integers(1, 250, 80), source.random(80) < 0.6
        result = kaplan_meier(days, event, 180)
        other = SurvfuncRight(days, event)
        at = np.searchsorted(other.surv_times, 180, side="right") - 1
        assert result.value == pytest.approx(1 - other.surv_prob[at], rel=1e-12)
        assert result.sigma2 is not None
        s = other.surv_prob[at]
        assert result.sigma2 == pytest.approx((other.surv_prob_se[at] / s / math.log(s)) ** 2, rel=1e-9)


# --- Hill numbers --------------------------------------------------------------------------------------------------

EVENTS = ["AB", "AB", "AC", "AC", "AD", "BC", "BD", "BE", "CE", "DE"]
ACTS = [(event, ord(person)) for event, people in enumerate(EVENTS) for person in people]


def test_hill_printed() -> None:
    c = [5, 5, 4, 3, 3]
    assert effective_number(c) == Fraction(380, 64)
    assert evenness(c) == Fraction(20, 21)
    assert entropy_number(c) == pytest.approx(4.875246945, **NINE)
    assert rarefied(c, 20) == pytest.approx(4.875246945, **NINE)
    assert effective_number([12, 10, 8, 6, 4]) == Fraction(39, 8)
    assert rarefied([12, 10, 8, 6, 4], 20) == pytest.approx(4.429606667, **NINE)
    assert effective_number([16, 1, 1, 1, 1]) == Fraction(19, 12)
    assert evenness([16, 1, 1, 1, 1]) == pytest.approx(0.307692308, **NINE)
    assert effective_number([2] + [1] * 18) == 190
    assert effective_number([1] * 20) is None
    small = [6, 3, 1]
    assert [entropy_number(small), rarefied(small, 5), rarefied(small, 2)] == pytest.approx(
        [2.4546, 2.1312, 1.5157], abs=5e-5
    )
    assert (rarefied(small, 11), rarefied(small, 0), entropy_number([]), evenness([])) == (None, None, None, None)
    assert rarefied(small, 1) == 1


def test_hill_does_not_see_the_order() -> None:
    c = [7, 1, 3, 9, 4, 4, 11, 2]
    assert len({(entropy_number(p), rarefied(p, 20)) for p in itertools.islice(itertools.permutations(c), 500)}) == 1


def test_rarefied_brute_force_and_large() -> None:
    acts = [0] * 4 + [1] * 2 + [2]
    tables = [np.bincount(s, minlength=3) for s in map(list, itertools.combinations(acts, 3))]
    expected = {k: np.mean([(t == k).sum() for t in tables]) for k in (1, 2, 3)}
    assert rarefied([4, 2, 1], 3) == pytest.approx(
        math.exp(-sum(k / 3 * math.log(k / 3) * e for k, e in expected.items())), rel=1e-12
    )
    many = [300, 200, 150, 90, 40, 3]  # above 200 the logarithmic way is taken; at N it must meet the plug-in
    assert rarefied(many, sum(many)) == pytest.approx(entropy_number(many), rel=1e-9)
    below, above = rarefied(many, 200), rarefied(many, 201)
    assert below is not None
    assert above is not None
    assert 0 < above - below < 1e-2


def test_event_jackknife_printed() -> None:
    result = event_jackknife(ACTS)
    assert result is not None
    assert (result.low, result.high, result.se) == pytest.approx((4.661182115, 8.176330549, 0.023529412), **NINE)
    assert event_jackknife(list(reversed(ACTS)) + ACTS) == result


def test_event_jackknife_without_an_interval_or_a_high_limit() -> None:
    assert event_jackknife([a for a in ACTS if a[0] != 9]) is None  # nine events
    assert event_jackknife([(event, event) for event in range(20)]) is None  # 1/0
    lone = [(0, p) for p in range(20)] + [(event, event) for event in range(1, 12)]
    result = event_jackknife(lone)
    assert result is not None
    assert result.high is None
    assert result.low >= 1


# --- dyadic bootstrap ----------------------------------------------------------------------------------------------


def dyads(count: int = 60, people: int = 15) -> dict[str, np.ndarray]:
    source = np.random.default_rng(8)
    first, second = source.integers(0, people, count), source.integers(0, people - 1, count)
    second = second + (second >= first)
    return {
        "person_1": first * 10,
        "person_2": np.where(np.arange(count) % 9 == 0, -1, second * 10),
        "is_drawn_1": first < people - 2,
        "is_drawn_2": (second < people - 2) & (np.arange(count) % 9 != 0),
    }


def literal_weights(unit: dict[str, np.ndarray], seed: int, replicates: int) -> list[dict[int, float]]:
    drawn = sorted(
        set(unit["person_1"][unit["is_drawn_1"]].tolist()) | set(unit["person_2"][unit["is_drawn_2"]].tolist())
    )
    weights = draw_weights(len(drawn), rng(seed), replicates)
    assert weights[1:].sum(axis=0).tolist() == [len(drawn)] * replicates
    return [dict(zip(drawn, column, strict=True)) for column in weights[1:].T]


def test_dyadic_ratio_against_the_literal_one() -> None:
    unit = dyads()
    top = (unit["person_1"] % 20 == 0).astype(float)
    bottom = np.ones(60)
    values = []
    for w in literal_weights(unit, 4, 50):
        rows = list(zip(unit["person_1"].tolist(), unit["person_2"].tolist(), top, strict=True))
        weight = [w.get(a, 1) * w.get(b, 1) for a, b, _ in rows]
        values.append(sum(x * t for x, (_, _, t) in zip(weight, rows, strict=True)) / sum(weight))
    result = dyadic_ratio(**unit, numerator=top, denominator=bottom, rng=rng(4), replicates=50)
    assert result.dropped == 0
    assert result.values == pytest.approx(values, rel=1e-13)
    assert count_drawn(**unit) == 13
    assert count_drawn(**unit, denominator=np.arange(60) < 1) <= 2


def test_dyadic_ratio_does_not_see_rows_or_sides() -> None:
    unit = dyads()
    source = np.random.default_rng(2)
    top, bottom = source.random(60), source.random(60) + 0.1
    once = dyadic_ratio(**unit, numerator=top, denominator=bottom, rng=rng(), replicates=200)
    order = source.permutation(60)
    other = {name: column[order] for name, column in unit.items()}
    sides = (other["person_2"], other["person_1"], other["is_drawn_2"], other["is_drawn_1"])
    again = dyadic_ratio(*sides, top[order], bottom[order], rng(), 200)
    assert np.array_equal(once.values, again.values)


def test_dyadic_ratio_drops_and_refuses() -> None:
    # Two people who only meet each other: half of the resamples have nobody on one side.
    result = dyadic_ratio([0], [1], [True], [True], [1], [1], rng(), 400)
    assert 150 < result.dropped < 250
    assert len(result.values) + result.dropped == 400
    assert percentile_interval(result) is None
    assert percentile_interval(Replicates(np.arange(95.0), 5)) == pytest.approx((2.35, 91.65))
    assert percentile_interval(Replicates(np.arange(94.0), 6)) is None


def test_dyadic_survival_against_the_literal_one() -> None:
    unit = dyads()
    source = np.random.default_rng(5)
    days, event = source.integers(0, 230, 60), source.random(60) < 0.4
    event &= days > 0
    values, dropped = [], 0
    for w in literal_weights(unit, 6, 80):
        weight = [int(w.get(a, 1) * w.get(b, 1)) for a, b in zip(unit["person_1"], unit["person_2"], strict=True)]
        share = kaplan_meier(np.repeat(days, weight), np.repeat(event, weight), 220).value
        if share is None:
            dropped += 1
        else:
            values.append(share)
    persons = (unit["person_1"], unit["person_2"], unit["is_drawn_1"], unit["is_drawn_2"])
    result = dyadic_survival(*persons, days, event, 220, rng(6), 80)
    assert result.dropped == dropped > 0
    assert result.values == pytest.approx(values, rel=1e-12)


def test_dyadic_many_units_fit_in_batches() -> None:
    source = np.random.default_rng(5)
    a, b = source.integers(0, 3000, 6000), source.integers(3000, 6000, 6000)
    yes = np.ones(6000, dtype=bool)
    result = dyadic_ratio(a, b, yes, yes, source.random(6000) < 0.3, yes, rng(), 1000)
    assert len(result.values) == 1000
    assert float(result.values.mean()) == pytest.approx(0.3, abs=0.02)
    assert len(dyadic_survival(a, b, yes, yes, a % 300, b % 2 == 0, 180, rng(), 1000).values) == 1000


# --- graphs --------------------------------------------------------------------------------------------------------


def from_networkx(graph: nx.Graph) -> Graph:
    number = {node: i for i, node in enumerate(sorted(graph))}
    return Graph.from_pairs(len(number), [(number[a], number[b]) for a, b in graph.edges])


def florentine(with_pucci: bool) -> nx.Graph:
    graph = nx.florentine_families_graph()
    if with_pucci:
        graph.add_node("Pucci")
    return graph


def two_k5(with_bridge: bool) -> nx.Graph:
    graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    if with_bridge:
        graph.add_edge(4, 5)
    return graph


DECK = {  # graph: mean degree, connectedness, degree centralization, triangles and two-paths
    "C10": (nx.cycle_graph(10), 2, 1, 0, 0, 10),
    "K10": (nx.complete_graph(10), 9, 1, 0, 360, 360),
    "star": (nx.star_graph(9), 1.8, 1, 1, 0, 36),
    "bridge": (two_k5(True), 4.2, 1, 0.111111111, 60, 68),
    "no bridge": (two_k5(False), 4, 0.444444444, 0, 60, 60),
    "P10": (nx.path_graph(10), 1.8, 1, 0.027777778, 0, 8),
    "isolates": (nx.empty_graph(10), 0, 0, 0, 0, 0),
    "florentine": (florentine(False), 2.666666667, 1, 0.274725275, 9, 47),
    "florentine and Pucci": (florentine(True), 2.5, 0.875, 0.266666667, 9, 47),
}


@pytest.mark.parametrize("name", DECK)
def test_deck_graphs(name: str) -> None:
    built, degree, connected, centralization, closed, two_paths = DECK[name]
    graph = from_networkx(built)
    for statistic, expected in (
        (MEAN_DEGREE, degree),
        (CONNECTEDNESS, connected),
        (DEGREE_CENTRALIZATION, centralization),
    ):
        exact = graphs.value(statistic, graph)
        assert exact is not None
        assert float(exact) == pytest.approx(expected, **NINE)
    above, below = CLOSURE.counts(graph.batch())
    assert (int(above[0]), int(below[0])) == (closed, two_paths)
    assert (graphs.value(CLOSURE, graph) is None) == (two_paths == 0)


def test_jackknife_printed() -> None:
    for built, expected in (
        (florentine(False), (0.491653695, 0.267450444, 0.131540655, 0.129612198)),
        (two_k5(True), (0.177777778, 0.444444444, 0.1, 0.114285714)),
    ):
        graph = from_networkx(built)
        statistics = (MEAN_DEGREE, CONNECTEDNESS, DEGREE_CENTRALIZATION, CLOSURE)
        assert [graphs.node_jackknife(s, graph) for s in statistics] == pytest.approx(expected, **NINE)


def test_jackknife_undefined_small_and_eligible() -> None:
    star = from_networkx(nx.star_graph(9))
    assert graphs.node_jackknife(CLOSURE, star) is None
    leaves = graphs.node_jackknife(CLOSURE, star, np.arange(10) > 0)
    assert leaves == 0
    assert graphs.node_jackknife(MEAN_DEGREE, Graph.from_pairs(2, [(0, 1)])) is None
    assert graphs.node_jackknife(MEAN_DEGREE, Graph.from_pairs(2001, [(0, 1)])) is None
    built = nx.gnm_random_graph(30, 50, seed=1)
    left = [nx.transitivity(built.subgraph(set(built) - {i})) for i in range(10)]
    spread = sum((x - np.mean(left)) ** 2 for x in left)
    expected = math.sqrt(8 / 20 * spread)
    assert graphs.node_jackknife(CLOSURE, from_networkx(built), np.arange(30) < 10) == pytest.approx(expected)


@pytest.mark.parametrize(("n", "m"), [(1, 0), (2, 1), (12, 20), (60, 300), (60, 1500), (257, 900), (300, 4000)])
def test_statistics_against_networkx(n: int, m: int) -> None:
    built = [nx.gnm_random_graph(n, m, seed=i) for i in range(3)]
    edges = [(i, *edge) for i, graph in enumerate(built) for edge in graph.edges]
    source = np.array(edges, dtype=np.int64).reshape(-1, 3)
    source = source[np.random.default_rng(1).permutation(len(source))]
    batch = Batch(3, n, source[:, 0], source[:, 1], source[:, 2])
    triangles, two_paths = graphs.triangles_and_two_paths(batch)
    assert triangles.tolist() == [sum(nx.triangles(g).values()) // 3 for g in built]
    assert two_paths.tolist() == [sum(d * (d - 1) // 2 for _, d in g.degree) for g in built]
    pairs, _ = CONNECTEDNESS.counts(batch)
    assert pairs.tolist() == [sum(len(c) * (len(c) - 1) // 2 for c in nx.connected_components(g)) for g in built]
    assert graphs.degrees(batch).tolist() == [[g.degree[i] for i in range(n)] for g in built]


def test_degenerate_graphs() -> None:
    for n in (0, 1):
        graph = Graph.from_pairs(n, [])
        assert graphs.value(CONNECTEDNESS, graph) is None
        assert graphs.value(CLOSURE, graph) is None
    assert graphs.value(MEAN_DEGREE, Graph.from_pairs(0, [])) is None
    assert graphs.value(DEGREE_CENTRALIZATION, Graph.from_pairs(2, [(0, 1)])) is None
    assert graphs.vertex_bootstrap(Graph.from_pairs(0, []), CLOSURE, rng(), 7).dropped == 7
    assert Graph.from_pairs(4, [(3, 0), (0, 3), (1, 2)]).edges.tolist() == [[0, 3], [1, 2]]
    for bad in ([(1, 1)], [(0, 4)], [(-1, 2)]):
        with pytest.raises(ValueError, match="two different nodes"):
            Graph.from_pairs(4, bad)


def test_large_graph_statistic() -> None:
    graph = Graph.from_pairs(20_000, np.array(nx.gnm_random_graph(20_000, 60_000, seed=1).edges))
    assert graphs.value(CONNECTEDNESS, graph) is not None
    assert graphs.value(CLOSURE, graph) is not None


# --- vertex bootstrap ----------------------------------------------------------------------------------------------


def literal_bootstrap(built: nx.Graph, replicates: int) -> tuple[list[float], list[float]]:
    """U3 word by word."""
    source = np.random.default_rng(77)
    n = built.number_of_nodes()
    tied = nx.to_numpy_array(built, nodelist=sorted(built)) > 0
    connected, closed = [], []
    for _ in range(replicates):
        drawn = source.integers(0, n, n)
        copy = nx.empty_graph(n)
        for i, j in itertools.combinations(range(n), 2):
            a, b = drawn[i], drawn[j]
            if a == b:
                a, b = source.choice(n, 2, replace=False)
            if tied[a, b]:
                copy.add_edge(i, j)
        sizes = [len(c) for c in nx.connected_components(copy)]
        connected.append(sum(s * (s - 1) for s in sizes) / (n * (n - 1)))
        if any(d > 1 for _, d in copy.degree):
            closed.append(nx.transitivity(copy))
    return connected, closed


def test_vertex_bootstrap_has_the_distribution_of_the_literal_one() -> None:
    built = florentine(True)
    graph = from_networkx(built)
    connected, closed = literal_bootstrap(built, 1500)
    for statistic, literal in ((CONNECTEDNESS, connected), (CLOSURE, closed)):
        quick = graphs.vertex_bootstrap(graph, statistic, rng(3), 3000)
        assert stats.ks_2samp(quick.values, literal).pvalue > 1e-3
        assert quick.standard_error == pytest.approx(np.std(literal, ddof=1), rel=0.1)
    # The test can tell two laws apart: uniform graphs of the same size are refused.
    other = graphs.uniform_replicates(CLOSURE, graph, rng(3), 3000)
    assert stats.ks_2samp(other.values, closed).pvalue < 1e-6


def test_vertex_bootstrap_repeats_and_counts() -> None:
    graph = from_networkx(nx.star_graph(9))
    first = graphs.vertex_bootstrap(graph, CLOSURE, rng(5))
    again = graphs.vertex_bootstrap(graph, CLOSURE, rng(5))
    assert np.array_equal(first.values, again.values)
    assert len(first.values) + first.dropped == 1000
    assert first.dropped / 1000 == pytest.approx(0.27, abs=0.05)  # "about 27 %" (NET-05, case 5)
    assert graphs.normal_interval(Fraction(0), first, 0, 1) is None
    whole = graphs.vertex_bootstrap(from_networkx(nx.complete_graph(10)), CLOSURE, rng(5))
    assert (whole.standard_error, graphs.normal_interval(1, whole, 0, 1)) == (0, None)
    some = Replicates(np.array([0.4, 0.5, 0.6]), 0)
    assert graphs.normal_interval(0.9, some, 0, 1) == pytest.approx((0.9 - 0.1959963984540054, 1))


# --- uniform graphs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "m"), [(4, 2), (4, 3), (4, 4), (5, 8)])
def test_uniform_graphs_are_uniform(n: int, m: int) -> None:
    seen: dict[tuple[tuple[int, int], ...], int] = {}
    for batch in graphs.uniform_graphs(n, m, rng(9), 6000):
        for g in range(batch.n_graphs):
            mine = batch.graph == g
            edges = tuple(sorted(zip(batch.u[mine].tolist(), batch.v[mine].tolist(), strict=True)))
            assert len(set(edges)) == m
            assert all(0 <= a < b < n for a, b in edges)
            seen[edges] = seen.get(edges, 0) + 1
    assert len(seen) == math.comb(n * (n - 1) // 2, m)
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3


def test_uniform_graphs_at_the_ends() -> None:
    for n, m in ((10, 0), (10, 45), (1, 0), (3000, 10)):
        batches = list(graphs.uniform_graphs(n, m, rng(), 20))
        assert sum(len(b.u) for b in batches) == 20 * m
        assert all((b.u < b.v).all() and (b.v < n).all() for b in batches)
    with pytest.raises(ValueError, match="cannot have"):
        next(graphs.uniform_graphs(4, 7, rng()))


# Catalogue 0.5: mean degree 4, 200 graphs each.
@pytest.mark.parametrize(
    ("n", "m", "transitivity", "centralization"),
    [
        (12, 24, (0.338, 0.071), (0.275, 0.084)),
        (30, 60, (0.134, 0.036), (0.151, 0.039)),
        (60, 120, (0.068, 0.019), (0.087, 0.019)),
        (120, 240, (0.034, 0.010), (0.049, 0.010)),
    ],
)
def test_uniform_graphs_against_the_catalogue(
    n: int, m: int, transitivity: tuple[float, float], centralization: tuple[float, float]
) -> None:
    graph = Graph.from_pairs(n, np.array(nx.gnm_random_graph(n, m, seed=1).edges))
    for statistic, (mean, sd) in ((CLOSURE, transitivity), (DEGREE_CENTRALIZATION, centralization)):
        chance = graphs.uniform_replicates(statistic, graph, rng(n), 1000)
        place = graphs.benchmark(mean, chance.values)
        assert place is not None
        # Four Monte Carlo standard errors of two runs, and half a unit of the last printed digit.
        error = sd * math.sqrt(1 / 200 + 1 / 1000)
        assert place.mean == pytest.approx(mean, abs=4 * error + 5e-4)
        assert place.sd == pytest.approx(sd, abs=4 * error + 5e-4)


def test_benchmark() -> None:
    values = np.array([0.1, 0.2, 0.2, 0.3])
    place = graphs.benchmark(Fraction(1, 5), values)
    assert place is not None
    assert (place.mean, place.percentile) == pytest.approx((0.2, 50))
    assert place.sd == pytest.approx(np.std(values, ddof=1))
    near = graphs.benchmark(0.3 + 5e-13, values)
    assert near is not None
    assert near.percentile == 87.5
    flat = graphs.benchmark(Fraction(0), np.zeros(1000))
    assert flat is not None
    assert (flat.sd, flat.z, flat.percentile) == (0, None, 50)
    assert graphs.benchmark(0.5, np.zeros(0)) is None
