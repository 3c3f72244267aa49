"""A bad definition file is refused with its name, its line and what to do; a good small release is not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from relmetrics.errors import DefinitionError
from relmetrics.standard import load_release

HEAD = """\
$id: urn:relmetrics:1.0:{kind}:{id}
id: {id}
version: 1.0.0
status: draft
since: "1.0"
title: {{en: A title}}
"""
PEOPLE = (
    HEAD.format(kind="table", id="people")
    + """\
description: {en: Somebody.}
level: core
key: [person_id]
fields:
  - id: person_id
    title: {en: Person}
    description: {en: A code.}
    type: id
    required: yes
  - id: mood
    title: {en: Mood}
    description: {en: How it goes.}
    type: code
    codelist: mood
  - id: campaign_id
    title: {en: Campaign}
    description: {en: A code.}
    type: id
    level: relational
    references: {table: campaigns, as: campaign}
"""
)
TEXTS = """\
severity: error
dimension: conformance
message: {en: "This is '{status}'."}
why: {en: It harms.}
remedy: {en: Do this.}
params: {status: mood}
"""
CAMPAIGNS = (
    HEAD.format(kind="table", id="campaigns")
    + """\
description: {en: Campaigns.}
level: relational
key: [campaign_id]
fields:
  - id: campaign_id
    title: {en: Campaign}
    description: {en: A code.}
    type: id
    required: yes
    level: relational
    example: heat
"""
)
GOOD = {
    "schema/1.0/release.yaml": """\
