"""Cases of the conformance deck: what is given, and what validation or an indicator must say about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from relmetrics.definitions.definition import Frozen, Id

__all__ = [
    "Case",
    "Deck",
    "Expected",
    "ExpectedBenchmark",
    "ExpectedFinding",
    "ExpectedInterval",
    "ExpectedValue",
    "Given",
    "IndicatorCase",
    "IndicatorDeck",
    "IndicatorGiven",
]

NumberText = Annotated[str, PydanticField(pattern=r"^(null|-?[0-9]+(\.[0-9]+)?)$")]
"""A number in digits, or ``null`` where there must be none. With nine decimals it is rounded, with fewer exact."""


class Given(Frozen):
    """A small submission.

    Attributes
    ----------
    manifest : dict
        Keys that differ from the deck's ``manifest.yaml``; dotted for keys within keys (``period.end``).
    tables : dict
        Name of each file, without its ending, to its content as CSV. Only the columns that the case is about.
    """

    manifest: dict[str, str | tuple[str, ...]] = {}
    tables: dict[str, str]


class ExpectedFinding(Frozen):
    """One finding, in the order of rows.

    Attributes
    ----------
    cell : str
        As a spreadsheet names it; the columns stand as the case gives them.
    related_row : int or None
        Row of the first other place of the breach.
    params : dict or None
        Exactly these; None means that they are not compared.
    """

    table: str = ""
    file: str | None = None
    row: int | None = None
    field: str = ""
    cell: str = ""
    related_row: int | None = None
    params: dict[str, str] | None = None


class Expected(Frozen):
    """What becomes of the check of `table` (empty: the check of no table), and its findings; others do not matter.

    Attributes
    ----------
    reason : str
        Code of the codelist ``check_reasons``; only where nothing was judged.
    n_examined, n_findings : int or None
        None means not compared, and as many findings as are listed.
    """

    table: str = ""
    outcome: Literal["findings", "clean", "not_applicable", "cannot_tell"]
    reason: str = ""
    n_examined: int | None = None
    n_findings: int | None = None
    findings: tuple[ExpectedFinding, ...] = ()


class Case(Frozen):
    """One case; `kind` says which side of the check it is on."""

    title: str
    kind: Literal["fires", "clean", "not_applicable", "cannot_tell"]
    given: Given
    expect: Expected

    @model_validator(mode="after")
    def _kind_fits(self) -> Case:
        if self.expect.outcome != {"fires": "findings"}.get(self.kind, self.kind):
            raise ValueError(f"a case of kind {self.kind} cannot expect the outcome {self.expect.outcome}")
        if (self.expect.outcome == "findings") != bool(self.expect.findings):
            raise ValueError("findings are listed where the outcome is findings, and only there")
        return self


class Deck(Frozen):
    """Cases of one rule, structural constraint or screen: a file named as it is."""

    rule: Id | None = None
    structure: Id | None = None
    screen: Id | None = None
    cases: tuple[Case, ...]

    @model_validator(mode="after")
    def _is_about_one(self) -> Deck:
        if len([one for one in (self.rule, self.structure, self.screen) if one is not None]) != 1:
            raise ValueError("a deck is about either a rule, a structure or a screen")
        return self

    @property
    def id(self) -> str:
        """What the deck is about."""
        return self.rule or self.structure or self.screen or ""


class IndicatorGiven(Frozen):
    """A small submission, and parameters other than the sheet's defaults.

    Attributes
    ----------
    manifest : dict
        Keys that differ from the deck's ``manifest.yaml``; dotted for keys within keys (``period.end``).
    tables : dict
        Name of each file, without its ending, to its content as CSV. A table that is not named is not handed in.
    """

    manifest: dict[str, str | tuple[str, ...]] = {}
    parameters: dict[Id, str] = {}
    tables: dict[str, str]


class ExpectedInterval(Frozen):
    """Limits of a closed form; for a simulated interval only its method."""

    low: NumberText | None = None
    high: NumberText | None = None
    method: Id


class ExpectedBenchmark(Frozen):
    """What random structures must give, where it does not hang on the draws."""

    method: Id | None = None
    z: NumberText | None = None
    percentile: NumberText | None = None


class ExpectedValue(Frozen):
    """What is given here is compared, nothing else.

    Attributes
    ----------
    disaggregation : str
        Which row of the indicator: ``total``, or ``graph=full``.
    warnings : tuple of str or None
        Exactly these, in any order.
    """

    disaggregation: str = "total"
    status: Literal["computed", "computed_with_warning", "not_computable"] | None = None
    reason: Id | None = None
    value: NumberText | None = None
    numerator: NumberText | None = None
    denominator: NumberText | None = None
    n_units: NumberText | None = None
    unknown: NumberText | None = None
    warnings: tuple[Id, ...] | None = None
    interval: ExpectedInterval | Literal["null"] | None = None
    benchmark: ExpectedBenchmark | Literal["null"] | None = None
    extras: dict[Id, NumberText] = {}
    companions: tuple[str, ...] | None = None


class IndicatorCase(Frozen):
    """One case of an indicator; the first of a file is a worked one, small enough to read."""

    title: str
    kind: Literal["worked", "boundary", "true_zero", "not_computable"]
    given: IndicatorGiven
    expect: ExpectedValue

    @model_validator(mode="after")
    def _kind_fits(self) -> IndicatorCase:
        if self.kind == "true_zero" and self.expect.value != "0":
            raise ValueError("a true zero expects the value 0")
        if self.kind == "not_computable" and (self.expect.status != "not_computable" or not self.expect.reason):
            raise ValueError("a case of kind not_computable expects this status, and a reason")
        return self


class IndicatorDeck(Frozen):
    """Cases of one indicator: a file named as it is."""

    indicator: Id
    cases: tuple[IndicatorCase, ...]

    @model_validator(mode="after")
    def _begins_with_a_worked_case(self) -> IndicatorDeck:
        if not self.cases or self.cases[0].kind != "worked":
            raise ValueError("the first case is a worked one: it stands on the page of the indicator")
        return self
