"""Writes a checked tree for one engine, so that all engines give the same.

Where they would differ, the tree is rewritten: sums of whole numbers are cast back to BIGINT, a date moves by an
INTEGER, a truncated date is a date again, operators stand in brackets, and in PostgreSQL text that is put in order is
compared byte by byte (except in ORDER BY after DISTINCT or a set operation, where it allows names only; no value
depends on that, because LIMIT is refused there). DuckDB runs this now; for PostgreSQL and Spark it is translated and
read back by sqlglot only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from relmetrics.expressions.grouping import OUTPUT
from relmetrics.expressions.kinds import TYPE, is_text, type_of
from relmetrics.expressions.language import OPERATORS, SET_OPERATIONS
from relmetrics.expressions.scope import KINDS, refuse
from relmetrics.expressions.syntax import room

__all__ = ["DIALECTS", "QualifyColumn", "QualifyRelation", "write"]

DIALECTS: Final = ("duckdb", "postgres", "spark")

QualifyColumn = Callable[[str, str], tuple[str, ...]]
QualifyRelation = Callable[[str], tuple[str, ...]]

_ORDERS: Final = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_ORDERINGS: Final = (*_ORDERS, exp.Least, exp.Greatest, exp.Min, exp.Max, exp.Ordered)
_SUMS: Final = (exp.Add, exp.Sub)
_CASTS: Final = {"integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN", "month": "DATE"}


def write(
    tree: exp.Expr,
    dialect: str,
    *,
    column: QualifyColumn | None = None,
    relation: QualifyRelation | None = None,
    relations: frozenset[str] = frozenset(),
    parameter_types: dict[str, str] | None = None,
) -> str:
    """Return the SQL of `tree` in `dialect`; the tree itself stays as it is.

    Parameters
    ----------
    tree : sqlglot.exp.Expr
        A tree that has passed every door.
    dialect : {'duckdb', 'postgres', 'spark'}
        The engine.
    column : callable, optional
        For row expressions: (name of the join or empty, field) to the identifiers that are written.
    relation : callable, optional
        For queries: declared relation to the identifiers that are written, such as (schema, table).
    relations : frozenset of str
        Declared relations, in contrast to the query's own WITHs.
    parameter_types : dict, optional
        Types of parameters where known.
    """
    if dialect not in DIALECTS:
        raise ValueError(f"unknown dialect {dialect!r}; known: {', '.join(DIALECTS)}")
    with room():
        holder = exp.Paren(this=tree.copy())
        if dialect == "postgres":
            _name_outputs_by_value(holder)
        for node in reversed(list(holder.this.bfs())):
            new = _rewritten(node, dialect, parameter_types or {})
            if column is not None and isinstance(node, exp.Column):
                new = _identifiers(column(node.table, node.name))
            elif relation is not None and isinstance(node, exp.Table) and node.name in relations:
                _rename(node, relation(node.name))
            if isinstance(new, exp.Identifier):
                new.set("quoted", True)
            if new is not node:
                new.meta[TYPE] = node.meta.get(TYPE)
                node.replace(new)
            if isinstance(new.parent, OPERATORS) and _needs_brackets(new):
                inner = new.copy()
                new.replace(exp.Paren(this=inner))
        try:
            return str(holder.this.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE))
        except SqlglotError as problem:
            refuse(f"This cannot be said in {dialect}: {type(problem).__name__}.", "Write it more simply.")


def _needs_brackets(node: exp.Expr) -> bool:
    # The tree says what belongs together; brackets say it to every engine, whatever precedence it gives its operators.
    parent = node.parent
    if not isinstance(node, OPERATORS) or parent is None:
        return False
    if node.arg_key == "this" and isinstance(parent, (exp.And, exp.Or)):
        return type(node) is not type(parent) and isinstance(node, (exp.And, exp.Or, exp.Not))
    if node.arg_key == "this" and isinstance(parent, _SUMS) and isinstance(node, _SUMS):
        return False
    if isinstance(parent, (exp.And, exp.Or)):
        return isinstance(node, (exp.And, exp.Or, exp.Not))
    return not (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


def _rewritten(node: exp.Expr, dialect: str, parameter_types: dict[str, str]) -> exp.Expr:
    if isinstance(node, exp.Placeholder):
        return _parameter(node, dialect, parameter_types.get(str(node.this), ""))
    if isinstance(node, exp.DateTrunc | exp.TimestampTrunc):
        unit = exp.Literal.string(node.args["unit"].name.lower())
        return exp.cast(exp.Anonymous(this="DATE_TRUNC", expressions=[unit, node.this.copy()]), "DATE")
    if isinstance(node, _SUMS) and type_of(node) == "date":
        return _moved_date(node, dialect)
    if isinstance(node, exp.IntDiv) and dialect == "postgres":
        return exp.cast(exp.Anonymous(this="DIV", expressions=[node.this.copy(), node.expression.copy()]), "BIGINT")
    if isinstance(node, exp.WindowSpec):
        for part in ("kind", "start", "start_side", "end", "end_side"):
            if isinstance(node.args.get(part), str):
                node.set(part, node.args[part].upper())
    if _is_whole_sum(node):
        return exp.cast(node.copy(), "BIGINT")
    if dialect == "postgres" and isinstance(node, _ORDERINGS) and is_text(node.this) and OUTPUT not in node.this.meta:
        _compare_bytes(node.this)
    return node


def _parameter(node: exp.Placeholder, dialect: str, type_: str) -> exp.Expr:
    mark = "$" if dialect == "duckdb" else ":"
    written = exp.Var(this=f"{mark}{node.this}")
    if KINDS.get(type_) == "text":
        return exp.cast(written, "VARCHAR")
    return exp.cast(written, _CASTS[type_]) if type_ in _CASTS else written


def _moved_date(node: exp.Expr, dialect: str) -> exp.Expr:
    day, days = node.this.copy(), node.expression.copy()
    if not isinstance(days, exp.Literal):
        days = exp.cast(days, "INT")
    if dialect == "spark":
        name = "DATE_ADD" if isinstance(node, exp.Add) else "DATE_SUB"
        return exp.Anonymous(this=name, expressions=[day, days])
    return type(node)(this=day, expression=days)


def _is_whole_sum(node: exp.Expr) -> bool:
    # DuckDB sums whole numbers into 128 bits, which pandas then takes for floating point; PostgreSQL into NUMERIC.
    inner = node
    while isinstance(inner, exp.Window | exp.Filter):
        inner = inner.this
    is_outermost = not isinstance(node.parent, exp.Window | exp.Filter) or node.arg_key != "this"
    return isinstance(inner, exp.Sum) and is_outermost and type_of(inner) == "integer"


def _compare_bytes(node: exp.Expr) -> None:
    type_ = node.meta.get(TYPE)
    inner = exp.Paren(this=node.copy()) if isinstance(node, OPERATORS) else node.copy()
    collated = exp.Collate(this=inner, expression=exp.to_identifier("C", quoted=True))
    collated.meta[TYPE] = type_
    node.replace(collated)


def _name_outputs_by_value(holder: exp.Expr) -> None:
    # PostgreSQL knows the name of an output in ORDER BY only when it stands alone, not with a collation behind it.
    for ordered in list(holder.find_all(exp.Ordered)):
        select = ordered.find_ancestor(exp.Select, *SET_OPERATIONS)
        value = ordered.this
        if OUTPUT not in value.meta or not isinstance(select, exp.Select) or select.args.get("distinct"):
            continue
        for projection in select.expressions:
            if projection.alias_or_name == value.name and is_text(value):
                named = projection.this if isinstance(projection, exp.Alias) else projection
                value.replace(named.copy())
                break


def _identifiers(names: tuple[str, ...]) -> exp.Expr:
    parts = [exp.to_identifier(name, quoted=True) for name in names]
    return exp.Column(**dict(zip(("this", "table", "db"), reversed(parts), strict=False)))


def _rename(node: exp.Table, names: tuple[str, ...]) -> None:
    if node.args.get("alias") is None:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
    for part, name in zip(("this", "db", "catalog"), reversed(names), strict=False):
        node.set(part, exp.to_identifier(name, quoted=True))
