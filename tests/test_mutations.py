"""Known defects, planted one at a time in a clean submission: exactly the findings that they deserve, and no others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mutations.clean import clean_submission
from mutations.sheets import Expected, Sheets
from relmetrics.standard import load_release
from scores import PAGE, fingerprint, found_in, places, plants

PLANTS = plants()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_submission(tmp_path_factory.mktemp("mutations") / "clean")


def test_the_submission_is_clean_before_anything_is_planted(clean: Path, tmp_path: Path) -> None:
    found = found_in(Sheets.read(clean), tmp_path / "clean")
    assert places(found) == Counter()
    unclear = {check.rule for check in found.checks if check.kind == "rule" and check.outcome == "cannot_tell"}
    assert unclear == set(), "every rule can be judged, or planting could find nothing"


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_defect_and_nothing_else_is_found(name: str, clean: Path, tmp_path: Path) -> None:
    sheets = Sheets.read(clean)
    expected = Counter(Expected(*one) for one in PLANTS[name][1](sheets))
    found = places(found_in(sheets, tmp_path / name))
    assert expected, "a defect without a finding is none"
    assert found == expected, f"not found {dict(expected - found)}; found besides {dict(found - expected)}"


def test_every_rule_and_constraint_is_planted() -> None:
    release = load_release()
    named = {name.partition("__")[0] for name in PLANTS}
    assert release.rules.keys() <= named, "a mutation is named as the rule that it breaks"


def test_the_published_scores_are_those_of_these_rules() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"`{fingerprint(load_release())}`" in text, "a rule has changed: run 'make scores'"
    assert f"**{len(PLANTS)} of {len(PLANTS)}**" in text
