"""Breaches of rules about the manifest."""

from __future__ import annotations

import re

from mutations.conversations import declare
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "submission"


def line(sheets: Sheets, name: str) -> int:
    """Line on which the value of a key begins: of a list, its first item's."""
    lines = sheets.manifest.splitlines()
    at = next(number for number, text in enumerate(lines, start=1) if re.match(rf" *{name}:", text))
    return at + 1 if lines[at - 1].endswith(":") else at


def reviews_of_another(cause: str) -> Expected:
    return Expected("reviews_not_of_the_manifests_event", "reviews", None, "event_id", cause)


def at_key(sheets: Sheets, rule: str, key: str, cause: str = "") -> Expected:
    return Expected(rule, TABLE, line(sheets, key.rpartition(".")[2]), key, cause)


def name_event(sheets: Sheets, row: int) -> None:
    """Name another event as the review."""
    declare(sheets, "event_id", sheets.get("events", row, "event_id"))
    declare(sheets, "reviewed_on", sheets.get("events", row, "held_on"))


def without_review(sheets: Sheets) -> None:
    """Take the review out of the manifest, and what was said there."""
    sheets.manifest = re.sub(r"(?m)^review:\n(  .*\n)*", "", sheets.manifest)
    sheets.drop_table("reviews")


def records_begin_after_the_period(sheets: Sheets) -> list[Expected]:
    declare(sheets, "records_from", "2027-02-01")
    cause = "records_begin_after_the_period"
    dated = (
        *(("one_to_ones", "held_on"), ("events", "held_on"), ("commitments", "made_on"), ("decisions", "decided_on")),
        *(("activity_counts", "month"), ("digital_cohorts", "cohort_month")),
    )
    return [
        at_key(sheets, cause, "records_from"),
        *(Expected("dates_mostly_outside_the_period", table, None, name, cause) for table, name in dated),
    ]


def records_begin_within_the_year(sheets: Sheets) -> list[Expected]:
    declare(sheets, "records_from", "2025-08-01")
    return [at_key(sheets, "records_begin_within_the_year", "records_from")]


def taken_before_the_period_ended(sheets: Sheets) -> list[Expected]:
    without_review(sheets)
    declare(sheets, "end", "2026-07-16")
    return [at_key(sheets, "taken_before_the_period_ended", "taken_on")]


def taken_long_after_the_period(sheets: Sheets) -> list[Expected]:
    """A year too late, so that all that was planned is long past."""
    declare(sheets, "taken_on", "2027-07-14")
    cause = "taken_long_after_the_period"
    open_ones = sheets.find_all("commitments", lambda record: record["due_on"] != "", status="open")
    return [
        at_key(sheets, cause, "taken_on"),
        *(
            Expected("plan_whose_day_is_long_past", "one_to_ones", row, "status", cause)
            for row in sheets.find_all("one_to_ones", status="planned")
        ),
        *(
            Expected("event_planned_long_ago", "events", row, "status", cause)
            for row in sheets.find_all("events", status="planned")
        ),
        *(Expected("commitment_overdue_and_open", "commitments", row, "status", cause) for row in open_ones),
    ]


def period_of_unusual_length(sheets: Sheets) -> list[Expected]:
    declare(sheets, "start", "2015-07-01")
    return [at_key(sheets, "period_of_unusual_length", "period.end")]


def review_event_not_in_events(sheets: Sheets) -> list[Expected]:
    declare(sheets, "event_id", "E-none")
    rule = "review_event_not_in_events"
    return [at_key(sheets, rule, "review.event_id"), reviews_of_another(rule)]


def review_event_not_held(sheets: Sheets) -> list[Expected]:
    name_event(sheets, sheets.find("events", lambda record: record["status"] != "held"))
    rule = "review_event_not_held"
    return [at_key(sheets, rule, "review.event_id"), reviews_of_another(rule)]


def review_before_the_period_ended(sheets: Sheets) -> list[Expected]:
    """The review of the year before, named again."""
    name_event(sheets, sheets.find("events", lambda record: record["held_on"] < "2026-06-01", status="held"))
    rule = "review_before_the_period_ended"
    return [at_key(sheets, rule, "review.event_id"), reviews_of_another(rule)]


def review_on_another_day_than_its_event(sheets: Sheets) -> list[Expected]:
    declare(sheets, "reviewed_on", "2026-07-08")
    return [at_key(sheets, "review_on_another_day_than_its_event", "review.reviewed_on")]


def review_without_its_event(sheets: Sheets) -> list[Expected]:
    sheets.manifest = re.sub(r"(?m)^  event_id: .*\n", "", sheets.manifest)
    rule = "review_without_its_event"
    return [at_key(sheets, rule, "review.reviewed_on"), reviews_of_another(rule)]


def complete_table_not_handed_in(sheets: Sheets) -> list[Expected]:
    sheets.drop_table("activity_counts")
    return [at_key(sheets, "complete_table_not_handed_in", "complete_tables")]


def level_without_its_tables(sheets: Sheets) -> list[Expected]:
    """An organization of the level full hands in what it keeps at the level relational."""
    for table in (
        *("demands", "agenda_items", "seats", "outcomes", "outcome_codings", "survey_items", "survey_responses"),
        *("reference_population", "documents", "document_codings"),
    ):
        sheets.drop_table(table)
    sheets.manifest = re.sub(r'(?m)^  - "(demands|outcomes)"\n', "", sheets.manifest)
    return [at_key(sheets, "level_without_its_tables", "adoption_level")]


def tables_above_the_level(sheets: Sheets) -> list[Expected]:
    declare(sheets, "adoption_level", "relational")
    return [at_key(sheets, "tables_above_the_level", "adoption_level")]


def breadth_without_such_groups(sheets: Sheets) -> list[Expected]:
    sheets.manifest += 'breadth_group_type: "institution"\n'
    for row in sheets.find_all("groups", group_type="institution"):
        sheets.set("groups", row, group_type="chapter")
    return [at_key(sheets, "breadth_without_such_groups", "breadth_group_type")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        records_begin_after_the_period,
        records_begin_within_the_year,
        taken_before_the_period_ended,
        taken_long_after_the_period,
        period_of_unusual_length,
        review_event_not_in_events,
        review_event_not_held,
        review_before_the_period_ended,
        review_on_another_day_than_its_event,
        review_without_its_event,
        complete_table_not_handed_in,
        level_without_its_tables,
        tables_above_the_level,
        breadth_without_such_groups,
    )
}
