"""relmetrics: a standard, with software that runs it, for measuring relational organizing.

>>> import relmetrics as rm
>>> release = rm.load_release()

The verbs in their order: `read_submission`, `validate`, `calculate`, `assess`, `render`. Each is imported when it is
first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relmetrics.assessment import assess
    from relmetrics.calculation import calculate
    from relmetrics.reporting import render
    from relmetrics.standard import load_release
    from relmetrics.submission import read_submission
    from relmetrics.validation import validate

    __version__: str

__all__ = ["__version__", "assess", "calculate", "load_release", "read_submission", "render", "validate"]

_HOMES = {
    "assess": "relmetrics.assessment",
    "calculate": "relmetrics.calculation",
    "load_release": "relmetrics.standard",
    "read_submission": "relmetrics.submission",
    "render": "relmetrics.reporting",
    "validate": "relmetrics.validation",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("relmetrics")
    elif name in _HOMES:
        from importlib import import_module

        found = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'relmetrics' has no attribute '{name}'")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Names to offer, those not imported yet among them."""
    return sorted({*globals(), *__all__})
