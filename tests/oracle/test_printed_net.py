"""The oracle against the printed cases of section 2, and its table of deck graphs (NET-02, NET-05: the older file)."""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx
import numpy as np
import pytest

from oracle import betweenness, bridging, compute, constraint, core_periphery, degrees, graph_rows, networks
from oracle.builders import Builder, back, ids, manifest
from oracle.common import Submission
from oracle.test_printed_cases import NEAR, florentine, from_graph, limits, refused, run, two_k5

DAY = "2026-04-01"
TEN = (
    "mean_degree",
    "degree_centralization",
    "betweenness_centralization",
    "leader_constraint",
    "cross_line_bridging",
    "core_periphery_fit",
    "staff_tie_share",
    "staff_removal_robustness",
    "tie_persistence",
    "newcomer_integration_rate",
)
NAMES = ["C10", "K10", "star", "bridge", "two K5", "P10", "isolates", "15", "16"]
GRAPHS = [
    nx.cycle_graph(10),
    nx.complete_graph(10),
    nx.star_graph(9),
    two_k5(True),
    two_k5(False),
    nx.path_graph(10),
    nx.empty_graph(10),
    florentine(False),
    florentine(True),
]


def deck(*columns: Any) -> Any:
    return pytest.mark.parametrize(
        ("graph", "expected"), list(zip(GRAPHS, zip(*columns, strict=True), strict=True)), ids=NAMES
    )


def named(graph: nx.Graph, *staff: Any) -> tuple[Builder, dict[Any, str]]:
    """A graph as conversations; nodes in ``staff`` are paid."""
    names = {node: f"{'S' if node in staff else 'P'}{i:02}" for i, node in enumerate(sorted(graph), 1)}
    b = Builder().active(*(names[p] for p in names if p not in staff))
    for p in staff:
        b.person(names[p]).paid(names[p], "2020-01-01")
    for u, v in graph.edges:
        b.talk(names[u], names[v], DAY)
    return b, names


def ties(b: Builder, pairs: Any, on: str = DAY) -> Builder:
    for p, q in pairs:
        b.talk(p, q, on)
    return b


def submission(b: Builder, **settings: Any) -> Submission:
    return Submission(b.tables(), manifest(**settings), None, {})


def covered(b: Builder, people: list[str]) -> Builder:
    b.add("groups", group_id="G1", group_type="team", keeps_conversation_log="yes")
    for p in people:
        b.add("memberships", person_id=p, group_id="G1", role="participant", started_on="2025-01-01")
    return b


# ---- NET-01, NET-03 -------------------------------------------------------------------------------------------------
@deck(
    (10, 45, 9, 21, 20, 9, 0, 20, 20),
    (2, 9, 1.8, 4.2, 4, 1.8, 0, 2.666666667, 2.5),
    (0.222222222, 1, 0.2, 0.466666667, 0.444444444, 0.2, 0, 0.190476190, 0.166666667),
    (0, 0, 0, 0, 0, 0, 1, 0, 0.0625),
)
def test_mean_degree_deck(graph: nx.Graph, expected: Any) -> None:
    for row in (0, 1):  # everybody a constituent: both graphs are the same
        out = run("mean_degree", from_graph(graph), row=row)
        e = out["extras"]
        got = (e["n_ties"], out["value"], e["density"], e["share_degree_0"])
        assert got == pytest.approx(expected, **NEAR)
        assert (out["numerator"], out["denominator"], out["n_units"]) == (2 * expected[0], len(graph), len(graph))
        assert out["disaggregation"] == ("total", "graph=full")[row]


@deck((0, 0, 1, 0.111111111, 0, 0.027777778, 0, 0.274725275, 0.266666667))
def test_degree_centralization_deck(graph: nx.Graph, expected: Any) -> None:
    for row in (0, 1):
        out = run("degree_centralization", from_graph(graph), row=row)
        assert out["value"] == pytest.approx(expected[0], **NEAR)
        assert (out["numerator"], out["denominator"]) == (None, None)
        assert out["extras"]["top_position"] == ("constituent" if graph.edges else None)
        assert out["disaggregation"] == ("total", "graph=member")[row]


@pytest.mark.parametrize(
    ("graph", "degree", "by_degree", "by_path"),
    [(florentine(False), 0.491653695, 0.131540655, 0.225404149), (two_k5(True), 0.177777778, 0.1, 0.403571429)],
)
def test_jackknife(graph: nx.Graph, degree: float, by_degree: float, by_path: float) -> None:
    b = from_graph(graph)
    for indicator, expected in (
        ("mean_degree", degree),
        ("degree_centralization", by_degree),
        ("betweenness_centralization", by_path),
    ):
        assert run(indicator, b)["extras"]["jackknife_se"] == pytest.approx(expected, **NEAR)


def test_mean_degree_cases() -> None:
    ring = [(f"P{i:02}", f"P{i % 10 + 1:02}") for i in range(1, 11)]
    b = ties(Builder(), ring).talk("P01", "P02", "2026-05-05").talk("P01", "X1", "2026-05-06")
    out = run("mean_degree", b, simulate=True)
    assert (out["value"], out["status"], out["n_units"]) == (2, "computed", 10)
    assert out["extras"]["density"] == pytest.approx(0.222222222, **NEAR)
    assert out["extras"]["median_degree"] == 2
    assert (out["interval"]["method"], out["benchmark"]) == ("U3", None)
    assert run("mean_degree", b)["not_simulated"] == ["interval"]
    out = run("mean_degree", Builder().active(*ids("P", 10)))
    assert (out["value"], out["warnings"], out["interval"]) == (0, ["interval_unavailable"], None)
    assert out["extras"]["share_degree_0"] == 1
    refused(run("mean_degree", Builder().active(*ids("P", 9))), "below_minimum_n")
    refused(run("mean_degree", Builder()), "no_eligible_units")
    ten = Builder().active(*ids("P", 10))
    marked = {"conversations_recorded_for": "marked_groups"}
    refused(run("mean_degree", covered(ten, ids("P", 6)), **marked), "below_coverage")
    ten = Builder().active(*ids("P", 10))
    assert "coverage_low" in run("mean_degree", covered(ten, ids("P", 7)), **marked)["warnings"]
    b = Builder().active(*ids("P", 10)).talk("P01", "P02", DAY, kind="check_in").talk("P03", "P04", DAY, minutes="15")
    assert run("mean_degree", b)["extras"]["n_ties"] == 0
    refused(run("mean_degree", b, records_from="2026-12-01"), "missing_records_window")
    assert "window_incomplete" in run("mean_degree", b, records_from="2026-03-01")["warnings"]


