"""The fourth door: what is compared, added or chosen between has one kind; conditions are truth values.

Engines differ in what they convert silently (text to date, truth value to number, whole number to text). Here nothing
is converted, so there is nothing to differ about. A value whose type is not known goes with every kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlglot import exp

from relmetrics.expressions.language import ARITHMETIC, COMPARISONS, TYPES
from relmetrics.expressions.scope import KINDS, UNKNOWN, Known, join_kinds, refuse
from relmetrics.expressions.syntax import is_query, unwrapped

__all__ = ["TYPE", "is_text", "read_types", "require_condition"]

TYPE: Final = "relmetrics_type"
"""Key under which a node remembers its type in `meta`; the dialects need it."""

_ORDERINGS: Final = (exp.LT, exp.LTE, exp.GT, exp.GTE)


def read_types(
    expression: exp.Expr,
    column: Callable[[exp.Column], Known],
    query: Callable[[exp.Expr], list[Known]],
    parameter: Callable[[str], str],
) -> str:
    """Give every node of `expression` its type, from the leaves up, and return that of the whole.

    Parameters
    ----------
    expression : sqlglot.exp.Expr
        A checked tree; it may be the whole or a part of one.
    column, query, parameter : callable
        What a column means, what columns a subquery has, which type a parameter has.
    """
    # Parents come before children in breadth-first order; the reverse needs no recursion, however long the chain.
    for node in reversed(list(expression.bfs(prune=is_query))):
        if isinstance(node, exp.Column):
            found = column(node).type
        elif is_query(node):
            found = _type_of_query(node, query(node))
        elif isinstance(node, exp.Placeholder):
            found = parameter(str(node.this))
        else:
            found = _type_of(node)
        node.meta[TYPE] = found
    return type_of(expression)


def type_of(node: exp.Expr | None) -> str:
    """Type that `read_types` found for `node`."""
    return UNKNOWN if node is None else str(node.meta.get(TYPE, UNKNOWN))


def is_text(node: exp.Expr) -> bool:
    """Whether `node` is known to be text."""
    return KINDS.get(type_of(node)) == "text"


def require_condition(node: exp.Expr, where: str) -> None:
    """Refuse what is no truth value."""
    _require(node, "truth value", where, "Write a comparison, such as minutes >= 20 or attended = 'yes'.")


def _require(node: exp.Expr, kind: str, where: str, instead: str) -> None:
    found = KINDS.get(type_of(node), kind)
    if found != kind:
        refuse(f"{where} needs a {kind}, and found a {found}.", instead)


def _type_of_query(node: exp.Expr, columns: list[Known]) -> str:
    if isinstance(node.parent, exp.Exists):
        return "boolean"
    if len(columns) != 1:
        refuse("A query in brackets has more than one column where one value belongs.", "Select one column.")
    return columns[0].type


def _type_of(node: exp.Expr) -> str:
    if isinstance(node, (exp.And, exp.Or)):
        require_condition(node.this, node.key.upper())
        require_condition(node.expression, node.key.upper())
        return "boolean"
    if isinstance(node, COMPARISONS):
        return _comparison(node)
    if isinstance(node, ARITHMETIC):
        return _arithmetic(node)
    reader = _READERS.get(type(node))
    return reader(node) if reader is not None else _FIXED.get(type(node), UNKNOWN)


def _comparison(node: exp.Expr) -> str:
    found = join_kinds("A comparison", (type_of(node.this), type_of(node.expression)))
    if isinstance(node, _ORDERINGS) and found == "boolean":
        refuse("Truth values are put in order.", "Write = or <>.")
    return "boolean"


def _arithmetic(node: exp.Expr) -> str:
    left, right = type_of(node.this), type_of(node.expression)
    kinds = KINDS.get(left), KINDS.get(right)
    if kinds[0] == "date" and isinstance(node, exp.Add | exp.Sub):
        if kinds[1] == "date":
            refuse("A date is added to or taken from a date.", "Write date_diff('day', from, to).")
        if right not in ("integer", UNKNOWN):
            refuse("Something else than a whole number of days is added to a date.", "Write held_on + 90.")
        return "date"
    if "date" in kinds:
        refuse("A date stands on the right of a sum or difference.", "Write the date first: held_on + 90.")
    if isinstance(node, exp.IntDiv | exp.Mod) and left not in ("integer", UNKNOWN):
        refuse("`//` and `%` take whole numbers.", "Hand over numerator and denominator.")
    for side in (node.this, node.expression):
        _require(side, "number", "Arithmetic", "Numbers only; to count rows use count or CASE.")
    if isinstance(node, exp.IntDiv | exp.Mod):
        return "integer"
    return UNKNOWN if UNKNOWN in (left, right) else join_kinds("Arithmetic", (left, right))


def _between(node: exp.Expr) -> str:
    parts = (node.this, node.args["low"], node.args["high"])
    if join_kinds("BETWEEN", map(type_of, parts)) == "boolean":
        refuse("Truth values are put in order.", "Write = or <>.")
    return "boolean"


def _in(node: exp.Expr) -> str:
    query = node.args.get("query")
    join_kinds("IN", map(type_of, [node.this, *([query] if query is not None else node.expressions)]))
    return "boolean"


def _is(node: exp.Expr) -> str:
    if isinstance(node.expression, exp.Boolean):
        require_condition(node.this, "IS TRUE or IS FALSE")
    return "boolean"


def _not(node: exp.Expr) -> str:
    require_condition(node.this, "NOT")
    return "boolean"


def _case(node: exp.Expr) -> str:
    subject, default = node.args.get("this"), node.args.get("default")
    results = []
    for branch in node.args["ifs"]:
        if subject is None:
            require_condition(branch.this, "CASE WHEN")
        else:
            join_kinds("CASE", (type_of(subject), type_of(branch.this)))
        results.append(type_of(branch.args.get("true")))
    return join_kinds("The results of CASE", [*results, type_of(default)])


def _choice(node: exp.Expr) -> str:
    found = join_kinds(node.key, (type_of(one) for one in (node.this, *node.expressions)))
    if found == "boolean" and not isinstance(node, exp.Coalesce):
        refuse(f"{node.key} is given truth values.", "Use AND, OR or CASE.")
    return found


def _nullif(node: exp.Expr) -> str:
    join_kinds("nullif", (type_of(node.this), type_of(node.expression)))
    return type_of(node.this)


def _number(node: exp.Expr) -> str:
    _require(node.this, "number", node.key, "To count rows use count(*) FILTER (WHERE ...) or CASE.")
    return type_of(node.this)


def _extreme(node: exp.Expr) -> str:
    if type_of(node.this) == "boolean":
        refuse(f"{node.key} is given truth values.", "Use count(*) FILTER (WHERE ...).")
    return type_of(node.this)


def _date(node: exp.Expr) -> str:
    _require(node.this, "date", node.key, "Name a date.")
    return "date"


def _date_diff(node: exp.Expr) -> str:
    for side in (node.this, node.expression):
        _require(side, "date", "date_diff", "Name two dates.")
    return "integer"


def _length(node: exp.Expr) -> str:
    _require(node.this, "text", "length", "Name a text.")
    return "integer"


def _filter(node: exp.Expr) -> str:
    require_condition(node.expression.this, "FILTER (WHERE ...)")
    return type_of(node.this)


def _shift(node: exp.Expr) -> str:
    return join_kinds(node.key, (type_of(node.this), type_of(node.args.get("default"))))


def _cast(node: exp.Expr) -> str:
    target, found = TYPES[node.args["to"].this], type_of(node.this)
    is_literal_date = target == "date" and isinstance(unwrapped(node.this), exp.Literal)
    if KINDS.get(found, KINDS[target]) != KINDS[target] and not is_literal_date:
        refuse(f"A cast from {KINDS[found]} to {KINDS[target]} was found.", "Values keep their kind.")
    if (found, target) == ("decimal", "integer"):
        refuse("A cast from a decimal to a whole number was found.", "Engines round differently: keep the decimal.")
    return found if target == "code" and found in KINDS else target


_FIXED: Final[dict[type[exp.Expr], str]] = {
    exp.Boolean: "boolean",
    exp.Exists: "boolean",
    exp.Count: "integer",
    exp.RowNumber: "integer",
    exp.Rank: "integer",
    exp.DenseRank: "integer",
}
_READERS: Final[dict[type[exp.Expr], Callable[[exp.Expr], str]]] = {
    exp.Literal: lambda node: "code" if node.is_string else ("decimal" if "." in str(node.this) else "integer"),
    exp.Paren: lambda node: type_of(node.this),
    exp.Window: lambda node: type_of(node.this),
    exp.Not: _not,
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.Coalesce: _choice,
    exp.Least: _choice,
    exp.Greatest: _choice,
    exp.Nullif: _nullif,
    exp.Neg: _number,
    exp.Abs: _number,
    exp.Sum: _number,
    exp.Min: _extreme,
    exp.Max: _extreme,
    exp.Lag: _shift,
    exp.Lead: _shift,
    exp.Length: _length,
    exp.LastDay: _date,
    exp.DateTrunc: _date,
    exp.TimestampTrunc: _date,
    exp.DateDiff: _date_diff,
    exp.Filter: _filter,
    exp.Cast: _cast,
}
