"""The language of the standard: a small, portable part of SQL, and a refusal of everything else.

Rules, indicators and views are written in it, and requirements files from strangers may bring expressions of their
own. It is therefore a security boundary, and a list of what is *allowed*: characters, words, functions, syntax nodes
with their parts, relations and fields. Whatever is not on the lists of `language` is refused with
`relmetrics.errors.ExpressionError`, in a sentence that says what was found and what to write instead.

A text passes these doors, in this order::

    text.py      length, characters, brackets, number of tokens, names of functions     before any parser sees it
    syntax.py    sqlglot's tree, held against the allow-list of nodes and of their parts
    names.py     every name belongs to a relation, join, parameter or WITH that is declared
    kinds.py     what is compared or added has one kind (text, number, date, truth value)
    dialects.py  the checked tree, written for DuckDB, PostgreSQL or Spark with every identifier quoted

What the language means
-----------------------
- Null is SQL's: three truth values; a comparison with null is null; only TRUE is true.
- Text is compared byte by byte. Text, numbers, dates and truth values are not compared with each other.
- ``date_diff('day', a, b)`` is b - a in days, the only difference of dates; ``date + n`` and ``date - n`` move by
  whole days. ``date_trunc('month' | 'quarter' | 'year', d)`` and ``last_day(d)`` give dates.
- ``/`` is refused: the engines disagree about it. Ratios are handed over as numerator and denominator, or compared by
  multiplying. ``//`` and ``%`` take whole numbers and a whole number other than 0; they round towards zero.
- CAST gives null and parameters a type, turns a whole number into a decimal, and does nothing else.
- Joins are inner, left or full (and cross, in the release's own texts); UNION [ALL], EXCEPT, INTERSECT; no recursion.

What the language does not promise: that a text is quick (the workspace has a memory limit and a watchdog), or that
arithmetic never overflows (the engine then raises; whoever runs texts from outside catches that).
"""

from __future__ import annotations

from relmetrics.expressions.expression import Expression, Query, parse_expression, parse_query
from relmetrics.expressions.language import FUNCTIONS, OUTSIDE, RELEASE, Limits
from relmetrics.expressions.scope import Scope

__all__ = [
    "FUNCTIONS",
    "OUTSIDE",
    "RELEASE",
    "Expression",
    "Limits",
    "Query",
    "Scope",
    "parse_expression",
    "parse_query",
]
