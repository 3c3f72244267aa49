"""The manifest (``submission.yaml``, ``.json`` or the sheet ``submission``), with all its problems in one message."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError

from relmetrics.definitions import Manifest, Release
from relmetrics.documents import Document
from relmetrics.errors import UnreadableInputError
from relmetrics.submission.columns import shown, trimmed
from relmetrics.submission.manifest_files import files_of
from relmetrics.submission.manifest_rows import sheet_document
from relmetrics.submission.typing import FIRST_YEAR, LAST_YEAR

__all__ = ["manifest_of", "sheet_document"]

Path = tuple[str | int, ...]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_VERSION = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}")


class _Key(NamedTuple):
    """What a key holds, and whether it is a date or a list."""

    what: str
    kind: str = "text"


_NAME = "a short name of letters, digits, '-', '_' or '.', for example riverside-2026"
_DATE = "a day, for example 2026-01-31"
_KEYS: dict[Path, _Key] = {
    ("dataset_id",): _Key(_NAME),
    ("schema_version",): _Key("the release of the standard, for example 1.0"),
    ("organization_id",): _Key(_NAME),
    ("period",): _Key("the reporting period, with start and end", "mapping"),
    ("period", "start"): _Key("the first day of the reporting period, for example 2026-01-01", "day"),
    ("period", "end"): _Key("the last day of the reporting period, for example 2026-12-31", "day"),
    ("records_from",): _Key("the day from which the records are believed complete, for example 2025-01-01", "day"),
    ("adoption_level",): _Key("what the organization undertakes to record", "code"),
    ("tie_rule",): _Key("what counts as a tie", "code"),
    ("conversations_recorded_for",): _Key("whose conversations are recorded", "code"),
    ("has_paid_staff",): _Key("whether the organization has paid staff", "code"),
    ("complete_tables",): _Key("the tables in which a missing row means that there was nothing; may be empty", "list"),
    ("boundary_rule",): _Key("who counts as belonging, in one sentence"),
    ("consent_basis",): _Key("how people agreed to be in the records", "code"),
    ("breadth_group_type",): _Key("which groups make up breadth", "code"),
    ("time_zone",): _Key("the time zone in which days are days, for example America/Chicago"),
    ("taken_on",): _Key("the day on which the data were taken from your system, for example 2027-01-15", "day"),
    ("contact_role",): _Key("a role, never a person, for example data_coordinator"),
    ("review",): _Key("the constituents' review, with reviewed_on and event_id", "mapping"),
    ("review", "reviewed_on"): _Key(_DATE, "day"),
    ("review", "event_id"): _Key("the event at which the values were reviewed"),
    ("files",): _Key("how the files are to be read that are not in the standard's form", "mapping"),
}


def manifest_of(document: Document, release: Release, place: str = "line") -> tuple[Manifest, tuple[str, ...]]:
    """Check a manifest.

    Parameters
    ----------
    document : Document
        The manifest, every value text.
    release : Release
        Release that the data have to be made for.
    place : {'line', 'row'}
        What `document.lines` counts.

    Returns
    -------
    manifest : Manifest
        The manifest.
    remarks : tuple of str
        What the release does not know in it.

    Raises
    ------
    UnreadableInputError
        With one line for each problem: key, place, what to do.
    """
    if not isinstance(document.data, dict):
        raise UnreadableInputError(
            f"{document.name} is no manifest: it has to hold lines of the form 'key: value', beginning with dataset_id."
        )
    data = _plain(document.data)
    _refuse_other_release(document, data, release, place)
    problems: list[tuple[int, str]] = []

    def add(path: Path, text: str) -> None:
        line = document.line_of(path)
        where = f", {place} {line}" if path in document.lines or path[:1] in document.lines else ""
        problems.append((line, f"{document.name}{where}: {text}"))

    if files := data.pop("files", None):
        data["files"] = files_of(files, release, add)
    _check_days(data, add)
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as found:
        for error in found.errors(include_url=False, include_input=False, include_context=False):
            _explain(tuple(error["loc"]), error["type"], add)
        manifest = None
    if problems or manifest is None:
        lines = [text for _, text in sorted(problems, key=lambda item: item[0])]
        head = f"The manifest {document.name} has {len(lines)} problems:\n" if len(lines) > 1 else ""
        raise UnreadableInputError(head + "\n".join(lines))
    unknown = [shown(name) for name in manifest.complete_tables if name not in release.tables]
    if not unknown:
        return manifest, ()
    names = ", ".join(unknown)
    said = f"{document.name}: complete_tables names tables that release {release.version} does not have: {names}."
    return manifest, (said,)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Trim values, split lists that are written as text, and drop keys without a value."""
    plain: dict[str, Any] = {}
    for name, value in data.items():
        kind = _KEYS.get((name,), _Key("")).kind
        if isinstance(value, str):
            value = trimmed(value)
            if kind == "list":
                value = [part for part in map(trimmed, value.split(";")) if part]
            elif not value:
                continue
            elif kind == "code":
                value = value.casefold()
        elif isinstance(value, dict) and kind == "mapping" and name != "files":
            value = {key: part.strip() if isinstance(part, str) else part for key, part in value.items() if part != ""}
        plain[name] = value
    return plain


