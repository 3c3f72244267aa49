"""Who there is, which groups there are, and who holds which role when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relmetrics.synthesis.behaviours import Behaviours
from relmetrics.synthesis.organization import (
    FAR,
    Calendar,
    Days,
    Flags,
    Texts,
    blank,
    choose,
    day,
    ids,
    months_before,
    pick,
)  # fmt: skip

Table = dict[str, Texts]

_CHANNELS = {
    "one_to_one": 0.2, "referral": 0.2, "event": 0.15, "door": 0.2, "phone": 0.05, "institution": 0.08,
    "digital_ad": 0.03, "social_media": 0.05, "email": 0.02, "petition": 0.02,
}  # fmt: skip
_EXTERNAL_KINDS = {"consultant": 0.2, "funder": 0.2, "official": 0.3, "partner_organization": 0.2, "other": 0.1}
_LINES = (
    ("language", "english", "English at home", "yes", 0.5),
    ("language", "spanish", "Spanish at home", "no", 0.35),
    ("language", "another_language", "Another language at home", "no", 0.15),
    ("building", "towers", "Lives in a tower", "yes", 0.6),
    ("building", "low_houses", "Lives in a low house", "no", 0.4),
)
"""Two lines that tenants might declare: line, category, title, reference, share of the people."""

YEAR = 365.25


@dataclass(frozen=True)
class Population:
    """What the other parts of the generator need to know about people, one entry a person.

    Parameters
    ----------
    start, end, taken_on : int
        First and last day of the records, and the day the data are taken.
    first, left : Days
        First contact, and the last day (far away while the person stays).
    staff_from : Days
        Day from which the person is staff (far away for all who never are).
    member, external : Flags
        Of type constituent; of type external. The rest are staff.
    team, institution : Days
        Number of the person's team and institution; -1 is none.
    leader : Flags
        Ever leads a team.
    """

    start: int
    end: int
    taken_on: int
    person_id: Texts
    first: Days
    left: Days
    staff_from: Days
    member: Flags
    external: Flags
    team: Days
    institution: Days
    leader: Flags
    team_id: Texts
    institution_id: Texts
    root_id: str
    council_id: str
    team_has_log: Flags
    calendar: Calendar

    @property
    def lead_staff(self) -> Days:
        """Positions of the people of type staff."""
        return np.flatnonzero(~self.member & ~self.external)


@dataclass(frozen=True)
class Spells:
    """The rows of memberships as numbers: who, in which group and role, from when until when (far away: still)."""

    who: Days
    group: Texts
    role: Texts
    begin: Days
    finish: Days

    def take(self, rows: Days | Flags) -> Spells:
        """Some of the spells."""
        return Spells(self.who[rows], self.group[rows], self.role[rows], self.begin[rows], self.finish[rows])


def populate(behaviours: Behaviours, rng: np.random.Generator) -> tuple[Population, Spells, dict[str, Table]]:
    """Draw the people and make the tables people, lines, person_lines, groups and memberships."""
    b = behaviours
    end = day(b.period_end)
    start = months_before(end, b.months)
    n = b.people + b.staff + b.externals
    kind = np.repeat([0, 1, 2], [b.people, b.staff, b.externals])
    before = (rng.random(n) < b.known_before) | (kind > 0)
    first = np.where(before, start - rng.integers(200, 1500, n), rng.integers(start, max(start + 1, end - 20), n))
    # Pseudonyms are given in the order in which the organization met people, as a register would.
    order = np.argsort(first, kind="stable")
    first, kind, before = first[order], kind[order], before[order]
    member = kind == 0
    left = np.full(n, FAR, dtype=np.int64)
    leaving = member & (rng.random(n) < 1 - (1 - b.leaving) ** (b.months / 12))
    gone = np.maximum(first, start) + 60 + (rng.random(n) * (end - start)).astype(np.int64)
    left[leaving & (gone <= end)] = gone[leaving & (gone <= end)]
    staff_from = np.where(kind == 1, first, FAR)
    hired = member & before & (left == FAR) & (rng.random(n) < b.hired)
    staff_from[hired] = start + ((0.3 + 0.5 * rng.random(n)) * (end - start)).astype(np.int64)[hired]
    team = np.where(member, rng.integers(0, b.teams, n), -1)
    institution = np.full(n, -1, dtype=np.int64)
    if b.institutions:
        institution = np.where(
            member & (rng.random(n) < b.in_institution), rng.integers(0, b.institutions, n), institution
        )
    # The members met first lead: position within the team, counted in the order of first contact.
    leader = member & (_rank(team) < b.leaders_per_team) & before & ~hired
    team_id = _group_ids(b.team_names, "team", b.teams)
    institution_id = _group_ids(b.institution_names, "institution", b.institutions)
    taken_on = end + 14 if b.has_review else end
    population = Population(
        start=start, end=end, taken_on=taken_on, person_id=ids("P", n), first=first, left=left, staff_from=staff_from,
        member=member, external=kind == 2, team=team, institution=institution, leader=leader, team_id=team_id,
        institution_id=institution_id, root_id=f"G-{b.name}", council_id="G-tenant-council",
        team_has_log=rng.permutation(b.teams) < round(b.teams_with_log * b.teams),
        calendar=Calendar(start - 4000, taken_on + 400),
    )  # fmt: skip
    lines, person_lines = _lines(b, rng, population)
    tables = {
        "people": _people(b, rng, population), "lines": lines, "person_lines": person_lines,
        "groups": _groups(b, rng, population),
    }  # fmt: skip
    spells, tables["memberships"] = _memberships(b, rng, population)
    return population, spells, tables


def _group_ids(names: tuple[str, ...], kind: str, n: int) -> Texts:
    """Ids of groups: the names as far as there are any, then numbers."""
    width = max(2, len(str(n)))
    named = [f"G-{name}" for name in names[:n]]
    return np.array(named + [f"G-{kind}-{i + 1:0{width}d}" for i in range(len(named), n)], dtype=object)


def _rank(groups: Days) -> Days:
    """Position of each row within its group, in order."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.array([], dtype=np.int64)
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(groups)) - np.repeat(starts, np.diff(np.r_[starts, len(groups)]))
    return rank


