"""Where checks write down what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relmetrics.errors import DefinitionError
from relmetrics.validation.finding import Check
from relmetrics.validation.suggestions import Suggestions

if TYPE_CHECKING:
    from relmetrics.definitions import Codelist, Structure
    from relmetrics.submission import Submission
    from relmetrics.validation.finding import Outcome
    from relmetrics.validation.locating import Breach

__all__ = ["Ledger"]


class Ledger:
    """Breaches and checks of one run.

    Parameters
    ----------
    submission : Submission
        What is validated.
    most_listed : int
        How many breaches of one check are listed.
    """

    def __init__(self, submission: Submission, most_listed: int) -> None:
        self.submission = submission
        self.most_listed = most_listed
        self.breaches: list[Breach] = []
        self.checks: list[Check] = []
        self._suggestions: dict[str, Suggestions] = {}

    def part(self) -> Ledger:
        """Make an empty ledger of the same run, for one of several threads."""
        part = Ledger(self.submission, self.most_listed)
        part._suggestions = self._suggestions
        return part

    def take(self, part: Ledger) -> None:
        """Write down what stands in a part, after what stands here."""
        self.breaches += part.breaches
        self.checks += part.checks

    def suggestions(self, codelist: Codelist) -> Suggestions:
        """Nearest codes of a list, by their codes, titles and synonyms."""
        if codelist.id not in self._suggestions:
            words = {code.code: (code.title_en, *code.synonyms) for code in codelist.codes}
            self._suggestions[codelist.id] = Suggestions(words)
        return self._suggestions[codelist.id]

    def structure(self, constraint: str) -> Structure:
        """Texts and severity of a structural constraint."""
        try:
            return self.submission.release.structure[constraint]
        except KeyError:
            raise DefinitionError(
                f"The standard has no texts for '{constraint}' (validators/*/structure). Install relmetrics again."
            ) from None

    def judged(
        self,
        constraint: Structure,
        table: str,
        n_examined: int,
        n_findings: int,
        breaches: list[Breach],
        *,
        kind: Literal["structure", "rule"] = "structure",
        reason: str = "no_eligible_rows",
    ) -> None:
        """Write down a check that was made; without anything to judge it is not applicable, for `reason`."""
        self.breaches.extend(breaches[: self.most_listed])
        if n_findings:
            self._write(constraint, table, kind, "findings", "", n_examined, n_findings)
        elif n_examined:
            self._write(constraint, table, kind, "clean", "", n_examined, 0)
        else:
            self._write(constraint, table, kind, "not_applicable", reason, 0, 0)

    def not_judged(
        self,
        constraint: Structure,
        table: str,
        outcome: Literal["not_applicable", "cannot_tell"],
        reason: str,
        *,
        kind: Literal["structure", "rule"] = "structure",
    ) -> None:
        """Write down a check that could not be made."""
        self._write(constraint, table, kind, outcome, reason, 0, 0)

    def ordered_checks(self) -> tuple[Check, ...]:
        """All checks: structure before rules, tables in the order of the standard."""
        tables = {table: number for number, table in enumerate(self.submission.release.tables, start=1)}
        ordered = sorted(self.checks, key=lambda check: (check.kind == "rule", tables.get(check.table, 0), check.rule))
        return tuple(ordered)

    def _write(
        self,
        constraint: Structure,
        table: str,
        kind: Literal["structure", "rule"],
        outcome: Outcome,
        reason: str,
        n_examined: int,
        n_findings: int,
    ) -> None:
        self.checks.append(
            Check(
                rule=constraint.id,
                rule_version=constraint.version,
                kind=kind,
                severity=constraint.severity,
                table=table,
                outcome=outcome,
                reason=reason,
                n_examined=n_examined,
                n_findings=n_findings,
            )
        )
