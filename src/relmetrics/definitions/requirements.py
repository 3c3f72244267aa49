"""A funder's requirements document: it selects and tightens, never redefines."""

from __future__ import annotations

from typing import Literal

from relmetrics.definitions.definition import Frozen, Id, Text
from relmetrics.definitions.manifest import Period

__all__ = ["RequiredIndicator", "Requirements"]


class RequiredIndicator(Frozen):
    """An indicator that is asked for.

    Attributes
    ----------
    least_coverage : str or None
        Decimal share, 0 to 1; not below the standard's own gate.
    """

    indicator: Id
    need: Literal["required", "optional"] = "required"
    least_coverage: str | None = None


class Requirements(Frozen):
    """What a funder asks for, in the words of the standard."""

    id: Id
    version: str
    issuer: str
    title: Text
    release: str
    period: Period
    indicators: tuple[RequiredIndicator, ...]
    required_fields: tuple[str, ...] = ()
    most_error_findings: int | None = None
    least_coverage: str | None = None