def _people(b: Behaviours, rng: np.random.Generator, p: Population) -> Table:
    n = len(p.first)
    draw = rng.random(n)
    first = p.calendar.text(p.first, reduced=draw < b.month_precision)
    year = (draw < b.month_precision / 3) & (p.first < p.start - 400)  # only where the year alone can mislead nobody
    first[year] = [text[:4] for text in first[year]]
    channel = blank(rng, choose(rng, _CHANNELS, n), b.optional_filled, b.unknown_answers)
    channel[~p.member] = ""
    refusal = rng.random(n)
    consent = np.where(refusal < b.consent_no + b.consent_aggregate_only, "aggregate_only", "yes").astype(object)
    consent[refusal < b.consent_no] = "no"
    external_kind = blank(rng, choose(rng, _EXTERNAL_KINDS, n), b.optional_filled, b.unknown_answers)
    external_kind[~p.external] = ""
    return {
        "person_id": p.person_id,
        "person_type": pick(["staff", "constituent", "external"], p.member + 2 * p.external),
        "first_contact_on": first, "first_channel": channel, "external_kind": external_kind, "consent_use": consent,
        "left_on": p.calendar.text(p.left, where=p.left < FAR),
    }  # fmt: skip


def _lines(b: Behaviours, rng: np.random.Generator, p: Population) -> tuple[Table, Table]:
    columns = list(zip(*_LINES, strict=True))
    lines = {name: np.array(columns[i], dtype=object)
             for i, name in enumerate(["line_id", "category_id", "title", "is_reference"])}  # fmt: skip
    rows: list[Texts] = []
    for line in dict.fromkeys(row[0] for row in _LINES):
        who = np.flatnonzero(p.member & (rng.random(len(p.first)) < b.lines_known))
        weights = {row[1]: row[4] for row in _LINES if row[0] == line}
        category = choose(rng, {**weights, "prefer_not_to_say": 0.04}, len(who))
        category[rng.random(len(who)) < b.unknown_answers] = "unknown"
        rows.append(np.array([p.person_id[who], np.full(len(who), line, dtype=object), category], dtype=object))
    both = np.concatenate(rows, axis=1)
    return lines, {"person_id": both[0], "line_id": both[1], "category_id": both[2]}


def _groups(b: Behaviours, rng: np.random.Generator, p: Population) -> Table:
    name = b.name.replace("-", " ").title()
    rows = [
        (p.root_id, "chapter", name, "", "yes", "no"),
        (p.council_id, "governing_body", "Tenant council", p.root_id, "yes", "yes" if p.team_has_log.all() else "no"),
    ]
    for i, team in enumerate(p.team_id):
        purpose = str(rng.choice(["yes", "yes", "no", ""]))
        rows.append((team, "team", _label(team), p.root_id, purpose, "yes" if p.team_has_log[i] else "no"))
    rows += [(hall, "institution", _label(hall), "", "", "no") for hall in p.institution_id]
    rows.append(("G-legal-clinic", "external_organization", "Legal clinic", "", "", ""))
    columns = ["group_id", "group_type", "label", "parent_group_id", "has_written_purpose", "keeps_conversation_log"]
    table = {c: np.array(values, dtype=object) for c, values in zip(columns, zip(*rows, strict=True), strict=True)}
    n = len(rows)
    # Older than any first contact, so that nobody belongs to a group that did not yet exist.
    started = p.start - 1800 - rng.integers(0, 600, n)
    # No team is older than the organization that it is a part of.
    started[0] = started[: 2 + len(p.team_id)].min()
    log_from = p.start - rng.integers(0, 300, n)
    has_log = (table["keeps_conversation_log"] == "yes") & (rng.random(n) < 0.5)
    table["conversation_log_from"] = p.calendar.text(log_from, where=has_log, reduced=has_log & (rng.random(n) < 0.5))
    table["started_on"] = p.calendar.text(started, reduced=rng.random(n) < 0.5)
    table["ended_on"] = np.full(n, "", dtype=object)
    return table


