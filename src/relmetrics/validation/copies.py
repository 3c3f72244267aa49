"""Rows that are the same in everything but their code: one thing that was written down, or copied, twice.

Which columns there are to compare depends on what was handed in; so this cannot be written as the query of a rule.
Conversations, events and decisions have rules of their own, which also find copies that differ in something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.validation.locating import Breach, place_of
from relmetrics.validation.sql import quoted, relation

if TYPE_CHECKING:
    from relmetrics.definitions import Table
    from relmetrics.validation.ledger import Ledger

__all__ = ["COPIED_ROW", "check_copies"]

COPIED_ROW = "copied_row"
_TABLES = ("commitments", "joint_acts", "demands", "agenda_items", "outcomes")
_FEWEST_FILLED = 5
"""Two rows with less than this in common can well be two things."""


def check_copies(ledger: Ledger) -> None:
    """Judge whether rows are the same in everything but their code.

    Parameters
    ----------
    ledger : Ledger
        Where the submission is, and where findings and checks are written down.
    """
    submission, constraint = ledger.submission, ledger.structure(COPIED_ROW)
    there: list[tuple[Table, list[str]]] = []
    for name in _TABLES:
        read, table = submission.tables.get(name), submission.release.tables.get(name)
        if table is None:
            continue
        compared = [field.id for field in table.fields if read is not None and read.column(field.id) is not None]
        if read is None:
            ledger.not_judged(constraint, name, "not_applicable", "table_absent")
        elif table.key[0] not in compared or len(compared) <= _FEWEST_FILLED:
            ledger.not_judged(constraint, name, "cannot_tell", "field_absent")
        else:
            there.append((table, [one for one in compared if one != table.key[0]]))
    if not there:
        return
    parts = (_judged(number, table, compared) for number, (table, compared) in enumerate(there))
    found: dict[int, list[tuple[int, str, int | None]]] = {}
    for number, row, key, first in submission.connection.execute(
        f"{' UNION ALL '.join(parts)} ORDER BY ALL"
    ).fetchall():
        found.setdefault(number, []).append((row, key, first))
    for number, (table, _) in enumerate(there):
        field, rows = table.key[0], found.get(number, [])
        breaches = [
            Breach(
                constraint,
                table.id,
                (key,),
                row=row,
                field=field,
                related=(place_of(submission, table.id, first, field),),
            )
            for row, key, first in rows
            if first is not None
        ]
        ledger.judged(constraint, table.id, len(rows), len(breaches), breaches)


def _judged(number: int, table: Table, compared: list[str]) -> str:
    """Rows that say enough, each with the first one that is the same under another code."""
    key = quoted(table.key[0])
    texts = [quoted(name) for name in compared]
    texts += [quoted(f"{name}_precision") for name in compared if table.by_id[name].reduced]
    same = f"OVER (PARTITION BY {', '.join(texts)} ORDER BY _row)"
    n_filled = " + ".join(f"({quoted(name)} IS NOT NULL)::INTEGER" for name in compared)
    return (
        f"SELECT {number} AS number, _row, k, CASE WHEN k <> first_key THEN first_row END AS first "
        f"FROM (SELECT _row, {key} AS k, first_value({key}) {same} AS first_key, first_value(_row) {same} AS first_row "
        f"FROM {relation(table.id)} WHERE {n_filled} >= {_FEWEST_FILLED} AND {key} IS NOT NULL)"
    )
