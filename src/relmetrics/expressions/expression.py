"""What the language gives: a row expression and a query, read once and written for any engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from relmetrics.expressions.dialects import QualifyColumn, QualifyRelation, write
from relmetrics.expressions.language import AGGREGATES, OUTSIDE, Limits
from relmetrics.expressions.names import Reading, row_frame
from relmetrics.expressions.queries import QueryReader
from relmetrics.expressions.scope import UNKNOWN, Scope, refuse
from relmetrics.expressions.syntax import parse, room

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Expression", "Query", "parse_expression", "parse_query"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A row expression of the language.

    Attributes
    ----------
    text : str
        As it was written.
    type : str
        Type of its value (``boolean``, ``integer``, ...), or ``unknown``.
    fields : frozenset of (str, str)
        Relations and columns that it reads; those that a join needs are among them.
    references : frozenset of str
        Names of the joins that it follows.
    parameters : frozenset of str
        Names of the parameters in it.
    """

    text: str
    type: str
    fields: frozenset[tuple[str, str]]
    references: frozenset[str]
    parameters: frozenset[str]
    _tree: exp.Expr = field(repr=False, compare=False)
    _parameter_types: dict[str, str] = field(repr=False, compare=False)

    @property
    def is_condition(self) -> bool:
        """Whether its value can be true, false or null, as far as that is known."""
        return self.type in ("boolean", UNKNOWN)

    def sql(self, dialect: str = "duckdb", qualify: QualifyColumn | None = None) -> str:
        """Return the SQL, with every identifier quoted.

        Parameters
        ----------
        dialect : {'duckdb', 'postgres', 'spark'}
            The engine. Parameters are written ``$name`` for DuckDB and ``:name`` elsewhere.
        qualify : callable, optional
            (name of the join, or an empty text for an own field; field) to the identifiers to write. Without it own
            fields stand as ``"t"."field"`` and others as ``"join"."field"``.
        """
        column = qualify or (lambda join, name: (join or "t", name))
        return write(self._tree, dialect, column=column, parameter_types=self._parameter_types)


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT of the language.

    Attributes
    ----------
    text : str
        As it was written.
    columns : tuple of str
        Names of its columns, in order.
    column_types : mapping
        Column to type, so that another text can read this one as a relation.
    relations : frozenset of str
        Declared relations that it reads.
    fields : frozenset of (str, str)
        Their columns that it reads.
    parameters : frozenset of str
        Names of the parameters in it.
    """

    text: str
    columns: tuple[str, ...]
    column_types: Mapping[str, str]
    relations: frozenset[str]
    fields: frozenset[tuple[str, str]]
    parameters: frozenset[str]
    _tree: exp.Expr = field(repr=False, compare=False)
    _parameter_types: dict[str, str] = field(repr=False, compare=False)

    def sql(self, dialect: str = "duckdb", relation: QualifyRelation | None = None) -> str:
        """Return the SQL, with every identifier quoted and every column qualified.

        Parameters
        ----------
        dialect : {'duckdb', 'postgres', 'spark'}
            The engine. Parameters are written ``$name`` for DuckDB and ``:name`` elsewhere.
        relation : callable, optional
            Declared relation to the identifiers to write, such as ``("given", "people")``.
        """
        return write(
            self._tree, dialect, relation=relation, relations=self.relations, parameter_types=self._parameter_types
        )


def parse_expression(text: str, scope: Scope, limits: Limits = OUTSIDE, *, aggregates: bool = False) -> Expression:
    """Read a row expression: one value from one row of `scope.table` and the rows that it refers to.

    Parameters
    ----------
    text : str
        For example ``minutes >= :min_minutes AND person_a.person_type = 'constituent'``.
    scope : Scope
        What it may name.
    limits : Limits
        How large it may be.
    aggregates : bool
        Allow count, sum, min and max over all rows, as in ``count(*) FILTER (WHERE is_staff)``.

    Raises
    ------
    ExpressionError
        If the text is not in the language; the message says what was found and what to write instead.
    """
    with room():
        tree = parse(text, limits, query=False)
        for node in tree.find_all(exp.Window, *AGGREGATES):
            if isinstance(node, exp.Window) or not aggregates:
                refuse("A function over several rows stands in a row expression.", "Use a view or a query.")
            if node.find_ancestor(*AGGREGATES) is not None:
                refuse("A function over several rows stands inside another.", "Use a view or a query.")
        reading = Reading(scope, limits)
        type_ = reading.types(tree, row_frame(scope))
    return Expression(
        text,
        type_,
        frozenset(reading.fields),
        frozenset(reading.references),
        frozenset(reading.parameters),
        tree,
        dict(scope.parameter_types),
    )


def parse_query(text: str, scope: Scope, limits: Limits = OUTSIDE) -> Query:
    """Read a query: one SELECT, with WITHs, joins, set operations and window functions.

    Parameters
    ----------
    text : str
        The SELECT; it reads the relations of `scope` and nothing else.
    scope : Scope
        What it may name; `table` and `references` play no part.
    limits : Limits
        How large it may be, and whether it may join without an equality.

    Raises
    ------
    ExpressionError
        If the text is not in the language; the message says what was found and what to write instead.
    """
    with room():
        tree = parse(text, limits, query=True)
        reading = Reading(scope, limits)
        columns = QueryReader(reading).read(tree)
    return Query(
        text,
        tuple(columns),
        MappingProxyType({name: column.type for name, column in columns.items()}),
        frozenset(reading.relations),
        frozenset(reading.fields),
        frozenset(reading.parameters),
        tree,
        dict(scope.parameter_types),
    )
