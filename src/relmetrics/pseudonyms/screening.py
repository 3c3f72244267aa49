"""Personal data: what the screens of the standard see in what was handed in, and in what would be written.

The output is read and checked like any submission before anybody gets it. What a screen finds is left out, and the
output is made again, until none finds anything.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.errors import RelmetricsError
from relmetrics.posix import make_private_file, make_private_folder
from relmetrics.pseudonyms.sources import read_again
from relmetrics.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relmetrics.pseudonyms.rewriting import Rewriter
    from relmetrics.submission import Submission
    from relmetrics.validation import Finding

__all__ = ["NOT_PERSONAL", "Cleared", "clear", "told_by_columns"]

NOT_PERSONAL = frozenset({"reserved_line_id", "sensitive_line_topic"})
"""Screens that find no personal data: a name that is taken, and a question that only the organization can answer."""

_MOST_ROUNDS = 8
_MOST_LISTED = 100_000
_BOUNDARY = "Taken out: this sentence may have held personal data. Write one without."


def told_by_columns(submission: Submission) -> tuple[dict[tuple[str, str, int], str], set[tuple[str, str, int]]]:
    """Say which columns that the standard does not know hold personal data, and of which the name does.

    Returns
    -------
    dict, set
        By file, sheet and position: the screen; the columns whose name must not be shown.
    """
    screens = submission.release.screens
    headers = {(read.file, read.sheet): read.header_row for read in submission.tables.values()}
    headers |= {(read.file, read.sheet): read.header_row for read in submission.unknown_tables}
    told: dict[tuple[str, str, int], str] = {}
    nameless: set[tuple[str, str, int]] = set()
    for finding in validate(submission, most_listed=2000):
        if finding.rule not in screens or finding.field or not finding.cell:
            continue
        at = (finding.file, finding.sheet, _position(finding.cell))
        told.setdefault(at, finding.rule)
        if finding.row == headers.get(at[:2]) and finding.shape:
            nameless.add(at)
    return told, nameless


@dataclass
class Cleared:
    """What had to be left out of the output so that no screen finds anything.

    Attributes
    ----------
    cells : dict
        By table and column, the screens, and how many different texts were taken out.
    columns : dict
        By table and column, the screen because of which a column of one's own is left out after all.
    lines : dict
        By id of a line, the screen. The ids are the organization's own words.
    manifest : dict
        By key of the manifest, the screen.
    """

    cells: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    manifest: dict[str, str] = field(default_factory=dict)
    n_rows: dict[str, int] = field(default_factory=dict)


def clear(
    rewriter: Rewriter, folder: Path, manifest: Callable[[Mapping[str, str]], str] | None
) -> tuple[Path, Cleared]:
    """Write the output into a private folder until the screens find nothing in it.

    Parameters
    ----------
    rewriter : Rewriter
        Writes it.
    folder : Path
        Private folder.
    manifest : callable, optional
        Gives the manifest, with other texts for the keys that it is called with; None where there is none.

    Returns
    -------
    Path, Cleared
        Folder with the files, and what was left out.

    Raises
    ------
    RelmetricsError
        Something is still found after some rounds; nothing may be written then.
    """
    cleared = Cleared()
    for _ in range(_MOST_ROUNDS):
        target = folder / "out"
        shutil.rmtree(target, ignore_errors=True)
        make_private_folder(target)
        cleared.n_rows = rewriter.write(target)
        texts = {"boundary_rule": _BOUNDARY, "contact_role": ""}
        if manifest is not None:
            said = manifest({key: texts.get(key, "") for key in cleared.manifest})
            make_private_file(target / "submission.yaml")
            (target / "submission.yaml").write_text(said, encoding="utf-8", newline="\n")
        found = _found(target)
        if not found:
            return target, cleared
        rows = _rows(target, found)
        for finding in found:
            _leave_out(finding, rewriter, rows, cleared)
    raise RelmetricsError(
        "Personal data were still found in what would have been written, so nothing was written. Name fewer "
        "columns with --keep and --id-column, and try again; run relmetrics validate on your own files to see where."
    )


def _found(folder: Path) -> list[Finding]:
    with read_again(folder) as submission:
        screens = submission.release.screens.keys() - NOT_PERSONAL
        return [finding for finding in validate(submission, most_listed=_MOST_LISTED) if finding.rule in screens]


def _leave_out(
    finding: Finding, rewriter: Rewriter, rows: Mapping[tuple[str, int], list[str]], cleared: Cleared
) -> None:
    if not finding.cell:
        cleared.manifest[finding.field] = finding.rule
        return
    table, position = rewriter.names[finding.file], _position(finding.cell)
    header, cells = rows[finding.file, 1], rows[finding.file, finding.row or 1]
    column = rewriter.name_before(table, header[position])
    if "line" in rewriter.release.screens[finding.rule].looks_at and "line_id" in header:
        line = cells[header.index("line_id")]
        rewriter.lines.add(line)
        cleared.lines.setdefault(line, finding.rule)
    elif finding.field:
        rewriter.emptied[table, column].add(cells[position])
        counts = cleared.cells[table, column]
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    elif not rewriter.rename(table, column):
        rewriter.gone.add((table, column))
        cleared.columns.setdefault((table, column), finding.rule)


def _rows(folder: Path, found: Sequence[Finding]) -> dict[tuple[str, int], list[str]]:
    """Header and wanted rows of files that we have written."""
    wanted: dict[str, set[int]] = defaultdict(lambda: {1})
    for finding in found:
        if finding.cell:
            wanted[finding.file].add(finding.row or 1)
    rows = {}
    for file, numbers in wanted.items():
        with (folder / file).open(encoding="utf-8", newline="") as stream:
            for number, cells in enumerate(csv.reader(stream), start=1):
                if number in numbers:
                    rows[file, number] = cells
    return rows


def _position(cell: str) -> int:
    position = 0
    for letter in cell.rstrip("0123456789"):
        position = 26 * position + ord(letter) - ord("A") + 1
    return position - 1
