"""What the organization works on: issues, campaigns, and what of its events belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from relmetrics.synthesis.organization import FAR, Days, Flags, Texts, blank, ids, pick
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records, between, deal, table_of, text_of

ISSUES = {
    "heating": "Heating and hot water", "rent": "Rent and evictions", "repairs": "Repairs in the houses",
    "transit": "Buses and trains", "safety": "Safe streets", "schools": "Schools nearby",
}  # fmt: skip
"""Issues that tenants might raise: id and label."""

_TARGETS = {
    "heating": ("City housing department", "State utilities commission"),
    "rent": ("River Property Management", "City council"), "repairs": ("City housing department", "City council"),
    "transit": ("Transit authority", "County commissioners"), "safety": ("Mayor's office", "City council"),
    "schools": ("School board", "Mayor's office"),
}  # fmt: skip
"""Who could grant what is asked for."""

_ANYBODY = tuple(dict.fromkeys(target for pair in _TARGETS.values() for target in pair))
_PART_OF_ONE = ("meeting", "house_meeting", "training", "research_session", "public_meeting", "canvass")
_SHORTEST = 60


@dataclass
class Campaigns:
    """Campaigns as numbers, and which event belongs to which. `closed` far away: still open.

    Listening and research begin on the day `opened`; nobody acts or asks for anything before the issue is `decided`.

    Parameters
    ----------
    event_campaign : Days
        Number of the campaign of each event; -1 is none.
    event_target : Texts
        Whom the event addressed.
    event_decision, event_demand : Texts
        Ids, filled by the parts that draw decisions and demands.
    """

    campaign_id: Texts
    issue: list[str]
    opened: Days
    decided: Days
    closed: Days
    targets: list[tuple[str, str]]
    joint: Flags
    event_campaign: Days
    event_target: Texts
    event_decision: Texts
    event_demand: Texts
    acted_jointly: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.issue)

    def last_day(self, campaign: int, end: int) -> int:
        """Last day of the campaign as far as there are records."""
        return min(int(self.closed[campaign]), end)


def campaign(r: Records, rng: np.random.Generator) -> Campaigns:
    """Draw the campaigns and the events that are part of them."""
    b, p, g = r.b, r.p, r.g
    k = max(2, round(b.campaigns_per_year * b.months / 12)) if b.campaigns_per_year else 0
    span = p.end - p.start + 1
    opened = p.start + (np.arange(k) * 0.8 / max(1, k) * span).astype(np.int64) + rng.integers(0, 9, k)
    opened = np.minimum(opened, p.end - 10)
    closed = opened + np.maximum(_SHORTEST, (span * (0.45 + 0.25 * rng.random(k))).astype(np.int64))
    # What would go on to the end goes on beyond it, and the newest campaign always does.
    closed[closed > p.end - 14] = FAR
    closed[-1:] = FAR
    decided = np.minimum(opened + rng.integers(14, 46, k), np.maximum(opened, p.end - 5))
    # The first one is under way soon after the records begin, so that few actions belong to none.
    opened[:1], decided[:1] = p.start, np.minimum(p.start + 6, decided[:1])
    order = rng.permutation(len(ISSUES))
    issue = [list(ISSUES)[order[i % len(order)]] for i in range(k)]
    targets = [_TARGETS[name] for name in issue]
    able = b.partners > 0 and b.joint_campaigns > 0
    joint = (rng.random(k) < b.joint_campaigns) & able
    joint[:1] |= able  # where anything is done with others, somebody has begun with it
    part = _events_of(r, rng, opened, decided, closed)
    return Campaigns(
        campaign_id=pick([f"{name}-{n}" for n, name in enumerate(issue, start=1)], np.arange(k)), issue=issue,
        opened=opened, decided=decided, closed=closed, targets=targets, joint=joint, event_campaign=part,
        event_target=_targets(r, rng, part, targets), event_decision=np.full(len(g.on), "", dtype=object),
        event_demand=np.full(len(g.on), "", dtype=object),
    )  # fmt: skip


def _events_of(r: Records, rng: np.random.Generator, opened: Days, decided: Days, closed: Days) -> Days:
    g = r.g
    n, k = len(g.on), len(opened)
    part = np.full(n, -1, dtype=np.int64)
    if not n or not k:
        return part
    public = np.isin(g.kind.astype(str), ["collective_action", "public_meeting", "canvass"])
    begins = np.where(public[:, None], decided + 1, opened)
    alive = (begins <= g.on[:, None]) & (g.on[:, None] <= closed) & (g.on[:, None] <= r.end)
    chosen = np.where(alive, rng.random((n, k)), -1.0).argmax(axis=1)
    able = np.isin(g.kind.astype(str), _PART_OF_ONE) & (rng.random(n) < r.b.in_campaign)
    able |= g.kind == "collective_action"
    part = np.where(able & alive.any(axis=1), chosen, -1)
    # A reflection belongs to the campaign of its action, as long as that is open.
    looking_back = np.flatnonzero(g.about >= 0)
    of_action = part[g.about[looking_back]]
    still = (of_action >= 0) & alive[looking_back, np.maximum(of_action, 0)]
    part[looking_back] = np.where(still, of_action, -1)
    return part


def _targets(r: Records, rng: np.random.Generator, part: Days, targets: list[tuple[str, str]]) -> Texts:
    """Whom each action addresses. Never the same on one day, as that would be one action."""
    g, found, seen = r.g, np.full(len(part), "", dtype=object), set()
    second = rng.random(len(part)) < 0.25
    meant = (g.kind == "public_meeting") & (part >= 0) & (rng.random(len(part)) < 0.4)
    start = rng.integers(0, len(_ANYBODY), len(part))
    for event in np.flatnonzero(((g.kind == "collective_action") | meant) & g.held):
        # An action that belongs to no campaign addresses anybody, and so does one whose targets are taken that day.
        pair = targets[part[event]] if part[event] >= 0 else ()
        others = _ANYBODY[start[event] :] + _ANYBODY[: start[event]]
        for target in (*(pair[::-1] if second[event] else pair), *others):
            if (int(g.on[event]), target) not in seen:
                seen.add((int(g.on[event]), target))
                found[event] = target
                break
    return found


def raise_concerns(r: Records, rng: np.random.Generator, campaigns: Campaigns) -> Texts:
    """The issues that members raised in their conversations, most of them those of the campaigns."""
    t, n = r.told.talks, len(r.told.talks)
    weights = np.array([1.0 + campaigns.issue.count(name) for name in ISSUES])
    share = np.cumsum(weights / weights.sum())[:-1]
    first, second = (np.searchsorted(share, rng.random(n), side="right") for _ in range(2))
    names = list(ISSUES)
    pairs = [a if a == z or not both else f"{a};{z}" for both in (0, 1) for a in names for z in names]
    both = (rng.random(n) < 0.2).astype(np.int64)
    found = pick(pairs, (both * len(names) + first) * len(names) + second)
    with_member = r.constituent(t.asker, t.on) | r.constituent(t.other, t.on)
    found[~(with_member & (t.status == 0) & (rng.random(n) < r.b.raises_concern))] = ""
    return found


def campaign_tables(r: Records, rng: np.random.Generator, c: Campaigns, concerns: Texts) -> dict[str, Table]:
    """The tables issues and campaigns. An issue is on the list when somebody raised it or a campaign is about it."""
    used = {one for cell in set(concerns.tolist()) for one in cell.split(";")} | set(c.issue)
    issues = [(name, label) for name, label in ISSUES.items() if name in used]
    reduced = (rng.random(len(c)) < r.b.month_precision) & (r.p.calendar.month_floor(c.opened) >= r.p.start)
    joint = pick(["no", "yes"], np.isin(np.arange(len(c)), sorted(c.acted_jointly)).astype(np.int64))
    return {
        "issues": table_of(("issue_id", "label"), issues),
        "campaigns": {
            "campaign_id": c.campaign_id, "issue_id": np.array(c.issue, dtype=object),
            "opened_on": r.p.calendar.text(c.opened, reduced=reduced), "decided_on": r.p.calendar.text(c.decided),
            "closed_on": r.days_text(c.closed), "is_joint": joint,
        },
    }  # fmt: skip


def extend_events(r: Records, rng: np.random.Generator, c: Campaigns) -> Table:
    """The table events with the columns above the core, in the order of the standard."""
    g, core = r.g, r.tables["events"]
    n = len(g.on)
    aimed = c.event_target != ""
    could, stated = (np.full(n, "", dtype=object) for _ in range(2))
    could[aimed] = deal(rng, {"yes": 0.85, "no": 0.1, "unknown": 0.05}, int(aimed.sum()))
    stated[aimed] = blank(rng, deal(rng, {"yes": 0.9, "no": 0.1}, int(aimed.sum())), 1.0, r.b.unknown_answers)
    stated[c.event_demand != ""] = "yes"
    campaign_id = pick(["", *c.campaign_id], c.event_campaign + 1)
    after = {
        "group_id": {"campaign_id": campaign_id},
        "head_count_method": {
            "target": c.event_target, "has_target_authority": could, "has_stated_demand": stated,
            "decision_id": c.event_decision,
        },
    }  # fmt: skip
    if r.b.level == "full":
        after["head_count_method"]["demand_id"] = c.event_demand
    found: Table = {}
    for name, cells in core.items():
        found[name] = cells
        found |= after.get(name, {})
    return found


def plan_ahead(r: Records, rng: np.random.Generator, c: Campaigns) -> tuple[Table, int]:
    """An action that is still to come on the day the data are taken, as a row of events; and its day."""
    on = r.p.taken_on + between(rng, 8, 25)
    still = np.flatnonzero(c.closed == FAR)
    if not len(still):
        return {}, on
    row = dict.fromkeys(r.tables["events"], "")
    last = len(r.g.on) + 1
    row |= {
        "event_id": ids("E", last)[-1], "held_on": text_of(on), "status": "planned", "kind": "collective_action",
        "group_id": r.p.root_id, "campaign_id": str(c.campaign_id[still[-1]]), "target": c.targets[still[-1]][0],
    }  # fmt: skip
    return {name: np.array([text], dtype=object) for name, text in row.items()}, on
