"""Breaches of rules about people; and of one about when records begin."""

from __future__ import annotations

from mutations.conversations import later, members, remove
from mutations.manifest import without_review
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "people"


def new_member(sheets: Sheets, **texts: str) -> int:
    """A member of whom nothing is known beyond this row."""
    some = sheets.find(TABLE, person_id=members(sheets)[0])
    texts = {"person_id": f"P-new-{len(sheets.rows[TABLE])}", **texts}
    return sheets.append_copy(TABLE, some, **texts)


def whole(rule: str, field: str, table: str = TABLE) -> list[Expected]:
    return [Expected(rule, table, None, field)]


def external_kind_of_somebody_inside(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, person_type="constituent")
    sheets.set(TABLE, row, external_kind="official")
    return [Expected("external_kind_of_somebody_inside", TABLE, row, "external_kind")]


def left_before_first_contact(sheets: Sheets) -> list[Expected]:
    row = new_member(sheets, first_contact_on="2025-03-09", left_on="2025-02")
    return [Expected("left_before_first_contact", TABLE, row, "left_on")]


def newcomer_known_only_to_the_year(sheets: Sheets) -> list[Expected]:
    row = new_member(sheets, first_contact_on="2025")
    return [Expected("newcomer_known_only_to_the_year", TABLE, row, "first_contact_on")]


def most_people_met_on_one_day(sheets: Sheets) -> list[Expected]:
    """The longest known third of the people, and some more, came with a list."""
    rows = sheets.find_all(TABLE, person_type="constituent")
    rows.sort(key=lambda row: sheets.get(TABLE, row, "first_contact_on"))
    for row in rows[: len(rows) * 2 // 5]:
        sheets.set(TABLE, row, first_contact_on="2020-03-12")
    return whole("most_people_met_on_one_day", "first_contact_on")


def nobody_is_a_constituent(sheets: Sheets) -> list[Expected]:
    """An organization that has entered nothing yet but its officials."""
    without_review(sheets)
    remove(sheets, TABLE, sheets.find_all(TABLE, lambda record: record["person_type"] != "external"))
    for table in set(sheets.rows) - {TABLE}:
        sheets.rows[table].clear()
    return whole("nobody_is_a_constituent", "person_type")


def consent_refused_by_most(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all(TABLE, person_type="constituent")
    for row in rows[: len(rows) * 3 // 5]:
        sheets.set(TABLE, row, consent_use="no")
    return whole("consent_refused_by_most", "consent_use")


def nobody_new_since_records_began(sheets: Sheets) -> list[Expected]:
    """Everyone of the last years was entered three years too early."""
    for row, record in sheets.records(TABLE):
        year, rest = record["first_contact_on"][:4], record["first_contact_on"][4:]
        if year >= "2024":
            sheets.set(TABLE, row, first_contact_on=f"{int(year) - 3}{rest}")
    return whole("nobody_new_since_records_began", "first_contact_on")


def most_people_found_nowhere(sheets: Sheets) -> list[Expected]:
    """A list of addresses among the people."""
    for number in range(60):
        new_member(sheets, first_contact_on=later("2023-01-04", 11 * number))
    return whole("most_people_found_nowhere", "person_id")


def events_begin_long_after_records(sheets: Sheets) -> list[Expected]:
    sheets.manifest = sheets.manifest.replace('records_from: "2025', 'records_from: "2024')
    return [
        *whole("events_begin_long_after_records", "held_on", "events"),
        *whole("conversations_begin_long_after_records", "held_on", "one_to_ones"),
    ]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        external_kind_of_somebody_inside,
        left_before_first_contact,
        newcomer_known_only_to_the_year,
        most_people_met_on_one_day,
        nobody_is_a_constituent,
        consent_refused_by_most,
        nobody_new_since_records_began,
        most_people_found_nowhere,
        events_begin_long_after_records,
    )
}
