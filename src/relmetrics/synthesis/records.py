"""What the parts above the core build on: people, roles, conversations and events as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relmetrics.synthesis.behaviours import Behaviours
from relmetrics.synthesis.conversations import Told
from relmetrics.synthesis.events import Attendances, Gatherings
from relmetrics.synthesis.organization import FAR, Days, Flags, Texts, iso, pick
from relmetrics.synthesis.population import Population, Spells, Table

TEAM_ROLES = ("participant", "active_member", "team_role", "leads")


@dataclass(frozen=True)
class Records:
    """One organization below the level at which it is extended."""

    b: Behaviours
    p: Population
    spells: Spells
    told: Told
    g: Gatherings
    at: Attendances
    tables: dict[str, Table]

    @property
    def end(self) -> int:
        """Last day on which anything was recorded that lies in the period."""
        return self.p.end

    @cached_property
    def bounds(self) -> Days:
        """Rows of participation of event i: from bounds[i] to bounds[i + 1]."""
        return np.searchsorted(self.at.event, np.arange(len(self.g.on) + 1))

    @cached_property
    def _by_group(self) -> dict[str, Spells]:
        order = np.argsort(self.spells.group.astype(str), kind="stable")
        ordered = self.spells.take(order)
        names, starts = np.unique(ordered.group.astype(str), return_index=True)
        stops = [*starts[1:].tolist(), len(order)]
        return {
            str(name): ordered.take(np.arange(a, z)) for name, a, z in zip(names, starts.tolist(), stops, strict=True)
        }

    def members_on(self, group: str, day: int) -> Days:
        """People with a spell of any role in the group on that day, each once."""
        spells = self._by_group.get(group)
        if spells is None:
            return np.array([], dtype=np.int64)
        return np.unique(spells.who[(spells.begin <= day) & (spells.finish >= day)])

    def came_to(self, event: int) -> Days:
        """People on the sheet of an event who came."""
        rows = slice(self.bounds[event], self.bounds[event + 1])
        found: Days = self.at.person[rows][self.at.came[rows]]
        return found

    def constituent(self, who: Days, day: Days | int) -> Flags:
        """Member of the community, and not staff on that day."""
        found: Flags = self.p.member[who] & (self.p.staff_from[who] > day)
        return found

    def team_on(self, day: int) -> Days:
        """Number of the team in which each person has a role on that day; -1 none."""
        found = np.full(len(self.p.first), -1, dtype=np.int64)
        s = self.spells
        here = (s.begin <= day) & (s.finish >= day) & np.isin(s.group.astype(str), self.p.team_id.astype(str))
        found[s.who[here]] = self.p.team[s.who[here]]
        return found

    def active_on(self, day: int) -> Flags:
        """Members seen at an event, in a conversation or in a role within the year before that day, and still there."""
        p, seen = self.p, np.zeros(len(self.p.first), dtype=bool)
        on = self.g.on[self.at.event]
        seen[self.at.person[self.at.came & (on <= day) & (on > day - 365)]] = True
        t = self.told.talks
        recent = self.told.plain & (t.kind < 2) & (t.on <= day) & (t.on > day - 365)
        seen[t.asker[recent]] = seen[t.other[recent]] = True
        s = self.spells
        held = np.isin(s.role.astype(str), ["team_role", "leads", "governs"])
        seen[s.who[held & (s.begin <= day) & (s.finish >= day)]] = True
        everybody = np.arange(len(p.first))
        found: Flags = seen & self.constituent(everybody, day) & (p.first <= day) & (p.left > day)
        return found

    def days_text(self, days: Days) -> Texts:
        """ISO dates; empty for days far away."""
        return self.p.calendar.text(days, where=days < FAR)


def deal(rng: np.random.Generator, weights: dict[str, float], n: int) -> Texts:
    """Codes in these shares, shuffled: where a table is short, no code is left out by chance."""
    codes, share = list(weights), np.array(list(weights.values()))
    share = share / share.sum()
    wanted = np.floor(share * n).astype(np.int64)
    # Every code once as long as there is room, the rest by weight.
    if n >= len(codes):
        wanted = np.maximum(wanted, share > 0)
    while wanted.sum() > n:
        wanted[np.argmax(wanted)] -= 1
    rest = np.argsort(-(share * n - wanted), kind="stable")
    for i in range(n - int(wanted.sum())):
        wanted[rest[i % len(codes)]] += 1
    return pick(codes, rng.permutation(np.repeat(np.arange(len(codes)), wanted)))


def table_of(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """A table from its rows."""
    cells = np.array(rows, dtype=object).reshape(len(rows), len(columns))
    return {name: cells[:, i].copy() for i, name in enumerate(columns)}


def text_of(day: int) -> str:
    """ISO date; empty for a day far away."""
    return iso(day) if day < FAR else ""


def between(rng: np.random.Generator, low: int, high: int) -> int:
    """A day from low to high, both included; low where there is none."""
    return int(rng.integers(low, max(low, high) + 1))
