"""Replicates of a resampled statistic and the limits that are read off them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from relmetrics.calculation.statistics.wilson import Z

__all__ = ["Benchmark", "Replicates", "benchmark", "normal_interval", "percentile_interval"]

FloatArray = npt.NDArray[np.float64]

# Below this a standard error or a standard deviation is rounding, not spread.
NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Values of a statistic over resamples.

    Attributes
    ----------
    values : numpy.ndarray
        The defined ones, in the order drawn.
    dropped : int
        Resamples in which the statistic is undefined.
    """

    values: FloatArray
    dropped: int

    @property
    def is_usable(self) -> bool:
        """Whether at most 5 % were dropped, and two are left."""
        total = len(self.values) + self.dropped
        return len(self.values) >= 2 and self.dropped * 20 <= total

    @property
    def standard_error(self) -> float | None:
        """Standard deviation (ddof 1) of the values; None with fewer than two."""
        return _mean_and_sd(self.values)[1] if len(self.values) >= 2 else None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Where a value stands among the values of random data.

    Attributes
    ----------
    mean, sd : float
        Of the random values (ddof 1).
    z : float or None
        (value - mean) / sd; absent when there is no spread.
    percentile : float
        100 times the share below, plus half of the share equal within 1e-12.
    """

    mean: float
    sd: float
    z: float | None
    percentile: float


def _mean_and_sd(values: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation, summed exactly so that no instruction set can change them."""
    mean = math.fsum(values.tolist()) / len(values)
    return mean, math.sqrt(math.fsum(((values - mean) ** 2).tolist()) / (len(values) - 1))


def percentile_interval(replicates: Replicates) -> tuple[float, float] | None:
    """2.5 and 97.5 % quantiles (type 7) of the replicates.

    Parameters
    ----------
    replicates : Replicates
        What a bootstrap returned.

    Returns
    -------
    tuple of float, or None
        None when more than 5 % of the replicates are undefined (`interval_unavailable`).
    """
    if not replicates.is_usable:
        return None
    low, high = np.quantile(replicates.values, [0.025, 0.975])
    return float(low), float(high)


def normal_interval(
    value: Fraction | float, replicates: Replicates, minimum: float, maximum: float
) -> tuple[float, float] | None:
    """Limits of U3: value ± z·SE, clipped to the range of the statistic.

    Parameters
    ----------
    value : Fraction or float
        The statistic on the observed graph.
    replicates : Replicates
        What `vertex_bootstrap` returned.
    minimum, maximum : float
        The range of the statistic.

    Returns
    -------
    tuple of float, or None
        None when more than 5 % were dropped or the SE is below 1e-12 (`interval_unavailable`).
    """
    error = replicates.standard_error
    if error is None or not replicates.is_usable or error < NO_SPREAD:
        return None
    return max(minimum, float(value) - Z * error), min(maximum, float(value) + Z * error)


def benchmark(value: Fraction | float, values: FloatArray) -> Benchmark | None:
    """Place a value among the values of random graphs.

    Parameters
    ----------
    value : Fraction or float
        The observed statistic.
    values : numpy.ndarray
        The statistic on random graphs, undefined ones left out.

    Returns
    -------
    Benchmark or None
        None with fewer than two random values.
    """
    if len(values) < 2:
        return None
    mean, sd = _mean_and_sd(values)
    observed = float(value)
    is_equal = np.abs(values - observed) <= 1e-12
    n_equal = int(is_equal.sum())
    n_below = int(((values < observed) & ~is_equal).sum())
    z = None if sd < NO_SPREAD else (observed - mean) / sd
    return Benchmark(mean, sd, z, 100 * (n_below + n_equal / 2) / len(values))
