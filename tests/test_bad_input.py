"""What cannot be read gets one clear sentence: what happened, where, and what to do; never a traceback."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from relmetrics.errors import UnreadableInputError
from relmetrics.standard import load_release
from relmetrics.submission import archive, inference_encoding, parts, read_submission
from relmetrics.submission.book_dump import dump
from relmetrics.submission.inspection import inspect

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
boundary_rule: who comes to meetings
consent_basis: verbal
"""
GROUPS = "group_id,group_type,label\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SECRET = "Guadalupe"


@pytest.fixture(scope="module")
def release():
    return load_release()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "spring"
    folder.mkdir()
    (folder / "submission.yaml").write_text(MANIFEST)
    return folder


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path, monkeypatch):
    """Whatever goes wrong, the private folder goes too."""
    own = tmp_path / "temporary"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    yield
    assert list(own.iterdir()) == []


def refused(path, release, tmp_path):
    """The message; it names no folder of this machine and no value, and ends as a sentence does."""
    with pytest.raises(UnreadableInputError) as caught:
        read_submission(path, release).close()
    message = str(caught.value)
    assert str(tmp_path) not in message
    assert SECRET not in message
    assert message.endswith((".", "?"))
    assert "Error" not in message
    assert caught.value.__cause__ is None
    return message


# --- paths and folders --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nowhere", "nowhere.xlsx", "a\0b", "x" * 5000, "line\nbreak\x1b[31m"])
def test_a_path_that_is_not_there(tmp_path, release, name):
    message = refused(tmp_path / name, release, tmp_path)
    assert message.startswith("There is no file or folder ")
    assert message.isprintable()
    assert len(message) < 250


def test_an_empty_folder(tmp_path, release, monkeypatch):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").touch()
    assert "The folder empty is empty." in refused(tmp_path / "empty", release, tmp_path)
    monkeypatch.chdir(tmp_path / "empty")
    assert "The folder empty is empty." in refused(".", release, tmp_path)


def test_a_folder_without_a_manifest(folder, release, tmp_path):
    (folder / "submission.yaml").rename(folder / "groups.csv")
    message = refused(folder, release, tmp_path)
    assert "has no manifest" in message
    assert "submission.yaml" in message


def test_two_manifests(folder, release, tmp_path):
    (folder / "submission.json").write_text("{}")
    assert "submission.json and submission.yaml are two files" in refused(folder, release, tmp_path)


def test_two_files_for_one_table(folder, release, tmp_path):
    (folder / "groups.csv").write_text(GROUPS)
    (folder / "Groups .CSV").write_text(GROUPS)
    assert "are two files for the same thing" in refused(folder, release, tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("data.7z", "archives (.7z) are not read. Unpack it"),
        ("data.xlsb", "binary Excel files (.xlsb) are not read. Save it as an .xlsx workbook"),
        ("data.numbers", "Numbers files are not read"),
        ("data.zip", "is not a zip archive, or is damaged"),
        ("data.xls", "is not a workbook, or is damaged"),
        ("data.ods", "is not a workbook, or is damaged"),
        ("data.parquet", "is one table. Use the folder"),
        ("data.tsv", "is one table. Use the folder"),
        ("data.docx", "is neither a folder, nor a zip archive, nor a workbook"),
        ("data", "is neither a folder, nor a zip archive, nor a workbook"),
        ("people.csv", "is one table. Use the folder"),
        ("submission.yaml", "Use the folder that it lies in"),
    ],
)
def test_files_that_are_not_read(tmp_path, release, name, said):
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    message = refused(tmp_path / name, release, tmp_path)
    assert message.startswith(name)
    assert said in message


@pytest.mark.parametrize("name", ["groups.numbers", "Groups.XLSB", "groups.zip"])
def test_a_table_in_a_form_that_is_not_read_is_not_overlooked(folder, release, tmp_path, name):
    (folder / name).write_bytes(b"x")
    assert "Save it as groups.csv or groups.xlsx" in refused(folder, release, tmp_path)
    (folder / "groups.csv").write_text(GROUPS)
    with read_submission(folder, release) as submission:
        assert submission.remarks == (f"{name} was not read; the table is taken from another file.",)


