"""``relmetrics validate``: what to fix, and what works."""

from __future__ import annotations

from pathlib import Path

import click

from relmetrics.cli import options

__all__ = ["validate"]


@click.command()
@options.submission_argument
@options.format_option("text")
@options.output_option
@options.most_listed_option
@options.fail_on_option("Findings of which severity end with exit status 1.")
@options.threads_option
@options.quiet_option
def validate(
    submission: Path,
    format_: str,
    output: Path | None,
    most_listed: int,
    fail_on: str,
    threads: int | None,
    quiet: bool,
) -> int:
    """Say what to fix, and what already works.

    SUBMISSION is a folder of CSV files with its submission.yaml, or one .xlsx workbook.
    """
    from relmetrics.reporting import make_report
    from relmetrics.submission import read_submission
    from relmetrics.validation import validate as find

    with options.telling(quiet) as tell, read_submission(submission, threads=threads, progress=tell) as read:
        if tell is not None:
            tell("Checking")
        findings = find(read, most_listed=most_listed)
        report = make_report(read.release, findings, manifest=read.manifest, source=options.folder_name(submission))
    options.show(report, format_, output, (submission,), quiet)
    return options.status_of_findings(findings, fail_on)
