"""What people do together: the tables events, participation and event_codings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relmetrics.synthesis.behaviours import Behaviours
from relmetrics.synthesis.conversations import entry_lag
from relmetrics.synthesis.functions import functions_of
from relmetrics.synthesis.organization import Days, Flags, Texts, blank, choose, ids, number_text, pick
from relmetrics.synthesis.population import Population, Table

KINDS = {
    "meeting": 0.38, "house_meeting": 0.16, "training": 0.08, "research_session": 0.1, "collective_action": 0.1,
    "public_meeting": 0.05, "canvass": 0.07, "celebration": 0.03, "service": 0.03,
}  # fmt: skip
_STEPS = {
    "meeting": ["strategy", "issue_identification", "strategy;power_analysis"], "training": ["power_analysis"],
    "house_meeting": ["issue_identification", "issue_identification;causal_analysis"],
    "research_session": ["causal_analysis", "power_analysis", "causal_analysis;power_analysis"],
    "collective_action": ["action"], "public_meeting": ["action", "strategy"], "reflection": ["reflection"],
}  # fmt: skip
_HOSTED_BY_TEAM = ("meeting", "house_meeting", "canvass", "celebration", "reflection")
_ABSENCES = {
    "work": 0.3, "care": 0.2, "health": 0.15, "transport": 0.1, "safety": 0.02, "date": 0.1,
    "not_interested": 0.05, "other": 0.08,
}  # fmt: skip


@dataclass(frozen=True)
class Gatherings:
    """Events as numbers and codes, in order of date. `team` -1: hosted by the whole organization."""

    event_id: Texts
    on: Days
    kind: Texts
    status: Texts
    team: Days
    about: Days  # position of the action that a reflection looks back on, -1 none

    @property
    def held(self) -> Flags:
        """Events that took place."""
        return np.asarray(self.status == "held", dtype=bool)


@dataclass(frozen=True)
class Attendances:
    """The rows of participation as numbers, in order of event; and how many were at each event without a name."""

    event: Days
    person: Days
    came: Flags
    unnamed: Days


def gather(b: Behaviours, rng: np.random.Generator, p: Population) -> tuple[Gatherings, Attendances, dict[str, Table]]:
    """Draw the events and who came to them, and keep what is written down of them."""
    gatherings = _plan(b, rng, p)
    event, person = _invited(b, rng, p, gatherings)
    came = rng.random(len(event)) < b.turnout
    at_review = gatherings.on[event] > p.end
    came |= at_review  # the review is one evening; whether anybody comes is not left to chance
    named = ~came | at_review | (rng.random(len(event)) >= b.unnamed_turnout)
    unnamed = np.bincount(event[~named], minlength=len(gatherings.on))
    kept = named & (came | (rng.random(len(event)) < b.no_show_recorded))
    event, person, came = event[kept], person[kept], came[kept]
    present = np.bincount(event[came], minlength=len(gatherings.on))
    return (
        gatherings,
        Attendances(event, person, came, unnamed),
        {
            "events": _events(b, rng, p, gatherings, present, unnamed),
            "participation": _participation(b, rng, p, gatherings, event, person, came),
            "event_codings": _codings(b, rng, gatherings),
        },
    )


def _plan(b: Behaviours, rng: np.random.Generator, p: Population) -> Gatherings:
    n = round(b.events_per_month * b.months)
    on = np.sort(rng.integers(p.start, p.end + 1, n))
    kind = choose(rng, KINDS, n)
    called_off = pick(["cancelled", "postponed"], rng.integers(0, 2, n))
    status = np.where(rng.random(n) < b.event_cancelled, called_off, "held")
    team = np.where(np.isin(kind, _HOSTED_BY_TEAM), rng.integers(0, b.teams, n), -1)
    about = np.full(n, -1, dtype=np.int64)
    reflected = (kind == "collective_action") & (status == "held") & (rng.random(n) < b.reflection_after_action)
    actions = np.flatnonzero(reflected)
    later = on[actions] + rng.integers(2, 21, len(actions))
    actions, later = actions[later <= p.end], later[later <= p.end]
    extra_on, extra_about = later, actions
    extra_kind = np.full(len(actions), "reflection", dtype=object)
    if b.has_review:
        extra_on, extra_about = np.append(extra_on, p.end + 7), np.append(extra_about, -1)
        extra_kind = np.append(extra_kind, "meeting")
    m = len(extra_on)
    on, about = np.concatenate([on, extra_on]), np.concatenate([about, extra_about])
    order = np.argsort(on, kind="stable")
    place = np.empty(len(on), dtype=np.int64)
    place[order] = np.arange(len(on))
    about = np.where(about >= 0, place[np.maximum(about, 0)], -1) if len(on) else about
    return Gatherings(
        event_id=ids("E", len(on)), on=on[order], kind=np.concatenate([kind, extra_kind])[order],
        status=np.concatenate([status, np.full(m, "held", dtype=object)])[order],
        team=np.concatenate([team, np.full(m, -1)])[order], about=about[order],
    )  # fmt: skip


def _invited(b: Behaviours, rng: np.random.Generator, p: Population, g: Gatherings) -> tuple[Days, Days]:
    """Pairs of event and person; staff and externals come in small numbers."""
    n, people = len(g.on), len(p.first)
    attraction = np.exp(b.unequal_attendance * rng.standard_normal(int(p.member.sum())))
    # Many more are asked to an action or a public meeting; the factors leave the mean over the kinds as it is.
    large = np.isin(g.kind, ["collective_action", "public_meeting"])
    wanted = np.where(g.held, np.maximum(2, rng.poisson(b.invited_per_event * np.where(large, 2.0, 0.82))), 0)
    codes = np.array([], dtype=np.int64)  # event * people + person, sorted, each once
    for _ in range(6):  # who is not there yet, has left, or is invited already is replaced by somebody else
        event = np.repeat(np.arange(n), np.maximum(0, wanted - np.bincount(codes // people, minlength=n)))
        person = _guests(rng, p, attraction, g.team[event])
        there = (p.first[person] <= g.on[event]) & (p.left[person] >= g.on[event])
        codes = _distinct(codes, event[there] * people + person[there])
    open_event = g.held & ~np.isin(g.kind, ["meeting", "house_meeting"])
    few = ((p.lead_staff, g.held, 0.7), (np.flatnonzero(p.external), open_event, 0.3))
    for pool, possible, chance in few:
        where = np.flatnonzero(possible & (rng.random(n) < chance))
        if len(pool):
            person = pool[rng.integers(0, len(pool), len(where))]
            codes = _distinct(codes, (where * people + person)[p.first[person] <= g.on[where]])
    return codes // people, codes % people


def _distinct(known: Days, new: Days) -> Days:
    """Sorted, each once; numpy's own union hashes, which was measured to be twenty times slower here."""
    both = np.sort(np.concatenate([known, new]))
    return both[np.r_[True, both[1:] != both[:-1]]] if len(both) else both


