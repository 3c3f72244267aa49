"""Two submissions of one organization: what was mended, what is new, which past was rewritten."""

from __future__ import annotations

import csv
import json
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser import Browser
from relmetrics.cli import main
from relmetrics.errors import UsageError
from relmetrics.reporting import render
from relmetrics.revision import Loose, Revision, TableRevision, diff, refuse_other_pairs
from relmetrics.revision.dating import dated_by
from relmetrics.revision.rows import side_by_side
from relmetrics.revision.tables import compare_table
from relmetrics.standard import load_release
from relmetrics.submission import Submission, read_submission
from revisions import Rows, expected_participation, write_submission
from test_reporting import validator

ROOT = Path(__file__).resolve().parents[1]
CLEAN = ROOT / "examples" / "riverside_tenants"
MISTAKEN = ROOT / "examples" / "riverside_tenants_with_mistakes"
Tables = Mapping[str, Rows]

PEOPLE = [
    {"person_id": f"P-{n}", "person_type": "constituent", "first_contact_on": "2025-03", "consent_use": "yes"}
    for n in range(1, 7)
]
EVENTS = [
    {"event_id": "E-1", "held_on": "2026-03-01", "status": "held", "head_count": "4"},
    {"event_id": "E-2", "held_on": "2026-06-30", "status": "held", "head_count": "4"},
    {"event_id": "E-3", "held_on": "2026-07-01", "status": "held", "head_count": "4"},
    {"event_id": "E-4", "held_on": "", "status": "held", "head_count": "4"},
]


def came(*rows: str) -> list[dict[str, str]]:
    """Rows of participation, as ``E-1 P-1 yes``; further words are functions."""
    found = []
    for row in rows:
        event, person, attended, *functions = row.split(" ")
        found.append({"event_id": event, "person_id": person, "attended": attended, "functions": "".join(functions)})
    return found


@contextmanager
def opened(folder: Path, before: Tables, after: Tables, **keys: Any) -> Iterator[tuple[Submission, Submission]]:
    one = write_submission(folder / "a", before)
    two = write_submission(folder / "b", after, end=keys.pop("end", "2026-09-30"), **keys)
    with read_submission(one) as first, read_submission(two) as second:
        yield first, second


def compared(folder: Path, before: Tables, after: Tables, **keys: Any) -> Revision:
    most_listed = keys.pop("most_listed", 1000)
    with opened(folder, before, after, **keys) as (first, second):
        return diff(first, second, most_listed=most_listed)


def table_of(revision: Revision, name: str) -> TableRevision:
    return next(table for table in revision.tables if table.table == name)


def finding(revision: Revision, rule: str, table: str) -> Any:
    return next((one for one in revision.findings if (one.rule, one.table) == (rule, table)), None)


def counts(part: Any) -> tuple[int, int, int, int]:
    return part.n_added, part.n_removed, part.n_compared, part.n_changed


# --- which two --------------------------------------------------------------------------------------------------------


def test_other_pairs_are_refused_in_one_sentence(tmp_path):
    tables = {"people": PEOPLE}
    write_submission(tmp_path / "a", tables, taken_on="2026-07-14")
    write_submission(tmp_path / "other", tables, organization_id="hillside")
    write_submission(tmp_path / "older", tables, taken_on="2026-07-13")
    write_submission(tmp_path / "shorter", tables, end="2026-06-29")
    with read_submission(tmp_path / "a") as first:
        for name, words in {
            "other": "two organizations: organization_id is riverside in the first submission and hillside",
            "older": "older than the first (taken_on is 2026-07-13 there, and 2026-07-14",
            "shorter": "older than the first (period.end is 2026-06-29 there",
        }.items():
            with read_submission(tmp_path / name) as second, pytest.raises(UsageError) as refused:
                diff(first, second)
            assert words in str(refused.value)
            assert "\n" not in str(refused.value)
            assert main(["diff", str(tmp_path / "a"), str(tmp_path / name)]) == 2


def test_another_release_is_refused(tmp_path):
    with opened(tmp_path, {"people": PEOPLE}, {"people": PEOPLE}) as (first, second):
        second.manifest = second.manifest.model_copy(update={"schema_version": "2.0"})
        with pytest.raises(UsageError, match=r"release 1\.0 of the standard and the second of 2\.0"):
            refuse_other_pairs(first, second)


def test_a_day_of_taking_is_not_compared_with_the_end_of_a_period(tmp_path):
    """The same period again, mended, of which only the first says when it was taken."""
    tables = {"people": PEOPLE}
    one = write_submission(tmp_path / "a", tables, taken_on="2026-07-14")
    two = write_submission(tmp_path / "b", tables)
    with read_submission(one) as first, read_submission(two) as second:
        assert diff(first, second).past_until == date(2026, 7, 14)
        assert diff(second, first).past_until == date(2026, 6, 30)


