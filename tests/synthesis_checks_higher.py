"""What the tests of the generator check above the core, in plain Python from the tables, not from the generator."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict

from relmetrics.synthesis import Organization
from synthesis_checks import _span, codes_of, faults, rows, schema_tables

Row = dict[str, str]


def all_faults(o: Organization) -> list[str]:
    """What is wrong in an organization of any level that should have no error, one sentence a fault."""
    found = faults(o) + _codes_and_references(o)
    if found or "campaigns" not in o.tables:
        return found
    return (
        _campaigns(o) + _commitments(o) + _decisions(o) + _waves(o) + _partners(o)
        + (_power(o) + _outcomes(o) + _surveys(o) if "demands" in o.tables else [])
    )  # fmt: skip


def _first(text: str) -> datetime.date:
    span = _span(text)
    assert span is not None, text
    return span[0]


def _last(text: str) -> datetime.date:
    span = _span(text)
    return span[1] if span else datetime.date.max


def _codes_and_references(o: Organization) -> list[str]:
    found = []
    for name, columns in o.tables.items():
        for field in schema_tables()[name]["fields"]:
            cells = columns.get(field["id"], [])
            target = field.get("references", {}).get("table", "")
            for cell in cells:
                parts = cell.split(";") if field["type"] == "codes" else [cell]
                if "codelist" in field and target == "":
                    found += [f"code: {name} {p}" for p in parts if p and p not in codes_of(field["codelist"])]
                if target in o.tables and field["id"] != "category_id":
                    known = set(o.tables[target][schema_tables()[target]["key"][0]])
                    found += [f"dangling: {name}.{field['id']} {p}" for p in parts if p and p not in known]
                if field["type"] in ("label", "public_text") and len(cell) > int(field.get("max_length", 60)):
                    found.append(f"too long: {name} {cell}")
    return found


def _within(campaign: Row, day: str) -> bool:
    return _first(campaign["opened_on"]) <= _last(day) and _first(day) <= _last(campaign["closed_on"])


def _campaigns(o: Organization) -> list[str]:
    found = []
    campaigns = {row["campaign_id"]: row for row in rows(o, "campaigns")}
    decisions = {row["decision_id"]: row for row in rows(o, "decisions")}
    demands = {row["demand_id"]: row for row in rows(o, "demands")}
    acted = {row["campaign_id"] for row in rows(o, "joint_acts")}
    for row in campaigns.values():
        if not _first(row["opened_on"]) <= _first(row["decided_on"]) <= _last(row["closed_on"]):
            found.append(f"campaign dates: {row}")
        if (row["is_joint"] == "yes") is not (row["campaign_id"] in acted):
            found.append(f"joint campaign: {row}")
    used = {cell for row in rows(o, "one_to_ones") for cell in row["concerns"].split(";")}
    used |= {row["issue_id"] for row in campaigns.values()}
    found += [f"unused issue: {row}" for row in rows(o, "issues") if row["issue_id"] not in used]
    acts: Counter[tuple[str, str]] = Counter()
    for row in rows(o, "events"):
        campaign = campaigns.get(row["campaign_id"])
        if campaign and row["status"] != "planned" and not _within(campaign, row["held_on"]):
            found.append(f"event outside its campaign: {row}")
        if row["target"]:
            acts[row["held_on"], row["target"]] += 1
        elif row["has_target_authority"] or row["has_stated_demand"]:
            found.append(f"authority of no target: {row}")
        decision = decisions.get(row["decision_id"])
        if decision and (decision["decided_on"] >= row["held_on"] or decision["campaign_id"] != row["campaign_id"]):
            found.append(f"decision after the action: {row}")
        demand = demands.get(row.get("demand_id", ""))
        if demand and (
            demand["campaign_id"] != row["campaign_id"] or demand["target"] != row["target"]
            or demand["made_on"] > row["held_on"] or row["has_stated_demand"] != "yes"
            or (demand["state_on"] or "9") < row["held_on"]
        ):  # fmt: skip
            found.append(f"demand of an event: {row}")
    found += [f"one act twice: {key}" for key, n in acts.items() if n > 1]
    return found


def _commitments(o: Organization) -> list[str]:
    found = []
    people = {row["person_id"]: row for row in rows(o, "people")}
    talks = {row["one_to_one_id"]: row for row in rows(o, "one_to_ones")}
    events = {row["event_id"]: row for row in rows(o, "events")}
    attended = {(row["event_id"], row["person_id"]): row["attended"] for row in rows(o, "participation")}
    taken, seen = o.manifest["taken_on"], set()
    both = defaultdict(set)
    for row in rows(o, "commitments"):
        both[row["one_to_one_id"]].add((row["person_id"], row["is_mutual"]))
        who, talk = row["person_id"], talks[row["one_to_one_id"]]
        ends = {talk["person_a"], talk["person_b"]}
        if who not in ends or not (talk["held_on"] <= row["made_on"]) or talk["status"] != "held":
            found.append(f"not of that conversation: {row}")
        if row["asked_by"] and (row["asked_by"] not in ends or row["asked_by"] == who):
            found.append(f"asked by somebody else: {row}")
        if people[who]["person_type"] != "constituent" or _last(people[who]["left_on"]) < _last(row["due_on"]):
            found.append(f"not a member who stayed: {row}")
        if not row["made_on"] < row["due_on"] or row["made_on"] > taken:
            found.append(f"dates of a commitment: {row}")
        on = row["status_on"]
        if on and not row["made_on"] <= on <= taken:
            found.append(f"kept too early or late: {row}")
        if row["status"] == "open" and (on or row["due_on"] <= taken):
            found.append(f"overdue and open: {row}")
        if row["status"] == "not_kept" and on and on < row["due_on"]:
            found.append(f"not kept before it was due: {row}")
        event = events.get(row["event_id"])
        if event and (event["held_on"] <= row["made_on"] or event["held_on"] != row["due_on"]):
            found.append(f"event of a commitment: {row}")
        if event and event["status"] == "held":
            told = attended.get((row["event_id"], who))
            if {"yes": "kept", "no": "not_kept", "unknown": "unknown"}[told or ""] != row["status"]:
                found.append(f"the sheet says otherwise: {row}")
        if (who, row["event_id"]) in seen and row["event_id"]:
            found.append(f"twice the same: {row}")
        seen.add((who, row["event_id"]))
        earlier = [
            other for other in rows(o, "commitments")
            if other["person_id"] == who and other["kind"] == row["kind"] and other["made_on"] < row["made_on"]
        ]  # fmt: skip
        if row["is_new"] == "yes" and earlier:
            found.append(f"not new: {row}")
    found += [f"mutual alone: {t}" for t, ends in both.items()
              if any(m == "yes" for _, m in ends) and len(ends) < 2]  # fmt: skip
    return found


def _decisions(o: Organization) -> list[str]:
    found = []
    groups = {row["group_id"]: row for row in rows(o, "groups")}
    campaigns = {row["campaign_id"]: row for row in rows(o, "campaigns")}
    events = {row["event_id"]: row for row in rows(o, "events")}
    present = Counter(row["event_id"] for row in rows(o, "participation") if row["attended"] == "yes")
    seen = set()
    for row in rows(o, "decisions"):
        voting, own, quorum = (int(row[c] or 0) for c in ("n_voting", "n_voting_constituents", "quorum"))
        if not quorum <= own <= voting and row["body_class"] not in ("staff", "funder_directed"):
            found.append(f"votes: {row}")
        if not _within(campaigns[row["campaign_id"]], row["decided_on"]) or row["decided_on"] > o.manifest["taken_on"]:
            found.append(f"decision outside its campaign: {row}")
        if _first(groups[row["group_id"]]["started_on"]) > _first(row["decided_on"]):
            found.append(f"body not yet there: {row}")
        event = events.get(row["event_id"])
        if event and (event["held_on"] != row["decided_on"] or event["status"] != "held"
                      or voting > present[row["event_id"]] or event["group_id"] not in ("", row["group_id"])
                      or event["campaign_id"] not in ("", row["campaign_id"])):  # fmt: skip
            found.append(f"decision at an event: {row}")
        members = {
            m["person_id"] for m in rows(o, "memberships")
            if m["group_id"] == row["group_id"]
            and _first(m["started_on"]) <= _first(row["decided_on"]) <= _last(m["ended_on"])
        }  # fmt: skip
        if row["body_class"] != "coalition" and voting > len(members):
            found.append(f"more votes than members: {row}")
        key = tuple(row[c] for c in ("decided_on", "group_id", "campaign_id", "event_id", "subject"))
        if key in seen:
            found.append(f"decided twice: {row}")
        seen.add(key)
    return found


def _waves(o: Organization) -> list[str]:
    found = []
    waves = {row["wave_id"]: row for row in rows(o, "waves")}
    people = {row["person_id"]: row for row in rows(o, "people")}
    asked = {(row["wave_id"], row["person_id"]): row for row in rows(o, "wave_respondents")}
    spells = rows(o, "memberships")
    for row in asked.values():
        on = datetime.date.fromisoformat(waves[row["wave_id"]]["asked_on"])
        who = people[row["person_id"]]
        if not _first(who["first_contact_on"]) <= on <= _last(who["left_on"]) or who["person_type"] == "external":
            found.append(f"asked out of range: {row}")
        if not any(
            s["person_id"] == row["person_id"] and s["group_id"] == row["group_id"]
            and _first(s["started_on"]) <= on <= _last(s["ended_on"]) for s in spells
        ):  # fmt: skip
            found.append(f"group of somebody asked: {row}")
    found += [f"wave without anybody: {wave}" for wave in set(waves) - {wave for wave, _ in asked}]
    named = Counter((row["wave_id"], row["reporter"]) for row in rows(o, "tie_reports"))
    for row in rows(o, "tie_reports"):
        wave, reporter, alter = row["wave_id"], row["reporter"], row["alter"]
        if reporter == alter or waves[wave]["kind"] != "roster" or (wave, alter) not in asked:
            found.append(f"nomination: {row}")
        if asked.get((wave, reporter), {}).get("has_answered") != "yes":
            found.append(f"nominates without having answered: {row}")
        if named[wave, reporter] > int(waves[wave]["n_choices_allowed"] or 99):
            found.append(f"too many nominations: {row}")
    return found


def _partners(o: Organization) -> list[str]:
    found = []
    groups = {row["group_id"]: row for row in rows(o, "groups")}
    campaigns = {row["campaign_id"]: row for row in rows(o, "campaigns")}
    events = {row["event_id"]: row for row in rows(o, "events")}
    ties = rows(o, "organization_ties")
    for row in ties:
        group = groups[row["group_id"]]
        older = _first(group["started_on"] or "1900") <= _first(row["started_on"])
        if group["group_type"] != "external_organization" or not older:
            found.append(f"tie: {row}")
        if _first(row["started_on"]) > _last(row["ended_on"]):
            found.append(f"tie backwards: {row}")
    acts = {row["joint_act_id"]: row for row in rows(o, "joint_acts")}
    for row in acts.values():
        on = _first(row["occurred_on"])
        acting = {
            t["group_id"] for t in ties
            if t["kind"] == "joint_action" and _first(t["started_on"]) <= on <= _last(t["ended_on"])
        }  # fmt: skip
        if not set(row["partners"].split(";")) <= acting:
            found.append(f"partner without a tie: {row}")
        event = events.get(row["event_id"])
        if event and (event["held_on"] != row["occurred_on"] or event["campaign_id"] != row["campaign_id"]):
            found.append(f"event of a joint act: {row}")
        if (
            not _within(campaigns[row["campaign_id"]], row["occurred_on"])
            or row["occurred_on"] > o.manifest["taken_on"]
        ):
            found.append(f"joint act outside its campaign: {row}")
    days = Counter(row["occurred_on"] for row in acts.values())
    found += [f"two joint acts on one day: {day}" for day, n in days.items() if n > 1]
    coders = Counter(row["joint_act_id"] for row in rows(o, "joint_act_codings"))
    found += [f"coded once: {act}" for act in acts if coders[act] != 2]
    for row in rows(o, "joint_act_codings"):
        denied = any(acts[row["joint_act_id"]][c] == "no" for c in list(acts[row["joint_act_id"]])[5:])
        if row["articulation"] == "articulated" and denied:
            found.append(f"contradiction: {row}")
    return found


def _power(o: Organization) -> list[str]:
    found = []
    taken = o.manifest["taken_on"]
    campaigns = {row["campaign_id"]: row for row in rows(o, "campaigns")}
    demands = {row["demand_id"]: row for row in rows(o, "demands")}
    for row in demands.values():
        on = row["state_on"]
        if (row["state"] == "open") is not (on == "") or (on and not row["made_on"] <= on <= taken):
            found.append(f"state of a demand: {row}")
        campaign = campaigns[row["campaign_id"]]
        if (
            not _within(campaign, row["made_on"])
            or (on and not _within(campaign, on))
            or row["made_on"] < campaign["decided_on"]
        ):
            found.append(f"demand outside its campaign: {row}")
        if row["state"] == "open" and campaign["closed_on"]:
            found.append(f"open demand of a closed campaign: {row}")
        if (row["implementation"] != "") is not (row["state"] in ("won", "partly")):
            found.append(f"implementation: {row}")
        checked = row["implementation_checked_on"]
        if checked and (not on <= checked <= taken or row["implementation"] not in ("yes", "no", "partly")):
            found.append(f"checked: {row}")
    for row in rows(o, "agenda_items"):
        on = row["result_on"]
        if (row["result"] == "open") is not (on == "") or (on and not row["requested_on"] <= on <= taken):
            found.append(f"result of an item: {row}")
        demand = demands.get(row["demand_id"])
        if demand and not demand["made_on"] <= row["requested_on"] <= (demand["state_on"] or "9"):
            found.append(f"item and demand: {row}")
        if (row["result"] == "achieved" and row["grade"] == "0") or (row["result"] == "open" and row["grade"]):
            found.append(f"grade: {row}")
    people = {row["person_id"]: row for row in rows(o, "people")}
    for row in rows(o, "seats"):
        who = people[row["person_id"]]
        if who["person_type"] != "constituent" or _first(who["first_contact_on"]) > _first(row["started_on"]):
            found.append(f"seat of: {row}")
        if row["started_on"] > taken or (row["ended_on"] and not row["started_on"] < row["ended_on"] <= taken):
            found.append(f"dates of a seat: {row}")
    bodies = Counter(row["body"] for row in rows(o, "seats"))
    found += [f"one seat, two people: {body}" for body, n in bodies.items() if n > 1]
    return found


def _outcomes(o: Organization) -> list[str]:
    found = []
    campaigns = {row["campaign_id"]: row for row in rows(o, "campaigns")}
    demands = {row["demand_id"]: row for row in rows(o, "demands")}
    outcomes = {(row["outcome_id"], row["face"]): row for row in rows(o, "outcomes")}
    of_id = defaultdict(set)
    for row in outcomes.values():
        of_id[row["outcome_id"]].add((row["occurred_on"], row["direction"], row["demand_id"], row["campaign_id"]))
        demand = demands.get(row["demand_id"])
        if demand and (
            demand["campaign_id"] != row["campaign_id"] or _last(row["occurred_on"]) < _last(demand["made_on"])
            or (row["face"] == "visible" and (row["direction"] == "loss") is not (demand["state"] == "refused"))
        ):  # fmt: skip
            found.append(f"outcome and demand: {row}")
        if (
            not _within(campaigns[row["campaign_id"]], row["occurred_on"])
            or row["occurred_on"] > o.manifest["taken_on"]
        ):
            found.append(f"outcome outside its campaign: {row}")
    found += [f"faces differ: {name}" for name, facts in of_id.items() if len(facts) > 1]
    found += [f"title twice: {t}" for t, n in Counter(row["title"] for row in outcomes.values()).items() if n > 1]
    coders = Counter((row["outcome_id"], row["face"]) for row in rows(o, "outcome_codings"))
    found += [f"coded once: {key}" for key in outcomes if coders[key] != 2]
    for row in rows(o, "outcome_codings"):
        grade, examined = int(row["grade"]), row["has_examined_alternatives"] == "yes"
        if (grade > 1 and row["source_kind"] == "own") or (grade == 4 and not examined):
            found.append(f"unsupported grade: {row}")
    coded = Counter(row["document_id"] for row in rows(o, "document_codings"))
    documents = rows(o, "documents")
    found += [f"coded once: {row}" for row in documents if coded[row["document_id"]] != 2]
    before = max((row["published_on"] for row in documents if row["phase"] == "before"), default="")
    after = min((row["published_on"] for row in documents if row["phase"] == "after"), default="9")
    if before >= after or any(row["published_on"] > o.manifest["taken_on"] for row in documents):
        found.append("phases of documents")
    return found


def _surveys(o: Organization) -> list[str]:
    found = []
    items = {row["item_code"]: row for row in rows(o, "survey_items")}
    scales = Counter((row["scale"], row["referent"], row["minimum"], row["maximum"]) for row in items.values())
    if len({scale for scale, *_ in scales}) < len(scales) or min(scales.values()) < 3:
        found.append(f"scales: {scales}")
    asked = {(row["wave_id"], row["person_id"]): row for row in rows(o, "wave_respondents")}
    teams = {row["wave_id"] for row in rows(o, "waves") if row["kind"] == "team_survey"}
    answered = set()
    for row in rows(o, "survey_responses"):
        key = (row["wave_id"], row["person_id"])
        answered.add(key)
        if (
            asked[key]["has_answered"] != "yes"
            or asked[key]["group_id"] != row["group_id"]
            or row["wave_id"] not in teams
        ):
            found.append(f"response: {row}")
        item = items[row["item_code"]]
        if row["value"] and not int(item["minimum"]) <= int(row["value"]) <= int(item["maximum"]):
            found.append(f"outside the range: {row}")
    silent = {key for key, row in asked.items() if key[0] in teams and row["has_answered"] == "yes"} - answered
    found += [f"answered nothing: {key}" for key in silent]
    declared = {(row["line_id"], row["category_id"]) for row in rows(o, "lines")}
    shares: dict[str, float] = defaultdict(float)
    for row in rows(o, "reference_population"):
        shares[row["line_id"]] += float(row["share"])
        if (row["line_id"], row["category_id"]) not in declared or float(row["share"]) <= 0:
            found.append(f"reference: {row}")
    found += [f"shares: {line} {total}" for line, total in shares.items() if abs(total - 1) > 0.0005]
    return found
