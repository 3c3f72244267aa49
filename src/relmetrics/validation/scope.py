"""What a rule may name: the tables as they were handed in, the manifest, and a few days and codes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST
from relmetrics.validation.references import lookup_of

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.expressions import Scope
    from relmetrics.submission import Submission

__all__ = [
    "PARAMETERS",
    "PROFILE",
    "bound_parameters",
    "describe_submission",
    "profile_scope",
    "rule_scope",
]

_MANIFEST = {
    "period_start": "date",
    "period_end": "date",
    "records_from": "date",
    "taken_on": "date",
    "given_taken_on": "date",
    "adoption_level": "code",
    "tie_rule": "code",
    "conversations_recorded_for": "code",
    "has_paid_staff": "code",
    "consent_basis": "code",
    "breadth_group_type": "code",
    "time_zone": "code",
    "reviewed_on": "date",
    "review_event_id": "id",
}
"""Keys of the manifest as a rule names them, with their types. ``taken_on`` is the period's end where none is given."""

PARAMETERS = {
    name: _MANIFEST[name]
    for name in (
        *("period_start", "period_end", "records_from", "taken_on"),
        *("adoption_level", "tie_rule", "conversations_recorded_for", "has_paid_staff"),
    )
}
"""Keys that every rule may use as a parameter."""

_LISTS = {
    "complete_tables": {"table_id": "code", "level": "code"},
    "submitted_tables": {"table_id": "code", "level": "code", "n_rows": "integer"},
}
"""What else a query may read: the manifest's list, and the tables of the standard that were handed in."""


PROFILE = {
    "table_id": "code",
    "field_id": "code",
    "n_rows": "integer",
    "n_filled": "integer",
    "n_distinct": "integer",
    "n_most_common": "integer",
    "n_days": "integer",
    "n_distinct_days": "integer",
    "n_on_most_common_day": "integer",
    "n_day_at_most_12": "integer",
    "n_days_of_month": "integer",
    "n_weekdays": "integer",
    "n_first_of_month": "integer",
    "n_year_boundary": "integer",
    "n_before_records": "integer",
    "n_after_period": "integer",
    "n_unknown": "integer",
    "n_multiples_of_5": "integer",
    "n_multiples_of_10": "integer",
}
"""What a rule about columns may name: the column, and how many of its cells are so. ``n_days`` are dates with a day;
what is said of days is said of these. ``n_distinct`` counts values, ``n_most_common`` the cells with the commonest."""


def profile_scope() -> Scope:
    """Return what a rule about columns may name."""
    from relmetrics.expressions import Scope

    return Scope(
        relations={"profile": PROFILE},
        table="profile",
        parameters=frozenset(PARAMETERS),
        parameter_types=PARAMETERS,
    )


def rule_scope(release: Release, table: str | None = None) -> Scope:
    """Return what a rule may name.

    Parameters
    ----------
    release : Release
        The standard.
    table : str, optional
        For row expressions: the table whose fields stand without a qualifier; `MANIFEST` for the manifest.
    """
    from relmetrics.expressions import Scope  # its parser is slow to import, and rules are mostly read compiled

    relations: dict[str, dict[str, str]] = {MANIFEST: {**_MANIFEST, "_row": "integer"}, **_LISTS}
    for one in release.tables.values():
        columns = {field.id: field.type for field in one.fields if field.type != "codes"}
        columns |= {f"{field.id}_precision": "code" for field in one.fields if field.reduced}
        relations[one.id] = {**columns, "_row": "integer"}
        for field in one.fields:
            if field.type == "codes" and field.singular is not None:
                key = {name: one.by_id[name].type for name in one.key}
                kind = "code" if field.references is None else "id"
                relations[f"{one.id}_{field.id}"] = {**key, "_row": "integer", field.singular: kind}
    references = {}
    if table is not None and table in release.tables:
        for name, field in release.tables[table].references.items():
            lookup = lookup_of(release, field)
            if lookup is not None and lookup.is_to_whole_key:
                references[name] = (field.id, lookup.table.id, lookup.theirs[-1])
    return Scope(
        relations=relations,
        table=table,
        references=references,
        parameters=frozenset(PARAMETERS),
        parameter_types=PARAMETERS,
    )


def manifest_values(submission: Submission) -> dict[str, date | str | None]:
    """Return the manifest's keys as rules name them."""
    manifest = submission.manifest
    return {
        "period_start": manifest.period.start,
        "period_end": manifest.period.end,
        "records_from": manifest.records_from,
        "taken_on": manifest.today,
        "given_taken_on": manifest.taken_on,
        "adoption_level": manifest.adoption_level,
        "tie_rule": manifest.tie_rule,
        "conversations_recorded_for": manifest.conversations_recorded_for,
        "has_paid_staff": manifest.has_paid_staff,
        "consent_basis": manifest.consent_basis,
        "breadth_group_type": manifest.breadth_group_type,
        "time_zone": manifest.time_zone,
        "reviewed_on": manifest.review.reviewed_on,
        "review_event_id": manifest.review.event_id,
    }


def bound_parameters(submission: Submission) -> dict[str, date | str | None]:
    """Values of `PARAMETERS` in this submission."""
    values = manifest_values(submission)
    return {name: values[name] for name in PARAMETERS}


def describe_submission(submission: Submission) -> None:
    """Write the manifest and the lists of tables into the schema ``given``, where rules read them."""
    connection, values = submission.connection, manifest_values(submission)
    columns = ", ".join(f'"{name}" {"DATE" if kind == "date" else "VARCHAR"}' for name, kind in _MANIFEST.items())
    connection.execute(f"CREATE OR REPLACE TABLE given.{MANIFEST} ({columns}, _row INTEGER)")
    marks = ", ".join("?" for _ in range(len(values) + 1))
    connection.execute(f"INSERT INTO given.{MANIFEST} VALUES ({marks})", [*values.values(), 1])
    connection.execute("CREATE OR REPLACE TABLE given.complete_tables (table_id VARCHAR, level VARCHAR)")
    columns = "table_id VARCHAR, level VARCHAR, n_rows BIGINT"
    connection.execute(f"CREATE OR REPLACE TABLE given.submitted_tables ({columns})")
    known = submission.release.tables
    for name in sorted(known.keys() & set(submission.manifest.complete_tables)):  # others are remarked on in reading
        connection.execute("INSERT INTO given.complete_tables VALUES (?, ?)", [name, known[name].level])
    for table in submission.tables.values():
        record = [table.id, known[table.id].level, table.n_rows]
        connection.execute("INSERT INTO given.submitted_tables VALUES (?, ?, ?)", record)