def test_mean_degree_of_members_only() -> None:
    """Ties to staff are in the second row alone."""
    b = ties(Builder().paid("S1", "2020-01-01"), [(p, "S1") for p in ids("P", 10)]).talk("P01", "P02", DAY)
    out, full = run("mean_degree", b), run("mean_degree", b, row=1)
    assert (out["value"], full["numerator"], full["denominator"]) == (0.2, 22, 11)


def test_degree_centralization_cases() -> None:
    out = run("degree_centralization", from_graph(nx.star_graph(9)), simulate=True)
    assert (out["value"], out["status"]) == (1, "computed")
    assert out["benchmark"]["percentile"] == 100
    out = run("degree_centralization", from_graph(nx.cycle_graph(10)), simulate=True)
    assert (out["value"], out["status"], out["interval"]["method"]) == (0, "computed", "U3")
    out = run("degree_centralization", from_graph(nx.complete_graph(10)))
    assert (out["value"], out["warnings"], out["interval"]) == (0, ["interval_unavailable"], None)
    assert (out["benchmark"]["sd"], out["benchmark"]["z"], out["benchmark"]["percentile"]) == (0, None, 50)
    wheel = nx.wheel_graph(12)
    b, _ = named(wheel, 0)
    out, member = run("degree_centralization", b), run("degree_centralization", b, row=1)
    assert wheel.number_of_edges() == 22
    assert out["value"] == pytest.approx(0.8, **NEAR)
    assert (out["extras"]["top_position"], out["n_units"]) == ("staff", 12)
    assert (member["value"], member["n_units"], member["extras"]["top_position"]) == (0, 11, "constituent")
    refused(run("degree_centralization", from_graph(nx.star_graph(8))), "below_minimum_n")
    mixed, _ = named(nx.cycle_graph(11), 0)
    assert run("degree_centralization", mixed)["extras"]["top_position"] == "mixed"


def test_degree_centralization_without_isolates() -> None:
    graph = nx.star_graph(9)
    graph.add_nodes_from(range(10, 15))
    b = from_graph(graph)
    assert run("degree_centralization", b)["value"] == pytest.approx((9 * 1 * 8 + 5 * 9) / (14 * 13), **NEAR)
    out = run("degree_centralization", b, parameters={"isolates": "exclude"})
    assert (out["value"], out["n_units"]) == (1, 10)


def test_switchers_are_warned_of_on_both_rows() -> None:
    b, _ = named(nx.cycle_graph(12))
    b.paid("P01", "2026-06-01")
    for row in (0, 1):
        out = run("degree_centralization", b, row=row)
        assert out["extras"]["n_status_switchers"] == 1
        assert out["warnings"] == ["status_switchers"]
    assert run("degree_centralization", b, row=1)["n_units"] == 11


# ---- NET-04 ---------------------------------------------------------------------------------------------------------
@deck((0, 0, 1, 0.493827160, 0, 0.246913580, 0, 0.436813187, 0.383492063))
def test_betweenness_deck(graph: nx.Graph, expected: Any) -> None:
    out = run("betweenness_centralization", from_graph(graph))
    assert out["value"] == pytest.approx(expected[0], **NEAR)
    assert (out["status"], out["n_units"]) == ("computed", len(graph))
    assert out["extras"]["top_position"] == (
        "constituent" if expected[0] or nx.is_isomorphic(graph, nx.cycle_graph(10)) else None
    )


def test_betweenness_cases() -> None:
    assert sorted(betweenness.raw(two_k5(True)).values()) == pytest.approx([0] * 8 + [20, 20])
    graph = two_k5(False)
    graph.add_edges_from([(10, 4), (10, 5)])
    assert sorted(betweenness.raw(graph).values())[-3:] == pytest.approx([24, 24, 25])
    b, _ = named(graph, 10)
    out, member = run("betweenness_centralization", b), run("betweenness_centralization", b, row=1)
    assert out["value"] == pytest.approx(0.448888889, **NEAR)
    assert out["extras"]["top_position"] == "staff"
    assert (member["value"], member["disaggregation"], member["extras"]["top_position"]) == (0, "graph=member", None)
    marked = {"conversations_recorded_for": "marked_groups"}
    for n, reason in ((8, "below_coverage"), (9, None)):
        out = run("betweenness_centralization", covered(Builder().active(*ids("P", 10)), ids("P", n)), **marked)
        assert out["reason"] == reason
        assert "coverage_low" not in out["warnings"]
    out = run("betweenness_centralization", from_graph(two_k5(True)), simulate=True)
    assert (out["benchmark"]["method"], out["interval"]) == ("U5", None)


def test_betweenness_large() -> None:
    many = [f"P{i:05}" for i in range(20001)]
    b = Builder().active(*many[:2001]).talk(many[0], many[1], DAY).talk(many[1], many[2], DAY)
    out = run("betweenness_centralization", b, simulate=True)
    assert out["warnings"] == ["too_large_to_resample"]
    assert out["value"] == pytest.approx(2 / (2000 * 1999), rel=1e-9)
    assert (out["extras"]["jackknife_se"], out["benchmark"]) == (None, None)
    big = Builder()
    big.event("E", DAY)
    for p in many:
        big.add("people", person_id=p, person_type="constituent", consent_use="yes")
        big.add("participation", event_id="E", person_id=p, attended="yes")
    refused(run("betweenness_centralization", big), "too_large")
    out = run("mean_degree", big, simulate=True)
    assert (out["value"], out["warnings"], out["interval"]) == (0, ["too_large_to_resample"], None)


# ---- NET-06 ---------------------------------------------------------------------------------------------------------
K10 = 0.396433471


@deck(
    ({0.5}, {K10}, {0.111111111, 1}, {0.53, 0.73328125}, {0.765625}, {1, 0.5}, set(), None, None),
    (0.5, K10, 1, 0.73328125, 0.765625, 0.5, None, 0.482253086, 0.482253086),
)
def test_constraint_deck(graph: nx.Graph, expected: Any) -> None:
    values, median = expected
    exact = constraint.exact(nx.relabel_nodes(graph, str), False)
    if values is not None:
        assert sorted({round(c, 9) for c in exact.values()}) == pytest.approx(sorted(values), **NEAR)
    if median is not None:
        assert np.median(list(exact.values())) == pytest.approx(median, **NEAR)
    by_matrix = constraint.fast(nx.to_numpy_array(nx.relabel_nodes(graph, str), nodelist=sorted(exact)))
    assert by_matrix.tolist() == pytest.approx([exact[p] for p in sorted(exact)], abs=1e-12)


