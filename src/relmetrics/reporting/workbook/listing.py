"""The first sheet of a marked workbook, as rows and cells: what to fix, the causes first, with links. No raw values.

What a line says is decided here, how it is written into a workbook elsewhere (`inside.py`, `written.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relmetrics.reporting.codes import coded
from relmetrics.reporting.workbook.entries import CellPlace, Entry, Group, Mark
from relmetrics.reporting.workbook.looks import GROUNDS, LOOKS, height_of

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.words import Words

__all__ = ["MOST_IN_NOTE", "WIDTHS", "Line", "Listing", "Target", "Text", "list_findings", "note_of"]

WIDTHS = (16.0, 42.0, 36.0, 84.0)
"""Widths of the columns A to D."""

_LAST = len(WIDTHS) - 1

_ALL = sum(WIDTHS[1:])
_SHOWN = 10  # places of a group that are shown at once; the others unfold
_MOST_LINES = 20_000  # far below what a sheet holds; beyond it nobody reads
MOST_IN_NOTE = 5
_LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: a cell of what was handed in, or a row of the list itself."""

    cell: CellPlace | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """Text of one cell, up to the column `until`."""

    column: int
    text: str
    look: str
    until: int | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list; `is_folded` where it unfolds below the row before."""

    texts: tuple[Text, ...]
    height: float
    is_folded: bool = False


@dataclass(slots=True)
class Listing:
    """The whole list; `rows` says in which row the group of a finding begins."""

    lines: list[Line] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def list_findings(
    groups: Sequence[Group],
    about: Sequence[str],
    title: str,
    summary: str,
    release: Release,
    words: Words,
    has_target: Callable[[CellPlace], bool],
) -> Listing:
    """Lay the list out.

    Parameters
    ----------
    about : sequence of str
        Sentences about the file at hand; the first one says that it stays.
    has_target : callable
        Whether a link can lead to a cell.
    """
    first = _Builder(release, words, has_target, {}).build(groups, about, title, summary)
    # A second time, now that the row of every group is known to the lines above it.
    return _Builder(release, words, has_target, first.rows).build(groups, about, title, summary)


def note_of(mark: Mark, words: Words, rows: Mapping[str, int], sheet: str) -> str:
    """Text of the note on a cell: what is wrong, what to do and why it matters, for each of its findings."""
    say = words.say
    parts = []
    for entry in mark.entries[:MOST_IN_NOTE]:
        lines = [f"{say(f'marked.severity.{entry.severity}')}: {entry.title}"]
        if entry.is_whole_row:
            lines.append(say("marked.whole_row", row=f"{mark.cell.row:,}"))
        if entry.message:
            lines.append(entry.message)
        if entry.follows:
            lines.append(say("marked.note_follows", where=entry.follows))
        if entry.remedy:
            lines.append(f"{say('findings.remedy')}: {entry.remedy}")
        if entry.why:
            lines.append(f"{say('findings.why')}: {entry.why}")
        parts.append("\n".join(lines))
    if len(mark.entries) > MOST_IN_NOTE:
        parts.append(words.count("marked.note_more", len(mark.entries) - MOST_IN_NOTE))
    row = min((rows[entry.id] for entry in mark.entries if entry.id in rows), default=0)
    end = say("marked.note_list", sheet=sheet, row=f"{row:,}") if row else say("marked.note_sheet", sheet=sheet)
    text = "\n\n".join(parts)
    return f"{text[:_LONGEST_NOTE]}{'…' if len(text) > _LONGEST_NOTE else ''}\n\n{end}"


class _Builder:
    def __init__(
        self, release: Release, words: Words, has_target: Callable[[CellPlace], bool], rows: Mapping[str, int]
    ) -> None:
        self.release = release
        self.words = words
        self.has_target = has_target
        self.known = rows
        self.listing = Listing()

    def build(self, groups: Sequence[Group], about: Sequence[str], title: str, summary: str) -> Listing:
        say = self.words.say
        self.add(Text(0, title, "title"), height=32)
        for number, sentence in enumerate(about):
            self.wide(sentence, "body" if number else "stays", padding=5 if number else 12)
        self.gap()
        self.section(say("marked.legend"))
        for severity in GROUNDS:
            note = coded(self.release, "severity", severity)
            self.labelled(Text(0, say(f"marked.severity.{severity}"), severity), note.text)
        self.gap()
        if not groups:
            self.section(say("findings.none"))
            return self.listing
        if len(groups) > 1 and any(group.is_first for group in groups):
            self.section(say("marked.first"))
            for number, group in enumerate(groups, start=1):
                if group.is_first:
                    self.pointer(number, group)
            self.gap()
        self.section(f"{say('marked.all')}: {summary}")
        for number, group in enumerate(groups, start=1):
            if len(self.listing.lines) > _MOST_LINES:
                self.wide(self.words.count("marked.groups_left_out", len(groups) - number + 1), "quiet")
                break
            self.group(number, group)
        return self.listing

    # --- lines ------------------------------------------------------------------------------------------------------

    def add(self, *texts: Text, height: float = 20.0, is_folded: bool = False) -> None:
        self.listing.lines.append(Line(texts, height, is_folded))

    def gap(self) -> None:
        self.add(height=9)

    def wide(self, text: str, look: str, padding: float = 5.0) -> None:
        self.add(Text(0, text, look, until=_LAST), height=height_of(text, WIDTHS[0] + _ALL, LOOKS[look].size, padding))

    def section(self, text: str) -> None:
        self.add(Text(0, text, "section", until=_LAST), height=26)

    def labelled(self, label: Text, text: str, look: str = "body") -> None:
        height = max(height_of(text, _ALL, LOOKS[look].size), height_of(label.text, WIDTHS[0]), 20.0)
        self.add(label, Text(1, text, look, until=_LAST), height=height)

    # --- groups -----------------------------------------------------------------------------------------------------

    def pointer(self, number: int, group: Group) -> None:
        """Line of the short list on top, which leads to the group below."""
        parts = [self.words.count("findings.places", group.n_findings)]
        if group.n_follow_ups:
            parts.append(self.words.count("marked.mends_also", group.n_follow_ups))
        if group.unlocks:
            parts.append(self.words.say("marked.unlocks", titles="; ".join(group.unlocks)))
        row = self.known.get(group.entries[0].id, 0)
        self.add(
            Text(0, group.severity_word, group.severity),
            Text(1, f"{number}. {_named(group)}", "link", until=2, target=Target(row=row) if row else None),
            Text(_LAST, ". ".join(parts), "cell"),
            height=max(
                height_of(f"{number}. {_named(group)}", sum(WIDTHS[1:3]), padding=6),
                height_of(". ".join(parts), WIDTHS[_LAST]),
            ),
        )

    def group(self, number: int, group: Group) -> None:
        say, count = self.words.say, self.words.count
        self.gap()
        row = len(self.listing.lines) + 1
        for entry in (*group.entries, *(entry for follow in group.follow_ups for entry in follow.entries)):
            self.listing.rows.setdefault(entry.id, row)
        title = f"{number}. {_named(group)}"
        self.add(
            Text(0, group.severity_word, group.severity),
            Text(1, title, "finding", until=2),
            Text(_LAST, count("findings.places", group.n_findings), "finding"),
            height=height_of(title, sum(WIDTHS[1:3]), 12, padding=8),
        )
        for key, text in (
            ("marked.wrong", group.message),
            ("findings.remedy", group.remedy),
            ("findings.why", group.why),
        ):
            if text:
                self.labelled(Text(0, say(key), "label"), text)
        if group.unlocks:
            self.labelled(Text(0, say("marked.then"), "label"), say("marked.unlocks", titles="; ".join(group.unlocks)))
        self.places(group)
        if group.follow_ups:
            self.wide(f"{count('findings.follows', group.n_follow_ups)}:", "label")
            for follow in group.follow_ups:
                places = count("findings.places", follow.n_findings)
                self.add(Text(1, _named(follow), "follow", until=2), Text(_LAST, places, "follow"))
                self.places(follow)

    def places(self, group: Group) -> None:
        has_more = any(group.rests) or any(entry.follows for entry in group.entries)
        heads = ("place", "shape", "more") if has_more else ("place", "shape")
        self.add(*(Text(1 + at, self.words.say(f"marked.head.{head}"), "head") for at, head in enumerate(heads)))
        n_left_out = 0
        has_folds = len(group.entries) > _SHOWN + 2
        for number, entry in enumerate(group.entries):
            if len(self.listing.lines) > _MOST_LINES:
                n_left_out = len(group.entries) - number
                break
            if has_folds and number == _SHOWN:
                self.quiet(self.words.count("marked.unfold", len(group.entries) - _SHOWN))
            self.place(entry, group.rests[number], is_folded=has_folds and number >= _SHOWN)
        if n_left_out:
            self.quiet(self.words.count("marked.places_left_out", n_left_out))
        if group.n_not_listed:
            self.quiet(self.words.count("findings.not_listed", group.n_not_listed))

    def quiet(self, text: str) -> None:
        self.add(Text(1, text, "quiet", until=_LAST), height=height_of(text, _ALL))

    def place(self, entry: Entry, rest: str, is_folded: bool) -> None:
        more = f"{rest} {self.words.say('marked.comes_from', where=entry.follows)}" if entry.follows else rest
        leads = entry.cell is not None and self.has_target(entry.cell)
        texts = (entry.where, entry.shape, more.strip()) if more.strip() else (entry.where, entry.shape)
        self.add(
            Text(1, texts[0], "link" if leads else "cell", target=Target(entry.cell) if leads else None),
            *(Text(at, text, "cell") for at, text in enumerate(texts[1:], start=2)),
            height=max(height_of(text, WIDTHS[at]) for at, text in enumerate(texts, start=1)) + 2,
            is_folded=is_folded,
        )


def _named(group: Group) -> str:
    place = f"{group.table}.{group.column}" if group.table and group.column else group.table or group.column
    return f"{group.title} ({place})" if place else group.title
