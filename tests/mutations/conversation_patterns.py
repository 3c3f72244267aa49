"""Breaches of rules about all conversations together, and about what the manifest says of them."""

from __future__ import annotations

from collections import Counter
from itertools import cycle

from mutations.conversations import add_conversation, alone, declare, later, linked, members, remove
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

TABLE = "one_to_ones"


def _staff(sheets: Sheets) -> set[str]:
    paid = {record["person_id"] for _, record in sheets.records("memberships") if record["role"] == "paid_staff"}
    return paid | {record["person_id"] for _, record in sheets.records("people") if record["person_type"] == "staff"}


def _between_members(sheets: Sheets) -> list[int]:
    """Rows of conversations between two people who were never staff and are not from outside."""
    constituents = {one["person_id"] for _, one in sheets.records("people") if one["person_type"] == "constituent"}
    constituents -= _staff(sheets)
    return sheets.find_all(
        TABLE, lambda record: record["person_a"] in constituents and record["person_b"] in constituents
    )


def conversations_stored_in_both_orders(sheets: Sheets) -> list[Expected]:
    """Those of pairs who met once: others might be taken for conversations on two days running."""
    records = dict(sheets.records(TABLE))
    pairs = Counter(frozenset((one["person_a"], one["person_b"])) for one in records.values())
    keep = [
        row for row, one in records.items()
        if one["status"] == "held" and one["person_b"] and pairs[frozenset((one["person_a"], one["person_b"]))] == 1
    ]  # fmt: skip
    used = linked(sheets)
    for row, one in records.items():
        if row not in keep and one["status"] == "held" and one["one_to_one_id"] not in used:
            # The pairs who met more often would outweigh them.
            sheets.set(TABLE, row, status="cancelled", minutes="", is_confirmed="", concerns="")
    copies = [
        sheets.append_copy(
            TABLE, row, one_to_one_id=f"N-{row}", person_a=records[row]["person_b"], person_b=records[row]["person_a"]
        )
        for row in keep
    ]
    cause = "conversations_stored_in_both_orders"
    return [
        Expected(cause, TABLE, None, "one_to_one_id"),
        *(Expected("same_conversation_recorded_twice", TABLE, row, "one_to_one_id", cause) for row in copies),
    ]


