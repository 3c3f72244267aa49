"""What has come of it, by face of power, and how well that is known: outcomes and outcome_codings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relmetrics.synthesis.campaigns import ISSUES, Campaigns
from relmetrics.synthesis.organization import blank, ids
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.power import Demand, Item
from relmetrics.synthesis.records import Records, between, deal, table_of

_TITLES = {
    ("visible", "gain"): "{issue}: a written agreement was signed",
    ("visible", "defence"): "{issue}: a planned cut was stopped",
    ("visible", "loss"): "{issue}: the demand was turned down",
    ("hidden", "gain"): "{issue}: the question was put on the agenda",
    ("hidden", "defence"): "{issue}: a plan was kept off the agenda",
    ("hidden", "loss"): "{issue}: the question was kept off the agenda",
    ("invisible", "gain"): "{issue}: local news now speak of a right",
    ("invisible", "defence"): "{issue}: a claim against tenants was no longer believed",
    ("invisible", "loss"): "{issue}: local news again speak of private troubles",
}  # fmt: skip
_ROLES = {"led": 0.5, "shared_lead": 0.3, "supported": 0.2}
_GRADES = {"2": 0.3, "1": 0.2, "3": 0.2, "4": 0.1, "0": 0.2}
_TESTS = {0: "none", 1: "none", 2: "hoop", 3: "smoking_gun", 4: "doubly_decisive"}
_SOURCES = {True: {"document": 0.4, "independent": 0.4, "opponent": 0.2}, False: {"own": 0.7, "document": 0.3}}


@dataclass(frozen=True)
class _Outcome:
    on: int
    faces: tuple[str, ...]
    direction: str
    campaign: int
    demand: str


def achieve(
    r: Records, rng: np.random.Generator, c: Campaigns, demands: list[Demand], items: list[Item]
) -> dict[str, Table]:
    """Draw the outcomes of demands and agenda items, and shifts in what people take for granted."""
    found: list[_Outcome] = []
    for d in demands:
        if d.state in ("won", "partly"):
            # What was won in public has now and then also changed who sets the agenda.
            faces = ("visible", "hidden") if rng.random() < 0.25 else ("visible",)
            found.append(_Outcome(d.state_on, faces, "gain", d.campaign, d.demand_id))
        elif d.state == "refused":
            found.append(_Outcome(d.state_on, ("visible",), "loss", d.campaign, d.demand_id))
    for item in items:
        if item.demand is not None and item.result != "open":
            direction = ("gain" if item.request == "place" else "defence") if item.result == "achieved" else "loss"
            found.append(_Outcome(item.result_on, ("hidden",), direction, item.demand.campaign, item.demand.demand_id))
    directions = deal(rng, {"gain": 0.5, "defence": 0.25, "loss": 0.25}, len(c))
    for k, direction in enumerate(directions.tolist()):
        last = c.last_day(k, r.end)
        found.append(_Outcome(between(rng, int(c.decided[k]), last), ("invisible",), direction, k, ""))
        if rng.random() < 0.4:
            found.append(_Outcome(between(rng, int(c.decided[k]), last), ("visible",), "defence", k, ""))
    found.sort(key=lambda o: (o.on, o.faces, o.direction, o.campaign, o.demand))
    roles = blank(rng, deal(rng, _ROLES, len(found)), r.b.optional_filled)
    made = {d.demand_id: d.made for d in demands}
    rows, last_title = [], dict[str, int]()
    for name, o, role in zip(ids("O", len(found)), found, roles.tolist(), strict=True):
        floor = int(r.p.calendar.month_floor(np.array([o.on]))[0])
        # The month alone, where it does not reach back before the campaign or the demand.
        month = rng.random() < r.b.month_precision and floor >= max(int(c.opened[o.campaign]), made.get(o.demand, 0))
        on = str(r.p.calendar.text(np.array([o.on]))[0])[: 7 if month else 10]
        for face in o.faces:
            title = _TITLES[face, o.direction].format(issue=ISSUES[c.issue[o.campaign]])
            last_title[title] = last_title.get(title, 0) + 1
            again = f" ({last_title[title]})" if last_title[title] > 1 else ""
            rows.append((str(name), face, on, o.direction, o.demand, str(c.campaign_id[o.campaign]), role,
                         title + again))  # fmt: skip
    columns = ("outcome_id", "face", "occurred_on", "direction", "demand_id", "campaign_id", "our_role", "title")
    table = table_of(columns, rows)
    return {"outcomes": table, "outcome_codings": _codings(r, rng, table)}


def _codings(r: Records, rng: np.random.Generator, outcomes: Table) -> Table:
    """Two people grade every outcome, neither knowing what the other says; no grade is higher than its evidence."""
    n = len(outcomes["outcome_id"])
    first = deal(rng, _GRADES, n).astype(np.int64)
    differ = rng.random(n) < r.b.coders_differ
    second = np.where(differ, np.where(first == 0, 1, first - 1), first)
    examined = deal(rng, {"yes": 0.6, "no": 0.4}, 2 * n)
    sources = {strong: deal(rng, weights, 2 * n) for strong, weights in _SOURCES.items()}
    rows = []
    for i in range(2 * n):
        grade = int((first, second)[i % 2][i // 2])
        rows.append((
            outcomes["outcome_id"][i // 2], outcomes["face"][i // 2], f"coder-{i % 2 + 1}", str(grade), _TESTS[grade],
            "yes" if grade > 2 else str(examined[i]), str(sources[grade > 1][i]),
        ))  # fmt: skip
    return table_of(
        ("outcome_id", "face", "coder", "grade", "test", "has_examined_alternatives", "source_kind"), rows
    )  # fmt: skip
