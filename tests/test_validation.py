"""Validation: places, ids, order, privacy, the plan of few statements, and what works."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from deck import DECK, submission_from_case
from relmetrics.definitions import Indicator, Release, Rule
from relmetrics.documents import read_document
from relmetrics.errors import DefinitionError
from relmetrics.standard import load_release
from relmetrics.submission import Submission, read_submission
from relmetrics.validation import Check, Findings, Readiness, unlocked_by, validate
from relmetrics.validation.scan import RowCheck, Scan, either, when
from relmetrics.validation.shape import shape_of
from relmetrics.validation.suggestions import nearest

DIRTY = {
    "people": (
        "person_id,person_type,first_contact_on,consent_use,left_on,name\n"
        "P1,constituent,2025-01-01,yes,,Ana\n"
        "P1,staff,2025-01-01,yes,,Ben\n"
        "P2,alien,2025-02-30,,2025,Cem\n"
        ",staff,,no,,Dee\n"
        "P 3,constituent,2025,yes,,Eve\n"
        "P4,Constituent,2025-03,yes,,Fay\n"
        "P5,STAFF,2025-03,yes,,Gus\n"
    ),
    "one_to_ones": (
        "one_to_one_id,held_on,person_a,person_b,status,kind,minutes\n"
        "C1,2026-01-01,P1,P9,held,one_to_one,-5\n"
        "C2,2026-01,P2,,yes,chat,abc\n"
        "C3,01/02/2026,P3,P2,helt,one_to_one,4\n"
        "C4,2027-02-01,P2,P2,held,one_to_one,30\n"
        "C5,2026-03-01,P4,P2,held,one_to_one,30\n"
        "C6,2026-03-01,P2,P4,held,one_to_one,30\n"
    ),
    "groups": "group_id,group_type,label\nG1,team," + "x" * 70 + "\n",
    "events": (
        "event_id,held_on,status,kind,cycle_steps,campaign_id\n"
        "E1,2026-01-05,cancelled,meeting,actoin;reflection;Power analysis,whatever\n"
        "E2,2026-01-06,held,meeting,,heat 2026\n"
    ),
    "participation": "event_id,person_id,attended\nE1,P2,yes\nE2,P4,sí\nE3,P4,yes\n",
}


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release()


def _validate(tables: dict[str, str], folder: Path, most_listed: int = 1000, **options: Any) -> Findings:
    manifest = options.pop("manifest", {})
    with submission_from_case({"tables": tables, "manifest": manifest}, folder, **options) as submission:
        return validate(submission, most_listed)


def _check(found: Findings, rule: str, table: str) -> Check:
    (check,) = (check for check in found.checks if (check.rule, check.table) == (rule, table))
    return check


# --- places, order, numbers ---------------------------------------------------------------------------------------


def test_findings_stand_in_their_order_and_name_their_cells(tmp_path: Path) -> None:
    found = _validate(DIRTY, tmp_path)
    severities = [one.severity for one in found]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert {"error", "warning", "note"} == set(severities)
    tables = list(load_release().tables)
    errors = [(tables.index(one.table), one.row or 0) for one in found if one.severity == "error"]
    assert errors == sorted(errors)
    (one,) = (one for one in found if one.rule == "value_out_of_range")
    assert (one.file, one.sheet, one.row, one.field, one.cell) == ("one_to_ones.csv", "", 2, "minutes", "G2")
    (one,) = (one for one in found if one.rule == "duplicate_key")
    assert (one.row, one.cell, [(place.row, place.cell) for place in one.related]) == (3, "A3", [(2, "A2")])


def test_counts_are_exact_and_lists_are_short(tmp_path: Path) -> None:
    rows = "".join(f"C{n},2026-01-01,P1,P{n},held,one_to_one,x\n" for n in range(2, 60))
    tables = {
        "people": "person_id\nP1\n",
        "one_to_ones": "one_to_one_id,held_on,person_a,person_b,status,kind,minutes\n" + rows,
    }
    found = _validate(tables, tmp_path, most_listed=5)
    for rule in ("dangling_reference", "value_not_of_type"):
        assert _check(found, rule, "one_to_ones").n_findings == 58
        assert [one.row for one in found if one.rule == rule] == [2, 3, 4, 5, 6]
    assert len(found) == sum(found.counts().values()) > 116
    none = _validate(tables, tmp_path / "none", most_listed=0)
    assert none.findings == ()
    assert none.checks == found.checks


def test_one_check_for_every_rule_and_every_constraint_of_every_table(tmp_path: Path, release: Release) -> None:
    found = _validate(DIRTY, tmp_path)
    names = Counter((check.kind, check.rule, check.table) for check in found.checks)
    assert set(names.values()) == {1}
    assert {rule for kind, rule, _ in names if kind == "rule"} == {*release.rules, *release.screens}
    assert {rule for kind, rule, _ in names if kind == "structure"} == set(release.structure)
    for check in found.checks:
        assert (check.outcome == "findings") == (check.n_findings > 0)
        assert (check.reason == "") == (check.outcome in ("clean", "findings"))
        assert (check.n_examined == 0) == (check.outcome in ("not_applicable", "cannot_tell"))


def test_a_note_for_other_words_stands_once_a_column(tmp_path: Path) -> None:
    found = _validate(DIRTY, tmp_path)
    notes = [(one.table, one.row, one.params["n_cells"]) for one in found if one.rule == "code_synonym"]
    assert notes == [("people", 7, "2"), ("one_to_ones", 3, "1"), ("events", 2, "1"), ("participation", 3, "1")]


# --- ids ----------------------------------------------------------------------------------------------------------


def _shuffled(tables: dict[str, str], seed: int) -> dict[str, str]:
    shuffled = {}
    for name, block in tables.items():
        header, *rows = block.splitlines(keepends=True)
        random.Random(seed).shuffle(rows)
        shuffled[name] = header + "".join(rows)
    return shuffled


def test_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    found = _validate(DIRTY, tmp_path / "given")
    assert len(_ids(found)) > 15
    for seed in range(3):
        other = _validate(_shuffled(DIRTY, seed), tmp_path / str(seed))
        assert _ids(other) == _ids(found)
        assert len(other) == len(found)


def test_ids_differ_and_stay_when_other_rows_are_mended(tmp_path: Path) -> None:
    before = _validate(DIRTY, tmp_path / "before")
    assert len({one.id for one in before}) == len(before.findings)
    mended = {**DIRTY, "one_to_ones": DIRTY["one_to_ones"].replace("C1,2026-01-01,P1,P9,held,one_to_one,-5\n", "")}
    after = _validate(mended, tmp_path / "after")
    gone = {one.id for one in before} - {one.id for one in after}
    assert {one.rule for one in before if one.id in gone} == {
        "dangling_reference",
        "value_out_of_range",
        "one_to_one_of_hardly_any_minutes",
    }
    assert {one.id for one in after} <= {one.id for one in before}


def test_equal_rows_have_ids_of_their_own(tmp_path: Path) -> None:
    found = _validate({"people": "person_id,person_type\n,staff\n,staff\n,staff\n"}, tmp_path)
    ids = [one.id for one in found if one.rule == "required_value_missing"]
    assert len(ids) == len(set(ids)) == 3


def test_one_thread_and_two_give_the_same(tmp_path: Path) -> None:
    assert _validate(DIRTY, tmp_path / "one", threads=1) == _validate(DIRTY, tmp_path / "two", threads=2)


def test_validating_twice_gives_the_same(tmp_path: Path) -> None:
    with submission_from_case({"tables": DIRTY}, tmp_path) as submission:
        assert validate(submission) == validate(submission)


def test_a_workbook_gives_the_same_findings_with_its_own_places(tmp_path: Path) -> None:
    folder = _validate(DIRTY, tmp_path)
    book = xlsxwriter.Workbook(tmp_path / "case.xlsx", {"strings_to_numbers": False})
    manifest = book.add_worksheet("submission")
    for row, pair in enumerate([("key", "value"), *_flat(read_document(DECK / "manifest.yaml").data)]):
        manifest.write_row(row, 0, pair)
    for name, block in DIRTY.items():
        sheet = book.add_worksheet(name)
        for row, line in enumerate(block.splitlines()):
            sheet.write_row(row, 0, line.split(","))
    book.close()
    with read_submission(tmp_path / "case.xlsx") as submission:
        found = validate(submission)
    assert {one.file for one in found} - {""} == {"case.xlsx"}
    mine = [(one.id, one.table, one.cell) for one in found]
    assert mine == [(one.id, one.table, one.cell) for one in folder]
    assert all(one.sheet == one.table for one in found if one.file)


def _flat(manifest: dict[str, Any], outer: str = "") -> list[tuple[str, str]]:
    pairs = []
    for name, value in manifest.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{outer}{name}.")
        else:
            pairs.append((outer + name, value if isinstance(value, str) else ";".join(value)))
    return pairs


# --- privacy ------------------------------------------------------------------------------------------------------


def test_no_raw_value_reaches_a_finding(tmp_path: Path, release: Release) -> None:
    """A word in every field of every table, wrong in most of them."""
    secret = "Zyxwvut"
    tables = {}
    for table in release.tables.values():
        names = [field.id for field in table.fields]
        tables[table.id] = ",".join([*names, secret]) + "\n" + ",".join([secret] * (len(names) + 1)) + "\n"
        tables[table.id] += ",".join([f"{secret} {secret}"] * (len(names) + 1)) + "\n"
    found = _validate(tables, tmp_path)
    assert len(found.findings) > 60
    assert secret.casefold() not in repr(found.findings).casefold()
    assert secret.casefold() not in repr(found.checks).casefold()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (None, "empty"),
        ("   ", "empty"),
        ("ana@example.org", "looks like an e-mail address"),
        ("+1 (512) 555-0199", "looks like a phone number"),
        ("5125550199", "looks like a phone number"),
        ("31/12/2026", "date with the day first"),
        ("12/31/2026", "date with the month first"),
        ("01/02/2026", "date with the day or month first"),
        ("2026/12/31", "date with other marks than hyphens"),
        ("2026-02-30", "date that does not exist"),
        ("2026-2-3", "date without leading zeros"),
        ("2026-02-03", "date"),
        ("2026-02", "year and month"),
        ("2026-13", "date that does not exist"),
        ("2026-02-03 18:30", "date with a time of day"),
        ("3 March 2026", "date with the month as a word"),
        ("12", "number"),
        ("-4,5", "number with a comma"),
        ("1,200", "number with a comma"),
        ("12,345,678", "number with thousands marks"),
        ("Ana", "text, 3 characters"),
        ("Ana ", "text, 3 characters, with blanks around it"),
        ("a b", "text of 2 words, 3 characters"),
        ("a;b", "several values with semicolons, 3 characters"),
        ("Pé1", "text with accents, 3 characters"),
        ("Пётр", "text in another script, 4 characters"),
        ("P#1", "text with special characters, 3 characters"),
        ("P\u200b1", "text with hidden characters, 3 characters"),
        ("x", "text, 1 character"),
    ],
)
def test_shape_says_what_a_value_looks_like(text: str | None, shape: str) -> None:
    assert shape_of(text) == shape


@given(st.text(max_size=30))
def test_shape_never_tells_the_value(text: str) -> None:
    shape = shape_of(text)
    assert len(text.strip()) < 4 or text.strip() not in shape or text.strip() in _WORDS_OF_SHAPES


_WORDS_OF_SHAPES = " ".join(shape_of(text) for text in (None, "a@b.c", "1", "ab", "a b", "1/2/2026", "2026-02-30"))


# --- what tables say about each other -----------------------------------------------------------------------------


def test_a_row_that_is_there_twice_multiplies_nothing(tmp_path: Path) -> None:
    """The two rows about E1 differ in their status: what became of it is unknown, so nobody can be wrong about it."""
    tables = {
        "events": "event_id,held_on,status\nE1,2026-01-05,cancelled\nE1,2026-01-05,held\nE2,2026-01-05,cancelled\n",
        "participation": "event_id,person_id,attended\nE1,P1,yes\nE1,P2,yes\nE2,P1,yes\n",
        "people": "person_id\nP1\nP2\nP2\n",
    }
    found = _validate(tables, tmp_path)
    assert _check(found, "attendance_at_event_not_held", "participation").n_examined == 1
    assert [one.row for one in found if one.rule == "attendance_at_event_not_held"] == [4]
    assert _check(found, "dangling_reference", "participation").n_examined == 6
    assert _check(found, "dangling_reference", "participation").outcome == "clean"


def test_references_to_tables_of_a_higher_level_are_opaque(tmp_path: Path) -> None:
    found = _validate(DIRTY, tmp_path)
    assert not [one for one in found if one.rule == "dangling_reference" and one.field == "campaign_id"]
    assert [one.row for one in found if one.rule == "id_pattern" and one.field == "campaign_id"] == [3]


def test_a_reference_to_a_row_with_an_unusable_key_names_that_row_as_its_cause(tmp_path: Path) -> None:
    found = _validate(DIRTY, tmp_path)
    (broken,) = (one for one in found if one.rule == "id_pattern" and one.table == "people")
    causes = {one.cell: one.cause for one in found if one.rule == "dangling_reference" and one.table == "one_to_ones"}
    assert causes == {"D2": "", "C4": broken.id}


def test_a_table_without_its_key_column_can_be_looked_up_by_nobody(tmp_path: Path) -> None:
    tables = {"people": "person_type\nstaff\n", "participation": "event_id,person_id,attended\nE1,P1,yes\n"}
    found = _validate(tables, tmp_path)
    check = _check(found, "dangling_reference", "participation")
    assert (check.outcome, check.reason) == ("cannot_tell", "table_absent")


def test_a_column_that_is_there_already_is_not_suggested(tmp_path: Path) -> None:
    tables = {"participation": "event_id,person_id,attended,attended2,event_ids\nE1,P1,yes,no,\n"}
    found = _validate(tables, tmp_path)
    assert [one.params["nearest"] for one in found if one.rule == "unknown_column"] == ["", ""]
    tables = {"participation": "event_id,person_id,attended2\nE1,P1,yes\n"}
    found = _validate(tables, tmp_path / "other")
    assert [one.params["nearest"] for one in found if one.rule == "unknown_column"] == ["attended"]


@pytest.mark.parametrize(
    ("given_name", "names", "suggestion"),
    [
        ("attendee", ["attended", "event_id"], "attended"),
        ("Person ID", ["person_type", "person_id"], "person_id"),
        ("first contact", ["first_contact_on", "first_channel"], "first_contact_on"),
        ("notes", ["mode", "role"], ""),
        ("???", ["mode"], ""),
        ("", ["mode"], ""),
    ],
)
def test_a_suggestion_is_near_or_none(given_name: str, names: list[str], suggestion: str) -> None:
    assert nearest(given_name, names) == suggestion


# --- few statements -----------------------------------------------------------------------------------------------


class _Counting:
    """A connection that counts what it, and those made from it, are asked."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, asked: list[str]) -> None:
        self.connection = connection
        self.asked = asked

    def execute(self, statement: str, *arguments: Any) -> Any:
        self.asked.append(statement)
        return self.connection.execute(statement, *arguments)

    def cursor(self) -> _Counting:
        return _Counting(self.connection.cursor(), self.asked)

    def close(self) -> None:
        self.connection.close()


