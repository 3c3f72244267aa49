"""NET-11: ties of the year before that are ties again (two windows, joint U3 over the people in both).

Readings
========
 1  See ``graph_rows``. The first window is that of a submission that ends on T-W: positions, activity, staff nodes,
    counted conversations (also by month) and coverage are all of it.
 2  records_from later than T-2W+1 is missing_records_window, so window_incomplete never stands.
 3  Coverage: the smaller of the two; a window without anybody active has none of its own (G8).
 4  ``n_status_switchers``: people who switched in either window; the warning where either window alone has more than
    5 % of its G. ``confirmation_low``: the later window.
 5  ``people_first_only`` and ``people_second_only``: nodes of M_W1 that are no nodes of M_W2, and the reverse,
    whatever they are instead. ``ties_with_people_gone``: ties of M_W1 with such an end.
 6  A value of 0 or 1 never gets an interval: every replicate that has a tie of W1 is that value. Above 20,000: the
    people in both.
 7  ``jaccard`` is null without a tie in the union.
"""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

from oracle import graph_rows
from oracle.common import SIX, Submission, W, row, share

ID = "tie_persistence"


def kept(first: set[frozenset[str]], second: set[frozenset[str]]) -> tuple[int, int, int]:
    """N11, N10, N01."""
    return len(first & second), len(first - second), len(second - first)


def ties_among(graph: nx.Graph, people: set[str]) -> set[frozenset[str]]:
    return {frozenset(t) for t in graph.subgraph(people).edges}


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    before = Submission(sub.frames, sub.manifest, str(sub.S), sub.parameters)
    (member1, full1), (member2, full2) = graph_rows.graphs(before), graph_rows.graphs(sub)
    both = set(member1) & set(member2)
    gone = set(member1) - set(member2)
    first, second = ties_among(member1, both), ties_among(member2, both)
    n11, n10, n01 = kept(first, second)

    # the head by the people in both; its gate on records_from is replaced by the stricter one
    reasons, warnings = graph_rows.head(sub, full2, len(both))
    reasons.discard("missing_records_window")
    if sub.records_from is not None and sub.records_from > sub.T - dt.timedelta(days=2 * W - 1):
        reasons.add("missing_records_window")
    gates = {before.coverage.gate, sub.coverage.gate}
    warnings -= {"coverage_low", "window_incomplete"}
    if "below" in gates:
        reasons.add("below_coverage")
    if "low" in gates:
        warnings.add("coverage_low")
    if graph_rows.switching(before, full1)[1]:
        warnings.add("status_switchers")
    if n11 + n10 + n01 < 20:
        reasons.add("below_minimum_n")
    if n11 + n10 == 0:
        reasons.add("undefined_0_over_0")
    value = Fraction(n11, n11 + n10) if n11 + n10 else None

    beside = graph_rows.Chance()
    order = sorted(both)
    if not reasons:

        def statistic(a: np.ndarray, _: np.ndarray) -> float:
            stay, end = float((a == 3).sum()), float((a == 1).sum())
            return stay / (stay + end) if stay + end else math.nan

        def interval() -> dict[str, Any] | None:
            # 1 = a tie in the first window, 2 = in the second, 3 = in both
            a = graph_rows.matrix(member1.subgraph(both), order) + 2 * graph_rows.matrix(member2.subgraph(both), order)
            return graph_rows.vertex_bootstrap(a, len(order), statistic, float(value), (0.0, 1.0), ID)

        beside = graph_rows.chance(simulate, len(both), interval=interval, certain=value in (0, 1))
    leave_outs: list[Fraction | None] = []
    for p in order if len(order) <= 2000 else ():
        a, b, _ = kept({t for t in first if p not in t}, {t for t in second if p not in t})
        leave_outs.append(Fraction(a, a + b) if a + b else None)
    coverages = [c.value for c in (before.coverage, sub.coverage) if c.value is not None]
    switchers = (before.switchers & set(full1)) | (sub.switchers & set(full2))
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings | beside.warnings,
            value=value,
            numerator=n11,
            denominator=n11 + n10,
            n_units=n11 + n10,
            unknown=0,
            n_without_consent=sum(sub.no_consent(p) for p in both),
            coverage=min(coverages, default=None),
            interval=beside.interval,
            not_simulated=list(beside.pending),
            built_on_value=("jackknife_se",),
            extras={
                "jaccard": share(n11, n11 + n10 + n01),
                "new_share": share(n01, n11 + n01),
                "n11": n11,
                "n10": n10,
                "n01": n01,
                "people_both": len(both),
                "people_first_only": len(gone),
                "people_second_only": len(set(member2) - set(member1)),
                "ties_with_people_gone": sum(bool({p, q} & gone) for p, q in member1.edges),
                "jackknife_se": graph_rows.jackknife(leave_outs, len(both)),
                "n_status_switchers": len(switchers),
                "rows_left_out": sub.rows_left_out(*SIX),
            },
        )
    ]
