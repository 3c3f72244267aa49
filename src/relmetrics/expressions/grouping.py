"""Functions over several rows: where they may stand, and what may stand beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from relmetrics.expressions.language import AGGREGATES
from relmetrics.expressions.scope import refuse
from relmetrics.expressions.syntax import is_query
from relmetrics.expressions.text import shown

__all__ = ["OUTPUT", "check_grouping", "check_single_row", "refuse_aggregates"]

OUTPUT: Final = "relmetrics_output"
"""Key in `meta` of a column in ORDER BY that names an output of its own SELECT."""


def _own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    return (one for one in node.bfs(prune=is_query) if not is_query(one))


def _is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, AGGREGATES) and not isinstance(node.parent, exp.Window)


def _is_over_rows(node: exp.Expr) -> bool:
    return _is_aggregate(node) or isinstance(node, exp.Filter)


def refuse_aggregates(node: exp.Expr, where: str) -> None:
    """Refuse functions over several rows in a clause that looks at one row."""
    if any(isinstance(one, (*AGGREGATES, exp.Window)) for one in _own_nodes(node)):
        refuse(f"{where} has a count, sum or other function over several rows.", "Use HAVING, or a WITH.")


def _check_nested_aggregates(node: exp.Expr) -> None:
    for one in _own_nodes(node):
        if _is_aggregate(one) or isinstance(one, exp.Window):
            above = one.parent
            while above is not None and above is not node.parent:
                if _is_aggregate(above) or (isinstance(one, exp.Window) and isinstance(above, exp.Window)):
                    refuse("A function over several rows stands inside another.", "Put the inner one into a WITH.")
                above = above.parent


def check_single_row(node: exp.Expr) -> None:
    """Refuse a query that stands for one value and may give several rows."""
    select = node.this if isinstance(node, exp.Subquery) else node
    if isinstance(select, exp.Select):
        limit = select.args.get("limit")
        if limit is not None and str(limit.expression.this) == "1":
            return
        if not select.args.get("group") and any(_is_aggregate(one) for one in _own_nodes(select.expressions[0])):
            return
    refuse("A query that stands for one value may give several rows.", "Select min, max, sum or count of it.")


def check_grouping(node: exp.Expr) -> None:
    """Refuse a column that is neither grouped nor inside a function over several rows."""
    group, having, order = (node.args.get(part) for part in ("group", "having", "order"))
    parts = [one.this if isinstance(one, exp.Alias) else one for one in node.expressions]
    parts += [having.this] if having is not None else []
    parts += [one.this for one in order.expressions if OUTPUT not in one.this.meta] if order is not None else []
    for part in parts:
        _check_nested_aggregates(part)
    if group is None and having is None and not any(_is_aggregate(one) for part in parts for one in _own_nodes(part)):
        return
    keys = set(group.expressions) if group is not None else set()
    for part in parts:
        for one in part.bfs(prune=lambda one: is_query(one) or _is_over_rows(one) or one in keys):
            if isinstance(one, exp.Column) and one not in keys:
                refuse(
                    f"`{shown(one.name)}` stands beside a count, sum or other function over several rows.",
                    "Put it into GROUP BY, or take min or max of it.",
                )
