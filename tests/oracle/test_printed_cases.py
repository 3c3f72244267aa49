"""The oracle against the cases that the standard prints with numbers (those without a roster and without a cell)."""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx
import pytest
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from oracle import compute, networks, repeat_conversation_rate
from oracle.builders import Builder, back, ids, manifest
from oracle.common import Submission
from oracle.intervals import wilson

NEAR = {"abs": 5e-10}


def run(
    indicator: str,
    b: Builder,
    *,
    row: int = 0,
    simulate: bool = False,
    parameters: Any = None,
    period_end: str | None = None,
    **settings: Any,
) -> dict[str, Any]:
    out = compute(indicator, b.tables(), manifest(**settings), period_end, parameters, simulate)[row]
    if out["interval"]:
        high = out["interval"]["high"]
        assert out["interval"]["low"] <= out["value"]
        assert high is None or out["value"] <= high
    return out


def refused(out: dict[str, Any], reason: str) -> None:
    assert (out["status"], out["reason"]) == ("not_computable", reason)
    assert out["value"] is None
    assert out["interval"] is None
    assert out["warnings"] == []


def limits(out: dict[str, Any], low: float, high: float, method: str) -> None:
    assert out["interval"]["method"] == method
    assert out["interval"]["low"] == pytest.approx(low, **NEAR)
    assert out["interval"]["high"] == pytest.approx(high, **NEAR)


# ---- U1 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 10, 0, 0.277532800), (7, 10, 0.396778147, 0.892208733), (11, 12, 0.646120089, 0.985134906)],
)
def test_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k / n, n) == pytest.approx((low, high), **NEAR)
    assert wilson(k / n, n) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)


# ---- REL-01 ---------------------------------------------------------------------------------------------------------
def coverage_case(n: int = 12) -> Builder:
    return Builder().person("S1", "S2", "X1").active(*ids("P", n))


def coverage_case_1() -> Builder:
    b = coverage_case().talk("P01", "S1", "2026-02-10")
    b.talk("P02", "P03", "2026-03-05", minutes="30").talk("P03", "P02", "2026-03-05", minutes="30")
    b.talk("P04", "S1", "2026-03-06", minutes="15").talk("P05", "X1", "2026-03-07").talk("P06", "", "2026-05-01")
    b.talk("P07", "S1", "2026-05-02", status="no_show").talk("P08", "S1", "2026-05-03", kind="check_in")
    return b.talk("P09", "S1", "2025-12-31").talk("P10", "S1", "2026-01-01").talk("S1", "S2", "2026-06-01")


def test_one_to_one_coverage_1() -> None:
    out = run("one_to_one_coverage", coverage_case_1())
    assert (out["status"], out["numerator"], out["denominator"]) == ("computed", 5, 12)
    assert out["value"] == pytest.approx(0.416666667, **NEAR)
    limits(out, 0.193260314, 0.680488687, "U1")
    assert out["extras"]["partner_unknown"] == 1
    assert out["extras"]["minutes_known_share"] == pytest.approx(1 / 5)  # 1, 2+3, 5, 10, 11
    assert out["extras"]["by_conversation_only_share"] == 0


@pytest.mark.parametrize(("minutes", "expected"), [("20", 2), ("19", 0)])
def test_one_to_one_coverage_2_boundary(minutes: str, expected: int) -> None:
    assert (
        run("one_to_one_coverage", coverage_case().talk("P01", "P02", "2026-05-05", minutes=minutes))["numerator"]
        == expected
    )


def test_one_to_one_coverage_3_to_6() -> None:
    out = run("one_to_one_coverage", coverage_case())
    assert out["value"] == 0
    assert out["status"] == "computed"
    limits(out, 0, 0.242494007, "U1")
    nine = coverage_case(9)
    for p in ids("P", 9):
        nine.talk(p, "S1", "2026-05-05")
    refused(run("one_to_one_coverage", nine), "below_minimum_n")
    no_sheet = Builder().person("S1")
    for p in ids("P", 12):
        no_sheet.talk(p, "S1", "2026-05-05")
    refused(run("one_to_one_coverage", no_sheet), "missing_required_field")
    refused(run("one_to_one_coverage", coverage_case_1(), conversations_recorded_for="staff_only"), "below_coverage")


