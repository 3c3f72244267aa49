"""Which fields of the standard a rule, a sheet or a query really reads, found by parsing what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from relmetrics.definitions import Indicator, Manifest, Release, Rule
from relmetrics.definitions.rule import MANIFEST
from relmetrics.expressions import RELEASE, Scope, parse_expression, parse_query
from relmetrics.submission.views import PARAMETER_TYPES, table_relations
from relmetrics.validation.scope import rule_scope

Place = tuple[str, str]


def named(places: set[Place]) -> list[str]:
    return sorted(f"{table}.{field}" for table, field in places)


def manifest_keys(model: type[BaseModel] = Manifest, before: str = "") -> Iterator[str]:
    """Keys of the manifest with dots; ``files`` is one key, whatever stands below it."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from manifest_keys(field.annotation, f"{before}{name}.")
        else:
            yield f"{before}{name}"


# Names under which rules, sheets and views know the manifest's keys.
MANIFEST_NAMES = {
    "period_start": "period.start", "period_end": "period.end", "given_taken_on": "taken_on",
    "reviewed_on": "review.reviewed_on", "review_event_id": "review.event_id",
    "T": "period.end", "S": "period.end", "recorded_for": "conversations_recorded_for",
}  # fmt: skip


def manifest_place(name: str) -> Place | None:
    key = MANIFEST_NAMES.get(name, name)
    return (MANIFEST, key) if key in set(manifest_keys()) else None


def place_of(release: Release, relation: str, column: str) -> Place | None:
    """Field behind a column of a relation; None where it is no field (`_row`, the lists of the manifest)."""
    if relation == MANIFEST:
        return manifest_place(column)
    if relation in release.tables:
        name = column.removesuffix("_precision") if column not in release.tables[relation].by_id else column
        return (relation, name) if name in release.tables[relation].by_id else None
    for table in release.tables.values():
        for field in table.fields:
            if field.type == "codes" and relation == f"{table.id}_{field.id}":
                return (table.id, field.id if column == field.singular else column) if column != "_row" else None
    return (MANIFEST, "complete_tables") if relation == "complete_tables" else None


def places(release: Release, fields: frozenset[Place], parameters: frozenset[str] = frozenset()) -> set[Place]:
    found = {place_of(release, relation, column) for relation, column in fields}
    found |= {manifest_place(name) for name in parameters}
    return {place for place in found if place is not None}


def all_fields(release: Release) -> set[Place]:
    own = {(table.id, field.id) for table in release.tables.values() for field in table.fields}
    return own | {(MANIFEST, key) for key in manifest_keys()}


def level_of(release: Release, place: Place) -> str:
    return "core" if place[0] == MANIFEST else release.tables[place[0]].by_id[place[1]].level


def rule_places(release: Release, rule: Rule) -> set[Place]:
    """Fields that a rule reads; those of a family are the fields that it is about."""
    found: set[Place] = set()
    if rule.finding_query is not None:
        for text in (rule.finding_query, rule.examined_query or ""):
            query = parse_query(text, rule_scope(release), RELEASE)
            found |= places(release, query.fields, query.parameters)
    targets = [MANIFEST] if rule.table == MANIFEST else [table.id for table in release.tables.values()]
    for table in targets:
        tuples = (rule.fields,) if table == MANIFEST else rule.fields_of(release.tables[table])
        for fields in tuples:
            found |= {place for name in fields if (place := place_of(release, table, name)) is not None}
            texts = () if rule.finding_when is None else (rule.finding_when, rule.applies_when, *rule.params.values())
            for text in texts:
                said = text if rule.each is None else text.replace("{field}", fields[0])
                expression = parse_expression(said, rule_scope(release, table), RELEASE)
                found |= places(release, expression.fields, expression.parameters)
    return found


def view_places(release: Release, view: str, seen: frozenset[str] = frozenset()) -> set[Place]:
    """Fields behind a view, also those behind the views under it."""
    if view in seen:
        return set()
    return query_places(release, release.views[view].query, seen | {view})


def query_places(release: Release, text: str, seen: frozenset[str] = frozenset()) -> set[Place]:
    views = {name: dict.fromkeys(view.columns, "unknown") for name, view in release.views.items() if name not in seen}
    scope = Scope(
        relations={**table_relations(release), **views},
        parameters=frozenset(PARAMETER_TYPES) | {name for view in release.views.values() for name in view.parameters},
    )
    query = parse_query(text, scope, RELEASE)
    under = (view_places(release, name, seen) for name in query.relations if name in release.views)
    return places(release, query.fields, query.parameters).union(*under)


COMPUTING = Path(__file__).resolve().parents[1] / "src" / "relmetrics" / "calculation"


def programs(sheet: Indicator) -> str:
    """Text of the programs that fetch rows for a sheet by themselves."""
    if sheet.function is None:
        return ""
    text = (COMPUTING / "calculators" / f"{sheet.function}.py").read_text(encoding="utf-8")
    return text + ((COMPUTING / "network.py").read_text(encoding="utf-8") if "NetworkScoring" in text else "")


def sheet_places(release: Release, sheet: Indicator) -> set[Place]:
    """Everything behind a value: its population, its facts, what its program fetches, and what the engine adds."""
    views = {sheet.population} | {name for name in release.views if f'"{name}"' in programs(sheet)}
    found = {(MANIFEST, "adoption_level")}
    if sheet.coverage != "none":
        views.add("covered_constituents")
        found.add((MANIFEST, "conversations_recorded_for"))
    if sheet.coverage == "ties":
        found.add((MANIFEST, "tie_rule"))
    if sheet.domain in ("rel", "net") or sheet.id == "relational_coverage":
        views.add("counted_conversations")  # how many were confirmed
    if sheet.window_gate:
        found.add((MANIFEST, "records_from"))
    for name in views:
        found |= view_places(release, name) if name in release.views else set()
    for text in sheet.facts.values():
        found |= query_places(release, text)
    conditions = " ".join([*(gate.when for gate in sheet.gates), *(one.when for one in sheet.warnings)])
    for name in re.findall(r"[a-z_]+", conditions):
        if name.startswith("is_complete_"):
            found.add((MANIFEST, "complete_tables"))
        elif manifest_place(name) is not None:
            found.add(manifest_place(name))
        elif name == "n_staff":
            found |= view_places(release, "window_staff")
    for name in sheet.required_fields:
        table, _, field = name.partition(".")
        found.add((table, field))
    return found
