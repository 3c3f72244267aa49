"""Breaches of rules about surveys of teams: questions, answers, and who was asked."""

from __future__ import annotations

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]


def _remove(sheets: Sheets, table: str, *rows: int) -> None:
    sheets.rows[table] = [cells for row, cells in enumerate(sheets.rows[table], start=2) if row not in rows]


def _wave(sheets: Sheets, kind: str) -> tuple[str, str]:
    """Code and day of the latest survey of a kind."""
    row = sheets.find_all("waves", kind=kind)[-1]
    return sheets.get("waves", row, "wave_id"), sheets.get("waves", row, "asked_on")


def _respondent(sheets: Sheets) -> tuple[str, str, str]:
    """A constituent who answered the latest survey of teams: survey, person and team."""
    wave, _ = _wave(sheets, "team_survey")
    constituents = {
        record["person_id"] for _, record in sheets.records("people") if record["person_type"] == "constituent"
    }
    row = sheets.find("survey_responses", lambda record: record["person_id"] in constituents, wave_id=wave)
    return wave, sheets.get("survey_responses", row, "person_id"), sheets.get("survey_responses", row, "group_id")


def _groups_of(sheets: Sheets, person: str, asked_on: str) -> set[str]:
    """Groups in which a person certainly has a role on a day."""
    return {
        record["group_id"]
        for _, record in sheets.records("memberships")
        if record["person_id"] == person
        and record["ended_on"] == ""
        and (record["started_on"] + "-12-31")[:10] <= asked_on
    }


# --- questions ----------------------------------------------------------------------------------------------------


def item_whose_answers_run_backwards(sheets: Sheets) -> list[Expected]:
    """Two ends swapped; the scale no longer fits, and no answer lies between them."""
    row = sheets.find_all("survey_items", scale="sense_of_community")[1]
    low, high = (sheets.get("survey_items", row, name) for name in ("minimum", "maximum"))
    sheets.set("survey_items", row, minimum=high, maximum=low)
    answers = sheets.find_all(
        "survey_responses", lambda record: record["value"] != "", item_code=sheets.get("survey_items", row, "item_code")
    )
    cause = "item_whose_answers_run_backwards"
    return [
        Expected(cause, "survey_items", row, "maximum"),
        Expected("scale_of_unlike_items", "survey_items", row, "scale", cause),
        *(Expected("answer_outside_its_range", "survey_responses", answer, "value", cause) for answer in answers),
    ]


