"""Breaches of what follows from the tables alone."""

from __future__ import annotations

from mutations.manifest import line
from mutations.sheets import Expected, Mutation, Sheets, another_text
from relmetrics.standard import load_release

__all__ = ["MUTATIONS"]


def missing_table(sheets: Sheets) -> list[Expected]:
    sheets.drop_table("groups")
    return [Expected("missing_table", "groups", None, "")]


def unknown_table(sheets: Sheets) -> list[Expected]:
    sheets.rename_table("reviews", "reveiws")
    return [Expected("unknown_table", "", None, "")]


def misspelled_table(sheets: Sheets) -> list[Expected]:
    sheets.rename_table("participation", "particpation")
    return [
        Expected("unknown_table", "", None, ""),
        Expected("missing_table", "participation", None, "", "unknown_table"),
        Expected("complete_table_not_handed_in", "submission", line(sheets, "complete_tables"), "complete_tables"),
    ]


def missing_column(sheets: Sheets) -> list[Expected]:
    sheets.drop_column("people", "consent_use")
    return [Expected("missing_column", "people", None, "consent_use")]


def missing_key_column(sheets: Sheets) -> list[Expected]:
    sheets.drop_column("event_codings", "coder")
    return [Expected("missing_column", "event_codings", None, "coder")]


def unknown_column(sheets: Sheets) -> list[Expected]:
    sheets.add_column("people", 2, "shoe_size", "41")
    return [Expected("unknown_column", "people", 1, "")]


def misspelled_column(sheets: Sheets) -> list[Expected]:
    sheets.rename_column("people", "first_contact_on", "first contact")
    return [
        Expected("unknown_column", "people", 1, ""),
        Expected("missing_column", "people", None, "first_contact_on", "unknown_column"),
    ]


def repeated_column(sheets: Sheets) -> list[Expected]:
    sheets.add_column("participation", 5, "attended", "no")
    return [Expected("repeated_column", "participation", 1, "attended")]


def column_without_name(sheets: Sheets) -> list[Expected]:
    sheets.add_column("events", 3, "", "x")
    return [Expected("column_without_name", "events", 1, "")]