def minutes_written_in_hours(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all(TABLE, lambda record: record["minutes"] != "", status="held", kind="one_to_one")
    for row, hours in zip(rows, cycle("12"), strict=False):
        sheets.set(TABLE, row, minutes=hours)
    cause = "minutes_written_in_hours"
    return [
        Expected(cause, TABLE, None, "minutes"),
        *(Expected("one_to_one_of_hardly_any_minutes", TABLE, row, "minutes", cause) for row in rows),
    ]


def conversations_entered_in_one_batch(sheets: Sheets) -> list[Expected]:
    """Two of three conversations of the last months, all entered on the last day."""
    rows = sheets.find_all(
        TABLE, lambda record: record["entered_on"] != "" and len(record["held_on"]) == 10, status="held"
    )
    last = max(sheets.get(TABLE, row, "held_on") for row in rows)
    for number, row in enumerate(rows):
        old = sheets.get(TABLE, row, "held_on") < later(last, -170)
        sheets.set(TABLE, row, entered_on="" if old or number % 3 == 0 else last)
    return [Expected("conversations_entered_in_one_batch", TABLE, None, "entered_on")]


def conversations_crowded_on_one_day(sheets: Sheets) -> list[Expected]:
    """As many of the first conversations of pairs as it takes, and no person too often."""
    day, here, talks, n = "2026-06-20", set(members(sheets)), Counter[str](), 0
    all_of_them = sheets.find_all(TABLE, status="held", kind="one_to_one")
    for row in alone(sheets):
        a, b = sheets.get(TABLE, row, "person_a"), sheets.get(TABLE, row, "person_b")
        if {a, b} <= here and max(talks[a], talks[b]) < 12:
            sheets.set(TABLE, row, held_on=day, entered_on="")
            talks.update((a, b))
            n += 1
    for number, a in enumerate(sorted(here)):
        for b in sorted(here)[number + 1 :]:
            pairs = {frozenset((one["person_a"], one["person_b"])) for _, one in sheets.records(TABLE)}
            if 2 * n <= len(all_of_them) and max(talks[a], talks[b]) < 12 and frozenset((a, b)) not in pairs:
                add_conversation(sheets, a, b, day)
                talks.update((a, b))
                n += 1
    return [Expected("conversations_crowded_on_one_day", TABLE, None, "held_on")]


def second_person_missing_in_most(sheets: Sheets) -> list[Expected]:
    used = linked(sheets)
    for row, record in sheets.records(TABLE):
        if record["one_to_one_id"] not in used:
            sheets.set(TABLE, row, person_b="")
            if record["initiated_by"] == "person_b":
                sheets.set(TABLE, row, initiated_by="")
            if record["is_confirmed"] in ("yes", "no"):
                sheets.set(TABLE, row, is_confirmed="not_asked")
    return [Expected("second_person_missing_in_most", TABLE, None, "person_b")]


def always_the_same_end_asks(sheets: Sheets) -> list[Expected]:
    for row in sheets.find_all(TABLE, initiated_by="person_b"):
        sheets.set(TABLE, row, initiated_by="person_a")
    return [Expected("always_the_same_end_asks", TABLE, None, "initiated_by")]


def outcome_unknown_for_many(sheets: Sheets) -> list[Expected]:
    used = linked(sheets)
    rows = sheets.find_all(TABLE, lambda record: record["one_to_one_id"] not in used, status="held")
    for row in rows[: len(sheets.rows[TABLE]) // 4]:
        sheets.set(TABLE, row, status="unknown", is_confirmed="")
    return [Expected("outcome_unknown_for_many", TABLE, None, "status")]


def conversations_stop_before_the_period_ends(sheets: Sheets) -> list[Expected]:
    """The last months are not in; what refers to them says so no longer."""
    late = sheets.find_all(TABLE, lambda record: record["held_on"] > "2026-04-20")
    gone = {sheets.get(TABLE, row, "one_to_one_id") for row in late}
    for row in sheets.find_all("commitments", lambda record: record["one_to_one_id"] in gone):
        sheets.set("commitments", row, one_to_one_id="")
    remove(sheets, TABLE, late)
    return [Expected("conversations_stop_before_the_period_ends", TABLE, None, "held_on")]


def conversations_begin_long_after_records(sheets: Sheets) -> list[Expected]:
    declare(sheets, "records_from", "2024-03-01")
    return [
        Expected("conversations_begin_long_after_records", TABLE, None, "held_on"),
        Expected("events_begin_long_after_records", "events", None, "held_on"),
    ]


def member_conversations_under_staff_only(sheets: Sheets) -> list[Expected]:
    declare(sheets, "conversations_recorded_for", "staff_only")
    return [Expected("member_conversations_under_staff_only", TABLE, None, "person_a")]


def only_staff_conversations_under_everyone(sheets: Sheets) -> list[Expected]:
    declare(sheets, "conversations_recorded_for", "everyone")
    for row in _between_members(sheets):
        sheets.set(TABLE, row, kind="scripted")
    return [Expected("only_staff_conversations_under_everyone", TABLE, None, "person_a")]


def conversations_recorded_for_nobody(sheets: Sheets) -> list[Expected]:
    declare(sheets, "conversations_recorded_for", "nobody")
    return [Expected("conversations_recorded_for_nobody", TABLE, None, "held_on")]


def _mark(sheets: Sheets, *groups: str) -> None:
    declare(sheets, "conversations_recorded_for", "marked_groups")
    for row, record in sheets.records("groups"):
        is_own = record["group_type"] != "external_organization"
        marked = "yes" if is_own and record["group_id"] in groups else "no"
        sheets.set("groups", row, keeps_conversation_log=marked, conversation_log_from="")


def _homes(sheets: Sheets) -> dict[str, set[str]]:
    """Members of each group who are not paid there."""
    homes: dict[str, set[str]] = {record["group_id"]: set() for _, record in sheets.records("groups")}
    for _, record in sheets.records("memberships"):
        if record["role"] != "paid_staff":
            homes[record["group_id"]].add(record["person_id"])
    return homes


def conversations_outside_marked_groups(sheets: Sheets) -> list[Expected]:
    """Only the group whose members talk least is marked."""
    held = [one for _, one in sheets.records(TABLE) if one["status"] == "held"]
    talks = Counter(person for one in held for person in (one["person_a"], one["person_b"]))
    homes = {group: some for group, some in _homes(sheets).items() if some}
    _mark(sheets, min(homes, key=lambda group: sum(talks[person] for person in homes[group])))
    return [Expected("conversations_outside_marked_groups", TABLE, None, "person_a")]


def marked_groups_without_a_log(sheets: Sheets) -> list[Expected]:
    _mark(sheets)
    return [Expected("marked_groups_without_a_log", "groups", None, "keeps_conversation_log")]


def conversations_before_the_log_began(sheets: Sheets) -> list[Expected]:
    homes = _homes(sheets)
    _mark(sheets, *homes)
    held = [one for _, one in sheets.records(TABLE) if one["status"] == "held" and one["held_on"] > "2025-08"]
    talks = Counter(
        group for one in held for group, some in homes.items() if {one["person_a"], one["person_b"]} <= some
    )
    ((group, n),) = talks.most_common(1)
    assert n > 5
    row = sheets.find("groups", group_id=group)
    sheets.set("groups", row, conversation_log_from="2026-06-20")
    return [Expected("conversations_before_the_log_began", "groups", row, "conversation_log_from")]


def many_one_to_ones_between_staff(sheets: Sheets) -> list[Expected]:
    """Nearly all become check-ins, and two of the staff meet every month."""
    staff = sorted(one["person_id"] for _, one in sheets.records("people") if one["person_type"] == "staff")
    for row in sheets.find_all(TABLE, kind="one_to_one")[24:]:
        sheets.set(TABLE, row, kind="check_in")
    for month in range(1, 7):
        for day in (3, 17, 29 if month != 2 else 26):
            add_conversation(sheets, staff[0], staff[1], f"2026-{month:02d}-{day:02d}")
    return [Expected("many_one_to_ones_between_staff", TABLE, None, "kind")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        conversations_stored_in_both_orders,
        minutes_written_in_hours,
        conversations_entered_in_one_batch,
        conversations_crowded_on_one_day,
        second_person_missing_in_most,
        always_the_same_end_asks,
        outcome_unknown_for_many,
        conversations_stop_before_the_period_ends,
        conversations_begin_long_after_records,
        member_conversations_under_staff_only,
        only_staff_conversations_under_everyone,
        conversations_recorded_for_nobody,
        conversations_outside_marked_groups,
        marked_groups_without_a_log,
        conversations_before_the_log_began,
        many_one_to_ones_between_staff,
    )
}
