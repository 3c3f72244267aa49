"""Names, kinds and joins of a SELECT: what each query sees, what it gives, and what it may not multiply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from relmetrics.expressions.grouping import OUTPUT, check_grouping, check_single_row, refuse_aggregates
from relmetrics.expressions.kinds import TYPE, read_types, require_condition
from relmetrics.expressions.language import SET_OPERATIONS
from relmetrics.expressions.names import Frame, Reading, known_columns
from relmetrics.expressions.scope import ALIAS, Known, join_kinds, nearest, refuse
from relmetrics.expressions.syntax import unwrapped
from relmetrics.expressions.text import shown

__all__ = ["QueryReader"]

Columns = dict[str, Known]


@dataclass(slots=True)
class QueryReader:
    """Reads one text that is a query."""

    reading: Reading
    withs: dict[str, tuple[Columns, int]] = field(default_factory=dict)

    def read(self, root: exp.Expr) -> Columns:
        """Read the whole text and return its columns."""
        with_ = root.args.get("with_")
        for part in with_.expressions if with_ is not None else ():
            name = self._alias(part)
            if name in self.reading.scope.relations or name in self.withs:
                refuse(f"`{name}` is the name of a table, or of two WITHs.", "Give the WITH another name.")
            self.withs[name] = self._query(part.this, None, is_named=True)
        columns, reads = self._query(root, None, is_named=True, is_outermost=True)
        if reads > self.reading.limits.reads:
            refuse(
                f"The query reads tables {reads} times; at most {self.reading.limits.reads} are allowed.",
                "A WITH counts as often as it is used.",
            )
        return columns

    # ------------------------------------------------------------------------------------------ one query

    def _query(
        self, node: exp.Expr, outer: Frame | None, *, is_named: bool = False, is_outermost: bool = False
    ) -> tuple[Columns, int]:
        if isinstance(node, exp.Subquery):
            return self._query(node.this, outer, is_named=is_named, is_outermost=is_outermost)
        if isinstance(node, SET_OPERATIONS):
            return self._set_operation(node, outer, is_named=is_named, is_outermost=is_outermost)
        return self._select(node, outer, is_named=is_named, is_outermost=is_outermost)

    def _set_operation(
        self, node: exp.Expr, outer: Frame | None, *, is_named: bool, is_outermost: bool
    ) -> tuple[Columns, int]:
        # A long UNION hangs to the left; the loop keeps the stack flat.
        operands = []
        while isinstance(node, SET_OPERATIONS):
            self._order_of_set(node)
            operands.append(node.expression)
            node = node.this
        columns, reads = self._query(node, outer, is_named=is_named, is_outermost=is_outermost)
        for operand in reversed(operands):
            others, more = self._query(operand, outer, is_outermost=is_outermost)
            reads += more
            if len(others) != len(columns):
                refuse(f"A set operation joins {len(columns)} columns and {len(others)}.", "Select the same columns.")
            columns = {
                name: Known(join_kinds(f"The column `{name}` of a set operation", (one.type, other.type)))
                if one.type != other.type
                else Known(one.type, None, one.is_plain and other.is_plain)
                for (name, one), other in zip(columns.items(), others.values(), strict=True)
            }
        for operation in operands:
            order = operation.parent.args.get("order") if operation.parent is not None else None
            for one in order.expressions if order is not None else ():
                name = one.this.name
                if name not in columns:
                    refuse(f"ORDER BY names `{shown(name)}`, which is no column.", nearest(name, columns))
        return columns, reads

    def _order_of_set(self, node: exp.Expr) -> None:
        order = node.args.get("order")
        for one in order.expressions if order is not None else ():
            if not isinstance(one.this, exp.Column) or one.this.table:
                refuse("ORDER BY after a set operation has more than a name.", "Name one of the columns.")
            one.this.meta[OUTPUT] = True

    def _select(
        self, node: exp.Expr, outer: Frame | None, *, is_named: bool, is_outermost: bool
    ) -> tuple[Columns, int]:
        frame, reads = Frame(outer=outer), [0]
        if node.args.get("from_") is not None:
            self._source(node.args["from_"].this, frame, reads)
        for join in node.args.get("joins") or ():
            self._join(join, frame, reads)
        self._expand_stars(node, frame, is_outermost=is_outermost)
        where, group, having = (node.args.get(part) for part in ("where", "group", "having"))
        if where is not None:
            self._type(where.this, frame, reads)
            require_condition(where.this, "WHERE")
            refuse_aggregates(where, "WHERE")
        for one in group.expressions if group is not None else ():
            self._type(one, frame, reads)
            refuse_aggregates(one, "GROUP BY")
        columns = self._projections(node, frame, reads, is_named=is_named)
        if having is not None:
            self._type(having.this, frame, reads)
            require_condition(having.this, "HAVING")
        self._order(node, frame, reads, columns)
        check_grouping(node)
        if frame.reached_out and not self.reading.limits.cross_joins:
            self._check_correlation(where, frame)
        return columns, reads[0]

    def _projections(self, node: exp.Expr, frame: Frame, reads: list[int], *, is_named: bool) -> Columns:
        columns: Columns = {}
        for index, projection in enumerate(node.expressions):
            value = projection.this if isinstance(projection, exp.Alias) else projection
            type_ = self._type(value, frame, reads)
            if isinstance(projection, exp.Alias):
                name = self._alias(projection)
            else:
                name = value.name if isinstance(value, exp.Column) else ""
            if is_named and not name:
                refuse("A column of the query has no name.", "Give it one with AS.")
            name = name or f"({index})"
            if name in columns:
                if is_named:
                    refuse(f"Two columns of the query are called `{name}`.", "Give one another name with AS.")
                name = f"({index})"
            columns[name] = Known(type_, None, _is_plain(value, frame))
        if not columns:
            refuse("A SELECT has no columns.", "Name them.")
        return columns

    def _order(self, node: exp.Expr, frame: Frame, reads: list[int], columns: Columns) -> None:
        order = node.args.get("order")
        for one in order.expressions if order is not None else ():
            value = one.this
            if isinstance(value, exp.Column) and not value.table and value.name in columns:
                value.meta[OUTPUT] = True
                value.meta[TYPE] = columns[value.name].type
            elif node.args.get("distinct") is not None:
                refuse("ORDER BY after DISTINCT has more than a name of a column.", "Name one of the columns.")
            else:
                self._type(value, frame, reads)

    # ------------------------------------------------------------------------------------------ sources and joins

    def _source(self, node: exp.Expr, frame: Frame, reads: list[int]) -> str:
        if isinstance(node, exp.Table):
            name = node.name
            if not isinstance(node.this, exp.Identifier):
                refuse("A function stands where a table belongs.", "Only declared tables, views and WITHs are read.")
            if name in self.withs:
                columns, more = self.withs[name]
            elif name in self.reading.scope.relations:
                columns, more = known_columns(name, self.reading.scope.relations[name]), 1
                self.reading.relations.add(name)
            else:
                refuse(
                    f"`{shown(name)}` is no table that this text may read.",
                    nearest(name, [*self.reading.scope.relations, *self.withs]),
                )
            alias = self._alias(node) if node.args.get("alias") is not None else name
        else:
            if node.args.get("alias") is None:
                refuse("A query in brackets has no name.", "Write (SELECT ...) AS name.")
            alias = self._alias(node)
            columns, more = self._query(node, None, is_named=True)
        reads[0] += more
        if alias in frame.sources:
            refuse(f"Two sources are called `{shown(alias)}`.", "Give one another name with AS.")
        frame.sources[alias] = dict(columns)
        return alias

    def _join(self, node: exp.Expr, frame: Frame, reads: list[int]) -> None:
        earlier = set(frame.sources)
        alias = self._source(node.this, frame, reads)
        limits, is_full = self.reading.limits, str(node.args.get("side") or "").upper() == "FULL"
        if str(node.args.get("kind") or "").upper() == "CROSS":
            if not limits.cross_joins:
                refuse("A CROSS JOIN was found.", "Join on an equality: JOIN name ON a.field = b.field.")
            return
        if node.args.get("using"):
            self._using(node, frame, alias)
            return
        condition = node.args["on"]
        self._type(condition, frame, reads)
        require_condition(condition, "ON")
        refuse_aggregates(condition, "ON")
        if (is_full or not limits.cross_joins) and not _equalities(condition, frame, {alias}, earlier):
            refuse(
                f"The join with `{alias}` has no equality between a field of it and one of another table.",
                "Write ON a.field = b.field AND ...; OR does not count.",
            )

    def _using(self, node: exp.Expr, frame: Frame, alias: str) -> None:
        for one in node.args["using"]:
            name = one.name
            holders = [other for other, columns in frame.sources.items() if name in columns and other != alias]
            if name not in frame.sources[alias] or not holders or (len(holders) > 1 and name not in frame.shared):
                refuse(f"USING ({shown(name)}) does not name one column on each side.", "Write ON a.field = b.field.")
            sides = [frame.sources[other][name] for other in (*holders, alias)]
            if not self.reading.limits.cross_joins and not all(side.is_plain for side in sides):
                refuse(f"USING ({name}) joins on a computed column.", "Join on a field.")
            self.reading.fields.update(side.field for side in sides if side.field is not None)
            type_ = join_kinds(f"USING ({name})", (side.type for side in sides))
            frame.shared[name] = Known(type_, None, is_plain=all(side.is_plain for side in sides))

    def _check_correlation(self, where: exp.Expr | None, frame: Frame) -> None:
        outside: set[str] = set()
        around = frame.outer
        while around is not None:
            outside, around = outside | set(around.sources), around.outer
        if where is None or not _equalities(where.this, frame, set(frame.sources), outside - set(frame.sources)):
            refuse(
                "A query inside a query looks at the outer row without an equality of fields.",
                "Write WHERE inner.field = outer.field AND ...",
            )

    # ------------------------------------------------------------------------------------------ small things

    def _alias(self, node: exp.Expr) -> str:
        name = node.alias
        if not ALIAS.fullmatch(name):
            refuse(f"The name `{shown(name)}` is not written in small letters, digits and `_`.", "Choose another.")
        return name

    def _type(self, node: exp.Expr, frame: Frame, reads: list[int]) -> str:
        def query(inner: exp.Expr) -> list[Known]:
            columns, more = self._query(inner, frame)
            reads[0] += more
            if not isinstance(inner.parent, exp.In | exp.Exists):
                check_single_row(inner)
            return list(columns.values())

        return read_types(node, lambda column: self.reading.column(column, frame), query, self.reading.parameter)

    def _expand_stars(self, node: exp.Expr, frame: Frame, *, is_outermost: bool) -> None:
        stars = [one for one in node.expressions if isinstance(one, exp.Star) or _is_star_of_one(one)]
        if not stars:
            return
        if is_outermost:
            refuse("A star stands in the outermost SELECT.", "Name the columns, so that everyone sees what comes out.")
        if frame.shared:
            refuse("A star stands beside USING.", "Name the columns.")
        expanded: list[exp.Expr] = []
        for one in node.expressions:
            if one not in stars:
                expanded.append(one)
                continue
            aliases = [one.table] if isinstance(one, exp.Column) else list(frame.sources)
            for alias in aliases:
                if alias not in frame.sources:
                    refuse(f"`{shown(alias)}.*` names no source.", nearest(alias, frame.sources))
                expanded.extend(exp.column(name, alias, quoted=True) for name in frame.sources[alias])
        node.set("expressions", expanded)


def _is_star_of_one(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and isinstance(node.this, exp.Star)


def _is_plain(node: exp.Expr, frame: Frame) -> bool:
    node = unwrapped(node)
    if isinstance(node, exp.Column):
        found = frame.find(node.table, node.name)
        return found is not None and found[1].is_plain
    # One of several fields is a field still; a constant among them could make all rows equal.
    is_choice = isinstance(node, exp.Least | exp.Greatest | exp.Coalesce | exp.Min | exp.Max)
    return is_choice and all(_is_plain(one, frame) for one in node.iter_expressions())


def _terms(condition: exp.Expr) -> Iterator[exp.Expr]:
    waiting = [condition]
    while waiting:
        node = unwrapped(waiting.pop())
        if isinstance(node, exp.And):
            waiting += [node.this, node.expression]
        else:
            yield node


def _equalities(condition: exp.Expr, frame: Frame, inner: set[str], outer: set[str]) -> bool:
    # Only fields count: two constants, or two computed columns, could be equal on every row.
    for term in _terms(condition):
        if not isinstance(term, exp.EQ):
            continue
        sides = [unwrapped(term.this), unwrapped(term.expression)]
        if not all(isinstance(side, exp.Column) for side in sides):
            continue
        tables = [side.table for side in sides]  # type: ignore[attr-defined]
        found = [frame.find(side.table, side.name) for side in sides]  # type: ignore[attr-defined]
        if all(one is not None and one[1].is_plain for one in found) and (
            (tables[0] in inner and tables[1] in outer) or (tables[1] in inner and tables[0] in outer)
        ):
            return True
    return False
