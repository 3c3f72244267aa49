"""Cases of the conformance deck: what is given, and what validation must say about it."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from relmetrics.definitions.definition import Frozen, Id

__all__ = ["Case", "Deck", "Expected", "ExpectedFinding", "Given"]


class Given(Frozen):
    """A small submission.

    Attributes
    ----------
    manifest : dict
        Keys that differ from the deck's ``manifest.yaml``; dotted for keys within keys (``period.end``).
    tables : dict
        Name of each file, without its ending, to its content as CSV. Only the columns that the case is about.
    """

    manifest: dict[str, str] = {}
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
    """Cases of one rule or one structural constraint: a file named as it is."""

    rule: Id | None = None
    structure: Id | None = None
    cases: tuple[Case, ...]

    @model_validator(mode="after")
    def _is_about_one(self) -> Deck:
        if (self.rule is None) == (self.structure is None):
            raise ValueError("a deck is about either a rule or a structure")
        return self

    @property
    def id(self) -> str:
        """What the deck is about."""
        return self.rule or self.structure or ""
