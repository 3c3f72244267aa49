"""Dyadic bootstrap (U2d): units that belong to two people, resampled by drawing people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from relmetrics.calculation.statistics.replicates import Replicates, percentile_interval

__all__ = [
    "Replicates",
    "count_drawn",
    "draw_weights",
    "dyadic_ratio",
    "dyadic_survival",
    "percentile_interval",
]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Cells of the largest array of one batch: 4 million doubles are 32 MB, and about four such arrays live at once.
_BATCH_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """Units as columns of the weights: 0 weighs 1 always, 1 ... n_drawn are the people who are drawn, by code."""

    n_drawn: int
    column_1: IntArray
    column_2: IntArray


def _drawn_codes(
    person_1: IntArray, person_2: IntArray, is_drawn_1: BoolArray, is_drawn_2: BoolArray, occurs: BoolArray
) -> IntArray:
    codes = np.concatenate([person_1[is_drawn_1 & occurs], person_2[is_drawn_2 & occurs]])
    return np.unique(codes[codes >= 0])


def _units(
    person_1: IntArray, person_2: IntArray, is_drawn_1: BoolArray, is_drawn_2: BoolArray, occurs: BoolArray
) -> _Units:
    codes = _drawn_codes(person_1, person_2, is_drawn_1, is_drawn_2, occurs)

    def columns(person: IntArray) -> IntArray:
        if not len(codes):
            return np.zeros(len(person), dtype=np.int64)
        place = np.minimum(np.searchsorted(codes, person), len(codes) - 1)
        # Whoever is a constituent in one unit is drawn, and weighs the same in all of them.
        return np.where(codes[place] == person, place + 1, 0).astype(np.int64)

    return _Units(len(codes), columns(person_1), columns(person_2))


def count_drawn(
    person_1: npt.ArrayLike,
    person_2: npt.ArrayLike,
    is_drawn_1: npt.ArrayLike,
    is_drawn_2: npt.ArrayLike,
    denominator: npt.ArrayLike | None = None,
) -> int:
    """Number of people whom U2d draws; fewer than 10 means the fallback of U2.

    Parameters
    ----------
    person_1, person_2 : array_like of int
        Code of each unit's people; -1 where absent.
    is_drawn_1, is_drawn_2 : array_like of bool
        Whether the person is a constituent in the unit.
    denominator : array_like of float, optional
        A unit counts where it is not 0; all units count when it is left out.

    Returns
    -------
    int
        Different people.
    """
    first, second = _codes(person_1), _codes(person_2)
    occurs = np.ones(len(first), dtype=np.bool_) if denominator is None else np.asarray(denominator) != 0
    return len(_drawn_codes(first, second, _flags(is_drawn_1), _flags(is_drawn_2), occurs))


def draw_weights(n_drawn: int, rng: np.random.Generator, replicates: int) -> FloatArray:
    """Multinomial counts of `n_drawn` people drawn with replacement.

    Parameters
    ----------
    n_drawn : int
        People.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int
        Columns.

    Returns
    -------
    numpy.ndarray
        One row for each person after a first row of ones (whoever is not drawn), one column for each replicate.
    """
    weights = np.ones((n_drawn + 1, replicates))
    if n_drawn:
        drawn = rng.integers(0, n_drawn, size=(replicates, n_drawn))
        cells = drawn * replicates + np.arange(replicates)[:, None]
        weights[1:] = np.bincount(cells.ravel(), minlength=n_drawn * replicates).reshape(n_drawn, replicates)
    return weights


def dyadic_ratio(
    person_1: npt.ArrayLike,
    person_2: npt.ArrayLike,
    is_drawn_1: npt.ArrayLike,
    is_drawn_2: npt.ArrayLike,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    rng: np.random.Generator,
    replicates: int = 2000,
) -> Replicates:
    """Dyadic bootstrap of a ratio of sums.

    Parameters
    ----------
    person_1, person_2 : array_like of int
        Code of each unit's people, ordered as their ids are; -1 where absent (weighs 1).
    is_drawn_1, is_drawn_2 : array_like of bool
        Whether the person is a constituent in the unit. Who is in one unit of the denominator is drawn; staff and
        externals weigh 1.
    numerator, denominator : array_like of float
        What the unit adds.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int
        Number of resamples.

    Returns
    -------
    Replicates
        sum(w1 w2 numerator) / sum(w1 w2 denominator); resamples with a denominator of 0 are dropped and counted.
    """
    top = np.asarray(numerator, dtype=np.float64)
    bottom = np.asarray(denominator, dtype=np.float64)
    units = _units(_codes(person_1), _codes(person_2), _flags(is_drawn_1), _flags(is_drawn_2), bottom != 0)
    low, high = np.minimum(units.column_1, units.column_2), np.maximum(units.column_1, units.column_2)
    # Sorting by everything makes floating sums within a pair blind to the order of rows.
    order = np.lexsort((bottom, top, high, low))
    key = (low * (units.n_drawn + 1) + high)[order]
    pairs, start = np.unique(key, return_index=True)
    shape = (units.n_drawn + 1, units.n_drawn + 1)
    places = (pairs // shape[0], pairs % shape[0])
    sums = [np.add.reduceat(x[order], start) if len(pairs) else np.zeros(0) for x in (top, bottom)]
    matrices = [sparse.csr_array((total, places), shape=shape) for total in sums]
    values: list[FloatArray] = []
    for size in _batches(replicates, shape[0]):
        weights = draw_weights(units.n_drawn, rng, size)
        # scipy's product adds one row after another in one thread: the same bits everywhere.
        above, below = ((weights * (matrix @ weights)).sum(axis=0) for matrix in matrices)
        is_defined = below != 0
        values.append(above[is_defined] / below[is_defined])
    kept = np.concatenate(values) if values else np.zeros(0)
    return Replicates(kept, replicates - len(kept))


def dyadic_survival(
    person_1: npt.ArrayLike,
    person_2: npt.ArrayLike,
    is_drawn_1: npt.ArrayLike,
    is_drawn_2: npt.ArrayLike,
    days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    horizon: int,
    rng: np.random.Generator,
    replicates: int = 2000,
) -> Replicates:
    """Dyadic bootstrap of the Kaplan-Meier share by a horizon (E1).

    Parameters
    ----------
    person_1, person_2, is_drawn_1, is_drawn_2
        As in `dyadic_ratio`; every unit is in the denominator.
    days : array_like of int
        Whole days from the unit's origin to its event or the end of its follow-up.
    is_event : array_like of bool
        Whether the event ended it.
    horizon : int
        Days.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int
        Number of resamples.

    Returns
    -------
    Replicates
        1 - S(horizon); a resample whose follow-up ends before the horizon while S > 0 is dropped.
    """
    first, second = _codes(person_1), _codes(person_2)
    units = _units(first, second, _flags(is_drawn_1), _flags(is_drawn_2), np.ones(len(first), dtype=np.bool_))
    day = np.asarray(days, dtype=np.int64)
    ends = _flags(is_event)
    event_days = np.unique(day[ends & (day <= horizon)])
    # Row of a unit: how many event days its follow-up reaches, so a sum from the bottom up counts who is at risk.
    reach = np.searchsorted(event_days, day, side="right")
    is_long = day >= horizon
    one = np.ones(len(day))
    shape = (len(event_days) + 1, len(day))
    at_reach = sparse.csr_array((one, (reach, np.arange(len(day)))), shape=shape)
    counted = np.flatnonzero(ends & (day <= horizon))
    at_event = sparse.csr_array((one[: len(counted)], (reach[counted], counted)), shape=shape)
    values: list[FloatArray] = []
    for size in _batches(replicates, max(len(day), units.n_drawn + 1)):
        weights = draw_weights(units.n_drawn, rng, size)
        weight = weights[units.column_1] * weights[units.column_2]
        at_risk = np.cumsum((at_reach @ weight)[::-1], axis=0)[::-1][1:]
        events = (at_event @ weight)[1:]
        hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
        survival = np.prod(1 - hazard, axis=0)
        is_defined = (weight.sum(axis=0) > 0) & ((weight[is_long].sum(axis=0) > 0) | (survival == 0))
        values.append(1 - survival[is_defined])
    kept = np.concatenate(values) if values else np.zeros(0)
    return Replicates(kept, replicates - len(kept))


def _codes(person: npt.ArrayLike) -> IntArray:
    return np.asarray(person, dtype=np.int64)


def _flags(flag: npt.ArrayLike) -> BoolArray:
    return np.asarray(flag, dtype=np.bool_)


def _batches(replicates: int, rows: int) -> list[int]:
    """Sizes of batches; they depend on the sizes of the problem alone, so that the draws do too."""
    size = max(1, min(replicates, _BATCH_CELLS // max(rows, 1)))
    return [min(size, replicates - done) for done in range(0, replicates, size)]
