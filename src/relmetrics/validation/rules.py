"""What the rules of the standard say about a submission.

Row expressions join the pass over their table (`scan`); rules that compare rows with each other bring a query of
their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from relmetrics.expressions import RELEASE, Scope, parse_expression, parse_query
from relmetrics.validation.finding import Place
from relmetrics.validation.locating import Breach, place_of
from relmetrics.validation.references import lookup_of
from relmetrics.validation.scan import Counts, Listed, RowCheck, when
from relmetrics.validation.shape import shape_of
from relmetrics.validation.sql import canonical, given_text, quoted, relation

if TYPE_CHECKING:
    from relmetrics.definitions import Release, Rule, Table
    from relmetrics.expressions import Query
    from relmetrics.submission import Submission
    from relmetrics.validation.ledger import Ledger

__all__ = [
    "PARAMETERS",
    "bound_parameters",
    "conclude_row_rule",
    "is_row_rule",
    "judge_query_rule",
    "row_check",
    "rule_scope",
]

PARAMETERS = ("period_start", "period_end", "records_from", "taken_on")
"""Days of the manifest that every rule may use; ``taken_on`` is the period's end where it is not given."""


def bound_parameters(submission: Submission) -> dict[str, date]:
    """Values of `PARAMETERS` in this submission."""
    manifest = submission.manifest
    days = (manifest.period.start, manifest.period.end, manifest.records_from, manifest.today)
    return dict(zip(PARAMETERS, days, strict=True))


def is_row_rule(rule: Rule) -> bool:
    """Whether the rule judges each row by itself and what it refers to."""
    return rule.finding_when is not None


def rule_scope(release: Release, table: str | None = None) -> Scope:
    """Return what a rule may name: all tables of the release as they were handed in.

    Parameters
    ----------
    release : Release
        The standard.
    table : str, optional
        For row expressions: the table whose fields stand without a qualifier.
    """
    relations: dict[str, dict[str, str]] = {}
    for one in release.tables.values():
        columns = {field.id: field.type for field in one.fields if field.type != "codes"}
        columns |= {f"{field.id}_precision": "code" for field in one.fields if field.reduced}
        relations[one.id] = {**columns, "_row": "integer"}
        for field in one.fields:
            if field.type == "codes" and field.singular is not None:
                key = {name: one.by_id[name].type for name in one.key}
                relations[f"{one.id}_{field.id}"] = {**key, "_row": "integer", field.singular: "code"}
    references = {}
    if table is not None:
        for name, field in release.tables[table].references.items():
            lookup = lookup_of(release, field)
            if lookup is not None and lookup.is_to_whole_key:
                references[name] = (field.id, lookup.table.id, lookup.theirs[-1])
    return Scope(
        relations=relations,
        table=table,
        references=references,
        parameters=frozenset(PARAMETERS),
        parameter_types=dict.fromkeys(PARAMETERS, "date"),
    )


def row_check(submission: Submission, rule: Rule, joins: Sequence[str]) -> RowCheck | str:
    """Turn a rule with a row expression into a verdict about rows, or say why it cannot be judged.

    Parameters
    ----------
    submission : Submission
        What was handed in; the rule's table is there.
    rule : Rule
        A rule with ``finding_when``.
    joins : sequence of str
        Joins that can be made.

    Returns
    -------
    RowCheck or str
        ``table_absent`` or ``field_absent`` where something that the verdict needs is not there.
    """
    scope = rule_scope(submission.release, rule.table)
    verdict = parse_expression(rule.finding_when or "", scope, RELEASE)
    eligible = parse_expression(rule.applies_when, scope, RELEASE)
    params = {name: parse_expression(text, scope, RELEASE) for name, text in rule.params.items()}
    if reason := _absent(submission, verdict.fields | eligible.fields):
        return reason
    # A param may say more than the verdict needs; where its column is absent the message does without.
    known = {name: one for name, one in params.items() if not _absent(submission, one.fields)}
    used = verdict.references | eligible.references | {join for one in known.values() for join in one.references}
    if not used <= set(joins):
        return "table_absent"
    table = submission.release.tables[rule.table]
    applies, verdict_sql = f"coalesce({eligible.sql()}, FALSE)", verdict.sql()
    return RowCheck(
        rule.id,
        rule.fields[0],
        eligible=when(applies),
        judged=when(applies, f"({verdict_sql}) IS NOT NULL"),
        broken=when(applies, f"coalesce({verdict_sql}, FALSE)"),
        params={name: known[name].sql() if name in known else "NULL" for name in params},
        joins=tuple(sorted(used)),
        text=_text(table, rule),
    )


def conclude_row_rule(ledger: Ledger, rule: Rule, counts: Counts | str, listed: Sequence[Listed]) -> None:
    """Write down what became of a rule with a row expression.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    rule : Rule
        The rule.
    counts : Counts or str
        What the pass over its table said, or why there was none.
    listed : sequence of Listed
        The first rows with a breach.
    """
    if isinstance(counts, str):
        ledger.not_judged(rule, rule.table, "cannot_tell", counts, kind="rule")
    elif counts.n_eligible and not counts.n_examined:
        ledger.not_judged(rule, rule.table, "cannot_tell", "values_unknown", kind="rule")
    else:
        breaches = [
            Breach(
                rule,
                rule.table,
                one.key,
                row=one.row,
                field=one.check.field,
                shape=shape_of(one.text),
                params=one.params,
                related=_other_cells(ledger.submission, rule, one.row),
            )
            for one in sorted(listed, key=lambda one: one.row)
        ]
        ledger.judged(rule, rule.table, counts.n_examined, counts.n_findings, breaches, kind="rule")


