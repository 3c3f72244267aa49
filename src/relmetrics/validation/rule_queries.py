"""What the rules of the standard say about rows beside each other: rules that bring a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relmetrics.definitions.rule import MANIFEST
from relmetrics.validation.absent import reason_for_absence
from relmetrics.validation.locating import Breach, place_of
from relmetrics.validation.rules import manifest_breach, other_cells
from relmetrics.validation.scope import bound_parameters
from relmetrics.validation.shape import shape_of
from relmetrics.validation.sql import canonical, given_text, quoted, relation

if TYPE_CHECKING:
    from relmetrics.definitions import Rule
    from relmetrics.submission import Submission
    from relmetrics.validation.compiled import CompiledQuery, CompiledRule
    from relmetrics.validation.ledger import Ledger

__all__ = ["judge_query_rules"]


def judge_query_rules(ledger: Ledger, rules: Sequence[Rule], compiled: Mapping[str, CompiledRule]) -> None:
    """Judge the rules of one table that bring a query, and write down what became of them.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is, and where findings and checks are written down.
    rules : sequence of Rule
        Rules about a table that was handed in, or about the manifest; those without a query are passed over.
    compiled : mapping
        Their SQL, by id.
    """
    submission = ledger.submission
    able: list[tuple[Rule, CompiledQuery]] = []
    for rule in rules:
        query = compiled[rule.id].query
        if query is None:
            continue
        if reason := reason_for_absence(submission, query.names):
            ledger.not_judged(rule, rule.table, "cannot_tell", reason, kind="rule")
        else:
            able.append((rule, query))
    parameters = bound_parameters(submission)
    for (rule, query), (n_eligible, n_examined) in zip(able, _examined(submission, able, parameters), strict=True):
        if n_eligible and not n_examined:
            ledger.not_judged(rule, rule.table, "cannot_tell", "values_unknown", kind="rule")
            continue
        n_findings, breaches = _found(ledger, rule, query, parameters) if n_examined else (0, [])
        ledger.judged(rule, rule.table, n_examined, n_findings, breaches, kind="rule")


def _examined(
    submission: Submission, able: Sequence[tuple[Rule, CompiledQuery]], parameters: Mapping[str, Any]
) -> list[tuple[int, int]]:
    """How many rows each rule is about, and how many of them it can judge: few statements for all."""
    found: dict[int, tuple[int, int]] = {}
    by_source: dict[str, list[int]] = {}
    for number, (_, query) in enumerate(able):
        by_source.setdefault(query.examined_source, []).append(number)

    def ask(statement: str, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        used = {name: parameters[name] for number in numbers for name in able[number][1].examined_parameters}
        return submission.connection.execute(statement, used).fetchall()

    if numbers := by_source.pop("", []):
        parts = (f"SELECT {number}, n_eligible, n_examined FROM ({able[number][1].examined})" for number in numbers)
        for number, n_eligible, n_examined in ask(" UNION ALL ".join(parts), numbers):
            found[number] = (n_eligible or 0, n_examined or 0)
    for source, numbers in by_source.items():
        columns = ", ".join(", ".join(able[number][1].examined_columns) for number in numbers)
        counts = [count or 0 for count in ask(f"SELECT {columns} FROM {source}", numbers)[0]]
        found |= dict(zip(numbers, zip(counts[::2], counts[1::2], strict=True), strict=True))
    return [found.get(number, (0, 0)) for number in range(len(able))]


def _found(ledger: Ledger, rule: Rule, query: CompiledQuery, parameters: Mapping[str, Any]) -> tuple[int, list[Breach]]:
    """Exact number of findings, and the first of them."""
    submission = ledger.submission
    used = {name: parameters[name] for name in query.finding_parameters}
    params = "".join(f", CAST(found.{quoted(column)} AS VARCHAR)" for column in rule.params.values())
    if "_row" not in query.columns or rule.table == MANIFEST:
        text = f"SELECT 1{params} FROM ({query.finding}) AS found ORDER BY ALL"
        whole = submission.connection.execute(text, used).fetchall()
        return len(whole), [_about_whole(submission, rule, values) for _, *values in whole]
    table = submission.release.tables[rule.table]
    key = ", ".join(f"CAST({canonical(table.by_id[name])} AS VARCHAR)" for name in table.key)
    text = f"""
        WITH found AS ({query.finding})
        SELECT count(*) OVER (), t._row, {"found.related_row" if "related_row" in query.columns else "NULL"},
            {given_text(table.by_id[rule.fields[0]])}, {key}{params}
        FROM found JOIN {relation(table.id)} AS t ON t._row = found._row
        ORDER BY {", ".join(str(number) for number in range(2, 5 + len(table.key) + len(rule.params)))}
        LIMIT {max(ledger.most_listed, 1)}
    """
    records = submission.connection.execute(text, used).fetchall()
    breaches = [_about_row(submission, rule, *record) for _, *record in records]
    return (records[0][0] if records else 0), breaches


def _about_whole(submission: Submission, rule: Rule, values: Sequence[str | None]) -> Breach:
    """About a column as a whole, or about a key of the manifest."""
    params = dict(zip(rule.params, ("" if value is None else value for value in values), strict=True))
    if rule.table == MANIFEST:
        return manifest_breach(submission, rule, params)
    field, *others = rule.fields
    return Breach(
        rule,
        rule.table,
        (),
        field=field,
        related=other_cells(submission, rule.table, None, others),
        params=params,
    )


def _about_row(
    submission: Submission, rule: Rule, row: int, related_row: int | None, cell: str | None, *rest: str | None
) -> Breach:
    n_key = len(submission.release.tables[rule.table].key)
    texts = ["" if value is None else value for value in rest]
    related = other_cells(submission, rule.table, row, rule.fields[1:])
    if related_row is not None:
        other = rule.related_table or rule.table
        related = (place_of(submission, other, related_row, _related_field(rule, submission)), *related)
    return Breach(
        rule,
        rule.table,
        tuple(texts[:n_key]),
        row=row,
        field=rule.fields[0],
        shape=shape_of(cell),
        related=related,
        params=dict(zip(rule.params, texts[n_key:], strict=True)),
    )


def _related_field(rule: Rule, submission: Submission) -> str:
    """Field to point at in the related row: the same where the tables are, else the key."""
    if rule.related_table in (None, rule.table):
        return rule.fields[0]
    return submission.release.tables[rule.related_table or rule.table].key[0]
