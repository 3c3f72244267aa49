"""The standard's own files: all loaded, reading only what is there, each with its cases."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from relmetrics.definitions import Release, Rule
from relmetrics.definitions.case import Deck
from relmetrics.definitions.definition import LEVELS
from relmetrics.documents import read_document
from relmetrics.errors import UsageError
from relmetrics.expressions import RELEASE, Scope, parse_expression, parse_query
from relmetrics.standard import data_root, definition_files, higher_tables, load_release, versions
from relmetrics.validation.rules import rule_scope

DECKS = Path(__file__).parent / "conformance" / "1.0"
NECESSARY = {"people", "groups", "memberships", "one_to_ones", "events", "participation"}


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release()


def ids(kind: str) -> list[str]:
    return [file.stem for file in definition_files(kind)]


# --- what is there ------------------------------------------------------------------------------------------------


def test_the_release_is_what_it_says(release: Release) -> None:
    assert release.version in versions()
    assert release.header.status == "draft"
    assert load_release() is release
    assert len(release.tables) == 12
    assert {table.id for table in release.tables.values() if table.is_necessary} == NECESSARY
    assert len(release.rules) >= 10
    assert next(iter(release.tables)) == "people"


def test_a_release_that_does_not_exist_is_the_callers_mistake() -> None:
    with pytest.raises(UsageError, match=r"no release '7\.0'.*Known releases: 1\.0"):
        load_release("7.0")


def test_every_file_of_a_definition_is_loaded(release: Release) -> None:
    loaded = {
        "table": release.tables,
        "codelist": release.codelists,
        "view": release.views,
        "indicator": release.indicators,
        "structure": release.structure,
        "rule": release.rules,
    }
    for kind, found in loaded.items():
        assert sorted(found) == sorted(ids(kind))
    known = {file for kind in (*loaded, "release") for file in definition_files(kind)}
    known.add(data_root() / "schema" / "1.0" / "higher_tables.csv")
    folders = (data_root() / "schema" / "1.0", data_root() / "validators" / "1.0")
    files = {file for folder in folders for file in folder.rglob("*") if file.suffix in (".yaml", ".csv", ".yml")}
    assert files == known, "a definition file stands where nothing reads it"


def test_higher_tables_are_those_that_fields_refer_to_and_more(release: Release) -> None:
    assert set(higher_tables().values()) == {"relational", "full"}
    referred = {f.references.table for table in release.tables.values() for f in table.fields if f.references}
    assert referred - release.tables.keys() <= higher_tables().keys()


# --- what rules, sheets and views read ----------------------------------------------------------------------------


def level_of(release: Release, relation: str, column: str) -> str:
    """Level of a column of a table, of its precision, or of the table of a field with several codes."""
    if relation not in release.tables:
        owner, field = next(
            (table, field)
            for table in release.tables.values()
            for field in table.fields
            if field.type == "codes" and relation == f"{table.id}_{field.id}"
        )
        return field.level if column == field.singular else owner.level
    table = release.tables[relation]
    name = column.removesuffix("_precision") if column not in table.by_id else column
    return table.by_id[name].level if name in table.by_id else table.level


def fields_read(release: Release, rule: Rule) -> set[tuple[str, str]]:
    if rule.finding_when is None:
        queries = (rule.finding_query or "", rule.examined_query or "")
        return {field for text in queries for field in parse_query(text, rule_scope(release), RELEASE).fields}
    scope = rule_scope(release, rule.table)
    expressions = (rule.finding_when, rule.applies_when, *rule.params.values())
    return {field for text in expressions for field in parse_expression(text, scope, RELEASE).fields}


@pytest.mark.parametrize("name", ids("rule"))
def test_a_rule_reads_only_what_is_there_at_its_level(release: Release, name: str) -> None:
    rule = release.rules[name]
    read = fields_read(release, rule)
    assert read, "a rule that reads nothing finds nothing"
    for relation, column in read:
        level = level_of(release, relation, column)
        assert LEVELS.index(level) <= LEVELS.index(rule.level), f"{relation}.{column} is {level}"


@pytest.mark.parametrize("name", ids("rule"))
def test_a_query_gives_what_its_message_says(release: Release, name: str) -> None:
    rule = release.rules[name]
    if rule.finding_query is None:
        assert rule.related_table is None
        return
    columns = set(parse_query(rule.finding_query, rule_scope(release), RELEASE).columns)
    assert columns == {"_row", *rule.params, *(["related_row"] if rule.related_table else [])}
    examined = parse_query(rule.examined_query or "", rule_scope(release), RELEASE).columns
    assert tuple(examined) == ("n_eligible", "n_examined")


def test_a_field_above_the_level_would_be_told(release: Release) -> None:
    assert level_of(release, "events", "demand_id") == "full"
    assert level_of(release, "one_to_ones_concerns", "concern") == "relational"
    assert level_of(release, "people", "first_contact_on_precision") == "core"


@pytest.mark.parametrize("name", ids("indicator"))
def test_a_sheet_reads_only_what_is_there_at_its_level(release: Release, name: str) -> None:
    sheet = release.indicators[name]
    levels = {table.id: table.level for table in release.tables.values()} | dict(higher_tables())
    for table in (*sheet.needs, *sheet.reads):
        assert LEVELS.index(levels[table]) <= LEVELS.index(sheet.adoption), table
    for one in sheet.required_fields:
        table, _, field = one.partition(".")
        if table in release.tables:
            assert LEVELS.index(level_of(release, table, field)) <= LEVELS.index(sheet.adoption), one


def view_scope(release: Release, but: str, parameters: tuple[str, ...]) -> Scope:
    tables = rule_scope(release).relations
    views = {view.id: dict.fromkeys(view.columns, "unknown") for view in release.views.values() if view.id != but}
    return Scope(relations={**tables, **views}, parameters=frozenset(parameters))


@pytest.mark.parametrize("name", ids("view"))
def test_a_view_reads_what_is_there_and_gives_what_it_says(release: Release, name: str) -> None:
    view = release.views[name]
    query = parse_query(view.query, view_scope(release, name, view.parameters), RELEASE)
    assert set(query.columns) == set(view.columns)


# --- a case for each ----------------------------------------------------------------------------------------------

KINDS = {"fires", "clean", "not_applicable", "cannot_tell"}
# These are about what is in a file as such: there is always something to look at.
ALWAYS_JUDGED = {
    "missing_table", "unknown_table", "column_without_name", "ragged_row", "unclosed_quote", "unreadable_character",
}  # fmt: skip


def deck(kind: str, name: str) -> Deck:
    file = DECKS / kind / f"{name}.yaml"
    assert file.is_file(), f"add tests/conformance/1.0/{kind}/{name}.yaml"
    return Deck.model_validate(read_document(file).data)


@pytest.mark.parametrize("name", ids("rule"))
def test_every_rule_has_its_cases(name: str) -> None:
    cases = deck("rules", name)
    assert cases.rule == name
    assert {case.kind for case in cases.cases} == KINDS
    assert all(case.expect.table for case in cases.cases)


@pytest.mark.parametrize("name", ids("structure"))
def test_every_structural_check_has_its_cases(name: str) -> None:
    cases = deck("structure", name)
    assert cases.structure == name
    kinds = {case.kind for case in cases.cases}
    assert {"fires", "clean"} <= kinds
    if name not in ALWAYS_JUDGED:
        assert kinds & {"not_applicable", "cannot_tell"}


def test_every_deck_is_about_something(release: Release) -> None:
    known = {"rules": release.rules, "structure": release.structure}
    for folder, definitions in known.items():
        assert {file.stem for file in (DECKS / folder).iterdir()} == set(definitions)


def test_titles_of_cases_say_different_things(release: Release) -> None:
    for folder, definitions in (("rules", release.rules), ("structure", release.structure)):
        for name in definitions:
            said = sorted(case.title for case in deck(folder, name).cases)
            assert all(one != other for one, other in pairwise(said)), name
