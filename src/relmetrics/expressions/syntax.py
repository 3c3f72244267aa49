"""The second door: sqlglot's tree, held against the allow-list of nodes and of their parts."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from relmetrics.expressions.language import MOST_DEPTH, QUERIES, Limits
from relmetrics.expressions.nodes import check_node
from relmetrics.expressions.scope import refuse
from relmetrics.expressions.text import Words, check_text, shown

__all__ = ["is_query", "parse", "room", "unwrapped"]

# sqlglot takes about 25 frames a bracket, so 50 brackets do not fit under Python's usual 1,000.
_FRAMES: Final = 8_000
_lock: Final = threading.RLock()


@contextmanager
def room() -> Iterator[None]:
    """Give sqlglot the stack that a text within the limits needs; refuse where even that is too little."""
    with _lock:
        before = sys.getrecursionlimit()
        depth, frame = 0, sys._getframe()
        while frame.f_back is not None:
            depth, frame = depth + 1, frame.f_back
        sys.setrecursionlimit(max(before, depth + _FRAMES))
        try:
            yield
        except RecursionError:
            refuse("The text is nested too deeply.", "Name the inner part in a WITH or a view.")
        finally:
            sys.setrecursionlimit(before)


def is_query(node: exp.Expr) -> bool:
    """Whether `node` opens a query of its own, so that walks through one query stop there."""
    return isinstance(node, (exp.Subquery, *QUERIES))


def unwrapped(node: exp.Expr) -> exp.Expr:
    """Return `node` without the brackets around it."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def parse(text: str, limits: Limits, *, query: bool) -> exp.Expr:
    """Parse `text` and hold every node against the allow-list. To be called inside `room`.

    Raises
    ------
    ExpressionError
        If the text is not in the language.
    """
    words = check_text(text, limits)
    if query and words.first not in ("select", "with"):
        refuse(f"The query begins with `{shown(text.lstrip(), 20)}`.", "Begin it with SELECT or WITH.")
    wanted = exp.Select if query else exp.Condition
    try:
        tree = sqlglot.parse_one(text, into=wanted, dialect="duckdb", error_level=ErrorLevel.IMMEDIATE)
    except SqlglotError as problem:
        refuse(f"This cannot be read{_place(problem)}.", "Check the spelling, the brackets and the quotes.")
    except RecursionError:
        raise
    except Exception as problem:  # noqa: BLE001  sqlglot has bugs; a stranger's text must not become our fault
        refuse(f"This cannot be read ({type(problem).__name__}).", "Write it more simply.")
    _check_tree(tree, limits)
    _check_words(tree, words)
    return tree


def _place(problem: SqlglotError) -> str:
    # The message of sqlglot repeats the text with terminal escapes in it, so only the place is taken from it.
    errors = getattr(problem, "errors", None) or [{}]
    line, column = errors[0].get("line"), errors[0].get("col")
    return f" at line {line}, near character {column}" if line and column else ""


def _check_tree(tree: exp.Expr, limits: Limits) -> None:
    level, depth, nodes = [tree], 0, 0
    while level:
        depth, nodes = depth + 1, nodes + len(level)
        if nodes > limits.nodes:
            refuse(f"The text has more than {limits.nodes:,} parts.", "Split it, or use a view.")
        if depth > MOST_DEPTH:
            refuse(f"More than {MOST_DEPTH} parts hang on each other.", "Use IN (...), or split it.")
        following: list[exp.Expr] = []
        for node in level:
            check_node(node)
            following.extend(node.iter_expressions())
        level = following


def _check_words(tree: exp.Expr, words: Words) -> None:
    # sqlglot accepts many spellings of one tree (isnull, rlike, FROM first, `name : value`). Every word of the text
    # must be a keyword, a function or a name in the tree, so that the written language is no larger than its list.
    names = {node.name for node in tree.find_all(exp.Identifier)}
    for word in words.plain:
        if word not in names:
            refuse(f"`{shown(word)}` is not a word of the language.", "Check its spelling; names are declared before.")
    found = sorted(str(node.this) for node in tree.find_all(exp.Placeholder))
    if found != sorted(words.parameters):
        refuse("A colon stands where no parameter belongs.", "A parameter is written as `:name`, as a value.")
