"""Breaches of rules about roles in groups."""

from __future__ import annotations

from mutations.conversations import declare, later, members, outsiders, people, remove
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "memberships"
RUNGS = {"participant": 1, "active_member": 2, "team_role": 3, "leads": 4, "governs": 5}


def _group(sheets: Sheets, kind: str) -> str:
    return sheets.get("groups", sheets.find("groups", group_type=kind), "group_id")


def _kinds(sheets: Sheets) -> dict[str, str]:
    return {record["group_id"]: record["group_type"] for _, record in sheets.records("groups")}


def _first_contacts(sheets: Sheets) -> dict[str, str]:
    return {one["person_id"]: one["first_contact_on"] for one in people(sheets)}


def _newcomers(sheets: Sheets) -> list[tuple[str, str]]:
    """People by the day of their first contact, where it is known, the last first."""
    days = [(day, person) for person, day in _first_contacts(sheets).items() if len(day) == 10]
    return [(person, day) for day, person in sorted(days, reverse=True) if person in members(sheets)]


def _roleless(sheets: Sheets, group: str) -> list[str]:
    """Members without any role in a group."""
    inside = {record["person_id"] for _, record in sheets.records(TABLE) if record["group_id"] == group}
    return [one for one in members(sheets) if one not in inside]


def _open_leader(sheets: Sheets, kind: str = "team") -> int:
    kinds = _kinds(sheets)
    here = set(members(sheets))
    return sheets.find(
        TABLE,
        lambda record: kinds[record["group_id"]] == kind and record["person_id"] in here,
        lambda record: len(record["started_on"]) == 10 and record["started_on"] < "2026-01",
        role="leads",
        ended_on="",
    )


def _forget(sheets: Sheets, rows: list[int]) -> None:
    """Take roles out; nobody came, was asked or answered for the groups of these."""
    gone = {(sheets.get(TABLE, row, "person_id"), sheets.get(TABLE, row, "group_id")) for row in rows}
    for table, name in (("participation", "represents_group_id"), ("wave_respondents", "group_id")):
        for row, record in sheets.records(table):
            if (record["person_id"], record[name]) in gone:
                sheets.set(table, row, **{name: ""})
    sheets.drop_table("survey_responses")
    remove(sheets, TABLE, rows)


def membership_ends_before_it_starts(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda record: record["ended_on"] != "")
    sheets.set(TABLE, row, ended_on="1999")
    return [Expected("membership_ends_before_it_starts", TABLE, row, "ended_on")]


def overlapping_spells_of_one_role(sheets: Sheets) -> list[Expected]:
    first = sheets.find(TABLE, lambda record: len(record["started_on"]) == 10, ended_on="")
    row = sheets.append_copy(TABLE, first, started_on="2026-06-20")
    return [Expected("overlapping_spells_of_one_role", TABLE, row, "started_on")]


def person_as_own_developer(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda record: record["developed_by"] != "")
    sheets.set(TABLE, row, developed_by=sheets.get(TABLE, row, "person_id"))
    return [Expected("person_as_own_developer", TABLE, row, "developed_by")]


def developer_not_there_at_the_time(sheets: Sheets) -> list[Expected]:
    newcomer, day = _newcomers(sheets)[0]
    row = sheets.find(
        TABLE, lambda record: record["started_on"] < "2025" and record["person_id"] != newcomer, role="participant"
    )
    assert day > "2025"
    sheets.set(TABLE, row, developed_by=newcomer)
    return [Expected("developer_not_there_at_the_time", TABLE, row, "developed_by")]


def role_before_the_group_began(sheets: Sheets) -> list[Expected]:
    """Somebody who has been there for longer than a new group."""
    row = sheets.find("groups", group_type="institution")
    group = sheets.get("groups", row, "group_id")
    spells = sheets.find_all(TABLE, lambda record: len(record["started_on"]) == 10, group_id=group)
    first = min(spells, key=lambda spell: sheets.get(TABLE, spell, "started_on"))
    sheets.set("groups", row, started_on=later(sheets.get(TABLE, first, "started_on"), 1))
    return [
        Expected("role_before_the_group_began", TABLE, spell, "started_on")
        for spell in sheets.find_all(TABLE, group_id=group)
        if sheets.get(TABLE, spell, "started_on") < sheets.get("groups", row, "started_on")
        and (len(sheets.get(TABLE, spell, "started_on")) == 10)
    ]


