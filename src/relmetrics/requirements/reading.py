"""Reads a requirements document: it may select and tighten what the standard says, never redefine or loosen it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pydantic import ValidationError

from relmetrics.definitions.refusal import sentence_for
from relmetrics.definitions.requirements import Requirements
from relmetrics.documents import Document, DocumentError, Key, read_document
from relmetrics.errors import RequirementsError

if TYPE_CHECKING:
    from relmetrics.definitions.release import Release

__all__ = ["LEAST_COVERAGE", "read_requirements"]

LEAST_COVERAGE = Decimal("0.70")
"""The standard's own coverage gate (section 0.2): below it nothing is computed, so nobody may ask for less."""

_KEYS = tuple(Requirements.model_fields)
_ITEM_KEYS = ("indicator", "need", "least_coverage")


def read_requirements(path: str | Path, release: Release | None = None) -> Requirements:
    """Read a funder's requirements document.

    Parameters
    ----------
    path : str or Path
        A YAML or JSON file.
    release : Release, optional
        The release that its ids are looked up in; 1.0 where not given.

    Returns
    -------
    Requirements
        What is asked for, in the words of the standard.

    Raises
    ------
    RequirementsError
        With file, line, what is wrong there, and what to do.
    """
    path = Path(path)
    try:
        document = read_document(path)
    except DocumentError as problem:
        raise RequirementsError(str(problem)) from None
    if release is None:
        from relmetrics.standard import load_release

        release = load_release()
    return _Reader(document, release).read()


class _Reader:
    """One document, and where in it we are."""

    def __init__(self, document: Document, release: Release) -> None:
        self.document = document
        self.release = release

    def read(self) -> Requirements:
        data = self.document.data
        if not isinstance(data, dict):
            self._refuse((), "this is no requirements document.", f"It needs the keys {', '.join(_KEYS[:7])}.")
        self._known_keys((), data, _KEYS)
        items = data.get("indicators")
        if isinstance(items, list):
            for index, item in enumerate(items):
                if isinstance(item, dict):
                    self._known_keys(("indicators", index), item, _ITEM_KEYS)
                    self._named_by_id(("indicators", index, "indicator"), item.get("indicator"))
        try:
            requirements = Requirements.model_validate(data)
        except ValidationError as problem:
            first = problem.errors(include_url=False)[0]
            raise RequirementsError(f"{self._line(first['loc'])}: {sentence_for(first, Requirements)}") from None
        self._release(requirements)
        self._indicators(requirements)
        self._fields(requirements)
        self._coverage(("least_coverage",), requirements.least_coverage)
        if requirements.most_error_findings is not None and requirements.most_error_findings < 0:
            self._refuse(("most_error_findings",), "it is below zero.", "Write 0 or more.")
        return requirements

    def _refuse(self, path: tuple[Key, ...], what: str, remedy: str) -> NoReturn:
        name = ".".join(str(key + 1) if isinstance(key, int) else key[:40] for key in path)
        where = self._line(path)
        raise RequirementsError(f"{where}: {name}: {what} {remedy}" if name else f"{where}: {what} {remedy}")

    def _line(self, path: tuple[Key, ...]) -> str:
        return f"{self.document.name}, line {self.document.line_of(path)}"

    def _known_keys(self, path: tuple[Key, ...], data: dict[str, object], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                self._refuse(
                    (*path, key), f"the key '{key[:40]}' is not known.", _suggest(key, known, "Known keys are")
                )

    def _named_by_id(self, path: tuple[Key, ...], name: object) -> None:
        """Say so kindly where the code of an indicator stands in the place of its id."""
        by_code = {indicator.code: indicator.id for indicator in self.release.indicators.values()}
        if isinstance(name, str) and name.strip().upper() in by_code:
            self._refuse(
                path, f"{name.strip()} is a code.", f"Write the indicator's id: {by_code[name.strip().upper()]}."
            )
        if isinstance(name, str) and name not in self.release.indicators:
            known = tuple(self.release.indicators)
            what = f"release {self.release.version} has no indicator '{name[:64]}'."
            self._refuse(path, what, _suggest(name, known, "It has"))

    def _release(self, requirements: Requirements) -> None:
        if requirements.release != self.release.version:
            what = f"it asks for release {requirements.release[:20]} of the standard; this is {self.release.version}."
            self._refuse(("release",), what, "Ask the issuer for a document of this release, or use that release.")

    def _indicators(self, requirements: Requirements) -> None:
        if not requirements.indicators:
            self._refuse(("indicators",), "no indicator is asked for.", "Name at least one.")
        seen: set[str] = set()
        for index, item in enumerate(requirements.indicators):
            here: tuple[Key, ...] = ("indicators", index)
            indicator = self.release.indicators[item.indicator]
            if item.indicator in seen:
                self._refuse(here, f"{item.indicator} stands twice.", "Keep one of the two.")
            seen.add(item.indicator)
            if item.need == "required" and indicator.status == "experimental":
                what = f"{item.indicator} is experimental: it has no published instrument yet."
                self._refuse(here, what, "Ask for it as optional, or leave it out.")
            if item.least_coverage is not None and indicator.coverage == "none":
                what = f"no coverage belongs to {item.indicator}, so none can be asked for."
                self._refuse((*here, "least_coverage"), what, "Remove this line.")
            self._coverage((*here, "least_coverage"), item.least_coverage)
        if all(self.release.indicators[name].role != "measure" for name in seen):
            what = "only context counts and measures of data quality are asked for; alone they say nothing."
            self._refuse(("indicators",), what, "Add an indicator of role measure.")

    def _fields(self, requirements: Requirements) -> None:
        known = tuple(f"{table.id}.{field.id}" for table in self.release.tables.values() for field in table.fields)
        for index, name in enumerate(requirements.required_fields):
            if name not in known:
                what = f"release {self.release.version} has no field '{name[:80]}'."
                self._refuse(
                    ("required_fields", index), what, _suggest(name, known, "A field is written table.field, such as")
                )
            if name in requirements.required_fields[:index]:
                self._refuse(("required_fields", index), f"{name} stands twice.", "Keep one of the two.")

    def _coverage(self, path: tuple[Key, ...], least: str | None) -> None:
        if least is None:
            return
        try:
            share = Decimal(least)
        except InvalidOperation:
            share = Decimal("NaN")
        if not share.is_finite() or not 0 <= share <= 1:
            self._refuse(path, f"'{least[:20]}' is no share.", "Write a decimal number from 0.70 to 1, such as 0.80.")
        if share < LEAST_COVERAGE:
            what = f"{least} is looser than the standard's own {LEAST_COVERAGE}, below which nothing is computed."
            self._refuse(path, what, f"Write {LEAST_COVERAGE} or more, or remove this line.")


def _suggest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Name the nearest known name, or all (at most twelve) where none is near."""
    from rapidfuzz import fuzz, process

    choices = list(known)
    best = process.extractOne(name, choices, scorer=fuzz.ratio, score_cutoff=60)
    if best is not None:
        return f"Did you mean {best[0]}?"
    more = ", …" if len(choices) > 12 else ""
    return f"{otherwise} {', '.join(choices[:12])}{more}."
