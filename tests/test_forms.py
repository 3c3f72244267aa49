"""Files that are not in the standard's form: what the manifest declares about them, and what is inferred and said."""

from __future__ import annotations

import csv as plain_csv
import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relmetrics.definitions import FileForm
from relmetrics.documents import read_text
from relmetrics.errors import UnreadableInputError
from relmetrics.standard import load_release
from relmetrics.submission import csv, manifest_files
from relmetrics.submission.loading import Loader
from relmetrics.submission.manifest import manifest_of
from relmetrics.submission.manifest_rows import sheet_document
from relmetrics.submission.plain import Plain, write_plain
from relmetrics.submission.strings import BLANKS
from relmetrics.workspace import Workspace

MANIFEST = """\
dataset_id: test-1
schema_version: 1.0
organization_id: test
period: {start: 2026-01-01, end: 2026-12-31}
records_from: 2025-01-01
adoption_level: core
tie_rule: one_to_one
conversations_recorded_for: everyone
has_paid_staff: no
complete_tables: []
boundary_rule: who comes
"""


@pytest.fixture(scope="module")
def release():
    return load_release()


@pytest.fixture(scope="module")
def workspace():
    with Workspace(threads=2) as workspace:
        yield workspace


class Read:
    """One table read on its own."""

    def __init__(self, workspace, release, table, form=None):
        for schema in ("given", "given_other", "given_rows"):
            workspace.connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        self.connection, self.table, self.form = workspace.connection, release.tables[table], form
        self.loader = Loader(workspace, release)

    def file(self, path):
        self.read = csv.read_table(path, self.table, self.loader, self.form)
        return self

    def plain(self, rows, folder, sheet="s", **options):
        plain = write_plain(iter(rows), folder / "plain.csv")
        self.read = self.loader.load_plain(self.table, "s.xlsx", sheet, plain, self.form, **options)
        return self

    def values(self, *columns):
        names = ", ".join(f'"{column}"' for column in columns)
        rows = self.connection.execute(f'SELECT {names} FROM given."{self.table.id}" ORDER BY _row').fetchall()
        return [row[0] for row in rows] if len(columns) == 1 else rows

    @property
    def remarks(self):
        return self.loader.remarks


@pytest.fixture
def read(workspace, release, tmp_path):
    """Read a CSV text as a table."""

    def read(table, content, **form):
        path = tmp_path / f"{table}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Read(workspace, release, table, FileForm(**form) if form else None).file(path)

    return read


def column(field, cells, delimiter=","):
    buffer = io.StringIO()
    plain_csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(
        [["x_key", field], *(["x", cell] for cell in cells)]
    )
    return buffer.getvalue()


# --- inferred: dates -------------------------------------------------------------------------------------------------

D = dt.date


@pytest.mark.parametrize(
    ("cells", "days", "said"),
    [
        pytest.param(
            ["13/02/2026", "01/03/2026"], [D(2026, 2, 13), D(2026, 3, 1)], "read as DD/MM/YYYY.", id="day first"
        ),
        pytest.param(
            ["02/13/2026", "1/3/2026"], [D(2026, 2, 13), D(2026, 1, 3)], "read as MM/DD/YYYY.", id="month first"
        ),
        pytest.param(["13.2.2026", "1.3.2026"], [D(2026, 2, 13), D(2026, 3, 1)], "read as DD.MM.YYYY.", id="points"),
        pytest.param(
            ["2026/02/13", "2026/3/1"], [D(2026, 2, 13), D(2026, 3, 1)], "read as YYYY/MM/DD.", id="year first"
        ),
        pytest.param(["20260213", "20260301"], [D(2026, 2, 13), D(2026, 3, 1)], "read as YYYYMMDD.", id="compact"),
        pytest.param(
            ["2026-02-13 10:00", "2026-03-01T23:59:59.5"],
            [D(2026, 2, 13), D(2026, 3, 1)],
            "read as YYYY-MM-DD; times of day were left out.",
            id="time",
        ),
        pytest.param(
            ["13/02/2026 9:30 p. m.", "01/03/2026"],
            [D(2026, 2, 13), D(2026, 3, 1)],
            "read as DD/MM/YYYY; times of day were left out.",
            id="time beside days",
        ),
        pytest.param(
            ["13 febrero 2026", "1 de marzo de 2026", "3 Apr. 2026"],
            [D(2026, 2, 13), D(2026, 3, 1), D(2026, 4, 3)],
            "read as D MMM YYYY.",
            id="names of months",
        ),
        pytest.param(["February 13, 2026"], [D(2026, 2, 13)], "read as MMM D YYYY.", id="name first"),
        pytest.param(
            ["45292", "45293.75"],
            [D(2024, 1, 1), D(2024, 1, 2)],
            "the numbers by which Excel counts days",
            id="numbers",
        ),
        pytest.param(
            ["13/02/2026", "30/02/2026", "soon", ""],
            [D(2026, 2, 13), None, None, None],
            "DD/MM/YYYY.",
            id="no dates among",
        ),
        # it cannot be told
        pytest.param(
            ["01/02/2026", "12/11/2026"], [None, None], "nothing tells the day from the month", id="ambiguous"
        ),
        pytest.param(["13/02/26", "14/02/26"], [None, None], "nothing tells the day from the month", id="two digits"),
        pytest.param(
            ["2026-02-13T10:00Z", "2026-03-01 10:00+01:00"], [None, None], "another one where you are", id="zone"
        ),
        pytest.param(["2/13/2026 10:00 pm utc"], [None], "another one where you are", id="zone in words"),
        pytest.param(["2026-02-13", "2026-2-3"], [D(2026, 2, 13), D(2026, 2, 3)], "YYYY-MM-DD.", id="without zeros"),
        pytest.param(["2026-02-13", "2026/2/3"], [D(2026, 2, 13), None], "more than one form", id="other marks"),
        pytest.param(["13/02/2026", "02/13/2026"], [None, None], "more than one form", id="both"),
        pytest.param(
            ["13/02/2026", "2026-02-13"], [None, D(2026, 2, 13)], "more than one form", id="beside the standard's"
        ),
        # it is not inferred
        pytest.param(["2026-02-13", "2026-02-30"], [D(2026, 2, 13), None], "", id="the standard's form"),
        pytest.param(["45292", "soon"], [None, None], "", id="a number and a word"),
        pytest.param(["45292", "2026-02-13"], [None, D(2026, 2, 13)], "", id="a number and a day"),
        pytest.param(["20260213", "2026-02-13"], [None, D(2026, 2, 13)], "", id="compact and a day"),
        pytest.param(["99999", "12"], [None, None], "", id="other numbers"),
        pytest.param(["31/12/1899", "31/12/2101"], [None, None], "", id="too long ago"),
    ],
)
def test_dates_are_inferred_for_a_whole_column(read, cells, days, said):
    found = read("events", column("held_on", cells))
    assert found.values("held_on") == days
    assert found.values("held_on__text") == [
        cell if cell and cell != (day and day.isoformat()) else None for cell, day in zip(cells, days, strict=True)
    ]
    if not said:
        assert found.remarks == []
    else:
        (remark,) = found.remarks
        assert said in remark
        assert remark.startswith("events.csv, column B (held_on): ")
        assert "files.events.date_format: " in remark


