"""What `pseudonymize` did, for whoever has to vouch for it: what got codes, what is gone, what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relmetrics.submission.columns import shown
from relmetrics.words import Words

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.pseudonyms.plan import Left
    from relmetrics.pseudonyms.screening import Cleared

__all__ = ["Alike", "Outcome"]

_MOST = 20
_REASONS = ("own", "unknown", "blank", "repeated", "label", "unread", "table", "mention")


@dataclass(frozen=True, slots=True)
class Alike:
    """Ids that may be one person.

    Attributes
    ----------
    names : tuple of str
        Their pseudonyms, by which they are found in the key.
    places : tuple of str
        A cell in which each stands; empty for one of an earlier run.
    """

    names: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What was done, or with `is_dry` what would be; without one raw id.

    Attributes
    ----------
    n_rows : dict
        Rows by file of the output.
    n_ids : dict
        By kind of id: how many stand in the files, and how many are new to the key.
    renamed : dict
        New names of columns of codes, by table and column.
    files : dict
        Table by name of its file in the output.
    replaced, as_they_are : tuple of str
        Places of columns whose ids got codes; kinds whose ids look like codes and stayed.
    n_none, n_several, n_lists, n_unreadable : dict
        By place of a column, numbers of cells: that say there is nobody; with several ids; with what may be several;
        that are not what their column holds.
    texts : tuple of str
        Columns of words that came along, as ``table.column``.
    """

    output: Path | None
    key: Path | None
    is_dry: bool
    is_new_key: bool
    has_manifest: bool
    n_rows: Mapping[str, int]
    n_ids: Mapping[str, tuple[int, int]]
    renamed: Mapping[tuple[str, str], str]
    files: Mapping[str, str]
    replaced: tuple[str, ...]
    as_they_are: tuple[str, ...]
    left: tuple[Left, ...]
    cleared: Cleared
    alike: tuple[Alike, ...]
    n_none: Mapping[str, int]
    n_several: Mapping[str, int]
    n_lists: Mapping[str, int]
    n_unreadable: Mapping[str, int]
    texts: tuple[str, ...]
    remarks: tuple[str, ...]
    release: Release

    def lines(self, language: str = "en") -> list[str]:
        """Say it in lines for a terminal."""
        words = Words(language)
        lines = [*self._heads(words)]
        for key, entries in self._parts(words):
            listed = list(entries)
            if listed:
                lines += ["", words.say(f"pseudonyms.{key}"), *(f"  {entry}" for entry in listed)]
        if not self.is_dry:
            lines += ["", words.say("pseudonyms.next" if self.has_manifest else "pseudonyms.next_no_manifest")]
        return lines

    def _heads(self, words: Words) -> Iterator[str]:
        n_tables, n_rows = len(self.n_rows), sum(self.n_rows.values())
        tables = words.count("pseudonyms.tables", n_tables, rows=words.count("pseudonyms.rows", n_rows))
        if self.is_dry:
            yield words.say("pseudonyms.dry", tables=tables)
        else:
            yield words.say("pseudonyms.wrote", tables=tables, output=str(self.output))
        for kind, (n, n_new) in self.n_ids.items():
            title = words.text(self.release.tables[kind].title).casefold()
            yield words.say("pseudonyms.ids", kind=title, n=f"{n:,}", new=f"{n_new:,}")
        if not self.is_dry:
            yield words.say("pseudonyms.key_new" if self.is_new_key else "pseudonyms.key_known", key=str(self.key))

    def _parts(self, words: Words) -> Iterator[tuple[str, Iterator[str] | Sequence[str]]]:
        yield "replaced", self.replaced
        yield "renamed", self._renamed()
        yield "as_they_are", [words.text(self.release.tables[kind].title) for kind in self.as_they_are]
        yield "left", (self._left(words, one) for one in self.left)
        yield "left_after_all", self._after_all(words)
        yield "unreadable", self._counted(words, self.n_unreadable)
        yield "none", self._counted(words, self.n_none)
        yield "several", self._counted(words, self.n_several)
        yield "lists", self._counted(words, self.n_lists)
        yield "alike", self._alike(words)
        yield "texts", self.texts
        yield "remarks", self.remarks

    def _renamed(self) -> Iterator[str]:
        for file, table in self.files.items():
            if file != f"{table}.csv":
                yield f"{shown(table)}: {file}"
        for (table, old), new in self.renamed.items():
            yield f"{shown(table)}.{shown(old)}: {new}"

    def _left(self, words: Words, left: Left) -> str:
        key = "pseudonyms.left_named" if left.name else "pseudonyms.left_nameless"
        return words.say(key, place=left.place, name=left.name, why=self._why(words, left.why))

    def _why(self, words: Words, code: str) -> str:
        if code in _REASONS:
            return words.say(f"pseudonyms.why.{code}")
        title = words.text(self.release.screens[code].title)
        return title[:1].casefold() + title[1:]

    def _after_all(self, words: Words) -> Iterator[str]:
        for (table, column), why in self.cleared.columns.items():
            yield words.say(
                "pseudonyms.column_gone", column=f"{shown(table)}.{shown(column)}", why=self._why(words, why)
            )
        for (table, column), counts in self.cleared.cells.items():
            for why, n in counts.items():
                name = f"{shown(table)}.{shown(column)}"
                yield words.count("pseudonyms.cells_gone", n, column=name, why=self._why(words, why))
        for why in sorted(set(self.cleared.lines.values())):
            n = sum(one == why for one in self.cleared.lines.values())
            yield words.count("pseudonyms.lines_gone", n, why=self._why(words, why))
        for field, why in self.cleared.manifest.items():
            yield words.say("pseudonyms.manifest_gone", field=field, why=self._why(words, why))

    def _counted(self, words: Words, counts: Mapping[str, int]) -> Iterator[str]:
        for place, n in counts.items():
            yield words.count("pseudonyms.cells", n, place=place)

    def _alike(self, words: Words) -> Iterator[str]:
        for one in self.alike[:_MOST]:
            places = "; ".join(place or words.say("pseudonyms.earlier") for place in one.places)
            if self.is_dry:
                yield places
            else:
                yield words.say("pseudonyms.alike_named", names=", ".join(one.names), places=places)
        if len(self.alike) > _MOST:
            yield words.count("pseudonyms.alike_more", len(self.alike) - _MOST)
