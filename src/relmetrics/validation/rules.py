"""What the rules of the standard say about single rows: they join the pass over their table (`scan`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST, MANIFEST_KEYS
from relmetrics.validation.absent import reason_for_absence
from relmetrics.validation.finding import Place
from relmetrics.validation.locating import Breach, place_of
from relmetrics.validation.scan import Counts, Listed, RowCheck, Scan, when
from relmetrics.validation.scope import bound_parameters
from relmetrics.validation.shape import shape_of
from relmetrics.validation.sql import given_text, quoted, relation

if TYPE_CHECKING:
    from relmetrics.definitions import Rule
    from relmetrics.submission import Submission
    from relmetrics.validation.compiled import CompiledRow, CompiledRule
    from relmetrics.validation.ledger import Ledger

__all__ = [
    "RowRule",
    "conclude_row_rules",
    "judge_manifest",
    "manifest_breach",
    "other_cells",
    "row_check",
    "row_rules",
]


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule with row expressions, in one table, about one tuple of its fields."""

    rule: Rule
    row: CompiledRow


def row_rules(rules: Iterable[Rule], compiled: Mapping[str, CompiledRule], table: str) -> list[RowRule]:
    """Return what the row expressions of these rules say about a table."""
    return [RowRule(rule, row) for rule in rules for row in compiled[rule.id].rows if row.table == table]


def row_check(submission: Submission, one: RowRule, joins: Sequence[str]) -> RowCheck | str:
    """Turn a row rule into a verdict about rows, or say why it cannot be judged.

    Parameters
    ----------
    submission : Submission
        What was handed in; the rule's table is there.
    one : RowRule
        Rule and table.
    joins : sequence of str
        Joins that can be made.

    Returns
    -------
    RowCheck or str
        ``table_absent`` or ``field_absent`` where something that the verdict needs is not there.
    """
    row = one.row
    if reason := reason_for_absence(submission, row.names):
        return reason
    # A param may say more than the verdict needs; where its column is absent the message does without.
    known = {name: text for name, (text, names) in row.params.items() if not reason_for_absence(submission, names)}
    used = {*row.names.references, *(join for name in known for join in row.params[name][1].references)}
    if not used <= set(joins):
        return "table_absent"
    table = submission.release.tables.get(row.table)
    applies = f"coalesce({row.eligible}, FALSE)"
    # Where the field alone decides whether there is a verdict, other checks ask for the same condition.
    decides = f"t.{quoted(row.fields[0])}" if row.is_known_with_field else f"({row.verdict})"
    return RowCheck(
        one.rule.id,
        row.fields[0],
        eligible=when(applies),
        judged=when(applies, f"{decides} IS NOT NULL"),
        broken=when(applies, f"coalesce({row.verdict}, FALSE)"),
        params={name: known.get(name, "NULL") for name in row.params},
        joins=tuple(sorted(used)),
        text="NULL" if table is None else given_text(table.by_id[row.fields[0]]),
    )


def conclude_row_rules(
    ledger: Ledger,
    table: str,
    judged: Sequence[tuple[RowRule, RowCheck | str, Counts]],
    listed: Sequence[Listed],
) -> None:
    """Write down what became of the row rules of a table: one check a rule, over all fields that it is about.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    table : str
        Table that was judged.
    judged : sequence of (RowRule, RowCheck or str, Counts)
        What the pass said, or why there was none.
    listed : sequence of Listed
        The first rows with a breach.
    """
    by_check: dict[int, list[Listed]] = {}
    for one in listed:
        by_check.setdefault(id(one.check), []).append(one)
    by_rule: dict[str, list[tuple[RowRule, RowCheck | str, Counts]]] = {}
    for item in judged:
        by_rule.setdefault(item[0].rule.id, []).append(item)
    for items in by_rule.values():
        rule = items[0][0].rule
        done = [(one, check, counts) for one, check, counts in items if not isinstance(check, str)]
        if not done:
            ledger.not_judged(rule, table, "cannot_tell", str(items[0][1]), kind="rule")
            continue
        n_examined = sum(counts.n_examined for _, _, counts in done)
        if not n_examined and any(counts.n_eligible for _, _, counts in done):
            ledger.not_judged(rule, table, "cannot_tell", "values_unknown", kind="rule")
            continue
        breaches = [_breach(ledger, one, found) for one, check, _ in done for found in by_check.get(id(check), ())]
        breaches.sort(key=lambda breach: (breach.row or 0, breach.field))
        ledger.judged(rule, table, n_examined, sum(counts.n_findings for *_, counts in done), breaches, kind="rule")


def judge_manifest(ledger: Ledger, rules: Sequence[RowRule]) -> None:
    """Judge the rules about the manifest, and write down what became of them.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is, and where findings and checks are written down.
    rules : sequence of RowRule
        Rules whose table is the manifest.
    """
    submission = ledger.submission
    scan = Scan(relation(MANIFEST), [], {}, bound_parameters(submission))
    checks = [row_check(submission, one, ()) for one in rules]
    scan.checks = [check for check in checks if not isinstance(check, str)]
    found = scan.run(submission.connection, 1)
    listed = scan.fetch(submission.connection, found)
    by_check = dict(zip(map(id, scan.checks), found, strict=True))
    judged = [(one, check, by_check.get(id(check), Counts())) for one, check in zip(rules, checks, strict=True)]
    conclude_row_rules(ledger, MANIFEST, judged, listed)


def manifest_breach(submission: Submission, rule: Rule, params: dict[str, str]) -> Breach:
    """Make a breach of a rule about the manifest: it stands at the key, in the line or row of the key."""
    first, *others = (_manifest_place(submission, name) for name in rule.fields)
    return Breach(
        rule,
        MANIFEST,
        (),
        field=first.field,
        place=first,
        related=tuple(place for place in others if place.row is not None),
        params=params,
    )


def _manifest_place(submission: Submission, name: str) -> Place:
    known, key = submission.manifest_places, MANIFEST_KEYS.get(name, name)
    return Place(table=MANIFEST, file=known.file, sheet=known.sheet, row=known.rows.get(key), field=key)


def other_cells(submission: Submission, table: str, row: int | None, fields: Sequence[str]) -> tuple[Place, ...]:
    """Places of the other fields that a finding points at, where they are there."""
    places = (place_of(submission, table, row, field) for field in fields)
    return tuple(place for place in places if place.cell)


def _breach(ledger: Ledger, one: RowRule, found: Listed) -> Breach:
    field, *others = one.row.fields
    if one.row.table == MANIFEST:
        return manifest_breach(ledger.submission, one.rule, found.params)
    return Breach(
        one.rule,
        one.row.table,
        found.key,
        row=found.row,
        field=field,
        shape=shape_of(found.text),
        params=found.params,
        related=other_cells(ledger.submission, one.row.table, found.row, others),
    )