@pytest.mark.parametrize("name", ["groups.parquet", "Groups.XLSX", "groups.xls", "groups.ods"])
def test_a_table_that_is_no_such_file(folder, release, tmp_path, name):
    (folder / name).write_bytes(b"x")
    assert f"{name} is not a " in refused(folder, release, tmp_path)


# --- CSV files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "groups.csv is empty (0 bytes). Save it again", id="0 bytes"),
        pytest.param(b"\xef\xbb\xbf", "groups.csv is blank", id="only a mark"),
        pytest.param(b"\n \n,,\n", "groups.csv is blank", id="only blanks"),
        pytest.param(b"PK\x03\x04" + bytes(100), "is named .csv but is a zip archive or a workbook", id="a workbook"),
        pytest.param(b"%PDF-1.7\n1 0 obj", "is named .csv but is a PDF", id="PDF"),
        pytest.param(OLE, "is named .csv but is an Excel or Word file of the old kind", id="xls"),
        pytest.param(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9, "is named .csv but is not text", id="a program"),
        pytest.param(
            GROUPS.encode() + b'G1,team,"' + b"x" * 1_000_001,
            "row 2: a cell has more than 1,000,000",
            id="a cell without end",
        ),
    ],
)
def test_csv_files_that_are_none(folder, release, tmp_path, content, said):
    (folder / "groups.csv").write_bytes(content)
    assert said in refused(folder, release, tmp_path)


def test_a_line_without_end(folder, release, tmp_path, monkeypatch):
    monkeypatch.setattr(inference_encoding, "_MOST_LINE", 10_000)
    monkeypatch.setattr(inference_encoding, "_CHUNK", 1_000)
    (folder / "groups.csv").write_text(GROUPS + ",".join("x" * 20_000) + "\n")
    assert "has a line of more than 10,000 bytes" in refused(folder, release, tmp_path)


def test_a_table_file_that_is_a_folder_or_a_dead_link(folder, release, tmp_path):
    (folder / "groups.csv").mkdir()
    assert "groups.csv cannot be opened (Is a directory)" in refused(folder, release, tmp_path)
    (folder / "groups.csv").rmdir()
    (folder / "groups.csv").symlink_to("nowhere")
    assert "groups.csv cannot be opened (No such file or directory)" in refused(folder, release, tmp_path)


@pytest.mark.parametrize("name", ["groups.csv", "submission.yaml"])
def test_a_file_that_may_not_be_read(folder, release, tmp_path, monkeypatch, name):
    """Modes mean nothing to root, so the refusal is made here."""
    (folder / "groups.csv").write_text(GROUPS)
    for method in ("open", "read_bytes"):
        real = getattr(Path, method)

        def forbidden(path, *args, real=real, **options):
            if path.name == name:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *args, **options)

        monkeypatch.setattr(Path, method, forbidden)
    assert f"{name} cannot be opened" in refused(folder, release, tmp_path)


def test_a_full_disk_is_said(folder, release, tmp_path, monkeypatch):
    """The plain copy goes to /dev/full, a device that takes nothing."""
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    (folder / "groups.csv").write_text(GROUPS + "\n" + f"G1,team,{'x' * 200}\n" * 1000)
    real = Path.open

    def full(path, mode="r", *args, **options):
        return real(Path("/dev/full") if mode == "w" and path.suffix == ".csv" else path, mode, *args, **options)

    monkeypatch.setattr(Path, "open", full)
    message = refused(folder, release, tmp_path)
    assert "does not fit into the system's temporary folder (No space left on device)" in message


# --- the manifest -------------------------------------------------------------------------------------------------


def manifest_refused(folder, release, tmp_path, content):
    (folder / "submission.yaml").write_text(content)
    return refused(folder, release, tmp_path)


@pytest.mark.parametrize("line", ["schema_version: 1.0", 'schema_version: "1.0"', "schema_version: '1.0' # ours"])
def test_the_version_with_quotes_or_without(folder, release, line):
    (folder / "submission.yaml").write_text(MANIFEST.replace("schema_version: 1.0", line))
    with read_submission(folder, release) as submission:
        assert submission.manifest.schema_version == "1.0"


