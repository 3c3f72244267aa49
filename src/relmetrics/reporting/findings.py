"""What a page shows of findings, checks and readiness, in words: shared by all formats. Raw values never appear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain, prose
from relmetrics.words import CODED_PARAMS, fill_sentences

if TYPE_CHECKING:
    from relmetrics.definitions import Release, Structure
    from relmetrics.validation.finding import Check, Finding, Findings, Place
    from relmetrics.words import Words

__all__ = ["CheckLine", "FieldPlaces", "FindingGroup", "FindingsView", "PlaceView", "ReadinessView", "view_findings"]

FIRST_PLACES = 5
_SEVERITIES = {"error": 0, "warning": 1, "note": 2}
_LETTERS = re.compile(r"^[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place of a breach: file and cell first, what the value looks like, and the message where messages differ."""

    where: str
    shape: str
    message: str
    also: str


@dataclass(frozen=True, slots=True)
class FieldPlaces:
    """Places of one group in one column.

    Attributes
    ----------
    message, remedy : str
        Empty where the places differ; then it stands with each place.
    """

    message: str
    remedy: str
    places: tuple[PlaceView, ...]

    @property
    def first(self) -> tuple[PlaceView, ...]:
        """Places that are shown at once."""
        return self.places[:FIRST_PLACES]

    @property
    def rest(self) -> tuple[PlaceView, ...]:
        """Places that are folded away."""
        return self.places[FIRST_PLACES:]


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one rule in one table that have the same cause.

    Attributes
    ----------
    n_findings : int
        Exact, also where fewer places are listed.
    by_field : tuple of FieldPlaces
        The places, column by column in the order in which they come.
    """

    rule: str
    table: str
    severity: str
    severity_word: str
    title: str
    n_findings: int
    why: str
    by_field: tuple[FieldPlaces, ...]
    n_not_listed: int
    follow_ups: tuple[FindingGroup, ...] = ()

    @property
    def n_follow_ups(self) -> int:
        """Findings that this one causes."""
        return sum(group.n_findings for group in self.follow_ups)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """Checks with one outcome and one reason."""

    reason: str
    n: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """What the records are ready for, and what would unlock the rest."""

    ready: tuple[str, ...]
    not_ready: tuple[tuple[str, str], ...]
    unlocking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingsView:
    """Findings of one run for a reader."""

    n_errors: int
    n_findings: int
    summary: str
    groups: tuple[FindingGroup, ...]
    n_clean: int
    n_made: int
    clean: tuple[CheckLine, ...]
    cannot_tell: tuple[CheckLine, ...]
    not_applicable: tuple[CheckLine, ...]
    readiness: ReadinessView
    remarks: tuple[str, ...]


def view_findings(findings: Findings, release: Release, words: Words) -> FindingsView:
    """Make the view of `findings`."""
    return _Viewer(findings, release, words).view()


class _Viewer:
    def __init__(self, findings: Findings, release: Release, words: Words) -> None:
        self.findings = findings
        self.release = release
        self.words = words
        self.exact = {(check.rule, check.table): check.n_findings for check in findings.checks}

    def view(self) -> FindingsView:
        counts = self.findings.counts()
        spoken = {f"{name}s": self.words.count(f"severity_count.{name}", n) for name, n in counts.items()}
        checks = self.findings.checks
        clean = [check for check in checks if check.outcome == "clean"]
        return FindingsView(
            n_errors=counts["error"],
            n_findings=sum(counts.values()),
            summary=self.words.say("findings.summary", **spoken),
            groups=self._groups(),
            n_clean=len(clean),
            n_made=len(clean) + sum(check.outcome == "findings" for check in checks),
            clean=self._by_table(clean),
            cannot_tell=self._by_reason(check for check in checks if check.outcome == "cannot_tell"),
            not_applicable=self._by_reason(check for check in checks if check.outcome == "not_applicable"),
            readiness=self._readiness(),
            remarks=tuple(prose(remark) for remark in self.findings.remarks),
        )

    # --- findings by cause and rule ---------------------------------------------------------------------------------

    def _groups(self) -> tuple[FindingGroup, ...]:
        by_id = {finding.id: finding for finding in self.findings}
        own: dict[tuple[str, str], list[Finding]] = {}
        caused: dict[tuple[str, str], dict[tuple[str, str], list[Finding]]] = {}
        for finding in self.findings:
            key = (finding.rule, finding.table)
            cause = self._root(finding, by_id)
            if cause is None:
                own.setdefault(key, []).append(finding)
            else:
                caused.setdefault((cause.rule, cause.table), {}).setdefault(key, []).append(finding)
        groups = [self._group(found, caused.get(key, {})) for key, found in own.items()]
        return tuple(sorted(groups, key=lambda group: _SEVERITIES[group.severity]))

    def _root(self, finding: Finding, by_id: dict[str, Finding]) -> Finding | None:
        """First cause that is itself listed, or None."""
        seen = {finding.id}
        cause = None
        while finding.cause and finding.cause in by_id and finding.cause not in seen:
            finding = cause = by_id[finding.cause]
            seen.add(finding.id)
        return cause

    def _group(self, found: list[Finding], caused: dict[tuple[str, str], list[Finding]]) -> FindingGroup:
        first = found[0]
        texts = self._texts(first)
        by_field: dict[str, list[Finding]] = {}
        for finding in found:
            by_field.setdefault(finding.field, []).append(finding)
        n_listed = sum(item.rule == first.rule and item.table == first.table for item in self.findings)
        n_not_listed = max(0, self.exact.get((first.rule, first.table), n_listed) - n_listed)
        return FindingGroup(
            rule=first.rule,
            table=plain(first.table, 64),
            severity=first.severity,
            severity_word=coded(self.release, "severity", first.severity).title,
            title=self.words.text(texts.title) if texts is not None else plain(first.rule, 64),
            n_findings=len(found) + n_not_listed,
            why=self._fill(texts.why, first) if texts is not None else "",
            by_field=tuple(self._places(items, texts) for items in by_field.values()),
            n_not_listed=n_not_listed,
            follow_ups=tuple(self._group(items, {}) for items in caused.values()),
        )

    def _places(self, found: list[Finding], texts: Structure | None) -> FieldPlaces:
        messages = ["" if texts is None else self._fill(texts.message, finding) for finding in found]
        remedies = ["" if texts is None else self._fill(texts.remedy, finding) for finding in found]
        is_one_message, is_one_remedy = len(set(messages)) == 1, len(set(remedies)) == 1
        places = tuple(
            PlaceView(
                where=where(finding, self.words),
                shape=plain(finding.shape, 80),
                message=" ".join(
                    part for part in ("" if is_one_message else message, "" if is_one_remedy else remedy) if part
                ),
                also=self._also(finding),
            )
            for finding, message, remedy in zip(found, messages, remedies, strict=True)
        )
        return FieldPlaces(messages[0] if is_one_message else "", remedies[0] if is_one_remedy else "", places)

    def _texts(self, finding: Finding) -> Structure | None:
        return self.release.texts_of(finding.rule)

    def _fill(self, texts: dict[str, str], finding: Finding) -> str:
        return message_of(self.words.text(texts), finding, self.release)

    def _also(self, finding: Finding) -> str:
        if not finding.related:
            return ""
        places = [where(place, self.words) for place in finding.related[:3]]
        if len(finding.related) > 3:
            places.append(self.words.count("findings.and_more", len(finding.related) - 3))
        return self.words.say("findings.also", places="; ".join(places))

    # --- what works -------------------------------------------------------------------------------------------------

    def _check_title(self, check: Check) -> str:
        texts = self.release.texts_of(check.rule)
        title = self.words.text(texts.title) if texts is not None else plain(check.rule, 64)
        return self.words.say("working.check_line", title=title, table=plain(check.table, 64)) if check.table else title

    def _by_table(self, checks: Iterable[Check]) -> tuple[CheckLine, ...]:
        lines: dict[str, list[str]] = {}
        for check in checks:
            texts = self.release.texts_of(check.rule)
            title = self.words.text(texts.title) if texts is not None else plain(check.rule, 64)
            lines.setdefault(plain(check.table, 64) or self.words.say("place.submission"), []).append(title)
        return tuple(CheckLine(table, len(titles), tuple(titles)) for table, titles in lines.items())

    def _by_reason(self, checks: Iterable[Check]) -> tuple[CheckLine, ...]:
        lines: dict[str, list[str]] = {}
        for check in checks:
            reason = coded(self.release, "check_reasons", check.reason).title or self.words.say("other.reason")
            lines.setdefault(reason, []).append(self._check_title(check))
        return tuple(CheckLine(reason, len(titles), tuple(titles)) for reason, titles in lines.items())

    def _readiness(self) -> ReadinessView:
        from relmetrics.validation.readiness import unlocked_by

        say = self.words.say
        ready: list[str] = []
        not_ready: list[tuple[str, str]] = []
        for item in self.findings.readiness:
            if item.is_ready:
                ready.append(self._indicator_title(item.indicator))
                continue
            missing = [say("readiness.table", name=plain(name, 64)) for name in item.tables_missing]
            missing += [say("readiness.field", name=plain(name, 130)) for name in item.fields_missing]
            if item.reason == "not_adopted_level" or not missing:
                missing = [coded(self.release, "reasons", item.reason).title]
            not_ready.append((self._indicator_title(item.indicator), ", ".join(missing)))
        unlocking = [
            say(
                "readiness.unlocks",
                name=say("readiness.field" if "." in name else "readiness.table", name=plain(name, 130)),
                titles=", ".join(self._indicator_title(indicator) for indicator in indicators),
            )
            for name, indicators in unlocked_by(self.findings.readiness).items()
        ]
        return ReadinessView(tuple(ready), tuple(not_ready), tuple(unlocking))

    def _indicator_title(self, indicator: str) -> str:
        sheet = self.release.indicators.get(indicator)
        return self.words.text(sheet.title) if sheet is not None else plain(indicator, 64)


def where(place: Finding | Place, words: Words) -> str:
    """Name a place as a spreadsheet does: file, sheet, cell; or row; or what there is."""
    names = {
        "file": plain(place.file, 120),
        "sheet": plain(place.sheet, 60),
        "cell": plain(place.cell, 20),
        "row": "" if place.row is None else f"{place.row:,}",
        "table": plain(place.table, 64),
        "key": plain(place.field, 64),
    }
    if place.table == MANIFEST:
        form = "manifest_sheet" if names["sheet"] else "manifest_line"
        return words.say(f"place.{form}" if names["row"] else "place.manifest", **names)
    if not names["file"]:
        return words.say("place.table", **names) if names["table"] else words.say("place.submission")
    if names["cell"]:
        return words.say("place.sheet_cell" if names["sheet"] else "place.cell", **names)
    if names["row"]:
        return words.say("place.sheet_row" if names["sheet"] else "place.row", **names)
    return words.say("place.sheet" if names["sheet"] else "place.file", **names)


def message_of(template: str, finding: Finding, release: Release) -> str:
    """Fill a rule's text from a finding: its params, and where it stands; all made harmless.

    A sentence of which a placeholder is empty is left out: "Perhaps '{nearest}' is meant." where nothing is near.
    """
    letters = _LETTERS.match(finding.cell)
    names: dict[str, str] = {
        "table": finding.table,
        "field": finding.field,
        "column": finding.field or (letters[0] if letters else ""),
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "row": "" if finding.row is None else str(finding.row),
        "shape": finding.shape,
        **_related(finding),
        **finding.params,
    }
    for name, codelist in CODED_PARAMS.items():
        if name in names:
            names[name] = coded(release, codelist, names[name]).title
    return fill_sentences(template, {name: plain(str(value), 300) for name, value in names.items()})


def _related(finding: Finding) -> dict[str, str]:
    if not finding.related:
        return {}
    first = finding.related[0]
    return {"related_row": "" if first.row is None else str(first.row), "related_table": first.table}
