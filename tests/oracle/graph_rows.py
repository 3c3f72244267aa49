"""What the rows of section 2 share: two graphs, the gates of its head, node jackknife, U3, U5 and their form.

Readings, for NET-01, 03, 04 and 06 to 12
=========================================
 1  Needed are people and one_to_ones (NET-06 also memberships, where its units stand; NET-07 for a declared line also
    person_lines). Everything else makes people active or gives positions (0.3).
 2  ``n_without_consent``: people who are units (leaders, newcomers known or not), else the nodes of the graph that
    the value is on (G_W for NET-09, M_W for NET-07 and NET-10, the people in both windows for NET-11), as settled for
    NET-02 and NET-05.
 3  ``n_status_switchers`` and the warning are of G_W on every row, also on second rows.
 4  What only draws can tell (interval, benchmark) is in ``not_simulated`` unless it is certain: where every replicate
    of U3 is the same graph there is no interval, where only one graph is possible the benchmark is in closed form
    (G14). Under U3 with fixed staff the first holds where constituents are all tied to one another or none is, and
    each staff person to all of them or none.
 5  "Constituents only": a cell between two copies of one constituent takes a pair of two different constituents.
 6  ``unknown`` is 0 where the entry knows no unknown unit. Extras that hang on the found value are null where it is
    refused (G3): jackknife_se, ratios to a benchmark or expectation, the core.
 7  Above 20,000 nodes: warning, neither interval nor random graphs (U5, U5d; U5p is no random graph).
 8  A jackknife of fewer than two leave-outs is null.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from oracle.common import SIX, Submission
from oracle.intervals import Z, generator, sd_mcse
from oracle.networks import full_graph

Statistic = Callable[[np.ndarray], float]
Number = Fraction | float | int


def graphs(sub: Submission) -> tuple[nx.Graph, nx.Graph]:
    """M_W and G_W."""
    full = full_graph(sub)
    return full.subgraph([p for p in full if p not in sub.staff_in_window]).copy(), full


def constituents(sub: Submission, graph: nx.Graph) -> list[str]:
    """Nodes that are not staff, by id."""
    return sorted(p for p in graph if p not in sub.staff_in_window)


def switching(sub: Submission, full: nx.Graph) -> tuple[int, set[str]]:
    count = len(sub.switchers & set(full))
    return count, {"status_switchers"} if 100 * count > 5 * full.number_of_nodes() else set()


def head(
    sub: Submission, full: nx.Graph, n: int, *, minimum: int = 10, tables: Iterable[str] = (), strict: bool = False
) -> tuple[set[str], set[str]]:
    """Reasons and warnings of the section's head; ``strict``: coverage of 85 % without a band."""
    reasons: set[str] = set()
    if sub.lacks("people", "one_to_ones", *tables) or sub.log_field_missing:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if n == 0:
        reasons.add("no_eligible_units")
    gate = sub.coverage.gate
    if gate == "below" or (strict and gate == "low"):
        reasons.add("below_coverage")
    if n < minimum:
        reasons.add("below_minimum_n")
    warnings = sub.window_warnings | sub.confirmation_warnings | switching(sub, full)[1]
    if gate == "low" and not strict:
        warnings |= {"coverage_low"}
    return reasons, warnings


def without_staff(sub: Submission, staff: Iterable[str]) -> set[str]:
    """The reason, if any, of NET-09 and NET-10 where no node is staff."""
    if any(staff):
        return set()
    return {"no_staff" if sub.manifest.get("has_paid_staff") == "no" else "missing_required_field"}


def common_extras(sub: Submission, full: nx.Graph, *tables: str) -> dict[str, Any]:
    return {"n_status_switchers": switching(sub, full)[0], "rows_left_out": sub.rows_left_out(*SIX, *tables)}


def jackknife(values: Sequence[Number | None], n_graph: int) -> float | None:
    """The node jackknife of the leave-outs, in any order; ``n_graph``: nodes of the graph (none above 2,000)."""
    n = len(values)
    if n < 2 or n_graph > 2000 or any(v is None for v in values):
        return None
    exact = n <= 300 and all(isinstance(v, int | Fraction) for v in values)
    x = sorted(Fraction(v) if exact else float(v) for v in values if v is not None)
    mean = sum(x) / n
    return math.sqrt(Fraction(n - 2, 2 * n) * sum((v - mean) ** 2 for v in x))


def without_each(graph: nx.Graph, left_out: Iterable[str]) -> Iterable[nx.Graph]:
    for node in left_out:
        yield graph.subgraph([p for p in graph if p != node])


def matrix(graph: nx.Graph, order: Sequence[str]) -> np.ndarray:
    if not order:
        return np.zeros((0, 0), dtype=np.float32)
    return nx.to_numpy_array(graph, nodelist=order, dtype=np.float32)


def is_certain(a: np.ndarray, drawn: int) -> bool:
    """Whether every replicate of U3 is one graph (the first ``drawn`` vertices are drawn, the others fixed)."""
    dyads = a[np.triu_indices(drawn, 1)]
    same = len(dyads) == 0 or bool((dyads == dyads[0]).all())
    return same and all(bool((column == column[0]).all()) for column in a[:drawn, drawn:].T)


