"""The deck of cases: read it, and hand a case's tables in as an organization would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relmetrics.documents import read_document
from relmetrics.submission import Submission, read_submission

DECK = Path(__file__).parent / "conformance" / "1.0"
VERDICTS = ("fires", "clean", "not_applicable", "cannot_tell")


@dataclass(frozen=True)
class Case:
    """One case of the deck; `subject` is the id of the rule, structural constraint, screen or indicator."""

    subject: str
    number: int
    title: str
    kind: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.subject}-{self.number}-{self.kind}"


def cases_of(folder: str) -> list[Case]:
    """All cases of one folder of the deck (rules, structure, screens, indicators), in the order of their files."""
    return [case for file in sorted((DECK / folder).glob("*.yaml")) for case in _cases(file)]


def _cases(file: Path) -> Iterator[Case]:
    data = read_document(file).data
    (subject,) = {data[key] for key in ("rule", "structure", "screen", "indicator") if key in data}
    assert subject == file.stem, f"{file.name} holds the cases of {subject}"
    for number, case in enumerate(data["cases"], start=1):
        yield Case(subject, number, case["title"], case["kind"], case["given"], case["expect"])


def submission_from_case(given: Mapping[str, Any], tmp_path: Path, **options: Any) -> Submission:
    """Write the tables of a case as CSV files with a manifest, and read them.

    `given` has `tables` (name to a block of CSV) and, if they differ from the deck's own, keys of the `manifest`;
    `options` go to `read_submission`.
    """
    folder = tmp_path / "case"
    folder.mkdir(parents=True)
    manifest = merged(read_document(DECK / "manifest.yaml").data, given.get("manifest", {}))
    # JSON is YAML, and every value in it is text: nothing is read as anything else on the way.
    (folder / "submission.yaml").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    for name, block in given.get("tables", {}).items():
        (folder / f"{name}.csv").write_text(block, encoding="utf-8", newline="")
    return read_submission(folder, **options)


def merged(manifest: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of `other` take the place of the manifest's; ``period.end`` is a key within a key."""
    for name, value in other.items():
        outer, _, inner = name.partition(".")
        if inner:
            manifest[outer] = merged(dict(manifest.get(outer, {})), {inner: value})
        else:
            manifest[outer] = {**manifest.get(outer, {}), **value} if isinstance(value, dict) else value
    return manifest
