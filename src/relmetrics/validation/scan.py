"""One pass over a table for all that is said about its rows.

Rows are grouped by all elementary conditions about them: one aggregate gives how often each combination occurs and its
first rows, and all counts follow from that; here a combination is a mask with one bit a condition. A second query, only
where something was found, fetches the rows that findings point at. The number of statements does not grow with the
number of rules.

Grouping took the place of one aggregate for each condition: planning forty aggregates took longer than judging a small
table. Packing the conditions into a number before grouping takes twice as long as grouping by them as they are: nearly
all of that is planning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any

from relmetrics.validation.sql import quoted

if TYPE_CHECKING:
    import duckdb

__all__ = ["EVERY_ROW", "Counts", "Join", "Listed", "RowCheck", "Scan", "When", "either", "when"]


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
        Dates and codes by the name of their parameter.
    """

    def __init__(
        self, relation: str, key: Sequence[str], joins: Mapping[str, Join], parameters: Mapping[str, Any]
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
        tally = _Tally(groups, places)
        return [tally.counts(check, most_listed) for check in self.checks]

    def _groups(
        self, connection: duckdb.DuckDBPyConnection, conditions: Sequence[str], most_listed: int
    ) -> list[_Group]:
        names = ", ".join(f"c{number}" for number in range(len(conditions)))
        columns = ", ".join(f"({one}) AS c{number}" for number, one in enumerate(conditions))
        used = sorted({join for check in self.checks for join in check.joins})
        # DuckDB wants a number above zero for the rows; what is more than asked for is cut off later.
        query = (
            f"SELECT count(*), min(_row, {max(most_listed, 1)}), {names} "
            f"FROM (SELECT t._row, {columns} FROM {self._source(used)}) GROUP BY {names}"
        )
        return [
            _Group(sum(1 << place for place, holds in enumerate(all_of_them) if holds), n_rows, rows)
            for n_rows, rows, *all_of_them in connection.execute(query, self._bound(query)).fetchall()
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

    def _bound(self, query: str) -> dict[str, Any]:
        """Only the parameters that a query uses: DuckDB refuses to be given more."""
        return {name: value for name, value in self._parameters.items() if f"${name}" in query}


class _Tally:
    """Counts rows by mask; many checks ask for the same rows."""

    def __init__(self, groups: Sequence[_Group], places: Mapping[str, int]) -> None:
        self._groups = [(group.mask, group) for group in groups]
        self._places = places
        self._found: dict[When, list[_Group]] = {}
        self._totals: dict[When, int] = {}

    def groups(self, part: When) -> list[_Group]:
        if part not in self._found:
            masks = part.masks(self._places)
            self._found[part] = [
                group
                for mask, group in self._groups
                if any(mask & holds == holds and not mask & fails for holds, fails in masks)
            ]
        return self._found[part]

    def total(self, part: When) -> int:
        if part not in self._totals:
            self._totals[part] = sum(group.n_rows for group in self.groups(part))
        return self._totals[part]

    def counts(self, check: RowCheck, most_listed: int) -> Counts:
        n_findings = self.total(check.broken)
        most = most_listed if check.most is None else min(check.most, most_listed)
        rows = [row for group in self.groups(check.broken) for row in group.rows] if n_findings and most else []
        return Counts(self.total(check.eligible), self.total(check.judged), n_findings, sorted(rows)[:most])
