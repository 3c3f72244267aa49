"""The one reader of definition files: ``schema/`` and ``validators/`` become a `Release`.

A bad definition file is refused with its name, its line and what to do, all problems of a release at once. Nothing is
registered anywhere: one definition is one file, its name is its id, and its folder says its kind.
"""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from relmetrics.definitions.codelist import Code, Codelist
from relmetrics.definitions.consistency import Contents, inconsistencies
from relmetrics.definitions.definition import Definition
from relmetrics.definitions.indicator import Indicator
from relmetrics.definitions.matrix import Entry, Matrix, Reading, entry_misfits, misfits
from relmetrics.definitions.refusal import sentence_for
from relmetrics.definitions.release import Release, ReleaseHeader
from relmetrics.definitions.rule import Rule, Structure
from relmetrics.definitions.screen import Screen, Word, WordList
from relmetrics.definitions.table import Table
from relmetrics.definitions.view import View
from relmetrics.documents import DocumentError, read_text
from relmetrics.errors import DefinitionError, UsageError

__all__ = ["KINDS", "Kind", "data_root", "definition_files", "load_matrix", "load_release", "versions"]

Kind = Literal["release", "table", "codelist", "view", "indicator", "structure", "rule", "screen"]
KINDS: MappingProxyType[Kind, str] = MappingProxyType(
    {
        "release": "schema/{version}/release.yaml",
        "table": "schema/{version}/tables/*.yaml",
        "codelist": "schema/{version}/codelists/*.csv",
        "view": "schema/{version}/views/*.yaml",
        "indicator": "schema/{version}/indicators/*/*.yaml",
        "structure": "validators/{version}/structure/*.yaml",
        "rule": "validators/{version}/rules/*/*.yaml",
        "screen": "validators/{version}/screens/*.yaml",
    }
)
# The order in which tables are shown: people and groups first, then what they do, then aggregates.
_TABLE_ORDER = (
    *("people", "lines", "person_lines", "groups", "memberships", "one_to_ones", "events", "participation"),
    *("event_codings", "activity_counts", "digital_cohorts", "reviews"),
    *("issues", "campaigns", "commitments", "decisions", "waves", "wave_respondents", "tie_reports"),
    *("organization_ties", "joint_acts", "joint_act_codings"),
    *("demands", "agenda_items", "seats", "outcomes", "outcome_codings", "survey_items", "survey_responses"),
    *("reference_population", "documents", "document_codings"),
)
_CATALOGUE_HEADER = ["code", "id", "title_en", "class", "role", "adoption", "status"]
_MATRIX_HEADER = ["reader", "table", "field", "use"]
_WORDS_HEADER = ["word", "language", "is_also_a_word"]
_CODELIST_HEADER = ["code", "title_en", "description_en", "synonyms", "since", "deprecated"]

Model = TypeVar("Model", bound=BaseModel)
LineOf = Callable[[tuple[str | int, ...]], int]


@dataclass(frozen=True, slots=True)
class _Read(Generic[Model]):
    """A definition with the file and the lines it came from."""

    definition: Model
    file: str
    line_of: LineOf


class _Problems:
    """Collects sentences, so that one run names every mistake."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, file: str, line: int, sentence: str) -> None:
        self.sentences.append(f"{file}, line {line}: {sentence}")

    def stop(self) -> None:
        if self.sentences:
            raise DefinitionError("\n".join(self.sentences))


def data_root() -> Path:
    """Folder that holds ``schema/`` and ``validators/``: inside the installed package, else the source checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_data", here.parent.parent):
        if (folder / "schema").is_dir():
            return folder
    raise DefinitionError("The files of the standard (schema/) are not where they should be. Install relmetrics again.")


def versions(root: Path | None = None) -> tuple[str, ...]:
    """Releases of the standard that are at hand, oldest first."""
    found = (file.parent.name for file in ((root or data_root()) / "schema").glob("*/release.yaml"))
    return tuple(sorted(found, key=lambda name: [int(part) if part.isdigit() else 0 for part in name.split(".")]))


def definition_files(kind: Kind, version: str = "1.0", root: Path | None = None) -> tuple[Path, ...]:
    """Files of one kind of definition, ordered by id."""
    files = (root or data_root()).glob(KINDS[kind].format(version=version))
    return tuple(sorted(files, key=lambda file: (file.stem, file.as_posix())))