def test_a_submission_and_itself_differ_in_nothing():
    with read_submission(MISTAKEN) as first, read_submission(MISTAKEN) as second:
        revision = diff(first, second)
    assert revision.count("persisting") == (2, True)
    assert [revision.count(name)[0] for name in ("fixed", "new")] == [0, 0]
    assert revision.gone == revision.come == Loose()
    assert not any(part.is_revised for table in revision.tables for part in table.parts)
    assert (revision.manifest_changed, revision.judged_now, revision.judged_before) == ((), (), ())
    assert (revision.ready_now, revision.ready_before) == ((), ())
    assert all(table.n_compared == table.n_before == table.n_after for table in revision.tables)
    text = render(revision)
    assert "Nothing about the past was changed." in text
    assert "0 fixed, 2 still there, 0 new" in text


# --- findings ---------------------------------------------------------------------------------------------------------


def test_findings_are_fixed_new_and_persisting(tmp_path):
    before = came("E-1 P-1 perhaps", "E-1 P-2 perhaps", "E-1 P-3 yes", "E-2 P-1 yes")
    after = came("E-2 P-1 yes", "E-1 P-3 maybe", "E-1 P-2 perhaps", "E-1 P-1 yes")
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    found = finding(revision, "code_not_in_list", "participation")
    assert (found.n_before, found.n_after) == (2, 2)
    assert (found.fixed, found.new, found.persisting) == (1, 1, 1)
    assert (found.gone, found.come) == (Loose(), Loose())
    assert found.is_exact


def test_findings_of_rows_that_come_and_go_are_neither_fixed_nor_new(tmp_path):
    before = came("E-1 P-1 perhaps", "E-1 P-2 perhaps", "E-1 P-3 yes")
    after = came("E-1 P-2 yes", "E-1 P-3 yes", "E-2 P-1 perhaps")
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    found = finding(revision, "code_not_in_list", "participation")
    assert (found.fixed, found.new, found.persisting) == (1, 0, 0)
    assert found.gone == Loose(other_row=1)
    assert found.come == Loose(other_row=1)
    text = render(revision)
    assert "1 earlier finding is gone together with its row" in text
    assert "1 finding of the later submission is in a row that was added" in text


def test_a_mended_key_is_another_row(tmp_path):
    before = came("E-1 P-9 yes", "E-1 P-2 yes")
    after = came("E-1 P-1 yes", "E-1 P-2 yes")
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    found = finding(revision, "dangling_reference", "participation")
    assert (found.fixed, found.gone) == (0, Loose(other_row=1))
    assert counts(table_of(revision, "participation").part("past")) == (1, 1, 1, 0)


def test_rows_without_a_key_cannot_be_followed(tmp_path):
    # An empty person: the row cannot be found again, whether it was mended or thrown away.
    before = came("E-1  perhaps", "E-1 P-2 yes")
    after = came("E-1 P-1 yes", "E-1 P-2 yes")
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    assert finding(revision, "code_not_in_list", "participation").gone == Loose(row_unknown=1)
    assert finding(revision, "required_value_missing", "participation").gone == Loose(row_unknown=1)
    table = table_of(revision, "participation")
    assert (table.n_keyless_before, table.n_keyless_after) == (1, 0)
    assert counts(table.part("past")) == (1, 0, 1, 0)


def test_without_the_column_or_the_table_nothing_is_fixed(tmp_path):
    before = came("E-1 P-1 yes nonsense", "E-1 P-2 yes")
    after = [{key: row[key] for key in row if key != "functions"} for row in before]
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path / "1", {**tables, "participation": before}, {**tables, "participation": after})
    assert finding(revision, "code_not_in_list", "participation").gone == Loose(not_judged=1)
    table = table_of(revision, "participation")
    assert table.columns_disappeared == {"functions": 1}
    assert counts(table.part("past")) == (0, 0, 2, 0)
    # The other way round it could not have been found before.
    revision = compared(tmp_path / "2", {**tables, "participation": after}, {**tables, "participation": before})
    assert finding(revision, "code_not_in_list", "participation").come == Loose(not_judged=1)
    assert table_of(revision, "participation").columns_appeared == {"functions": 1}
    revision = compared(tmp_path / "3", {**tables, "participation": before}, tables)
    assert finding(revision, "code_not_in_list", "participation").gone == Loose(not_judged=1)
    assert any(change.reason == "table_absent" for change in revision.judged_before)