def _guests(rng: np.random.Generator, p: Population, attraction: npt.NDArray[np.float64], team: Days) -> Days:
    """A member for each row: of the team that hosts in half of the cases, else by how much they are drawn to events."""
    members = np.flatnonzero(p.member)
    share = np.cumsum(attraction)[:-1] / attraction.sum()
    anyone = members[np.searchsorted(share, rng.random(len(team)), side="right")]
    by_team = members[np.argsort(p.team[members], kind="stable")]
    bounds = np.searchsorted(p.team[by_team], np.arange(len(p.team_id) + 1))
    hosts = np.maximum(team, 0)
    size = bounds[hosts + 1] - bounds[hosts]
    mate = by_team[np.minimum(bounds[hosts] + (rng.random(len(team)) * size).astype(np.int64), len(by_team) - 1)]
    return np.where((team >= 0) & (rng.random(len(team)) < 0.5) & (size > 0), mate, anyone)


def _events(
    b: Behaviours, rng: np.random.Generator, p: Population, g: Gatherings, present: Days, unnamed: Days
) -> Table:
    n = len(g.on)
    steps = np.full(n, "", dtype=object)
    mode = np.full(n, "organizing", dtype=object)
    mode[np.isin(g.kind, ["collective_action", "canvass"]) & (rng.random(n) < b.mobilizing)] = "mobilizing"
    mode[g.kind == "service"] = "service"
    for kind, choices in _STEPS.items():
        here = np.flatnonzero(g.kind == kind)
        steps[here] = pick(choices, rng.integers(0, len(choices), len(here)))
    steps[(rng.random(n) >= b.steps_recorded) | ~g.held] = ""
    total = present + unnamed
    counted = g.held & (total > 0) & (rng.random(n) < b.head_count_filled)
    # A sheet that everybody signed is the count; else somebody counted or guessed.
    method = choose(rng, {"counted": 0.6, "estimated": 0.3, "media": 0.1}, n)
    method[unnamed == 0] = "sign_in"
    method[~counted] = ""
    guessed = counted & ((method == "estimated") | (method == "media"))
    off = np.maximum(1, total // 6)
    lesson = pick(["no", "yes"], (rng.random(n) < 0.7).astype(np.int64))
    lesson = blank(rng, lesson, b.optional_filled, b.unknown_answers)
    lesson[(g.kind != "reflection") | ~g.held] = ""
    reflects = np.where(g.about >= 0, g.event_id[np.maximum(g.about, 0)], "").astype(object) if n else g.event_id
    hours = pick([f"{h / 2:g}" for h in range(1, 25)], rng.integers(0, 24, n))
    hours[p.staff_from.min() > g.on] = ""  # nobody was paid yet
    hosts = pick([p.root_id, *p.team_id], g.team + 1)
    on_time = np.minimum(g.on + entry_lag(b, rng, n), p.taken_on)
    return {
        "event_id": g.event_id, "held_on": p.calendar.text(g.on), "status": g.status, "kind": g.kind,
        "group_id": blank(rng, hosts, b.optional_filled), "cycle_steps": steps,
        "mode": blank(rng, mode, b.optional_filled), "staff_hours": blank(rng, hours, b.optional_filled * 0.8),
        "head_count": number_text(total, counted),
        "head_count_low": number_text(np.maximum(present, total - off), guessed),
        "head_count_high": number_text(total + off, guessed), "head_count_method": method,
        "reflects_on_event_id": reflects, "has_written_lesson": lesson,
        "entered_on": p.calendar.text(on_time, where=g.held & (rng.random(n) < b.entered_filled)),
    }  # fmt: skip


def _participation(
    b: Behaviours, rng: np.random.Generator, p: Population, g: Gatherings, event: Days, person: Days, came: Flags
) -> Table:
    n = len(event)
    attended = pick(["no", "yes"], came.astype(np.int64))
    attended[~came & (rng.random(n) < b.unknown_answers)] = "unknown"
    promised = np.where(
        attended == "yes", choose(rng, {"signed_up": 0.7, "walked_in": 0.2, "tentative": 0.1}, n),
        choose(rng, {"signed_up": 0.6, "tentative": 0.25, "declined": 0.15}, n),
    ).astype(object)  # fmt: skip
    absence = blank(rng, choose(rng, _ABSENCES, n), b.optional_filled, b.unknown_answers)
    absence[attended != "no"] = ""
    # Whoever invites is a member on the day of the event; in the other cases nobody is named.
    members = np.flatnonzero(p.member)
    host = members[rng.integers(0, len(members), n)]
    known = (host != person) & (p.first[host] <= g.on[event]) & (p.left[host] >= g.on[event]) & (rng.random(n) < 0.6)
    invited_by = np.where(known, p.person_id[host], "").astype(object)
    order = np.lexsort((event, person))
    earlier = np.zeros(n, dtype=bool)
    earlier[order[1:]] = person[order[1:]] == person[order[:-1]]
    first_time = pick(["no", "yes"], (~earlier & (p.first[person] >= p.start)).astype(np.int64))
    public = np.isin(g.kind, ["collective_action", "public_meeting"])[event]
    team = pick(["", *p.team_id], p.team[person] + 1)
    hall = pick(["", *p.institution_id], p.institution[person] + 1)
    came_with = np.where((hall != "") & (rng.random(n) < 0.5), hall, team).astype(object)
    came_with[~public] = ""
    return {
        "event_id": g.event_id[event], "person_id": p.person_id[person], "attended": attended,
        "functions": functions_of(b, rng, p, g.kind, event, person, np.asarray(attended == "yes", dtype=bool)),
        "sign_up": blank(rng, promised, b.optional_filled, b.unknown_answers), "absence_reason": absence,
        "invited_by": blank(rng, invited_by, b.optional_filled),
        "is_first_time": blank(rng, first_time, b.optional_filled, b.unknown_answers),
        "represents_group_id": blank(rng, came_with, b.optional_filled),
    }  # fmt: skip


def _codings(b: Behaviours, rng: np.random.Generator, g: Gatherings) -> Table:
    """Two people judge the mode of some events; now and then they differ."""
    sample = np.flatnonzero(g.held & (rng.random(len(g.on)) < b.double_coded))
    event = np.repeat(sample, 2)
    first = choose(rng, {"organizing": 0.7, "mobilizing": 0.2, "administrative": 0.1}, len(sample))
    second = np.where(rng.random(len(sample)) < 0.15, "mobilizing", first).astype(object)
    mode = np.empty(len(event), dtype=object)
    mode[0::2], mode[1::2] = first, second
    coder = pick(["coder-1", "coder-2"], np.tile([0, 1], len(sample)))
    return {"event_id": g.event_id[event], "coder": coder, "mode": mode}
