"""The allow-lists: words, functions, syntax nodes with their parts; and the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

__all__ = [
    "AGGREGATES",
    "COMPARISONS",
    "FUNCTIONS",
    "KEYWORDS",
    "MOST_DEPTH",
    "MOST_DIGITS",
    "NODES",
    "OPERATORS",
    "ORDERED_FUNCTIONS",
    "OUTSIDE",
    "PREDICATES",
    "QUERIES",
    "RELEASE",
    "SET_OPERATIONS",
    "TYPES",
    "Limits",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a text may be, and whether it may multiply tables.

    Attributes
    ----------
    characters, brackets, tokens : int
        Checked before parsing. `brackets` counts every nesting: brackets, CASE, and signs or NOT in a row.
    nodes : int
        Nodes of the syntax tree.
    cross_joins : bool
        Whether relations may be joined without an equality between fields.
    reads : int
        How often relations are read, a WITH counted as often as it is used; it stops doubling by chained WITH.
    """

    characters: int
    brackets: int
    tokens: int
    nodes: int
    cross_joins: bool = False
    reads: int = 32


OUTSIDE: Final = Limits(characters=4_000, brackets=50, tokens=1_500, nodes=500, cross_joins=False, reads=32)
"""For texts from requirements files, and for every expression unless said otherwise."""

RELEASE: Final = Limits(characters=20_000, brackets=50, tokens=6_000, nodes=4_000, cross_joins=True, reads=400)
"""For views and queries of the release itself; the allow-lists are the same."""

MOST_DEPTH: Final = 250
"""Levels of the tree. DuckDB refuses 1,000; a chain of 250 terms is more than a person reads."""

MOST_DIGITS: Final = 18
"""Digits of a number: beyond this DuckDB changes to wider or floating types."""

KEYWORDS: Final = _words(
    """
    select distinct from where group by having order asc desc nulls first last limit with as on using join inner left
    full outer cross union all except intersect case when then else end and or not in is null true false between exists
    over partition rows preceding following current row unbounded filter cast date
    bigint integer decimal varchar boolean
    """
)

FUNCTIONS: Final[dict[str, str]] = {
    "abs": "abs(number)",
    "cast": "cast(value as BIGINT, INTEGER, DECIMAL(p, s), DATE, VARCHAR or BOOLEAN)",
    "coalesce": "coalesce(value, value, ...): the first that is not null",
    "count": "count(*), count(value), count(DISTINCT value)",
    "date_diff": "date_diff('day', from, to): days from the first date to the second",
    "date_trunc": "date_trunc('month', 'quarter' or 'year', date): first day of it",
    "dense_rank": "dense_rank() OVER (ORDER BY ...)",
    "exists": "exists (SELECT ...)",
    "greatest": "greatest(value, value, ...): the largest that is not null",
    "lag": "lag(value) OVER (ORDER BY ...)",
    "last_day": "last_day(date): last day of its month",
    "lead": "lead(value) OVER (ORDER BY ...)",
    "least": "least(value, value, ...): the smallest that is not null",
    "length": "length(text): number of characters",
    "max": "max(value)",
    "min": "min(value)",
    "nullif": "nullif(value, other): null where both are equal",
    "rank": "rank() OVER (ORDER BY ...)",
    "row_number": "row_number() OVER (ORDER BY ...)",
    "sum": "sum(number)",
}

# A word that may stand directly before an opening bracket without being a function.
BEFORE_BRACKET: Final = _words(
    """
    select distinct from where by having on using join as all union except intersect when then else case and or not in
    is between over filter decimal
    """
)

INSTEAD: Final[dict[str, str]] = {
    "any_value": "Use min or max: which value any_value takes is not determined.",
    "avg": "Use sum and count: the division happens once, outside SQL.",
    "concat": "Text is compared, not built: keep the parts in columns of their own.",
    "current_date": "Nothing reads the clock: use a parameter such as :T.",
    "datediff": "Use date_diff('day', from, to).",
    "first": "Use min or max, or row_number() with ORDER BY.",
    "first_value": "Use row_number() with ORDER BY.",
    "if": "Use CASE WHEN ... THEN ... ELSE ... END.",
    "ifnull": "Use coalesce.",
    "last_value": "Use row_number() with ORDER BY.",
    "lower": "Codes and ids are compared exactly, letter by letter.",
    "median": "The median is taken outside SQL: hand over the rows.",
    "now": "Nothing reads the clock: use a parameter such as :T.",
    "random": "Chance has no place in a definition.",
    "round": "Rounding happens when a value is printed.",
    "today": "Nothing reads the clock: use a parameter such as :T.",
    "try_cast": "Values arrive with their type; what could not be read is null.",
    "upper": "Codes and ids are compared exactly, letter by letter.",
}

