"""``relmetrics inspect``: what files are."""

from __future__ import annotations

from pathlib import Path

import click

from relmetrics.cli.options import format_option, output_option, quiet_option, show, telling

__all__ = ["inspect"]


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option("text")
@output_option
@quiet_option
def inspect(files: tuple[Path, ...], format_: str, output: Path | None, quiet: bool) -> int:
    """Say what any table is.

    Text tables such as CSV, workbooks, Parquet files, or a folder or zip of them: how they are written, what
    their columns hold, what looks odd or like personal data. No manifest is needed, and no value of a file is
    shown.
    """
    from relmetrics.submission.inspection import inspect as inspect_files
    from relmetrics.validation.screens.any_table import look_for_people

    with telling(quiet) as tell:
        inspection = inspect_files(*files, look=look_for_people, tell=tell)
    show(inspection, format_, output, files, quiet)
    return 0
