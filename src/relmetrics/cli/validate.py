"""``relmetrics validate``: what to fix, and what works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relmetrics.cli import options
from relmetrics.cli.running import say

if TYPE_CHECKING:
    from relmetrics.reporting import Report

__all__ = ["validate"]


@click.command()
@options.submission_argument
@options.format_option("text", also=("xlsx", "sarif", "junit"))
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write into this file instead of showing it. A workbook goes into this folder if left out.",
)
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

    SUBMISSION is a folder of tables with its submission.yaml, a zip archive of it, or one workbook.
    """
    from relmetrics.reporting import make_report
    from relmetrics.submission import read_submission
    from relmetrics.validation import validate as find

    with options.telling(quiet) as tell, read_submission(submission, threads=threads, progress=tell) as read:
        if tell is not None:
            tell("Checking")
        findings = find(read, most_listed=most_listed)
        report = make_report(read.release, findings, manifest=read.manifest, source=options.folder_name(submission))
    if format_ == "xlsx":
        _write_workbook(report, submission, output, quiet)
    else:
        options.show(report, format_, output, (submission,), quiet)
    return options.status_of_findings(findings, fail_on)


def _write_workbook(report: Report, submission: Path, output: Path | None, quiet: bool) -> None:
    from relmetrics.reporting.workbook import render_workbook

    made = render_workbook(report, submission, beside=Path() if output is None else output.parent)
    options.write(made.content, output or Path(made.file_name), (submission,), quiet)
    if not quiet:
        say(made.sentence)
