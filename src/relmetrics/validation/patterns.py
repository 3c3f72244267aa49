"""What rules say about the text of a cell as it was given.

Texts that cannot be read as a value are rare, and most other texts match no pattern. So the pass over
the table only asks, one bit a field, whether there is any such text at all; which rule it breaks is asked afterwards,
of those rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.validation.locating import Breach
from relmetrics.validation.scan import EVERY_ROW, Counts, Listed, RowCheck, Scan, either, when
from relmetrics.validation.shape import shape_of
from relmetrics.validation.sql import canonical, quoted, relation, string

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Rule, Table
    from relmetrics.validation.compiled import CompiledRule
    from relmetrics.validation.ledger import Ledger

__all__ = ["Gate", "judge_patterns", "pattern_gates"]


@dataclass(frozen=True, slots=True)
class Gate:
    """Rules about the text of one field, and the verdict of the pass: whether any of them can be broken at all."""

    rules: tuple[Rule, ...]
    field: Field
    text: str
    check: RowCheck


def pattern_gates(
    ledger: Ledger, table: Table, rules: Iterable[Rule], compiled: Mapping[str, CompiledRule]
) -> list[Gate]:
    """Return what the pass over a table must ask for the rules with a pattern.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is.
    table : Table
        A table that was handed in.
    rules : iterable of Rule
        Rules that are about it; those without a pattern are passed over.
    compiled : mapping
        Where they are about what, by id.
    """
    read = ledger.submission.tables[table.id]
    by_text: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        if rule.finding_pattern is not None:
            for field, *_ in compiled[rule.id].places[table.id]:
                if read.column(field) is not None:
                    by_text.setdefault((field, rule.pattern_reads), []).append(rule)
    return [_gate(table.by_id[name], kind, tuple(found)) for (name, kind), found in by_text.items()]


def _gate(field: Field, kind: str, rules: tuple[Rule, ...]) -> Gate:
    known, kept = (f"t.{quoted(field.id + rest)} IS NOT NULL" for rest in ("", "__text"))
    if kind == "unreadable":
        text = f"t.{quoted(field.id + '__text')}"
        # A cell with several codes has a value as soon as one of them can be read.
        broken = when(kept) if field.type == "codes" else when(kept, fails=[known])
    else:
        text = f"coalesce(t.{quoted(field.id + '__text')}, t.{quoted(field.id)})"
        pattern = "|".join(f"(?:{rule.finding_pattern})" for rule in rules)
        broken = when(f"coalesce(regexp_matches({text}, {string(pattern)}), FALSE)")
    filled = either(known, kept)
    return Gate(rules, field, text, RowCheck("", field.id, filled, filled, broken, most=0))


def judge_patterns(
    ledger: Ledger,
    table: Table,
    rules: Iterable[Rule],
    gates: Sequence[Gate],
    counts: Sequence[Counts],
) -> None:
    """Judge the rules with a pattern, and write down what became of them.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    table : Table
        A table that was handed in.
    rules : iterable of Rule
        The same as for `pattern_gates`.
    gates, counts : sequence of Gate, of Counts
        What `pattern_gates` gave, and what the pass said, in the same order.
    """
    open_gates = [gate for gate, count in zip(gates, counts, strict=True) if count.n_findings]
    checks = {(rule.id, gate.field.id): _check(gate, rule) for gate in open_gates for rule in gate.rules}
    of_check: dict[int, Counts] = {}
    listed: dict[int, list[Listed]] = {}
    if checks:
        whole = " OR ".join(dict.fromkeys(gate.check.broken.sql() for gate in open_gates))
        source = f"(SELECT * FROM {relation(table.id)} AS t WHERE {whole})"
        scan = Scan(source, [canonical(table.by_id[name]) for name in table.key], {}, {})
        scan.checks = list(checks.values())
        found = scan.run(ledger.submission.connection, ledger.most_listed)
        of_check = {id(check): count for check, count in zip(scan.checks, found, strict=True)}
        for one in scan.fetch(ledger.submission.connection, found):
            listed.setdefault(id(one.check), []).append(one)
    by_rule: dict[str, list[tuple[Gate, Counts]]] = {}
    for gate, count in zip(gates, counts, strict=True):
        for rule in gate.rules:
            by_rule.setdefault(rule.id, []).append((gate, count))
    for rule in rules:
        if rule.finding_pattern is None:
            continue
        about = by_rule.get(rule.id, [])
        if not about:
            ledger.not_judged(rule, table.id, "cannot_tell", "field_absent", kind="rule")
            continue
        n_findings, breaches = 0, []
        for gate, _ in about:
            check = checks.get((rule.id, gate.field.id))
            n_cells = of_check[id(check)].n_findings if check is not None else 0
            if n_cells:
                rows = listed.get(id(check), [])
                n_findings += 1 if rule.told_once else n_cells
                breaches += _breaches(rule, table, gate.field.id, rows, n_cells)
        breaches.sort(key=lambda breach: (breach.row or 0, breach.field))
        ledger.judged(rule, table.id, sum(count.n_examined for _, count in about), n_findings, breaches, kind="rule")


def _check(gate: Gate, rule: Rule) -> RowCheck:
    # The rows come from all gates: here, another cell of the row may be the one that could not be read.
    matches = f"coalesce(regexp_matches({gate.text}, {string(rule.finding_pattern or '')}), FALSE)"
    broken = when(f"({gate.check.broken.sql()})", matches)
    return RowCheck(rule.id, gate.field.id, EVERY_ROW, EVERY_ROW, broken, text=gate.text)


def _breaches(rule: Rule, table: Table, field: str, rows: Sequence[Listed], n_cells: int) -> list[Breach]:
    if not rule.told_once:
        return [
            Breach(rule, table.id, one.key, row=one.row, field=field, shape=shape_of(one.text), text=one.text or "")
            for one in rows
        ]
    # One finding a column: its first cell stands for all, and it explains what is found in any of them.
    params, explains = {"n_cells": str(n_cells)}, frozenset(one.row for one in rows)
    return [
        Breach(rule, table.id, (), row=one.row, field=field, shape=shape_of(one.text), params=params, explains=explains)
        for one in rows[:1]
    ]
