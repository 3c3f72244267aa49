"""Views of the release on one submission, each computed once for each distinct set of parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relmetrics.errors import DefinitionError
from relmetrics.expressions import RELEASE, Expression, Query, Scope, parse_expression, parse_query
from relmetrics.submission.counted import count_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relmetrics.definitions import Release
    from relmetrics.submission.submission import Submission

__all__ = ["Views", "table_relations"]

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
PARAMETER_TYPES = {
    "T": "date",
    "S": "date",
    "records_from": "date",
    "recorded_for": "code",
    "has_paid_staff": "code",
    "min_minutes": "integer",
    "follow_days": "integer",
    "horizon": "integer",
    "rarefy_to": "integer",
}


def table_relations(release: Release) -> dict[str, dict[str, str]]:
    """Relations of a release's tables as views read them: column to type."""
    relations: dict[str, dict[str, str]] = {}
    for table in release.tables.values():
        columns: dict[str, str] = {}
        for field in table.fields:
            if field.type == "codes":
                child = {name: table.by_id[name].type for name in table.key}
                relations[f"{table.id}_{field.id}"] = {**child, str(field.singular): "code"}
                continue
            columns[field.id] = field.type
            if field.reduced:
                columns[f"{field.id}_precision"] = "code"
        relations[table.id] = columns
    return relations


class Views:
    """Materialises views and answers queries over them.

    Parameters
    ----------
    submission : Submission
        Its `given` tables become `counted` at once.

    Attributes
    ----------
    rows_left_out : dict
        Rows that the rule for faulty rows leaves out, by table.
    """

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.release = submission.release
        self.connection = submission.connection
        self.rows_left_out = count_rows(submission)
        self._tables = table_relations(submission.release)
        self._parsed: dict[str, tuple[Query, frozenset[str]]] = {}
        self._made: dict[tuple[str, tuple[tuple[str, Any], ...]], str] = {}

    def parse(self, view: str) -> tuple[Query, frozenset[str]]:
        """Parse a view and those under it; return the query and every parameter that it depends on."""
        if view not in self._parsed:
            definition = self.release.views.get(view)
            if definition is None:
                raise DefinitionError(f"There is no view '{view}'. Add views/{view}.yaml to the release.")
            query = parse_query(definition.query, self._scope(definition.query, view), RELEASE)
            parameters = set(query.parameters)
            for name in query.relations & self.release.views.keys():
                parameters |= self.parse(name)[1]
            self._parsed[view] = (query, frozenset(parameters))
        return self._parsed[view]

    def _scope(self, text: str, but: str = "") -> Scope:
        relations: dict[str, Mapping[str, str]] = dict(self._tables)
        for name in sorted(set(_WORD.findall(text)) & self.release.views.keys() - {but}):
            relations[name] = self.parse(name)[0].column_types
        return Scope(
            relations=relations,
            parameters=frozenset(PARAMETER_TYPES),
            parameter_types=PARAMETER_TYPES,
        )

    def columns(self, view: str) -> Mapping[str, str]:
        """Columns of a view with their types."""
        return self.parse(view)[0].column_types

    def relation(self, name: str, bound: Mapping[str, Any]) -> tuple[str, ...]:
        """Identifiers of a table, or of a view that is computed now if it has not been for these parameters."""
        if name not in self.release.views:
            return ("counted", name)
        query, parameters = self.parse(name)
        values = tuple((key, bound[key]) for key in sorted(parameters))
        made = self._made.get((name, values))
        if made is None:
            places = {part: self.relation(part, bound) for part in sorted(query.relations)}
            made = f"view_{len(self._made)}_{name}"
            sql = query.sql("duckdb", relation=lambda part: places[part])
            self.connection.execute(
                f'CREATE TABLE counted."{made}" AS {sql}', {key: bound[key] for key in sorted(query.parameters)}
            )
            self._made[(name, values)] = made
        return ("counted", made)

    def one_row(self, text: str, bound: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a query of one row, as column to value."""
        query = parse_query(text, self._scope(text), RELEASE)
        places = {part: self.relation(part, bound) for part in sorted(query.relations)}
        sql = query.sql("duckdb", relation=lambda part: places[part])
        row = self.connection.execute(sql, {key: bound[key] for key in sorted(query.parameters)}).fetchone()
        return dict(zip(query.columns, row if row is not None else (None,) * len(query.columns), strict=True))

    def expression(self, text: str, view: str, *, aggregates: bool = False) -> Expression:
        """Parse a row expression (or an aggregate) over the rows of a view."""
        scope = Scope(
            relations={view: self.columns(view)},
            table=view,
            parameters=frozenset(PARAMETER_TYPES),
            parameter_types=PARAMETER_TYPES,
        )
        return parse_expression(text, scope, RELEASE, aggregates=aggregates)

    def aggregate(self, view: str, parts: Mapping[str, str], bound: Mapping[str, Any]) -> dict[str, Any]:
        """Compute several aggregates over a view in one query."""
        return self._select(view, parts, bound, aggregates=True)[0]

    def rows(
        self, view: str, columns: Sequence[str], bound: Mapping[str, Any], *, where: str | None = None
    ) -> dict[str, Any]:
        """Fetch columns of a view as numpy arrays, ordered by all of them so that the order of rows cannot matter.

        Rows for which `where` is true (a sheet's ``unknown_when``) are left out.
        """
        made = ".".join(f'"{part}"' for part in self.relation(view, bound))
        names = ", ".join(f'"t"."{name}"' for name in columns)
        order = ", ".join(f'"t"."{name}" NULLS LAST' for name in columns)
        needed: dict[str, Any] = {}
        condition = ""
        if where is not None:
            item = self.expression(where, view)
            condition = f" WHERE NOT coalesce({item.sql()}, FALSE)"
            needed = {key: bound[key] for key in item.parameters}
        sql = f'SELECT {names} FROM {made} AS "t"{condition} ORDER BY {order}'
        return dict(self.connection.execute(sql, needed).fetchnumpy())

    def _select(
        self, view: str, parts: Mapping[str, str], bound: Mapping[str, Any], *, aggregates: bool
    ) -> list[dict[str, Any]]:
        parsed = {name: self.expression(text, view, aggregates=aggregates) for name, text in parts.items()}
        made = ".".join(f'"{part}"' for part in self.relation(view, bound))
        selected = ", ".join(f'{item.sql()} AS "{name}"' for name, item in parsed.items())
        needed = {key: bound[key] for item in parsed.values() for key in item.parameters}
        rows = self.connection.execute(f'SELECT {selected} FROM {made} AS "t"', needed).fetchall()
        return [dict(zip(parsed, row, strict=True)) for row in rows]