def _label(group_id: str) -> str:
    """The name in a group's id, for readers."""
    return group_id.removeprefix("G-").replace("-", " ").capitalize()


def _memberships(b: Behaviours, rng: np.random.Generator, p: Population) -> tuple[Spells, Table]:
    """Spells: participant, active member, a role in the team; leaders lead from early on, some of them govern."""
    n = len(p.first)
    last = np.minimum(p.left, p.end)
    until = np.minimum(p.left, p.staff_from - 1)  # whoever is hired lays the other roles down
    joined = np.minimum(p.first + rng.integers(0, 30, n), last)
    active = joined + rng.integers(30, 200, n)
    in_role = active + rng.integers(60, 240, n)
    lead = joined + rng.integers(30, 150, n)
    is_active = p.member & ~p.leader & (rng.random(n) < b.active_members) & (active <= np.minimum(until, last))
    has_role = is_active & (rng.random(n) < b.team_roles) & (in_role <= np.minimum(until, last))
    leads = p.leader & (lead <= last)
    governs = leads & (_rank(np.where(leads, p.team, -1)) == 0)
    # (who, group, role, start, end), one block a role; the day before the next rung ends the one below.
    before_next = np.where(leads, lead - 1, np.where(is_active, active - 1, FAR))
    every = np.arange(n)
    team = pick(list(p.team_id), np.maximum(p.team, 0))
    fixed = {g: np.full(n, g, dtype=object) for g in (p.root_id, p.council_id)}
    blocks = [
        (p.member, team, "participant", joined, np.minimum(until, before_next)),
        (is_active, team, "active_member", active, np.minimum(until, np.where(has_role, in_role - 1, FAR))),
        (has_role, team, "team_role", in_role, until),
        (leads, team, "leads", lead, until),
        (governs, fixed[p.council_id], "governs", np.minimum(lead + 20, last), until),
        (p.staff_from < FAR, fixed[p.root_id], "paid_staff", p.staff_from, np.full(n, FAR)),
    ]
    if b.institutions:
        hall = pick(list(p.institution_id), np.maximum(p.institution, 0))
        blocks.append((p.institution >= 0, hall, "participant", joined, until))
    keep = [np.flatnonzero(mask & (begin <= finish)) for mask, _, _, begin, finish in blocks]
    who = np.concatenate([every[k] for k in keep])
    begin = np.concatenate([block[3][k] for block, k in zip(blocks, keep, strict=True)])
    finish = np.concatenate([block[4][k] for block, k in zip(blocks, keep, strict=True)])
    role = np.repeat(np.array([block[2] for block in blocks], dtype=object), [len(k) for k in keep])
    group = np.concatenate([block[1][k] for block, k in zip(blocks, keep, strict=True)])
    developer = _developer(b, rng, p, who, begin, leads)
    developer[(role == "participant") | (role == "paid_staff")] = -1
    # A reduced start must not sit before the first contact, and the row's end must not sit before it.
    reduced = (rng.random(len(who)) < b.month_precision) & (p.calendar.month_floor(begin) >= p.first[who])
    order = np.lexsort((begin, who))
    table = {
        "person_id": p.person_id[who], "group_id": group, "role": role,
        "started_on": p.calendar.text(begin, reduced=reduced),
        "ended_on": p.calendar.text(finish, where=finish <= p.end),
        "developed_by": np.where(developer >= 0, p.person_id[np.maximum(developer, 0)], "").astype(object),
    }  # fmt: skip
    spells = Spells(who, group, role, begin, np.where(finish <= p.end, finish, FAR)).take(order)
    return spells, {name: values[order] for name, values in table.items()}


def _developer(b: Behaviours, rng: np.random.Generator, p: Population, who: Days, begin: Days, leads: Flags) -> Days:
    """Who brought each person to the role: a leader or staff, known by then and not the person; -1 is nobody."""
    found = np.full(len(who), -1, dtype=np.int64)
    by_member = rng.random(len(who)) < b.brought_by_member
    for pool, rows in ((np.flatnonzero(leads), by_member), (p.lead_staff, ~by_member)):
        if len(pool):
            chosen = pool[rng.integers(0, len(pool), len(who))]
            good = rows & (chosen != who) & (p.first[chosen] <= begin) & (p.left[chosen] >= begin)
            found[good] = chosen[good]
    return np.where(rng.random(len(who)) < b.optional_filled, found, -1)