def test_each_column_has_its_own_form_and_its_own_remark(read):
    content = "event_id,held_on,entered_on\nE1,13/02/2026,02/14/2026\nE2,01/02/2026,03/04/2026\n"
    found = read("events", content)
    assert found.values("held_on", "entered_on") == [
        (D(2026, 2, 13), D(2026, 2, 14)),
        (D(2026, 2, 1), D(2026, 3, 4)),
    ]
    assert [remark.split(":")[0] for remark in found.remarks] == [
        "events.csv, column B (held_on)",
        "events.csv, column C (entered_on)",
    ]


def test_days_of_reduced_precision_in_another_form(read):
    found = read("groups", column("started_on", ["13/02/2026", "03/2026", "2025", "abril 2026", "13/2026"]))
    assert found.values("started_on", "started_on_precision", "started_on__text") == [
        (D(2026, 2, 13), "day", "13/02/2026"),
        (D(2026, 3, 1), "month", "03/2026"),
        (D(2025, 1, 1), "year", None),
        (D(2026, 4, 1), "month", "abril 2026"),
        (None, None, "13/2026"),
    ]


def test_months_in_another_form(read):
    found = read("activity_counts", column("month", ["02/2026", "Mar 2026", "13/2026"]))
    assert found.values("month") == [D(2026, 2, 1), D(2026, 3, 1), None]
    assert len(found.remarks) == 1
    found = read("activity_counts", column("month", ["2026-02-01", "2026-03-01", "2026-03-02"]))
    assert found.values("month") == [D(2026, 2, 1), D(2026, 3, 1), None]
    found = read("activity_counts", column("month", ["2026-02-01", "2026-03"]))
    assert (found.values("month"), found.remarks) == ([None, D(2026, 3, 1)], [])


# --- inferred: numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "wanted", "said"),
    [
        pytest.param(["1,5", "2", "1.234,25"], ["1.5", "2", "1234.25"], "with a comma before decimals", id="comma"),
        pytest.param(
            ["1,5", "1.234"], ["1.5", "1234"], "with a comma before decimals", id="comma, and thousands alone"
        ),
        pytest.param(
            ["1,234.5", "1,000", "7"], ["1234.5", "1000", "7"], "with a point before decimals", id="thousands"
        ),
        pytest.param(["1 234,5", "x", ""], ["1234.5", None, None], "with a comma before decimals", id="blanks"),
        pytest.param(["1,234", "2,345"], [None, None], "may be thousands or decimals", id="cannot tell"),
        pytest.param(["1,5", "1.5"], [None, "1.5"], "in more than one way", id="both"),
        pytest.param(["1.5", "seven"], ["1.5", None], "", id="standard"),
        pytest.param(["1.234", "7"], ["1.234", "7"], "", id="standard with three decimals"),
    ],
)
def test_the_decimal_mark_is_inferred_for_a_whole_column(read, cells, wanted, said):
    found = read("events", column("staff_hours", cells))
    assert found.values("staff_hours") == [text and Decimal(text) for text in wanted]
    assert len(found.remarks) == bool(said)
    assert said in " ".join(found.remarks)
    if said:
        assert found.remarks[0].startswith("events.csv, column B (staff_hours): ")
        assert "files.events.decimal_mark" in found.remarks[0]


