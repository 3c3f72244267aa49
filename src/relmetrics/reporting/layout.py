"""Which values stand together on a page, which only in the annex, and which not at all (rules R1 and R2).

A value that is counted person by person (class I or E) stands in one row group with what the standard wants beside it,
or it is not shown. Context counts stand in the annex only. The order is the catalogue's; nothing is ranked or added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.assessment import companions_available

if TYPE_CHECKING:
    from relmetrics.calculation.value import IndicatorValue, IndicatorValues
    from relmetrics.reporting.values import ValueView, ValueViews

__all__ = ["Cluster", "Context", "Domain", "HeldBack", "Layout", "lay_out"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Values of one row group; `is_together` where one of them may not stand without the others."""

    values: tuple[ValueView, ...]
    is_together: bool


@dataclass(frozen=True, slots=True)
class Domain:
    """A heading and its row groups."""

    id: str
    title: str
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A value that has a number and is not shown, because what must stand beside it has none."""

    indicator: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """A context count with the companions that stand beside it; without any, its companions are not available."""

    value: ValueView
    companions: tuple[ValueView, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The page of one period."""

    period: str
    domains: tuple[Domain, ...]
    trust: tuple[ValueView, ...]
    held_back: tuple[HeldBack, ...]
    not_computed: tuple[ValueView, ...]
    context: tuple[Context, ...]
    has_relational: bool

    @property
    def context_with(self) -> tuple[Context, ...]:
        """Context counts whose companions are there."""
        return tuple(item for item in self.context if item.is_complete)

    @property
    def context_without(self) -> tuple[Context, ...]:
        """Context counts whose companions are missing."""
        return tuple(item for item in self.context if not item.is_complete)

    @property
    def n_values(self) -> int:
        """How many values with a number the page shows outside the annex."""
        return len(self.trust) + sum(len(cluster.values) for domain in self.domains for cluster in domain.clusters)


def lay_out(values: IndicatorValues, views: ValueViews, period: str) -> Layout:
    """Arrange the values of one period."""
    arranger = _Arranger(values, views, period)
    return arranger.layout()


class _Arranger:
    def __init__(self, values: IndicatorValues, views: ValueViews, period: str) -> None:
        self.values = values
        self.views = views
        self.period = period
        own = [value for value in values if value.period == period]
        self.totals = {value.indicator: value for value in own if value.disaggregation == "total"}
        self.cells: dict[str, list[IndicatorValue]] = {}
        for value in own:
            if value.disaggregation != "total":
                self.cells.setdefault(value.indicator, []).append(value)
        # An indicator may have cells and no total; its first cell then stands for it.
        for name, cells in self.cells.items():
            self.totals.setdefault(name, cells[0])

    def layout(self) -> Layout:
        by_role: dict[str, list[IndicatorValue]] = {"measure": [], "quality": [], "context": []}
        not_computed = []
        for value in self.totals.values():
            if value.has_number:
                by_role[self._role(value)].append(value)
            else:
                not_computed.append(self._view(value))
        clusters, held_back = self._clusters(by_role["measure"])
        return Layout(
            period=self.period,
            domains=self._domains(clusters),
            trust=tuple(self._view(value) for value in by_role["quality"]),
            held_back=tuple(held_back),
            not_computed=tuple(not_computed),
            context=tuple(self._context(value) for value in by_role["context"]),
            has_relational=any(self._class(value.indicator) in ("R", "C", "X") for value in by_role["measure"]),
        )

    def _role(self, value: IndicatorValue) -> str:
        sheet = self.views.release.indicators.get(value.indicator)
        return sheet.role if sheet is not None else "measure"

    def _class(self, indicator: str) -> str:
        sheet = self.views.release.indicators.get(indicator)
        return sheet.indicator_class if sheet is not None else "I"

    def _view(self, value: IndicatorValue) -> ValueView:
        cells = tuple(self.views.view(cell) for cell in self.cells.get(value.indicator, []) if cell is not value)
        return self.views.view(value, cells)

    def _clusters(self, measures: list[IndicatorValue]) -> tuple[list[tuple[str, ...]], list[HeldBack]]:
        """Join each I or E value with its companions, and clusters that share a companion with each other."""
        order = {value.indicator: place for place, value in enumerate(self.totals.values())}
        held_back: list[HeldBack] = []
        clusters: list[set[str]] = []
        for value in measures:
            members = {value.indicator}
            if value.companions:
                is_complete, found = companions_available(value, self.values)
                if not is_complete:
                    held_back.append(self._held_back(value))
                    continue
                members |= set(found)
            elif self._class(value.indicator) in ("I", "E"):
                # The standard gives every I and E measure its companions; without the entry we cannot vouch for it.
                held_back.append(self._held_back(value))
                continue
            touching = [cluster for cluster in clusters if cluster & members]
            clusters = [cluster for cluster in clusters if not cluster & members]
            clusters.append(members.union(*touching))
        sorted_clusters = [tuple(sorted(cluster, key=order.__getitem__)) for cluster in clusters]
        return sorted(sorted_clusters, key=lambda cluster: order[cluster[0]]), held_back

    def _held_back(self, value: IndicatorValue) -> HeldBack:
        words = self.views.words
        clauses = [
            words.say("value.or").join(self.views.title(name) for name in clause.split("|"))
            for clause in value.companions
        ]
        text = words.say("value.held_back", companions=words.say("value.and").join(clauses) or "?")
        return HeldBack(value.indicator, self.views.title(value.indicator), text)

    def _domains(self, clusters: list[tuple[str, ...]]) -> tuple[Domain, ...]:
        by_domain: dict[str, list[Cluster]] = {}
        for names in clusters:
            sheet = self.views.release.indicators.get(names[0])
            domain = sheet.domain if sheet is not None else ""
            cluster = Cluster(tuple(self._view(self.totals[name]) for name in names), is_together=len(names) > 1)
            by_domain.setdefault(domain, []).append(cluster)
        other = self.views.words.say("other.domain")
        return tuple(
            Domain(name, self.views.note("domain", name).title or other, tuple(found))
            for name, found in by_domain.items()
        )

    def _context(self, value: IndicatorValue) -> Context:
        is_complete, found = companions_available(value, self.values)
        companions = tuple(self._view(self.totals[name]) for name in found) if is_complete else ()
        return Context(self._view(value), companions, is_complete and bool(companions))
