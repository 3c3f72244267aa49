"""``relmetrics diff``: what changed from one submission to the next."""

from __future__ import annotations

from pathlib import Path

import click

from relmetrics.cli import options

__all__ = ["diff"]


@click.command()
@click.argument("earlier", metavar="EARLIER", type=click.Path(path_type=Path))
@click.argument("later", metavar="LATER", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Text for this terminal, JSON for a program, or a page.",
)
@options.output_option
@options.threads_option
@options.quiet_option
def diff(
    earlier: Path,
    later: Path,
    format_: str,
    output: Path | None,
    threads: int | None,
    quiet: bool,
) -> int:
    """Say what changed since an earlier submission.

    EARLIER and LATER are two submissions of one organization, with their manifests. Shown are the findings that were
    mended, are new or are still there, and what was revised about the past: rows added, removed and changed. Only
    counts and codes are shown, and nothing leaves this machine.
    """
    from relmetrics.revision import diff as compare
    from relmetrics.submission import read_submission

    names = (options.folder_name(earlier), options.folder_name(later))
    with (
        options.telling(quiet) as tell,
        read_submission(earlier, threads=threads, progress=tell) as before,
        read_submission(later, threads=threads, progress=tell) as after,
    ):
        revision = compare(before, after, sources=names, progress=tell)
    options.show(revision, format_, output, (earlier, later), quiet)
    return 0
