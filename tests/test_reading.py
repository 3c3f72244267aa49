"""Reading: from a folder or a workbook to typed tables that know where every value stood."""

from __future__ import annotations

import csv as plain_csv
import datetime as dt
import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from relmetrics.definitions import Code, Codelist
from relmetrics.standard import load_release
from relmetrics.submission import csv, read_submission
from relmetrics.submission.book import open_book
from relmetrics.submission.codes import code_sql, literal, synonyms
from relmetrics.submission.columns import MOST_COLUMNS, read_header
from relmetrics.submission.loading import Loader
from relmetrics.submission.submission import Submission, column_letter
from relmetrics.workspace import Workspace

SOURCE = Path(__file__).resolve().parents[1] / "src"
MANIFEST = {
    "dataset_id": "test-1",
    "schema_version": "1.0",
    "organization_id": "test",
    "period.start": "2026-01-01",
    "period.end": "2026-12-31",
    "records_from": "2025-01-01",
    "adoption_level": "core",
    "tie_rule": "one_to_one",
    "conversations_recorded_for": "everyone",
    "has_paid_staff": "no",
    "complete_tables": "events; groups",
    "boundary_rule": "who comes to meetings",
    "consent_basis": "verbal",
}
GROUPS = "group_id,group_type,label,started_on\n"


@pytest.fixture(scope="module")
def release():
    return load_release()


@pytest.fixture(scope="module")
def shared_workspace():
    with Workspace(threads=2) as workspace:
        yield workspace