def test_a_check_without_anything_left_to_look_at_has_looked(tmp_path):
    """The only wrong reference was taken out: there is no reference left to judge, and the finding is fixed."""
    before = [{**row, "group_id": "G-9" if row["event_id"] == "E-1" else ""} for row in EVENTS]
    after = [{**row, "group_id": ""} for row in EVENTS]
    groups = [{"group_id": "G-1", "group_type": "team"}]
    revision = compared(tmp_path, {"events": before, "groups": groups}, {"events": after, "groups": groups})
    found = finding(revision, "dangling_reference", "events")
    assert (found.fixed, found.gone) == (1, Loose())
    assert ("dangling_reference", "events") in {(one.rule, one.table) for one in revision.judged_before}


def test_a_finding_that_stands_for_a_column_does_not_follow_its_first_row(tmp_path):
    """A note about another word for a code names the first cell of the column only."""
    people = [{**PEOPLE[0], "consent_use": "Sí"}, *PEOPLE[1:]]
    other = [PEOPLE[1], {**PEOPLE[2], "consent_use": "Sí"}]
    revision = compared(tmp_path / "1", {"people": people}, {"people": other})
    found = finding(revision, "code_synonym", "people")
    assert (found.persisting, found.gone, found.come) == (1, Loose(), Loose())
    # No other word is left in the column: mended, whatever became of the row that was named.
    revision = compared(tmp_path / "2", {"people": people}, {"people": PEOPLE[1:]})
    found = finding(revision, "code_synonym", "people")
    assert (found.fixed, found.gone) == (1, Loose())


def test_counts_beyond_the_list_are_at_least(tmp_path):
    before = came(*(f"E-1 P-{n} perhaps" for n in range(1, 7)))
    after = came(*(f"E-1 P-{n} perhaps" for n in range(6, 0, -1)))
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(
        tmp_path / "1", {**tables, "participation": before}, {**tables, "participation": after}, most_listed=4
    )
    found = finding(revision, "code_not_in_list", "participation")
    # 4 of 6 are listed on each side, from opposite ends: 2 meet.
    assert (found.n_before, found.n_after, found.persisting) == (6, 6, 2)
    assert (found.fixed, found.new, found.is_exact) == (0, 0, False)
    assert (found.gone, found.come) == (Loose(not_listed=4), Loose(not_listed=4))
    assert "at least 7 still there" in render(revision)
    # With all listed it is exact.
    revision = compared(tmp_path / "2", {**tables, "participation": before}, {**tables, "participation": after})
    assert finding(revision, "code_not_in_list", "participation").persisting == 6
    # Only the first run is cut: what it lists can be settled, what is new cannot.
    after = came(*(f"E-1 P-{n} {'yes' if n < 3 else 'perhaps'}" for n in range(1, 7)))
    revision = compared(
        tmp_path / "3", {**tables, "participation": before}, {**tables, "participation": after}, most_listed=4
    )
    found = finding(revision, "code_not_in_list", "participation")
    assert (found.fixed, found.persisting, found.new) == (2, 2, 0)
    assert (found.gone, found.come) == (Loose(not_listed=2), Loose(not_listed=2))


def test_the_numbers_of_findings_add_up(example):
    revision = example
    for one in revision.findings:
        assert one.n_before == one.fixed + one.persisting + one.gone.n
        assert one.n_after == one.new + one.persisting + one.come.n
    assert sum(revision.before.n_findings.values()) == sum(one.n_before for one in revision.findings)


@pytest.fixture(scope="module")
def example() -> Revision:
    """The bundled example with its mistakes, and without them."""
    with read_submission(MISTAKEN) as first, read_submission(CLEAN) as second:
        return diff(first, second, sources=("mistaken", "clean"))


def test_the_example_mended(example):
    revision = example
    assert [(one.rule, one.fixed, one.gone.other_row) for one in revision.findings] == [
        ("value_not_of_type", 1, 0),
        ("dangling_reference", 0, 1),
    ]
    conversations = table_of(revision, "one_to_ones").part("past")
    assert conversations.n_changed == 1
    assert [(one.field, one.n_mended) for one in conversations.fields] == [("held_on", 1)]
    assert counts(table_of(revision, "participation").part("past"))[:2] == (1, 1)


def test_checks_and_readiness_gained_and_lost(tmp_path):
    core = {"people": PEOPLE, "events": EVENTS}
    whole = {**core, "participation": came("E-1 P-1 yes", "E-1 P-2 yes")}
    revision = compared(tmp_path / "1", core, whole)
    assert ("duplicate_key", "participation", "table_absent") in {
        (one.rule, one.table, one.reason) for one in revision.judged_now
    }
    assert revision.judged_before == ()
    back = compared(tmp_path / "2", whole, core)
    assert set(back.judged_before) == set(revision.judged_now)
    assert back.ready_before == revision.ready_now
    with read_submission(CLEAN) as first, read_submission(CLEAN) as second:
        shorter = dict(second.tables)
        del shorter["one_to_ones"]
        second.tables = shorter
        lost = diff(first, second)
    assert "one_to_one_coverage" in lost.ready_before
    assert table_of(lost, "one_to_ones").presence == "disappeared"


