"""What a text may have in it that is worth telling, as conditions of SQL over the text, its form and its parts."""

from __future__ import annotations

from typing import Final

from relmetrics.submission.codes import literal

__all__ = ["SIGNS"]

_ERRORS = (
    "#REF! #N/A #NAME? #VALUE! #DIV/0! #NUM! #NULL! #SPILL! #CALC! #ERROR! #FIELD! #BLOCKED! #GETTING_DATA "
    "#¡REF! #¿NOMBRE? #¡VALOR! #¡DIV/0! #¡NUM! #¡NULO! #N/D Err:502 Err:508 Err:509 Err:522"
).split()
_NOTHING = (
    "na n/a n.a. n.a null none nan nil nothing missing unknown tbc tbd tba - -- --- – — ? ?? ??? . n.d. nd s/d "
    "desconocido desconocida ninguno ninguna"
).split()
_YES_NO = "yes no y n true false t f sí si s verdadero falso x 0 1".split()
_LETTER = r"\p{L}"
_ACCENTED = "áéíóúüñÁÉÍÓÚÜÑ"
_DOUBLED = "|".join(f"{one}{one}" for one in _ACCENTED)
# The first byte of two in UTF-8, read as Windows-1252, and what can follow it.
_GARBLED = r"[ÃÂÄÅÐÑ][\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Ã[A-Za-z ]?[±³©­¡º]|ï»¿"
_BLANK_INSIDE = r"[\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]"
_INVISIBLE = (
    r"[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{7f}\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
)
_TWO_SCRIPTS = r"[A-Za-z][\p{Greek}\p{Cyrillic}]|[\p{Greek}\p{Cyrillic}][A-Za-z]|[\x{FF01}-\x{FF5E}]"
_TAG = (
    r"(?i)</?(?:p|br|div|span|a|b|i|u|strong|em|ul|ol|li|h[1-6]|table|tr|td|th|font|img|blockquote)(?:\s[^<>]*)?/?>"
    r"|&(?:amp|nbsp|lt|gt|quot|apos|[a-z]{2,6}acute|ntilde|#[0-9]{2,5}|#x[0-9a-f]{2,5});"
)
_MONTHS = "(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)[a-z]*"
_DAY_WITHIN = (
    rf"(?i)\b[0-9]{{1,2}}(?:st|nd|rd|th)? (?:de )?{_MONTHS}\b|\b{_MONTHS} [0-9]{{1,2}}\b"
    r"|\b[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}\b|[-_](?:19|20)[0-9]{6}\b|[-_][0-9]{1,2}_[0-9]{1,2}_[0-9]{2,4}\b"
)
_FORMULA = "^=[-+]?[A-Za-z$(][A-Za-z0-9$.:!]*[(+*/&:^-]|^=.*[(].*[)]$|^=[-+]?[A-Z$]+[0-9$]+$"
_HOW_MANY = r"(?i)[0-9]|\b(?:hundred|thousand|dozen|few|several|many|about|cien|mil|docena|varios|muchos)"
_PADDED = r"['\x22]\s+[^\s'\x22,\]]|[^\s'\x22,\[]\s+['\x22]\s*[,\]]"
_LIST = r"^\[.*\]$|^\{.*\}$|^\(\s*'.*'\s*,?\s*\)$"


def _listed(words: list[str]) -> str:
    return ", ".join(map(literal, words))


