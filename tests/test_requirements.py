"""A funder's document selects and tightens; everything else is refused with file, line, what, and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import samples
from relmetrics.definitions import Release
from relmetrics.documents import read_document
from relmetrics.errors import RequirementsError
from relmetrics.requirements import read_requirements
from relmetrics.standard import load_release

GOOD = """\
id: lakeside
version: 1.0.0
issuer: Lakeside Fund
title: {en: Reporting}
release: "1.0"
period: {start: 2026-01-01, end: 2026-06-30}
indicators:
  - indicator: member_to_member_share
    least_coverage: 0.70
  - indicator: contacts_made
    need: optional
required_fields: []
most_error_findings: 0
least_coverage: 1
"""


@pytest.fixture
def release() -> Release:
    """Eight indicators, one of them experimental, and no tables."""
    made = samples.release()
    sheets = dict(made.indicators)
    sheets["closure"] = sheets["closure"].model_copy(update={"status": "experimental"})
    return replace(made, indicators=MappingProxyType(sheets))


def read(tmp_path: Path, release: Release, text: str) -> object:
    path = tmp_path / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    return read_requirements(path, release)


def test_a_good_document(tmp_path: Path, release: Release) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(GOOD, encoding="utf-8")
    requirements = read_requirements(path, release)
    assert [(item.indicator, item.need, item.least_coverage) for item in requirements.indicators] == [
        ("member_to_member_share", "required", "0.70"),
        ("contacts_made", "optional", None),
    ]
    assert (requirements.most_error_findings, requirements.least_coverage) == (0, "1")
    assert read_requirements(str(path), release) == requirements


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("member_to_member_share", "member_to_members_share", 8, "Did you mean member_to_member_share?"),
        ("member_to_member_share", "xyzzy", 8, "It has one_to_one_coverage,"),
        ("member_to_member_share", "REL-02", 8, "Write the indicator's id: member_to_member_share."),
        ("member_to_member_share", "closure", 8, "closure is experimental"),
        ("contacts_made", "member_to_member_share", 10, "stands twice"),
        ("least_coverage: 0.70", "least_coverage: 0.69", 9, "looser than the standard's own 0.70"),
        ("least_coverage: 0.70", "least_coverage: 1.01", 9, "no share"),
        ("least_coverage: 0.70", "least_coverage: 70 %", 9, "no share"),
        ("least_coverage: 1\n", "least_coverage: -0.2\n", 14, "no share"),
        ("least_coverage: 1\n", "least_coverage: nan\n", 14, "no share"),
        ("least_coverage: 1\n", "least_coverage: 0.5\n", 14, "looser"),
        (
            "contacts_made\n    need: optional",
            "effective_leaders\n    least_coverage: 0.8",
            11,
            "no coverage belongs to",
        ),
        ('release: "1.0"', 'release: "2.0"', 5, "asks for release 2.0"),
        ("required_fields: []", "required_fields: [people.shoe_size]", 12, "no field 'people.shoe_size'"),
        ("most_error_findings: 0", "most_error_findings: -1", 13, "below zero"),
        ("most_error_findings: 0", "most_error_findings: few", 13, "whole number"),
        ("most_error_findings: 0", "most_errors: 0", 13, "Did you mean most_error_findings?"),
        ("    need: optional", "    weight: 2", 11, "the key 'weight' is not known"),
        ("    need: optional", "    need: maybe", 11, "required"),
        ("issuer: Lakeside Fund\n", "", 1, "issuer"),
        ("end: 2026-06-30", "end: 30 June", 6, "date"),
        ("start: 2026-01-01", "start: 2027-01-01", 6, "ends before it starts"),
        ("id: lakeside\n", "id: lakeside\nid: other\n", 2, "stands twice"),
        ("version: 1.0.0", "version: &a 1.0.0", 2, "anchors"),
    ],
)
def test_what_is_refused(tmp_path: Path, release: Release, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(RequirementsError) as caught:
        read(tmp_path, release, GOOD.replace(old, new, 1))
    message = str(caught.value)
    assert message.startswith(f"asked.yaml, line {line}: "), message
    assert words in message
    assert message.endswith((".", "?"))
    assert str(tmp_path) not in message


def test_an_experimental_indicator_may_be_optional(tmp_path: Path, release: Release) -> None:
    text = GOOD.replace("indicator: contacts_made", "indicator: closure")
    assert read(tmp_path, release, text) is not None


@pytest.mark.parametrize("only", ["contacts_made", "relational_coverage"])
def test_context_and_quality_alone_say_nothing(tmp_path: Path, release: Release, only: str) -> None:
    text = GOOD.replace("  - indicator: member_to_member_share\n    least_coverage: 0.70\n", "")
    text = text.replace("contacts_made", only)
    with pytest.raises(RequirementsError, match="only context counts"):
        read(tmp_path, release, text)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "id: [", "\x00", "indicators: []"])
def test_what_is_no_document(tmp_path: Path, release: Release, text: str) -> None:
    with pytest.raises(RequirementsError, match=r"asked\.yaml"):
        read(tmp_path, release, text)


def test_a_file_that_is_not_there(tmp_path: Path, release: Release) -> None:
    with pytest.raises(RequirementsError, match=r"nowhere\.yaml cannot be opened"):
        read_requirements(tmp_path / "nowhere.yaml", release)


def test_no_indicator(tmp_path: Path, release: Release) -> None:
    text = GOOD[: GOOD.index("indicators:")] + "indicators: []\n"
    with pytest.raises(RequirementsError, match="Name at least one"):
        read(tmp_path, release, text)


def test_the_fictional_funder_asks_for_relations_and_not_for_heads() -> None:
    made = replace(samples.release(), tables=load_release().tables)
    requirements = read_requirements(samples.ROOT / "examples" / "requirements" / "lakeside_fund_2026.yaml", made)
    required = {item.indicator for item in requirements.indicators if item.need == "required"}
    assert {made.indicators[name].indicator_class for name in required} <= {"R", "C", "I"}
    assert [name for name in sorted(required) if made.indicators[name].indicator_class == "I"] == [
        "relational_coverage"
    ]
    manifest = read_document(samples.ROOT / "examples" / "riverside_tenants" / "submission.yaml").data
    assert (str(requirements.period.start), str(requirements.period.end)) == (
        manifest["period"]["start"],
        manifest["period"]["end"],
    )