@pytest.mark.parametrize(
    ("cells", "wanted", "said"),
    [
        pytest.param(["7.0", "12.00", ""], [7, 12, None], "point before decimals", id="with .0"),
        pytest.param(["7.0", "12"], [None, 12], "", id="with .0 beside others"),
        pytest.param(["7,0", "1.234,0"], [7, 1234], "comma before decimals", id="with ,0"),
        pytest.param(["1,234,567", "1,000", "7"], [1234567, 1000, 7], "point before decimals", id="thousands"),
        pytest.param(["1,234"], [None], "may be thousands or decimals", id="cannot tell"),
        pytest.param(["7.0", "7.5"], [None, None], "", id="not whole"),
        pytest.param(["7", "x"], [7, None], "", id="standard"),
        pytest.param(
            ["9223372036854775807", "1,000.0"], [9223372036854775807, 1000], "point before decimals", id="long"
        ),
    ],
)
def test_whole_numbers_with_marks(read, cells, wanted, said):
    found = read("events", column("head_count", cells))
    assert found.values("head_count") == wanted
    assert len(found.remarks) == bool(said)
    assert said in " ".join(found.remarks)


def test_texts_of_numbers_are_kept_where_they_are_not_the_values_own(read):
    found = read("events", column("staff_hours", ["1,5", "1.234", "2", "x"]))
    assert found.values("staff_hours__text") == ["1,5", "1.234", None, "x"]


# --- inferred: lists and words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", "|", "/", " / ", "\n", ", "])
def test_cells_with_several_codes_and_another_mark(read, mark):
    cells = [f"strategy{mark}Action", "reflection", f"action{mark}strategy;reflection", ""]
    found = read("events", column("cycle_steps", cells))
    assert found.values("cycle_steps") == ["strategy;action", "reflection", "action;strategy;reflection", None]
    assert found.values("cycle_steps__text") == [cells[0], None, cells[2], None]
    steps = found.connection.execute(
        "SELECT _row, cycle_step, cycle_step__text FROM given.events_cycle_steps ORDER BY ALL"
    ).fetchall()
    assert sorted({(row, step) for row, step, _ in steps}) == [
        *((step_row, step) for step_row, step in [(2, "action"), (2, "strategy")]),
        *steps_of(mark, found),
    ]
    assert "taken apart at" in found.remarks[0]
    assert "semicolon (;)" in found.remarks[0]


def steps_of(mark, found):
    rows = found.connection.execute("SELECT _row FROM given.events ORDER BY _row").fetchall()
    return [(rows[1][0], "reflection"), *((rows[2][0], step) for step in ("action", "reflection", "strategy"))]


def test_a_mark_is_not_inferred_where_a_part_is_no_code(read):
    found = read("events", column("cycle_steps", ["strategy,action", "strategy,dance"]))
    assert (found.values("cycle_steps"), found.remarks) == ([None, None], [])


def test_a_mark_is_not_inferred_for_codes_of_the_organizations_own(read):
    found = read("one_to_ones", column("concerns", ["I-1,I-2", "I-3"]))
    assert (found.values("concerns"), found.remarks) == ([None, "I-3"], [])


# --- inferred: header, delimiter, encoding ---------------------------------------------------------------------------


def test_a_banner_above_the_header_is_left_out_and_said(read):
    content = "Riverside Tenants;;\nAs of 1/2/2026;;\n\ngroup_id;label;staff\nG1;a;\nG2;b;x\n"
    found = read("groups", content)
    assert found.read.header_row == 4
    assert found.values("_row", "group_id", "label") == [(5, "G1", "a"), (6, "G2", "b")]
    assert found.loader.problems == []
    delimiter, header = found.remarks
    assert delimiter.startswith("groups.csv: read with semicolons between the cells.")
    assert header.startswith("groups.csv: the names of the columns stand in row 4; what stands above it was left out.")
    assert "files.groups.header_row: 5" in header


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", ""),
        ("utf-8-sig", b"", ""),
        ("utf-16", b"", "read as UTF-16."),
        ("utf-16-le", b"", "read as UTF-16-LE."),
        ("utf-16-be", b"", "read as UTF-16-BE."),
        ("utf-16-be", b"\xfe\xff", "read as UTF-16."),
        ("cp1252", b"", "2 lines are not UTF-8 and read as Windows-1252 (the first is line 2)."),
        ("mac_roman", b"", "2 lines are not UTF-8 and read as Mac Roman (the first is line 2)."),
    ],
)
def test_encodings_are_inferred_and_said(read, encoding, mark, said):
    content = mark + 'group_id,label\nG1,"Peña, José"\nG2,Señora Muñoz\nG3,plain\n'.encode(encoding)
    found = read("groups", content)
    assert found.values("label") == ["Peña, José", "Señora Muñoz", "plain"]
    assert len(found.remarks) == bool(said)
    assert said in " ".join(found.remarks)
    if said:
        assert "files.groups.encoding: " in found.remarks[0]


