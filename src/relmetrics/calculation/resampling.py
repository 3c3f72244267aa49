"""Intervals and benchmarks as values: which estimator, its seed, and what is said when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relmetrics.calculation.statistics.dyadic import count_drawn, dyadic_ratio, dyadic_survival
from relmetrics.calculation.statistics.replicates import Replicates, percentile_interval
from relmetrics.calculation.statistics.seeds import generator, seed
from relmetrics.calculation.statistics.wilson import wilson, wilson_share
from relmetrics.calculation.value import IntervalValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from relmetrics.calculation.scoring import Measured, Request, Uncertainty

__all__ = ["FEWEST_CLUSTERS", "LEVEL", "dyadic", "dyadic_share", "generator", "seed", "wilson_interval"]

LEVEL = 0.95
FEWEST_CLUSTERS = 10


def wilson_interval(numerator: int, denominator: int) -> IntervalValue:
    """U1: Wilson's score interval of a proportion."""
    low, high = wilson(numerator, denominator)
    return IntervalValue(low, high, LEVEL, "wilson")


def dyadic_share(request: Request, rows: Mapping[str, Any], numerator: Any, measured: Measured) -> Uncertainty:
    """U2d of a share of conversations."""
    import numpy

    ends = (rows["person_1"], rows["person_2"], rows["is_constituent_1"], rows["is_constituent_2"])
    drawn = count_drawn(*ends)
    return dyadic(
        request,
        measured.value,
        drawn,
        lambda rng: dyadic_ratio(*ends, numerator.astype(numpy.int64), numpy.ones(len(numerator), numpy.int64), rng),
    )


def dyadic_repeat(request: Request, rows: Mapping[str, Any], horizon: int, measured: Measured) -> Uncertainty:
    """U2d of a Kaplan-Meier share of dyads."""
    ends = (rows["person_1"], rows["person_2"], rows["is_constituent_1"], rows["is_constituent_2"])
    return dyadic(
        request,
        measured.value,
        count_drawn(*ends),
        lambda rng: dyadic_survival(*ends, rows["days"], rows["is_event"], horizon, rng),
    )


def dyadic(
    request: Request, value: Fraction | float, n_drawn: int, resample: Callable[[Any], Replicates]
) -> Uncertainty:
    """U2d with its fallback: Wilson with the number of people where there are few, or the value is exactly 0 or 1."""
    from relmetrics.calculation.scoring import Uncertainty

    if n_drawn < FEWEST_CLUSTERS or value in (0, 1):
        low, high = wilson_share(value, n_drawn)
        return Uncertainty(IntervalValue(low, high, LEVEL, "wilson_clusters"), warnings=("few_clusters",))
    start = request.seed("U2d")
    replicates = resample(generator(start))
    limits = percentile_interval(replicates)
    if limits is None:
        return Uncertainty(warnings=("interval_unavailable",))
    return Uncertainty(IntervalValue(*limits, LEVEL, "dyadic_bootstrap", seed=start, replicates=len(replicates.values)))
