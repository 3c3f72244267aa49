"""Who is asked, who answers, and whom they name: the tables waves, wave_respondents and tie_reports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relmetrics.synthesis.organization import Days, Flags, blank, choose, pick
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records, text_of

_RELATIONS = {"talks_one_to_one": 0.4, "works_with": 0.25, "turns_to": 0.2, "trusts": 0.15}
_CHOICES = 6
_MONTH = 30.4


@dataclass(frozen=True)
class Wave:
    """One survey, taken once: who was asked, of which team (-1: staff), and who answered."""

    wave_id: str
    kind: str
    asked_on: int
    choices: int
    asked: Days
    team: Days
    answered: Flags


def ask(r: Records, rng: np.random.Generator, kind: str) -> list[Wave]:
    """Draw the surveys of one kind, the latest one a month or two before the end of the records."""
    step = round(r.b.wave_months * _MONTH)
    latest = r.end - (45 if kind == "roster" else 75)
    days = list(range(latest, r.p.start + 45, -step))[::-1]
    days = days or [r.p.start + (r.end - r.p.start) * 3 // 5]
    waves = []
    for number, on in enumerate(days):
        team = r.team_on(on)
        who = np.flatnonzero(r.active_on(on) & (team >= 0))
        if kind == "roster":
            who = np.union1d(who, r.p.lead_staff[r.p.first[r.p.lead_staff] <= on])
        answered = rng.random(len(who)) < r.b.answers
        if len(who) > 1:
            name = f"{kind.replace('_', '-')}-{text_of(on)[:7]}-{number + 1}"
            choices = _CHOICES if kind == "roster" and number % 2 == 0 else 0
            waves.append(Wave(name, kind, on, choices, who, team[who], answered))
    return waves


def wave_tables(r: Records, waves: list[Wave]) -> dict[str, Table]:
    """The tables waves and wave_respondents."""
    ordered = sorted(waves, key=lambda wave: (wave.asked_on, wave.wave_id))
    counts = [len(wave.asked) for wave in ordered]
    empty = np.array([], dtype=np.int64)
    asked = np.concatenate([empty, *(wave.asked for wave in ordered)])
    team = np.concatenate([empty, *(wave.team for wave in ordered)])
    answered = np.concatenate([np.array([], dtype=bool), *(wave.answered for wave in ordered)])
    number = np.repeat(np.arange(len(ordered)), counts)
    return {
        "waves": {
            "wave_id": _texts([wave.wave_id for wave in ordered]), "kind": _texts([wave.kind for wave in ordered]),
            "asked_on": _texts([text_of(wave.asked_on) for wave in ordered]),
            "n_choices_allowed": _texts([str(wave.choices or "") for wave in ordered]),
        },
        "wave_respondents": {
            "wave_id": pick([wave.wave_id for wave in ordered], number), "person_id": r.p.person_id[asked],
            "group_id": pick([r.p.root_id, *r.p.team_id], team + 1),
            "has_answered": pick(["no", "yes"], answered.astype(np.int64)),
        },
    }  # fmt: skip


def _texts(values: list[str]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([*values, None], dtype=object)[:-1]


def name_ties(r: Records, rng: np.random.Generator, waves: list[Wave]) -> Table:
    """Whom those who answered name: people they talked with in the year before, and people of their team."""
    parts: list[Table] = []
    for wave in waves:
        reporter, alter = _candidates(r, rng, wave)
        relation = choose(rng, _RELATIONS, len(reporter))
        # In an order of chance, as many as the person has in mind and the form has room for.
        code = reporter * len(r.p.first) + alter
        order = rng.permutation(len(code))
        order = order[np.unique(code[order], return_index=True)[1]]  # one relation to each person named
        order = order[np.lexsort((rng.random(len(order)), reporter[order]))]
        rank = np.arange(len(order)) - np.searchsorted(reporter[order], reporter[order])
        room = np.minimum(rng.poisson(r.b.names_given, len(r.p.first)), wave.choices or 12)
        order = order[rank < room[reporter[order]]]
        order = order[np.lexsort((alter[order], reporter[order]))]
        strength = pick(["1", "2", "3"], rng.integers(0, 3, len(order)))
        parts.append({
            "wave_id": np.full(len(order), wave.wave_id, dtype=object),
            "reporter": r.p.person_id[reporter[order]], "alter": r.p.person_id[alter[order]],
            "relation": relation[order], "strength": blank(rng, strength, r.b.optional_filled),
        })  # fmt: skip
    columns = ("wave_id", "reporter", "alter", "relation", "strength")
    empty = np.array([], dtype=object)
    return {name: np.concatenate([empty, *(part[name] for part in parts)]) for name in columns}


def _candidates(r: Records, rng: np.random.Generator, wave: Wave) -> tuple[Days, Days]:
    """Pairs of somebody who answered and somebody on the roster, who know each other."""
    people, t = len(r.p.first), r.told.talks
    listed, answered = np.zeros(people, dtype=bool), np.zeros(people, dtype=bool)
    listed[wave.asked] = True
    answered[wave.asked[wave.answered]] = True
    recent = np.flatnonzero(r.told.plain & (t.on < wave.asked_on) & (t.on >= wave.asked_on - 365))
    one, other = t.asker[recent], t.other[recent]
    # Four people of the own team come to mind besides: some of them twice, some are oneself.
    by_team = wave.asked[np.argsort(wave.team, kind="stable")]
    bounds = np.searchsorted(np.sort(wave.team), np.arange(-1, len(r.p.team_id) + 1))
    team = np.repeat(wave.team[wave.answered], 4) + 1
    size = bounds[team + 1] - bounds[team]
    mate = by_team[bounds[team] + (rng.random(len(team)) * size).astype(np.int64)]
    reporter = np.concatenate([one, other, np.repeat(wave.asked[wave.answered], 4)])
    alter = np.concatenate([other, one, mate])
    good = answered[reporter] & listed[alter] & (reporter != alter)
    return reporter[good], alter[good]
