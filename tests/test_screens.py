"""Screens for personal data: how well they see, what they say, and that they never repeat what they saw."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
import xlsxwriter

from deck import submission_from_case
from relmetrics.definitions import Release
from relmetrics.definitions.logic import screen_hash
from relmetrics.definitions.screen import LETTERS, LISTED
from relmetrics.reporting import render
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.validation import Findings, validate
from relmetrics.validation.screens.names import words_of
from screens import generate as g
from screens import score as s
from screens.words import read_listed, read_unlisted

ROOT = Path(__file__).parents[1]
SECRETS = (
    "ana.secreta@example.org",
    "512-555-0147",
    "Ana García Ramírez",
    "4512 Secret Oak Street",
    "1984-05-17",
    "undocumented since 1998",
    "123-45-6788",
    "Cried for a long while when we spoke of the landlord yesterday",
)


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release()


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> s.Scores:
    return s.run_scores(tmp_path_factory.mktemp("scores"))


# --- scores -----------------------------------------------------------------------------------------------------------


def test_the_published_scores_are_those_of_the_run(scores: s.Scores) -> None:
    page = s.published(s.PAGE.read_text(encoding="utf-8"))
    assert page == "\n".join(s.table_lines(scores)), "run: python -m screens.score (with tests on the path)"


def test_enough_cells_of_each_kind_were_looked_at(scores: s.Scores) -> None:
    for kind, by_language in scores.cells.items():
        assert sum(score.n_cells for score in by_language.values()) >= 2000, kind
        assert all(score.n_decoys >= score.n_cells for score in by_language.values()), kind


def test_a_kind_that_is_often_wrong_only_warns(scores: s.Scores, release: Release) -> None:
    for kind, by_language in scores.cells.items():
        wanted = "warning" if min(score.precision for score in by_language.values()) < 0.99 else "error"
        assert release.screens[kind].severity == wanted, kind


def test_names_of_columns_are_hardly_ever_wrong(scores: s.Scores) -> None:
    for kind, by_language in scores.headers.items():
        for language, score in by_language.items():
            assert score.precision >= 0.99, (kind, language)
            assert score.n_alone >= 0.8 * score.n_cells, (kind, language)


def test_every_screen_has_a_score(scores: s.Scores, release: Release) -> None:
    told = {*scores.cells, *scores.headers}
    assert release.screens.keys() - told == {"reserved_line_id"}, "two words, matched whole: its deck says all"


def test_half_of_the_names_are_not_in_the_lists(release: Release) -> None:
    listed = {word.word for name in ("given_names", "surnames") for word in release.word_lists[name].words}
    unlisted = read_unlisted()
    assert not listed & {word for words in unlisted.values() for word in words}
    assert {len(words) > 200 for words in unlisted.values()} == {True}
    assert read_listed().keys() == unlisted.keys()
    for language in ("en", "es"):
        cells = g.positives("person_name", language)
        assert 0.4 < sum(cell.stratum != "listed" for cell in cells) / len(cells) < 0.6


# --- nothing is repeated ----------------------------------------------------------------------------------------------


def everything_bad(tmp_path: Path) -> Findings:
    """Every kind of value, as an own column, an unknown one, an id, a label, a table of one's own, and the manifest."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["person_id", "first_contact_on", "x_a", "b", "Correo"])
    for secret in SECRETS:
        writer.writerow([secret, secret, secret, secret, secret])
    other = io.StringIO()
    csv.writer(other).writerows([["name", SECRETS[0]], *([secret, secret] for secret in SECRETS)])
    given = {
        "manifest": {"contact_role": SECRETS[2], "boundary_rule": f"ask {SECRETS[1]}"},
        "tables": {
            "people": buffer.getvalue(),
            "groups": f"group_id,label\nG1,{SECRETS[0]}\n",
            "x_list": other.getvalue(),
        },
    }
    with submission_from_case(given, tmp_path) as submission:
        return validate(submission)


