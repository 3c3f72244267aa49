"""Findings, values and manifests made by hand, for tests of what reads them."""
# ruff: noqa: E501 (tables of samples are read across)

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from relmetrics.calculation.value import BenchmarkValue, IndicatorValue, IndicatorValues, IntervalValue
from relmetrics.definitions import Code, Codelist, Indicator, Manifest, Release, ReleaseHeader, Requirements, Structure
from relmetrics.validation.finding import Check, Finding, Findings, Place
from relmetrics.validation.readiness import Readiness

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2026-01-01/2026-06-30"
WINDOW = "2025-07-01/2026-06-30"

# Everything that could do harm when it is shown: markup, terminal commands, direction and width tricks, a formula, a
# template, half a surrogate pair (as an undecodable file name gives it), placeholders.
HOSTILE = (
    "=cmd|' /C calc'!A0<script>alert(1)</script><img src=x onerror=alert(1)>\"' & </style></title> {{ 7*7 }} {% raw %} {table} "
    "[red]x[/red] :bomb: \x1b[31m\x1b]8;;http://example.org\x07 \x00\x9b2J \u202egnp.exe\u202c \u2066x\u2069 a\u200bb\u200d"
    "\ufeff\u00ad\u2028\u2029\U000e0041 \udc80 \r\n%s %(x)s"
)


def release() -> Release:
    """Eight small sheets, two rules, two constraints, and the real codelists."""
    sheets = {sheet.id: sheet for sheet in map(_sheet, _SHEETS)}
    rules = {rule.id: rule for rule in map(_structure, _RULES)}
    header = ReleaseHeader(
        version="1.0",
        format_version="1.0",
        status="draft",
        date="2026-01-01",
        base_uri="urn:relmetrics:1.0:",
        summary={"en": "x"},
    )
    nothing: MappingProxyType[str, Any] = MappingProxyType({})
    return Release(
        header=header,
        tables=nothing,
        codelists=MappingProxyType(codelists()),
        views=nothing,
        rules=nothing,
        structure=MappingProxyType(rules),
        indicators=MappingProxyType(sheets),
    )


