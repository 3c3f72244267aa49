"""Characters that hide text, turn it round or command a terminal come out as their numbers, in every format."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest

from adversary import seeds
from relmetrics.cli import main
from relmetrics.errors import UnreadableInputError
from relmetrics.reporting import FORMATS, render
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.submission.inspection import inspect
from relmetrics.validation import validate
from test_reporting import HIDDEN

HIDING = "a\u202eb\u2066c\u2069d\u200be\u200df\ufeffg\u00adh\u2028i\U000e0041j\x1b[31mk\x07"
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'"
BAD = (HIDING, *FORMULAS, MARKUP, "x" * 3000)


@pytest.fixture(scope="module")
def release():
    return load_release()


def hostile_rows() -> list[list[str]]:
    people = [["person_id", "person_type", "first_contact_on", "consent_use", *BAD]]
    return [*people, *([bad] * len(people[0]) for bad in BAD), ["P-1", "constituent", "2026-01-01", "yes", *BAD]]


@pytest.fixture(scope="module", params=["folder", "zip", "xlsx"])
def given(request, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("given")
    files = {"submission.yaml": seeds.manifest(), "people.csv": seeds.csv_of(hostile_rows())}
    files["x_own.csv"] = files["people.csv"]
    if request.param == "zip":
        (place / "given.zip").write_bytes(seeds.zipped(files))
        return place / "given.zip"
    if request.param == "xlsx":
        import openpyxl
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        book = openpyxl.load_workbook(io.BytesIO(seeds.workbook("xlsx", ())))
        for sheet in (book.create_sheet("people"), book.create_sheet("x_own")):
            for row in hostile_rows():
                sheet.append([ILLEGAL_CHARACTERS_RE.sub("\u202e", cell) for cell in row])
                for cell in sheet[sheet.max_row]:
                    cell.data_type = "s"
        book.save(place / "given.xlsx")
        return place / "given.xlsx"
    (place / "given").mkdir()
    for name, content in files.items():
        (place / "given" / name).write_bytes(content)
    return place / "given"


def hidden_in(text: str) -> list[str]:
    return [hex(ord(found)) for found in HIDDEN.findall(text)]


@pytest.mark.parametrize("format_", FORMATS)
def test_findings(given, release, format_):
    with read_submission(given, release, threads=1) as submission:
        text = render(validate(submission), format_, release=release)
    text.encode("utf-8")
    assert not hidden_in(text)
    if format_ in ("json", "sarif"):
        json.loads(text)
    elif format_ == "junit":
        ElementTree.fromstring(text)
    elif format_ == "html":
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_inspecting(tmp_path, format_):
    (tmp_path / f"a\u202e{format_}.csv").write_bytes(seeds.csv_of(hostile_rows()))
    text = render(inspect(tmp_path / f"a\u202e{format_}.csv"), format_)
    assert not hidden_in(text)
    assert "<script>alert" not in text or format_ != "html"


def test_the_workbook_that_comes_back(given, tmp_path, monkeypatch, capsys):
    """No cell of it is a formula that the records brought along."""
    monkeypatch.chdir(tmp_path)
    assert main(["validate", str(given), "--format", "xlsx", "--output", "back.xlsx", "--quiet"]) in (0, 1)
    assert not hidden_in(capsys.readouterr().err.replace("\n", ""))
    with zipfile.ZipFile("back.xlsx") as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                content = archive.read(name).decode()
                for formula in ElementTree.fromstring(content).iter(
                    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
                ):
                    assert not any(word in (formula.text or "") for word in ("cmd", "SUM(A1)", "1+1"))


def test_sentences_of_a_refusal(tmp_path, capsys, release):
    """Names of files, sheets and keys stand in sentences; what hides in them does not."""
    for name in (HIDING.replace("\x07", ""), MARKUP.replace("/", "")):
        for content in (b"", b"hello", b"PK\x03\x04"):
            path = tmp_path / f"{name[:60]}.xlsx"
            path.write_bytes(content)
            with pytest.raises(UnreadableInputError) as caught:
                read_submission(path, release).close()
            assert str(caught.value).isprintable()
            assert main(["validate", str(path)]) == 2
            assert not hidden_in(capsys.readouterr().err.replace("\n", ""))


def test_what_is_hidden_is_seen():
    """The test can fail."""
    assert hidden_in(HIDING)
    assert not hidden_in("plain")
    assert next(csv.reader([seeds.csv_of([[MARKUP]]).decode()])) == [MARKUP]