def role_outlasts_the_group(sheets: Sheets) -> list[Expected]:
    row = sheets.find("groups", group_type="institution")
    group = sheets.get("groups", row, "group_id")
    sheets.set("groups", row, ended_on="2026-07-13")
    rows = sheets.find_all(TABLE, group_id=group, ended_on="")
    return [Expected("role_outlasts_the_group", TABLE, spell, "ended_on") for spell in rows]


def role_before_first_contact(sheets: Sheets) -> list[Expected]:
    group = _group(sheets, "institution")
    person, day = next(one for one in _newcomers(sheets) if one[0] in _roleless(sheets, group))
    row = sheets.append(TABLE, person_id=person, group_id=group, role="participant", started_on=later(day, -9))
    return [Expected("role_before_first_contact", TABLE, row, "started_on")]


def role_after_the_person_left(sheets: Sheets) -> list[Expected]:
    left = {one["person_id"]: one["left_on"] for one in people(sheets) if one["left_on"] != ""}
    row = max(
        sheets.find_all(TABLE, lambda record: record["person_id"] in left and record["ended_on"] != ""),
        key=lambda one: sheets.get(TABLE, one, "started_on"),
    )
    sheets.set(TABLE, row, ended_on="")
    return [Expected("role_after_the_person_left", TABLE, row, "ended_on")]


def paid_work_in_another_organization(sheets: Sheets) -> list[Expected]:
    employee = sheets.find(TABLE, lambda record: len(record["started_on"]) == 10, role="paid_staff", ended_on="")
    row = sheets.append_copy(TABLE, employee, group_id=_group(sheets, "external_organization"))
    return [Expected("paid_work_in_another_organization", TABLE, row, "role")]


def paid_work_of_an_outsider(sheets: Sheets) -> list[Expected]:
    outsider, group = outsiders(sheets)[0], _group(sheets, "chapter")
    row = sheets.append(TABLE, person_id=outsider, group_id=group, role="paid_staff", started_on="2026-06-09")
    return [Expected("paid_work_of_an_outsider", TABLE, row, "role")]


def leading_role_of_an_outsider(sheets: Sheets) -> list[Expected]:
    outsider, group = outsiders(sheets)[0], _group(sheets, "team")
    row = sheets.append(TABLE, person_id=outsider, group_id=group, role="team_role", started_on="2026-06-09")
    return [Expected("leading_role_of_an_outsider", TABLE, row, "role")]


def governs_in_a_team(sheets: Sheets) -> list[Expected]:
    leader = _open_leader(sheets)
    row = sheets.append_copy(TABLE, leader, role="governs", started_on="2026-06-09", developed_by="")
    return [Expected("governs_in_a_team", TABLE, row, "role")]


def role_start_known_only_to_the_year(sheets: Sheets) -> list[Expected]:
    leader = _open_leader(sheets)
    row = sheets.append(
        TABLE, person_id=sheets.get(TABLE, leader, "person_id"), group_id=sheets.get(TABLE, leader, "group_id"),
        role="team_role", started_on="2026", ended_on="2026-06",
    )  # fmt: skip
    return [
        Expected("role_start_known_only_to_the_year", TABLE, row, "started_on"),
        Expected("higher_role_never_closed", TABLE, leader, "ended_on"),
    ]


def higher_role_never_closed(sheets: Sheets) -> list[Expected]:
    leader = _open_leader(sheets)
    sheets.append_copy(TABLE, leader, role="active_member", started_on="2026-06-09", developed_by="")
    return [Expected("higher_role_never_closed", TABLE, leader, "ended_on")]