def codelists() -> dict[str, Codelist]:
    """The codelists of the draft release, read without the rest of it."""
    found = {}
    for path in sorted((ROOT / "schema" / "1.0" / "codelists").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            codes = [
                Code(
                    code=row["code"], title_en=row["title_en"], description_en=row["description_en"], since=row["since"]
                )
                for row in csv.DictReader(file)
            ]
        found[path.stem] = Codelist(id=path.stem, codes=tuple(codes))
    return found


# id, code, class, role, domain, value_unit, coverage, comparison, companions, title, definition, numerator, denominator
_SHEETS: tuple[tuple[str, ...], ...] = (
    (
        *("one_to_one_coverage", "REL-01", "E", "measure", "rel", "share", "conversations", "direct"),
        *("member_to_member_share|repeat_conversation_rate", "One-to-one coverage"),
        "How many of the active people were reached by at least one one-to-one conversation in the year.",
        *("active people with at least one counted conversation", "all active people"),
    ),
    (
        *("member_to_member_share", "REL-02", "R", "measure", "rel", "share", "conversations", "direct", ""),
        "Member-to-member share",
        "Of the one-to-one conversations with a member, how many were held by two members without staff.",
        *("conversations between two members", "conversations with at least one member"),
    ),
    (
        *("repeat_conversation_rate", "REL-03", "R", "measure", "rel", "probability", "conversations", "direct", ""),
        "Repeat conversation",
        "Of the pairs who had a first conversation, how many talk again within 180 days.",
        *("", ""),
    ),
    (
        *("member_connectedness", "NET-02", "R", "measure", "net", "share", "ties", "standardized", ""),
        "Connectedness of members",
        "Of all pairs of members, how many can reach each other through conversations among members.",
        *("pairs of members in one component", "all pairs of members"),
    ),
    (
        *("closure", "NET-05", "R", "measure", "net", "share", "ties", "standardized", "", "Closure"),
        "Whether two people who both talk with a third also talk with each other.",
        *("closed two-paths", "two-paths"),
    ),
    (
        *("effective_leaders", "LEAD-01", "C", "measure", "lead", "number", "none", "standardized", ""),
        "Effective number of leaders",
        "How many people carry the work of leading, as if all carried equally much.",
        *("", ""),
    ),
    (
        *("relational_coverage", "DQ-02", "I", "quality", "dq", "share", "conversations", "direct", ""),
        "Coverage of ties and conversations",
        "The share of active members whose conversations would have been recorded.",
        *("covered active members", "active members"),
    ),
    (
        *("contacts_made", "IND-01", "I", "context", "context", "count", "none", "own_trend"),
        *("member_to_member_share;repeat_conversation_rate", "Contacts made"),
        "Doors, calls and texts: the input, not the relationship.",
        *("", ""),
    ),
)


def _sheet(given: tuple[str, ...]) -> Indicator:
    name, code, kind, role, domain, unit, coverage, comparison, companions, title, definition, above, below = given
    return Indicator.model_validate(
        {
            "$id": f"urn:relmetrics:1.0:indicator:{name}",
            "id": name,
            "version": "1.0.0",
            "status": "stable",
            "since": "1.0",
            "title": {"en": title},
            "code": code,
            "class": kind,
            "role": role,
            "adoption": "core",
            "domain": domain,
            "construct": {"en": "x"},
            "faithfulness": "derived",
            "sections": [],
            "definition": {"en": definition},
            "rationale": {"en": "x"},
            "unit": {"en": "conversation"},
            "value_unit": unit,
            "population_text": {"en": "x"},
            "numerator_text": {"en": above} if above else None,
            "denominator_text": {"en": below} if below else None,
            "exclusions": {"en": "x"},
            "window_text": {"en": "x"},
            "time_field": "held_on",
            "needs": ["people", "one_to_ones"],
            "scoring": "proportion",
            "population": "counted",
            "coverage": coverage,
            "interval": {"method": "U1"} if role == "measure" else None,
            "comparison": comparison,
            "standardized_form": {"en": "its place among random networks"} if comparison == "standardized" else None,
            "companions": companions,
            "limitations": {"en": "Records, not self-reports. No target may be set on it."},
            "misuse": {"en": "x"},
            "sources": [],
        }
    )


_RULES: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("value_not_of_type", "error", "An entry that cannot be read", "This entry cannot be read. It should be {expected}.", "It counts as not known.", "Write it as {expected}."),
    ("unknown_column", "warning", "A column that the standard does not know", "The table '{table}' has a column that was not read.", "What it says is missing from every value.", "Perhaps '{nearest}' is meant. If it is your own, let its name begin with x_."),
    ("missing_column", "error", "A column is not there", "The table '{table}' has no column '{field}'.", "Without it the rows say too little.", "Add the column '{field}' to '{file}'."),
    ("required_value_missing", "error", "A cell that must be filled is empty", "This cell is empty.", "The row may drop out of a value.", "Fill it in, or write unknown."),
    ("code_synonym", "note", "Another word for a code", "Read as '{code}'.", "Nothing is lost.", "Nothing needs to be done."),
)  # fmt: skip


def _structure(given: tuple[str, str, str, str, str, str]) -> Structure:
    name, severity, title, message, why, remedy = given
    return Structure.model_validate(
        {
            "$id": f"urn:relmetrics:1.0:structure:{name}",
            "id": name,
            "version": "1.0.0",
            "status": "stable",
            "since": "1.0",
            "title": {"en": title},
            "severity": severity,
            "dimension": "conformance",
            "message": {"en": message},
            "why": {"en": why},
            "remedy": {"en": remedy},
        }
    )


def finding(n: int = 1, rule: str = "value_not_of_type", severity: Any = "error", **changes: Any) -> Finding:
    """One finding in the table one_to_ones; `n` makes its id and its row."""
    given: dict[str, Any] = {
        "id": f"f{n:04}",
        "rule": rule,
        "rule_version": "1.0.0",
        "severity": severity,
        "dimension": "conformance",
        "table": "one_to_ones",
        "file": "one_to_ones.csv",
        "sheet": "",
        "row": n + 1,
        "field": "held_on",
        "cell": f"B{n + 1}",
        "shape": "text, 11 characters" if rule == "value_not_of_type" else "",
        "params": {"expected": "date"} if rule == "value_not_of_type" else {},
    }
    return Finding(**{**given, **changes})