def write_folder(folder: Path, **tables: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {value}" for key, value in MANIFEST.items() if "." not in key]
    lines += ["period:", f"  start: {MANIFEST['period.start']}", f"  end: {MANIFEST['period.end']}"]
    (folder / "submission.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, content in tables.items():
        (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def write_workbook(path: Path, fill, manifest=None) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("submission")
    for row, pair in enumerate([("key", "value"), *(MANIFEST if manifest is None else manifest).items()]):
        sheet.write_row(row, 0, pair)
    fill(book)
    book.close()
    return path


def rows_of(submission: Submission, table: str, *columns: str):
    names = ", ".join(f'"{column}"' for column in ("_row", *columns))
    return submission.connection.execute(f'SELECT {names} FROM given."{table}" ORDER BY ALL').fetchall()


def read_cells(tmp_path, table, field, cells, key="x", **options):
    """Value and text of one field for each of `cells`, each a row of its own."""
    buffer = io.StringIO()
    writer = plain_csv.writer(buffer)
    writer.writerow(["x_key", field])
    writer.writerows([key, cell] for cell in cells)
    with read_submission(write_folder(tmp_path / "s", **{table: buffer.getvalue()}), **options) as submission:
        return [row[1:] for row in rows_of(submission, table, field, f"{field}__text")]


# --- what comes out ------------------------------------------------------------------------------------------------


def test_a_folder_becomes_typed_tables_in_the_order_of_the_standard(tmp_path, release):
    folder = write_folder(
        tmp_path / "s",
        groups=GROUPS + "G1,team,Block 5,2026-02\n",
        people="person_id,person_type\nP1,staff\nP2,external\n",
    )
    told = []
    with read_submission(folder, release, progress=told.append) as submission:
        assert list(submission.tables) == ["people", "groups"]
        assert submission.manifest.complete_tables == ("events", "groups")
        assert submission.manifest_source == "submission.yaml"
        assert rows_of(submission, "people", "person_id", "person_type") == [(2, "P1", "staff"), (3, "P2", "external")]
        assert rows_of(submission, "groups", "label", "started_on", "started_on_precision", "started_on__text") == [
            (2, "Block 5", dt.date(2026, 2, 1), "month", None)
        ]
        assert submission.tables["groups"].cell(2, "label") == "C2"
        assert submission.tables["groups"].cell(2, "ended_on") == ""
        assert submission.tables["people"].n_rows == 2
        assert (submission.remarks, submission.problems, submission.unknown_tables) == ((), (), ())
        assert "2 tables, 3 rows" in repr(submission)
    assert told == ["Reading people.csv", "Reading groups.csv"]


def test_every_field_of_the_standard_has_its_columns(tmp_path, release):
    heads = {name: ",".join(field.id for field in table.fields) + "\n" for name, table in release.tables.items()}
    firsts = {name: f"{table.fields[0].id}\n" for name, table in release.tables.items()}
    types = {"date": "DATE", "month": "DATE", "integer": "BIGINT", "decimal": "DECIMAL(18,6)"}
    for number, contents in enumerate((heads, firsts)):
        with read_submission(write_folder(tmp_path / str(number), **contents), release) as submission:
            for name, table in release.tables.items():
                described = submission.connection.execute(f'DESCRIBE given."{name}"').fetchall()
                wanted = {"_row": "INTEGER"}
                for field in table.fields:
                    wanted[field.id] = types.get(field.type, "VARCHAR")
                    wanted[f"{field.id}__text"] = "VARCHAR"
                    if field.reduced:
                        wanted[f"{field.id}_precision"] = "VARCHAR"
                assert {column: kind for column, kind, *_ in described} == wanted, name
                assert submission.tables[name].n_rows == 0


def test_a_table_with_a_header_only_is_there_and_empty_and_an_absent_one_is_not(tmp_path, release):
    with read_submission(write_folder(tmp_path / "s", groups=GROUPS), release) as submission:
        assert submission.tables["groups"].n_rows == 0
        assert rows_of(submission, "groups") == []
        assert "people" not in submission.tables


DATES = [
    ("2026-02-28", dt.date(2026, 2, 28), None),
    ("2024-02-29", dt.date(2024, 2, 29), None),
    (" 2026-02-28 ", dt.date(2026, 2, 28), " 2026-02-28 "),
    ("2026-02-30", None, "2026-02-30"),
    ("2026-2-28", None, "2026-2-28"),
    ("28/02/2026", None, "28/02/2026"),
    ("2026-02-28 10:00", None, "2026-02-28 10:00"),
    ("1899-12-31", None, "1899-12-31"),
    ("1900-01-01", dt.date(1900, 1, 1), None),
    ("2100-12-31", dt.date(2100, 12, 31), None),
    ("2101-01-01", None, "2101-01-01"),
    ("infinity", None, "infinity"),
    ("today", None, "today"),
    ("２０２６-02-28", None, "２０２６-02-28"),
    ("2026-02-28 (BC)", None, "2026-02-28 (BC)"),
]


def test_days(tmp_path):
    more = [("2026-02", None, "2026-02"), ("2026", None, "2026"), ("", None, None), (" \u00a0 ", None, None)]
    cases = DATES + more
    assert read_cells(tmp_path, "events", "held_on", [cell for cell, *_ in cases]) == [
        tuple(rest) for _, *rest in cases
    ]


def test_days_of_reduced_precision(tmp_path):
    cases = [
        ("2026-02", dt.date(2026, 2, 1), None, "month"),
        ("2026", dt.date(2026, 1, 1), None, "year"),
        (" 2026", dt.date(2026, 1, 1), " 2026", "year"),
        ("2026-13", None, "2026-13", None),
        ("1899", None, "1899", None),
        ("20260", None, "20260", None),
        ("", None, None, None),
        *((cell, day, text, "day" if day else None) for cell, day, text in DATES),
    ]
    content = "x_key,started_on\n" + "".join(f"x,{cell}\n" for cell, *_ in cases)
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        found = rows_of(submission, "groups", "started_on", "started_on__text", "started_on_precision")
    assert [row[1:] for row in found] == [tuple(rest) for _, *rest in cases]


def test_months(tmp_path):
    cases = [
        ("2026-02", dt.date(2026, 2, 1), None),
        (" 2026-02", dt.date(2026, 2, 1), " 2026-02"),
        ("2026-13", None, "2026-13"),
        ("2026-02-01", None, "2026-02-01"),
        ("2026", None, "2026"),
        ("1899-12", None, "1899-12"),
        ("", None, None),
    ]
    found = read_cells(tmp_path, "activity_counts", "month", [cell for cell, *_ in cases])
    assert found == [tuple(rest) for _, *rest in cases]


def test_whole_numbers(tmp_path):
    cases = [
        ("7", 7, None),
        ("-7", -7, None),
        ("0", 0, None),
        ("+7", 7, "+7"),
        ("007", 7, "007"),
        (" 7", 7, " 7"),
        ("7.0", None, "7.0"),
        ("7.5", None, "7.5"),
        ("1e3", None, "1e3"),
        ("1_000", None, "1_000"),
        ("1,000", None, "1,000"),
        ("9223372036854775807", 9223372036854775807, None),
        ("9223372036854775808", None, "9223372036854775808"),
        ("٣", None, "٣"),
        ("seven", None, "seven"),
        ("", None, None),
    ]
    found = read_cells(tmp_path, "events", "head_count", [cell for cell, *_ in cases])
    assert found == [tuple(rest) for _, *rest in cases]


def test_decimals(tmp_path):
    cases = [
        ("7", Decimal(7), None),
        ("1.5", Decimal("1.5"), None),
        ("-0.25", Decimal("-0.25"), None),
        ("100", Decimal(100), None),
        ("0", Decimal(0), None),
        ("1.50", Decimal("1.5"), "1.50"),
        (".5", Decimal("0.5"), ".5"),
        ("0.30000000000000004", Decimal("0.3"), "0.30000000000000004"),
        ("1,5", None, "1,5"),
        ("1e3", None, "1e3"),
        ("NaN", None, "NaN"),
        ("1.", None, "1."),
        ("1234567890123", None, "1234567890123"),
        ("", None, None),
    ]
    found = read_cells(tmp_path, "events", "staff_hours", [cell for cell, *_ in cases])
    assert found == [tuple(rest) for _, *rest in cases]


def test_ids_are_compared_as_they_stand(tmp_path):
    good = ["P-0001", "a_b.c", "0012", "x" * 64]
    bad = ["P 1", " P1", "P1 ", "x" * 65, "Ana María", "ana@example.org", "P1\n", "ñ"]
    found = read_cells(tmp_path, "people", "person_id", [*good, *bad, "", " "])
    assert found == [*((cell, None) for cell in good), *((None, cell) for cell in bad), (None, None), (None, None)]


def test_codes_and_their_synonyms(tmp_path):
    cases = [
        ("yes", "yes", None),
        ("Sí", "yes", "Sí"),
        ("SI\u0301", "yes", "SI\u0301"),  # as macOS composes it
        (" NO ", "no", " NO "),
        ("Yes", "yes", "Yes"),
        ("TRUE", "yes", "TRUE"),
        ("maybe", None, "maybe"),
        ("yes;no", None, "yes;no"),
        ("", None, None),
        ("\t", None, None),
    ]
    found = read_cells(tmp_path, "events", "has_written_lesson", [cell for cell, *_ in cases])
    assert found == [tuple(rest) for _, *rest in cases]


@given(st.lists(st.text(max_size=12), max_size=6, unique=True), st.text(max_size=12))
def test_no_code_can_leave_its_quotation_marks(shared_workspace, names, value):
    names = [name for name in names if name]
    codes = tuple(
        Code(code=name, title_en="", description_en="", synonyms=(f"{name}'; DROP--", name.upper()), since="1.0")
        for name in names
    )
    codelist = Codelist(id="odd", codes=codes)
    wanted = value if value in names else None
    if any("\0" in text for text in (*names, value)):
        return
    for cell, code in [(value, wanted), *((name, name) for name in names)]:
        query = f"SELECT {code_sql('cell', codelist)} FROM (SELECT {literal(cell)} AS cell)"
        (found,) = shared_workspace.connection.execute(query).fetchone()
        assert found == code or (code is None and found in names), query


def test_a_spelling_that_two_codes_claim_goes_to_the_code_written_so():
    codes = (
        Code(code="b", title_en="", description_en="", synonyms=("A", "both"), since="1.0"),
        Code(code="a", title_en="", description_en="", synonyms=("BOTH",), since="1.0"),
    )
    assert synonyms(Codelist(id="x", codes=codes)) == {"b": "b", "a": "a", "both": "b"}


def test_cells_with_several_codes_have_a_table_of_their_own(tmp_path):
    content = "event_id,cycle_steps\nE1,strategy;action\nE2, Action ;;nope;action\nE3,\nE4,;\nE5,reflection\n"
    with read_submission(write_folder(tmp_path / "s", events=content)) as submission:
        assert rows_of(submission, "events", "cycle_steps", "cycle_steps__text") == [
            (2, "strategy;action", None),
            (3, "action;action", " Action ;;nope;action"),
            (4, None, None),
            (5, None, ";"),
            (6, "reflection", None),
        ]
        query = 'SELECT event_id, _row, cycle_step, cycle_step__text FROM given."events_cycle_steps" ORDER BY ALL'
        assert submission.connection.execute(query).fetchall() == [
            ("E1", 2, "action", None),
            ("E1", 2, "strategy", None),
            ("E2", 3, "action", "Action"),
            ("E2", 3, "action", None),
            ("E2", 3, None, "nope"),
            ("E5", 6, "reflection", None),
        ]


def test_codes_of_a_higher_level_are_opaque(tmp_path):
    content = "one_to_one_id,concerns\nC1,I-1;I-2\nC2,rent; the landlord\n"
    with read_submission(write_folder(tmp_path / "s", one_to_ones=content)) as submission:
        query = "SELECT one_to_one_id, concern, concern__text FROM given.one_to_ones_concerns ORDER BY ALL"
        assert submission.connection.execute(query).fetchall() == [
            ("C1", "I-1", None),
            ("C1", "I-2", None),
            ("C2", "rent", None),
            ("C2", None, "the landlord"),
        ]


# --- rows and columns ----------------------------------------------------------------------------------------------


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    content = GROUPS + 'G1,team,"two\nlines",\n\nG2,team,,\n,,,\n   \nG3,team,,\n'
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        assert rows_of(submission, "groups", "group_id") == [(2, "G1"), (4, "G2"), (7, "G3")]
        assert submission.tables["groups"].n_rows == 3
        assert submission.problems == ()


def test_a_row_with_only_an_own_column_is_a_row(tmp_path):
    content = "group_id,x_note\nG1,\n,seen\n,\n"
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        assert rows_of(submission, "groups", "group_id") == [(2, "G1"), (3, None)]


def test_blank_rows_above_the_header_are_said(tmp_path):
    content = "\n,,\n" + GROUPS + "G1,team,,\n"
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        assert rows_of(submission, "groups", "group_id") == [(4, "G1")]
        assert submission.tables["groups"].header_row == 3
        assert submission.remarks == (
            (
                "groups.csv: the names of the columns stand in row 3; the rows above it are blank. If that is wrong, "
                "write the right row into the manifest, for example files.groups.header_row: 4."
            ),
        )


def test_rows_of_another_length_are_kept_and_noted(tmp_path):
    content = GROUPS + "G1,team\nG2,team,a,2026,more\nG3,team,a,2026,,\nG4,team,a,2026\n"
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        assert rows_of(submission, "groups", "group_id", "label") == [
            (2, "G1", None),
            (3, "G2", "a"),
            (4, "G3", "a"),
            (5, "G4", "a"),
        ]
        assert [(problem.id, problem.row, problem.params) for problem in submission.problems] == [
            ("ragged_row", 2, {"cells": "2", "columns": "4"}),
            ("ragged_row", 3, {"cells": "5", "columns": "4"}),
        ]
        assert submission.problem_counts == {("groups", "ragged_row"): 2}


def test_problems_are_counted_beyond_those_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(Submission, "MOST_PROBLEMS", 3)
    with read_submission(write_folder(tmp_path / "s", groups=GROUPS + "G1\n" * 10)) as submission:
        assert [problem.row for problem in submission.problems] == [2, 3, 4]
        assert submission.problem_counts == {("groups", "ragged_row"): 10}


def test_a_quotation_mark_that_nobody_closed(tmp_path):
    content = GROUPS + 'G1,team,a,\nG2,team,"b,\nG3,team,c,\n'
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        assert [row[1] for row in rows_of(submission, "groups", "group_id")] == ["G1", "G2"]
        assert ("unclosed_quote", 3) in [(problem.id, problem.row) for problem in submission.problems]


def test_columns_of_every_kind(tmp_path):
    content = " Group_ID ,label,LABEL,,x_note,size,Label\nG1,a,b,c,d,e,f\n"
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        columns = submission.tables["groups"].columns
        assert [(column.letter, column.kind, column.field) for column in columns] == [
            ("A", "field", "group_id"),
            ("B", "field", "label"),
            ("C", "repeated", ""),
            ("D", "blank", ""),
            ("E", "own", ""),
            ("F", "unknown", ""),
            ("G", "repeated", ""),
        ]
        assert columns[0].header == " Group_ID "
        assert rows_of(submission, "groups", "group_id", "label") == [(2, "G1", "a")]
        assert len(submission.remarks) == 1
        assert "' Group_ID ' as 'group_id'" in submission.remarks[0]


def test_letters_of_columns():
    letters = {0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 999: "ALL"}
    assert {position: column_letter(position) for position in letters} == letters


def test_a_million_columns(tmp_path, release):
    content = "group_id," + ",".join(f"c{number}" for number in range(1_000_000)) + "\nG1\n"
    with read_submission(write_folder(tmp_path / "s", groups=content), release) as submission:
        assert rows_of(submission, "groups", "group_id") == [(2, "G1")]
        assert len(submission.tables["groups"].columns) == MOST_COLUMNS
        assert "1,000,001 columns; only the first 1,000 (to column ALL)" in submission.remarks[0]


def test_names_in_remarks_are_fit_to_be_shown(release):
    columns, remarks = read_header([" LABEL \u200b"], release.tables["groups"], "groups.csv")
    assert columns[0].kind == "unknown", "a zero-width character is no blank"
    assert remarks == ()


def test_unknown_tables_and_files_are_named(tmp_path):
    folder = write_folder(tmp_path / "s", groups=GROUPS, Person="a\n", x_calls="a\n")
    (folder / "notes.txt").write_text("x")
    (folder / "README.md").write_text("x")
    (folder / "old").mkdir()
    (folder / "GROUPS.bak").write_text("x")
    (folder / ".hidden.csv").write_text("x")
    (folder / "~$groups.csv").write_text("x")
    with read_submission(folder) as submission:
        assert [(table.name, table.file, table.sheet, table.is_own) for table in submission.unknown_tables] == [
            ("Person", "Person.csv", "", False),
            ("x_calls", "x_calls.csv", "", True),
        ]
        assert len(submission.remarks) == 3
        assert not any("hidden" in remark or "~" in remark for remark in submission.remarks)


def test_names_of_files_in_capitals(tmp_path):
    folder = write_folder(tmp_path / "s")
    (folder / "Groups.CSV").write_text(GROUPS + "G1,team,,\n")
    (folder / "submission.yaml").rename(folder / "Submission.YAML")
    with read_submission(folder) as submission:
        assert submission.tables["groups"].file == "Groups.CSV"


# --- characters, delimiters, line ends -------------------------------------------------------------------------------

ACCENTS = GROUPS + 'G1,team,"Peña, “Año”",2026\nG2,caucus,ñ;ñ,\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(ACCENTS.encode(), "", id="UTF-8"),
        pytest.param(ACCENTS.encode("utf-8-sig"), "", id="UTF-8 with a mark"),
        pytest.param(ACCENTS.replace("\n", "\r\n").encode(), "", id="CRLF"),
        pytest.param(ACCENTS.replace("\n", "\r").encode(), "", id="CR"),
        pytest.param(ACCENTS.rstrip("\n").encode(), "", id="no last line end"),
        pytest.param(ACCENTS.replace("\n", "\r\n", 1).encode(), "", id="both line ends"),
        pytest.param(
            ACCENTS.encode("cp1252"), "2 lines are not UTF-8 and read as Windows-1252 (the first is line 2)", id="1252"
        ),
        pytest.param(ACCENTS.encode("utf-16"), "read as UTF-16", id="UTF-16"),
        pytest.param(b"\xfe\xff" + ACCENTS.encode("utf-16-be"), "read as UTF-16", id="UTF-16 big end first"),
        pytest.param(
            ACCENTS.splitlines(keepends=True)[0].encode()
            + ACCENTS.splitlines(keepends=True)[1].encode()
            + ACCENTS.splitlines(keepends=True)[2].encode("cp1252"),
            "1 line is not UTF-8 and read as Windows-1252 (the first is line 3)",
            id="two encodings in one file",
        ),
    ],
)
def test_characters_and_line_ends(tmp_path, content, said):
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        assert rows_of(submission, "groups", "group_id", "group_type", "label") == [
            (2, "G1", "team", "Peña, “Año”"),
            (3, "G2", "caucus", "ñ;ñ"),
        ]
        assert len(submission.remarks) == bool(said)
        assert said in " ".join(submission.remarks)


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_delimiters_are_read_and_said(tmp_path, delimiter, word):
    buffer = io.StringIO()
    plain_csv.writer(buffer, delimiter=delimiter).writerows(
        [["group_id", "label"], ["G1", "a,b"], ["G2", f"c{delimiter}d"]]
    )
    with read_submission(write_folder(tmp_path / "s", groups=buffer.getvalue())) as submission:
        assert rows_of(submission, "groups", "group_id", "label") == [(2, "G1", "a,b"), (3, "G2", f"c{delimiter}d")]
        assert submission.remarks == (
            (
                f"groups.csv: read with {word} between the cells. If that is wrong, write the right mark into the "
                "manifest, for example files.groups.delimiter: comma."
            ),
        )


def test_a_nul_character_is_noted_and_replaced(tmp_path):
    with read_submission(write_folder(tmp_path / "s", groups=GROUPS + "G1,team,a\0b,\n")) as submission:
        assert rows_of(submission, "groups", "label") == [(2, "a\ufffdb")]
        assert [(problem.id, problem.row) for problem in submission.problems] == [("unreadable_character", 2)]


def test_a_cell_of_almost_a_million_characters(tmp_path):
    content = GROUPS + f"G1,team,{'é' * 999_999},2026\nG2,team,b,2026\n"
    with read_submission(write_folder(tmp_path / "s", groups=content)) as submission:
        query = "SELECT _row, length(label) FROM given.groups ORDER BY _row"
        assert submission.connection.execute(query).fetchall() == [(2, 999_999), (3, 1)]


def test_a_folder_with_a_name_that_is_a_pattern(tmp_path):
    folder = write_folder(tmp_path / "[2026] *what?* 'x'", groups=GROUPS + "G1,team,,\n")
    write_folder(tmp_path / "2 somewhat! 'x'", groups=GROUPS + "G2,team,,\n")  # fits the pattern as well
    write_folder(tmp_path / "[2026] *whatever* 'x'", groups=GROUPS + "G3,team,,\n")
    with read_submission(folder) as submission:
        assert rows_of(submission, "groups", "group_id") == [(2, "G1")]
        views = submission.connection.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'given'")
        assert views.fetchall() == [("groups",)], "the file did not go the fast way"


# --- the fast way and the careful way are one ------------------------------------------------------------------------


def read_both_ways(workspace, release, path):
    """What each way gives for one file of groups, and whether the fast way was taken."""
    table, connection = release.tables["groups"], workspace.connection
    results, was_fast = [], []
    for is_regular in (csv.is_regular, lambda _path: False):
        connection.execute("DROP SCHEMA IF EXISTS given CASCADE")
        connection.execute("DROP SCHEMA IF EXISTS given_other CASCADE")
        connection.execute("DROP SCHEMA IF EXISTS given_rows CASCADE")
        loader = Loader(workspace, release)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv, "is_regular", is_regular)
            read = csv.read_table(path, table, loader)
        is_view = connection.execute("SELECT count(*) FROM duckdb_views() WHERE schema_name = 'given'").fetchone()
        was_fast.append(is_view == (1,))
        rows = connection.execute("SELECT * FROM given.groups ORDER BY _row").fetchall()
        results.append((read, rows, loader.problems, sorted(loader.remarks)))
    assert not was_fast[1]
    return *results, was_fast[0]


