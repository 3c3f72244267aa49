"""What validation says: findings, and what became of every check."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas

    from relmetrics.definitions.rule import Dimension, Severity

__all__ = ["Check", "Finding", "Findings", "Outcome", "Place"]

Outcome = Literal["clean", "findings", "not_applicable", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in what was handed in.

    Attributes
    ----------
    table, file, sheet, field, cell : str
        Empty where there is none; the cell is named as a spreadsheet does, ``C14``.
    row : int or None
        Row as a spreadsheet shows it, counted from 1, the header included; line of a manifest that is no sheet.
    """

    table: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    field: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule or structural constraint. This set of attributes is closed.

    Attributes
    ----------
    id : str
        Hash of rule, table, key, field and the ordinal among equal ones, never of the row: two runs can be compared.
    related : tuple of Place
        Other places of the same breach.
    shape : str
        What the value looks like ("text, 11 characters"), never the value.
    params : dict
        Codes, numbers and names of the standard for the message; never raw values.
    cause : str
        Id of the finding that causes this one, or empty.
    """

    id: str
    rule: str
    rule_version: str
    severity: Severity
    dimension: Dimension
    table: str
    file: str
    sheet: str
    row: int | None
    field: str
    cell: str
    related: tuple[Place, ...] = ()
    shape: str = ""
    params: dict[str, str] = attribute(default_factory=dict)
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one rule or structural constraint in one run.

    Attributes
    ----------
    rule : str
        Id of the rule or of the structural constraint.
    table : str
        Table that was judged (a structural constraint has one Check a table).
    reason : str
        Why it is not applicable or cannot tell, as a code: ``table_absent``, ``no_eligible_rows``, ``field_absent``,
        ``values_unknown``; empty otherwise.
    n_examined, n_findings : int
        Rows (or values) judged, and breaches: exact, also where fewer findings are listed.
    """

    rule: str
    rule_version: str
    kind: Literal["structure", "rule"]
    severity: Severity
    table: str
    outcome: Outcome
    reason: str
    n_examined: int
    n_findings: int


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of one run, in a fixed order, with the checks that were made.

    Attributes
    ----------
    findings : tuple of Finding
        At most `most_listed` for each check; `checks` has the exact numbers.
    checks : tuple of Check
        One for every rule and every structural constraint of every table.
    readiness : tuple of (indicator id, list of missing tables or fields)
        Which indicators have the tables and fields that they need, from the sheets alone.
    """

    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    readiness: tuple[Any, ...]
    most_listed: int
    release: str
    remarks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return sum(check.n_findings for check in self.checks)

    def counts(self) -> dict[str, int]:
        """Exact number of findings by severity: error, warning, note."""
        counts: Counter[str] = Counter()
        for check in self.checks:
            counts[check.severity] += check.n_findings
        return {severity: counts[severity] for severity in ("error", "warning", "note")}

    def to_frame(self) -> pandas.DataFrame:
        """Return the listed findings as a DataFrame, one row a finding."""
        import pandas

        names = [name for name in Finding.__slots__ if name not in ("related", "params")]
        rows = [
            {**{name: getattr(finding, name) for name in names}, "params": dict(finding.params)}
            for finding in self.findings
        ]
        return pandas.DataFrame(rows, columns=[*names, "params"])

    def __repr__(self) -> str:
        counts = self.counts()
        return f"Findings({counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes)"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(item.severity)}</td><td>{html.escape(item.rule)}</td><td>{html.escape(item.file)}</td>"
            f"<td>{html.escape(item.cell)}</td></tr>"
            for item in self.findings[:50]
        )
        head = "<tr><th>severity</th><th>rule</th><th>file</th><th>cell</th></tr>"
        return f"<p>{html.escape(repr(self))}</p><table>{head}{rows}</table>"
