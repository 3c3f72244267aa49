"""Exceptions of relmetrics: the caller's mistakes, unreadable input, faults of our own; never bad data.

A readable wrong value is a Finding. An exception says that the run could not go on::

    RelmetricsError
    ├── UsageError              the caller asked for something that does not exist            exit status 2
    ├── UnreadableInputError    a path, folder, workbook or manifest cannot be opened          exit status 2
    ├── RequirementsError       a requirements document that is not one, or breaks a limit     exit status 2
    ├── ExpressionError         a text that is not in the expression language                  exit status 2
    └── DefinitionError         the standard's own files are wrong (our fault)                 exit status 3

Every message says what happened, what was found and where, and what to do next.
"""

from __future__ import annotations

__all__ = [
    "DefinitionError",
    "ExpressionError",
    "RelmetricsError",
    "RequirementsError",
    "UnreadableInputError",
    "UsageError",
]


_LONGEST_LINE = 2000


class RelmetricsError(Exception):
    """Root of everything that relmetrics raises on purpose.

    Parameters
    ----------
    message : str
        What happened. Names from files stand in it, so that what cannot be seen, or would turn the text round or
        command a terminal, is named by its number, and lines are cut where nobody reads on.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__("\n".join(map(_seen, message.split("\n"))))


def _seen(line: str) -> str:
    if len(line) > _LONGEST_LINE:
        line = line[:_LONGEST_LINE] + "…"
    if line.isprintable():
        return line
    return "".join(letter if letter.isprintable() else f"⟨U+{ord(letter):04X}⟩" for letter in line)


class UsageError(RelmetricsError):
    """The caller asked for something that does not exist or does not fit."""


class UnreadableInputError(RelmetricsError):
    """A path, folder, workbook, table file or manifest cannot be read at all."""


class RequirementsError(RelmetricsError):
    """A funder's requirements document cannot be used as it is."""


class ExpressionError(RelmetricsError):
    """A text is refused by the expression language."""


class DefinitionError(RelmetricsError):
    """A definition file of the standard is wrong."""