@pytest.mark.parametrize(
    ("written", "declared"),
    [
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-32-le", "utf-32"),
    ],
)
def test_declared_encodings_with_and_without_a_mark(read, written, declared):
    found = read("groups", "group_id,label\nG1,Peña\n".encode(written), encoding=declared)
    assert (found.values("label"), found.remarks) == (["Peña"], [])


def test_two_encodings_in_one_file_are_said_by_line(read):
    content = "group_id,label\nG1,Peña\n".encode() + "G2,Muñoz\nG3,Señor\n".encode("cp1252")
    found = read("groups", content)
    assert found.values("label") == ["Peña", "Muñoz", "Señor"]
    (remark,) = found.remarks
    assert "two encodings stand in one file. Lines that are not UTF-8: 3, 4." in remark
    assert "1 other line with accents is UTF-8" in remark


# --- declared --------------------------------------------------------------------------------------------------------


def test_what_is_declared_is_read_so_and_nothing_is_said(read):
    content = ("Our people\n\nMitglied|Art|Erstkontakt|x_note\nP1|Nachbar|01.02.26|1\nP2|Personal|13.12.25|2\n").encode(
        "cp1252"
    )
    found = read(
        "people",
        content,
        header_row=3,
        encoding="cp1252",
        delimiter="|",
        date_format="DD.MM.YY",
        columns={"mitglied ": "person_id", "Art": "person_type", "Erstkontakt": "first_contact_on"},
        codes={"person_type": {"nachbar": "constituent", "Personal": "staff"}},
    )
    assert found.remarks == []
    assert found.values("_row", "person_id", "person_type", "person_type__text", "first_contact_on") == [
        (4, "P1", "constituent", "Nachbar", D(2026, 2, 1)),
        (5, "P2", "staff", "Personal", D(2025, 12, 13)),
    ]
    assert found.read.cell(4, "person_type") == "B4"


def test_declared_words_come_before_the_standards_own(read):
    found = read("events", column("has_written_lesson", ["1", "0", "ja", "x", ""]), yes=("0", "Ja"), no=("1",))
    assert found.values("has_written_lesson") == ["no", "yes", "yes", "yes", None]


def test_declared_codes_in_cells_with_several(read):
    cells = ["Plan;Tat", "Tat", "strategy; Plan", "other"]
    found = read("events", column("cycle_steps", cells), codes={"cycle_steps": {"plan": "strategy", "tat": "action"}})
    assert found.values("cycle_steps") == ["strategy;action", "action", "strategy;strategy", None]
    query = "SELECT _row, cycle_step, cycle_step__text FROM given.events_cycle_steps ORDER BY ALL"
    assert found.connection.execute(query).fetchall() == [
        (2, "action", "Tat"),
        (2, "strategy", "Plan"),
        (3, "action", "Tat"),
        (4, "strategy", "Plan"),
        (4, "strategy", None),
        (5, None, "other"),
    ]


@pytest.mark.parametrize(
    ("mark", "wanted"), [(",", [Decimal(1234), Decimal("1.5"), None]), (".", [Decimal("1.234"), None, Decimal("1.5")])]
)
def test_a_declared_decimal_mark_holds_for_every_cell(read, mark, wanted):
    found = read("events", column("staff_hours", ["1.234", "1,5", "1.5"]), decimal_mark=mark)
    assert found.values("staff_hours") == wanted
    assert found.remarks == []


def test_a_declared_form_of_dates_turns_inference_off(read):
    found = read("events", column("held_on", ["01/02/2026", "12/11/2026"]), date_format="MM/DD/YYYY")
    assert (found.values("held_on"), found.remarks) == ([D(2026, 1, 2), D(2026, 12, 11)], [])
    found = read("events", column("held_on", ["13/02/2026", "2026-02-14"]), date_format="YYYY-MM-DD")
    assert (found.values("held_on"), found.remarks) == ([None, D(2026, 2, 14)], [])
    found = read("events", column("held_on", ["13/02/2026 10:00Z", "2026-02-14"]), date_format="DD/MM/YYYY hh:mm")
    assert (found.values("held_on"), found.remarks) == ([D(2026, 2, 13), D(2026, 2, 14)], [])


def test_a_declared_header_row_without_known_names(read):
    found = read("groups", "group_id,label\nKennung,Name\nG1,a\n", header_row=2, columns={"Kennung": "group_id"})
    assert found.values("_row", "group_id") == [(3, "G1")]


@pytest.mark.parametrize("row", [2, 9])
def test_a_declared_header_row_that_is_blank(read, row):
    with pytest.raises(UnreadableInputError, match=f"groups.csv: row {row} is blank, but the manifest says"):
        read("groups", "group_id,label\n\nG1,a\n", header_row=row)


