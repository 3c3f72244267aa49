"""The standard's own files: all loaded, reading only what is there, each with its cases."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from relmetrics.definitions import Release, Rule
from relmetrics.definitions.case import Deck
from relmetrics.definitions.definition import LEVELS
from relmetrics.definitions.rule import MANIFEST
from relmetrics.documents import read_document
from relmetrics.errors import UsageError
from relmetrics.expressions import RELEASE, Scope, parse_query
from relmetrics.publishing.parsed import text_of_parsed_files
from relmetrics.standard import data_root, definition_files, load_release, versions
from relmetrics.standard.parsed import parsed_file
from relmetrics.validation.compiled import compile_rule
from relmetrics.validation.scope import rule_scope

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
    levels = [table.level for table in release.tables.values()]
    assert {level: levels.count(level) for level in LEVELS} == {"core": 12, "relational": 10, "full": 10}
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
        "screen": release.screens,
    }
    for kind, found in loaded.items():
        assert sorted(found) == sorted(ids(kind))
    known = {file for kind in (*loaded, "release") for file in definition_files(kind)}
    known |= {data_root() / "schema" / "1.0" / f"{name}.csv" for name in ("catalogue", "matrix")}
    known |= {data_root() / "validators" / "1.0" / "words" / f"{name}.csv" for name in release.word_lists}
    folders = (data_root() / "schema" / "1.0", data_root() / "validators" / "1.0")
    files = {file for folder in folders for file in folder.rglob("*") if file.suffix in (".yaml", ".csv", ".yml")}
    assert files == known, "a definition file stands where nothing reads it"


# --- what rules, sheets and views read ----------------------------------------------------------------------------


def level_of(release: Release, relation: str, column: str) -> str:
    """Level of a column of a table, of its precision, or of the table of a field with several codes."""
    if relation in ("submission", "complete_tables", "submitted_tables"):
        return "core"  # the manifest and what was handed in are there at every level
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
    compiled = compile_rule(rule, release)
    read = {field for row in compiled.rows for field in row.names.fields}
    read |= {field for row in compiled.rows for _, names in row.params.values() for field in names.fields}
    if compiled.query is not None:
        read |= set(compiled.query.names.fields)
    if rule.finding_pattern is not None or rule.column_when is not None:
        read |= {(table, field) for table, spots in compiled.places.items() for (field, *_) in spots}
    return read


@pytest.mark.parametrize("name", ids("rule"))
def test_a_rule_reads_only_what_is_there_at_its_level(release: Release, name: str) -> None:
    rule = release.rules[name]
    read = fields_read(release, rule)
    assert read, "a rule that reads nothing finds nothing"
    if rule.each is not None:
        return  # about whatever is there: a field above the level is a field the more
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
    about_rows = ["_row", *(["related_row"] if rule.related_table else [])]
    assert columns - set(about_rows) == set(rule.params.values())
    assert columns & set(about_rows) in (set(about_rows), set()), "all about rows, or about the column as a whole"
    assert "_row" in columns or rule.related_table is None
    examined = parse_query(rule.examined_query or "", rule_scope(release), RELEASE).columns
    assert tuple(examined) == ("n_eligible", "n_examined")


def test_a_field_above_the_level_would_be_told(release: Release) -> None:
    assert level_of(release, "events", "demand_id") == "full"
    assert level_of(release, "one_to_ones_concerns", "concern") == "relational"
    assert level_of(release, "people", "first_contact_on_precision") == "core"


@pytest.mark.parametrize("name", ids("indicator"))
def test_a_sheet_reads_only_what_is_there_at_its_level(release: Release, name: str) -> None:
    sheet = release.indicators[name]
    levels = {table.id: table.level for table in release.tables.values()}
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
    kinds = {case.kind for case in cases.cases}
    # Keys of the manifest that must be there are always known: such a rule can always tell.
    assert kinds == KINDS or ({"fires", "clean"} <= kinds and {case.expect.table for case in cases.cases} == {MANIFEST})
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


# --- files kept as they were parsed -------------------------------------------------------------------------------


def test_parsed_files_are_in_sync(release: Release) -> None:
    kept = parsed_file(release.version, data_root()).read_text(encoding="utf-8")
    assert kept == text_of_parsed_files(), "run: python -m relmetrics.publishing.parsed"


def test_a_file_that_was_changed_since_is_parsed_again(tmp_path: Path) -> None:
    for folder in ("schema", "validators"):
        shutil.copytree(data_root() / folder, tmp_path / folder)
    file = tmp_path / "schema/1.0/tables/people.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("title: {en: People}", "title: {en: Persons}", 1), encoding="utf-8"
    )
    assert load_release(root=tmp_path).tables["people"].title["en"] == "Persons"


@pytest.mark.parametrize("kept", ["", "[]", '{"schema/1.0/tables/people.yaml": 5}', "\ufeff{", None])
def test_a_release_is_the_same_without_what_was_kept(kept: str | None, tmp_path: Path, release: Release) -> None:
    for folder in ("schema", "validators"):
        shutil.copytree(data_root() / folder, tmp_path / folder)
    file = parsed_file("1.0", tmp_path)
    if kept is None:
        file.unlink()
    else:
        file.write_text(kept, encoding="utf-8")
    assert load_release(root=tmp_path) == release