def led(graph: nx.Graph, *nodes: Any, **cells: str) -> Builder:
    b, names = named(graph)
    for node in nodes:
        spell = {"person_id": names[node], "group_id": "T1", "role": "leads", "started_on": "2025-02-01"}
        b.add("memberships", **(spell | cells))
    return b


FAMILIES = ("Medici", "Guadagni", "Albizzi", "Strozzi", "Ridolfi")


def test_leader_constraint_1_and_2() -> None:
    graph = florentine(False)
    exact = constraint.exact(graph, False)
    assert [exact[f] for f in FAMILIES] == pytest.approx(
        [0.209876543, 0.25, 0.333333333, 0.458333333, 0.459876543], **NEAR
    )
    out = run("leader_constraint", led(graph, *FAMILIES), simulate=True)
    e = out["extras"]
    assert (out["status"], out["n_units"]) == ("computed", 5)
    assert out["value"] == pytest.approx(0.333333333, **NEAR)
    got = (e["quartile_low"], e["quartile_high"], e["other_median"])
    assert got == pytest.approx((0.25, 0.458333333, 0.577932099), **NEAR)
    assert (out["interval"]["method"], out["benchmark"]["method"]) == ("U3", "U5d")
    assert e["difference_from_expected"] == pytest.approx(out["value"] - out["benchmark"]["mean"])
    out = run("leader_constraint", led(graph, *FAMILIES, "Acciaiuoli"))
    assert out["value"] == pytest.approx(0.395833333, **NEAR)
    assert out["not_simulated"] == ["interval", "benchmark"]


def test_leader_constraint_3_to_6() -> None:
    for five in (range(5), (0, 2, 5, 7, 9)):
        assert run("leader_constraint", led(two_k5(False), *five))["value"] == pytest.approx(0.765625, **NEAR)
    star = run("leader_constraint", led(nx.star_graph(9), *range(5)))
    assert star["value"] == pytest.approx(1, **NEAR)
    assert (star["benchmark"]["percentile"], star["not_simulated"]) == (50, ["interval"])  # no other such graph
    graph = nx.cycle_graph(10)
    graph.add_node(10)
    out = run("leader_constraint", led(graph, 0, 1, 2, 3, 10))
    refused(out, "below_minimum_n")
    assert (out["extras"]["n_leaders_isolated"], out["n_units"]) == (1, 4)
    refused(run("leader_constraint", led(graph)), "no_eligible_units")
    refused(run("leader_constraint", led(graph, 10)), "no_eligible_units")
    assert run("leader_constraint", led(graph, *range(5), ended_on="2025-12-31"))["reason"] == "no_eligible_units"
    assert run("leader_constraint", led(graph, *range(5), ended_on="2026-01-01"))["reason"] is None
    outside = led(graph, *range(5)).add("groups", group_id="T1", group_type="external_organization")
    refused(run("leader_constraint", outside), "no_eligible_units")
    member = run("leader_constraint", led(graph, *range(5)), row=1)
    assert (member["value"], member["disaggregation"]) == (pytest.approx(0.5), "graph=member")


def test_leader_constraint_of_the_ego_network() -> None:
    """In two K5 with a bridge a bridge end's ego network is its K5 and the other end, alone there."""
    out = run("leader_constraint", led(two_k5(True), 4, 5, 0, 1, 2), parameters={"method": "ego_network"})
    inside = nx.constraint(nx.complete_graph(5))[0]
    graph = nx.complete_graph(5)
    graph.add_edge(4, 5)
    assert nx.constraint(graph)[4] < inside
    assert out["value"] == pytest.approx(nx.constraint(nx.ego_graph(two_k5(True), 0), [0])[0])


# ---- NET-07 ---------------------------------------------------------------------------------------------------------
def on_a_line(graph: nx.Graph, label: Any) -> Builder:
    """Nodes in order 0, 1, ...: each with the category that ``label`` gives, None = not known."""
    b, names = named(graph)
    for i, node in enumerate(sorted(graph)):
        if label(i) is not None:
            b.add("person_lines", person_id=names[node], line_id="tongue", category_id=label(i))
    for category in ("a", "b", "unknown"):
        b.add("lines", line_id="tongue", category_id=category)
    return b


def halves(i: int) -> str:
    return "ab"[i >= 5]


def odd_even(i: int) -> str:
    return "ab"[i % 2]


def bare(graph: nx.Graph, label: Any) -> bridging.Mixing:
    order = {node: str(i) for i, node in enumerate(sorted(graph))}
    return bridging.Mixing(
        {order[p]: label(int(order[p])) for p in graph}, [(order[p], order[q]) for p, q in graph.edges]
    )


@deck((-0.64, None, 0, -1, -1, -0.8, None, "-", "-"), (1, None, 0, 0.142857143, 0.1, 1, None, "-", "-"))
def test_bridging_deck(graph: nx.Graph, expected: Any) -> None:
    for label, value in zip((halves, odd_even), expected, strict=True):
        if value == "-":
            continue
        got = bare(graph, label).value
        assert got is None if value is None else float(got) == pytest.approx(value, **NEAR)
        out = run("cross_line_bridging", on_a_line(graph, label))
        assert out["disaggregation"] == "line_id=tongue"
        if graph.number_of_edges() < 20:
            refused(out, "below_minimum_n")
        elif value is None:
            refused(out, "no_variance")
        else:
            assert out["value"] == pytest.approx(value, **NEAR)


def test_bridging_1_to_4() -> None:
    out = run("cross_line_bridging", on_a_line(two_k5(True), halves), simulate=True)
    e = out["extras"]
    assert (out["value"], out["n_units"], e["n_external"], e["n_internal"]) == (-1, 21, 1, 20)
    got = (e["ei_raw"], e["ei_expected"], e["ei_min"], e["assortativity"])
    assert got == pytest.approx((-0.904761905, 0.111111111, -0.904761905, 0.904761905), **NEAR)
    assert (out["benchmark"]["method"], out["interval"]) == ("U5p", None)
    assert out["benchmark"]["percentile"] < 2
    out = run("cross_line_bridging", on_a_line(two_k5(True), odd_even))
    assert (out["extras"]["n_external"], out["extras"]["share_known"]) == (13, 1)
    assert out["extras"]["ei_raw"] == pytest.approx(0.238095238, **NEAR)
    assert out["value"] == pytest.approx(0.142857143, **NEAR)
    out = run("cross_line_bridging", on_a_line(nx.complete_graph(10), halves))
    refused(out, "no_variance")
    assert out["extras"]["ei_raw"] == out["extras"]["ei_expected"] == pytest.approx(1 / 9)
    assert run("cross_line_bridging", on_a_line(nx.complete_bipartite_graph(5, 5), halves))["value"] == 1