def many_roles_of_one_day(sheets: Sheets) -> list[Expected]:
    """Everyone without a role in an institution visits it for one day, twice."""
    ended = sheets.find_all(TABLE, lambda record: record["ended_on"] != "")
    added = 0
    for group in [group for group, kind in _kinds(sheets).items() if kind == "institution"]:
        for number, person in enumerate(_roleless(sheets, group)):
            if 3 * added < len(ended) + 20:
                day = later("2026-05-05", number)
                sheets.append(TABLE, person_id=person, group_id=group, role="participant", started_on=day, ended_on=day)
                added += 1
    return [Expected("many_roles_of_one_day", TABLE, None, "ended_on")]


def most_roles_begin_on_one_day(sheets: Sheets) -> list[Expected]:
    """As many tasks again as there were, all given out on one day in three teams."""
    n = len(sheets.find_all(TABLE, lambda record: RUNGS.get(record["role"], 0) >= 3)) // 3 + 1
    teams = [group for group, kind in _kinds(sheets).items() if kind == "team"][:3]
    for group in teams:
        for person in _roleless(sheets, group)[:n]:
            sheets.append(TABLE, person_id=person, group_id=group, role="team_role", started_on="2026-06-09")
    return [Expected("most_roles_begin_on_one_day", TABLE, None, "started_on")]


def roles_that_never_end(sheets: Sheets) -> list[Expected]:
    """The roles of today, copied without their history; the first of them is old."""
    _forget(sheets, sheets.find_all(TABLE, lambda record: record["ended_on"] != ""))
    return [Expected("roles_that_never_end", TABLE, None, "ended_on")]


def staff_though_none_is_paid(sheets: Sheets) -> list[Expected]:
    declare(sheets, "has_paid_staff", "no")
    for row in sheets.find_all("events"):
        sheets.set("events", row, staff_hours="")
    return [Expected("staff_though_none_is_paid", TABLE, None, "role")]


def paid_staff_found_nowhere(sheets: Sheets) -> list[Expected]:
    for row in sheets.find_all("people", person_type="staff"):
        sheets.set("people", row, person_type="constituent")
    for row in sheets.find_all(TABLE, role="paid_staff"):
        sheets.set(TABLE, row, role="active_member")
    return [Expected("paid_staff_found_nowhere", TABLE, None, "role")]


def members_lead_another_organization(sheets: Sheets) -> list[Expected]:
    group = _group(sheets, "external_organization")
    for number, person in enumerate(members(sheets)[:3]):
        sheets.append(TABLE, person_id=person, group_id=group, role="team_role", started_on=later("2026-06-02", number))
    row = sheets.find("groups", group_id=group)
    return [Expected("members_lead_another_organization", "groups", row, "group_type")]


def regulars_without_a_role(sheets: Sheets) -> list[Expected]:
    """Whoever has never had more than a low role, and was never paid, stands in no group."""
    high = {record["person_id"] for _, record in sheets.records(TABLE) if RUNGS.get(record["role"], 9) > 2}
    _forget(sheets, sheets.find_all(TABLE, lambda record: record["person_id"] not in high))
    return [Expected("regulars_without_a_role", TABLE, None, "person_id")]


def open_role_without_a_trace(sheets: Sheets) -> list[Expected]:
    """A member of old of whom nothing else is known."""
    some = sheets.find("people", person_id=members(sheets)[0])
    sheets.append_copy("people", some, person_id="P-gone", first_contact_on="2023-05-02")
    row = sheets.append(
        TABLE, person_id="P-gone", group_id=_group(sheets, "team"), role="team_role", started_on="2023-06-14"
    )
    return [Expected("open_role_without_a_trace", TABLE, row, "ended_on")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        membership_ends_before_it_starts,
        overlapping_spells_of_one_role,
        person_as_own_developer,
        developer_not_there_at_the_time,
        role_before_the_group_began,
        role_outlasts_the_group,
        role_before_first_contact,
        role_after_the_person_left,
        paid_work_in_another_organization,
        paid_work_of_an_outsider,
        leading_role_of_an_outsider,
        governs_in_a_team,
        role_start_known_only_to_the_year,
        higher_role_never_closed,
        many_roles_of_one_day,
        most_roles_begin_on_one_day,
        roles_that_never_end,
        staff_though_none_is_paid,
        paid_staff_found_nowhere,
        members_lead_another_organization,
        regulars_without_a_role,
        open_role_without_a_trace,
    )
}
