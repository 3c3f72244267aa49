"""Breaches of rules about surveys: who was asked, who answered, and whom they named."""

from __future__ import annotations

from collections import Counter

from mutations.commitments import later
from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]

WAVES, ASKED, NAMES = "waves", "wave_respondents", "tie_reports"


def _roster(sheets: Sheets) -> tuple[int, str]:
    """The latest survey of ties."""
    row = max(sheets.find_all(WAVES, kind="roster"), key=lambda row: sheets.get(WAVES, row, "asked_on"))
    return row, sheets.get(WAVES, row, "wave_id")


def _drop(sheets: Sheets, table: str, **like: str) -> None:
    for row in reversed(sheets.find_all(table, **like)):
        del sheets.rows[table][row - 2]


def survey_without_the_people_asked(sheets: Sheets) -> list[Expected]:
    # An old survey: nothing else is about it.
    row = sheets.append(WAVES, wave_id="W-old", kind="roster", asked_on="2025-02-01")
    return [Expected("survey_without_the_people_asked", WAVES, row, "wave_id")]


def two_surveys_of_one_kind_close_together(sheets: Sheets) -> list[Expected]:
    row, wave = _roster(sheets)
    again = sheets.append_copy(
        WAVES, row, wave_id="W-again", asked_on=later(sheets.get(WAVES, row, "asked_on"), 10), n_choices_allowed="",
    )  # fmt: skip
    person = sheets.find(ASKED, wave_id=wave, has_answered="no")
    sheets.append_copy(ASKED, person, wave_id="W-again")
    return [Expected("two_surveys_of_one_kind_close_together", WAVES, again, "asked_on")]


def limit_of_names_without_a_survey_of_ties(sheets: Sheets) -> list[Expected]:
    row = sheets.find(WAVES, kind="team_survey")
    sheets.set(WAVES, row, n_choices_allowed="5")
    return [Expected("limit_of_names_without_a_survey_of_ties", WAVES, row, "kind")]


def ties_by_roster_without_a_roster(sheets: Sheets) -> list[Expected]:
    sheets.manifest = sheets.manifest.replace('tie_rule: "one_to_one"', 'tie_rule: "roster"')
    for wave in [sheets.get(WAVES, row, "wave_id") for row in sheets.find_all(WAVES, kind="roster")]:
        for table in (WAVES, ASKED, NAMES):
            _drop(sheets, table, wave_id=wave)
    return [Expected("ties_by_roster_without_a_roster", WAVES, None, "kind")]


def most_who_answered_named_nobody(sheets: Sheets) -> list[Expected]:
    row, wave = _roster(sheets)
    reporters = sorted({record["reporter"] for _, record in sheets.records(NAMES) if record["wave_id"] == wave})
    for reporter in reporters[6:]:
        _drop(sheets, NAMES, wave_id=wave, reporter=reporter)
    return [Expected("most_who_answered_named_nobody", WAVES, row, "wave_id")]


def names_in_a_survey_of_teams(sheets: Sheets) -> list[Expected]:
    wave = sheets.find(WAVES, kind="team_survey")
    name = sheets.get(WAVES, wave, "wave_id")
    one, other = sheets.find_all(ASKED, wave_id=name, has_answered="yes")[:2]
    sheets.append(
        NAMES, wave_id=name, reporter=sheets.get(ASKED, one, "person_id"), alter=sheets.get(ASKED, other, "person_id"),
        relation="trusts",
    )  # fmt: skip
    return [Expected("names_in_a_survey_of_teams", WAVES, wave, "kind")]


def nobody_named_for_talking(sheets: Sheets) -> list[Expected]:
    row, wave = _roster(sheets)
    _drop(sheets, NAMES, wave_id=wave, relation="talks_one_to_one")
    return [Expected("nobody_named_for_talking", WAVES, row, "wave_id")]


def every_naming_is_returned(sheets: Sheets) -> list[Expected]:
    row, wave = _roster(sheets)
    sheets.set(WAVES, row, n_choices_allowed="")
    answered = {sheets.get(ASKED, one, "person_id") for one in sheets.find_all(ASKED, wave_id=wave, has_answered="yes")}
    pairs = {
        frozenset((record["reporter"], record["alter"]))
        for _, record in sheets.records(NAMES)
        if record["wave_id"] == wave and {record["reporter"], record["alter"]} <= answered
    }
    _drop(sheets, NAMES, wave_id=wave, relation="talks_one_to_one")
    for one, other in sorted(sorted(pair) for pair in pairs):
        for reporter, alter in ((one, other), (other, one)):
            sheets.append(
                NAMES, wave_id=wave, reporter=reporter, alter=alter, relation="talks_one_to_one", strength="2"
            )
    return [Expected("every_naming_is_returned", WAVES, row, "wave_id")]


def asked_but_not_in_the_group(sheets: Sheets) -> list[Expected]:
    group = sheets.get("groups", sheets.find("groups", group_type="external_organization"), "group_id")
    row = sheets.find(ASKED, lambda record: record["group_id"] != "", has_answered="no")
    sheets.set(ASKED, row, group_id=group)
    return [Expected("asked_but_not_in_the_group", ASKED, row, "group_id")]


