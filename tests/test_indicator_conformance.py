"""The deck of indicators: what every implementation must compute. Engine and oracle are held to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from calculated import INDICATORS, case_for_oracle, engine, engine_row, oracle_rows
from deck import DECK, Case, cases_of, submission_from_case
from relmetrics.definitions.case import IndicatorDeck
from relmetrics.documents import read_document

CASES = cases_of("indicators")
_PLAIN = ("status", "reason", "value", "numerator", "denominator", "n_units", "unknown")
# Concentrations have no zero: the effective number of leaders is at least one.
_WITHOUT_TRUE_ZERO = {"effective_leaders"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_engine_computes_what_a_case_demands(case: Case, tmp_path: Path) -> None:
    with submission_from_case(case.given, tmp_path) as submission:
        values = engine(submission, case.subject, parameters=case.given.get("parameters"))
    value = values.get(case.subject, case.expect.get("disaggregation", "total"))
    assert _differences(engine_row(value), case.expect) == [], case.title
    if "companions" in case.expect:
        assert sorted(value.companions) == sorted(case.expect["companions"]), case.title


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_oracle_computes_what_a_case_demands(case: Case) -> None:
    tables, manifest = case_for_oracle(case.given)
    rows = oracle_rows(case.subject, tables, manifest, parameters=case.given.get("parameters"), simulate=True)
    cell = case.expect.get("disaggregation", "total")
    (row,) = (row for row in rows if row["disaggregation"] == cell)
    assert _differences(row, case.expect) == [], case.title


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_has_its_kinds_of_cases(indicator: str) -> None:
    deck = IndicatorDeck.model_validate(read_document(DECK / "indicators" / f"{indicator}.yaml").data)
    kinds = {"worked", "boundary", "not_computable", "true_zero"} - ({"true_zero"} & _zeros(indicator))
    assert {case.kind for case in deck.cases} == kinds
    assert sum(block.count("\n") for block in deck.cases[0].given.tables.values()) < 80  # it stands on a page


def test_every_file_of_the_deck_is_about_an_indicator() -> None:
    assert {case.subject for case in CASES} == set(INDICATORS)


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [(0.4166666666666667, "0.416666667", True), (0.4166666676, "0.416666667", False), (0.6, "0.6", True),
     (0.6000001, "0.6", False), (None, "null", True), (0, "null", False), (None, "0", False), (12, "12", True)],
)  # fmt: skip
def test_numbers_are_compared_as_printed(found: Any, expected: str, same: bool) -> None:
    assert _is_same(found, expected) is same


def _zeros(indicator: str) -> set[str]:
    return {"true_zero"} if indicator in _WITHOUT_TRUE_ZERO else set()


def _differences(row: Mapping[str, Any], expect: Mapping[str, Any]) -> list[str]:
    """What a row says otherwise than its case; only what the case gives is looked at."""
    found = [_said(name, row[name], expect[name]) for name in _PLAIN if name in expect]
    if "warnings" in expect and sorted(expect["warnings"]) != row["warnings"]:
        found.append(f"warnings: {row['warnings']}, not {expect['warnings']}")
    for part in ("interval", "benchmark"):
        if part in expect:
            found += _part(part, row[part], expect[part])
    for name, text in expect.get("extras", {}).items():
        found.append(_said(name, row["extras"].get(name), text))
    return [one for one in found if one]


def _part(part: str, given: Mapping[str, Any] | None, wanted: Any) -> list[str]:
    if wanted == "null" or given is None:
        return [] if (wanted == "null") == (given is None) else [f"{part}: {given}, not {wanted}"]
    return [_said(f"{part}.{name}", given[name], text) for name, text in wanted.items()]


def _said(name: str, found: Any, expected: str) -> str:
    return "" if _is_same(found, expected) else f"{name}: {found!r}, not {expected}"


def _is_same(found: Any, expected: str) -> bool:
    if expected == "null" or found is None:
        return expected == "null" and found is None
    if isinstance(found, str):
        return found == expected
    # Nine decimals are a rounded number, fewer an exact one.
    if len(expected.partition(".")[2]) >= 9:
        return bool(found == pytest.approx(float(expected), rel=0, abs=5.001e-10))
    return bool(found == pytest.approx(float(expected), rel=1e-12, abs=1e-15))