def duplicate_person(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy("people", sheets.find("people"))
    return [Expected("duplicate_key", "people", row, "person_id")]


def duplicate_attendance(sheets: Sheets) -> list[Expected]:
    first = sheets.find("participation", attended="yes")
    rows = [sheets.append_copy("participation", first), sheets.append_copy("participation", first, attended="no")]
    return [Expected("duplicate_key", "participation", row, "event_id") for row in rows]


def duplicate_conversation(sheets: Sheets) -> list[Expected]:
    first = sheets.find("one_to_ones", lambda record: record["person_b"] != "", status="held")
    row = sheets.append_copy("one_to_ones", first)
    return [
        Expected("duplicate_key", "one_to_ones", row, "one_to_one_id"),
        Expected("same_conversation_recorded_twice", "one_to_ones", row, "one_to_one_id"),
    ]


def other_words(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all("participation", attended="yes")[:3]
    for row in rows:
        sheets.set("participation", row, attended="Sí")
    return [Expected("code_synonym", "participation", rows[0], "attended")]


def one_of_several_codes(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda record: record["cycle_steps"] != "")
    sheets.set("events", row, cycle_steps=sheets.get("events", row, "cycle_steps") + "; streategie")
    return [Expected("code_not_in_list", "events", row, "cycle_steps")]


def unusable_person_code(sheets: Sheets) -> list[Expected]:
    """One blank behind a code, and every row about that person leads nowhere."""
    person = sheets.get("people", sheets.find("people", person_type="constituent"), "person_id")
    sheets.set("people", sheets.find("people", person_id=person), person_id=person + " ")
    expected: list[Expected] = [
        Expected("id_pattern", "people", sheets.find("people", person_id=person + " "), "person_id")
    ]
    for table, definition in load_release().tables.items():
        for name in (one.id for one in definition.fields if one.references and one.references.table == "people"):
            if name in sheets.headers.get(table, ()):
                rows = sheets.find_all(table, **{name: person})
                expected += [Expected("dangling_reference", table, row, name, "id_pattern") for row in rows]
    assert len(expected) > 5, "the person does something"
    return expected


def ragged_row(sheets: Sheets) -> list[Expected]:
    row = len(sheets.rows["lines"]) + 1
    sheets.rows["lines"][-1].append("one more")
    return [Expected("ragged_row", "lines", row, "")]


def unclosed_quote(sheets: Sheets) -> list[Expected]:
    # The quotation mark opens in the last cell of the last row, in a column of the organization's own: nothing is lost.
    sheets.add_column("lines", len(sheets.headers["lines"]), "x_size", "")
    width = len(sheets.headers["lines"])
    sheets.endings["lines"] = "language,dutch,Dutch at home,no" + "," * (width - 4) + '"never closed\n'
    last = len(sheets.rows["lines"]) + 2
    return [
        Expected("unclosed_quote", "lines", last, ""),
        Expected("category_of_nobody_at_all", "lines", last, "category_id"),
        Expected("category_without_population_share", "lines", last, "category_id"),
    ]


def e_mail_as_code(sheets: Sheets) -> list[Expected]:
    row = sheets.find("participation", lambda record: record["invited_by"] != "")
    sheets.set("participation", row, invited_by="ana@example.org")
    return [
        Expected("email_address", "participation", row, "invited_by"),
        Expected("id_pattern", "participation", row, "invited_by", "email_address"),
    ]


def number_below_zero(sheets: Sheets) -> list[Expected]:
    row = sheets.find("one_to_ones", lambda record: record["minutes"] != "", status="held", kind="one_to_one")
    sheets.set("one_to_ones", row, minutes="-40")
    return [
        Expected("value_out_of_range", "one_to_ones", row, "minutes"),
        Expected("one_to_one_of_hardly_any_minutes", "one_to_ones", row, "minutes", "value_out_of_range"),
    ]


def unknown_person(sheets: Sheets) -> list[Expected]:
    promised = {record["one_to_one_id"] for _, record in sheets.records("commitments")}
    row = sheets.find(
        "one_to_ones",
        lambda record: record["person_b"] != "" and record["one_to_one_id"] not in promised,
        status="held",
    )
    sheets.set("one_to_ones", row, person_b="P-9999")
    return [Expected("dangling_reference", "one_to_ones", row, "person_b")]


def unreadable_character(sheets: Sheets) -> list[Expected]:
    sheets.set("groups", 3, label="a\0b")
    return [
        Expected("unreadable_character", "groups", 3, ""),
        Expected("letters_spoiled_by_a_program", "groups", 3, "label", "unreadable_character"),
    ]


MUTATIONS: dict[str, Mutation] = {
    "missing_table": missing_table,
    "unknown_table": unknown_table,
    "misspelled_table": misspelled_table,
    "missing_column": missing_column,
    "missing_key_column": missing_key_column,
    "unknown_column": unknown_column,
    "misspelled_column": misspelled_column,
    "repeated_column": repeated_column,
    "column_without_name": column_without_name,
    "date_that_never_was": another_text("value_not_of_type", "one_to_ones", "held_on", "2026-02-30"),
    "number_as_word": another_text("value_not_of_type", "one_to_ones", "minutes", "forty"),
    "e_mail_as_code": e_mail_as_code,
    "blank_in_code": another_text("id_pattern", "memberships", "person_id", "P 0002"),
    "empty_kind": another_text("required_value_missing", "one_to_ones", "kind", ""),
    "blank_kind": another_text("required_value_missing", "events", "kind", "   ", status="cancelled"),
    "word_not_in_list": another_text("code_not_in_list", "one_to_ones", "status", "helt"),
    "one_of_several_codes": one_of_several_codes,
    "other_words": other_words,
    "number_below_zero": number_below_zero,
    "label_too_long": another_text("label_too_long", "groups", "label", "a" * 61),
    "duplicate_person": duplicate_person,
    "duplicate_attendance": duplicate_attendance,
    "duplicate_conversation": duplicate_conversation,
    "unknown_person": unknown_person,
    "unknown_group": another_text("dangling_reference", "memberships", "group_id", "G-nowhere", role="participant"),
    "category_of_no_line": another_text("dangling_reference", "person_lines", "category_id", "klingon"),
    "unusable_person_code": unusable_person_code,
    "ragged_row": ragged_row,
    "unclosed_quote": unclosed_quote,
    "unreadable_character": unreadable_character,
}
