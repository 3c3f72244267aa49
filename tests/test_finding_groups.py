"""Findings by cause: what is told first, what is folded under it, and what is to be taken out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import samples
from relmetrics.reporting import Report, make_report, render
from relmetrics.reporting.grouping import MOST_FIRST, group_by_cause
from relmetrics.reporting.places import column_letters, column_number, shared_sentences
from relmetrics.submission import read_submission
from relmetrics.validation import Findings, Readiness, validate

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "riverside_tenants"


def report(findings: Findings | None = None) -> Report:
    return make_report(samples.release(), samples.findings() if findings is None else findings)


def missing(n: int, table: str, field: str = "", **changes: Any) -> Any:
    given: dict[str, Any] = {
        "row": None,
        "cell": "",
        "table": table,
        "field": field,
        "file": f"{table}.csv",
        "params": {},
    }
    return samples.finding(n, "missing_column" if field else "missing_table", **{**given, **changes})


def test_what_unlocks_most_comes_first_then_what_frees_most_rows_then_the_graver() -> None:
    unreadable = [samples.finding(n, field="minutes", cell=f"G{n + 1}") for n in range(1, 4)]
    listed = (
        samples.finding(30, "unknown_column", "warning", row=None, cell="D1", field="", params={"nearest": ""}),
        samples.finding(31, field="held_on"),
        *unreadable,
        missing(40, "people", "consent_use"),
        missing(41, "people", "person_type"),
    )
    readiness = (
        Readiness("closure", False, "missing_required_field", (), ("people.person_type",)),
        Readiness("contacts_made", False, "missing_required_field", (), ("people.person_type",)),
        Readiness("effective_leaders", False, "missing_required_field", (), ("people.consent_use", "reviews.result")),
    )
    found = replace(samples.no_findings(), findings=listed, readiness=readiness)
    causes = group_by_cause(found, samples.release())
    assert [(cause.own.rule, cause.own.field) for cause in causes] == [
        ("missing_column", "person_type"),
        ("missing_column", "consent_use"),
        ("value_not_of_type", "minutes"),
        ("value_not_of_type", "held_on"),
        ("unknown_column", ""),
    ]
    assert causes[0].unlocks == ("closure", "contacts_made")
    assert (causes[1].unlocks, causes[1].helps) == ((), ("effective_leaders",))
    assert [cause.n_rows for cause in causes] == [0, 0, 3, 1, 0]
    assert all(cause.is_first for cause in causes)


def test_a_row_with_two_causes_is_freed_by_neither() -> None:
    listed = (
        samples.finding(1),
        samples.finding(2),
        samples.finding(3, field="minutes", row=3, cell="G3"),
        samples.finding(4, "unknown_column", "warning", row=2, field=""),
    )
    causes = group_by_cause(replace(samples.no_findings(), findings=listed), samples.release())
    assert {cause.own.field: cause.n_rows for cause in causes} == {"held_on": 1, "minutes": 0, "": 0}


def test_the_groups_are_the_same_in_every_order_and_run() -> None:
    causes = group_by_cause(samples.findings(), samples.release())
    again = group_by_cause(samples.findings(), samples.release())
    assert causes == again
    assert len({cause.id for cause in causes}) == len(causes)
    ids = [found.id for cause in causes for bundle in (cause.own, *cause.consequences) for found in bundle.findings]
    assert sorted(ids) == sorted(finding.id for finding in samples.findings()), "every finding stands once"
    assert sum(cause.own.n_findings + cause.n_consequences for cause in causes) == len(samples.findings())


def test_a_cause_is_told_once_with_its_consequences_counted() -> None:
    page = render(report(), "text")
    assert page.count("A column is not there (people, consent_use), 1 place") == 1
    assert "2 further findings come from this; mending the cause mends them too:" in page
    assert "- Error: A cell that must be filled is empty (people, consent_use), 2 places" in page
    assert "Fill it in, or write unknown" not in page, "nobody needs to mend what goes with its cause"


def many(n: int, severity: Any = "error") -> Findings:
    fields = ("held_on", "minutes", "person_a", "person_b", "status", "kind", "medium", "entered_on")[:n]
    listed = [samples.finding(place, severity=severity, field=field) for place, field in enumerate(fields, start=1)]
    return replace(samples.no_findings(), findings=tuple(listed))


@pytest.mark.parametrize("format", ["text", "html"])
def test_five_come_first_under_a_heading_of_their_own(format: str) -> None:
    view = report(many(8)).findings_view
    assert view is not None
    assert (len(view.first), len(view.groups)) == (MOST_FIRST, 1), "the rest of one rule and table stands together"
    columns = [column.column for column in view.groups[0].by_field]
    assert columns == ["column B: kind", "column B: medium", "column B: entered_on"]
    page = render(report(many(8)), format)
    assert page.index("Mend these first") < page.index("Then mend these")
    few = render(report(many(2)), format)
    assert "Mend these" in few
    assert "Mend these first" not in few
    assert "Then mend these" not in few


def test_notes_are_never_to_be_mended() -> None:
    view = report(many(2, "note")).findings_view
    assert view is not None
    assert [key for key, _ in view.parts] == ["notes"]
    assert "Mend these" not in render(report(many(2, "note")), "text")


def test_what_may_be_personal_data_is_to_be_taken_out(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    shutil.copytree(EXAMPLE, folder)
    rows = [line.split(",") for line in (folder / "people.csv").read_text(encoding="utf-8").splitlines()]
    rows[0].append("phone")
    for row in rows[1:]:
        row.append("312-555-0147")
    (folder / "people.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    with read_submission(folder) as read:
        found = make_report(read.release, validate(read))
    view = found.findings_view
    assert view is not None
    assert [group.rule for group in view.personal] == ["phone_number"]
    assert view.personal[0].n_follow_ups >= len(rows) - 1
    assert not any(group.rule == "phone_number" for group in (*view.first, *view.groups))
    page = render(found, "text")
    assert "Take these out" in page
    assert "312" not in page


def test_a_missing_table_says_what_it_would_unlock(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    shutil.copytree(EXAMPLE, folder)
    (folder / "people.csv").unlink()
    with read_submission(folder) as read:
        view = make_report(read.release, validate(read)).findings_view
    assert view is not None
    assert (view.first[0].rule, view.first[0].table) == ("missing_table", "people")
    assert "values then have the tables and columns they need" in view.first[0].gain[0]
    assert " more." in view.first[0].gain[0], "a few are named, the others counted"


def test_findings_that_are_only_counted_are_counted_once() -> None:
    causes = group_by_cause(samples.findings(), samples.release())
    assert (causes[0].own.n_findings, causes[0].own.n_not_listed) == (12, 3)
    # The same check, listed on its own and as a consequence: the rest belongs to one of them.
    listed = (
        samples.finding(1),
        samples.finding(2, "unknown_column", "warning", row=None, field=""),
        samples.finding(3, cause="f0002"),
        samples.finding(4, cause="f0002"),
    )
    checks = (samples.check("value_not_of_type", n_findings=10), samples.check("unknown_column", n_findings=1))
    causes = group_by_cause(replace(samples.no_findings(), findings=listed, checks=checks), samples.release())
    assert sum(cause.own.n_findings + cause.n_consequences for cause in causes) == 11
    assert {cause.own.rule: cause.n_consequences for cause in causes} == {"value_not_of_type": 0, "unknown_column": 9}


def test_sentences_that_all_places_share_are_told_once() -> None:
    assert shared_sentences([]) == ("", ())
    assert shared_sentences(["One. Two.", "One. Two."]) == ("One. Two.", ("", ""))
    assert shared_sentences(["One. Two.", "Three. Two."]) == ("Two.", ("One.", "Three."))
    assert shared_sentences(["One.", ""]) == ("", ("One.", ""))


@pytest.mark.parametrize(("cell", "letters", "n"), [("A1", "A", 1), ("Z9", "Z", 26), ("AA12", "AA", 27), ("", "", 0)])
def test_columns_of_cells(cell: str, letters: str, n: int) -> None:
    assert (column_letters(cell), column_number(cell)) == (letters, n)


def test_the_first_line_says_that_there_may_be_personal_data(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "given")
    file = tmp_path / "given" / "one_to_ones.csv"
    for step, told in (("", 0), ("C-9999,2026-03-03,ana@example.org,P-0002,held,one_to_one\n", 1), ("list", 4)):
        if step == "list":  # a column is told, and its cells below it as what comes from it
            (tmp_path / "given" / "list.csv").write_text("Name,Phone\nRosa Lopez,512-555-0143\n", encoding="utf-8")
        else:
            file.write_text(file.read_text(encoding="utf-8") + step, encoding="utf-8")
        with read_submission(tmp_path / "given") as submission:
            found = validate(submission)
            view = make_report(submission.release, found).findings_view
        assert view is not None
        assert (f" {told} of them may say who somebody is." in view.summary) is (told > 0)
        assert ("who somebody is" in view.summary) is (told > 0)
