"""Who decides what: the table decisions, and which action rests on which decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relmetrics.synthesis.campaigns import Campaigns
from relmetrics.synthesis.organization import blank, ids
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records, between, deal, table_of, text_of

_COLUMNS = (
    "decision_id", "decided_on", "subject", "campaign_id", "event_id", "group_id", "body_class", "n_voting",
    "n_voting_constituents", "quorum", "is_consultant_decisive",
)  # fmt: skip
_SUBJECTS = {"target": 0.3, "demand": 0.3, "budget": 0.1, "alliance": 0.1, "settlement": 0.1, "other": 0.1}
_OTHER_BODIES = {"mixed": 0.3, "board": 0.2, "staff": 0.2, "funder_directed": 0.1, "coalition": 0.2}
_AHEAD = 30
_PER_CAMPAIGN = 4


@dataclass(frozen=True)
class _Decision:
    on: int
    subject: str
    campaign: int
    event: int
    group: str
    body: str
    voting: int
    constituents: int
    quorum: int


def decide(r: Records, rng: np.random.Generator, c: Campaigns, partners: list[str]) -> Table:
    """Draw the decisions of each campaign, and one before most of its actions."""
    wanted: list[tuple[int, int, int, str, int]] = []  # campaign, first day, last day, subject, action or -1
    subjects = deal(rng, _SUBJECTS, _PER_CAMPAIGN * len(c)).reshape(len(c), _PER_CAMPAIGN)
    for k in range(len(c)):
        first, last = int(c.decided[k]), c.last_day(k, r.end)
        wanted.append((k, first, first, "issue", -1))
        for subject in subjects[k]:
            on = between(rng, min(first + 4, last), last)
            wanted.append((k, on, on, str(subject), -1))
    for action in np.flatnonzero((r.g.kind == "collective_action") & r.g.held & (c.event_campaign >= 0)).tolist():
        k, on = int(c.event_campaign[action]), int(r.g.on[action])
        if on - 1 >= c.decided[k]:
            wanted.append((k, max(int(c.decided[k]), on - _AHEAD), on - 1, "strategy", action))
    together = rng.random(len(wanted)) < r.b.members_decide
    others = deal(rng, _OTHER_BODIES, len(wanted))
    made: dict[_Decision, list[int]] = {}
    for (k, low, high, subject, action), member_body, other in zip(wanted, together, others, strict=True):
        body = "constituent_body" if member_body else str(other)
        decision = _at_a_meeting(r, c, k, low, high, subject) if member_body and action >= 0 else None
        decision = decision or _of_body(r, rng, k, between(rng, low, high), subject, body, partners)
        made.setdefault(decision, []).append(action)
    # One body decides one subject of one campaign once a day.
    once = {(d.on, d.group, d.campaign, d.event, d.subject): d for d in made}
    order = sorted(once, key=lambda key: (key[0], key[2], key[4], key[1], key[3]))
    names = dict(zip(order, ids("D", len(order)), strict=True))
    for decision, actions in made.items():
        name = names[(decision.on, decision.group, decision.campaign, decision.event, decision.subject)]
        for action in actions:
            if action >= 0:
                c.event_decision[action] = name
    rows = [_row(r, c, names[key], once[key]) for key in order]
    table = table_of(_COLUMNS, rows)
    outside = np.isin(table["body_class"].astype(str), ["staff", "funder_directed"])
    swayed = np.full(len(rows), "no", dtype=object)
    swayed[outside] = deal(rng, {"no": 0.7, "yes": 0.3}, int(outside.sum()))
    table["is_consultant_decisive"] = blank(rng, swayed, r.b.optional_filled, r.b.unknown_answers)
    return table


def _at_a_meeting(r: Records, c: Campaigns, campaign: int, low: int, high: int, subject: str) -> _Decision | None:
    """The last team meeting of these days at which at least three of the team were: they decided."""
    g = r.g
    first, last = np.searchsorted(g.on, [low, high + 1])
    for event in range(int(last) - 1, int(first) - 1, -1):
        of_ours = c.event_campaign[event] in (campaign, -1)
        if g.team[event] < 0 or g.kind[event] != "meeting" or g.status[event] != "held" or not of_ours:
            continue
        team = str(r.p.team_id[g.team[event]])
        day = int(g.on[event])
        body = r.members_on(team, day)
        voting = int(r.constituent(np.intersect1d(body, r.came_to(event)), day).sum())
        if voting >= 3:
            return _Decision(day, subject, campaign, event, team, "constituent_body", voting, voting,
                             min(voting, (len(body) + 2) // 3))  # fmt: skip
    return None


def _of_body(
    r: Records, rng: np.random.Generator, campaign: int, day: int, subject: str, body: str, partners: list[str]
) -> _Decision:
    """A decision that no event of ours records."""
    p = r.p
    if body == "coalition" and partners:
        voting = between(rng, 5, 14)
        members = between(rng, voting // 2, voting)
        return _Decision(day, subject, campaign, -1, partners[between(rng, 0, len(partners) - 1)], body, voting,
                         members, min(members, between(rng, 3, 5)))  # fmt: skip
    if body in ("staff", "funder_directed"):
        there = len(r.members_on(p.root_id, day)) if body == "staff" else 0
        return _Decision(day, subject, campaign, -1, p.root_id, body, there, 0, 0)
    group, start = p.council_id, between(rng, 0, len(p.team_id) - 1)
    for i in range(len(p.team_id) if body == "constituent_body" else 0):  # the first team, from there on, with people
        team = str(p.team_id[(start + i) % len(p.team_id)])
        if len(r.members_on(team, day)) > 1:
            group = team
            break
    there = int(r.constituent(r.members_on(group, day), day).sum())
    voting = between(rng, (there + 1) // 2, there)
    # Who is not of the community has no role in our groups: of a mixed body one of the votes is theirs.
    constituents = voting if body == "constituent_body" else max(0, voting - 1)
    return _Decision(day, subject, campaign, -1, group, body, voting, constituents,
                     min(constituents, (there + 2) // 3))  # fmt: skip


def _row(r: Records, c: Campaigns, name: str, d: _Decision) -> tuple[str, ...]:
    counted = d.voting > 0
    return (
        name, text_of(d.on), d.subject, str(c.campaign_id[d.campaign]),
        str(r.g.event_id[d.event]) if d.event >= 0 else "", d.group, d.body,
        str(d.voting) if counted else "", str(d.constituents) if counted else "",
        str(d.quorum) if counted and d.quorum else "", "",
    )  # fmt: skip
