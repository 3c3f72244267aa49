"""The relational and the full level: what is added to the core tables, and the twenty tables above them."""

from __future__ import annotations

from typing import Any

import numpy as np

from relmetrics.synthesis.campaigns import (
    Campaigns,
    campaign,
    campaign_tables,
    extend_events,
    plan_ahead,
    raise_concerns,
)
from relmetrics.synthesis.commitments import commit
from relmetrics.synthesis.decisions import decide
from relmetrics.synthesis.organization import Texts, iso, month_starts
from relmetrics.synthesis.outcomes import achieve
from relmetrics.synthesis.partnerships import act_jointly, partner
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.power import demand, request, sit
from relmetrics.synthesis.questionnaires import collect, item_table, refer, respond
from relmetrics.synthesis.records import Records, table_of
from relmetrics.synthesis.surveys import ask, name_ties, wave_tables

RELATIONAL = (
    "issues", "campaigns", "commitments", "decisions", "waves", "wave_respondents", "tie_reports",
    "organization_ties", "joint_acts", "joint_act_codings",
)  # fmt: skip
FULL = (
    "demands", "agenda_items", "seats", "outcomes", "outcome_codings", "survey_items", "survey_responses",
    "reference_population", "documents", "document_codings",
)  # fmt: skip
"""The tables above the core, in the order of the standard."""

_FLOWS = ("messages_to_target", "calls_to_target", "opens", "contacts_from_targets")


def add_levels(r: Records, streams: list[np.random.Generator]) -> dict[str, Table]:
    """All tables of the organization at its level. One stream a part, as in the core."""
    campaigns = campaign(r, streams[0])
    concerns = raise_concerns(r, streams[1], campaigns)
    partners = partner(r, streams[2])
    tables = dict(r.tables)
    tables["groups"] = partners.groups
    tables["organization_ties"] = partners.ties
    tables["decisions"] = decide(r, streams[3], campaigns, partners.group_id)
    tables |= act_jointly(r, streams[4], campaigns, partners)
    tables |= campaign_tables(r, streams[5], campaigns, concerns)
    waves = ask(r, streams[6], "roster")
    tables["tie_reports"] = name_ties(r, streams[7], waves)
    tables["activity_counts"] = _count(r, streams[8])
    if r.b.level == "full":
        waves += _full(r, streams[12:], campaigns, tables)
    tables |= wave_tables(r, waves)
    tables["events"] = extend_events(r, streams[9], campaigns)
    planned, on = plan_ahead(r, streams[10], campaigns)
    tables["commitments"] = commit(r, streams[11], planned, on)
    if planned:
        tables["events"] = {
            name: np.concatenate([cells, planned.get(name, np.array([""], dtype=object))])
            for name, cells in tables["events"].items()
        }
    tables["one_to_ones"] = _with_concerns(r.tables["one_to_ones"], concerns)
    tables["participation"] = _with_members_only(r)
    refused = r.p.person_id[r.tables["people"]["consent_use"] == "no"].astype(str)
    told = ~np.isin(r.tables["person_lines"]["person_id"].astype(str), refused)
    tables["person_lines"] = {name: cells[told] for name, cells in r.tables["person_lines"].items()}
    return tables


def _with_members_only(r: Records) -> Table:
    """Participation, where people come with a team or institution only while they have a role in it."""
    core, p, s = r.tables["participation"], r.p, r.spells
    group = core["represents_group_id"]
    rows = np.flatnonzero(group != "")
    on = r.g.on[r.at.event[rows]]
    _, code = np.unique(np.concatenate([group[rows], s.group]).astype(str), return_inverse=True)
    here = code[: len(rows)] * len(p.first) + r.at.person[rows]
    spell = code[len(rows) :] * len(p.first) + s.who
    # From the first to the last day in the group, whatever the role.
    order = np.lexsort((s.begin, spell))
    known, at = np.unique(spell[order], return_index=True)
    first, last = s.begin[order][at], np.maximum.reduceat(s.finish[order], at) if len(at) else at
    place = np.minimum(np.searchsorted(known, here), max(0, len(known) - 1))
    there = (known[place] == here) & (first[place] <= on) & (on <= last[place]) if len(known) else here < 0
    kept = group.copy()
    kept[rows[~there]] = ""
    return core | {"represents_group_id": kept}


def _full(r: Records, streams: list[np.random.Generator], campaigns: Campaigns, tables: dict[str, Table]) -> list[Any]:
    """The tables of the full level; the surveys of teams are handed back, as their waves stand with the others."""
    demands, tables["demands"] = demand(r, streams[0], campaigns)
    items, tables["agenda_items"] = request(r, streams[1], demands)
    tables["seats"] = sit(r, streams[2])
    tables |= achieve(r, streams[3], campaigns, demands, items)
    waves = ask(r, streams[4], "team_survey")
    tables["survey_items"] = item_table()
    tables["survey_responses"] = respond(r, streams[5], waves)
    tables["reference_population"] = refer(r, streams[6])
    tables |= collect(r, streams[7])
    return waves


def _with_concerns(talks: Table, concerns: Texts) -> Table:
    found: Table = {}
    for name, cells in talks.items():
        found[name] = cells
        if name == "medium":
            found["concerns"] = concerns
    return found


def _count(r: Records, rng: np.random.Generator) -> Table:
    """Counts of what only looks like collective action, beside those of the core."""
    g = r.g
    present = np.bincount(r.at.event[r.at.came], minlength=len(g.on)) + r.at.unnamed
    month = r.p.calendar.month_floor(g.on)
    rows: list[tuple[str, ...]] = []
    followers = 150
    for first in month_starts(r.p.start, r.p.end):
        name = iso(first)[:7]
        followers += int(rng.integers(0, 30))
        # The table is complete: a month without a row would be a month in which there was nothing.
        for kind in _FLOWS:
            flag = str(rng.choice(["yes", "no"])) if kind in _FLOWS[:2] else "no"
            rows.append((name, kind, str(rng.poisson(60 if kind != "contacts_from_targets" else 2)), flag))
        rows.append((name, "attendances", str(int(present[(month == first) & g.held].sum())), "no"))
        rows.append((name, "followers", str(followers), "no"))
    extra = table_of(("month", "kind", "n", "is_reported_as_action"), rows)
    return {name: np.concatenate([cells, extra[name]]) for name, cells in r.tables["activity_counts"].items()}


def higher_manifest(r: Records, core: dict[str, Any]) -> dict[str, Any]:
    """The manifest of the core with what the level adds to it."""
    more = ["participation", "decisions", "commitments"]
    more += ["demands", "outcomes"] if r.b.level == "full" else []
    return core | {"adoption_level": r.b.level, "complete_tables": core["complete_tables"] + more}