def check(rule: str, table: str = "one_to_ones", n_findings: int = 0, **changes: Any) -> Check:
    """One check; clean where it has no findings."""
    given: dict[str, Any] = {
        "rule": rule,
        "rule_version": "1.0.0",
        "kind": "structure",
        "severity": next((row[1] for row in _RULES if row[0] == rule), "error"),
        "table": table,
        "outcome": "findings" if n_findings else "clean",
        "reason": "",
        "n_examined": 120,
        "n_findings": n_findings,
    }
    return Check(**{**given, **changes})


def findings() -> Findings:
    """Nine unreadable dates (of twelve, the others not listed), a column that is missing with what it causes, two more."""
    missing = finding(50, "missing_column", row=None, cell="", field="consent_use", table="people", file="people.csv")
    listed = (
        *(finding(n) for n in range(1, 10)),
        missing,
        finding(51, "required_value_missing", table="people", file="people.csv", field="consent_use", cell="", cause=missing.id),
        finding(52, "required_value_missing", table="people", file="people.csv", field="consent_use", cell="", cause=missing.id),
        finding(60, "unknown_column", "warning", row=None, cell="D1", field="", params={"nearest": "minutes"}),
        finding(
            61, "unknown_column", "warning", row=None, cell="G1", field="", params={"nearest": ""},
            related=(Place("events", "events.csv", "", 1, "", "H1"),),
        ),
    )  # fmt: skip
    checks = (
        check("value_not_of_type", n_findings=12),
        check("missing_column", "people", n_findings=1),
        check("required_value_missing", "people", n_findings=2),
        check("unknown_column", n_findings=2),
        check("code_synonym"),
        check("missing_column"),
        check("value_not_of_type", "events"),
        check("value_not_of_type", "reviews", outcome="not_applicable", reason="table_absent"),
        check("code_synonym", "people", outcome="cannot_tell", reason="field_absent"),
    )
    readiness = (
        Readiness("one_to_one_coverage", True, ""),
        Readiness("closure", True, ""),
        Readiness("contacts_made", False, "missing_required_field", ("activity_counts",), ()),
        Readiness("effective_leaders", False, "missing_required_field", (), ("participation.functions",)),
    )
    return Findings(
        listed, checks, readiness, 9, "1.0", ("one_to_ones.csv was read as UTF-8, with ; between the columns.",)
    )


def no_findings() -> Findings:
    """A run in which every check is clean."""
    return Findings((), (check("value_not_of_type"), check("missing_column")), (), 1000, "1.0")


def value(indicator: str, number: float | int | None = 0.42, **changes: Any) -> IndicatorValue:
    """One value with plausible company."""
    sheet = next(row for row in _SHEETS if row[0] == indicator)
    given: dict[str, Any] = {
        "indicator": indicator,
        "indicator_version": "1.0.0",
        "period": PERIOD,
        "window": WINDOW,
        "disaggregation": "total",
        "value": number,
        "status": "computed" if number is not None else "not_computable",
        "reason": "" if number is not None else "below_minimum_n",
        "warnings": (),
        "numerator": None,
        "denominator": None,
        "n_units": 50,
        "unknown": 0,
        "n_without_consent": 0,
        "unit": sheet[5],
        "interval": None,
        "benchmark": None,
        "coverage": None if sheet[6] == "none" else 0.83,
        "comparison": sheet[7],
        "companions": tuple(sheet[8].split(";")) if sheet[8] else (),
        "params": {},
        "extras": {},
        "release": "1.0",
        "logic_hash": "sha256:3fa9c1d2e4b5a697",
    }
    return IndicatorValue(**{**given, **changes})


