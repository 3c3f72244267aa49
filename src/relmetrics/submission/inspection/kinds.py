"""What the values of a column are, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from relmetrics.submission.inference import DateForm, date_form_of, decimal_mark_of
from relmetrics.submission.inspection.forms import NUMBERS, has_time, has_zone, is_date
from relmetrics.submission.inspection.measures import Measured
from relmetrics.submission.inspection.nouns import ValueKind

__all__ = ["Kind", "kind_of"]

MOSTLY = 0.9
_SURE = 0.95
_WITH_COMMA = frozenset({"comma_3", "decimal_comma", "grouped_comma", "grouped_point"})
_SERIAL_NAMES = (
    "date day fecha dia on at when cuando created updated modified joined born start end since desde hasta".split()
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind and form of a column.

    Attributes
    ----------
    order : str
        Of dates in another form: as `relmetrics validate` would read them (``DD/MM/YYYY``), ``ambiguous``, ``mixed``,
        or empty where it reads none.
    decimal_mark : str
        ``,``, ``.``, ``either``, ``mixed`` or empty.
    unit : str
        Of counted time: ``seconds``, ``milliseconds``, ``days``.
    """

    kind: ValueKind
    form: str = ""
    order: str = ""
    decimal_mark: str = ""
    unit: str = ""


def kind_of(column: Measured, header_words: Iterable[str], texts: Callable[[], Iterable[str]]) -> Kind:
    """Tell the kind of a column.

    Parameters
    ----------
    header_words : iterable of str
        Words of its name, in small letters.
    texts : callable
        Gives its different texts that have the form of a number or a date.
    """
    base = column.n_filled - column.count("nothing").n
    if base <= 0:
        return Kind("empty" if not column.n_filled else "text")
    forms = {name: form.n for name, form in column.forms.items()}
    numbers = sum(n for name, n in forms.items() if name in NUMBERS)
    dates = sum(n for name, n in forms.items() if is_date(name))
    if numbers >= MOSTLY * base:
        return _number(column, forms, base, set(header_words), texts)
    if dates >= MOSTLY * base:
        return _date(forms, texts)
    if forms.get("time", 0) >= MOSTLY * base:
        return Kind("time")
    if column.count("yes_no").n >= MOSTLY * column.n_filled and column.n_different <= 4:
        return Kind("yes_no")
    if column.count("list_code").n >= 0.5 * base:
        return Kind("list", "[…]")
    return Kind("text")


def _number(
    column: Measured, forms: dict[str, int], base: int, words: set[str], texts: Callable[[], Iterable[str]]
) -> Kind:
    if base >= 2:
        if column.count("epoch_ms").n >= _SURE * base:
            return Kind("epoch", unit="milliseconds")
        if column.count("epoch_s").n >= _SURE * base and not words & {"phone", "tel", "id", "mobile", "cell"}:
            return Kind("epoch", unit="seconds")
        if column.count("compact_day").n >= _SURE * base:
            return Kind("other_date", "YYYYMMDD", order="YYYYMMDD")
        if column.count("excel_day").n >= _SURE * base and words & set(_SERIAL_NAMES):
            return Kind("epoch", unit="days")
    points = forms.get("decimal", 0)
    if not forms.keys() & _WITH_COMMA:
        if not points or points == column.count("point_zero").n:
            return Kind("integer")
        return Kind("decimal")
    # 1,234 alone is a thousand and more, or one and a bit; the other numbers of the column decide.
    mark = decimal_mark_of(texts())
    if mark == ",":
        return Kind("decimal", "1.234,5" if forms.get("grouped_point") else "1234,5", decimal_mark=",")
    if mark == ".":
        return Kind("decimal" if points else "integer", "1,234", decimal_mark=".")
    return Kind("decimal", decimal_mark="either" if mark == "ambiguous" else "mixed")


def _date(forms: dict[str, int], texts: Callable[[], Iterable[str]]) -> Kind:
    found = {name for name in forms if is_date(name)}
    if found <= {"ymd", "ym"}:
        return Kind("month" if found == {"ym"} else "date")
    timed = any(map(has_time, found))
    if found <= {"ymd", "ym", "ymd_time", "ymd_zone"}:
        with_zone = any(map(has_zone, found))
        return Kind("date_time", "YYYY-MM-DD hh:mm" + (" ±zone" if with_zone else ""))
    read = date_form_of(texts())
    if isinstance(read, DateForm):
        return Kind("other_date", read.written + (" hh:mm" if timed else ""), order=read.written)
    return Kind("other_date", order=read or "")