def item_with_odd_number_of_answers(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all("survey_items", scale="role_opportunity")
    for row in rows:
        sheets.set("survey_items", row, maximum="100")
    return [Expected("item_with_odd_number_of_answers", "survey_items", row, "maximum") for row in rows]


def scale_of_unlike_items(sheets: Sheets) -> list[Expected]:
    row = sheets.find_all("survey_items", scale="role_opportunity")[1]
    sheets.set("survey_items", row, maximum="9")
    return [Expected("scale_of_unlike_items", "survey_items", row, "scale")]


def scale_direction_not_declared(sheets: Sheets) -> list[Expected]:
    row = sheets.find("survey_items", is_reversed="no")
    sheets.set("survey_items", row, is_reversed="unknown")
    return [Expected("scale_direction_not_declared", "survey_items", row, "is_reversed")]


def scale_of_one_item(sheets: Sheets) -> list[Expected]:
    row = sheets.find_all("survey_items", scale="sense_of_community")[-1]
    sheets.set("survey_items", row, scale="sense-of-community")
    return [Expected("scale_of_one_item", "survey_items", row, "scale")]


# --- surveys ------------------------------------------------------------------------------------------------------


def answers_in_a_survey_of_ties(sheets: Sheets) -> list[Expected]:
    _, person, _ = _respondent(sheets)
    asked = sheets.find_all("wave_respondents", person_id=person, has_answered="yes")
    rosters = {record["wave_id"] for _, record in sheets.records("waves") if record["kind"] == "roster"}
    wave, team = next(
        (sheets.get("wave_respondents", row, "wave_id"), sheets.get("wave_respondents", row, "group_id"))
        for row in asked
        if sheets.get("wave_respondents", row, "wave_id") in rosters
    )
    answer = sheets.find("survey_responses", lambda record: record["value"] != "", person_id=person)
    texts = {"group_id": team} if team else {}
    sheets.append_copy("survey_responses", answer, wave_id=wave, **texts)
    return [Expected("answers_in_a_survey_of_ties", "waves", sheets.find("waves", wave_id=wave), "kind")]


def team_survey_without_answers(sheets: Sheets) -> list[Expected]:
    """The answers to one survey were not entered; everybody who gave their form back is a consequence."""
    wave = sheets.get("waves", sheets.find("waves", kind="team_survey"), "wave_id")
    _remove(sheets, "survey_responses", *sheets.find_all("survey_responses", wave_id=wave))
    rows = sheets.find_all("wave_respondents", wave_id=wave, has_answered="yes")
    cause = "team_survey_without_answers"
    return [
        Expected(cause, "waves", sheets.find("waves", wave_id=wave), "wave_id"),
        *(Expected("answered_and_no_answers_there", "wave_respondents", row, "has_answered", cause) for row in rows),
    ]


def people_asked_without_a_team(sheets: Sheets) -> list[Expected]:
    wave, _ = _wave(sheets, "team_survey")
    rows = sheets.find_all("wave_respondents", lambda record: record["group_id"] != "", wave_id=wave, has_answered="no")
    for row in rows[:2]:
        sheets.set("wave_respondents", row, group_id="")
    return [Expected("people_asked_without_a_team", "waves", sheets.find("waves", wave_id=wave), "wave_id")]


# --- answers ------------------------------------------------------------------------------------------------------


def answer_outside_its_range(sheets: Sheets) -> list[Expected]:
    row = sheets.find("survey_responses", item_code="ce2")
    sheets.set("survey_responses", row, value="9")
    return [Expected("answer_outside_its_range", "survey_responses", row, "value")]


def several_teams_of_one_person(sheets: Sheets) -> list[Expected]:
    """One answer for a group in which the person is too, to a question about oneself."""
    wave, asked_on = _wave(sheets, "team_survey")
    for row in sheets.find_all("survey_responses", wave_id=wave, item_code="pc1"):
        person, team = (sheets.get("survey_responses", row, name) for name in ("person_id", "group_id"))
        others = sorted(_groups_of(sheets, person, asked_on) - {team})
        if others:
            sheets.set("survey_responses", row, group_id=others[0])
            return [Expected("several_teams_of_one_person", "survey_responses", row, "group_id")]
    raise AssertionError("nobody is in two groups")


def answers_of_someone_not_asked(sheets: Sheets) -> list[Expected]:
    wave, person, _ = _respondent(sheets)
    _remove(sheets, "wave_respondents", sheets.find("wave_respondents", wave_id=wave, person_id=person))
    row = sheets.find("survey_responses", lambda record: record["value"] != "", wave_id=wave, person_id=person)
    return [Expected("answers_of_someone_not_asked", "survey_responses", row, "person_id")]


def answered_for_another_group_than_asked(sheets: Sheets) -> list[Expected]:
    """Answered for a team; asked as part of another group in which the person is too."""
    wave, asked_on = _wave(sheets, "team_survey")
    for row in sheets.find_all("wave_respondents", wave_id=wave, has_answered="yes"):
        person, team = (sheets.get("wave_respondents", row, name) for name in ("person_id", "group_id"))
        others = sorted(_groups_of(sheets, person, asked_on) - {team})
        if others and team:
            sheets.set("wave_respondents", row, group_id=others[0])
            answer = sheets.find("survey_responses", wave_id=wave, person_id=person)
            return [Expected("answered_for_another_group_than_asked", "survey_responses", answer, "group_id")]
    raise AssertionError("nobody is in two groups")


def answered_for_a_group_never_joined(sheets: Sheets) -> list[Expected]:
    wave, person, team = _respondent(sheets)
    own = {record["group_id"] for _, record in sheets.records("memberships") if record["person_id"] == person}
    other = sheets.find("groups", lambda record: record["group_id"] not in own, group_type="team")
    answers = sheets.find_all("survey_responses", wave_id=wave, person_id=person, group_id=team)
    for row in answers:
        sheets.set("survey_responses", row, group_id=sheets.get("groups", other, "group_id"))
    sheets.set("wave_respondents", sheets.find("wave_respondents", wave_id=wave, person_id=person), group_id="")
    return [Expected("answered_for_a_group_never_joined", "survey_responses", answers[0], "group_id")]


def same_answer_throughout(sheets: Sheets) -> list[Expected]:
    wave, person, _ = _respondent(sheets)
    five = {record["item_code"] for _, record in sheets.records("survey_items") if record["maximum"] == "5"}
    rows = sheets.find_all(
        "survey_responses", lambda record: record["item_code"] in five, wave_id=wave, person_id=person
    )
    for row in rows:
        sheets.set("survey_responses", row, value="5")
    return [Expected("same_answer_throughout", "survey_responses", rows[0], "value")]


def team_question_answered_for_other_group(sheets: Sheets) -> list[Expected]:
    wave, asked_on = _wave(sheets, "team_survey")
    kinds = {record["group_id"]: record["group_type"] for _, record in sheets.records("groups")}
    for first in sheets.find_all(
        "survey_responses", lambda record: record["value"] != "", wave_id=wave, item_code="ce1"
    ):
        person = sheets.get("survey_responses", first, "person_id")
        others = sorted(one for one in _groups_of(sheets, person, asked_on) if kinds[one] != "team")
        if others:
            for row in sheets.find_all("survey_responses", wave_id=wave, person_id=person):
                sheets.set("survey_responses", row, group_id=others[0])
            sheets.set("wave_respondents", sheets.find("wave_respondents", wave_id=wave, person_id=person), group_id="")
            return [Expected("team_question_answered_for_other_group", "survey_responses", first, "group_id")]
    raise AssertionError("nobody is in another kind of group")


# --- who was asked ------------------------------------------------------------------------------------------------


def answers_of_someone_marked_unanswered(sheets: Sheets) -> list[Expected]:
    wave, person, _ = _respondent(sheets)
    row = sheets.find("wave_respondents", wave_id=wave, person_id=person)
    sheets.set("wave_respondents", row, has_answered="no")
    return [Expected("answers_of_someone_marked_unanswered", "wave_respondents", row, "has_answered")]


def answered_and_no_answers_there(sheets: Sheets) -> list[Expected]:
    team_waves = {record["wave_id"] for _, record in sheets.records("waves") if record["kind"] == "team_survey"}
    row = sheets.find("wave_respondents", lambda record: record["wave_id"] in team_waves, has_answered="no")
    sheets.set("wave_respondents", row, has_answered="yes")
    return [Expected("answered_and_no_answers_there", "wave_respondents", row, "has_answered")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        item_whose_answers_run_backwards,
        item_with_odd_number_of_answers,
        scale_of_unlike_items,
        scale_direction_not_declared,
        scale_of_one_item,
        answers_in_a_survey_of_ties,
        team_survey_without_answers,
        people_asked_without_a_team,
        answer_outside_its_range,
        several_teams_of_one_person,
        answers_of_someone_not_asked,
        answered_for_another_group_than_asked,
        answered_for_a_group_never_joined,
        same_answer_throughout,
        team_question_answered_for_other_group,
        answers_of_someone_marked_unanswered,
        answered_and_no_answers_there,
    )
}