def test_bridging_5_and_6() -> None:
    graph = nx.disjoint_union(nx.complete_graph(10), nx.complete_graph(10))
    for known, reason in ((16, None), (15, "below_coverage")):
        out = run("cross_line_bridging", on_a_line(graph, lambda i, n=known: "ab"[i % 2] if i < n else "unknown"))
        assert (out["reason"], out["extras"]["share_known"]) == (reason, known / 20)
        assert out["unknown"] == out["extras"]["n_ties_unknown"] == 90 - out["n_units"] > 0
        assert out["warnings"] == []
    refused(run("cross_line_bridging", on_a_line(nx.cycle_graph(10), halves)), "below_minimum_n")
    six = run("cross_line_bridging", on_a_line(two_k5(True), lambda i: "ab"[i >= 6]))
    refused(six, "below_minimum_n")
    refused(run("cross_line_bridging", on_a_line(two_k5(True), lambda i: "a")), "no_eligible_units")
    one = on_a_line(two_k5(True), halves)
    none = run("cross_line_bridging", Builder())
    refused(none, "missing_required_field")
    assert none["disaggregation"] == "total"
    del one.rows["person_lines"]
    out = run("cross_line_bridging", one)
    refused(out, "missing_required_field")
    assert out["disaggregation"] == "line_id=tongue"
    del one.rows["one_to_ones"]
    assert run("cross_line_bridging", one)["disaggregation"] == "total"


def test_bridging_true_zero_of_the_bare_statistic() -> None:
    assert bare(nx.star_graph(9), lambda i: "ab"[i > 4]).value == 0


def test_bridging_statistics_are_those_of_networkx_and_of_all_relabellings() -> None:
    graph = nx.gnm_random_graph(7, 9, seed=3)
    labels = "aabbbcc"
    mixing = bare(graph, lambda i: labels[i])
    nx.set_node_attributes(graph, dict(enumerate(labels)), "line")
    assert mixing.assortativity == pytest.approx(nx.attribute_assortativity_coefficient(graph, "line"))
    everyone = [bare(graph, lambda i, o=order: o[i]).raw for order in set(itertools.permutations(labels))]
    assert sum(everyone) / len(everyone) == mixing.expected


def test_bridging_without_consent_is_unknown() -> None:
    b = on_a_line(two_k5(True), halves)
    for r in b.rows["people"]:
        r["consent_use"] = "no" if r["person_id"] == "P01" else "yes"
    out = run("cross_line_bridging", b)
    assert (out["extras"]["share_known"], out["n_units"], out["unknown"]) == (0.9, 17, 4)


def test_bridging_jackknife_is_of_the_known_nodes() -> None:
    out = run("cross_line_bridging", on_a_line(two_k5(True), odd_even))
    mixing = bare(two_k5(True), odd_even)
    values = np.array([float(mixing.without(str(i)).value) for i in range(10)])
    se = np.sqrt(8 / 20 * ((values - values.mean()) ** 2).sum())
    assert out["extras"]["jackknife_se"] == pytest.approx(se)


def test_bridging_derives_teams_from_days() -> None:
    b, names = named(two_k5(True))
    for group in ("A", "B"):
        b.add("groups", group_id=group, group_type="team")
    for i in range(10):
        b.add("memberships", person_id=names[i], group_id="AB"[i >= 5], role="participant", started_on="2025-06-01")
    out = compute("cross_line_bridging", b.tables(), manifest())
    assert [r["disaggregation"] for r in out] == ["line_id=team"]
    assert out[0]["value"] == -1

    def place(*spells: tuple[str, str, str, str]) -> str | None:
        one = Builder().person("P01")
        for group, role, start, end in spells:
            one.add("memberships", person_id="P01", group_id=group, role=role, started_on=start, ended_on=end)
        one.add("groups", group_id="A", group_type="team").add("groups", group_id="B", group_type="team")
        one.add("groups", group_id="C", group_type="committee")
        return bridging.derived_places(submission(one), "team").get("P01")

    # days counted once: 10 + 10 overlapping are 10
    twice = [("A", "participant", "2026-03-01", "2026-03-10"), ("A", "leads", "2026-03-01", "2026-03-10")]
    assert place(*twice, ("B", "participant", "2026-03-01", "2026-03-11")) == "B"
    # only days of W count, the start breaks an equal number, wherever it lies
    assert place(("A", "participant", "2024-01-01", "2026-01-10"), ("B", "leads", "2026-03-01", "2026-03-11")) == "B"
    assert place(("A", "participant", "2024-01-01", "2026-01-10"), ("B", "leads", "2026-03-01", "2026-03-10")) == "A"
    assert place(("A", "participant", "2025-01-01", ""), ("B", "participant", "2025-01-01", "")) is None
    assert place(("A", "paid_staff", "2025-01-01", "")) is None
    assert place(("C", "leads", "2025-01-01", ""), ("A", "leads", "2024-01-01", "2025-12-31")) is None


# ---- NET-08 ---------------------------------------------------------------------------------------------------------
@deck(
    (0.306186218, None, 1, 0.353553391, 0.353553391, 0.335029697, None, 0.422577127, 0.429029060),
    (2, None, 2, 4, 4, 2, None, 3, 3),
    (10, 0, 9, 8, 10, 7, 0, 1, 1),
)
def test_core_periphery_deck(graph: nx.Graph, expected: Any) -> None:
    value, size, number = expected
    fit, cores = core_periphery.all_splits(nx.to_numpy_array(graph, nodelist=sorted(graph)))
    if value is None:
        assert cores == []
    else:
        assert fit == pytest.approx(value, **NEAR)
        assert min(map(len, cores)) == size
        assert sum(len(c) == size for c in cores) == number
    out = run("core_periphery_fit", from_graph(graph))
    if len(graph) < 15:
        refused(out, "below_minimum_n")
    else:
        assert (out["value"], out["warnings"]) == (pytest.approx(value, **NEAR), [])


