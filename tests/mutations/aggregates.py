"""Breaches of rules about second opinions, monthly counts, people first met online, and reviews."""

from __future__ import annotations

from mutations.conversations import remove
from mutations.gatherings import new_event, present
from mutations.sheets import Expected, Mutation, Sheets, another_text

__all__ = ["MUTATIONS"]


def coding_of_event_not_held(sheets: Sheets) -> list[Expected]:
    event = sheets.get("events", sheets.find("events", status="cancelled"), "event_id")
    row = sheets.append("event_codings", event_id=event, coder="coder-1", mode="organizing")
    return [Expected("coding_of_event_not_held", "event_codings", row, "event_id")]


def events_judged_only_once(sheets: Sheets) -> list[Expected]:
    """Two people shared the work: one event each in turn."""
    events = sorted({record["event_id"] for _, record in sheets.records("event_codings")})
    mine = {event: f"coder-{number % 2 + 1}" for number, event in enumerate(events)}
    remove(sheets, "event_codings", sheets.find_all("event_codings", lambda one: one["coder"] != mine[one["event_id"]]))
    return [Expected("events_judged_only_once", "event_codings", None, "coder")]


def coders_agree_on_everything(sheets: Sheets) -> list[Expected]:
    judged = {record["event_id"]: record["mode"] for _, record in sheets.records("event_codings")}
    for row, record in sheets.records("event_codings"):
        sheets.set("event_codings", row, mode=judged[record["event_id"]])
    others = [record["event_id"] for _, record in sheets.records("events") if record["status"] == "held"]
    for event in [event for event in others if event not in judged][: 20 - len(judged)]:
        for coder in ("coder-1", "coder-2"):
            sheets.append("event_codings", event_id=event, coder=coder, mode="organizing")
    return [Expected("coders_agree_on_everything", "event_codings", None, "mode")]


def fewer_attendances_than_names(sheets: Sheets) -> list[Expected]:
    row = sheets.find("activity_counts", month="2026-03", kind="attendances")
    sheets.set("activity_counts", row, n="2")
    return [Expected("fewer_attendances_than_names", "activity_counts", row, "n")]


def attendances_far_above_events(sheets: Sheets) -> list[Expected]:
    row = sheets.find("activity_counts", month="2026-03", kind="attendances")
    sheets.set("activity_counts", row, n="4100")
    return [Expected("attendances_far_above_events", "activity_counts", row, "n")]


def list_jumps_tenfold(sheets: Sheets) -> list[Expected]:
    """One digit too many in the last month."""
    row = sheets.find_all("activity_counts", kind="list_size")[-1]
    sheets.set("activity_counts", row, n=str(int(sheets.get("activity_counts", row, "n")) * 10 + 500))
    return [Expected("list_jumps_tenfold", "activity_counts", row, "n")]


def month_missing_from_complete_counts(sheets: Sheets) -> list[Expected]:
    remove(sheets, "activity_counts", sheets.find_all("activity_counts", kind="contacts_made", month="2025-10"))
    row = sheets.find("activity_counts", kind="contacts_made", month="2025-11")
    return [Expected("month_missing_from_complete_counts", "activity_counts", row, "month")]


def same_number_every_month(sheets: Sheets) -> list[Expected]:
    for row in sheets.find_all("activity_counts", kind="contacts_made"):
        sheets.set("activity_counts", row, n="150")
    return [Expected("same_number_every_month", "activity_counts", None, "n")]


def _cohort(sheets: Sheets) -> tuple[int, int, int]:
    """A row in which everything is counted: row, new people, conversations."""
    row = sheets.find("digital_cohorts", lambda one: "" not in one.values())
    n_new, n_one_to_one = (int(sheets.get("digital_cohorts", row, name)) for name in ("n_new", "n_one_to_one"))
    return row, n_new, n_one_to_one


def more_followed_up_than_new(sheets: Sheets) -> list[Expected]:
    row, n_new, _ = _cohort(sheets)
    sheets.set("digital_cohorts", row, n_team=str(n_new + 1))
    return [Expected("more_followed_up_than_new", "digital_cohorts", row, "n_new")]


def more_member_ties_than_conversations(sheets: Sheets) -> list[Expected]:
    row, n_new, n_one_to_one = _cohort(sheets)
    assert n_one_to_one < n_new
    sheets.set("digital_cohorts", row, n_member_tie=str(n_one_to_one + 1))
    return [Expected("more_member_ties_than_conversations", "digital_cohorts", row, "n_member_tie")]


def followed_up_too_early(sheets: Sheets) -> list[Expected]:
    row = sheets.find("digital_cohorts", cohort_month="2026-05")
    sheets.set("digital_cohorts", row, n_one_to_one="1", n_member_tie="0", n_team="0")
    return [Expected("followed_up_too_early", "digital_cohorts", row, "cohort_month")]


def review_at_event_not_held(sheets: Sheets) -> list[Expected]:
    event = sheets.get("events", sheets.find("events", status="cancelled"), "event_id")
    row = sheets.append("reviews", event_id=event, indicator_id="closure", result="disputed")
    return [Expected("review_at_event_not_held", "reviews", row, "event_id")]


def review_without_constituents(sheets: Sheets) -> list[Expected]:
    new_event(sheets, held_on="2025-07-09")
    row = sheets.append("reviews", event_id="E-9001", indicator_id="closure", result="confirmed")
    sheets.append("reviews", event_id="E-9001", indicator_id="mean_degree", result="disputed")
    return [Expected("review_without_constituents", "reviews", row, "event_id")]


def reviews_not_of_the_manifests_event(sheets: Sheets) -> list[Expected]:
    """Reviews of last year's report only."""
    named = present(sheets)
    other = sheets.find("events", lambda one: named[one["event_id"]] >= 8, status="held", kind="meeting")
    for row, _ in sheets.records("reviews"):
        sheets.set("reviews", row, event_id=sheets.get("events", other, "event_id"))
    return [Expected("reviews_not_of_the_manifests_event", "reviews", None, "event_id")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        coding_of_event_not_held,
        events_judged_only_once,
        coders_agree_on_everything,
        fewer_attendances_than_names,
        attendances_far_above_events,
        list_jumps_tenfold,
        month_missing_from_complete_counts,
        same_number_every_month,
        more_followed_up_than_new,
        more_member_ties_than_conversations,
        followed_up_too_early,
        review_at_event_not_held,
        review_without_constituents,
        reviews_not_of_the_manifests_event,
    )
} | {
    "reach_reported_as_action": another_text(
        "reach_reported_as_action", "activity_counts", "is_reported_as_action", "yes", kind="contacts_made"
    ),
    "first_met_offline": another_text("first_met_offline", "digital_cohorts", "channel", "door"),
    "review_of_no_indicator": another_text("review_of_no_indicator", "reviews", "indicator_id", "REL-01"),
}
