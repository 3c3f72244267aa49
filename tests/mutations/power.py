"""Breaches of rules about demands, agendas and seats."""

from __future__ import annotations

import datetime

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]


def _days_after(text: str, days: int) -> str:
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=days)).isoformat()


# --- demands ------------------------------------------------------------------------------------------------------


def demand_decided_without_day(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", state="withdrawn")
    sheets.set("demands", row, state_on="")
    return [Expected("demand_decided_without_day", "demands", row, "state_on")]


def demand_decided_without_day__unreadable(sheets: Sheets) -> list[Expected]:
    """A day that cannot be read is told once."""
    row = sheets.find("demands", state="withdrawn")
    sheets.set("demands", row, state_on="in May")
    return [
        Expected("value_not_of_type", "demands", row, "state_on"),
        Expected("demand_decided_without_day", "demands", row, "state_on", "value_not_of_type"),
    ]


def demand_decided_before_made(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", state="withdrawn")
    sheets.set("demands", row, state_on=_days_after(sheets.get("demands", row, "made_on"), -1))
    return [Expected("demand_decided_before_made", "demands", row, "state_on")]


def open_demand_with_day_of_answer(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", state="open")
    sheets.set("demands", row, state_on=_days_after(sheets.get("demands", row, "made_on"), 20))
    return [Expected("open_demand_with_day_of_answer", "demands", row, "state")]


def demand_carried_out_though_not_won(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", state="refused")
    sheets.set("demands", row, implementation="partly", implementation_checked_on="2026-07-01")
    return [Expected("demand_carried_out_though_not_won", "demands", row, "implementation")]


def carrying_out_checked_before_answer(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", lambda record: record["implementation_checked_on"] != "", state="won")
    sheets.set("demands", row, implementation_checked_on=_days_after(sheets.get("demands", row, "state_on"), -1))
    return [Expected("carrying_out_checked_before_answer", "demands", row, "implementation_checked_on")]


def carried_out_without_day_of_check(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", implementation="yes")
    sheets.set("demands", row, implementation_checked_on="")
    return [Expected("carried_out_without_day_of_check", "demands", row, "implementation_checked_on")]


def demand_before_its_campaign(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", state="refused")
    campaign = sheets.find("campaigns", campaign_id=sheets.get("demands", row, "campaign_id"))
    opened = (sheets.get("campaigns", campaign, "opened_on") + "-01-01")[:10]
    sheets.set("demands", row, made_on=_days_after(opened, -1))
    return [Expected("demand_before_its_campaign", "demands", row, "made_on")]


def demand_after_its_campaign(sheets: Sheets) -> list[Expected]:
    campaign = sheets.find("campaigns", lambda record: len(record["closed_on"]) == 10)
    closed = sheets.get("campaigns", campaign, "closed_on")
    like = sheets.find("demands", campaign_id=sheets.get("campaigns", campaign, "campaign_id"), state="refused")
    row = sheets.append_copy(
        "demands", like, demand_id="F-late", made_on=_days_after(closed, 1), state_on=_days_after(closed, 9)
    )
    return [Expected("demand_after_its_campaign", "demands", row, "made_on")]


def only_won_demands_recorded(sheets: Sheets) -> list[Expected]:
    for row, record in sheets.records("demands"):
        sheets.set("demands", row, state="won", state_on=record["state_on"] or _days_after(record["made_on"], 30))
    return [Expected("only_won_demands_recorded", "demands", None, "state")]


def opposition_known_nowhere(sheets: Sheets) -> list[Expected]:
    for row in sheets.find_all("demands"):
        sheets.set("demands", row, opposition="unknown")
    return [
        Expected("column_mostly_unknown", "demands", None, "opposition"),
        Expected("opposition_known_nowhere", "demands", None, "opposition", "column_mostly_unknown"),
    ]


def won_demand_without_outcome(sheets: Sheets) -> list[Expected]:
    row = sheets.find("demands", state="won")
    for outcome in sheets.find_all("outcomes", demand_id=sheets.get("demands", row, "demand_id")):
        sheets.set("outcomes", outcome, demand_id="")
    return [Expected("won_demand_without_outcome", "demands", row, "demand_id")]


# --- agendas ------------------------------------------------------------------------------------------------------


def agenda_item_decided_without_day(sheets: Sheets) -> list[Expected]:
    row = sheets.find("agenda_items", result="not_achieved")
    sheets.set("agenda_items", row, result_on="")
    return [Expected("agenda_item_decided_without_day", "agenda_items", row, "result_on")]


def agenda_item_decided_before_asked(sheets: Sheets) -> list[Expected]:
    row = sheets.find("agenda_items", result="not_achieved")
    sheets.set("agenda_items", row, result_on=_days_after(sheets.get("agenda_items", row, "requested_on"), -2))
    return [Expected("agenda_item_decided_before_asked", "agenda_items", row, "result_on")]


def open_agenda_item_with_day(sheets: Sheets) -> list[Expected]:
    row = sheets.find("agenda_items", result="open")
    sheets.set("agenda_items", row, result_on=_days_after(sheets.get("agenda_items", row, "requested_on"), 9))
    return [Expected("open_agenda_item_with_day", "agenda_items", row, "result")]


def achieved_agenda_item_without_grade(sheets: Sheets) -> list[Expected]:
    row = sheets.find("agenda_items", result="achieved")
    sheets.set("agenda_items", row, grade="")
    return [Expected("achieved_agenda_item_without_grade", "agenda_items", row, "grade")]


def agenda_item_with_two_results(sheets: Sheets) -> list[Expected]:
    first = sheets.find("agenda_items", lambda record: record["demand_id"] != "", result="not_achieved")
    row = sheets.append_copy("agenda_items", first, agenda_item_id="A-again", result="achieved", grade="2")
    return [Expected("agenda_item_with_two_results", "agenda_items", row, "result")]


# --- seats --------------------------------------------------------------------------------------------------------


def seat_ends_before_it_begins(sheets: Sheets) -> list[Expected]:
    row = sheets.find("seats", lambda record: record["ended_on"] != "")
    sheets.set("seats", row, ended_on=_days_after(sheets.get("seats", row, "started_on"), -1))
    return [Expected("seat_ends_before_it_begins", "seats", row, "ended_on")]


def seat_held_by_an_outsider(sheets: Sheets) -> list[Expected]:
    row = sheets.find("seats", ended_on="")
    outsider = sheets.get("people", sheets.find("people", person_type="external"), "person_id")
    sheets.set("seats", row, person_id=outsider, grade="0")
    return [Expected("seat_held_by_an_outsider", "seats", row, "person_id")]


def seat_kept_after_leaving(sheets: Sheets) -> list[Expected]:
    row = sheets.find("seats", ended_on="")
    gone = sheets.find("people", lambda record: record["left_on"] != "", person_type="constituent")
    left = (sheets.get("people", gone, "left_on") + "-01-01")[:10]
    sheets.set(
        "seats", row, person_id=sheets.get("people", gone, "person_id"), started_on=_days_after(left, -90), grade="0"
    )
    return [Expected("seat_kept_after_leaving", "seats", row, "ended_on")]


def overlapping_terms_in_one_body(sheets: Sheets) -> list[Expected]:
    first = sheets.find("seats", ended_on="")
    later = _days_after(sheets.get("seats", first, "started_on"), 30)
    row = sheets.append_copy("seats", first, seat_id="S-again", started_on=later)
    return [Expected("overlapping_terms_in_one_body", "seats", row, "started_on")]


def seat_in_own_body(sheets: Sheets) -> list[Expected]:
    row = sheets.find("seats")
    own = sheets.find("groups", lambda record: record["label"] != "", group_type="governing_body")
    sheets.set("seats", row, body=sheets.get("groups", own, "label"))
    return [Expected("seat_in_own_body", "seats", row, "body")]


def graded_seat_from_before_first_contact(sheets: Sheets) -> list[Expected]:
    row = sheets.find("seats", lambda record: record["grade"] > "0", ended_on="")
    sheets.set("seats", row, started_on="2012-04-03")
    return [Expected("graded_seat_from_before_first_contact", "seats", row, "started_on")]


def seat_that_nobody_graded(sheets: Sheets) -> list[Expected]:
    row = sheets.find("seats")
    sheets.set("seats", row, grade="")
    return [Expected("seat_that_nobody_graded", "seats", row, "grade")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        demand_decided_without_day,
        demand_decided_without_day__unreadable,
        demand_decided_before_made,
        open_demand_with_day_of_answer,
        demand_carried_out_though_not_won,
        carrying_out_checked_before_answer,
        carried_out_without_day_of_check,
        demand_before_its_campaign,
        demand_after_its_campaign,
        only_won_demands_recorded,
        opposition_known_nowhere,
        won_demand_without_outcome,
        agenda_item_decided_without_day,
        agenda_item_decided_before_asked,
        open_agenda_item_with_day,
        achieved_agenda_item_without_grade,
        agenda_item_with_two_results,
        seat_ends_before_it_begins,
        seat_held_by_an_outsider,
        seat_kept_after_leaving,
        overlapping_terms_in_one_body,
        seat_in_own_body,
        graded_seat_from_before_first_contact,
        seat_that_nobody_graded,
    )
}
