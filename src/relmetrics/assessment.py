"""Requirements meet findings and values: met, not met, or cannot tell, each with its evidence.

Who answers for what decides between *not met* and *cannot tell*. A requirement is **not met** where the organization
could mend it by recording otherwise: a table or field is missing, too few conversations are written down, a level was
not adopted. It **cannot be told** where no amount of recording would help: the organization is small or young, nothing
of the kind happened, chance or time does not allow a number. Being small is no breach.

An indicator is met when its value has a number and, for what is counted person by person (classes I and E), what must
stand beside it is there too. Where that companion is missing, its own reason decides between not met and cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from relmetrics.calculation.value import IndicatorValue, IndicatorValues
    from relmetrics.definitions.manifest import Manifest
    from relmetrics.definitions.requirements import Requirements
    from relmetrics.validation.finding import Findings

__all__ = [
    "MENDABLE",
    "AssessedRequirement",
    "Assessment",
    "FieldCount",
    "Verdict",
    "assess",
    "companions_available",
    "count_fields",
]

Verdict = Literal["met", "not_met", "cannot_tell"]

MENDABLE = frozenset({"not_adopted_level", "missing_required_field", "below_coverage", "coding_disagreement"})
"""Reasons that other recording (or coding) takes away: not met. All other reasons: cannot tell."""

MOST_EVIDENCE = 50
"""At most so many ids of findings stand as evidence; `params` has the exact number."""


@dataclass(frozen=True, slots=True)
class AssessedRequirement:
    """One requirement and what became of it.

    Attributes
    ----------
    requirement : str
        ``indicator:<id>``, ``field:<table>.<field>``, ``findings``, ``coverage:<id>``, ``period``.
    need : {'required', 'optional'}
        An optional one that is not met does not count against the submission.
    reason : str
        Code of the reason (of the value, or of this module), empty where it is met.
    evidence : tuple of str
        Ids of findings, or ``indicator/disaggregation`` of values.
    params : dict
        Numbers and names for the sentence.
    """

    requirement: str
    need: Literal["required", "optional"]
    verdict: Verdict
    reason: str
    evidence: tuple[str, ...]
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What became of every requirement of one document (or of none)."""

    requirements_id: str
    requirements_version: str
    issuer: str
    title: str
    items: tuple[AssessedRequirement, ...]

    @property
    def verdict(self) -> Verdict:
        """Not met if any required one is not; else cannot tell if any cannot; else met."""
        verdicts = {item.verdict for item in self.items if item.need == "required"}
        if "not_met" in verdicts:
            return "not_met"
        return "cannot_tell" if "cannot_tell" in verdicts else "met"


class FieldCount(NamedTuple):
    """How much of a field is filled: readable values, and rows of its table (None: the table or column is absent)."""

    filled: int
    rows: int | None


def companions_available(value: IndicatorValue, values: IndicatorValues) -> tuple[bool, tuple[str, ...]]:
    """Say whether all that must stand beside a value is there, and which of it is (section 0.7).

    Companions are clauses that must all hold; a clause is ``A|B``, of which one suffices. One is available when it has
    a number at the total and its own companions are available too.

    Returns
    -------
    tuple of (bool, tuple of str)
        Whether every clause holds, and the ids that are available, in the order named.
    """
    totals = {item.indicator: item for item in values if item.disaggregation == "total" and item.period == value.period}
    return _companions(value, totals, frozenset())


def _companions(
    value: IndicatorValue, totals: Mapping[str, IndicatorValue], above: frozenset[str]
) -> tuple[bool, tuple[str, ...]]:
    complete = True
    found: list[str] = []
    for clause in value.companions:
        names = [name for name in clause.split("|") if _is_available(name, totals, above | {value.indicator})]
        complete = complete and bool(names)
        found += [name for name in names if name not in found]
    return complete, tuple(found)


def _is_available(name: str, totals: Mapping[str, IndicatorValue], above: frozenset[str]) -> bool:
    value = totals.get(name)
    if value is None or not value.has_number or name in above:
        return False
    return _companions(value, totals, above)[0]


def count_fields(submission: Any, requirements: Requirements) -> dict[str, FieldCount]:
    """Count the readable values of each required field of a submission.

    Parameters
    ----------
    submission : Submission
        An open one: its tables are asked.
    """
    counts: dict[str, FieldCount] = {}
    for name in requirements.required_fields:
        table_id, field_id = name.split(".", 1)
        table = submission.tables.get(table_id)
        if table is None or table.column(field_id) is None:
            counts[name] = FieldCount(0, None)
            continue
        query = f'SELECT count("{field_id}"), count(*) FROM given."{table_id}"'
        filled, rows = submission.connection.execute(query).fetchone()
        counts[name] = FieldCount(int(filled), int(rows))
    return counts


def assess(
    findings: Findings,
    values: IndicatorValues,
    requirements: Requirements | None = None,
    submission_manifest: Manifest | None = None,
    fields: Mapping[str, FieldCount] | None = None,
) -> Assessment:
    """Hold findings and values to a funder's requirements.

    Parameters
    ----------
    requirements : Requirements, optional
        Without them the assessment is one of no requirements, which is met.
    submission_manifest : Manifest, optional
        Its period is compared with the one asked for, where no value says.
    fields : mapping, optional
        What `count_fields` found; without it a required field cannot be told.

    Returns
    -------
    Assessment
        One item a requirement, in the order of the document.
    """
    if requirements is None:
        return Assessment("", "", "", "", ())
    run = _Run(findings, values, requirements, submission_manifest, fields)
    return Assessment(
        requirements_id=requirements.id,
        requirements_version=requirements.version,
        issuer=requirements.issuer,
        title=requirements.title["en"],
        items=tuple(run.items()),
    )