def _n_statements(submission: Submission, release: Release) -> int:
    counting = _Counting(submission.workspace.connection, [])
    submission.release, submission.workspace._connection = release, counting  # type: ignore[assignment]
    try:
        validate(submission)
    finally:
        submission.workspace._connection = counting.connection
    return len(counting.asked)


def test_statements_do_not_grow_with_row_rules(tmp_path: Path, release: Release) -> None:
    rule = release.rules["one_to_one_with_oneself"]
    more: dict[str, Rule] = dict(release.rules)
    for number in range(100):
        name = f"rule_{number}"
        more[name] = rule.model_copy(update={"id": name, "finding_when": f"minutes > {number}"})
    with submission_from_case({"tables": DIRTY}, tmp_path) as submission:
        few = _n_statements(submission, release)
        many = _n_statements(submission, dataclasses.replace(release, rules=MappingProxyType(more)))
        found = validate(submission)
    assert few == many, "rules about single rows share the pass over their table"
    # More than 62 conditions: the mask has a second part.
    assert _check(found, "rule_3", "one_to_ones").n_findings == 4
    assert _check(found, "rule_4", "one_to_ones").n_findings == _check(found, "rule_29", "one_to_ones").n_findings == 3
    assert _check(found, "rule_30", "one_to_ones").outcome == "clean"
    assert _check(found, "rule_99", "one_to_ones").n_examined == 5


