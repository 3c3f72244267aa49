"""EQ-03: conversations across a line / what everybody's number of conversations would give (E12).

Readings
========
 1  See ``declared_lines``; one row a line, ``line_id=...``. Needed are people, lines, person_lines and one_to_ones.
 2  Ends are AC or staff on one day of W; who is both is a staff node. m, d and the categories with anybody are those
    of the known conversations; the 20 % are of all eligible ones, and take the place of 0.2's limits (no
    partial_coverage).
 3  E12 has no solution of its own where one person takes part in every conversation: then, and without a
    conversation, ``expected``, the E of ``pairs`` and ``ratio_members`` are None. Where every conversation has a
    staff end, the printed limit.
 4  ``expected_simple`` is over all pairs of people in different categories, staff pairs included.
 5  ``ratio_members`` also null where its E is 0 or has no solution.
 6  ``pairs``: with more than two categories (of people with a conversation) ``{"a;b": [O, E]}``, categories by text;
    else None.
 7  ``n_status_switchers`` and the warning as on G_W (networks). ``confirmation_low`` is not this indicator's (DQ-02:
    REL and NET).
 8  ``n_without_consent``: eligible conversations, known or not, of which an end has no consent.
 9  ``band_low``, ``band_high`` are extras, of the draws divided by E; left out where not drawn, None without a
    value. A draw's O is compared with the observed O in whole numbers.
10  no_variance by the rule (who crosses is fixed by the totals), which goes further than the entry's list: where all
    people but staff are of one category, a conversation crosses if and only if it has a staff end of another, also
    when members talk with one another.
11  ``rows_left_out``: the six, lines and person_lines.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import Any

import numpy as np

from oracle.common import SIX, Conversation, Submission, row, share
from oracle.declared_lines import categories, nothing_declared, places
from oracle.intervals import generator, quantile_mcse, sd_mcse
from oracle.networks import full_graph

ID = "crossing_parity"
Pair = tuple[str, str]


def positive_solution(d: dict[str, int], staff: set[str]) -> dict[str, float]:
    """E12's x: damped Newton on the logarithms; people with one d and one status share one x."""
    kinds = sorted({(d[p], p in staff) for p in d})
    n = np.array([sum((d[p], p in staff) == k for p in d) for k in kinds], dtype=float)
    want = np.array([k[0] for k in kinds], dtype=float)
    member = np.array([not k[1] for k in kinds])
    allowed = member[:, None] | member[None, :]

    def sums(x: np.ndarray) -> np.ndarray:
        """Row sums: everybody allowed, less oneself."""
        return x * (allowed @ (n * x)) - np.where(member, x * x, 0)

    def height(x: np.ndarray) -> float:
        return float((n * sums(x)).sum() / 2 - (n * want * np.log(x)).sum())

    x = want / math.sqrt((n * want).sum())
    for _ in range(500):
        gap = sums(x) - want
        if np.abs(gap / want).max() < 1e-13:
            break
        hessian = np.outer(n * x, n * x) * allowed
        hessian[np.diag_indices(len(n))] += n * sums(x) - np.where(member, n * x * x, 0)
        step = np.linalg.lstsq(hessian, -n * gap, rcond=None)[0]
        length = 1.0
        while length > 1e-12:
            new = x * np.exp(np.clip(length * step, -20, 20))
            lower = height(new) <= height(x) + 1e-4 * length * float(n * gap @ step)
            nearer = np.abs((sums(new) - want) / want).max() < np.abs(gap / want).max()
            if lower or nearer:
                break
            length /= 2
        else:
            break
        x = new
    if np.abs((sums(x) - want) / want).max() > 1e-10:
        raise AssertionError("no solution found")
    by_kind = dict(zip(kinds, x.tolist(), strict=True))
    return {p: by_kind[d[p], p in staff] for p in d}


def expectations(pairs: list[Pair], staff: set[str], place: dict[str, str]) -> dict[Pair, float] | None:
    """E for each pair of different categories; None where one person takes part in every conversation."""
    d = Counter(p for pair in pairs for p in pair)
    m = len(pairs)
    if not m or max(d.values()) == m:
        return None
    limit = sum(d[p] for p in d if p in staff) == m
    x = None if limit else positive_solution(d, staff)
    out: dict[Pair, float] = {}
    for p, q in itertools.combinations(sorted(d), 2):
        if place[p] == place[q] or (p in staff and q in staff):
            continue
        if x is not None:
            e = x[p] * x[q]
        elif (p in staff) != (q in staff):
            e = d[p] * d[q] / m
        else:
            continue
        both = tuple(sorted((place[p], place[q])))
        out[both] = out.get(both, 0.0) + e
    return out


def observations(pairs: list[Pair], place: dict[str, str]) -> Counter[Pair]:
    return Counter(tuple(sorted((place[p], place[q]))) for p, q in pairs if place[p] != place[q])


def fixed_by_totals(pairs: list[Pair], staff: set[str], place: dict[str, str]) -> bool:
    """Whether every graph with these totals has the same number across."""
    d = Counter(p for pair in pairs for p in pair)
    if max(d.values()) == len(pairs):
        return True
    every_one_with_staff = all(p in staff or q in staff for p, q in pairs)
    staff_in_one = len({place[p] for p in d if p in staff}) == 1
    others_in_one = len({place[p] for p in d if p not in staff}) == 1
    return others_in_one or (every_one_with_staff and staff_in_one)


