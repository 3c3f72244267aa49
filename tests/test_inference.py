"""What a table seems to be: each inference where it is made, where it is not, and where nothing can be told."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmetrics.submission.inference import are_whole, date_form_of, decimal_mark_of, header_row_of
from relmetrics.submission.inference_csv import look_at
from relmetrics.submission.inference_dates import TIME, DateForm, declared_date_form
from relmetrics.submission.inference_encoding import TextLines, encoding_of, known_encoding, older_encoding_of

# --- header row ------------------------------------------------------------------------------------------------------

NAMES = {"person_id", "person_type", "left_on"}
BANNER = [(1, ["Riverside Tenants", "", ""]), (2, ["As of January", "", "page 1"]), (4, ["person_id", "left_on", "x"])]


@pytest.mark.parametrize(
    ("rows", "names", "wanted"),
    [
        pytest.param([], NAMES, 0, id="nothing"),
        pytest.param([(1, ["person_id"]), (2, ["P1"])], NAMES, 1, id="at once"),
        pytest.param(BANNER, NAMES, 4, id="below a banner"),
        pytest.param([*BANNER, (5, ["person_id", "left_on", "y"])], NAMES, 4, id="the first of two alike"),
        pytest.param([(1, [" Person_ID ", "size"]), (2, ["left_on", "b"])], NAMES, 1, id="capitals and blanks"),
        pytest.param([(1, ["size", "age"]), (2, ["1", "2"])], NAMES, 1, id="no known name"),
        pytest.param(
            [(1, ["Report"]), (3, ["size", "age"]), (4, ["1", "2"]), (5, ["3", "4"])], (), 3, id="unknown table"
        ),
        pytest.param([(1, ["1", "2"]), (2, ["3", "4"])], (), 1, id="numbers only"),
        pytest.param([(1, ["only"]), (2, ["column"])], (), 1, id="one column"),
        pytest.param(
            [(row, ["a"]) for row in range(1, 31)] + [(31, ["person_id"])], NAMES, 1, id="beyond the first 30"
        ),
    ],
)
def test_the_row_of_the_header(rows, names, wanted):
    assert header_row_of(rows, names) == wanted


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["2026-01-31", "2026-02-01"], "YYYY-MM-DD"),
        (["2026-01-31 10:00", "2026-02-01"], "YYYY-MM-DD"),
        (["2026-02-01T10:00:00Z", "2026-02-01T10:00:00.123+01:00"], "YYYY-MM-DD"),
        (["2026/1/31"], "YYYY/MM/DD"),
        (["2026/1/31", "2026-01-31"], "mixed"),
        (["13/02/2026", "01/02/2026"], "DD/MM/YYYY"),
        (["02/13/2026", "01/02/2026"], "MM/DD/YYYY"),
        (["2/13/2026 3:05 PM", "1/2/2026 12:00 a. m."], "MM/DD/YYYY"),
        (["13.2.2026", "1. 2. 2026"], "DD.MM.YYYY"),
        (["13-02-2026"], "DD-MM-YYYY"),
        (["3 March 2026", "4 de mayo de 2026"], "D MMM YYYY"),
        (["March 3rd, 2026", "April 4, 2026", "Sept. 5, 2026"], "MMM D YYYY"),
        (["3-Mar-2026"], "D-MMM-YYYY"),
        (["20260131", "20260201"], "YYYYMMDD"),
        (["45292", "45293.5"], "days counted by Excel"),
        (["13/02/2026", "unknown", "", "n/a", "2026"], "DD/MM/YYYY"),
        (["02/2026", "13/02/2026"], "DD/MM/YYYY"),
        (["02/2026", "Mar 2026"], "DD/MM/YYYY"),
        # nothing tells
        (["01/02/2026", "12/12/2026"], "ambiguous"),
        (["01/02/2026", "3 March 2026", "02/02/2026"], "ambiguous"),
        (["13/02/26", "14/02/26"], "ambiguous"),
        (["3-Mar-26"], "ambiguous"),
        # texts contradict each other
        (["13/02/2026", "02/13/2026"], "mixed"),
        (["13/02/2026", "2026-02-13"], "mixed"),
        (["01/02/2026", "2026-02-13"], "mixed"),
        (["13/02/2026", "13/02/26"], "mixed"),
        (["02/2026", "2026-02"], "mixed"),
        # no dates, or no column of them
        ([], None),
        (["", " "], None),
        (["P-0001", "yes", "12", "2026"], None),
        (["31/31/2026", "99/99/9999", "2026-13-01"], None),
        (["45292", "tomorrow"], None),
        (["45292", "13/02/2026"], None),
        (["12345", "99999"], None),
        (["20260131", "20261399"], None),
        (["20260131", "2026-01-31"], None),
        (["1/2", "1.2", "10:30", "1.2.3.4", "192.168.0.1"], None),
    ],
)
def test_dates_of_a_column_have_one_form_or_none(texts, wanted):
    form = date_form_of(texts)
    assert (form.written if isinstance(form, DateForm) else form) == wanted


DAYS = st.dates(dt.date(1941, 1, 1), dt.date(2099, 12, 31))
FORMS = {
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "YYYY/MM/DD": "%Y/%m/%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "YYYYMMDD": "%Y%m%d",
    "D MMM YYYY": "%d %B %Y",
}


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(sorted(FORMS)))
def test_what_is_told_of_a_column_is_what_was_written_or_that_it_cannot_be_told(days, written):
    form = date_form_of([day.strftime(FORMS[written]) for day in days])
    is_open = written[:2] in ("DD", "MM") and all(day.day <= 12 for day in days)
    assert (form == "ambiguous") if is_open else (isinstance(form, DateForm) and form.written == written)


@given(st.lists(st.text(max_size=20)))
def test_any_texts_have_an_answer(texts):
    assert isinstance(date_form_of(texts), DateForm | str | None)
    assert decimal_mark_of(texts) in (".", ",", "ambiguous", "mixed", None)


@given(DAYS, st.times(), st.sampled_from([" %H:%M", "T%H:%M:%S", ", %I:%M %p", " %H:%M:%S.123Z"]))
def test_a_time_of_day_says_nothing_about_the_day(day, time, written):
    text = (day.isoformat() + time.strftime(written)).lower()
    assert re.sub(TIME + "$", "", text) == day.isoformat()


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("DD/MM/YYYY", ("DMY", 4, False)),
        ("D.M.YY", ("DMY", 2, False)),
        ("M/D/YYYY", ("MDY", 4, False)),
        ("YYYY-MM-DD", ("YMD", 4, False)),
        ("YYYY-MM-DD hh:mm", ("YMD", 4, False)),
        ("YYYY-MM-DDThh:mm:ss", ("YMD", 4, False)),
        ("D MMMM YYYY", ("DMY", 4, False)),
        ("MMM D, YYYY", ("MDY", 4, False)),
        ("DDMMYYYY", ("DMY", 4, True)),
        ("YYMMDD", ("YMD", 2, True)),
        ("DMYYYY", None),
        ("YYYY-DD-MM", None),
        ("DD/MM", None),
        ("DD/MM/YYYY/DD", None),
        ("dd/mm/yyyy", None),
        ("DD/MM/YYYY!", None),
        ("%d/%m/%Y", None),
        ("DD'; DROP TABLE x; --MM YYYY", None),
        ("", None),
    ],
)
def test_forms_of_dates_that_can_be_declared(written, wanted):
    form = declared_date_form(written)
    assert (form if form is None else (form.order, form.year_digits, form.is_compact)) == wanted


# --- decimals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["1.5", "2"], "."),
        (["1,5", "2"], ","),
        (["1.234,5"], ","),
        (["1,234.5"], "."),
        (["1,234,567"], "."),
        (["1.234.567"], ","),
        (["0,123"], ","),
        (["1234,567"], ","),
        (["1,234", "2,5"], ","),
        (["-1,5", "+2,25", "x", ""], ","),
        (["1 234,5", "1'234,5"], ","),
        (["1,234"], "ambiguous"),
        (["1.234", "12.345"], "ambiguous"),
        (["1,5", "1.5"], "mixed"),
        (["1,234,567", "1,5"], "mixed"),
        (["1,234.567,8"], "mixed"),
        (["1,234.567.890"], "mixed"),
        (["1", "2"], None),
        (["P-1,5", "1,5 hours", "1;5", "a.b", ".", ","], None),
        ([], None),
    ],
)
def test_the_mark_before_decimals_is_told_by_all_texts_of_a_column(texts, wanted):
    assert decimal_mark_of(texts) == wanted


@given(st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1), st.sampled_from([".", ","]), st.booleans())
def test_numbers_written_with_a_mark_are_never_taken_for_the_other(numbers, mark, has_thousands):
    other = "," if mark == "." else "."
    texts = [f"{number:,.2f}" if has_thousands else f"{number:.2f}" for number in numbers]
    if mark == ",":
        texts = [text.translate(str.maketrans(".,", ",.")) for text in texts]
    assert decimal_mark_of(texts) == mark
    assert decimal_mark_of([text.replace(mark, "|") for text in texts]) != other


@pytest.mark.parametrize(
    ("texts", "mark", "wanted"),
    [
        (["12.0", "7.00"], ".", True),
        (["1,200", "7"], ".", True),
        (["1.200,0", "7"], ",", True),
        (["12.0", "7"], ".", False),
        (["12.0", "7.5"], ".", False),
        (["12.0", "seven"], ".", True),
        ([], ".", True),
    ],
)
def test_whole_numbers_that_have_marks(texts, mark, wanted):
    assert are_whole(texts, mark) == wanted


# --- characters ------------------------------------------------------------------------------------------------------

WORDS = "Peña, Muñoz y José: «Año nuevo», ¿qué? Canción; Günther, Åsa, œuvre — “sí”\n"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (WORDS.encode("utf-8"), "utf-8"),
        (WORDS.encode("utf-8-sig"), "utf-8"),
        (WORDS.encode("cp1252"), "utf-8"),
        (b"plain", "utf-8"),
        (b"", "utf-8"),
        (b"a\0b\0", "utf-8"),
        (WORDS.encode("utf-16"), "utf-16"),
        (WORDS.encode("utf-16-le"), "utf-16-le"),
        (WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("utf-32"), "utf-32"),
        (b"\0" * 100, "utf-8"),
        (b"ab\0\0" * 30, "utf-8"),
    ],
)
def test_what_a_file_begins_as(content, wanted):
    assert encoding_of(content) == wanted


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_older_encodings_show_in_their_letters(encoding):
    text = WORDS if encoding != "cp850" else "Peña, Muñoz y José: «Año nuevo», ¿qué? Canción; Günther, Åsa\n"
    assert older_encoding_of([text.encode(encoding)]) == encoding


@pytest.mark.parametrize("lines", [[], [b"plain\n"], [b"caf\xe9\n"], [b"\x80\n"]])
def test_where_nothing_tells_it_is_windows_1252(lines):
    assert older_encoding_of(lines) == "cp1252"


def test_two_encodings_in_one_file_are_told_by_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("plain\naño\n".encode() + "niño\nseñor\n".encode("cp1252") + "plain\nÁngel\n".encode())
    lines = TextLines(path, "utf-8")
    assert list(lines) == ["plain\n", "año\n", "niño\n", "señor\n", "plain\n", "Ángel\n"]
    assert (list(lines.others), lines.older, lines.n_accented) == ([3, 4], "cp1252", 2)
    declared = TextLines(path, "utf-8", is_declared=True)
    assert list(declared)[2] == "ni\ufffdo\n"
    assert (list(declared.others), declared.older) == ([3, 4], "")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("UTF-8", "utf-8"),
        ("Windows-1252", "cp1252"),
        (" latin-1 ", "iso8859-1"),
        ("MacRoman", "mac-roman"),
        ("utf-16", "utf-16"),
        ("rot13", None),
        ("base64", None),
        ("unicode_escape", None),
        ("idna", None),
        ("no such", None),
        ("", None),
        ("utf-8\0", None),
    ],
)
def test_encodings_that_can_be_declared(name, wanted):
    assert known_encoding(name) == wanted


# --- delimiters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "delimiter", "row"),
    [
        ("a,b\n1,2\n", ",", 1),
        ("a;b\n1,5;2,5\n", ";", 1),
        ("a;b;c\nx, y;2,5;3,5\n1,2;2;4,4\n", ";", 1),
        ("a\tb\n1,5\t2\n", "\t", 1),
        ("a|b\n1;5|2\n", "|", 1),
        ("Report, for all of us\n\na;b\n1;2\n3;4\n", ";", 3),
        ("only\n1\n", ",", 1),
        ('"a;b",c\n"1;2",3\n', ",", 1),
    ],
)
def test_delimiters_are_told_by_rows_that_are_alike(tmp_path, content, delimiter, row):
    path = tmp_path / "any.csv"
    path.write_text(content, encoding="utf-8")
    look = look_at(path)
    assert (look.delimiter, look.header_row) == (delimiter, row)
