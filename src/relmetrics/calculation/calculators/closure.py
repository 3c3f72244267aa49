"""Closure (transitivity): three times the triangles, by two-paths."""

from __future__ import annotations

from typing import Any

from relmetrics.calculation.network import NetworkScoring
from relmetrics.calculation.statistics import graphs

__all__ = ["Calculator"]


class Calculator(NetworkScoring):
    """The unit is a person with two of the people they talk with."""

    statistic = graphs.CLOSURE

    def quantities(self) -> dict[str, Any]:
        """Add triangles and two-paths."""
        closed, two_paths = self.counts
        return {**super().quantities(), "n_triangles": closed // 3, "n_two_paths": two_paths}
