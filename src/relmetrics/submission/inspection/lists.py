"""Cells that hold a list, and what stands between its entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from relmetrics.submission.codes import literal
from relmetrics.submission.inspection.kinds import Kind
from relmetrics.submission.inspection.measures import Measured
from relmetrics.submission.inspection.nouns import Oddity
from relmetrics.submission.submission import column_letter

__all__ = ["odd_lists"]

_MARKS = {"semicolon": ";", "bar": "|", "slash": " / ", "comma": ", "}
_LEAST_CELLS = 3
_SHARE = {"semicolon": 0.03, "bar": 0.05, "slash": 0.1, "comma": 0.2}
_LONGEST_ENTRY = 60
_CHANGE_PLACES = frozenset({"comma", "slash"})
_USED_AGAIN = {"semicolon": 1.0, "bar": 1.0, "slash": 1.3, "comma": 1.5}
_MOST_WORDS = {"semicolon": 12.0, "bar": 12.0, "slash": 6.0, "comma": 3.5}


def odd_lists(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Measured], kinds: Sequence[Kind]
) -> Iterator[Oddity]:
    """Yield the columns of lists; ``looked.texts`` holds the texts of their table.

    A semicolon or a bar parts entries nearly always. A comma does where the pieces are short and come again in other
    cells, which the halves of sentences and of addresses do not.
    """
    for column in columns:
        letter = column_letter(column.position)
        code = column.count("list_code")
        if code.n >= max(2, 0.02 * column.n_filled):
            yield Oddity("list_code", "second", (letter,), code.n, code.row)
            continue
        if kinds[column.position].kind != "text" or column.share("url") > 0.3 or column.share("html") > 0.2:
            continue
        for name, mark in _MARKS.items():
            count = column.count(name)
            least = max(_LEAST_CELLS, _SHARE[name] * column.n_filled)
            if count.n >= least and _are_entries(connection, column.position, name, mark):
                spaced = connection.execute(
                    f"SELECT bool_or(contains(t, '; ')) AND bool_or(regexp_matches(t, ';[^ ]')) FROM looked.texts "
                    f"WHERE col = {column.position} AND contains(t, ';')"
                ).fetchall()[0][0]
                params = {"mark": mark.strip(), "name": name}
                if name == "semicolon" and spaced:
                    params["spaced"] = "both"
                yield Oddity("list", "second", (letter,), count.n, count.row, params)
                break


def _are_entries(connection: duckdb.DuckDBPyConnection, position: int, name: str, mark: str) -> bool:
    pieces = (
        "SELECT trim(unnest(string_split(t, "
        f"{literal(mark)}))) AS piece, generate_subscripts(string_split(t, {literal(mark)}), 1) AS nth "
        f"FROM looked.texts WHERE col = {position} AND contains(t, {literal(mark)})"
    )
    n, different, words, longest, later, both = connection.execute(
        f"SELECT sum(n), count(*), sum(words * n) / sum(n), quantile_disc(length(piece), 0.9), "
        "count(*) FILTER (WHERE later), count(*) FILTER (WHERE later AND first) FROM ("
        "SELECT lower(piece) AS piece, count(*) AS n, max(len(string_split(piece, ' '))) AS words, "
        f"bool_or(nth > 1) AS later, bool_or(nth = 1) AS first FROM ({pieces}) WHERE piece <> '' GROUP BY lower(piece))"
    ).fetchall()[0]
    if not n:
        return False
    # A town and its state, a firm and its form: two parts, each with its place. Entries of a list change places.
    if name in _CHANGE_PLACES and both < 0.2 * later:
        return False
    return bool(n / different >= _USED_AGAIN[name] and words <= _MOST_WORDS[name] and longest <= _LONGEST_ENTRY)
