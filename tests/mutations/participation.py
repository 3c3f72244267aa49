"""Breaches of rules about who came to which event."""

from __future__ import annotations

from mutations.conversations import remove
from mutations.gatherings import QUIET_DAY, come, event_of, new_event, newcomer, present, steady
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "participation"


def _found(rule: str, row: int | None, field: str) -> list[Expected]:
    return [Expected(rule, TABLE, row, field)]


def attendance_at_event_not_held(sheets: Sheets) -> list[Expected]:
    """An event that nothing else points at."""
    named = present(sheets)
    pointed = {
        record[field]
        for table, field in (
            ("reviews", "event_id"), ("event_codings", "event_id"), ("events", "reflects_on_event_id"),
            ("commitments", "event_id"), ("decisions", "event_id"), ("joint_acts", "event_id"),
        )
        for _, record in sheets.records(table)
    }  # fmt: skip
    event = sheets.find(
        "events", lambda one: named[one["event_id"]] >= 3 and one["event_id"] not in pointed,
        status="held", kind="meeting", head_count="", entered_on="",
    )  # fmt: skip
    sheets.set("events", event, status="cancelled")
    rows = sheets.find_all(TABLE, event_id=sheets.get("events", event, "event_id"), attended="yes")
    return [Expected("attendance_at_event_not_held", TABLE, row, "attended") for row in rows]


def attendance_before_first_contact(sheets: Sheets) -> list[Expected]:
    new_event(sheets)
    row = come(sheets, "E-9001", newcomer(sheets))
    return _found("attendance_before_first_contact", row, "person_id")


def attendance_after_leaving(sheets: Sheets) -> list[Expected]:
    new_event(sheets)
    row = come(sheets, "E-9001", newcomer(sheets, first_contact_on="2025-11", left_on="2026-02"))
    return _found("attendance_after_leaving", row, "person_id")


def declined_but_came(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, attended="yes", sign_up="signed_up")
    sheets.set(TABLE, row, sign_up="declined")
    return _found("declined_but_came", row, "sign_up")


def walked_in_but_absent(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, attended="no", sign_up="signed_up")
    sheets.set(TABLE, row, sign_up="walked_in")
    return _found("walked_in_but_absent", row, "sign_up")


def absence_reason_though_present(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, attended="yes")
    sheets.set(TABLE, row, absence_reason="work")
    return _found("absence_reason_though_present", row, "absence_reason")


def function_though_absent(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, attended="no", functions="")
    sheets.set(TABLE, row, functions="facilitated")
    return _found("function_though_absent", row, "functions")


def invited_by_oneself(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, attended="yes")
    sheets.set(TABLE, row, invited_by=sheets.get(TABLE, row, "person_id"))
    return _found("invited_by_oneself", row, "invited_by")


def invited_by_somebody_not_with_you(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda one: event_day(sheets, one["event_id"]) < QUIET_DAY, attended="yes")
    sheets.set(TABLE, row, invited_by=newcomer(sheets))
    return _found("invited_by_somebody_not_with_you", row, "invited_by")


def event_day(sheets: Sheets, event: str) -> str:
    return sheets.get("events", sheets.find("events", event_id=event), "held_on")


def first_time_after_an_earlier_event(sheets: Sheets) -> list[Expected]:
    new_event(sheets)
    row = come(sheets, "E-9001", steady_at_events(sheets), is_first_time="yes")
    return _found("first_time_after_an_earlier_event", row, "is_first_time")


def steady_at_events(sheets: Sheets) -> str:
    """A member who came to an event long before the quiet day."""
    there = {
        record["person_id"]
        for _, record in sheets.records(TABLE)
        if record["attended"] == "yes" and event_day(sheets, record["event_id"]) < "2025-12"
    }
    return next(person for person in steady(sheets) if person in there)


def came_before_the_first_contact(sheets: Sheets) -> list[Expected]:
    new_event(sheets)
    row = come(sheets, "E-9001", newcomer(sheets, first_contact_on=QUIET_DAY), is_first_time="no")
    return _found("came_before_the_first_contact", row, "is_first_time")


def came_for_group_outside_its_life(sheets: Sheets) -> list[Expected]:
    old = {"group_id": "G-old-mill", "group_type": "institution", "started_on": "2019-02", "ended_on": "2025-05"}
    person = newcomer(sheets, first_contact_on="2024-11")
    sheets.append("groups", **old, keeps_conversation_log="no")
    spell = {"role": "participant", "started_on": "2024-11-20", "ended_on": "2025-04-12"}
    sheets.append("memberships", person_id=person, group_id="G-old-mill", **spell)
    new_event(sheets)
    row = come(sheets, "E-9001", person, represents_group_id="G-old-mill")
    return _found("came_for_group_outside_its_life", row, "represents_group_id")


def came_for_group_without_role_in_it(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda one: one["represents_group_id"].startswith("G-"), attended="yes")
    person = sheets.get(TABLE, row, "person_id")
    own = {record["group_id"] for _, record in sheets.records("memberships") if record["person_id"] == person}
    other = sheets.find("groups", lambda one: one["group_id"] not in own, group_type="team")
    sheets.set(TABLE, row, represents_group_id=sheets.get("groups", other, "group_id"))
    return _found("came_for_group_without_role_in_it", row, "represents_group_id")


def everyone_who_signed_up_came(sheets: Sheets) -> list[Expected]:
    promised = ("signed_up", "tentative")
    remove(sheets, TABLE, sheets.find_all(TABLE, lambda one: one["attended"] != "yes" and one["sign_up"] in promised))
    return _found("everyone_who_signed_up_came", None, "attended")


def many_events_of_one_person_in_a_day(sheets: Sheets) -> list[Expected]:
    person = steady(sheets)[0]
    for number in range(4):
        new_event(sheets, number)
    rows = [come(sheets, f"E-900{number}", person) for number in range(4)]
    return _found("many_events_of_one_person_in_a_day", rows[0], "person_id")


def leaders_missing_at_most_sessions(sheets: Sheets) -> list[Expected]:
    """Somebody noted what people did until the summer, and nobody since."""
    led = ("facilitated", "designed", "presented_analysis")
    for row in sheets.find_all(TABLE, lambda one: any(function in one["functions"] for function in led)):
        if event_of(sheets, row)["held_on"] > "2025-06":
            sheets.set(TABLE, row, functions="")
    return _found("leaders_missing_at_most_sessions", None, "functions")


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        attendance_at_event_not_held,
        attendance_before_first_contact,
        attendance_after_leaving,
        declined_but_came,
        walked_in_but_absent,
        absence_reason_though_present,
        function_though_absent,
        invited_by_oneself,
        invited_by_somebody_not_with_you,
        first_time_after_an_earlier_event,
        came_before_the_first_contact,
        came_for_group_outside_its_life,
        came_for_group_without_role_in_it,
        everyone_who_signed_up_came,
        many_events_of_one_person_in_a_day,
        leaders_missing_at_most_sessions,
    )
}