def test_a_scan_counts_eligible_judged_and_broken_rows() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE x AS SELECT n::INTEGER AS _row, nullif(n % 5, 4) AS a FROM range(2, 22) AS r(n)")
    scan = Scan("x", ["t._row"], {}, {})
    eligible = "coalesce(t._row > 6, FALSE)"
    for number in range(70):
        known, large = when(eligible, "t.a IS NOT NULL"), when(eligible, f"coalesce(t.a >= {number}, FALSE)")
        scan.checks.append(RowCheck(f"c{number}", "a", when(eligible), known, large, text="t.a::VARCHAR"))
    scan.checks.append(RowCheck("either", "a", when(), when(), either("t.a IS NULL", "coalesce(t.a = 0, FALSE)")))
    scan.filled = {"x.a": "t.a IS NOT NULL"}
    counts = scan.run(connection, 2)
    assert [(one.n_eligible, one.n_examined, one.n_findings, one.rows) for one in counts[:5]] == [
        (15, 12, 12, [7, 8]),
        (15, 12, 9, [7, 8]),
        (15, 12, 6, [7, 8]),
        (15, 12, 3, [8, 13]),
        (15, 12, 0, []),
    ]
    assert (counts[-1].n_findings, counts[-1].rows) == (8, [4, 5])
    assert scan.n_filled == {"x.a": 16}
    listed = scan.fetch(connection, counts)
    assert [(one.row, one.text) for one in listed if one.check.id == "c3"] == [(8, "3"), (13, "3")]