def vertex_bootstrap(
    a: np.ndarray,
    drawn: int,
    statistic: Callable[[np.ndarray, np.ndarray], float],
    value: float,
    limits: tuple[float, float],
    name: str,
) -> dict[str, Any] | None:
    """U3; ``statistic`` takes the copy and who each copy is, NaN = undefined. None where no interval results."""
    replicates = 1000 if len(a) <= 500 else 200
    rng = generator(name, "U3")
    upper = np.triu_indices(drawn, 1)
    fixed = np.arange(drawn, len(a))
    out = np.empty(replicates)
    for r in range(replicates):
        who = np.concatenate([rng.integers(0, drawn, drawn), fixed])
        copy = a[np.ix_(who, who)]
        same = who[upper[0]] == who[upper[1]]
        i, j = upper[0][same], upper[1][same]
        p = rng.integers(0, drawn, len(i))
        q = rng.integers(0, drawn - 1, len(i))
        q = q + (q >= p)
        copy[i, j] = copy[j, i] = a[p, q]
        out[r] = statistic(copy, who)
    good = out[~np.isnan(out)]
    if 100 * (replicates - len(good)) > 5 * replicates:
        return None
    se = float(good.std(ddof=1))
    if se < 1e-12:
        return None
    error = Z * sd_mcse(good)
    return {
        "low": max(limits[0], value - Z * se),
        "high": min(limits[1], value + Z * se),
        "method": "U3",
        "se": se,
        "low_mcse": error,
        "high_mcse": error,
        "replicates": replicates,
        "dropped": replicates - len(good),
    }


def summary(draws: np.ndarray, value: float, method: str) -> dict[str, Any] | None:
    """The benchmark of draws; NaN = undefined, dropped and counted."""
    good = draws[~np.isnan(draws)]
    size = len(good)
    if size < 2:
        return None
    mean, sd = float(good.mean()), float(good.std(ddof=1))
    equal = np.isclose(good, value, rtol=1e-12, atol=1e-12)
    percentile = 100 * float(((good < value) & ~equal).sum() + equal.sum() / 2) / size
    z = (value - mean) / sd if sd >= 1e-12 else None
    p = min(max(percentile / 100, 1 / size), 1 - 1 / size)
    return {
        "mean": mean,
        "sd": sd,
        "z": z,
        "percentile": percentile,
        "method": method,
        "mean_mcse": sd / math.sqrt(size),
        "sd_mcse": sd_mcse(good),
        "z_mcse": None if z is None else math.sqrt(1 / size + (z * sd_mcse(good) / sd) ** 2),
        "percentile_mcse": 100 * math.sqrt(p * (1 - p) / size),
        "dropped": len(draws) - size,
    }


def only_one(value: float, method: str) -> dict[str, Any]:
    """The benchmark where no other graph is possible."""
    return {
        "mean": value,
        "sd": 0.0,
        "z": None,
        "percentile": 50.0,
        "method": method,
        "mean_mcse": 0.0,
        "sd_mcse": 0.0,
        "z_mcse": None,
        "percentile_mcse": 0.0,
        "dropped": 0,
    }


def uniform_graphs(
    n: int, m: int, statistic: Statistic, value: float, name: str, size: int = 1000
) -> dict[str, Any] | None:
    """U5: uniform given n and m."""
    if m in (0, n * (n - 1) // 2):
        return only_one(value, "U5")
    rng = generator(name, "U5")
    i, j = np.triu_indices(n, 1)
    out = np.empty(size)
    for r in range(size):
        chosen = rng.choice(len(i), size=m, replace=False)
        a = np.zeros((n, n), dtype=np.float32)
        a[i[chosen], j[chosen]] = a[j[chosen], i[chosen]] = 1
        out[r] = statistic(a)
    return summary(out, value, "U5")


class Chance(NamedTuple):
    """What goes beside a value that stands."""

    interval: dict[str, Any] | None = None
    benchmark: dict[str, Any] | None = None
    warnings: frozenset[str] = frozenset()
    pending: tuple[str, ...] = ()


def chance(
    simulate: bool,
    n: int,
    *,
    interval: Callable[[], dict[str, Any] | None] | None = None,
    certain: bool = False,
    benchmark: Callable[[], dict[str, Any] | None] | None = None,
    one_graph: bool = False,
    up_to: int = 20000,
) -> Chance:
    """Draw what there is to draw. ``certain``: no interval without a draw; ``one_graph``: nor a benchmark."""
    if n > up_to:
        return Chance(warnings=frozenset({"too_large_to_resample"}))
    limits = against = None
    warnings: set[str] = set()
    pending = []
    if interval is not None and certain:
        warnings.add("interval_unavailable")
    elif interval is not None and simulate:
        limits = interval()
        warnings |= set() if limits else {"interval_unavailable"}
    elif interval is not None:
        pending.append("interval")
    if benchmark is not None and (simulate or one_graph):
        against = benchmark()
    elif benchmark is not None:
        pending.append("benchmark")
    return Chance(limits, against, frozenset(warnings), tuple(pending))
