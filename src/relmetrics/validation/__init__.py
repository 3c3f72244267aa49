"""Validation: what is wrong with a submission, what was checked, and what works.

One pass over each table judges all values and all rules about single rows (`scan`); keys, and rules that compare rows,
have queries of their own. A readable wrong value is a finding; validation never stops for one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST
from relmetrics.validation.causes import link_causes
from relmetrics.validation.compiled import compiled_rules
from relmetrics.validation.copies import check_copies
from relmetrics.validation.finding import Check, Finding, Findings, Place
from relmetrics.validation.keys import drop_copies, keep_one_of_each
from relmetrics.validation.ledger import Ledger
from relmetrics.validation.locating import findings_of
from relmetrics.validation.near_misses import DANGLING, check_keys_nearly_same, check_near_misses
from relmetrics.validation.patterns import judge_patterns, pattern_gates
from relmetrics.validation.profiles import judge_columns
from relmetrics.validation.readiness import Readiness, fields_to_fill, judge_readiness, unlocked_by
from relmetrics.validation.references import is_adopted, join_of
from relmetrics.validation.rule_queries import judge_query_rules
from relmetrics.validation.rules import conclude_row_rules, judge_manifest, row_check, row_rules
from relmetrics.validation.scan import Counts, Scan
from relmetrics.validation.scope import bound_parameters, describe_submission
from relmetrics.validation.screens import screen_submission
from relmetrics.validation.sql import canonical, quoted, relation
from relmetrics.validation.structure import check_absent_table, check_keys, check_lists, conclude_values
from relmetrics.validation.tables_and_columns import check_columns, check_rows_as_such, check_tables
from relmetrics.validation.values import value_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relmetrics.definitions import Rule, Table
    from relmetrics.submission import Submission
    from relmetrics.validation.compiled import CompiledRule

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
    check_keys_nearly_same(ledger)
    check_copies(ledger)
    compiled = compiled_rules(release)
    describe_submission(submission)
    about = {table: _rules_to_judge(ledger, table, compiled) for table in (MANIFEST, *release.tables)}
    n_filled = _judge(ledger, about, compiled, sources)
    link_causes(release, ledger.breaches)
    screen_submission(ledger)
    drop_copies(submission.connection, [table for table, source in sources.items() if source != relation(table)])
    return Findings(
        findings=findings_of(submission, ledger.breaches),
        checks=ledger.ordered_checks(),
        readiness=judge_readiness(submission, n_filled),
        most_listed=most_listed,
        release=release.version,
        remarks=submission.remarks,
    )


def _rules_to_judge(ledger: Ledger, table: str, compiled: Mapping[str, CompiledRule]) -> list[Rule]:
    """Return the rules about a table, or about the manifest, that can apply; of the others say why not."""
    submission = ledger.submission
    about: list[Rule] = []
    for rule in submission.release.rules.values():
        if table not in compiled[rule.id].places:
            continue
        if not is_adopted(submission, rule.level):
            ledger.not_judged(rule, table, "not_applicable", "above_level", kind="rule")
        elif table != MANIFEST and table not in submission.tables:
            ledger.not_judged(rule, table, "not_applicable", "table_absent", kind="rule")
        else:
            about.append(rule)
    return about


def _judge(
    ledger: Ledger,
    about: Mapping[str, Sequence[Rule]],
    compiled: Mapping[str, CompiledRule],
    sources: Mapping[str, str],
) -> dict[str, int]:
    """Judge all values and rules, several tables at once; return how often fields that indicators need are filled."""
    submission = ledger.submission
    given = [table for table in submission.release.tables.values() if table.id in submission.tables]
    n_filled: dict[str, int] = {}
    tasks: list[Callable[[Ledger], None]] = [
        lambda part: judge_manifest(part, row_rules(about[MANIFEST], compiled, MANIFEST)),
        lambda part: judge_query_rules(part, about[MANIFEST], compiled),
        lambda part: judge_columns(part, {table.id: about[table.id] for table in given}, compiled),
    ]

    def judge_rows(part: Ledger, table: Table) -> None:
        n_filled.update(_check_rows(part, table, about[table.id], compiled, sources))

    def judge_queries(part: Ledger, table: Table) -> None:
        judge_query_rules(part, about[table.id], compiled)

    for table in given:
        tasks += [partial(judge_rows, table=table), partial(judge_queries, table=table)]
    parts = [ledger.part() for _ in tasks]
    submission.workspace.in_parallel([partial(task, part) for task, part in zip(tasks, parts, strict=True)])
    for part in parts:
        ledger.take(part)
    return n_filled


def _check_rows(
    ledger: Ledger,
    table: Table,
    rules: Sequence[Rule],
    compiled: Mapping[str, CompiledRule],
    sources: Mapping[str, str],
) -> dict[str, int]:
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
    values = list(scan.checks)
    verdicts = [(one, row_check(submission, one, tuple(joins))) for one in row_rules(rules, compiled, table.id)]
    scan.checks.extend(check for _, check in verdicts if not isinstance(check, str))
    gates = pattern_gates(ledger, table, rules, compiled)
    scan.checks.extend(gate.check for gate in gates)
    wanted = [name for name in fields_to_fill(submission.release).get(table.id, ()) if read.column(name) is not None]
    scan.filled = {f"{table.id}.{name}": f"t.{quoted(name)} IS NOT NULL" for name in wanted}
    counts = scan.run(submission.connection, ledger.most_listed)
    listed = scan.fetch(submission.connection, counts)

    by_check = dict(zip(map(id, scan.checks), counts, strict=True))
    about_values = set(map(id, values))
    judged, more = check_lists(ledger, table, sources)
    judged = [*((check, by_check[id(check)]) for check in values), *judged]
    conclude_values(ledger, table, judged, [*(one for one in listed if id(one.check) in about_values), *more])
    check_near_misses(ledger, table, [(check.field, by_check[id(check)]) for check in values if check.id == DANGLING])
    of_rules = [(rule, check, by_check.get(id(check), Counts())) for rule, check in verdicts]
    conclude_row_rules(ledger, table.id, of_rules, listed)
    judge_patterns(ledger, table, rules, gates, [by_check[id(gate.check)] for gate in gates])
    return scan.n_filled
