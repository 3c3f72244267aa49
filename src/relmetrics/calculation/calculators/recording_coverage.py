"""Coverage as a value of its own (DQ-02)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relmetrics.calculation.scoring import Counted, Measured, Uncertainty
from relmetrics.calculation.statistics.wilson import wilson

__all__ = ["Calculator"]

FEWEST_ASKED = 20


class Calculator(Counted):
    """Active constituents whose conversations would have been recorded."""

    def quantities(self) -> dict[str, Any]:
        """Count who is covered, and how many conversations were confirmed."""
        run = self.request.run
        found = self.count({})
        staff = run.coverage("staff_conversations").share
        n_yes, n_no = run.confirmed
        asked = n_yes + n_no
        limits = wilson(n_yes, asked) if asked >= FEWEST_ASKED else (None, None)
        is_marked = run.manifest.conversations_recorded_for == "marked_groups"
        return {
            **found,
            "coverage_roster": None,
            "coverage_staff": None if staff is None else float(staff),
            "n_by_row_only": run.shared["n_in_own_row_only"] if is_marked else None,
            "n_confirmed": n_yes,
            "n_denied": n_no,
            "confirmed_share": n_yes / asked if asked >= FEWEST_ASKED else None,
            "confirmed_low": limits[0],
            "confirmed_high": limits[1],
        }

    def measure(self) -> Measured:
        """Return the share; the numerator follows from what the manifest says about recording."""
        active = int(self.request.run.shared["n_active"])
        share = self.request.run.coverage("conversations").share
        covered = int((share if share is not None else Fraction(0)) * active)
        return Measured(Fraction(covered, active), covered, active)

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """Return nothing: a statement about a whole population."""
        return Uncertainty()