def values() -> IndicatorValues:
    """All eight, computed; closure with a full-graph row."""
    interval = IntervalValue(0.3312, 0.5187, 0.95, "dyadic_bootstrap", 7, 2000)
    benchmark = BenchmarkValue(0.531, 0.06, 1.2, 88.0, "random_graphs", 7, 1000)
    warned: dict[str, Any] = {"status": "computed_with_warning", "warnings": ("coverage_low",)}
    listed = (
        value("one_to_one_coverage", 0.78, numerator=39, denominator=50, interval=IntervalValue(0.647, 0.872, 0.95, "wilson"), params={"min_minutes": "20"}, extras={"by_conversation_only_share": 0.12, "partner_unknown": 2}, **warned),
        value("member_to_member_share", numerator=154, denominator=367, n_units=367, unknown=3, n_without_consent=1, interval=interval, **warned),
        value("repeat_conversation_rate", 0.61, n_units=88, interval=IntervalValue(0.48, 0.74, 0.95, "dyadic_bootstrap", 7, 2000)),
        value("member_connectedness", 0.91, numerator=1115, denominator=1225, n_units=1225, interval=IntervalValue(0.8, 1.0, 0.95, "vertex_bootstrap", 7, 1000), benchmark=benchmark),
        value("member_connectedness", 0.96, disaggregation="graph=full", numerator=1327, denominator=1378, interval=IntervalValue(0.88, 1.0, 0.95, "vertex_bootstrap", 7, 1000)),
        value("closure", 0.21, numerator=63, denominator=300, n_units=300, benchmark=benchmark, status="computed_with_warning", warnings=("interval_unavailable",)),
        value("effective_leaders", 7.3412, n_units=112, interval=IntervalValue(5.2, None, 0.95, "event_jackknife"), extras={"n_acts": 112, "n_actors": 19, "evenness": 0.44}),
        value("relational_coverage", 0.83, numerator=40, denominator=48, interval=None),
        value("contacts_made", 1840, numerator=1840, n_units=12),
    )  # fmt: skip
    return IndicatorValues(listed, "1.0", {"one_to_ones": 2, "people": 0})


def changed(values: IndicatorValues, indicator: str, **changes: Any) -> IndicatorValues:
    """The same values, one of them changed."""
    listed = (replace(item, **changes) if item.indicator == indicator else item for item in values)
    return replace(values, values=tuple(listed))


NOT_COMPUTABLE: dict[str, Any] = {
    "value": None,
    "status": "not_computable",
    "warnings": (),
    "numerator": None,
    "denominator": None,
    "interval": None,
    "benchmark": None,
}


def manifest(**changes: Any) -> Manifest:
    """The manifest of a fictional organization."""
    given: dict[str, Any] = {
        "dataset_id": "riverside-2026-h1",
        "schema_version": "1.0",
        "organization_id": "riverside_tenants",
        "period": {"start": date(2026, 1, 1), "end": date(2026, 6, 30)},
        "records_from": date(2025, 1, 1),
        "adoption_level": "core",
        "tie_rule": "one_to_one",
        "conversations_recorded_for": "marked_groups",
        "has_paid_staff": "yes",
        "complete_tables": ("events",),
        "boundary_rule": "Tenants of the nine houses who came to a meeting or had a one-to-one in the last year.",
        "consent_basis": "verbal",
        "review": {"reviewed_on": date(2026, 7, 9), "event_id": "E-0041"},
    }
    return Manifest.model_validate({**given, **changes})


def requirements(**changes: Any) -> Requirements:
    """A fictional funder's document."""
    given: dict[str, Any] = {
        "id": "lakeside_2026",
        "version": "1.0.0",
        "issuer": "Lakeside Fund",
        "title": {"en": "Reporting 2026"},
        "release": "1.0",
        "period": {"start": date(2026, 1, 1), "end": date(2026, 6, 30)},
        "indicators": (
            {"indicator": "member_to_member_share", "least_coverage": "0.75"},
            {"indicator": "effective_leaders"},
            {"indicator": "one_to_one_coverage", "need": "optional"},
        ),
        "required_fields": ("one_to_ones.person_b",),
        "most_error_findings": 10,
    }
    return Requirements.model_validate({**given, **changes})