# --- rows -------------------------------------------------------------------------------------------------------------


def test_rows_are_split_at_the_day_of_the_first_submission(tmp_path):
    before = came("E-1 P-1 yes", "E-1 P-2 yes", "E-2 P-1 yes", "E-2 P-2 yes", "E-3 P-1 unknown", "E-4 P-1 yes")
    after = came(
        *("E-1 P-1 no", "E-2 P-1 yes", "E-2 P-2 unknown", "E-2 P-3 yes", "E-3 P-1 yes", "E-3 P-2 yes"),
        *("E-4 P-1 no", "E-5 P-1 yes"),
    )
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    table = table_of(revision, "participation")
    assert table.dated_by == "event_id.held_on"
    assert counts(table.part("past")) == (1, 1, 3, 2)  # June 30, the last day of the period, is past
    assert counts(table.part("after")) == (1, 0, 1, 1)
    assert counts(table.part("undated")) == (1, 0, 1, 1)  # an event without a day, and one that nobody knows
    codes = {(one.before, one.after): one.n for one in table.part("past").fields[0].codes}
    assert codes == {("yes", "no"): 1, ("yes", "unknown"): 1}
    text = render(revision)
    for words in (
        "1 attendance entry dated up to 2026-06-30 was added.",
        "1 attendance entry dated up to 2026-06-30 is no longer there.",
        "2 attendance entries dated up to 2026-06-30 were changed.",
        "In 1 attendance entry, “Was there” changed from “Yes” to “No”.",
    ):
        assert words in text


def test_the_day_of_taking_is_the_end_of_the_past_where_it_is_given(tmp_path):
    tables = {"people": PEOPLE, "events": EVENTS}
    one = write_submission(tmp_path / "a", {**tables, "participation": came("E-2 P-1 yes")}, taken_on="2026-07-01")
    two = write_submission(tmp_path / "b", {**tables, "participation": came("E-3 P-1 yes", "E-2 P-1 yes")})
    with read_submission(one) as first, read_submission(two) as second:
        revision = diff(first, second)
    assert revision.past_until == date(2026, 7, 1)
    assert counts(table_of(revision, "participation").part("past")) == (1, 0, 1, 0)


def test_a_month_is_past_when_its_last_day_is(tmp_path):
    def people(*days: str) -> list[dict[str, str]]:
        return [{**PEOPLE[0], "person_id": f"P-{n}", "first_contact_on": day} for n, day in enumerate(days)]

    days = ("2026-06", "2026-07", "2026", "2025", "2026-06-30", "2026-07-01", "")
    revision = compared(tmp_path, {"people": people("2020")}, {"people": people("2020", *days)})
    parts = {part.part: part.n_added for part in table_of(revision, "people").parts}
    assert parts == {"past": 3, "after": 2, "undated": 2}


def test_which_field_says_when_a_row_happened():
    release = load_release()
    named = {}
    for table in release.tables.values():
        found = dated_by(release, table)
        if found is not None:
            named[table.id] = found[0].id if found[1] is None else f"{found[1].id}.{found[0].id}"
    assert named["one_to_ones"] == "held_on"
    assert named["commitments"] == "made_on"
    assert named["activity_counts"] == "month"
    assert named["outcome_codings"] == "outcome_id.occurred_on"
    assert named["survey_responses"] == "wave_id.asked_on"
    # A person's first contact says nothing about when somebody wrote down where the person stands.
    assert "person_lines" not in named
    assert {"lines", "groups", "issues", "survey_items", "reference_population"}.isdisjoint(named)


def test_what_happens_to_a_value(tmp_path):
    kinds = {  # before, after: filled, emptied, mended, spoilt, rewritten
        ("", "yes"): (1, 0, 0, 0, 0),
        ("", "rubbish"): (1, 0, 0, 0, 0),
        ("yes", ""): (0, 1, 0, 0, 0),
        ("rubbish", " "): (0, 1, 0, 0, 0),
        ("rubbish", "no"): (0, 0, 1, 0, 0),
        ("no", "rubbish"): (0, 0, 0, 1, 0),
        ("no", "yes"): (0, 0, 0, 0, 1),
        ("rubbish", "more rubbish"): (0, 0, 0, 0, 1),
        ("yes", "Sí"): None,  # two ways to write one answer
        ("rubbish", "rubbish"): None,
    }
    for number, ((was, now), expected) in enumerate(kinds.items()):
        one = [{"event_id": "E-1", "person_id": "P-1", "attended": was}]
        two = [{"event_id": "E-1", "person_id": "P-1", "attended": now}]
        with opened(
            tmp_path / str(number), {"events": EVENTS, "participation": one}, {"events": EVENTS, "participation": two}
        ) as (first, second):
            table = first.release.tables["participation"]
            found = compare_table(table, first, second, date(2026, 6, 30))[0].part("past")
        assert found.n_changed == (expected is not None), (was, now)
        if expected is not None:
            field = found.fields[0]
            kinds_found = (field.n_filled, field.n_emptied, field.n_mended, field.n_spoilt, field.n_rewritten)
            assert kinds_found == expected, (was, now)
            assert field.n_changed == 1


