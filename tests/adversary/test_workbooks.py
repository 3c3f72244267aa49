"""Workbooks that no program wrote: each is read, or refused in one sentence, in bounded time and memory."""

from __future__ import annotations

import time
import zlib

import pytest

from adversary import seeds, zips
from relmetrics.errors import UnreadableInputError
from relmetrics.reporting import render
from relmetrics.standard import load_release
from relmetrics.submission import guarded, read_submission
from relmetrics.submission.book import open_book
from relmetrics.validation import validate
from relmetrics.workspace import Workspace

SHEET = "xl/worksheets/sheet2.xml"
HEAD = b'<?xml version="1.0"?>'
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OPEN = b'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"'
SPACES = b" ".join(OPEN % (name, name) for name in (b"office", b"table", b"text"))
CELL = b'<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'


@pytest.fixture(scope="module")
def release():
    return load_release()


def xlsx(rows: bytes) -> seeds.Files:
    """A workbook with a manifest, and `rows` in its sheet people."""
    sheet = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, rows)
    return seeds.unzipped(seeds.workbook("xlsx", ("people",))) | {SHEET: HEAD + sheet}


def ods(rows: bytes) -> seeds.Files:
    """An OpenDocument spreadsheet with nothing but the sheet people."""
    table = b'<table:table table:name="people">%s</table:table>' % rows
    body = b"<office:body><office:spreadsheet>%s</office:spreadsheet></office:body>" % table
    content = b"<office:document-content %s>%s</office:document-content>" % (SPACES, body)
    return seeds.unzipped(seeds.workbook("ods", ())) | {"content.xml": HEAD + content}


def cell(place: str, text: bytes) -> bytes:
    return b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (place.encode(), text)


def letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def opened(tmp_path, name, files):
    """Width and number of rows of each sheet, or the sentence."""
    path = tmp_path / name
    path.write_bytes(seeds.zipped(files))
    began = time.monotonic()
    try:
        with Workspace(threads=1) as workspace:
            book = open_book(path, workspace)
            found = {sheet.name: sheet.problem or (sheet.width, sheet.n_rows) for sheet in book.sheets}
    except UnreadableInputError as problem:
        found = str(problem)
    assert isinstance(found, dict) or found.startswith(name)
    assert str(tmp_path) not in str(found)
    assert time.monotonic() - began < 60
    return found


REPEATED = b"<table:table-row %s>" + CELL + b"</table:table-row>"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param(b'<row r="1048576">' + cell("XFD1048576", b"x") + b"</row>", "reaches down to", id="last corner"),
        pytest.param(
            b"<row r='1048576'><c r='XFD1048576' t='str'><v>x</v></c></row>", "reaches down to", id="other quotes"
        ),
        pytest.param(
            b'<row r="1048576"><c\n r = "XFD1048576" t="str"><v>x</v></c></row>', "reaches down to", id="line break"
        ),
        pytest.param(b'<row r="1">' + cell("ZZZZZZZ1", b"x") + b"</row>", "further out", id="no such column"),
        pytest.param(b'<row r="4294967295">' + cell("A4294967295", b"x") + b"</row>", "further out", id="no such row"),
        pytest.param(b'<row r="9">' + cell("A" + "9" * 20, b"x") + b"</row>", "further out", id="no number at all"),
    ],
)
def test_a_cell_far_out(tmp_path, rows, said):
    assert said in opened(tmp_path, "data.xlsx", xlsx(rows))


def test_a_million_columns(tmp_path, release):
    names = b"".join(cell(f"{letters(number)}1", b"c%d" % number) for number in range(1, 1_000_001))
    assert "further out" in opened(tmp_path, "data.xlsx", xlsx(b'<row r="1">' + names + b"</row>"))
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "submission.yaml").write_bytes(seeds.manifest())
    (tmp_path / "given" / "people.csv").write_bytes(
        b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n1\n"
    )
    with read_submission(tmp_path / "given", release, threads=1) as submission:
        assert len(submission.tables["people"].columns) <= 1000


def test_a_million_columns_in_one_word(tmp_path):
    """One cell that says it stands there a thousand million times."""
    for attribute in (b'table:number-columns-repeated="1000000000"', b"table:number-columns-repeated='1000000000'"):
        row = b"<table:table-row>" + CELL.replace(b"-cell ", b"-cell " + attribute + b" ", 1) + b"</table:table-row>"
        found = opened(tmp_path, "data.ods", ods(row))
        assert "reaches down to" in found or found["people"][0] <= 16_384


def test_rows_in_one_word(tmp_path):
    many = (REPEATED % b'table:number-rows-repeated="1000000"') * 100
    assert "reaches down to" in opened(tmp_path, "data.ods", ods(many))
    assert "damaged" in opened(tmp_path, "data.ods", ods(REPEATED % b'table:number-rows-repeated="-5"'))