def test_a_constraint_without_texts_is_our_own_fault(tmp_path: Path, release: Release) -> None:
    structure = {name: one for name, one in release.structure.items() if name != "duplicate_key"}
    with submission_from_case({"tables": DIRTY}, tmp_path) as submission:
        submission.release = dataclasses.replace(release, structure=MappingProxyType(structure))
        with pytest.raises(DefinitionError, match="duplicate_key"):
            validate(submission)


# --- what works ---------------------------------------------------------------------------------------------------


def _indicator(name: str, needs: tuple[str, ...], required: tuple[str, ...] = (), adoption: str = "core") -> Indicator:
    return Indicator.model_construct(id=name, needs=needs, required_fields=required, adoption=adoption)


def _readiness(tables: dict[str, str], folder: Path, *indicators: Indicator) -> tuple[Readiness, ...]:
    release = dataclasses.replace(load_release(), indicators=MappingProxyType({one.id: one for one in indicators}))
    return _validate(tables, folder, release=release).readiness


def test_readiness_says_what_is_missing_and_what_would_unlock_what(tmp_path: Path) -> None:
    tables = {
        "people": "person_id,person_type,first_contact_on,consent_use\nP1,staff,2025-01-01,yes\n",
        "groups": "group_id,group_type,keeps_conversation_log,has_written_purpose\nG1,team,,unknown\n",
        "memberships": "person_id,group_id,role,started_on,ended_on\n",
    }
    found = _readiness(
        tables,
        tmp_path,
        _indicator("works", ("people", "groups"), ("groups.has_written_purpose",)),
        _indicator("a_table", ("people", "events")),
        _indicator("two_tables", ("people", "events", "one_to_ones")),
        _indicator("empty_column", ("people",), ("groups.keeps_conversation_log",)),
        _indicator("absent_column", ("people",), ("groups.conversation_log_from",)),
        _indicator("empty_column_too", ("groups",), ("groups.keeps_conversation_log",)),
        _indicator("table_without_rows", ("memberships",), ("memberships.ended_on",)),
        _indicator("higher_level", ("people",), (), "relational"),
    )
    said = {one.indicator: (one.reason, one.tables_missing, one.fields_missing) for one in found}
    missing = "missing_required_field"
    assert said == {
        "works": ("", (), ()),
        "a_table": (missing, ("events",), ()),
        "two_tables": (missing, ("events", "one_to_ones"), ()),
        "empty_column": (missing, (), ("groups.keeps_conversation_log",)),
        "absent_column": (missing, (), ("groups.conversation_log_from",)),
        "empty_column_too": (missing, (), ("groups.keeps_conversation_log",)),
        "table_without_rows": ("", (), ()),
        "higher_level": ("not_adopted_level", (), ()),
    }
    assert [one.indicator for one in found if one.is_ready] == ["table_without_rows", "works"]
    assert unlocked_by(found) == {
        "groups.keeps_conversation_log": ("empty_column", "empty_column_too"),
        "events": ("a_table",),
        "groups.conversation_log_from": ("absent_column",),
    }


