"""What people commit to in conversations, and what comes of it: the table commitments."""

from __future__ import annotations

import numpy as np

from relmetrics.synthesis.organization import FAR, Days, Flags, Texts, blank, choose, ids, pick
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records

_KINDS = {
    "attend": 0.36, "recruit": 0.14, "host": 0.07, "research": 0.08, "lead_role": 0.08, "speak": 0.07,
    "give_money": 0.05, "one_to_one": 0.1, "other": 0.05,
}  # fmt: skip
_KEPT, _PARTLY, _NOT_KEPT, _OPEN, _UNKNOWN = range(5)
_STATUS = ["kept", "partly", "not_kept", "open", "unknown"]
_BROKEN = [_PARTLY, _NOT_KEPT, _NOT_KEPT, _UNKNOWN]
_SOON = 60
_YEAR = 365


def commit(r: Records, rng: np.random.Generator, ahead: Table, ahead_on: int) -> Table:
    """Draw what people commit to; `ahead` is the row of an action that is still to come, if there is one."""
    t, p = r.told.talks, r.p
    rows = np.flatnonzero(r.told.plain & (t.kind < 2) & (rng.random(len(t)) < r.b.commits))
    # Mostly the one who was asked commits; somebody of the community in any case.
    person, by = t.other[rows], t.asker[rows]
    turn = ~r.constituent(person, t.on[rows])
    person, by = np.where(turn, by, person), np.where(turn, person, by)
    good = r.constituent(person, t.on[rows])
    rows, person, by = rows[good], person[good], by[good]
    mutual = r.constituent(by, t.on[rows]) & (rng.random(len(rows)) < 0.12)
    made = t.on[rows] + np.where(rng.random(len(rows)) < 0.8, 0, rng.integers(1, 7, len(rows)))
    kind = choose(rng, _KINDS, len(rows))
    both = np.concatenate([np.arange(len(rows)), np.flatnonzero(mutual)])
    second = np.arange(len(both)) >= len(rows)
    person, by = np.where(second, by[both], person[both]), np.where(second, person[both], by[both])
    rows, mutual, made, kind = rows[both], mutual[both], made[both], kind[both]
    # The two of a mutual one promise the same; a sign-in sheet could tell them apart.
    kind[mutual & (kind == "attend")] = "recruit"
    event, due = _occasions(r, rng, person, made, kind, ahead, ahead_on)
    alive = (made <= np.minimum(p.end, p.taken_on)) & (made < p.left[person]) & (due < p.left[person])
    alive &= r.constituent(person, made) & _once(person, event)
    status, status_on = _results(r, rng, event, person, made, due)
    order = np.lexsort((rows, made))
    order = order[alive[order]]
    rows, person, by, made, due, event = (x[order] for x in (rows, person, by, made, due, event))
    kind, status, status_on, mutual = kind[order], status[order], status_on[order], mutual[order]
    # A promise is mutual where the other end's is there as well.
    mutual &= np.bincount(rows[mutual], minlength=len(t))[rows] == 2
    event_ids = ["", *r.g.event_id, *ahead.get("event_id", [])]
    asked = np.where(rng.random(len(rows)) < 0.9, p.person_id[by], "").astype(object)
    return {
        "commitment_id": ids("K", len(rows)), "person_id": p.person_id[person], "made_on": p.calendar.text(made),
        "due_on": p.calendar.text(due), "kind": kind, "one_to_one_id": r.told.row_id[rows],
        "event_id": pick(event_ids, event + 1), "asked_by": asked,
        "is_mutual": blank(rng, pick(["no", "yes"], mutual.astype(np.int64)), r.b.optional_filled),
        "is_new": _newness(r, rng, person, made, kind), "status": pick(_STATUS, status),
        "status_on": p.calendar.text(status_on, where=status_on < FAR),
    }  # fmt: skip