def load_release(version: str = "1.0", root: Path | None = None) -> Release:
    """Read one release of the standard.

    Parameters
    ----------
    version : str
        Version of the standard, for example ``1.0``.
    root : Path, optional
        Folder that holds ``schema/`` and ``validators/``; by default the standard that came with this software.

    Returns
    -------
    Release
        The same object on every call within one process.

    Raises
    ------
    UsageError
        There is no such release.
    DefinitionError
        Definition files are wrong: one sentence for each problem, with file and line.
    """
    return _load(version, (root or data_root()).resolve())


@functools.cache
def _load(version: str, root: Path) -> Release:
    if version not in versions(root):
        known = ", ".join(versions(root)) or "none"
        raise UsageError(f"There is no release '{version}' of the standard here. Known releases: {known}.")
    problems = _Problems()
    headers = _read_yaml("release", ReleaseHeader, version, root, problems)
    codelists = _read_codelists(version, root, problems)
    tables = _read_yaml("table", Table, version, root, problems)
    views = _read_yaml("view", View, version, root, problems)
    indicators = _read_yaml("indicator", Indicator, version, root, problems)
    structure = _read_yaml("structure", Structure, version, root, problems)
    rules = _read_yaml("rule", Rule, version, root, problems)
    screens = _read_yaml("screen", Screen, version, root, problems)
    word_lists = _read_word_lists(version, root, problems)
    problems.stop()
    header = headers["release"].definition
    for kind, read in (
        ("table", tables),
        ("view", views),
        ("indicator", indicators),
        ("structure", structure),
        ("rule", rules),
        ("screen", screens),
    ):
        _check_names(kind, read, header, problems)
    contents = Contents(
        tables=_plain(tables),
        codelists=_plain(codelists),
        views=_plain(views),
        rules=_plain(rules),
        screens=_plain(screens),
        word_lists=word_lists,
        structure=_plain(structure),
        indicators=_plain(indicators),
    )
    read_by_kind: dict[str, Mapping[str, _Read[Any]]] = {
        "table": tables,
        "codelist": codelists,
        "view": views,
        "indicator": indicators,
        "structure": structure,
        "rule": rules,
        "screen": screens,
    }
    for found in inconsistencies(contents):
        origin = read_by_kind[found.kind][found.id]
        problems.add(origin.file, origin.line_of(found.path), found.sentence)
    problems.stop()
    order = {name: place for place, name in enumerate(_TABLE_ORDER)}
    ordered = dict(sorted(contents.tables.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))
    domains = list(contents.codelists["domain"].by_code) if "domain" in contents.codelists else []
    places = {name: place for place, name in enumerate(domains)}
    sheets = sorted(contents.indicators.values(), key=lambda item: (places.get(item.domain, len(places)), item.code))
    return Release(
        header=header,
        tables=MappingProxyType(ordered),
        codelists=MappingProxyType(contents.codelists),
        views=MappingProxyType(contents.views),
        rules=MappingProxyType(contents.rules),
        screens=MappingProxyType(contents.screens),
        word_lists=MappingProxyType(contents.word_lists),
        structure=MappingProxyType(contents.structure),
        indicators=MappingProxyType({sheet.id: sheet for sheet in sheets}),
    )


def _plain(read: Mapping[str, _Read[Model]]) -> dict[str, Model]:
    return {name: item.definition for name, item in read.items()}


def _read_yaml(
    kind: Kind, model: type[Model], version: str, root: Path, problems: _Problems
) -> dict[str, _Read[Model]]:
    read: dict[str, _Read[Model]] = {}
    for path in definition_files(kind, version, root):
        file = path.relative_to(root).as_posix()
        if path.stem in read:
            problems.add(file, 1, f"there is already a {kind} '{path.stem}' in {read[path.stem].file}; rename one.")
            continue
        try:
            document = read_text(path.read_bytes(), file)
            read[path.stem] = _Read(model.model_validate(document.data), file, document.line_of)
        except DocumentError as problem:
            problems.sentences.append(str(problem))
        except ValidationError as problem:
            for error in problem.errors(include_url=False):
                problems.add(file, document.line_of(tuple(error["loc"])), sentence_for(error, model))
    return read


def _check_names(kind: str, read: Mapping[str, _Read[Any]], header: ReleaseHeader, problems: _Problems) -> None:
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


