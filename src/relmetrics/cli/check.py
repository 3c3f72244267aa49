"""``relmetrics check``: whether a funder's requirements are met."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from relmetrics.cli import options

__all__ = ["check"]


@click.command()
@options.submission_argument
@options.requirements_option(required=True)
@options.period_end_option
@options.format_option("text", also=("junit",))
@options.output_option
@options.fail_on_option("With 'warning', exit status 1 also where a requirement cannot be told.")
@options.threads_option
@options.quiet_option
def check(
    submission: Path,
    requirements: Path,
    period_end: datetime.date | None,
    format_: str,
    output: Path | None,
    fail_on: str,
    threads: int | None,
    quiet: bool,
) -> int:
    """Hold a submission to what a funder asks.

    Each requirement is met, not met, or cannot be told.

    SUBMISSION is a folder of tables with its submission.yaml, a zip archive of it, or one workbook.
    """
    from relmetrics.cli.whole_line import go
    from relmetrics.reporting import make_report

    with options.telling(quiet) as tell:
        gone = go(submission, requirements, period_end, threads=threads, tell=tell)
    assert gone.assessment is not None
    report = make_report(gone.release, assessment=gone.assessment, manifest=gone.manifest, source=gone.source)
    options.show(report, format_, output, (submission, requirements), quiet)
    return options.status_of_assessment(gone.assessment, fail_on)
