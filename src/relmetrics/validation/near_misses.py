"""Codes that lead nowhere, or stand for two records, only because they are written in another way.

Spreadsheets take the zeros off codes, programs add ``.0`` to them, people mix capitals. Such a difference is one cause
in a whole column, and is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relmetrics.validation.locating import Breach, place_of
from relmetrics.validation.references import lookup_of
from relmetrics.validation.sql import quoted, relation, string

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Table
    from relmetrics.validation.ledger import Ledger
    from relmetrics.validation.scan import Counts

__all__ = ["DANGLING", "KEYS_NEARLY_SAME", "WRITTEN_DIFFERENTLY", "check_keys_nearly_same", "check_near_misses"]

WRITTEN_DIFFERENTLY = "reference_written_differently"
DANGLING = "dangling_reference"
KEYS_NEARLY_SAME = "keys_nearly_the_same"

_DECIMALS = "regexp_replace({}, '^([0-9]+)\\.0+$', '\\1')"
_ZEROS = "regexp_replace({}, '(^|[^0-9])0+([0-9])', '\\1\\2', 'g')"
_SAME: dict[str, str] = {
    "decimals": _DECIMALS,
    "zeros": _ZEROS.format(_DECIMALS),
    "capitals": "lower({})",
    "separators": "regexp_replace({}, '[-_.]', '', 'g')",
    "look_alikes": "translate({}, 'OoIl', '0011')",
}
"""Code of ``writing_difference`` to what is the same in two codes that differ so, likeliest first."""


def check_near_misses(ledger: Ledger, table: Table, judged: Sequence[tuple[str, Counts]]) -> None:
    """Say of a table's references whether those that lead nowhere differ from a code that is there only in writing.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down; references that lead nowhere are linked to what is found here.
    table : Table
        A table that was handed in.
    judged : sequence of (str, Counts)
        Its fields with references, and how many of these lead nowhere.
    """
    constraint = ledger.structure(WRITTEN_DIFFERENTLY)
    breaches: list[Breach] = []
    for name in (name for name, counts in judged if counts.n_findings):
        by_text: dict[str, Breach] = {}
        found: dict[str, dict[str, int]] = {}
        for difference, text, n_cells in _near_misses(ledger, table, table.by_id[name]):
            found.setdefault(difference, {})[text] = n_cells
        for difference, cells in found.items():
            lookup = lookup_of(ledger.submission.release, table.by_id[name])
            target = "" if lookup is None else lookup.table.id
            params = {"target": target, "difference": difference, "n_cells": str(sum(cells.values()))}
            breaches.append(Breach(constraint, table.id, (difference,), field=name, params=params))
            by_text |= dict.fromkeys(cells, breaches[-1])
        for breach in ledger.breaches:
            is_one = breach.constraint.id == DANGLING and (breach.table, breach.field) == (table.id, name)
            if is_one and breach.cause is None:
                breach.cause = by_text.get(breach.text)
    n_examined = sum(counts.n_examined > 0 for _, counts in judged)
    ledger.judged(constraint, table.id, n_examined, len(breaches), breaches)


def _near_misses(ledger: Ledger, table: Table, field: Field) -> list[tuple[str, str, int]]:
    """Difference, text and how often it stands there, for texts that mean exactly one code if written differently."""
    lookup = lookup_of(ledger.submission.release, field)
    if lookup is None or len(lookup.ours) != 1:
        return []
    ours, theirs = quoted(field.id), quoted(lookup.theirs[0])
    parts = (
        f"SELECT {place} AS place, {string(difference)} AS difference, v, n FROM lost "
        f"JOIN there ON {same.format('lost.v')} = {same.format('there.k')} GROUP BY v, n HAVING count(*) = 1"
        for place, (difference, same) in enumerate(_SAME.items())
    )
    statement = f"""
        WITH there AS (SELECT DISTINCT {theirs} AS k FROM {relation(lookup.table.id)} WHERE {theirs} IS NOT NULL),
        lost AS (
            SELECT {ours} AS v, count(*) AS n FROM {relation(table.id)}
            WHERE {ours} IS NOT NULL AND {ours} NOT IN (SELECT k FROM there) GROUP BY ALL
        ), near AS ({" UNION ALL ".join(parts)})
        SELECT difference, v, n FROM near QUALIFY row_number() OVER (PARTITION BY v ORDER BY place) = 1
        ORDER BY place, v
    """
    return [(difference, v, n) for difference, v, n in ledger.submission.connection.execute(statement).fetchall()]


def check_keys_nearly_same(ledger: Ledger) -> None:
    """Judge whether two codes of one table differ only in capitals or in zeros before a number.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is, and where findings and checks are written down. Tables that others refer to by one
        code are judged.
    """
    submission, constraint = ledger.submission, ledger.structure(KEYS_NEARLY_SAME)
    there = []
    for table in submission.release.tables.values():
        if not _is_referred_to(ledger, table):
            continue
        read = submission.tables.get(table.id)
        if read is None:
            ledger.not_judged(constraint, table.id, "not_applicable", "table_absent")
        elif read.column(table.key[0]) is None:
            ledger.not_judged(constraint, table.id, "cannot_tell", "field_absent")
        else:
            there.append(table)
    if not there:
        return
    same = _SAME["capitals"].format(_ZEROS)
    parts = (
        f"SELECT {number}, count(DISTINCT k), count(DISTINCT {same.format('k')}) "
        f"FROM (SELECT {quoted(table.key[0])} AS k FROM {relation(table.id)})"
        for number, table in enumerate(there)
    )
    for number, n_codes, n_different in submission.connection.execute(" UNION ALL ".join(parts)).fetchall():
        table = there[number]
        rows = _nearly_same_rows(ledger, table, same) if n_different < n_codes else []
        field = table.key[0]
        breaches = [
            Breach(
                constraint, table.id, (key,), row=row, field=field,
                related=(place_of(submission, table.id, first, field),),
            )
            for row, key, first in rows
        ]  # fmt: skip
        ledger.judged(constraint, table.id, n_codes, len(breaches), breaches)


def _nearly_same_rows(ledger: Ledger, table: Table, same: str) -> list[tuple[int, str, int]]:
    key = quoted(table.key[0])
    statement = f"""
        WITH codes AS (SELECT {key} AS k, min(_row) AS r FROM {relation(table.id)} WHERE {key} IS NOT NULL GROUP BY 1),
        alike AS (SELECT r, k, min(r) OVER (PARTITION BY {same.format("k")}) AS first FROM codes)
        SELECT r, k, first FROM alike WHERE r > first ORDER BY r
    """
    return [(row, code, first) for row, code, first in ledger.submission.connection.execute(statement).fetchall()]


def _is_referred_to(ledger: Ledger, table: Table) -> bool:
    """Whether people write this table's code into other tables; codes of conversations come from a program."""
    if len(table.key) != 1 or table.by_id[table.key[0]].references is not None or table.id == "one_to_ones":
        return False
    return any(
        field.references is not None and field.references.table == table.id
        for other in ledger.submission.release.tables.values()
        for field in other.fields
    )
