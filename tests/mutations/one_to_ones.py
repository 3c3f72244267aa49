"""Breaches of rules about single conversations."""

from __future__ import annotations

from mutations.conversations import (
    add_conversation,
    alone,
    before_everything,
    later,
    members,
    outsiders,
    pair_without_talk,
    people,
    unlinked,
)
from mutations.sheets import Expected, Mutation, Sheets, another_text

__all__ = ["MUTATIONS"]

TABLE = "one_to_ones"


def one_to_one_with_oneself(sheets: Sheets) -> list[Expected]:
    row = unlinked(sheets)[0]
    sheets.set(TABLE, row, person_b=sheets.get(TABLE, row, "person_a"))
    return [Expected("one_to_one_with_oneself", TABLE, row, "person_b")]


def same_conversation_recorded_twice(sheets: Sheets) -> list[Expected]:
    first = unlinked(sheets)[0]
    a, b = (sheets.get(TABLE, first, name) for name in ("person_a", "person_b"))
    row = sheets.append_copy(TABLE, first, one_to_one_id="C-again", person_a=b, person_b=a)
    return [Expected("same_conversation_recorded_twice", TABLE, row, "one_to_one_id")]


def conversation_held_after_taken_on(sheets: Sheets) -> list[Expected]:
    row = add_conversation(sheets, *pair_without_talk(sheets), "2031-01-05")
    return [Expected("conversation_held_after_taken_on", TABLE, row, "held_on")]


def conversation_entered_before_held(sheets: Sheets) -> list[Expected]:
    row = unlinked(sheets)[0]
    sheets.set(TABLE, row, entered_on=later(sheets.get(TABLE, row, "held_on"), -3))
    return [Expected("conversation_entered_before_held", TABLE, row, "entered_on")]


def conversation_entered_long_after(sheets: Sheets) -> list[Expected]:
    row = unlinked(sheets)[0]
    sheets.set(TABLE, row, entered_on=later(sheets.get(TABLE, row, "held_on"), 181))
    return [Expected("conversation_entered_long_after", TABLE, row, "entered_on")]


def conversation_known_only_to_the_year(sheets: Sheets) -> list[Expected]:
    row = unlinked(sheets)[0]
    sheets.set(TABLE, row, held_on=sheets.get(TABLE, row, "held_on")[:4], entered_on="")
    return [Expected("conversation_known_only_to_the_year", TABLE, row, "held_on")]


def conversation_dated_twice(sheets: Sheets) -> list[Expected]:
    first = unlinked(sheets)[0]
    held = sheets.get(TABLE, first, "held_on")
    row = sheets.append_copy(TABLE, first, one_to_one_id="C-again", held_on=held[:7], entered_on="")
    return [Expected("conversation_dated_twice", TABLE, row, "held_on")]


def one_to_one_again_on_the_next_day(sheets: Sheets) -> list[Expected]:
    first = alone(sheets)[0]
    a, b, held = (sheets.get(TABLE, first, name) for name in ("person_a", "person_b", "held_on"))
    row = add_conversation(sheets, b, a, later(held, 1))
    return [Expected("one_to_one_again_on_the_next_day", TABLE, row, "held_on")]


def plan_whose_day_is_long_past(sheets: Sheets) -> list[Expected]:
    row = min(sheets.find_all(TABLE, status="no_show"), key=lambda one: sheets.get(TABLE, one, "held_on"))
    sheets.set(TABLE, row, status="planned", minutes="", is_confirmed="", entered_on="")
    return [Expected("plan_whose_day_is_long_past", TABLE, row, "status")]


def confirmation_of_a_conversation_not_held(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda record: record["person_b"] != "", status="no_show")
    sheets.set(TABLE, row, is_confirmed="yes")
    return [Expected("confirmation_of_a_conversation_not_held", TABLE, row, "is_confirmed")]


def minutes_of_a_conversation_not_held(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, status="cancelled")
    sheets.set(TABLE, row, minutes="40")
    return [Expected("minutes_of_a_conversation_not_held", TABLE, row, "minutes")]