def test_every_type_of_value_is_compared(tmp_path):
    """Numbers, days, ids, texts and lists: written otherwise is the same, another value is a change."""
    event = {
        "event_id": "E-1", "held_on": "2026-03-01", "status": "held", "head_count": "12", "group_id": "G-1",
        "kind": "action",
    }  # fmt: skip
    row = {"one_to_one_id": "C-1", "held_on": "2026-03", "person_a": "P-1", "person_b": "P-2", "minutes": "30"}
    same = {**event, "head_count": " 12", "held_on": " 2026-03-01"}
    cases = {
        "events": [
            ({**event}, same, []),
            (event, {**event, "head_count": "13"}, ["head_count"]),
            (event, {**event, "held_on": "2026-03-02"}, ["held_on"]),
            (event, {**event, "group_id": "G-2"}, ["group_id"]),
        ],
        "one_to_ones": [
            (row, {**row}, []),
            (row, {**row, "held_on": "2026-03-01"}, ["held_on"]),  # the month has become a day
        ],
    }
    for table_id, pairs in cases.items():
        for number, (was, now, fields) in enumerate(pairs):
            with opened(tmp_path / f"{table_id}{number}", {table_id: [was]}, {table_id: [now]}) as (first, second):
                table = first.release.tables[table_id]
                found = compare_table(table, first, second, date(2026, 6, 30))[0].part("past")
            assert [one.field for one in found.fields] == fields, (was, now)


def test_several_codes_in_one_cell(tmp_path):
    before = came("E-1 P-1 yes facilitated;took_notes", "E-1 P-2 yes facilitated", "E-1 P-3 yes")
    after = came("E-1 P-1 yes took_notes;facilitated", "E-1 P-2 yes took_notes", "E-1 P-3 yes facilitated")
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    past = table_of(revision, "participation").part("past")
    assert past.n_changed == 2  # another order is no change
    assert {(one.before, one.after): one.n for one in past.fields[0].codes} == {
        ("facilitated", None): 1,
        (None, "facilitated"): 1,
        (None, "took_notes"): 1,
    }
    assert "was added to “What the person did”" in render(revision)


def test_a_cell_of_codes_is_readable_when_all_of_it_is(tmp_path):
    before = came("E-1 P-1 yes facilitated;dreamt", "E-1 P-2 yes facilitated;")
    after = came("E-1 P-1 yes facilitated", "E-1 P-2 yes facilitated")
    with opened(tmp_path, {"events": EVENTS, "participation": before}, {"events": EVENTS, "participation": after}) as (
        first,
        second,
    ):
        found, _ = compare_table(first.release.tables["participation"], first, second, date(2026, 6, 30))
    assert [(one.field, one.n_mended, one.n_changed) for one in found.part("past").fields] == [("functions", 1, 1)]


def test_rows_that_share_a_key_are_not_compared(tmp_path):
    before = came("E-1 P-1 yes", "E-1 P-1 no", "E-1 P-2 yes", "E-1 P-3 yes", "E-1 P-3 yes", "E-1 P-4 yes")
    after = came("E-1 P-1 yes", "E-1 P-2 yes", "E-1 P-2 no", "E-1 P-2 no", "E-1 P-4 no", "E-1 P-5 yes", "E-1 P-5 no")
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, {**tables, "participation": before}, {**tables, "participation": after})
    table = table_of(revision, "participation")
    assert (table.n_repeated_before, table.n_repeated_after) == (3, 4)  # P-1 and P-2
    assert counts(table.part("past")) == (2, 2, 1, 1)  # P-5 twice; P-3 twice; P-4
    assert table.n_before == table.n_compared + table.n_removed + table.n_repeated_before
    assert table.n_after == table.n_compared + table.n_added + table.n_repeated_after
    # Of three rows with one key and then two, the finding about a repeated key is gone for the row that went.
    assert "cannot be told apart and were not compared (3 before, 4 now)" in " ".join(render(revision).split())


