"""Requirements met, not met, cannot tell: each with its reason and its evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import samples
from relmetrics.assessment import MENDABLE, AssessedRequirement, FieldCount, assess, companions_available

FILLED = {"one_to_ones.person_b": FieldCount(110, 120)}


def items(
    values: Any = None, fields: Any = FILLED, findings: Any = None, **changes: Any
) -> dict[str, AssessedRequirement]:
    requirements = samples.requirements(**changes)
    values = samples.values() if values is None else values
    assessment = assess(findings or samples.no_findings(), values, requirements, samples.manifest(), fields)
    return {item.requirement: item for item in assessment.items}


def test_without_requirements_nothing_is_asked() -> None:
    assessment = assess(samples.findings(), samples.values())
    assert (assessment.items, assessment.requirements_id, assessment.verdict) == ((), "", "met")


def test_all_met_with_evidence() -> None:
    requirements = samples.requirements()
    assessment = assess(samples.no_findings(), samples.values(), requirements, samples.manifest(), FILLED)
    assert {item.verdict for item in assessment.items} == {"met"}
    assert {item.reason for item in assessment.items} == {""}
    assert assessment.verdict == "met"
    found = {item.requirement: item.evidence for item in assessment.items}
    assert found["indicator:member_to_member_share"] == ("member_to_member_share/total",)
    assert found["indicator:one_to_one_coverage"][1:] == (
        "member_to_member_share/total",
        "repeat_conversation_rate/total",
    )


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("not_adopted_level", "not_met"),
        ("missing_required_field", "not_met"),
        ("below_coverage", "not_met"),
        ("coding_disagreement", "not_met"),
        ("missing_records_window", "cannot_tell"),
        ("no_staff", "cannot_tell"),
        ("no_eligible_units", "cannot_tell"),
        ("below_minimum_n", "cannot_tell"),
        ("follow_up_too_short", "cannot_tell"),
        ("undefined_0_over_0", "cannot_tell"),
        ("no_variance", "cannot_tell"),
        ("too_large", "cannot_tell"),
        ("gate_not_passed", "cannot_tell"),
    ],
)
def test_what_recording_could_mend_is_not_met_and_the_rest_cannot_be_told(reason: str, verdict: str) -> None:
    values = samples.changed(samples.values(), "effective_leaders", **samples.NOT_COMPUTABLE, reason=reason)
    item = items(values)["indicator:effective_leaders"]
    assert (item.verdict, item.reason) == (verdict, reason)


def test_every_reason_of_the_standard_has_a_verdict_on_purpose() -> None:
    known = set(samples.codelists()["reasons"].by_code)
    assert known >= MENDABLE


@pytest.mark.parametrize(
    ("reason", "verdict"), [("below_coverage", "not_met"), ("below_minimum_n", "cannot_tell"), ("", "met")]
)
def test_an_embedded_value_needs_its_companion(reason: str, verdict: str) -> None:
    values = samples.values()
    for companion in ("member_to_member_share", "repeat_conversation_rate"):
        if reason:
            values = samples.changed(values, companion, **samples.NOT_COMPUTABLE, reason=reason)
    item = items(values)["indicator:one_to_one_coverage"]
    assert item.verdict == verdict
    assert item.reason == ("companion_missing" if reason else "")
    if reason:
        assert item.params["companions"] == "member_to_member_share|repeat_conversation_rate"


def test_one_companion_that_could_not_be_mended_makes_it_cannot_tell() -> None:
    values = samples.changed(
        samples.values(), "member_to_member_share", **samples.NOT_COMPUTABLE, reason="below_coverage"
    )
    values = samples.changed(values, "repeat_conversation_rate", **samples.NOT_COMPUTABLE, reason="below_minimum_n")
    assert items(values)["indicator:one_to_one_coverage"].verdict == "cannot_tell"


def test_one_alternative_suffices_and_a_conjunction_needs_both() -> None:
    values = samples.changed(
        samples.values(), "repeat_conversation_rate", **samples.NOT_COMPUTABLE, reason="below_minimum_n"
    )
    assert companions_available(values.get("one_to_one_coverage"), values) == (True, ("member_to_member_share",))
    assert companions_available(values.get("contacts_made"), values)[0] is False
    assert companions_available(values.get("effective_leaders"), values) == (True, ())


def test_a_companion_needs_its_own_companions_and_a_circle_never_holds() -> None:
    values = samples.changed(samples.values(), "member_to_member_share", companions=("closure",))
    values = samples.changed(values, "closure", **samples.NOT_COMPUTABLE, reason="below_minimum_n")
    assert companions_available(values.get("one_to_one_coverage"), values) == (True, ("repeat_conversation_rate",))
    circle = samples.changed(samples.values(), "member_to_member_share", companions=("one_to_one_coverage",))
    circle = samples.changed(circle, "repeat_conversation_rate", **samples.NOT_COMPUTABLE, reason="below_minimum_n")
    assert companions_available(circle.get("one_to_one_coverage"), circle)[0] is False


def test_a_companion_of_another_period_does_not_count() -> None:
    values = samples.changed(samples.values(), "member_to_member_share", period="2025-01-01/2025-06-30")
    values = samples.changed(values, "repeat_conversation_rate", period="2025-01-01/2025-06-30")
    assert companions_available(values.get("one_to_one_coverage"), values)[0] is False


def test_another_period() -> None:
    found = items(period={"start": "2025-01-01", "end": "2025-12-31"})
    assert (found["period"].verdict, found["period"].reason) == ("not_met", "other_period")
    leaders = found["indicator:effective_leaders"]
    assert (leaders.verdict, leaders.reason, leaders.evidence) == ("cannot_tell", "other_period", ())


def test_only_the_end_of_the_period_decides() -> None:
    assert items(period={"start": "2025-07-01", "end": "2026-06-30"})["period"].verdict == "met"


def test_nothing_calculated() -> None:
    nothing = replace(samples.values(), values=())
    found = items(nothing)
    assert found["period"].verdict == "met"  # the manifest says it
    assert (found["indicator:effective_leaders"].verdict, found["indicator:effective_leaders"].reason) == (
        "cannot_tell",
        "not_calculated",
    )
    assert found["coverage:member_to_member_share"].verdict == "cannot_tell"
    assert assess(samples.no_findings(), nothing, samples.requirements()).items[0].verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("coverage", "verdict"), [(0.75, "met"), (0.7499, "not_met"), (None, "cannot_tell"), (1.0, "met")]
)
def test_coverage(coverage: float | None, verdict: str) -> None:
    values = samples.changed(samples.values(), "member_to_member_share", coverage=coverage)
    assert items(values)["coverage:member_to_member_share"].verdict == verdict


def test_coverage_asked_of_all_holds_for_those_that_have_one() -> None:
    found = items(least_coverage="0.90")
    assert found["coverage:member_to_member_share"].params["asked"] == "0.75"  # its own goes first
    assert found["coverage:one_to_one_coverage"].verdict == "not_met"
    assert "coverage:effective_leaders" not in found


@pytest.mark.parametrize(
    ("count", "verdict", "reason"),
    [
        (FieldCount(1, 120), "met", ""),
        (FieldCount(0, 120), "not_met", "field_empty"),
        (FieldCount(0, None), "not_met", "field_absent"),
        (FieldCount(0, 0), "cannot_tell", "table_without_rows"),
        (None, "cannot_tell", "fields_not_counted"),
    ],
)
def test_fields(count: FieldCount | None, verdict: str, reason: str) -> None:
    item = items(fields=None if count is None else {"one_to_ones.person_b": count})["field:one_to_ones.person_b"]
    assert (item.verdict, item.reason) == (verdict, reason)


def test_error_findings_are_counted_exactly_and_not_as_listed() -> None:
    findings = samples.findings()
    assert findings.counts()["error"] == 15
    assert items(findings=findings, most_error_findings=15)["findings"].verdict == "met"
    item = items(findings=findings, most_error_findings=14)["findings"]
    assert (item.verdict, item.reason, item.params) == ("not_met", "too_many_errors", {"asked": "14", "given": "15"})
    assert len(item.evidence) == 12
    assert "findings" not in items(findings=findings, most_error_findings=None)


def test_an_optional_requirement_does_not_count_against_the_submission() -> None:
    values = samples.changed(samples.values(), "one_to_one_coverage", **samples.NOT_COMPUTABLE, reason="below_coverage")
    requirements = samples.requirements()
    assessment = assess(samples.no_findings(), values, requirements, samples.manifest(), FILLED)
    assert {item.verdict for item in assessment.items} == {"met", "not_met"}
    assert assessment.verdict == "met"


def test_the_worst_required_verdict_stands_for_all() -> None:
    values = samples.changed(samples.values(), "effective_leaders", **samples.NOT_COMPUTABLE, reason="below_minimum_n")
    assert assess(samples.no_findings(), values, samples.requirements(), None, FILLED).verdict == "cannot_tell"
    values = samples.changed(values, "member_to_member_share", **samples.NOT_COMPUTABLE, reason="below_coverage")
    assert assess(samples.no_findings(), values, samples.requirements(), None, FILLED).verdict == "not_met"
