"""Read, validate, calculate, assess: the way of the data as three commands go it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.cli.options import folder_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from relmetrics.assessment import Assessment
    from relmetrics.calculation.value import IndicatorValues
    from relmetrics.definitions import Manifest, Release
    from relmetrics.validation import Findings

__all__ = ["Gone", "go"]


@dataclass(frozen=True, slots=True)
class Gone:
    """What the way gave."""

    release: Release
    manifest: Manifest
    source: str
    findings: Findings
    values: IndicatorValues
    assessment: Assessment | None


def go(
    path: Path,
    requirements_file: Path | None,
    period_end: datetime.date | None,
    *,
    most_listed: int = 1000,
    threads: int | None = None,
    tell: Callable[[str], None] | None = None,
) -> Gone:
    """Go the whole way with one submission."""
    from relmetrics.assessment import assess, count_fields
    from relmetrics.calculation import calculate
    from relmetrics.requirements import read_requirements
    from relmetrics.submission import read_submission
    from relmetrics.validation import validate

    # The funder's document first: a mistake there should not have to wait for the records.
    requirements = read_requirements(requirements_file) if requirements_file is not None else None
    if period_end is None and requirements is not None:
        period_end = requirements.period.end
    with read_submission(path, threads=threads, progress=tell) as read:
        if tell is not None:
            tell("Checking")
        findings = validate(read, most_listed=most_listed)
        values = calculate(read, periods=[period_end] if period_end else None, progress=tell)
        assessment = None
        if requirements is not None:
            fields = count_fields(read, requirements)
            assessment = assess(findings, values, requirements, submission_manifest=read.manifest, fields=fields)
        return Gone(read.release, read.manifest, folder_name(path), findings, values, assessment)
