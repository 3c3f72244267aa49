"""The generator of organizations: the same seed the same bytes, records without errors, files, size, the example."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import functools
import importlib.util
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
import yaml

from relmetrics.synthesis import (
    Behaviours,
    plant_oddities,
    synthesize,
    write_folder,
    write_workbook,
)
from relmetrics.synthesis.plot import CODES, DATES, KEYS, NUMBERS, REDUCIBLE, REFERENCES, REQUIRED
from synthesis_checks import (
    BIG,
    ROOT,
    code_columns,
    codes_of,
    faults,
    filled,
    n_of,
    near_the_gates,
    rows,
    schema_tables,
)

# --- the same, and not the same ------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from relmetrics.synthesis import *\n"
        "o = plant_oddities(synthesize(Behaviours(), 5), 6, 0.1)\n"
        "write_folder(o, pathlib.Path(sys.argv[1])); write_workbook(o, pathlib.Path(sys.argv[1]) / 'all.xlsx')\n"
    )
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        # Hashes of texts differ from process to process: nothing may depend on their order.
        environment = {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": str(len(name) + ord(name[0]))}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=environment)
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert "all.xlsx" in one


def test_another_seed_gives_other_records() -> None:
    one, two = synthesize(Behaviours(), 1), synthesize(Behaviours(), 2)
    for table in ("people", "memberships", "one_to_ones", "events", "participation", "activity_counts"):
        assert one.tables[table] != two.tables[table], table


def test_a_behaviour_does_not_disturb_unrelated_records() -> None:
    one, two = synthesize(Behaviours(), 1), synthesize(Behaviours(events_per_month=7.0), 1)
    assert one.tables["one_to_ones"] == two.tables["one_to_ones"]
    assert one.tables["people"] == two.tables["people"]


def test_oddities_are_deterministic_and_leave_the_original_alone() -> None:
    organization = synthesize(Behaviours(), 1)
    before = repr(organization)
    assert plant_oddities(organization, 3, 0.1) == plant_oddities(organization, 3, 0.1)
    assert plant_oddities(organization, 3, 0.1) != plant_oddities(organization, 4, 0.1)
    assert plant_oddities(organization, 3, 0.0) == organization
    assert repr(organization) == before


# --- clean records -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_records_are_free_of_errors(seed: int) -> None:
    assert faults(synthesize(dataclasses.replace(Behaviours(), month_precision=0.2), seed)) == []
    assert faults(synthesize(Behaviours.drawn(seed), seed)) == []


@pytest.mark.parametrize("seed", range(6))
def test_records_contradict_neither_each_other_nor_themselves(seed: int) -> None:
    for behaviours in (Behaviours(), Behaviours.drawn(seed)):
        organization = synthesize(dataclasses.replace(behaviours, recorded_by_both=0.0), seed)
        pairs = Counter(
            (frozenset((row["person_a"], row["person_b"])), row["held_on"])
            for row in rows(organization, "one_to_ones") if row["person_b"]
        )  # fmt: skip
        assert set(pairs.values()) <= {1}  # nobody talks twice a day, of whatever kind
        paid = [row["started_on"] for row in rows(organization, "memberships") if row["role"] == "paid_staff"]
        for row in rows(organization, "events"):
            assert not row["staff_hours"] or min(paid)[:7] <= row["held_on"][:7]
        begun = {row["group_id"]: row["started_on"] for row in rows(organization, "groups")}
        for row in rows(organization, "groups"):
            length = min(len(row["started_on"]), len(begun.get(row["parent_group_id"], "")))
            assert not length or begun[row["parent_group_id"]][:length] <= row["started_on"][:length]
        # Late notes are not all written on the day the data are taken.
        noted = Counter(row["entered_on"] for row in rows(organization, "one_to_ones") if row["entered_on"])
        assert max(noted.values(), default=0) <= max(12, noted.total() // 10)


def test_the_check_for_errors_sees_errors() -> None:
    organization = synthesize(BIG, 1)
    for oddity in ("bad_dates", "bad_codes", "repeated_keys", "dangling_references", "spells_backwards",
                   "missing_key_parts", "empty_required_cells", "with_oneself"):  # fmt: skip
        assert faults(plant_oddities(organization, 1, 0.1, only=(oddity,))) != [], oddity


def test_columns_are_those_of_the_standard() -> None:
    organization = synthesize(Behaviours(), 1)
    tables = schema_tables()
    assert list(organization.tables) == list(KEYS)
    assert set(organization.tables) <= set(tables)
    for name, columns in organization.tables.items():
        fields = tables[name]["fields"]
        assert set(columns) <= {field["id"] for field in fields}, name
        assert tables[name]["key"] == KEYS[name]
        required = {field["id"] for field in fields if field.get("required") == "yes"} - set(KEYS[name])
        assert required == set(REQUIRED.get(name, [])), name
    fields_of = {(name, field["id"]): field for name, table in tables.items() for field in table["fields"]}
    assert {fields_of[place]["type"] for place in DATES} == {"date"}
    assert {fields_of[place].get("reduced") for place in REDUCIBLE} == {"yes"}
    assert all("references" in fields_of[place] for place in REFERENCES)
    assert {fields_of[place]["type"] for place in CODES} == {"code", "codes"}
    assert {fields_of[place]["type"] for place in NUMBERS} == {"integer"}


def test_all_codes_are_in_the_codelists_and_nearly_all_of_them_are_used() -> None:
    used: dict[str, set[str]] = {}
    organizations = [synthesize(BIG, seed) for seed in range(3)]
    for table, column, codelist in code_columns():
        for organization in organizations:
            for cell in organization.tables[table].get(column, []):
                used.setdefault(codelist, set()).update(code for code in cell.split(";") if code)
    for codelist, found in used.items():
        assert found <= codes_of(codelist), codelist
    for codelist in ("role", "meeting_status", "conversation_kind", "function", "event_kind", "cycle_step", "sign_up",
                     "channel", "person_type", "consent_use", "mode", "confirmation", "initiator"):  # fmt: skip
        # A code that only a missing record would hold (status unknown) is planted, not drawn.
        assert codes_of(codelist) - used[codelist] <= {"unknown", "other", "service", "administrative"}, codelist


def test_the_default_organization_is_rich_enough_for_every_gate() -> None:
    for seed in range(5):
        found = near_the_gates(synthesize(Behaviours(), seed))
        low = {name: (value, least) for name, (value, least) in found.items() if value < least}
        assert low == {}, seed


def test_gates_are_missed_where_nothing_is_written_down() -> None:
    found = near_the_gates(synthesize(Behaviours(written_down=0.0, functions_recorded=0.0), 1))
    assert found["conversations with a constituent"][0] == 0
    assert found["leadership acts"][0] == 0


# --- size ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("conversations", [5_000, 50_000])
def test_of_size_gives_about_that_many_rows(conversations: int) -> None:
    organization = synthesize(Behaviours.of_size(conversations), 1)
    assert n_of(organization, "one_to_ones") == pytest.approx(conversations, rel=0.08)
    assert n_of(organization, "participation") == pytest.approx(2 * conversations, rel=0.12)
    assert n_of(organization, "people", person_type="constituent") == max(50, conversations // 100)


def test_drawn_behaviours_reach_both_sides_of_the_gates() -> None:
    found = [near_the_gates(synthesize(Behaviours.drawn(seed), seed)) for seed in range(40)]
    for gate in found[0]:
        assert {value >= least for value, least in (one[gate] for one in found)} == {True, False}, gate


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_folder_holds_what_the_organization_holds(tmp_path: Path) -> None:
    organization = synthesize(Behaviours(), 1)
    organization.tables["groups"]["label"][0] = 'Tenants, "Riverside"\nand friends'
    organization.tables["groups"]["label"][1] = "Consejo de inquilinos, ¡sí!"
    organization.manifest["boundary_rule"] = 'all: "who" - come # to us\u2028\x07'
    write_folder(organization, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.csv" for name in KEYS} | {"submission.yaml"}
    for name, columns in organization.tables.items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        assert header == list(columns)
        assert lines == [list(line) for line in zip(*columns.values(), strict=True)]
    people = (tmp_path / "people.csv").read_bytes()
    assert b"\r" not in people
    assert b'"' not in people
    text = (tmp_path / "submission.yaml").read_text(encoding="utf-8")
    # Also a reader that takes unquoted 1.0 for a number gives text.
    assert yaml.safe_load(text) == organization.manifest


def test_a_workbook_holds_what_the_organization_holds(tmp_path: Path) -> None:
    organization = synthesize(Behaviours(people=20, months=6), 1)
    organization.tables["groups"]["label"][0] = "=1+1"
    organization.tables["people"]["first_contact_on"][0] = "2026-02-30"
    for real_dates in (False, True):
        path = tmp_path / f"{real_dates}.xlsx"
        write_workbook(organization, path, real_dates=real_dates)
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["submission", *KEYS]
        manifest = {key: value for key, value in book["submission"].iter_rows(values_only=True)}  # noqa: C416
        assert manifest["key"] == "value"
        assert manifest["period.start"] == organization.manifest["period"]["start"]
        assert manifest["complete_tables"] == "events;activity_counts"
        for name, columns in organization.tables.items():
            header, *lines = book[name].iter_rows(values_only=True)
            assert list(header) == list(columns)
            given = [list(line) for line in zip(*columns.values(), strict=True)]
            read = [[_as_text(cell) for cell in line] for line in lines]
            assert read == given, name
        first = book["events"]["B2"].value
        assert isinstance(first, datetime.datetime) is real_dates
        assert book["groups"]["C2"].data_type == "s"


def _as_text(cell: Any) -> str:
    return "" if cell is None else cell.date().isoformat() if isinstance(cell, datetime.datetime) else str(cell)


# --- the bundled example -------------------------------------------------------------------------------------------


@functools.cache
def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_riverside_tenants", ROOT / "examples" / "make_riverside_tenants.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["riverside_tenants", "riverside_tenants_with_mistakes"])
def test_the_script_still_makes_the_frozen_example(name: str, tmp_path: Path) -> None:
    _script().make(tmp_path)
    made = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
    frozen = {path.name: path.read_bytes() for path in (ROOT / "examples" / name).iterdir() if path.name != "README.md"}
    assert made == frozen


def test_the_example_is_clean_small_and_rich_enough() -> None:
    organization = _script().riverside_tenants()
    assert faults(organization) == []
    assert 40 <= n_of(organization, "people") <= 60
    assert 200 <= n_of(organization, "one_to_ones") <= 300
    assert {name: pair for name, pair in near_the_gates(organization).items() if pair[0] < pair[1]} == {}
    pairs = Counter(
        (*sorted((r["person_a"], r["person_b"])), r["held_on"], r["kind"]) for r in rows(organization, "one_to_ones")
    )
    assert max(pairs.values()) == 1  # no conversation twice: that would be a finding
    # Somebody is hired and somebody leaves, so that the example shows both.
    assert n_of(organization, "memberships", role="paid_staff") > n_of(organization, "people", person_type="staff")
    assert filled(organization, "people", "left_on") > 0


def test_the_second_copy_has_exactly_two_mistakes_and_its_readme_names_them() -> None:
    right = _script().riverside_tenants()
    wrong = _script().with_mistakes(right)
    changed = [
        (table, column, row, one, other)
        for table, columns in right.tables.items() for column, values in columns.items()
        for row, (one, other) in enumerate(zip(values, wrong.tables[table][column], strict=True)) if one != other
    ]  # fmt: skip
    assert right.manifest == wrong.manifest
    assert [place[:2] for place in changed] == [("one_to_ones", "held_on"), ("participation", "person_id")]
    assert sorted(fault.split(":")[0] for fault in faults(wrong)) == ["dangling reference", "unreadable date"]
    readme = (ROOT / "examples" / "riverside_tenants_with_mistakes" / "README.md").read_text(encoding="utf-8")
    for _, _, row, one, other in changed:
        assert f"row {row + 2}" in readme  # as a spreadsheet counts, with the header
        assert f"`{one}`" in readme
        assert f"`{other}`" in readme
