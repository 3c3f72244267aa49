"""What the different texts of each column look like: counted in the database, all columns in a few statements."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from relmetrics.submission.codes import trim_sql
from relmetrics.submission.inspection.forms import MASK, form_sql
from relmetrics.submission.inspection.signs import SIGNS

__all__ = ["Count", "Measured", "MeasuredForm", "measure"]

_WIDE_TABLE = 40


@dataclass(slots=True)
class Count:
    """Cells, different texts, and the first row."""

    n: int = 0
    n_different: int = 0
    row: int = 0


@dataclass(slots=True)
class MeasuredForm(Count):
    """The same of a form of numbers or dates."""

    form: str = ""


@dataclass(slots=True)
class Measured:
    """One column.

    Attributes
    ----------
    counts : dict
        By sign (`signs.SIGNS`); those that are nowhere are left out.
    forms : dict
        By form of numbers and dates; all other texts, without words for nothing, under the empty text.
    n_folded : int
        Different texts when capitals, accents and what is neither letter nor digit do not count.
    """

    position: int
    n_filled: int = 0
    n_different: int = 0
    longest: int = 0
    n_folded: int = 0
    counts: dict[str, Count] = field(default_factory=dict)
    forms: dict[str, MeasuredForm] = field(default_factory=dict)

    def count(self, name: str) -> Count:
        """Return the count of a measure, zero where there is none."""
        return self.counts.get(name) or Count()

    def share(self, name: str) -> float:
        """Share of the filled cells."""
        return self.count(name).n / self.n_filled if self.n_filled else 0.0


def measure(connection: duckdb.DuckDBPyConnection, relation: str, n_columns: int) -> list[Measured]:
    """Measure each column of a relation; ``looked.texts`` holds its different texts afterwards.

    Parameters
    ----------
    relation : str
        SQL name; it has ``_row`` and ``c0``, ``c1``, …
    """
    found = [Measured(position) for position in range(n_columns)]
    _gather(connection, relation, n_columns)
    mask = MASK.replace("(t,", f"({trim_sql('text')},")
    first, second = (f"regexp_extract(t, '{regex}', 1)" for regex in ("^([0-9]+)", "^[0-9]+[-/.]([0-9]+)"))
    # Each mask is compared with the forms once, however many texts have it.
    connection.execute(
        "CREATE OR REPLACE TABLE looked.texts AS SELECT * REPLACE (coalesce(form, '') AS form), "
        f"TRY_CAST(CASE WHEN starts_with(form, 'two ') THEN {first} END AS INTEGER) AS p1, "
        f"TRY_CAST(CASE WHEN starts_with(form, 'two ') THEN {second} END AS INTEGER) AS p2 FROM ("
        "  SELECT *, strlen(text) <> length(text) AS is_wide, regexp_matches(text, '[[:cntrl:]]') AS is_control FROM ("
        f"    SELECT col, text, {trim_sql('text')} AS t, n, first, last, {mask} AS mask FROM looked.gathered) "
        "  WHERE t <> '') "
        f"LEFT JOIN (SELECT mask, {form_sql('mask')} AS form FROM ("
        f"  SELECT DISTINCT {mask} AS mask FROM looked.gathered)) USING (mask)"
    )
    connection.execute("DROP TABLE looked.gathered")
    _count_texts(connection, found)
    _count_forms(connection, found)
    return found


def _gather(connection: duckdb.DuckDBPyConnection, relation: str, n_columns: int) -> None:
    """Put the different texts of each column into ``looked.gathered``."""
    columns = "col INTEGER, text VARCHAR, n BIGINT, first BIGINT, last BIGINT"
    connection.execute(f"CREATE OR REPLACE TABLE looked.gathered ({columns})")
    names = [f"c{position}" for position in range(n_columns)]
    if n_columns > _WIDE_TABLE:
        # To plan a statement for each of hundreds of columns takes longer than to lay all cells in one column.
        connection.execute(
            "INSERT INTO looked.gathered SELECT CAST(substr(col, 2) AS INTEGER), text, count(*), "
            f'min("_row"), max("_row") FROM (UNPIVOT {relation} ON {", ".join(names)} INTO NAME col VALUE text) '
            "WHERE text <> '' GROUP BY col, text"
        )
        return
    selects = [
        f'SELECT {position}, {name}, count(*), min("_row"), max("_row") FROM {relation} WHERE {name} <> \'\' '
        f"GROUP BY {name}"
        for position, name in enumerate(names)
    ]
    if selects:
        connection.execute(f"INSERT INTO looked.gathered {' UNION ALL '.join(selects)}")


def _count_texts(connection: duckdb.DuckDBPyConnection, found: list[Measured]) -> None:
    # One bit a sign: what a text shows is one number, and of these numbers there are few.
    bits = " | ".join(f"(CASE WHEN {sign} THEN {1 << at} ELSE 0 END)" for at, sign in enumerate(SIGNS.values()))
    rows = connection.execute(
        "SELECT col, signs, sum(n)::BIGINT, count(*), min(first), max(length(t)) FROM ("
        f"SELECT *, ({bits})::BIGINT AS signs FROM looked.texts) GROUP BY col, signs ORDER BY col, signs"
    ).fetchall()
    for col, signs, n, n_different, first, longest in rows:
        one = found[col]
        one.n_filled += n
        one.n_different += n_different
        one.longest = max(one.longest, longest)
        for at, name in enumerate(SIGNS):
            if signs >> at & 1:
                count = one.counts.setdefault(name, Count(row=first))
                count.n += n
                count.n_different += n_different
                count.row = min(count.row, first)
    bare = "regexp_replace(lower(strip_accents(t)), '[^\\p{L}\\p{N}]+', '', 'g')"
    folded = connection.execute(
        f"SELECT col, count(DISTINCT t), count(DISTINCT {bare}) FROM looked.texts "
        "WHERE form = '' AND length(t) BETWEEN 2 AND 100 GROUP BY col"
    ).fetchall()
    for col, n_different, n_folded in folded:
        found[col].n_folded = int(n_different) - int(n_folded)


def _count_forms(connection: duckdb.DuckDBPyConnection, found: list[Measured]) -> None:
    rows = connection.execute(
        f"SELECT col, form, sum(n), count(*), min(first) FROM looked.texts WHERE NOT ({SIGNS['nothing']}) "
        "GROUP BY col, form ORDER BY col, form"
    ).fetchall()
    for col, form, n, n_different, first in rows:
        found[col].forms[form] = MeasuredForm(int(n), int(n_different), int(first), form)
