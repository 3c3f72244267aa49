"""Breaches of rules about ties and acts with other organizations."""

from __future__ import annotations

from mutations.commitments import later
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TIES, ACTS = "organization_ties", "joint_acts"


def _team(sheets: Sheets) -> str:
    return sheets.get("groups", sheets.find("groups", group_type="team"), "group_id")


def _letter(sheets: Sheets) -> int:
    """An act without an event, in a campaign."""
    return sheets.find(ACTS, lambda record: record["campaign_id"] != "", event_id="")


def tie_with_a_group_of_ones_own(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy(TIES, 2, group_id=_team(sheets))
    return [Expected("tie_with_a_group_of_ones_own", TIES, row, "group_id")]


def organization_tie_ends_before_it_starts(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TIES, lambda record: record["ended_on"] != "")
    sheets.set(TIES, row, ended_on=later(sheets.get(TIES, row, "started_on"), -1))
    return [Expected("organization_tie_ends_before_it_starts", TIES, row, "ended_on")]


def overlapping_ties_of_one_kind(sheets: Sheets) -> list[Expected]:
    first = sheets.find(TIES, ended_on="")
    row = sheets.append_copy(TIES, first, started_on=later(sheets.get(TIES, first, "started_on"), 90))
    return [Expected("overlapping_ties_of_one_kind", TIES, row, "started_on")]


def joint_act_on_another_day_than_its_event(sheets: Sheets) -> list[Expected]:
    row = sheets.find(ACTS, lambda record: record["event_id"] != "")
    day = sheets.get(ACTS, row, "occurred_on")
    sheets.set(ACTS, row, occurred_on=later(day, 1))
    return [Expected("joint_act_on_another_day_than_its_event", ACTS, row, "occurred_on")]


def joint_act_at_an_event_not_held(sheets: Sheets) -> list[Expected]:
    row = _letter(sheets)
    sheets.append(
        "events",
        event_id="E-off",
        held_on=sheets.get(ACTS, row, "occurred_on"),
        status="cancelled",
        kind="celebration",
    )
    sheets.set(ACTS, row, event_id="E-off")
    return [Expected("joint_act_at_an_event_not_held", ACTS, row, "event_id")]


def partner_that_is_a_group_of_ones_own(sheets: Sheets) -> list[Expected]:
    row = sheets.find(ACTS)
    sheets.set(ACTS, row, partners=f"{sheets.get(ACTS, row, 'partners')};{_team(sheets)}")
    return [Expected("partner_that_is_a_group_of_ones_own", ACTS, row, "partners")]


def joint_act_outside_its_campaign(sheets: Sheets) -> list[Expected]:
    row = _letter(sheets)
    campaign = sheets.find("campaigns", campaign_id=sheets.get(ACTS, row, "campaign_id"))
    sheets.set(ACTS, row, occurred_on=later(f"{sheets.get('campaigns', campaign, 'opened_on')}-01"[:10], -2))
    return [Expected("joint_act_outside_its_campaign", ACTS, row, "occurred_on")]


def joint_act_of_a_campaign_not_joint(sheets: Sheets) -> list[Expected]:
    campaign = sheets.get(ACTS, _letter(sheets), "campaign_id")
    sheets.set("campaigns", sheets.find("campaigns", campaign_id=campaign), is_joint="no")
    rows = sheets.find_all(ACTS, campaign_id=campaign)
    return [Expected("joint_act_of_a_campaign_not_joint", ACTS, row, "campaign_id") for row in rows]


def joint_act_recorded_once_per_partner(sheets: Sheets) -> list[Expected]:
    first = sheets.find(ACTS, lambda record: record["event_id"] != "")
    partner = sheets.get("groups", sheets.find("groups", group_type="external_organization"), "group_id")
    row = sheets.append_copy(ACTS, first, joint_act_id="J-again", partners=partner)
    return [Expected("joint_act_recorded_once_per_partner", ACTS, row, "joint_act_id")]


def judgement_against_the_four_answers(sheets: Sheets) -> list[Expected]:
    judged = [record for _, record in sheets.records("joint_act_codings")]
    whole = next(
        act for act in dict.fromkeys(record["joint_act_id"] for record in judged)
        if {record["articulation"] for record in judged if record["joint_act_id"] == act} == {"articulated"}
    )  # fmt: skip
    row = sheets.find(ACTS, joint_act_id=whole)
    sheets.set(ACTS, row, is_frame_linked="no")
    return [Expected("judgement_against_the_four_answers", ACTS, row, "joint_act_id")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        tie_with_a_group_of_ones_own,
        organization_tie_ends_before_it_starts,
        overlapping_ties_of_one_kind,
        joint_act_on_another_day_than_its_event,
        joint_act_at_an_event_not_held,
        partner_that_is_a_group_of_ones_own,
        joint_act_outside_its_campaign,
        joint_act_of_a_campaign_not_joint,
        joint_act_recorded_once_per_partner,
        judgement_against_the_four_answers,
    )
}