def draws(pairs: list[Pair], staff: set[str], place: dict[str, str], replicates: int, name: str) -> np.ndarray:
    """Numbers across in multigraphs with the same totals, by exchanges of partners."""
    rng = generator(name, "loopless_multigraph")
    now = [list(pair) for pair in sorted(pairs)]
    m = len(now)

    def bad(p: str, q: str) -> bool:
        return p == q or (p in staff and q in staff)

    def walk(attempts: int) -> None:
        for i, j, way in zip(
            rng.integers(0, m, attempts).tolist(),
            rng.integers(0, m - 1, attempts).tolist(),
            rng.integers(0, 2, attempts).tolist(),
            strict=True,
        ):
            j += j >= i
            (a, b), (c, e) = now[i], now[j]
            if way:
                c, e = e, c
            if not bad(a, e) and not bad(c, b):
                now[i], now[j] = [a, e], [c, b]

    out = []
    walk(20 * m)
    for r in range(replicates):
        if r:
            walk(10 * m)
        out.append(sum(place[p] != place[q] for p, q in now))
    return np.array(out)


def benchmark(x: np.ndarray, observed: int) -> dict[str, Any]:
    size, mean, sd = len(x), float(x.mean()), float(x.std(ddof=1))
    z = (observed - mean) / sd if sd >= 1e-12 else None
    percentile = 100 * float((x < observed).sum() + (x == observed).sum() / 2) / size
    p = min(max(percentile / 100, 1 / size), 1 - 1 / size)
    return {
        "mean": mean,
        "sd": sd,
        "z": z,
        "percentile": percentile,
        "method": "loopless_multigraph",
        "mean_mcse": sd / math.sqrt(size),
        "sd_mcse": sd_mcse(x),
        "z_mcse": None if z is None else math.sqrt(1 / size + (z * sd_mcse(x) / sd) ** 2),
        "percentile_mcse": 100 * math.sqrt(p * (1 - p) / size),
        "dropped": 0,
    }


def eligible(sub: Submission) -> list[Conversation]:
    staff = sub.staff_in_window
    nodes = sub.active | staff
    return [c for c in sub.counted if {c.a, c.b} <= nodes and not {c.a, c.b} <= staff]


def _row(sub: Submission, line: str, simulate: bool) -> dict[str, Any]:
    staff = sub.staff_in_window
    place = places(sub, line)
    talks = eligible(sub)
    pairs = [(c.a, c.b) for c in talks if c.a in place and c.b in place]
    d = Counter(p for pair in pairs for p in pair)
    m, unknown = len(pairs), len(talks) - len(pairs)
    people = Counter(place[p] for p in d)
    graph = full_graph(sub)
    switchers = len(sub.switchers & set(graph))

    reasons: set[str] = set()
    if sub.lacks("one_to_ones") or sub.log_field_missing:
        reasons.add("missing_required_field")
    if sub.window_missing:
        reasons.add("missing_records_window")
    if len(people) < 2:
        reasons.add("no_eligible_units")
    if sub.coverage.gate == "below" or 100 * unknown > 20 * len(talks):
        reasons.add("below_coverage")
    if m < 30 or sum(n >= 5 for n in people.values()) < 2:
        reasons.add("below_minimum_n")
    if m and fixed_by_totals(pairs, staff, place):
        reasons.add("no_variance")
    warnings = set(sub.window_warnings)
    if sub.coverage.gate == "low":
        warnings.add("coverage_low")
    if 100 * switchers > 5 * graph.number_of_nodes():
        warnings.add("status_switchers")

    expected = expectations(pairs, staff, place)
    observed = observations(pairs, place)
    e = None if expected is None else sum(expected.values())
    among = [(p, q) for p, q in pairs if p not in staff and q not in staff]
    e_among = expectations(among, staff, place) if len(among) >= 30 else None
    extras: dict[str, Any] = {
        "observed": observed.total(),
        "expected": e,
        "expected_simple": sum(d[p] * d[q] for p, q in itertools.combinations(sorted(d), 2) if place[p] != place[q])
        / (2 * m - 1)
        if m
        else None,
        "hub_share": share(max(d.values(), default=0), m),
        "ratio_members": observations(among, place).total() / sum(e_among.values()) if e_among else None,
        "pairs": None,
        "n_status_switchers": switchers,
        "rows_left_out": sub.rows_left_out(*SIX, "lines", "person_lines"),
    }
    if len(people) > 2:
        extras["pairs"] = {
            f"{a};{b}": [observed[a, b], None if expected is None else expected.get((a, b), 0.0)]
            for a, b in itertools.combinations(sorted(people), 2)
        }
    given, pending = None, []
    if reasons:
        extras |= {"band_low": None, "band_high": None}
    elif simulate:
        x = draws(pairs, staff, place, 1000 if m <= 2000 else 200, f"{ID}|{line}")
        given = benchmark(x, observed.total())
        rng = generator(ID, line, "band")
        for name, q in (("band_low", 0.025), ("band_high", 0.975)):
            extras[name] = float(np.quantile(x / e, q))
            given[f"{name}_mcse"] = quantile_mcse(x / e, q, rng)
    else:
        pending = ["benchmark"]
    return row(
        ID,
        disaggregation=f"line_id={line}",
        reasons=reasons,
        warnings=warnings,
        value=observed.total() / e if e else None,
        numerator=observed.total(),
        denominator=e,
        n_units=m,
        unknown=unknown,
        n_without_consent=sum(sub.no_consent(c.a, c.b) for c in talks),
        coverage=sub.coverage.value,
        benchmark=given,
        not_simulated=pending,
        extras=extras,
    )


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    if nothing_declared(sub):
        return [row(ID, reasons={"missing_required_field"})]
    return [_row(sub, line, simulate) for line in categories(sub)]
