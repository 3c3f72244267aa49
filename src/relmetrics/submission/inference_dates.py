"""Dates that are not written YYYY-MM-DD: which form a column has, and the SQL that reads it.

A column has one form. Which one is decided by dates that can be only one: 13/02/2026 has the day first, 02/13/2026 the
month. Where every date could be both, or both stand in one column, nothing is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["MONTHS", "TIME", "ZONE", "DateForm", "Undecided", "date_form_of", "declared_date_form"]

Order = Literal["DMY", "MDY", "YMD", "serial"]
Undecided = Literal["ambiguous", "mixed"]

_FULL = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
MONTHS = {name: number for number, names in enumerate(_FULL, start=1) for name in names}
"""Names of months in English and Spanish, in small letters."""

# Both Python and DuckDB (RE2) read these; classes are spelled out because their \d and \s differ.
_SEP = r"(?:[-/. ] ?|, ?| del? |\. del? )"
TIME = (
    r"(?:(?:t|,? +)[0-9]{1,2}[:.h][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?: ?[ap]\.? ?m\.?)?(?: ?(?:z|utc|gmt|[-+][0-9]{2}:?[0-9]{2}))?)"
)
ZONE = r"[0-9m] ?(?:z|utc|gmt|[-+][0-9]{2}:?[0-9]{2})$"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|º|\.)?"
_NAME = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_MONTH = rf"([0-9]{{1,2}}|{_NAME})"
_NUMERIC = re.compile(rf"([0-9]{{1,4}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,4}})")
_DAY_FIRST = re.compile(rf"{_DAY}{_SEP}({_NAME}){_SEP}([0-9]{{2}}|[0-9]{{4}})")
_NAME_FIRST = re.compile(rf"({_NAME}){_SEP}{_DAY}{_SEP}([0-9]{{2}}|[0-9]{{4}})")
_YEAR_FIRST = re.compile(rf"[0-9]{{4}}{_SEP}{_NAME}{_SEP}{_DAY}")
_MONTH_YEAR = re.compile(rf"{_MONTH}{_SEP}([0-9]{{4}})")
_YEAR_MONTH = re.compile(rf"([0-9]{{4}}){_SEP}{_MONTH}")
_TIME_AT_END = re.compile(TIME + "$")
_LEAST_SERIAL, _MOST_SERIAL = 14_611, 73_050  # 1940 to 2099: other numbers of five digits are no dates of people
_LETTERS = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D")
_FORMAT_TIME = re.compile(r"[T ,]*(?:hh?[:.]mm(?:[:.]ss)?)$")


@dataclass(frozen=True, slots=True)
class DateForm:
    """How the dates of a column are written.

    Attributes
    ----------
    order : {'DMY', 'MDY', 'YMD', 'serial'}
        Serial: the number of a day, as Excel counts them from 1900.
    written : str
        For people: ``DD/MM/YYYY``.
    year_digits : {4, 2}
        Of two, 00 to 68 are 2000 to 2068, the others 1969 to 1999.
    is_compact : bool
        Nothing between year, month and day.
    """

    order: Order
    written: str
    year_digits: Literal[4, 2] = 4
    is_compact: bool = False

    @property
    def is_standard(self) -> bool:
        """Whether it is the form of the standard."""
        return self.written == "YYYY-MM-DD"

    @property
    def pattern(self) -> str:
        """Regular expression of a whole day, with the parts in their order."""
        day, month, year = _DAY, _MONTH, f"([0-9]{{{self.year_digits}}})"
        sep = _SEP
        if self.is_compact:
            day = month = "([0-9]{2})"
            sep = ""
        parts = {"D": day, "M": month, "Y": year}
        return "^" + sep.join(parts[letter] for letter in self.order) + TIME + "?$"

    @property
    def month_pattern(self) -> str:
        """Regular expression of a month without its day."""
        year = "([0-9]{4})"
        return f"^{year}{_SEP}{_MONTH}$" if self.order == "YMD" else f"^{_MONTH}{_SEP}{year}$"

    def day_sql(self, text: str, uses_1904: bool = False) -> str:
        """Write the day that the expression `text` (small letters, no blanks around) says, as text, or something else.

        The answer goes through TRY_CAST: what is no day becomes NULL there.
        """
        if self.order == "serial":
            first = "1904-01-01" if uses_1904 else "1899-12-30"
            number = f"TRY_CAST(regexp_extract({text}, '^([0-9]{{5}})(\\.[0-9]+)?$', 1) AS INTEGER)"
            return f"CASE WHEN {number} BETWEEN {_LEAST_SERIAL} AND {_MOST_SERIAL} THEN DATE '{first}' + {number} END"
        parts = {
            letter: f"regexp_extract({text}, {_literal(self.pattern)}, {number})"
            for number, letter in enumerate(self.order, start=1)
        }
        year = parts["Y"]
        if self.year_digits == 2:
            year = f"(CASE WHEN {year} = '' THEN '' WHEN {year} < '69' THEN '20' ELSE '19' END || {year})"
        return f"{year} || '-' || {_month_sql(parts['M'])} || '-' || lpad({parts['D']}, 2, '0')"

    def month_sql(self, text: str) -> str:
        """Write the first day of the month that `text` says, in the same way."""
        if self.order == "serial":
            return "NULL::VARCHAR"
        at_month, at_year = (2, 1) if self.order == "YMD" else (1, 2)
        month, year = (
            f"regexp_extract({text}, {_literal(self.month_pattern)}, {place})" for place in (at_month, at_year)
        )
        return f"{year} || '-' || {_month_sql(month)} || '-01'"


def date_form_of(texts: Iterable[str]) -> DateForm | Undecided | None:
    """Find the one form in which a column's dates are written.

    Parameters
    ----------
    texts : iterable of str
        Every text of the column, each at least once. Texts that are like no date say nothing.

    Returns
    -------
    DateForm, 'ambiguous', 'mixed' or None
        Ambiguous: nothing tells the day from the month, or the day from a year of two digits. Mixed: there are dates
        that can only be one thing and dates that can only be the other. None: there are no dates.
    """
    found: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    year_first: set[str] = set()
    for text in texts:
        core = _TIME_AT_END.sub("", text.strip().lower())
        if core:
            kind, mark = _kind(core)
            found[kind] += 1
            marks[mark] += 1
            if kind == "YMD":
                year_first.add(mark)
    n_others = found.pop("", 0)
    numbers = {"serial": DateForm("serial", "days counted by Excel"), "compact": _written("YMD", "", is_compact=True)}
    for kind, form in numbers.items():
        if found[kind]:
            return form if not n_others and set(+found) == {kind} else None
    found = +found
    if not found:
        return None
    mark = max("/-. ", key=lambda key: marks[key])  # the first of equals
    months = {kind for kind in found if kind in ("MY", "YM")}
    orders: set[Order] = {order for order in ("DMY", "MDY", "YMD") if found[order] or found[f"{order} named"]}
    is_named = not any(found[kind] for kind in ("DMY", "MDY", "YMD", "either")) and bool(orders)
    if found["two digits"]:
        return "ambiguous" if set(found) == {"two digits"} else "mixed"
    if "YM" in months:
        orders.add("YMD")
    if len(orders) > 1 or len(year_first) > 1 or (orders == {"YMD"} and (found["either"] or "MY" in months)):
        return "mixed"
    if found["either"] and not (found["DMY"] or found["MDY"]):
        return "ambiguous"
    if not orders:
        return _written("DMY", mark)  # months and years only: where the day would stand does not matter
    return _written(orders.pop(), mark, is_named=is_named)


def declared_date_form(written: str) -> DateForm | None:
    """Read a declared form such as ``DD/MM/YYYY``; None where it is none that can be read."""
    day = _FORMAT_TIME.sub("", written.strip())
    letters = _LETTERS.findall(day)
    order = "".join(part[0] for part in letters)
    between = _LETTERS.split(day)
    if order not in ("DMY", "MDY", "YMD") or between[0] or between[-1]:
        return None
    is_compact = not any(between)
    if is_compact and any(len(part) == 1 or part.startswith("MMM") for part in letters):
        return None
    if not is_compact and not all(re.fullmatch(_SEP, mark) for mark in between[1:-1]):
        return None
    digits: Literal[4, 2] = 4 if "YYYY" in letters else 2
    known: dict[str, Order] = {"DMY": "DMY", "MDY": "MDY", "YMD": "YMD"}
    return DateForm(known[order], written.strip(), digits, is_compact)


def _written(order: Order, mark: str, *, is_named: bool = False, is_compact: bool = False) -> DateForm:
    letters = {"D": "D" if is_named else "DD", "M": "MMM" if is_named else "MM", "Y": "YYYY"}
    return DateForm(order, mark.join(letters[letter] for letter in order), 4, is_compact)


def _kind(text: str) -> tuple[str, str]:
    """Say what one text can be, and what stands between its parts."""
    if text.isdecimal() and text.isascii() and len(text) == 8:
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
        return ("compact", "") if 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31 else ("", "")
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return ("serial", "") if _LEAST_SERIAL <= int(text[:5]) <= _MOST_SERIAL else ("", "")
    mark = next((character for character in text if character in "/.- "), "-")
    if match := _NUMERIC.fullmatch(text):
        return _numeric(*match.groups()), mark
    for order, pattern in (("DMY", _DAY_FIRST), ("MDY", _NAME_FIRST)):
        if match := pattern.fullmatch(text):
            return (f"{order} named" if len(match[3]) == 4 else "two digits"), mark
    if _YEAR_FIRST.fullmatch(text):
        return "YMD named", mark
    if match := _MONTH_YEAR.fullmatch(text):
        return ("MY", mark) if _is_month(match[1]) else ("", "")
    if match := _YEAR_MONTH.fullmatch(text):
        return ("YM", mark) if _is_month(match[2]) else ("", "")
    return "", ""


def _numeric(first: str, second: str, third: str) -> str:
    if len(first) == 4:
        return "YMD" if len(third) <= 2 and 1 <= int(second) <= 12 and 1 <= int(third) <= 31 else ""
    if len(first) > 2 or len(third) not in (2, 4):
        return ""
    if len(third) == 2:
        return "two digits"
    can_be_day_first = 1 <= int(second) <= 12 and 1 <= int(first) <= 31
    can_be_month_first = 1 <= int(first) <= 12 and 1 <= int(second) <= 31
    if can_be_day_first and can_be_month_first:
        return "either"
    return "DMY" if can_be_day_first else "MDY" if can_be_month_first else ""


def _is_month(text: str) -> bool:
    return not text.isdecimal() or 1 <= int(text) <= 12


def _month_sql(part: str) -> str:
    names, numbers = (", ".join(_literal(text) for text in texts) for texts in (MONTHS, map(str, MONTHS.values())))
    bare = f"rtrim({part}, '.')"
    named = f"list_extract([{numbers}], list_position([{names}], {bare}))"
    return f"lpad(CASE WHEN {part} BETWEEN '0' AND '99' THEN {part} ELSE {named} END, 2, '0')"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
