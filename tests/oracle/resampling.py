"""The cluster bootstrap (U2), the bootstrap of units (U8) and U2d of a statistic that is no proportion.

Reading. U8 has no rule of its own about few clusters: a statistic that is the same in every replicate gets the
interval from itself to itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np

from oracle.intervals import generator, percentile_interval, u2d, wilson_interval

REPLICATES = 2000


def u2_proportion(
    units: Iterable[tuple[Hashable, bool]], simulate: bool, name: str
) -> tuple[dict[str, Any] | None, set[str], list[str]]:
    """U2 of hits among units, each given with its cluster: (interval, warnings, what was not simulated)."""
    sums: dict[Hashable, list[int]] = {}
    for cluster, hit in units:
        part = sums.setdefault(cluster, [0, 0])
        part[0] += hit
        part[1] += 1
    clusters = np.array(sorted(map(tuple, sums.values())))
    hits, n = clusters.sum(axis=0)
    if len(clusters) < 10 or hits in (0, n):
        return wilson_interval(int(hits) / int(n), len(clusters), "wilson_clusters"), {"few_clusters"}, []
    if not simulate:
        return None, set(), ["interval"]
    rng = generator(name, "U2")
    draws = rng.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)), size=REPLICATES)
    totals = draws @ clusters
    interval = percentile_interval(totals[:, 0] / totals[:, 1], "U2", rng)
    return interval, set() if interval else {"interval_unavailable"}, []


def u2d_other(
    pairs: list[tuple[str, str]],
    constituents: set[str],
    statistic: Callable[[np.ndarray], np.ndarray],
    simulate: bool,
    name: str,
) -> tuple[dict[str, Any] | None, set[str], list[str]]:
    """U2d of a statistic that is no proportion: fewer than 10 constituents and there is no interval."""
    if len(constituents) < 10:
        return None, {"few_clusters"}, []
    return u2d(pairs, constituents, statistic, math.nan, simulate, name)


def u8(
    values: list[int], statistic: Callable[[np.ndarray], np.ndarray], simulate: bool, name: str
) -> tuple[dict[str, Any] | None, set[str], list[str]]:
    """U8: as many units drawn with replacement; ``statistic`` takes one replicate a row, NaN where undefined."""
    if not simulate:
        return None, set(), ["interval"]
    rng = generator(name, "U8")
    x = np.array(values)
    interval = percentile_interval(statistic(x[rng.integers(0, len(x), (REPLICATES, len(x)))]), "U8", rng)
    return interval, set() if interval else {"interval_unavailable"}, []