CELL = st.text(alphabet=st.sampled_from('aé1-;,"\n\t \u00a0\u2028\\'), max_size=6) | st.sampled_from(
    ["team", "Team", "2026-01-05", "2026", "2026-02-30", "yes", "NULL", "G1", "x" * 70]
)


@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=6),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([plain_csv.QUOTE_MINIMAL, plain_csv.QUOTE_ALL]),
    ends_well=st.booleans(),
)
def test_both_ways_give_the_same(shared_workspace, release, tmp_path_factory, rows, line_end, quoting, ends_well):
    buffer = io.StringIO()
    writer = plain_csv.writer(buffer, lineterminator=line_end, quoting=quoting)
    writer.writerow(["group_id", "group_type", "label", "started_on"])
    writer.writerows([[cell.replace("\n", line_end) for cell in row] for row in rows])
    text = buffer.getvalue() if ends_well else buffer.getvalue().removesuffix(line_end)
    path = tmp_path_factory.mktemp("both") / "groups.csv"
    path.write_bytes(text.encode())
    fast, careful, _ = read_both_ways(shared_workspace, release, path)
    assert fast == careful


PIECE = st.sampled_from([*'a",,,;\n\n \té', '""', "\r\n", '"b,c"', '"d\ne"', "2026"])


@given(st.lists(PIECE, max_size=14).map("".join))
def test_both_ways_give_the_same_for_what_nobody_should_write(shared_workspace, release, tmp_path_factory, text):
    path = tmp_path_factory.mktemp("both") / "groups.csv"
    path.write_bytes(("group_id,label\n" + text).encode())
    fast, careful, _ = read_both_ways(shared_workspace, release, path)
    assert fast == careful


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize(
    ("lines", "is_regular"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\r\n1,2\r\n", True),
        ('a,b\n1,"2"\n', True),
        ("a,b\n1,2\n\n\n", True),
        ("a,b\n\n1,2\n", False),
        ("a,b\r\n\r\n1,2\r\n", False),
        ("\na,b\n1,2\n", False),
        ("a,b\n1,2\r\n", False),
        ("a,b\r\n1,2\n", False),
        ("a,b\r1,2\r", False),
        ('a,b\n1, "2"\n', False),
        ('a,b\n1,"2" \n', False),
        ("a,b\n1,\0\n", False),
    ],
)
def test_what_is_regular_whatever_the_pieces_it_is_read_in(tmp_path, monkeypatch, lines, is_regular, size):
    path = tmp_path / "groups.csv"
    path.write_bytes(lines.encode())
    assert csv.is_regular(path) == is_regular
    monkeypatch.setattr(csv, "_CHUNK", size)
    assert csv.is_regular(path) == is_regular


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_blank_lines_at_the_end_change_nothing(shared_workspace, release, tmp_path, line_end):
    path = tmp_path / "groups.csv"
    path.write_bytes(line_end.join(["group_id,label", "G1,a", "G2,b", "", "", ""]).encode())
    fast, careful, was_fast = read_both_ways(shared_workspace, release, path)
    assert was_fast
    assert fast == careful


