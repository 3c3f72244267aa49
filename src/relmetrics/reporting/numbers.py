"""Numbers for people, written the same whatever the machine's language. Rounding happens here and nowhere else."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["count", "number", "percent", "percent_range"]


def _rounded(value: int | float | Decimal, places: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def count(value: int | float) -> str:
    """Write a whole number with thousands apart: ``1,200``."""
    return f"{_rounded(value, 0):,}"


def number(value: int | float, places: int = 1) -> str:
    """Write a number with `places` decimals, a whole one without: ``7.3``, ``12``."""
    if isinstance(value, int):
        return f"{value:,}"
    rounded = _rounded(value, places)
    while rounded == 0 and value != 0 and places < 6:
        places += 1
        rounded = _rounded(value, places)
    return f"{rounded:,}"


def percent(share: int | float, places: int = 0) -> str:
    """Write a share as a percentage; what is not quite nothing or everything never looks like it: ``99.7%``."""
    hundredfold = Decimal(repr(share)) * 100
    for more in range(places, 5):
        shown = _rounded(hundredfold, more)
        if (shown != 0 or share == 0) and (shown != 100 or share == 1):
            return f"{shown:,}%"
    return "under 0.0001%" if share < 0.5 else "over 99.9999%"


def percent_range(low: int | float, high: int | float) -> tuple[str, str]:
    """Write both ends of a range; one decimal where whole percentages would make them look equal."""
    if low != high and percent(low) == percent(high):
        return percent(low, 1), percent(high, 1)
    return percent(low), percent(high)
