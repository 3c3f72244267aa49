"""The nouns of what happened to rows: by table, by part of time, by field, by code. Never a raw value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["NOT_READABLE", "CodeChange", "FieldRevision", "Part", "PartRevision", "TableRevision"]

Part = Literal["past", "after", "undated"]
"""Days up to the day of the first submission, days after it, and rows without a day (or with one too vague to tell)."""

NOT_READABLE = "?"
"""Stands among codes for a text that is none; codes never hold a question mark."""


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One code became another in `n` rows.

    Attributes
    ----------
    before, after : str or None
        None where the cell is empty; `NOT_READABLE` where it holds no code. In a field that takes several codes, an
        added code has no `before` and a removed one no `after`.
    """

    before: str | None
    after: str | None
    n: int


@dataclass(frozen=True, slots=True)
class FieldRevision:
    """What happened to the values of one field, in rows that stand in both submissions.

    Attributes
    ----------
    n_filled, n_emptied : int
        From empty to something, from something to empty.
    n_mended, n_spoilt : int
        From not readable to readable, and the other way round.
    n_rewritten : int
        From one value to another; two ways to write the same value are no change.
    codes : tuple of CodeChange
        Of fields that take codes of the standard; most frequent first.
    """

    field: str
    n_filled: int
    n_emptied: int
    n_mended: int
    n_spoilt: int
    n_rewritten: int
    codes: tuple[CodeChange, ...] = ()

    @property
    def n_changed(self) -> int:
        """All values that are not the same any more."""
        return self.n_filled + self.n_emptied + self.n_mended + self.n_spoilt + self.n_rewritten


@dataclass(frozen=True, slots=True)
class PartRevision:
    """What happened to the rows of one table in one part of time.

    Attributes
    ----------
    n_compared, n_changed : int
        Rows with the same key in both, and those of them in which some value of a column that both have is another.
    fields : tuple of FieldRevision
        Only fields with a change.
    """

    part: Part
    n_added: int
    n_removed: int
    n_compared: int
    n_changed: int
    fields: tuple[FieldRevision, ...] = ()

    @property
    def is_revised(self) -> bool:
        """Whether anything is different."""
        return bool(self.n_added or self.n_removed or self.n_changed)


@dataclass(frozen=True, slots=True)
class TableRevision:
    """What happened to one table.

    All rows of the first submission are compared, removed, `n_repeated_before` or `n_keyless_before`; in the same way
    all rows of the second one.

    Attributes
    ----------
    presence : {'both', 'appeared', 'disappeared'}
        In which of the two the table was handed in.
    dated_by : str
        ``held_on`` or ``event_id.held_on``: the field that says when a row happened; empty where rows have no day.
    n_repeated_before, n_repeated_after : int
        Rows whose key stands more than once in either submission, and in both: they cannot be told apart.
    n_keyless_before, n_keyless_after : int
        Rows with a key that is empty or not readable in some part.
    columns_appeared, columns_disappeared : dict
        Columns that one of the two has not, with the number of filled cells; they count in no row as changed.
    is_renamed : bool
        Nearly no key stands in both, although both have rows: the ids were made anew, and little can be compared.
    """

    table: str
    presence: Literal["both", "appeared", "disappeared"]
    dated_by: str
    n_before: int
    n_after: int
    n_repeated_before: int
    n_repeated_after: int
    n_keyless_before: int
    n_keyless_after: int
    columns_appeared: dict[str, int]
    columns_disappeared: dict[str, int]
    parts: tuple[PartRevision, ...]
    is_renamed: bool

    def part(self, name: Part) -> PartRevision:
        """One part of time."""
        return next(part for part in self.parts if part.part == name)

    @property
    def n_added(self) -> int:
        """Rows that stand in the second submission only."""
        return sum(part.n_added for part in self.parts)

    @property
    def n_removed(self) -> int:
        """Rows that stand in the first submission only."""
        return sum(part.n_removed for part in self.parts)

    @property
    def n_compared(self) -> int:
        """Rows with the same key in both."""
        return sum(part.n_compared for part in self.parts)
