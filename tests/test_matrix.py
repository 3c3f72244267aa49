"""The matrix *indicator x field*: readings exist at their level, fields have readers, sheets and rules agree."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from types import MappingProxyType

import pytest

from readings import Place, all_fields, level_of, manifest_keys, named, rule_places, sheet_places
from relmetrics.definitions import Indicator, Release, Rule
from relmetrics.definitions.definition import LEVELS
from relmetrics.definitions.matrix import OTHER_READERS, USES, Matrix, Reading
from relmetrics.definitions.rule import MANIFEST, READERS
from relmetrics.errors import DefinitionError
from relmetrics.publishing.matrix_page import MATRIX_PAGE, matrix_pages
from relmetrics.standard import data_root, definition_files, load_matrix, load_release


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release()


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return load_matrix()


def ids(kind: str) -> list[str]:
    return [file.stem for file in definition_files(kind)]


# --- the file itself ----------------------------------------------------------------------------------------------


def test_all_indicators_are_in_it_and_in_order(release: Release, matrix: Matrix) -> None:
    assert len(matrix.entries) == 61
    readers = [*matrix.entries, *OTHER_READERS]
    tables = [MANIFEST, *release.tables]
    fields = {table.id: list(table.by_id) for table in release.tables.values()} | {MANIFEST: [
        "dataset_id", "schema_version", "organization_id", "period.start", "period.end", "records_from",
        "adoption_level", "tie_rule", "conversations_recorded_for", "has_paid_staff", "complete_tables",
        "breadth_group_type", "boundary_rule", "consent_basis", "time_zone", "taken_on", "contact_role",
        "review.reviewed_on", "review.event_id", "files",
    ]}  # fmt: skip
    assert set(fields[MANIFEST]) == set(manifest_keys()), "the manifest has other keys now; say who reads them"
    assert list(matrix.by_reader) == readers, "every reader reads something, in the order of the catalogue"
    for reader in readers:
        read = list(matrix.by_reader[reader])
        at = [(tables.index(table), fields[table].index(field)) for table, field in read]
        assert at == sorted(at), f"{reader}: sort the rows by table and field, as they stand in the standard"


def test_every_use_is_used_and_has_its_place(matrix: Matrix) -> None:
    assert {use for one in matrix.readings for use in one.uses} == set(USES)
    words = list(USES)
    for one in matrix.readings:
        if one.uses:
            assert list(one.uses) == sorted(set(one.uses), key=words.index), one
            assert one.uses != ("optional",), one
        else:
            assert 10 <= len(one.use) <= 80, one


@pytest.mark.parametrize("name", ids("indicator"))
def test_a_sheet_is_the_indicator_of_the_catalogue(release: Release, matrix: Matrix, name: str) -> None:
    sheet = release.indicators[name]
    entry = matrix.entries[sheet.code]
    said = (sheet.id, sheet.title["en"], sheet.indicator_class, sheet.role, sheet.adoption, sheet.status)
    assert said == (entry.id, entry.title_en, entry.indicator_class, entry.role, entry.adoption, entry.status)


BAD_ROWS = [
    ("REL-99,people,person_id,population", "'REL-99' is no indicator"),
    ("REL-01,people,person_id,population;because", "'because' is no use"),
    ("report,people,person_id,", "the use is empty"),
    ("REL-01,people,person_id,population\nREL-01,people,person_id,window", "stands twice"),
]


@pytest.mark.parametrize(("rows", "sentence"), BAD_ROWS)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, rows: str, sentence: str) -> None:
    folder = tmp_path / "schema" / "1.0"
    folder.mkdir(parents=True)
    (folder / "catalogue.csv").write_bytes((data_root() / "schema" / "1.0" / "catalogue.csv").read_bytes())
    (folder / "matrix.csv").write_text(f"reader,table,field,use\n{rows}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=rf"matrix\.csv, line {2 + rows.count(chr(10))}: .*{sentence}"):
        load_matrix(root=tmp_path)


def test_a_wrong_entry_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "schema" / "1.0"
    folder.mkdir(parents=True)
    (folder / "catalogue.csv").write_text(
        "code,id,title_en,class,role,adoption,status\nREL-01,a,A,E,measure,basic,stable\n", encoding="utf-8"
    )
    (folder / "matrix.csv").write_text("reader,table,field,use\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"catalogue\.csv, line 2: REL-01: 'basic' is not one of core"):
        load_matrix(root=tmp_path)


# --- every reading exists, at or below the level of its indicator -------------------------------------------------


def wrong_places(release: Release, matrix: Matrix) -> list[str]:
    return named({place for place in matrix.by_field if place not in all_fields(release)})


def wrong_levels(release: Release, matrix: Matrix) -> list[str]:
    """Readings above the level of their indicator that do not say so, and those that say so without being."""
    found = []
    for one in matrix.readings:
        if one.reader in OTHER_READERS:
            continue
        needed, adopted = level_of(release, (one.table, one.field)), matrix.entries[one.reader].adoption
        if (LEVELS.index(needed) > LEVELS.index(adopted)) != one.is_optional:
            found.append(f"{one.reader} ({adopted}) reads {one.table}.{one.field} ({needed}) as {one.use}")
    return found


def with_readings(matrix: Matrix, *more: Reading) -> Matrix:
    return Matrix(matrix.entries, (*matrix.readings, *more))


def test_every_field_that_is_read_exists(release: Release, matrix: Matrix) -> None:
    assert not wrong_places(release, matrix)
    made_up = with_readings(matrix, Reading("REL-01", "people", "shoe_size", "extra"))
    assert wrong_places(release, made_up) == ["people.shoe_size"]


def test_what_lies_above_an_indicators_level_is_never_needed(release: Release, matrix: Matrix) -> None:
    assert not wrong_levels(release, matrix)
    above = with_readings(matrix, Reading("DQ-03", "demands", "state", "numerator"))
    assert wrong_levels(release, above) == ["DQ-03 (core) reads demands.state (full) as numerator"]
    below = with_readings(matrix, Reading("DQ-03", "people", "left_on", "numerator;optional"))
    assert wrong_levels(release, below) == ["DQ-03 (core) reads people.left_on (core) as numerator;optional"]


# Whose rows of a higher level are a value or a way of taking ties of their own, beside those of core.
OF_THEIR_OWN = {
    **dict.fromkeys(("waves", "wave_respondents", "tie_reports"), "ties from a roster, where the manifest says so"),
    "commitments": "EQ-02's base REL-06", "decisions": "OMB-03's seventh value",
}  # fmt: skip


def test_no_value_hangs_on_a_field_above_its_level(release: Release, matrix: Matrix) -> None:
    """A field that only merges, splits or stands beside can be absent; one that decides a number leaves it unknown."""
    deciding = {"population", "numerator", "denominator", "window"}
    found = {
        (one.reader, one.table, one.field)
        for one in matrix.readings
        if one.is_optional and deciding & set(one.uses) and one.reader != "DQ-01" and one.table not in OF_THEIR_OWN
    }
    # COL-01 asks for `has_stated_demand` or `demand_id`; the first is at its level.
    alternatives = {("COL-01", "events", "demand_id"), ("COL-02", "events", "demand_id")}
    assert found == alternatives


# --- every field has a reader -------------------------------------------------------------------------------------


def identifying(release: Release) -> set[Place]:
    """Keys: they say which row is meant, whoever reads the row."""
    return {(table.id, name) for table in release.tables.values() for name in table.key}


@pytest.fixture(scope="module")
def by_rules(release: Release) -> set[Place]:
    """Fields that some rule reads; not families of rules: that a date can be wrong is no reason for a date."""
    single = (rule for rule in release.rules.values() if rule.each is None or rule.each.only_fields)
    return {place for rule in single for place in rule_places(release, rule)}


def unread(release: Release, matrix: Matrix, by_rules: set[Place]) -> list[str]:
    # DQ-01 counts cells of every table, which is no reason for a field.
    # That a code refers to a row that is there is none either: it says that the code is right, not what it is for.
    read = {place for place, readings in matrix.by_field.items() if any(one.reader != "DQ-01" for one in readings)}
    return named(all_fields(release) - read - by_rules - identifying(release))


def test_every_field_has_a_reader(release: Release, matrix: Matrix, by_rules: set[Place]) -> None:
    nobody = unread(release, matrix, by_rules)
    assert not nobody, f"nobody reads {', '.join(nobody)}: name the reader in schema/1.0/matrix.csv, or drop the field"


def unkept(matrix: Matrix, by_rules: set[Place]) -> list[str]:
    """Fields of tables of which the matrix says that a check needs them, and that no rule reads."""
    said = matrix.fields_of("validation")
    return named({place for place in said if place[0] != MANIFEST} - by_rules)


def test_a_check_that_the_matrix_speaks_of_is_there(matrix: Matrix, by_rules: set[Place]) -> None:
    assert not unkept(matrix, by_rules), "write the rule, or give the field another reader, or drop it"
    promised = Reading("validation", "people", "left_on", "nobody leaves before the first contact")
    assert unkept(with_readings(matrix, promised), by_rules - {("people", "left_on")}) == ["people.left_on"]


def test_a_field_that_nobody_reads_is_caught(release: Release, matrix: Matrix, by_rules: set[Place]) -> None:
    people = release.tables["people"]
    made_up = people.by_id["left_on"].model_copy(update={"id": "shoe_size"})
    wider = people.model_copy(update={"fields": (*people.fields, made_up)})
    changed = dataclasses.replace(release, tables=MappingProxyType({**release.tables, "people": wider}))

    def is_unread(*more: Reading, rules: set[Place] = by_rules) -> bool:
        return "people.shoe_size" in unread(changed, with_readings(matrix, *more), rules)

    assert is_unread()
    assert is_unread(Reading("DQ-01", "people", "shoe_size", "numerator")), "counting it is no reason for it"
    assert not is_unread(Reading("report", "people", "shoe_size", "boots for the march"))
    assert not is_unread(rules={*by_rules, ("people", "shoe_size")})


def test_completeness_counts_every_required_field(release: Release, matrix: Matrix) -> None:
    required = {
        (table.id, field.id)
        for table in release.tables.values()
        for field in table.fields
        if field.required and field.id not in table.key
    }
    assert required <= matrix.fields_of("DQ-01"), named(required - matrix.fields_of("DQ-01"))


# --- sheets read what the matrix says, and nothing else -----------------------------------------------------------


# Views that serve many indicators and carry a field that one of them has no use for.
SHARED = {
    ("LEAD-01", "memberships.group_id"): "`spells` carries the group for others; here its days",
}
ROSTER = {"waves", "wave_respondents", "tie_reports"}
LATER = {
    "cells": "the program computes totals; what only splits them is read by the program that comes with the cells",
    "roster": "the program takes ties from conversations; a submission whose ties come from a roster gets no value yet",
    "page": "the key is printed by the report beside the value, and enters no number",
}


def later(one: Reading) -> str | None:
    """Why a sheet need not read this yet; None where it must."""
    if set(one.uses) <= {"disaggregation", "optional"}:
        return "cells"
    if one.table in ROSTER and one.is_optional:
        return "roster"
    if (one.table, one.field) == (MANIFEST, "boundary_rule"):
        return "page"
    return None


def disagreements(release: Release, matrix: Matrix, sheet: Indicator) -> list[str]:
    read, said = sheet_places(release, sheet), matrix.fields_of(sheet.code)
    more = [name for name in named(read - said) if (sheet.code, name) not in SHARED]
    unused = [one for place, one in matrix.by_reader[sheet.code].items() if place not in read and later(one) is None]
    return [f"{sheet.code} reads {name}, which its rows do not say" for name in more] + [
        f"{sheet.code} does not read {one.table}.{one.field}, which its rows call {one.use}" for one in unused
    ]


@pytest.mark.parametrize("name", ids("indicator"))
def test_a_sheet_reads_what_its_rows_say(release: Release, matrix: Matrix, name: str) -> None:
    found = disagreements(release, matrix, release.indicators[name])
    assert not found, "; ".join(found)


def test_a_sheet_that_reads_more_or_less_than_its_rows_is_caught(release: Release, matrix: Matrix) -> None:
    sheet = release.indicators["one_to_one_coverage"]
    left_on = Reading(sheet.code, "people", "left_on", "window")
    assert disagreements(release, with_readings(matrix, left_on), sheet) == [
        "REL-01 does not read people.left_on, which its rows call window"
    ]
    minutes = next(one for one in matrix.readings if (one.reader, one.field) == (sheet.code, "minutes"))
    shorter = Matrix(matrix.entries, tuple(one for one in matrix.readings if one != minutes))
    assert disagreements(release, shorter, sheet) == ["REL-01 reads one_to_ones.minutes, which its rows do not say"]
    facts = {**sheet.facts, "more": "SELECT count(*) AS n FROM events WHERE staff_hours > 0"}
    more = sheet.model_copy(update={"facts": facts})
    assert disagreements(release, matrix, more) == ["REL-01 reads events.staff_hours, which its rows do not say"]


def test_no_reason_outlives_what_it_explains(release: Release, matrix: Matrix) -> None:
    """Take a reason out as soon as the sheets do without it."""
    used, waiting = set(), set()
    for sheet in release.indicators.values():
        read, said = sheet_places(release, sheet), matrix.fields_of(sheet.code)
        used |= {(sheet.code, name) for name in named(read - said)}
        missing = [one for place, one in matrix.by_reader[sheet.code].items() if place not in read]
        waiting |= {reason for one in missing if (reason := later(one)) is not None}
    assert used == set(SHARED)
    assert waiting == set(LATER)


# --- a rule protects what reads its fields ------------------------------------------------------------------------


def not_protected(release: Release, matrix: Matrix, rule: Rule) -> list[str]:
    """What is wrong with the readers that a rule names."""
    if not rule.protects:
        return ["say under `protects` which indicator or reader goes wrong without it"]
    read, found = rule_places(release, rule), []
    for name in rule.protects:
        if name in READERS:
            continue
        if name not in matrix.entries:
            found.append(f"'{name}' is no indicator of the catalogue, nor one of {', '.join(READERS)}")
        elif not read & matrix.fields_of(name):
            found.append(f"{name} reads none of {', '.join(named(read))}")
    return found


@pytest.mark.parametrize("name", ids("rule"))
def test_a_rule_reads_a_field_of_each_indicator_that_it_protects(release: Release, matrix: Matrix, name: str) -> None:
    found = not_protected(release, matrix, release.rules[name])
    assert not found, f"{name}: {'; '.join(found)}"


def test_a_rule_that_protects_nobody_is_caught(release: Release, matrix: Matrix) -> None:
    rule = release.rules["one_to_one_with_oneself"]

    def said(*protects: str) -> list[str]:
        return not_protected(release, matrix, rule.model_copy(update={"protects": protects}))

    assert said() == ["say under `protects` which indicator or reader goes wrong without it"]
    assert said("REL-01", "NET-02", "members") == []
    assert said("REL-01", "IND-01") == ["IND-01 reads none of one_to_ones.person_a, one_to_ones.person_b"]
    assert "'REL-99' is no indicator" in said("REL-99")[0]


def test_fields_of_rules_are_found_in_all_their_forms(release: Release) -> None:
    """A query, a row with a join, parameters of the manifest, a rule about the manifest, a family."""
    by_row = rule_places(release, release.rules["attendance_before_first_contact"])
    assert {("participation", "event_id"), ("people", "first_contact_on")} <= by_row
    by_query = rule_places(release, release.rules["staff_without_paid_spell"])
    assert {("people", "person_type"), ("memberships", "role")} <= by_query
    rule = release.rules["conversation_held_after_taken_on"]
    assert {("one_to_ones", "held_on"), (MANIFEST, "taken_on")} <= rule_places(release, rule)
    about_manifest = {"table": MANIFEST, "fields": ("records_from",), "applies_when": "TRUE", "params": {}}
    about_manifest |= {"finding_when": "records_from > period_end"}
    found = rule_places(release, rule.model_copy(update=about_manifest))
    assert found == {(MANIFEST, "records_from"), (MANIFEST, "period.end")}
    family = {"types": ("integer",), "tables": ("digital_cohorts",)}
    changed = {"table": "", "fields": (), "each": family, "applies_when": "{field} IS NOT NULL", "params": {}}
    of_family = Rule.model_validate(
        {**rule.model_dump(by_alias=True, exclude_none=True), **changed, "finding_when": "{field} > 100000"}
    )
    numbers = {("digital_cohorts", name) for name in ("n_new", "n_one_to_one", "n_member_tie", "n_team")}
    assert rule_places(release, of_family) == numbers


# --- its page -----------------------------------------------------------------------------------------------------


def test_the_page_has_every_reading_twice(release: Release, matrix: Matrix) -> None:
    text = matrix_pages(release, matrix)[MATRIX_PAGE]
    by_field, by_indicator = text.split("## Indicator by indicator")
    for code, entry in matrix.entries.items():
        assert f"{{: #{code.lower()} }}" in by_indicator
        assert (f"indicators/{entry.id}.md" in by_indicator) == (entry.id in release.indicators)
    rows = [line for line in by_field.splitlines() if line.startswith("| ") and "<code>" in line]
    assert len(rows) == len(matrix.by_field)
    assert by_indicator.count("<code>") == len([one for one in matrix.readings if one.uses]) + len(
        {(one.reader, one.table) for one in matrix.readings if one.uses}
    )
    period_end = next(row for row in rows if "period.end" in row)
    assert "| all but [DQ-01](#dq-01) |" in period_end
    assert "report: name of a group" in next(row for row in rows if "groups.md#label" in row)
    assert text == matrix_pages(release)[MATRIX_PAGE]


def test_the_page_shows_text_as_text(release: Release, matrix: Matrix) -> None:
    hostile = with_readings(matrix, Reading("report", "people", "left_on", "<script>alert(1)</script> | x"))
    assert "<script>" not in matrix_pages(release, hostile)[MATRIX_PAGE]


def test_the_codes_that_a_review_may_name_are_those_of_the_catalogue(release: Release, matrix: Matrix) -> None:
    listed = release.rules["review_of_no_indicator"].finding_when or ""
    assert set(re.findall(r"'([a-z_]+)'", listed)) == {entry.id for entry in matrix.entries.values()}
