"""Queries that only count the rows of one relation, as parts of a statement in which many of them stand together."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from relmetrics.expressions.language import AGGREGATES

__all__ = ["Totals", "totals_of"]

_CLAUSES = {"kind", "expressions", "from_", "where", "operation_modifiers"}


@dataclass(frozen=True, slots=True)
class Totals:
    """A query of aggregates over one relation.

    Attributes
    ----------
    source : str
        What follows FROM.
    columns : tuple of str
        Its columns, each with the condition of the query inside its aggregates, without names.
    """

    source: str
    columns: tuple[str, ...]


def totals_of(sql: str) -> Totals | None:
    """Take a query for DuckDB apart, as `Query.sql` wrote it; None where it is not of this form."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    if not isinstance(tree, exp.Select) or {name for name, part in tree.args.items() if part} - _CLAUSES:
        return None
    source = tree.args["from_"].this
    if not isinstance(source, exp.Table) or len(list(tree.find_all(exp.Select))) > 1:
        return None
    where = tree.args.get("where")
    columns = [_filtered(column.unalias(), where) for column in tree.expressions]
    if any(column is None for column in columns):
        return None
    return Totals(source.sql("duckdb"), tuple(column.sql("duckdb") for column in columns if column is not None))


def _filtered(column: exp.Expr, where: exp.Expr | None) -> exp.Expr | None:
    """Move the condition into the aggregates; None where something stands outside them that a single row decides."""
    if any(node.find_ancestor(*AGGREGATES) is None for node in column.find_all(exp.Column)):
        return None
    aggregates = list(column.find_all(*AGGREGATES))
    if not aggregates or any(node.find_ancestor(exp.Filter) is not None for node in aggregates):
        return None
    if where is None:
        return column

    def with_filter(node: exp.Expr) -> exp.Expr:
        if isinstance(node, AGGREGATES) and not isinstance(node.parent, exp.Filter):
            return exp.Filter(this=node.copy(), expression=exp.Where(this=where.this.copy()))
        return node

    return column.transform(with_filter)