TYPES: Final = {
    exp.DType.BIGINT: "integer",
    exp.DType.INT: "integer",
    exp.DType.DECIMAL: "decimal",
    exp.DType.DATE: "date",
    exp.DType.VARCHAR: "code",
    exp.DType.TEXT: "code",
    exp.DType.BOOLEAN: "boolean",
}

AGGREGATES: Final = (exp.Count, exp.Sum, exp.Min, exp.Max)
ORDERED_FUNCTIONS: Final = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead)
SET_OPERATIONS: Final = (exp.Union, exp.Except, exp.Intersect)
QUERIES: Final = (exp.Select, *SET_OPERATIONS)
COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
PREDICATES: Final = (*COMPARISONS, exp.Is, exp.In, exp.Between)
ARITHMETIC: Final = (exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod)
OPERATORS: Final = (*PREDICATES, *ARITHMETIC, exp.And, exp.Or, exp.Not, exp.Neg)

_BOTH: Final = "this expression"
_SET: Final = "this expression distinct with_ order limit"

# Node to the parts it may have. Parts that sqlglot fills in by itself (big_int, ignore_nulls, ...) carry no text.
_PARTS: Final[dict[type[exp.Expr], str]] = {
    # a query
    exp.Select: "with_ expressions distinct from_ joins where group having order limit",
    exp.With: "expressions",
    exp.CTE: "this alias",
    exp.TableAlias: "this",
    exp.Union: _SET,
    exp.Except: _SET,
    exp.Intersect: _SET,
    exp.Subquery: "this alias",
    exp.From: "this",
    exp.Join: "this on using side kind",
    exp.Table: "this alias",
    exp.Where: "this",
    exp.Group: "expressions",
    exp.Having: "this",
    exp.Order: "expressions",
    exp.Ordered: "this desc nulls_first",
    exp.Limit: "expression",
    exp.Distinct: "expressions",
    exp.Alias: "this alias",
    exp.Star: "",
    # names and values
    exp.Column: "this table",
    exp.Identifier: "this quoted",
    exp.Placeholder: "this",
    exp.Literal: "this is_string",
    exp.Boolean: "this",
    exp.Null: "",
    exp.Paren: "this",
    exp.Cast: "this to",
    exp.DataType: "this expressions nested",
    exp.DataTypeParam: "this",
    exp.Var: "this",
    # operators
    **dict.fromkeys((*COMPARISONS, *ARITHMETIC, exp.And, exp.Or), _BOTH),
    exp.Not: "this",
    exp.Neg: "this",
    exp.Is: _BOTH,
    exp.In: "this expressions query",
    exp.Between: "this low high",
    exp.Exists: "this",
    exp.Case: "this ifs default",
    exp.If: "this true",
    # functions
    exp.Abs: "this",
    exp.Coalesce: "this expressions",
    exp.DateDiff: "this expression unit date_part_boundary big_int",
    exp.DateTrunc: "this unit",
    exp.TimestampTrunc: "this unit",
    exp.Greatest: "this expressions ignore_nulls",
    exp.LastDay: "this",
    exp.Least: "this expressions ignore_nulls",
    exp.Length: "this",
    exp.Nullif: _BOTH,
    exp.Count: "this big_int",
    exp.Max: "this",
    exp.Min: "this",
    exp.Sum: "this",
    exp.Filter: _BOTH,
    exp.DenseRank: "",
    exp.Lag: "this offset default",
    exp.Lead: "this offset default",
    exp.Rank: "",
    exp.RowNumber: "",
    exp.Window: "this partition_by order spec over",
    exp.WindowSpec: "kind start start_side end end_side",
}
NODES: Final = {node: frozenset(parts.split()) for node, parts in _PARTS.items()}
