"""One immutable version of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from relmetrics.definitions.definition import Frozen, Text

if TYPE_CHECKING:
    from relmetrics.definitions.codelist import Codelist
    from relmetrics.definitions.indicator import Indicator
    from relmetrics.definitions.rule import Rule, Structure
    from relmetrics.definitions.table import Table
    from relmetrics.definitions.view import View

__all__ = ["Release", "ReleaseHeader"]


class ReleaseHeader(Frozen):
    """``release.yaml``.

    Attributes
    ----------
    format_version : str
        Version of the definition language itself.
    """

    version: str
    format_version: str
    status: Literal["draft", "released"]
    date: str
    base_uri: str
    summary: Text
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Tables, codelists, views, rules, structural constraints and indicators of one release, all by id."""

    header: ReleaseHeader
    tables: MappingProxyType[str, Table]
    codelists: MappingProxyType[str, Codelist]
    views: MappingProxyType[str, View]
    rules: MappingProxyType[str, Rule]
    structure: MappingProxyType[str, Structure]
    indicators: MappingProxyType[str, Indicator]

    @property
    def version(self) -> str:
        """Version of the standard, for example ``1.0``."""
        return self.header.version

    def __repr__(self) -> str:
        return (
            f"Release({self.version!r}, {self.header.status}: {len(self.tables)} tables, "
            f"{len(self.codelists)} codelists, {len(self.rules)} rules, {len(self.indicators)} indicators)"
        )
