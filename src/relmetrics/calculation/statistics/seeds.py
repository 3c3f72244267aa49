"""Random numbers that depend on what is computed, never on the clock, the rows or the data."""

from __future__ import annotations

import hashlib

import numpy as np

__all__ = ["generator", "seed"]


def seed(
    indicator: str, method: str, period_end: str, cell: str = "total", param_seed: int = 0, release: str = "1.0"
) -> int:
    """Seed of one simulated number.

    Parameters
    ----------
    indicator : str
        Indicator id, for example ``NET-02``.
    method : str
        Code of the method (``U2d``, ``U3``, ``U5``, ...); an interval and a benchmark have one each.
    period_end : str
        T as an ISO date.
    cell : str
        ``total``, or sorted ``dimension=code`` joined by ``;``.
    param_seed : int
        The parameter ``seed`` of the calculation.
    release : str
        Release of the standard.

    Returns
    -------
    int
        The first eight bytes, big-endian, of the SHA-256 of the parts joined by ``|``.
    """
    text = f"relmetrics|{release}|{indicator}|{method}|{period_end}|{cell}|{param_seed}"
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def generator(seed: int) -> np.random.Generator:
    """Random generator of one value: numpy's PCG64 from `seed`.

    Parameters
    ----------
    seed : int
        What `relmetrics.calculation.statistics.seeds.seed` returned.

    Returns
    -------
    numpy.random.Generator
        A fresh generator.
    """
    return np.random.Generator(np.random.PCG64(seed))
