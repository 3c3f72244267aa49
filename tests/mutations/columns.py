"""Columns that look wrong as a whole, and codes that are written in another way than where they come from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS", "column"]


def column(rule: str, table: str, name: str, change: Callable[[int, str], str]) -> Mutation:
    """Change every filled cell of a column, counted from 0; the column is one finding."""

    def plant(sheets: Sheets) -> list[Expected]:
        rows = sheets.find_all(table, lambda record: record[name] != "")
        assert rows
        for number, row in enumerate(rows):
            sheets.set(table, row, **{name: change(number, sheets.get(table, row, name))})
        return [Expected(rule, table, None, name)]

    return plant


def _always(text: str) -> Callable[[int, str], str]:
    return lambda _, __: text


def _in_turn(texts: Sequence[str]) -> Callable[[int, str], str]:
    return lambda number, _: texts[number % len(texts)]


def _first_of_month(_: int, text: str) -> str:
    return f"{text}-01-01"[:8] + "01"


def _years_earlier(_: int, text: str) -> str:
    return f"{int(text[:4]) - 9}{text[4:]}"


def _at_most_12(number: int, text: str) -> str:
    return f"{text[:8]}{min(int(text[8:]), 1 + number * 7 % 12):02d}" if len(text) == 10 else text


def dates_on_one_weekday(sheets: Sheets) -> list[Expected]:
    """Every conversation is entered on the Monday after it, as by a program that knows weeks only."""
    for row, record in sheets.records("one_to_ones"):
        if record["entered_on"]:
            day = datetime.date.fromisoformat(record["entered_on"])
            monday = day + datetime.timedelta(days=-day.weekday() % 7)
            known = "" if monday > datetime.date(2026, 12, 31) else monday.isoformat()
            sheets.set("one_to_ones", row, entered_on=known)
    return [Expected("dates_on_one_weekday", "one_to_ones", None, "entered_on")]


def dates_on_the_first_of_the_month(sheets: Sheets) -> list[Expected]:
    """Texts keep to their side of the campaign, a month further away from it."""
    for row, record in sheets.records("documents"):
        day = datetime.date.fromisoformat(record["published_on"]).replace(day=1)
        if record["phase"] == "before":
            day = (day - datetime.timedelta(days=1)).replace(day=1)
        sheets.set("documents", row, published_on=day.isoformat())
    return [Expected("dates_on_the_first_of_the_month", "documents", None, "published_on")]


def everything_entered_on_one_day(sheets: Sheets) -> list[Expected]:
    last = max(record["entered_on"] for _, record in sheets.records("events"))
    return column("everything_entered_on_one_day", "events", "entered_on", _always(last))(sheets)


def column_mostly_unknown(sheets: Sheets) -> list[Expected]:
    for row, _ in sheets.records("commitments"):
        sheets.set("commitments", row, status="unknown", status_on="")
    return [Expected("column_mostly_unknown", "commitments", None, "status")]


def head_counts_in_round_numbers(sheets: Sheets) -> list[Expected]:
    for row, record in sheets.records("events"):
        if record["head_count"]:
            tens = -(-int(record["head_count"]) // 10) * 10 + row % 4 * 10
            sheets.set("events", row, head_count=str(tens), head_count_low="", head_count_high="")
            sheets.set("events", row, head_count_method="estimated")
    return [Expected("head_counts_in_round_numbers", "events", None, "head_count")]


def zeros_lost_in_references(sheets: Sheets) -> list[Expected]:
    """A spreadsheet takes the zeros off the codes of one column: told once, and every row hangs on it."""
    rows = []
    for row, record in sheets.records("participation"):
        short = re.sub(r"0+([0-9])", r"\1", record["invited_by"])
        if short != record["invited_by"]:
            sheets.set("participation", row, invited_by=short)
            rows.append(row)
    cause = "reference_written_differently"
    assert rows
    return [
        Expected(cause, "participation", None, "invited_by"),
        *(Expected("dangling_reference", "participation", row, "invited_by", cause) for row in rows),
    ]


def keys_nearly_the_same(sheets: Sheets) -> list[Expected]:
    first = sheets.find("issues")
    code = sheets.get("issues", first, "issue_id")
    row = sheets.append_copy("issues", first, issue_id=code.swapcase(), label="Another")
    return [Expected("keys_nearly_the_same", "issues", row, "issue_id")]


def copied_row(sheets: Sheets) -> list[Expected]:
    first = sheets.find("demands", lambda record: record["target_level"] != "" and record["state_on"] != "")
    row = sheets.append_copy("demands", first, demand_id="D-again")
    return [Expected("copied_row", "demands", row, "demand_id")]


MUTATIONS: dict[str, Mutation] = {
    "dates_at_the_turn_of_the_year": column(
        "dates_at_the_turn_of_the_year", "people", "first_contact_on",
        lambda number, text: f"{2010 + number // 3}-01-01" if number % 3 == 0 and number < 30 else text,
    ),
    "dates_on_the_first_of_the_month": dates_on_the_first_of_the_month,
    "days_and_months_swapped": column("days_and_months_swapped", "people", "first_contact_on", _at_most_12),
    "dates_mostly_outside_the_period": column(
        "dates_mostly_outside_the_period", "digital_cohorts", "cohort_month", _years_earlier
    ),
    "everything_entered_on_one_day": everything_entered_on_one_day,
    "dates_on_one_weekday": dates_on_one_weekday,
    "spells_begin_on_round_days": column(
        "spells_begin_on_round_days", "organization_ties", "started_on", _first_of_month
    ),
    "one_answer_everywhere": column("one_answer_everywhere", "document_codings", "has_frame", _always("yes")),
    "column_mostly_unknown": column_mostly_unknown,
    "nothing_but_unknown": column("nothing_but_unknown", "participation", "absence_reason", _always("unknown")),
    "labels_all_the_same": column("labels_all_the_same", "outcomes", "title", _always("A win")),
    "head_counts_in_round_numbers": head_counts_in_round_numbers,
    "zeros_lost_in_references": zeros_lost_in_references,
    "keys_nearly_the_same": keys_nearly_the_same,
    "copied_row": copied_row,
}  # fmt: skip
