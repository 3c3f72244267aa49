"""Ties within and across categories: the E-I index, against all relabellings, and assortativity (E7)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from relmetrics.calculation.statistics.graph_statistics import IntArray

__all__ = ["UNLABELLED", "Mixing", "mixing"]

UNLABELLED = -1
"""Label of a node whose category is not known."""


@dataclass(frozen=True, slots=True)
class Mixing:
    """Ties between nodes with known categories.

    Attributes
    ----------
    n_known : int
        Nodes whose category is known, isolates included.
    n_external, n_internal : int
        Ties across and within categories.
    ties_unknown : int
        Ties with an end of unknown category.
    pairs_across, pairs_within : int
        Pairs of known nodes across and within categories.
    by_category : tuple of (int, int, int)
        Of each category: known nodes, ties within it, and ends of ties in it.
    """

    n_known: int
    n_external: int
    n_internal: int
    ties_unknown: int
    pairs_across: int
    pairs_within: int
    by_category: tuple[tuple[int, int, int], ...]

    @property
    def ties(self) -> int:
        """Ties whose two categories are known."""
        return self.n_external + self.n_internal

    @property
    def raw(self) -> Fraction | None:
        """E-I index: -1 (all within) to 1 (all across); None without a tie."""
        return Fraction(self.n_external - self.n_internal, self.ties) if self.ties else None

    @property
    def expected(self) -> Fraction | None:
        """Mean of the index over all relabellings; None with fewer than two known nodes."""
        pairs = self.pairs_across + self.pairs_within
        return Fraction(2 * self.pairs_across, pairs) - 1 if pairs else None

    @property
    def lowest(self) -> Fraction | None:
        """Smallest index that so many ties can have between these categories."""
        return Fraction(2 * max(0, self.ties - self.pairs_within), self.ties) - 1 if self.ties else None

    @property
    def highest(self) -> Fraction | None:
        """Largest index that so many ties can have."""
        return Fraction(2 * min(self.ties, self.pairs_across), self.ties) - 1 if self.ties else None

    @property
    def standardized(self) -> Fraction | None:
        """EI*: -1 as divided, 0 as by chance, 1 as crossing as the numbers allow; None where they allow one only."""
        raw, expected, lowest, highest = self.raw, self.expected, self.lowest, self.highest
        if raw is None or expected is None or lowest is None or highest is None or lowest == highest:
            return None
        if raw == expected:
            return Fraction(0)
        return (raw - expected) / (highest - expected if raw > expected else expected - lowest)

    @property
    def assortativity(self) -> Fraction | None:
        """Newman's coefficient for categories; None without ties, or with all of them in one category."""
        if not self.ties:
            return None
        within = sum((Fraction(ties, self.ties) for _, ties, _ in self.by_category), Fraction(0))
        chance = sum((Fraction(ends, 2 * self.ties) ** 2 for *_, ends in self.by_category), Fraction(0))
        return None if chance == 1 else (within - chance) / (1 - chance)


def mixing(labels: npt.ArrayLike, edges: IntArray) -> Mixing:
    """Count ties and pairs within and across categories.

    Parameters
    ----------
    labels : array_like of int
        Category of each node, from 0; `UNLABELLED` where it is not known.
    edges : numpy.ndarray
        Rows of two different nodes, each pair at most once.
    """
    labels = np.asarray(labels, dtype=np.int64)
    known = labels[labels >= 0]
    sizes = np.bincount(known) if len(known) else np.zeros(0, dtype=np.int64)
    left, right = labels[edges[:, 0]], labels[edges[:, 1]]
    is_known = (left >= 0) & (right >= 0)
    left, right = left[is_known], right[is_known]
    internal = int((left == right).sum())
    inside = np.bincount(left[left == right], minlength=len(sizes))
    ends = np.bincount(np.concatenate([left, right]), minlength=len(sizes))
    n, within = len(known), int((sizes * (sizes - 1) // 2).sum())
    return Mixing(
        n_known=n,
        n_external=len(left) - internal,
        n_internal=internal,
        ties_unknown=len(edges) - len(left),
        pairs_across=n * (n - 1) // 2 - within,
        pairs_within=within,
        by_category=tuple((int(a), int(b), int(c)) for a, b, c in zip(sizes, inside, ends, strict=True) if a),
    )
