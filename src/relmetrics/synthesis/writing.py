"""Writing an organization as a submission: a folder of CSV files, or one workbook."""

from __future__ import annotations

import csv
import datetime
import io
import json
import pathlib
import re
from typing import Any

from relmetrics.output import replacing, write_whole
from relmetrics.synthesis.organization import Organization

_CHUNK = 50_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # a workbook carries the day it was made; ours is fixed


def write_folder(organization: Organization, folder: pathlib.Path) -> None:
    """Write one UTF-8 CSV file a table, and `submission.yaml`.

    Parameters
    ----------
    organization : Organization
        What to write.
    folder : pathlib.Path
        Made if it does not exist. Files of the same names are replaced, others stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in organization.tables.items():
        with replacing(folder / f"{name}.csv") as part, part.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(columns)
            _write_rows(file, list(columns.values()))
    write_whole(folder / "submission.yaml", _yaml(organization.manifest).encode("utf-8"))


def _write_rows(file: io.TextIOBase | Any, columns: list[list[str]]) -> None:
    """Rows in chunks; where no character needs quoting they are joined, which is ten times faster than csv."""
    n = len(columns[0]) if columns else 0
    for start in range(0, n, _CHUNK):
        parts = [column[start : start + _CHUNK] for column in columns]
        rows = len(parts[0])
        text = "\n".join(map(",".join, zip(*parts, strict=True))) + "\n"
        plain = (
            '"' not in text and "\r" not in text
            and text.count(",") == rows * (len(columns) - 1) and text.count("\n") == rows
        )  # fmt: skip
        # A row of one empty cell would be an empty line: csv writes it as "".
        if plain and len(columns) > 1:
            file.write(text)
        else:
            csv.writer(file, lineterminator="\n").writerows(zip(*parts, strict=True))


def _yaml(value: dict[str, Any], indent: str = "") -> str:
    """Every scalar in quotes, so that no reader of YAML takes a version for a number or a date for a date."""
    lines = []
    for key, item in value.items():
        if isinstance(item, dict):
            lines.append(f"{indent}{key}:\n{_yaml(item, indent + '  ')}")
        elif isinstance(item, list):
            lines.append(f"{indent}{key}:{'' if item else ' []'}\n")
            lines += [f"{indent}  - {_quoted(str(one))}\n" for one in item]
        else:
            lines.append(f"{indent}{key}: {_quoted(str(item))}\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def write_workbook(organization: Organization, path: pathlib.Path, *, real_dates: bool = False) -> None:
    """Write one workbook with a sheet a table and the sheet `submission`.

    Parameters
    ----------
    organization : Organization
        What to write.
    path : pathlib.Path
        The .xlsx file.
    real_dates : bool
        Write whole dates as Excel dates; by default, and for months and years always, as text.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # late: only workbooks need it

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with replacing(path) as part, xlsxwriter.Workbook(str(part), options) as book:
        book.set_properties({"created": _MADE})
        style = book.add_format({"num_format": "yyyy-mm-dd"})
        manifest = book.add_worksheet("submission")
        for row, (key, text) in enumerate([("key", "value"), *_dotted(organization.manifest)]):
            manifest.write_string(row, 0, key)
            manifest.write_string(row, 1, text)
        for name, columns in organization.tables.items():
            sheet = book.add_worksheet(name)
            for number, (column, values) in enumerate(columns.items()):
                sheet.write_string(0, number, column)
                for row, text in enumerate(values, start=1):
                    date = _date(text) if real_dates and column.endswith("_on") else None
                    if date is not None:
                        sheet.write_datetime(row, number, date, style)
                    elif text:
                        sheet.write_string(row, number, text)


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None  # no such day: it stays the text that it is


def _dotted(value: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """The manifest as rows: keys with dots, lists joined by semicolons."""
    rows: list[tuple[str, str]] = []
    for key, item in value.items():
        if isinstance(item, dict):
            rows += _dotted(item, f"{prefix}{key}.")
        else:
            rows.append((prefix + key, ";".join(map(str, item)) if isinstance(item, list) else str(item)))
    return rows
