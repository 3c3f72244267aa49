"""``relmetrics inspect``: what a file is."""

from __future__ import annotations

from pathlib import Path

import click

from relmetrics.cli.options import format_option, output_option, quiet_option, show

__all__ = ["inspect"]


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@format_option("text")
@output_option
@quiet_option
def inspect(file: Path, format_: str, output: Path | None, quiet: bool) -> int:
    """Say what one file is.

    A CSV file or an .xlsx workbook: its form, its columns, what looks odd. No manifest is needed,
    and no value of the file is shown.
    """
    from relmetrics.submission.inspection import inspect as inspect_file

    show(inspect_file(file), format_, output, (file,), quiet)
    return 0