def test_a_regular_file_goes_the_fast_way_over_many_pieces(shared_workspace, release, tmp_path, monkeypatch):
    """Thousands of rows with quoted line breaks, across DuckDB's own pieces and ours."""
    monkeypatch.setattr(csv, "_CHUNK", 1000)
    path = tmp_path / "groups.csv"
    with path.open("w", newline="") as stream:
        writer = plain_csv.writer(stream, lineterminator="\r\n")
        writer.writerow(["group_id", "group_type", "label", "started_on"])
        labels = ["plain", "a,b", "two\r\nlines", 'says "no"', "", "é" * 50]
        writer.writerows([f"G{n}", "team", labels[n % 6].replace(' "', '"'), f"20{n % 30 + 10}"] for n in range(20_000))
    fast, careful, was_fast = read_both_ways(shared_workspace, release, path)
    assert was_fast
    assert fast == careful
    query = "SELECT count(*) FROM given.groups WHERE group_id = 'G' || (_row - 2)"
    assert shared_workspace.connection.execute(query).fetchone() == (20_000,)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("group_id,label\nG1,a\n\nG2,b\n", id="blank line"),
        pytest.param("group_id,label\nG1,a\n,\nG2,b\n", id="blank row"),
        pytest.param("\ngroup_id,label\nG1,a\n", id="blank first line"),
        pytest.param("group_id,label\rG1,a\rG2,b\r", id="carriage returns"),
        pytest.param("group_id,label\r\nG1,a\nG2,b\r\n", id="mixed line ends"),
        pytest.param('group_id,label\nG1, "a"\n', id="blank before a quotation mark"),
        pytest.param('group_id,label\nG1,"a"b\n', id="text after a quotation mark"),
        pytest.param("group_id,label\nG1,a,b\n", id="long row"),
        pytest.param("group_id,label\nG1\n", id="short row"),
        pytest.param('group_id,"label\n"\nG1,a\n', id="header of two lines"),
        pytest.param("group_id,label\nG1,a\0\n", id="NUL"),
        pytest.param("size,age\n1,2\n", id="no known column"),
    ],
)
def test_what_is_not_regular_does_not_go_the_fast_way(shared_workspace, release, tmp_path, content):
    path = tmp_path / "groups.csv"
    path.write_bytes(content.encode())
    fast, careful, was_fast = read_both_ways(shared_workspace, release, path)
    assert not was_fast
    assert fast == careful


