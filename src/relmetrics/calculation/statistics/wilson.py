"""Wilson's score interval (U1)."""

from __future__ import annotations

import math
from fractions import Fraction

__all__ = ["Z", "wilson", "wilson_share"]

# The .975 quantile of the normal distribution as the standard prints it.
Z = 1.959963984540054


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % limits of a proportion of counts.

    Parameters
    ----------
    k, n : int
        Units with the property, and all units; 0 <= k <= n and n >= 1.

    Returns
    -------
    tuple of float
        Lower and upper limit; exactly 0 at ``k = 0`` and exactly 1 at ``k = n``.

    Raises
    ------
    ValueError
        If the counts are no proportion.
    """
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"{k} of {n} is no proportion")
    return wilson_share(Fraction(k, n), n)


def wilson_share(share: Fraction | float, n: int) -> tuple[float, float]:
    """Wilson's 95 % limits of a share that need not be a whole number of `n` (the fallback of U2).

    Parameters
    ----------
    share : Fraction or float
        The value, from 0 to 1.
    n : int
        Number of clusters that stand for units.

    Returns
    -------
    tuple of float
        Lower and upper limit.

    Raises
    ------
    ValueError
        If there is no unit or the share is outside 0 to 1.
    """
    if n < 1 or not 0 <= share <= 1:
        raise ValueError(f"a share of {share} over {n} units has no interval")
    p = float(share)
    square = Z * Z
    scale = 1 + square / n
    centre = (p + square / (2 * n)) / scale
    half = Z / scale * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    # At the ends rounding would leave something like 1e-17 where the limit is known.
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return low, high
