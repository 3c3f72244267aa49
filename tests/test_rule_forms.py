"""Forms of a rule: about the text of a cell, and about a column as a whole; and codes written in another way."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from deck import submission_from_case
from relmetrics.definitions import Rule
from relmetrics.publishing.compiled import text_of_compiled_rules
from relmetrics.standard import data_root, load_release
from relmetrics.validation import Finding, Findings, profiles, validate
from relmetrics.validation.compiled import _from_json, compile_rule, to_json

RELEASE = load_release()


def checked(tables: Mapping[str, str], folder: Path, most_listed: int = 1000) -> Findings:
    with submission_from_case({"tables": tables}, folder) as submission:
        return validate(submission, most_listed)


def of(found: Findings, rule: str) -> list[Finding]:
    return [one for one in found if one.rule == rule]


def check_of(found: Findings, rule: str, table: str) -> tuple[str, int, int]:
    (one,) = (check for check in found.checks if (check.rule, check.table) == (rule, table))
    return one.outcome, one.n_examined, one.n_findings


# --- texts --------------------------------------------------------------------------------------------------------

MIXED = """one_to_one_id,held_on,entered_on,minutes
C1,46095,2026-05-01,40
C2,2026-05-01,soon,40
C3,46096,46097,"4,5"
"""


def test_a_text_explains_its_own_cell_and_no_other(tmp_path: Path) -> None:
    found = checked({"one_to_ones": MIXED}, tmp_path)
    told = {one.field: one for one in of(found, "date_as_spreadsheet_number")}
    assert {name: (one.cell, one.params) for name, one in told.items()} == {
        "held_on": ("B2", {"n_cells": "2"}),
        "entered_on": ("C4", {"n_cells": "1"}),
    }
    comma = of(found, "number_with_decimal_comma")[0]
    causes = {one.cell: one.cause for one in of(found, "value_not_of_type")}
    held, entered = told["held_on"].id, told["entered_on"].id
    assert causes == {"B2": held, "B4": held, "C3": "", "C4": entered, "D4": comma.id}


def test_told_once_is_counted_once_a_column_and_exactly(tmp_path: Path) -> None:
    # Beside a day in the standard's form: a whole column of such numbers would be read.
    rows = "".join(f"E{number},46095\n" for number in range(50)) + "E50,2026-03-14\n"
    found = checked({"events": f"event_id,held_on\n{rows}"}, tmp_path, most_listed=1)
    assert check_of(found, "date_as_spreadsheet_number", "events") == ("findings", 51, 1)
    assert check_of(found, "value_not_of_type", "events") == ("findings", 51, 50)
    assert of(found, "date_as_spreadsheet_number")[0].params == {"n_cells": "50"}


def test_a_text_that_was_read_is_not_counted_for_another_cell_of_its_row(tmp_path: Path) -> None:
    rows = "C1,13/04/2026,40\nC2,31/02/2026,40\nC3,14/04/2026,soon\n"
    found = checked({"one_to_ones": f"one_to_one_id,held_on,minutes\n{rows}"}, tmp_path)
    assert {one.cell for one in of(found, "value_not_of_type")} == {"B3", "C4"}
    (told,) = of(found, "date_with_day_or_month_first")
    assert (told.cell, told.params) == ("B3", {"n_cells": "1"})


def test_a_readable_text_is_no_matter_of_patterns(tmp_path: Path) -> None:
    # A blank around it is read all the same; so the text is kept, and nothing is wrong with it.
    found = checked({"events": 'event_id,held_on,status\nE1," 2026-05-01\u00a0",Held\n'}, tmp_path)
    told = {one.rule for one in found if one.table == "events" and one.field in ("held_on", "status")}
    assert told <= {"code_synonym"}


def test_the_id_of_a_finding_told_once_does_not_hang_on_the_row(tmp_path: Path) -> None:
    first = checked({"events": "event_id,held_on\nE1,46095\nE2,2026-05-01\n"}, tmp_path / "a")
    second = checked({"events": "event_id,held_on\nE2,2026-05-01\nE1,46095\n"}, tmp_path / "b")
    ids = [of(found, "date_as_spreadsheet_number")[0].id for found in (first, second)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("rule", [one for one in RELEASE.rules.values() if one.finding_pattern], ids=lambda one: one.id)
def test_a_pattern_is_one_for_the_engine_and_matches_no_empty_text(rule: Rule) -> None:
    answer = duckdb.execute("SELECT regexp_matches('', ?), regexp_matches('P-0001', ?)", [rule.finding_pattern] * 2)
    assert answer.fetchall() == [(False, False)]


# --- columns ------------------------------------------------------------------------------------------------------

DAYS = ["2026-01-01", "2026-01-01", "2025-12-31", "2026-02-01", "2026-05-13", "2023-06-12", "2027-01-09"]


def test_the_profile_of_a_column_of_dates(tmp_path: Path) -> None:
    cells = [*DAYS, "2026-03", "2025", "", "soon"]
    rows = "".join(f"C{number},{cell}\n" for number, cell in enumerate(cells))
    profile = profile_of(f"one_to_one_id,held_on\n{rows}", "held_on", tmp_path)
    days = [datetime.date.fromisoformat(text) for text in DAYS]
    assert profile | {
        "n_rows": 11, "n_filled": 9, "n_distinct": 8, "n_most_common": 2, "n_days": 7, "n_distinct_days": 6,
        "n_on_most_common_day": 2,
        "n_day_at_most_12": sum(day.day <= 12 for day in days),
        "n_days_of_month": len({day.day for day in days}),
        "n_weekdays": len({day.weekday() for day in days}),
        "n_first_of_month": 3, "n_year_boundary": 3, "n_before_records": 1, "n_after_period": 1,
    } == profile  # fmt: skip


def test_the_profile_of_a_column_of_numbers_and_of_codes(tmp_path: Path) -> None:
    text = "one_to_one_id,minutes,initiated_by\nC1,10,unknown\nC2,15,unknown\nC3,10,both\nC4,7,\n"
    minutes = profile_of(text, "minutes", tmp_path / "a")
    assert (minutes["n_filled"], minutes["n_multiples_of_5"], minutes["n_multiples_of_10"]) == (4, 3, 2)
    answers = profile_of(text, "initiated_by", tmp_path / "b")
    assert (answers["n_filled"], answers["n_distinct"], answers["n_unknown"], answers["n_days"]) == (3, 2, 2, 0)


def profile_of(text: str, field: str, folder: Path) -> dict[str, Any]:
    with submission_from_case({"tables": {"one_to_ones": text}}, folder) as submission:
        profiles._write_profiles(submission, [("one_to_ones", field)])
        frame = submission.connection.execute("SELECT * FROM temp.column_profiles").fetchdf()
    return {str(name): value for name, value in frame.to_dict("records")[0].items()}


# --- codes written in another way -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "written", "difference"),
    [("P-0012", "P-12", "zeros"), ("12", "0012", "zeros"), ("0012", "12.0", "zeros"), ("12", "12.0", "decimals"),
     ("P-12", "p-12", "capitals"), ("P-12", "P12", "separators"), ("P-10", "P-1O", "look_alikes"),
     ("P-12", "P-13", ""), ("10", "1", ""), ("100", "1", "")],
)  # fmt: skip
def test_what_differs_between_two_codes(there: str, written: str, difference: str, tmp_path: Path) -> None:
    tables = {"people": f"person_id\n{there}\n", "memberships": f"person_id,role\n{written},leads\n{there},leads\n"}
    found = checked(tables, tmp_path)
    told = of(found, "reference_written_differently")
    assert [one.params["difference"] for one in told] == ([difference] if difference else [])
    (dangling,) = of(found, "dangling_reference")
    assert dangling.cause == (told[0].id if told else "")


def test_references_of_one_column_can_have_several_causes_and_none(tmp_path: Path) -> None:
    tables = {
        "people": "person_id\nP-01\nP-02\nP-03\n",
        "memberships": "person_id,role\nP-1,leads\nP-2,leads\np-03,leads\nP-77,leads\n",
    }
    found = checked(tables, tmp_path)
    causes = {one.id: one.params["difference"] for one in of(found, "reference_written_differently")}
    assert sorted(causes.values()) == ["capitals", "zeros"]
    assert Counter(causes.get(one.cause, "") for one in of(found, "dangling_reference")) == {
        "zeros": 2, "capitals": 1, "": 1,
    }  # fmt: skip


# --- definitions --------------------------------------------------------------------------------------------------


def changed(rule: str, **others: object) -> Rule:
    return Rule.model_validate({**RELEASE.rules[rule].model_dump(by_alias=True), **others})


@pytest.mark.parametrize(
    "others",
    [
        {"column_when": "n_rows > 1"},
        {"finding_pattern": None},
        {"applies_when": "minutes > 3"},
        {"finding_pattern": None, "finding_when": "{field} > :taken_on"},
    ],
)
def test_forms_that_do_not_go_together_are_refused(others: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        changed("date_as_epoch_number", **others)


def test_where_a_verdict_is_said_to_hang_on_the_field_alone_it_does() -> None:
    rules = [(one, row) for one in RELEASE.rules.values() for row in compile_rule(one, RELEASE).rows]
    flagged = [(rule, row) for rule, row in rules if row.is_known_with_field]
    assert flagged
    days = dict.fromkeys(("taken_on", "period_start", "period_end", "records_from"), "2026-01-01")
    for rule, row in flagged:
        verdict = row.verdict
        for name, day in days.items():
            verdict = verdict.replace(f"${name}", f"DATE '{day}'")
        kind = {"integer": "5::BIGINT", "date": "DATE '2020-02-02'", "month": "DATE '2020-02-01'"}
        value = kind[RELEASE.tables[row.table].by_id[row.fields[0]].type]
        text = f'SELECT ({verdict}) IS NULL FROM (SELECT unnest([NULL, {value}]) AS "{row.fields[0]}") AS t'
        assert duckdb.execute(text).fetchall() == [(True,), (False,)], rule.id


def test_compiled_rules_are_in_sync() -> None:
    file = data_root() / "validators" / RELEASE.version / "compiled.json"
    assert file.read_text(encoding="utf-8") == text_of_compiled_rules(), "run: python -m relmetrics.publishing.compiled"


def test_compiled_rules_survive_the_file() -> None:
    for name, rule in to_json(RELEASE)["rules"].items():
        assert _from_json(rule) == compile_rule(RELEASE.rules[name], RELEASE), name
