"""Breaches of rules about outcomes, how they were judged, and texts."""

from __future__ import annotations

import datetime

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]


def _days_after(text: str, days: int) -> str:
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=days)).isoformat()


def _remove(sheets: Sheets, table: str, *rows: int) -> None:
    sheets.rows[table] = [cells for row, cells in enumerate(sheets.rows[table], start=2) if row not in rows]


# --- outcomes -----------------------------------------------------------------------------------------------------


def outcome_known_only_to_the_year(sheets: Sheets) -> list[Expected]:
    row = sheets.find("outcomes", demand_id="")
    sheets.set("outcomes", row, occurred_on=sheets.get("outcomes", row, "occurred_on")[:4])
    return [Expected("outcome_known_only_to_the_year", "outcomes", row, "occurred_on")]


def outcome_without_any_coding(sheets: Sheets) -> list[Expected]:
    first = sheets.find("outcomes", direction="loss")
    row = sheets.append_copy("outcomes", first, outcome_id="O-new", title="A second bus line was given up")
    return [Expected("outcome_without_any_coding", "outcomes", row, "outcome_id")]


def one_coder_for_all_outcomes(sheets: Sheets) -> list[Expected]:
    _remove(sheets, "outcome_codings", *sheets.find_all("outcome_codings", coder="coder-2"))
    rows = sheets.find_all("outcomes")
    assert len(rows) > 20
    cause = "one_coder_for_all_outcomes"
    return [
        Expected(cause, "outcomes", None, "outcome_id"),
        *(Expected("outcome_judged_only_once", "outcomes", row, "outcome_id", cause) for row in rows),
    ]


def outcome_judged_only_once(sheets: Sheets) -> list[Expected]:
    """Nineteen outcomes keep their second judgment: one too few for the others to do without."""
    _remove(sheets, "outcome_codings", *sheets.find_all("outcome_codings", coder="coder-2")[19:])
    rows = sheets.find_all("outcomes")[19:]
    assert rows
    return [Expected("outcome_judged_only_once", "outcomes", row, "outcome_id") for row in rows]


def only_gains_recorded_as_outcomes(sheets: Sheets) -> list[Expected]:
    for row, record in sheets.records("outcomes"):
        sheets.set("outcomes", row, direction="gain", demand_id=record["demand_id"] * (record["direction"] == "gain"))
    return [Expected("only_gains_recorded_as_outcomes", "outcomes", None, "direction")]


def outcome_before_its_demand(sheets: Sheets) -> list[Expected]:
    row = sheets.find("outcomes", lambda record: record["demand_id"] != "", face="visible", direction="loss")
    demand = sheets.find("demands", demand_id=sheets.get("outcomes", row, "demand_id"))
    sheets.set("outcomes", row, occurred_on=_days_after(sheets.get("demands", demand, "made_on"), -1))
    return [Expected("outcome_before_its_demand", "outcomes", row, "occurred_on")]


def gain_from_demand_not_won(sheets: Sheets) -> list[Expected]:
    row = sheets.find("outcomes", lambda record: record["demand_id"] != "", face="visible", direction="loss")
    sheets.set("outcomes", row, direction="gain")
    return [Expected("gain_from_demand_not_won", "outcomes", row, "demand_id")]


def one_outcome_in_two_directions(sheets: Sheets) -> list[Expected]:
    codes = [record["outcome_id"] for _, record in sheets.records("outcomes")]
    twice = next(code for code in codes if codes.count(code) == 2)
    row = sheets.find_all("outcomes", outcome_id=twice)[1]
    sheets.set("outcomes", row, direction="loss")
    return [Expected("one_outcome_in_two_directions", "outcomes", row, "direction")]


def shift_of_beliefs_without_texts(sheets: Sheets) -> list[Expected]:
    sheets.drop_table("documents")
    sheets.drop_table("document_codings")
    low = {
        record["outcome_id"]
        for _, record in sheets.records("outcome_codings")
        if record["grade"] < "2" and record["face"] == "invisible"
    }
    rows = sheets.find_all("outcomes", lambda record: record["outcome_id"] not in low, face="invisible")
    assert rows
    return [Expected("shift_of_beliefs_without_texts", "outcomes", row, "face") for row in rows]


