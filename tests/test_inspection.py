"""`relmetrics inspect`: every oddity is seen where it is, and not where it is not; no value is shown."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from inspected import CASES, write_cases
from relmetrics.cli import main
from relmetrics.reporting import render
from relmetrics.reporting.inspection import sentence_of
from relmetrics.submission.inspection import InspectedTable, Inspection, inspect
from relmetrics.validation.screens.any_table import look_for_people
from relmetrics.words import Words, _texts

WORDS = Words("en")
# Several files together, and the files of a folder, have tests of their own.
ELSEWHERE = {"columns_come_and_go"}


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[InspectedTable]]:
    folder = tmp_path_factory.mktemp("cases")
    write_cases(folder)
    found: dict[str, list[InspectedTable]] = {}
    inspection = inspect(folder, look=look_for_people)
    assert not inspection.unread
    for table in inspection.tables:
        found.setdefault(table.file.rpartition(".")[0], []).append(table)
    return found


def said(tables: list[InspectedTable]) -> dict[str, str]:
    """Sentences by the key of their words."""
    sentences = {}
    for table in tables:
        for oddity in table.oddities:
            key = oddity.id
            if key == "personal":
                key = f"personal_{oddity.params['by']}"
            elif oddity.params.get("spaced"):
                key = "list_spaced"
            sentences[key] = sentence_of(oddity, table.columns, table.lines, WORDS)
    return sentences


def one(path: Path) -> InspectedTable:
    (table,) = inspect(path, look=look_for_people).tables
    return table


def test_there_is_a_case_for_every_sentence() -> None:
    keys = {key.removeprefix("inspection.odd.") for key in _texts("en") if key.startswith("inspection.odd.")}
    assert keys - ELSEWHERE == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_seen_where_it_is(name: str, looked: dict[str, list[InspectedTable]]) -> None:
    sentences = said(looked[f"{name}.seen"])
    assert name in sentences, list(sentences)
    assert "{" not in sentences[name]
    assert "row 0" not in sentences[name]


@pytest.mark.parametrize("name", CASES)
def test_not_seen_where_it_is_not(name: str, looked: dict[str, list[InspectedTable]]) -> None:
    assert name not in said(looked[f"{name}.unseen"])


def test_a_clean_table_has_nothing_odd(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("day,town,hours\n2026-03-14,Leeds,3\n2026-03-15,York,2\n2026-04-02,Bath,7\n")
    table = one(tmp_path / "x.csv")
    assert table.oddities == ()
    assert [column.kind for column in table.columns] == ["date", "text", "integer"]
    assert table.manifest == {}
    assert "Nothing looks odd." in render(Inspection("x.csv", (table,)), "text")


def test_lines_of_two_encodings_are_told_apart(tmp_path: Path) -> None:
    lines = ["a,b"] + [f"{at},x" for at in range(2, 30)]
    data = [line.encode() for line in lines]
    for at in (5, 6, 20):
        data[at - 1] = f"{at},Peña".encode()
    for at in (7, 11):
        data[at - 1] = f"{at},Muñoz".encode("latin-1")
    (tmp_path / "x.csv").write_bytes(b"\n".join(data) + b"\n")
    table = one(tmp_path / "x.csv")
    assert [(run.encoding, run.n_lines, run.ranges) for run in table.lines] == [
        ("utf-8", 3, ((5, 6), (20, 20))),
        ("windows-1252", 2, ((7, 7), (11, 11))),
    ]
    assert "3 lines in UTF-8 (line 5–6, 20)" in said([table])["two_encodings"]


@pytest.mark.parametrize(
    ("encoding", "name"), [("mac_roman", "mac-roman"), ("cp850", "cp850"), ("cp1252", "windows-1252")]
)
def test_an_older_encoding_is_guessed_by_its_letters(encoding: str, name: str, tmp_path: Path) -> None:
    text = "name,n\nPeña,1\nMuñoz,2\nJosé,3\nLópez,4\nÁlvarez,5\n"
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    table = one(tmp_path / "x.csv")
    assert table.encoding == name
    assert table.manifest["encoding"] == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"a{delimiter}b\n1{delimiter}2\n3{delimiter}4\n")
    table = one(tmp_path / "x.csv")
    assert (table.delimiter, table.n_rows, len(table.columns)) == (delimiter, 2, 2)
    assert table.manifest == ({} if delimiter == "," else {"delimiter": delimiter})


def test_what_the_manifest_would_say(tmp_path: Path) -> None:
    rows = "".join(f"{day}/03/2026;1,5;x\n" for day in range(10, 20))
    (tmp_path / "x.csv").write_bytes(("Our year;;\n\nday;hours;Peña\n" + rows).encode("cp1252"))
    table = one(tmp_path / "x.csv")
    assert dict(table.manifest) == {
        "header_row": "3",
        "encoding": "windows-1252",
        "delimiter": ";",
        "decimal_mark": ",",
        "date_format": "DD/MM/YYYY",
    }
    page = render(Inspection("x.csv", (table,)), "text")
    assert '  files:\n    TABLE:\n      header_row: 3\n      encoding: windows-1252\n      delimiter: ";"' in page


@pytest.mark.parametrize("last", ["x", "Peña"])
def test_both_ways_in_say_the_same(last: str, tmp_path: Path) -> None:
    """A regular file is read by the database; one more blank line makes it go row by row."""
    text = "id,day,v\n" + "".join(f"{at},2026-03-{at % 20 + 10},{last} {at % 3}\n" for at in range(60))
    (tmp_path / "a.csv").write_text(text)
    (tmp_path / "b.csv").write_text(text.replace("\n30,", "\n\n30,"))
    a, b = (one(tmp_path / name) for name in ("a.csv", "b.csv"))
    assert a.columns == b.columns
    assert {oddity.id for oddity in b.oddities} - {oddity.id for oddity in a.oddities} == {"blank_rows"}


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('n,v\n1,"a\nb"\n\n3,#REF!\n4,c\n')
    (error,) = [oddity for oddity in one(tmp_path / "x.csv").oddities if oddity.id == "error"]
    assert (error.row, error.n, error.columns) == (4, 1, ("B",))


def test_workbooks_of_every_kind(tmp_path: Path) -> None:
    connection = duckdb.connect()
    connection.execute(f"COPY (SELECT 1 AS n, DATE '2026-03-14' AS d) TO '{tmp_path / 'x.parquet'}' (FORMAT parquet)")
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        book.add_worksheet("first").write_row(0, 0, ["n", "v"])
        book.add_worksheet("second").write_row(2, 1, ["a", "b"])
    (parquet,) = inspect(tmp_path / "x.parquet").tables
    assert [(column.header, column.kind) for column in parquet.columns] == [("n", "integer"), ("d", "date")]
    first, second = inspect(tmp_path / "x.xlsx").tables
    assert (first.sheet, first.header_row, first.n_rows) == ("first", 1, 0)
    assert (second.sheet, second.header_row, second.encoding) == ("second", 3, "")


def test_thousands_of_coloured_rows_below_a_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet("x")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2])
        for row in range(2, 4000):
            sheet.set_row(row, None, book.add_format({"bg_color": "yellow"}))
    table = one(tmp_path / "x.xlsx")
    assert table.n_rows == 1
    assert [(oddity.id, oddity.n) for oddity in table.oddities if oddity.id == "blank_below"] == [("blank_below", 3998)]


def test_folders_zips_and_compressed_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "below").mkdir(parents=True)
    (folder / "a.csv").write_text("a,b\n1,2\n")
    (folder / "below" / "b.tsv").write_text("a\tb\n1\t2\n")
    (folder / ".hidden.csv").write_text("a,b\n1,2\n")
    (folder / "readme.txt").write_text("Words about it.\n")
    (folder / "c.csv.gz").write_bytes(gzip.compress(b"x,y\n1,2\n"))
    (folder / "broken.xlsx").write_bytes(b"no workbook")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
        archive.writestr("below/b.tsv", "a\tb\n1\t2\n")
    found = inspect(folder)
    assert [table.file for table in found.tables] == ["a.csv", "below/b.tsv", "c.csv.gz"]
    assert len(found.unread) == 1
    assert "broken.xlsx" in found.unread[0]
    assert [table.file for table in inspect(tmp_path / "in.zip").tables] == ["a.csv", "below/b.tsv"]
    assert [table.file for table in inspect(folder / "a.csv", folder / "below" / "b.tsv").tables] == ["a.csv", "b.tsv"]


def test_columns_that_come_and_go_between_versions(tmp_path: Path) -> None:
    for month, names in (("01", "id,hours,town"), ("02", "id,hours,town,kind"), ("03", "id,hours,town,kind")):
        (tmp_path / f"shifts_2026-{month}.csv").write_text(f"{names}\n{','.join('1' for _ in names.split(','))}\n")
    (tmp_path / "other_1.csv").write_text("p,q\n1,2\n")
    (oddity,) = inspect(tmp_path).oddities
    assert (oddity.id, oddity.n) == ("columns_come_and_go", 3)
    assert "kind (2)" in sentence_of(oddity, (), (), WORDS)
    (tmp_path / "shifts_2026-01.csv").unlink()
    assert inspect(tmp_path).oddities == ()


@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_no_value_is_shown(format: str, looked: dict[str, list[InspectedTable]]) -> None:
    shown = render(Inspection("cases", tuple(table for tables in looked.values() for table in tables)), format)
    for secret in ("Maria", "Peña", "LS1 6NU", "1726860676783", "555-01", "example.org", "Hong Kong", "UNITE"):
        assert secret not in shown, secret


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("First name;day\nMaria;13/04/2026\nJames;05/06/2026\n")
    (tmp_path / "two.csv").write_text("a,b\n1,2\n")
    assert main(["inspect", str(tmp_path / "list.csv"), str(tmp_path / "two.csv"), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [table["file"] for table in answer["tables"]] == ["list.csv", "two.csv"]
    first = answer["tables"][0]["oddities"][0]
    assert (first["id"], first["level"], first["columns"]) == ("personal", "first", ["A"])
    assert "Column A (First name)" in first["sentence"]
    assert main(["inspect", str(tmp_path / "list.csv")]) == 0
    text = capsys.readouterr().out
    assert (
        text.index("Look at this first")
        < text.index("To mend, or to explain in the manifest")
        < text.index("Columns\n")
    )
    assert "Maria" not in text


def test_a_thousand_columns_and_more(tmp_path: Path) -> None:
    names = ["day", *(f"q{at}" for at in range(1, 1400))]
    (tmp_path / "x.csv").write_text(",".join(names) + "\n" + ",".join(["2026-03-14", *["1"] * 1399]) + "\n")
    table = one(tmp_path / "x.csv")
    assert len(table.columns) == 1000
    assert [oddity.id for oddity in table.oddities if oddity.id == "wide"] == ["wide"]
    page = render(Inspection("x.csv", (table,)), "text")
    assert len(page.splitlines()) < 40, "columns alike that stand side by side are one line"