def _occasions(
    r: Records, rng: np.random.Generator, person: Days, made: Days, kind: Texts, ahead: Table, ahead_on: int
) -> tuple[Days, Days]:
    """Event and day for which each promise is made. -1 is no event; the action that is to come has the last number."""
    n = len(r.g.on)
    due = made + rng.integers(3, 46, len(made))
    event = np.full(len(made), -1, dtype=np.int64)
    # Who promised to come is looked up on the sheets: the first event from then on at which the person is noted.
    sheet = np.lexsort((r.g.on[r.at.event], r.at.person))
    key = r.at.person[sheet] * (1 << 20) + r.g.on[r.at.event[sheet]]
    wanted = person * (1 << 20) + made + 1
    at = np.searchsorted(key, wanted)
    if len(key):
        row = sheet[np.minimum(at, len(key) - 1)]
        found = (at < len(key)) & (r.at.person[row] == person) & (kind == "attend")
        found &= r.g.on[r.at.event[row]] <= made + _SOON
        event[found] = r.at.event[row[found]]
        due[found] = r.g.on[event[found]]
    if ahead:
        later = (kind == "attend") & (event < 0) & (made > r.p.taken_on - _SOON) & (r.p.left[person] == FAR)
        event[later], due[later] = n, ahead_on
    return event, due


def _once(person: Days, event: Days) -> Flags:
    """One promise for one event and person: the first row of them."""
    keep = np.ones(len(event), dtype=bool)
    some = np.flatnonzero(event >= 0)
    first = np.unique(event[some] * (1 << 24) + person[some], return_index=True)[1]
    keep[some] = False
    keep[some[first]] = True
    return keep


def _results(
    r: Records, rng: np.random.Generator, event: Days, person: Days, made: Days, due: Days
) -> tuple[Days, Days]:
    """What became of each promise and on which day: by the sheet where there is one, else by chance."""
    n, today = len(made), r.p.taken_on
    broken = np.array(_BROKEN)[rng.integers(0, len(_BROKEN), n)]
    status = np.where(rng.random(n) < r.b.keeps_word, _KEPT, broken)
    sheet = np.full(len(r.at.event), _NOT_KEPT, dtype=np.int64)
    attended = r.tables["participation"]["attended"]
    sheet[attended == "yes"] = _KEPT
    sheet[attended == "unknown"] = _UNKNOWN
    some = np.flatnonzero((event >= 0) & (event < len(r.g.on)))
    if len(some):
        people = len(r.p.first)
        codes = r.at.event * people + r.at.person
        order = np.argsort(codes, kind="stable")
        wanted = event[some] * people + person[some]
        status[some] = sheet[order[np.searchsorted(codes[order], wanted)]]
    early = made + 1 + (rng.random(n) * (due - made)).astype(np.int64)
    on = np.where(status == _KEPT, np.minimum(early, due), due + rng.integers(0, 10, n))
    on[some] = due[some]
    # What is not yet due on the day the data are taken is open, unless it was done before.
    coming = due > today
    status = np.where(coming & ((status != _KEPT) | (on > today) | (event >= len(r.g.on))), _OPEN, status)
    on = np.minimum(on, today)
    told = (status < _OPEN) & (rng.random(n) < r.b.optional_filled)
    return status, np.where(told, on, FAR)


def _newness(r: Records, rng: np.random.Generator, person: Days, made: Days, kind: Texts) -> Texts:
    """Whether it is the first act of the kind in a year, as far as the records tell. Rows are in order of the day."""
    p, people = r.p, len(r.p.first)
    _, kinds = np.unique(kind.astype(str), return_inverse=True)
    code = person * 16 + kinds
    earlier = np.ones(len(person), dtype=bool)
    earlier[np.unique(code, return_index=True)[1]] = False
    # The first day on which each person came, did something for the others, held a role, or had a one-to-one.
    on = r.g.on[r.at.event]
    came, did = (np.full(people, FAR, dtype=np.int64) for _ in range(2))
    talked, role = came.copy(), came.copy()
    np.minimum.at(came, r.at.person[r.at.came], on[r.at.came])
    useful = r.tables["participation"]["functions"] != ""
    np.minimum.at(did, r.at.person[useful], on[useful])
    held = np.isin(r.spells.role.astype(str), ["active_member", "team_role", "leads", "governs"])
    np.minimum.at(role, r.spells.who[held], r.spells.begin[held])
    t = r.told.talks
    for side in (t.asker, t.other):
        np.minimum.at(talked, side, t.on)
    since = np.where(kind == "attend", came[person], np.where(
        kind == "one_to_one", talked[person], np.minimum(did, role)[person]))  # fmt: skip
    before = earlier | ((since < made) & ~np.isin(kind.astype(str), ["give_money", "other"]))
    known = (p.first[person] >= p.start) | (p.start <= made - _YEAR)
    found = pick(["unknown", "yes", "no"], np.where(before, 2, known.astype(np.int64)))
    return blank(rng, found, r.b.optional_filled)
