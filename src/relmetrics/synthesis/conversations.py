"""Who asks whom, what follows, and what of it is written down: the table one_to_ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relmetrics.synthesis.behaviours import Behaviours
from relmetrics.synthesis.organization import Days, Flags, Texts, blank, choose, ids, number_text, pick
from relmetrics.synthesis.population import YEAR, Population, Table

_STATUS = ["held", "no_show", "cancelled", "planned"]
_HELD, _NO_SHOW, _CANCELLED, _PLANNED = range(4)
_KINDS = ["one_to_one", "check_in", "scripted"]
_MEDIA = {"in_person": 0.7, "video": 0.1, "phone": 0.2}


@dataclass(frozen=True)
class Talks:
    """Conversations as numbers: who asked, who was asked, when, what became of it. `other` -1: partner not recorded."""

    asker: Days
    other: Days
    on: Days
    status: Days
    kind: Days

    def take(self, rows: Days | Flags) -> Talks:
        """Some of the conversations."""
        return Talks(self.asker[rows], self.other[rows], self.on[rows], self.status[rows], self.kind[rows])

    def __len__(self) -> int:
        return len(self.on)


@dataclass(frozen=True)
class Told:
    """The rows of one_to_ones as numbers, for what comes of conversations.

    Parameters
    ----------
    talks : Talks
        One conversation a row.
    plain : Flags
        Held on a known day, both partners named, and not the second hand's copy.
    """

    talks: Talks
    plain: Flags
    row_id: Texts


def converse(b: Behaviours, rng: np.random.Generator, p: Population) -> tuple[Told, Table]:
    """Draw the conversations that people plan, and keep what is written down of them."""
    talks = _joined(_chains(b, rng, p, _first_talks(b, rng, p)))
    talks = _planned_ahead(rng, p, talks)
    talks = talks.take(_is_written(b, rng, p, talks))
    return _rows(b, rng, p, talks)


def _joined(parts: list[Talks]) -> Talks:
    return Talks(*(np.concatenate([getattr(part, name) for part in parts])
                    for name in ("asker", "other", "on", "status", "kind")))  # fmt: skip


def _first_talks(b: Behaviours, rng: np.random.Generator, p: Population) -> Talks:
    """The first conversation of each chain."""
    eagerness = np.exp(b.unequal_asking * rng.standard_normal(int(p.member.sum())))
    planned = b.people * b.conversations_per_person_year * (p.end - p.start + 1) / YEAR
    n = round(planned / _length_of_chain(b, p, *_pairs(b, rng, p, eagerness, 2000)))
    asker, other = _pairs(b, rng, p, eagerness, n)
    low, high = _span(p, asker, other)
    for _ in range(8):  # people with themselves, and pairs that were never there together, ask anew
        bad = np.flatnonzero((asker == other) | (low > high))
        if not len(bad):
            break
        asker[bad], other[bad] = _pairs(b, rng, p, eagerness, len(bad))
        low, high = _span(p, asker, other)
    good = (asker != other) & (low <= high)
    asker, other, low, high = asker[good], other[good], low[good], high[good]
    on = low + (rng.random(len(low)) * (high - low + 1)).astype(np.int64)
    kind = np.where(rng.random(len(on)) < b.scripted, 2, 0)
    return Talks(asker, other, on, _outcome(b, rng, len(on)), kind)


def _length_of_chain(b: Behaviours, p: Population, asker: Days, other: Days) -> float:
    """Conversations that a first one brings with it on average, those after the end of the records left out."""
    low, high = _span(p, asker, other)
    span = (high - low + 1)[(asker != other) & (low <= high)]
    going_on = b.followed_up * max(0.0, 1 - b.no_show - b.cancelled)
    steps = np.arange(400)[:, None]
    inside = np.maximum(0.0, 1 - steps * b.follow_up_days / span)
    return float((going_on**steps * inside).sum(axis=0).mean()) if len(span) else 1.0


def _span(p: Population, asker: Days, other: Days) -> tuple[Days, Days]:
    """First and last day on which both are in the organization and records are kept."""
    low = np.maximum(np.maximum(p.first[asker], p.first[other]), p.start)
    return low, np.minimum(np.minimum(p.left[asker], p.left[other]), p.end)


def _outcome(b: Behaviours, rng: np.random.Generator, n: int) -> Days:
    draw = rng.random(n)
    return np.where(draw < b.no_show, _NO_SHOW, np.where(draw < b.no_show + b.cancelled, _CANCELLED, _HELD))


def _pairs(
    b: Behaviours, rng: np.random.Generator, p: Population, eagerness: npt.NDArray[np.float64], n: int
) -> tuple[Days, Days]:
    """Who asks and who is asked."""
    members = np.flatnonzero(p.member)
    staff, externals = p.lead_staff, np.flatnonzero(p.external)
    share = np.cumsum(eagerness)[:-1] / eagerness.sum()
    asker = members[np.searchsorted(share, rng.random(n), side="right")]
    other = members[rng.integers(0, len(members), n)]
    by_team = members[np.argsort(p.team[members], kind="stable")]
    bounds = np.searchsorted(p.team[by_team], np.arange(-1, len(p.team_id) + 1))
    team = p.team[asker] + 1
    size = bounds[team + 1] - bounds[team]
    mate = by_team[bounds[team] + (rng.random(n) * size).astype(np.int64)]
    other = np.where(rng.random(n) < b.within_team, mate, other)
    target = rng.random(n)
    if len(externals):
        to_external = target >= 1 - b.member_asks_external
        other = np.where(to_external, externals[rng.integers(0, len(externals), n)], other)
    if len(staff):
        employee = staff[rng.integers(0, len(staff), n)]
        other = np.where(target < b.member_asks_staff, employee, other)
        staff_asks = rng.random(n) < b.staff_asks
        asker = np.where(staff_asks, staff[rng.integers(0, len(staff), n)], asker)
        other = np.where(staff_asks, members[rng.integers(0, len(members), n)], other)
        other = np.where(staff_asks & (rng.random(n) < b.staff_asks_staff), employee, other)
    return asker, other


def _chains(b: Behaviours, rng: np.random.Generator, p: Population, first: Talks) -> list[Talks]:
    """The first conversations and all that follow from those that were held."""
    parts = [first]
    latest = first
    while len(latest):
        go_on = (latest.status == _HELD) & (rng.random(len(latest)) < b.followed_up)
        latest = latest.take(go_on)
        on = latest.on + 1 + rng.gamma(2.0, max(0.0, b.follow_up_days - 1) / 2, len(latest)).astype(np.int64)
        fits = on <= _span(p, latest.asker, latest.other)[1]
        latest, on = latest.take(fits), on[fits]
        back = rng.random(len(latest)) < b.asks_back
        latest = Talks(
            np.where(back, latest.other, latest.asker), np.where(back, latest.asker, latest.other), on,
            _outcome(b, rng, len(latest)), np.where(rng.random(len(latest)) < b.check_ins, 1, 0),
        )  # fmt: skip
        parts.append(latest)
    return parts


def _planned_ahead(rng: np.random.Generator, p: Population, talks: Talks) -> Talks:
    """Add a few conversations that are still to come on the day the data are taken."""
    few = rng.permutation(len(talks))[: len(talks) // 100]
    few = few[(p.left[talks.asker[few]] > p.end) & (p.left[talks.other[few]] > p.end)]
    ahead = talks.take(few)
    on = p.taken_on + 1 + rng.integers(0, 30, len(few))
    return _joined([talks, Talks(ahead.asker, ahead.other, on, np.full(len(few), _PLANNED), np.zeros_like(few))])


def _is_written(b: Behaviours, rng: np.random.Generator, p: Population, talks: Talks) -> Flags:
    """Whether a row of the table comes of it."""
    a, o = talks.asker, talks.other
    with_staff = (p.staff_from[a] <= talks.on) | (p.staff_from[o] <= talks.on)
    logged = np.append(p.team_has_log, False)  # team -1 has no log
    written = {
        "everyone": np.ones(len(talks), dtype=bool), "staff_only": with_staff,
        "nobody": np.zeros(len(talks), dtype=bool),
        "marked_groups": with_staff | logged[p.team[a]] | logged[p.team[o]],
    }[b.recorded_for]  # fmt: skip
    written = written & (rng.random(len(talks)) < b.written_down)
    written &= (talks.status != _NO_SHOW) | (rng.random(len(talks)) < b.no_show_recorded)
    # Nobody notes the same pair and day twice by accident here: two hands noting it is a behaviour of its own.
    once = np.zeros(len(talks), dtype=bool)
    once[np.unique(_key(p, talks, talks.on), return_index=True)[1]] = True
    result: Flags = written & once
    return result


def _rows(b: Behaviours, rng: np.random.Generator, p: Population, talks: Talks) -> tuple[Told, Table]:
    """The table, in order of date, with the copies that the second partner handed in."""
    twice = (talks.status == _HELD) & (rng.random(len(talks)) < b.recorded_by_both)
    source = np.concatenate([np.arange(len(talks)), np.flatnonzero(twice)])
    second = np.arange(len(source)) >= len(talks)
    order = np.lexsort((second, talks.on[source]))
    source, second = source[order], second[order]
    t = talks.take(source)
    n = len(t)
    # Who wrote it down stands as person_a; the second hand sees the same conversation from the other end.
    writer_asked = (rng.random(len(talks)) < 0.6)[source] ^ second
    a, other = np.where(writer_asked, t.asker, t.other), np.where(writer_asked, t.other, t.asker)
    alone = ~twice[source] & (rng.random(n) < b.partner_not_recorded)
    # Without the partner such a note is about the member, not about the staff who met the member.
    turn = alone & ~p.member[a] & p.member[other]
    a, other = np.where(turn, other, a), np.where(turn, a, other)
    asked = pick(["person_b", "person_a"], (writer_asked ^ turn).astype(np.int64))
    asked = blank(rng, asked, b.initiator_filled, b.unknown_answers)
    # Both hands agree on who asked where it was both of them or a third person.
    changed = (rng.random(len(talks)) < 0.12)[source] & (asked != "")
    asked[changed] = pick(["both", "third_person"], (rng.random(len(talks)) < 0.3).astype(np.int64)[source])[changed]
    asked[alone] = ""
    held = t.status == _HELD
    reduced = (rng.random(len(talks)) < b.month_precision)[source] & held
    low, _ = _span(p, t.asker, t.other)
    reduced &= p.calendar.month_floor(t.on) >= low
    reduced &= _alone_in_month(p, t, second) & ~alone
    entered = t.on + entry_lag(b, rng, n) + np.where(second, rng.integers(0, 4, n), 0)
    confirmed = pick(["not_asked", "yes", "no"], np.where(
        held & ~alone & (rng.random(n) < b.confirmation_asked), 1 + (rng.random(n) < 0.06), 0))  # fmt: skip
    row_id = ids("C", n)
    return Told(talks=t, plain=held & ~alone & ~reduced & ~second, row_id=row_id), {
        "one_to_one_id": row_id, "held_on": p.calendar.text(t.on, reduced=reduced), "person_a": p.person_id[a],
        "person_b": np.where(alone, "", p.person_id[other]).astype(object),
        "status": pick(_STATUS, t.status), "kind": pick(_KINDS, t.kind), "initiated_by": asked,
        "minutes": number_text(_minutes(b, rng, t.kind == 2), held & (rng.random(n) < b.minutes_filled)),
        "medium": blank(rng, choose(rng, _MEDIA, n), b.medium_filled, b.unknown_answers),
        "is_confirmed": blank(rng, confirmed, b.optional_filled),
        "entered_on": p.calendar.text(
            entered_by(entered, t.on, p.taken_on), where=(t.status != _PLANNED) & (rng.random(n) < b.entered_filled)
        ),
    }  # fmt: skip


def _alone_in_month(p: Population, t: Talks, second: Flags) -> Flags:
    """True where the pair has one conversation in that month; two dated `2026-03` would look like one."""
    _, which = np.unique(_key(p, t, p.calendar.month_floor(t.on)), return_inverse=True)
    result: Flags = (np.bincount(which, weights=~second) == 1)[which]
    return result


def _key(p: Population, t: Talks, on: Days) -> Days:
    """One number for each unordered pair and day."""
    low, high = np.minimum(t.asker, t.other), np.maximum(t.asker, t.other)
    return (low * len(p.first) + high) * (1 << 16) + on


def _minutes(b: Behaviours, rng: np.random.Generator, scripted: Flags) -> Days:
    n = len(scripted)
    usual = 20 + 5 * np.minimum(rng.gamma(3.0, 1.8, n), 32).astype(np.int64)
    usual = np.where(rng.random(n) < b.short_talks, rng.integers(5, 20, n), usual)
    return np.where(scripted, rng.integers(2, 12, n), usual)


def entry_lag(b: Behaviours, rng: np.random.Generator, n: int) -> Days:
    """Days until a record is written down."""
    return rng.exponential(b.entry_lag_days, n).astype(np.int64)


def entered_by(entered: Days, on: Days, taken_on: int) -> Days:
    """The same days, but none after the day the data are taken: what would be written down later was written sooner."""
    return np.where(entered > taken_on, on + (entered - on) % np.maximum(1, taken_on - on + 1), entered)