def test_core_periphery_cases() -> None:
    graph = nx.complete_graph(6)
    graph.add_edges_from((6 + i, i % 6) for i in range(10))
    assert (len(graph), graph.number_of_edges()) == (16, 25)
    out = run("core_periphery_fit", from_graph(graph))
    e = out["extras"]
    assert (out["value"], out["warnings"], e["core_size"]) == (pytest.approx(1), [], 6)
    assert (e["core_density"], e["periphery_density"], e["share_of_starts"]) == (1, 0, None)
    assert (e["core_share_of_constituents"], e["core_staff_share"]) == (6 / 16, 0)
    families = ("Medici", "Ridolfi", "Tornabuoni")
    for pucci in (False, True):
        order = sorted(florentine(pucci))
        _, cores = core_periphery.all_splits(nx.to_numpy_array(florentine(pucci), nodelist=order))
        assert cores == [frozenset(map(order.index, families))]
    b, _ = named(florentine(False), "Medici")
    e = run("core_periphery_fit", b)["extras"]
    assert (e["core_density"], e["core_size"]) == (1, 3)
    assert e["periphery_density"] == pytest.approx(0.166666667, **NEAR)
    assert (e["core_staff_share"], e["core_share_of_constituents"]) == (1 / 3, 2 / 14)
    refused(run("core_periphery_fit", b, row=1), "below_minimum_n")  # fourteen without the Medici
    lonely = nx.complete_graph(5)
    lonely.add_nodes_from(range(5, 15))
    out = run("core_periphery_fit", from_graph(lonely))
    assert (out["value"], out["warnings"], out["extras"]["core_size"]) == (pytest.approx(1), ["core_not_unique"], 4)
    assert (out["extras"]["core_density"], out["extras"]["core_share_of_constituents"]) == (None, None)
    _, cores = core_periphery.all_splits(nx.to_numpy_array(lonely))
    assert sorted(map(len, cores)) == [4, 4, 4, 4, 4, 5]
    out = run("core_periphery_fit", from_graph(nx.star_graph(14)))
    assert (out["value"], out["warnings"], out["extras"]["core_size"]) == (pytest.approx(1), ["core_not_unique"], 2)
    assert len(core_periphery.all_splits(nx.to_numpy_array(nx.star_graph(14)))[1]) == 14
    refused(run("core_periphery_fit", from_graph(nx.star_graph(13))), "below_minimum_n")
    for graph in (nx.complete_graph(15), nx.empty_graph(15)):
        refused(run("core_periphery_fit", from_graph(graph)), "no_variance")


def test_core_periphery_fit_is_the_correlation() -> None:
    graph = nx.gnm_random_graph(9, 15, seed=5)
    core = {0, 3, 5}
    seen, ideal = [], []
    for p, q in itertools.combinations(graph, 2):
        if (p in core) == (q in core):
            seen.append(graph.has_edge(p, q))
            ideal.append(p in core)
    inside = graph.subgraph(core).number_of_edges()
    outside = graph.subgraph(set(graph) - core).number_of_edges()
    assert float(core_periphery.fits(9, 3, inside, outside)) == pytest.approx(np.corrcoef(seen, ideal)[0, 1])
    vector = np.array([i in core for i in range(9)]).astype(int)
    a = nx.to_numpy_array(graph, nodelist=range(9)).astype(int)
    now, moves, swaps = core_periphery.neighbours(a, vector)
    assert now == pytest.approx(np.corrcoef(seen, ideal)[0, 1])
    for i in range(9):
        assert moves[i] == pytest.approx(
            core_periphery.neighbours(a, np.where(np.arange(9) == i, 1 - vector, vector))[0]
        )
    exchanged = vector.copy()
    exchanged[0], exchanged[1] = 0, 1
    assert swaps[0, 1] == pytest.approx(core_periphery.neighbours(a, exchanged)[0])


def test_core_periphery_search_of_many_nodes() -> None:
    graph = nx.complete_graph(6)
    graph.add_edges_from((6 + i, i % 6) for i in range(14))
    out = run("core_periphery_fit", from_graph(graph))
    assert (out["value"], out["extras"]["core_size"], out["warnings"]) == (pytest.approx(1), 6, [])
    assert 0 < out["extras"]["share_of_starts"] <= 1
    assert out["extras"]["jackknife_se"] is not None
    for seed in range(4):  # the search finds what trying everything finds
        a = nx.to_numpy_array(nx.gnm_random_graph(14, 25, seed=seed)).astype(int)
        fit, cores, _ = core_periphery.search(a, 50, "test", 0)
        best, all_cores = core_periphery.all_splits(a)
        assert fit == pytest.approx(best)
        assert set(cores) <= set(all_cores)


def test_core_periphery_benchmark() -> None:
    out = run("core_periphery_fit", from_graph(florentine(False)), simulate=True)
    assert (out["benchmark"]["method"], out["interval"]) == ("U5", None)
    assert 0 < out["benchmark"]["percentile"] < 100


# ---- NET-09 ---------------------------------------------------------------------------------------------------------
def staffed(cs: int, cc: int, ss: int = 0, *, members: int = 20, staff: int = 3) -> Builder:
    """So many ties of each kind."""
    own, paid = ids("P", members), ids("S", staff)
    b = Builder().active(*own)
    for p in paid:
        b.person(p).paid(p, "2020-01-01")
    ties(b, list(itertools.product(own, paid))[:cs])
    ties(b, list(itertools.combinations(own, 2))[:cc])
    return ties(b, list(itertools.combinations(paid, 2))[:ss])


def test_staff_tie_share_1() -> None:
    out = run("staff_tie_share", staffed(12, 18, 3), simulate=True)
    e = out["extras"]
    assert (out["value"], out["numerator"], out["denominator"], out["n_units"]) == (0.4, 12, 30, 30)
    assert (e["expected_share"], e["n_staff"], e["n_constituents"], e["n_staff_staff_ties"]) == (0.24, 3, 20, 3)
    got = (e["ratio_to_expected"], e["implied_by_totals"])
    assert got == pytest.approx((1.666666667, 0.545454545), **NEAR)
    assert (out["interval"]["method"], out["benchmark"], out["status"]) == ("U3", None, "computed")


def test_staff_tie_share_2_to_6() -> None:
    out = run("staff_tie_share", staffed(0, 20, staff=1))
    assert (out["value"], out["warnings"], out["interval"], out["not_simulated"]) == (
        0,
        ["interval_unavailable"],
        None,
        [],
    )
    none = staffed(0, 25, staff=0)
    out = run("staff_tie_share", none, has_paid_staff="no", simulate=True)
    assert (out["value"], out["warnings"], out["interval"]) == (0, ["no_staff"], None)
    assert out["extras"]["ratio_to_expected"] is None
    refused(run("staff_tie_share", none), "missing_required_field")
    refused(run("staff_tie_share", staffed(0, 19, staff=0), has_paid_staff="no"), "below_minimum_n")
    out = run("staff_tie_share", staffed(0, 0, 3))
    refused(out, "below_minimum_n")
    assert out["n_units"] == 0
    refused(run("staff_tie_share", staffed(0, 19)), "below_minimum_n")
    refused(run("staff_tie_share", staffed(12, 18), conversations_recorded_for="staff_only"), "below_coverage")
    assert run("staff_tie_share", staffed(12, 18), has_paid_staff="no")["value"] == 0.4
    b = ties(Builder().active(*ids("P", 12)), itertools.combinations(ids("P", 12), 2)).paid("P01", "2026-07-01")
    out = run("staff_tie_share", b)
    assert (out["numerator"], out["extras"]["n_status_switchers"]) == (11, 1)
    assert out["warnings"] == ["interval_unavailable", "status_switchers"]  # a complete graph


