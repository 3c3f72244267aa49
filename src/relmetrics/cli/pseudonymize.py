"""``relmetrics pseudonymize``: codes in place of people."""

from __future__ import annotations

from pathlib import Path

import click

from relmetrics.cli import options
from relmetrics.errors import UsageError

__all__ = ["pseudonymize"]


@click.command()
@click.argument("given", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "--output", metavar="FOLDER", type=click.Path(path_type=Path), help="New folder for the files with codes."
)
@click.option(
    "--key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your secret list of who has which code. Made where there is none; name the same file every time.",
)
@click.option(
    "--id-column",
    "id_columns",
    metavar="TABLE.COLUMN",
    multiple=True,
    help="A column of your own with ids of people. May be given several times.",
)
@click.option(
    "--keep",
    metavar="TABLE.COLUMN",
    multiple=True,
    help="A column that stays although it is your own, or holds labels. May be given several times.",
)
@click.option("--all-ids", is_flag=True, help="New codes for groups, events and all the rest, too.")
@click.option(
    "--list-separator",
    "separators",
    metavar="TEXT",
    multiple=True,
    help="What stands between several ids in a cell, besides ; | and line breaks. May be given several times.",
)
@click.option("--ignore-case", is_flag=True, help="Ana and ana are one person. Decided once, when the key is made.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@options.quiet_option
def pseudonymize(
    given: Path,
    output: Path | None,
    key: Path | None,
    id_columns: tuple[str, ...],
    keep: tuple[str, ...],
    all_ids: bool,
    separators: tuple[str, ...],
    ignore_case: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Put codes such as P-0001 in place of people.

    INPUT is a folder, a workbook, a zip, or one table; it stays as it is. Names, contacts, notes and
    columns of your own are left out. The key, which says who has which code, stays with you.
    """
    if not dry_run and (output is None or key is None):
        if output is None:
            missing = "--output with the name of a new folder"
        else:
            missing = "--key with a place for the secret list of who has which code"
        raise UsageError(f"Add {missing}. With --dry-run you see first what would be done, and nothing is written.")
    if any(not one.strip() and one not in ("\t",) for one in separators):
        raise UsageError("--list-separator needs a mark that no id holds, for example a comma.")
    from relmetrics.pseudonyms import pseudonymize as run
    from relmetrics.reporting.escaping import plain

    with options.telling(quiet) as tell:
        outcome = run(
            given,
            None if dry_run else output,
            key,
            id_columns=id_columns,
            keep=keep,
            all_ids=all_ids,
            ignore_case=ignore_case,
            separators=separators,
            progress=tell,
        )
    for line in outcome.lines():
        click.echo(plain(line))
    return 0