def test_blanks_in_one_word(tmp_path, monkeypatch):
    """A cell with two thousand million blanks: the child's memory ends before this machine's does."""
    monkeypatch.setattr(guarded, "MEMORY", 500_000_000)
    monkeypatch.setattr(guarded, "MOST_MEMORY", 500_000_000)
    text = CELL.replace(b"x</text:p>", b'x<text:s text:c="2000000000"/>y</text:p>')
    found = opened(tmp_path, "data.ods", ods(b"<table:table-row>" + text + b"</table:table-row>"))
    assert "memory" in found or found["people"][0] == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_cell_of_100_megabytes(tmp_path, release, kind):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "submission.yaml").write_bytes(seeds.manifest())
    long = b"x" * 100_000_000
    if kind == "csv":
        (tmp_path / "given" / "people.csv").write_bytes(b"person_id,person_type\n" + long + b",constituent\n")
    else:
        rows = b'<row r="1">' + cell("A1", b"person_id") + b'</row><row r="2">' + cell("A2", long) + b"</row>"
        (tmp_path / "given" / "people.xlsx").write_bytes(seeds.zipped(xlsx(rows)))
    began = time.monotonic()
    try:
        with read_submission(tmp_path / "given", release, threads=1) as submission:
            findings = validate(submission)
            texts = [render(findings, format_, release=release) for format_ in ("text", "json", "html")]
    except UnreadableInputError as problem:
        texts = [str(problem)]
    assert sum(map(len, texts)) < 2_000_000
    assert not any("x" * 2_000 in text for text in texts)
    assert time.monotonic() - began < 60


def test_nulls_and_formulas(tmp_path, release):
    """A NUL shows as the sign for what cannot be shown; a formula is its last value, and its text where it has none."""
    rows = b'<row r="1">%s%s</row><row r="2">%s%s</row>' % (
        cell("A1", b"person_id"),
        cell("B1", b"person_type"),
        cell("A2", b"=cmd|' /C calc'!A0"),
        b'<c r="B2" t="str"><f>CONCATENATE("con","stituent")</f><v>constituent</v></c>',
    )
    (tmp_path / "data.xlsx").write_bytes(seeds.zipped(xlsx(rows)))
    with read_submission(tmp_path / "data.xlsx", release, threads=1) as submission:
        assert submission.tables["people"].n_rows == 1
    nul = opened(tmp_path, "nul.xlsx", xlsx(b'<row r="1">' + cell("A1", b"a\0b") + b"</row>"))
    assert "damaged" in str(nul) or nul["people"] == (1, 1)


@pytest.mark.parametrize("number", [b"99999999999", b"-1", b"x", b""])
def test_a_text_that_is_not_there(tmp_path, number):
    found = opened(tmp_path, "data.xlsx", xlsx(b'<row r="1"><c r="A1" t="s"><v>%s</v></c></row>' % number))
    assert isinstance(found, str) or "damaged" in str(found["people"]) or found["people"][1] <= 1


def test_counts_that_lie(tmp_path):
    whole = seeds.unzipped(seeds.workbook("xlsx", ("people",)))
    strings = whole["xl/sharedStrings.xml"].replace(b'Count="', b'Count="99999999999" x="')
    assert opened(tmp_path, "data.xlsx", whole | {"xl/sharedStrings.xml": strings})
    extent = whole[SHEET].replace(b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="')
    assert opened(tmp_path, "data.xlsx", whole | {SHEET: extent})["people"] == (7, 7)


def test_elements_without_end(tmp_path):
    assert opened(tmp_path, "data.xlsx", xlsx(b"<a>" * 1_000_000))


@pytest.mark.parametrize("name", ["data.xlsx", "data.ods", "data.zip", "given/people.xlsx"])
@pytest.mark.parametrize("attack", ["entities", "lying bomb", "password", "twice"])
def test_through_the_whole_of_reading(tmp_path, release, name, attack):
    """What `test_archive` holds the functions to holds where a person hands it in."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if path.parent != tmp_path:
        (path.parent / "submission.yaml").write_bytes(seeds.manifest())
    if attack == "entities":
        laughs = HEAD + b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
        content = seeds.zipped({"people.csv": b"x"} if name.endswith("zip") else xlsx(b"") | {SHEET: laughs})
        path.write_bytes(content)
    elif attack == "lying bomb":
        inside = "people.csv" if name.endswith("zip") else SHEET
        zips.lying(path, inside, b" " * 150_000_000, 10, crc=zlib.crc32(b" " * 10))
    elif attack == "password":
        zips.encrypted(path, "people.csv" if name.endswith("zip") else "xl/workbook.xml")
    else:
        zips.write_zip(
            path, [("people.csv", "a"), ("PEOPLE.csv", "b"), ("xl/workbook.xml", "a"), ("XL/workbook.xml", "b")]
        )
    with pytest.raises(UnreadableInputError) as caught:
        read_submission(path if path.parent == tmp_path else path.parent, release, threads=1).close()
    message = str(caught.value)
    assert message.startswith(path.name)
    wanted = {
        "entities": "declares entities",
        "lying bomb": "would unpack to",
        "password": "with a password",
        "twice": "of the",
    }[attack]
    if (attack, name) == ("entities", "data.zip"):
        wanted = "manifest"  # nothing is wrong with that one but what is missing
    assert wanted in message
