"""What to fix as a workbook: the submitter's own with marks and nothing else changed, or a new one."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import warnings
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from marked import (
    MANIFEST,
    SECRETS,
    TABLES,
    everything,
    flat_rows,
    parts_of,
    report_on,
    texts_in,
    with_parts,
    write_book,
)
from relmetrics.errors import UsageError
from relmetrics.reporting import make_report
from relmetrics.reporting.workbook import copies, inside, notes, package, proof, render_workbook
from relmetrics.reporting.workbook.book import LIST_SHEET
from relmetrics.reporting.workbook.looks import GROUNDS
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.validation import validate

FAULTY = {"people": {"C3", "A4", "A5", "B5", "D6"}, "one_to_ones": {"B3", "D3"}}


def loaded(content: bytes | Path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep is nothing that these tests read through it
        return openpyxl.load_workbook(BytesIO(content) if isinstance(content, bytes) else content, **options)


def findings_in(path: Path) -> list[tuple[str, str, str]]:
    with read_submission(path) as submission:
        return [(one.id, one.rule, one.cell) for one in validate(submission)]


def saved(content: bytes, path: Path) -> Path:
    path.write_bytes(content)
    return path


def coloured(sheet) -> dict[str, str]:
    """Cells that our conditional formats colour, with the colour."""
    found = {}
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if rule.type == "expression" and rule.formula == ['LEN("relmetrics")=10']:
                for ranged in area.sqref.ranges:
                    for row in sheet[ranged.coord] if ":" in ranged.coord else ((sheet[ranged.coord],),):
                        for cell in row:
                            found[cell.coordinate] = f"#{rule.dxf.fill.bgColor.rgb[2:]}"
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A workbook that no test changes."""
    return write_book(tmp_path_factory.mktemp("handed") / "data.xlsx", everything)


@pytest.fixture(scope="module")
def report(data):
    return report_on(data)


@pytest.fixture(scope="module")
def marked(report, data):
    made = render_workbook(report, data)
    assert made.is_marked, made.sentence
    return made


# --- the submitter's own workbook ---------------------------------------------------------------------------------


def test_the_marked_file_gives_the_findings_of_the_original(data, marked, tmp_path):
    before = findings_in(data)
    assert findings_in(saved(marked.content, tmp_path / marked.file_name)) == before
    assert {cell for *_, cell in before if cell} == FAULTY["people"] | FAULTY["one_to_ones"]
    assert marked.file_name == "STAYS-WITH-YOU_data.xlsx"


