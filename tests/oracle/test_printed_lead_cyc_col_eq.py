"""The oracle against the printed cases of LEAD-02 to 04, CYC-02, 03, 05, COL-03, 05 and EQ, and boundaries in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from oracle import compute, crossing_parity
from oracle.builders import Builder, back, ids, manifest
from oracle.participation_parity import newcombe

ROLES = {1: "participant", 2: "active_member", 3: "team_role", 4: "leads", 5: "governs"}
END = "2025-12-31"  # of sections 4 and 5


def rows(indicator: str, b: Builder, period_end: str | None = None, **settings: Any) -> dict[str, dict[str, Any]]:
    """All rows by cell; settings of the manifest, and ``parameters`` and ``simulate``."""
    parameters, simulate = settings.pop("parameters", None), settings.pop("simulate", False)
    out = compute(indicator, b.tables(), manifest(**settings), period_end, parameters, simulate)
    for row in out:
        if row["interval"]:
            assert row["interval"]["low"] <= row["value"] <= row["interval"]["high"]
    return {row["disaggregation"]: row for row in out}


def run(indicator: str, b: Builder, period_end: str | None = None, cell: str = "total", **settings: Any) -> Any:
    return rows(indicator, b, period_end, **settings)[cell]


def refused(out: dict[str, Any], reason: str) -> None:
    assert (out["status"], out["reason"]) == ("not_computable", reason)
    assert (out["value"], out["numerator"], out["denominator"], out["interval"]) == (None, None, None, None)
    assert out["warnings"] == []


def is_share(out: dict[str, Any], k: int, n: int, *warnings: str) -> None:
    assert out["reason"] is None
    assert (out["numerator"], out["denominator"]) == (k, n)
    assert out["value"] == pytest.approx(k / n, abs=1e-15)
    assert out["warnings"] == sorted(warnings)


def limits(out: dict[str, Any], method: str, low: float, high: float, places: int) -> None:
    """As printed with so many places."""
    near = {"abs": 0.51 * 10**-places}
    assert out["interval"]["method"] == method
    assert out["interval"]["low"] == pytest.approx(low, **near)
    assert out["interval"]["high"] == pytest.approx(high, **near)


def spell(b: Builder, person: str, role: str, start: str, end: str = "", group: str = "G1", **cells: str) -> Builder:
    b.person(person)
    return b.add("memberships", person_id=person, group_id=group, role=role, started_on=start, ended_on=end, **cells)


# ---- LEAD-02 --------------------------------------------------------------------------------------------------------
def ladder(*pairs: tuple[int, int | str]) -> Builder:
    """People by their states at t0 = 2025-12-31 and at T = 2026-12-31."""
    b = Builder()
    for i, (before, after) in enumerate(pairs, 1):
        p = f"P{i:02}"
        b.person(p, **({"left_on": "2026-08-01"} if after == "left" else {}))
        spell(b, p, ROLES[before], "2025-01-01", "2026-06-30")
        if isinstance(after, int) and after:
            spell(b, p, ROLES[after], "2026-07-01")
        elif after == "staff":
            b.paid(p, "2026-07-01")
        elif after == "left":
            spell(b, p, ROLES[before], "2026-07-01")  # who has left holds no rung
    return b


CASE_1 = [
    (1, 1),
    (1, 2),
    (1, "left"),
    (1, 0),
    (2, 3),
    (2, 2),
    (2, "staff"),
    (3, 4),
    (3, 3),
    (3, 2),
    (4, 4),
    (5, "left"),
]


def test_ladder_transitions_1_to_4() -> None:
    out = run("ladder_transitions", ladder(*CASE_1))
    is_share(out, 3, 10)
    limits(out, "U1", 0.107791267, 0.603221853, 9)
    e = out["extras"]
    assert e["down_or_left_share"] == pytest.approx(4 / 12)
    assert e["to_staff"] == 1
    assert e["matrix"]["1>left"] == e["matrix"]["3>4"] == 1
    assert sum(e["matrix"].values()) == 12
    out = run("ladder_transitions", ladder(*[(1, 2)] * 5, *[(2, 2)] * 15))
    is_share(out, 5, 20)
    limits(out, "U1", 0.111861701, 0.468700878, 9)
    out = run("ladder_transitions", ladder(*[(3, 3)] * 10))
    is_share(out, 0, 10)
    limits(out, "U1", 0, 0.277532800, 9)
    out = run("ladder_transitions", ladder(*[(3, 4)] * 9))
    refused(out, "below_minimum_n")
    assert out["n_units"] == 9


@pytest.mark.parametrize(("end", "up"), [("2026-12-31", 1), ("2026-12-30", 0), ("2026-12", 1), ("", 1)])
def test_ladder_transitions_5_end_of_a_spell(end: str, up: int) -> None:
    b = ladder(*[(1, 1)] * 9, (1, 1))
    assert run("ladder_transitions", spell(b, "P10", "leads", "2026-03-01", end))["numerator"] == up


@pytest.mark.parametrize(("left_on", "up"), [("2026-12-31", 0), ("2027-01-01", 1), ("2026-12", 0), ("2026", 0)])
def test_ladder_transitions_5_left(left_on: str, up: int) -> None:
    b = ladder(*[(1, 1)] * 9).person("P10", left_on=left_on)
    spell(b, "P10", "participant", "2025-01-01")
    out = run("ladder_transitions", spell(b, "P10", "leads", "2026-03-01"))
    assert (out["numerator"], out["denominator"]) == (up, 10)


@pytest.mark.parametrize(
    ("day", "cells", "units"),
    [
        ("2024-12-31", {}, 9),
        ("2025-01-01", {}, 10),
        ("2025-12-31", {}, 10),
        ("2026-01-01", {}, 9),
        ("2025-06-01", {"attended": "unknown"}, 9),
        ("2025-06-01", {"attended": "", "functions": "hosted"}, 10),
        ("2025-06-01", {"attended": "", "functions": "designed"}, 9),
    ],
)
def test_ladder_transitions_5_present(day: str, cells: dict[str, str], units: int) -> None:
    b = ladder(*[(1, 1)] * 9).event("E", day).came("E", "P10", **cells)
    assert run("ladder_transitions", b)["n_units"] == units


def test_ladder_transitions_6_and_population() -> None:
    b = ladder(*CASE_1)
    refused(run("ladder_transitions", b, records_from="2026-01-01"), "missing_records_window")
    assert run("ladder_transitions", b, records_from="2025-12-31")["warnings"] == ["window_incomplete"]
    assert run("ladder_transitions", b, records_from="2025-01-02")["warnings"] == ["window_incomplete"]
    assert run("ladder_transitions", b, records_from="2025-01-01")["warnings"] == []
    b.person("Q1", first_contact_on="2026-01-01").person("Q2", first_contact_on="2025-12-31")
    for p in ("Q1", "Q2", "S1", "X1"):
        spell(b, p, "participant", "2025-01-01")
    spell(b, "Q3", "governs", "2020-01-01", group="OUT").add(
        "groups", group_id="OUT", group_type="external_organization"
    )
    out = run("ladder_transitions", b)
    assert (out["n_units"], sum(out["extras"]["matrix"].values())) == (11, 13)


def test_ladder_transitions_beside() -> None:
    b = Builder()
    spell(b, "P01", "leads", "2026-01-01")  # first term
    spell(b, "P02", "leads", "2022-01-01", "2022-12-31")
    spell(b, "P02", "governs", "2026-01-01")  # second
    spell(b, "P03", "team_role", "2020-01-01")
    spell(b, "P03", "leads", "2026-05-01")  # first: a team role is no such spell
    spell(b, "P04", "active_member", "2020-01-01", "2027-01-31")  # not open
    spell(b, "P05", "participant", "2020-01-01")
    b.talk("P01", "", "2026-05-05", kind="scripted").active("P02", on="2026-06-01").active("P03", on="2025-12-31")
    e = run("ladder_transitions", b)["extras"]
    assert e["first_term_share"] == pytest.approx(2 / 3)
    assert e["roles_without_trace"] == pytest.approx(1 / 4)  # P03 of P01 to P04


# ---- LEAD-03 --------------------------------------------------------------------------------------------------------
def developed(by: list[str], old: int = 0) -> Builder:
    """New leaders by their developers."""
    b = Builder().person(*(p for p in by if p))
    for p in ids("L", len(by)):
        spell(b, p, "leads", "2026-05-05", developed_by=by[int(p[1:]) - 1])
    for p in ids("O", old):
        spell(b, p, "team_role", "2020-01-01")
    return b


def test_member_developed_leaders_1_to_3() -> None:
    by = ["P1", "P1", "P1", "P2", "P2", "P3", "S1", "S1", "S2", "", "", ""]
    out = run("member_developed_leaders", developed(by, 10))
    is_share(out, 6, 9, "few_clusters")
    limits(out, "wilson_clusters", 0.275198994, 0.913306851, 9)
    assert out["unknown"] == 3
    assert out["extras"]["reproduction_number"] == pytest.approx(0.6)
    assert out["extras"]["n_developers"] == 5
    assert run("member_developed_leaders", developed(by, 5))["extras"]["reproduction_number"] == pytest.approx(1.2)
    assert run("member_developed_leaders", developed(by, 4))["extras"]["reproduction_number"] is None
    refused(run("member_developed_leaders", developed(["P1"] * 7 + [""] * 3)), "below_minimum_n")
    refused(run("member_developed_leaders", developed(["P1"] * 8 + [""] * 4)), "below_coverage")
    out = run("member_developed_leaders", developed(["S1", "S2", "S3", "S4"] * 2))
    is_share(out, 0, 8, "few_clusters")
    limits(out, "wilson_clusters", 0, 0.489890836, 9)


@pytest.mark.parametrize(("paid_from", "hits"), [("2026-05-04", 7), ("2026-05-05", 7), ("2026-05-06", 8)])
def test_member_developed_leaders_4_day_of_the_spell(paid_from: str, hits: int) -> None:
    out = run("member_developed_leaders", developed(["P1"] * 7 + ["P2"]).paid("P2", paid_from))
    is_share(out, hits, 8, "few_clusters")


def test_member_developed_leaders_5_and_6() -> None:
    out = run("member_developed_leaders", developed(["P1"] * 8 + ["L09"]))
    assert (out["n_units"], out["unknown"]) == (8, 1)
    refused(run("member_developed_leaders", developed([], 3)), "no_eligible_units")
    refused(run("member_developed_leaders", developed([""] * 9)), "missing_required_field")
    b = developed(["P1"] * 8)
    spell(b, "N1", "active_member", "2026-02-02")  # no rung of 3 to 5
    spell(b, "N2", "leads", "2025-12-31")  # not in W
    spell(b, "N3", "leads", "2020", developed_by="P1")
    spell(b, "N3", "governs", "2026-05-05", developed_by="P1")  # not the first
    spell(b.person("S1"), "N4", "leads", "2026-01", developed_by="S1")
    assert run("member_developed_leaders", b)["n_units"] == 9
    refused(run("member_developed_leaders", b, records_from="2026-01-01"), "missing_records_window")


def test_member_developed_leaders_first_spell_and_second_generation() -> None:
    b = developed(["P1"] * 7).person("S1")
    spell(b, "N1", "team_role", "2026-03-03", group="G0", developed_by="P1")
    spell(b, "N1", "leads", "2026-03-03", group="G2", developed_by="S1")
    spell(b, "N1", "leads", "2026-03-03", group="G9", developed_by="P1")
    is_share(run("member_developed_leaders", b), 7, 8, "few_clusters")
    spell(b, "P1", "leads", "2020-01-01", developed_by="P1")
    assert run("member_developed_leaders", b)["extras"]["second_generation"] == 0
    spell(b, "P1", "governs", "2021-01-01", developed_by="L01")
    assert run("member_developed_leaders", b)["extras"]["second_generation"] == 7
    b = developed([f"P{i}" for i in range(5)] * 2 + [f"S{i}" for i in range(5)])
    out = run("member_developed_leaders", b, simulate=True)
    assert out["interval"]["method"] == "U2"
    assert out["warnings"] == []


# ---- LEAD-04 --------------------------------------------------------------------------------------------------------
MEETINGS = [
    ("01-15", "123", "1"),
    ("02-15", "12", "1"),
    ("03-15", "13", "1"),
    ("03-15", "34", "1"),
    ("05-15", "1234", "2"),
    ("06-15", "12345", "2"),
    ("09-15", "234", "1"),
    ("11-15", "145", "1"),
]


def team(
    b: Builder,
    name: str,
    meetings: Any = tuple(MEETINGS),
    holders: int = 5,
    function: str = "facilitated",
    **cells: str,
) -> Builder:
    b.add("groups", **({"group_id": name, "group_type": "team", "has_written_purpose": "yes"} | cells))
    for i in range(1, holders + 1):
        spell(b, f"P{name}{i}", "team_role", "2020-01-01", group=name)
    for n, (day, present, led_by) in enumerate(meetings):
        event = f"{name}-{n}"
        b.event(event, f"2026-{day}", group_id=name)
        for i in sorted({*present, led_by}):  # as printed, P1 "facilitated" two events without being there
            here, did = ("yes" if i in present else "no"), (function if i == led_by else "")
            b.came(event, f"P{name}{i}", attended=here, functions=did)
    return b


def test_real_team_share_1_and_3() -> None:
    def of_five(**cells: Any) -> dict[str, Any]:
        b = team(Builder(), "A", **cells)
        for name in "BCDE":
            team(b, name, ())
        return run("real_team_share", b)

    out = of_five()
    is_share(out, 1, 5)
    assert [out["extras"][f"fails_{c}"] for c in "abcd"] == [0, 4, 0, 4]
    assert out["extras"]["acts_in_real_teams_share"] == 1
    out = of_five(meetings=MEETINGS[:-1])
    is_share(out, 0, 5)
    assert out["extras"]["fails_b"] == 5
    six_dates = [(d, "12", "1") for d in ("01-15", "02-15", "03-15", "04-15", "05-15")] + [("06-15", "12", "2")]
    is_share(of_five(meetings=six_dates, holders=4), 1, 5)  # 2 of 4
    is_share(of_five(meetings=six_dates, holders=5), 0, 5)  # 2 of 5
    one = [(d, p, "1") for d, p, _ in MEETINGS]
    assert of_five(meetings=one)["extras"]["fails_d"] == 5


def test_real_team_share_2_and_4_to_6() -> None:
    b = Builder()
    for i, name in enumerate("ABCDEFGH"):
        team(b, name, has_written_purpose="yes" if i < 3 else "no")
    out = run("real_team_share", b)
    is_share(out, 3, 8)
    limits(out, "U1", 0.136844286, 0.694257605, 9)
    assert out["extras"]["fails_c"] == 5
    b = Builder()
    for name in "ABCDE":
        team(b, name, MEETINGS[:2])
    out = run("real_team_share", b)
    is_share(out, 0, 5)
    limits(out, "U1", 0, 0.434482465, 9)
    b = Builder()
    for name in "ABCD":
        team(b, name)
    refused(run("real_team_share", b), "below_minimum_n")
    team(b, "E", has_written_purpose="")
    for name in "AB":
        next(g for g in b.rows["groups"] if g["group_id"] == name)["has_written_purpose"] = "no"
    team(b, "F", MEETINGS[:2], has_written_purpose="unknown")  # a condition that surely fails decides
    out = run("real_team_share", b)
    is_share(out, 2, 5)
    limits(out, "U1", 0.117620774, 0.769275719, 9)
    assert out["unknown"] == 1


def test_real_team_share_gates_and_population() -> None:
    b = Builder()
    for name in "ABCDE":
        team(b, name, has_written_purpose="")
    refused(run("real_team_share", b), "missing_required_field")
    b = Builder()
    for name in "ABCDE":
        team(b, name)
    for e in b.rows["events"]:
        e["group_id"] = ""
    refused(run("real_team_share", b), "missing_required_field")
    b = Builder()
    for name in "ABCDE":
        team(b, name)
    team(b, "F", (), started_on=back(179))  # 180 days
    team(b, "G", (), started_on=back(178))  # too young
    team(b, "H", (), ended_on="2026-06-29")  # 180 days
    team(b, "I", (), holders=0)  # nothing in W
    b.add("groups", group_id="K", group_type="committee").event("K", "2026-05-05", group_id="K")
    out = run("real_team_share", b)
    is_share(out, 5, 7)
    assert out["extras"]["n_too_young"] == 1
    team(b, "L", function="hosted")  # nobody recorded as facilitated
    out = run("real_team_share", b)
    assert (out["n_units"], out["unknown"]) == (7, 1)
    team(b, "M", function="hosted", holders=2)  # (a) surely fails
    assert run("real_team_share", b)["n_units"] == 8


# ---- CYC-02 ---------------------------------------------------------------------------------------------------------
def led(*sessions: dict[str, str], step: str = "power_analysis", campaigns: int = 9) -> Builder:
    """Sessions by person -> functions."""
    b = Builder().person("S1")
    for i, who in enumerate(sessions):
        b.event(f"E{i}", "2025-05-05", cycle_steps=step, campaign_id=f"K{i % campaigns}")
        for p, functions in who.items():
            b.came(f"E{i}", p, functions=functions)
    return b


FIVE = [
    {"P1": "facilitated"},
    {"P1": "facilitated", "S1": "facilitated"},
    {"P1": "facilitated", "P2": "facilitated"},
    {"P1": "facilitated;designed"},
    {"P1": "facilitated", "S1": "designed"},
]
POWER = "step=power_analysis"


def test_member_led_step_share_1_to_4() -> None:
    out = run("member_led_step_share", led(*FIVE), END, POWER)
    is_share(out, 4, 5, "few_clusters", "partial_coverage")
    limits(out, "wilson_clusters", 0.3755, 0.9638, 4)
    assert out["extras"]["without_designer"] == 3
    out = run("member_led_step_share", led(*FIVE, campaigns=2), END, POWER)
    limits(out, "wilson_clusters", 0.2231, 0.9824, 4)
    three = {"P1": "presented_analysis", "S1": "presented_analysis", "X1": "presented_analysis"}
    out = run("member_led_step_share", led(*FIVE[:4], three), END, POWER)
    assert out["numerator"] == 4
    assert (out["extras"]["external_led"], out["extras"]["external_led_share"]) == (1, 0.2)
    out = run(
        "member_led_step_share", led(*[{"S1": "facilitated;designed"}] * 5, step="strategy"), END, "step=strategy"
    )
    is_share(out, 0, 5, "few_clusters")
    limits(out, "wilson_clusters", 0, 0.4345, 4)
    assert out["extras"]["staff_only_led"] == 5


def test_member_led_step_share_5_and_6() -> None:
    b = led(*FIVE)
    for i in range(4):
        b.event(f"R{i}", "2025-06-06", kind="reflection").came(f"R{i}", "P1", functions="facilitated")
    out = rows("member_led_step_share", b, END)
    assert list(out) == [
        f"step={s}"
        for s in ("issue_identification", "causal_analysis", "power_analysis", "strategy", "action", "reflection")
    ]
    refused(out["step=reflection"], "below_minimum_n")
    assert out[POWER]["value"] == 0.8
    refused(out["step=strategy"], "no_eligible_units")
    out = run("member_led_step_share", led(*FIVE[:2], {"P1": ""}, {}, {"P1": "hosted"}), END, POWER)
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (2, 3)


def test_member_led_step_share_terms() -> None:
    b = led(*FIVE[:4], {"P1": "facilitated;designed"})
    b.rows["participation"][-1]["attended"] = "no"  # designed counts, facilitated does not
    assert run("member_led_step_share", b, END, POWER)["numerator"] == 5
    for e in b.rows["events"]:
        e["cycle_steps"] = ""
    for name in "ABCDE":  # one merged action from two places, and four others
        b.event(f"A{name}1", "2025-07-07", kind="collective_action", target="mayor", demand_id=f"D{name}")
        b.came(f"A{name}1", "P1", functions="facilitated")
    b.event("AA2", "2025-07-07", kind="collective_action", target="mayor", demand_id="DA")
    b.came("AA2", "S1", functions="designed")
    out = rows("member_led_step_share", b, END)
    refused(out[POWER], "missing_required_field")
    assert (out["step=action"]["numerator"], out["step=action"]["denominator"]) == (4, 5)
    b = led(*FIVE[:4], {"P1": "facilitated", "Q": "facilitated", "S1": "facilitated"})
    b.rows["people"] = [r for r in b.rows["people"] if r["person_id"] != "Q"]  # one of three, or two
    assert run("member_led_step_share", b, END, POWER)["unknown"] == 1


# ---- CYC-03 ---------------------------------------------------------------------------------------------------------
DAYS = ("2025-04-01", "2025-05-01", "2025-06-01")


def full_cycle(prepared: int, head_count: str = "", n: int = 3) -> Builder:
    b = Builder().event("A", "2025-03-01", cycle_steps="power_analysis", campaign_id="K1")
    b.came("A", *ids("P", prepared))
    for i, day in enumerate(DAYS[:n]):
        b.event(f"X{i}", day, kind="collective_action", campaign_id="K1", head_count=head_count)
        b.came(f"X{i}", *ids("P", 10))
    return b


def test_full_cycle_participation_1_to_3() -> None:
    out = run("full_cycle_participation", full_cycle(4), END)
    is_share(out, 12, 30, "few_clusters")
    limits(out, "wilson_clusters", 0.0848, 0.8275, 4)
    e = out["extras"]
    assert (e["named"], e["unnamed"], e["share_two_steps"], e["median_by_action"]) == (30, 0, 0, 0.4)
    assert e["analysts_who_act"] == 1
    out = run("full_cycle_participation", full_cycle(6, "20"), END)
    is_share(out, 18, 60, "bounds_only")
    limits(out, "bounds", 0.30, 0.80, 12)
    assert out["extras"]["unnamed_share"] == 0.5
    out = run("full_cycle_participation", full_cycle(4, "12"), END)
    is_share(out, 12, 36, "few_clusters")
    limits(out, "wilson_clusters", 0.0615, 0.7923, 4)
    assert out["extras"]["unnamed_share"] == pytest.approx(6 / 36)


@pytest.mark.parametrize(
    ("day", "campaign", "cells", "more"),
    [
        ("2025-06-01", "K1", {}, 0),
        ("2025-05-31", "K1", {}, 1),
        ("2025-03-05", "K2", {}, 0),
        ("2025-03-05", "K1", {"attended": "no"}, 0),
        ("2025-03-05", "K1", {"attended": "no", "functions": "designed"}, 3),
        ("2021-03-05", "K1", {}, 3),
    ],
)
def test_full_cycle_participation_4(day: str, campaign: str, cells: dict[str, str], more: int) -> None:
    b = full_cycle(4).event("B", day, cycle_steps="strategy", campaign_id=campaign).came("B", "P10", **cells)
    assert run("full_cycle_participation", b, END)["numerator"] == 12 + more


def test_full_cycle_participation_5_and_6() -> None:
    b = full_cycle(0)
    b.rows["events"] = b.rows["events"][1:]
    out = run("full_cycle_participation", b, END)
    is_share(out, 0, 30, "few_clusters")
    limits(out, "wilson_clusters", 0, 0.5615, 4)
    refused(run("full_cycle_participation", full_cycle(4, "30", 2), END), "below_minimum_n")
    b.event("M", "2025-03-01", campaign_id="K1")
    refused(run("full_cycle_participation", b, END), "missing_required_field")
    b.event("N", "2025-03-01", campaign_id="K2", cycle_steps="strategy")
    out = run("full_cycle_participation", b, END)
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (0, 30)
    assert run("full_cycle_participation", full_cycle(4), END, records_from="2024-01-02")["warnings"] == [
        "few_clusters"
    ]
    warned = run("full_cycle_participation", full_cycle(4), END, records_from="2024-01-03")["warnings"]
    assert warned == ["few_clusters", "window_incomplete"]


def test_full_cycle_participation_beside() -> None:
    b = full_cycle(4).event("B", "2025-04-15", cycle_steps="strategy;causal_analysis", campaign_id="K1")
    b.came("B", "P01", "P09", "Q1").event("R", "2025-06-10", kind="reflection", campaign_id="K1")
    b.came("R", "P01", "P02", "P08")
    e = run("full_cycle_participation", b, END)["extras"]
    assert e["share_two_steps"] == pytest.approx(4 / 30)  # P01 and P09 at two actions each
    assert e["with_reflection"] == pytest.approx(2 / 30)  # P01 and P02 at the third
    assert e["analysts_who_act"] == pytest.approx(5 / 6)  # P01 to P04, P09, not Q1
    assert e["median_by_action"] == 0.5
    b.event("L", "2025-12-11", kind="collective_action", campaign_id="K1").came("L", "P01", "P02")
    assert run("full_cycle_participation", b, END)["extras"]["with_reflection"] == pytest.approx(2 / 30)


# ---- CYC-05 ---------------------------------------------------------------------------------------------------------
def reflected(lesson: str = "yes") -> Builder:
    b = Builder()
    for i in range(1, 6):
        b.event(f"A{i}", f"2025-0{i + 2}-01", kind="collective_action").came(f"A{i}", *ids("P", 10))
    for action, day, people in (
        ("A1", "03-10", ids("P", 4)),
        ("A2", "04-22", ids("P", 3)),
        ("A3", "05-23", ids("P", 5)),
        ("A4", "06-05", ["P01", "P02", "Q1"]),
        ("A5", "07-01", ids("P", 5)),
    ):
        b.event(
            f"R{action}", f"2025-{day}", kind="reflection", reflects_on_event_id=action,
            has_written_lesson=lesson if action == "A1" else "yes",
        ).came(f"R{action}", *people)  # fmt: skip
    return b


def test_reflection_completion_1_to_3() -> None:
    out = run("reflection_completion", reflected(), END)
    is_share(out, 3, 5)
    limits(out, "U1", 0.2307, 0.8824, 4)
    e = out["extras"]
    assert (e["any_linked_session"], e["linked_by_campaign_only"], e["median_days"]) == (0.8, 0, 9)
    out = run("reflection_completion", reflected(""), END)
    refused(out, "below_minimum_n")
    assert (out["n_units"], out["unknown"]) == (4, 1)
    assert run("reflection_completion", reflected("no"), END)["numerator"] == 2
    b = Builder()
    for i in range(5):
        b.event(f"A{i}", "2025-05-05", kind="collective_action").came(f"A{i}", "P1")
    out = run("reflection_completion", b, END)
    is_share(out, 0, 5)
    limits(out, "U1", 0, 0.4345, 4)


def test_reflection_completion_4_and_5() -> None:
    b = reflected().event("B1", "2025-12-10", kind="collective_action")
    assert run("reflection_completion", b, END)["n_units"] == 6
    assert run("reflection_completion", b.event("B2", "2025-12-11", kind="collective_action"), END)["n_units"] == 6
    late = Builder().event("B2", "2025-12-11", kind="collective_action")
    refused(run("reflection_completion", late, END), "no_eligible_units")
    b = Builder()
    for i in range(6):
        b.event(f"A{i}", "2025-05-05", kind="collective_action", head_count="40")
        if i < 2:
            b.came(f"A{i}", "P1")
    out = run("reflection_completion", b, END)
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (2, 4)


def test_reflection_completion_links() -> None:
    b = reflected()
    for e in b.rows["events"]:
        e["campaign_id"] = "K1" if e["event_id"] in ("A3", "A4") else ""
    b.event("R", "2025-06-10", kind="meeting", cycle_steps="reflection", campaign_id="K1", has_written_lesson="yes")
    b.came("R", *ids("P", 3))
    out = run("reflection_completion", b, END)
    assert out["numerator"] == 4  # A4 by the campaign; A3 is too long before
    assert out["extras"]["linked_by_campaign_only"] == 1
    b.rows["events"][-1]["reflects_on_event_id"] = "A1"
    assert run("reflection_completion", b, END)["numerator"] == 3
    b.rows["events"][-1] |= {"reflects_on_event_id": "nowhere", "kind": "collective_action"}
    assert run("reflection_completion", b, END)["numerator"] == 3  # an action is no reflection


# ---- COL-03 ---------------------------------------------------------------------------------------------------------
def turnout(talked: int, events: int = 5, each: int = 9, head_count: str = "") -> Builder:
    b = Builder()
    for i in range(events):
        b.event(f"E{i}", "2025-09-01", kind="collective_action", head_count=head_count)
        people = [f"P{i}{j}" for j in range(each)]
        b.came(f"E{i}", *people)
        for p in people[: talked // events + (i < talked % events)]:
            b.talk(p, "S1", "2025-08-01")
    return b


def test_relational_turnout_share_1_and_4_to_6() -> None:
    out = run("relational_turnout_share", turnout(18), END)
    is_share(out, 18, 45, "few_clusters")
    limits(out, "wilson_clusters", 0.1176, 0.7693, 4)
    out = run("relational_turnout_share", turnout(0, 5, 6), END)
    is_share(out, 0, 30, "few_clusters")
    limits(out, "wilson_clusters", 0, 0.4345, 4)
    b = turnout(0, 5, 6)
    b.rows["participation"].pop()
    refused(run("relational_turnout_share", b, END), "below_minimum_n")
    refused(run("relational_turnout_share", turnout(18), END, conversations_recorded_for="nobody"), "below_coverage")
    out = rows("relational_turnout_share", turnout(18, head_count="15"), END)
    is_share(out["total"], 18, 75, "bounds_only")
    limits(out["total"], "bounds", 0.24, 0.64, 12)
    assert out["total"]["extras"]["unnamed_share"] == 0.4
    is_share(out["form=share_of_named"], 18, 45, "few_clusters")
    is_share(out["form=member_relation"], 0, 45, "few_clusters")
    out = rows("relational_turnout_share", turnout(18), END, conversations_recorded_for="staff_only")
    assert list(out) == ["total", "form=share_of_named"]
    assert out["total"]["warnings"] == ["coverage_low", "few_clusters"]
    assert run("relational_turnout_share", turnout(18), END, records_from="2024-07-05")["warnings"] == ["few_clusters"]
    late = run("relational_turnout_share", turnout(18), END, records_from="2024-07-06")
    assert late["warnings"] == ["few_clusters", "window_incomplete"]


@pytest.mark.parametrize(
    ("day", "cells", "hits", "unknown"),
    [
        ("2025-03-05", {}, 1, 0),
        ("2025-03-04", {}, 0, 0),
        ("2025-08-31", {}, 1, 0),
        ("2025-09-01", {}, 0, 0),
        ("2025-03", {}, 0, 1),
        ("2025-02", {}, 0, 0),
        ("2025-09", {}, 0, 0),
        ("2025", {}, 0, 0),
        ("2025-08-01", {"kind": "check_in"}, 0, 0),
        ("2025-08-01", {"minutes": "19"}, 0, 0),
        ("2025-08-01", {"person_b": ""}, 1, 0),
        ("2025-08-01", {"person_b": "P00"}, 0, 0),
    ],
)
def test_relational_turnout_share_2_boundary(day: str, cells: dict[str, str], hits: int, unknown: int) -> None:
    b = turnout(0).person("S1").talk("P00", "S1", day, **cells)
    out = run("relational_turnout_share", b, END)
    assert (out["numerator"], out["denominator"], out["unknown"]) == (hits, 45 - unknown, unknown)


def test_relational_turnout_share_3_inviter() -> None:
    b = turnout(0)
    for r in b.rows["participation"]:
        r["sign_up"] = "walked_in"
    b.rows["participation"][0]["invited_by"] = "Q1"
    b.talk("Q1", "P00", "2024-11-05")  # 300 days before
    out = rows("relational_turnout_share", b, END)
    is_share(out["total"], 0, 45, "few_clusters")
    is_share(out["form=invited_by_tie"], 1, 45, "few_clusters")
    b.rows["participation"][1] |= {"sign_up": "", "invited_by": "Q1"}  # named: known, no
    b.rows["participation"][2]["sign_up"] = ""  # unknown
    b.rows["participation"][3] |= {"sign_up": "signed_up", "invited_by": b.rows["participation"][3]["person_id"]}
    out = run("relational_turnout_share", b, END, "form=invited_by_tie")
    assert (out["numerator"], out["denominator"], out["unknown"]) == (1, 43, 2)
    refused(run("relational_turnout_share", turnout(0), END, "form=invited_by_tie"), "below_coverage")


def test_relational_turnout_share_member_relation() -> None:
    b = turnout(0).talk("P00", "P10", "2025-08-01").talk("P01", "S1", "2025-08-01").talk("P02", "", "2025-08-01")
    b.talk("P03", "X1", "2025-08").talk("P04", "Q1", "2025-08").talk("P05", "Q1", "2025-08").talk(
        "P05", "Q2", "2025-08-01"
    )
    out = run("relational_turnout_share", b, END, "form=member_relation")
    assert (out["numerator"], out["unknown"]) == (3, 2)  # P00, P10, P05; P02, P04
    b.event("M", "2025-09-02", kind="public_meeting").came("M", "P00").event("N", "2025-09-02").came("N", "P00")
    assert run("relational_turnout_share", b, END)["extras"]["named"] == 46 - 2  # P03, P04 unknown


# ---- COL-05 ---------------------------------------------------------------------------------------------------------
def congregations(*actions: tuple[int, ...], head_count: str = "") -> Builder:
    b = Builder()
    for g in "ABCD":
        b.add("groups", group_id=g, group_type="institution")
    for i, sizes in enumerate(actions):
        b.event(f"E{i:02}", "2025-05-05", kind="collective_action", head_count=head_count)
        for g, size in zip("ABCD", sizes, strict=False):
            for p in [f"P{g}{j:02}" for j in range(size)]:
                b.came(f"E{i:02}", p, represents_group_id=g)
    return b


FIVE_ACTIONS = ((6, 3, 1), (4, 4, 2), (5, 5), (8, 1, 1), (10,))


def test_turnout_breadth_1() -> None:
    out = run("turnout_breadth", congregations(*FIVE_ACTIONS), END)
    assert out["value"] == pytest.approx(2, abs=1e-12)
    assert (out["interval"], out["warnings"], out["numerator"], out["n_units"]) == (None, ["few_clusters"], None, 5)
    e = out["extras"]
    assert e["rarefied_5"] == pytest.approx(1.8840, abs=5e-5)
    assert e["rarefied_20"] is None
    assert (e["minimum"], e["groups_present"]) == (1, 3)
    assert e["maximum"] == pytest.approx(2.8717, abs=5e-5)
    for sizes, d, rarefied in zip(
        FIVE_ACTIONS, (2.4546, 2.8717, 2, 1.8946, 1), (2.1312, 2.5019, 1.8840, 1.6310, 1), strict=True
    ):
        out = run("turnout_breadth", congregations(*[sizes] * 5), END)
        assert out["value"] == pytest.approx(d, abs=5e-5)
        assert out["extras"]["rarefied_5"] == pytest.approx(rarefied, abs=5e-5)


def test_turnout_breadth_2_weights() -> None:
    b = congregations(*[()] * 5)
    for e in b.rows["events"]:
        b.came(e["event_id"], *ids("P", 5))
    for p in ids("P", 5):
        spell(b, p, "participant", "2020-01-01", group="A")
    spell(b, "P01", "leads", "2019-01-01", group="T").add(
        "groups", group_id="T", group_type="team", parent_group_id="B"
    )
    out = run("turnout_breadth", b, END)
    assert out["value"] == pytest.approx(1.3841, abs=5e-5)
    assert out["extras"]["groups_present"] == 2
    assert out["extras"]["share_of_member_groups"] == pytest.approx(1.3841 / 2, abs=5e-5)
    assert out["extras"]["rarefied_5"] == pytest.approx(math.exp(-(0.8 * math.log(0.8) + 0.2 * math.log(0.2))))
    for r in b.rows["participation"]:
        r["represents_group_id"] = "A" if r["person_id"] == "P01" else ""
    assert run("turnout_breadth", b, END)["value"] == 1
    b.add("groups", group_id="C0", group_type="caucus")
    for r in b.rows["participation"]:
        r["represents_group_id"] = "C0"  # outside the layer: the spells
    assert run("turnout_breadth", b, END)["value"] == pytest.approx(1.3841, abs=5e-5)


def test_turnout_breadth_3_to_5() -> None:
    out = run("turnout_breadth", congregations(*[(5,)] * 5, (4,)), END)
    assert (out["value"], out["n_units"]) == (1, 5)
    refused(run("turnout_breadth", congregations(*[(5, 5)] * 4), END), "below_minimum_n")
    refused(run("turnout_breadth", congregations(*[()] * 5, head_count="90"), END), "no_eligible_units")
    b = congregations(*[(9,)] * 5)
    for e in list(b.rows["events"]):
        b.came(e["event_id"], *ids("Q", 11))
    out = run("turnout_breadth", b, END)
    refused(out, "below_coverage")
    assert out["unknown"] == 55
    b.rows["groups"] = []
    refused(run("turnout_breadth", b, END), "no_eligible_units")


@pytest.mark.parametrize(
    ("head_count", "warnings"), [("14", []), ("15", ["partial_coverage"]), ("20", ["partial_coverage"])]
)
def test_turnout_breadth_unnamed_and_interval(head_count: str, warnings: list[str]) -> None:
    out = run("turnout_breadth", congregations(*FIVE_ACTIONS * 2, head_count=head_count), END, simulate=True)
    assert out["warnings"] == warnings  # .286, .333, .5
    assert out["interval"]["method"] == "U8"


def test_turnout_breadth_more_unnamed_and_layer() -> None:
    refused(run("turnout_breadth", congregations(*FIVE_ACTIONS, head_count="21"), END), "below_coverage")
    b = congregations(*FIVE_ACTIONS)
    refused(run("turnout_breadth", b, END, breadth_group_type="team"), "no_eligible_units")
    for g in b.rows["groups"][1:]:
        g["ended_on"] = "2024-05-05"  # one living institution: the layer is team
    refused(run("turnout_breadth", b, END), "no_eligible_units")
    assert run("turnout_breadth", b, END, breadth_group_type="institution")["n_units"] == 5


# ---- EQ-01 ----------------------------------------------------------------------------------------------------------
def line(b: Builder, place: dict[str, str], *categories: str, reference: str = "") -> Builder:
    b.rows.setdefault("person_lines", [])
    for c in categories or ("g", "h"):
        b.add("lines", line_id="l", category_id=c, is_reference="yes" if c == reference else "")
    for p, c in place.items():
        b.add("person_lines", person_id=p, line_id="l", category_id=c)
    return b


def who_leads(in_g: int, leaders: int, active_g: int, active: int, unknown: int = 0) -> Builder:
    """Leaders P01..., of whom the first are in g; the last of them are not known."""
    people = [f"P{i:03}" for i in range(active)]
    b = Builder().active(*people)
    for p in people[:leaders]:
        spell(b, p, "leads", "2026-03-03", "2026-04-04")
    g = {*people[:in_g], *people[active - (active_g - in_g) :]} if active_g > in_g else set(people[:in_g])
    place = {p: "g" if p in g else "h" for p in people}
    for p in people[leaders - unknown : leaders]:
        del place[p]
    return line(b, place)


G = "category_id=g;line_id=l"


def test_leadership_representation_ratio_1_and_2() -> None:
    out = rows("leadership_representation_ratio", who_leads(2, 10, 40, 100))
    assert list(out) == [G, "category_id=h;line_id=l"]
    assert out[G]["value"] == pytest.approx(0.5)
    assert (out[G]["numerator"], out[G]["denominator"], out[G]["n_units"]) == (None, None, 10)
    limits(out[G], "U1", 0.141705, 1.274594, 6)
    e = out[G]["extras"]
    assert e["log_ratio"] == pytest.approx(-0.693147, abs=5e-7)
    assert e["effective_groups"] == pytest.approx(1.551724, abs=5e-7)
    assert [e[n] for n in ("leaders_in_category", "leaders_known", "reference_in_category", "reference_known")] == [
        2, 10, 40, 100,
    ]  # fmt: skip
    out = run("leadership_representation_ratio", who_leads(0, 10, 40, 100), cell=G)
    assert (out["value"], out["status"], out["extras"]["log_ratio"]) == (0, "computed", None)
    limits(out, "U1", 0, 0.693832, 6)


def test_leadership_representation_ratio_3_to_6() -> None:
    assert run("leadership_representation_ratio", who_leads(2, 10, 20, 100), cell=G)["value"] == 1
    refused(run("leadership_representation_ratio", who_leads(2, 10, 19, 100), cell=G), "below_minimum_n")
    refused(run("leadership_representation_ratio", who_leads(2, 9, 40, 100), cell=G), "below_minimum_n")
    out = run("leadership_representation_ratio", who_leads(2, 13, 40, 100, 3), cell=G)
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (10, 3)
    assert run("leadership_representation_ratio", who_leads(2, 13, 40, 100, 2), cell=G)["warnings"] == []
    b = who_leads(2, 10, 40, 100).add("lines", line_id="l", category_id="i")
    refused(run("leadership_representation_ratio", b, cell="category_id=i;line_id=l"), "no_eligible_units")
    b.rows["memberships"] = []
    refused(run("leadership_representation_ratio", b, cell=G), "no_eligible_units")
    b.rows["lines"] = []
    refused(run("leadership_representation_ratio", b), "missing_required_field")


def test_leadership_representation_ratio_terms() -> None:
    b = who_leads(2, 12, 40, 100)
    before = run("leadership_representation_ratio", b, cell=G)
    b.add("groups", group_id="OUT", group_type="external_organization")
    spell(b, "P050", "governs", "2020-01-01", group="OUT")
    spell(b, "P051", "leads", "2020-01-01").paid("P051", "2025-12-31", "2027-01-01")
    spell(b, "P052", "leads", "2020-01-01", "2025-12-31")
    assert run("leadership_representation_ratio", b, cell=G)["n_units"] == before["n_units"] == 12
    next(r for r in b.rows["people"] if r["person_id"] == "P000")["consent_use"] = "no"
    out = run("leadership_representation_ratio", b, cell=G)
    assert (out["n_units"], out["unknown"], out["n_without_consent"]) == (11, 1, 1)
    b.rows["person_lines"][1]["category_id"] = "prefer_not_to_say"
    b.rows["person_lines"][2]["category_id"] = "nowhere"
    assert run("leadership_representation_ratio", b, cell=G)["unknown"] == 3


# ---- EQ-02 ----------------------------------------------------------------------------------------------------------
def reached(k: int, n: int, k_ref: int, n_ref: int, not_known: int = 0, reference: str = "h") -> Builder:
    g, h, u = ids("G", n), ids("H", n_ref), ids("U", not_known)
    b = Builder().active(*g, *h, *u)
    for p in [*g[:k], *h[:k_ref]]:
        b.talk(p, "S1", "2026-05-05")
    return line(b, dict.fromkeys(g, "g") | dict.fromkeys(h, "h"), reference=reference)


def base(name: str, category: str = "g") -> str:
    return f"base={name};category_id={category};line_id=l"


@pytest.mark.parametrize(
    ("numbers", "value", "low", "high"),
    [
        ((20, 40, 10, 40), 0.25, 0.037889, 0.433296),
        ((20, 20, 0, 20), 1, 0.772135, 1),
        ((0, 20, 0, 20), 0, -0.161125, 0.161125),
    ],
)
def test_participation_parity_1_to_3(numbers: tuple[int, ...], value: float, low: float, high: float) -> None:
    out = rows("participation_parity", reached(*numbers))
    assert list(out) == [base(n) for n in ("REL-01", "REL-06", "CYC-03", "LEAD-02")]
    out = out[base("REL-01")]
    assert (out["value"], out["status"]) == (value, "computed")
    limits(out, "U4", low, high, 6)
    e = out["extras"]
    assert (e["reference_category"], e["n_category"], e["n_reference"]) == ("h", numbers[1], numbers[3])
    assert (out["n_units"], out["numerator"], e["units_per_person_category"]) == (numbers[1] + numbers[3], None, 1)


def test_participation_parity_4_to_6() -> None:
    refused(run("participation_parity", reached(5, 19, 5, 20), cell=base("REL-01")), "below_minimum_n")
    refused(run("participation_parity", reached(5, 20, 5, 19), cell=base("REL-01")), "below_minimum_n")
    refused(run("participation_parity", reached(0, 0, 5, 20), cell=base("REL-01")), "no_eligible_units")
    refused(run("participation_parity", reached(5, 20, 5, 20), cell=base("REL-06")), "not_adopted_level")
    out = run("participation_parity", reached(5, 35, 5, 35, 30), cell=base("REL-01"))
    assert (out["warnings"], out["unknown"]) == (["partial_coverage"], 30)
    refused(run("participation_parity", reached(5, 25, 5, 24, 51), cell=base("REL-01")), "below_coverage")


def test_participation_parity_reference_and_reason_of_the_base() -> None:
    out = rows("participation_parity", reached(5, 25, 5, 20, reference=""))
    assert base("REL-01", "h") in out  # most AC: g
    out = rows("participation_parity", reached(5, 20, 5, 20, reference=""))
    assert base("REL-01", "h") in out  # a tie: the smallest id
    out = rows("participation_parity", reached(0, 0, 5, 20), conversations_recorded_for="nobody")
    refused(out[base("REL-01")], "below_coverage")
    refused(out[base("LEAD-02")], "no_eligible_units")
    late = run("participation_parity", reached(5, 20, 5, 20), cell=base("REL-01"), records_from="2026-02-02")
    assert late["warnings"] == ["window_incomplete"]
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # Newcombe 1998b, method 10


def test_participation_parity_other_bases() -> None:
    b = Builder().event("A", "2026-02-02", cycle_steps="strategy", campaign_id="K").came("A", *ids("G", 10))
    for i in range(3):
        b.event(f"X{i}", f"2026-0{i + 3}-03", kind="collective_action", campaign_id="K")
        b.came(f"X{i}", *ids("G", 20), *(ids("H", 20) if i == 0 else []))
    for p in (*ids("G", 20), *ids("H", 20)):
        spell(b, p, "participant", "2020-01-01")
    for p in ids("H", 5):
        spell(b, p, "active_member", "2026-03-03")
    line(b, dict.fromkeys(ids("G", 20), "g") | dict.fromkeys(ids("H", 20), "h"), reference="h")
    out = rows("participation_parity", b)
    cyc = out[base("CYC-03")]
    assert (cyc["value"], cyc["warnings"], cyc["extras"]["units_per_person_category"]) == (0.5, [], 3)
    assert cyc["extras"]["units_per_person_reference"] == 1
    assert out[base("LEAD-02")]["value"] == -0.25


# ---- EQ-03 ----------------------------------------------------------------------------------------------------------
def crossing(pairs: list[tuple[str, str]], place: dict[str, str] | None = None) -> Builder:
    """Conversations one a day; who is in which category by the second letter: PA01, SB1."""
    b = Builder()
    for i, pair in enumerate(pairs):
        b.talk(*pair, back(i))
    people = {p for pair in pairs for p in pair}
    return line(b, {p: p[1] for p in people} if place is None else place, "A", "B")


def ring(people: list[str]) -> list[tuple[str, str]]:
    return list(zip(people, [*people[1:], people[0]], strict=True))


def case_1(crossed: bool = True) -> list[tuple[str, str]]:
    sides = [[f"P{c}{i:02}" for i in range(10)] for c in "AB"]
    if not crossed:
        return [pair for s in sides for pair in [*ring(s), *zip(s[::2], s[1::2], strict=True)]]
    within = [pair for s in sides for pair in [*ring(s[:8]), (s[8], s[9])]]
    a, b = ([*s[:8], s[8], s[8], s[9], s[9]] for s in sides)
    return within + list(zip(a, reversed(b), strict=True))


def case_2() -> list[tuple[str, str]]:
    a, b = [f"PA{i}" for i in range(1, 6)], [f"PB{i:02}" for i in range(1, 16)]
    pairs = [("PAhub", p) for p in a + b]
    pairs += [(a[0], b[0]), (a[0], b[1]), (a[1], b[2]), (a[1], b[3]), *ring(a[2:])]
    return pairs + [*ring(b[4:]), (b[0], b[1]), (b[2], b[3])]


def case_3() -> list[tuple[str, str]]:
    a, b = [f"PA{i:02}" for i in range(20)], [f"PB{i:02}" for i in range(20)]
    pairs = [("SA1", p) for p in a[:10] + b[:10]] + [("SA2", p) for p in a[10:] + b[10:]]
    pairs += zip(a[:10], b[:10], strict=True)
    return pairs + [pair for s in (a, b) for pair in zip(s[10::2], s[11::2], strict=True)]


def case_4(second: str = "SB2") -> list[tuple[str, str]]:
    a, b = [f"PA{i:02}" for i in range(20)], [f"PB{i:02}" for i in range(20)]
    return [("SA1", p) for p in a[:12] + b[:8]] + [(second, p) for p in a[12:] + b[8:]]


L = "line_id=l"


@pytest.mark.parametrize(
    ("pairs", "m", "o", "e", "value", "simple"),
    [
        (case_1(), 30, 12, 15.789474, 0.76, 15.254237),
        (case_2(), 40, 19, 22.894737, 0.829885, 19.936709),
        (case_3(), 60, 30, 30.256410, 0.991525, 26.890756),
        (case_4(), 40, 16, 20, 0.8, None),
        (case_1(False), 30, 0, 15.789474, 0, 15.254237),
    ],
)
def test_crossing_parity_1_to_5(pairs: Any, m: int, o: int, e: float, value: float, simple: float | None) -> None:
    out = run("crossing_parity", crossing(pairs), cell=L)
    assert (out["status"], out["reason"], out["n_units"], out["numerator"]) == ("computed", None, m, o)
    assert out["denominator"] == out["extras"]["expected"] == pytest.approx(e, abs=5e-7)
    assert out["value"] == pytest.approx(value, abs=5e-7)
    if simple is not None:
        assert out["extras"]["expected_simple"] == pytest.approx(simple, abs=5e-7)
    assert out["not_simulated"] == ["benchmark"]
    assert out["interval"] is None


def test_crossing_parity_fixed_by_the_totals() -> None:
    refused(run("crossing_parity", crossing(case_4("SA2")), cell=L), "no_variance")
    pairs = case_4()
    all_b = {p: "A" if p == "SA1" else "B" for pair in pairs for p in pair}
    refused(run("crossing_parity", crossing(pairs, all_b), cell=L), "below_minimum_n")
    hub = [("PA0", f"P{'AB'[i % 2]}{i + 10}") for i in range(30)]
    out = run("crossing_parity", crossing(hub), cell=L)
    refused(out, "no_variance")
    assert (out["extras"]["hub_share"], out["extras"]["expected"]) == (1, None)
    members = [f"PB{i:02}" for i in range(20)]
    pairs = [(f"SA{i}", p) for i in range(5) for p in members[4 * i : 4 * i + 4]] + ring(members)
    out = run(
        "crossing_parity", crossing(pairs), cell=L
    )  # all members of B: staff's conversations cross, others do not
    refused(out, "no_variance")
    assert out["extras"]["expected"] == pytest.approx(out["extras"]["observed"])
    x = crossing_parity.draws(pairs, {f"SA{i}" for i in range(5)}, {p: p[1] for q in pairs for p in q}, 20, "fixed")
    assert set(x) == {20}


def test_crossing_parity_6() -> None:
    refused(run("crossing_parity", crossing(case_1()[:-1]), cell=L), "below_minimum_n")
    refused(run("crossing_parity", crossing([("PA1", "PB1")] * 30), cell=L), "below_minimum_n")
    pairs = case_2()
    place = {p: p[1] for pair in pairs for p in pair}
    for p in ("PB05", "PB06", "PB07", "PA1"):
        del place[p]  # PB05 to PB07: 7 of the 40; PA1: 3 more
    out = run("crossing_parity", crossing(pairs, place), cell=L)
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (30, 10)
    place["PA1"] = "A"
    out = run("crossing_parity", crossing(pairs, place), cell=L)
    assert (out["status"], out["unknown"], out["warnings"]) == ("computed", 7, [])
    one_side = crossing(pairs, dict.fromkeys(place, "A"))
    refused(run("crossing_parity", one_side, cell=L), "no_eligible_units")
    refused(run("crossing_parity", crossing(pairs), cell=L, conversations_recorded_for="nobody"), "below_coverage")


def test_crossing_parity_members_pairs_and_externals() -> None:
    members = case_1()
    b = crossing([*members, *case_4()])
    out = run("crossing_parity", b, cell=L)
    assert out["extras"]["ratio_members"] == pytest.approx(0.76, abs=5e-7)
    assert out["extras"]["pairs"] is None
    b.talk("SA1", "SB2", "2026-05-05").talk("PA01", "XA1", "2026-05-05")
    assert run("crossing_parity", b, cell=L)["n_units"] == out["n_units"] == 70
    place = {p: p[1] if p < "PB05" else "C" for pair in members for p in pair}
    b = crossing(members, place).add("lines", line_id="l", category_id="C")
    out = run("crossing_parity", b, cell=L)
    pairs = out["extras"]["pairs"]
    assert sum(o for o, _ in pairs.values()) == out["numerator"]
    assert pairs["A;B"][1] == pytest.approx(5 * 10 * 30 / 190)
    assert pairs["B;C"][1] == pytest.approx(5 * 5 * 30 / 190)


def test_crossing_parity_row_sums_and_benchmark() -> None:
    pairs, staff = case_3(), {"SA1", "SA2"}
    d = {p: sum(p in pair for pair in pairs) for p in sorted({q for pair in pairs for q in pair})}
    x = crossing_parity.positive_solution(d, staff)
    for p in d:
        total = sum(x[p] * x[q] for q in d if q != p and not {p, q} <= staff)
        assert total == pytest.approx(d[p], rel=1e-12)
    out = run("crossing_parity", crossing(case_2()), cell=L, simulate=True)
    drawn, e = out["benchmark"], out["extras"]
    assert drawn["mean"] == pytest.approx(22.7, abs=0.35)
    assert drawn["percentile"] < 25
    assert e["band_low"] < 1 < e["band_high"]
    x = crossing_parity.draws(case_1(), set(), {p: p[1] for q in case_1() for p in q}, 50, "even")
    assert np.all(x % 2 == 0)  # each side has 30 ends
