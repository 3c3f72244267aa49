"""How numbers and dates are written: forms, told from texts whose digits are all alike."""

from __future__ import annotations

from typing import Final

from relmetrics.submission.codes import literal

__all__ = ["DATES", "MASK", "NUMBERS", "PLAIN_NUMBERS", "form_sql", "is_date", "two_numbers"]

MASK: Final = "lower(translate(t, '012345678', '999999999'))"
"""SQL of a text with every digit a 9 and small letters: thousands of dates are one mask."""

_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|"
    "jan|ene|feb|mar|apr|abr|jun|jul|aug|ago|sept|sep|set|oct|nov|dec|dic)"
)
_WEEKDAY = (
    "(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "lun|mar|mie|mié|jue|vie|sab|sáb|dom|lunes|martes|miercoles|miércoles|jueves|viernes|sabado|sábado|domingo)"
)
_TIME = r"9{1,2}[:.]99(?:[:.]99(?:[.,]9+)?)?(?: ?[ap]\.? ?m\.?)?"
_ZONE = r"(?: ?z| ?(?:utc|gmt)(?:[-+]9{1,2}(?::?99)?)?| ?[-+]99:?99| [a-z]{3,4})"
_GAP = r"(?:t|,? +)"

_FORMS: list[tuple[str, str]] = [
    ("integer", r"[-+]?9+"),
    ("decimal", r"[-+]?9*\.9+"),
    ("comma_3", r"[-+]?9{1,3},999"),
    ("decimal_comma", r"[-+]?9*,9+"),
    ("grouped_comma", r"[-+]?9{1,3}(?:,999)+(?:\.9+)?"),
    ("grouped_point", r"[-+]?9{1,3}(?:\.999)+,9+|[-+]?9{1,3}(?:\.999){2,}"),
    ("grouped_blank", r"[-+]?9{1,3}(?:[ \x{a0}\x{202f}'’]999)+(?:[.,]9+)?"),
    ("scientific", r"[-+]?9+(?:[.,]9+)?e\+9+"),
    ("tiny", r"[-+]?9+(?:[.,]9+)?e-9+"),
    ("percent", r"[-+]?9+(?:[.,]9+)? ?%"),
    ("money", r"[-+(]?(?:us|mx)?[$€£¥] ?[-+]?9[9.,' ]*\)?|[-+]?9[9.,]* ?(?:[$€£]|usd|eur|gbp|mxn)"),
    ("bracketed", r"\(9[9.,]*\)"),
    ("ymd", "9999-99-99"),
    ("ym", "9999-99"),
    ("ymd_time", f"9999-99-99{_GAP}{_TIME}"),
    ("ymd_zone", f"9999-99-99{_GAP}{_TIME}{_ZONE}"),
    ("time", _TIME),
]
_SEPARATORS = {"/": "/", ".": r"\.", "-": "-"}
for _mark, _regex in _SEPARATORS.items():
    _FORMS += [
        (f"year {_mark}", f"9999{_regex}9{{1,2}}{_regex}9{{1,2}}"),
        (f"year {_mark} time", f"9999{_regex}9{{1,2}}{_regex}9{{1,2}}{_GAP}{_TIME}"),
        (f"year {_mark} zone", f"9999{_regex}9{{1,2}}{_regex}9{{1,2}}{_GAP}{_TIME}{_ZONE}"),
    ]
    for _year in ("9999", "99"):
        _day = f"9{{1,2}}{_regex}9{{1,2}}{_regex}{_year}"
        _FORMS += [
            (f"two {_mark} {len(_year)}", _day),
            (f"two {_mark} {len(_year)} time", f"{_day}{_GAP}{_TIME}"),
            (f"two {_mark} {len(_year)} zone", f"{_day}{_GAP}{_TIME}{_ZONE}"),
        ]
_DAY_AND_MONTH = rf"(?:9{{1,2}}(?:st|nd|rd|th)?[ -](?:de )?{_MONTH}|{_MONTH} 9{{1,2}}(?:st|nd|rd|th)?)"
_TAIL = f"(?:{_GAP}{_TIME})?"
_FORMS += [
    ("name day month", rf"9{{1,2}}[- ]{_MONTH}\.?"),
    ("name month year", rf"{_MONTH}\.?[- '’]+(?:de |del )?9{{2,4}}"),
    ("name dmy", rf"9{{1,2}}(?:st|nd|rd|th|º|°)?[ ./-]*(?:of |de )?{_MONTH}\.?[ ,./-]*(?:de |del )?(?:9999|99){_TAIL}"),
    ("name mdy", rf"{_MONTH}\.? 9{{1,2}}(?:st|nd|rd|th)?,? 9999{_TAIL}"),
    (
        "name week",
        rf"{_WEEKDAY}\.?,? {_DAY_AND_MONTH},?(?:[ -](?:de )?9{{2,4}})?{_TAIL}",
    ),
    (
        "name week zone",
        rf"{_WEEKDAY}\.?,? {_DAY_AND_MONTH},?(?:[ -]9{{2,4}})?{_GAP}{_TIME}{_ZONE}(?: 9999)?(?: ?\([a-z ]+\))?",
    ),
]

PLAIN_NUMBERS = frozenset({"integer", "decimal"})
NUMBERS = frozenset(
    "integer decimal comma_3 decimal_comma grouped_comma grouped_point grouped_blank scientific tiny percent money "
    "bracketed".split()
)
DATES = frozenset(name for name, _ in _FORMS if name not in NUMBERS and name != "time")

_LETTERED = {"ymd": "YYYY-MM-DD", "ym": "YYYY-MM"}


def form_sql(mask: str) -> str:
    """Write the form of `mask`, or an empty text; a mask of a sentence is not compared with every form."""
    cases = " ".join(f"WHEN regexp_full_match({mask}, {literal(regex)}) THEN {literal(name)}" for name, regex in _FORMS)
    may_be = literal(rf"^[-+($€£¥.,]?(?:us|mx)?[-+($€£¥.,]? ?9|^{_WEEKDAY}|^{_MONTH}")
    return (
        f"CASE WHEN length({mask}) > 60 OR NOT contains({mask}, '9') OR NOT regexp_matches({mask}, {may_be}) THEN '' "
        f"{cases} ELSE '' END"
    )


def is_date(form: str) -> bool:
    """Whether a form is one of a day, a month, or a day with a time."""
    return form in DATES


def two_numbers(form: str) -> bool:
    """Whether day and month of a form are two numbers of which either could be the day."""
    return form.startswith("two ")


def has_time(form: str) -> bool:
    """Whether a form has a time of the day."""
    return form.endswith((" time", "_time", " zone", "_zone"))


def has_zone(form: str) -> bool:
    """Whether a form has a time zone."""
    return form.endswith((" zone", "_zone"))