def test_the_manifest_as_json(folder, release):
    (folder / "submission.yaml").unlink()
    (folder / "submission.json").write_text(
        '{"dataset_id": "d", "schema_version": "1.0", "organization_id": "o", "records_from": "2025-01-01", '
        '"period": {"start": "2026-01-01", "end": "2026-12-31"}, "adoption_level": "full", "tie_rule": "roster", '
        '"has_paid_staff": "yes", "conversations_recorded_for": "nobody", "complete_tables": ["events"], '
        '"boundary_rule": "b", "consent_basis": "verbal", "files": {}}'
    )
    with read_submission(folder, release) as submission:
        assert submission.manifest.adoption_level == "full"
        assert submission.manifest_source == "submission.json"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2.0", "schema_version is '2.0'"),
        ("1.10", "schema_version is '1.10'"),
        ("[31mred", "schema_version is something else"),
    ],
)
def test_another_release(folder, release, tmp_path, version, said):
    content = MANIFEST.replace("schema_version: 1.0", f"schema_version: '{version}'").replace(
        "dataset_id", "wrong_as_well"
    )
    message = manifest_refused(folder, release, tmp_path, content)
    assert message.startswith(f"submission.yaml, line 2: {said}, but these files are read by release 1.0")
    assert "Write schema_version: 1.0" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "submission.yaml is no manifest"),
        ("- a\n- b\n", "submission.yaml is no manifest"),
        ("a: [1\nb: 2\n", "submission.yaml, line"),
        ("a: 1\na: 2\n", "line 2: the key 'a' stands twice"),
        ("a: &x 1\nb: *x\n", "anchors and aliases"),
        ("a: !!python/object:os.system x\n", "tags"),
        ("a: " + "[" * 50 + "]" * 50, "nested more than"),
        ("x" * 1_100_000, "bytes"),
    ],
)
def test_what_is_no_manifest(folder, release, tmp_path, content, said):
    message = manifest_refused(folder, release, tmp_path, content)
    assert said in message
    assert "\n" not in message


def test_a_manifest_in_other_characters(folder, release, tmp_path):
    (folder / "submission.yaml").write_bytes(MANIFEST.encode() + "contact_role: se\xf1or\n".encode("cp1252"))
    assert "submission.yaml, line 13: this is not UTF-8 text" in refused(folder, release, tmp_path)


def test_all_problems_of_a_manifest_are_said_at_once(folder, release, tmp_path):
    content = (
        MANIFEST.replace("dataset_id: test-1\n", "")
        .replace("end: 2026-12-31", "end: 31/12/2026")
        .replace("records_from: 2025-01-01", "records_from: 20250101")
        .replace("tie_rule: one_to_one", f"tie_rule: {SECRET}")
        .replace("boundary_rule: ", "boundry_rule: ")
        .replace("organization_id: test", f"organization_id: {SECRET} and friends")
    )
    content += f"files: {{people: {{path: ../{SECRET}.csv}}}}\n"
    lines = manifest_refused(folder, release, tmp_path, content).splitlines()
    assert lines[0] == "The manifest submission.yaml has 8 problems:"
    wanted = {
        "submission.yaml: dataset_id is missing. Add it: a short name of letters, digits",
        "submission.yaml: boundary_rule is missing. Add it: who counts as belonging",
        "submission.yaml, line 2: organization_id cannot be used as it stands. Write here: a short name",
        "submission.yaml, line 3: period.end is not a day of the form 2026-01-31.",
        "submission.yaml, line 4: records_from is not a day of the form 2026-01-31.",
        "submission.yaml, line 6: tie_rule cannot be used as it stands. Write here: what counts as a tie (one_to_one,",
        "submission.yaml, line 10: boundry_rule is no key of a manifest. Did you mean boundary_rule?",
        "submission.yaml, line 12: files.people.path leads out of the folder. Write the name of a file inside",
    }
    assert len(lines) - 1 == len(wanted)
    for begin in wanted:
        assert any(line.startswith(begin) for line in lines), begin


def test_one_problem_of_a_manifest_is_one_line(folder, release, tmp_path):
    message = manifest_refused(folder, release, tmp_path, MANIFEST.replace("start: 2026-01-01", "start: 2027-01-01"))
    assert message == (
        "submission.yaml, line 4: the period ends before it starts. Exchange period.start and period.end, or correct "
        "one of them."
    )