def judge_query_rule(ledger: Ledger, rule: Rule) -> None:
    """Judge a rule that brings a query, and write down what became of it.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is, and where findings and checks are written down.
    rule : Rule
        A rule with ``finding_query``.
    """
    submission = ledger.submission
    scope = rule_scope(submission.release)
    finding = parse_query(rule.finding_query or "", scope, RELEASE)
    examined = parse_query(rule.examined_query or "", scope, RELEASE)
    if reason := _absent(submission, finding.fields | examined.fields, finding.relations | examined.relations):
        ledger.not_judged(rule, rule.table, "cannot_tell", reason, kind="rule")
        return
    parameters = bound_parameters(submission)
    n_eligible, n_examined = _examined(submission, examined, parameters)
    if n_eligible and not n_examined:
        ledger.not_judged(rule, rule.table, "cannot_tell", "values_unknown", kind="rule")
        return
    n_findings, breaches = _found(ledger, rule, finding, parameters) if n_examined else (0, [])
    ledger.judged(rule, rule.table, n_examined, n_findings, breaches, kind="rule")


def _examined(submission: Submission, query: Query, parameters: Mapping[str, date]) -> tuple[int, int]:
    text = f"SELECT n_eligible, n_examined FROM ({_sql(query)})"
    record = submission.connection.execute(text, _used(query, parameters)).fetchone()
    return (record[0] or 0, record[1] or 0) if record is not None else (0, 0)


def _found(ledger: Ledger, rule: Rule, query: Query, parameters: Mapping[str, date]) -> tuple[int, list[Breach]]:
    """Exact number of findings, and the first of them."""
    submission = ledger.submission
    table = submission.release.tables[rule.table]
    key = ", ".join(f"CAST({canonical(table.by_id[name])} AS VARCHAR)" for name in table.key)
    has_related = "related_row" in query.columns
    params = "".join(f", CAST(found.{quoted(column)} AS VARCHAR)" for column in rule.params.values())
    text = f"""
        WITH found AS ({_sql(query)})
        SELECT count(*) OVER (), t._row, {"found.related_row" if has_related else "NULL"},
            {_text(table, rule)}, {key}{params}
        FROM found JOIN {relation(table.id)} AS t ON t._row = found._row
        ORDER BY {", ".join(str(number) for number in range(2, 5 + len(table.key) + len(rule.params)))}
        LIMIT {max(ledger.most_listed, 1)}
    """
    records = submission.connection.execute(text, _used(query, parameters)).fetchall()
    breaches = []
    for _, row, related_row, cell, *rest in records:
        texts = ["" if value is None else value for value in rest]
        related = _other_cells(submission, rule, row)
        if related_row is not None:
            related = (
                place_of(submission, rule.related_table or rule.table, related_row, _related_field(rule, submission)),
                *related,
            )
        breaches.append(
            Breach(
                rule,
                rule.table,
                tuple(texts[: len(table.key)]),
                row=row,
                field=rule.fields[0],
                shape=shape_of(cell),
                related=related,
                params=dict(zip(rule.params, texts[len(table.key) :], strict=True)),
            )
        )
    return (records[0][0] if records else 0), breaches


def _related_field(rule: Rule, submission: Submission) -> str:
    """Field to point at in the related row: the same where the tables are, else the key."""
    if rule.related_table in (None, rule.table):
        return rule.fields[0]
    return submission.release.tables[rule.related_table or rule.table].key[0]


def _other_cells(submission: Submission, rule: Rule, row: int) -> tuple[Place, ...]:
    places = (place_of(submission, rule.table, row, field) for field in rule.fields[1:])
    return tuple(place for place in places if place.cell)


def _absent(
    submission: Submission, fields: frozenset[tuple[str, str]], relations: frozenset[str] = frozenset()
) -> Literal["", "table_absent", "field_absent"]:
    """Why a text cannot be run on what was handed in."""
    release = submission.release
    owners = {
        f"{table.id}_{field.id}": (table.id, field)
        for table in release.tables.values()
        for field in table.fields
        if field.type == "codes"
    }
    used = {owners[name][0] if name in owners else name for name in relations | {one for one, _ in fields}}
    if any(name not in submission.tables for name in used):
        return "table_absent"
    for name, column in fields:
        if name in owners:
            owner, field = owners[name]
            column = field.id if column == field.singular else column
            name = owner
        column = column.removesuffix("_precision")
        if column != "_row" and submission.tables[name].column(column) is None:
            return "field_absent"
    return ""


def _text(table: Table, rule: Rule) -> str:
    return given_text(table.by_id[rule.fields[0]])


def _sql(query: Query) -> str:
    return query.sql(relation=lambda name: ("given", name))


def _used(query: Query, parameters: Mapping[str, date]) -> dict[str, date]:
    return {name: parameters[name] for name in sorted(query.parameters)}
