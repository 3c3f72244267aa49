"""Files of every kind that is read give the same tables: CSV and TSV, workbooks, Parquet, folders, zip archives."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlsxwriter

from relmetrics.documents import read_document
from relmetrics.errors import UnreadableInputError
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.submission.book import open_book
from relmetrics.submission.manifest import manifest_of
from relmetrics.validation import validate
from relmetrics.workspace import Workspace

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
MANIFEST = """\
dataset_id: test-1
schema_version: "1.0"
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
FLAT = {
    "dataset_id": "test-1",
    "schema_version": 1.0,
    "organization_id": "test",
    "period.start": "2026-01-01",
    "period.end": "2026-12-31",
    "records_from": "2025-01-01",
    "adoption_level": "core",
    "tie_rule": "one_to_one",
    "conversations_recorded_for": "everyone",
    "has_paid_staff": "no",
    "complete_tables": "",
    "boundary_rule": "who comes to meetings",
    "consent_basis": "verbal",
}
PEOPLE = [["person_id", "first_contact_on"], ["P1", "2026-02-03"], ["P2", ""]]


@pytest.fixture(scope="module")
def release():
    return load_release()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "spring"
    folder.mkdir()
    (folder / "submission.yaml").write_text(MANIFEST)
    return folder


def typed(text: str):
    """What a spreadsheet program makes of a text that somebody types."""
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d*[1-9]", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    return text


def write_book(path: Path, sheets: dict[str, list[list]], hidden=(), merged=(), **options) -> Path:
    """A workbook with these sheets; cells as a program types them where they are no texts."""
    book = xlsxwriter.Workbook(path, options)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.date | dt.datetime):
                    sheet.write_datetime(row, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell) if cell else None
                else:
                    sheet.write(row, column, cell)
        for place, text in merged:
            sheet.merge_range(place, text)
    book.close()
    return path


def sheet_of_manifest(manifest: dict) -> list[list[str]]:
    rows = [["key", "value"]]
    for key, value in manifest.items():
        for part, text in value.items() if isinstance(value, dict) else [("", value)]:
            rows.append([f"{key}.{part}" if part else key, ";".join(text) if isinstance(text, list) else text])
    return rows


def tables_of(folder: Path) -> dict[str, list[list[str]]]:
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = list(csv.reader(stream))
    return tables


def as_book(given: Path, path: Path, as_typed: bool) -> Path:
    sheets = {"submission": sheet_of_manifest(read_document(given / "submission.yaml").data)}
    for table, rows in tables_of(given).items():
        sheets[table] = [[typed(cell) if as_typed else cell for cell in row] for row in rows]
    return write_book(path, sheets)


def as_folder(given: Path, folder: Path, write) -> Path:
    folder.mkdir()
    shutil.copy(given / "submission.yaml", folder)
    for number, (table, rows) in enumerate(tables_of(given).items()):
        write(folder, table, rows, number)
    return folder


def write_csv(folder: Path, table: str, rows, number=0) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def write_tsv(folder: Path, table: str, rows, number=0) -> None:
    ending = (".tsv", ".tab", ".TXT")[number % 3]
    with (folder / f"{table}{ending}").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t").writerows(rows)


def write_xlsx(folder: Path, table: str, rows, number=0) -> None:
    sheet = "Sheet1" if number % 2 else table
    write_book(folder / f"{table}.xlsx", {sheet: [[typed(cell) for cell in row] for row in rows]})