def test_what_a_mapping_of_columns_names_and_the_header_does_not_is_said(read):
    found = read("groups", "Kennung,label\nG1,a\n", columns={"Kennung": "group_id", "Art": "group_type"})
    assert found.values("group_id") == ["G1"]
    assert found.remarks == [
        (
            "groups.csv: Art in files.groups.columns of the manifest is no column of this file. Write the names as "
            "they stand in the file."
        )
    ]


def test_bytes_that_do_not_fit_the_declared_encoding_are_said(read):
    found = read("groups", b"group_id,label\nG1,Pe\xf1a\n", encoding="utf-8")
    assert found.values("label") == ["Pe\ufffda"]
    assert "1 line is not UTF-8, and what cannot be read there was replaced" in found.remarks[0]
    assert "lines: 2." in found.remarks[0]


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_what_a_workbook_has_typed_is_not_read_in_the_declared_form(workspace, release, tmp_path):
    rows = [
        (1, ["x_key", "staff_hours", "held_on"]),
        (2, ["x", "1.234", "2026-02-03"]),
        (3, ["x", "1.234,5", "4/3/2026"]),
    ]
    form = FileForm(decimal_mark=",", date_format="DD/MM/YYYY")
    typed = {1: frozenset({"number"}), 2: frozenset({"date"})}
    found = Read(workspace, release, "events", form).plain(rows, tmp_path, typed=typed)
    assert found.values("staff_hours", "held_on") == [
        (Decimal("1.234"), D(2026, 2, 3)),
        (Decimal("1234.5"), D(2026, 3, 4)),
    ]


def test_a_comma_is_not_inferred_beside_numbers_of_a_workbook_that_have_a_point(workspace, release, tmp_path):
    rows = [(1, ["x_key", "staff_hours"]), (2, ["x", "1.234"]), (3, ["x", "12,5"])]
    found = Read(workspace, release, "events").plain(rows, tmp_path, typed={1: frozenset({"number"})})
    assert found.values("staff_hours") == [Decimal("1.234"), None]
    assert "in more than one way" in found.remarks[0]
    assert found.remarks[0].startswith("s.xlsx, sheet s, column B (staff_hours)")


def test_dates_of_a_workbook_in_a_column_of_months(workspace, release, tmp_path):
    rows = [(1, ["month"]), (2, ["2026-03-01"]), (3, ["2026-03-02"]), (4, ["2026-04"])]
    found = Read(workspace, release, "activity_counts").plain(rows, tmp_path, typed={0: frozenset({"date"})})
    assert found.values("month", "month__text") == [
        (D(2026, 3, 1), None),
        (None, "2026-03-02"),
        (D(2026, 4, 1), None),
    ]


def test_times_of_day_of_a_workbook_are_left_out_whatever_form_the_texts_have(workspace, release, tmp_path):
    cells = ["2026-03-01 13:05:00", "2026-03-02", "13/02/2026"]
    rows = [(1, ["x_key", "held_on"]), *((number, ["x", cell]) for number, cell in enumerate(cells, start=2))]
    typed = {1: frozenset({"date"})}
    found = Read(workspace, release, "events").plain(rows, tmp_path, typed=typed)
    assert found.values("held_on") == [D(2026, 3, 1), D(2026, 3, 2), None]
    assert [remark.partition(": ")[2][:28] for remark in found.remarks] == [
        "these dates are written in m",
        "times of day were left out.",
    ]
    found = Read(workspace, release, "events", FileForm(date_format="DD/MM/YYYY")).plain(rows, tmp_path, typed=typed)
    assert (found.values("held_on"), found.remarks) == ([D(2026, 3, 1), D(2026, 3, 2), D(2026, 2, 13)], [])
    found = Read(workspace, release, "events").plain(rows[:3], tmp_path, typed=typed)
    assert found.values("held_on", "held_on__text") == [(D(2026, 3, 1), cells[0]), (D(2026, 3, 2), None)]
    assert "times of day were left out" in found.remarks[0]


@pytest.mark.parametrize(("uses_1904", "day"), [(False, D(2024, 1, 1)), (True, D(2028, 1, 2))])
def test_days_counted_from_1904(workspace, release, tmp_path, uses_1904, day):
    rows = [(1, ["x_key", "held_on"]), (2, ["x", "45292"])]
    found = Read(workspace, release, "events").plain(rows, tmp_path, uses_1904=uses_1904)
    assert found.values("held_on") == [day]


# --- plain files -----------------------------------------------------------------------------------------------------

CELLS = st.lists(st.text(max_size=5), max_size=5)


