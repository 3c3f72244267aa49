"""Rules as SQL: read by the language once, then only run.

Reading a query of the language takes some milliseconds, running it about as long. What is compiled depends on the
release alone; so it is written beside the rules (``compiled.json``) when the release is published, and read from
there as long as neither a rule nor a table has changed since.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from relmetrics.definitions.rule import MANIFEST

if TYPE_CHECKING:
    from relmetrics.definitions import Release, Rule
    from relmetrics.expressions import Expression, Query

__all__ = [
    "CompiledColumn",
    "CompiledQuery",
    "CompiledRow",
    "CompiledRule",
    "Names",
    "compile_rule",
    "compiled_rules",
    "fingerprint",
    "to_json",
]


@dataclass(frozen=True, slots=True)
class Names:
    """What one text reads."""

    fields: tuple[tuple[str, str], ...] = ()
    relations: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledRow:
    """A row expression rule in one table, about one tuple of fields.

    Attributes
    ----------
    verdict, eligible : str
        SQL over the row ``t`` and its joins; parameters are written ``$name``.
    names : Names
        What both read together.
    params : dict
        Name to (SQL, what it reads).
    is_known_with_field : bool
        Whether there is a verdict exactly where the field is filled.
    """

    table: str
    fields: tuple[str, ...]
    verdict: str
    eligible: str
    names: Names
    params: dict[str, tuple[str, Names]] = field(default_factory=dict)
    is_known_with_field: bool = False


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A rule that brings a query.

    Attributes
    ----------
    columns : tuple of str
        Columns of the finding query.
    finding_parameters, examined_parameters : tuple of str
        Parameters of the two queries.
    examined_source : str
        Where the examined query only counts rows of one relation: what follows FROM; else empty.
    examined_columns : tuple of str
        Then its two columns, as SQL that needs no WHERE.
    """

    finding: str
    examined: str
    columns: tuple[str, ...]
    names: Names
    finding_parameters: tuple[str, ...] = ()
    examined_parameters: tuple[str, ...] = ()
    examined_source: str = ""
    examined_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledColumn:
    """A rule about columns as a whole: SQL over the row ``t`` of a column's profile."""

    verdict: str
    eligible: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule: about rows, with a query, about columns, or with a pattern alone.

    Attributes
    ----------
    places : dict
        Table to the fields that the rule is about there, one tuple for each time that it is judged.
    """

    places: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    rows: tuple[CompiledRow, ...] = ()
    query: CompiledQuery | None = None
    column: CompiledColumn | None = None


def compile_rule(rule: Rule, release: Release) -> CompiledRule:
    """Read the texts of a rule and write their SQL.

    Raises
    ------
    ExpressionError
        If a text is not in the language of the standard.
    """
    places = {table.id: at for table in release.tables.values() if (at := rule.fields_of(table))}
    if rule.table == MANIFEST:
        places = {MANIFEST: (rule.fields,)}
    if rule.finding_query is not None:
        return CompiledRule(places, query=_query(rule, release))
    if rule.column_when is not None:
        return CompiledRule(places, column=_column(rule))
    if rule.finding_pattern is not None:
        return CompiledRule(places)
    return CompiledRule(
        places,
        rows=tuple(_row(rule, release, table, fields) for table, spots in places.items() for fields in spots),
    )


def compiled_rules(release: Release) -> dict[str, CompiledRule]:
    """All rules of a release, compiled; from the file beside them where it still fits."""
    kept = _KEPT.get(release.version)
    if kept is None or kept[0] is not release:
        kept = _KEPT[release.version] = (release, _compiled(release))
    return kept[1]


def fingerprint(release: Release) -> str:
    """Hash of all that the compiled rules depend on: the texts of the rules, and the fields of the tables."""
    rules = [
        (rule.id, rule.table, rule.fields, rule.each.model_dump() if rule.each else None, rule.applies_when)
        + (rule.finding_when, rule.finding_query, rule.examined_query, rule.column_when, rule.params)
        for rule in release.rules.values()
    ]
    tables = [
        (table.id, table.key, [(f.id, f.type, f.reduced, f.singular, repr(f.references)) for f in table.fields])
        for table in release.tables.values()
    ]
    return hashlib.sha256(json.dumps([rules, tables], sort_keys=True).encode()).hexdigest()[:16]


EXAMINED_COLUMNS = ("n_eligible", "n_examined")

_KEPT: dict[str, tuple[Release, dict[str, CompiledRule]]] = {}
"""Compiled once a process and release."""


def _compiled(release: Release) -> dict[str, CompiledRule]:
    from relmetrics.standard import data_root

    file = data_root() / "validators" / release.version / "compiled.json"
    if file.is_file():
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept.get("fingerprint") == fingerprint(release):
            return {name: _from_json(rule) for name, rule in kept["rules"].items()}
    return {rule.id: compile_rule(rule, release) for rule in release.rules.values()}


def _row(rule: Rule, release: Release, table: str, fields: tuple[str, ...]) -> CompiledRow:
    from relmetrics.expressions import RELEASE, parse_expression
    from relmetrics.validation.scope import rule_scope

    scope = rule_scope(release, table)

    def read(text: str) -> Expression:
        return parse_expression(text if rule.each is None else text.replace("{field}", fields[0]), scope, RELEASE)

    verdict, eligible = read(rule.finding_when or ""), read(rule.applies_when)
    params = {name: read(text) for name, text in rule.params.items()}
    return CompiledRow(
        table=table,
        fields=fields,
        verdict=verdict.sql(),
        eligible=eligible.sql(),
        names=_names(verdict, eligible),
        params={name: (one.sql(), _names(one)) for name, one in params.items()},
        is_known_with_field=_is_known_with_field(rule, table, fields[0], verdict),
    )


_NULL_APART = re.compile(r"\b(null|case|coalesce|nullif|greatest|least|exists)\b", re.IGNORECASE)
_NEVER_NULL = frozenset({"period_start", "period_end", "records_from", "taken_on"})


def _is_known_with_field(rule: Rule, table: str, name: str, verdict: Expression) -> bool:
    """Comparisons of one field with what is always known are unknown where the field is, and nowhere else."""
    return (
        rule.each is not None
        and verdict.fields == {(table, name)}
        and verdict.parameters <= _NEVER_NULL
        and not _NULL_APART.search(rule.finding_when or "")
    )


def _column(rule: Rule) -> CompiledColumn:
    from relmetrics.expressions import RELEASE, parse_expression
    from relmetrics.validation.scope import profile_scope

    scope = profile_scope()
    texts = {name: parse_expression(text, scope, RELEASE).sql() for name, text in rule.params.items()}
    verdict, eligible = (parse_expression(text or "", scope, RELEASE) for text in (rule.column_when, rule.applies_when))
    return CompiledColumn(verdict.sql(), eligible.sql(), texts)


def _query(rule: Rule, release: Release) -> CompiledQuery:
    from relmetrics.expressions import RELEASE, parse_query
    from relmetrics.expressions.totals import totals_of
    from relmetrics.validation.scope import rule_scope

    scope = rule_scope(release)
    finding = parse_query(rule.finding_query or "", scope, RELEASE)
    examined = parse_query(rule.examined_query or "", scope, RELEASE)
    totals = totals_of(_sql(examined)) if examined.columns == EXAMINED_COLUMNS else None
    return CompiledQuery(
        finding=_sql(finding),
        examined=_sql(examined),
        columns=finding.columns,
        names=Names(
            fields=tuple(sorted(finding.fields | examined.fields)),
            relations=tuple(sorted(finding.relations | examined.relations)),
        ),
        finding_parameters=tuple(sorted(finding.parameters)),
        examined_parameters=tuple(sorted(examined.parameters)),
        examined_source=totals.source if totals is not None else "",
        examined_columns=totals.columns if totals is not None else (),
    )


def _names(*read: Expression) -> Names:
    return Names(
        fields=tuple(sorted({pair for one in read for pair in one.fields})),
        references=tuple(sorted({name for one in read for name in one.references})),
    )


def _sql(query: Query) -> str:
    return query.sql(relation=lambda name: ("given", name))


def to_json(release: Release) -> dict[str, Any]:
    """Return the content of ``compiled.json``."""
    rules = {rule.id: asdict(compile_rule(rule, release)) for rule in release.rules.values()}
    return {"fingerprint": fingerprint(release), "rules": rules}


def _from_json(rule: dict[str, Any]) -> CompiledRule:
    """Read what `to_json` wrote: JSON has lists where the code has tuples."""
    rows = tuple(
        CompiledRow(
            row["table"],
            tuple(row["fields"]),
            row["verdict"],
            row["eligible"],
            _names_from(row["names"]),
            {name: (text, _names_from(names)) for name, (text, names) in row["params"].items()},
            row["is_known_with_field"],
        )
        for row in rule["rows"]
    )
    query = rule["query"] and CompiledQuery(
        rule["query"]["finding"],
        rule["query"]["examined"],
        tuple(rule["query"]["columns"]),
        _names_from(rule["query"]["names"]),
        tuple(rule["query"]["finding_parameters"]),
        tuple(rule["query"]["examined_parameters"]),
        rule["query"]["examined_source"],
        tuple(rule["query"]["examined_columns"]),
    )
    places = {table: tuple(map(tuple, spots)) for table, spots in rule["places"].items()}
    return CompiledRule(places, rows, query, rule["column"] and CompiledColumn(**rule["column"]))


def _names_from(names: dict[str, Any]) -> Names:
    fields = tuple((relation, column) for relation, column in names["fields"])
    return Names(fields, tuple(names["relations"]), tuple(names["references"]))
