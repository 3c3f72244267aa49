"""From a given file to relations in the database: one for a text or Parquet file, one a sheet for a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.book import open_book
from relmetrics.submission.inspection.gathering import Gathered, gather_plain, gather_text
from relmetrics.submission.inspection.opening import Given, refuse_other_kinds
from relmetrics.submission.strings import trimmed
from relmetrics.workspace import Progress, Workspace

__all__ = ["gathered_of"]


def gathered_of(
    given: Given, workspace: Workspace, relation: str, unread: list[str], tell: Progress | None = None
) -> Iterator[Gathered]:
    """Put a file into the schema ``looked`` of the database, table by table.

    Parameters
    ----------
    relation : str
        How the names of the relations begin.
    unread : list of str
        Gets a sentence for each sheet that is damaged while others are not.
    tell : callable, optional
        Called with sentences on what is being done.

    Raises
    ------
    UnreadableInputError
        It cannot be opened, or is not what it is called.
    """
    if given.kind == "text":
        try:
            refuse_other_kinds(given.path, given.name)
            yield gather_text(workspace.connection, given.path, given.name, relation, workspace.folder)
        except OSError as problem:
            raise UnreadableInputError(
                f"{given.name} cannot be opened ({problem.strerror or 'unknown reason'}). Check that the file is still "
                "there and that you may read it."
            ) from None
        return
    yield from _sheets(given, workspace, relation, unread, tell)


def _sheets(
    given: Given, workspace: Workspace, relation: str, unread: list[str], tell: Progress | None
) -> Iterator[Gathered]:
    book = open_book(given.path, workspace, tell)
    try:
        readable = [sheet for sheet in book.sheets if not sheet.problem]
        problems = [sheet.problem for sheet in book.sheets if sheet.problem]
        if not readable and problems:
            raise UnreadableInputError(problems[0])
        unread += problems
        for at, sheet in enumerate(readable):
            found = Gathered(
                f"{relation} {at}", given.name, trimmed(sheet.name), sheet_facts=sheet, n_given=sheet.width
            )
            found.uses_1904 = book.uses_1904
            gather_plain(workspace.connection, book.plain(sheet.name), found, sheet.last_row)
            found.n_ragged = 0  # cells of a sheet are no part of a line that could be too short
            yield found
    finally:
        book.close()