@example(first=[], then=[["", "0"], ["0", " "]])
@given(first=st.lists(CELLS, max_size=8), then=st.lists(CELLS, max_size=3))
def test_a_plain_file_gives_back_what_went_in(tmp_path_factory, first, then):
    folder = tmp_path_factory.mktemp("plain")
    many = [["filler"]] * 60 if then else []
    try:
        plain = write_plain(enumerate([*first, *many, *then], start=1), folder / "p.csv")
    except UnreadableInputError:
        assert any("\ud800" <= letter <= "\udfff" for row in (*first, *then) for cell in row for letter in cell)
        return
    found = dict(plain.rows())
    for row, cells in enumerate([*first, *many, *then], start=1):
        wanted = [cell.replace("\0", "\ufffd") for cell in cells]
        if row in found:
            # What is blank behind the last cell with something in it may be cut.
            end = max((at for at, cell in enumerate(wanted, start=1) if cell.strip(BLANKS)), default=0)
            assert found[row][:end] == wanted[:end]
            assert not "".join(found[row][end:]).strip(BLANKS)
        else:
            assert not "".join(cells).strip(" \t\n\r\v\f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff")
    assert plain.n_rows == len(found)
    assert all(len(cells) == plain.width for cells in found.values())
    assert Plain.of_facts(plain.path, plain.facts()) == plain


def test_rows_after_the_first_fifty_may_be_wider(tmp_path):
    rows = [(number, ["a"]) for number in range(1, 101)] + [(101, ["a", "", "c", ""])]
    plain = write_plain(iter(rows), tmp_path / "p.csv")
    assert (plain.width, plain.n_rows, plain.usual) == (3, 101, 1)
    assert {length: list(rows) for length, rows in plain.lengths.items()} == {4: [101]}
    assert (tmp_path / "p.csv").read_text().splitlines()[:2] == ["row,c0,c1,c2", '"1","a","",""']
    assert list(plain.rows())[-1] == (101, ["a", "", "c"])
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


# --- round trips -----------------------------------------------------------------------------------------------------

DATE_FORMS = {
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "D.M.YY": "%d.%m.%y",
    "YYYYMMDD": "%Y%m%d",
    "D MMMM YYYY": "%d %B %Y",
    "MMM D, YYYY": "%b %d, %Y",
    "YYYY/MM/DD hh:mm": "%Y/%m/%d 10:30",
}
ROWS = st.lists(
    st.tuples(
        st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True),
        st.none() | st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)),
        st.none() | st.decimals(-99_999, 99_999, places=2),
        st.none() | st.integers(-10_000_000, 10_000_000),
        st.sampled_from(["yes", "no", None]),
        st.text(alphabet=st.sampled_from("aé,;|\t\"'\n 1."), max_size=6).filter(lambda text: bool(text.strip())),
    ),
    max_size=8,
)