def test_staff_of_the_florentine_families() -> None:
    b, _ = named(florentine(False), "Medici")
    out = run("staff_tie_share", b)
    e = out["extras"]
    assert (out["value"], out["numerator"], out["denominator"], e["implied_by_totals"]) == (0.3, 6, 20, 0.3)
    assert (e["expected_share"], e["ratio_to_expected"]) == pytest.approx((0.133333333, 2.25), **NEAR)
    out = run("staff_removal_robustness", b)
    e = out["extras"]
    assert (out["value"], out["numerator"], out["denominator"]) == (pytest.approx(0.615384615, **NEAR), 56, 91)
    got = (e["random_removal_mean"], e["ratio_to_random_removal"])
    assert got == pytest.approx((0.967032967, 0.636363636), **NEAR)


@pytest.mark.parametrize("graph", GRAPHS, ids=NAMES)
def test_deck_graphs_without_staff(graph: nx.Graph) -> None:
    b = from_graph(graph)
    out = run("staff_tie_share", b, has_paid_staff="no")
    if graph.number_of_edges() < 20:
        refused(out, "below_minimum_n")
    else:
        assert (out["value"], out["warnings"]) == (0, ["no_staff"])
    refused(run("staff_removal_robustness", b, has_paid_staff="no"), "no_staff")
    for p, q in graph.edges:
        order = sorted(graph)
        b.talk(f"P{order.index(p) + 1:02}", f"P{order.index(q) + 1:02}", "2025-04-01")
    b.event("E", "2025-05-01").came("E", *(f"P{i:02}" for i in range(1, len(graph) + 1)))
    out = run("tie_persistence", b)
    if graph.number_of_edges() < 20:
        refused(out, "below_minimum_n")
    else:
        assert (out["value"], out["n_units"], out["warnings"]) == (1, graph.number_of_edges(), ["interval_unavailable"])


# ---- NET-10 ---------------------------------------------------------------------------------------------------------
def test_staff_removal_robustness_cases() -> None:
    graph = two_k5(False)
    graph.add_edges_from([(10, 0), (10, 9)])
    b, _ = named(graph, 10)
    out = run("staff_removal_robustness", b, simulate=True)
    e = out["extras"]
    assert (out["value"], out["n_units"], e["n_staff_removed"]) == (pytest.approx(0.444444444, **NEAR), 45, 1)
    got = (e["random_removal_mean"], e["ratio_to_random_removal"], e["jackknife_se"])
    assert got == pytest.approx((0.888888889, 0.5, 0.444444444), **NEAR)
    assert e["member_largest_component_share"] == 0.5
    assert (out["interval"], out["benchmark"]["method"]) == (None, "U5")
    assert 0 <= out["benchmark"]["percentile"] <= 100
    b, _ = named(nx.star_graph(10), 0)
    out = run("staff_removal_robustness", b)
    e = out["extras"]
    assert (out["value"], e["random_removal_mean"], e["ratio_to_random_removal"]) == (0, 1, 0)
    graph = nx.complete_graph(10)
    graph.add_edge(10, 0)
    b, _ = named(graph, 10)
    out = run("staff_removal_robustness", b)
    assert (out["value"], out["numerator"], out["not_simulated"]) == (1, 45, ["benchmark"])
    alone = Builder().active(*ids("P", 10)).person("S1").paid("S1", "2020-01-01")
    refused(run("staff_removal_robustness", alone), "undefined_0_over_0")
    out = run("staff_removal_robustness", alone.talk("P01", "P02", DAY))
    assert (out["value"], out["warnings"], out["extras"]["random_removal_mean"]) == (1, ["no_staff"], None)
    nobody = Builder().active(*ids("P", 10)).talk("P01", "P02", DAY)
    refused(run("staff_removal_robustness", nobody, has_paid_staff="no"), "no_staff")
    refused(run("staff_removal_robustness", nobody), "missing_required_field")
    refused(
        run("staff_removal_robustness", nobody, has_paid_staff="no", conversations_recorded_for="nobody"), "no_staff"
    )
    b, _ = named(nx.star_graph(9), 0)
    refused(run("staff_removal_robustness", b), "below_minimum_n")


def test_staff_removal_of_many_sets_is_drawn() -> None:
    b = staffed(12, 18, members=24)
    out = run("staff_removal_robustness", b)
    assert "random_removal_mean" not in out["extras"]
    drawn = run("staff_removal_robustness", b, simulate=True)
    assert 0 < drawn["extras"]["random_removal_mean"] <= 1
    assert drawn["benchmark"]["random_removal_mean_mcse"] > 0
    few = run("staff_removal_robustness", staffed(20, 18, members=10, staff=5))
    assert (few["extras"]["n_staff_removed"], few["extras"]["random_removal_mean"]) == (5, None)  # 2 s = n_c


# ---- NET-11 ---------------------------------------------------------------------------------------------------------
def two_years(both: int, first: int, second: int) -> Builder:
    own = ids("P", 10)
    b = Builder().event("E1", "2025-06-01").came("E1", *own).event("E2", "2026-06-01").came("E2", *own)
    pairs = list(itertools.combinations(own, 2))
    ties(b, pairs[: both + first], "2025-04-01")
    return ties(b, pairs[:both] + pairs[both + first : both + first + second])


@pytest.mark.parametrize(
    ("numbers", "value", "jaccard", "new_share"),
    [((12, 4, 4), 0.75, 0.6, 0.25), ((12, 0, 20), 1, 0.375, 0.625), ((0, 12, 12), 0, 0, 1)],
)
def test_tie_persistence_values(numbers: tuple[int, int, int], value: float, jaccard: float, new_share: float) -> None:
    out = run("tie_persistence", two_years(*numbers), simulate=True)
    e = out["extras"]
    assert (out["value"], e["jaccard"], e["new_share"]) == (value, jaccard, new_share)
    assert (e["n11"], e["n10"], e["n01"], e["people_both"]) == (*numbers, 10)
    assert (out["numerator"], out["denominator"]) == (numbers[0], numbers[0] + numbers[1])
    if value == 0.75:
        assert (out["status"], out["interval"]["method"]) == ("computed", "U3")
    else:
        assert (out["warnings"], out["interval"]) == (["interval_unavailable"], None)