@pytest.mark.parametrize("absent", ["person_id", "person_type"])
def test_readiness_of_a_table_without_a_column_that_it_must_have(absent: str, tmp_path: Path) -> None:
    row = {"person_id": "P1", "person_type": "staff", "first_contact_on": "2025-01-01", "consent_use": "yes"}
    del row[absent]
    people = f"{','.join(row)}\n{','.join(row.values())}\n"
    (one,) = _readiness({"people": people}, tmp_path, _indicator("any", ("people",)))
    assert not one.is_ready
    assert one.fields_missing == (f"people.{absent}",)


# --- start-up and hostile input -----------------------------------------------------------------------------------


def test_validation_imports_nothing_heavy(tmp_path: Path, root: Path) -> None:
    submission_from_case({"tables": DIRTY}, tmp_path).close()
    script = (
        "import sys\n"
        "from relmetrics.submission import read_submission\n"
        "from relmetrics.validation import validate\n"
        f"with read_submission({str(tmp_path / 'case')!r}) as submission: validate(submission)\n"
        "print(sorted({'pandas', 'scipy', 'jinja2', 'rustworkx', 'numpy'} & sys.modules.keys()))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root / "src", check=False)
    assert run.stdout.strip() == "[]", run.stderr


_CELLS = st.one_of(
    st.sampled_from(["", " ", "P1", "P2", "E1", "yes", "Sí", "held", "2026-01-01", "2026-01", "31/12/2026", "-1"]),
    st.text(st.characters(exclude_characters='",', exclude_categories=("Cs", "Cc")), max_size=8),
)


@settings(max_examples=10)
@given(data=st.data())
def test_any_cells_are_judged_and_their_order_does_not_matter(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    release = load_release()
    tables, other = {}, {}
    for name in ("people", "events", "participation", "one_to_ones", "memberships"):
        fields = data.draw(st.lists(st.sampled_from([one.id for one in release.tables[name].fields]), unique=True))
        if not fields:
            continue
        rows = data.draw(st.lists(st.lists(_CELLS, min_size=len(fields), max_size=len(fields)), max_size=6))
        quoted = [",".join(f'"{cell}"' for cell in row) + "\n" for row in rows]
        tables[name] = ",".join(fields) + "\n" + "".join(quoted)
        other[name] = ",".join(fields) + "\n" + "".join(reversed(quoted))
    mine = _validate(tables, tmp_path_factory.mktemp("mine"))
    reversed_ = _validate(other, tmp_path_factory.mktemp("other"))
    assert _numbers(mine) == _numbers(reversed_)
    assert _ids(mine) == _ids(reversed_)


def _numbers(found: Findings) -> list[tuple[str, str, str, int, int]]:
    return [(one.rule, one.table, one.outcome, one.n_examined, one.n_findings) for one in found.checks]


def _ids(found: Findings) -> Counter[str]:
    """Ids of all findings but those about the later of two rows: which one that is follows from their order."""
    return Counter(one.id for one in found if one.rule not in _ABOUT_THE_LATER_ROW)


_ABOUT_THE_LATER_ROW = {"same_conversation_recorded_twice"}


def test_references_into_rows_that_a_quotation_mark_swallowed_have_it_as_cause(
    tmp_path: Path, release: Release
) -> None:
    (tmp_path / "given").mkdir()
    for name, text in {
        "submission.yaml": (Path(__file__).parents[1] / "examples/riverside_tenants/submission.yaml").read_text(
            encoding="utf-8"
        ),
        "groups.csv": 'group_id,group_type,label\nG-1,team,"North\nG-2,team,South\nG-3,team,West\n',
        "memberships.csv": "person_id,group_id,role,started_on\nP-1,G-2,leads,2025-01-01\nP-1,G-3,leads,2025-01-01\n",
        "people.csv": "person_id,person_type,first_contact_on,consent_use\nP-1,constituent,2025-01-01,yes\n",
    }.items():
        (tmp_path / "given" / name).write_text(text, encoding="utf-8")
    with read_submission(tmp_path / "given", release) as submission:
        found = validate(submission)
    (quote,) = [one for one in found if one.rule == "unclosed_quote"]
    dangling = [one for one in found if one.rule == "dangling_reference" and one.field == "group_id"]
    assert [one.cause for one in dangling] == [quote.id, quote.id]