def write_parquet(folder: Path, table: str, rows, number=0) -> None:
    """All columns as text, or those that are numbers or days throughout as such."""
    header, *body = [list(row) + [""] * (len(rows[0]) - len(row)) for row in rows]
    columns = []
    for position, name in enumerate(header):
        kinds = {type(typed(row[position])) for row in body if row[position]}
        kind = {int: "BIGINT", dt.date: "DATE"}.get(next(iter(kinds)), "VARCHAR") if len(kinds) == 1 else "VARCHAR"
        columns.append(f"""CAST(nullif("{name}", '') AS {kind}) AS "{name}\"""")
    with duckdb.connect() as connection:
        write_csv(folder, f"{table} raw", [header, *body])
        raw = folder / f"{table} raw.csv"
        options = "header=true, quote='\"', escape='\"', delim=',', auto_detect=false"
        names = ", ".join(f"'{name}': 'VARCHAR'" for name in header)
        source = f"read_csv('{raw}', {options}, columns={{{names}}})"
        connection.execute(
            f"COPY (SELECT {', '.join(columns)} FROM {source}) TO '{folder / table}.parquet' (FORMAT parquet)"
        )
        raw.unlink()


def write_mixed(folder: Path, table: str, rows, number=0) -> None:
    (write_csv, write_tsv, write_xlsx, write_parquet)[number % 4](folder, table, rows, number)