def test_the_rows_stand_in_the_order_of_the_file_on_one_thread_and_on_two(tmp_path):
    content = "group_id\n" + "".join(f"G{number}\n" for number in range(50_000))
    folder = write_folder(tmp_path / "s", groups=content)
    for threads in (1, 2):
        with read_submission(folder, threads=threads) as submission:
            query = "SELECT count(*) FROM given.groups WHERE group_id <> 'G' || (_row - 2)"
            assert submission.connection.execute(query).fetchone() == (0,)


# --- workbooks -----------------------------------------------------------------------------------------------------


def test_a_workbook_reads_as_the_folder_does(tmp_path, release):
    tables = {"groups": GROUPS + "G1,team,Block 5,2026-02-03\n17,Caucus,,2025\n", "people": "person_id\nP1\n"}

    def fill(book):
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Groups ")
        sheet.write_row(0, 0, GROUPS.strip().split(","))
        sheet.write_row(1, 0, ["G1", "team", "Block 5"])
        sheet.write_datetime(1, 3, dt.date(2026, 2, 3), day)
        sheet.write_row(2, 0, [17, "Caucus", "", 2025])
        book.add_worksheet("people").write_column(0, 0, ["person_id", "P1"])

    with (
        read_submission(write_folder(tmp_path / "s", **tables), release) as folder,
        read_submission(write_workbook(tmp_path / "s.xlsx", fill), release) as workbook,
    ):
        assert folder.manifest == workbook.manifest
        assert workbook.manifest_source == "s.xlsx, sheet submission"
        assert list(folder.tables) == list(workbook.tables)
        for table in folder.tables:
            query = f"SELECT * FROM given.{table} ORDER BY _row"
            assert folder.connection.execute(query).fetchall() == workbook.connection.execute(query).fetchall()
        assert (workbook.tables["groups"].file, workbook.tables["groups"].sheet) == ("s.xlsx", "Groups ")


