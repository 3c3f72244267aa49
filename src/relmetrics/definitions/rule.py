"""Rules: what must hold beyond the tables themselves; and the texts of structural constraints."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from relmetrics.definitions.definition import Definition, Frozen, Id, Level, Text
from relmetrics.definitions.table import Field, FieldType, Table

__all__ = ["MANIFEST", "MANIFEST_KEYS", "READERS", "Dimension", "Each", "Rule", "Severity", "Structure"]

Severity = Literal["error", "warning", "note"]
Dimension = Literal["conformance", "completeness", "plausibility"]

MANIFEST = "submission"
"""What a rule about the manifest gives as its table: one row, with the manifest's keys as fields."""

MANIFEST_KEYS = {
    "period_start": "period.start",
    "period_end": "period.end",
    "given_taken_on": "taken_on",
    "reviewed_on": "review.reviewed_on",
    "review_event_id": "review.event_id",
}
"""Names of rules for keys that the manifest itself writes otherwise."""

READERS = ("organization", "funder", "evaluator", "members")
"""Whom a rule may protect where it protects no single indicator."""


class Structure(Definition):
    """Texts and severity of a constraint that follows from the tables (type, key, reference, ...).

    Attributes
    ----------
    explained_by : tuple of str
        Checks whose finding about the same row brings this one about: whoever mends those mends this.
    """

    severity: Severity
    dimension: Dimension
    params: dict[Id, str] = {}
    explained_by: tuple[Id, ...] = ()
    message: Text
    why: Text
    remedy: Text


class Each(Frozen):
    """Which fields a rule is about that is said once for all fields of a kind.

    Attributes
    ----------
    types : tuple of str
        Only fields of these types; empty: of all.
    reduced : bool or None
        Of dates: only those that may be given as month or year, only the others, or all.
    keys : bool or None
        Only fields that are a part of the key and point to no other table (where a code is made), only the others, or
        all.
    codelists : tuple of str
        Only fields whose codelist is one of these; empty: of all.
    tables, only_fields, except_fields : tuple of str
        Only fields of these tables, only these (``table.field``, ``only`` in the file), not these (``except``).
    """

    types: tuple[FieldType, ...] = ()
    reduced: bool | None = None
    keys: bool | None = None
    codelists: tuple[Id, ...] = ()
    tables: tuple[Id, ...] = ()
    only_fields: tuple[str, ...] = PydanticField(default=(), alias="only")
    except_fields: tuple[str, ...] = PydanticField(default=(), alias="except")

    def covers(self, table: Table, field: Field) -> bool:
        """Whether the rule is about this field."""
        name, is_key = f"{table.id}.{field.id}", field.id in table.key and field.references is None
        return (
            (not self.types or field.type in self.types)
            and (self.reduced is None or field.reduced == self.reduced)
            and (self.keys is None or is_key == self.keys)
            and (not self.codelists or field.codelist in self.codelists)
            and (not self.tables or table.id in self.tables)
            and (not self.only_fields or name in self.only_fields)
            and name not in self.except_fields
        )


class Rule(Structure):
    """A claim about rows, about a column, or about the manifest.

    Attributes
    ----------
    table : str
        Table whose rows are judged; `MANIFEST` for a rule about the manifest; empty where `each` says it.
    fields : tuple of str
        Fields that a finding points at; the first is the cell that is shown.
    each : Each or None
        The rule is about every field of a kind. Its expressions write ``{field}`` for the field's name.
    protects : tuple of str
        Codes of indicators that go wrong without the rule, or words of `READERS`.
    rate : Decimal or None
        Of notes: the share of what is examined in clean data on which the rule may fire at most.
    applies_when : str
        Row expression: eligible rows. Where none is eligible the check is not applicable.
    finding_when : str or None
        Row expression over the table and its references, with three outcomes: true is a finding, false is clean,
        null means that this row cannot tell.
    finding_query : str or None
        A SELECT with the columns ``_row`` (row of `table`; without it the finding is about the column as a whole),
        optionally ``related_row`` (row of `related_table`), and one column for each of `params`; one row a finding.
    examined_query : str or None
        With `finding_query`: a SELECT of one row with ``n_eligible`` and ``n_examined``.
    finding_pattern : str or None
        A regular expression (RE2) on the text of the cell as it was given: a match is a finding, an empty cell cannot
        tell.
    pattern_reads : {'unreadable', 'given'}
        ``unreadable``: only texts that could not be read as a value (nearly free); ``given``: every text, for types id,
        label and public_text.
    told_once : bool
        With `finding_pattern`: one finding a column, at its first such cell, with ``{n_cells}``.
    column_when : str or None
        Expression over the profile of a column (`validation.profiles`); a finding is about the column as a whole.
    params : dict
        Name to row expression (or, with a query, to its column; or expression over the profile): codes, numbers and
        names of the standard for the message.
    """

    table: str = PydanticField(default="", pattern=r"^([a-z][a-z0-9_]{0,63})?$")
    level: Level = "core"
    fields: tuple[Id, ...] = ()
    each: Each | None = None
    protects: tuple[str, ...] = ()
    rate: Decimal | None = PydanticField(default=None, gt=0, le=1)
    applies_when: str = "TRUE"
    finding_when: str | None = None
    finding_query: str | None = None
    examined_query: str | None = None
    related_table: Id | None = None
    finding_pattern: str | None = None
    pattern_reads: Literal["unreadable", "given"] = "unreadable"
    told_once: bool = False
    column_when: str | None = None

    @model_validator(mode="after")
    def _has_one_verdict(self) -> Rule:
        verdicts = (self.finding_when, self.finding_query, self.finding_pattern, self.column_when)
        if sum(verdict is not None for verdict in verdicts) != 1:
            raise ValueError("a rule has one of finding_when, finding_query, finding_pattern and column_when")
        if (self.finding_query is None) != (self.examined_query is None):
            raise ValueError("finding_query and examined_query go together")
        return self

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Rule:
        if (self.each is None) != bool(self.table and self.fields):
            raise ValueError("a rule has either a table with fields, or each")
        if self.each is not None and self.finding_query is not None:
            raise ValueError("a rule about each field of a kind has no finding_query")
        if self.finding_pattern is not None and (self.applies_when != "TRUE" or self.params):
            raise ValueError("a rule with finding_pattern has neither applies_when nor params")
        if self.finding_pattern is None and (self.told_once or self.pattern_reads != "unreadable"):
            raise ValueError("told_once and pattern_reads go with finding_pattern")
        if (self.rate is not None) != (self.severity == "note"):
            raise ValueError("a note states its rate, and nothing else does")
        return self

    def fields_of(self, table: Table) -> tuple[tuple[Id, ...], ...]:
        """Return the fields that the rule is about in a table: one tuple for each time that it is judged there."""
        if self.each is None:
            return (self.fields,) if self.table == table.id else ()
        return tuple((field.id,) for field in table.fields if self.each.covers(table, field))