@given(
    rows=ROWS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    mark=st.sampled_from([".", ","]),
    date_format=st.sampled_from(sorted(DATE_FORMS)),
    n_above=st.integers(0, 3),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_written_in_a_declared_form_is_read_as_it_was(
    workspace, release, tmp_path_factory, rows, encoding, delimiter, mark, date_format, n_above, line_end
):
    buffer = io.StringIO()
    writer = plain_csv.writer(buffer, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([[f"above {number}"] for number in range(n_above)])
    writer.writerow(["Nº", "Fecha", "Horas", "Asistentes", "Lección", "target"])
    for key, day, hours, count, lesson, text in rows:
        number = "" if hours is None else f"{hours:,.2f}"
        writer.writerow(
            [
                key,
                "" if day is None else day.strftime(DATE_FORMS[date_format]),
                number.translate(str.maketrans(".,", ",.")) if mark == "," else number,
                "" if count is None else f"{count:,}".replace(",", "." if mark == "," else ","),
                {"yes": "así fue", "no": "Nada", None: ""}[lesson],
                text,
            ]
        )
    path = tmp_path_factory.mktemp("form") / "events.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    form = FileForm(
        encoding=encoding,
        delimiter=delimiter,
        decimal_mark=mark,
        date_format=date_format,
        header_row=n_above + 1,
        yes=("ASÍ FUE",),
        no=("nada",),
        columns={
            "nº": "event_id",
            "Fecha": "held_on",
            "Horas": "staff_hours",
            "Asistentes": "head_count",
            "Lección": "has_written_lesson",
        },
    )
    found = Read(workspace, release, "events", form).file(path)
    assert found.values("event_id", "held_on", "staff_hours", "head_count", "has_written_lesson") == [
        row[:5] for row in rows
    ]
    assert found.remarks == []


@given(
    days=st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), min_size=1, max_size=10),
    written=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y 10:00", "%B %d, %Y"]),
    hours=st.lists(st.decimals(0, 99_999, places=2), min_size=1, max_size=10),
    mark=st.sampled_from([".", ","]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_is_inferred_is_what_was_written_or_is_not_read(
    workspace, release, tmp_path_factory, days, written, hours, mark, delimiter
):
    rows = [
        [
            f"E{number}",
            days[number % len(days)].strftime(written),
            f"{hours[number % len(hours)]:.2f}".replace(".", mark),
        ]
        for number in range(10)
    ]
    buffer = io.StringIO()
    plain_csv.writer(buffer, delimiter=delimiter).writerows([["event_id", "held_on", "staff_hours"], *rows])
    path = tmp_path_factory.mktemp("form") / "events.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    found = Read(workspace, release, "events").file(path)
    read_days = found.values("held_on")
    is_open = written[:2] in ("%d", "%m") and all(day.day <= 12 for day in days)
    assert read_days == [None if is_open else days[number % len(days)] for number in range(10)]
    assert found.values("staff_hours") == [hours[number % len(hours)] for number in range(10)]


# --- the manifest ----------------------------------------------------------------------------------------------------


def files_of(release, text):
    return manifest_of(read_text(MANIFEST + text, "submission.yaml"), release)[0].files


def refused(release, text):
    with pytest.raises(UnreadableInputError) as caught:
        files_of(release, text)
    return str(caught.value)


def test_words_that_no_file_can_hold_are_refused(release):
    assert "cannot stand in a file" in refused(release, 'files: {people: {yes: "\\0"}}\n')
    assert "cannot stand in a file" in refused(release, 'files: {people: {columns: {"a\\0": person_id}}}\n')
    many = "; ".join(f"w{number}" for number in range(3000))
    assert "more than 1,000" in refused(release, f"files: {{people: {{yes: {many}}}}}\n")
    many = "; ".join(f"w{number}=staff" for number in range(3000))
    assert "more than 1,000" in refused(release, f"files: {{people: {{codes: {{person_type: {many}}}}}}}\n")


def test_every_key_of_files(release):
    files = files_of(
        release,
        """\
files:
  people:
    path: "exports/People 2026.csv"
    sheet: Members
    header_row: 3
    encoding: Windows-1252
    delimiter: tab
    decimal_mark: comma
    date_format: DD/MM/YYYY
    yes: ja; x
    no: [nein]
    columns:
      Mitglied Nr.: person_id
      "Art": Person_Type
    codes:
      person_type: {Nachbarin: constituent}
  groups: {columns: "Kennung=group_id; Name=label;"}
""",
    )
    assert files == {
        "people": FileForm(
            path="exports/People 2026.csv",
            sheet="Members",
            header_row=3,
            encoding="Windows-1252",
            delimiter="\t",
            decimal_mark=",",
            date_format="DD/MM/YYYY",
            yes=("ja", "x"),
            no=("nein",),
            columns={"Mitglied Nr.": "person_id", "Art": "person_type"},
            codes={"person_type": {"Nachbarin": "constituent"}},
        ),
        "groups": FileForm(columns={"Kennung": "group_id", "Name": "label"}),
    }


def test_the_same_keys_in_a_sheet(release):
    plain = [line.split(": ", 1) for line in MANIFEST.splitlines() if "period" not in line and "[]" not in line]
    rows = [
        *plain,
        ["schema_version", "1"],
        ["period.start", "2026-01-01"],
        ["period.end", "2026-12-31"],
        ["complete_tables", ""],
        ["Files.People.header_row", "3"],
        ["files.people.columns", "Mitglied Nr.=person_id; a=b=person_type"],
        ["files.people.codes.person_type", "Nachbarin=constituent"],
        ["files.people.delimiter", ";"],
    ]
    rows.remove(["schema_version", "1.0"])
    document = sheet_document("s.xlsx, sheet submission", enumerate(rows, start=1))
    manifest, _ = manifest_of(document, release, place="row")
    assert manifest.files == {
        "people": FileForm(
            header_row=3,
            delimiter=";",
            columns={"Mitglied Nr.": "person_id", "a=b": "person_type"},
            codes={"person_type": {"Nachbarin": "constituent"}},
        )
    }


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["files.people.delimiter", ";"], ["files.people.delimiter", ","]], 2),
        ([["files.people", "x"], ["files.people.delimiter", ","]], 2),
        ([["files.people.delimiter", ";"], ["files.people", ","]], 2),
        ([["files", "x"], ["files.people.codes.person_type", ","]], 2),
        ([["files.people.codes.person_type", "a=b"], ["files.people.codes", "x"]], 2),
    ],
)
def test_keys_of_a_sheet_that_stand_twice(rows, row):
    with pytest.raises(UnreadableInputError, match=f"^s, row {row}: this key stands twice"):
        sheet_document("s", enumerate(rows, start=1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files: [people]", "files holds a part for each table"),
        ("files: {pepole: {header_row: 1}}", "files.pepole: there is no table pepole. Did you mean people?"),
        ("files: {people: 3}", "files.people holds keys such as header_row"),
        ("files.people.header_row: 4", "files.people.header_row needs a line for each part, each two blanks"),
        (
            "files: {people: {colums: {a: person_id}}}",
            "files.people.colums is no key of a manifest. Did you mean columns?",
        ),
        ("files: {people: {path: /etc/passwd}}", "files.people.path leads out of the folder."),
        ("files: {people: {path: ../x.csv}}", "files.people.path leads out of the folder."),
        ("files: {people: {path: 'a/../../x.csv'}}", "files.people.path leads out of the folder."),
        ("files: {people: {path: 'C:\\x.csv'}}", "files.people.path leads out of the folder."),
        ("files: {people: {path: '\\\\server\\x.csv'}}", "files.people.path leads out of the folder."),
        ("files: {people: {path: '~/x.csv'}}", "files.people.path leads out of the folder."),
        ('files: {people: {path: "a\\u202ex.csv"}}', "files.people.path leads out of the folder."),
        ("files: {people: {path: [a]}}", "files.people.path holds one value, not a list or further keys."),
        ("files: {people: {header_row: first}}", "files.people.header_row is the row in which the names"),
        ("files: {people: {header_row: 0}}", "files.people.header_row is the row"),
        ("files: {people: {header_row: 99999999999}}", "files.people.header_row is the row"),
        ("files: {people: {header_row: ٣}}", "files.people.header_row is the row"),
        ("files: {people: {encoding: rot13}}", "files.people.encoding is no encoding that is read."),
        ("files: {people: {delimiter: x}}", "files.people.delimiter is what stands between the cells"),
        ("files: {people: {decimal_mark: x}}", "files.people.decimal_mark is the mark before decimals"),
        ("files: {people: {date_format: yyyy}}", "files.people.date_format is not a form of dates that is read."),
        ("files: {people: {yes: {a: b}}}", "files.people.yes is a list of words"),
        ("files: {people: {yes: X, no: x}}", "files.people: 1 of the words for no stands among those for yes"),
        ("files: {people: {columns: Name}}", "files.people.columns holds pairs of the form theirs=ours"),
        ("files: {people: {columns: [a]}}", "files.people.columns holds lines of the form theirs: ours"),
        ("files: {people: {columns: {Name: persn_id}}}", "people has no column persn_id. Did you mean person_id?"),
        ("files: {people: {columns: {person_id: Name}}}", "files.people.columns is the other way round"),
        ("files: {people: {columns: {a: person_id, b: person_id}}}", "two columns are given as person_id."),
        ("files: {people: {columns: {a: person_id, ' A ': left_on}}}", "names the same word twice"),
        ("files: {people: {columns: {a: ''}}}", "one name or code of the standard is needed"),
        ("files: {people: {codes: {'': x}}}", "people has no column"),
        ("files: {people: {codes: x}}", "files.people.codes holds a part for each column"),
        (
            "files: {people: {codes: {person_typ: {a: staff}}}}",
            "people has no column person_typ. Did you mean person_type?",
        ),
        ("files: {people: {codes: {left_on: {a: staff}}}}", "the column left_on has no list of codes"),
        (
            "files: {people: {codes: {person_type: {a: staf}}}}",
            "staf is no code of this column. Codes: constituent, staff",
        ),
        ("files: {people: {codes: {person_type: {'': staff}}}}", "An empty cell means: not recorded."),
    ],
)
def test_every_mistake_under_files_is_one_sentence_with_its_line(release, text, said):
    message = refused(release, text + "\n")
    assert message.startswith("submission.yaml, line 12: ")
    assert said in message
    assert "\n" not in message


