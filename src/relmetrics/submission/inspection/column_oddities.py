"""What is odd about the values of one column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from relmetrics.submission.inspection.forms import NUMBERS, has_time, has_zone, is_date
from relmetrics.submission.inspection.kinds import Kind
from relmetrics.submission.inspection.measures import Count, Measured
from relmetrics.submission.inspection.nouns import Level, Oddity

__all__ = ["odd_values"]


class _Odd(Protocol):
    """Makes an oddity of the column in hand."""

    def __call__(self, name: str, level: Level, count: Count | None = None, **params: str) -> Oddity: ...


_LEAST_ALIKE = 1
_ENOUGH_ROWS = 10
# Measures that are told whatever the column holds, with how soon.
_ALWAYS: dict[str, Level] = {
    "error": "first",
    "garbled": "first",
    "replaced": "first",
    "formula": "second",
    "asked": "second",
    "two_scripts": "second",
    "invisible": "second",
    "blank_inside": "second",
    "blank_around": "second",
    "html": "second",
    "list_padded": "note",
    "nothing": "second",
    "no_day": "second",
    "line_break": "note",
    "doubled": "note",
    "combining": "note",
}
_SIZES = frozenset("size amount count many much hours attendance attendees n cantidad cuantos horas asistencia".split())
_MONEY = {"percent": "percent", "money": "money", "bracketed": "bracketed"}


def odd_values(column: Measured, letter: str, kind: Kind, n_rows: int, words: Sequence[str] = ()) -> Iterator[Oddity]:
    """Yield what is odd about a column.

    Parameters
    ----------
    n_rows : int
        Rows of its table.
    words : sequence of str
        Words of its name.
    """

    def odd(name: str, level: Level, count: Count | None = None, **params: str) -> Oddity:
        count = count or Count()
        return Oddity(name, level, (letter,), count.n, count.row, params)

    if not column.n_filled:
        if n_rows:
            yield odd("empty_column", "note")
        return
    for name, level in _ALWAYS.items():
        if name in column.counts:
            yield odd(name, level, column.count(name))
    yield from _odd_numbers(column, kind, odd)
    yield from _odd_dates(column, kind, odd)
    yield from _odd_mixture(column, kind, odd)
    worded = column.count("worded_number")
    if kind.kind == "text" and _SIZES & set(words) and worded.n >= 0.2 * column.n_filled:
        yield odd("worded_numbers", "second", worded)
    if column.n_different == 1 and column.n_filled == n_rows and n_rows >= 3:
        yield odd("constant", "note")
    if kind.kind == "text" and column.n_folded >= _LEAST_ALIKE:
        yield odd("alike", "second", Count(column.n_folded))


def _odd_numbers(column: Measured, kind: Kind, odd: _Odd) -> Iterator[Oddity]:
    scientific = column.forms.get("scientific")
    if scientific is not None:
        yield odd("scientific", "first", scientific)
    if column.count("cut_number").n >= 2:
        yield odd("cut_number", "first", column.count("cut_number"))
    elif column.count("long_number").n and kind.kind == "integer":
        yield odd("long_number", "second", column.count("long_number"))
    if kind.kind == "epoch":
        yield odd("counted_time", "second", Count(column.n_filled), unit=kind.unit)
        return
    if kind.kind not in ("integer", "decimal"):
        if column.count("leading_zero").n >= 0.5 * column.n_filled:
            yield odd("leading_zeros", "second", column.count("leading_zero"))
        return
    if column.count("leading_zero").n:
        yield odd("leading_zeros", "second", column.count("leading_zero"))
    if kind.decimal_mark == ",":
        yield odd("decimal_comma", "second", _together(column, ("decimal_comma", "grouped_point")))
    elif kind.decimal_mark == "either":
        yield odd("comma_either", "first", column.forms["comma_3"])
    elif kind.decimal_mark == ".":
        yield odd("thousands", "second", _together(column, ("grouped_comma", "comma_3")))
    if "grouped_blank" in column.forms:
        yield odd("thousands", "second", column.forms["grouped_blank"])
    if kind.decimal_mark == "mixed":
        commas = _together(column, ("decimal_comma", "grouped_point"))
        points = _together(column, ("decimal", "grouped_comma"))
        yield odd("both_marks", "first", commas if commas.n <= points.n else points)
    for form, name in _MONEY.items():
        if form in column.forms:
            yield odd(name, "second", column.forms[form])
    zeros = column.count("point_zero")
    if zeros.n and kind.kind == "integer":
        yield odd("point_zero", "note", zeros)


def _odd_dates(column: Measured, kind: Kind, odd: _Odd) -> Iterator[Oddity]:
    dates = {name: form for name, form in column.forms.items() if is_date(name)}
    turned = dates.get("name day month")
    if turned is not None and turned.n >= 0.02 * column.n_filled:
        yield odd("turned_into_dates", "first", turned)
    if kind.kind in ("date", "month", "date_time", "other_date"):
        yield from _odd_date_column(column, kind, dates, odd)
    elif kind.kind == "text":
        within = column.count("day_within")
        n_dates = sum(form.n for form in dates.values())
        if n_dates >= max(2, 0.1 * column.n_filled) and not (turned and turned.n == n_dates):
            yield odd("some_dates", "second", _together(column, tuple(dates)))
        if within.n >= max(2, 0.05 * column.n_filled) and column.share("prose") < 0.5:
            yield odd("days_within", "second", within)


def _odd_date_column(column: Measured, kind: Kind, dates: Mapping[str, Count], odd: _Odd) -> Iterator[Oddity]:
    if kind.kind == "other_date":
        either, first_day, first_month = (column.count(name) for name in ("either_order", "day_first", "month_first"))
        short = _together(column, tuple(name for name in dates if name.startswith("two ") and name.split()[2] == "2"))
        if short.n:
            yield odd("short_years", "first", short)
        elif kind.order == "ambiguous":
            yield odd("order_unknown", "first", either)
        elif kind.order == "mixed" and first_day.n and first_month.n:
            fewer = first_day if first_day.n <= first_month.n else first_month
            yield odd("order_both", "first", fewer)
        elif kind.order not in ("", "mixed"):
            total = Count(column.n_filled)
            if either.n:
                yield odd("date_form_either", "second", total, form=kind.order, either=f"{either.n:,}")
            else:
                yield odd("date_form", "second", total, form=kind.order)
        elif not any(map(_is_named, dates)):
            yield odd("date_form_unread", "second", Count(column.n_filled))
        if kind.order in ("", "mixed") and any(map(_is_named, dates)):
            yield odd("date_in_words", "second", Count(column.n_filled))
    usual = [name for name in dates if name not in ("ym",)]
    families = {_family(name) for name in usual}
    if len(families) > 1:
        fewest = min((_together(column, tuple(n for n in usual if _family(n) == one)) for one in families),
                     key=lambda count: count.n)  # fmt: skip
        yield odd("two_date_forms", "first", fewest)
    timed, zoned = [n for n in dates if has_time(n)], [n for n in dates if has_zone(n)]
    bare = [name for name in timed if name not in zoned]
    if bare and not zoned:
        yield odd("no_zone", "note", _together(column, tuple(bare)))
    elif bare:
        yield odd("some_zones", "second", _together(column, tuple(bare)))
    if "name week zone" in dates:
        yield odd("zone_names", "second", dates["name week zone"])
    elif zoned:
        yield odd("zones", "note", _together(column, tuple(zoned)))


def _odd_mixture(column: Measured, kind: Kind, odd: _Odd) -> Iterator[Oddity]:
    base = column.n_filled - column.count("nothing").n
    numbers = {name for name in column.forms if name in NUMBERS}
    dates = {name for name in column.forms if is_date(name)}
    fitting = {
        "integer": numbers, "decimal": numbers, "epoch": numbers, "date": dates, "month": dates, "date_time": dates,
        "other_date": dates | ({"integer"} if kind.form == "YYYYMMDD" else set()), "time": {"time"},
    }.get(kind.kind)  # fmt: skip
    if fitting is not None:
        others = _together(column, tuple(name for name in column.forms if name not in fitting))
        if others.n:
            yield odd("misfits", "second", others, kind=kind.kind)
    elif kind.kind == "text" and base >= _ENOUGH_ROWS:
        inside = _together(column, tuple(numbers))
        if 0.1 * base <= inside.n < 0.9 * base:
            yield odd("some_numbers", "second", inside)


def _together(column: Measured, names: tuple[str, ...]) -> Count:
    counts = [column.forms[name] for name in names if name in column.forms]
    return Count(
        sum(one.n for one in counts),
        sum(one.n_different for one in counts),
        min((one.row for one in counts), default=0),
    )


def _is_named(form: str) -> bool:
    return form.startswith("name ")


def _family(form: str) -> str:
    """Forms that a reader would call the same: with or without a time."""
    if form.startswith("ymd"):
        return "ymd"
    return form.removesuffix(" time").removesuffix(" zone")