def _refuse_other_release(document: Document, data: dict[str, Any], release: Release, place: str) -> None:
    version = data.get("schema_version")
    if version is None or version == release.version:
        return
    written = f"'{version}'" if isinstance(version, str) and _VERSION.fullmatch(version) else "something else"
    raise UnreadableInputError(
        f"{document.name}, {place} {document.line_of(('schema_version',))}: schema_version is {written}, but these "
        f"files are read by release {release.version} of the standard. Write schema_version: {release.version} if the "
        "data are made for it, or use the version of relmetrics that has the other release."
    )


def _check_days(data: dict[str, Any], add: Any) -> None:
    """Look at the dates before pydantic does: to it, 20260101 is a number of seconds."""
    for path, value in _days(data):
        is_day = isinstance(value, str) and _DAY.fullmatch(value) is not None
        if is_day:
            try:
                is_day = FIRST_YEAR <= date.fromisoformat(value).year <= LAST_YEAR
            except ValueError:
                is_day = False
        if not is_day:
            add(path, f"{'.'.join(map(str, path))} is not a day of the form 2026-01-31. Write {_KEYS[path].what}.")
            target = data if len(path) == 1 else data[path[0]]
            target[path[-1]] = date(FIRST_YEAR if path[-1] == "start" else LAST_YEAR, 1, 1)  # so that it is said once


def _days(data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for path, key in _KEYS.items():
        target = data.get(str(path[0])) if len(path) == 2 else data
        if key.kind == "day" and isinstance(target, dict) and path[-1] in target:
            yield tuple(map(str, path)), target[str(path[-1])]


def _explain(path: Path, kind: str, add: Any) -> None:
    key = path[:2] if path[:2] in _KEYS else path[:1]
    dotted = shown(".".join(map(str, path)))
    what = _KEYS[key].what if key in _KEYS else ""
    if kind == "missing":
        add(path, f"{dotted} is missing. Add it: {what}{_allowed(key)}.")
    elif (
        kind == "extra_forbidden"
        and (parts := str(path[0]).split("."))[0] in ("files", "period", "review")
        and parts[1:]
    ):
        lines = ", then ".join(f"{shown(part)}:" for part in parts)
        add(path, f"{dotted} needs a line for each part, each two blanks further in: {lines} with its value.")
    elif kind == "extra_forbidden":
        names = [".".join(map(str, known)) for known in _KEYS]
        near = difflib.get_close_matches(dotted, names, n=1)
        add(path, f"{dotted} is no key of a manifest. " + (f"Did you mean {near[0]}?" if near else "Take it out."))
    elif kind == "value_error":
        add(path, "the period ends before it starts. Exchange period.start and period.end, or correct one of them.")
    else:
        add(path, f"{dotted} cannot be used as it stands. Write here: {what}{_allowed(key)}.")


def _allowed(key: Path) -> str:
    """Name the codes that a key takes, from the model."""
    codes = tuple(_codes(Manifest.model_fields[str(key[0])].annotation)) if key[0] in Manifest.model_fields else ()
    return f" ({', '.join(codes)})" if codes and len(key) == 1 and _KEYS[key].kind == "code" else ""


def _codes(annotation: Any) -> Iterable[str]:
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        elif part is not type(None):
            yield from _codes(part)