version: "1.0"
format_version: "1.0"
status: draft
date: 2026-11-23
base_uri: "urn:relmetrics:1.0:"
summary: {en: A small one.}
""",
    "schema/1.0/tables/campaigns.yaml": CAMPAIGNS,
    "schema/1.0/codelists/mood.csv": (
        "code,title_en,description_en,synonyms,since,deprecated\n"
        "good,Good,All is well.,fine;bien,1.0,\n"
        "bad,Bad,It is not.,mal,1.0,\n"
    ),
    "schema/1.0/tables/people.yaml": PEOPLE,
    "validators/1.0/structure/missing_table.yaml": HEAD.format(kind="structure", id="missing_table") + TEXTS,
    "validators/1.0/rules/people/bad_mood.yaml": (
        HEAD.format(kind="rule", id="bad_mood") + "table: people\nfields: [mood]\nfinding_when: mood = 'bad'\n" + TEXTS
    ),
}
TABLE, LIST, RULE = (
    "schema/1.0/tables/people.yaml",
    "schema/1.0/codelists/mood.csv",
    "validators/1.0/rules/people/bad_mood.yaml",
)
STRUCTURE = "validators/1.0/structure/missing_table.yaml"


def write(root: Path, changed: dict[str, str]) -> Path:
    for name, content in (GOOD | changed).items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return root


def test_the_small_release_is_in_order(tmp_path: Path) -> None:
    release = load_release(root=write(tmp_path, {}))
    assert (len(release.tables), len(release.rules), len(release.structure)) == (2, 1, 1)
    assert release.codelists["mood"].by_synonym["bien"] == "good"


# File, what is replaced by what, line, and words of the sentence that says what to do.
BROKEN = [
    (TABLE, "level: core\nkey", "levle: core\nkey", 8, "the key 'levle' is not known; correct or remove it"),
    (TABLE, "level: core\nkey", "key", 1, "the key 'level' is missing; add it"),
    (TABLE, "    title: {en: Mood}\n", "", 16, "the key 'fields.1.title' is missing; add it"),
    (TABLE, "{en: Mood}", "{es: Ánimo}", 17, "a text needs its English form under the key 'en'"),
    (TABLE, "{en: Mood}", "Mood", 17, "keys with values are expected there"),
    (TABLE, "status: draft\n", "status: draft\nstatus: stable\n", 5, "the key 'status' stands twice; keep one"),
    (TABLE, "status: draft", "status: ready", 4, "'ready'; it must be 'draft', 'experimental' or 'stable'"),
    (TABLE, "version: 1.0.0", "version: 1.0", 3, "version is '1.0'; it must have the form"),
    (TABLE, "codelist: mood", "codelist: moood", 20, "there is no codelist 'moood'"),
    (TABLE, "    codelist: mood\n", "", 19, "'mood' is a code; name its codelist"),
    (TABLE, "id: people\n", "id: persons\n", 2, "the file is named 'people'; make them the same"),
    (TABLE, "table:people", "table:person", 1, "it must be 'urn:relmetrics:1.0:table:people'"),
    (TABLE, "key: [person_id]", "key: [person]", 9, "the key names 'person', which is no field"),
    (TABLE, "required: yes", "required: perhaps", 15, "'perhaps'; write yes or no"),
    (TABLE, "    required: yes\n", "", 9, "is a part of the key and must have 'required: yes'"),
    (TABLE, "id: mood\n", "id: Mood\n", 16, "'Mood' is no id: small letters"),
    (TABLE, "id: mood\n", "id: person_id\n", 16, "'person_id' stands twice; rename or remove one"),
    (TABLE, "type: id\n    level", "type: number\n    level", 24, "'number'; it must be 'id', 'code'"),
    (TABLE, "table: campaigns", "table: champaigns", 26, "there is no table 'champaigns'"),
    (TABLE, "    level: relational\n", "    required: yes\n", 26, "of level relational; give the field that level"),
    (TABLE, "type: code\n", "type: codes\n", 16, "'singular' is needed for type codes"),
    (TABLE, "    codelist: mood\n", "    codelist: mood\n    minimum: low\n", 21, "'low'; write a whole number"),
    (TABLE, "key: [person_id]", "key: &k [person_id]", 9, "anchors and aliases"),
    (TABLE, "key: [person_id]", "key: !!seq [person_id]", 9, "tags (!) are not allowed"),
    (TABLE, "key: [person_id]", "key: [person_id", 10, "the file cannot be read from here on"),
    (LIST, "mal,1.0", "mal;Bien,1.0", 3, "'Bien' stands twice in this list"),
    (LIST, "bad,Bad", "good,Bad", 1, "one code has two rows; keep one"),
    (LIST, "It is not.", "", 3, "description_en is empty; fill it in"),
    (LIST, "mal,1.0,", "mal,1.0", 3, "5 cells instead of 6; look for a missing comma"),
    (LIST, "code,title_en", "code,title", 1, "the first line must be: code,title_en"),
    ("schema/1.0/release.yaml", "status: draft", "status: done", 3, "'done'; it must be 'draft' or 'released'"),
    (STRUCTURE, "severity: error", "severity: fatal", 7, "'fatal'; it must be 'error', 'warning' or 'note'"),
    (STRUCTURE, "params: {status: mood}", "params: {}", 9, "message uses {status}, which is not among the params"),
    (STRUCTURE, "'{status}'.", "'{status'.", 9, "a brace stands alone"),
    (STRUCTURE, "why: {en: It harms.}\n", "", 1, "the key 'why' is missing; add it"),
    (RULE, "table: people", "table: persons", 7, "the table is 'persons', but the folder is named 'people'"),
    (RULE, "fields: [mood]", "fields: [moood]", 8, "the table 'people' has no field 'moood'"),
    (RULE, "fields: [mood]", "fields: [campaign_id]", 8, "is above the rule's level, core"),
    (RULE, "fields: [mood]", "fields: []", 1, "a rule has either a table with fields, or each"),
    (RULE, "finding_when: mood = 'bad'\n", "", 1, "a rule has one of finding_when, finding_query"),
    (
        RULE,
        "finding_when: mood = 'bad'",
        "finding_query: SELECT 1 AS a",
        1,
        "finding_query and examined_query go together",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), BROKEN, ids=[words[:40] for *_, words in BROKEN])
def test_a_bad_file_is_refused_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    content = GOOD[name]
    assert content.count(old) >= 1
    root = write(tmp_path, {name: content.replace(old, new, 1)})
    with pytest.raises(DefinitionError) as refused:
        load_release(root=root)
    sentences = str(refused.value).splitlines()
    assert any(sentence.startswith(f"{name}, line {line}: ") and words in sentence for sentence in sentences), sentences
    assert all(re.match(r"(schema|validators)/\S+, line \d+: ", sentence) for sentence in sentences), sentences
    assert "pydantic" not in str(refused.value)


def test_all_bad_files_are_named_at_once(tmp_path: Path) -> None:
    root = write(tmp_path, {TABLE: PEOPLE.replace("draft", "ready"), LIST: GOOD[LIST].replace("It is not.", "")})
    with pytest.raises(DefinitionError) as refused:
        load_release(root=root)
    assert {sentence.split(",")[0] for sentence in str(refused.value).splitlines()} == {TABLE, LIST}


def test_one_id_in_two_folders_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {"validators/1.0/rules/groups/bad_mood.yaml": GOOD[RULE]})
    with pytest.raises(DefinitionError, match=r"there is already a rule 'bad_mood' in validators/1\.0/rules/groups"):
        load_release(root=root)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {})
    (root / TABLE).write_bytes(b"id: people\ntitle: {en: A\xf1o}\n")
    with pytest.raises(DefinitionError, match=r"people\.yaml, line 2: this is not UTF-8 text"):
        load_release(root=root)


def test_reading_the_standard_imports_nothing_heavy() -> None:
    heavy = ("duckdb", "numpy", "pandas", "jinja2", "sqlglot", "scipy", "jsonschema")
    code = f"import sys, relmetrics.standard as s; s.load_release(); print([m for m in {heavy} if m in sys.modules])"
    env = {"PYTHONPATH": str(Path(__file__).parents[1] / "src"), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == "[]"
