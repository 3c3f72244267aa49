"""Breaches of rules about the table commitments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS", "later"]

TABLE = "commitments"


def later(day: str, days: int) -> str:
    """So many days after a day."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _plain(sheets: Sheets, *, lasts: int = 0, **like: str) -> tuple[int, dict[str, str]]:
    """A promise from a conversation with two named people, for no event, that is in nobody's way."""
    talks = {record["one_to_one_id"]: record for _, record in sheets.records("one_to_ones")}
    for row, record in sheets.records(TABLE):
        talk = talks.get(record["one_to_one_id"], {})
        if (
            all(record[name] == text for name, text in like.items())
            and record["event_id"] == ""
            and {record["is_new"], record["is_mutual"]} <= {"no", "unknown", ""}
            and talk.get("person_b", "")
            and len(talk["held_on"]) == 10
            and later(record["made_on"], lasts) < "2026-06-01"
        ):
            return row, record
    raise AssertionError("the clean submission has such a promise")


def _constituents_outside(sheets: Sheets, record: dict[str, str]) -> list[str]:
    """Members who were not in the conversation of a promise, have not left, and were never paid."""
    talk = sheets.find("one_to_ones", one_to_one_id=record["one_to_one_id"])
    ends = {sheets.get("one_to_ones", talk, name) for name in ("person_a", "person_b")}
    paid = {record["person_id"] for _, record in sheets.records("memberships") if record["role"] == "paid_staff"}
    return [
        person["person_id"]
        for _, person in sheets.records("people")
        if person["person_type"] == "constituent" and person["left_on"] == "" and person["person_id"] not in ends | paid
    ]


def commitment_due_before_made(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets, status="not_kept")
    sheets.set(TABLE, row, due_on=later(record["made_on"], -1))
    return [Expected("commitment_due_before_made", TABLE, row, "due_on")]


def commitment_settled_before_made(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets, status="not_kept")
    sheets.set(TABLE, row, status_on=later(record["made_on"], -2))
    return [Expected("commitment_settled_before_made", TABLE, row, "status_on")]


def commitment_overdue_and_open(sheets: Sheets) -> list[Expected]:
    row, _ = _plain(sheets, lasts=60, status="not_kept")
    sheets.set(TABLE, row, status="open", status_on="")
    return [Expected("commitment_overdue_and_open", TABLE, row, "status")]


def open_commitment_with_day_of_result(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, status="open")
    sheets.set(TABLE, row, status_on=sheets.get(TABLE, row, "made_on"))
    return [Expected("open_commitment_with_day_of_result", TABLE, row, "status")]


