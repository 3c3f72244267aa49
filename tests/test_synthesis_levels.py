"""The generator above the core: no fault at any level, the core as it was, and submissions that no rule objects to."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from conftest import NO_SKIPS
from mutations.clean import clean_organization, clean_submission
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.synthesis import (
    LEVELS,
    TABLES_OF,
    Behaviours,
    Organization,
    plant_oddities,
    synthesize,
    write_folder,
    write_workbook,
)
from relmetrics.validation import validate
from synthesis_checks import codes_of, rows, schema_tables
from synthesis_checks_higher import all_faults

HIGHER = ("relational", "full")
SEEDS = range(30) if NO_SKIPS else range(4)
ADDED = {"groups", "events", "activity_counts"}
"""Core tables to which a level adds rows, always behind those of the core."""
LESS = {"person_lines", "participation"}
"""Core tables of which a level leaves out what a careful organization would not write down."""

# Codes that a clean submission cannot hold, or that nothing draws: what was not found out is for `plant_oddities`.
NOT_DRAWN = {
    ("events", "status"): {"unknown"}, ("events", "kind"): {"other"}, ("one_to_ones", "status"): {"unknown"},
    ("demands", "target_level"): {"national", "state", "county"}, ("commitments", "status"): set(),
}  # fmt: skip
STATUSES = (
    ("commitments", "status"), ("commitments", "kind"), ("demands", "state"), ("demands", "opposition"),
    ("agenda_items", "request"), ("agenda_items", "result"), ("outcomes", "face"), ("outcomes", "direction"),
    ("decisions", "subject"), ("decisions", "body_class"), ("waves", "kind"), ("tie_reports", "relation"),
    ("organization_ties", "kind"), ("joint_act_codings", "articulation"), ("documents", "series"),
    ("documents", "phase"), ("outcome_codings", "source_kind"), ("outcome_codings", "test"),
    ("survey_items", "referent"), ("document_codings", "has_frame"), ("events", "status"), ("one_to_ones", "status"),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("level", HIGHER)
def test_records_of_any_level_are_free_of_errors(level: str, seed: int) -> None:
    assert all_faults(synthesize(Behaviours(level=level, month_precision=0.2), seed)) == []
    assert all_faults(synthesize(Behaviours.drawn(seed, level), seed)) == []


def _spoil(table: str, column: str, text: str) -> Callable[[Organization], None]:
    def spoil(o: Organization) -> None:
        cells = o.tables[table][column]
        cells[next(i for i, cell in enumerate(cells) if cell and cell != text)] = text

    return spoil


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("campaigns", "closed_on", "2020-01-01"), ("campaigns", "issue_id", "none"),
        ("commitments", "due_on", "2020-01-01"),
        ("commitments", "asked_by", "P-0001"), ("decisions", "decided_on", "2030-01-01"), ("decisions", "quorum", "99"),
        ("tie_reports", "reporter", "P-0001"), ("wave_respondents", "group_id", "G-legal-clinic"),
        ("organization_ties", "started_on", "1950-01-01"), ("joint_acts", "occurred_on", "2020-01-01"),
        ("demands", "state_on", "2020-01-01"), ("agenda_items", "result_on", "2020-01-01"),
        ("seats", "started_on", "2030-01-01"), ("outcomes", "occurred_on", "2020-01-01"),
        ("survey_responses", "value", "9"), ("reference_population", "share", "0.99"),
        ("documents", "published_on", "2030-01-01"),
    ],
)  # fmt: skip
def test_the_check_for_faults_sees_them(table: str, column: str, text: str) -> None:
    organization = synthesize(Behaviours(level="full"), 1)
    _spoil(table, column, text)(organization)
    assert all_faults(organization) != []


@pytest.mark.parametrize("level", LEVELS)
def test_tables_and_columns_are_those_of_the_standard_in_its_order(level: str) -> None:
    organization = synthesize(Behaviours(level=level), 1)
    order = [name for name, _ in sorted(schema_tables().items(), key=lambda item: LEVELS.index(item[1]["level"]))]
    assert list(organization.tables) == list(TABLES_OF[level])
    assert set(organization.tables) == {
        n for n in order if LEVELS.index(schema_tables()[n]["level"]) <= LEVELS.index(level)
    }
    for name, columns in organization.tables.items():
        fields = [
            field["id"] for field in schema_tables()[name]["fields"]
            if LEVELS.index(field.get("level", "core")) <= LEVELS.index(level)
        ]  # fmt: skip
        if (level, name) == ("core", "events"):
            fields.remove("campaign_id")  # no campaign without the table of campaigns
        assert list(columns) == fields, name
        assert len({len(cells) for cells in columns.values()}) == 1, name
        assert all(type(cell) is str for cells in columns.values() for cell in cells), name
    assert organization.manifest["adoption_level"] == level
    assert set(organization.manifest["complete_tables"]) <= set(organization.tables)


def test_the_core_is_the_same_at_every_level() -> None:
    core, *others = (synthesize(Behaviours(level=level), 3) for level in LEVELS)
    for other in others:
        for name, columns in core.tables.items():
            for column, cells in columns.items():
                found = other.tables[name][column]
                if name in ADDED:
                    assert found[: len(cells)] == cells, (name, column)
                elif name not in LESS or (name == "participation" and column != "represents_group_id"):
                    assert found == cells, (name, column)


def test_the_same_seed_gives_the_same_and_another_one_another() -> None:
    one, again, other = (synthesize(Behaviours(level="full"), seed) for seed in (4, 4, 5))
    assert one == again
    for table in ("commitments", "decisions", "tie_reports", "demands", "outcomes", "survey_responses"):
        assert one.tables[table] != other.tables[table], table


def test_a_behaviour_above_the_core_disturbs_no_other_part() -> None:
    usual = Behaviours(level="full")
    one, two = synthesize(usual, 1), synthesize(dataclasses.replace(usual, documents_per_cell=5, names_given=1.0), 1)
    changed = {name for name in one.tables if one.tables[name] != two.tables[name]}
    assert changed == {"documents", "document_codings", "tie_reports"}


def test_oddities_are_planted_at_any_level() -> None:
    for seed in range(10):
        plant_oddities(synthesize(Behaviours.drawn(seed, "full"), seed), seed, 0.3)


def test_folder_and_workbook_hold_the_tables_of_the_level(tmp_path: Path) -> None:
    organization = synthesize(Behaviours(level="full", people=20, months=8, documents_per_cell=2), 1)
    write_folder(organization, tmp_path)
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(TABLES_OF["full"])
    write_workbook(organization, tmp_path / "all.xlsx")
    assert openpyxl.load_workbook(tmp_path / "all.xlsx").sheetnames == ["submission", *TABLES_OF["full"]]


# --- clean submissions --------------------------------------------------------------------------------------------


def test_the_clean_submission_is_small_complete_and_holds_every_status() -> None:
    organization = clean_organization()
    assert all_faults(organization) == []
    assert all(next(iter(columns.values())) for columns in organization.tables.values())
    assert 35 <= len(organization.tables["people"]["person_id"]) <= 55
    for table, column in STATUSES:
        field = next(field for field in schema_tables()[table]["fields"] if field["id"] == column)
        used = {code for row in rows(organization, table) for code in row[column].split(";")}
        missing = codes_of(field["codelist"]) - used
        assert missing <= NOT_DRAWN.get((table, column), set()), (table, column)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", LEVELS)
def test_random_clean_submissions_give_no_error_and_no_warning(level: str, seed: int, tmp_path: Path) -> None:
    clean_submission(tmp_path, seed, level)
    with read_submission(tmp_path, load_release()) as submission:
        found = Counter((one.severity, one.rule, one.table, one.field) for one in validate(submission))
    assert {finding: n for finding, n in found.items() if finding[0] != "note"} == {}
