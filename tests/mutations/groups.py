"""Breaches of rules about groups."""

from __future__ import annotations

from mutations.conversations import members
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "groups"


def new_group(sheets: Sheets, kind: str = "committee", **texts: str) -> int:
    """A group in which nothing has happened yet."""
    texts = {"group_id": f"G-new-{len(sheets.rows[TABLE])}", "group_type": kind, **texts}
    return sheets.append(TABLE, **texts)


def group_part_of_itself(sheets: Sheets) -> list[Expected]:
    row = new_group(sheets)
    sheets.set(TABLE, row, parent_group_id=sheets.get(TABLE, row, "group_id"))
    return [Expected("group_part_of_itself", TABLE, row, "parent_group_id")]


def groups_part_of_each_other(sheets: Sheets) -> list[Expected]:
    new_group(sheets, group_id="G-new-a", parent_group_id="G-new-b")
    row = new_group(sheets, group_id="G-new-b", parent_group_id="G-new-a")
    return [Expected("groups_part_of_each_other", TABLE, row, "parent_group_id")]


def group_ends_before_it_begins(sheets: Sheets) -> list[Expected]:
    row = new_group(sheets, started_on="2024-05", ended_on="2024-04-30")
    return [Expected("group_ends_before_it_begins", TABLE, row, "ended_on")]


def team_without_anybody(sheets: Sheets) -> list[Expected]:
    row = new_group(sheets, "team", started_on="2025-05")
    return [Expected("team_without_anybody", TABLE, row, "group_id")]


def log_begins_without_a_log(sheets: Sheets) -> list[Expected]:
    row = new_group(sheets, keeps_conversation_log="no", conversation_log_from="2025-05")
    return [Expected("log_begins_without_a_log", TABLE, row, "keeps_conversation_log")]


def log_begins_outside_the_groups_life(sheets: Sheets) -> list[Expected]:
    row = new_group(sheets, keeps_conversation_log="yes", conversation_log_from="2015-05", started_on="2024")
    return [Expected("log_begins_outside_the_groups_life", TABLE, row, "conversation_log_from")]


def another_organization_keeps_a_log(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, group_type="external_organization")
    sheets.set(TABLE, row, keeps_conversation_log="yes")
    return [Expected("another_organization_keeps_a_log", TABLE, row, "keeps_conversation_log")]


def own_group_under_another_organization(sheets: Sheets) -> list[Expected]:
    other = sheets.find(TABLE, group_type="external_organization")
    row = new_group(sheets, parent_group_id=sheets.get(TABLE, other, "group_id"))
    return [Expected("own_group_under_another_organization", TABLE, row, "parent_group_id")]


def two_groups_of_one_name(sheets: Sheets) -> list[Expected]:
    """A team once more; somebody has begun to use the new code."""
    row = sheets.append_copy(TABLE, sheets.find(TABLE, group_type="team"), group_id="G-again")
    sheets.append(
        "memberships", person_id=members(sheets)[0], group_id="G-again", role="participant", started_on="2026-06-09"
    )
    return [Expected("two_groups_of_one_name", TABLE, row, "label")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        group_part_of_itself,
        groups_part_of_each_other,
        group_ends_before_it_begins,
        team_without_anybody,
        log_begins_without_a_log,
        log_begins_outside_the_groups_life,
        another_organization_keeps_a_log,
        own_group_under_another_organization,
        two_groups_of_one_name,
    )
}
