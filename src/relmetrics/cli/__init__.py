"""The command line: arguments and exit statuses, one file a command. No command calculates or words anything itself."""

from __future__ import annotations

import gc

import click

from relmetrics.cli.calculate import calculate
from relmetrics.cli.check import check
from relmetrics.cli.demo import demo
from relmetrics.cli.diff import diff
from relmetrics.cli.explain import explain
from relmetrics.cli.inspect import inspect
from relmetrics.cli.new import new
from relmetrics.cli.pseudonymize import pseudonymize
from relmetrics.cli.report import report
from relmetrics.cli.running import run
from relmetrics.cli.schema import schema
from relmetrics.cli.validate import validate

__all__ = ["main"]

EPILOG = (
    "Exit status: 0 all went well; 1 an error finding, or a requirement not met; 2 something was asked for in a way "
    "that does not work, or cannot be read; 3 a fault of relmetrics."
)


class _InOrder(click.Group):
    """Lists its commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _say_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from relmetrics import __version__

        click.echo(f"relmetrics {__version__}")
        ctx.exit()


@click.group(cls=_InOrder, epilog=EPILOG, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_say_version,
    help="Show the version and stop.",
)
@click.pass_context
def program(ctx: click.Context) -> int:
    """Check the records of relational organizing and say what they show.

    Nothing leaves this machine. What these commands write shows small numbers and stays with the organization.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return 0


for _command in (demo, inspect, pseudonymize, validate, diff, calculate, check, report, explain, schema, new):
    program.add_command(_command)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : list of str, optional
        What stands behind the name of the program; that of this process if left out.
    """
    # A command lives a second or two and makes many small lasting objects: looking through them again and again is a
    # tenth of its time.
    gc.set_threshold(100_000, 50, 50)
    return run(program, arguments)
