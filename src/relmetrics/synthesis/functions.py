"""Who facilitates, presents, speaks and takes notes at an event."""

from __future__ import annotations

import numpy as np

from relmetrics.synthesis.behaviours import Behaviours
from relmetrics.synthesis.organization import Days, Flags, Texts, pick
from relmetrics.synthesis.population import Population

_SETS = {
    "meeting": ["facilitated", "presented_analysis", "designed", "delegated_decision"],
    "house_meeting": ["facilitated;hosted", "facilitated", "presented_analysis"],
    "training": ["trained", "designed;facilitated", "presented_analysis"],
    "research_session": ["presented_analysis", "facilitated", "designed"],
    "collective_action": ["spoke_for_group", "negotiated", "designed;spoke_for_group", "facilitated"],
    "public_meeting": ["spoke_for_group", "facilitated", "presented_analysis"],
    "reflection": ["facilitated", "designed"],
}
"""What those who lead do at each kind of event; other kinds: facilitated."""

_OTHER = ["took_notes", "hosted"]


def functions_of(
    b: Behaviours, rng: np.random.Generator, p: Population, kinds: Texts, event: Days, person: Days, present: Flags
) -> Texts:
    """The cell `functions` of each row of participation."""
    n = len(event)
    cells = np.full(n, "", dtype=object)
    if not n:
        return cells
    recorded = (rng.random(len(kinds)) < b.functions_recorded)[event]
    facilitates = p.leader | (rng.random(len(p.first)) < b.facilitators)
    if b.facilitators == 0:
        facilitates = np.zeros(len(p.first), dtype=bool)
    # As many of the facilitators present as the event has work for, in an order of chance.
    work = rng.poisson(b.functions_per_event, len(kinds))
    able = np.flatnonzero(present & p.member[person] & facilitates[person] & recorded)
    able = able[np.lexsort((rng.random(len(able)), event[able]))]
    newly = np.r_[True, event[able][1:] != event[able][:-1]] if len(able) else np.array([], dtype=bool)
    rank = np.arange(len(able)) - np.maximum.accumulate(np.where(newly, np.arange(len(able)), 0))
    leading = able[rank < work[event[able]]]
    staff_row = present & recorded & ~p.member[person] & ~p.external[person]
    leading = np.concatenate([leading, np.flatnonzero(staff_row & (rng.random(n) < b.staff_leads))])
    for kind in sorted(set(kinds.tolist())):
        rows = leading[kinds[event[leading]] == kind]
        choices = _SETS.get(kind, ["facilitated"])
        cells[rows] = pick(choices, rng.integers(0, len(choices), len(rows)))
    small = present & recorded & (cells == "") & (rng.random(n) < 0.04)
    cells[small] = pick(_OTHER, rng.integers(0, 2, int(small.sum())))
    # Whoever designed a session may not come to it.
    away = ~present & recorded & facilitates[person] & (rng.random(n) < 0.02)
    cells[away] = "designed"
    return cells