# ---- REL-02 ---------------------------------------------------------------------------------------------------------
def mix(pp: int, ps: int, ss: int, other: str = "S") -> Builder:
    b = Builder().person("S1", "S2")
    pairs = list(itertools.combinations(ids("P", 12), 2))
    for i in range(pp):
        b.talk(*pairs[i], "2026-03-01")
    for i in range(ps):
        b.talk(ids("P", 12)[i % 12], f"{other}1", back(i))
    for i in range(ss):
        b.talk("S1", "S2", back(i))
    return b


def test_member_to_member_share_1_to_3() -> None:
    out = run("member_to_member_share", mix(12, 8, 5), simulate=True)
    assert (out["numerator"], out["denominator"], out["status"]) == (12, 20, "computed")
    assert out["value"] == pytest.approx(0.6)
    assert out["extras"]["implied_by_totals"] == pytest.approx(0.28)
    assert out["interval"]["method"] == "U2d"
    out = run("member_to_member_share", mix(12, 8, 0, "X"))
    assert out["value"] == pytest.approx(0.6)
    assert out["extras"]["n_external"] == 8
    assert out["not_simulated"] == ["interval"]
    out = run("member_to_member_share", mix(10, 5, 5))
    refused(out, "below_minimum_n")
    assert out["n_units"] == 15


def test_member_to_member_share_4_boundary() -> None:
    b = mix(12, 8, 0).paid("P09", "2026-06-01").talk("P09", "P10", "2026-05-31")
    out = run("member_to_member_share", b)
    assert (out["numerator"], out["denominator"]) == (13, 21)
    out = run("member_to_member_share", b.talk("P09", "P10", "2026-06-01"))
    assert (out["numerator"], out["denominator"]) == (13, 22)
    out = run("member_to_member_share", b.talk("P10", "P09", "2026-06-01"))
    assert (out["numerator"], out["denominator"]) == (13, 22)


def test_member_to_member_share_5_and_6() -> None:
    b = Builder()
    for i, pair in enumerate(itertools.combinations(ids("P", 12), 2)):
        if i < 14 or i >= 55:
            b.talk(*pair, "2026-03-01")
    assert len(b.rows["one_to_ones"]) == 25
    assert len(b.rows["people"]) == 12
    out = run("member_to_member_share", b, has_paid_staff="no")
    assert out["value"] == 1
    assert out["warnings"] == ["few_clusters", "no_staff"]
    limits(out, 0.757505993, 1, "wilson_clusters")
    refused(run("member_to_member_share", b, has_paid_staff="yes"), "missing_required_field")
    b = Builder()
    for p in ids("P", 20):
        b.talk(p, "S1", "2026-03-01")
    out = run("member_to_member_share", b)
    assert out["value"] == 0
    assert out["warnings"] == ["few_clusters"]
    limits(out, 0, 0.161125158, "wilson_clusters")


# ---- REL-03 ---------------------------------------------------------------------------------------------------------
def dyads(*groups: tuple[int, int, dict[int, int]]) -> Builder:
    """Groups of (number, origin T - x, {day of repeat: how many})."""
    b = Builder()
    people = ids("P", 30)
    pair = iter([(people[i], people[(i + step) % 30]) for step in (1, 2) for i in range(30)])
    for number, origin, repeats in groups:
        days = [d for d, n in repeats.items() for _ in range(n)]
        for i in range(number):
            a, c = next(pair)
            b.talk(a, c, back(origin))
            if i < len(days):
                b.talk(c, a, back(origin - days[i]))
    return b


def test_repeat_conversation_rate_1() -> None:
    out = run("repeat_conversation_rate", dyads((10, 200, {30: 4, 150: 1}), (10, 100, {60: 2})), simulate=True)
    assert out["value"] == pytest.approx(0.416666667, **NEAR)
    e = out["extras"]
    assert (e["greenwood_low"], e["greenwood_high"]) == pytest.approx((0.205591593, 0.716984483), **NEAR)
    assert (e["crude_share"], e["at_risk_at_horizon"], e["n_events"], out["n_units"]) == (0.35, 5, 7, 20)
    assert (out["numerator"], out["denominator"]) == (None, None)