def test_tie_persistence_refusals() -> None:
    out = run("tie_persistence", two_years(12, 4, 3))
    refused(out, "below_minimum_n")
    assert out["n_units"] == 16
    refused(run("tie_persistence", two_years(0, 0, 20)), "undefined_0_over_0")
    fine = two_years(12, 4, 4)
    refused(run("tie_persistence", fine, records_from=back(500)), "missing_records_window")
    refused(run("tie_persistence", fine, records_from=back(728)), "missing_records_window")
    assert run("tie_persistence", fine, records_from=back(729))["warnings"] == []
    refused(run("tie_persistence", Builder().active(*ids("P", 10))), "no_eligible_units")
    refused(run("tie_persistence", fine, conversations_recorded_for="nobody"), "below_coverage")


def test_tie_persistence_people_gone() -> None:
    b = two_years(12, 4, 4)
    ties(b, list(itertools.combinations(ids("Q", 9), 2))[:30], "2025-04-01")
    b.talk("R01", "P01", "2026-04-01")
    out = run("tie_persistence", b)
    e = out["extras"]
    assert (out["value"], e["jaccard"], e["ties_with_people_gone"]) == (0.75, 0.6, 30)
    assert (e["people_both"], e["people_first_only"], e["people_second_only"]) == (10, 9, 1)


def test_tie_persistence_windows_and_staff() -> None:
    b = two_years(12, 4, 4)
    late = run("tie_persistence", b.talk("P04", "P05", back(365)).talk("P09", "P10", back(730)))
    assert (late["extras"]["n10"], late["extras"]["n01"]) == (5, 4)  # T-W belongs to W1, T-2W to neither
    b.person("P10").paid("P10", "2024-01-01", "2025-03-01")
    out = run("tie_persistence", b)
    assert (out["extras"]["people_both"], out["extras"]["people_second_only"]) == (9, 1)
    refused(out, "below_minimum_n")
    assert out["extras"]["n_status_switchers"] == 1


def test_tie_persistence_coverage_is_the_smaller() -> None:
    own = [*ids("P", 10), "Q01", "Q02"]  # two without a conversation
    b = two_years(12, 4, 4).active("Q01", "Q02", on="2025-06-02").active("Q01", "Q02")
    b.add("groups", group_id="G1", group_type="team", keeps_conversation_log="yes")
    for p in own:
        b.add("memberships", person_id=p, group_id="G1", role="participant", started_on="2024-01-01")
    marked = {"conversations_recorded_for": "marked_groups"}
    out = run("tie_persistence", b, **marked)
    assert (out["coverage"], out["warnings"]) == (1, [])
    b.rows["groups"][0]["conversation_log_from"] = "2026-01-01"  # too late for the first window
    out = run("tie_persistence", b, **marked)
    assert (out["coverage"], out["warnings"]) == (10 / 12, ["coverage_low"])
    assert run("mean_degree", b, **marked)["coverage"] == 1


# ---- NET-12 ---------------------------------------------------------------------------------------------------------
ENTRY = "2026-03-01"
STORY = {
    "A": [("M1", "2026-03-10"), ("M2", "2026-06-29")],
    "B": [("M1", "2026-03-10"), ("M2", "2026-06-30")],
    "C": [("M1", "2026-03-10"), ("S1", "2026-03-11")],
    "D": [("M1", "2026-03-10"), ("M1", "2026-03-20")],
    "E": [("M1", "2026-04-01"), ("M2", "2026-04-02"), ("M3", "2026-04-03")],
}


def newcomers(kinds: str = "AAABBBCCCDDDEEE", **cells: str) -> Builder:
    b = Builder().paid("S1", "2020-01-01")
    for i, kind in enumerate(kinds):
        b.person(f"N{i:02}", first_contact_on=ENTRY, **cells)
        for partner, day in STORY[kind]:
            b.talk(f"N{i:02}", partner, day)
    return b


def test_newcomers_1_to_4() -> None:
    out = run("newcomer_integration_rate", newcomers())
    e = out["extras"]
    assert (out["numerator"], out["denominator"], out["unknown"], out["status"]) == (6, 15, 0, "computed")
    limits(out, 0.198244961, 0.642531699, "U1")
    assert (out["value"], e["implied_by_totals"], e["share_one_member"], e["share_staff_only"]) == (0.4, 0.6, 1, 0)
    out = run("newcomer_integration_rate", newcomers("AAAAAAAAABBBBBB"))
    assert out["value"] == 0.6
    limits(out, 0.357468301, 0.801755039, "U1")
    refused(run("newcomer_integration_rate", newcomers("AAABBBCCCDDDEE")), "below_minimum_n")
    out = run("newcomer_integration_rate", newcomers("D" * 15))
    assert (out["value"], out["status"]) == (0, "computed")
    limits(out, 0, 0.203883301, "U1")
    refused(run("newcomer_integration_rate", newcomers(), conversations_recorded_for="staff_only"), "below_coverage")


@pytest.mark.parametrize(("entry", "n"), [("2026-09-02", 1), ("2026-09-03", 0), ("2026-01-01", 1), ("2025-12-31", 0)])
def test_newcomers_5_span(entry: str, n: int) -> None:
    b = Builder().person("N01", first_contact_on=entry).active("N01", on="2026-10-10")
    assert run("newcomer_integration_rate", b)["n_units"] == n
    b = Builder().person("N01", first_contact_on="2026-12-01").talk("N01", "", entry, kind="scripted")
    out = run("newcomer_integration_rate", b.active("N01", on="2026-12-01"))
    assert out["n_units"] == n


def counts(b: Builder) -> tuple[int, int]:
    out = run("newcomer_integration_rate", b)
    return out["n_units"], out["unknown"]


def test_newcomers_entry_is_the_earliest_record() -> None:
    def one(first: str = "2026-05-05") -> Builder:
        return Builder().person("N01", first_contact_on=first).active("N01", on="2026-06-06")

    assert counts(one()) == (1, 0)
    assert counts(one().event("E", "2025-06-06").came("E", "N01")) == (0, 0)
    assert counts(one().event("E", "2025-06-06", status="cancelled").came("E", "N01")) == (1, 0)
    assert counts(one().event("E", "2025-06-06").came("E", "N01", attended="unknown")) == (1, 0)
    assert counts(one().talk("X1", "N01", "2025-05-05", kind="check_in")) == (0, 0)
    assert counts(one().talk("X1", "N01", "2025-05-05", status="planned")) == (1, 0)
    assert counts(one("2026-05")) == (0, 1)
    assert counts(one("")) == (0, 1)
    assert counts(one().talk("X1", "N01", "2026-04", kind="check_in")) == (0, 1)
    assert counts(one().talk("X1", "N01", "2026-06", kind="check_in")) == (1, 0)
    # nothing precise, or only later: the month alone puts the person into the span; a year never does
    by_spell = Builder().person("N01", first_contact_on="2026-05")
    by_spell.add("memberships", person_id="N01", group_id="G", role="leads", started_on="2026-06-01")
    assert counts(by_spell) == (0, 1)
    late = Builder().person("N01", first_contact_on="2026-05").active("N01", on="2026-12-01")
    assert counts(late) == (0, 1)
    late = Builder().person("N01", first_contact_on="2026").active("N01", on="2026-12-01")
    assert counts(late) == (0, 0)