def test_no_value_stands_in_any_output(tmp_path: Path, release: Release) -> None:
    found = everything_bad(tmp_path)
    told = {finding.rule for finding in found} & release.screens.keys()
    assert len(told) >= 8
    texts = [repr(finding) for finding in found]
    texts += [render(found, release=release, format=name) for name in ("text", "json", "html")]
    for text in texts:
        for secret in SECRETS:
            assert secret.casefold() not in text.casefold()


def test_numbers_are_exact_where_lists_are_cut(tmp_path: Path) -> None:
    rows = "".join(f"P{number},a{number}@example.org\n" for number in range(30))
    with submission_from_case({"tables": {"people": f"person_id,x_a\n{rows}"}}, tmp_path) as submission:
        found = validate(submission, most_listed=4)
    (check,) = (check for check in found.checks if check.rule == "email_address" and check.table == "people")
    listed = [finding.cell for finding in found if finding.rule == "email_address"]
    assert check.n_findings == 30
    assert listed == ["B2", "B3", "B4", "B5"]


# --- causes -----------------------------------------------------------------------------------------------------------


def test_a_cause_is_told_once(tmp_path: Path) -> None:
    people = (
        "person_id,email,x_a,typ\n"
        "ana@example.org,ana@example.org,Talked an hour with Ana Garcia at 512-555-0142 about it,x\n"
    )
    with submission_from_case({"tables": {"people": people}}, tmp_path) as submission:
        found = validate(submission)
    by_id = {finding.id: finding for finding in found}

    def cause(rule: str, cell: str) -> tuple[str, str]:
        (one,) = (finding for finding in found if (finding.rule, finding.cell) == (rule, cell))
        because = by_id.get(one.cause)
        return (because.rule, because.cell) if because is not None else ("", "")

    assert cause("email_address", "B1") == ("", "")
    assert cause("email_address", "B2") == ("email_address", "B1")
    assert cause("unknown_column", "B1") == ("email_address", "B1")
    assert cause("unknown_column", "D1") == ("", "")
    assert cause("free_note", "C2") == ("", "")
    assert cause("phone_number", "C2") == cause("person_name", "C2") == ("free_note", "C2")
    assert cause("id_pattern", "A2") == ("email_address", "A2")


def test_a_line_is_told_once(tmp_path: Path) -> None:
    lines = "line_id,category_id,title\nstatus,citizen,Citizens\nstatus,none,Undocumented\nx,y,Asthma\n"
    with submission_from_case({"tables": {"lines": lines}}, tmp_path) as submission:
        found = [finding for finding in validate(submission) if finding.rule == "refused_line_topic"]
    assert [finding.cell for finding in found if not finding.cause] == ["B2", "C4"]


# --- ways in ----------------------------------------------------------------------------------------------------------


def cells_of(found: Findings, rule: str) -> list[tuple[str, str, str]]:
    return [(finding.file, finding.sheet, finding.cell) for finding in found if finding.rule == rule]


@pytest.mark.parametrize("between", ["", "\n", "\n\n"], ids=["regular", "blank row", "blank rows"])
def test_cells_are_named_as_a_spreadsheet_does(tmp_path: Path, between: str) -> None:
    people = f"person_id,x_a,person_type,x_b\nP1,ok,staff,\n{between}P2,ana@example.org,staff,(512) 555-0142\n"
    other = f"a,b\n1,\n{between}2,ana@example.org\n"
    with submission_from_case({"tables": {"people": people, "x_more": other}}, tmp_path) as submission:
        assert submission.connection.execute("SELECT count(*) FROM given.people").fetchone() == (2,)
        found = validate(submission)
    row = 3 + len(between)
    assert sorted(cells_of(found, "email_address")) == [("people.csv", "", f"B{row}"), ("x_more.csv", "", f"B{row}")]
    assert cells_of(found, "phone_number") == [("people.csv", "", f"D{row}")]


