"""Findings about the manifest: where they stand, in a folder and in a workbook, and how a reader meets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relmetrics.reporting import render
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.synthesis import Behaviours, synthesize, write_folder, write_workbook
from relmetrics.validation import Finding, Findings, validate

SMALL = Behaviours(level="core", name="hillside", people=20, months=12, teams=2)


def found_in(path: Path) -> Findings:
    with read_submission(path, load_release()) as submission:
        return validate(submission)


def the(found: Findings, rule: str) -> Finding:
    (one,) = (one for one in found if one.rule == rule)
    return one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(synthesize(SMALL, 3), tmp_path / "hillside")
    return tmp_path / "hillside"


def declare(folder: Path, name: str, text: str) -> int:
    """Write another value behind a key; its line."""
    file = folder / "submission.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    (at,) = (number for number, line in enumerate(lines) if re.match(rf" *{name}:", line))
    lines[at] = f"{lines[at].partition(':')[0]}: {text}"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return at + 1


def test_in_a_folder_a_finding_stands_in_the_line_of_its_key(folder: Path) -> None:
    line = declare(folder, "start", '"2010-07-01"')
    one = the(found_in(folder), "period_of_unusual_length")
    assert (one.table, one.file, one.sheet) == ("submission", "submission.yaml", "")
    assert (one.row, one.field, one.cell) == (line + 1, "period.end", ""), "the key as the manifest has it"
    assert [(place.row, place.field) for place in one.related] == [(line, "period.start")]


def test_in_a_workbook_it_stands_in_the_row_of_its_sheet(tmp_path: Path) -> None:
    organization = synthesize(SMALL, 3)
    organization.manifest["taken_on"] = "2031-07-14"
    write_workbook(organization, tmp_path / "hillside.xlsx")
    one = the(found_in(tmp_path / "hillside.xlsx"), "taken_long_after_the_period")
    assert (one.file, one.sheet, one.field) == ("hillside.xlsx", "submission", "taken_on")
    assert one.row is not None
    assert one.row > 1


def test_a_finding_about_the_manifest_comes_first_among_those_of_its_severity(folder: Path) -> None:
    declare(folder, "records_from", '"2031-01-01"')
    found = found_in(folder)
    assert found.findings[0].rule == "records_begin_after_the_period"
    others = {one.cause for one in found if one.rule == "dates_mostly_outside_the_period"}
    assert others == {found.findings[0].id}, "rows that lie outside are told under the manifest's mistake"


def test_a_name_that_no_table_has_is_not_repeated_as_a_finding(folder: Path) -> None:
    file = folder / "submission.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('- "events"', '- "kites"'), encoding="utf-8")
    (folder / "activity_counts.csv").unlink()
    one = the(found_in(folder), "complete_table_not_handed_in")
    assert one.params == {"table_name": "activity_counts"}


def test_a_reader_is_told_file_line_and_key(folder: Path) -> None:
    line = declare(folder, "start", '"2010-07-01"')
    found = found_in(folder)
    text, page, data = (render(found, form) for form in ("text", "html", "json"))
    where = f"submission.yaml, line {line + 1} (period.end)"
    assert where in " ".join(text.split())
    assert where in page
    assert '"field": "period.end"' in data
