"""The steps of making pseudonyms.

In this order, so that nothing is written that cannot be traced back and nothing is traced back by what was written: the
places are checked, the files read, the ids numbered by lot, the output made in a private folder and looked through, the
key saved, and the output put in its place last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.errors import UsageError
from relmetrics.posix import alone_in
from relmetrics.pseudonyms.identity import Mentions, is_telling, look_alikes
from relmetrics.pseudonyms.key import PEOPLE, Key
from relmetrics.pseudonyms.manifest import manifest_text
from relmetrics.pseudonyms.outcome import Alike, Outcome
from relmetrics.pseudonyms.places import check_input, check_key, check_output, make_folder_of, put_in_place
from relmetrics.pseudonyms.plan import make_plan
from relmetrics.pseudonyms.rewriting import Rewriter
from relmetrics.pseudonyms.screening import clear, told_by_columns
from relmetrics.pseudonyms.sources import given
from relmetrics.submission.columns import shown, trimmed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from relmetrics.pseudonyms.plan import Plan
    from relmetrics.pseudonyms.rewriting import IdCells
    from relmetrics.submission import Submission
    from relmetrics.workspace import Progress

__all__ = ["pseudonymize"]

_MOST_NAMED = 40


def pseudonymize(
    path: Path,
    output: Path | None,
    key: Path | None,
    *,
    id_columns: Sequence[str] = (),
    keep: Sequence[str] = (),
    all_ids: bool = False,
    ignore_case: bool = False,
    separators: Sequence[str] = (),
    lot: Random | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Write people's files again with codes in place of ids, and without what says who somebody is.

    Parameters
    ----------
    path : Path
        A folder, a workbook, a zip, or one table.
    output, key : Path or None
        New folder for the result; the file that says who is behind a code, made where there is none. Without `output`
        nothing is written: the outcome says what would be.
    id_columns, keep : sequence of str
        Columns of one's own as ``table.column``: with ids of people; that come along as they are.
    all_ids : bool
        Whether ids of groups, events and the rest are replaced even where they look like codes.
    ignore_case : bool
        Whether ids that differ in capitals are one; for a new key only.
    separators : sequence of str
        What parts several ids in a cell, besides semicolons, bars and line breaks.
    lot : Random, optional
        What draws the numbers; the system's own source of chance if left out. For tests.
    progress : callable, optional
        Called with a sentence.

    Raises
    ------
    UsageError
        The key or the output may not lie there, or is taken; another run works with the key; a column is not there.
    UnreadableInputError
        `path` cannot be read.
    """
    check_input(path)
    with ExitStack() as stack:
        if output is not None and key is not None:
            check_output(output, path)
            check_key(key, output, path)
            stack.enter_context(_alone_with(key))
        codes = Key.load(key, ignore_case) if key is not None else Key(Path(), ignore_case)
        is_new_key = codes.is_new
        read = stack.enter_context(given(path, progress))
        submission = read.submission
        if progress is not None:
            progress("Looking for ids and personal data")
        told, nameless = told_by_columns(submission)
        plan = make_plan(submission, id_columns, keep, told, nameless)
        if not plan.tables:
            there = ", ".join(_columns_there(submission, nameless)) or "none"
            raise UsageError(
                "Nothing would be left: no table here has a name of the standard, and no column was named. Say with "
                "--id-column which columns hold ids of people, and with --keep which others may stay. The columns that "
                f"could be read, as they have to be named: {there}."
            )
        rewriter = Rewriter(submission, plan.tables, codes, separators)
        cells = rewriter.id_cells()
        _refuse_pseudonyms(codes, cells)
        kinds = _kinds_to_replace(plan, cells, codes, all_ids)
        counts = {kind: (len(cells[kind].first), codes.add(kind, cells[kind].first, lot)) for kind in kinds}
        for kind in kinds:
            rewriter.replace(kind, cells[kind])
        mentioned = _leave_out_mentions(rewriter, codes)
        event = _event(submission.manifest.review.event_id or "", codes, kinds)

        def manifest(others: Mapping[str, str]) -> str:
            return manifest_text(submission.manifest, event, others)

        if progress is not None:
            progress("Looking through what will be written")
        folder, cleared = clear(rewriter, read.folder, manifest if read.has_manifest else None)
        for (table, column), n in mentioned.items():
            if (table, column) in rewriter.gone:
                cleared.columns[table, column] = "mention"
            else:
                cleared.cells[table, column]["mention"] = n
        if output is not None and key is not None:
            if is_new_key or any(n_new for _, n_new in counts.values()):
                codes.save()
            put_in_place(folder, output)
        return Outcome(
            output=output,
            key=key,
            is_dry=output is None,
            is_new_key=is_new_key,
            has_manifest=read.has_manifest,
            n_rows=cleared.n_rows,
            n_ids=counts,
            renamed=dict(rewriter.renamed),
            files=dict(rewriter.names),
            replaced=_places(rewriter, kinds),
            as_they_are=tuple(kind for kind in cells if kind not in kinds and cells[kind].first),
            left=tuple(plan.left),
            cleared=cleared,
            alike=_alike(codes, cells),
            n_none=_summed(found.n_none for found in cells.values()),
            n_several=_summed(found.n_several for found in cells.values()),
            n_lists=_with_commas(cells, codes),
            n_unreadable=rewriter.n_unreadable(),
            texts=tuple(_texts(rewriter)),
            remarks=submission.remarks,
            release=submission.release,
        )


