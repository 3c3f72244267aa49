"""Effective number of leaders: the unbiased Hill number of order 2 (E4) with the event jackknife (U9)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from relmetrics.calculation.resampling import FEWEST_CLUSTERS, LEVEL
from relmetrics.calculation.scoring import Counted, Measured, Request, Uncertainty
from relmetrics.calculation.statistics import hill
from relmetrics.calculation.value import IntervalValue

__all__ = ["Calculator"]


class Calculator(Counted):
    """Leadership acts by constituents; acts of staff and externals stand beside them."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        names = ["event_id", "person_id", "position"]
        rows = request.run.views.rows(request.sheet.population, names, request.bound)
        acts = zip(rows["event_id"], rows["person_id"], rows["position"], strict=True)
        self.acts = [(int(event), int(person)) for event, person, position in acts if position == "constituent"]
        self.counts = sorted(Counter(person for _, person in self.acts).values())

    def quantities(self) -> dict[str, Any]:
        """Count acts and actors, and state the numbers that are defined without a value."""
        found = self.count({})
        evenness = hill.evenness(self.counts) if self.counts else None
        return {
            **found,
            "n_units": len(self.acts),
            "unknown": 0,
            "n_acts": len(self.acts),
            "n_actors": len(self.counts),
            "evenness": None if evenness is None else float(evenness),
            "d1": hill.entropy_number(self.counts) if self.counts else None,
            "d1_rarefied": hill.rarefied(self.counts, int(self.request.bound["rarefy_to"])) if self.counts else None,
        }

    def measure(self) -> Measured:
        """Return D, exactly; with one act each it is not defined."""
        value = hill.effective_number(self.counts)
        return Measured(0, reason="no_variance") if value is None else Measured(value)

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """U9; a warning where events are few or D runs far beyond the people who act."""
        warnings = ["sparse"] if measured.value > 2 * len(self.counts) else []
        if len({event for event, _ in self.acts}) < FEWEST_CLUSTERS:
            return Uncertainty(warnings=(*warnings, "few_clusters"))
        found = hill.event_jackknife(self.acts)
        if found is None:
            return Uncertainty(warnings=(*warnings, "interval_unavailable"))
        return Uncertainty(IntervalValue(found.low, found.high, LEVEL, "event_jackknife"), warnings=tuple(warnings))
