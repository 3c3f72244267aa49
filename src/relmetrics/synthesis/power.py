"""What is asked of those who decide: the tables demands, agenda_items and seats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relmetrics.synthesis.campaigns import Campaigns
from relmetrics.synthesis.organization import FAR, Days, blank, ids
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records, between, deal, table_of, text_of

_LEVELS = {
    "City housing department": "local", "River Property Management": "private", "City council": "local",
    "County commissioners": "county", "Transit authority": "county", "School board": "local",
    "State utilities commission": "state", "Mayor's office": "local",
}  # fmt: skip
_BODIES = (
    "City council", "Planning commission", "School board", "Transit advisory board", "Housing trust board",
    "Water district board",
)  # fmt: skip
_OPPOSITION = {"none": 0.25, "passive": 0.35, "organized": 0.3, "unknown": 0.1}
_IMPLEMENTED = {"yes": 0.4, "no": 0.15, "partly": 0.25, "not_due": 0.1, "unknown": 0.1}
_GRADES = {"achieved": ("1", "2", "2", "3", "4"), "not_achieved": ("0", "0", "1")}


@dataclass(frozen=True)
class Demand:
    """One demand as numbers. `state_on` far away: open."""

    demand_id: str
    campaign: int
    made: int
    target: str
    state: str
    state_on: int


def demand(r: Records, rng: np.random.Generator, c: Campaigns) -> tuple[list[Demand], Table]:
    """Draw the demands of each campaign, and say at which of its actions they were made."""
    found: list[tuple[int, int, str]] = []
    for k in range(len(c)):
        first, last = int(c.decided[k]), c.last_day(k, r.end)
        if r.b.demands_per_campaign:
            for _ in range(1 + int(rng.poisson(max(0.0, r.b.demands_per_campaign - 1)))):
                made = between(rng, first, first + (last - first) * 6 // 10)
                found.append((made, k, c.targets[k][int(rng.random() < 0.25)]))
    found.sort()
    n = len(found)
    settled = deal(rng, {"won": 0.5, "partly": 0.5}, n), deal(rng, {"refused": 0.7, "withdrawn": 0.3}, n)
    lost = (rng.random(n) >= r.b.wins).astype(np.int64)
    still_open = rng.random(n) < 0.45
    demands = []
    for i, ((made, k, target), name) in enumerate(zip(found, ids("F", n), strict=True)):
        last = c.last_day(k, r.end)
        # A campaign that is closed left nothing open.
        is_open = c.closed[k] == FAR and (still_open[i] or made + 5 > last)
        state = "open" if is_open else str(settled[lost[i]][i])
        state_on = FAR if is_open else between(rng, min(made + 5, last), last)
        demands.append(Demand(str(name), k, made, target, state, state_on))
    _link(r, c, demands)
    won = np.array([d.state in ("won", "partly") for d in demands], dtype=bool)
    done = deal(rng, _IMPLEMENTED, int(won.sum()))
    implementation = np.full(n, "", dtype=object)
    implementation[won] = done
    checked = [
        between(rng, d.state_on, r.p.taken_on) if cell in ("yes", "no", "partly") else FAR
        for d, cell in zip(demands, implementation, strict=True)
    ]
    opposition = deal(rng, _OPPOSITION, n)
    rows = [
        (d.demand_id, str(c.campaign_id[d.campaign]), text_of(d.made), d.target, _LEVELS[d.target], d.state,
         text_of(d.state_on), str(opposition[i]), str(implementation[i]), text_of(checked[i]))
        for i, d in enumerate(demands)
    ]  # fmt: skip
    columns = (
        "demand_id", "campaign_id", "made_on", "target", "target_level", "state", "state_on", "opposition",
        "implementation", "implementation_checked_on",
    )  # fmt: skip
    table = table_of(columns, rows)
    table["target_level"] = blank(rng, table["target_level"], r.b.optional_filled)
    return demands, table


def _link(r: Records, c: Campaigns, demands: list[Demand]) -> None:
    """Each action of a campaign makes the latest of the demands to its target that was not settled by then."""
    for event in np.flatnonzero(c.event_target != ""):
        on = int(r.g.on[event])
        able = [
            d for d in demands
            if d.campaign == c.event_campaign[event] and d.target == c.event_target[event]
            and d.made <= on <= d.state_on
        ]  # fmt: skip
        if able:
            c.event_demand[event] = able[-1].demand_id


@dataclass(frozen=True)
class Item:
    """One item of an agenda as numbers."""

    request: str
    result: str
    result_on: int
    demand: Demand | None


def request(r: Records, rng: np.random.Generator, demands: list[Demand]) -> tuple[list[Item], Table]:
    """Draw what was to be put on the agenda of a public body, or kept off it."""
    wanted: list[Demand | None] = [d for d in demands if rng.random() < 0.7]
    wanted += [None] * (r.b.months // 6 if r.b.demands_per_campaign else 0)
    asked = deal(rng, {"place": 0.7, "keep_off": 0.3}, len(wanted))
    results = deal(rng, {"achieved": 0.5, "not_achieved": 0.3, "open": 0.2}, len(wanted))
    items: list[tuple[int, Item, tuple[str, ...]]] = []
    for d, what, outcome in zip(wanted, asked.tolist(), results.tolist(), strict=True):
        low, high = (d.made, min(d.state_on, d.made + 40, r.end)) if d else (r.p.start, r.end - 10)
        on = between(rng, low, high)
        # What belongs to a demand is settled with it at the latest.
        last = min(r.end, d.state_on) if d else r.end
        result = "open" if last < on + 7 and (d is None or d.state_on == FAR) else outcome
        if d is not None and d.state_on < FAR and result == "open":
            result = "not_achieved"
        result_on = FAR if result == "open" else between(rng, min(on + 7, last), min(last, on + 60))
        grade = "" if result == "open" else _GRADES[result][int(rng.integers(0, len(_GRADES[result])))]
        body = _BODIES[int(rng.integers(0, len(_BODIES)))]
        cells = (body, what, text_of(on), d.demand_id if d else "", result, text_of(result_on), grade)
        items.append((on, Item(what, result, result_on, d), cells))
    items.sort(key=lambda item: (item[0], item[2]))
    columns = ("agenda_item_id", "body", "request", "requested_on", "demand_id", "result", "result_on", "grade")
    rows = [(str(name), *cells) for name, (_, _, cells) in zip(ids("A", len(items)), items, strict=True)]
    return [item for _, item, _ in items], table_of(columns, rows)


def sit(r: Records, rng: np.random.Generator) -> Table:
    """Draw the seats in public bodies that members hold or have held."""
    p = r.p
    able = p.member & (p.staff_from == FAR) & (p.left == FAR) & (p.first < p.end - 90)
    able &= r.tables["people"]["consent_use"] == "yes"
    pool: Days = rng.permutation(np.flatnonzero(able))[: r.b.seats_held]
    n = len(pool)
    voting = deal(rng, {"yes": 0.5, "no": 0.4, "unknown": 0.1}, n)
    by = deal(rng, {"constituent_body": 0.4, "authority": 0.2, "staff": 0.15, "other": 0.15, "unknown": 0.1}, n)
    grades = deal(rng, {"2": 0.4, "1": 0.2, "3": 0.2, "0": 0.1, "4": 0.1}, n)
    rows = []
    for i, who in enumerate(pool.tolist()):
        began = between(rng, max(int(p.first[who]), p.start - 300), p.end - 60)
        ended = between(rng, began + 40, p.end) if i % 3 == 2 and began + 40 <= p.end else FAR
        # Two people hold the same seat only one after the other; here each has one of their own.
        rows.append((_BODIES[i % len(_BODIES)] + ("" if i < len(_BODIES) else f", seat {i // len(_BODIES) + 1}"),
                     str(p.person_id[who]), text_of(began), text_of(ended)))  # fmt: skip
    columns = ("body", "person_id", "started_on", "ended_on")
    return {"seat_id": ids("S", n)} | table_of(columns, rows) | {
        "has_binding_vote": voting, "nominated_by": blank(rng, by, r.b.optional_filled), "grade": grades,
    }  # fmt: skip