def conversation_after_a_person_left(sheets: Sheets) -> list[Expected]:
    gone, left = next((one["person_id"], one["left_on"]) for one in people(sheets) if len(one["left_on"]) == 10)
    other = next(one for one in members(sheets) if one != gone)
    row = add_conversation(sheets, other, gone, later(left, 5), kind="check_in")
    return [Expected("conversation_after_a_person_left", TABLE, row, "held_on")]


def conversation_before_first_contact(sheets: Sheets) -> list[Expected]:
    new, day = max(
        ((one["person_id"], one["first_contact_on"]) for one in people(sheets) if len(one["first_contact_on"]) == 10),
        key=lambda one: one[1],
    )
    row = add_conversation(sheets, before_everything(sheets), new, later(day, -3), kind="check_in")
    return [Expected("conversation_before_first_contact", TABLE, row, "held_on")]


def asked_for_by_a_person_not_named(sheets: Sheets) -> list[Expected]:
    row = unlinked(sheets)[0]
    sheets.set(TABLE, row, person_b="", initiated_by="person_b", is_confirmed="")
    return [Expected("asked_for_by_a_person_not_named", TABLE, row, "person_b")]


def confirmation_by_a_person_not_named(sheets: Sheets) -> list[Expected]:
    row = unlinked(sheets)[0]
    sheets.set(TABLE, row, person_b="", initiated_by="", is_confirmed="no")
    return [Expected("confirmation_by_a_person_not_named", TABLE, row, "person_b")]


def conversation_of_two_outsiders(sheets: Sheets) -> list[Expected]:
    a, b, *_ = outsiders(sheets)
    row = add_conversation(sheets, a, b, "2026-06-17")
    return [Expected("conversation_of_two_outsiders", TABLE, row, "person_a")]


def concerns_without_a_member(sheets: Sheets) -> list[Expected]:
    staff = next(one["person_id"] for one in people(sheets) if one["person_type"] == "staff")
    issue = sheets.get("issues", 2, "issue_id")
    row = add_conversation(sheets, staff, outsiders(sheets)[0], "2026-06-17", concerns=issue)
    return [Expected("concerns_without_a_member", TABLE, row, "concerns")]


def many_conversations_of_one_person_in_a_day(sheets: Sheets) -> list[Expected]:
    busy, *others = members(sheets)
    rows = [add_conversation(sheets, busy, other, "2026-06-17", kind="check_in") for other in others[:16]]
    return [Expected("many_conversations_of_one_person_in_a_day", TABLE, rows[0], "held_on")]


def one_to_ones_too_often_for_one_pair(sheets: Sheets) -> list[Expected]:
    a, b = pair_without_talk(sheets)
    rows = [add_conversation(sheets, a, b, f"2026-06-{day:02d}") for day in range(1, 15, 2)]
    return [Expected("one_to_ones_too_often_for_one_pair", TABLE, rows[0], "kind")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        one_to_one_with_oneself,
        same_conversation_recorded_twice,
        conversation_held_after_taken_on,
        conversation_entered_before_held,
        conversation_entered_long_after,
        conversation_known_only_to_the_year,
        conversation_dated_twice,
        one_to_one_again_on_the_next_day,
        plan_whose_day_is_long_past,
        confirmation_of_a_conversation_not_held,
        minutes_of_a_conversation_not_held,
        conversation_after_a_person_left,
        conversation_before_first_contact,
        asked_for_by_a_person_not_named,
        confirmation_by_a_person_not_named,
        conversation_of_two_outsiders,
        concerns_without_a_member,
        many_conversations_of_one_person_in_a_day,
        one_to_ones_too_often_for_one_pair,
    )
} | {
    "conversation_longer_than_eight_hours": another_text(
        "conversation_longer_than_eight_hours", TABLE, "minutes", "900", status="held"
    ),
    "one_to_one_of_hardly_any_minutes": another_text(
        "one_to_one_of_hardly_any_minutes", TABLE, "minutes", "0", status="held", kind="one_to_one"
    ),
}
