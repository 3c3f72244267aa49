"""Share of pairs that talk again within a horizon (E1, Kaplan-Meier)."""

from __future__ import annotations

from typing import Any

from relmetrics.calculation import resampling
from relmetrics.calculation.scoring import Counted, Measured, Request, Uncertainty
from relmetrics.calculation.statistics.survival import greenwood_limits, kaplan_meier

__all__ = ["Calculator"]


class Calculator(Counted):
    """Pairs of constituents or staff; the day counts run from the first conversation of the window."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.horizon = int(request.bound["horizon"])

    def quantities(self) -> dict[str, Any]:
        """Count pairs; whether they had met before can be said only where the records reach back two windows."""
        found = self.count({})
        run = self.request.run
        reaches_back = (run.start - run.manifest.records_from).days >= 364
        found["n_met_before_known"] = found["n_met_before"] if reaches_back else None
        return found

    def measure(self) -> Measured:
        """Return 1 - S(horizon), exactly; follow-up that ends before the horizon has no value."""
        names = ["person_1", "person_2", "is_constituent_1", "is_constituent_2", "days", "is_event"]
        sheet = self.request.sheet
        self.rows = self.request.run.views.rows(sheet.population, names, self.request.bound, where=sheet.unknown_when)
        self.survival = kaplan_meier(self.rows["days"], self.rows["is_event"], self.horizon)
        if self.survival.share is None:
            return Measured(0, reason="follow_up_too_short")
        return Measured(self.survival.share)

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """U2d, and U7 beside it."""
        limits = greenwood_limits(self.survival) or (None, None)
        found = resampling.dyadic_repeat(self.request, self.rows, self.horizon, measured)
        extras = {"greenwood_low": limits[0], "greenwood_high": limits[1]}
        return Uncertainty(found.interval, None, found.warnings, extras)
