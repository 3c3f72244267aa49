"""The published JSON Schemas: in step with the models, and every committed definition file fits its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from relmetrics.documents import dump_json, read_document
from relmetrics.publishing.metaschema import BASE, MODELS, metaschemas, write_metaschemas
from relmetrics.standard import data_root, definition_files, load_release

FOLDER = data_root() / "schema" / "metaschema"
DECKS = Path(__file__).parent / "conformance" / "1.0"


def registry() -> Registry[Any]:
    """Only what is committed; a reference to anything else fails, and nothing is fetched."""
    schemas = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))]
    return Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)


def validator(name: str) -> Draft202012Validator:
    # A reference by name, so that the schema is really found in the registry.
    return Draft202012Validator({"$ref": BASE + name}, registry=registry())


def documents() -> list[tuple[str, Path]]:
    kinds = ("release", "table", "view", "indicator", "structure", "rule", "screen")
    found = [(kind, file) for kind in kinds for file in definition_files(kind)]
    found += [
        ("case", file)
        for folder in ("rules", "structure", "screens")
        for file in sorted((DECKS / folder).glob("*.yaml"))
    ]
    found += [("indicator_case", file) for file in sorted((DECKS / "indicators").glob("*.yaml"))]
    return [*found, ("manifest", DECKS / "manifest.yaml")]


def test_the_committed_schemas_are_the_models() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} >= MODELS.keys()
    for name, schema in metaschemas().items():
        committed = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
        assert committed == dump_json(schema), "run: python -m relmetrics.publishing.metaschema"


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_schema_is_one_of_2020_12(name: str) -> None:
    schema = metaschemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["$id"] == f"urn:relmetrics:metaschema:{name}"
    assert "read as text" in schema["description"] or name == "codelist"


@pytest.mark.parametrize(("kind", "file"), documents(), ids=lambda value: getattr(value, "stem", value))
def test_every_definition_file_fits_its_schema(kind: str, file: Path) -> None:
    errors = [f"{list(error.path)}: {error.message}" for error in validator(kind).iter_errors(read_document(file).data)]
    assert errors == []


@pytest.mark.parametrize("file", definition_files("table"), ids=lambda file: file.stem)
def test_a_common_yaml_reader_gives_what_fits_too(file: Path) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    for field in data["fields"]:
        field["example"] = str(field["example"])  # an example is text, whatever it looks like
    assert list(validator("table").iter_errors(data)) == []


def test_codelists_fit_their_schema() -> None:
    for codelist in load_release().codelists.values():
        assert list(validator("codelist").iter_errors(json.loads(codelist.model_dump_json()))) == []


@pytest.mark.parametrize(
    "change",
    [{"status": "ready"}, {"id": "Capital"}, {"titel": "x"}, {"title": {"es": "x"}}, {"version": "1"},
     {"is_necessary": "perhaps"}, {"fields": "none"}, {"fields": [{"id": "x"}]}],
)  # fmt: skip
def test_a_bad_table_does_not_fit(change: dict[str, Any]) -> None:
    good = read_document(definition_files("table")[0]).data
    assert validator("table").is_valid(good)
    assert not validator("table").is_valid(good | change)


def test_a_rule_has_one_verdict() -> None:
    good = read_document(next(file for file in definition_files("rule") if "query" not in file.read_text("utf-8"))).data
    assert validator("rule").is_valid(good)
    assert not validator("rule").is_valid(good | {"finding_query": "a", "examined_query": "b"})
    assert not validator("rule").is_valid({key: good[key] for key in good if key != "finding_when"})


def test_schemas_are_written_again(tmp_path: Path) -> None:
    assert len(write_metaschemas(tmp_path)) == len(MODELS)
    assert write_metaschemas(tmp_path) == []
    (tmp_path / "rule.json").write_text("{}\n")
    assert write_metaschemas(tmp_path) == ["rule.json"]