def test_cells_of_a_workbook(tmp_path):
    def fill(book):
        day, time = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("events")
        sheet.write_row(
            2, 1, ["event_id", "held_on", "staff_hours", "head_count", "has_written_lesson", "target", "entered_on"]
        )
        sheet.write_row(3, 1, [7, "2026-03-01", 0.1 + 0.2, 12, True])
        sheet.write_string(3, 6, "=HYPERLINK")
        sheet.write_datetime(3, 7, dt.datetime.combine(dt.date(2026, 3, 1), dt.time(13, 5)), time)
        sheet.write_row(5, 1, [1234567890123456, 46082, 1e20, 1.5, False])
        sheet.write_formula(5, 6, "=1/0", None, "#DIV/0!")
        sheet.write_datetime(5, 7, dt.date(2026, 3, 1), day)
        sheet = book.add_worksheet("activity_counts")
        sheet.write(0, 0, "month")
        for row, date in enumerate([dt.date(2026, 3, 1), dt.date(2026, 3, 2)], start=1):
            sheet.write_datetime(row, 0, date, day)

    with read_submission(write_workbook(tmp_path / "s.xlsx", fill)) as submission:
        events = submission.tables["events"]
        assert (events.header_row, events.cell(4, "event_id")) == (3, "B4")
        found = rows_of(
            submission, "events", "event_id", "head_count", "head_count__text", "has_written_lesson", "entered_on"
        )
        assert found == [
            (4, "7", 12, None, "yes", dt.date(2026, 3, 1)),
            (6, "1234567890123456", None, "1.5", "no", dt.date(2026, 3, 1)),
        ]
        found = rows_of(
            submission, "events", "held_on", "held_on__text", "staff_hours", "staff_hours__text", "entered_on__text"
        )
        assert found == [
            (4, dt.date(2026, 3, 1), None, Decimal("0.3"), None, "2026-03-01 13:05:00"),
            (6, None, "46082", None, "100000000000000000000", None),
        ]
        assert [row[1] for row in rows_of(submission, "events", "target")] == ["=HYPERLINK", "#DIV/0!"]
        found = rows_of(submission, "activity_counts", "month", "month__text")
        assert found == [(2, dt.date(2026, 3, 1), None), (3, None, "2026-03-02")]


