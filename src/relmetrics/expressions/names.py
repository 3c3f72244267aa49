"""The third door: every name belongs to a relation, a join, a parameter or a WITH that is declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from relmetrics.expressions.kinds import read_types
from relmetrics.expressions.language import Limits
from relmetrics.expressions.scope import UNKNOWN, Known, Scope, nearest, refuse
from relmetrics.expressions.text import shown

__all__ = ["Frame", "Reading", "known_columns", "row_frame"]


@dataclass(slots=True)
class Frame:
    """Names that one SELECT (or one row expression) can see.

    Attributes
    ----------
    sources : dict
        Alias to its columns. In a row expression the own fields stand under the empty alias.
    shared : dict
        Columns that USING made one of two.
    outer : Frame or None
        Names of the query around it.
    reached_out : bool
        Whether a name of `outer` was used.
    """

    sources: dict[str, dict[str, Known]] = field(default_factory=dict)
    shared: dict[str, Known] = field(default_factory=dict)
    outer: Frame | None = None
    reached_out: bool = False

    def find(self, alias: str, name: str) -> tuple[str, Known] | None:
        """Return the alias and meaning of a column, here or around; None where it is not known."""
        found = self._find_here(alias, name)
        if found is None and self.outer is not None:
            found = self.outer.find(alias, name)
            if found is not None and found[0] in self.sources:
                refuse(f"`{found[0]}` is the name of a source here and around.", "Give one another name with AS.")
            self.reached_out = self.reached_out or found is not None
        return found

    def _find_here(self, alias: str, name: str) -> tuple[str, Known] | None:
        if alias:
            column = self.sources.get(alias, {}).get(name)
            return None if column is None else (alias, column)
        if "" in self.sources:
            column = self.sources[""].get(name)
            return None if column is None else ("", column)
        if name in self.shared:
            return "", self.shared[name]
        holders = [one for one, columns in self.sources.items() if name in columns]
        if len(holders) > 1:
            refuse(
                f"`{shown(name)}` stands in {' and in '.join(f'`{one}`' for one in holders)}.",
                f"Say which: {holders[0]}.{name}",
            )
        return (holders[0], self.sources[holders[0]][name]) if holders else None

    def names(self, alias: str) -> Iterable[str]:
        """Return what could have been meant, for messages."""
        if alias:
            return self.sources[alias] if alias in self.sources else [one for one in self.sources if one]
        if "" in self.sources:
            return self.sources[""]
        return {name for columns in self.sources.values() for name in columns}


@dataclass(slots=True)
class Reading:
    """What one text reads, collected while its names are looked up."""

    scope: Scope
    limits: Limits
    fields: set[tuple[str, str]] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)

    def parameter(self, name: str) -> str:
        """Return the type of a parameter, or refuse it."""
        if name not in self.scope.parameters:
            refuse(f"The parameter `:{shown(name)}` is not declared.", nearest(name, self.scope.parameters))
        self.parameters.add(name)
        return self.scope.parameter_types.get(name, UNKNOWN)

    def column(self, node: exp.Column, frame: Frame) -> Known:
        """Return what a column means, write its alias into the tree and remember the field."""
        alias, name = node.table, node.name
        found = frame.find(alias, name)
        if found is None:
            written = f"{alias}.{name}" if alias else name
            wanted = name if not alias or alias in frame.sources else alias
            refuse(f"`{shown(written)}` is not known here.", nearest(wanted, frame.names(alias)))
        holder, column = found
        if holder:
            node.set("table", exp.to_identifier(holder, quoted=True))
        if column.field is not None:
            self.fields.add(column.field)
        if "" in frame.sources and holder:
            self.references.add(holder)
            own, _, key = self.scope.references[holder]
            self.fields.update({(str(self.scope.table), own), (self.scope.references[holder][1], key)})
        return column

    def types(self, expression: exp.Expr, frame: Frame) -> str:
        """Look up every name in a row expression and return its type; queries inside it are refused."""

        def no_query(_: exp.Expr) -> list[Known]:
            refuse("A row expression holds a SELECT.", "It looks at one row and its references; use a query or a view.")

        return read_types(expression, lambda node: self.column(node, frame), no_query, self.parameter)


def known_columns(relation: str, columns: Mapping[str, str]) -> dict[str, Known]:
    """Return the columns of a declared relation."""
    return {name: Known(type_, (relation, name), is_plain=True) for name, type_ in columns.items()}


def row_frame(scope: Scope) -> Frame:
    """Return the frame of a row expression: own fields, and one hop along each reference."""
    if scope.table is None:
        return Frame({"": {}})
    sources = {"": known_columns(scope.table, scope.relations.get(scope.table, {}))}
    for join, (_, table, _) in scope.references.items():
        if table in scope.relations:
            sources[join] = known_columns(table, scope.relations[table])
    return Frame(sources)
