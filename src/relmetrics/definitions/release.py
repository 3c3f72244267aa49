"""One immutable version of the standard."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from relmetrics.definitions.definition import Frozen, Text

if TYPE_CHECKING:
    from relmetrics.definitions.codelist import Codelist
    from relmetrics.definitions.indicator import Indicator
    from relmetrics.definitions.rule import Rule, Structure
    from relmetrics.definitions.screen import Screen, WordList
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


def _none() -> MappingProxyType[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Release:
    """Tables, codelists, views, rules, structural constraints, indicators, screens with their words: all by id."""

    header: ReleaseHeader
    tables: MappingProxyType[str, Table]
    codelists: MappingProxyType[str, Codelist]
    views: MappingProxyType[str, View]
    rules: MappingProxyType[str, Rule]
    structure: MappingProxyType[str, Structure]
    indicators: MappingProxyType[str, Indicator]
    screens: MappingProxyType[str, Screen] = field(default_factory=_none)
    word_lists: MappingProxyType[str, WordList] = field(default_factory=_none)

    @property
    def version(self) -> str:
        """Version of the standard, for example ``1.0``."""
        return self.header.version

    def texts_of(self, check: str) -> Structure | None:
        """Rule, structural constraint or screen of this id: all three have the same texts."""
        return self.rules.get(check) or self.structure.get(check) or self.screens.get(check)

    def __repr__(self) -> str:
        return (
            f"Release({self.version!r}, {self.header.status}: {len(self.tables)} tables, "
            f"{len(self.codelists)} codelists, {len(self.rules)} rules, {len(self.indicators)} indicators)"
        )