@pytest.mark.parametrize(
    "day", ["2026-02-30", "1899-12-31", "2101-01-01", "1767225600", "2026-1-1", "2026-01-01T00:00"]
)
def test_days_that_are_none(folder, release, tmp_path, day):
    message = manifest_refused(folder, release, tmp_path, MANIFEST + f"taken_on: {day}\n")
    assert message.startswith("submission.yaml, line 13: taken_on is not a day")
    assert "\n" not in message


@pytest.mark.parametrize(
    "content", ["period: 2026\n", "period: [2026-01-01, 2026-12-31]\n", "period: {}\n", "period:\n"]
)
def test_a_period_of_another_form(folder, release, tmp_path, content):
    text = MANIFEST.replace("period: {start: 2026-01-01, end: 2026-12-31}\n", content)
    assert "period" in manifest_refused(folder, release, tmp_path, text)


def test_keys_without_a_value_and_an_unknown_table(folder, release):
    content = (
        MANIFEST.replace("[]", "events; banners")
        + "time_zone:\nfiles: {}\nreview: {reviewed_on: '', event_id: E1}\ntaken_on: ''\n"
    )
    (folder / "submission.yaml").write_text(content)
    with read_submission(folder, release) as submission:
        assert submission.manifest.time_zone is None
        assert submission.manifest.review.event_id == "E1"
        assert submission.manifest.complete_tables == ("events", "banners")
        assert submission.remarks == (
            "submission.yaml: complete_tables names tables that release 1.0 does not have: banners.",
        )


# --- workbooks ----------------------------------------------------------------------------------------------------


def write_workbook(path, fill=lambda book: None, manifest=True):
    book = xlsxwriter.Workbook(path)
    if manifest:
        sheet = book.add_worksheet("submission")
        text = MANIFEST.replace(
            "period: {start: 2026-01-01, end: 2026-12-31}", "period.start: 2026-01-01\nperiod.end: 2026-12-31"
        )
        for row, line in enumerate(text.replace("[]", "").splitlines()):
            sheet.write_row(row, 0, line.split(": "))
    fill(book)
    book.close()
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "is empty (0 bytes)", id="0 bytes"),
        pytest.param(b"hello", "is not a workbook, or is damaged", id="text"),
        pytest.param(b"PK\x03\x04" + bytes(50), "is not a workbook, or is damaged", id="cut zip"),
        pytest.param(OLE, "is not a workbook, or is damaged", id="no workbook of the old kind"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "is protected with a password", id="password"),
    ],
)
def test_workbooks_that_are_none(tmp_path, release, content, said):
    (tmp_path / "data.xlsx").write_bytes(content)
    message = refused(tmp_path / "data.xlsx", release, tmp_path)
    assert message.startswith("data.xlsx ")
    assert said in message


def test_a_zip_that_is_no_workbook(tmp_path, release):
    with zipfile.ZipFile(tmp_path / "data.xlsx", "w") as archive:
        archive.writestr("people.csv", "person_id\n")
    assert "is not a workbook" in refused(tmp_path / "data.xlsx", release, tmp_path)


def test_a_workbook_without_a_manifest(tmp_path, release):
    path = write_workbook(tmp_path / "data.xlsx", lambda book: book.add_worksheet("people"), manifest=False)
    message = refused(path, release, tmp_path)
    assert "has no manifest" in message
    assert "sheet named submission" in message


def test_two_sheets_for_one_table(tmp_path, release):
    def fill(book):
        for name in ("people", "people "):
            book.add_worksheet(name)

    assert "has two sheets for the table people" in refused(
        write_workbook(tmp_path / "data.xlsx", fill), release, tmp_path
    )


def test_problems_of_a_manifest_in_a_sheet_name_their_rows(tmp_path, release):
    book = openpyxl.load_workbook(write_workbook(tmp_path / "data.xlsx"))
    sheet = book["submission"]
    sheet["B5"], sheet["A6"] = "soon", "record_from"
    sheet.append(["files.people.header_row", "the first"])
    book.save(tmp_path / "data.xlsx")
    message = refused(tmp_path / "data.xlsx", release, tmp_path)
    assert "data.xlsx, sheet submission, row 5: period.end is not a day" in message
    assert (
        "data.xlsx, sheet submission, row 6: record_from is no key of a manifest. Did you mean records_from?" in message
    )
    assert "data.xlsx, sheet submission, row 14: files.people.header_row is the row in which the names" in message


