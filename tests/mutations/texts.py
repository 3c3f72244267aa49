"""Texts that cannot be read for a reason that a whole column shares, and labels that are spoiled."""

from __future__ import annotations

from collections.abc import Callable

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS", "spoiled"]

Change = Callable[[str], str]


def spoiled(rule: str, constraint: str, table: str, name: str, change: Change, n: int = 3) -> Mutation:
    """A few cells of a column written in another way: told once, at the first of them, and each cell hangs on it."""

    def plant(sheets: Sheets) -> list[Expected]:
        rows = sheets.find_all(table, lambda record: record[name] != "")[:n]
        assert rows
        for row in rows:
            sheets.set(table, row, **{name: change(sheets.get(table, row, name))})
        told = [Expected(constraint, table, row, name, rule) for row in rows] if constraint else []
        return [Expected(rule, table, rows[0], name), *told]

    return plant


def _with(text: str) -> Change:
    return lambda _: text


def _day_first(text: str) -> str:
    return ".".join(reversed(text.split("-")))


_DAYS = ("value_not_of_type", "events", "entered_on")
_COUNTS = ("value_not_of_type", "events", "head_count_high")
_HOURS = ("value_not_of_type", "events", "staff_hours")
_WORDS = ("code_not_in_list", "participation", "sign_up")
_ITEMS = ("agenda_items", "agenda_item_id")

MUTATIONS: dict[str, Mutation] = {
    "date_as_epoch_number": spoiled("date_as_epoch_number", *_DAYS, _with("1773446400000")),
    "date_as_spreadsheet_number": spoiled("date_as_spreadsheet_number", *_DAYS, _with("46095")),
    "date_with_two_digit_year": spoiled("date_with_two_digit_year", *_DAYS, _with("14.03.26")),
    "date_with_day_or_month_first": spoiled("date_with_day_or_month_first", *_DAYS, _day_first),
    "date_with_time": spoiled("date_with_time", *_DAYS, lambda text: f"{text}T19:30:00Z"),
    "date_in_another_form": spoiled("date_in_another_form", *_DAYS, lambda text: text.replace("-", "/")),
    "date_with_month_as_word": spoiled("date_with_month_as_word", *_DAYS, _with("14 de marzo de 2026")),
    "date_that_means_none": spoiled("date_that_means_none", *_DAYS, _with("0000-00-00")),
    "number_with_decimal_comma": spoiled("number_with_decimal_comma", *_HOURS, _with("4,5")),
    "number_with_thousands_marks": spoiled("number_with_thousands_marks", *_COUNTS, _with("1,200")),
    "whole_number_with_point": spoiled("whole_number_with_point", *_COUNTS, lambda text: f"{text}.0"),
    "formula_error_in_cell": spoiled("formula_error_in_cell", *_HOURS, _with("#¡REF!")),
    "word_for_nothing_in_cell": spoiled("word_for_nothing_in_cell", *_WORDS, _with("NULL")),
    "characters_that_cannot_be_seen": spoiled(
        "characters_that_cannot_be_seen", *_WORDS, lambda text: f"{text[:3]}\u200b{text[3:]}"
    ),
    "look_alike_characters": spoiled("look_alike_characters", *_WORDS, lambda text: text.replace("e", "\u0435"), n=1),
    "look_alike_characters__hyphen": spoiled(
        "look_alike_characters", "id_pattern", "participation", "invited_by", lambda text: text.replace("-", "\u2013")
    ),
    "code_in_scientific_notation": spoiled(
        "code_in_scientific_notation", "id_pattern", "participation", "invited_by", _with("1.2E+05")
    ),
    "code_turned_into_a_date": spoiled("code_turned_into_a_date", "", *_ITEMS, _with("1-Mar"), n=1),
    "code_that_says_nothing": spoiled("code_that_says_nothing", "", *_ITEMS, _with("nan"), n=1),
    "letters_spoiled_by_a_program": spoiled(
        "letters_spoiled_by_a_program", "", "groups", "label", lambda text: f"{text} de MarÃ­a"
    ),
    "blanks_around_text": spoiled("blanks_around_text", "", "groups", "label", lambda text: f"{text} "),
    "text_that_says_nothing": spoiled("text_that_says_nothing", "", "groups", "label", _with("n/a"), n=2),
}
