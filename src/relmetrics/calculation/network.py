"""What connectedness and closure share: the graph of the window, its interval and its benchmark."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relmetrics.calculation import resampling
from relmetrics.calculation.scoring import Measured, Request, Uncertainty
from relmetrics.calculation.statistics import graphs
from relmetrics.calculation.statistics.graph_resampling import node_jackknife, uniform_replicates, vertex_bootstrap
from relmetrics.calculation.statistics.replicates import benchmark, normal_interval
from relmetrics.calculation.value import BenchmarkValue, IntervalValue
from relmetrics.errors import DefinitionError

if TYPE_CHECKING:
    from relmetrics.calculation.statistics.graphs import Graph, Statistic

__all__ = ["FULL", "NetworkScoring"]

FULL = "graph=full"
MOST_RESAMPLED = 20_000
MOST_JACKKNIFED = 2_000


class NetworkScoring:
    """A statistic of the members' graph M_W; of the full graph G_W in the cell ``graph=full``."""

    statistic: Statistic

    def __init__(self, request: Request) -> None:
        self.request = request
        self.is_full = request.cell == FULL
        views, bound = request.run.views, request.bound
        columns = ["person_id", "is_staff", "is_switcher", "is_covered", "lacks_consent"]
        self.nodes = views.rows(request.sheet.population, columns, bound)
        self.ties = views.rows("window_ties", ["person_1", "person_2"], bound)

    def graph_of(self, keep: Any) -> Graph:
        """Subgraph induced by the nodes for which `keep` holds, numbered in the order of their ids."""
        people = self.nodes["person_id"][keep]
        ends = [self.ties["person_1"], self.ties["person_2"]]
        inside = np.isin(ends[0], people) & np.isin(ends[1], people)
        pairs = np.stack([np.searchsorted(people, end[inside]) for end in ends], axis=1)
        return graphs.Graph.from_pairs(len(people), pairs)

    @cached_property
    def full_graph(self) -> Graph:
        """G_W."""
        return self.graph_of(np.ones(len(self.nodes["person_id"]), dtype=bool))

    @cached_property
    def graph(self) -> Graph:
        """The graph that the value is on."""
        return self.full_graph if self.is_full else self.graph_of(~self.nodes["is_staff"].astype(bool))

    def quantities(self) -> dict[str, Any]:
        """Count nodes and ties; the units follow from the statistic."""
        in_value = np.ones(len(self.nodes["person_id"]), dtype=bool) if self.is_full else ~self.nodes["is_staff"]
        _, denominator = self.counts
        return {
            "n_units": denominator,
            "unknown": 0,
            "n_without_consent": int((self.nodes["lacks_consent"] & in_value).sum()),
            "n_nodes": self.graph.n,
            "n_ties": self.graph.m,
            "n_switchers": int(self.nodes["is_switcher"].sum()),
            "n_full_nodes": len(self.nodes["person_id"]),
        }

    @cached_property
    def counts(self) -> tuple[int, int]:
        """Numerator and denominator of the statistic."""
        numerator, denominator = self.statistic.counts(self.graph.batch())
        return int(numerator[0]), int(denominator[0])

    def measure(self) -> Measured:
        """Return the statistic, exactly."""
        from fractions import Fraction

        numerator, denominator = self.counts
        return Measured(Fraction(numerator, denominator), numerator, denominator)

    def uncertainty(self, measured: Measured) -> Uncertainty:
        """U3, the node jackknife beside it, and U5."""
        n = self.graph.n
        if n > MOST_RESAMPLED:
            return Uncertainty(warnings=("too_large_to_resample",), extras={"jackknife_se": None})
        jackknife = node_jackknife(self.statistic, self.graph) if n <= MOST_JACKKNIFED else None
        start = self.request.seed("U3")
        replicates = vertex_bootstrap(self.graph, self.statistic, resampling.generator(start))
        limits = normal_interval(measured.value, replicates, *self._range())
        interval = None
        if limits is not None:
            count = len(replicates.values)
            interval = IntervalValue(*limits, resampling.LEVEL, "vertex_bootstrap", seed=start, replicates=count)
        warnings = () if interval is not None else ("interval_unavailable",)
        return Uncertainty(interval, self._benchmark(measured), warnings, {"jackknife_se": jackknife})

    def _range(self) -> tuple[float, float]:
        """Range of the statistic, to which the sheet clips its interval."""
        interval = self.request.sheet.interval
        if interval is None or interval.clip_low is None or interval.clip_high is None:
            raise DefinitionError(f"{self.request.sheet.id}: an interval by U3 needs clip_low and clip_high.")
        return float(interval.clip_low), float(interval.clip_high)

    def _benchmark(self, measured: Measured) -> BenchmarkValue | None:
        sheet = self.request.sheet
        if sheet.benchmark is None:
            return None
        start = self.request.seed("U5")
        rng = resampling.generator(start)
        drawn = uniform_replicates(self.statistic, self.graph, rng, sheet.benchmark.replicates)
        found = benchmark(measured.value, drawn.values)
        if found is None:
            return None
        return BenchmarkValue(
            found.mean, found.sd, found.z, found.percentile, "random_graphs", seed=start, replicates=len(drawn.values)
        )
