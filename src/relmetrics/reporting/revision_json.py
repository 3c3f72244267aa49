"""What changed between two submissions, as JSON. The published schema stands in schema/metaschema."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relmetrics.revision import Loose, Revision, Version

__all__ = ["json_of"]


def json_of(revision: Revision) -> dict[str, Any]:
    """Return the content of the JSON document: everything that was counted, under the names of the nouns."""
    return {
        "organization_id": revision.organization_id,
        "before": _version_json(revision.before),
        "after": _version_json(revision.after),
        "past_until": str(revision.past_until),
        "manifest_changed": list(revision.manifest_changed),
        "findings": [
            {
                **{part.name: getattr(change, part.name) for part in fields(change)},
                "gone": _loose_json(change.gone),
                "come": _loose_json(change.come),
                "is_exact": change.is_exact,
            }
            for change in revision.findings
        ],
        "judged_now": list(revision.judged_now),
        "judged_before": list(revision.judged_before),
        "ready_now": list(revision.ready_now),
        "ready_before": list(revision.ready_before),
        "tables": list(revision.tables),
    }


def _version_json(version: Version) -> dict[str, Any]:
    return {
        "source": version.source,
        "dataset_id": version.dataset_id,
        "period": {"start": str(version.period_start), "end": str(version.period_end)},
        "taken_on": None if version.taken_on is None else str(version.taken_on),
        "n_findings": dict(version.n_findings),
    }


def _loose_json(loose: Loose) -> dict[str, int]:
    return {part.name: getattr(loose, part.name) for part in fields(loose)}
