"""Made-up files for inspection: for every oddity one in which it is seen, and a like one in which it is not."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlsxwriter

__all__ = ["CASES", "write_cases"]

Content = str | bytes | Callable[[Path], None]


def column(*values: str, name: str = "v", least: int = 0) -> str:
    """A table with a number for each row and one column, at least so long."""
    values = tuple(values[at % len(values)] for at in range(max(least, len(values))))
    return table(["n", name], *([str(at), value] for at, value in enumerate(values, start=1)))


def table(*rows: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def many(row: Callable[[int], Sequence[object]], n: int, header: Sequence[str], *last: Sequence[str]) -> str:
    return table(header, *([str(cell) for cell in row(at)] for at in range(1, n + 1)), *last)


def book(fill: Callable[[xlsxwriter.Workbook], object], **options: object) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path, options) as workbook:
            fill(workbook)

    return write


def sheet(workbook: xlsxwriter.Workbook, *rows: Sequence[object], name: str = "x") -> xlsxwriter.worksheet.Worksheet:
    made = workbook.add_worksheet(name)
    for at, row in enumerate(rows):
        made.write_row(at, 0, row)
    return made


def never_calculated(path: Path) -> None:
    """A workbook by a program that writes formulas and calculates none."""
    made = openpyxl.Workbook()
    for row in (("a", "b"), (1, 2), (2, "=B2*2")):
        made.active.append(row)
    made.save(path)


def day_cell(workbook: xlsxwriter.Workbook, second: object) -> None:
    made = sheet(workbook, ("n", "v"), (1, None), (2, second))
    made.write_datetime(1, 1, datetime.date(2026, 3, 14), workbook.add_format({"num_format": "yyyy-mm-dd"}))
    if not isinstance(second, str):
        made.write_datetime(2, 1, datetime.date(2026, 3, 15), workbook.add_format({"num_format": "yyyy-mm-dd"}))


def pair(n: int, wrong: int, a: str, b: str, first: Callable[[int], object], second: Callable[[int], object]) -> str:
    return many(lambda at: (first(at), second(at) if at > wrong else first(at - 1 if at > 1 else 0)), n, (a, b))


PEOPLE = ["Maria Gonzalez", "James Washington", "Sarah Johnson", "Carlos Hernandez", "Linda Martinez", "Robert Smith"]
ISO = ["2026-03-14", "2026-03-15", "2026-04-02"]

CASES: dict[str, tuple[Content, Content]] = {
    # what is said about people
    "personal_name": (column("1", "2", name="Phone"), column("1", "2", name="Phone banks")),
    "personal_cells": (column("(512) 555-0142", "512-555-0143"), column("512-1", "512-2")),
    "personal_both": (column("a@example.org", "b@example.org", name="E-mail"), column("a@example.org")),
    "personal_few": (
        many(lambda at: (at, "512-555-0142" if at == 50 else f"code {at}"), 120, ("n", "v")),
        many(lambda at: (at, f"code {at}"), 120, ("n", "v")),
    ),
    "people_in_header": (
        table(("Maria Gonzalez", "512-555-0142", "x"), ("James Washington", "512-555-0143", "y")),
        table(("member", "code", "x"), ("P-1", "7", "y")),
    ),
    "free_text": (
        column("We met at the school and talked for an hour about rents in the street", least=2),
        column("Neighborhood meeting", "Phone bank"),
    ),
    # characters
    "two_encodings": (
        "a,b\n1,Peña\n2,x\n".encode() + "3,Muñoz\n".encode("latin-1"),
        "a,b\n1,Peña\n3,Muñoz\n".encode(),
    ),
    "old_encoding": ("a,b\n1,Peña\n3,Muñoz\n".encode("latin-1"), "a,b\n1,Peña\n3,Muñoz\n".encode()),
    "wide_characters": ("a,b\n1,Peña\n".encode("utf-16"), "a,b\n1,Peña\n".encode("utf-8-sig")),
    "line_ends": (b"a,b\r\n1,2\n3,4\r\n", b"a,b\r\n1,2\r\n3,4\r\n"),
    "garbled": (column("cafÃ©", "PeÃ±a"), column("café", "Peña")),
    "replaced": (column("Pe\ufffda", "x"), column("Peña", "x")),
    "asked": (column("Pe?a", "x"), column("Peña?", "x")),
    "doubled": (column("niñño", "x"), column("niño", "x")),
    "combining": (column("cafe\u0301", "x"), column("caf\u00e9", "x")),
    "two_scripts": (column("T\u03a7", "x"), column("\u03a7\u03a8", "x")),
    "invisible": (column("a\u200bb", "x"), column("ab", "x")),
    "blank_inside": (column("a\u00a0b", "x"), column("a b", "x")),
    "blank_around": (column(" LS1 6NU", "x"), column("LS1 6NU", "x")),
    "line_break": (column("one\ntwo", "x"), column("one two", "x")),
    "html": (column("<p>Parks</p>", "x"), column("a < b > c", "x")),
    # rows and header
    "no_header": ("28840\t574\t1362\n28840\t164\t779\n28860\t447\t763\n", "a\tb\tc\n28840\t164\t779\n"),
    "key_value": (
        "topic,$15/hour\nviews,126\nvoters,12\nurl,x\ngroups,2\n",
        "topic,hours\nrents,126\nparks,12\nbuses,4\n",
    ),
    "rows_above": ("Elections in our town,,\n,,\nday,votes,town\n2026-03-14,3,x\n2026-03-15,4,y\n", "day,votes,town\n"),
    "header_low": ("\n\nday,votes\n2026-03-14,3\n", "day,votes\n2026-03-14,3\n\n\n"),
    "names_blank": ("a,,c\n1,2,3\n", "a,b,\n1,2,\n"),
    "names_repeated": ("a,b,A\n1,2,3\n", "a,b,ab\n1,2,3\n"),
    "names_padded": ("a,b \n1,2\n", "a,b\n1,2 \n"),
    "names_broken": ('a,"b\nc"\n1,2\n', 'a,"b c"\n1,2\n'),
    "names_long": (column("x", name="About how many hours did you volunteer for us in the last week?"), column("x")),
    "wide": ("day,Org1,Org2,Org3\n2026-03-14,a,b,c\n", "day,Year 2019,Year 2024,Year 2031\n2026-03-14,a,b,c\n"),
    "many_columns": (table([f"c {at} x" for at in range(1200)], ["1"] * 1200), table(["a", "b"], ["1", "2"])),
    "open_quote": ('a,b\n1,x\n2,"y\n3,z\n', 'a,b\n1,x\n2,"y"\n3,z\n'),
    "ragged": ("a,b,c\n1,2,3\n1,2\n1,2,3\n", "a,b,c\n1,2,3\n1,2,\n1,2,3\n"),
    "blank_rows": ("a,b\n1,2\n\n\n3,4\n", "a,b\n1,2\n3,4\n"),
    "blank_below": ("a,b\n1,2\n" + ",\n" * 3000, "a,b\n1,2\n" + ",\n" * 3),
    "no_rows": ("a,b\n", "a,b\n1,2\n"),
    "totals": ("town,votes\nLeeds,3\nYork,4\nTotal,7\n", "town,votes\nLeeds,3\nYork,4\nTotality,7\n"),
    "lone_last": ("town,votes,n\nLeeds,3,1\nYork,4,2\nSource: us,,\n", "town,votes,n\nLeeds,3,1\nYork,4,2\n"),
    "header_again": ("town,votes\nLeeds,3\ntown,votes\nYork,4\n", "town,votes\nLeeds,3\nvotes,town\nYork,4\n"),
    "same_rows": ("a,b\n1,2\n1,2\n3,4\n", "a,b\n1,2\n1,3\n3,4\n"),
    "id_repeated": (
        many(lambda at: (f"case {max(at, 2)}", "x"), 30, ("Case Number", "v")),
        many(lambda at: (f"case {at}", "x"), 30, ("Case Number", "v")),
    ),
    "pair_repeated": (
        many(lambda at: (max(at, 2) % 7, max(at, 2) % 11, at % 3), 40, ("comment-id", "voter-id", "vote")),
        many(lambda at: (at % 7, at % 11, at % 3), 40, ("comment-id", "voter-id", "vote")),
    ),
    "first_repeated": (
        many(lambda at: (f"town {max(at, 3)}", at % 3), 30, ("town", "v")),
        many(lambda at: (f"town {at}", at % 3), 30, ("town", "v")),
    ),
    "end_before_start": (
        "start_date,end_date\n2026-03-14,2026-03-13\n2026-03-14,2026-03-15\n",
        "start_date,end_date\n2026-03-14,2026-03-14\n2026-03-14,2026-03-15\n",
    ),
    "days_in_order": (
        many(lambda at: (f"2026-03-{at % 9 + 10}", f"2026-0{2 if at == 9 else 4}-02"), 120, ("filed", "counted")),
        many(lambda at: (f"2026-03-{at % 9 + 10}", "2026-04-02"), 120, ("filed", "counted")),
    ),
    "sizes_in_order": (
        many(lambda at: (at % 9 + (99 if at == 9 else -(at % 2)), at % 9), 120, ("attended", "demand")),
        many(lambda at: (at % 9 - at % 2, at % 9), 120, ("attended", "demand")),
    ),
    "more_in_order": (
        many(lambda at: [f"2026-0{m if at != 9 else 9 - m}-02" for m in (1, 2, 3, 4)], 120, ("p", "q", "r", "s")),
        many(lambda at: [f"2026-0{m}-02" for m in (1, 2, 3, 4)], 120, ("p", "q", "r", "s")),
    ),
    "far_above": (
        many(lambda at: (f"event {at}", 53_508 if at == 7 else at), 40, ("event", "audience")),
        many(lambda at: (f"event {at}", at), 40, ("event", "audience")),
    ),
    "far_days": (
        many(lambda at: (f"e{at}", f"{'2062' if at == 9 else '2026'}-03-{at % 9 + 10}"), 120, ("event", "day")),
        many(lambda at: (f"e{at}", f"{'2028' if at == 9 else '2026'}-03-{at % 9 + 10}"), 120, ("event", "day")),
    ),
    # sheets
    "hidden_sheet": (
        book(lambda b: (sheet(b, ("a", "b"), (1, 2)), sheet(b, ("c", "d"), (3, 4), name="y").hide())),
        book(lambda b: (sheet(b, ("a", "b"), (1, 2)), sheet(b, ("c", "d"), (3, 4), name="y"))),
    ),
    "merged": (
        book(lambda b: sheet(b, ("a", "b"), (1, 2), (3, 4)).merge_range("A4:A6", "x")),
        book(lambda b: sheet(b, ("a", "b"), (1, 2), (3, 4))),
    ),
    "uses_1904": (
        book(lambda b: sheet(b, ("a", "b"), (1, 2)), date_1904=True),
        book(lambda b: sheet(b, ("a", "b"), (1, 2))),
    ),
    "formulas": (
        book(lambda b: sheet(b, ("a", "b"), (1, 2)).write_formula("B3", "=B2*2", value=4)),
        book(lambda b: sheet(b, ("a", "b"), (1, 2)).write_number("B3", 4)),
    ),
    "formula_without_value": (
        never_calculated,
        book(lambda b: sheet(b, ("a", "b"), (1, 2)).write_formula("B3", "=B2*2", value=4)),
    ),
    "number_as_text": (
        book(lambda b: sheet(b, ("a", "b"), (1, 2), (2, 3)).write_string("B4", "4")),
        book(lambda b: sheet(b, ("a", "b"), (1, 2), (2, 3)).write_number("B4", 4)),
    ),
    "date_as_text": (book(lambda b: day_cell(b, "2026-03-15")), book(lambda b: day_cell(b, None))),
    # values
    "error": (column("#REF!", "1", "2"), column("#1", "1", "2")),
    "formula": (column("=SUM(A1:A3)", "x"), column("= or so", "x")),
    "nothing": (column("NA", "Leeds"), column("Nantes", "Leeds")),
    "alike": (column("UNITE HERE Local 33", "UNITE HERE LOCAL 33"), column("Local 33", "Local 34")),
    "scientific": (column("1E+05", "2.5E+11"), column("1e5", "25e11f")),
    "cut_number": (column("1234567890123450", "1234567890123460"), column("1234567890", "1234567891")),
    "long_number": (column("1234567890123451", "1234567890123467"), column("123456789012345", "123456789012346")),
    "leading_zeros": (column("00123", "00124"), column("123", "0")),
    "counted_time": (column("1726860676783", "1726860685220"), column("1726860", "1726861")),
    "decimal_comma": (column("1,5", "2,25"), column("1.5", "2.25")),
    "comma_either": (column("1,234", "2,345"), column("1,234", "2,345.5")),
    "thousands": (column("1,234", "12,345,678"), column("1234", "12345678")),
    "both_marks": (column("1,5", "2.5"), column("1,5", "2,5")),
    "percent": (column("15%", "20 %"), column("15", "20")),
    "money": (column("$15", "$20.50"), column("15", "20.50")),
    "bracketed": (column("(15)", "20"), column("-15", "20")),
    "point_zero": (column("27.0", "30.0"), column("27.5", "30.0")),
    "turned_into_dates": (column("5-Mar", "12-Apr", "x-1"), column("5-May-2026", "6-May-2026")),
    "some_dates": (column("2026-03-14", "2026-03-15", "later", "soon", "x"), column("later", "soon", "x")),
    "days_within": (column("Dream (1 Sep - 31 Dec)", "Wake (1 Jan - 31 Aug)"), column("Dream (1)", "Wake (2)")),
    "order_unknown": (column("03/04/2026", "05/06/2026"), column("13/04/2026", "05/06/2026")),
    "short_years": (column("13/04/26", "05/06/26"), column("13/04/2026", "05/06/2026")),
    "order_both": (column("13/04/2026", "04/13/2026"), column("13/04/2026", "14/04/2026")),
    "date_form": (column("13/04/2026", "14/05/2026"), column(*ISO)),
    "date_form_either": (column("13/04/2026", "05/06/2026"), column("13/04/2026", "14/05/2026")),
    "date_form_unread": (column("2026/03/04", "03/04/2026"), column("2026/03/04", "2026/04/14")),
    "date_in_words": (column("Fri Sep 20 14:29:43 CDT 2024", "Sat Sep 21 14:29:43 CDT 2024"), column(*ISO)),
    "two_date_forms": (column("2026-03-14", "14/03/2026"), column("2026-03-14", "2026-03-15 10:00")),
    "no_zone": (column("2026-03-14 10:00", "2026-03-15 10:00"), column(*ISO)),
    "zones": (column("2026-03-14 10:00:00 +0100", "2026-03-15T10:00Z"), column("2026-03-14 10:00", "2026-03-15 10:00")),
    "some_zones": (column("2026-03-14 10:00", "2026-03-15T10:00Z"), column("2026-03-14 10:00Z", "2026-03-15T10:00Z")),
    "zone_names": (column("Fri Sep 20 14:29:43 CDT 2024"), column("2024-09-20 14:29:43 -0500")),
    "no_day": (column("2026-02-30", "2026-02-27"), column("2026-02-28", "2026-02-27")),
    "misfits": (column(*map(str, range(20)), "tomorrow"), column(*map(str, range(20)))),
    "some_numbers": (column("12", "a few", "13", "many", least=12), column("some", "a few", least=12)),
    "worded_numbers": (
        column("about 300 people", "7000; thousands", "a few dozen", name="size_text"),
        column("300", "7000", name="size_text"),
    ),
    "list": (column("rents; parks", "parks; buses", "buses; rents"), column("rents", "parks", "buses")),
    "list_spaced": (column("rents; parks", "parks;buses", "b; c"), column("rents; parks", "parks; buses", "b; c")),
    "list_code": (column("['China', 'Hong Kong']", "['Italy']"), column("(China)", "(Italy)")),
    "list_padded": (column("[' LS17 5DJ']", "['LS1']"), column("['LS17 5DJ', 'LS2']", "['LS1']")),
    "empty_column": ("a,b\n1,\n2,\n", "a,b\n1,\n2,x\n"),
    "constant": (column("x", least=4), column("x", "y", least=4)),
}  # fmt: skip


def write_cases(folder: Path) -> None:
    """Write two files a case, ``<id>.seen`` and ``<id>.unseen`` with the ending of their kind."""
    for name, contents in CASES.items():
        for content, which in zip(contents, ("seen", "unseen"), strict=True):
            if callable(content):
                content(folder / f"{name}.{which}.xlsx")
            else:
                data = content if isinstance(content, bytes) else content.encode()
                (folder / f"{name}.{which}.csv").write_bytes(data)