def test_repeat_conversation_rate_2_and_statsmodels() -> None:
    b = dyads((20, 200, {30: 8}))
    out = run("repeat_conversation_rate", b)
    assert out["value"] == pytest.approx(0.4, **NEAR)
    e = out["extras"]
    assert (e["greenwood_low"], e["greenwood_high"]) == pytest.approx((0.223950503, 0.642708030), **NEAR)
    b = dyads((15, 300, {1: 2, 30: 3, 179: 1, 250: 4}), (15, 120, {60: 5, 119: 2}), (9, 250, {60: 2, 200: 3}))
    known, _ = repeat_conversation_rate.units(Submission(b.tables(), manifest(), None, {}), 180)
    km = SurvfuncRight([max(d.days, 1) for d in known], [d.event for d in known])
    at = [p for t, p in zip(km.surv_times, km.surv_prob, strict=True) if t <= 180][-1]
    assert run("repeat_conversation_rate", b)["value"] == pytest.approx(1 - at, abs=1e-12)


@pytest.mark.parametrize(
    ("b", "n_units"),
    [
        (dyads((20, 200, {})).talk("Q1", "Q2", "2026-10-02"), 21),
        (dyads((20, 200, {})).talk("Q1", "Q2", "2026-10-03"), 20),
    ],
)
def test_repeat_conversation_rate_3_origin(b: Builder, n_units: int) -> None:
    assert run("repeat_conversation_rate", b)["n_units"] == n_units


@pytest.mark.parametrize(("day", "events"), [(180, 1), (181, 0)])
def test_repeat_conversation_rate_3_horizon(day: int, events: int) -> None:
    out = run("repeat_conversation_rate", dyads((20, 200, {day: 1})))
    assert out["extras"]["n_events"] == events
    assert out["value"] == pytest.approx(events / 20)
    assert out["extras"]["at_risk_at_horizon"] == 20


def test_repeat_conversation_rate_3_same_day() -> None:
    b = dyads((20, 200, {})).talk("P01", "P02", back(200), kind="check_in")
    assert run("repeat_conversation_rate", b)["extras"]["n_events"] == 0


def test_repeat_conversation_rate_4_to_6() -> None:
    out = run("repeat_conversation_rate", dyads((20, 200, {})))
    assert out["value"] == 0
    assert out["interval"]["method"] == "wilson_clusters"
    refused(run("repeat_conversation_rate", dyads((20, 100, {60: 3}))), "follow_up_too_short")
    refused(run("repeat_conversation_rate", dyads((19, 200, {30: 8}))), "below_minimum_n")


# ---- NET-02, NET-05 -------------------------------------------------------------------------------------------------
def from_graph(graph: nx.Graph) -> Builder:
    names = {node: f"P{i:02}" for i, node in enumerate(sorted(graph), 1)}
    b = Builder().active(*names.values())
    for u, v in graph.edges:
        b.talk(names[u], names[v], "2026-04-01")
    return b


def two_k5(bridge: bool) -> nx.Graph:
    graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    if bridge:
        graph.add_edge(4, 5)
    return graph


def florentine(pucci: bool) -> nx.Graph:
    graph = nx.florentine_families_graph()
    if pucci:
        graph.add_node("Pucci")
    return graph


DECK = [  # graph, connectedness, components, largest, isolates, closure as (closed, two-paths)
    (nx.cycle_graph(10), 1, 1, 1, 0, (0, 10)),
    (nx.complete_graph(10), 1, 1, 1, 0, (360, 360)),
    (nx.star_graph(9), 1, 1, 1, 0, (0, 36)),
    (two_k5(True), 1, 1, 1, 0, (60, 68)),
    (two_k5(False), 0.444444444, 2, 0.5, 0, (60, 60)),
    (nx.path_graph(10), 1, 1, 1, 0, (0, 8)),
    (nx.empty_graph(10), 0, 10, 0.1, 1, (0, 0)),
    (florentine(False), 1, 1, 1, 0, (9, 47)),
    (florentine(True), 0.875, 2, 0.9375, 0.0625, (9, 47)),
]


