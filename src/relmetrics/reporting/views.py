"""Findings of one run as a reader sees them: what every format writes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relmetrics.reporting.checks import CheckLine, ReadinessView

__all__ = ["FIRST_PLACES", "FieldPlaces", "FindingGroup", "FindingsView", "PlaceView"]

FIRST_PLACES = 5


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
    column : str
        Letter and name of the column, empty where there is none or where the group's own line names it.
    message, remedy : str
        What all places have in common; what differs stands with each place.
    """

    column: str
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
    """Findings of one rule in one table without a cause of their own, and what they bring about.

    Attributes
    ----------
    id : str
        Of the first cause that it holds.
    subject : str
        Table (file where it is none of the standard), and column where there is one only.
    n_findings : int
        Exact, also where fewer places are listed.
    by_field : tuple of FieldPlaces
        The places, column by column in the order in which they come.
    gain : tuple of str
        What mending it gives.
    """

    id: str
    rule: str
    table: str
    subject: str
    severity: str
    severity_word: str
    title: str
    n_findings: int
    why: str
    by_field: tuple[FieldPlaces, ...]
    n_not_listed: int
    gain: tuple[str, ...] = ()
    follow_ups: tuple[FindingGroup, ...] = ()

    @property
    def n_follow_ups(self) -> int:
        """Findings that this one causes."""
        return sum(group.n_findings for group in self.follow_ups)

    @property
    def has_more_places(self) -> bool:
        """Whether some listed places are folded away."""
        return any(column.rest for column in self.by_field) or bool(self.follow_ups)


@dataclass(frozen=True, slots=True)
class FindingsView:
    """Findings of one run for a reader.

    Attributes
    ----------
    first : tuple of FindingGroup
        The few that unlock most, one cause each.
    personal : tuple of FindingGroup
        What may be personal data: to be taken out.
    groups : tuple of FindingGroup
        All others, those of one rule and table together.
    """

    n_errors: int
    n_findings: int
    summary: str
    first: tuple[FindingGroup, ...]
    personal: tuple[FindingGroup, ...]
    groups: tuple[FindingGroup, ...]
    n_clean: int
    n_made: int
    clean: tuple[CheckLine, ...]
    cannot_tell: tuple[CheckLine, ...]
    not_applicable: tuple[CheckLine, ...]
    readiness: ReadinessView
    remarks: tuple[str, ...]

    @property
    def all_groups(self) -> tuple[FindingGroup, ...]:
        """Every group, in the order in which they are told."""
        return (*self.first, *self.personal, *self.groups)

    @property
    def parts(self) -> tuple[tuple[str, tuple[FindingGroup, ...]], ...]:
        """The groups under their headings, by the keys of these."""
        then = tuple(group for group in self.groups if group.severity != "note")
        notes = tuple(group for group in self.groups if group.severity == "note")
        first = "first" if then else "mend"
        parts = ((first, self.first), ("take_out", self.personal), ("then", then), ("notes", notes))
        return tuple((key, groups) for key, groups in parts if groups)
