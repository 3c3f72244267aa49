"""The nouns of a comparison of two submissions: what became of findings, checks and readiness. Never a raw value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from relmetrics.revision.row_changes import TableRevision
    from relmetrics.validation.finding import Check

__all__ = ["CheckChange", "FindingChange", "Loose", "Revision", "Version"]


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two submissions.

    Attributes
    ----------
    source : str
        Name of the folder or file, without the folders above it.
    n_findings : dict
        Exact number by severity.
    """

    source: str
    dataset_id: str
    period_start: date
    period_end: date
    taken_on: date | None
    n_findings: dict[str, int]


@dataclass(frozen=True, slots=True)
class Loose:
    """Findings that stand in one of the two only, of which nobody can say that they were mended or made.

    Attributes
    ----------
    other_row : int
        The row itself stands in one of the two only: it was removed or added, or its key was written anew.
    row_unknown : int
        The key of the row is empty or not readable, so that the row cannot be found in the other submission.
    not_judged : int
        The other submission could not be judged: its table, column, or what the check needs is not there.
    not_listed : int
        Counted, but too many to be listed one by one.
    """

    other_row: int = 0
    row_unknown: int = 0
    not_judged: int = 0
    not_listed: int = 0

    @property
    def n(self) -> int:
        """All of them."""
        return self.other_row + self.unknown

    @property
    def unknown(self) -> int:
        """Those of which not even the row is known to have come or gone."""
        return self.row_unknown + self.not_judged + self.not_listed


@dataclass(frozen=True, slots=True)
class FindingChange:
    """What became of the findings of one rule in one table.

    ``n_before`` is `fixed`, `persisting` and all that is `gone`; ``n_after`` is `new`, `persisting` and all that has
    `come`.

    Attributes
    ----------
    fixed : int
        Their row (or column, or file) is still there and was judged, and the finding is not there any more.
    new : int
        Their row was there before and was judged, without the finding.
    gone, come : Loose
        Findings of the first and of the second submission that cannot be compared.
    """

    rule: str
    table: str
    severity: str
    n_before: int
    n_after: int
    fixed: int
    persisting: int
    new: int
    gone: Loose = Loose()
    come: Loose = Loose()

    @property
    def is_exact(self) -> bool:
        """Whether every finding could be looked at; else fixed, persisting and new are 'at least'."""
        return not self.gone.not_listed and not self.come.not_listed


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check that could be made with one submission only; `reason` says why not with the other."""

    rule: str
    table: str
    reason: str

    @classmethod
    def of(cls, check: Check) -> CheckChange:
        """Make it from the check that could not be made."""
        return cls(check.rule, check.table, check.reason)


@dataclass(frozen=True, slots=True)
class Revision:
    """Two submissions of one organization beside each other. It shows small numbers and stays with the organization.

    Attributes
    ----------
    past_until : date
        The day that counted as today in the first submission; rows dated up to it are the past.
    manifest_changed : tuple of str
        Keys of the manifest that say something else.
    judged_now, judged_before : tuple of CheckChange
        Checks that became possible, and checks that are not possible any more.
    ready_now, ready_before : tuple of str
        Indicators that have got what they need, and those that have lost it.
    tables : tuple of TableRevision
        Every table that one of the two holds, in the standard's order.
    """

    organization_id: str
    release: str
    before: Version
    after: Version
    past_until: date
    manifest_changed: tuple[str, ...]
    findings: tuple[FindingChange, ...]
    judged_now: tuple[CheckChange, ...]
    judged_before: tuple[CheckChange, ...]
    ready_now: tuple[str, ...]
    ready_before: tuple[str, ...]
    tables: tuple[TableRevision, ...]

    def count(self, name: Literal["fixed", "new", "persisting"]) -> tuple[int, bool]:
        """Return the number of findings of this kind, and whether it is exact (else there are at least so many)."""
        return sum(getattr(change, name) for change in self.findings), all(change.is_exact for change in self.findings)

    @property
    def gone(self) -> Loose:
        """Findings of the first submission that cannot be compared."""
        return _sum(change.gone for change in self.findings)

    @property
    def come(self) -> Loose:
        """Findings of the second submission that cannot be compared."""
        return _sum(change.come for change in self.findings)

    def __repr__(self) -> str:
        names: tuple[Literal["fixed", "new", "persisting"], ...] = ("fixed", "new", "persisting")
        counts = ", ".join(f"{self.count(name)[0]} {name}" for name in names)
        n_revised = sum(table.part("past").is_revised for table in self.tables)
        return f"Revision({counts}; past records revised in {n_revised} tables)"


def _sum(parts: Iterable[Loose]) -> Loose:
    found = list(parts)
    return Loose(
        other_row=sum(one.other_row for one in found),
        row_unknown=sum(one.row_unknown for one in found),
        not_judged=sum(one.not_judged for one in found),
        not_listed=sum(one.not_listed for one in found),
    )
