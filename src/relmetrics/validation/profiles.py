"""What a column looks like as a whole, and what rules say about that.

Two statements for all tables together: how often each value stands in each column that some rule is about, and from
that one row a column. A third one judges all rules on these rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relmetrics.validation.locating import Breach
from relmetrics.validation.scope import PROFILE, bound_parameters
from relmetrics.validation.sql import quoted, relation, string

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Rule
    from relmetrics.submission import Submission
    from relmetrics.validation.compiled import CompiledColumn, CompiledRule
    from relmetrics.validation.ledger import Ledger

__all__ = ["judge_columns"]

_KINDS = {"date": "day", "month": "day", "integer": "number", "code": "word", "label": "word", "public_text": "word"}
_EMPTY = {"day": "NULL::DATE", "is_day": "NULL::BOOLEAN", "word": "NULL::VARCHAR", "number": "NULL::BIGINT"}
_COUNTED = {
    "n_filled": "sum(n)",
    "n_distinct": "count(*)",
    "n_most_common": "max(n)",
    "n_days": "coalesce(sum(n) FILTER (is_day), 0)",
    "n_distinct_days": "count(*) FILTER (is_day)",
    "n_on_most_common_day": "coalesce(max(n) FILTER (is_day), 0)",
    "n_day_at_most_12": "coalesce(sum(n) FILTER (is_day AND day(day) <= 12), 0)",
    "n_days_of_month": "count(DISTINCT day(day)) FILTER (is_day)",
    "n_weekdays": "count(DISTINCT dayofweek(day)) FILTER (is_day)",
    "n_first_of_month": "coalesce(sum(n) FILTER (is_day AND day(day) = 1), 0)",
    "n_year_boundary": "coalesce(sum(n) FILTER (is_day AND (dayofyear(day) = 1 OR dayofyear(day + 1) = 1)), 0)",
    "n_before_records": "coalesce(sum(n) FILTER (day < $records_from), 0)",
    "n_after_period": "coalesce(sum(n) FILTER (day > $period_end), 0)",
    "n_unknown": "coalesce(sum(n) FILTER (word = 'unknown'), 0)",
    "n_multiples_of_5": "coalesce(sum(n) FILTER (number % 5 = 0), 0)",
    "n_multiples_of_10": "coalesce(sum(n) FILTER (number % 10 = 0), 0)",
}
"""Numbers of the profile, over one row for each value (and precision) of a column, which stands there ``n`` times."""


@dataclass(frozen=True, slots=True)
class _Column:
    table: str
    field: Field


def judge_columns(ledger: Ledger, rules: Mapping[str, Sequence[Rule]], compiled: Mapping[str, CompiledRule]) -> None:
    """Judge the rules about columns as a whole in all tables, and write down what became of them.

    Parameters
    ----------
    ledger : Ledger
        Where findings and checks are written down.
    rules : mapping
        Table that was handed in to the rules about it; those about rows are passed over.
    compiled : mapping
        Their SQL, by id.
    """
    submission = ledger.submission
    about: list[tuple[Rule, str, list[_Column]]] = []
    for table, found in rules.items():
        read, fields = submission.tables[table], submission.release.tables[table].by_id
        for rule in found:
            if rule.column_when is not None:
                names = [place[0] for place in compiled[rule.id].places[table]]
                there = [_Column(table, fields[name]) for name in names if read.column(name) is not None]
                about.append((rule, table, there))
    columns = list(dict.fromkeys((one.table, one.field.id) for *_, there in about for one in there))
    judged = sorted({rule.id for rule, *_ in about})
    texts = {name: column for name in judged if (column := compiled[name].column) is not None}
    verdicts = _verdicts(submission, columns, texts)
    for rule, table, there in about:
        if not there:
            ledger.not_judged(rule, table, "cannot_tell", "field_absent", kind="rule")
            continue
        eligible = [(one, *verdicts[one.table, one.field.id, rule.id]) for one in there]
        eligible = [one for one in eligible if one[1]]
        known = [one for one in eligible if one[2] is not None]
        if eligible and not known:
            ledger.not_judged(rule, table, "cannot_tell", "values_unknown", kind="rule")
            continue
        breaches = [
            Breach(rule, table, (), field=one.field.id, params=dict(zip(rule.params, values, strict=True)))
            for one, _, is_broken, values in known
            if is_broken
        ]
        ledger.judged(rule, table, len(known), len(breaches), breaches, kind="rule")


def _verdicts(
    submission: Submission, columns: Sequence[tuple[str, str]], texts: Mapping[str, CompiledColumn]
) -> dict[tuple[str, str, str], tuple[bool, bool | None, tuple[str, ...]]]:
    """By table, field and rule: whether the rule is about the column, its verdict, and the params of its message."""
    if not columns:
        return {}
    _write_profiles(submission, columns)
    parts = ["number"]
    for text in texts.values():
        parts += [f"coalesce({text.eligible}, FALSE)", text.verdict]
        parts += [f"coalesce(CAST({param} AS VARCHAR), '')" for param in text.params.values()]
    statement = f"SELECT {', '.join(parts)} FROM temp.column_profiles AS t"
    found: dict[tuple[str, str, str], tuple[bool, bool | None, tuple[str, ...]]] = {}
    for number, *record in submission.connection.execute(statement, _bound(submission, statement)).fetchall():
        at = 0
        for rule, text in texts.items():
            eligible, verdict, *params = record[at : at + 2 + len(text.params)]
            found[(*columns[number], rule)] = (eligible, verdict, tuple(params))
            at += 2 + len(text.params)
    submission.connection.execute("DROP TABLE temp.column_profiles")
    return found


def _write_profiles(submission: Submission, columns: Sequence[tuple[str, str]]) -> None:
    """Write one row for each column: how it is named, how many rows it has, and the numbers of `_COUNTED`."""
    by_kind: dict[str, list[str]] = {"day": [], "word": [], "number": []}
    names = []
    for number, (table, name) in enumerate(columns):
        field = submission.release.tables[table].by_id[name]
        n_rows = submission.tables[table].n_rows
        names.append(f"({number}, {string(table)}, {string(name)}, {n_rows})")
        kind, value = _KINDS[field.type], quoted(name)
        is_day = f"{quoted(name + '_precision')} = 'day'" if field.reduced else str(field.type == "date").upper()
        precision = f", {is_day} AS is_day" if kind == "day" else ""
        by_kind[kind].append(
            f"SELECT {number}::SMALLINT AS number_of, {value} AS value{precision} FROM {relation(table)} "
            f"WHERE {value} IS NOT NULL"
        )
    parts = []
    for kind, selects in by_kind.items():
        if selects:
            given = {kind: "value"} | ({"is_day": "is_day"} if kind == "day" else {})
            shown = ", ".join(f"{given.get(name, empty)} AS {name}" for name, empty in _EMPTY.items())
            parts.append(
                f"SELECT number_of, {shown}, count(*) AS n FROM ({' UNION ALL '.join(selects)}) "
                f"GROUP BY number_of, value{', is_day' if kind == 'day' else ''}"
            )
    counted = ", ".join(f"{text} AS {name}" for name, text in _COUNTED.items())
    shown = ", ".join(
        name if name in ("table_id", "field_id", "n_rows") else f"coalesce({name}, 0) AS {name}" for name in PROFILE
    )
    statement = (
        f"CREATE OR REPLACE TEMP TABLE column_profiles AS SELECT number, {shown} "
        f"FROM (VALUES {', '.join(names)}) AS named(number, table_id, field_id, n_rows) "
        f"LEFT JOIN (SELECT number_of, {counted} FROM ({' UNION ALL '.join(parts)}) GROUP BY number_of) "
        "ON number_of = number"
    )
    submission.connection.execute(statement, _bound(submission, statement))


def _bound(submission: Submission, statement: str) -> dict[str, Any]:
    """Only the parameters that a statement uses: DuckDB refuses to be given more."""
    return {name: value for name, value in bound_parameters(submission).items() if f"${name}" in statement}
