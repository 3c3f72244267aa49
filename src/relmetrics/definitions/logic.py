"""Logic hashes: over what decides a verdict or a value, and nothing that is only text for readers."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from relmetrics.definitions.screen import LETTERS, LISTED

if TYPE_CHECKING:
    from relmetrics.definitions.indicator import Indicator
    from relmetrics.definitions.release import Release
    from relmetrics.definitions.rule import Rule
    from relmetrics.definitions.screen import Screen

__all__ = ["indicator_hash", "rule_hash", "screen_hash"]

_DECIDES = (
    *("id", "role", "adoption", "needs", "reads", "required_fields", "parameters", "scoring", "function", "population"),
    *("numerator", "unknown_when", "consent_when", "measure", "counts", "facts", "coverage", "coverage_gate"),
    *("unknown_gate", "window_gate", "gates", "warnings", "interval", "benchmark", "second_row", "extras"),
)
_RULE_DECIDES = (
    *("id", "table", "each", "severity", "applies_when", "finding_when", "finding_query", "examined_query", "params"),
    *("fields", "explained_by"),
)
_FORMS = ("finding_pattern", "pattern_reads", "told_once", "column_when")
"""Forms of a verdict that came later: rules that do not use them keep their hashes."""
_SCREEN_DECIDES = (*("id", "severity", "looks_at", "excepted", "columns", "forms", "shapes", "unless", "told_by"),)
_WORD = re.compile(r"[a-z_][a-z0-9_]*")


def indicator_hash(indicator: Indicator, release: Release) -> str:
    """Hash of an indicator's logic with that of every view it reads: the first 16 digits of a SHA-256."""
    data = indicator.model_dump(mode="json", by_alias=True, include=set(_DECIDES))
    for parameter in data["parameters"].values():
        parameter.pop("title", None)
    text = " ".join([indicator.population, *indicator.facts.values()])
    return _digest({"indicator": data, "views": _views(text, release)})


def rule_hash(rule: Rule, release: Release) -> str:
    """Hash of a rule's logic: the first 16 digits of a SHA-256."""
    data = rule.model_dump(mode="json", by_alias=True, include=set(_RULE_DECIDES))
    data |= rule.model_dump(mode="json", include=set(_FORMS), exclude_defaults=True)
    return _digest({"rule": data, "views": _views(rule.finding_query or "", release)})


def screen_hash(screen: Screen, release: Release) -> str:
    """Hash of a screen's logic with that of the lists of words that it reads: the first 16 digits of a SHA-256."""
    data = screen.model_dump(mode="json", by_alias=True, include=set(_SCREEN_DECIDES))
    regexes = " ".join(form.regex + form.unless for form in (*screen.forms, *screen.shapes)) + screen.unless
    names = {*LISTED.findall(regexes), *(LETTERS if screen.shapes else ())}
    lists = {name: release.word_lists[name].model_dump(mode="json") for name in sorted(names)}
    return _digest({"screen": data, "lists": lists})


def _views(text: str, release: Release) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = sorted(set(_WORD.findall(text)) & release.views.keys())
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = " ".join(release.views[name].query.split())
            waiting.extend(sorted(set(_WORD.findall(found[name])) & release.views.keys()))
    return found


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
