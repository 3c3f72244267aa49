"""What any table is, without manifest or release: encoding, delimiter, header, kinds of values, oddities.

A file becomes a relation of texts in a private database, each column's different texts are counted there by what they
look like, and what is odd is told from the counts. No value of the file is kept or shown.
"""

from __future__ import annotations

from pathlib import Path

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.inspection.nouns import (
    InspectedColumn,
    InspectedTable,
    Inspection,
    LineRun,
    Look,
    Looked,
    Oddity,
    Personal,
    ValueKind,
)
from relmetrics.submission.inspection.opening import what_is_given
from relmetrics.submission.inspection.personal import odd_personal
from relmetrics.submission.inspection.reading import gathered_of
from relmetrics.submission.inspection.several import odd_together
from relmetrics.submission.inspection.table import Examined, examine
from relmetrics.submission.strings import shown
from relmetrics.workspace import Progress, Workspace

__all__ = [
    "InspectedColumn",
    "InspectedTable",
    "Inspection",
    "LineRun",
    "Look",
    "Looked",
    "Oddity",
    "Personal",
    "ValueKind",
    "inspect",
]


def inspect(*paths: str | Path, look: Look | None = None, tell: Progress | None = None) -> Inspection:
    """Say what files are.

    Parameters
    ----------
    *paths : str or Path
        Text tables (also compressed), workbooks, Parquet files, folders or zip archives of them.
    look : callable, optional
        Looks for personal data in the tables; without it nobody does.
    tell : callable, optional
        Called with sentences on what is being done.

    Raises
    ------
    UnreadableInputError
        There is no such file, or it is nothing that is read. Of several files only those that can be read are looked
        at, and `Inspection.unread` says why not the others.
    """
    named = [Path(path) for path in paths]
    with Workspace() as workspace:
        workspace.connection.execute("CREATE SCHEMA looked")
        given = [one for number, path in enumerate(named) for one in what_is_given(path, workspace.folder, number)]
        examined: list[Examined] = []
        unread: list[str] = []
        for number, one in enumerate(given):
            if tell is not None:
                tell(f"Looking at {one.name}")
            try:
                tables = gathered_of(one, workspace, f"t{number}", unread, tell)
                examined += [examine(workspace.connection, table) for table in tables]
            except UnreadableInputError as problem:
                if len(given) == 1:
                    raise
                unread.append(str(problem))
        if given and not examined and unread:
            raise UnreadableInputError(unread[0])
        if look is not None:
            if tell is not None:
                tell("Looking for personal data")
            examined = odd_personal(workspace.connection, examined, look)
    found = tuple(one.table for one in examined)
    name = shown(named[0].name or named[0].resolve().name, 120) if len(named) == 1 else f"{len(named)} files"
    return Inspection(name, found, tuple(odd_together(found)), tuple(unread))
