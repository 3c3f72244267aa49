"""What changed between two submissions, in words and small tables, for every format. It counts nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from relmetrics.definitions.rule import MANIFEST
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.revision_fields import Grid, field_grids, field_sentences, noun

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.revision import CheckChange, FindingChange, PartRevision, Revision, TableRevision, Version
    from relmetrics.words import Words

__all__ = ["ListView", "PartView", "RevisionView", "view_revision"]

_PART_NAMES: tuple[tuple[Literal["past", "after", "undated"], str], ...] = (
    ("past", "why_past"),
    ("after", "after_lead"),
    ("undated", "undated_lead"),
)


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of time: a heading, what to know about it, its tables, and the grids of single columns."""

    key: str
    title: str
    lead: str
    grid: Grid | None
    grids: tuple[tuple[str, tuple[Grid, ...]], ...]
    quiet: str


@dataclass(frozen=True, slots=True)
class ListView:
    """A sentence and what belongs to it."""

    lead: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision for a reader.

    Attributes
    ----------
    short : tuple of str
        The whole in a few sentences.
    findings : Grid or None
        Kinds of findings with a change; `same_findings` are those without.
    """

    title: str
    about: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    short: tuple[str, ...]
    parts: tuple[PartView, ...]
    findings: Grid | None
    same_findings: ListView | None
    loose: tuple[str, ...]
    lists: tuple[ListView, ...]
    manifest: str


def view_revision(revision: Revision, release: Release, words: Words) -> RevisionView:
    """Make the view of `revision`."""
    return _Viewer(revision, release, words).view()


class _Viewer:
    def __init__(self, revision: Revision, release: Release, words: Words) -> None:
        self.revision = revision
        self.release = release
        self.words = words
        self.day = str(revision.past_until)

    def say(self, key: str, **names: str | int) -> str:
        return self.words.say(f"revision.{key}", **names)

    def count(self, key: str, n: int, **names: str | int) -> str:
        return self.words.count(f"revision.{key}", n, **names)

    def view(self) -> RevisionView:
        revision = self.revision
        changed = [change for change in revision.findings if _is_changed(change)]
        same = [change for change in revision.findings if not _is_changed(change)]
        keys = ", ".join(plain(key, 80) for key in revision.manifest_changed)
        return RevisionView(
            title=self.say("title", organization=plain(revision.organization_id, 64)),
            about=(
                (self.say("earlier"), self._version(revision.before)),
                (self.say("later"), self._version(revision.after)),
                (self.say("past"), self.say("past_value", day=self.day)),
                (self.words.say("page.release"), self.words.say("page.release_plain", version=revision.release)),
            ),
            cautions=tuple(sentence for table in revision.tables for sentence in self._cautions(table)),
            short=tuple(self._short()),
            parts=tuple(self._parts()),
            findings=self._finding_grid(changed),
            same_findings=(
                ListView(self.count("only_persisting", len(same)), tuple(map(self._same, same))) if same else None
            ),
            loose=tuple(self._loose()),
            lists=tuple(self._lists()),
            manifest=self.say("manifest_changed", keys=keys) if keys else "",
        )

    def _version(self, version: Version) -> str:
        names = {
            "source": plain(version.source or version.dataset_id, 120),
            "start": str(version.period_start),
            "end": str(version.period_end),
        }
        if version.taken_on is None:
            return self.say("version", **names)
        return self.say("version_taken", **names, day=str(version.taken_on))

    def _table(self, table: str) -> str:
        known = self.release.tables.get(table)
        return plain(table, 64) if known is None else self.words.text(known.title)

    # --- in short ---------------------------------------------------------------------------------------------------

    def _short(self) -> Iterable[str]:
        for table in self.revision.tables:
            if table.is_renamed:
                yield self.say("caution.renamed", table=self._table(table.table))
        yield self._findings_short()
        gone, come = self.revision.gone, self.revision.come
        for key, n in (
            ("with_row", gone.other_row),
            ("in_row", come.other_row),
            ("loose", gone.unknown + come.unknown),
        ):
            if n:
                yield self.count(key, n)
        is_quiet = True
        for table in self.revision.tables:
            past = table.part("past")
            if not past.is_revised:
                continue
            is_quiet = False
            for key, n in (("added", past.n_added), ("removed", past.n_removed), ("changed", past.n_changed)):
                if n:
                    yield self.count(key, n, noun=noun(self.words, table.table, n), day=self.day)
            yield from field_sentences(self.release, self.words, table.table, past.fields)
        if is_quiet:
            yield self.say("nothing_past")
        n_later = sum(table.part("after").n_added for table in self.revision.tables)
        if n_later:
            yield self.count("later_rows", n_later, day=self.day)

    def _findings_short(self) -> str:
        if not self.revision.findings:
            return self.say("no_findings")
        texts = {}
        names: tuple[Literal["fixed", "persisting", "new"], ...] = ("fixed", "persisting", "new")
        for name in names:
            n, is_exact = self.revision.count(name)
            texts[name] = self.say(f"counts.{name}{'' if is_exact else '_least'}", n=f"{n:,}")
        return self.say("findings_short", **texts)

    def _cautions(self, table: TableRevision) -> Iterable[str]:
        title = self._table(table.table)
        if table.presence != "both":
            n = table.n_after if table.presence == "appeared" else table.n_before
            yield self.count(f"caution.{table.presence}", n, table=title)
        for name in ("columns_appeared", "columns_disappeared"):
            for column, n in getattr(table, name).items():
                yield self.count(f"caution.{name}", n, table=title, column=plain(column, 64))
        for name in ("repeated", "keyless"):
            before, after = getattr(table, f"n_{name}_before"), getattr(table, f"n_{name}_after")
            if before or after:
                yield self.say(f"caution.{name}", table=title, before=f"{before:,}", after=f"{after:,}")

    # --- rows -------------------------------------------------------------------------------------------------------

    def _parts(self) -> Iterable[PartView]:
        heads = ("table", "compared", "added", "removed", "changed")
        for key, lead in _PART_NAMES:
            revised = [(table, table.part(key)) for table in self.revision.tables if table.part(key).is_revised]
            if not revised and key != "past":
                continue
            grid = Grid("", self._heads(heads), tuple(self._row(table, part) for table, part in revised))
            yield PartView(
                key=key,
                title=self.say(f"heading.{key}", day=self.day),
                lead=self.say(lead if revised else "nothing_past", day=self.day),
                grid=grid if revised else None,
                grids=tuple(
                    (self.say("fields_of", table=self._table(table.table)), found)
                    for table, part in revised
                    if (found := field_grids(self.release, self.words, table.table, part.fields))
                ),
                quiet=self._quiet_tables() if key == "past" else "",
            )

    def _quiet_tables(self) -> str:
        quiet = [
            self._table(table.table)
            for table in self.revision.tables
            if not table.part("past").is_revised and table.part("past").n_compared
        ]
        return self.count("unchanged_past", len(quiet), tables=", ".join(quiet)) if quiet else ""

    def _row(self, table: TableRevision, part: PartRevision) -> tuple[str, ...]:
        numbers = (part.n_compared, part.n_added, part.n_removed, part.n_changed)
        return (self._table(table.table), *(f"{n:,}" for n in numbers))

    def _heads(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.say(f"column.{name}") for name in names)

    # --- findings, checks, readiness --------------------------------------------------------------------------------

    def _finding_grid(self, changes: Sequence[FindingChange]) -> Grid | None:
        if not changes:
            return None
        heads = self._heads(("finding", "fixed", "persisting", "new", "with_row", "in_row", "loose"))
        rows = tuple(
            (self._title(change.rule, change.table, change.severity), *self._numbers(change)) for change in changes
        )
        return Grid("", heads, rows)

    def _numbers(self, change: FindingChange) -> Iterable[str]:
        for name in ("fixed", "persisting", "new"):
            n = getattr(change, name)
            least = "" if change.is_exact else "≥ "
            yield f"{least}{n:,}"
        for n in (change.gone.other_row, change.come.other_row, change.gone.unknown + change.come.unknown):
            yield f"{n:,}"

    def _same(self, change: FindingChange) -> str:
        return f"{self._title(change.rule, change.table, change.severity)}: {change.persisting:,}"

    def _title(self, rule: str, table: str, severity: str = "") -> str:
        texts = self.release.texts_of(rule)
        title = plain(rule, 64) if texts is None else self.words.text(texts.title)
        if table and table != MANIFEST:
            title = self.words.say("working.check_line", title=title, table=plain(table, 64))
        if not severity:
            return title
        return f"{coded(self.release, 'severity', severity).title}: {title}"

    def _loose(self) -> Iterable[str]:
        for side, loose in (("gone", self.revision.gone), ("come", self.revision.come)):
            for part in fields(loose):
                n = getattr(loose, part.name)
                if n:
                    yield self.count(f"{side}.{part.name}", n)

    def _lists(self) -> Iterable[ListView]:
        checks: dict[str, tuple[CheckChange, ...]] = {
            "judged_now": self.revision.judged_now,
            "judged_before": self.revision.judged_before,
        }
        for key, changes in checks.items():
            if changes:
                yield ListView(self.count(key, len(changes)), tuple(map(self._check, changes)))
        for key, indicators in (
            ("ready_now", self.revision.ready_now),
            ("ready_before", self.revision.ready_before),
        ):
            if indicators:
                yield ListView(self.count(key, len(indicators)), tuple(map(self._indicator, indicators)))

    def _check(self, change: CheckChange) -> str:
        reason = coded(self.release, "check_reasons", change.reason).title or self.words.say("other.reason")
        return self.say("check_because", check=self._title(change.rule, change.table), reason=reason)

    def _indicator(self, indicator: str) -> str:
        sheet = self.release.indicators.get(indicator)
        return plain(indicator, 64) if sheet is None else self.words.text(sheet.title)


def _is_changed(change: FindingChange) -> bool:
    return bool(change.fixed or change.new or change.gone.n or change.come.n)