def day_of_result_missing_in_most(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all(TABLE, lambda record: record["status_on"] != "")
    for row in rows[5:]:
        sheets.set(TABLE, row, status_on="")
    return [Expected("day_of_result_missing_in_most", TABLE, None, "status_on")]


def commitment_asked_by_oneself(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets)
    sheets.set(TABLE, row, asked_by=record["person_id"])
    return [Expected("commitment_asked_by_oneself", TABLE, row, "asked_by")]


def commitment_from_a_conversation_of_others(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets)
    sheets.set(TABLE, row, person_id=_constituents_outside(sheets, record)[0], is_new="")
    return [Expected("commitment_from_a_conversation_of_others", TABLE, row, "person_id")]


def commitment_under_the_wrong_conversation(sheets: Sheets) -> list[Expected]:
    """Neither who promised nor who asked was in it: one mistake, told once."""
    row, record = _plain(sheets)
    held = sheets.get("one_to_ones", sheets.find("one_to_ones", one_to_one_id=record["one_to_one_id"]), "held_on")
    ours = {record["person_id"], record["asked_by"]}
    talk = sheets.find(
        "one_to_ones",
        lambda other: not ours & {other["person_a"], other["person_b"]} and other["person_b"] != "",
        lambda other: later(held, -30) < other["held_on"] <= record["made_on"],
        status="held",
    )
    sheets.set(TABLE, row, one_to_one_id=sheets.get("one_to_ones", talk, "one_to_one_id"))
    cause = "commitment_from_a_conversation_of_others"
    return [
        Expected(cause, TABLE, row, "person_id"),
        Expected("asked_by_someone_not_in_the_conversation", TABLE, row, "asked_by", cause),
    ]


def asked_by_someone_not_in_the_conversation(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets)
    sheets.set(TABLE, row, asked_by=_constituents_outside(sheets, record)[0])
    return [Expected("asked_by_someone_not_in_the_conversation", TABLE, row, "asked_by")]


def commitment_before_its_conversation(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets)
    talk = sheets.find("one_to_ones", one_to_one_id=record["one_to_one_id"])
    sheets.set(TABLE, row, made_on=later(sheets.get("one_to_ones", talk, "held_on"), -1))
    return [Expected("commitment_before_its_conversation", TABLE, row, "made_on")]


def commitment_long_after_its_conversation(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets, lasts=80, status="not_kept")
    day = later(record["made_on"], 70)
    sheets.set(TABLE, row, made_on=day, due_on=later(day, 5), status_on=later(day, 5))
    return [Expected("commitment_long_after_its_conversation", TABLE, row, "made_on")]


def commitment_from_a_conversation_not_held(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets)
    talk = sheets.append_copy(
        "one_to_ones", sheets.find("one_to_ones", one_to_one_id=record["one_to_one_id"]), one_to_one_id="C-called-off",
        status="cancelled", minutes="", is_confirmed="", concerns="",
    )  # fmt: skip
    sheets.set(TABLE, row, one_to_one_id=sheets.get("one_to_ones", talk, "one_to_one_id"))
    return [Expected("commitment_from_a_conversation_not_held", TABLE, row, "one_to_one_id")]


def commitment_after_its_event(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets, lasts=0)
    event = sheets.find("events", lambda event: event["held_on"] < record["made_on"], status="held")
    sheets.set(TABLE, row, event_id=sheets.get("events", event, "event_id"))
    return [Expected("commitment_after_its_event", TABLE, row, "made_on")]


def kept_promise_for_an_event_not_held(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets, lasts=50, status="not_kept")
    day = record["due_on"]
    sheets.append("events", event_id="E-off", held_on=day, status="cancelled", kind="meeting")
    sheets.set(TABLE, row, kind="attend", event_id="E-off", status="kept", status_on=day, is_new="")
    return [Expected("kept_promise_for_an_event_not_held", TABLE, row, "status")]


def kept_promise_of_someone_absent(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda record: record["event_id"] != "", kind="attend", status="not_kept")
    sheets.set(TABLE, row, status="kept")
    return [Expected("kept_promise_of_someone_absent", TABLE, row, "status")]


def broken_promise_of_someone_present(sheets: Sheets) -> list[Expected]:
    row = sheets.find(TABLE, lambda record: record["event_id"] != "", kind="attend", status="kept")
    sheets.set(TABLE, row, status="not_kept")
    return [Expected("broken_promise_of_someone_present", TABLE, row, "status")]


def new_commitment_of_a_kind_kept_before(sheets: Sheets) -> list[Expected]:
    row, record = _plain(sheets, lasts=70, status="kept")
    day = later(record["due_on"], 5)
    again = sheets.append_copy(
        TABLE, row, commitment_id="K-again", one_to_one_id="", made_on=day, due_on=later(day, 8),
        status_on=later(day, 8), is_new="yes",
    )  # fmt: skip
    return [Expected("new_commitment_of_a_kind_kept_before", TABLE, again, "is_new")]


def every_commitment_kept(sheets: Sheets) -> list[Expected]:
    _drop(sheets, lambda record: record["event_id"] != "" and record["status"] in ("not_kept", "unknown"))
    for row in sheets.find_all(TABLE, lambda record: record["status"] != "open"):
        sheets.set(TABLE, row, status="kept")
    return [Expected("every_commitment_kept", TABLE, None, "status")]


def commitments_made_on_the_day_they_are_due(sheets: Sheets) -> list[Expected]:
    for row, record in sheets.records(TABLE):
        if record["status"] != "open" and record["due_on"] < "2026-06-30":
            sheets.set(TABLE, row, made_on=record["due_on"], status_on=record["status_on"] and record["due_on"])
    return [Expected("commitments_made_on_the_day_they_are_due", TABLE, None, "made_on")]


def commitment_of_someone_not_a_member(sheets: Sheets) -> list[Expected]:
    staff = {record["person_id"] for _, record in sheets.records("people") if record["person_type"] == "staff"}
    row = sheets.find(TABLE, lambda record: record["asked_by"] in staff, event_id="", is_mutual="no")
    asker, maker = (sheets.get(TABLE, row, name) for name in ("asked_by", "person_id"))
    sheets.set(TABLE, row, person_id=asker, asked_by=maker, is_new="")
    return [Expected("commitment_of_someone_not_a_member", TABLE, row, "person_id")]


def commitment_after_the_person_left(sheets: Sheets) -> list[Expected]:
    gone = sheets.find("people", lambda record: "2026-06" > record["left_on"] > "2025-06", person_type="constituent")
    person, left = (sheets.get("people", gone, name) for name in ("person_id", "left_on"))
    day = later(left + "-28" if len(left) == 7 else left, 5)
    row = sheets.append(
        TABLE, commitment_id="K-gone", person_id=person, made_on=day, due_on=day, kind="other", status="kept",
        status_on=day,
    )  # fmt: skip
    return [Expected("commitment_after_the_person_left", TABLE, row, "made_on")]


def most_commitments_without_a_link(sheets: Sheets) -> list[Expected]:
    rows = [row for row, _ in sheets.records(TABLE)]
    for row in rows[6:]:
        sheets.set(TABLE, row, one_to_one_id="", event_id="")
    return [Expected("most_commitments_without_a_link", TABLE, None, "one_to_one_id")]


def mutual_commitment_without_the_other(sheets: Sheets) -> list[Expected]:
    n_of = Counter(record["one_to_one_id"] for _, record in sheets.records(TABLE))
    row, _ = _plain(sheets, is_mutual="no")
    assert n_of[sheets.get(TABLE, row, "one_to_one_id")] == 1
    sheets.set(TABLE, row, is_mutual="yes")
    return [Expected("mutual_commitment_without_the_other", TABLE, row, "is_mutual")]


def _drop(sheets: Sheets, unwanted: Callable[[dict[str, str]], bool]) -> None:
    """Delete the rows of promises that are like this."""
    rows = [row for row, record in sheets.records(TABLE) if unwanted(record)]
    for row in reversed(rows):
        del sheets.rows[TABLE][row - 2]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        commitment_due_before_made,
        commitment_settled_before_made,
        commitment_overdue_and_open,
        open_commitment_with_day_of_result,
        day_of_result_missing_in_most,
        commitment_asked_by_oneself,
        commitment_from_a_conversation_of_others,
        asked_by_someone_not_in_the_conversation,
        commitment_before_its_conversation,
        commitment_long_after_its_conversation,
        commitment_from_a_conversation_not_held,
        commitment_after_its_event,
        kept_promise_for_an_event_not_held,
        kept_promise_of_someone_absent,
        broken_promise_of_someone_present,
        new_commitment_of_a_kind_kept_before,
        every_commitment_kept,
        commitments_made_on_the_day_they_are_due,
        commitment_of_someone_not_a_member,
        commitment_after_the_person_left,
        most_commitments_without_a_link,
        mutual_commitment_without_the_other,
    )
}
MUTATIONS["commitment_from_a_conversation_of_others__wrong_conversation"] = commitment_under_the_wrong_conversation
