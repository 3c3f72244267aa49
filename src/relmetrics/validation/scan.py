"""One pass over a table for all that is said about its rows.

Every elementary condition about a row is one bit of a mask, and rows are grouped by their mask: one aggregate gives how
often each combination occurs and its first rows, and all counts follow from that. A second query, only where something
was found, fetches the rows that findings point at. The number of statements does not grow with the number of rules.

Grouping by mask took the place of a table of masks with one aggregate for each bit: planning forty aggregates took
longer than judging a small table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import TYPE_CHECKING, Any

from relmetrics.validation.sql import quoted

if TYPE_CHECKING:
    import duckdb

__all__ = ["EVERY_ROW", "Counts", "Join", "Listed", "RowCheck", "Scan", "When", "either", "when"]

_BITS = 62


@dataclass(frozen=True, slots=True)
class When:
    """When something holds for a row: one of several alternatives, each with conditions that hold and that do not.

    The conditions are SQL and never null.
    """

    alternatives: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def conditions(self) -> list[str]:
        """All conditions, in order, some perhaps more than once."""
        return [one for holds, fails in self.alternatives for one in (*holds, *fails)]

    def masks(self, places: Mapping[str, int]) -> list[tuple[int, int]]:
        """Bits that must be set, and bits that must not be, for each alternative."""
        return [
            (sum(1 << places[one] for one in set(holds)), sum(1 << places[one] for one in set(fails)))
            for holds, fails in self.alternatives
        ]

    def sql(self) -> str:
        """The same as one condition."""
        return " OR ".join(
            "(" + " AND ".join([*(f"({one})" for one in holds), *(f"NOT ({one})" for one in fails), "TRUE"]) + ")"
            for holds, fails in self.alternatives
        )


def when(*holds: str, fails: Sequence[str] = ()) -> When:
    """All of `holds` hold, none of `fails` does."""
    return When(((holds, tuple(fails)),))


def either(*conditions: str) -> When:
    """At least one of the conditions holds."""
    return When(tuple(((one,), ()) for one in conditions))


EVERY_ROW = when()


@dataclass(frozen=True, slots=True)
class Join:
    """A table that rows are looked up in; its keys are unique, so that no row is multiplied.

    Parameters
    ----------
    name : str
        Alias.
    source : str
        Table or subquery.
    condition : str
        When a row of it belongs to a row ``t``.
    """

    name: str
    source: str
    condition: str


@dataclass(frozen=True, slots=True)
class RowCheck:
    """One verdict about every row of a table.

    Parameters
    ----------
    id : str
        Rule or structural constraint.
    field : str
        Field whose cell is shown.
    eligible, judged, broken : When
        Which rows the check is about, which of them can be judged, which of those are breaches.
    params : mapping
        Name to expression, for the message.
    joins : tuple of str
        Names of the joins that are used.
    text : str
        Expression of the text whose shape is told.
    most : int or None
        List no more breaches than this, where one stands for all.
    """

    id: str
    field: str
    eligible: When
    judged: When
    broken: When
    params: Mapping[str, str] = attribute(default_factory=dict)
    joins: tuple[str, ...] = ()
    text: str = "NULL"
    most: int | None = None


@dataclass(slots=True)
class Counts:
    """What one pass says about one check; `rows` are the first breaches."""

    n_eligible: int = 0
    n_examined: int = 0
    n_findings: int = 0
    rows: list[int] = attribute(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row in which a check found a breach."""

    check: RowCheck
    row: int
    key: tuple[str, ...]
    text: str | None
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows with one mask: how many, and the first of them."""

    mask: int
    n_rows: int
    rows: list[int]

    def meets(self, masks: Sequence[tuple[int, int]]) -> bool:
        return any(self.mask & holds == holds and not self.mask & fails for holds, fails in masks)


class Scan:
    """One pass over one relation.

    Parameters
    ----------
    relation : str
        Table as SQL; its rows are called ``t`` and have ``_row``.
    key : sequence of str
        Expressions of the texts that say which record a row is.
    joins : mapping
        What rows can be looked up in, by name.
    parameters : mapping
        Dates by the name of their parameter.
    """

    def __init__(
        self, relation: str, key: Sequence[str], joins: Mapping[str, Join], parameters: Mapping[str, date]
    ) -> None:
        self._relation = relation
        self._key = list(key)
        self._joins = joins
        self._parameters = parameters
        self.checks: list[RowCheck] = []
        self.filled: dict[str, str] = {}
        """Name to a condition that is never null; `run` counts the rows that meet it into `n_filled`."""
        self.n_filled: dict[str, int] = {}

    def run(self, connection: duckdb.DuckDBPyConnection, most_listed: int) -> list[Counts]:
        """Judge all rows; the counts stand in the order of `checks`.

        Parameters
        ----------
        connection : duckdb.DuckDBPyConnection
            Where the relation is.
        most_listed : int
            How many rows of a breach are listed.
        """
        places: dict[str, int] = dict.fromkeys(self.filled.values(), 0)
        for check in self.checks:
            for part in (check.eligible, check.judged, check.broken):
                places |= dict.fromkeys(part.conditions(), 0)
        if not places:
            return [Counts() for _ in self.checks]
        places = {condition: place for place, condition in enumerate(places)}
        groups = self._groups(connection, list(places), most_listed)
        self.n_filled = {
            name: sum(group.n_rows for group in groups if group.mask >> places[condition] & 1)
            for name, condition in self.filled.items()
        }
        return [_counts(groups, check, places, most_listed) for check in self.checks]

    def _groups(
        self, connection: duckdb.DuckDBPyConnection, conditions: Sequence[str], most_listed: int
    ) -> list[_Group]:
        masks = [
            " | ".join(f"(CAST({one} AS BIGINT) << {bit})" for bit, one in enumerate(conditions[start : start + _BITS]))
            for start in range(0, len(conditions), _BITS)
        ]
        names = ", ".join(f"mask_{number}" for number in range(len(masks)))
        columns = ", ".join(f"{mask} AS mask_{number}" for number, mask in enumerate(masks))
        used = sorted({join for check in self.checks for join in check.joins})
        # DuckDB wants a number above zero for the rows; what is more than asked for is cut off later.
        query = (
            f"SELECT count(*), min(_row, {max(most_listed, 1)}), {names} "
            f"FROM (SELECT t._row, {columns} FROM {self._source(used)}) GROUP BY {names}"
        )
        return [
            _Group(sum(part << (number * _BITS) for number, part in enumerate(parts)), n_rows, rows)
            for n_rows, rows, *parts in connection.execute(query, self._bound(query)).fetchall()
        ]

    def fetch(self, connection: duckdb.DuckDBPyConnection, counts: Sequence[Counts]) -> list[Listed]:
        """Fetch what findings need from the rows that `run` listed.

        Parameters
        ----------
        connection : duckdb.DuckDBPyConnection
            The same as for `run`.
        counts : sequence of Counts
            What `run` gave.
        """
        broken = [(check, set(count.rows)) for check, count in zip(self.checks, counts, strict=True) if count.rows]
        if not broken:
            return []
        columns = ["t._row", *(f"CAST({part} AS VARCHAR)" for part in self._key)]
        for check, _ in broken:
            columns += [check.broken.sql(), check.text]
            columns += [f"CAST({expression} AS VARCHAR)" for expression in check.params.values()]
        used = sorted({join for check, _ in broken for join in check.joins})
        query = (
            f"SELECT {', '.join(columns)} FROM {self._source(used)} "
            f"WHERE t._row IN (SELECT unnest($listed_rows)) ORDER BY ALL"
        )
        rows = sorted(set().union(*(wanted for _, wanted in broken)))
        bound: dict[str, Any] = {**self._bound(query), "listed_rows": rows}
        listed = []
        for row, *record in connection.execute(query, bound).fetchall():
            key = tuple("" if part is None else part for part in record[: len(self._key)])
            at = len(self._key)
            for check, wanted in broken:
                is_broken, text, *values = record[at : at + 2 + len(check.params)]
                at += 2 + len(check.params)
                if is_broken and row in wanted:
                    texts = ("" if value is None else value for value in values)
                    listed.append(Listed(check, row, key, text, dict(zip(check.params, texts, strict=True))))
        return listed

    def _source(self, used: Sequence[str]) -> str:
        joins = (self._joins[name] for name in used)
        return f"{self._relation} AS t" + "".join(
            f" LEFT JOIN {join.source} AS {quoted(join.name)} ON {join.condition}" for join in joins
        )

    def _bound(self, query: str) -> dict[str, date]:
        """Only the parameters that a query uses: DuckDB refuses to be given more."""
        return {name: value for name, value in self._parameters.items() if f"${name}" in query}


def _counts(groups: Sequence[_Group], check: RowCheck, places: Mapping[str, int], most_listed: int) -> Counts:
    eligible, judged, broken = (part.masks(places) for part in (check.eligible, check.judged, check.broken))
    counts = Counts()
    for group in groups:
        counts.n_eligible += group.n_rows * group.meets(eligible)
        counts.n_examined += group.n_rows * group.meets(judged)
        if group.meets(broken):
            counts.n_findings += group.n_rows
            counts.rows += group.rows
    counts.rows = sorted(counts.rows)[: most_listed if check.most is None else min(check.most, most_listed)]
    return counts
