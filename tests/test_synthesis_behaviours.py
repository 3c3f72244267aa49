"""Every behaviour of the generator shows in the records it makes."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from relmetrics.errors import UsageError
from relmetrics.synthesis import Behaviours, Organization, synthesize
from relmetrics.synthesis.higher_behaviours import HigherBehaviours
from synthesis_checks import BIG, faults, filled, n_of, rows, share
from synthesis_checks_higher import all_faults


def _days(organization: Organization, table: str, later: str, earlier: str) -> float:
    gaps = [
        (datetime.date.fromisoformat(row[later]) - datetime.date.fromisoformat(row[earlier])).days
        for row in rows(organization, table)
        if len(row[later]) == len(row[earlier]) == 10
    ]
    return sum(gaps) / len(gaps)


def _ends(organization: Organization) -> list[tuple[dict[str, str], str, str]]:
    """Rows with the types of the one who asked and of the one who was asked."""
    kind = dict(
        zip(organization.tables["people"]["person_id"], organization.tables["people"]["person_type"], strict=True)
    )
    found = []
    for row in rows(organization, "one_to_ones"):
        if row["person_b"] and row["initiated_by"] in ("person_a", "person_b"):
            a, b = kind[row["person_a"]], kind[row["person_b"]]
            found.append((row, a, b) if row["initiated_by"] == "person_a" else (row, b, a))
    return found


def _asked(organization: Organization, asker: str, other: str) -> float:
    found = [pair[1:] for pair in _ends(organization) if pair[1] == asker]
    return sum(pair[1] == other for pair in found) / max(1, len(found))


def _one_team(organization: Organization) -> float:
    teams = {row["group_id"] for row in rows(organization, "groups") if row["group_type"] == "team"}
    team = {r["person_id"]: r["group_id"] for r in rows(organization, "memberships") if r["group_id"] in teams}
    pairs = [(team.get(row["person_a"]), team.get(row["person_b"])) for row in rows(organization, "one_to_ones")]
    both = [pair for pair in pairs if None not in pair]
    return sum(one == other for one, other in both) / len(both)


def _again(organization: Organization) -> float:
    """Rows of pairs that are there already, as a share of all."""
    pairs = Counter(frozenset((row["person_a"], row["person_b"])) for row in rows(organization, "one_to_ones"))
    return 1 - len(pairs) / pairs.total()


def _gap(organization: Organization) -> float:
    """Days between the conversations of pairs that talk often."""
    seen: dict[frozenset[str], datetime.date] = {}
    gaps = []
    for row in rows(organization, "one_to_ones"):
        if len(row["held_on"]) == 10:
            pair, on = frozenset((row["person_a"], row["person_b"])), datetime.date.fromisoformat(row["held_on"])
            if pair in seen:
                gaps.append((on - seen[pair]).days)
            seen[pair] = on
    return sorted(gaps)[len(gaps) // 3]


def _turned(organization: Organization) -> float:
    """Pairs in which both have asked, among those with two known askers."""
    asked: dict[frozenset[str], list[str]] = {}
    for row in rows(organization, "one_to_ones"):
        if row["initiated_by"] in ("person_a", "person_b") and row["person_b"]:
            asked.setdefault(frozenset((row["person_a"], row["person_b"])), []).append(row[row["initiated_by"]])
    several = [names for names in asked.values() if len(names) > 1]
    return sum(len(set(names)) > 1 for names in several) / len(several)


def _top(organization: Organization, table: str, column: str) -> float:
    """Share of the busiest tenth of the people in the rows."""
    counts = sorted(Counter(organization.tables[table][column]).values(), reverse=True)
    return sum(counts[: max(1, len(counts) // 10)]) / sum(counts)


def _of_staff(organization: Organization) -> float:
    staff = {row["person_id"] for row in rows(organization, "people") if row["person_type"] == "staff"}
    acts = [row["person_id"] in staff for row in rows(organization, "participation") if row["functions"]]
    return sum(acts) / len(acts)


def _per_event(organization: Organization) -> float:
    return n_of(organization, "participation") / n_of(organization, "events", status="held")


def _facilitators(organization: Organization) -> float:
    kind = dict(
        zip(organization.tables["people"]["person_id"], organization.tables["people"]["person_type"], strict=True)
    )
    return len({
        row["person_id"] for row in rows(organization, "participation")
        if set(row["functions"].split(";")) - {"", "took_notes", "hosted"} and kind[row["person_id"]] == "constituent"
    })  # fmt: skip


def _spread_of_teams(organization: Organization) -> float:
    """Variance of the teams' mean answers to one item."""
    answers: dict[str, list[int]] = {}
    for row in rows(organization, "survey_responses"):
        if row["item_code"] == "ce1" and row["value"]:
            answers.setdefault(row["group_id"], []).append(int(row["value"]))
    return statistics.pvariance([sum(values) / len(values) for values in answers.values()])


