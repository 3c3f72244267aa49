"""What follows from the tables of the standard alone: nothing here is written as a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from relmetrics.validation.keys import find_duplicates
from relmetrics.validation.locating import Breach, place_of
from relmetrics.validation.references import lookup_of
from relmetrics.validation.scan import Counts, Listed, RowCheck, Scan
from relmetrics.validation.shape import shape_of
from relmetrics.validation.sql import quoted
from relmetrics.validation.values import CODE_SYNONYM, VALUE_CONSTRAINTS, fields_under, list_checks, longest

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Table
    from relmetrics.validation.ledger import Ledger

__all__ = ["TABLE_CONSTRAINTS", "check_absent_table", "check_keys", "check_lists", "conclude_values"]

TABLE_CONSTRAINTS = (
    "unknown_column",
    "missing_column",
    "repeated_column",
    "column_without_name",
    "ragged_row",
    "unclosed_quote",
    "unreadable_character",
    "duplicate_key",
)
_MOST_CODES_SHOWN = 12


def check_absent_table(ledger: Ledger, table: Table) -> None:
    """Say of every constraint of a table that was not handed in that it does not apply."""
    under = [one for one in VALUE_CONSTRAINTS if fields_under(ledger.submission, table, one)]
    if "dangling_reference" in under:
        under.append("reference_written_differently")
    for constraint in (*TABLE_CONSTRAINTS, *under):
        ledger.not_judged(ledger.structure(constraint), table.id, "not_applicable", "table_absent")


def check_keys(ledger: Ledger, table: Table) -> bool:
    """Judge whether a key stands twice in a table that was handed in.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    table : Table
        Its definition.

    Returns
    -------
    bool
        Whether there are duplicates.
    """
    submission, constraint = ledger.submission, ledger.structure("duplicate_key")
    read = submission.tables[table.id]
    if any(read.column(name) is None for name in table.key):
        ledger.not_judged(constraint, table.id, "cannot_tell", "field_absent")
        return False
    found = find_duplicates(submission.connection, table, ledger.most_listed)
    field = table.key[0]
    breaches = [
        Breach(
            constraint,
            table.id,
            one.key,
            row=one.row,
            field=field,
            related=(place_of(submission, table.id, one.first_row, field),),
            params={"key": ", ".join(table.key)},
        )
        for one in found.listed
    ]
    ledger.judged(constraint, table.id, found.n_examined, found.n_findings, breaches)
    return found.n_findings > 0


def check_lists(
    ledger: Ledger, table: Table, sources: Mapping[str, str]
) -> tuple[list[tuple[RowCheck, Counts]], list[Listed]]:
    """Judge the codes of the fields that hold several.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is.
    table : Table
        Its definition.
    sources : mapping
        Tables handed in, by id, each with a relation in which no key stands twice.
    """
    submission = ledger.submission
    judged: list[tuple[RowCheck, Counts]] = []
    listed: list[Listed] = []
    for field in table.fields:
        if field.type != "codes" or submission.tables[table.id].column(field.id) is None:
            continue
        checks, joins = list_checks(submission, table, field, sources)
        key = [f"t.{quoted(name)}" for name in table.key]
        scan = Scan(f"given.{quoted(f'{table.id}_{field.id}')}", key, joins, {})
        scan.checks.extend(checks)
        counts = scan.run(submission.connection, ledger.most_listed)
        judged.extend(zip(checks, counts, strict=True))
        listed.extend(scan.fetch(submission.connection, counts))
    return judged, listed


def conclude_values(
    ledger: Ledger, table: Table, judged: Sequence[tuple[RowCheck, Counts]], listed: Sequence[Listed]
) -> None:
    """Write down what was found about the values of a table: one check for each constraint, over all its fields.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    table : Table
        Its definition.
    judged : sequence of (RowCheck, Counts)
        Verdicts about the rows, as counts.
    listed : sequence of Listed
        The first rows with a breach.
    """
    counts: dict[str, dict[str, Counts]] = defaultdict(dict)
    for check, count in judged:
        counts[check.id][check.field] = count
    breaches: dict[str, dict[object, Breach]] = defaultdict(dict)
    for one in sorted(listed, key=lambda one: (one.row, one.check.field, one.text or "")):
        found = breaches[one.check.id]
        # Of other words there is one note a column, however many cells use them: the first cell stands for all.
        found.setdefault(
            one.check.field if one.check.id == CODE_SYNONYM else len(found), _breach(ledger, table, one, counts)
        )
    for constraint in VALUE_CONSTRAINTS:
        fields = fields_under(ledger.submission, table, constraint)
        if not fields:
            continue
        text, done = ledger.structure(constraint), counts[constraint]
        if not done:
            ledger.not_judged(text, table.id, "cannot_tell", _why_not(ledger, table, constraint, fields))
            continue
        n_examined = sum(count.n_examined for count in done.values())
        numbers = [count.n_findings for count in done.values()]
        n_findings = sum(number > 0 for number in numbers) if constraint == CODE_SYNONYM else sum(numbers)
        ledger.judged(text, table.id, n_examined, n_findings, list(breaches[constraint].values()))


def _why_not(ledger: Ledger, table: Table, constraint: str, fields: Sequence[Field]) -> str:
    """Why none of these fields could be judged: its own column is absent, or the table that it points to."""
    read = ledger.submission.tables[table.id]
    there = [field for field in fields if read.column(field.id) is not None]
    if constraint == "dangling_reference" and there:
        lookups = [lookup_of(ledger.submission.release, field) for field in there]
        if any(lookup is not None and lookup.table.id not in ledger.submission.tables for lookup in lookups):
            return "table_absent"
    return "field_absent"


def _breach(ledger: Ledger, table: Table, one: Listed, counts: Mapping[str, Mapping[str, Counts]]) -> Breach:
    constraint, field = one.check.id, table.by_id[one.check.field]
    key = one.key
    params: dict[str, str] = {}
    match constraint:
        case "value_not_of_type":
            params = {"expected": "reduced_date" if field.reduced else field.type}
        case "code_not_in_list":
            params = _code_params(ledger, field, one.text or "")
        case "code_synonym":
            key, params = (), {"code": one.params["code"], "n_cells": str(counts[constraint][field.id].n_findings)}
        case "value_out_of_range":
            params = {"minimum": _number(field.minimum), "maximum": _number(field.maximum)}
        case "label_too_long":
            params = {"maximum": str(longest(field))}
        case "dangling_reference":
            params = {"target": field.references.table if field.references is not None else ""}
    return Breach(
        ledger.structure(constraint),
        table.id,
        key,
        row=one.row,
        field=field.id,
        shape=shape_of(one.text),
        params=params,
        text=one.text or "",
    )


def _code_params(ledger: Ledger, field: Field, given: str) -> dict[str, str]:
    codelist = ledger.submission.release.codelists[field.codelist or ""]
    shown = ", ".join(codelist.by_code) if len(codelist.codes) <= _MOST_CODES_SHOWN else ""
    return {"nearest": ledger.suggestions(codelist).nearest(given), "codes": shown}


def _number(limit: int | None) -> str:
    return "" if limit is None else str(limit)
