"""Small whole submissions to be broken: a few rows of the example, as a folder, a zip, and in each kind of workbook."""

from __future__ import annotations

import csv
import functools
import io
import zipfile
from pathlib import Path

import duckdb
import xlsxwriter
import yaml

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "riverside_tenants"
KEPT = Path(__file__).with_name("seeds")
TABLES = ("people", "one_to_ones", "groups", "memberships", "events", "participation", "lines", "activity_counts")
FORMS = ("folder", "zip", "xlsx", "ods", "xls")
_ROWS = 6

Files = dict[str, bytes]


@functools.cache
def rows_of(table: str) -> tuple[tuple[str, ...], ...]:
    """Header and a few rows of a table of the example."""
    with (EXAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(map(tuple, csv.reader(stream)))[: _ROWS + 1]


def csv_of(rows: list[list[str]] | tuple[tuple[str, ...], ...], delimiter: str = ",") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n", delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogatepass")


def manifest() -> bytes:
    return (EXAMPLE / "submission.yaml").read_bytes()


def folder(tables: tuple[str, ...]) -> Files:
    """Names and contents of a folder of CSV files."""
    return {"submission.yaml": manifest(), **{f"{table}.csv": csv_of(rows_of(table)) for table in tables}}


@functools.cache
def workbook(form: str, tables: tuple[str, ...]) -> bytes:
    """Write an .xlsx of the tables; .ods and .xls are kept ready made, by a spreadsheet program, of always the same."""
    if form != "xlsx":
        return (KEPT / f"seed.{form}").read_bytes()
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("submission")
        for number, (key, value) in enumerate(_flat(yaml.load(manifest(), yaml.BaseLoader))):
            sheet.write_row(number, 0, [key, value])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table in tables:
            sheet = book.add_worksheet(table)
            for number, row in enumerate(rows_of(table)):
                sheet.write_row(number, 0, row)
            sheet.write_number(2, 2, 46000, day)
            sheet.write_formula(3, 2, "=1+1", None, 2)
            sheet.write_boolean(4, 2, True)
    return stream.getvalue()


@functools.cache
def parquet(table: str) -> bytes:
    """Write a table as Parquet."""
    import tempfile

    with tempfile.TemporaryDirectory() as place, duckdb.connect() as connection:
        (Path(place) / "a.csv").write_bytes(csv_of(rows_of(table)))
        connection.execute(f"COPY (FROM read_csv('{place}/a.csv')) TO '{place}/a.parquet'")
        return (Path(place) / "a.parquet").read_bytes()


def zipped(files: Files, *, stored: bool = False) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def unzipped(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _flat(value: dict, before: str = "") -> list[tuple[str, str]]:
    found = []
    for key, item in value.items():
        if isinstance(item, dict):
            found += _flat(item, f"{before}{key}.")
        else:
            found.append((before + key, ";".join(item) if isinstance(item, list) else item))
    return found
