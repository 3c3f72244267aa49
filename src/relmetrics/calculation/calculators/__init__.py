"""Mathematics that SQL cannot say, one calculator a file; a sheet names its calculator under ``function``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from relmetrics.calculation.scoring import Request, Scoring

__all__ = ["calculator"]


def calculator(name: str | None) -> Callable[[Request], Scoring]:
    """Return the calculator of this name: the class `Calculator` of the module `name`."""
    from importlib import import_module, util

    if not name or util.find_spec(f"{__name__}.{name}") is None:
        raise DefinitionError(f"There is no calculator '{name}'. Add calculation/calculators/{name}.py.")
    found: Callable[[Request], Scoring] = import_module(f"{__name__}.{name}").Calculator
    return found