def _differing_codings(organization: Organization) -> float:
    """Documents on which the two coders differ."""
    said: dict[str, set[str]] = {}
    for row in rows(organization, "document_codings"):
        said.setdefault(row["document_id"], set()).add(row["has_frame"])
    return sum(len(answers) > 1 for answers in said.values())


def _developed_by_staff(organization: Organization) -> float:
    staff = {row["person_id"] for row in rows(organization, "people") if row["person_type"] == "staff"}
    return share(organization, "memberships", lambda row: row["developed_by"] in staff, role="active_member")


def _unnamed(organization: Organization) -> float:
    named = Counter(row["event_id"] for row in rows(organization, "participation") if row["attended"] == "yes")
    counted = {row["event_id"]: int(row["head_count"]) for row in rows(organization, "events") if row["head_count"]}
    return 1 - sum(named[event] for event in counted) / sum(counted.values())


def _unknowns(organization: Organization) -> float:
    return sum(cell == "unknown" for column in organization.tables["participation"].values() for cell in column)


def _in_months(organization: Organization) -> float:
    return share(organization, "one_to_ones", lambda row: len(row["held_on"]) == 7, status="held")


def _manifest(*keys: str) -> Callable[[Organization], Any]:
    def read(organization: Organization) -> Any:
        return functools.reduce(lambda value, key: value[key], keys, organization.manifest)

    return read


def _members_only(organization: Organization) -> float:
    staff = {row["person_id"] for row in rows(organization, "memberships") if row["role"] == "paid_staff"}
    return sum(not {row["person_a"], row["person_b"]} & staff for row in rows(organization, "one_to_ones"))


