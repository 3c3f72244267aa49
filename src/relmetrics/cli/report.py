"""``relmetrics report``: the page with everything."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from relmetrics.cli import options

__all__ = ["report"]

NAME = "relmetrics-report.html"


@click.command()
@options.submission_argument
@options.requirements_option(required=False)
@options.period_end_option
@options.format_option("html", also=("sarif", "junit"))
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=f"Write into this file. A page goes into {NAME} in this folder if left out; text and JSON are shown.",
)
@options.most_listed_option
@options.fail_on_option(
    "Findings of which severity end with exit status 1; a requirement not met does too, but for 'never'."
)
@options.threads_option
@options.quiet_option
def report(
    submission: Path,
    requirements: Path | None,
    period_end: datetime.date | None,
    format_: str,
    output: Path | None,
    most_listed: int,
    fail_on: str,
    threads: int | None,
    quiet: bool,
) -> int:
    """Write the report, as a page.

    Values, what a funder asks for if that is given, and what to fix.

    SUBMISSION is a folder of tables with its submission.yaml, a zip archive of it, or one workbook.
    A file of an earlier report is replaced.
    """
    from relmetrics.cli.whole_line import go
    from relmetrics.reporting import make_report

    with options.telling(quiet) as tell:
        gone = go(submission, requirements, period_end, most_listed=most_listed, threads=threads, tell=tell)
        whole = make_report(gone.release, gone.findings, gone.values, gone.assessment, gone.manifest, gone.source)
    if output is None and format_ == "html":
        output = Path(NAME)
    options.show(whole, format_, output, (submission, requirements), quiet)
    status = options.status_of_findings(gone.findings, fail_on)
    return status or (options.status_of_assessment(gone.assessment, fail_on) if gone.assessment else 0)
