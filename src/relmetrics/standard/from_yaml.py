"""Definitions that are YAML files: release, tables, views, sheets, rules, screens, texts of structural checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from relmetrics.definitions.definition import Definition
from relmetrics.definitions.indicator import Indicator
from relmetrics.definitions.refusal import sentence_for
from relmetrics.definitions.release import ReleaseHeader
from relmetrics.definitions.rule import Rule
from relmetrics.documents import DocumentError, read_text
from relmetrics.standard.files import Kind, definition_files
from relmetrics.standard.parsed import ParsedFiles
from relmetrics.standard.problems import LineOf, Problems, Read

__all__ = ["check_names", "read_yaml"]

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(
    kind: Kind, model: type[Model], version: str, root: Path, parsed: ParsedFiles, problems: Problems
) -> dict[str, Read[Model]]:
    """Read all definitions of one kind; what is wrong with them goes to `problems`."""
    read: dict[str, Read[Model]] = {}
    for path in definition_files(kind, version, root):
        file = path.relative_to(root).as_posix()
        if path.stem in read:
            problems.add(file, 1, f"there is already a {kind} '{path.stem}' in {read[path.stem].file}; rename one.")
            continue
        content = path.read_bytes()
        line_of = _lines_of(content, file)
        try:
            data = parsed.data_of(file, content)
            definition = model.model_validate(read_text(content, file).data if data is None else data)
            read[path.stem] = Read(definition, file, line_of)
        except DocumentError as problem:
            problems.sentences.append(str(problem))
        except ValidationError as problem:
            for error in problem.errors(include_url=False):
                problems.add(file, line_of(tuple(error["loc"])), sentence_for(error, model))
    return read


def _lines_of(content: bytes, file: str) -> LineOf:
    """Lines of the keys of a document, which is parsed for them only when somebody asks."""
    return lambda path: read_text(content, file).line_of(path)


def check_names(kind: str, read: Mapping[str, Read[Any]], header: ReleaseHeader, problems: Problems) -> None:
    """Id, `$id` and folder must agree with the file's name, or a definition could be found under two names."""
    for stem, item in read.items():
        definition: Definition = item.definition
        if definition.id != stem:
            problems.add(
                item.file,
                item.line_of(("id",)),
                f"the id is '{definition.id}', but the file is named '{stem}'; make them the same.",
            )
        uri = f"{header.base_uri}{kind}:{definition.id}"
        if definition.uri != uri:
            problems.add(item.file, item.line_of(("$id",)), f"$id is '{definition.uri}'; it must be '{uri}'.")
        if isinstance(definition, Rule | Indicator):
            key = "table" if isinstance(definition, Rule) else "domain"
            wanted = getattr(definition, key) or "each"
            folder = item.file.split("/")[-2]
            if folder != wanted:
                problems.add(
                    item.file, item.line_of((key,)), f"the {key} is '{wanted}', but the folder is named '{folder}'."
                )