def _rows(path: Path, file: str, header: list[str], problems: _Problems) -> list[tuple[int, list[str]]]:
    """Rows of a definition file in CSV with their lines; blank on any problem with the file itself."""
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        problems.add(file, 1, f"this is not a CSV file in UTF-8 ({problem}); save it again.")
        return []
    if not rows or rows[0][1] != header:
        problems.add(file, 1, f"the first line must be: {','.join(header)}")
        return []
    for line, row in rows[1:]:
        if len(row) != len(header):
            found = f"this row has {len(row)} cells instead of {len(header)}"
            problems.add(file, line, f"{found}; look for a missing comma or quote.")
    return [(line, row) for line, row in rows[1:] if len(row) == len(header)]


def load_matrix(version: str = "1.0", root: Path | None = None) -> Matrix:
    """Read which indicator reads which field.

    No value and no check needs it, so it is read only when somebody asks.

    Parameters
    ----------
    version : str
        Version of the standard, for example ``1.0``.
    root : Path, optional
        Folder that holds ``schema/``; by default the standard that came with this software.

    Raises
    ------
    DefinitionError
        The files are wrong: one sentence for each problem, with file and line.
    """
    return _load_matrix(version, (root or data_root()).resolve())


@functools.lru_cache(maxsize=8)
def _load_matrix(version: str, root: Path) -> Matrix:
    problems = _Problems()
    file = f"schema/{version}/catalogue.csv"
    entries: dict[str, Entry] = {}
    for line, row in _rows(root / file, file, _CATALOGUE_HEADER, problems):
        entry = Entry(*row)
        if entry.code in entries:
            problems.add(file, line, f"the code '{entry.code}' stands twice; keep one row.")
        for sentence in entry_misfits(entry):
            problems.add(file, line, sentence)
        entries[entry.code] = entry
    file = f"schema/{version}/matrix.csv"
    rows = _rows(root / file, file, _MATRIX_HEADER, problems)
    matrix = Matrix(MappingProxyType(entries), tuple(Reading(*row) for _, row in rows))
    for place, sentence in misfits(matrix):
        problems.add(file, rows[place][0], sentence)
    problems.stop()
    return matrix


def _read_word_lists(version: str, root: Path, problems: _Problems) -> dict[str, WordList]:
    lists: dict[str, WordList] = {}
    for path in sorted((root / f"validators/{version}/words").glob("*.csv")):
        file = path.relative_to(root).as_posix()
        words = []
        for line, (word, language, also) in _rows(path, file, _WORDS_HEADER, problems):
            if not re.fullmatch("[a-z]+( [a-z]+)*", word):
                problems.add(file, line, f"'{word}' has other characters than a to z; leave accents out.")
            words.append(Word(word=word, language=language, is_also_a_word=also == "yes"))
        lists[path.stem] = WordList(id=path.stem, words=tuple(words))
    return lists


def _read_codelists(version: str, root: Path, problems: _Problems) -> dict[str, _Read[Codelist]]:
    read: dict[str, _Read[Codelist]] = {}
    for path in definition_files("codelist", version, root):
        file = path.relative_to(root).as_posix()
        rows = _rows(path, file, _CODELIST_HEADER, problems)
        owners: dict[str, str] = {}
        codes = []
        for line, (code, title, description, synonyms, since, deprecated) in rows:
            for name, cell in (("code", code), ("title_en", title), ("description_en", description), ("since", since)):
                if not cell.strip():
                    problems.add(file, line, f"{name} is empty; fill it in.")
            words = tuple(word.strip() for word in synonyms.split(";") if word.strip())
            for word in (code, *words):
                owner = owners.setdefault(word.strip().casefold(), code)
                if owner != code or words.count(word) > 1 or (word == code and code in words):
                    problems.add(file, line, f"'{word}' stands twice in this list; one word can mean only one code.")
            texts = {"title_en": title, "description_en": description, "since": since, "deprecated": deprecated}
            codes.append(Code(code=code, synonyms=words, **texts))
        if len({code.code for code in codes}) < len(codes):
            problems.add(file, 1, "one code has two rows; keep one.")
        try:
            read[path.stem] = _Read(Codelist(id=path.stem, codes=tuple(codes)), file, lambda _: 1)
        except ValidationError:
            problems.add(file, 1, "the file's name is no id: small letters, digits and _, beginning with a letter.")
    return read
