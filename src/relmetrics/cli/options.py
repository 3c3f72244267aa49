"""Options that several commands share, and where their output goes."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from relmetrics.cli.running import NOT_MET, say
from relmetrics.errors import UsageError
from relmetrics.output import write_whole

if TYPE_CHECKING:
    from relmetrics.assessment import Assessment
    from relmetrics.validation import Findings

__all__ = [
    "fail_on_option",
    "folder_name",
    "format_option",
    "most_listed_option",
    "output_option",
    "period_end_option",
    "quiet_option",
    "requirements_option",
    "show",
    "status_of_assessment",
    "status_of_findings",
    "submission_argument",
    "telling",
    "threads_option",
    "write",
]

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]


# Generic since click 8.3 only, and nothing but the types needs it.
if TYPE_CHECKING:
    _ParamType = click.ParamType[datetime.date]
else:
    _ParamType = click.ParamType


class _Day(_ParamType):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        if isinstance(value, datetime.date):
            return value
        try:
            # Python would also take 20260630 and 2026-W27-2.
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                raise ValueError
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise click.BadParameter(
                f"'{value}' is no day. Write it as YYYY-MM-DD, for example 2026-06-30.", ctx, param
            ) from None


def submission_argument(command: Command) -> Command:
    """Add the submission, in its own words."""
    return click.argument("submission", metavar="SUBMISSION", type=click.Path(path_type=Path))(command)


def format_option(default: str | None, shown: str = "", also: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Let the format be chosen; `also` names those that not every command can write."""
    for_servers = " or ".join(_FOR_SERVERS[name] for name in also if name in _FOR_SERVERS)
    return click.option(
        "--format",
        "format_",
        type=click.Choice(["text", "json", "html", *also]),
        default=default,
        show_default=shown or True,
        help="Text for this terminal, JSON for a program, or a page."
        + (" A workbook shows the places in colour." if "xlsx" in also else "")
        + (f" For a build server: {for_servers}." if for_servers else ""),
    )


_FOR_SERVERS = {"sarif": "SARIF", "junit": "JUnit XML"}


output_option = click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write into this file instead of showing it."
)
period_end_option = click.option(
    "--period-end", type=_Day(), help="Last day of the period to look at, instead of the manifest's."
)
most_listed_option = click.option(
    "--most-listed",
    type=click.IntRange(min=1, max=1_000_000),
    default=1000,
    show_default=True,
    help="How many findings of one check are listed. All are counted.",
)
threads_option = click.option(
    "--threads", type=click.IntRange(min=1, max=1024), help="How many threads may work. The results are the same."
)
quiet_option = click.option("--quiet", is_flag=True, help="Do not say what is being done.")


def requirements_option(required: bool) -> Callable[[Command], Command]:
    """Let a funder's document be named."""
    return click.option(
        "--requirements",
        metavar="FILE",
        type=click.Path(path_type=Path),
        required=required,
        help="What a funder asks for. Its period is looked at, unless --period-end says another.",
    )


def fail_on_option(help_text: str) -> Callable[[Command], Command]:
    """Let the exit status 1 be moved."""
    return click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "never"]),
        default="error",
        show_default=True,
        help=help_text,
    )


def status_of_findings(findings: Findings, fail_on: str) -> int:
    """Return 1 where there is a finding as bad as `fail_on`, or worse."""
    counts = findings.counts()
    bad = {"error": counts["error"], "warning": counts["error"] + counts["warning"]}.get(fail_on, 0)
    return NOT_MET if bad else 0


def status_of_assessment(assessment: Assessment, fail_on: str) -> int:
    """Return 1 where a requirement is not met or, with ``warning``, cannot be told."""
    bad = {"error": {"not_met"}, "warning": {"not_met", "cannot_tell"}}.get(fail_on, set())
    return NOT_MET if assessment.verdict in bad else 0


def folder_name(path: Path) -> str:
    """Name of a submission without the folders above it, which may tell who works here."""
    return path.resolve().name


@contextmanager
def telling(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Show what is being done in one line of the terminal, and clear it at the end; nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return

    def tell(text: str) -> None:
        from relmetrics.reporting.escaping import plain

        width = shutil.get_terminal_size().columns
        click.echo(f"\r\x1b[K{plain(text, max(10, width - 2))}", err=True, nl=False)

    try:
        yield tell
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


def show(part: Any, format_: str, output: Path | None, inputs: Sequence[Path | None], quiet: bool) -> None:
    """Render `part` to the terminal or into a file."""
    from relmetrics.reporting import render

    if output is not None:
        write(render(part, format_), output, inputs, quiet)
        return
    is_terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((88, 24)).columns, 100) if is_terminal else 88
    colour = is_terminal and format_ == "text" and not os.environ.get("NO_COLOR")
    click.echo(render(part, format_, colour=colour, width=width), nl=False)


def write(text: str | bytes, output: Path, inputs: Sequence[Path | None], quiet: bool) -> None:
    """Write `text` into a file, whole or not at all, but never over what was handed in.

    Parameters
    ----------
    inputs : sequence of Path
        What was read. A file inside such a folder is replaced only if it is a page or a workbook of ours.
    """
    try:
        stands_there = output.exists()
        if stands_there and any(_is_part_of(output, given) for given in inputs if given is not None):
            raise UsageError(f"{output.name} belongs to what was handed in. Name another file with --output.")
        output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(output, text if isinstance(text, bytes) else text.encode("utf-8", "replace"), private=True)
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "it is no name for a file"
        raise UsageError(f"{output} cannot be written: {why}. Name another file with --output.") from problem
    if not quiet:
        say(f"{'Replaced' if stands_there else 'Wrote'} {output}. It stays with the organization.")


def _is_part_of(output: Path, given: Path) -> bool:
    target, source = output.resolve(), given.resolve()
    is_ours = target.suffix.casefold() == ".html" or target.name.startswith("STAYS-WITH-YOU_")
    return target == source or (source.is_dir() and target.parent == source and not is_ours)
