"""Kaplan-Meier share by a horizon (E1) with Greenwood's limits (U7), in exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from relmetrics.calculation.statistics.wilson import Z, wilson

__all__ = ["EventDay", "Survival", "greenwood_limits", "kaplan_meier"]


@dataclass(frozen=True, slots=True)
class EventDay:
    """One day with events: how many units were at risk, and how many had the event."""

    day: int
    n: int
    d: int


@dataclass(frozen=True, slots=True)
class Survival:
    """What E1 gives.

    Attributes
    ----------
    share : Fraction or None
        1 - S(horizon); None when the follow-up is too short (`follow_up_too_short`).
    event_days : tuple of EventDay
        Days with events up to the horizon.
    sigma2 : float or None
        Greenwood's variance of log(-log S); None when S is 0 or 1 or absent.
    n_units : int
        Units at the origin.
    n_events : int
        Events by the horizon.
    at_risk_at_horizon : int
        Units without an event before the horizon whose follow-up reaches it.
    """

    share: Fraction | None
    event_days: tuple[EventDay, ...]
    sigma2: float | None
    n_units: int
    n_events: int
    at_risk_at_horizon: int

    @property
    def value(self) -> float | None:
        """The share as a number."""
        return None if self.share is None else float(self.share)


def kaplan_meier(days: npt.ArrayLike, is_event: npt.ArrayLike, horizon: int) -> Survival:
    """Kaplan-Meier share of units with the event by a horizon.

    Parameters
    ----------
    days : array_like of int
        Whole days from the origin to the event (at least 1) or the end of follow-up (at least 0).
    is_event : array_like of bool
        Whether the event ended it. On one day events come before censorings.
    horizon : int
        Days; an event on this day counts.

    Returns
    -------
    Survival
        The share and what its limits need.
    """
    day = np.asarray(days, dtype=np.int64)
    ends = np.asarray(is_event, dtype=np.bool_)
    rows = []
    survival = Fraction(1)
    for on in np.unique(day[ends & (day <= horizon)]).tolist():
        at_risk, events = int((day >= on).sum()), int(((day == on) & ends).sum())
        rows.append(EventDay(on, at_risk, events))
        survival *= Fraction(at_risk - events, at_risk)
    reaching = int((day >= horizon).sum())
    is_known = len(day) > 0 and (reaching > 0 or survival == 0)
    sigma2 = None
    if is_known and 0 < survival < 1:
        total = math.fsum(row.d / (row.n * (row.n - row.d)) for row in rows)
        sigma2 = total / math.log(survival) ** 2
    return Survival(
        share=1 - survival if is_known else None,
        event_days=tuple(rows),
        sigma2=sigma2,
        n_units=len(day),
        n_events=sum(row.d for row in rows),
        at_risk_at_horizon=reaching,
    )


def greenwood_limits(survival: Survival) -> tuple[float, float] | None:
    """Limits of the *share* (1 - S) by U7, on the log(-log) scale.

    Parameters
    ----------
    survival : Survival
        What `kaplan_meier` returned.

    Returns
    -------
    tuple of float, or None
        Wilson's limits over the units at the origin where S is 0 or 1; None where the share is absent.
    """
    if survival.share is None:
        return None
    if survival.sigma2 is None:
        return wilson(survival.n_units if survival.share == 1 else 0, survival.n_units)
    centre = math.log(-math.log(1 - survival.share))
    half = Z * math.sqrt(survival.sigma2)
    # The lower limit of the share belongs to the upper one of S.
    return -math.expm1(-math.exp(centre - half)), -math.expm1(-math.exp(centre + half))