Measure = Callable[[Organization], Any]
RISES: dict[str, tuple[Any, Any, Measure]] = {
    "people": (40, 80, lambda o: n_of(o, "people", person_type="constituent")),
    "staff": (1, 5, lambda o: n_of(o, "people", person_type="staff")),
    "externals": (0, 9, lambda o: n_of(o, "people", person_type="external")),
    "months": (6, 24, lambda o: n_of(o, "activity_counts", kind="contacts_made")),
    "period_end": ("2025-06-30", "2026-06-30", lambda o: o.tables["events"]["held_on"][-1]),
    "period_months": (12, 6, _manifest("period", "start")),
    "records_late_months": (0, 5, _manifest("records_from")),
    "teams": (2, 9, lambda o: n_of(o, "groups", group_type="team")),
    "institutions": (0, 4, lambda o: n_of(o, "groups", group_type="institution")),
    "known_before": (0.1, 0.9, lambda o: share(o, "people", lambda r: r["first_contact_on"] < "2025")),
    "leaving": (0.0, 0.5, lambda o: filled(o, "people", "left_on")),
    "hired": (0.0, 0.5, lambda o: n_of(o, "memberships", role="paid_staff")),
    "leaders_per_team": (0, 4, lambda o: n_of(o, "memberships", role="leads")),
    "active_members": (0.1, 0.9, lambda o: n_of(o, "memberships", role="active_member")),
    "team_roles": (0.1, 0.9, lambda o: n_of(o, "memberships", role="team_role")),
    "brought_by_member": (1.0, 0.0, _developed_by_staff),
    "in_institution": (0.1, 0.9, lambda o: n_of(o, "memberships", group_id="G-hillside-church")),
    "consent_no": (0.0, 0.5, lambda o: n_of(o, "people", consent_use="no")),
    "consent_aggregate_only": (0.0, 0.5, lambda o: n_of(o, "people", consent_use="aggregate_only")),
    "lines_known": (0.3, 1.0, lambda o: n_of(o, "person_lines")),
    "conversations_per_person_year": (2.0, 6.0, lambda o: n_of(o, "one_to_ones")),
    "staff_asks": (0.1, 0.8, lambda o: sum(asker == "staff" for _, asker, _ in _ends(o)) / len(_ends(o))),
    "member_asks_staff": (0.0, 0.7, lambda o: _asked(o, "constituent", "staff")),
    "member_asks_external": (0.0, 0.4, lambda o: _asked(o, "constituent", "external")),
    "staff_asks_staff": (0.0, 0.5, lambda o: _asked(o, "staff", "staff")),
    "within_team": (0.0, 1.0, _one_team),
    "unequal_asking": (0.0, 2.0, lambda o: _top(o, "one_to_ones", "person_a")),
    "followed_up": (0.1, 0.8, _again),
    "follow_up_days": (10.0, 80.0, _gap),
    "check_ins": (0.0, 0.9, lambda o: n_of(o, "one_to_ones", kind="check_in")),
    "asks_back": (0.0, 1.0, _turned),
    "scripted": (0.0, 0.5, lambda o: n_of(o, "one_to_ones", kind="scripted")),
    "no_show": (0.0, 0.4, lambda o: n_of(o, "one_to_ones", status="no_show")),
    "cancelled": (0.0, 0.4, lambda o: n_of(o, "one_to_ones", status="cancelled")),
    "short_talks": (0.0, 0.5, lambda o: sum(0 < int(r["minutes"] or 0) < 20 for r in rows(o, "one_to_ones"))),
    "events_per_month": (2.0, 8.0, lambda o: n_of(o, "events")),
    "invited_per_event": (5.0, 25.0, _per_event),
    "unequal_attendance": (0.0, 2.0, lambda o: _top(o, "participation", "person_id")),
    "turnout": (0.3, 0.9, lambda o: n_of(o, "participation", attended="yes")),
    "event_cancelled": (0.0, 0.5, lambda o: n_of(o, "events") - n_of(o, "events", status="held")),
    "facilitators": (0.05, 0.8, _facilitators),
    "staff_leads": (0.0, 1.0, _of_staff),
    "functions_per_event": (0.5, 4.0, lambda o: filled(o, "participation", "functions")),
    "reflection_after_action": (0.1, 1.0, lambda o: n_of(o, "events", kind="reflection")),
    "mobilizing": (0.0, 1.0, lambda o: n_of(o, "events", mode="mobilizing")),
    "doors_per_month": (20.0, 200.0, lambda o: sum(int(r["n"]) for r in rows(o, "activity_counts"))),
    "digital_per_month": (2.0, 20.0, lambda o: sum(int(r["n_new"]) for r in rows(o, "digital_cohorts"))),
    "recorded_for": ("staff_only", "everyone", _members_only),
    "teams_with_log": (0.0, 1.0, lambda o: n_of(o, "groups", keeps_conversation_log="yes")),
    "written_down": (0.3, 1.0, lambda o: n_of(o, "one_to_ones")),
    "no_show_recorded": (0.0, 1.0, lambda o: n_of(o, "participation", attended="no")),
    "recorded_by_both": (0.0, 0.5, lambda o: n_of(o, "one_to_ones")),
    "partner_not_recorded": (0.0, 0.5, lambda o: n_of(o, "one_to_ones", person_b="")),
    "minutes_filled": (0.2, 1.0, lambda o: filled(o, "one_to_ones", "minutes", status="held")),
    "initiator_filled": (0.2, 1.0, lambda o: filled(o, "one_to_ones", "initiated_by")),
    "medium_filled": (0.2, 1.0, lambda o: filled(o, "one_to_ones", "medium")),
    "entered_filled": (0.2, 1.0, lambda o: filled(o, "one_to_ones", "entered_on") + filled(o, "events", "entered_on")),
    "head_count_filled": (0.2, 1.0, lambda o: filled(o, "events", "head_count")),
    "confirmation_asked": (0.0, 1.0, lambda o: n_of(o, "one_to_ones", is_confirmed="yes")),
    "functions_recorded": (0.2, 1.0, lambda o: filled(o, "participation", "functions")),
    "steps_recorded": (0.2, 1.0, lambda o: filled(o, "events", "cycle_steps")),
    "unnamed_turnout": (0.0, 0.5, _unnamed),
    "month_precision": (0.0, 0.4, _in_months),
    "entry_lag_days": (2.0, 30.0, lambda o: _days(o, "one_to_ones", "entered_on", "held_on")),
    "optional_filled": (0.2, 1.0, lambda o: filled(o, "participation", "sign_up")),
    "unknown_answers": (0.0, 0.5, _unknowns),
    "double_coded": (0.0, 1.0, lambda o: n_of(o, "event_codings")),
    "has_review": (False, True, lambda o: n_of(o, "reviews")),
    "level": ("core", "full", lambda o: len(o.tables)),
    "campaigns_per_year": (0.0, 6.0, lambda o: n_of(o, "campaigns")),
    "in_campaign": (0.1, 1.0, lambda o: filled(o, "events", "campaign_id")),
    "members_decide": (0.1, 0.9, lambda o: n_of(o, "decisions", body_class="constituent_body")),
    "raises_concern": (0.1, 0.9, lambda o: filled(o, "one_to_ones", "concerns")),
    "commits": (0.1, 0.9, lambda o: n_of(o, "commitments")),
    "keeps_word": (0.1, 0.9, lambda o: n_of(o, "commitments", status="kept")),
    "wave_months": (12, 3, lambda o: n_of(o, "waves")),
    "answers": (0.2, 1.0, lambda o: n_of(o, "wave_respondents", has_answered="yes")),
    "names_given": (1.0, 6.0, lambda o: n_of(o, "tie_reports")),
    "team_feeling": (0.0, 1.5, _spread_of_teams),
    "partners": (0, 6, lambda o: n_of(o, "organization_ties")),
    "joint_campaigns": (0.0, 1.0, lambda o: n_of(o, "joint_acts")),
    "demands_per_campaign": (0.0, 5.0, lambda o: n_of(o, "demands")),
    "wins": (0.0, 1.0, lambda o: n_of(o, "demands", state="won") + n_of(o, "demands", state="partly")),
    "seats_held": (0, 5, lambda o: n_of(o, "seats")),
    "coders_differ": (0.0, 0.6, _differing_codings),
    "documents_per_cell": (5, 40, lambda o: n_of(o, "documents")),
}  # fmt: skip
HIGHER = {field.name for field in dataclasses.fields(HigherBehaviours)} - {"level"}
NAMES = ("name", "team_names", "institution_names")


