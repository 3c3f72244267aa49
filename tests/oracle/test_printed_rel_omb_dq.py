"""The oracle against the printed cases of REL-04, REL-09, OMB-01 to 03, DQ-01, DQ-03, DQ-04, IND-02 and IND-03."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest

from oracle import compute
from oracle.attention_evenness import chance_level
from oracle.builders import Builder, back, ids, manifest
from oracle.initiation_parity import coin_gap
from oracle.organizing_share import alpha

NEAR = {"abs": 5e-10}
ROUGH = {"abs": 5e-7}  # limits printed with six places
LAST = "2025-12-31"  # T of sections 10 to 12


def rows(
    indicator: str, b: Builder, *, simulate: bool = False, parameters: Any = None, end: str = LAST, **settings: Any
) -> dict[str, dict[str, Any]]:
    """Rows by their cell; every interval holds its value."""
    base = manifest(**({"records_from": "2023-01-01"} | settings))
    out = compute(indicator, b.tables(), base, end, parameters, simulate)
    for row in out:
        if row["interval"]:
            assert row["interval"]["low"] <= row["value"] <= row["interval"]["high"]
    return {row["disaggregation"]: row for row in out}


def run(indicator: str, b: Builder, **settings: Any) -> dict[str, Any]:
    return rows(indicator, b, **settings)["total"]


def refused(out: dict[str, Any], reason: str) -> None:
    assert (out["status"], out["reason"]) == ("not_computable", reason)
    assert out["value"] is None
    assert out["interval"] is None
    assert out["warnings"] == []


def given(out: dict[str, Any], value: float, *warnings: str) -> None:
    assert out["reason"] is None
    assert out["value"] == pytest.approx(value, **NEAR)
    assert out["warnings"] == sorted(warnings)
    assert out["status"] == ("computed_with_warning" if warnings else "computed")


def limits(out: dict[str, Any], low: float, high: float, method: str = "wilson_clusters") -> None:
    assert out["interval"]["method"] == method
    assert (out["interval"]["low"], out["interval"]["high"]) == pytest.approx((low, high), **ROUGH)


# ---- REL-04 ---------------------------------------------------------------------------------------------------------
PAIRS = list(itertools.combinations(ids("P", 12), 2))


def parity(*dyads: tuple[int, str]) -> Builder:
    """Dyads of members, so many of each kind: a letter a conversation, a or b asked, B both, ? not known, - empty."""
    words = {"a": "person_a", "b": "person_b", "B": "both", "3": "third_person", "?": "unknown", "-": ""}
    b = Builder()
    kinds = [letters for n, letters in dyads for _ in range(n)]
    for pair, letters in zip(PAIRS, kinds, strict=False):
        for i, letter in enumerate(letters):
            b.talk(*pair, back(30 + i), initiated_by=words[letter])
    return b


def parity_of(*dyads: tuple[int, str], **settings: Any) -> dict[str, Any]:
    return run("initiation_parity", parity(*dyads), end="2026-12-31", **settings)


def test_fair_coin() -> None:
    fair = {2: 0.5, 3: 0.5, 4: 0.625, 5: 0.625, 6: 0.6875, 7: 0.6875, 8: 0.7265625}
    assert {m: float(1 - coin_gap(m) / m) for m in fair} == fair


def test_initiation_parity_1_to_4() -> None:
    out = parity_of((10, "ab"), (5, "aa"), simulate=True)
    given(out, 1 / 6, *out["warnings"])
    assert out["extras"]["parity_raw"] == pytest.approx(0.666666667, **NEAR)
    assert out["extras"]["parity_expected"] == 0.5
    assert (out["numerator"], out["denominator"], out["n_units"]) == (None, None, 15)
    given(parity_of((15, "aaab")), -0.125, *parity_of((15, "aaab"))["warnings"])
    assert parity_of((15, "aab"))["value"] == pytest.approx(1 / 6)
    assert parity_of((8, "ab"), (8, "bb"))["value"] == 0


def test_initiation_parity_interval() -> None:
    """Twelve people in a ring of 24 dyads: drawn; nine constituents: none, with a warning."""
    ring = Builder()
    for i, step in itertools.product(range(12), (1, 2)):
        for day, asked in enumerate(["person_a", ("person_a", "person_b")[i % 2]]):
            ring.talk(ids("P", 12)[i], ids("P", 12)[(i + step) % 12], back(day + 1), initiated_by=asked)
    out = run("initiation_parity", ring, end="2026-12-31", simulate=True)
    assert out["interval"]["method"] == "U2d"
    assert out["value"] == 0
    assert run("initiation_parity", ring, end="2026-12-31")["not_simulated"] == ["interval"]
    nine = Builder()
    for pair in itertools.islice(itertools.combinations(ids("P", 9), 2), 15):
        nine.talk(*pair, back(1), initiated_by="person_a").talk(*pair, back(2), initiated_by="person_b")
    out = run("initiation_parity", nine, end="2026-12-31")
    assert (out["value"], out["interval"], out["warnings"]) == (0.5, None, ["few_clusters"])


def test_initiation_parity_5_to_7() -> None:
    assert parity_of((20, "ab--"), (20, "aB"))["reason"] == "below_coverage"  # 80 of 120
    assert parity_of((18, "aabb"), (1, "aaaaaaa"), (1, "-" * 21))["reason"] == "below_coverage"  # 79 of 100
    out = parity_of((18, "aabb"), (1, "aaaaaaaa"), (1, "?" * 20))  # 80 of 100
    assert (out["reason"], out["n_units"], out["unknown"]) == (None, 19, 20)
    assert "partial_coverage" not in out["warnings"]
    out = parity_of((15, "ab"), (30, "?"))  # a dyad with one conversation is not among the 80 %
    assert (out["reason"], out["unknown"]) == (None, 0)
    refused(parity_of((15, "BB3")), "no_eligible_units")
    refused(parity_of((15, "--")), "missing_required_field")
    refused(parity_of((15, "??")), "below_coverage")
    refused(parity_of((14, "ab")), "below_minimum_n")
    refused(parity_of((15, "ab"), conversations_recorded_for="staff_only"), "below_coverage")


def test_initiation_parity_merges_before_it_counts() -> None:
    b = parity((14, "ab"))
    p, q = PAIRS[20]
    b.talk(p, q, back(5), initiated_by="person_a").talk(q, p, back(5), initiated_by="person_b")  # the same: p asked
    assert run("initiation_parity", b, end="2026-12-31")["n_units"] == 14
    b.talk(p, q, back(6), initiated_by="").talk(q, p, back(6), initiated_by="person_a")  # q asked
    out = run("initiation_parity", b, end="2026-12-31")
    assert (out["n_units"], out["unknown"], out["value"]) == (15, 0, 0.5)
    b.talk(p, q, back(6), initiated_by="person_a")  # two say different things
    out = run("initiation_parity", b, end="2026-12-31")
    assert (out["n_units"], out["unknown"]) == (14, 1)


def test_constituent_initiation_share() -> None:
    b = parity((15, "ab")).talk("S1", "P01", back(1), initiated_by="person_b")
    b.talk("P02", "S1", back(2), initiated_by="person_b").talk("P03", "S1", back(3), initiated_by="both")
    b.talk("P04", "X1", back(3), initiated_by="person_a").talk("S1", "S2", back(4), initiated_by="person_a")
    assert run("initiation_parity", b, end="2026-12-31")["extras"]["constituent_initiation_share"] == 0.5
    assert parity_of((15, "ab"))["extras"]["constituent_initiation_share"] is None


# ---- REL-09 ---------------------------------------------------------------------------------------------------------
def attention(times: list[int], first_contact_on: str = "2020-01-01") -> Builder:
    b = Builder().person("S1")
    people = ids("P", len(times))
    b.person(*people, first_contact_on=first_contact_on).active(*people)
    for p, n in zip(people, times, strict=True):
        for i in range(n):
            b.talk(p, "S1", back(i))
    return b


def attention_of(b: Builder, **settings: Any) -> dict[str, Any]:
    return run("attention_evenness", b, end="2026-12-31", **settings)


def test_attention_evenness_1_to_3() -> None:
    out = attention_of(attention([2] * 20), simulate=True)
    given(out, 1)
    assert (out["numerator"], out["extras"]["total"], out["coverage"]) == (None, 40, 1)
    assert out["benchmark"]["mean"] == pytest.approx(0.632195224, **NEAR)
    assert out["extras"]["ratio"] == pytest.approx(1.581789868, **NEAR)
    assert (out["interval"]["low"], out["interval"]["high"], out["interval"]["method"]) == (1, 1, "U8")
    out = attention_of(attention([0] * 10 + [4] * 10))
    given(out, 0.5)
    assert out["extras"]["ratio"] == pytest.approx(0.790894934, **NEAR)
    assert out["extras"]["never_reached_share"] == 0.5
    assert out["not_simulated"] == ["interval", "benchmark"]
    out = attention_of(attention([40] + [0] * 19), simulate=True)
    given(out, 0.05, "interval_unavailable")
    assert out["extras"]["ratio"] == pytest.approx(0.079089493, **NEAR)
    assert out["interval"] is None
    assert out["benchmark"]["z"] < -10
    assert chance_level(20, 80) == pytest.approx(0.735863074, **NEAR)


def test_attention_evenness_4_boundaries() -> None:
    refused(attention_of(attention([2] * 19 + [1])), "below_minimum_n")
    refused(attention_of(attention([3] * 19)), "below_minimum_n")
    assert attention_of(attention([2] * 19 + [1]))["extras"]["ratio"] is None
    assert attention_of(attention([2] * 20, "2026-10-02"))["n_units"] == 20
    out = attention_of(attention([2] * 20, "2026-10-03"))
    refused(out, "no_eligible_units")
    out = attention_of(attention([2] * 20, ""))
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (0, 20)


def test_attention_evenness_5_and_6() -> None:
    b = attention([0] * 20).active("P01")
    b.rows["people"] = [r for r in b.rows["people"] if r["person_id"] != "S1"]
    refused(attention_of(b, has_paid_staff="no"), "no_staff")
    refused(attention_of(b), "missing_required_field")
    assert attention_of(attention([2] * 20), conversations_recorded_for="staff_only")["value"] == 1
    refused(attention_of(attention([2] * 20), conversations_recorded_for="nobody"), "below_coverage")


def test_attention_counts_staff_on_the_date_only() -> None:
    b = attention([2] * 20).talk("P01", "P02", back(3)).talk("P01", "X1", back(3)).talk("P01", "S1", back(400))
    assert attention_of(b)["extras"]["total"] == 40
    b.paid("P02", back(3), back(3))
    assert attention_of(b)["extras"]["total"] == 41  # P01 with P02, who was paid on that day


# ---- OMB-01 ---------------------------------------------------------------------------------------------------------
def modes(*events: tuple[int, str], months: int = 12, **cells: str) -> Builder:
    b = Builder()
    kinds = [mode for n, mode in events for _ in range(n)]
    for i, mode in enumerate(kinds):
        b.event(f"E{i:03}", f"2025-{i % months + 1:02}-10", mode=mode, **cells)
    return b


def test_organizing_share_1_to_3() -> None:
    out = run("organizing_share", modes((12, "organizing"), (8, "mobilizing"), (10, "administrative"), months=8))
    given(out, 0.6, "coding_unverified", "few_clusters")
    limits(out, 0.286650, 0.848469)
    assert (out["numerator"], out["denominator"], out["n_units"]) == (12, 20, 30)
    extras = {k: v for k, v in out["extras"].items() if k.startswith("n_")}
    assert extras == {
        "n_organizing": 12,
        "n_mobilizing": 8,
        "n_service": 0,
        "n_administrative": 10,
        "n_conversations": 0,
        "n_double_coded": 0,
    }
    out = run("organizing_share", modes((25, "mobilizing"), (5, "service")))
    given(out, 0, "coding_unverified", "few_clusters")
    assert out["interval"]["low"] == 0
    refused(run("organizing_share", modes((30, "administrative"))), "undefined_0_over_0")


def test_organizing_share_4_and_5() -> None:
    refused(run("organizing_share", modes((20, "organizing"), (9, "service"))), "below_minimum_n")
    out = run("organizing_share", modes((30, "organizing"), (5, "mobilizing"), (45, "")))
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (35, 45)
    out = run("organizing_share", modes((30, "organizing"), (30, "mobilizing"), (20, "")))
    assert out["warnings"] == ["coding_unverified", "partial_coverage"]
    refused(run("organizing_share", modes((80, ""))), "missing_required_field")
    refused(run("organizing_share", modes((80, "both"))), "below_coverage")
    refused(run("organizing_share", Builder()), "no_eligible_units")


def test_organizing_share_by_month_and_by_hours() -> None:
    b = modes((24, "organizing"), (18, "mobilizing"), staff_hours="1.5")
    out = run("organizing_share", b, simulate=True)
    assert out["interval"]["method"] == "U2"
    assert out["extras"]["share_by_hours"] == pytest.approx(24 / 42)
    for event in b.rows["events"][:8]:
        event["staff_hours"] = ""
    assert run("organizing_share", b)["extras"]["share_by_hours"] == pytest.approx(16 / 34)  # 34 of 42 = 81 %
    b.rows["events"][8]["staff_hours"] = ""
    assert run("organizing_share", b)["extras"]["share_by_hours"] is None
    zero = modes((40, "organizing"), staff_hours="0")
    assert run("organizing_share", zero)["extras"]["share_by_hours"] is None


def test_organizing_share_double_coding() -> None:
    b = modes((20, "organizing"), (20, "mobilizing"))
    for i in range(30):
        one = "organizing" if i % 2 else "mobilizing"
        b.add("event_codings", event_id=f"E{i:03}", coder="C1", mode=one)
        b.add("event_codings", event_id=f"E{i:03}", coder="C2", mode=one if i else "organizing")
    out = run("organizing_share", b)
    assert "coding_unverified" not in out["warnings"]
    assert out["extras"]["alpha"] == pytest.approx(1 - 59 * 2 / (2 * 31 * 29))  # 31 codings against 29
    out = run("organizing_share", b, parameters={"min_alpha": "0.95"})
    assert "coding_disagreement" in out["warnings"]
    b.add("event_codings", event_id="E030", coder="C1", mode="service")
    b.rows["event_codings"][1]["mode"] = ""
    out = run("organizing_share", b)
    assert out["extras"]["n_double_coded"] == 29
    assert "coding_unverified" in out["warnings"]


def test_alpha() -> None:
    assert alpha([["a", "a"], ["a", "a"]]) is None
    assert alpha([["a", "b"], ["a", "b"]]) == Fraction(-1, 2)
    assert alpha([["a", "a"], ["b", "b"], ["a", "a", "b"]]) == 1 - Fraction(6 * 2, 2 * 4 * 3)


# ---- OMB-02 ---------------------------------------------------------------------------------------------------------
def digital(n: int = 50, first: str = "2025-03-01", **cells: str) -> Builder:
    b = Builder().person("M1").person("S1")
    for p in ids("P", n):
        b.person(p, first_contact_on=first, **({"first_channel": "email"} | cells))
    return b


def test_digital_conversion_rate_1_to_3() -> None:
    b = digital()
    for p in ids("P", 10):
        b.talk(p, "M1", "2025-04-01")
    b.talk("P11", "S1", "2025-04-01").talk("P12", "X1", "2025-04-01")
    out = run("digital_conversion_rate", b)
    given(out, 0.2)
    limits(out, 0.112438, 0.330371, "U1")
    assert (out["numerator"], out["denominator"], out["coverage"]) == (10, 50, 1)
    assert out["extras"]["source"] == "people"
    assert out["extras"]["any_conversation_share"] == pytest.approx(12 / 50)
    assert out["extras"]["n_by_channel"] == {"digital_ad": 0, "social_media": 0, "email": 50, "petition": 0}
    out = run("digital_conversion_rate", digital())
    given(out, 0)
    limits(out, 0, 0.071348, "U1")
    # first met 2025-03-01: day 180 is 2025-08-28
    b = digital().talk("P01", "M1", "2025-08-28").talk("P02", "M1", "2025-08-29").talk("P03", "M1", "2025-02-28")
    assert run("digital_conversion_rate", b)["numerator"] == 1


def test_digital_conversion_rate_4() -> None:
    assert run("digital_conversion_rate", digital(first="2025-07-04"))["n_units"] == 50
    refused(run("digital_conversion_rate", digital(first="2025-07-05")), "no_eligible_units")
    refused(run("digital_conversion_rate", digital(first="2024-12-31")), "no_eligible_units")
    assert run("digital_conversion_rate", digital(first="2025-01-01"))["n_units"] == 50
    refused(run("digital_conversion_rate", digital(49)), "below_minimum_n")


def cohorts(b: Builder, ties: list[str], months: tuple[int, ...] = (1, 2, 3, 4, 5, 6), **cells: str) -> Builder:
    for month, tie in zip(months, ties, strict=True):
        b.add(
            "digital_cohorts",
            **{"cohort_month": f"2025-{month:02}", "channel": "email", "n_new": "100", "n_member_tie": tie} | cells,
        )
    return b


def test_digital_conversion_rate_5_cohorts() -> None:
    out = run("digital_conversion_rate", cohorts(digital(40), ["2"] * 6))
    given(out, 0.02)
    limits(out, 0.011477, 0.034630, "U1")
    assert (out["numerator"], out["denominator"], out["extras"]["source"]) == (12, 600, "cohorts")
    assert (out["coverage"], out["n_without_consent"]) == (None, None)
    assert out["extras"]["any_conversation_share"] is None
    out = run("digital_conversion_rate", cohorts(digital(40), ["2"] * 5 + [""], n_one_to_one="5", n_team="1"))
    assert (out["n_units"], out["unknown"], out["warnings"]) == (500, 100, [])
    assert (out["extras"]["any_conversation_share"], out["extras"]["team_share"]) == (0.05, 0.01)
    given(run("digital_conversion_rate", cohorts(digital(40), ["2"] * 6), conversations_recorded_for="nobody"), 0.02)
    # July is not wholly in the window; a house meeting is no digital channel
    other = cohorts(cohorts(digital(), ["9"], (7,)), ["9"], (3,), channel="event")
    assert run("digital_conversion_rate", other)["extras"]["source"] == "people"
    both = cohorts(digital(), ["2"] * 6)
    assert run("digital_conversion_rate", both, parameters={"source": "people"})["denominator"] == 50


def test_digital_conversion_rate_6_and_unknown() -> None:
    unknown = digital(50)
    for p in unknown.rows["people"][-30:]:
        p["first_channel"] = "unknown"
    out = run("digital_conversion_rate", unknown)
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (20, 30)
    refused(run("digital_conversion_rate", digital(), conversations_recorded_for="staff_only"), "below_coverage")
    refused(run("digital_conversion_rate", digital(first_channel="")), "missing_required_field")
    # a month: day of first contact not known, or day of the only conversation
    assert run("digital_conversion_rate", digital(first="2025-03"))["unknown"] == 50
    b = digital(52).talk("P01", "M1", "2025-08").talk("P02", "M1", "2025-09").talk("P03", "S1", "2025-05")
    b.talk("P04", "M1", "2025-05").talk("P04", "M1", "2025-05-01")
    out = run("digital_conversion_rate", b)
    assert (out["n_units"], out["unknown"], out["numerator"]) == (51, 1, 1)


def test_digital_conversion_rate_left_and_teams() -> None:
    b = digital(50, left_on="2025-04-01").talk("P01", "M1", "2025-04-01").talk("P02", "M1", "2025-04-02")
    b.add("groups", group_id="G1", group_type="team").add("groups", group_id="G2", group_type="committee")
    for p, group, role, day in [
        ("P03", "G1", "participant", "2025-08-28"),
        ("P04", "G1", "participant", "2025-08-29"),
        ("P05", "G2", "leads", "2025-03-01"),
        ("P06", "G1", "paid_staff", "2025-03-01"),
    ]:
        b.add("memberships", person_id=p, group_id=group, role=role, started_on=day)
    out = run("digital_conversion_rate", b)
    assert out["numerator"] == 1
    assert out["extras"]["any_conversation_share"] == pytest.approx(2 / 50)
    assert out["extras"]["team_share"] == pytest.approx(1 / 50)


# ---- OMB-03 ---------------------------------------------------------------------------------------------------------
def led(*leaders: tuple[str, ...], step: str = "strategy", campaigns: bool = True) -> Builder:
    """Sessions of a step, each with rows ``person:functions`` (a minus before it: was absent)."""
    b = Builder().person("S1")
    b.person("X1", "X2", external_kind="consultant").person("X3", external_kind="official").person("X4")
    for i, who in enumerate(leaders):
        b.event(f"E{i}", f"2025-0{i + 1}-10", cycle_steps=step, campaign_id=f"K{i}" if campaigns else "")
        for word in who:
            person, functions = word.lstrip("-").split(":")
            b.came(f"E{i}", person, functions=functions, attended="no" if word[0] == "-" else "yes")
    return b


def experts(b: Builder, step: str = "strategy", **settings: Any) -> dict[str, Any]:
    return rows("expert_dependence", b, **settings)[f"step={step}"]


MEMBERS = [("P01:facilitated",)] * 4


def test_expert_dependence_1_to_3() -> None:
    out = experts(led(("X1:presented_analysis", "P02:facilitated"), *MEMBERS))
    given(out, 0.2, "few_clusters")
    limits(out, 0.036224, 0.624465)
    assert (out["extras"]["externals"], out["extras"]["external_majority"]) == (1, 0)
    assert out["extras"]["consultant_or_funder"] == 1
    assert experts(led(("X1:", "P01:facilitated"), *MEMBERS))["value"] == 0
    assert experts(led(("-X1:designed", "P01:facilitated"), *MEMBERS))["value"] == 0.2
    assert experts(led(("-X1:facilitated", "P01:facilitated"), *MEMBERS))["value"] == 0
    assert experts(led(("X1:took_notes", "P01:facilitated"), *MEMBERS))["value"] == 0
    out = experts(led(*MEMBERS, ("S1:facilitated",)))
    given(out, 0, "few_clusters")
    limits(out, 0, 0.434482)
    assert out["extras"]["consultant_or_funder"] == 0


def test_expert_dependence_4_and_6() -> None:
    out = rows("expert_dependence", led(*MEMBERS))
    refused(out["step=strategy"], "below_minimum_n")
    refused(out["step=reflection"], "no_eligible_units")
    steps = "issue_identification causal_analysis power_analysis strategy action reflection decisions"
    assert list(out) == [f"step={step}" for step in steps.split()]
    out = experts(led(*MEMBERS[:2], (), ("X1:took_notes",), ("-P01:facilitated",)))
    refused(out, "below_coverage")
    assert (out["n_units"], out["unknown"]) == (2, 3)


def decisions(yes: int, no: int, unknown: int = 0) -> Builder:
    b = Builder().person("P01")
    for i, said in enumerate(["yes"] * yes + ["no"] * no + [""] * unknown):
        b.add(
            "decisions", decision_id=f"D{i}", decided_on="2025-05-05", subject="target", campaign_id=f"K{i}",
            is_consultant_decisive=said,
        )  # fmt: skip
    return b


def test_expert_dependence_5_decisions() -> None:
    out = experts(decisions(4, 4), "decisions", adoption_level="relational")
    given(out, 0.5, "few_clusters")
    limits(out, 0.215216, 0.784784)
    b = decisions(4, 3).add("decisions", decision_id="D9", decided_on="2025-05-05", subject="other")
    refused(experts(b, "decisions", adoption_level="relational"), "below_minimum_n")
    refused(experts(decisions(4, 4), "decisions"), "not_adopted_level")
    refused(experts(Builder(), "decisions", adoption_level="relational"), "missing_required_field")


def test_expert_dependence_nothing_coded() -> None:
    b = led(*MEMBERS, ("P01:facilitated",), step="")
    for i in range(5):
        b.event(f"A{i}", f"2025-0{i + 1}-20", kind="collective_action").came(f"A{i}", "P01", functions="facilitated")
    out = rows("expert_dependence", b)
    refused(out["step=strategy"], "missing_required_field")
    assert out["step=action"]["value"] == 0
    assert out["step=strategy"]["extras"] == {}
    assert experts(b.event("old", "2023-02-01", cycle_steps="action"))["reason"] == "no_eligible_units"


def test_expert_dependence_positions_and_merging() -> None:
    five = [("X3:facilitated", "X4:facilitated", "P01:facilitated"), *MEMBERS]
    out = experts(led(*five))
    assert (out["extras"]["external_majority"], out["extras"]["externals"]) == (1, 2)
    assert out["extras"]["consultant_or_funder"] == 0  # of one of two the kind is not known: not more than half
    assert experts(led(("X4:facilitated",), *MEMBERS))["extras"]["consultant_or_funder"] is None
    b = led(*MEMBERS).event("E9", "2025-09-09", cycle_steps="strategy")
    b.add("participation", event_id="E9", person_id="gone", attended="yes", functions="facilitated")
    assert (experts(b)["n_units"], experts(b)["unknown"]) == (4, 1)
    b.came("E9", "X1", functions="designed", attended="no")
    assert experts(b)["value"] == 0.2
    b = led(*MEMBERS, step="action")
    for event in ("A1", "A2"):
        b.event(event, "2025-08-08", kind="collective_action", target="Mayor", decision_id="D1", campaign_id="")
    b.came("A1", "P01", functions="facilitated").came("A2", "X1", functions="facilitated")
    out = experts(b, "action")
    assert (out["numerator"], out["denominator"]) == (1, 5)
    b.rows["events"][-1]["decision_id"] = ""
    out = experts(b, "action")
    assert (out["numerator"], out["denominator"]) == (1, 6)


# ---- DQ-01 ----------------------------------------------------------------------------------------------------------
def four(**cells: str) -> Builder:
    b = Builder(six=False)
    b.rows["people"] = []
    b.person("P01", first_channel="door").person("P02", first_channel="email").person("P03", first_channel="unknown")
    return b.person("P04", **({"consent_use": ""} | cells))


def complete(b: Builder, **settings: Any) -> tuple[int, int, dict[str, Any]]:
    out = run("record_completeness", b, **settings)
    assert out["value"] == out["numerator"] / out["denominator"]
    return out["numerator"], out["denominator"], out["extras"]


def test_record_completeness_1_and_2() -> None:
    out = run("record_completeness", four())
    given(out, 0.875)
    assert (out["numerator"], out["denominator"], out["extras"]["unknown_share"]) == (14, 16, 0.25)
    assert out["extras"]["by_table"] == {"people": 0.875}
    good, n, extras = complete(four(first_contact_on="spring"))
    assert (good, n, extras["invalid"]) == (13, 16, 1)


def test_record_completeness_3_lines() -> None:
    b = Builder(six=False)
    b.rows["people"] = []
    b.person(*ids("P", 10), first_channel="door").person("S1")
    b.add("lines", line_id="language", category_id="spanish", title="Spanish")
    b.add("lines", line_id="language", category_id="english", title="English")
    before = complete(b)
    assert before[:2] == (43 + 2, 43 + 2 + 10)
    for p in ids("P", 6):
        b.add(
            "person_lines",
            person_id=p,
            line_id="language",
            category_id="prefer_not_to_say" if p == "P01" else "spanish",
        )
    good, n, extras = complete(b)
    assert (good - before[0], n - before[1]) == (6 + 6, 6)  # 6 of the 10, and the 6 category_id
    assert extras["by_table"]["person_lines"] == 12 / 16


def test_record_completeness_4_levels() -> None:
    b = Builder(six=False).event("E1", "2025-01-01", kind="collective_action", head_count="3", mode="mobilizing")
    b.event("E2", "2025-01-01", status="planned")
    assert complete(b)[:2] == (3 + 2 + 3, 3 + 3 + 3)  # mode, head_count; entered_on empty
    assert complete(b, adoption_level="relational")[:2] == (8, 12)
    assert complete(b, adoption_level="full")[:2] == (8, 12)


def test_record_completeness_5_nothing() -> None:
    refused(run("record_completeness", Builder()), "no_eligible_units")
    b = Builder(six=False).add("activity_counts", month="2025-01", kind="opens")
    out = run("record_completeness", b)
    given(out, 0)
    assert (out["denominator"], out["extras"]["unknown_share"]) == (2, 0)
    # an old record is a record, whatever the records' beginning
    assert run("record_completeness", four(), records_from=LAST)["status"] == "computed"


def test_record_completeness_copies_and_conditions() -> None:
    b = four(consent_use="yes").add("people", person_id="", person_type="staff")
    assert complete(b)[:2] == (15, 16)  # the row without a key has no cell
    b.add("people", **{**b.rows["people"][0], "first_channel": "phone"})
    good, n, extras = complete(b)
    assert (good, n, extras["invalid"], extras["rows_left_out"]) == (14, 16, 1, 1)
    b = Builder()
    b.talk("P01", "", "2025-01-01").talk("P01", "P02", "2025-01-01", kind="check_in").rows.pop("people")
    assert complete(b)[:2] == (4 + 4, 4 + 3 + 4)  # person_b, initiated_by, entered_on of a held one_to_one
    b = Builder(six=False).add("groups", group_id="G1", group_type="team", keeps_conversation_log="yes")
    assert complete(b)[:2] == (1, 2)  # has_written_purpose of a team
    assert complete(b, conversations_recorded_for="marked_groups")[:2] == (2, 3)
    b = cohorts(Builder(six=False), ["100", "101"], (1, 2), n_team="x")
    assert complete(b)[:2] == (3, 8)  # n_new twice, n_member_tie once
    assert complete(b)[2]["invalid"] == 3


# ---- DQ-03 ----------------------------------------------------------------------------------------------------------
def entered(*lags: int | None, held_on: str = "2025-05-01") -> Builder:
    """Records of one day, entered so many days later; None is not said. Every third is an event."""
    b = Builder()
    for i, lag in enumerate(lags):
        on = "" if lag is None else back(-lag, held_on)
        if i % 3 == 2:
            b.event(f"E{i}", held_on, entered_on=on)
        else:
            b.talk("P01", "P02", held_on, kind="check_in", entered_on=on)
    return b


def test_entry_timeliness_1_to_3() -> None:
    out = run("entry_timeliness", entered(*range(15), 0, 15, 20, 31, 40))
    given(out, 0.8)
    limits(out, 0.583983, 0.919342, "U1")
    assert out["extras"] | {"median_lag": 9} == out["extras"] | {"n_conversations": 14, "n_events": 6, "median_lag": 9}
    assert (out["extras"]["share_over_30"], out["extras"]["is_recall_batch"]) == (0.1, "no")
    assert run("entry_timeliness", entered(*[14] * 10, *[15] * 10))["value"] == 0.5
    out = run("entry_timeliness", entered(*[40] * 20))
    given(out, 0)
    assert (out["extras"]["is_recall_batch"], out["extras"]["median_lag"]) == ("yes", 40)
    assert run("entry_timeliness", entered(*[30] * 10, *[31] * 10))["extras"]["is_recall_batch"] == "no"


def test_entry_timeliness_4_and_5() -> None:
    refused(run("entry_timeliness", entered(*[1] * 19)), "below_minimum_n")
    refused(run("entry_timeliness", entered(*[1] * 19, *[None] * 21)), "below_coverage")
    out = run("entry_timeliness", entered(*[1] * 20, *[None] * 10, *[-1] * 10))
    assert (out["value"], out["unknown"], out["warnings"]) == (1, 20, ["partial_coverage"])
    refused(run("entry_timeliness", entered(*[None] * 30)), "missing_required_field")
    refused(run("entry_timeliness", Builder()), "no_eligible_units")
    b = entered(*[1] * 20).talk("P01", "P02", "2025-05", entered_on="2025-05-03").talk("P01", "P02", "2024-12-31")
    assert (run("entry_timeliness", b)["n_units"], run("entry_timeliness", b)["unknown"]) == (20, 0)
    assert run("entry_timeliness", b.talk("P01", "P02", "2025-01-01"))["unknown"] == 1


# ---- DQ-04 ----------------------------------------------------------------------------------------------------------
def reviewed(day: str, *people: str, **cells: str) -> Builder:
    return Builder().event("R1", day, **cells).came("R1", *people)


def review_of(b: Builder, event_id: str | None = "R1", **settings: Any) -> dict[str, Any]:
    out = run("constituent_review", b, review={"event_id": event_id} if event_id else {}, **settings)
    assert (out["status"], out["numerator"], out["denominator"]) == ("computed", None, None)
    return out


def test_constituent_review_1() -> None:
    b = reviewed("2026-01-20", *ids("P", 5))
    for i in range(18):
        b.add("reviews", event_id="R1", indicator_id=f"i{i}", result="confirmed" if i < 16 else "corrected")
    b.add("reviews", event_id="R2", indicator_id="i20", result="disputed")
    reported = [f"i{i}" for i in range(36)] + ["constituent_review"]
    out = review_of(b, parameters={"reported": reported})
    assert (out["value"], out["extras"]["share_reviewed"], out["extras"]["n_corrected"]) == (1, 0.5, 2)
    assert (out["extras"]["n_reviewed"], out["extras"]["n_confirmed"], out["extras"]["n_disputed"]) == (18, 16, 0)
    assert (out["extras"]["constituents_present"], out["extras"]["reviewed_on"]) == (5, "2026-01-20")
    assert "share_reviewed" not in review_of(b)["extras"]


def test_constituent_review_2_to_6() -> None:
    three = reviewed("2026-01-20", *ids("P", 3))
    assert review_of(three)["value"] == 1
    assert review_of(three)["extras"]["share_reviewed"] is None
    assert review_of(three, parameters={"min_constituents": "4"})["value"] == 0
    assert review_of(reviewed("2026-01-20", "P01", "P02", "S1"))["value"] == 0
    assert review_of(three, None)["value"] == 0
    assert review_of(three, "R9")["value"] == 0
    assert review_of(reviewed("2025-12-15", *ids("P", 5)))["value"] == 0
    assert review_of(reviewed(LAST, *ids("P", 5)))["value"] == 1
    assert review_of(reviewed("2026-01-20", *ids("P", 5), status="planned"))["value"] == 0
    assert review_of(Builder(six=False), records_from=LAST)["value"] == 0
    assert run("constituent_review", Builder())["value"] == 0  # no review in the manifest


# ---- IND-02 ---------------------------------------------------------------------------------------------------------
def action(event_id: str, head_count: str, people: list[str], b: Builder | None = None, **cells: str) -> Builder:
    b = (b or Builder()).event(
        event_id, "2025-05-05", **({"kind": "collective_action", "head_count": head_count} | cells)
    )
    return b.came(event_id, *people)


def test_turnout_count_1_to_3() -> None:
    b = action("E1", "40", ids("P", 25), head_count_method="estimated")
    action("E2", "", ids("P", 18, 16), b, kind="public_meeting")
    out = run("turnout_count", b)
    given(out, 58)
    assert (out["numerator"], out["denominator"], out["n_units"]) == (58, None, 2)
    assert (out["extras"]["unique_named"], out["extras"]["named_attendances"]) == (33, 43)
    assert out["extras"]["estimated_share"] == pytest.approx(40 / 58)
    given(run("turnout_count", action("E1", "40", ids("P", 50))), 50)
    place = {"target": "Mayor", "demand_id": "D1"}
    out = run("turnout_count", action("E2", "20", ids("Q", 5), action("E1", "30", ids("P", 9), **place), **place))
    given(out, 50)
    assert (out["n_units"], out["extras"]["named_attendances"]) == (1, 14)
    both = action("E2", "20", ids("P", 5), action("E1", "30", ids("P", 9), **place), **place)
    given(run("turnout_count", both), 9 + 21 + 15)  # five named at both


def test_turnout_count_4_and_5_and_unknown() -> None:
    given(run("turnout_count", Builder(), complete_tables=["events"]), 0)
    refused(run("turnout_count", Builder()), "no_eligible_units")
    no_kind = Builder().event("E1", "2025-05-05").event("E2", "2024-12-31", kind="public_meeting", head_count="9")
    refused(run("turnout_count", no_kind), "no_eligible_units")
    b = action("E2", "", [], action("E1", "7", []))
    given(run("turnout_count", b), 7, "partial_coverage")
    assert run("turnout_count", b)["extras"]["n_events"] == 2
    refused(run("turnout_count", action("E3", "", [], b)), "below_coverage")
    bounds = {"head_count_low": "5", "head_count_high": "30", "head_count_method": "counted"}
    out = run("turnout_count", action("E2", "10", ids("P", 8), action("E1", "20", [], **bounds)))
    assert (out["value"], out["extras"]["low"], out["extras"]["high"]) == (30, 5 + 10, 30 + 10)
    assert out["extras"]["estimated_share"] == pytest.approx(10 / 30)  # no method is an estimate


# ---- IND-03 ---------------------------------------------------------------------------------------------------------
def audience(*counts: tuple[str, str, str], **settings: Any) -> dict[str, dict[str, Any]]:
    b = Builder()
    b.rows["activity_counts"] = []
    for month, kind, n in counts:
        b.add("activity_counts", month=month, kind=kind, n=n)
    return rows("audience_size", b, **settings)


def test_audience_size() -> None:
    out = audience(("2025-03", "list_size", "500"), ("2025-06", "list_size", "700"))
    assert list(out) == ["kind=signatures", "kind=list_size", "kind=followers", "kind=opens"]
    given(out["kind=list_size"], 700)
    assert out["kind=list_size"]["extras"]["stock_month"] == "2025-06"
    assert out["kind=list_size"]["n_units"] == 2
    for kind in ("signatures", "followers", "opens"):
        refused(out[f"kind={kind}"], "no_eligible_units")
    out = audience(*[(f"2025-{m:02}", "opens", "1000") for m in range(1, 13)])
    given(out["kind=opens"], 12000)
    assert out["kind=opens"]["extras"]["months_with_row"] == 12
    given(audience(("2025-05", "opens", "7"))["kind=opens"], 7, "partial_coverage")
    out = audience(complete_tables=["activity_counts"])
    given(out["kind=signatures"], 0)
    given(out["kind=followers"], 0)


def test_audience_size_boundaries() -> None:
    for kind in ("opens", "list_size"):
        counts = [("2024-05", kind, "1"), ("2024-06", kind, "3"), ("2025-06", kind, "5")]
        assert audience(*counts, end="2025-06-15")[f"kind={kind}"]["value"] == 3
    missing = rows("audience_size", Builder())
    assert len(missing) == 4
    for row in missing.values():
        refused(row, "missing_required_field")
    out = audience(("2025-03", "followers", "5"), ("2025-04", "followers", "6"), ("2025-05", "followers", "many"))
    assert (out["kind=followers"]["value"], out["kind=followers"]["unknown"]) == (6, 1)
    out = audience(("2025-03", "followers", "5"), ("2025-04", "followers", ""), ("2025-05", "followers", ""))
    refused(out["kind=followers"], "below_coverage")
    assert out["kind=followers"]["extras"]["stock_month"] is None