def test_an_event_that_stands_twice_has_both_days(tmp_path):
    events = [EVENTS[0], {**EVENTS[0], "held_on": "2026-08-01"}, *EVENTS[1:]]
    tables = {"people": PEOPLE, "events": events}
    revision = compared(tmp_path, tables, {**tables, "participation": came("E-1 P-1 yes")})
    table = table_of(revision, "participation")
    assert table.part("undated").n_added == 1
    assert table.n_after == 1


def test_tables_appear_and_disappear(tmp_path):
    tables = {"people": PEOPLE, "events": EVENTS}
    revision = compared(tmp_path, tables, {"people": PEOPLE, "participation": came("E-1 P-1 yes")})
    events, participation = table_of(revision, "events"), table_of(revision, "participation")
    assert (events.presence, events.n_before, events.n_after) == ("disappeared", 4, 0)
    assert [part.n_removed for part in events.parts] == [2, 1, 1]
    assert (participation.presence, participation.n_after) == ("appeared", 1)
    assert participation.part("undated").n_added == 1  # the event's day went with the events
    assert "groups" not in {table.table for table in revision.tables}
    text = render(revision)
    assert "The table Events is no longer there; it had 4 rows." in text
    assert "The table Who came to which event is new (1 row)." in text


def test_a_key_column_that_is_gone_leaves_nothing_to_compare(tmp_path):
    without = [{key: row[key] for key in row if key != "person_id"} for row in PEOPLE]
    revision = compared(tmp_path, {"people": PEOPLE}, {"people": without})
    table = table_of(revision, "people")
    assert (table.n_keyless_after, table.n_compared, table.n_removed, table.n_added) == (6, 0, 6, 0)


def test_ids_made_anew_are_said_to_be(tmp_path):
    def people(prefix: str, n: int) -> list[dict[str, str]]:
        return [{**PEOPLE[0], "person_id": f"{prefix}-{place}"} for place in range(n)]

    anew = compared(tmp_path / "1", {"people": people("P", 30)}, {"people": people("Q", 30)})
    assert table_of(anew, "people").is_renamed
    assert "It looks as if the codes were made anew" in " ".join(render(anew).split())
    grown = compared(tmp_path / "2", {"people": people("P", 30)}, {"people": people("P", 30) + people("Q", 30)})
    assert not table_of(grown, "people").is_renamed
    few = compared(tmp_path / "3", {"people": people("P", 5)}, {"people": people("Q", 5)})
    assert not table_of(few, "people").is_renamed


def test_what_the_manifest_says_otherwise(tmp_path):
    tables = {"people": PEOPLE}
    revision = compared(
        tmp_path, tables, tables, boundary_rule="Members only.", dataset_id="next", taken_on="2026-10-01"
    )
    assert revision.manifest_changed == ("boundary_rule",)
    assert "Members only" not in render(revision)


# --- an independent answer --------------------------------------------------------------------------------------------

_ATTENDED = st.sampled_from(["yes", "no", "unknown", "", "Sí", "falso", "perhaps", "not sure"])
_FUNCTIONS = st.sampled_from(
    ["", "facilitated", "facilitated;took_notes", "took_notes;facilitated", "dreamt", "spoke_for_group;x y"]
)
_EVENT_IDS = st.sampled_from(["E-1", "E-1", "E-2", "E-3", "E-4", "", "E 5"])
_DAYS = st.sampled_from(["2026-03-01", "2026-06-30", "2026-07-01", "2026-08-15", "", "in June"])


@st.composite
def halves(draw: st.DrawFn) -> tuple[Rows, Rows]:
    event = st.fixed_dictionaries({"event_id": st.sampled_from(["E-1", "E-2", "E-3"]), "held_on": _DAYS})
    events = draw(st.lists(event, min_size=1, max_size=4))
    people = st.sampled_from(["P-1", "P-2", "P-3", "P-4", ""])
    columns = {"event_id": _EVENT_IDS, "person_id": people, "attended": _ATTENDED}
    if draw(st.integers(0, 3)):
        columns["functions"] = _FUNCTIONS
    # A row that is blank altogether is no row.
    rows = draw(st.lists(st.fixed_dictionaries(columns).filter(lambda row: any(row.values())), min_size=1, max_size=14))
    return events, rows


