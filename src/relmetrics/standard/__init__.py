"""The one reader of definition files: ``schema/`` and ``validators/`` become a `Release`.

A bad definition file is refused with its name, its line and what to do, all problems of a release at once. Nothing is
registered anywhere: one definition is one file, its name is its id, and its folder says its kind.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel

from relmetrics.definitions.consistency import Contents, inconsistencies
from relmetrics.definitions.indicator import Indicator
from relmetrics.definitions.release import Release, ReleaseHeader
from relmetrics.definitions.rule import Rule, Structure
from relmetrics.definitions.screen import Screen
from relmetrics.definitions.table import Table
from relmetrics.definitions.view import View
from relmetrics.errors import UsageError
from relmetrics.standard.files import KINDS, Kind, data_root, definition_files, versions
from relmetrics.standard.from_csv import load_matrix, read_codelists, read_word_lists
from relmetrics.standard.from_yaml import check_names, read_yaml
from relmetrics.standard.parsed import ParsedFiles
from relmetrics.standard.problems import Problems, Read

__all__ = ["KINDS", "Kind", "data_root", "definition_files", "load_matrix", "load_release", "versions"]

Model = TypeVar("Model", bound=BaseModel)

# The order in which tables are shown: people and groups first, then what they do, then aggregates.
_TABLE_ORDER = (
    *("people", "lines", "person_lines", "groups", "memberships", "one_to_ones", "events", "participation"),
    *("event_codings", "activity_counts", "digital_cohorts", "reviews"),
    *("issues", "campaigns", "commitments", "decisions", "waves", "wave_respondents", "tie_reports"),
    *("organization_ties", "joint_acts", "joint_act_codings"),
    *("demands", "agenda_items", "seats", "outcomes", "outcome_codings", "survey_items", "survey_responses"),
    *("reference_population", "documents", "document_codings"),
)


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
    problems, parsed = Problems(), ParsedFiles(version, root)
    headers = read_yaml("release", ReleaseHeader, version, root, parsed, problems)
    codelists = read_codelists(version, root, problems)
    tables = read_yaml("table", Table, version, root, parsed, problems)
    views = read_yaml("view", View, version, root, parsed, problems)
    indicators = read_yaml("indicator", Indicator, version, root, parsed, problems)
    structure = read_yaml("structure", Structure, version, root, parsed, problems)
    rules = read_yaml("rule", Rule, version, root, parsed, problems)
    screens = read_yaml("screen", Screen, version, root, parsed, problems)
    word_lists = read_word_lists(version, root, problems)
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
        check_names(kind, read, header, problems)
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
    read_by_kind: dict[str, Mapping[str, Read[Any]]] = {
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


def _plain(read: Mapping[str, Read[Model]]) -> dict[str, Model]:
    return {name: item.definition for name, item in read.items()}
