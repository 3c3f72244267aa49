"""The allow-list of nodes, applied to one node: its type, its parts, and what its parts may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from sqlglot import exp

from relmetrics.expressions.language import (
    AGGREGATES,
    NODES,
    ORDERED_FUNCTIONS,
    PREDICATES,
    QUERIES,
    SET_OPERATIONS,
    TYPES,
)
from relmetrics.expressions.scope import refuse
from relmetrics.expressions.text import shown

__all__ = ["check_node"]

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "like": ("LIKE was found.", "Compare whole codes with = or IN."),
    "ilike": ("ILIKE was found.", "Compare whole codes with = or IN."),
    "tuple": ("A list in brackets was found where one value belongs.", "Compare column by column, or use EXISTS."),
    "interval": ("INTERVAL was found.", "Add days as a whole number: held_on + 90."),
    "values": ("VALUES was found.", "Declare a codelist or a view."),
    "trycast": ("TRY_CAST was found.", "Values arrive with their type; what could not be read is null."),
    "offset": ("OFFSET was found.", "Use row_number() in a WITH, and compare it."),
    "qualify": ("QUALIFY was found.", "Use row_number() in a WITH, and compare it outside."),
    "command": ("A command was found.", "Only expressions and SELECT are part of the language."),
}
_PARTS: Final[dict[str, str]] = {
    "recursive": "WITH RECURSIVE is not part of the language.",
    "db": "A name with more than one dot is not part of the language: a reference is followed once, as in name.field.",
    "catalog": "A name with more than one dot is not part of the language.",
    "sample": "TABLESAMPLE is not part of the language.",
    "method": "NATURAL, ASOF and POSITIONAL joins are not part of the language; write JOIN ... ON.",
    "except_": "A star with EXCLUDE is not part of the language; name the columns.",
    "all": "GROUP BY ALL is not part of the language; name the columns.",
}


def check_node(node: exp.Expr) -> None:
    """Refuse a node that is not on the allow-list, has a part that is not, or a part with a meaning of its own.

    Raises
    ------
    ExpressionError
        If it is not allowed.
    """
    allowed = NODES.get(type(node))
    if allowed is None:
        found, instead = _SENTENCES.get(node.key, (f"{shown(node.key.upper())} was found.", ""))
        refuse(found, instead or "It is not part of the language.")
    for part, value in node.args.items():
        if value is None or value is False or value == []:
            continue
        if part not in allowed:
            refuse(_PARTS.get(part, f"{shown(node.key.upper())} with {part.strip('_').upper()} was found."))
    if isinstance(node, PREDICATES):
        for operand in node.iter_expressions():
            if isinstance(operand, (*PREDICATES, exp.Not, exp.And, exp.Or)):
                refuse("Comparisons follow on each other without brackets.", "Put brackets: (a = b) IS NULL.")
    check = _CHECKS.get(type(node))
    if check is not None:
        check(node)
    if isinstance(node, ORDERED_FUNCTIONS) and not isinstance(node.parent, exp.Window):
        refuse(f"{node.sql_name().lower()} stands without OVER.", "Write OVER (ORDER BY ...).")


def _check_select(node: exp.Expr) -> None:
    if node.args.get("with_") and node.parent is not None:
        refuse("A WITH stands inside another query.", "Put all WITHs at the beginning of the text.")
    limit = node.args.get("limit")
    if limit is None:
        return
    if not node.args.get("order"):
        refuse("LIMIT stands without ORDER BY.", "Which rows remain must be determined: add ORDER BY.")
    if not _is_whole(limit.expression):
        refuse("LIMIT has something else than a whole number.", "Write the number.")
    if not isinstance(node, exp.Select) or node.args.get("distinct"):
        refuse("LIMIT stands after DISTINCT or a set operation.", "Put that into a WITH and take the LIMIT from it.")


def _check_set(node: exp.Expr) -> None:
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        refuse(f"{node.key.upper()} ALL was found.", f"Only {node.key.upper()} without ALL gives the same everywhere.")
    _check_select(node)


def _check_join(node: exp.Expr) -> None:
    side, kind = (str(node.args.get(part) or "").upper() for part in ("side", "kind"))
    if kind not in ("", "INNER", "OUTER", "CROSS") or side not in ("", "LEFT", "FULL"):
        refuse(f"{shown(f'{side} {kind}'.strip())} JOIN was found.", "Use JOIN, LEFT JOIN, FULL JOIN, or EXISTS.")
    conditions = bool(node.args.get("on")) + bool(node.args.get("using"))
    if conditions != (0 if kind == "CROSS" else 1):
        refuse("A join without ON or USING was found.", "Write JOIN name ON a.field = b.field.")


def _check_literal(node: exp.Expr) -> None:
    if not node.args.get("is_string") and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(node.this)):
        refuse("A number is not written plainly.", "Write digits, with digits on both sides of a decimal point.")


def _check_cast(node: exp.Expr) -> None:
    to = node.args["to"]
    if to.this not in TYPES:
        refuse(
            f"A cast to {shown(str(getattr(to.this, 'value', to.this)))} was found.",
            "Use BIGINT, INTEGER, DECIMAL(p, s), DATE, VARCHAR or BOOLEAN.",
        )
    sizes = [str(one.this.this) for one in to.expressions]
    if to.this == exp.DType.DECIMAL:
        if len(sizes) != 2 or not all(_WHOLE.fullmatch(one) for one in sizes):
            refuse("DECIMAL has no precision and scale.", "Write DECIMAL(18, 6).")
        if not 1 <= int(sizes[0]) <= 38 or int(sizes[1]) > int(sizes[0]):
            refuse("DECIMAL has a precision or scale that no engine has.", "Write DECIMAL(18, 6).")
    elif sizes:
        refuse("A type with a size was found.", "Only DECIMAL(p, s) has one.")
    if to.this == exp.DType.DATE and isinstance(node.this, exp.Literal):
        _check_date(str(node.this.this))


def _check_date(text: str) -> None:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        refuse(f"'{shown(text, 20)}' is not a day of the calendar.", "Write date '2025-01-31'.")


def _check_in(node: exp.Expr) -> None:
    if bool(node.expressions) == bool(node.args.get("query")):
        refuse("IN has no list.", "Write IN ('one', 'two') or IN (SELECT ...).")


def _check_is(node: exp.Expr) -> None:
    if not isinstance(node.expression, exp.Null | exp.Boolean):
        refuse("IS stands before something else than NULL, TRUE or FALSE.", "Write = or IS NOT DISTINCT FROM.")


def _check_date_diff(node: exp.Expr) -> None:
    unit = node.args.get("unit")
    if not isinstance(unit, exp.Var) or unit.name.upper() != "DAY":
        refuse("date_diff has another unit than days.", "Write date_diff('day', from, to); periods are whole days.")


def _check_date_trunc(node: exp.Expr) -> None:
    unit = node.args.get("unit")
    if not isinstance(unit, exp.Var | exp.Literal) or unit.name.upper() not in ("MONTH", "QUARTER", "YEAR"):
        refuse("date_trunc has an unknown unit.", "Write date_trunc('month', d), with 'month', 'quarter' or 'year'.")


def _check_distinct(node: exp.Expr) -> None:
    if isinstance(node.parent, exp.Select) and not node.expressions:
        return
    if not isinstance(node.parent, exp.Count) or len(node.expressions) != 1:
        refuse("DISTINCT stands in a place where it is not part of the language.", "Use count(DISTINCT value).")


def _check_star(node: exp.Expr) -> None:
    parent = node.parent
    holder = parent.parent if isinstance(parent, exp.Column) else parent
    if not isinstance(parent, exp.Count) and not (isinstance(holder, exp.Select) and node.find_ancestor(exp.Select)):
        refuse("A star was found.", "Name the columns; a star stands in count(*).")


def _check_var(node: exp.Expr) -> None:
    if node.arg_key != "unit":
        refuse(f"`{shown(node.name)}` stands where a value belongs.", "Name a column.")


def _check_aggregate(node: exp.Expr) -> None:
    if node.this is None:
        refuse(f"{node.key} stands without anything in its brackets.", "Write count(*) or count(value).")


def _check_window(node: exp.Expr) -> None:
    if not isinstance(node.this, (*ORDERED_FUNCTIONS, *AGGREGATES)):
        refuse("OVER stands after something else than a function.", "FILTER and OVER do not go together: use CASE.")
    if isinstance(node.this.this, exp.Distinct):
        refuse("DISTINCT stands inside OVER.", "Count distinct values in a WITH.")
    is_ordered = node.args.get("order") is not None
    if not is_ordered and (isinstance(node.this, ORDERED_FUNCTIONS) or node.args.get("spec")):
        refuse("OVER has no ORDER BY where the order decides.", "Write OVER (PARTITION BY ... ORDER BY ...).")
    if str(node.args.get("over")) != "OVER":
        refuse("A window is not written with OVER.", "Write OVER (...).")


def _check_frame(node: exp.Expr) -> None:
    if str(node.args.get("kind")).upper() != "ROWS":
        refuse("A window frame other than ROWS was found.", "Write ROWS BETWEEN ... AND ...")
    for part, sides in (("start", "start_side"), ("end", "end_side")):
        value, side = node.args.get(part), node.args.get(sides)
        named = isinstance(value, str) and value.upper() in ("UNBOUNDED", "CURRENT ROW")
        counted = isinstance(value, exp.Expr) and _is_whole(value)
        if value is not None and not named and not counted:
            refuse("A window frame has something else than a whole number.", "Write the number of rows.")
        if side is not None and str(side).upper() not in ("PRECEDING", "FOLLOWING"):
            refuse("A window frame is not written plainly.", "Write ROWS BETWEEN 1 PRECEDING AND CURRENT ROW.")


def _check_shift(node: exp.Expr) -> None:
    offset = node.args.get("offset")
    if offset is not None and not _is_whole(offset):
        refuse("lag or lead has something else than a whole number of rows.", "Write the number.")


def _check_divisor(node: exp.Expr) -> None:
    if not _is_whole(node.expression) or int(node.expression.name) == 0:
        refuse("`//` or `%` has a divisor that is no whole number other than 0.", "Write the number: n // 7.")


def _check_order(node: exp.Expr) -> None:
    value = node.this if isinstance(node, exp.Ordered) else None
    if isinstance(value, exp.Literal):
        refuse("ORDER BY has a position or a constant.", "Name the column.")


def _check_group(node: exp.Expr) -> None:
    if not node.expressions or any(isinstance(one, exp.Literal) for one in node.expressions):
        refuse("GROUP BY has a position or nothing.", "Name the columns.")


def _check_subquery(node: exp.Expr) -> None:
    if not isinstance(node.this, QUERIES):
        refuse("Brackets stand around something that is no query.", "Write JOIN ... ON one after the other.")


def _check_exists(node: exp.Expr) -> None:
    if not isinstance(node.this, QUERIES):
        refuse("EXISTS has no query.", "Write EXISTS (SELECT 1 FROM ... WHERE ...).")


def _check_data_type(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Cast):
        refuse("The name of a type stands where a value belongs.", "Name a column.")


def _is_whole(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and _WHOLE.fullmatch(str(node.this)) is not None


_CHECKS: Final[dict[type[exp.Expr], Callable[[exp.Expr], None]]] = {
    exp.Select: _check_select,
    **dict.fromkeys(SET_OPERATIONS, _check_set),
    exp.Join: _check_join,
    exp.Literal: _check_literal,
    exp.Cast: _check_cast,
    exp.DataType: _check_data_type,
    exp.In: _check_in,
    exp.Is: _check_is,
    exp.DateDiff: _check_date_diff,
    exp.DateTrunc: _check_date_trunc,
    exp.TimestampTrunc: _check_date_trunc,
    exp.Distinct: _check_distinct,
    exp.Star: _check_star,
    exp.Var: _check_var,
    **dict.fromkeys(AGGREGATES, _check_aggregate),
    exp.Window: _check_window,
    exp.WindowSpec: _check_frame,
    exp.Lag: _check_shift,
    exp.Lead: _check_shift,
    exp.IntDiv: _check_divisor,
    exp.Mod: _check_divisor,
    exp.Ordered: _check_order,
    exp.Group: _check_group,
    exp.Subquery: _check_subquery,
    exp.Exists: _check_exists,
}