def test_nothing_but_the_marks_is_different(data, marked):
    before, after = parts_of(data), parts_of(marked.content)
    touched = {name for name in before if before[name] != after[name]}
    faulty = {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"}
    others = {"xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    rels = {"xl/worksheets/_rels/sheet2.xml.rels", "xl/worksheets/_rels/sheet3.xml.rels"}
    assert touched <= faulty | others | rels | {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    for name in faulty:
        cells = [re.search(rb"<sheetData>.*</sheetData>", one[name], re.S)[0] for one in (before, after)]
        assert cells[0] == cells[1]
    for kept in (b"sparkline", b"x14:dataBar", b"sheetProtection", b"autoFilter", b"dataValidation"):
        assert before["xl/worksheets/sheet2.xml"].count(kept) == after["xl/worksheets/sheet2.xml"].count(kept) > 0
    first, second = CalamineWorkbook.from_path(str(data)), CalamineWorkbook.from_filelike(BytesIO(marked.content))
    assert second.sheet_names == [LIST_SHEET, *first.sheet_names]
    for name in first.sheet_names:
        if name != "x_chart":
            assert first.get_sheet_by_name(name).to_python() == second.get_sheet_by_name(name).to_python()


@pytest.mark.parametrize("are_values", [False, True])
def test_every_cell_formula_and_style_is_the_same_to_another_library(data, marked, are_values):
    before, after = loaded(data, data_only=are_values), loaded(marked.content, data_only=are_values)
    for sheet in before.worksheets:
        for old, new in zip(sheet.iter_rows(), after[sheet.title].iter_rows(), strict=True):
            for one, other in zip(old, new, strict=True):
                value, copy = ((getattr(cell.value, "text", cell.value)) for cell in (one, other))
                assert (value, one.data_type) == (copy, other.data_type)
                assert repr((one.font, one.fill, one.number_format)) == repr(
                    (other.font, other.fill, other.number_format)
                )
    assert after["x_sums"]["A1"].value == (3 if are_values else "=SUM(1,2)")
    assert after["x_sums"].sheet_state == "hidden"
    assert (
        after["x_sums"].defined_names["local"].attr_text == "x_sums!$A$1"
    )  # named for the sheet that now stands later
    assert after["people"].protection.sheet


def test_cells_have_the_colour_of_their_worst_finding_and_one_note(data, marked):
    book = loaded(marked.content)
    for name, cells in FAULTY.items():
        found = coloured(book[name])
        assert found == dict.fromkeys(cells, GROUNDS["error"])
        noted = {cell.coordinate for row in book[name].iter_rows() for cell in row if cell.comment}
        assert noted - {"B2"} == cells
    note = book["people"]["C3"].comment.text
    assert note.startswith("Error: An entry that cannot be read\n")
    assert "\nWhat to do: " in note
    assert "\nWhy it matters: " in note
    row = int(re.search(rf"All findings: sheet {LIST_SHEET}, row (\d+)\.$", note)[1])
    assert "An entry that cannot be read" in book[LIST_SHEET].cell(row, 2).value


def test_several_findings_in_a_cell_are_one_note_and_the_worst_has_the_colour(tmp_path):
    tables = {**TABLES, "people": [row[:] for row in TABLES["people"]]}
    tables["people"][3][0] = "anna@example.org"
    path = write_book(tmp_path / "data.xlsx", tables=tables)
    report = report_on(path)
    here = [one for one in report.findings if one.cell == "A4"]
    assert len(here) > 1
    book = loaded(render_workbook(report, path).content)
    note = book["people"]["A4"].comment.text
    assert len(re.findall(r"^(?:Error|Warning|Note): ", note, re.M)) == len(here)
    assert coloured(book["people"])["A4"] == GROUNDS["error"]


def test_what_comes_from_another_finding_says_so_and_stands_below_it(tmp_path):
    tables = {name: [row[:] for row in rows] for name, rows in TABLES.items()}
    tables["people"][2][0] = "P 0002"
    tables["one_to_ones"][1][3] = tables["one_to_ones"][3][2] = "P0002"
    path = write_book(tmp_path / "data.xlsx", tables=tables)
    report = report_on(path)
    follow = [one for one in report.findings if one.cause and one.rule == "dangling_reference"]
    assert {one.cell for one in follow} == {"D2", "C4"}
    book = loaded(render_workbook(report, path).content)
    note = book["one_to_ones"]["D2"].comment.text
    assert "This comes from another finding. Mend that one first: sheet people, cell A3." in note
    shown = list(texts_in(book[LIST_SHEET]))
    assert "Comes from sheet people, cell A3; mend that first." in shown
    row = int(re.search(r"row (\d+)\.$", note)[1])
    assert "not allowed" in book[LIST_SHEET].cell(row, 2).value  # the note leads to the cause


def test_the_list_comes_first_and_leads_to_each_cell_and_back(data, marked):
    book = loaded(marked.content)
    assert book.sheetnames[0] == LIST_SHEET
    assert book.active.title == LIST_SHEET
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == [LIST_SHEET]
    sheet = book[LIST_SHEET]
    places = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert {f"'{name}'!{cell}" for name, cells in FAULTY.items() for cell in cells} <= places
    inner = [place for place in places if place.startswith(f"{LIST_SHEET}!")]
    assert all(sheet[place.partition("!")[2]].value for place in inner)
    for name in FAULTY:
        assert book[name]["A1"].hyperlink.location == f"{LIST_SHEET}!A1"
    shown = " ".join(texts_in(sheet))
    for text in ("stays with your organization", "The colours", "What to do", "Why it matters", "Mend these first"):
        assert text in shown


def test_a_link_that_the_first_cell_has_stays(tmp_path):
    def link(book, sheets):
        sheets["people"].write_url("A1", "https://example.org/", string="person_id")

    path = write_book(tmp_path / "data.xlsx", link)
    book = loaded(render_workbook(report_on(path), path).content)
    assert book["people"]["A1"].hyperlink.target == "https://example.org/"
    assert book["one_to_ones"]["A1"].hyperlink.location == f"{LIST_SHEET}!A1"


def test_no_value_stands_in_the_list_or_in_a_note(data, marked):
    book = loaded(marked.content)
    assert any(secret in text for text in texts_in(book["people"]) for secret in SECRETS)
    told = [*texts_in(book[LIST_SHEET])]
    told += [cell.comment.text for name in FAULTY for row in book[name].iter_rows() for cell in row if cell.comment]
    assert len(told) > 40
    assert not [text for text in told for secret in SECRETS if secret in text]


def test_notes_of_the_submitter_stay_as_they_are(tmp_path):
    def note(book, sheets):
        sheets["people"].write_comment("C3", "why this is odd", {"author": "Ana"})

    path = write_book(tmp_path / "data.xlsx", note)
    made = render_workbook(report_on(path), path)
    book = loaded(made.content)
    assert book["people"]["C3"].comment.text == "why this is odd"
    assert "C3" in coloured(book["people"])
    assert "1 cell has a note of your own" in " ".join(texts_in(book[LIST_SHEET]))


def test_a_merged_area_has_the_note_where_it_shows(tmp_path):
    def merge(book, sheets):
        sheets["people"].merge_range("B6:D6", "constituent")

    path = write_book(tmp_path / "data.xlsx", merge)
    book = loaded(render_workbook(report_on(path), path).content)
    assert "D6" in {one.cell for one in report_on(path).findings}
    assert book["people"]["B6"].comment is not None
    assert "D6" not in coloured(book["people"])


def test_macros_stay_and_keep_the_ending_of_the_name(tmp_path):
    path = write_book(
        tmp_path / "data.xlsm", lambda book, _: book.add_vba_project(BytesIO(b"not run by anybody here"), True)
    )
    made = render_workbook(report_on(path), path)
    assert made.is_marked
    assert made.file_name == "STAYS-WITH-YOU_data.xlsm"
    assert parts_of(made.content)["xl/vbaProject.bin"] == b"not run by anybody here"


def test_the_same_findings_give_the_same_bytes(report, data, marked):
    assert render_workbook(report, data).content == marked.content


def test_a_workbook_saved_by_another_library_can_be_marked(data, tmp_path):
    book = loaded(data)
    book["people"]["A2"].comment = openpyxl.comments.Comment("ours", "Ana")
    path = tmp_path / "again.xlsx"
    book.save(path)
    made = render_workbook(report_on(path), path)
    assert made.is_marked, made.sentence
    assert set(coloured(loaded(made.content)["people"])) == FAULTY["people"]
    assert loaded(made.content)["people"]["A2"].comment.text == "ours"


def prefixed(data: bytes) -> bytes:
    """The same part with a prefix before its names, as some programs write it."""
    named = re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", data)
    return named.replace(b' xmlns="', b' xmlns:x="', 1)


def test_a_workbook_with_prefixed_names_can_be_marked(data, report, tmp_path):
    parts = ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml")
    path = with_parts(Path(shutil.copy(data, tmp_path / "data.xlsx")), dict.fromkeys(parts, prefixed))
    made = render_workbook(report, path)
    assert made.is_marked, made.sentence
    assert set(coloured(loaded(made.content)["people"])) == FAULTY["people"]
    assert findings_in(saved(made.content, tmp_path / made.file_name)) == findings_in(data)


def test_a_chart_that_was_looked_at_last_is_not_selected_with_the_list(tmp_path):
    def chart(book, sheets):
        everything(book, sheets)
        book.get_worksheet_by_name("x_chart").activate()

    path = write_book(tmp_path / "data.xlsx", chart)
    made = render_workbook(report_on(path), path)
    assert made.is_marked, made.sentence
    selected = [name for name, data in parts_of(made.content).items() if b'tabSelected="1"' in data]
    assert selected == ["xl/worksheets/relmetrics_findings.xml"]


def test_a_type_that_is_said_by_ending_is_known(data, report, tmp_path):
    book_type = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

    def by_ending(types: bytes) -> bytes:
        types = re.sub(rb'<Override PartName="/xl/workbook.xml"[^>]*/>', b"", types)
        return types.replace(
            b'Extension="xml" ContentType="application/xml"', b'Extension="xml" ContentType="%s"' % book_type
        )

    path = with_parts(Path(shutil.copy(data, tmp_path / "data.xlsx")), {"[Content_Types].xml": by_ending})
    assert render_workbook(report, path).is_marked


def test_an_empty_first_cell_gets_no_link(tmp_path):
    rows = [["", *row] for row in TABLES["people"]]
    path = write_book(tmp_path / "data.xlsx", tables={"people": rows})
    book = loaded(render_workbook(report_on(path), path).content)
    assert coloured(book["people"])
    assert book["people"]["A1"].hyperlink is None
    assert book["people"]["A1"].value is None


def test_without_findings_the_copy_says_so(tmp_path):
    path = write_book(tmp_path / "data.xlsx")
    report = report_on(path)
    clean = make_report(report.release, type(report.findings)((), (), (), 1000, "1.0"), manifest=report.manifest)
    made = render_workbook(clean, path)
    assert made.is_marked
    assert "Nothing to fix" in " ".join(texts_in(loaded(made.content)[LIST_SHEET]))
    assert coloured(loaded(made.content)["people"]) == {}


# --- corrected and marked again -----------------------------------------------------------------------------------


def test_a_marked_copy_that_was_corrected_has_no_old_marks(data, marked, tmp_path):
    first = saved(marked.content, tmp_path / marked.file_name)

    def mend(sheet: bytes) -> bytes:
        assert sheet.count(b'<c r="C3" ') == 1
        return re.sub(
            rb'<c r="C3" [^>]*><v>\d+</v></c>', b'<c r="C3" t="inlineStr"><is><t>2025-04-01</t></is></c>', sheet
        )

    with_parts(first, {"xl/worksheets/sheet2.xml": mend})
    again = render_workbook(report_on(first), first)
    assert again.is_marked, again.sentence
    assert again.file_name == "STAYS-WITH-YOU_data_2.xlsx"
    book = loaded(again.content)
    assert book.sheetnames.count(LIST_SHEET) == 1
    assert set(coloured(book["people"])) == FAULTY["people"] - {"C3"}
    assert book["people"]["C3"].comment is None
    assert book["people"]["B2"].comment.text == "a note of our own"
    parts = parts_of(again.content)
    boxes = [data.count(b"<v:shape ") for name, data in parts.items() if name.endswith(".vml")]
    assert sum(boxes) == 1 + 1 + len(FAULTY["people"]) - 1 + len(FAULTY["one_to_ones"])  # the button, their note, ours


def test_a_note_that_somebody_wrote_behind_stays_theirs():
    made = notes.add_notes(None, [notes.Note((1, 0), f"Error: x\n\nAll findings: sheet {LIST_SHEET}.")], ["A1"])
    assert notes.stripped_notes(made, LIST_SHEET)[1] == {"A1"}
    answered = made.replace(f"{LIST_SHEET}.".encode(), f"{LIST_SHEET}.\nDone by Ana".encode())
    assert notes.stripped_notes(answered, LIST_SHEET) == (answered, set())


# --- what is left alone -------------------------------------------------------------------------------------------


def relation(kind: str):
    line = f'<Relationship Id="rIdX" Type="{kind}" Target="x.bin"/></Relationships>'.encode()
    return lambda data: data.replace(b"</Relationships>", line)


def in_cells(text: bytes):
    return lambda data: data.replace(
        b"<sheetData>", b'<sheetData><row r="1"><c r="A1"><f>' + text + b"</f></c></row>", 1
    )


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/"
LEFT_ALONE = {
    "signed": ({"_rels/.rels": relation(PACKAGE + "digital-signature/origin")}, "signed"),
    "an unknown kind of part": ({"xl/_rels/workbook.xml.rels": relation(OFFICE + "somethingNew")}, "unknown"),
    "shared with a log of changes": ({"xl/_rels/workbook.xml.rels": relation(OFFICE + "revisionHeaders")}, "unknown"),
    "an unknown element": (
        {"xl/worksheets/sheet2.xml": lambda data: data.replace(b"<pageMargins", b"<somethingNew/><pageMargins")},
        "unknown",
    ),
    "elements in another order": (
        {"xl/worksheets/sheet2.xml": lambda data: data.replace(b"<sheetData>", b"<hyperlinks/><sheetData>")},
        "form",
    ),
    "counts its sheets": ({"xl/worksheets/sheet4.xml": in_cells(b"SHEETS()")}, "unknown"),
    "a document type": (
        {"xl/styles.xml": lambda data: data.replace(b"<styleSheet", b'<!DOCTYPE a [<!ENTITY b "c">]><styleSheet', 1)},
        "form",
    ),
    "another encoding": (
        {"xl/styles.xml": lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16")},
        "form",
    ),
    "a broken part": ({"xl/styles.xml": lambda data: data[:-20]}, "form"),
    "the strict form": (
        {"xl/workbook.xml": lambda data: data.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)},
        "form",
    ),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_not_understood_is_left_alone_and_linked_to(report, data, tmp_path, name):
    changes, reason = LEFT_ALONE[name]
    path = with_parts(Path(shutil.copy(data, tmp_path / "their #1 100%.xlsx")), changes)
    made = render_workbook(report, path)
    assert not made.is_marked
    assert made.sentence == report.words.say(f"marked.why.{reason}", name="their #1 100%.xlsx")
    book = loaded(made.content)
    assert book.sheetnames == [LIST_SHEET]
    links = {
        (unquote(cell.hyperlink.target), cell.hyperlink.location)
        for row in book[LIST_SHEET].iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.target
    }
    cells = {("their #1 100%.xlsx", f"'{sheet}'!{cell}") for sheet, found in FAULTY.items() for cell in found}
    assert links == cells
    assert made.sentence in " ".join(texts_in(book[LIST_SHEET]))
    assert not [text for text in texts_in(book[LIST_SHEET]) for secret in SECRETS if secret in text]


def test_links_are_made_from_where_the_list_will_stand(report, data, tmp_path):
    path = with_parts(Path(shutil.copy(data, tmp_path / "data.xlsx")), LEFT_ALONE["signed"][0])
    made = render_workbook(report, path, beside=tmp_path / "lists")
    sheet = loaded(made.content)[LIST_SHEET]
    targets = {cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert {one.replace("\\", "/") for one in targets if one} == {"../data.xlsx"}


@pytest.mark.parametrize(
    ("limit", "value"), [("_MOST_BYTES", 1000), ("_MOST_PART", 100)], ids=["the workbook", "one part"]
)
def test_what_is_too_large_is_left_alone(report, data, monkeypatch, limit, value):
    monkeypatch.setattr(package, limit, value)
    made = render_workbook(report, data)
    assert (made.is_marked, made.sentence) == (False, "data.xlsx itself was not marked, because it is too large.")


def broken(data: bytes, seed: int) -> bytes:
    """The same bytes with something wrong: one changed, some missing, some twice, a tag gone."""
    chance = random.Random(seed)
    at = chance.randrange(len(data))
    match seed % 4:
        case 0:
            return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[at + chance.randrange(1, 40) :]
        case 2:
            return data[:at] + data[at // 2 :][: chance.randrange(1, 200)] + data[at:]
        case _:
            start, end = chance.choice([tag.span() for tag in re.finditer(rb"<[^<>]+>", data)])
            return data[:start] + data[end:]


def test_a_damaged_workbook_is_marked_or_left_alone_and_never_makes_it_fail(report, data, tmp_path):
    parts = parts_of(data)
    names = sorted(name for name in parts if name.endswith((".xml", ".rels", ".vml")))
    outcomes = Counter()
    for seed in range(60):
        name = names[seed * 7 % len(names)]
        path = tmp_path / "data.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, broken(content, seed) if part == name else content)
        made = render_workbook(report, path)
        outcomes[made.is_marked] += 1
        assert loaded_list(made.content)
        assert made.sentence
    assert min(outcomes[True], outcomes[False]) > 5


def loaded_list(content: bytes) -> bool:
    """Whether the list is there, looked for without reading the damaged rest."""
    return any(b"stays with your organization" in data for data in parts_of(content).values())


SPOILED = {
    "a value": (b"<v>", b"<v>1"),
    "a formula's saved result": (b"<v>3</v>", b""),
    "a sparkline": (b"x14:sparklineGroup ", b"x14:sparklineGroup lineWeight='9' "),
    "a validation": (b'<dataValidation type="list"', b'<dataValidation type="none"'),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_copy_that_is_different_is_not_handed_out(report, data, monkeypatch, name):
    """The comparison at the end finds what the marking itself might have done wrong."""
    before, after = SPOILED[name]
    save = package.Package.saved

    def spoiled(self):
        content = parts_of(save(self))
        wrong = {part: data.replace(before, after, 1) for part, data in content.items() if "worksheets/sheet" in part}
        assert any(wrong[part] != content[part] for part in wrong)
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for part, bytes_ in {**content, **wrong}.items():
                archive.writestr(part, bytes_)
        return stream.getvalue()

    monkeypatch.setattr(package.Package, "saved", spoiled)
    made = render_workbook(report, data)
    assert not made.is_marked
    assert "did not come out exactly like it" in made.sentence


def test_styles_that_moved_are_noticed():
    before = b'<styleSheet xmlns="x"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>'
    assert proof.same_styles(before, before.replace(b"</cellXfs>", b'<xf numFmtId="9"/></cellXfs>'))
    assert not proof.same_styles(before, before.replace(b"<xf ", b'<xf numFmtId="9"/><xf ', 1))


# --- new workbooks ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "spring"
    made.mkdir()
    lines = [f"{key}: {value or '[]'}" for key, value in MANIFEST.items() if "." not in key]
    lines += ["period:", *(f"  {key}: {MANIFEST[f'period.{key}']}" for key in ("start", "end"))]
    (made / "submission.yaml").write_text("\n".join(lines), encoding="utf-8")
    for name, rows in TABLES.items():
        text = "\n".join(",".join(row) for row in rows)
        (made / f"{name}.csv").write_text(f"{text}\n", encoding="utf-8")
    return made


def test_a_folder_gets_a_workbook_with_its_rows_at_the_same_place(folder, tmp_path):
    report = report_on(folder)
    made = render_workbook(report, folder)
    assert (made.is_marked, made.file_name) == (False, "STAYS-WITH-YOU_spring.xlsx")
    book = loaded(made.content)
    assert book.sheetnames == [LIST_SHEET, "submission", *(name for name in load_release().tables if name in TABLES)]
    for name, rows in TABLES.items():
        cells = {cell.coordinate: cell for row in book[name].iter_rows() for cell in row}
        for row, given in enumerate(rows, start=1):
            for column, text in enumerate(given):
                cell = cells[f"{'ABCDEFG'[column]}{row}"]
                assert (cell.value or "") == text
                assert cell.data_type == ("s" if text else "n")
                assert cell.number_format == "@"
        filled = {cell.coordinate for cell in cells.values() if cell.fill.fgColor.rgb[2:] == GROUNDS["error"][1:]}
        assert filled == {cell.coordinate for cell in cells.values() if cell.comment} == FAULTY[name]
        assert book[name]["A1"].hyperlink.location == f"{LIST_SHEET}!A1"
    links = {cell.hyperlink.location for row in book[LIST_SHEET].iter_rows() for cell in row if cell.hyperlink}
    assert {f"'{name}'!{cell}" for name, cells in FAULTY.items() for cell in cells} <= links
    assert not [text for text in texts_in(book[LIST_SHEET]) for secret in SECRETS if secret in text]
    again = findings_in(saved(made.content, tmp_path / made.file_name))
    assert again == [(one.id, one.rule, one.cell) for one in report.findings]
    assert render_workbook(report, folder).content == made.content


def test_a_zip_is_as_the_folder_in_it(folder, tmp_path):
    path = Path(shutil.make_archive(str(tmp_path / "spring"), "zip", folder))
    made = render_workbook(report_on(path), path)
    assert made.file_name == "STAYS-WITH-YOU_spring.xlsx"
    assert "spring.zip" in made.sentence
    assert set(TABLES) <= set(loaded(made.content).sheetnames)


def test_nothing_that_stands_in_a_file_is_a_formula(folder):
    bad = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("x")', "{=1}", "=DDE(1)"]
    rows = "\n".join(f'P-{number:04},"{text.replace(chr(34), chr(34) * 2)}"' for number, text in enumerate(bad))
    (folder / "people.csv").write_text(f"person_id,first_contact_on,=1+1\n{rows}\n", encoding="utf-8")
    content = render_workbook(report_on(folder), folder).content
    book = loaded(content)
    assert [row[1].value for row in book["people"].iter_rows(min_row=2)] == bad
    assert {cell.data_type for row in book["people"].iter_rows() for cell in row} <= {"s", "n"}
    assert {cell.quotePrefix for row in book["people"].iter_rows() for cell in row if cell.value} == {True}
    for name, data in parts_of(content).items():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in data
            assert b"<f " not in data


def test_what_a_sheet_cannot_hold_is_cut_and_said(folder, monkeypatch):
    monkeypatch.setattr(copies, "_MOST_CELLS", 8)
    long = [["one_to_one_id", "held_on", "person_a", "person_b", "kind", "status"]]
    long += [
        [f"O-{number}", f"2026-02-{number + 1:02}", "P-0001", "P-0002", "one_to_one", "held"] for number in range(9)
    ]
    long[7][1] = "2026-02-30"
    long[1][5] = "x" * 40_000
    text = "\n".join(",".join(row) for row in long)
    (folder / "one_to_ones.csv").write_text(text, encoding="utf-8")
    book = loaded(render_workbook(report_on(folder), folder).content)
    sheet = book["one_to_ones"]
    assert sheet["B8"].value == "2026-02-30"  # its row, although rows before it are left out
    assert sheet["A7"].value is None
    assert len(sheet["F2"].value) == 32_767
    shown = " ".join(texts_in(book[LIST_SHEET]))
    assert "These sheets are long" in shown
    assert "1 cell holds more text than a spreadsheet can" in shown


def test_names_of_sheets_are_such_as_a_workbook_can_have():
    names = ["a" * 40, "a" * 40, "History", "x/y:z?", "'", "", LIST_SHEET]
    tables = [copies.TableSource(str(number), "", name, list) for number, name in enumerate(names)]
    made = list(copies.sheet_names(tables, [LIST_SHEET]).values())
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    book.add_worksheet(LIST_SHEET)
    for name in made:
        book.add_worksheet(name)  # refuses what Excel refuses
    assert len({name.casefold() for name in made}) == len(names)


# --- limits and names ---------------------------------------------------------------------------------------------


def test_with_very_many_findings_some_cells_have_no_note(report, data, monkeypatch):
    monkeypatch.setattr(inside, "MOST_NOTES", 2)
    book = loaded(render_workbook(report, data).content)
    assert set(coloured(book["people"])) == FAULTY["people"]
    assert len([cell for row in book["people"].iter_rows() for cell in row if cell.comment]) == 2 + 1
    assert "3 cells have a colour and no note" in " ".join(texts_in(book[LIST_SHEET]))


def test_a_long_list_folds_its_places_away(tmp_path):
    rows = TABLES["people"][:1] + [[f"P-{number:04}", "oddly", "2025-03-01", "yes", ""] for number in range(30)]
    path = write_book(tmp_path / "data.xlsx", tables={"people": rows})
    book = loaded(render_workbook(report_on(path), path).content)
    sheet = book[LIST_SHEET]
    assert sum(one.hidden for one in sheet.row_dimensions.values()) == 20
    assert "20 more places. Press the + at the left edge to see them." in " ".join(texts_in(sheet))
    assert coloured(book["people"]).keys() == {f"B{number}" for number in range(2, 32)}


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("a b.xlsx", "STAYS-WITH-YOU_a b.xlsx"),
        ("STAYS-WITH-YOU_a.xlsx", "STAYS-WITH-YOU_a_2.xlsx"),
        ("STAYS-WITH-YOU_a_9.xlsx", "STAYS-WITH-YOU_a_10.xlsx"),
        ("é" * 110 + ".xlsx", "STAYS-WITH-YOU_" + "é" * 100 + ".xlsx"),
        ("a\u202eb.xlsx", "STAYS-WITH-YOU_a_b.xlsx"),
    ],
)
def test_the_name_says_that_it_stays(tmp_path, given, made):
    path = write_book(tmp_path / given)
    assert render_workbook(report_on(path), path).file_name == made


def test_without_a_file_there_is_the_list(report):
    made = render_workbook(report, None)
    assert (made.is_marked, loaded(made.content).sheetnames) == (False, [LIST_SHEET])


def test_without_findings_there_is_nothing_to_write():
    with pytest.raises(UsageError, match="needs findings"):
        render_workbook(make_report(load_release()), None)


# --- LibreOffice --------------------------------------------------------------------------------------------------


def converted(libreoffice: Path, source: Path, kind: str, folder: Path) -> Path:
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [str(libreoffice), profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    made = folder / f"{source.stem}.{kind.split(':')[0]}"
    assert made.is_file(), done.stdout + done.stderr
    return made


@pytest.mark.system
def test_libreoffice_opens_the_marked_file_and_saves_it_with_its_marks(libreoffice, data, marked, tmp_path):
    path = saved(marked.content, tmp_path / marked.file_name)
    after = converted(libreoffice, path, "xlsx", tmp_path / "saved")
    assert findings_in(after) == findings_in(data)
    book = loaded(after)
    assert set(coloured(book["people"])) == FAULTY["people"]
    assert book["people"]["C3"].comment.text.startswith("Error: An entry that cannot be read")
    again = render_workbook(report_on(after), after)
    assert again.is_marked, again.sentence
    sheet = loaded(again.content)["people"]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment} == FAULTY["people"] | {"B2"}


@pytest.mark.system
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_workbooks_get_a_new_one(libreoffice, tmp_path, kind):
    data = write_book(tmp_path / "data.xlsx")
    path = converted(libreoffice, data, kind, tmp_path / "other")
    made = render_workbook(report_on(path), path)
    assert not made.is_marked
    assert f"data.{kind}" in made.sentence
    book = loaded(made.content)
    assert [[cell.value or "" for cell in row] for row in book["people"].iter_rows()] == TABLES["people"]
    assert {cell.coordinate for row in book["people"].iter_rows() for cell in row if cell.comment} == FAULTY["people"]
    assert [[cell.value or "" for cell in row] for row in book["submission"].iter_rows()] == flat_rows()
    assert findings_in(saved(made.content, tmp_path / made.file_name)) == findings_in(data)


@pytest.mark.system
def test_libreoffice_takes_what_stood_in_a_file_for_text(libreoffice, folder, tmp_path):
    path = saved(render_workbook(report_on(folder), folder).content, tmp_path / "copy.xlsx")
    after = converted(libreoffice, path, "ods", tmp_path / "opened")
    sheet = CalamineWorkbook.from_path(str(after)).get_sheet_by_name("people").to_python()
    assert sheet == TABLES["people"]
    content = parts_of(after)["content.xml"]
    assert b"of:=" not in content
