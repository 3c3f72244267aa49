"""Breaches of rules about the table decisions."""

from __future__ import annotations

from mutations.commitments import later
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "decisions"


def _counted(sheets: Sheets, **like: str) -> tuple[int, int]:
    """A decision in which several people took part, all counted; and how many they were."""
    row = sheets.find(
        TABLE,
        lambda record: len(record["n_voting"]) > 0 and int(record["n_voting"]) >= 4,
        lambda record: record["n_voting_constituents"] != "",
        **{"body_class": "constituent_body", **like},
    )
    return row, int(sheets.get(TABLE, row, "n_voting"))


def _elsewhere(sheets: Sheets, **like: str) -> int:
    """A decision that no event records and no action rests on."""
    resting = {record["decision_id"] for _, record in sheets.records("events")}
    return sheets.find(TABLE, lambda record: record["decision_id"] not in resting, event_id="", **like)


def more_members_than_deciding(sheets: Sheets) -> list[Expected]:
    row, n_voting = _counted(sheets)
    sheets.set(TABLE, row, n_voting_constituents=str(n_voting + 1))
    return [Expected("more_members_than_deciding", TABLE, row, "n_voting_constituents")]


def decision_of_nobody(sheets: Sheets) -> list[Expected]:
    row, _ = _counted(sheets)
    sheets.set(TABLE, row, n_voting="0", n_voting_constituents="", quorum="")
    return [Expected("decision_of_nobody", TABLE, row, "n_voting")]


def decision_of_nobody_below_its_quorum(sheets: Sheets) -> list[Expected]:
    row, _ = _counted(sheets)
    sheets.set(TABLE, row, n_voting="0", n_voting_constituents="", quorum="3")
    return [
        Expected("decision_of_nobody", TABLE, row, "n_voting"),
        Expected("decision_below_its_quorum", TABLE, row, "quorum", "decision_of_nobody"),
    ]


def decision_below_its_quorum(sheets: Sheets) -> list[Expected]:
    row, n_voting = _counted(sheets)
    sheets.set(TABLE, row, quorum=str(n_voting + 1))
    return [Expected("decision_below_its_quorum", TABLE, row, "quorum")]


def body_of_members_with_few_members(sheets: Sheets) -> list[Expected]:
    row, _ = _counted(sheets)
    sheets.set(TABLE, row, n_voting_constituents="1", quorum="")
    return [Expected("body_of_members_with_few_members", TABLE, row, "body_class")]


def body_of_others_with_mostly_members(sheets: Sheets) -> list[Expected]:
    row, _ = _counted(sheets)
    sheets.set(TABLE, row, body_class="staff")
    return [Expected("body_of_others_with_mostly_members", TABLE, row, "body_class")]


def members_of_another_organization_decide(sheets: Sheets) -> list[Expected]:
    row = _elsewhere(sheets, body_class="constituent_body")
    ally = sheets.find("groups", group_type="external_organization")
    sheets.set(TABLE, row, group_id=sheets.get("groups", ally, "group_id"))
    return [Expected("members_of_another_organization_decide", TABLE, row, "body_class")]


def decision_outside_the_life_of_its_body(sheets: Sheets) -> list[Expected]:
    """A body that met for one day long ago, and one decision under its name."""
    row = _elsewhere(sheets, body_class="constituent_body")
    sheets.append(
        "groups",
        group_id="G-old",
        group_type="committee",
        label="Old committee",
        started_on="2019",
        ended_on="2020-05",
    )
    sheets.set(TABLE, row, group_id="G-old")
    return [Expected("decision_outside_the_life_of_its_body", TABLE, row, "decided_on")]


def decision_on_another_day_than_its_event(sheets: Sheets) -> list[Expected]:
    row = sheets.find_all(TABLE, event_id="")[-1]
    day = sheets.get(TABLE, row, "decided_on")
    event = sheets.find("events", lambda record: record["held_on"] < day, kind="meeting", status="held")
    sheets.set(TABLE, row, event_id=sheets.get("events", event, "event_id"))
    return [Expected("decision_on_another_day_than_its_event", TABLE, row, "decided_on")]


def decision_at_an_event_not_held(sheets: Sheets) -> list[Expected]:
    row = _elsewhere(sheets)
    day = sheets.get(TABLE, row, "decided_on")
    sheets.append("events", event_id="E-off", held_on=day, status="cancelled", kind="meeting")
    sheets.set(TABLE, row, event_id="E-off")
    return [Expected("decision_at_an_event_not_held", TABLE, row, "event_id")]


def _with_campaign(sheets: Sheets, campaign: int, day: str) -> int:
    """A decision about other matters of a campaign, on this day, at the end of the table."""
    like = _elsewhere(sheets, body_class="constituent_body")
    name = sheets.get("campaigns", campaign, "campaign_id")
    return sheets.append_copy(TABLE, like, decision_id="D-late", decided_on=day, subject="other", campaign_id=name)


def decision_after_its_campaign(sheets: Sheets) -> list[Expected]:
    campaign = sheets.find("campaigns", lambda record: len(record["closed_on"]) == 10)
    row = _with_campaign(sheets, campaign, later(sheets.get("campaigns", campaign, "closed_on"), 3))
    return [Expected("decision_after_its_campaign", TABLE, row, "decided_on")]


def decision_before_its_campaign(sheets: Sheets) -> list[Expected]:
    campaign = sheets.find(
        "campaigns", lambda record: record["opened_on"] > "2025-08" and len(record["opened_on"]) == 10
    )
    row = _with_campaign(sheets, campaign, later(sheets.get("campaigns", campaign, "opened_on"), -3))
    return [Expected("decision_before_its_campaign", TABLE, row, "decided_on")]


def adviser_settled_it_for_members(sheets: Sheets) -> list[Expected]:
    row, _ = _counted(sheets, is_consultant_decisive="no")
    sheets.set(TABLE, row, is_consultant_decisive="yes")
    return [Expected("adviser_settled_it_for_members", TABLE, row, "is_consultant_decisive")]


def same_decision_recorded_twice(sheets: Sheets) -> list[Expected]:
    first = _elsewhere(sheets, subject="target")
    row = sheets.append_copy(TABLE, first, decision_id="D-again", n_voting="", n_voting_constituents="", quorum="")
    return [Expected("same_decision_recorded_twice", TABLE, row, "decision_id")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        more_members_than_deciding,
        decision_of_nobody,
        decision_below_its_quorum,
        body_of_members_with_few_members,
        body_of_others_with_mostly_members,
        members_of_another_organization_decide,
        decision_outside_the_life_of_its_body,
        decision_on_another_day_than_its_event,
        decision_at_an_event_not_held,
        decision_after_its_campaign,
        decision_before_its_campaign,
        adviser_settled_it_for_members,
        same_decision_recorded_twice,
    )
}
MUTATIONS["decision_of_nobody__and_a_quorum"] = decision_of_nobody_below_its_quorum
