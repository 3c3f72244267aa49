"""The report and its parts as JSON, for machines. The published schemas stand in schema/metaschema.

Numbers are given as they were computed, never rounded. Text that came from files is made harmless as everywhere else,
so that the output can be shown in a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from relmetrics.reporting.escaping import plain
from relmetrics.reporting.grouping import group_by_cause
from relmetrics.reporting.inspection import sentence_of
from relmetrics.reporting.places import column_letters, message_of, title_of, without_values

if TYPE_CHECKING:
    from relmetrics.assessment import Assessment
    from relmetrics.calculation.value import IndicatorValues
    from relmetrics.definitions import Manifest, Release
    from relmetrics.reporting.grouping import Bundle, Cause
    from relmetrics.reporting.layout import Layout
    from relmetrics.reporting.report import Report
    from relmetrics.revision import Revision
    from relmetrics.submission.inspection import InspectedTable, Inspection, Oddity
    from relmetrics.validation.finding import Finding, Findings
    from relmetrics.words import Words

__all__ = ["FORMAT_VERSION", "render_inspection", "render_json", "render_revision"]

FORMAT_VERSION = "1.0"


def render_json(report: Report) -> str:
    """Write a report as JSON; where it has one part only, that part's own document.

    Findings, values and assessment each have a schema of their own name; a report holds them under these names.
    """
    parts = {
        "findings": None if report.findings is None else _findings(report.findings, report.release, report.words),
        "values": None if report.values is None else _values(report.values),
        "assessment": None if report.assessment is None else _assessment(report.assessment),
    }
    present = [name for name, part in parts.items() if part is not None]
    if len(present) == 1:
        body: dict[str, Any] = parts[present[0]] or {}
        return _dump({**_head(present[0], report), **body})
    embedded = {name: part for name, part in parts.items() if part is not None}
    return _dump(
        {
            **_head("report", report),
            "submission": None if report.manifest is None else _manifest(report.manifest),
            "source": report.source,
            "review": report.review,
            "flags": list(report.flag_codes),
            "layout": [_layout(layout) for layout in report.layouts],
            **embedded,
        }
    )


def render_inspection(inspection: Inspection, words: Words) -> str:
    """Write what a file is as JSON; it belongs to no release of the standard."""
    head = {
        "format": "relmetrics.inspection",
        "format_version": FORMAT_VERSION,
        "stays_with_organization": True,
        "notice": words.say("stays.line"),
        "file": inspection.file,
        "tables": [
            {**_fields(table), "oddities": [_oddity(one, table, words) for one in table.oddities]}
            for table in inspection.tables
        ],
        "oddities": [_oddity(one, None, words) for one in inspection.oddities],
        "unread": list(inspection.unread),
    }
    return _dump(head)


def _oddity(oddity: Oddity, table: InspectedTable | None, words: Words) -> dict[str, Any]:
    columns, lines = (table.columns, table.lines) if table is not None else ((), ())
    kinds = [words.text(title) for title in oddity.titles]
    return {**_fields(oddity), "titles": kinds, "sentence": sentence_of(oddity, columns, lines, words)}


def _fields(one: InspectedTable | Oddity) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def render_revision(revision: Revision, release: Release, words: Words) -> str:
    """Write what changed between two submissions as JSON."""
    from relmetrics.reporting.revision_json import json_of

    head = {
        "format": "relmetrics.revision",
        "format_version": FORMAT_VERSION,
        "stays_with_organization": True,
        "notice": words.say("stays.line"),
        "release": revision.release,
        "release_status": release.header.status,
        "language": words.language,
    }
    return _dump({**head, **json_of(revision)})


def _dump(data: Mapping[str, Any]) -> str:
    return json.dumps(_harmless(data), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _harmless(data: Any) -> Any:
    """Turn `data` into what JSON knows, with every text, keys included, passed through `plain`."""
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, Mapping):
        return {plain(str(key)): _harmless(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_harmless(item) for item in data]
    if is_dataclass(data) and not isinstance(data, type):
        return {part.name: _harmless(getattr(data, part.name)) for part in fields(data)}
    return data


def _head(kind: str, report: Report) -> dict[str, Any]:
    return {
        "format": f"relmetrics.{kind}",
        "format_version": FORMAT_VERSION,
        "stays_with_organization": True,
        "notice": report.words.say("stays.line"),
        "release": report.release.version,
        "release_status": report.release.header.status,
        "language": report.words.language,
    }


def _findings(findings: Findings, release: Release, words: Words) -> dict[str, Any]:
    return {
        "counts": findings.counts(),
        "most_listed": findings.most_listed,
        "findings": [_finding(finding, release, words) for finding in findings],
        "groups": [_group(cause, release, words) for cause in group_by_cause(findings, release)],
        "checks": list(findings.checks),
        "readiness": [
            {
                "indicator": item.indicator,
                "is_ready": bool(item.is_ready),
                "reason": item.reason,
                "tables_missing": list(item.tables_missing),
                "fields_missing": list(item.fields_missing),
            }
            for item in findings.readiness
        ],
        "remarks": list(findings.remarks),
    }


def _finding(finding: Finding, release: Release, words: Words) -> dict[str, Any]:
    finding = without_values(finding, release)
    data = {part.name: getattr(finding, part.name) for part in fields(finding)}
    data["column"] = column_letters(finding.cell)
    texts = release.texts_of(finding.rule)
    for name in ("message", "why", "remedy"):
        data[name] = "" if texts is None else message_of(words.text(getattr(texts, name)), finding, release)
    data["message"] = data["message"] or title_of(finding.rule, release, words)
    return data


def _group(cause: Cause, release: Release, words: Words) -> dict[str, Any]:
    """One cause; `groups` stand in the order in which mending them gives most."""
    return {
        "id": cause.id,
        **_bundle(cause.own, release, words),
        "is_first": cause.is_first,
        "is_personal_data": cause.is_personal,
        "unlocks": list(cause.unlocks),
        "helps": list(cause.helps),
        "n_rows": cause.n_rows,
        "consequences": [_bundle(bundle, release, words) for bundle in cause.consequences],
    }


def _bundle(bundle: Bundle, release: Release, words: Words) -> dict[str, Any]:
    return {
        "rule": bundle.rule,
        "table": bundle.table,
        "field": bundle.field,
        "severity": bundle.severity,
        "title": title_of(bundle.rule, release, words),
        "n_findings": bundle.n_findings,
        "n_not_listed": bundle.n_not_listed,
        "findings": [finding.id for finding in bundle.findings],
    }


def _values(values: IndicatorValues) -> dict[str, Any]:
    return {"rows_left_out": dict(values.rows_left_out), "values": list(values)}


def _assessment(assessment: Assessment) -> dict[str, Any]:
    requirements = {
        "id": assessment.requirements_id,
        "version": assessment.requirements_version,
        "issuer": assessment.issuer,
        "title": assessment.title,
    }
    return {
        "requirements": requirements if assessment.requirements_id else None,
        "verdict": assessment.verdict,
        "items": list(assessment.items),
    }


def _manifest(manifest: Manifest) -> dict[str, Any]:
    return {
        "organization_id": manifest.organization_id,
        "dataset_id": manifest.dataset_id,
        "period": {"start": str(manifest.period.start), "end": str(manifest.period.end)},
        "records_from": str(manifest.records_from),
        "taken_on": None if manifest.taken_on is None else str(manifest.taken_on),
        "adoption_level": manifest.adoption_level,
        "tie_rule": manifest.tie_rule,
        "conversations_recorded_for": manifest.conversations_recorded_for,
        "has_paid_staff": manifest.has_paid_staff,
        "complete_tables": list(manifest.complete_tables),
        "boundary_rule": manifest.boundary_rule,
        "consent_basis": manifest.consent_basis,
        "reviewed_on": None if manifest.review.reviewed_on is None else str(manifest.review.reviewed_on),
        "review_event_id": manifest.review.event_id,
    }


def _layout(layout: Layout) -> dict[str, Any]:
    """Which values a page shows together, by id: what `values` holds beyond them is not to be shown alone."""
    return {
        "period": layout.period,
        "row_groups": [
            [value.indicator for value in cluster.values] for domain in layout.domains for cluster in domain.clusters
        ],
        "quality": [value.indicator for value in layout.trust],
        "held_back": [{"indicator": item.indicator, "reason": "companion_missing"} for item in layout.held_back],
        "not_computed": [value.indicator for value in layout.not_computed],
        "context": [
            {"indicator": item.value.indicator, "companions": [companion.indicator for companion in item.companions]}
            for item in layout.context
        ],
    }
