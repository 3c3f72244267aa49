"""Runs a command so that whatever happens becomes a sentence and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import IO, Literal

import click

from relmetrics.errors import DefinitionError, RelmetricsError
from relmetrics.posix import ended_as_by_ctrl_c

__all__ = ["FAULT", "INTERRUPTED", "MISUSE", "NOT_MET", "run", "say"]

NOT_MET = 1
"""An error finding, or a requirement not met."""
MISUSE = 2
"""Asked for in a way that does not work, or input that cannot be read."""
FAULT = 3
"""Our own fault."""
INTERRUPTED = 130
"""As a shell reports Ctrl+C."""


def run(program: click.Command, arguments: list[str] | None = None) -> int:
    """Run `program`, say what went wrong, and return the exit status."""
    _write_utf8()
    with ended_as_by_ctrl_c():
        return _run(program, arguments)


def _run(program: click.Command, arguments: list[str] | None) -> int:
    try:
        # Not program.main(): it ends the process itself, with our status 1, where nobody reads on.
        with program.make_context("relmetrics", list(sys.argv[1:] if arguments is None else arguments)) as context:
            status = program.invoke(context)
    except click.exceptions.Exit as end:  # --help and --version
        return _flushed(end.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("Stopped, as you asked. Temporary data are removed.")
        return INTERRUPTED
    except BrokenPipeError:
        return _drop_output()
    except click.ClickException as problem:
        say(problem.format_message())
        where: click.Context | None = getattr(problem, "ctx", None)
        if where is not None:
            say(f"'{where.command_path} --help' shows what there is.")
        return MISUSE
    except DefinitionError as problem:
        _show_traceback()
        say("The files of the standard that came with relmetrics are wrong. This is not your fault. Please report it:")
        for line in str(problem).split("\n"):  # one problem a line, each with its file
            say(line)
        return FAULT
    except RelmetricsError as problem:
        _show_traceback()
        for line in str(problem).split("\n"):  # a manifest tells all its problems at once, each on a line
            say(line)
        return MISUSE
    except Exception as problem:  # noqa: BLE001 -- the last place before the user; nothing is swallowed, it is said
        _show_traceback()
        # Only the kind: the text of a foreign exception may hold values of the records.
        say(
            f"relmetrics made a mistake and stopped ({type(problem).__name__}). This is not your fault, and your files "
            "are unchanged. Please report it; with RELMETRICS_DEBUG=1 before the command it shows where."
        )
        return FAULT
    return _flushed(status if isinstance(status, int) else 0)


def say(text: str) -> None:
    """Write one line to the error stream, with nothing hidden in it."""
    from relmetrics.reporting.escaping import plain

    # Nobody may be listening there either.
    with suppress(BrokenPipeError):
        click.echo(plain(text), err=True)


def _show_traceback() -> None:
    if os.environ.get("RELMETRICS_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exc()


def _write_utf8() -> None:
    """Write UTF-8 whatever the terminal calls itself: half our words for people hold a typographic character."""
    streams: tuple[IO[str], ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _flushed(status: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _drop_output()
    return status


def _drop_output() -> Literal[0]:
    """Nobody reads on (as with ``| head``): that is the reader's choice and no fault, also not while Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return 0
