"""Which indicators have the tables and fields that they need, and which field would unlock which.

From the reference sheets and what was handed in alone: nothing is calculated, no gate is judged. Whether there are
enough people, enough coverage or enough time behind a value is said by `calculate` and `report`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from relmetrics.validation.references import is_adopted

if TYPE_CHECKING:
    from relmetrics.definitions import Indicator, Release
    from relmetrics.submission import Submission

__all__ = ["Readiness", "fields_to_fill", "helped_by", "judge_readiness", "unlocked_by", "unlocked_together"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether an indicator has what it needs to be calculated at all.

    Attributes
    ----------
    reason : {'', 'not_adopted_level', 'missing_required_field'}
        The reason that its value would have; empty where it is ready.
    tables_missing : tuple of str
        Tables that it needs and that were not handed in.
    fields_missing : tuple of str
        ``table.field`` of tables that were handed in: the column is absent, or empty in every row.
    """

    indicator: str
    is_ready: bool
    reason: Literal["", "not_adopted_level", "missing_required_field"]
    tables_missing: tuple[str, ...] = ()
    fields_missing: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that is missing, tables first."""
        return (*self.tables_missing, *self.fields_missing)


def fields_to_fill(release: Release) -> dict[str, tuple[str, ...]]:
    """Return by table the fields that some indicator needs to be filled in at least one row.

    Parameters
    ----------
    release : Release
        The standard.
    """
    wanted: dict[str, dict[str, None]] = {}
    for indicator in release.indicators.values():
        for name in indicator.required_fields:
            table, _, field = name.partition(".")
            wanted.setdefault(table, {})[field] = None
    return {table: tuple(fields) for table, fields in wanted.items()}


def judge_readiness(submission: Submission, n_filled: Mapping[str, int]) -> tuple[Readiness, ...]:
    """Say of every indicator whether it has what it needs.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    n_filled : mapping
        ``table.field`` to the number of rows in which it is filled, for `fields_to_fill`.
    """
    release = submission.release
    return tuple(_judge(submission, release.indicators[name], n_filled) for name in sorted(release.indicators))


def _judge(submission: Submission, indicator: Indicator, n_filled: Mapping[str, int]) -> Readiness:
    tables = tuple(table for table in indicator.needs if table not in submission.tables)
    fields = []
    for name in indicator.required_fields:
        table, _, field = name.partition(".")
        read = submission.tables.get(table)
        if read is None:
            # Nothing is known about its fields; where the table is only read, its absence counts as no rows.
            continue
        is_empty = read.n_rows > 0 and not n_filled.get(name, 0)
        if read.column(field) is None or is_empty:
            fields.append(name)
    fields += [name for name in _required_columns_absent(submission, indicator) if name not in fields]
    reason: Literal["", "not_adopted_level", "missing_required_field"] = ""
    if not is_adopted(submission, indicator.adoption):
        reason = "not_adopted_level"
    elif tables or fields:
        reason = "missing_required_field"
    return Readiness(indicator.id, not reason, reason, tables, tuple(fields))


def _required_columns_absent(submission: Submission, indicator: Indicator) -> list[str]:
    """Columns that a needed table must have and has not: its rows then say too little to count."""
    return [
        f"{name}.{field.id}"
        for name in indicator.needs
        if name in submission.tables
        for field in submission.release.tables[name].fields
        if field.required and submission.tables[name].column(field.id) is None
    ]


def unlocked_by(readiness: tuple[Readiness, ...]) -> dict[str, tuple[str, ...]]:
    """Return by table or ``table.field`` the indicators that lack this alone.

    Parameters
    ----------
    readiness : tuple of Readiness
        As `judge_readiness` gives it.
    """
    found: dict[str, list[str]] = {}
    for one in readiness:
        if one.reason == "missing_required_field" and len(one.missing) == 1:
            found.setdefault(one.missing[0], []).append(one.indicator)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: tuple(indicators) for name, indicators in ordered}


def unlocked_together(readiness: tuple[Readiness, ...], names: Set[str]) -> tuple[str, ...]:
    """Return the indicators that lack nothing but some of these.

    Parameters
    ----------
    readiness : tuple of Readiness
        As `judge_readiness` gives it.
    names : set of str
        Tables and ``table.field`` that would be there, or could be read.
    """
    return tuple(one.indicator for one in _lacking(readiness, names) if names >= set(one.missing))


def helped_by(readiness: tuple[Readiness, ...], names: Set[str]) -> tuple[str, ...]:
    """Return the indicators that lack some of these, and something else as well.

    Parameters
    ----------
    readiness, names
        As for `unlocked_together`.
    """
    return tuple(one.indicator for one in _lacking(readiness, names) if not names >= set(one.missing))


def _lacking(readiness: tuple[Readiness, ...], names: Set[str]) -> list[Readiness]:
    return [
        one
        for one in readiness
        if one.reason == "missing_required_field" and any(missing in names for missing in one.missing)
    ]