def test_a_workbook_with_columns_and_sheets_of_its_own(tmp_path: Path) -> None:
    manifest = (ROOT / "examples" / "riverside_tenants" / "submission.yaml").read_text(encoding="utf-8")
    keys = dict(re.findall(r'^(\w+): "(.+)"$', manifest, re.MULTILINE))
    keys |= {"period.start": "2025-07-01", "period.end": "2026-06-30", "complete_tables": ""}
    with xlsxwriter.Workbook(tmp_path / "s.xlsx") as book:
        for name, rows in {
            "submission": [["key", "value"], *([key, value] for key, value in keys.items())],
            "people": [["person_id", "x_a"], ["P1", "ok"], ["P2", "ana@example.org"]],
            "x_more": [[], ["", "when", "name"], ["", "2026-01-01", "Ana Garcia"]],
            "Sheet3": [],
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    with read_submission(tmp_path / "s.xlsx") as submission:
        found = validate(submission)
    assert cells_of(found, "email_address") == [("s.xlsx", "people", "B3")]
    assert cells_of(found, "person_name") == [("s.xlsx", "x_more", "C3")]
    assert {check.outcome for check in found.checks if check.rule == "phone_number"} == {"clean"}


@pytest.mark.parametrize("name", ["riverside_tenants", "riverside_tenants_with_mistakes"])
def test_the_examples_are_clean(name: str, release: Release) -> None:
    with read_submission(ROOT / "examples" / name) as submission:
        found = validate(submission)
    assert [finding for finding in found if finding.rule in release.screens] == []
    outcomes = {check.rule: check.outcome for check in found.checks if check.rule in release.screens}
    assert outcomes == dict.fromkeys(release.screens, "clean")


def test_the_temporary_tables_are_gone(tmp_path: Path) -> None:
    with submission_from_case({"tables": {"people": "person_id,x_a\nP1,ana@example.org\n"}}, tmp_path) as submission:
        validate(submission)
        tables = submission.connection.execute("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall()
    assert ("given",) in tables
    assert ("screening",) not in tables


# --- definitions ------------------------------------------------------------------------------------------------------


def test_lists_of_words_are_in_order_and_without_accents(release: Release) -> None:
    assert LETTERS.keys() <= release.word_lists.keys()
    for words in release.word_lists.values():
        names = [word.word for word in words.words]
        assert names == sorted(set(names)), words.id
        assert {language for word in words.words for language in word.language.split()} <= {"en", "es"}, words.id


def test_names_of_columns_are_written_as_they_are_compared(release: Release) -> None:
    for screen in release.screens.values():
        if screen.columns is not None:
            for lists in screen.columns.model_dump().values():
                for language, entries in lists.items():
                    assert language in ("en", "es")
                    for entry in entries:
                        assert words_of(entry).strip() == entry, (screen.id, entry)


def test_patterns_are_in_small_letters(release: Release) -> None:
    for screen in release.screens.values():
        for form in screen.forms:
            bare = re.sub(r"\\[bdsw]", "", LISTED.sub("", form.regex + form.unless))
            assert bare == bare.lower(), (screen.id, form.regex)


def test_a_word_moves_the_hash_and_a_text_does_not(release: Release) -> None:
    screen = release.screens["person_name"]
    before = screen_hash(screen, release)
    assert screen_hash(screen.model_copy(update={"why": {"en": "another"}}), release) == before
    assert screen_hash(screen.model_copy(update={"unless": "x"}), release) != before
    fewer = release.word_lists["surnames"].model_copy(update={"words": release.word_lists["surnames"].words[1:]})
    lists = {**release.word_lists, "surnames": fewer}
    changed = type(release)(
        **{name: getattr(release, name) for name in release.__slots__ if name != "word_lists"},
        word_lists=lists,  # type: ignore[arg-type]
    )
    assert screen_hash(screen, changed) != before
    assert json.dumps(before)