@pytest.mark.parametrize("deck", DECK, ids=["C10", "K10", "star", "bridge", "two K5", "P10", "isolates", "15", "16"])
def test_deck_graphs(deck: Any) -> None:
    graph, connectedness, components, largest, isolates, (closed, paths) = deck
    b = from_graph(graph)
    out = run("member_connectedness", b)
    assert out["value"] == pytest.approx(connectedness, **NEAR)
    e = out["extras"]
    assert (e["n_components"], e["largest_component_share"], e["isolate_share"]) == (components, largest, isolates)
    assert out["n_units"] == len(graph) * (len(graph) - 1) // 2
    out = run("closure", b)
    assert (out["extras"]["n_triangles"], out["extras"]["n_two_paths"]) == (closed // 3, paths)
    if paths < 10:
        refused(out, "below_minimum_n")
    else:
        assert out["value"] == pytest.approx(closed / paths, abs=1e-12)
        assert (out["numerator"], out["denominator"]) == (closed, paths)


@pytest.mark.parametrize(
    ("graph", "connectedness", "closure"),
    [(florentine(False), 0.267450444, 0.129612198), (two_k5(True), 0.444444444, 0.114285714)],
)
def test_jackknife(graph: nx.Graph, connectedness: float, closure: float) -> None:
    b = from_graph(graph)
    assert run("member_connectedness", b)["extras"]["jackknife_se"] == pytest.approx(connectedness, **NEAR)
    assert run("closure", b)["extras"]["jackknife_se"] == pytest.approx(closure, **NEAR)


def test_leave_one_out_is_the_graph_without_the_node() -> None:
    for seed in range(5):
        graph = nx.gnm_random_graph(14, 18, seed=seed)
        rest = [nx.Graph(graph) for _ in graph]
        for node, g in enumerate(rest):
            g.remove_node(node)
        assert networks.pairs_without_each(graph) == [networks.connected_pairs(g) for g in rest]
        assert networks.paths_without_each(graph) == [networks.closed_paths(g) for g in rest]


def test_member_connectedness_cases() -> None:
    for graph, pairs in ((two_k5(False), 20), (two_k5(True), 45)):
        out = run("member_connectedness", from_graph(graph), simulate=True)
        assert (out["numerator"], out["denominator"]) == (pairs, 45)
        assert out["interval"]["method"] == "U3"
        assert out["benchmark"]["method"] == "U5"
    out = run("member_connectedness", from_graph(nx.empty_graph(10)))
    assert out["value"] == 0
    assert out["interval"] is None
    assert out["warnings"] == ["interval_unavailable"]
    assert out["benchmark"]["z"] is None
    assert out["benchmark"]["percentile"] == 50
    b = Builder().paid("S1", "2020-01-01")
    for p in ids("P", 10):
        b.talk(p, "S1", "2026-04-01")
    out, full = run("member_connectedness", b), run("member_connectedness", b, row=1)
    assert out["value"] == 0
    assert out["extras"]["staff_only_share"] == 1
    assert (full["value"], full["numerator"], full["denominator"]) == (1, 55, 55)
    assert (out["disaggregation"], full["disaggregation"]) == ("total", "graph=full")
    b = Builder()
    for p in ids("P", 9):
        b.talk(p, "S1", "2026-04-01")
    refused(run("member_connectedness", b), "below_minimum_n")
    assert run("member_connectedness", b, row=1)["value"] == 1
    refused(run("member_connectedness", Builder()), "no_eligible_units")


def test_closure_cases() -> None:
    out = run("closure", from_graph(nx.complete_graph(10)), simulate=True)
    assert out["value"] == 1
    assert out["interval"] is None
    assert out["warnings"] == ["interval_unavailable"]
    pairs = nx.Graph([(2 * i, 2 * i + 1) for i in range(5)])
    for graph in (nx.path_graph(10), pairs, nx.empty_graph(10)):
        refused(run("closure", from_graph(graph)), "below_minimum_n")
    out = run("closure", from_graph(nx.star_graph(9)), simulate=True)
    assert out["value"] == 0
    assert out["warnings"] == ["interval_unavailable"]
    assert out["interval"] is None
    assert out["extras"]["jackknife_se"] is None
    b = Builder()
    for p in ids("P", 9):
        b.talk(p, "S1", "2026-04-01")
    refused(run("closure", b), "below_minimum_n")
    assert run("closure", b, row=1)["denominator"] == 36


def test_random_graphs_as_in_section_0_5() -> None:
    for n, mean, sd in ((12, 0.338, 0.071), (30, 0.134, 0.036)):
        b = networks.random_graphs(n, 2 * n, networks.matrix_transitivity, 0.2, "check")
        assert b["mean"] == pytest.approx(mean, abs=0.02)
        assert b["sd"] == pytest.approx(sd, abs=0.012)


@pytest.mark.parametrize(("covered", "warnings"), [(6, None), (7, ["coverage_low"]), (9, [])])
def test_mean_degree_case_4_coverage(covered: int, warnings: list[str] | None) -> None:
    b = Builder().active(*ids("P", 10)).add("groups", group_id="G1", keeps_conversation_log="yes")
    for p in ids("P", covered):
        b.add("memberships", person_id=p, group_id="G1", role="participant", started_on="2025-01-01")
    out = run("member_connectedness", b, conversations_recorded_for="marked_groups")
    if warnings is None:
        refused(out, "below_coverage")
    else:
        assert out["warnings"] == sorted([*warnings, "interval_unavailable"])  # no tie: certain by construction


def test_mean_degree_case_5_no_tie() -> None:
    b = Builder().active(*ids("P", 10)).talk("P01", "P02", "2026-02-02", kind="check_in")
    b.talk("P03", "P04", "2026-02-02", minutes="15")
    assert run("member_connectedness", b)["numerator"] == 0


# ---- LEAD-01 --------------------------------------------------------------------------------------------------------
def led(*events: str) -> Builder:
    b = Builder()
    for i, people in enumerate(events):
        b.event(f"E{i}", back(10 + i)).came(f"E{i}", *(f"P{p}" for p in people), functions="facilitated")
    return b


def by_counts(*counts: int) -> Builder:
    """Acts of people, each at events of their own row (event i has everyone with more than i acts)."""
    return led(*("".join(chr(65 + p) for p, c in enumerate(counts) if c > i) for i in range(max(counts))))


def test_effective_leaders_1() -> None:
    out = run("effective_leaders", led("AB", "AB", "AC", "AC", "AD", "BC", "BD", "BE", "CE", "DE"))
    assert out["value"] == 5.9375
    assert out["status"] == "computed"
    e = out["extras"]
    assert (e["n_acts"], e["n_actors"]) == (20, 5)
    assert (e["evenness"], e["d1"], e["d1_rarefied"]) == pytest.approx((0.952380952, 4.875246945, 4.875246945), **NEAR)
    limits(out, 4.661182115, 8.176330549, "U9")
    assert e["events_with_functions"] == 1
    assert e["staff_act_share"] == 0
    assert out["coverage"] is None


def test_effective_leaders_2_to_5() -> None:
    out = run("effective_leaders", by_counts(12, 10, 8, 6, 4))
    assert out["value"] == pytest.approx(4.875)
    assert out["extras"]["d1_rarefied"] == pytest.approx(4.429606667, **NEAR)
    out = run("effective_leaders", by_counts(16, 1, 1, 1, 1))
    assert out["value"] == pytest.approx(1.583333333, **NEAR)
    assert out["extras"]["evenness"] == pytest.approx(0.307692308, **NEAR)
    refused(run("effective_leaders", by_counts(5, 4, 4, 3, 3)), "below_minimum_n")
    refused(run("effective_leaders", by_counts(6, 5, 5, 4)), "below_minimum_n")
    out = run("effective_leaders", by_counts(2, *[1] * 18))
    assert out["value"] == pytest.approx(190)
    assert out["warnings"] == ["few_clusters", "sparse"]
    refused(run("effective_leaders", by_counts(*[1] * 20)), "no_variance")
    refused(run("effective_leaders", Builder()), "no_eligible_units")


def test_effective_leaders_6_one_act() -> None:
    b = Builder().event("E1", "2026-05-05").came("E1", "P1", functions="facilitated;trained;spoke_for_group")
    assert run("effective_leaders", b)["n_units"] == 1
    b.came("E1", "P2", attended="no", functions="designed").came("E1", "P3", attended="no", functions="facilitated")
    assert run("effective_leaders", b)["n_units"] == 2
    b.came("E1", "P4", attended="", functions="facilitated").came("E1", "P5", functions="took_notes")
    assert run("effective_leaders", b)["n_units"] == 3


def test_e4_counts_6_3_1() -> None:
    e = run("effective_leaders", by_counts(6, 3, 1), parameters={"rarefy_to": 5})["extras"]
    assert e["d1"] == pytest.approx(2.4546, abs=5e-5)
    assert e["d1_rarefied"] == pytest.approx(2.1312, abs=5e-5)
    e = run("effective_leaders", by_counts(6, 3, 1), parameters={"rarefy_to": 2})["extras"]
    assert e["d1_rarefied"] == pytest.approx(1.5157, abs=5e-5)


# ---- DQ-02 ----------------------------------------------------------------------------------------------------------
def logs(in_log: int, by_row: int, n: int = 100) -> Builder:
    b = Builder().active(*(f"P{i:03}" for i in range(n))).add("groups", group_id="G1", keeps_conversation_log="yes")
    for i in range(in_log):
        b.add("memberships", person_id=f"P{i:03}", group_id="G1", role="participant", started_on="2025-01-01")
    for i in range(in_log, in_log + by_row):
        b.talk(f"P{i:03}", "", "2026-05-05", status="planned")
    return b


def test_relational_coverage_1_to_3() -> None:
    assert run("relational_coverage", logs(0, 0))["value"] == 1
    out = run("relational_coverage", logs(0, 0), conversations_recorded_for="staff_only")
    assert (out["value"], out["status"], out["extras"]["coverage_staff"]) == (0, "computed", 1)
    out = run("relational_coverage", logs(60, 15), conversations_recorded_for="marked_groups")
    assert out["value"] == 0.75
    assert out["extras"]["by_row_only"] == 15
    out = run("member_connectedness", logs(60, 15), conversations_recorded_for="marked_groups")
    assert "coverage_low" in out["warnings"]
    out = run("member_connectedness", logs(70, 0), conversations_recorded_for="marked_groups")
    assert out["status"] == "computed_with_warning"
    refused(run("member_connectedness", logs(69, 0), conversations_recorded_for="marked_groups"), "below_coverage")


def test_relational_coverage_4_roster_beside() -> None:
    b = Builder().active(*ids("P", 9)).person("S1").add("waves", wave_id="W1", kind="roster", asked_on="2026-05-05")
    for i, p in enumerate([*ids("P", 9), "S1"]):
        b.add("wave_respondents", wave_id="W1", person_id=p, has_answered="yes" if i < 8 else "no")
    assert run("relational_coverage", b)["extras"]["coverage_roster"] == pytest.approx(0.8)


@pytest.mark.parametrize(("yes", "no", "warns"), [(14, 6, False), (13, 7, True), (12, 7, None)])
def test_relational_coverage_5_confirmed(yes: int, no: int, warns: bool | None) -> None:
    b = Builder()
    for i, pair in enumerate(itertools.islice(itertools.combinations(ids("P", 12), 2), yes + no)):
        b.talk(*pair, "2026-05-05", is_confirmed="yes" if i < yes else "no")
    out = run("relational_coverage", b)
    e = out["extras"]
    assert (e["n_confirmed"], e["n_denied"]) == (yes, no)
    assert out["warnings"] == (["confirmation_low"] if warns else [])
    if warns is None:
        assert e["confirmed_share"] is None
        assert e["confirmed_low"] is None
    elif not warns:
        assert (e["confirmed_low"], e["confirmed_high"]) == pytest.approx((0.481027, 0.854523), abs=5e-7)


def test_relational_coverage_6() -> None:
    b = Builder().active(*ids("P", 10)).add("groups", group_id="G1")
    refused(run("relational_coverage", b, conversations_recorded_for="marked_groups"), "missing_required_field")
    refused(run("relational_coverage", Builder()), "no_eligible_units")


# ---- IND-01 ---------------------------------------------------------------------------------------------------------
def contacts(*rows: tuple[str, str]) -> Builder:
    b = Builder()
    b.rows["activity_counts"] = []
    for month, n in rows:
        b.add("activity_counts", month=month, kind="contacts_made", n=n)
    return b


def year(n: int, *months: int) -> list[tuple[str, str]]:
    return [(f"{n}-{m:02}", "100") for m in months or range(1, 13)]


def test_contacts_made() -> None:
    out = run("contacts_made", contacts(*year(2025)), period_end="2025-12-31")
    assert (out["value"], out["status"], out["n_units"]) == (1200, "computed", 12)
    rows = [*year(2024), *year(2025)]
    b = contacts(*[(m, str(10 ** (i % 6)) if "2024-06" <= m <= "2025-05" else "7") for i, (m, _) in enumerate(rows)])
    out = run("contacts_made", b, period_end="2025-06-15")
    assert out["value"] == 2 * 111111
    assert out["extras"]["months_with_row"] == 12
    out = run("contacts_made", contacts(), complete_tables=["activity_counts"])
    assert (out["value"], out["status"]) == (0, "computed")
    refused(run("contacts_made", contacts()), "no_eligible_units")
    refused(run("contacts_made", Builder()), "missing_required_field")
    assert run("contacts_made", contacts(("2026-05", "3")))["warnings"] == ["partial_coverage"]


# ---- faulty rows ----------------------------------------------------------------------------------------------------
def test_faulty_rows() -> None:
    b = coverage_case_1()
    before = run("one_to_one_coverage", b)
    b.add("people", person_id="", person_type="constituent")  # no key
    b.add("memberships", person_id="P11", group_id="G1", role="leads", started_on="2026-05-05", ended_on="2026-05-04")
    b.talk("P11", "S1", "spring").talk("P11", "P11", "2026-05-05").talk("P12", "S1", "2026-05-06", status="done")
    b.talk("P12", "S1", "2026-05-07", one_to_one_id="D").talk("P12", "S1", "2026-05-08", one_to_one_id="D")
    after = run("one_to_one_coverage", b)
    assert after["extras"].pop("rows_left_out") == 2
    assert before["extras"].pop("rows_left_out") == 0
    assert after == before


def test_reduced_dates() -> None:
    b = dyads((20, 200, {})).talk("P01", "P02", "2026-08")
    out = run("repeat_conversation_rate", b)
    assert (out["n_units"], out["unknown"], out["reason"]) == (19, 1, "below_minimum_n")
    assert run("repeat_conversation_rate", b.talk("Q1", "Q2", "2026"))["unknown"] == 1
    assert run("member_to_member_share", b, has_paid_staff="no")["n_units"] == 21


def test_order_of_rows_and_records_from() -> None:
    b = mix(12, 8, 5)
    tables = b.tables()
    turned = {n: t.iloc[::-1].reset_index(drop=True) for n, t in tables.items()}
    for name in ("member_to_member_share", "member_connectedness", "one_to_one_coverage"):
        assert compute(name, tables, manifest(), simulate=True) == compute(name, turned, manifest(), simulate=True)
    assert run("member_to_member_share", b, records_from="2026-01-01")["warnings"] == []
    assert run("member_to_member_share", b, records_from="2026-01-02")["warnings"] == ["window_incomplete"]
    assert run("member_to_member_share", b, records_from=back(182))["reason"] is None
    refused(run("member_to_member_share", b, records_from=back(181)), "missing_records_window")


def test_u2d_of_a_rate_and_where_it_cannot_be_drawn() -> None:
    out = run("repeat_conversation_rate", dyads((20, 200, {30: 8})), simulate=True)
    assert out["interval"]["method"] == "U2d"
    assert 0 < out["interval"]["low_mcse"] < 0.05
    assert 0 < out["interval"]["high_mcse"] < 0.05
    star = Builder()  # everybody talks with P01: without P01 (about 35 % of the draws) nothing is left
    for i, p in enumerate(ids("P", 20, 2)):
        star.talk("P01", p, back(200))
        if i < 8:
            star.talk("P01", p, back(170))
    out = run("repeat_conversation_rate", star, simulate=True)
    assert (out["interval"], out["warnings"]) == (None, ["interval_unavailable"])
