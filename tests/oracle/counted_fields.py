"""The fields that DQ-01 counts: all that are marked R beside the key, and optional ones in the rows named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.cleaning import CHANNEL, YNU

GRADE = "0 1 2 3 4"

# table -> its key and the fields marked R that are no part of it; types as in cleaning.SCHEMA
TABLES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "people": (
        {"person_id": "id"},
        {
            "person_type": "constituent staff external",
            "first_contact_on": "date",
            "consent_use": "yes aggregate_only no",
        },
    ),
    "lines": ({"line_id": "id", "category_id": "id"}, {"title": "text"}),
    "person_lines": ({"person_id": "id", "line_id": "id"}, {"category_id": "id"}),
    "groups": (
        {"group_id": "id"},
        {"group_type": "team committee institution chapter caucus governing_body external_organization"},
    ),
    "memberships": (
        {
            "person_id": "id",
            "group_id": "id",
            "role": "participant active_member team_role leads governs paid_staff",
            "started_on": "date",
        },
        {},
    ),
    "one_to_ones": (
        {"one_to_one_id": "id"},
        {
            "held_on": "date",
            "person_a": "id",
            "status": "held no_show cancelled planned unknown",
            "kind": "one_to_one check_in scripted",
        },
    ),
    "events": (
        {"event_id": "id"},
        {
            "held_on": "day",
            "status": "held cancelled postponed planned unknown",
            "kind": "meeting house_meeting training research_session collective_action public_meeting reflection "
            "service canvass celebration",
        },
    ),
    "participation": ({"event_id": "id", "person_id": "id"}, {"attended": YNU}),
    "event_codings": ({"event_id": "id", "coder": "id"}, {"mode": "organizing mobilizing service administrative"}),
    "activity_counts": (
        {
            "month": "month",
            "kind": "contacts_made signatures messages_to_target calls_to_target attendances list_size followers opens "
            "contacts_from_targets",
        },
        {"n": "integer"},
    ),
    "digital_cohorts": ({"cohort_month": "month", "channel": CHANNEL}, {"n_new": "integer"}),
    "reviews": ({"event_id": "id", "indicator_id": "id"}, {"result": "confirmed corrected disputed"}),
    "issues": ({"issue_id": "id"}, {}),
    "campaigns": ({"campaign_id": "id"}, {"issue_id": "id", "opened_on": "date"}),
    "commitments": (
        {"commitment_id": "id"},
        {
            "person_id": "id",
            "made_on": "day",
            "due_on": "day",
            "kind": "attend recruit host research lead_role speak give_money one_to_one other",
            "status": "kept partly not_kept open unknown",
        },
    ),
    "decisions": (
        {"decision_id": "id"},
        {
            "decided_on": "day",
            "subject": "issue target demand strategy settlement budget alliance other",
            "group_id": "id",
            "body_class": "constituent_body mixed board staff funder_directed coalition",
        },
    ),
    "waves": ({"wave_id": "id"}, {"kind": "roster team_survey", "asked_on": "day"}),
    "wave_respondents": ({"wave_id": "id", "person_id": "id"}, {"has_answered": YNU}),
    "tie_reports": (
        {"wave_id": "id", "reporter": "id", "alter": "id", "relation": "talks_one_to_one works_with turns_to trusts"},
        {},
    ),
    "organization_ties": (
        {
            "group_id": "id",
            "kind": "information joint_planning shared_resources joint_action",
            "started_on": "date",
        },
        {},
    ),
    "joint_acts": ({"joint_act_id": "id"}, {"occurred_on": "day", "partners": "ids"}),
    "joint_act_codings": ({"joint_act_id": "id", "coder": "id"}, {"articulation": "articulated aggregated"}),
    "demands": (
        {"demand_id": "id"},
        {
            "campaign_id": "id",
            "made_on": "day",
            "target": "text",
            "state": "open won partly refused withdrawn",
            "opposition": "none passive organized unknown",
        },
    ),
    "agenda_items": (
        {"agenda_item_id": "id"},
        {
            "body": "text",
            "request": "place keep_off",
            "requested_on": "day",
            "result": "achieved not_achieved open",
        },
    ),
    "seats": (
        {"seat_id": "id"},
        {"body": "text", "person_id": "id", "started_on": "day", "has_binding_vote": YNU},
    ),
    "outcomes": (
        {"outcome_id": "id", "face": "visible hidden invisible"},
        {"occurred_on": "date", "direction": "gain defence loss", "title": "text"},
    ),
    "outcome_codings": (
        {"outcome_id": "id", "face": "visible hidden invisible", "coder": "id"},
        {"grade": GRADE},
    ),
    "survey_items": (
        {"item_code": "id"},
        {
            "scale": "text",
            "referent": "self team organization",
            "minimum": "integer",
            "maximum": "integer",
            "is_reversed": YNU,
            "wording_version": "text",
            "licence": "text",
        },
    ),
    "survey_responses": ({"wave_id": "id", "person_id": "id", "item_code": "id"}, {"group_id": "id"}),
    "reference_population": (
        {"line_id": "id", "category_id": "id"},
        {"share": "decimal", "source": "text", "year": "text"},
    ),
    "documents": (
        {"document_id": "id"},
        {"published_on": "day", "series": "focal comparison", "phase": "before after"},
    ),
    "document_codings": ({"document_id": "id", "coder": "id"}, {"has_frame": "yes no"}),
}

Row = dict[str, Any]
HELD = ("held",)
SESSION_KINDS = ("meeting", "house_meeting", "training", "research_session", "public_meeting")
STEPS = "codes: issue_identification causal_analysis power_analysis strategy action reflection"
INITIATOR = "person_a person_b both third_person unknown"


def always(_: Row) -> bool:
    return True


def where(**conditions: tuple[str, ...]) -> Callable[[Row], bool]:
    """Rows in which every named field is one of the codes given."""
    return lambda r: all(r[f] in codes for f, codes in conditions.items())


talk = where(status=HELD, kind=("one_to_one",))
action = where(status=HELD, kind=("collective_action",))

# adoption level, table, field, type, the rows in which the field is counted
OPTIONAL: list[tuple[str, str, str, str, Callable[[Row], bool]]] = [
    ("core", "people", "first_channel", CHANNEL, where(person_type=("constituent",))),
    ("core", "groups", "has_written_purpose", YNU, where(group_type=("team",))),
    ("marked_groups", "groups", "keeps_conversation_log", YNU, always),
    ("core", "one_to_ones", "person_b", "id", talk),
    ("core", "one_to_ones", "initiated_by", INITIATOR, talk),
    ("core", "one_to_ones", "entered_on", "day", talk),
    ("core", "events", "mode", "organizing mobilizing service administrative", where(status=HELD)),
    ("core", "events", "entered_on", "day", where(status=HELD)),
    ("core", "events", "cycle_steps", STEPS, where(status=HELD, kind=SESSION_KINDS)),
    ("core", "events", "head_count", "integer", where(status=HELD, kind=("collective_action", "public_meeting"))),
    ("core", "events", "has_written_lesson", YNU, where(status=HELD, kind=("reflection",))),
    ("core", "activity_counts", "is_reported_as_action", YNU, always),
    ("core", "digital_cohorts", "n_one_to_one", "integer", always),
    ("core", "digital_cohorts", "n_member_tie", "integer", always),
    ("core", "digital_cohorts", "n_team", "integer", always),
    ("relational", "events", "target", "text", action),
    ("relational", "events", "has_target_authority", YNU, action),
    ("relational", "events", "has_stated_demand", YNU, action),
    ("relational", "commitments", "is_new", YNU, always),
    ("relational", "decisions", "n_voting", "integer", always),
    ("relational", "decisions", "n_voting_constituents", "integer", always),
    ("relational", "decisions", "is_consultant_decisive", YNU, always),
    ("relational", "organization_ties", "is_confirmed_by_partner", YNU, always),
    ("relational", "organization_ties", "have_constituents_met", YNU, always),
    ("relational", "joint_acts", "is_demand_jointly_authored", YNU, always),
    ("relational", "joint_acts", "has_each_body_decided", YNU, always),
    ("relational", "joint_acts", "have_constituents_led", YNU, always),
    ("relational", "joint_acts", "is_frame_linked", YNU, always),
    ("full", "demands", "state_on", "day", where(state=("won", "partly", "refused", "withdrawn"))),
    ("full", "demands", "implementation", "yes no partly not_due unknown", where(state=("won", "partly"))),
    ("full", "agenda_items", "result_on", "day", where(result=("achieved", "not_achieved"))),
    ("full", "seats", "nominated_by", "constituent_body staff authority other unknown", always),
    ("full", "survey_responses", "value", "integer", always),
]