_HAS_WIDE = "is_wide"  # holds a character beyond ASCII
SIGNS: Final[dict[str, str]] = {
    "blank_around": "text <> t",
    "line_break": "(contains(text, chr(10)) OR contains(text, chr(13)))",
    "blank_inside": f"{_HAS_WIDE} AND regexp_matches(text, {literal(_BLANK_INSIDE)})",
    "invisible": f"(({_HAS_WIDE} OR is_control) AND regexp_matches(text, {literal(_INVISIBLE)}))",
    "garbled": f"{_HAS_WIDE} AND regexp_matches(t, {literal(_GARBLED)})",
    "replaced": f"{_HAS_WIDE} AND contains(t, chr(65533))",
    "asked": (
        "length(t) <= 80 AND contains(t, '?') AND NOT contains(t, '://') AND NOT contains(t, '=') "
        f"AND regexp_matches(t, {literal('[a-z][?][a-z]')})"
    ),
    "doubled": f"{_HAS_WIDE} AND regexp_matches(t, {literal(_DOUBLED)})",
    "combining": rf"{_HAS_WIDE} AND regexp_matches(t, {literal(r'[A-Za-z][̀-̈]')})",
    "two_scripts": f"{_HAS_WIDE} AND regexp_matches(t, {literal(_TWO_SCRIPTS)})",
    "html": (f"(contains(t, '<') OR (contains(t, '&') AND contains(t, ';'))) AND regexp_matches(t, {literal(_TAG)})"),
    "error": f"(starts_with(t, '#') OR starts_with(t, 'Err')) AND t IN ({_listed(_ERRORS)})",
    "formula": f"starts_with(t, '=') AND regexp_matches(t, {literal(_FORMULA)})",
    "nothing": f"length(t) <= 12 AND lower(t) IN ({_listed(_NOTHING)})",
    "yes_no": f"length(t) <= 9 AND lower(t) IN ({_listed(_YES_NO)})",
    "list_code": f"contains('[{{(', left(t, 1)) AND regexp_matches(t, {literal(_LIST)})",
    "list_padded": f"contains('[{{(', left(t, 1)) AND regexp_matches(t, {literal(_PADDED)})",
    "prose": "length(t) > 30 AND regexp_matches(t, '^(?:[^ ]+ +){7,}[^ ]')",
    "worded_number": f"length(t) > 2 AND contains(t, ' ') AND form = '' AND regexp_matches(t, {literal(_HOW_MANY)})",
    "url": "starts_with(lower(t), 'http')",
    "leading_zero": "length(t) BETWEEN 2 AND 30 AND regexp_full_match(t, '0[0-9]+')",
    "long_number": "length(t) BETWEEN 16 AND 40 AND regexp_full_match(t, '[0-9]+')",
    "cut_number": "length(t) BETWEEN 16 AND 40 AND regexp_full_match(t, '[0-9]{15}0+')",
    "epoch_s": "length(t) IN (10, 12) AND regexp_full_match(t, '[12][0-9]{9}([.]0)?')",
    "epoch_ms": "length(t) IN (13, 15) AND regexp_full_match(t, '1[0-9]{12}([.]0)?')",
    "compact_day": "length(t) = 8 AND regexp_full_match(t, '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])')",
    "excel_day": "length(t) IN (5, 7) AND regexp_full_match(t, '[234][0-9]{4}([.]0)?')",
    "no_day": ("length(t) = 10 AND regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(t AS DATE) IS NULL"),
    "day_within": (
        f"length(t) BETWEEN 8 AND 100 AND regexp_matches(t, '[0-9]') AND form = '' AND "
        f"regexp_matches(t, {literal(_DAY_WITHIN)})"
    ),
    "either_order": "starts_with(form, 'two ') AND p1 <= 12 AND p2 <= 12 AND p1 <> p2",
    "day_first": "starts_with(form, 'two ') AND p1 BETWEEN 13 AND 31 AND p2 <= 12",
    "month_first": "starts_with(form, 'two ') AND p2 BETWEEN 13 AND 31 AND p1 <= 12",
    "semicolon": "contains(t, ';') AND NOT regexp_matches(t, '&[a-z#0-9]+;')",
    "bar": "contains(t, '|')",
    "slash": "contains(t, ' / ')",
    "comma": "contains(t, ', ')",
    "point_zero": "length(t) <= 20 AND regexp_full_match(t, '[-+]?[0-9]+[.]0+')",
}
"""By name: over ``text`` (as it stands), ``t`` (without blanks around it), its ``form``, and ``p1``, ``p2``, its first
two numbers where it looks like a date of two small numbers and a year."""
