"""What every way of scoring gives the engine; and the two that are SQL alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from relmetrics.calculation import resampling

if TYPE_CHECKING:
    from relmetrics.calculation.run import Run
    from relmetrics.calculation.value import BenchmarkValue, IntervalValue
    from relmetrics.definitions import Indicator

__all__ = ["Measured", "Proportion", "Request", "Scoring", "Sum", "Uncertainty"]


@dataclass(frozen=True, slots=True)
class Request:
    """One sheet on one run for one cell.

    Attributes
    ----------
    cell : str
        ``total`` or ``dimension=code``.
    bound : dict
        Values of the named parameters.
    """

    run: Run
    sheet: Indicator
    cell: str
    bound: dict[str, Any]

    def seed(self, method: str) -> int:
        """Seed of one simulated part: never of the clock, the data or their name."""
        release = self.run.submission.release.version
        return resampling.seed(self.sheet.id, method, self.run.end.isoformat(), self.cell, release=release)


@dataclass(frozen=True, slots=True)
class Measured:
    """A value; exact where it can be. Numerator and denominator only where the value is their quotient, or a count."""

    value: Fraction | float | int
    numerator: int | None = None
    denominator: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Interval and benchmark with the warnings that they raise, and side numbers that hang on the value."""

    interval: IntervalValue | None = None
    benchmark: BenchmarkValue | None = None
    warnings: tuple[str, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)


class Scoring(Protocol):
    """A way of scoring: the quantities first, because the gates look at them, then value and uncertainty."""

    def quantities(self) -> dict[str, Any]:
        """Return n_units, unknown, n_without_consent and the calculator's own quantities."""
        ...

    def measure(self) -> Measured:
        """Return the value; called only when the gates are passed."""
        ...

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """Return interval and benchmark of the value."""
        ...


class Counted:
    """Units of a population with their unknowns, in one query."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def count(self, parts: dict[str, str]) -> dict[str, Any]:
        """Count known and unknown units, those without consent, the sheet's own counts and `parts`."""
        sheet = self.request.sheet
        unknown = f"coalesce({sheet.unknown_when}, FALSE)" if sheet.unknown_when else "FALSE"
        texts = {
            "n_units": f"count(*) FILTER (WHERE NOT {unknown})",
            "unknown": f"count(*) FILTER (WHERE {unknown})",
            **sheet.counts,
            **{name: text.replace("KNOWN", f"NOT {unknown}") for name, text in parts.items()},
        }
        if sheet.consent_when:
            texts["n_without_consent"] = f"count(*) FILTER (WHERE {sheet.consent_when})"
        found = self.request.run.views.aggregate(sheet.population, texts, self.request.bound)
        return {name: int(value) if value is not None else None for name, value in found.items()}


class Proportion(Counted):
    """Units for which the numerator holds, by known units."""

    def quantities(self) -> dict[str, Any]:
        """Count the numerator with the units."""
        found = self.count({"n_numerator": f"count(*) FILTER (WHERE KNOWN AND ({self.request.sheet.numerator}))"})
        self.n_numerator, self.n_units = found["n_numerator"], found["n_units"]
        return found

    def measure(self) -> Measured:
        """Return the share, exactly."""
        return Measured(Fraction(self.n_numerator, self.n_units), self.n_numerator, self.n_units)

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """U1 for independent units, U2d where a unit belongs to two people."""
        interval = self.request.sheet.interval
        if interval is None:
            return Uncertainty()
        if interval.method == "U1":
            return Uncertainty(resampling.wilson_interval(self.n_numerator, self.n_units))
        return self._dyadic(measured)

    def _dyadic(self, measured: Measured) -> Uncertainty:
        request = self.request
        sheet = request.sheet
        names = ["person_1", "person_2", "is_constituent_1", "is_constituent_2"]
        rows = request.run.views.rows(sheet.population, names, request.bound, where=sheet.unknown_when)
        both = rows["is_constituent_1"] & rows["is_constituent_2"]
        return resampling.dyadic_share(request, rows, both, measured)


class Sum(Counted):
    """Sum of a measure over the units."""

    def quantities(self) -> dict[str, Any]:
        """Sum with the units; an empty set sums to 0 where the gates allow it."""
        found = self.count({"n_sum": f"sum({self.request.sheet.measure}) FILTER (WHERE KNOWN)"})
        self.total = found.pop("n_sum") or 0
        return found

    def measure(self) -> Measured:
        """Return the sum."""
        return Measured(self.total, self.total, None)

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """Return nothing: a count of what was written down has no interval."""
        return Uncertainty()
