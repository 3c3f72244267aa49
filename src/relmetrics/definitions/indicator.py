"""Indicator reference sheets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as PydanticField

from relmetrics.definitions.definition import Definition, Frozen, Id, Level, Text

__all__ = [
    "Benchmark",
    "Comparison",
    "CoverageKind",
    "Gate",
    "Indicator",
    "IndicatorClass",
    "Interval",
    "Parameter",
    "RaisedWarning",
    "Role",
    "Source",
]

IndicatorClass = Literal["I", "E", "R", "C", "X"]
Role = Literal["measure", "quality", "context"]
Comparison = Literal["direct", "standardized", "own_trend"]
CoverageKind = Literal["none", "conversations", "staff_conversations", "ties"]


class Parameter(Frozen):
    """A named quantity of a sheet with its default; a value computed with another one says so."""

    default: str
    type: Literal["integer", "codes", "code"] = "integer"
    title: Text


class Gate(Frozen):
    """A reason and when it holds: an expression over the sheet's facts."""

    reason: Id
    when: str


class RaisedWarning(Frozen):
    """A warning and when it is raised: an expression over the sheet's facts."""

    warning: Id
    when: str


class Interval(Frozen):
    """How the uncertainty is estimated; codes of estimators.md (U1, U2d, U3, U9)."""

    method: Literal["U1", "U2d", "U3", "U9"]
    clip_low: str | None = None
    clip_high: str | None = None


class Benchmark(Frozen):
    """What chance would give; codes of estimators.md (U5)."""

    method: Literal["U5"]
    replicates: int


class Source(Frozen):
    """A work that the sheet rests on, and whether we have seen it."""

    citation: str
    seen: Literal["reference", "secondary", "unverified"]


class Indicator(Definition):
    """An indicator reference sheet.

    Attributes
    ----------
    indicator_class : {'I', 'E', 'R', 'C', 'X'}
        ``class`` in the file: level of what is counted (section 0.1 of the catalogue).
    needs : tuple of str
        Tables whose absence stops the value: those of its units, numerator and denominator, and people.
    reads : tuple of str
        Tables that count as having no rows where they are absent.
    required_fields : tuple of str
        ``table.field`` that must be filled in at least one row of a table that has rows.
    scoring : {'proportion', 'sum', 'function'}
        Proportion: units for which the numerator holds by known units. Sum: of `measure` over the units. Function: a
        calculator in calculation/calculators, given the rows of the population.
    population : str
        View with one row a unit.
    numerator, unknown_when, consent_when : str or None
        Row expressions over the population. ``consent_when`` is true where consent is lacking.
    counts : dict
        Name to aggregate over the population: quantities for gates, warnings and extras.
    facts : dict
        Name to query of one row, whose columns are further quantities of that kind.
    extras : dict
        Name to a quantity, or to a quotient of two written ``a / b``, which is absent where b is 0.
    coverage : str
        Which coverage stands beside the value and, with `coverage_gate`, stops it.
    """

    code: str
    indicator_class: IndicatorClass = PydanticField(alias="class")
    class_note: Text | None = None
    role: Role
    adoption: Level
    domain: Id
    measured_construct: Text = PydanticField(alias="construct")
    faithfulness: Literal["direct", "derived", "instrumental"]
    sections: tuple[str, ...]
    definition: Text
    rationale: Text
    unit: Text
    value_unit: Literal["share", "count", "number", "probability"]
    direction: Literal["higher_is_better", "lower_is_better", "neither"] = "neither"
    population_text: Text
    numerator_text: Text | None = None
    denominator_text: Text | None = None
    exclusions: Text
    window_text: Text
    time_field: str
    needs: tuple[Id, ...]
    reads: tuple[Id, ...] = ()
    required_fields: tuple[str, ...] = ()
    parameters: dict[Id, Parameter] = {}
    scoring: Literal["proportion", "sum", "function"]
    function: Id | None = None
    population: Id
    numerator: str | None = None
    unknown_when: str | None = None
    consent_when: str | None = None
    measure: str | None = None
    counts: dict[Id, str] = {}
    facts: dict[Id, str] = {}
    coverage: CoverageKind = "none"
    coverage_gate: bool = False
    unknown_gate: bool = True
    window_gate: bool = True
    gates: tuple[Gate, ...] = ()
    warnings: tuple[RaisedWarning, ...] = ()
    interval: Interval | None = None
    benchmark: Benchmark | None = None
    second_row: Id | None = None
    extras: dict[Id, str] = {}
    extras_text: dict[Id, Text] = {}
    comparison: Comparison
    standardized_form: Text | None = None
    companions: str = ""
    disaggregations: tuple[Id, ...] = ()
    limitations: Text
    misuse: Text
    readings: dict[str, tuple[str, ...]] = {}
    sources: tuple[Source, ...]
