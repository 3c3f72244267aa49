"""What a page shows of findings, in words: shared by all formats. Raw values never appear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from relmetrics.reporting.checks import indicator_title, lines_by_reason, lines_by_table, view_readiness
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain, prose
from relmetrics.reporting.grouping import Bundle, Cause, group_by_cause
from relmetrics.reporting.places import column_letters, message_of, shared_sentences, title_of, where
from relmetrics.reporting.views import FieldPlaces, FindingGroup, FindingsView, PlaceView

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.validation.finding import Finding, Findings
    from relmetrics.words import Words

__all__ = ["FindingGroup", "FindingsView", "message_of", "view_findings", "where"]

MOST_TITLES = 4
"""Of values that a cause unlocks; the others are counted."""


def view_findings(findings: Findings, release: Release, words: Words) -> FindingsView:
    """Make the view of `findings`."""
    viewer = _Viewer(release, words)
    causes = group_by_cause(findings, release)
    counts = findings.counts()
    checks = findings.checks
    clean = [check for check in checks if check.outcome == "clean"]
    return FindingsView(
        n_errors=counts["error"],
        n_findings=sum(counts.values()),
        summary=_summary(words, counts, causes, release),
        first=tuple(viewer.group([cause]) for cause in causes if cause.is_first),
        personal=viewer.groups(cause for cause in causes if cause.is_personal),
        groups=viewer.groups(cause for cause in causes if not cause.is_first and not cause.is_personal),
        n_clean=len(clean),
        n_made=len(clean) + sum(check.outcome == "findings" for check in checks),
        clean=lines_by_table(clean, release, words),
        cannot_tell=lines_by_reason((check for check in checks if check.outcome == "cannot_tell"), release, words),
        not_applicable=lines_by_reason(
            (check for check in checks if check.outcome == "not_applicable"), release, words
        ),
        readiness=view_readiness(findings, release, words),
        remarks=tuple(prose(remark) for remark in findings.remarks),
    )


def _summary(words: Words, counts: dict[str, int], causes: Sequence[Cause], release: Release) -> str:
    n_findings = sum(counts.values())
    if not n_findings:
        return words.say("findings.none")
    spoken = {f"{name}s": words.count(f"severity_count.{name}", n) for name, n in counts.items()}
    sentences = [words.say("findings.summary", **spoken)]
    # What may say who somebody is stands below what helps most: nobody who reads one line may miss it.
    bundles = (bundle for cause in causes for bundle in (cause.own, *cause.consequences))
    if n_personal := sum(bundle.n_findings for bundle in bundles if bundle.rule in release.screens):
        sentences.append(words.count("findings.personal", n_personal))
    # Hundreds of findings discourage; what there is to do is what counts.
    n_causes = sum(cause.own.severity != "note" for cause in causes)
    if 0 < n_causes < n_findings:
        sentences.append(words.count("findings.causes", n_causes))
    return " ".join(sentences)


class _Viewer:
    def __init__(self, release: Release, words: Words) -> None:
        self.release = release
        self.words = words

    def groups(self, causes: Iterable[Cause]) -> tuple[FindingGroup, ...]:
        """Causes of one rule in one table together, in the order of the first of them."""
        together: dict[tuple[str, str], list[Cause]] = {}
        for cause in causes:
            together.setdefault((cause.own.rule, cause.own.table), []).append(cause)
        return tuple(self.group(found) for found in together.values())

    def group(self, causes: list[Cause]) -> FindingGroup:
        """Make the view of causes of one rule in one table."""
        consequences = [bundle for cause in causes for bundle in cause.consequences]
        first = causes[0].own.findings[0]
        texts = self.release.texts_of(first.rule)
        return self._group(
            causes[0].id,
            [cause.own for cause in causes],
            "" if texts is None else message_of(self.words.text(texts.why), first, self.release),
            self._gain(causes),
            tuple(self._follow_up(causes[0].id, bundles) for bundles in _by_check(consequences)),
        )

    def _follow_up(self, cause: str, bundles: list[Bundle]) -> FindingGroup:
        return self._group(cause, bundles, "", (), ())

    def _group(
        self, name: str, bundles: list[Bundle], why: str, gain: tuple[str, ...], follow_ups: tuple[FindingGroup, ...]
    ) -> FindingGroup:
        first = bundles[0]
        columns = [self._column(bundle.findings) for bundle in bundles]
        is_one = len(set(columns)) == 1
        table = plain(first.table, 64)
        owner = table or plain(first.findings[0].file, 120)
        subject = ", ".join(part for part in (owner, columns[0] if is_one else "") if part)
        return FindingGroup(
            id=name,
            rule=first.rule,
            table=table,
            subject=subject,
            severity=first.severity,
            severity_word=coded(self.release, "severity", first.severity).title,
            title=title_of(first.rule, self.release, self.words),
            n_findings=sum(bundle.n_findings for bundle in bundles),
            why=why,
            by_field=tuple(
                self._places(bundle.findings, "" if is_one else column)
                for bundle, column in zip(bundles, columns, strict=True)
            ),
            n_not_listed=sum(bundle.n_not_listed for bundle in bundles),
            gain=gain,
            follow_ups=follow_ups,
        )

    def _column(self, found: Sequence[Finding]) -> str:
        """Letter and name of the column in which all of these stand; empty if they are about none, or several."""
        letters = {column_letters(finding.cell) for finding in found}
        letter = letters.pop() if len(letters) == 1 else ""
        field = plain(found[0].field, 64)
        if letter and field:
            return self.words.say("place.column_named", letter=letter, name=field)
        return self.words.say("place.column", letter=letter) if letter else field

    def _places(self, found: Sequence[Finding], column: str) -> FieldPlaces:
        texts = self.release.texts_of(found[0].rule)
        parts = ("message", "remedy")
        filled = {
            part: [
                "" if texts is None else message_of(self.words.text(getattr(texts, part)), finding, self.release)
                for finding in found
            ]
            for part in parts
        }
        (message, own_messages), (remedy, own_remedies) = (shared_sentences(filled[part]) for part in parts)
        places = tuple(
            PlaceView(
                where=where(finding, self.words),
                shape=plain(finding.shape, 80),
                message=" ".join(text for text in own if text),
                also=self._also(finding),
            )
            for finding, *own in zip(found, own_messages, own_remedies, strict=True)
        )
        return FieldPlaces(column, message, remedy, places)

    def _also(self, finding: Finding) -> str:
        if not finding.related:
            return ""
        places = [where(place, self.words) for place in finding.related[:3]]
        if len(finding.related) > 3:
            places.append(self.words.count("findings.and_more", len(finding.related) - 3))
        return self.words.say("findings.also", places="; ".join(places))

    def _gain(self, causes: list[Cause]) -> tuple[str, ...]:
        unlocks = list(dict.fromkeys(name for cause in causes for name in cause.unlocks))
        helps = list(dict.fromkeys(name for cause in causes for name in cause.helps if name not in unlocks))
        gain = [
            self.words.count(f"findings.gain_{kind}", len(names), titles=self._titles(names))
            for kind, names in (("unlocks", unlocks), ("helps", helps))
            if names
        ]
        n_rows = sum(cause.n_rows for cause in causes)
        if n_rows > 1 or (n_rows and any(cause.consequences for cause in causes)):
            is_least = any(cause.n_errors_not_listed for cause in causes)
            gain.append(self.words.count("findings.gain_rows_least" if is_least else "findings.gain_rows", n_rows))
        return tuple(gain)

    def _titles(self, names: list[str]) -> str:
        titles = [indicator_title(name, self.release, self.words) for name in names[:MOST_TITLES]]
        if len(names) > MOST_TITLES:
            titles.append(self.words.count("findings.and_more", len(names) - MOST_TITLES))
        return ", ".join(titles)


def _by_check(bundles: Iterable[Bundle]) -> list[list[Bundle]]:
    together: dict[tuple[str, str], list[Bundle]] = {}
    for bundle in bundles:
        together.setdefault((bundle.rule, bundle.table), []).append(bundle)
    return list(together.values())
