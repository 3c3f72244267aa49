"""Effective numbers (Hill numbers, E4) and the event jackknife of the unbiased one of order 2 (U9)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import gammaln

from relmetrics.calculation.statistics.wilson import Z

__all__ = ["EventJackknife", "effective_number", "entropy_number", "evenness", "event_jackknife", "rarefied"]

# Up to this size the binomial coefficients are exact integers; above, their logarithms keep it quick.
_EXACT_UP_TO = 200


@dataclass(frozen=True, slots=True)
class EventJackknife:
    """Limits of U9.

    Attributes
    ----------
    low : float
        At least 1.
    high : float or None
        Absent where the data allow no upper limit.
    se : float
        Standard error of h = 1/D.
    """

    low: float
    high: float | None
    se: float


def effective_number(counts: Iterable[int]) -> Fraction | None:
    """Unbiased Hill number of order 2.

    Parameters
    ----------
    counts : iterable of int
        Acts of each person.

    Returns
    -------
    Fraction or None
        N(N-1) / sum c(c-1); None when every count is at most 1.
    """
    c = [int(x) for x in counts]
    total, same = sum(c), sum(x * (x - 1) for x in c)
    return Fraction(total * (total - 1), same) if same else None


def evenness(counts: Iterable[int]) -> Fraction | None:
    """Plug-in Hill number of order 2 divided by the number of actors, so at most 1.

    Parameters
    ----------
    counts : iterable of int
        Acts of each person; zeros are no actors.

    Returns
    -------
    Fraction or None
        None without an act.
    """
    c = [int(x) for x in counts if x > 0]
    return Fraction(sum(c) ** 2, sum(x * x for x in c) * len(c)) if c else None


def entropy_number(counts: Iterable[int]) -> float | None:
    """Hill number of order 1: exp of the entropy.

    Parameters
    ----------
    counts : iterable of int
        Acts of each person.

    Returns
    -------
    float or None
        None without an act.
    """
    c = sorted(int(x) for x in counts if x > 0)
    total = sum(c)
    return math.exp(math.fsum(-(x / total) * math.log(x / total) for x in c)) if c else None


def rarefied(counts: Iterable[int], m: int) -> float | None:
    """Hill number of order 1 expected in `m` of the acts.

    Parameters
    ----------
    counts : iterable of int
        Acts of each person.
    m : int
        Acts to rarefy to.

    Returns
    -------
    float or None
        None where `m` is below 1 or above the number of acts: nothing is extrapolated.
    """
    people = Counter(int(x) for x in counts if x > 0)
    total = sum(c * k for c, k in people.items())
    if not 1 <= m <= total:
        return None
    terms = []
    for k in range(1, m):  # k = m adds ln 1 = 0
        expected = _expected_exact if m <= _EXACT_UP_TO else _expected_by_logarithm
        terms.append(-(k / m) * math.log(k / m) * expected(people, total, m, k))
    return math.exp(math.fsum(terms))


def _expected_exact(people: Counter[int], total: int, m: int, k: int) -> float:
    """Expected number of people with exactly k of m acts."""
    ways = sum(n * math.comb(c, k) * math.comb(total - c, m - k) for c, n in people.items())
    return ways / math.comb(total, m)


def _expected_by_logarithm(people: Counter[int], total: int, m: int, k: int) -> float:
    pairs = sorted((c, n) for c, n in people.items() if c >= k and total - c >= m - k)
    c = np.array([pair[0] for pair in pairs], dtype=np.float64)

    def log_comb(a: np.typing.NDArray[np.float64], b: float) -> np.typing.NDArray[np.float64]:
        return np.asarray(gammaln(a + 1) - gammaln(b + 1) - gammaln(a - b + 1), dtype=np.float64)

    share = np.exp(log_comb(c, k) + log_comb(total - c, m - k) - log_comb(np.array([float(total)]), m))
    return math.fsum(n * p for (_, n), p in zip(pairs, share.tolist(), strict=True))


def event_jackknife(acts: Sequence[tuple[int, int]]) -> EventJackknife | None:
    """Limits of the unbiased Hill number of order 2, leaving out one event at a time (U9).

    Parameters
    ----------
    acts : sequence of (int, int)
        Event and person of each act; the same pair twice is one act.

    Returns
    -------
    EventJackknife or None
        None with fewer than 10 events (`few_clusters`), when fewer than 2 acts are left without one event, or where
        the number itself is undefined.
    """
    counts: Counter[int] = Counter()
    events: dict[int, list[int]] = defaultdict(list)
    for event, person in sorted(set(acts)):
        counts[person] += 1
        events[event].append(person)
    total, same = sum(counts.values()), sum(c * (c - 1) for c in counts.values())
    if len(events) < 10 or same == 0 or any(total - len(people) < 2 for people in events.values()):
        return None
    left_out = []
    for people in events.values():
        rest = total - len(people)
        # Each person acts at most once at an event: c(c-1) falls by 2(c-1).
        left_out.append((same - sum(2 * (counts[person] - 1) for person in people)) / (rest * (rest - 1)))
    g = len(left_out)
    mean = math.fsum(left_out) / g
    se = math.sqrt((g - 1) / g * math.fsum((x - mean) ** 2 for x in left_out))
    h = same / (total * (total - 1))
    lowest = h - Z * se
    return EventJackknife(max(1.0, 1 / (h + Z * se)), max(1.0, 1 / lowest) if lowest > 0 else None, se)
