"""The deck: what every implementation of the standard must say about these tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deck import VERDICTS, Case, cases_of, submission_from_case
from relmetrics.standard import load_release
from relmetrics.validation import Check, Finding, Findings, validate

CHECKED = [*cases_of("structure"), *cases_of("rules"), *cases_of("screens")]
_OUTCOMES = {"fires": "findings"}


@pytest.mark.parametrize("case", CHECKED, ids=str)
def test_rule_or_constraint_says_what_its_case_demands(case: Case, tmp_path: Path) -> None:
    with submission_from_case(case.given, tmp_path) as submission:
        found = validate(submission)
    table = case.expect.get("table", "")
    check = _check(found, case.subject, table)
    assert check.outcome == _OUTCOMES.get(case.kind, case.kind) == case.expect["outcome"], case.title
    for name in ("reason", "n_examined", "n_findings"):
        if name in case.expect:
            assert str(getattr(check, name)) == case.expect[name], (case.title, name)
    listed = [one for one in found if one.rule == case.subject and one.table == table]
    wanted = case.expect.get("findings", [])
    assert [_part(one, like) for one, like in zip(listed, wanted, strict=False)] == list(wanted), case.title
    assert len(listed) == check.n_findings == len(wanted), case.title


@pytest.mark.parametrize("folder", ["rules", "structure", "screens"])
def test_every_rule_and_constraint_has_its_cases(folder: str) -> None:
    release = load_release()
    kinds: dict[str, set[str]] = {}
    for case in cases_of(folder):
        assert case.kind in VERDICTS, case
        kinds.setdefault(case.subject, set()).add(case.kind)
    assert kinds.keys() == getattr(release, folder).keys()
    for subject, found in kinds.items():
        assert {"fires", "clean"} <= found, subject


def _check(found: Findings, subject: str, table: str) -> Check:
    (check,) = (check for check in found.checks if (check.rule, check.table) == (subject, table))
    return check


def _part(finding: Finding, like: Mapping[str, Any]) -> dict[str, Any]:
    """What a case asks about a finding; numbers as text, as the deck has them."""
    part: dict[str, Any] = {}
    for name in like:
        if name == "related_row":
            value: Any = finding.related[0].row if finding.related else None
        elif name == "params":
            value = finding.params
        else:
            value = getattr(finding, name)
        part[name] = value if isinstance(value, dict) else str(value)
    return part
