"""Rules: what must hold beyond the tables themselves; and the texts of structural constraints."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from relmetrics.definitions.definition import Definition, Id, Level, Text

__all__ = ["Dimension", "Rule", "Severity", "Structure"]

Severity = Literal["error", "warning", "note"]
Dimension = Literal["conformance", "completeness", "plausibility"]


class Structure(Definition):
    """Texts and severity of a constraint that follows from the tables (type, key, reference, ...)."""

    severity: Severity
    dimension: Dimension
    params: dict[Id, str] = {}
    message: Text
    why: Text
    remedy: Text


class Rule(Structure):
    """A claim about rows.

    Attributes
    ----------
    table : str
        Table whose rows are judged.
    fields : tuple of str
        Fields that a finding points at; the first is the cell that is shown.
    applies_when : str
        Row expression: eligible rows. Where none is eligible the check is not applicable.
    finding_when : str or None
        Row expression over the table and its references, with three outcomes: true is a finding, false is clean,
        null means that this row cannot tell.
    finding_query : str or None
        A SELECT with the columns ``_row`` (row of `table`), optionally ``related_row`` (row of `related_table`), and
        one column for each of `params`; one row a finding.
    examined_query : str or None
        With `finding_query`: a SELECT of one row with ``n_eligible`` and ``n_examined``.
    params : dict
        Name to row expression (or, with a query, to its column): codes, numbers and names of the standard for the
        message.
    """

    table: Id
    level: Level = "core"
    fields: tuple[Id, ...]
    applies_when: str = "TRUE"
    finding_when: str | None = None
    finding_query: str | None = None
    examined_query: str | None = None
    related_table: Id | None = None

    @model_validator(mode="after")
    def _has_one_verdict(self) -> Rule:
        if (self.finding_when is None) == (self.finding_query is None):
            raise ValueError("a rule has either finding_when or finding_query")
        if (self.finding_query is None) != (self.examined_query is None):
            raise ValueError("finding_query and examined_query go together")
        return self
