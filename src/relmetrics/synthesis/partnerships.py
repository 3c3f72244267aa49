"""Other organizations: their groups, the ties to them, and what is done together with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relmetrics.synthesis.campaigns import Campaigns
from relmetrics.synthesis.organization import FAR, Texts, blank, ids, pick
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records, between, deal, table_of, text_of

_NAMES = (
    ("G-legal-clinic", "Legal clinic"), ("G-faith-council", "Faith council"), ("G-riders-union", "Riders union"),
    ("G-teachers-local", "Teachers local"), ("G-food-coop", "Food co-op"), ("G-health-workers", "Health workers"),
)  # fmt: skip
_ANSWERS = {"yes": 0.7, "no": 0.2, "unknown": 0.1}
_CONDITIONS = ("is_demand_jointly_authored", "has_each_body_decided", "have_constituents_led", "is_frame_linked")


@dataclass(frozen=True)
class Partners:
    """Partner organizations, and from when until when each acts together with this one."""

    group_id: list[str]
    groups: Table
    ties: Table
    acts_from: list[int]
    acts_until: list[int]


def partner(r: Records, rng: np.random.Generator) -> Partners:
    """Draw the partners and the ties to them."""
    n, start, end = r.b.partners, r.p.start, r.p.end
    named = [*_NAMES[:n], *((f"G-partner-{i:02d}", f"Partner {i}") for i in range(len(_NAMES) + 1, n + 1))]
    core = r.tables["groups"]
    extra = {name: np.full(len(named), "", dtype=object) for name in core}
    extra["group_id"] = np.array([group for group, _ in named], dtype=object)
    extra["label"] = np.array([label for _, label in named], dtype=object)
    extra["group_type"][:] = "external_organization"
    extra["started_on"] = pick([str(year) for year in range(1990, 2016)], rng.integers(0, 26, n))
    new = ~np.isin(extra["group_id"].astype(str), core["group_id"].astype(str))
    groups = {name: np.concatenate([core[name], cells[new]]) for name, cells in extra.items()}
    ties: list[tuple[str, int, int, str]] = []
    acts_from, acts_until = [FAR] * n, [FAR] * n
    for i in range(n):
        met = between(rng, start - 500, start - 30)
        ties.append((named[i][0], met, FAR, "information"))
        kinds = [("joint_action", 0.8), ("joint_planning", 0.6), ("shared_resources", 0.5)]
        for kind, chance in kinds:
            if rng.random() < chance or i == 0:
                begin = between(rng, met, start + 40)
                finish = between(rng, end - 120, end - 10) if rng.random() < 0.15 and i else FAR
                finish = finish if finish >= begin + 30 else FAR
                ties.append((named[i][0], begin, finish, kind))
                if kind == "joint_action":
                    acts_from[i], acts_until[i] = begin, finish
    answers = {name: blank(rng, deal(rng, _ANSWERS, len(ties)), r.b.optional_filled)
               for name in ("is_confirmed_by_partner", "have_constituents_met")}  # fmt: skip
    table = table_of(("group_id", "kind", "started_on", "ended_on"),
                     [(group, kind, text_of(on), text_of(last)) for group, on, last, kind in ties])  # fmt: skip
    return Partners([group for group, _ in named], groups, table | answers, acts_from, acts_until)


def act_jointly(r: Records, rng: np.random.Generator, c: Campaigns, q: Partners) -> dict[str, Table]:
    """The tables joint_acts and joint_act_codings: what joint campaigns did with their partners."""
    acts: list[tuple[int, int, int, list[str]]] = []
    actions = np.flatnonzero((r.g.kind == "collective_action") & r.g.held & (c.event_campaign >= 0))
    wanted = [(int(r.g.on[e]), int(c.event_campaign[e]), int(e)) for e in actions
              if c.joint[c.event_campaign[e]] and rng.random() < 0.7]  # fmt: skip
    for k in np.flatnonzero(c.joint).tolist():  # and an open letter or a press conference that is no event of ours
        wanted += [(between(rng, int(c.decided[k]), c.last_day(k, r.end)), k, -1) for _ in range(2)]
    days: set[int] = set()
    for on, k, event in sorted(wanted, key=lambda one: (one[0], one[2] < 0, one[1:])):
        able = [i for i in range(len(q.group_id)) if q.acts_from[i] <= on <= q.acts_until[i]]
        if able and on not in days:  # one joint act a day: two would look like one, written down for each partner
            days.add(on)
            several = rng.permutation(able)[: between(rng, 1, 3)]
            acts.append((on, k, event, [q.group_id[i] for i in sorted(several)]))
            c.acted_jointly.add(k)
    names = ids("J", len(acts))
    conditions = _conditions(r, rng, len(acts))
    table = table_of(
        ("joint_act_id", "occurred_on", "campaign_id", "event_id", "partners"),
        [(str(name), text_of(on), str(c.campaign_id[k]), str(r.g.event_id[event]) if event >= 0 else "",
          ";".join(partners)) for name, (on, k, event, partners) in zip(names, acts, strict=True)],
    )  # fmt: skip
    return {"joint_acts": table | conditions, "joint_act_codings": _codings(r, rng, names, conditions)}


def _conditions(r: Records, rng: np.random.Generator, n: int) -> Table:
    """The four conditions of a common cause: in about half of the acts all of them hold."""
    whole = rng.random(n) < 0.45
    found: Table = {}
    for name in _CONDITIONS:
        cells = deal(rng, {"yes": 0.5, "no": 0.4, "unknown": 0.1}, n)
        cells[whole] = "yes"
        found[name] = cells
    return found


def _codings(r: Records, rng: np.random.Generator, names: Texts, conditions: Table) -> Table:
    """Two people judge every act by the four conditions. Where they differ, the second one is the stricter."""
    n = len(names)
    whole = np.ones(n, dtype=bool)
    for cells in conditions.values():
        whole &= cells == "yes"
    strict = whole & (rng.random(n) >= r.b.coders_differ)
    judged = np.empty(2 * n, dtype=object)
    judged[0::2] = pick(["aggregated", "articulated"], whole.astype(np.int64))
    judged[1::2] = pick(["aggregated", "articulated"], strict.astype(np.int64))
    return {
        "joint_act_id": np.repeat(names, 2), "coder": pick(["coder-1", "coder-2"], np.tile([0, 1], n)),
        "articulation": judged,
    }  # fmt: skip
