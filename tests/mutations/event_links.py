"""Breaches of rules about what an event belongs to: its host, campaign, decision, demand, target, earlier event."""

from __future__ import annotations

from mutations.gatherings import new_event
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]


def _found(rule: str, row: int, field: str) -> list[Expected]:
    return [Expected(rule, "events", row, field)]


def event_outside_life_of_its_group(sheets: Sheets) -> list[Expected]:
    group = sheets.find("groups", lambda one: one["started_on"] > "2018", group_type="team")
    row = new_event(sheets, group_id=sheets.get("groups", group, "group_id"), held_on="2017-05-06")
    return _found("event_outside_life_of_its_group", row, "held_on")


def event_outside_life_of_its_campaign(sheets: Sheets) -> list[Expected]:
    campaign = sheets.find("campaigns", lambda one: "" < one["closed_on"] < "2026-03")
    row = new_event(sheets, campaign_id=sheets.get("campaigns", campaign, "campaign_id"))
    return _found("event_outside_life_of_its_campaign", row, "held_on")


def all_events_of_one_host(sheets: Sheets) -> list[Expected]:
    """Somebody filled the whole column with the code of the organization itself."""
    chapter = sheets.get("groups", sheets.find("groups", group_type="chapter"), "group_id")
    for row in sheets.find_all("events", lambda one: one["group_id"] != ""):
        sheets.set("events", row, group_id=chapter)
    return [Expected("all_events_of_one_host", "events", None, "group_id")]


def _of_decision(sheets: Sheets, *, of_same_campaign: bool, decided_before: bool) -> tuple[int, str]:
    """A held action of a campaign, and a decision for it."""
    for row, event in sheets.records("events"):
        if event["kind"] == "collective_action" and event["status"] == "held" and event["campaign_id"]:
            for _, decision in sheets.records("decisions"):
                is_same = decision["campaign_id"] == event["campaign_id"]
                is_before = decision["decided_on"] < event["held_on"]
                if decision["campaign_id"] and (is_same, is_before) == (of_same_campaign, decided_before):
                    return row, decision["decision_id"]
    raise AssertionError("there is such an action")


def action_before_its_decision(sheets: Sheets) -> list[Expected]:
    row, decision = _of_decision(sheets, of_same_campaign=True, decided_before=False)
    sheets.set("events", row, decision_id=decision)
    return _found("action_before_its_decision", row, "held_on")


def decision_of_another_campaign(sheets: Sheets) -> list[Expected]:
    row, decision = _of_decision(sheets, of_same_campaign=False, decided_before=True)
    sheets.set("events", row, decision_id=decision)
    return _found("decision_of_another_campaign", row, "decision_id")


def demand_of_another_campaign(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["campaign_id"] != "", kind="meeting", status="held", demand_id="")
    campaign = sheets.get("events", row, "campaign_id")
    other = sheets.find("demands", lambda one: one["campaign_id"] != campaign and one["state"] == "open")
    sheets.set("events", row, demand_id=sheets.get("demands", other, "demand_id"))
    return _found("demand_of_another_campaign", row, "demand_id")


def target_authority_without_target(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["target"] != "", has_target_authority="yes", status="held")
    sheets.set("events", row, target="")
    return _found("target_authority_without_target", row, "target")


def action_without_target_and_demand(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", kind="collective_action", status="held")
    sheets.set("events", row, target="", has_target_authority="", has_stated_demand="")
    return _found("action_without_target_and_demand", row, "target")


def target_at_event_that_is_no_action(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", kind="service", status="held")
    sheets.set("events", row, target="City housing department")
    return _found("target_at_event_that_is_no_action", row, "kind")


def action_without_campaign(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda one: one["campaign_id"] != "", kind="collective_action", status="held")
    sheets.set("events", row, campaign_id="")
    return _found("action_without_campaign", row, "campaign_id")


def _reflection(sheets: Sheets) -> tuple[int, str]:
    """A reflection on an action, and its day."""
    row = sheets.find("events", lambda one: one["reflects_on_event_id"] != "", kind="reflection", status="held")
    return row, sheets.get("events", row, "held_on")


def looks_back_but_is_no_reflection(sheets: Sheets) -> list[Expected]:
    row, _ = _reflection(sheets)
    sheets.set("events", row, kind="meeting", cycle_steps="strategy", has_written_lesson="")
    return _found("looks_back_but_is_no_reflection", row, "reflects_on_event_id")


def reflection_before_its_action(sheets: Sheets) -> list[Expected]:
    row, day = _reflection(sheets)
    action = sheets.find("events", lambda one: one["held_on"] > day, kind="collective_action", status="held")
    sheets.set("events", row, reflects_on_event_id=sheets.get("events", action, "event_id"))
    return _found("reflection_before_its_action", row, "held_on")


def reflection_on_itself(sheets: Sheets) -> list[Expected]:
    row, _ = _reflection(sheets)
    sheets.set("events", row, reflects_on_event_id=sheets.get("events", row, "event_id"))
    return _found("reflection_on_itself", row, "reflects_on_event_id")


def reflection_on_event_not_held(sheets: Sheets) -> list[Expected]:
    row, day = _reflection(sheets)
    new_event(sheets, held_on=day, kind="collective_action", status="postponed")
    sheets.set("events", row, reflects_on_event_id="E-9001")
    return _found("reflection_on_event_not_held", row, "reflects_on_event_id")


def reflection_on_no_action(sheets: Sheets) -> list[Expected]:
    row, day = _reflection(sheets)
    meeting = sheets.find("events", lambda one: one["held_on"] < day, kind="meeting", status="held")
    sheets.set("events", row, reflects_on_event_id=sheets.get("events", meeting, "event_id"))
    return _found("reflection_on_no_action", row, "reflects_on_event_id")


def reflection_without_its_event(sheets: Sheets) -> list[Expected]:
    row, _ = _reflection(sheets)
    sheets.set("events", row, reflects_on_event_id="")
    return _found("reflection_without_its_event", row, "reflects_on_event_id")


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        event_outside_life_of_its_group,
        event_outside_life_of_its_campaign,
        all_events_of_one_host,
        action_before_its_decision,
        decision_of_another_campaign,
        demand_of_another_campaign,
        target_authority_without_target,
        action_without_target_and_demand,
        target_at_event_that_is_no_action,
        action_without_campaign,
        looks_back_but_is_no_reflection,
        reflection_before_its_action,
        reflection_on_itself,
        reflection_on_event_not_held,
        reflection_on_no_action,
        reflection_without_its_event,
    )
}