def test_newcomers_conversations_by_month() -> None:
    def one(*talks: tuple[str, str]) -> Builder:
        b = Builder().person("N01", first_contact_on=ENTRY).active("N01")
        for partner, day in talks:
            b.talk("N01", partner, day)
        return b

    assert counts(one(("M1", "2026-03-10"))) == (1, 0)
    assert counts(one(("M1", "2026-03-10"), ("M2", "2026-06"))) == (0, 1)
    assert counts(one(("M1", "2026-03-10"), ("M2", "2026-07"))) == (1, 0)
    assert counts(one(("M1", "2026-03-10"), ("M1", "2026-06"))) == (1, 0)
    assert counts(one(("M1", "2026-03-10"), ("X1", "2026-06"))) == (1, 0)
    assert counts(one(("M1", "2026-04"), ("M2", "2026-04"))) == (0, 1)
    assert counts(one(("M1", "2026-03-10"), ("M2", "2026-03-11"), ("M3", "2026-06"))) == (1, 0)


def test_newcomers_without_members_and_without_activity() -> None:
    b = newcomers()
    for i in range(3):
        b.talk(f"N{15 + i}", "S1", "2026-03-02")
        b.rows["people"][-1]["first_contact_on"] = ENTRY
        b.person(f"N{20 + i}", first_contact_on=ENTRY)
    b.person("X9", first_contact_on=ENTRY)
    out = run("newcomer_integration_rate", b)
    e = out["extras"]
    assert (out["n_units"], e["share_staff_only"], e["n_newcomers_not_active"]) == (18, 3 / 18, 3)
    assert run("newcomer_integration_rate", b, parameters={"members": 1})["value"] == 15 / 18
    assert run("newcomer_integration_rate", b, parameters={"days": 121})["numerator"] == 9


def test_newcomers_partly_unknown() -> None:
    b = newcomers("A" * 15)
    for i in range(4):
        b.active(f"U{i}")
        b.rows["people"][-1]["first_contact_on"] = "2026-05"
    out = run("newcomer_integration_rate", b)
    assert (out["unknown"], out["warnings"]) == (4, ["partial_coverage"])
    for i in range(4, 16):
        b.active(f"U{i}")
        b.rows["people"][-1]["first_contact_on"] = "2026-05"
    refused(run("newcomer_integration_rate", b), "below_coverage")


# ---- chance ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("n", "degree", "path"),
    [(12, (0.275, 0.084), (0.178, 0.070)), (30, (0.151, 0.039), (0.139, 0.039))],
)
def test_random_graphs_as_in_section_0_5(n: int, degree: tuple[float, float], path: tuple[float, float]) -> None:
    def by_degree(a: np.ndarray) -> float:
        return float(degrees.centralization(a.sum(axis=0).astype(int).tolist()))

    def by_path(a: np.ndarray) -> float:
        return betweenness.centralization(nx.from_numpy_array(a))

    for statistic, (mean, sd) in ((by_degree, degree), (by_path, path)):
        b = graph_rows.uniform_graphs(n, 2 * n, statistic, 0.2, "check", 300)
        assert b["mean"] == pytest.approx(mean, abs=4 * sd * 2**0.5 / 200**0.5)  # printed from 200 graphs
        assert b["sd"] == pytest.approx(sd, rel=0.3)


def test_vertex_bootstrap_is_that_of_the_other_module() -> None:
    graph = nx.gnm_random_graph(25, 50, seed=1)
    a = nx.to_numpy_array(graph, dtype=np.float32)
    one = graph_rows.vertex_bootstrap(a, 25, lambda x, _: networks.matrix_transitivity(x), 0.15, (0, 1), "one")
    other = networks.vertex_bootstrap(a, networks.matrix_transitivity, 0.15, "other")
    assert one["se"] == pytest.approx(other["se"], rel=0.15)


def test_vertex_bootstrap_with_staff_appended() -> None:
    """Copies bring their own ties to staff; staff are there once, with their own ties among each other."""
    b = staffed(12, 18, 3)
    full = graph_rows.graphs(submission(b))[1]
    order = [*ids("P", 20), *ids("S", 3)]
    a = graph_rows.matrix(full, order)
    seen = []

    def statistic(copy: np.ndarray, who: np.ndarray) -> float:
        assert who[20:].tolist() == [20, 21, 22]
        assert copy[20:, 20:].sum() == 6
        assert (copy == copy.T).all()
        assert np.trace(copy) == 0
        assert (copy[:20, 20:] == a[who[:20], 20:]).all()
        seen.append(copy[:20, :20].sum() / 2)
        return float(seen[-1])

    assert graph_rows.vertex_bootstrap(a, 20, statistic, 18.0, (0, 190), "check")["replicates"] == 1000
    assert np.mean(seen) == pytest.approx(18, abs=1)


def test_random_graphs_with_the_same_degrees() -> None:
    graph = florentine(False)
    order = sorted(graph)
    seen = set()

    def statistic(a: np.ndarray) -> float:
        assert a.sum(axis=0).astype(int).tolist() == [graph.degree(p) for p in order]
        assert (a == a.T).all()
        seen.add(a.tobytes())
        return 0.0

    constraint.same_degrees(graph, order, statistic, "check", 50)
    assert len(seen) == 50


def test_every_row_stands_without_a_table() -> None:
    """Missing tables refuse, and nothing stops."""
    b = staffed(12, 18, 3)
    for table in ("people", "one_to_ones", "memberships", "events", "participation", "groups"):
        tables = b.tables()
        del tables[table]
        for indicator in TEN:
            for out in compute(indicator, tables, manifest()):
                if table in ("people", "one_to_ones"):
                    refused(out, "missing_required_field")
                    assert out["extras"] == {}
    assert run("leader_constraint", b)["reason"] == "no_eligible_units"
    del b.rows["memberships"]
    refused(run("leader_constraint", b), "missing_required_field")