def test_errors_and_formulas_that_were_never_calculated_are_not_empty(tmp_path, shared_workspace):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Odd & <ends>"
    sheet.append(["a", "b", "c"])
    sheet.append(["#N/A", "x", "=1&2"])
    sheet["D4"] = "=SUM(A1:A2)"
    book.save(tmp_path / "s.xlsx")
    workbook = open_book(tmp_path / "s.xlsx", shared_workspace)
    assert list(workbook.rows("Odd & <ends>")) == [
        (1, ["a", "b", "c", ""]),
        (2, ["#N/A", "x", "=1&2", ""]),
        (4, ["", "", "", "=SUM(A1:A2)"]),
    ]


@pytest.mark.parametrize(("row", "column"), [(0, 0), (2, 0), (0, 1), (2, 1), (5, 3)])
def test_the_place_of_a_cell_whatever_is_empty_around_it(tmp_path, shared_workspace, row, column):
    book = xlsxwriter.Workbook(tmp_path / "s.xlsx")
    sheet = book.add_worksheet("a")
    sheet.write(row, column, "first")
    sheet.write(row + 2, column + 2, "last")
    book.close()
    found = {
        (number - 1, position): cell
        for number, cells in open_book(tmp_path / "s.xlsx", shared_workspace).rows("a")
        for position, cell in enumerate(cells)
        if cell != ""
    }
    assert found == {(row, column): "first", (row + 2, column + 2): "last"}


