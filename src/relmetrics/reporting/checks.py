"""What a page shows of checks that were made and could not be made, and of what the records are ready for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.places import title_of
from relmetrics.validation.readiness import unlocked_by

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.validation.finding import Check, Findings
    from relmetrics.words import Words

__all__ = [
    "CheckLine",
    "ReadinessView",
    "indicator_title",
    "lines_by_reason",
    "lines_by_table",
    "reason_of",
    "view_readiness",
]


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


def lines_by_table(checks: Iterable[Check], release: Release, words: Words) -> tuple[CheckLine, ...]:
    """Sort checks by the table that they looked at."""
    lines: dict[str, list[str]] = {}
    for check in checks:
        table = plain(check.table, 64) or words.say("place.submission")
        lines.setdefault(table, []).append(title_of(check.rule, release, words))
    return tuple(CheckLine(table, len(titles), tuple(titles)) for table, titles in lines.items())


def lines_by_reason(checks: Iterable[Check], release: Release, words: Words) -> tuple[CheckLine, ...]:
    """Sort checks by why they could not be made."""
    lines: dict[str, list[str]] = {}
    for check in checks:
        title = title_of(check.rule, release, words)
        if check.table:
            title = words.say("working.check_line", title=title, table=plain(check.table, 64))
        lines.setdefault(reason_of(check, release, words), []).append(title)
    return tuple(CheckLine(reason, len(titles), tuple(titles)) for reason, titles in lines.items())


def reason_of(check: Check, release: Release, words: Words) -> str:
    """Say why a check could not be made."""
    return coded(release, "check_reasons", check.reason).title or words.say("other.reason")


def view_readiness(findings: Findings, release: Release, words: Words) -> ReadinessView:
    """Make the view of what the records are ready for."""
    say = words.say
    ready: list[str] = []
    not_ready: list[tuple[str, str]] = []
    for item in findings.readiness:
        title = indicator_title(item.indicator, release, words)
        if item.is_ready:
            ready.append(title)
            continue
        missing = [say("readiness.table", name=plain(name, 64)) for name in item.tables_missing]
        missing += [say("readiness.field", name=plain(name, 130)) for name in item.fields_missing]
        if item.reason == "not_adopted_level" or not missing:
            missing = [coded(release, "reasons", item.reason).title]
        not_ready.append((title, ", ".join(missing)))
    unlocking = [
        say(
            "readiness.unlocks",
            name=say("readiness.field" if "." in name else "readiness.table", name=plain(name, 130)),
            titles=", ".join(indicator_title(indicator, release, words) for indicator in indicators),
        )
        for name, indicators in unlocked_by(findings.readiness).items()
    ]
    return ReadinessView(tuple(ready), tuple(not_ready), tuple(unlocking))


def indicator_title(indicator: str, release: Release, words: Words) -> str:
    """Title of an indicator, its id where the release does not know it."""
    sheet = release.indicators.get(indicator)
    return words.text(sheet.title) if sheet is not None else plain(indicator, 64)
