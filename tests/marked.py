"""A workbook as an organization has it, with mistakes in its records and with everything in it that can get lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from relmetrics.reporting import make_report
from relmetrics.reporting.report import Report
from relmetrics.submission import read_submission
from relmetrics.validation import validate

MANIFEST = {
    "dataset_id": "riverside-2026",
    "schema_version": "1.0",
    "organization_id": "riverside",
    "period.start": "2026-01-01",
    "period.end": "2026-12-31",
    "records_from": "2025-01-01",
    "adoption_level": "core",
    "tie_rule": "one_to_one",
    "conversations_recorded_for": "everyone",
    "has_paid_staff": "no",
    "complete_tables": "",
    "boundary_rule": "Everybody who took part in a meeting.",
    "consent_basis": "verbal",
    "breadth_group_type": "team",
    "time_zone": "America/Chicago",
    "taken_on": "2027-01-15",
    "contact_role": "data_coordinator",
}

# Words that stand nowhere but in cells: a list or a note that holds one of them tells a value.
SECRETS = ("Zebrafinch", "Quartzite", "0007-OKAPI")

TABLES: dict[str, list[list[str]]] = {
    "people": [
        ["person_id", "person_type", "first_contact_on", "consent_use", "x_number"],
        ["P-0001", "constituent", "2025-03-01", "yes", "0012"],
        ["P-0002", "constituent", "Zebrafinch", "yes", "=1+1"],
        ["", "constituent", "2025-05-01", "yes", "+1"],
        ["P-0001", "Quartzite", "2025-06-01", "yes", "-1"],
        ["P-0005", "constituent", "2025-07-01", "", "@SUM(A1)"],
    ],
    "one_to_ones": [
        ["one_to_one_id", "held_on", "person_a", "person_b", "kind", "status"],
        ["O-1", "2026-02-01", "P-0001", "P-0002", "one_to_one", "held"],
        ["O-2", "2026-02-30", "P-0001", "0007-OKAPI", "one_to_one", "held"],
        ["O-3", "2026-03-05", "P-0002", "P-0005", "one_to_one", "held"],
    ],
}


def flat_rows() -> list[list[str]]:
    return [["key", "value"], *([key, value] for key, value in MANIFEST.items())]


def write_book(
    path: Path, more: Callable[[Any, dict[str, Any]], None] | None = None, tables: Mapping[str, Any] = TABLES
) -> Path:
    """Write the records as a workbook; `more` puts in what else there is."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#0F766E", "font_color": "#FFFFFF"})
        sheets = {}
        for name, rows in {"submission": flat_rows(), **tables}.items():
            sheet = sheets[name] = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(row, column, cell, None if row else head)
        if more is not None:
            more(book, sheets)
    return path


def everything(book: Any, sheets: dict[str, Any]) -> None:
    """Put in what a library that reads and writes a workbook loses."""
    people = sheets["people"]
    people.activate()
    people.write_comment("B2", "a note of our own")
    people.add_sparkline("F2", {"range": "people!A1:A5"})
    people.conditional_format("D2:D9", {"type": "data_bar", "data_bar_2010": True})
    people.data_validation("C2:C9", {"validate": "list", "source": ["one", "two"]})
    people.insert_textbox(9, 5, "a box with text")
    people.insert_button("H9", {"caption": "a button"})
    people.protect("secret")
    people.autofilter("A1:E6")
    sums = book.add_worksheet("x_sums")
    sums.write_formula("A1", "=SUM(1,2)", None, 3)
    sums.write_formula("A2", "=people!A2", None, "P-0001")
    sums.write_array_formula("B1:B2", "{=ROW(A1:A2)}", None, 1)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=x_sums!$A$1:$A$2"})
    sums.insert_chart("C3", chart)
    sums.write_url("D1", "https://example.org/")
    sums.hide()
    book.add_chartsheet("x_chart").set_chart(_chart(book))
    book.define_name("x_sums!local", "=x_sums!$A$1")
    book.define_name("everywhere", "=people!$A$1")


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=x_sums!$A$1:$A$2"})
    return chart


def report_on(path: Path) -> Report:
    """Check what was handed in."""
    with read_submission(path) as submission:
        findings = validate(submission)
        return make_report(submission.release, findings, manifest=submission.manifest, source=path.name)


def parts_of(content: bytes | Path) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(BytesIO(content) if isinstance(content, bytes) else content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(path: Path, changes: Mapping[str, Callable[[bytes], bytes] | bytes]) -> Path:
    """Change parts of a workbook file, or add some."""
    parts = parts_of(path)
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def texts_in(sheet: Any) -> Iterator[str]:
    """Texts, notes and links of a sheet as openpyxl has it."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield str(cell.value)
            if cell.comment is not None:
                yield cell.comment.text
            if cell.hyperlink is not None:
                yield f"{cell.hyperlink.target or ''} {cell.hyperlink.location or ''}"