@given(halves(), halves(), st.sampled_from(["2026-06-30", "2026-07-31"]))
def test_random_pairs_agree_with_pandas(before: tuple[Rows, Rows], after: tuple[Rows, Rows], end: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, day = Path(name), date.fromisoformat(end)
        one, two = (
            write_submission(folder / side, {"events": half[0], "participation": half[1]})
            for side, half in (("a", before), ("b", after))
        )
        with read_submission(one) as first, read_submission(two) as second:
            table = first.release.tables["participation"]
            found, _ = compare_table(table, first, second, day)
    expected = expected_participation(before, after, day)
    for key in ("n_before", "n_after", "n_repeated_before", "n_repeated_after", "n_keyless_before", "n_keyless_after"):
        assert getattr(found, key) == expected[key], key
    for part in found.parts:
        theirs = expected["parts"][part.part]
        assert counts(part) == tuple(theirs[key] for key in ("n_added", "n_removed", "n_compared", "n_changed"))
        fields = {}
        for field in part.fields:
            kinds = {
                f"n_{kind}": getattr(field, f"n_{kind}")
                for kind in ("filled", "emptied", "mended", "spoilt", "rewritten")
            }
            fields[field.field] = {**kinds, **{(one.before, one.after): one.n for one in field.codes}}
        assert fields == theirs["fields"]
    assert found.n_before == found.n_compared + found.n_removed + found.n_repeated_before + found.n_keyless_before
    assert found.n_after == found.n_compared + found.n_added + found.n_repeated_after + found.n_keyless_after


@pytest.mark.shared
def test_the_shifts_of_leeds_2023(shared_data, tmp_path):
    """Ten monthly exports of one list of shifts: what pandas finds revised in the files themselves is what is said."""
    folder = shared_data / "leeds2023" / "volunteer_snapshots"
    days = sorted(file.stem.split("_")[1] for file in folder.glob("shifts_*.csv"))
    frames = {day: pd.read_csv(folder / f"shifts_{day}.csv", dtype=str) for day in days}
    for day, frame in frames.items():
        rows = [
            {"event_id": f"S-{shift}", "held_on": held, "status": "held", "head_count": str(round(float(attended)))}
            for shift, held, attended in zip(frame["shift_id"], frame["date"], frame["attended"], strict=True)
        ]
        write_submission(tmp_path / day, {"events": rows}, start="2022-06-01", end=day, taken_on=day)
    revised, vanished = [], 0
    for before, after in pairwise(days):
        with read_submission(tmp_path / before) as first, read_submission(tmp_path / after) as second:
            past = compare_table(first.release.tables["events"], first, second, first.manifest.today)[0].part("past")
        both = frames[before].merge(frames[after], on="shift_id")
        both = both[both["date_x"] <= before]
        later = frames[after][~frames[after]["shift_id"].isin(frames[before]["shift_id"])]
        gone = ~frames[before]["shift_id"].isin(frames[after]["shift_id"]) & (frames[before]["date"] <= before)
        n_changed = int((both["attended_x"].astype(float) != both["attended_y"].astype(float)).sum())
        assert counts(past) == (int((later["date"] <= before).sum()), int(gone.sum()), len(both), n_changed)
        revised.append(n_changed)
        vanished += past.n_removed
    assert revised == [12, 0, 2, 25, 3, 1, 3, 0, 32]
    assert vanished == 4


# --- the same each time, and quickly ----------------------------------------------------------------------------------


def test_the_order_of_rows_changes_nothing(example, tmp_path):
    generator = random.Random(5)
    for name in ("a", "b"):
        shutil.copytree(MISTAKEN, tmp_path / name)
        for file in (tmp_path / name).glob("*.csv"):
            head, *lines = file.read_text(encoding="utf-8").splitlines()
            generator.shuffle(lines)
            file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    pages = []
    for one, two in ((tmp_path / "a", CLEAN), (tmp_path / "b", CLEAN)):
        with read_submission(one) as first, read_submission(two) as second:
            pages.append(render(diff(first, second, sources=("mistaken", "clean")), "json"))
    assert set(pages) == {render(example, "json")}


def test_nothing_is_left_in_the_database(tmp_path):
    with opened(tmp_path, {"people": PEOPLE}, {"people": PEOPLE[:3]}) as (first, second):
        query = "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, 'diff')"
        assert repr(diff(first, second)) == repr(diff(first, second))
        assert [one.connection.execute(query).fetchall() for one in (first, second)] == [[], []]
        with side_by_side(first.connection, first.release.tables["people"], first, second):
            assert len(first.connection.execute(query).fetchall()) == 3
        assert first.connection.execute(query).fetchall() == []


def test_many_rows_are_compared(tmp_path):
    """Were the time to grow with the square of the rows, this would not come to its end."""
    n = 100_000
    folder = tmp_path / str(n)
    events = [{"event_id": f"E-{k}", "held_on": f"2026-0{1 + k % 9}-11"} for k in range(n // 50)]
    rows = [{"event_id": f"E-{k // 50}", "person_id": f"P-{k % 5000}", "attended": "yes"} for k in range(n)]
    other = [{**row, "attended": "no"} if k % 7 == 0 else row for k, row in enumerate(rows) if k % 11]
    with opened(folder, {"events": events, "participation": rows}, {"events": events, "participation": other}) as both:
        table = both[0].release.tables["participation"]
        found, _ = compare_table(table, *both, date(2026, 6, 30))
    assert found.n_before == n
    assert found.n_removed == len(range(0, n, 11))


# --- what is shown ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Revision:
    """A comparison in which everything happens, and in whose cells stands what must never be shown."""
    folder = tmp_path_factory.mktemp("telling")
    before = came("E-1 P-1 yes", "E-1 P-2 <b>SECRET</b>", "E-2 P-3 unknown facilitated", "E-4 P-1 SECRET", "E-1  yes")
    after = came("E-1 P-1 no", "E-1 P-2 yes SECRET;took_notes", "E-2 P-4 yes", "E-3 P-5 SECRET2", "E-4 P-1 yes",
                 "E-1 P-6 yes", "E-1 P-6 yes")  # fmt: skip
    people = [{**row, "first_contact_on": "SECRET" if n == 2 else "2025-03"} for n, row in enumerate(PEOPLE)]
    groups = [{"group_id": "G-SECRET", "name": "The SECRET circle", "group_type": "team"}]
    return compared(
        folder,
        {"people": people, "events": EVENTS, "participation": before},
        {"people": PEOPLE[:5], "events": EVENTS, "participation": after, "groups": groups},
        boundary_rule="SECRET",
    )


@pytest.mark.parametrize("format", ["text", "html", "json"])
def test_no_id_and_no_text_of_the_records_is_shown(telling, format):
    page = render(telling, format)
    for value in ("SECRET", "P-1", "P-6", "E-1", "E-4", "G-"):
        assert value not in page
    assert "This stays with your organization" in page


def test_json_keeps_its_published_schema(telling):
    data = json.loads(render(telling, "json"))
    validator("revision").validate(data)
    assert data["format"] == "relmetrics.revision"
    assert [table["table"] for table in data["tables"]] == ["people", "groups", "events", "participation"]
    wrong = json.loads(render(telling, "json"))
    wrong["tables"][0]["parts"][0]["part"] = "future"
    assert not validator("revision").is_valid(wrong)
    assert not validator("revision").is_valid({**data, "rows": []})


def test_the_page_in_words(telling):
    page = render(telling, "html")
    assert "compared on this computer; nothing was sent anywhere" in page
    assert "<script" not in page
    assert page == render(telling, "html")
    text = render(telling, "text", width=60)
    assert all(len(line) <= 60 for line in text.splitlines())
    assert render(telling, "text", colour=True) != text


def test_every_table_has_a_word_for_its_rows(telling):
    from relmetrics.words import Words

    words = Words()
    for table in load_release().tables:
        assert words.has(f"revision.noun.{table}.one"), table
        assert words.has(f"revision.noun.{table}.other"), table


def test_a_hostile_name_harms_no_format(telling):
    version = replace(telling.before, source="\x1b[31m<script>alert(1)</script>\u202e")
    hostile = replace(telling, before=version)
    for format in ("text", "html", "json"):
        page = render(hostile, format)
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert "<script" not in render(hostile, "html")


@pytest.mark.system
@pytest.mark.parametrize("width", [1200, 375, 320])
def test_nothing_runs_out_of_the_page(telling, chromium, tmp_path, width):
    page = tmp_path / "page.html"
    page.write_text(render(telling, "html"), encoding="utf-8")
    browser = Browser(chromium, tmp_path / "profile")
    try:
        browser.open(page, width)
        browser.ask("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert browser.ask("document.documentElement.scrollWidth") <= width
        assert not browser.happened("Log.entryAdded")
        assert [event["request"]["url"].split(":")[0] for event in browser.happened("Network.requestWillBeSent")] == [
            "file"
        ]
    finally:
        browser.close()


def test_the_command(tmp_path, capsys):
    one = write_submission(tmp_path / "one", {"people": PEOPLE})
    two = write_submission(tmp_path / "two", {"people": PEOPLE[:3]})
    assert main(["diff", str(one), str(two), "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "3 people dated up to 2026-06-30 are no longer there." in shown
    output = tmp_path / "diff.json"
    assert main(["diff", str(one), str(two), "--format", "json", "--output", str(output)]) == 0
    assert json.loads(output.read_text(encoding="utf-8"))["before"]["source"] == "one"
    theirs = two / "people.csv"
    kept = theirs.read_bytes()
    assert main(["diff", str(one), str(two), "--output", str(theirs)]) == 2
    assert theirs.read_bytes() == kept
    assert main(["diff", str(one), str(tmp_path / "nothing")]) == 2


def test_no_row_of_the_example_is_lost(example):
    for table in example.tables:
        with (CLEAN / f"{table.table}.csv").open(encoding="utf-8", newline="") as file:
            assert table.n_before == table.n_after == sum(1 for _ in csv.DictReader(file))
        assert table.n_before == table.n_compared + table.n_removed
