"""Breaches of rules about the tables campaigns and issues."""

from __future__ import annotations

from mutations.commitments import later
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "campaigns"


def campaign_closes_before_it_opens(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy(
        TABLE, 2, campaign_id="new-one", opened_on="2024-03-10", decided_on="", closed_on="2024-03-09"
    )
    return [Expected("campaign_closes_before_it_opens", TABLE, row, "closed_on")]


def campaign_closes_before_its_issue_is_chosen_and_it_opens(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy(
        TABLE, 2, campaign_id="new-one", opened_on="2024-03-10", decided_on="2024-04-10", closed_on="2024-03-09",
    )  # fmt: skip
    cause = "campaign_closes_before_it_opens"
    return [
        Expected(cause, TABLE, row, "closed_on"),
        Expected("issue_chosen_outside_its_campaign", TABLE, row, "decided_on", cause),
    ]


def issue_chosen_outside_its_campaign(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy(
        TABLE, 2, campaign_id="new-one", opened_on="2024-03-10", decided_on="2024-03-01", closed_on=""
    )
    return [Expected("issue_chosen_outside_its_campaign", TABLE, row, "decided_on")]


def campaign_open_for_ten_years(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy(
        TABLE, 2, campaign_id="new-one", opened_on="2011-05", decided_on="", closed_on="", is_joint="no"
    )
    return [Expected("campaign_open_for_ten_years", TABLE, row, "closed_on")]


def campaign_without_event_and_decision(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy(
        TABLE, 2, campaign_id="new-one", opened_on="2025-11-03", decided_on="", closed_on="", is_joint="no",
    )  # fmt: skip
    return [Expected("campaign_without_event_and_decision", TABLE, row, "campaign_id")]


def joint_campaign_without_a_joint_act(sheets: Sheets) -> list[Expected]:
    acted = {record["campaign_id"] for _, record in sheets.records("joint_acts")}
    row = sheets.find(
        TABLE, lambda record: record["campaign_id"] not in acted, lambda record: record["opened_on"] < "2025-12-15",
    )  # fmt: skip
    sheets.set(TABLE, row, is_joint="yes")
    return [Expected("joint_campaign_without_a_joint_act", TABLE, row, "is_joint")]


def issue_of_a_campaign_nobody_raised(sheets: Sheets) -> list[Expected]:
    sheets.append("issues", issue_id="parking", label="Parking")
    row = sheets.find(TABLE)
    sheets.set(TABLE, row, issue_id="parking")
    return [Expected("issue_of_a_campaign_nobody_raised", TABLE, row, "issue_id")]


def issue_decided_on_another_day(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda record: len(record["decided_on"]) == 10)
    sheets.set(TABLE, row, decided_on=later(sheets.get(TABLE, row, "decided_on"), 1))
    return [Expected("issue_decided_on_another_day", TABLE, row, "decided_on")]


def two_issues_of_one_name(sheets: Sheets) -> list[Expected]:
    row = sheets.append("issues", issue_id="again", label=sheets.get("issues", 2, "label"))
    return [Expected("two_issues_of_one_name", "issues", row, "label")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        campaign_closes_before_it_opens,
        issue_chosen_outside_its_campaign,
        campaign_open_for_ten_years,
        campaign_without_event_and_decision,
        joint_campaign_without_a_joint_act,
        issue_of_a_campaign_nobody_raised,
        issue_decided_on_another_day,
        two_issues_of_one_name,
    )
}
MUTATIONS["campaign_closes_before_it_opens__and_is_decided"] = campaign_closes_before_its_issue_is_chosen_and_it_opens
