"""Breaches of rules about events: their day, their people and their work. For what they belong to: `event_links`."""

from __future__ import annotations

from mutations.conversations import declare, later
from mutations.gatherings import QUIET_DAY, come, new_event, present, steady
from mutations.sheets import Expected, Mutation, Sheets, another_text

__all__ = ["MUTATIONS"]


def _found(rule: str, row: int, field: str, cause: str = "") -> Expected:
    return Expected(rule, "events", row, field, cause)


def head_count_below_named_present(sheets: Sheets) -> list[Expected]:
    named = present(sheets)
    row = sheets.find("events", lambda one: named[one["event_id"]] >= 2, kind="meeting", head_count_method="sign_in")
    sheets.set("events", row, head_count="1")
    return [_found("head_count_below_named_present", row, "head_count")]


def sign_in_sheet_not_fully_entered(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", status="held", kind="meeting", head_count_method="sign_in")
    sheets.set("events", row, head_count=str(int(sheets.get("events", row, "head_count")) + 3))
    return [_found("sign_in_sheet_not_fully_entered", row, "head_count")]


def held_event_with_nobody_there(sheets: Sheets) -> list[Expected]:
    row = new_event(sheets, head_count="0")
    return [_found("held_event_with_nobody_there", row, "head_count")]


def held_event_with_nobody_there__though_people_are_named(sheets: Sheets) -> list[Expected]:
    named = present(sheets)
    row = sheets.find("events", lambda one: named[one["event_id"]] > 0, kind="meeting", head_count="", status="held")
    sheets.set("events", row, head_count="0")
    rule = "held_event_with_nobody_there"
    return [_found(rule, row, "head_count"), _found("head_count_below_named_present", row, "head_count", rule)]


def head_counts_out_of_order(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["head_count_low"] != "")
    sheets.set("events", row, head_count_low=str(int(sheets.get("events", row, "head_count_high")) + 1))
    return [_found("head_counts_out_of_order", row, "head_count_low")]


def head_range_without_head_count(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["head_count_low"] != "")
    sheets.set("events", row, head_count="")
    return [_found("head_range_without_head_count", row, "head_count")]


def head_count_without_method(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["head_count"] != "", kind="collective_action", status="held")
    sheets.set("events", row, head_count_method="")
    return [_found("head_count_without_method", row, "head_count_method")]


def people_counted_at_event_not_held(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", status="cancelled")
    sheets.set("events", row, head_count="12")
    return [_found("people_counted_at_event_not_held", row, "head_count")]


def _action(sheets: Sheets, **texts: str) -> int:
    """A collective action of an open campaign, of which all is known but who came."""
    like = sheets.find("events", lambda one: one["target"] != "", kind="collective_action", status="held")
    kept = {name: sheets.get("events", like, name) for name in ("target", "has_target_authority", "has_stated_demand")}
    campaign = sheets.find("campaigns", closed_on="")
    code = sheets.get("campaigns", campaign, "campaign_id")
    return new_event(sheets, kind="collective_action", campaign_id=code, **kept, **texts)


def action_without_any_people(sheets: Sheets) -> list[Expected]:
    row = _action(sheets)
    return [_found("action_without_any_people", row, "head_count")]


def action_of_staff_alone(sheets: Sheets) -> list[Expected]:
    row = _action(sheets)
    for person in sheets.find_all("people", person_type="staff"):
        come(sheets, sheets.get("events", row, "event_id"), sheets.get("people", person, "person_id"))
    return [_found("action_of_staff_alone", row, "kind")]


def collective_action_of_one_person(sheets: Sheets) -> list[Expected]:
    row = _action(sheets, head_count="1", head_count_method="counted")
    return [_found("collective_action_of_one_person", row, "head_count")]


def one_event_recorded_per_person(sheets: Sheets) -> list[Expected]:
    """The days of a canvass, as a tool hands them out: a row for each person who went."""
    people = steady(sheets)[:5]
    rows = [new_event(sheets, number, kind="canvass") for number, _ in enumerate(people)]
    for row, person in zip(rows, people, strict=True):
        come(sheets, sheets.get("events", row, "event_id"), person)
    return [_found("one_event_recorded_per_person", row, "event_id") for row in rows[1:]]


def one_event_recorded_per_person__actions(sheets: Sheets) -> list[Expected]:
    """The inflation of the founding paper: letters to one office, each of them a collective action."""
    count = {"head_count": "1", "head_count_method": "counted"}
    rows = [_action(sheets, event_id=f"E-901{number}", **count) for number in range(6)]
    rule = "one_event_recorded_per_person"
    return [
        *(_found(rule, row, "event_id") for row in rows[1:]),
        *(_found("collective_action_of_one_person", row, "head_count", rule) for row in rows),
    ]


def same_event_recorded_twice(sheets: Sheets) -> list[Expected]:
    named = present(sheets)
    first = sheets.find("events", lambda one: 3 <= named[one["event_id"]] < 10, kind="meeting", status="held")
    event = sheets.get("events", first, "event_id")
    row = sheets.append_copy("events", first, event_id="E-9001", staff_hours="1.5", entered_on="")
    for one in sheets.find_all("participation", event_id=event, attended="yes"):
        come(sheets, "E-9001", sheets.get("participation", one, "person_id"))
    return [_found("same_event_recorded_twice", row, "event_id")]


def event_held_after_taken_on(sheets: Sheets) -> list[Expected]:
    row = new_event(sheets, held_on="2062-03-03")
    return [_found("event_held_after_taken_on", row, "held_on")]


def event_planned_long_ago(sheets: Sheets) -> list[Expected]:
    row = new_event(sheets, status="planned")
    return [_found("event_planned_long_ago", row, "status")]


def event_planned_long_ago__though_people_came(sheets: Sheets) -> list[Expected]:
    """Nobody wrote that the meeting was held, and its sheet was entered all the same."""
    row, rule = new_event(sheets, status="planned", head_count="3"), "event_planned_long_ago"
    rows = [come(sheets, "E-9001", person) for person in steady(sheets)[:3]]
    return [
        _found(rule, row, "status"),
        _found("people_counted_at_event_not_held", row, "head_count", rule),
        *(Expected("attendance_at_event_not_held", "participation", one, "attended", rule) for one in rows),
    ]


def event_entered_before_held(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["entered_on"] != "", status="held")
    sheets.set("events", row, entered_on=later(sheets.get("events", row, "held_on"), -2))
    return [_found("event_entered_before_held", row, "entered_on")]


def staff_hours_without_paid_staff(sheets: Sheets) -> list[Expected]:
    declare(sheets, "has_paid_staff", "no")
    rows = sheets.find_all("events", lambda one: one["staff_hours"] not in ("", "0"))
    paid = Expected("staff_though_none_is_paid", "memberships", None, "role")
    return [paid, *(_found("staff_hours_without_paid_staff", row, "staff_hours") for row in rows)]


def mode_missing_at_most_events(sheets: Sheets) -> list[Expected]:
    for row in sheets.find_all("events", status="held")[4:]:
        sheets.set("events", row, mode="")
    return [Expected("mode_missing_at_most_events", "events", None, "mode")]


def cycle_steps_without_the_events_own(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", kind="collective_action", cycle_steps="action")
    sheets.set("events", row, cycle_steps="strategy;power_analysis")
    return [_found("cycle_steps_without_the_events_own", row, "cycle_steps")]


def same_function_for_everybody(sheets: Sheets) -> list[Expected]:
    named = present(sheets)
    row = sheets.find("events", lambda one: named[one["event_id"]] >= 5, kind="training", status="held")
    for one in sheets.find_all("participation", event_id=sheets.get("events", row, "event_id"), attended="yes"):
        sheets.set("participation", one, functions="trained")
    return [_found("same_function_for_everybody", row, "event_id")]


def same_sign_in_list_at_two_events(sheets: Sheets) -> list[Expected]:
    row = new_event(sheets)
    other = new_event(sheets, 2, held_on=later(QUIET_DAY, 7))
    for person in steady(sheets)[:10]:
        come(sheets, "E-9001", person)
        come(sheets, "E-9002", person)
    assert row < other
    return [_found("same_sign_in_list_at_two_events", other, "event_id")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        head_count_below_named_present,
        sign_in_sheet_not_fully_entered,
        held_event_with_nobody_there,
        held_event_with_nobody_there__though_people_are_named,
        head_counts_out_of_order,
        head_range_without_head_count,
        head_count_without_method,
        people_counted_at_event_not_held,
        action_without_any_people,
        action_of_staff_alone,
        collective_action_of_one_person,
        one_event_recorded_per_person,
        one_event_recorded_per_person__actions,
        same_event_recorded_twice,
        event_held_after_taken_on,
        event_planned_long_ago,
        event_planned_long_ago__though_people_came,
        event_entered_before_held,
        staff_hours_without_paid_staff,
        mode_missing_at_most_events,
        cycle_steps_without_the_events_own,
        same_function_for_everybody,
        same_sign_in_list_at_two_events,
    )
} | {
    "too_many_staff_hours_for_one_event": another_text(
        "too_many_staff_hours_for_one_event", "events", "staff_hours", "390", status="held"
    ),
    "collective_action_called_routine": another_text(
        "collective_action_called_routine", "events", "mode", "administrative", kind="collective_action", status="held"
    ),
}
