"""Wilson (U1), the dyadic bootstrap (U2d) and Monte Carlo standard errors (estimators.md)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Z = 1.959963984540054


def generator(*parts: object) -> np.random.Generator:
    """A fixed generator of the oracle's own (not the engine's seed)."""
    text = "|".join(["oracle", *map(str, parts)])
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")))


def wilson(p: float, n: int) -> tuple[float, float]:
    """U1 for a proportion p of n; exact ends at p = 0 and p = 1."""
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (0.0 if p == 0 else centre - half), (1.0 if p == 1 else centre + half)


def wilson_interval(p: float, n: int, method: str) -> dict[str, Any]:
    low, high = wilson(p, n)
    return {"low": low, "high": high, "method": method}


def quantile_mcse(x: np.ndarray, q: float, rng: np.random.Generator) -> float:
    """Monte Carlo error of a quantile: SD over resamples, and not below half the span of one binomial SD of ranks."""
    ordered = np.sort(x)
    n = len(x)
    reps = np.quantile(x[rng.integers(0, n, (400, n))], q, axis=1)
    step = math.sqrt(n * q * (1 - q))
    at = q * (n - 1)
    span = ordered[min(n - 1, math.ceil(at + step))] - ordered[max(0, math.floor(at - step))]
    return float(max(reps.std(ddof=1), span / 2))


def sd_mcse(x: np.ndarray) -> float:
    """Monte Carlo error of a standard deviation."""
    s2 = x.var(ddof=1)
    if s2 <= 0:
        return 0.0
    m4 = ((x - x.mean()) ** 4).mean()
    return float(math.sqrt(max(m4 - s2 * s2, 0.0) / len(x)) / (2 * math.sqrt(s2)))


def percentile_interval(replicates: np.ndarray, method: str, rng: np.random.Generator) -> dict[str, Any] | None:
    """2.5 / 97.5 percentiles (type 7); NaN = statistic undefined, dropped; None if more than 5 % were dropped."""
    good = replicates[~np.isnan(replicates)]
    dropped = len(replicates) - len(good)
    if 100 * dropped > 5 * len(replicates):
        return None
    low, high = np.quantile(good, [0.025, 0.975])
    return {
        "low": float(low),
        "high": float(high),
        "method": method,
        "low_mcse": quantile_mcse(good, 0.025, rng),
        "high_mcse": quantile_mcse(good, 0.975, rng),
        "replicates": len(replicates),
        "dropped": dropped,
    }


def u2d(
    pairs: list[tuple[str, str]],
    constituents: set[str],
    statistic: Callable[[np.ndarray], np.ndarray],
    value: float,
    simulate: bool,
    name: str,
) -> tuple[dict[str, Any] | None, set[str], list[str]]:
    """U2d of a proportion: (interval, warnings, what was not simulated).

    ``statistic`` takes the weights (replicates x units) and returns one number a replicate, NaN where undefined.
    """
    people = sorted(constituents)
    if len(people) < 10 or value in (0, 1):
        return wilson_interval(float(value), len(people), "wilson_clusters"), {"few_clusters"}, []
    if not simulate:
        return None, set(), ["interval"]
    rng = generator(name, "U2d")
    index = {p: i for i, p in enumerate(people)}
    one = len(people)  # staff and externals weigh 1
    a = np.array([index.get(p, one) for p, _ in pairs])
    b = np.array([index.get(q, one) for _, q in pairs])
    replicates = []
    for _ in range(20):
        w = rng.multinomial(len(people), np.full(len(people), 1 / len(people)), size=100)
        w = np.hstack([w, np.ones((100, 1), dtype=w.dtype)])
        replicates.append(statistic(w[:, a] * w[:, b]))
    interval = percentile_interval(np.concatenate(replicates), "U2d", rng)
    return interval, set() if interval else {"interval_unavailable"}, []