def test_a_key_that_stands_twice_in_a_sheet(tmp_path, release):
    book = openpyxl.load_workbook(write_workbook(tmp_path / "data.xlsx"))
    book["submission"].append(["Dataset_ID", "other"])
    book.save(tmp_path / "data.xlsx")
    assert "row 14: this key stands twice" in refused(tmp_path / "data.xlsx", release, tmp_path)


PARTS = [
    "xl/worksheets/sheet2.xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("harm", ["cut", "junk", "gone"])
def test_a_damaged_workbook(tmp_path, release, part, harm):
    def fill(book):
        sheet = book.add_worksheet("groups")
        sheet.write_row(0, 0, ["group_id", "label"])
        sheet.write_row(1, 0, ["G1", SECRET])

    whole = write_workbook(tmp_path / "whole.xlsx", fill)
    with read_submission(whole, release) as submission:
        assert submission.tables["groups"].n_rows == 1
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(tmp_path / "data.xlsx", "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                content = {"cut": content[: len(content) // 2], "junk": b"\0\xff no xml", "gone": b""}[harm]
            if name != part or harm != "gone":
                after.writestr(name, content)
    if (part, harm) == ("xl/styles.xml", "gone"):
        read_submission(tmp_path / "data.xlsx", release).close()  # a workbook without styles is one
        return
    message = refused(tmp_path / "data.xlsx", release, tmp_path)
    assert "damaged" in message or "has no manifest" in message


def test_a_small_file_that_unpacks_to_a_large_one(tmp_path, monkeypatch):
    """In this process, where the limits can be set lower; `tests/adversary` has the real ones."""
    with zipfile.ZipFile(tmp_path / "data.xlsx", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)

    def said():
        with pytest.raises(UnreadableInputError) as caught:
            dump(str(tmp_path / "data.xlsx"), str(tmp_path), lambda sentence: None)
        return str(caught.value)

    monkeypatch.setattr(archive, "RATIO_FROM", 1024**2)
    assert "would unpack to 4 MB" in said()
    monkeypatch.setattr(archive, "RATIO_FROM", 10 * 1024**2)
    monkeypatch.setattr(archive, "MOST_BYTES", 1024**2)
    assert "would unpack to 4 MB" in said()
    monkeypatch.setattr(archive, "MOST_BYTES", 10 * 1024**2)
    assert "is not a workbook" in said()


def test_a_cell_in_the_last_corner(tmp_path, release):
    def fill(book):
        sheet = book.add_worksheet("people")
        sheet.write(0, 0, "person_id")
        sheet.write(1_048_575, 16_383, "x")

    message = refused(write_workbook(tmp_path / "data.xlsx", fill), release, tmp_path)
    assert "reaches down to row 1,048,576 and over 16,384 columns" in message


def test_a_workbook_of_formulas_that_were_never_calculated(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "MOST_UNSHOWN", 3)
    path = write_workbook(tmp_path / "data.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("people").append(["=1", "=2", "=3", "=4"])
    book.save(path)
    with pytest.raises(UnreadableInputError, match="more than 3 cells with an error or with a formula"):
        dump(str(path), str(tmp_path), lambda sentence: None)


def test_a_part_of_cells_that_never_end_takes_no_long_time(tmp_path, release):
    with zipfile.ZipFile(tmp_path / "data.xlsx", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b'<c r="A1" t="e"><f' * 500_000)
    assert "is not a workbook" in refused(tmp_path / "data.xlsx", release, tmp_path)


# --- inspecting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere.csv", None, "There is no file nowhere.csv"),
        ("a\0b.csv", None, "There is no file a?b.csv"),
        ("data.zip", b"x", "data.zip"),
        ("data.gz", b"x", "is damaged"),
        ("data.xyz", b"x", "files of this kind are not read"),
        ("data.csv", b"", "is empty (0 bytes)"),
        ("data.csv", OLE, "is named .csv but is"),
        ("data.xlsx", b"hello", "is not a workbook"),
    ],
)
def test_what_cannot_be_inspected(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInputError) as caught:
        inspect(tmp_path / name)
    assert said in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
