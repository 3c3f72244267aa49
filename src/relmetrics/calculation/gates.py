"""Gates and warnings of a sheet, as expressions over its quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relmetrics.expressions import Scope, parse_expression

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

__all__ = ["hold"]


def hold(connection: duckdb.DuckDBPyConnection, texts: Sequence[str], quantities: Mapping[str, Any]) -> list[bool]:
    """Say for each text whether it is true for these quantities; null is not true."""
    if not texts:
        return []
    kinds = {name: "code" if isinstance(value, str) else "integer" for name, value in quantities.items()}
    scope = Scope(relations={"quantities": kinds}, table="quantities")
    parsed = [parse_expression(text, scope) for text in texts]
    used = sorted({name for item in parsed for _, name in item.fields})
    columns = ", ".join(
        f'CAST(${name} AS {"VARCHAR" if kinds[name] == "code" else "BIGINT"}) AS "{name}"' for name in used
    )
    selected = ", ".join(f"coalesce({item.sql()}, FALSE)" for item in parsed)
    row = connection.execute(
        f'SELECT {selected} FROM (SELECT {columns or "1"}) AS "t"', {name: quantities[name] for name in used}
    ).fetchone()
    return [bool(value) for value in row or ()]