def test_mistakes_under_files_name_their_own_lines(release):
    text = "files:\n  people:\n    header_row: one\n    columns:\n      a: person_id\n      b: nothing\n    codes: 3\n"
    assert [line.partition(":")[0] for line in refused(release, text).splitlines()[1:]] == [
        "submission.yaml, line 14",
        "submission.yaml, line 17",
        "submission.yaml, line 18",
    ]


def test_nothing_under_files_is_nothing(release):
    assert files_of(release, "files: {}\n") == {}
    assert files_of(release, "files:\n") == {}
    assert files_of(release, "files: {people: {path: '', columns: {}}}\n") == {"people": FileForm()}


def test_the_examples_of_the_documentation_are_read(release):
    page = (Path(__file__).resolve().parents[1] / "docs" / "manifest.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(files:.*?)```", page, re.DOTALL)
    files = files_of(release, example)
    assert (files["one_to_ones"].header_row, files["events"].no) == (4, ("nada",))
    in_sheet = re.findall(r"^\| (files\.\S+) \| (.*) \|$", page, re.MULTILINE)
    data = sheet_document("s", enumerate(in_sheet, start=1)).data["files"]
    assert FileForm(**files_of_data(data, release)["one_to_ones"]).codes == files["one_to_ones"].codes
    said = set(re.findall(r"^\| `(\w+):", page, re.MULTILINE)) | {"no"}
    assert said == set(FileForm.model_fields), "each key has its line in the table"


def files_of_data(data, release):
    problems = []
    found = manifest_files.files_of(data, release, lambda *problem: problems.append(problem))
    assert problems == []
    return found


def test_a_folder_with_a_declared_form(tmp_path, release):
    from relmetrics.submission import read_submission

    folder = tmp_path / "s"
    folder.mkdir()
    text = "files:\n  groups:\n    columns: {Kennung: group_id}\n    date_format: DD/MM/YYYY\n"
    (folder / "submission.yaml").write_text(MANIFEST + text, encoding="utf-8")
    (folder / "groups.csv").write_text("Kennung,started_on\nG1,01/02/2026\n", encoding="utf-8")
    with read_submission(Path(folder), release) as submission:
        rows = submission.connection.execute("SELECT group_id, started_on FROM given.groups").fetchall()
        assert rows == [("G1", D(2026, 2, 1))]
        assert submission.remarks == ()