class _Run:
    """One assessment on its way."""

    def __init__(
        self,
        findings: Findings,
        values: IndicatorValues,
        requirements: Requirements,
        manifest: Manifest | None,
        fields: Mapping[str, FieldCount] | None,
    ) -> None:
        self.findings = findings
        self.requirements = requirements
        self.manifest = manifest
        self.fields = fields
        self.end = requirements.period.end.isoformat()
        # The end decides: every window is counted back from it. The start only says which findings are about it.
        self.totals = {
            value.indicator: value
            for value in values
            if value.disaggregation == "total" and value.period.rpartition("/")[2] == self.end
        }
        self.periods = sorted({value.period for value in values})

    def items(self) -> Iterator[AssessedRequirement]:
        yield self.period()
        for item in self.requirements.indicators:
            yield self.indicator(item.indicator, item.need)
        for item in self.requirements.indicators:
            yield from self.coverage(item.indicator, item.need, item.least_coverage)
        for name in self.requirements.required_fields:
            yield self.field(name)
        if self.requirements.most_error_findings is not None:
            yield self.errors(self.requirements.most_error_findings)

    def period(self) -> AssessedRequirement:
        given = self.periods
        if not given and self.manifest is not None:
            given = [f"{self.manifest.period.start}/{self.manifest.period.end}"]
        params = {"asked": self.end, "given": ", ".join(period.rpartition("/")[2] for period in given)}
        if not given:
            return AssessedRequirement("period", "required", "cannot_tell", "not_calculated", (), params)
        if any(period.rpartition("/")[2] == self.end for period in given):
            return AssessedRequirement("period", "required", "met", "", (), params)
        return AssessedRequirement("period", "required", "not_met", "other_period", (), params)

    def indicator(self, name: str, need: Literal["required", "optional"]) -> AssessedRequirement:
        requirement = f"indicator:{name}"
        value = self.totals.get(name)
        if value is None:
            reason = "other_period" if self.periods else "not_calculated"
            return AssessedRequirement(requirement, need, "cannot_tell", reason, (), {"asked": self.end})
        evidence: tuple[str, ...] = (f"{name}/total",)
        if not value.has_number:
            return AssessedRequirement(requirement, need, _verdict(value.reason), value.reason, evidence, {})
        complete, found = _companions(value, self.totals, frozenset())
        evidence += tuple(f"{companion}/total" for companion in found)
        if complete:
            return AssessedRequirement(requirement, need, "met", "", evidence, {})
        verdict, missing = self._missing_companion(value)
        return AssessedRequirement(requirement, need, verdict, "companion_missing", evidence, {"companions": missing})

    def _missing_companion(self, value: IndicatorValue) -> tuple[Verdict, str]:
        """Not met only if the organization could mend each way of filling the first clause that is open."""
        for clause in value.companions:
            names = clause.split("|")
            if any(_is_available(name, self.totals, frozenset({value.indicator})) for name in names):
                continue
            others = [self.totals.get(name) for name in names]
            mendable = all(other is not None and _verdict(other.reason) == "not_met" for other in others)
            return ("not_met" if mendable else "cannot_tell"), "|".join(names)
        return "cannot_tell", ""

    def coverage(
        self, name: str, need: Literal["required", "optional"], own: str | None
    ) -> Iterator[AssessedRequirement]:
        least = own if own is not None else self.requirements.least_coverage
        value = self.totals.get(name)
        if least is None or (own is None and (value is None or value.coverage is None)):
            # What is asked of all holds for those that have a coverage; the others' own item says what is wrong.
            return
        requirement, evidence = f"coverage:{name}", (f"{name}/total",)
        params = {"asked": least}
        if value is None:
            yield AssessedRequirement(requirement, need, "cannot_tell", "not_calculated", (), params)
        elif value.coverage is None:
            yield AssessedRequirement(requirement, need, "cannot_tell", "no_coverage_named", evidence, params)
        else:
            params["given"] = repr(value.coverage)
            is_met = Decimal(repr(value.coverage)) >= Decimal(least)
            verdict: Verdict = "met" if is_met else "not_met"
            yield AssessedRequirement(
                requirement, need, verdict, "" if is_met else "coverage_too_low", evidence, params
            )

    def field(self, name: str) -> AssessedRequirement:
        requirement = f"field:{name}"
        table, _, field = name.partition(".")
        evidence = tuple(item.id for item in self.findings if item.table == table and item.field == field)[
            :MOST_EVIDENCE
        ]
        if self.fields is None or name not in self.fields:
            return AssessedRequirement(requirement, "required", "cannot_tell", "fields_not_counted", evidence, {})
        filled, rows = self.fields[name]
        params = {"filled": str(filled), "rows": str(rows or 0)}
        if rows is None:
            return AssessedRequirement(requirement, "required", "not_met", "field_absent", evidence, params)
        if rows == 0:
            return AssessedRequirement(requirement, "required", "cannot_tell", "table_without_rows", evidence, params)
        if filled == 0:
            return AssessedRequirement(requirement, "required", "not_met", "field_empty", evidence, params)
        return AssessedRequirement(requirement, "required", "met", "", evidence, params)

    def errors(self, most: int) -> AssessedRequirement:
        n_errors = self.findings.counts()["error"]
        params = {"asked": str(most), "given": str(n_errors)}
        evidence = tuple(item.id for item in self.findings if item.severity == "error")[:MOST_EVIDENCE]
        if n_errors <= most:
            return AssessedRequirement("findings", "required", "met", "", evidence, params)
        return AssessedRequirement("findings", "required", "not_met", "too_many_errors", evidence, params)


def _verdict(reason: str) -> Verdict:
    return "not_met" if reason in MENDABLE else "cannot_tell"