def test_sheets_that_are_no_tables_and_blank_ones(tmp_path):
    def fill(book):
        for name in ("groups", "Notes", "x_calls"):
            book.add_worksheet(name)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=groups!$A$1:$A$2"})
        book.add_chartsheet("people").set_chart(chart)

    with read_submission(write_workbook(tmp_path / "s.xlsx", fill)) as submission:
        assert submission.tables == {}
        assert [(table.name, table.sheet, table.is_own) for table in submission.unknown_tables] == [
            ("Notes", "Notes", False),
            ("x_calls", "x_calls", True),
        ]
        assert len(submission.remarks) == 1
        assert "sheet groups: blank, and taken as not handed in" in submission.remarks[0]


def test_a_manifest_typed_into_a_sheet(tmp_path):
    def fill(book):
        sheet = book.get_worksheet_by_name("submission")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, key in enumerate(MANIFEST, start=1):
            if key == "schema_version":
                sheet.write(row, 1, 1.0)  # as a number, which the file keeps as 1
            if key in ("period.start", "records_from"):
                sheet.write_datetime(row, 1, dt.date(2026, 1, 1), day)
            if key == "adoption_level":
                sheet.write(row, 1, " Core ")

    with read_submission(write_workbook(tmp_path / "s.xlsx", fill)) as submission:
        assert submission.manifest.schema_version == "1.0"
        assert submission.manifest.period.start == dt.date(2026, 1, 1)
        assert submission.manifest.adoption_level == "core"
        assert submission.manifest.complete_tables == ("events", "groups")


# --- the rest ------------------------------------------------------------------------------------------------------


def test_what_was_read_is_locked_down_and_open_for_tables_of_its_own(tmp_path):
    with read_submission(write_folder(tmp_path / "s", groups=GROUPS)) as submission:
        import duckdb

        with pytest.raises(duckdb.PermissionException):
            submission.connection.execute(f"SELECT * FROM '{tmp_path}/s/groups.csv'")
        submission.connection.execute("CREATE SCHEMA counted")
        submission.connection.execute("CREATE TABLE counted.groups AS SELECT * FROM given.groups")


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = write_folder(tmp_path / "s", groups=GROUPS + "G1\n", people="person_id\nP1\n")
    with read_submission(folder) as submission:
        left = [path.name for path in submission.workspace.folder.rglob("*") if path.is_file()]
        assert left == ["owner.txt"], "a plain copy of the data stayed on disk"
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_reading_imports_nothing_heavy():
    program = (
        "import sys, relmetrics.submission\n"
        "print([name for name in ('pandas', 'scipy', 'jinja2', 'rustworkx', 'sqlglot', 'numpy') if name in "
        "sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=SOURCE, check=True)
    assert done.stdout.strip() == "[]"
