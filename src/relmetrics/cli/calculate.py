"""``relmetrics calculate``: the values of the indicators."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from relmetrics.cli import options

__all__ = ["calculate"]


@click.command()
@options.submission_argument
@click.option(
    "--indicator", "indicators", metavar="ID", multiple=True, help="Only this one; may be given several times."
)
@options.period_end_option
@options.format_option("text")
@options.output_option
@options.threads_option
@options.quiet_option
def calculate(
    submission: Path,
    indicators: tuple[str, ...],
    period_end: datetime.date | None,
    format_: str,
    output: Path | None,
    threads: int | None,
    quiet: bool,
) -> int:
    """Calculate the indicators.

    Each comes with its interval, or with the reason why there is no value.

    SUBMISSION is a folder of tables with its submission.yaml, a zip archive of it, or one workbook.
    Mistakes in it are not listed here: see 'relmetrics validate'.
    """
    from relmetrics.calculation import calculate as compute
    from relmetrics.reporting import make_report
    from relmetrics.submission import read_submission

    with options.telling(quiet) as tell, read_submission(submission, threads=threads, progress=tell) as read:
        values = compute(
            read,
            indicators=list(indicators) or None,
            periods=[period_end] if period_end else None,
            progress=tell,
        )
        report = make_report(
            read.release, values=values, manifest=read.manifest, source=options.folder_name(submission)
        )
    options.show(report, format_, output, (submission,), quiet)
    return 0