def zipped(folder: Path, path: Path, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{top}{file.relative_to(folder)}")
    return path


def findings_of(path: Path, release):
    """Ids of the findings, and the tables with their rows."""
    with read_submission(path, release, threads=1) as submission:
        given = {}
        for table in submission.tables:
            fields = ", ".join(f'"{field.id}"' for field in release.tables[table].fields)
            given[table] = submission.connection.execute(
                f'SELECT {fields} FROM given."{table}" ORDER BY _row'
            ).fetchall()
        findings = validate(submission)
        return sorted(finding.id for finding in findings), given, submission.remarks


def rows_of(submission, table, *columns):
    names = ", ".join(f'"{column}"' for column in ("_row", *columns))
    return submission.connection.execute(f'SELECT {names} FROM given."{table}" ORDER BY _row').fetchall()


def refused(path, release, **options) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        read_submission(path, release, **options).close()
    return str(caught.value)


# --- the same submission in every form ------------------------------------------------------------------------------


HARM = (
    "31/12/2025",
    "",
    "maybe",
    " P-0001",
    "7.5",
    "2026-13-01",
    "Sí",
    "007",
    "4/5",
    "=1+1",
    "2026-02",
    "TRUE",
    "x; y",
)


@pytest.fixture(scope="module")
def examples(tmp_path_factory, release):
    """Folders of CSV files by name, with what is to be found: as it is, and with harm in every column."""
    harmed = tmp_path_factory.mktemp("harmed") / "given"
    shutil.copytree(EXAMPLES / "riverside_tenants_with_mistakes", harmed)
    for table, rows in tables_of(harmed).items():
        for number, row in enumerate(rows[1:]):
            if number % 4 == 0:
                row[number // 4 % len(row)] = HARM[number // 4 % len(HARM)]
        write_csv(harmed, table, rows)
    folders = {"clean": EXAMPLES / "riverside_tenants", "harmed": harmed}
    return {name: (folder, findings_of(folder, release)) for name, folder in folders.items()}


FORMS = {
    "tsv": lambda given, path: as_folder(given, path, write_tsv),
    "xlsx folder": lambda given, path: as_folder(given, path, write_xlsx),
    "parquet": lambda given, path: as_folder(given, path, write_parquet),
    "mixed": lambda given, path: as_folder(given, path, write_mixed),
    "zip": lambda given, path: zipped(given, path.with_suffix(".zip")),
    "zip of a folder": lambda given, path: zipped(given, path.with_suffix(".zip"), "Our data/"),
    "workbook of texts": lambda given, path: as_book(given, path.with_suffix(".xlsx"), as_typed=False),
    "typed workbook": lambda given, path: as_book(given, path.with_suffix(".xlsx"), as_typed=True),
    "workbook with macros": lambda given, path: as_book(given, path.with_suffix(".xlsm"), as_typed=True),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["clean", "harmed"])
def test_an_example_gives_the_same_findings_in_every_form(name, form, tmp_path, release, examples):
    folder, (wanted, wanted_tables, _) = examples[name]
    found, tables, _ = findings_of(FORMS[form](folder, tmp_path / "given"), release)
    assert tables == wanted_tables
    assert found == wanted


def test_the_harmed_example_has_something_to_find(examples):
    numbers = {name: len(findings) for name, (_, (findings, _, _)) in examples.items()}
    assert numbers["clean"] == 0
    assert numbers["harmed"] > 200


@pytest.fixture(scope="module")
def saved(libreoffice, examples, tmp_path_factory):
    """Workbooks, saved by LibreOffice in all kinds that it writes: by name and ending."""
    folder = tmp_path_factory.mktemp("saved")
    sources = [as_book(given, folder / f"{name}.xlsx", as_typed=True) for name, (given, _) in examples.items()]
    sources += [odd_book(folder / f"odd{year}.xlsx", date_1904=year == 1904) for year in (1900, 1904)]
    made = {}
    for kind in ("xls", "ods", "xlsx"):
        target = folder / kind
        command = [str(libreoffice), f"-env:UserInstallation=file://{folder / 'profile'}", "--headless"]
        command += ["--convert-to", kind, "--outdir", str(target), *map(str, sources)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        for source in sources:
            made[source.stem, kind] = target / f"{source.stem}.{kind}"
            assert made[source.stem, kind].is_file(), done.stdout + done.stderr
    return made


@pytest.mark.system
@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_saved_by_libreoffice_an_example_gives_the_same_findings(saved, kind, release, examples):
    for name, (_, (wanted, wanted_tables, _)) in examples.items():
        found, tables, _ = findings_of(saved[name, kind], release)
        assert tables == wanted_tables
        assert found == wanted


# --- what a workbook holds ------------------------------------------------------------------------------------------

DAY = dt.date(2026, 3, 1)


def odd_book(path: Path, **options) -> Path:
    """Everything of which programs have an idea of their own: a sheet with merged cells, a hidden one, formulas."""
    book = xlsxwriter.Workbook(path, options)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("submission")
    for row, pair in enumerate([("key", "value"), *FLAT.items()]):
        sheet.write_row(row, 0, pair)
    sheet = book.add_worksheet("events")
    sheet.write_row(0, 0, ["event_id", "held_on", "head_count", "staff_hours", "target", "entered_on"])
    sheet.write_row(1, 0, ["E1"])
    sheet.write_datetime(1, 1, DAY, day)
    sheet.write_formula(1, 2, "=5+7", None, 12)
    sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    sheet.write_string(1, 4, "007")
    sheet.write_datetime(1, 5, dt.date(1950, 1, 1), day)
    sheet.merge_range("A4:A5", "E2")
    sheet.merge_range("B4:C4", "2026-03-02")
    sheet.write(9, 0, "E3")
    hidden = book.add_worksheet("groups")
    hidden.write_row(0, 0, ["group_id", "label"])
    hidden.write_row(1, 0, ["G1", "Block 5"])
    hidden.hide()
    notes = book.add_worksheet("Old notes")
    notes.write_row(0, 0, ["who", "what"])
    notes.write_row(1, 0, ["someone", "something"])
    notes.hide()
    book.add_worksheet("people")
    book.close()
    return path


def look_at_odd_book(path: Path, release) -> None:
    with read_submission(path, release) as submission:
        columns = ("event_id", "held_on", "head_count", "staff_hours__text", "target", "entered_on")
        assert rows_of(submission, "events", *columns) == [
            (2, "E1", DAY, 12, "#DIV/0!", "007", dt.date(1950, 1, 1)),
            (4, "E2", dt.date(2026, 3, 2), None, None, None, None),
            (10, "E3", None, None, None, None, None),
        ]
        assert rows_of(submission, "groups", "label") == [(2, "Block 5")]
        assert [table.name for table in submission.unknown_tables] == ["Old notes"]
        assert "people" not in submission.tables
        said = "\n".join(submission.remarks)
        assert "sheet events: 2 ranges of cells are merged" in said
        assert "sheet groups: hidden in the workbook, and read all the same" in said
        assert "1 sheet is hidden and no table of the standard: Old notes" in said
        assert "sheet people: blank, and taken as not handed in" in said
        (other,) = submission.unknown_tables
        query = f'SELECT * FROM given_other."{other.relation}"'
        assert submission.connection.execute(query).fetchall() == [(2, "someone", "something")]


@pytest.mark.parametrize("uses_1904", [False, True])
def test_an_odd_workbook(uses_1904, tmp_path, release):
    path = odd_book(tmp_path / "data.xlsx", date_1904=uses_1904)
    look_at_odd_book(path, release)
    with Workspace() as workspace:
        assert open_book(path, workspace).uses_1904 == uses_1904


@pytest.mark.system
@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("year", [1900, 1904])
def test_an_odd_workbook_saved_by_libreoffice(saved, year, kind, release):
    """Errors in cells and merged cells are what the reading library leaves out of these two kinds."""
    look_at_odd_book(saved[f"odd{year}", kind], release)
    with Workspace() as workspace:
        book = open_book(saved[f"odd{year}", kind], workspace)
        assert book.kind == kind
        assert book.uses_1904 == (year == 1904 and kind == "xls")
        facts = book.sheet("events")
        assert (facts.n_merged, facts.kinds[3]) == (2, {"error": 1, "text": 1})


def test_what_the_facts_of_a_sheet_are(tmp_path):
    path = odd_book(tmp_path / "data.xlsx")
    book = openpyxl.load_workbook(path)
    book["events"]["G2"] = "=1+1"
    book.save(path)  # which drops the saved values of formulas
    with Workspace() as workspace:
        facts = open_book(path, workspace).sheet("events")
    assert (facts.width, facts.n_rows, facts.n_merged, facts.n_formulas, facts.is_hidden) == (7, 4, 2, 3, False)
    assert facts.kinds[1] == {"date": 1, "text": 2}
    assert facts.kinds[6] == {"formula": 1}
    assert facts.typed[1] == frozenset(["date"])
    assert 4 not in facts.typed


def test_typed_cells_are_left_as_they_are_whatever_the_texts_look_like(tmp_path, release, folder):
    """Dates typed as dates between texts with the day first; numbers typed as numbers between decimal commas."""
    days = [
        [dt.date(2026, 3, 4), 1.5],
        ["25/03/2026", "2,5"],
        ["05/04/2026", "1000,25"],
        [dt.date(2026, 12, 1), 1000.5],
    ]
    rows = [["event_id", "held_on", "staff_hours"], *(["E" + str(n), *pair] for n, pair in enumerate(days))]
    write_book(folder / "events.xlsx", {"events": rows})
    form = "files: {events: {date_format: DD/MM/YYYY, decimal_mark: ','}}\n"
    (folder / "submission.yaml").write_text(MANIFEST + form)
    with read_submission(folder, release) as submission:
        found = [(day, float(hours)) for _, day, hours in rows_of(submission, "events", "held_on", "staff_hours")]
    assert found == [
        (dt.date(2026, 3, 4), 1.5),
        (dt.date(2026, 3, 25), 2.5),
        (dt.date(2026, 4, 5), 1000.25),
        (dt.date(2026, 12, 1), 1000.5),
    ]


def test_days_typed_as_days_in_a_column_of_months(tmp_path, release, folder):
    write_book(
        folder / "activity_counts.xlsx", {"x": [["month"], [dt.date(2026, 3, 1)], [dt.date(2026, 3, 2)], ["2026-04"]]}
    )
    with read_submission(folder, release) as submission:
        assert rows_of(submission, "activity_counts", "month", "month__text") == [
            (2, dt.date(2026, 3, 1), None),
            (3, None, "2026-03-02"),
            (4, dt.date(2026, 4, 1), None),
        ]


def test_ids_that_a_program_made_something_else_of_are_said(folder, release):
    ids = ["P-1", "P-2", dt.date(2026, 12, 3), 12, "0013"]
    write_book(folder / "people.xlsx", {"people": [["person_id"], *([one] for one in ids)]})
    write_book(folder / "groups.xlsx", {"groups": [["group_id"], [1], [2], [3]]})  # all of them numbers: so they are
    with read_submission(folder, release) as submission:
        first, second = submission.remarks
        place = "people.xlsx, sheet people, column A (person_id): "
        assert first.startswith(f"{place}1 id is a date. Spreadsheet programs make dates of ids such as 3-12. Format")
        assert second.startswith(f"{place}1 id is a number, the others are texts. As a number, 0012 becomes 12. Format")
        assert [row[1] for row in rows_of(submission, "people", "person_id")][2:4] == ["2026-12-03", "12"]


def test_thousands_of_empty_rows_below_the_data_are_none(tmp_path, release, folder):
    book = xlsxwriter.Workbook(folder / "people.xlsx", {"constant_memory": True})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    sheet.write_row(0, 0, PEOPLE[0])
    sheet.write_row(1, 0, ["P1"])
    for row in range(2, 60_000):
        sheet.write_blank(row, 0, None, bold)
    # The colour goes to the last corner, which would be more cells than are read if they held anything.
    sheet.write_row(1_048_575, 0, [])
    sheet.write_blank(1_048_575, 16_383, None, bold)
    book.close()
    with read_submission(folder, release) as submission:
        assert rows_of(submission, "people", "person_id") == [(2, "P1")]


@pytest.mark.parametrize(("ending", "kind"), [(".xls", "xlsx"), (".ods", "xlsx"), (".xlsm", "xlsx")])
def test_a_workbook_with_another_ending_is_what_it_is(tmp_path, release, ending, kind):
    path = write_book(
        tmp_path / "s.xlsx", {"submission": [["key", "value"], *map(list, FLAT.items())], "people": PEOPLE}
    )
    path = path.rename(path.with_suffix(ending))
    with read_submission(path, release) as submission:
        assert rows_of(submission, "people", "person_id") == [(2, "P1"), (3, "P2")]
        assert submission.manifest_source == f"s{ending}, sheet submission"


def test_a_web_page_that_is_named_a_workbook(tmp_path, release):
    """Several databases hand out such files."""
    (tmp_path / "data.xls").write_text("<html><table><tr><td>person_id</td></tr></table></html>")
    assert "is a web page that only its name calls a workbook" in refused(tmp_path / "data.xls", release)


OPEN_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="people"><table:table-row><table:table-cell
 office:value-type="string"><text:p>person_id</text:p></table:table-cell></table:table-row>{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""
CELL = '<table:table-cell {times} office:value-type="string"><text:p>P1</text:p></table:table-cell>'


def write_open_document(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:x"/>')
        archive.writestr("content.xml", OPEN_DOCUMENT.format(rows=rows))
    return path


def test_repeated_rows_and_cells_of_an_open_document(folder, release):
    """Rows that repeat are rows; blank ones that repeat to the end of the sheet are none."""
    rows = '<table:table-row table:number-rows-repeated="3">' + CELL.format(times="") + "</table:table-row>"
    rows += '<table:table-row table:number-rows-repeated="1048570">'
    rows += '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    write_open_document(folder / "people.ods", rows)
    with read_submission(folder, release) as submission:
        assert rows_of(submission, "people", "person_id") == [(2, "P1"), (3, "P1"), (4, "P1")]


@pytest.mark.parametrize(
    ("rows", "columns"), [("1048575", "16384"), ("999999999", "1"), ("1", "999999999"), ("100000", "600")]
)
def test_an_open_document_of_a_few_bytes_that_stands_for_thousands_of_millions(folder, release, rows, columns):
    cell = CELL.format(times=f'table:number-columns-repeated="{columns}"')
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    write_open_document(folder / "people.ods", row)
    assert "people.ods has a sheet that reaches down to row" in refused(folder, release)


# --- Parquet --------------------------------------------------------------------------------------------------------


def test_cells_of_a_parquet_file(folder, release):
    duckdb.execute(
        f"""COPY (SELECT * FROM (VALUES
        ('E1', DATE '2026-03-01', 12::BIGINT, 1.5::DOUBLE, ['strategy', 'action'], TRUE, TIMESTAMP '2026-03-01'),
        ('E2', NULL, NULL, 2.0::DOUBLE, NULL, FALSE, TIMESTAMP '2026-03-01 13:05:00'),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        ('E4', NULL, NULL, 'nan'::DOUBLE, [], NULL, NULL))
        t(event_id, held_on, head_count, staff_hours, cycle_steps, has_written_lesson, entered_on))
        TO '{folder / "events.parquet"}' (FORMAT parquet)"""
    )
    with read_submission(folder, release) as submission:
        columns = ("event_id", "held_on", "head_count", "staff_hours", "cycle_steps", "has_written_lesson")
        assert rows_of(submission, "events", *columns) == [
            (2, "E1", DAY, 12, pytest.approx(1.5), "strategy;action", "yes"),
            (3, "E2", None, None, 2, None, "no"),
            (5, "E4", None, None, None, None, None),
        ]
        found = rows_of(submission, "events", "entered_on", "entered_on__text")
        assert found == [(2, DAY, None), (3, DAY, "2026-03-01 13:05:00"), (5, None, None)]
        assert submission.tables["events"].cell(2, "held_on") == "B2"


def test_a_parquet_file_without_rows_is_an_empty_table(folder, release):
    duckdb.execute(f"COPY (SELECT 'x' AS person_id WHERE FALSE) TO '{folder / 'people.parquet'}' (FORMAT parquet)")
    with read_submission(folder, release) as submission:
        assert submission.tables["people"].n_rows == 0


@pytest.mark.parametrize("harm", ["cut", "junk"])
def test_a_damaged_parquet_file(folder, release, harm):
    path = folder / "people.parquet"
    duckdb.execute(f"COPY (SELECT 'P' || i AS person_id FROM range(5000) t(i)) TO '{path}' (FORMAT parquet)")
    content = bytearray(path.read_bytes())
    if harm == "cut":
        del content[len(content) // 2 :]
    else:
        content[50 : len(content) // 2] = bytes(len(content) // 2 - 50)
    path.write_bytes(content)
    assert refused(folder, release).startswith("people.parquet is not a Parquet file, or is damaged.")


# --- which file is which table --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".tsv", ".xlsx", ".parquet", ".txt"])
def test_two_files_for_one_table_are_one_clear_error(folder, release, ending):
    write_csv(folder, "people", PEOPLE)
    {".tsv": write_tsv, ".xlsx": write_xlsx, ".parquet": write_parquet, ".txt": write_tsv}[ending](
        folder, "people", PEOPLE
    )
    if ending == ".txt":
        (folder / "people.tsv").rename(folder / "people.txt")
    message = refused(folder, release)
    assert "people.csv and people" in message or ("people.csv" in message and f"people{ending}" in message)
    assert "are two files for the same thing. Keep one of them" in message
    assert "files.people.path" in message
    # The manifest decides, and the other one is searched for personal data (a text of which nobody knows is left).
    (folder / "submission.yaml").write_text(MANIFEST + f"files: {{people: {{path: people{ending}}}}}\n")
    with read_submission(folder, release) as submission:
        assert submission.tables["people"].file == f"people{ending}"
        assert [table.file for table in submission.unknown_tables] == ["people.csv"]
        assert "people.csv: not read as the table people; the manifest takes it from people" in submission.remarks[0]


def test_the_manifest_says_which_file_and_sheet(folder, release):
    (folder / "2026").mkdir()
    write_csv(folder / "2026", "everybody", PEOPLE)
    rows = [["group_id"], ["G1"]]
    write_book(folder / "export.xlsx", {"Teams 2025": [["x"]], "Teams 2026": rows, "events": [["event_id"], ["E1"]]})
    files = "files:\n  people: {path: 2026/Everybody.csv}\n  groups: {path: export.xlsx, sheet: 'teams 2026'}\n"
    (folder / "submission.yaml").write_text(MANIFEST + files)
    with read_submission(folder, release) as submission:
        assert {name: (read.file, read.sheet) for name, read in submission.tables.items()} == {
            "people": ("everybody.csv", ""),
            "groups": ("export.xlsx", "Teams 2026"),
            "events": ("export.xlsx", "events"),
        }
        assert [table.sheet for table in submission.unknown_tables] == ["Teams 2025"]
        assert submission.remarks == ()
    (folder / "submission.yaml").write_text(MANIFEST + "files: {groups: {sheet: Teams 2026}}\n")
    with read_submission(folder, release) as submission:
        assert submission.tables["groups"].sheet == "Teams 2026"
        assert "2026 is a folder; what is in it was not read." in submission.remarks


def test_two_tables_from_one_sheet(folder, release):
    rows = [["person_id", "group_id"], ["P1", "G1"]]
    write_book(folder / "all.xlsx", {"list": rows})
    form = "{path: all.xlsx, sheet: list}"
    (folder / "submission.yaml").write_text(MANIFEST + f"files: {{people: {form}, groups: {form}}}\n")
    with read_submission(folder, release) as submission:
        assert rows_of(submission, "people", "person_id") == [(2, "P1")]
        assert rows_of(submission, "groups", "group_id") == [(2, "G1")]
        assert submission.unknown_tables == ()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("{path: nobody.csv}", "files.people.path names nobody.csv, which is not there"),
        ("{path: all.xlsx, sheet: Tab}", "files.people.sheet names Tab, which all.xlsx does not have"),
        ("{sheet: Tab}", "files.people.sheet names Tab, which no workbook here has"),
        ("{path: all.xlsx}", "all.xlsx: which sheet is the table people? It has these: one, two."),
    ],
)
def test_what_the_manifest_names_and_is_not_there(folder, release, form, said):
    write_book(folder / "all.xlsx", {"one": PEOPLE, "two": PEOPLE})
    (folder / "submission.yaml").write_text(MANIFEST + f"files: {{people: {form}}}\n")
    assert said in refused(folder, release)


def test_a_workbook_named_as_a_table_with_several_sheets(folder, release):
    path = folder / "people.xlsx"
    write_book(path, {"list": PEOPLE, "notes": [["x"]]})
    assert "people.xlsx: which sheet is the table people?" in refused(folder, release)
    write_book(path, {"people": PEOPLE, "notes": [["x"]], "groups": [["group_id"], ["G1"]]})
    with read_submission(folder, release) as submission:
        assert {name: read.sheet for name, read in submission.tables.items()} == {
            "people": "people",
            "groups": "groups",
        }
        assert [table.sheet for table in submission.unknown_tables] == ["notes"]
    write_book(path, {"list": PEOPLE, "Sheet2": [], "hidden": [["x"]]}, hidden=["hidden"])
    with read_submission(folder, release) as submission:
        assert submission.tables["people"].sheet == "list"


def test_the_manifest_may_be_a_sheet_of_a_workbook_in_a_folder(folder, release, tmp_path):
    (folder / "submission.yaml").unlink()
    write_csv(folder, "people", PEOPLE)
    manifest = [["key", "value"], *map(list, FLAT.items())]
    write_book(folder / "rest.xlsx", {"submission": manifest, "groups": [["group_id"], ["G1"]]})
    for path in (folder, zipped(folder, tmp_path / "all.zip")):
        with read_submission(path, release) as submission:
            assert set(submission.tables) == {"people", "groups"}
            assert submission.manifest_source == "rest.xlsx, sheet submission"
    write_book(folder / "more.xlsx", {"submission": manifest})
    assert "are two manifests. Keep one of them." in refused(folder, release)


def test_another_workbook_that_cannot_be_read_is_said_and_is_no_error(folder, release):
    write_csv(folder, "people", PEOPLE)
    (folder / "minutes.xlsx").write_bytes(b"PK\x03\x04 cut")
    with read_submission(folder, release) as submission:
        (other,) = submission.unknown_tables
        assert (other.file, other.is_unread) == ("minutes.xlsx", True)
        assert "minutes.xlsx cannot be read, so nobody has looked" in submission.remarks[0]
    (folder / "minutes.xlsx").rename(folder / "groups.xlsx")
    assert "groups.xlsx is not a workbook, or is damaged" in refused(folder, release)


def test_notes_in_a_folder_are_left_alone(folder, release):
    (folder / "notes.txt").write_text("Dear all,\n")
    (folder / "README.txt").write_text("About these files.\n")
    with read_submission(folder, release) as submission:
        assert submission.remarks == ("notes.txt is neither the manifest nor a file with tables, and was not read.",)
        assert submission.unknown_tables == ()


# --- archives and single tables -------------------------------------------------------------------------------------


def test_a_zip_as_people_pack_it(folder, release, tmp_path):
    """With what macOS adds to it, and a workbook in it."""
    write_csv(folder, "people", PEOPLE)
    write_book(folder / "groups.xlsx", {"Sheet1": [["group_id"], ["G1"]]})
    path = zipped(folder, tmp_path / "spring.zip", "spring/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/spring/._people.csv", b"\0\5\x16\7")
        archive.writestr("spring/.DS_Store", b"x")
    told = []
    with read_submission(path, release, progress=told.append) as submission:
        assert rows_of(submission, "people", "person_id") == [(2, "P1"), (3, "P2")]
        assert rows_of(submission, "groups", "group_id") == [(2, "G1")]
        assert submission.remarks == ()
        assert not list(submission.workspace.folder.glob("book-*"))
        assert not (submission.workspace.folder / "unpacked").exists(), "a copy of the data stays on disk"
    assert told[0] == "Unpacking spring.zip"
    assert "Reading people.csv" in told


def test_a_zip_without_a_manifest(folder, release, tmp_path):
    (folder / "submission.yaml").rename(folder / "people.csv")
    assert refused(zipped(folder, tmp_path / "spring.zip"), release).startswith("spring.zip has no manifest.")


@pytest.mark.parametrize("write", [write_csv, write_tsv, write_xlsx, write_parquet])
def test_a_single_table_is_read_with_a_manifest_of_the_caller(write, folder, release, tmp_path):
    manifest, _ = manifest_of(read_document(folder / "submission.yaml"), release)
    (tmp_path / "one").mkdir()
    write_csv(tmp_path / "one", "groups", [["group_id"]])  # lies beside it, and is none of it
    write(tmp_path / "one", "people", PEOPLE)
    (path,) = (tmp_path / "one").glob("people.*")
    assert "has no manifest" in (message := refused(path, release)) or "is one table" in message
    with read_submission(path, release, manifest=manifest) as submission:
        assert list(submission.tables) == ["people"]
        assert rows_of(submission, "people", "first_contact_on") == [(2, dt.date(2026, 2, 3)), (3, None)]
        assert submission.manifest is manifest


# --- real files -----------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_a_real_workbook_opens(shared_data):
    """A table of the National Labor Relations Board: a banner above the header, dates, wide columns."""
    (path,) = (shared_data / "nlrb_elections").glob("*.xlsx")
    with Workspace() as workspace:
        book = open_book(path, workspace)
        (sheet,) = book.sheets
        assert sheet.n_rows > 6000
        assert sheet.width > 30
        assert not sheet.problem
        rows = dict(book.rows(sheet.name))
        assert len(rows) == sheet.n_rows