def asked_after_the_person_left(sheets: Sheets) -> list[Expected]:
    """The list of the year before was used again, and somebody had left since."""
    _, wave = _roster(sheets)
    asked = {record["person_id"] for _, record in sheets.records(ASKED) if record["wave_id"] == wave}
    person = sheets.find(
        "people", lambda record: "" < record["left_on"] < "2026-03", lambda record: record["person_id"] not in asked,
        person_type="constituent",
    )  # fmt: skip
    row = sheets.append(ASKED, wave_id=wave, person_id=sheets.get("people", person, "person_id"), has_answered="no")
    return [Expected("asked_after_the_person_left", ASKED, row, "person_id")]


def outsider_asked_in_a_survey(sheets: Sheets) -> list[Expected]:
    _, wave = _roster(sheets)
    person = sheets.get("people", sheets.find("people", person_type="external"), "person_id")
    row = sheets.append(ASKED, wave_id=wave, person_id=person, has_answered="no")
    return [Expected("outsider_asked_in_a_survey", ASKED, row, "person_id")]


def only_those_who_answered(sheets: Sheets) -> list[Expected]:
    # Nobody's names are missing then: whoever was silent is off the list, and off everybody's names.
    silent = {
        (record["wave_id"], record["person_id"])
        for _, record in sheets.records(ASKED)
        if record["has_answered"] != "yes"
    }
    for table, name in ((ASKED, "person_id"), (NAMES, "alter")):
        for row, record in reversed(list(sheets.records(table))):
            if (record["wave_id"], record[name]) in silent:
                del sheets.rows[table][row - 2]
    cause = "one_answer_everywhere"
    return [
        Expected(cause, ASKED, None, "has_answered"),
        Expected("only_those_who_answered", ASKED, None, "has_answered", cause),
    ]


def person_who_named_themselves(sheets: Sheets) -> list[Expected]:
    row = sheets.find(NAMES, relation="trusts")
    sheets.set(NAMES, row, alter=sheets.get(NAMES, row, "reporter"))
    return [Expected("person_who_named_themselves", NAMES, row, "alter")]


def names_by_somebody_not_asked(sheets: Sheets) -> list[Expected]:
    _, wave = _roster(sheets)
    asked = {record["person_id"] for _, record in sheets.records(ASKED) if record["wave_id"] == wave}
    person = sheets.find("people", lambda record: record["person_id"] not in asked, person_type="constituent")
    like = sheets.find(NAMES, wave_id=wave, relation="works_with")
    row = sheets.append_copy(NAMES, like, reporter=sheets.get("people", person, "person_id"))
    return [Expected("names_by_somebody_not_asked", NAMES, row, "reporter")]


def names_by_somebody_without_an_answer(sheets: Sheets) -> list[Expected]:
    row = sheets.find(NAMES)
    wave, reporter = (sheets.get(NAMES, row, name) for name in ("wave_id", "reporter"))
    sheets.set(ASKED, sheets.find(ASKED, wave_id=wave, person_id=reporter), has_answered="no")
    return [Expected("names_by_somebody_without_an_answer", NAMES, row, "reporter")]


def named_person_not_on_the_list(sheets: Sheets) -> list[Expected]:
    _, wave = _roster(sheets)
    asked = {record["person_id"] for _, record in sheets.records(ASKED) if record["wave_id"] == wave}
    person = sheets.find("people", lambda record: record["person_id"] not in asked, person_type="constituent")
    row = sheets.find(NAMES, wave_id=wave, relation="works_with")
    sheets.set(NAMES, row, alter=sheets.get("people", person, "person_id"))
    return [Expected("named_person_not_on_the_list", NAMES, row, "alter")]


def more_names_than_allowed(sheets: Sheets) -> list[Expected]:
    named = Counter(
        (record["wave_id"], record["reporter"])
        for _, record in sheets.records(NAMES) if record["relation"] == "talks_one_to_one"
    )  # fmt: skip
    _, wave = _roster(sheets)
    most = max(n for (of, _), n in named.items() if of == wave)
    sheets.set(WAVES, sheets.find(WAVES, wave_id=wave), n_choices_allowed=str(most))
    reporter = next(reporter for (of, reporter), n in named.items() if of == wave and n == most)
    rows = sheets.find_all(NAMES, wave_id=wave, reporter=reporter, relation="talks_one_to_one")
    known = {sheets.get(NAMES, row, "alter") for row in rows} | {reporter}
    another = sheets.find(ASKED, lambda record: record["person_id"] not in known, wave_id=wave)
    sheets.append_copy(NAMES, rows[0], alter=sheets.get(ASKED, another, "person_id"))
    return [Expected("more_names_than_allowed", NAMES, rows[0], "reporter")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        survey_without_the_people_asked,
        two_surveys_of_one_kind_close_together,
        limit_of_names_without_a_survey_of_ties,
        ties_by_roster_without_a_roster,
        most_who_answered_named_nobody,
        names_in_a_survey_of_teams,
        nobody_named_for_talking,
        every_naming_is_returned,
        asked_but_not_in_the_group,
        asked_after_the_person_left,
        outsider_asked_in_a_survey,
        only_those_who_answered,
        person_who_named_themselves,
        names_by_somebody_not_asked,
        names_by_somebody_without_an_answer,
        named_person_not_on_the_list,
        more_names_than_allowed,
    )
}
