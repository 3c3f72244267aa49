"""Validation: what is wrong with a submission, what was checked, and what works.

One pass over each table judges all values and all rules about single rows (`scan`); keys, and rules that compare rows,
have queries of their own. A readable wrong value is a finding; validation never stops for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.validation.causes import link_causes
from relmetrics.validation.finding import Check, Finding, Findings, Place
from relmetrics.validation.keys import drop_copies, keep_one_of_each
from relmetrics.validation.ledger import Ledger
from relmetrics.validation.locating import findings_of
from relmetrics.validation.readiness import Readiness, fields_to_fill, judge_readiness, unlocked_by
from relmetrics.validation.references import join_of
from relmetrics.validation.rules import (
    bound_parameters,
    conclude_row_rule,
    is_row_rule,
    judge_query_rule,
    row_check,
)
from relmetrics.validation.scan import Scan
from relmetrics.validation.sql import canonical, quoted, relation
from relmetrics.validation.structure import check_absent_table, check_keys, check_lists, conclude_values
from relmetrics.validation.tables_and_columns import check_columns, check_rows_as_such, check_tables
from relmetrics.validation.values import value_checks

if TYPE_CHECKING:
    from relmetrics.definitions import Rule, Table
    from relmetrics.submission import Submission
    from relmetrics.validation.scan import Counts

__all__ = ["Check", "Finding", "Findings", "Place", "Readiness", "unlocked_by", "validate"]


def validate(submission: Submission, most_listed: int = 1000) -> Findings:
    """Check a submission against the tables and the rules of its release.

    Parameters
    ----------
    submission : Submission
        What `read_submission` gave.
    most_listed : int
        How many findings of one check are listed; the checks hold the exact numbers.

    Returns
    -------
    Findings
        Findings in a fixed order; one Check for every rule and for every structural constraint of every table; and
        which indicators have the tables and fields that they need.
    """
    ledger = Ledger(submission, most_listed)
    release = submission.release
    check_tables(ledger)
    sources = {}
    for table in release.tables.values():
        if table.id in submission.tables:
            check_columns(ledger, table)
            check_rows_as_such(ledger, table)
            has_duplicates = check_keys(ledger, table)
            sources[table.id] = keep_one_of_each(submission.connection, table) if has_duplicates else relation(table.id)
        else:
            check_absent_table(ledger, table)
    n_filled: dict[str, int] = {}
    for table in release.tables.values():
        rules = [rule for rule in release.rules.values() if rule.table == table.id]
        if table.id in submission.tables:
            n_filled |= _check_rows(ledger, table, [rule for rule in rules if is_row_rule(rule)], sources)
            for rule in rules:
                if not is_row_rule(rule):
                    judge_query_rule(ledger, rule)
        else:
            for rule in rules:
                ledger.not_judged(rule, table.id, "not_applicable", "table_absent", kind="rule")
    link_causes(release, ledger.breaches)
    drop_copies(submission.connection, [table for table, source in sources.items() if source != relation(table)])
    return Findings(
        findings=findings_of(submission, ledger.breaches),
        checks=ledger.ordered_checks(),
        readiness=judge_readiness(submission, n_filled),
        most_listed=most_listed,
        release=release.version,
        remarks=submission.remarks,
    )


def _check_rows(ledger: Ledger, table: Table, rules: list[Rule], sources: dict[str, str]) -> dict[str, int]:
    """Judge values and row rules of a table in one pass; return how often fields that indicators need are filled."""
    submission = ledger.submission
    read = submission.tables[table.id]
    found = (join_of(submission, field, sources) for field in table.references.values() if read.column(field.id))
    joins = {join.name: join for join in found if join is not None}
    key = [canonical(table.by_id[name]) for name in table.key]
    scan = Scan(relation(table.id), key, joins, bound_parameters(submission))
    for field in table.fields:
        if read.column(field.id) is not None:
            scan.checks.extend(value_checks(submission, table, field, joins))
    n_values = len(scan.checks)
    unable: dict[str, str] = {}
    for rule in rules:
        check = row_check(submission, rule, tuple(joins))
        if isinstance(check, str):
            unable[rule.id] = check
        else:
            scan.checks.append(check)
    wanted = [name for name in fields_to_fill(submission.release).get(table.id, ()) if read.column(name) is not None]
    scan.filled = {f"{table.id}.{name}": f"t.{quoted(name)} IS NOT NULL" for name in wanted}
    counts = scan.run(submission.connection, ledger.most_listed)
    listed = scan.fetch(submission.connection, counts)

    is_value = {id(check) for check in scan.checks[:n_values]}
    judged, more = check_lists(ledger, table, sources)
    judged = [*zip(scan.checks[:n_values], counts[:n_values], strict=True), *judged]
    conclude_values(ledger, table, judged, [*(one for one in listed if id(one.check) in is_value), *more])
    by_rule: dict[str, Counts] = {
        check.id: count for check, count in zip(scan.checks[n_values:], counts[n_values:], strict=True)
    }
    for rule in rules:
        rows = [one for one in listed if one.check.id == rule.id and id(one.check) not in is_value]
        conclude_row_rule(ledger, rule, unable.get(rule.id) or by_rule[rule.id], rows)
    return scan.n_filled