def high_grade_from_own_source(sheets: Sheets) -> list[Expected]:
    row = sheets.find("outcome_codings", grade="2")
    sheets.set("outcome_codings", row, source_kind="own")
    return [Expected("high_grade_from_own_source", "outcome_codings", row, "grade")]


def highest_grade_without_alternatives(sheets: Sheets) -> list[Expected]:
    row = sheets.find("outcome_codings", grade="4")
    sheets.set("outcome_codings", row, has_examined_alternatives="no")
    return [Expected("highest_grade_without_alternatives", "outcome_codings", row, "has_examined_alternatives")]


def grade_and_test_disagree(sheets: Sheets) -> list[Expected]:
    row = sheets.find("outcome_codings", grade="0")
    sheets.set("outcome_codings", row, test="smoking_gun")
    return [Expected("grade_and_test_disagree", "outcome_codings", row, "test")]


def coders_far_apart_on_an_outcome(sheets: Sheets) -> list[Expected]:
    low = {
        (record["outcome_id"], record["face"])
        for _, record in sheets.records("outcome_codings")
        if (record["coder"], record["grade"]) == ("coder-1", "0")
    }
    row = sheets.find("outcome_codings", lambda record: (record["outcome_id"], record["face"]) in low, coder="coder-2")
    sheets.set(
        "outcome_codings", row, grade="3", test="smoking_gun", has_examined_alternatives="yes", source_kind="opponent"
    )
    return [Expected("coders_far_apart_on_an_outcome", "outcome_codings", row, "grade")]


def coders_who_never_differ(sheets: Sheets) -> list[Expected]:
    """The second coder wrote down what the first had written."""
    first = {
        (record["outcome_id"], record["face"]): record
        for _, record in sheets.records("outcome_codings")
        if record["coder"] == "coder-1"
    }
    for row in sheets.find_all("outcome_codings", coder="coder-2"):
        like = first[sheets.get("outcome_codings", row, "outcome_id"), sheets.get("outcome_codings", row, "face")]
        copied = {name: like[name] for name in ("grade", "test", "has_examined_alternatives", "source_kind")}
        sheets.set("outcome_codings", row, **copied)
    return [Expected("coders_who_never_differ", "outcome_codings", None, "grade")]


# --- texts --------------------------------------------------------------------------------------------------------


def earlier_texts_from_after_later_ones(sheets: Sheets) -> list[Expected]:
    before = sheets.find_all("documents", phase="before")[1]
    row = sheets.find("documents", phase="after")
    sheets.set("documents", row, published_on=sheets.get("documents", before, "published_on"))
    return [Expected("earlier_texts_from_after_later_ones", "documents", row, "phase")]


def texts_without_a_yardstick(sheets: Sheets) -> list[Expected]:
    for row in sheets.find_all("documents"):
        sheets.set("documents", row, series="focal")
    return [Expected("texts_without_a_yardstick", "documents", None, "series")]


def one_coder_for_all_texts(sheets: Sheets) -> list[Expected]:
    _remove(sheets, "document_codings", *sheets.find_all("document_codings", coder="coder-2"))
    rows = sheets.find_all("documents")
    cause = "one_coder_for_all_texts"
    return [
        Expected(cause, "documents", None, "document_id"),
        *(Expected("text_with_fewer_than_two_readers", "documents", row, "document_id", cause) for row in rows),
    ]


def text_with_fewer_than_two_readers(sheets: Sheets) -> list[Expected]:
    row = sheets.find("documents")
    text = sheets.get("documents", row, "document_id")
    _remove(sheets, "document_codings", sheets.find("document_codings", document_id=text))
    return [Expected("text_with_fewer_than_two_readers", "documents", row, "document_id")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        outcome_known_only_to_the_year,
        outcome_without_any_coding,
        one_coder_for_all_outcomes,
        outcome_judged_only_once,
        only_gains_recorded_as_outcomes,
        outcome_before_its_demand,
        gain_from_demand_not_won,
        one_outcome_in_two_directions,
        shift_of_beliefs_without_texts,
        high_grade_from_own_source,
        highest_grade_without_alternatives,
        grade_and_test_disagree,
        coders_far_apart_on_an_outcome,
        coders_who_never_differ,
        earlier_texts_from_after_later_ones,
        texts_without_a_yardstick,
        one_coder_for_all_texts,
        text_with_fewer_than_two_readers,
    )
}