def _columns_there(submission: Submission, nameless: Collection[tuple[str, str, int]]) -> Iterator[str]:
    """Yield the names of columns of one's own; not those that are themselves the name of somebody."""
    n_left = _MOST_NAMED
    for table in submission.unknown_tables:
        for position, header in enumerate(table.header):
            if trimmed(header) and (table.file, table.sheet, position) not in nameless:
                if n_left == 0:
                    yield "…"
                    return
                n_left -= 1
                yield f'"{shown(trimmed(table.name))}.{shown(trimmed(header))}"'


def _summed(counts: Iterable[Counter[str]]) -> dict[str, int]:
    return dict(sum(counts, Counter[str]()))


@contextmanager
def _alone_with(key: Path) -> Iterator[None]:
    folder = make_folder_of(key)
    try:
        with alone_in(folder):
            yield
    except BlockingIOError:
        raise UsageError(
            f"Another run of relmetrics pseudonymize works with a key in the folder {shown(folder.name)}. Wait until "
            "it is done, and try again."
        ) from None


def _refuse_pseudonyms(codes: Key, cells: Mapping[str, IdCells]) -> None:
    people = cells[PEOPLE].first if PEOPLE in cells else {}
    known = codes.ids(PEOPLE)
    names = set(known.values())
    if people and all(one in names and one not in known for one in people):
        raise UsageError(
            "These files have the codes of this key already: they are the output of an earlier run. Name your own "
            "files."
        )


def _kinds_to_replace(plan: Plan, cells: Mapping[str, IdCells], codes: Key, all_ids: bool) -> list[str]:
    """People always; the others where they tell something, were replaced before, or somebody asked for it."""
    kinds = []
    for kind, found in cells.items():
        if kind in plan.spared and kind not in plan.asked:
            mentions = Mentions([*codes.ids(PEOPLE), *cells[PEOPLE].first] if PEOPLE in cells else codes.ids(PEOPLE))
            if any(map(mentions, found.first)):
                raise UsageError(f"An id of {kind} holds the id of a person, so these ids cannot stay as they are.")
            continue
        is_wanted = kind == PEOPLE or all_ids or kind in plan.asked or kind in codes.kinds
        if found.first and (is_wanted or is_telling(found.first, kind)):
            kinds.append(kind)
    return sorted(kinds, key=lambda kind: (kind != PEOPLE, kind))


def _leave_out_mentions(rewriter: Rewriter, codes: Key) -> dict[tuple[str, str], int]:
    """Leave out words in which the id of a person stands; return the numbers of different texts by column.

    Ids such as P-0007 or 12 are no words. A column of one's own that holds nothing else is left out as well: beside the
    codes it would tell who is who.
    """
    known = codes.ids(PEOPLE)
    mentions = Mentions(known)
    found: dict[tuple[str, str], int] = {}
    for table, column, different in rewriter.texts():
        texts = list(different)
        hits = [text for text in texts if mentions(text)]
        if column.field is None and all(codes.normal(text) in known for text in texts):
            hits = texts
        if hits:
            at = (table.name, column.name)
            found[at] = len(hits)
            if column.field is None:
                rewriter.gone.add(at)
            else:
                rewriter.emptied[at].update(hits)
    return found


def _event(event: str, codes: Key, kinds: Sequence[str]) -> str:
    """What the id of an event in the manifest becomes."""
    if "events" in kinds:
        return codes.ids("events").get(codes.normal(event), "")
    return "" if is_telling([event], "events") else event


def _places(rewriter: Rewriter, kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"{column.place} ({shown(column.name)})"
        for table in rewriter.tables
        for column in table.columns
        if column.kind in kinds
    )


def _texts(rewriter: Rewriter) -> Iterator[str]:
    for table in rewriter.tables:
        for column in rewriter.columns_of(table):
            if column.is_text and (table.table == "lines" or column.field is None or column.field.type != "id"):
                yield f"{shown(table.name)}.{shown(column.name)}"


def _alike(codes: Key, cells: Mapping[str, IdCells]) -> tuple[Alike, ...]:
    if PEOPLE not in cells:
        return ()
    names, first = codes.ids(PEOPLE), cells[PEOPLE].first
    # The key may say already that they are one.
    groups = [group for group in look_alikes(names, first) if len({names[one] for one in group}) > 1]
    found = [
        Alike(
            tuple(names[one] for one in group),
            tuple(_cell(*first[one]) if one in first else "" for one in group),
        )
        for group in groups
    ]
    return tuple(sorted(found, key=lambda one: one.names))


def _cell(place: str, row: int) -> str:
    before, _, letter = place.rpartition("column ")
    return f"{before}cell {letter}{row}"


def _with_commas(cells: Mapping[str, IdCells], codes: Key) -> dict[str, int]:
    """Count the ids that look like several: with a comma or a slash between ids that also stand alone."""
    counts: Counter[str] = Counter()
    for found in cells.values():
        for one, (place, _) in found.first.items():
            parted = ([codes.normal(part) for part in one.split(mark)] for mark in ",/&+" if mark in one)
            counts[place] += any(all(part in found.first for part in parts) for parts in parted)
    return {place: n for place, n in counts.items() if n}