def test_every_behaviour_has_its_effect_listed() -> None:
    assert {field.name for field in dataclasses.fields(Behaviours)} == set(RISES) | set(NAMES)


@pytest.mark.parametrize("behaviour", RISES)
def test_more_of_a_behaviour_shows_in_the_records(behaviour: str) -> None:
    low, high, measure = RISES[behaviour]
    usual = dataclasses.replace(BIG, level="full") if behaviour in HIGHER else BIG
    less, more = (synthesize(dataclasses.replace(usual, **{behaviour: value}), 1) for value in (low, high))
    assert measure(less) < measure(more)


def test_names_appear_in_ids() -> None:
    named = synthesize(Behaviours(name="hill-tenants", team_names=("east",), institution_names=("mosque",)), 1)
    assert {"G-hill-tenants", "G-east", "G-team-02", "G-mosque", "G-institution-02"} <= set(
        named.tables["groups"]["group_id"]
    )
    assert named.manifest["organization_id"] == "hill-tenants"


@pytest.mark.parametrize(
    "wrong",
    [
        {"turnout": 1.5},
        {"people": 1},
        {"entry_lag_days": -1.0},
        {"recorded_for": "some"},
        {"period_end": "June"},
        {"level": "all"},
        {"wave_months": 0},
        {"commits": 2.0},
        {"names_given": -1.0},
    ],
)
def test_a_behaviour_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Behaviours(**wrong)


def test_extremes_do_not_break_it() -> None:
    probabilities = [f.name for f in dataclasses.fields(Behaviours) if f.type == "float" and 0 <= RISES[f.name][1] <= 1]
    for end in (0.0, 1.0):
        extreme = dataclasses.replace(Behaviours(), **dict.fromkeys(probabilities, end))
        assert faults(synthesize(extreme, 1)) == []
        assert all_faults(synthesize(dataclasses.replace(extreme, level="full"), 1)) == []
    smallest = Behaviours(people=2, staff=0, externals=0, months=1, teams=1, institutions=0, leaders_per_team=0)
    assert faults(synthesize(smallest, 1)) == []
    assert all_faults(synthesize(dataclasses.replace(smallest, level="full"), 1)) == []
    empty = synthesize(Behaviours(events_per_month=0.0, conversations_per_person_year=0.0, has_review=False), 1)
    assert n_of(empty, "events") == n_of(empty, "participation") == n_of(empty, "one_to_ones") == 0
    assert "person_b" in empty.tables["one_to_ones"]
