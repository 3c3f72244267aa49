"""One number with its honesty."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas

__all__ = ["BenchmarkValue", "IndicatorValue", "IndicatorValues", "IntervalValue", "Number", "Status"]

Status = Literal["computed", "computed_with_warning", "suppressed", "not_computable"]
Number = int | float
Extra = int | float | str | None


@dataclass(frozen=True, slots=True)
class IntervalValue:
    """An interval of uncertainty; `high` may be absent while `low` is there.

    Attributes
    ----------
    level : float
        Nominal coverage, 0.95.
    method : str
        ``wilson``, ``wilson_clusters``, ``dyadic_bootstrap``, ``vertex_bootstrap``, ``event_jackknife``, ...
    seed, replicates : int or None
        Of simulated ones; replicates are the ones in which the statistic is defined.
    """

    low: float | None
    high: float | None
    level: float
    method: str
    seed: int | None = None
    replicates: int | None = None


@dataclass(frozen=True, slots=True)
class BenchmarkValue:
    """What chance would give: mean and sd over random structures, z (absent where sd is 0), percentile (0 to 100)."""

    mean: float
    sd: float
    z: float | None
    percentile: float
    method: str
    seed: int | None = None
    replicates: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One value of one indicator for one period and one cell (section 0.3 of the catalogue).

    Attributes
    ----------
    period : str
        First and last day, ``2026-01-01/2026-12-31``.
    window : str
        First and last day that the value looks at.
    disaggregation : str
        ``total`` or ``dimension=code``.
    reason : str
        Why there is no number; empty where there is one.
    coverage : float or None
        Share of active constituents whose conversations would have been recorded; None where the entry names none.
    companions : tuple of str
        What must stand beside it, ``A|B`` an alternative; already struck by the adoption level.
    """

    indicator: str
    indicator_version: str
    period: str
    window: str
    disaggregation: str
    value: Number | None
    status: Status
    reason: str
    warnings: tuple[str, ...]
    numerator: Number | None
    denominator: Number | None
    n_units: int | None
    unknown: int | None
    n_without_consent: int | None
    unit: str
    interval: IntervalValue | None
    benchmark: BenchmarkValue | None
    coverage: float | None
    comparison: str
    companions: tuple[str, ...]
    params: Mapping[str, str]
    extras: Mapping[str, Extra]
    release: str
    logic_hash: str

    @property
    def has_number(self) -> bool:
        """Whether the status is one that carries a number."""
        return self.status in ("computed", "computed_with_warning")


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """Values of one submission, in the order of the catalogue, total first."""

    values: tuple[IndicatorValue, ...]
    release: str
    rows_left_out: Mapping[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[IndicatorValue]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def get(self, indicator: str, disaggregation: str = "total") -> IndicatorValue:
        """Return one value; KeyError with the ids that there are."""
        for value in self.values:
            if value.indicator == indicator and value.disaggregation == disaggregation:
                return value
        known = ", ".join(sorted({value.indicator for value in self.values}))
        raise KeyError(f"no value of '{indicator}' for '{disaggregation}'; there are: {known}")

    def to_frame(self) -> pandas.DataFrame:
        """Return one row a value; interval and benchmark as columns ``interval_low`` and so on."""
        import pandas

        rows = []
        for value in self.values:
            row = {part.name: getattr(value, part.name) for part in fields(value) if part.name not in _NESTED}
            row["warnings"] = ";".join(value.warnings)
            row["companions"] = ";".join(value.companions)
            for name in _NESTED:
                inner = getattr(value, name)
                kind = IntervalValue if name == "interval" else BenchmarkValue
                for part in fields(kind):
                    row[f"{name}_{part.name}"] = getattr(inner, part.name) if inner is not None else None
            rows.append(row)
        return pandas.DataFrame(rows)

    def __repr__(self) -> str:
        computed = sum(value.has_number for value in self.values)
        return f"IndicatorValues({len(self.values)} values, {computed} with a number)"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(item.indicator)}</td><td>{html.escape(item.disaggregation)}</td>"
            f"<td>{'' if item.value is None else item.value}</td>"
            f"<td>{html.escape(item.reason or item.status)}</td></tr>"
            for item in self.values
        )
        head = "<tr><th>indicator</th><th>cell</th><th>value</th><th>status</th></tr>"
        return f"<p>{html.escape(repr(self))}</p><table>{head}{rows}</table>"


_NESTED = ("interval", "benchmark")
