"""What the tests of the generator check records with: plain Python, written from the tables, not from the generator."""

from __future__ import annotations

import csv
import datetime
import functools
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from relmetrics.synthesis import Behaviours, Organization

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "schema" / "1.0"
LEADERSHIP = {
    "facilitated", "designed", "presented_analysis", "spoke_for_group", "negotiated", "trained", "delegated_decision",
}  # fmt: skip
NECESSARY = {"people", "groups", "memberships", "one_to_ones", "events", "participation"}
BIG = Behaviours(people=150, teams=6, staff=4, externals=8, events_per_month=8.0)
ROLES = {"team_role", "leads", "governs"}


@functools.cache
def schema_tables() -> dict[str, Any]:
    """The table files of the release."""
    files = sorted((SCHEMA / "tables").glob("*.yaml"))
    return {path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for path in files}


@functools.cache
def codes_of(codelist: str) -> frozenset[str]:
    """The codes of one list."""
    with (SCHEMA / "codelists" / f"{codelist}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


@functools.cache
def code_columns() -> list[tuple[str, str, str]]:
    """Table, column and codelist of every column of codes in the core tables."""
    return [
        (name, field["id"], field["codelist"])
        for name, table in schema_tables().items() for field in table["fields"]
        if table.get("level", "core") == "core" and field["type"] in ("code", "codes") and "codelist" in field
    ]  # fmt: skip


def rows(organization: Organization, table: str) -> list[dict[str, str]]:
    """The rows of a table; none where it is not there."""
    columns = organization.tables.get(table, {})
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def n_of(organization: Organization, table: str, **cells: str) -> int:
    """Rows of the table with these cells."""
    return sum(all(row[name] == text for name, text in cells.items()) for row in rows(organization, table))


def share(organization: Organization, table: str, holds: Callable[[dict[str, str]], bool], **cells: str) -> float:
    """Share of the rows with these cells for which it holds."""
    found = [row for row in rows(organization, table) if all(row[name] == text for name, text in cells.items())]
    return sum(map(holds, found)) / len(found)


def filled(organization: Organization, table: str, column: str, **cells: str) -> float:
    """Share of the rows with these cells in which the column is filled."""
    return share(organization, table, lambda row: row[column] != "", **cells)


def _span(text: str) -> tuple[datetime.date, datetime.date] | None:
    """First and last known day of a date, or nothing where it cannot be read."""
    try:
        if len(text) == 10:
            return datetime.date.fromisoformat(text), datetime.date.fromisoformat(text)
        if len(text) == 7:
            first = datetime.date.fromisoformat(text + "-01")
            return first, (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
        if len(text) == 4:
            return datetime.date(int(text), 1, 1), datetime.date(int(text), 12, 31)
    except ValueError:
        pass
    return None


def faults(organization: Organization) -> list[str]:
    """What is wrong in an organization that should have no error, one sentence a fault."""
    return _structure(organization) or _order_of_days(organization)


def _structure(o: Organization) -> list[str]:
    found = []
    for name, table in schema_tables().items():
        if name not in o.tables:
            continue
        records = rows(o, name)
        fields = {field["id"]: field for field in table["fields"]}
        keys = Counter(tuple(row[column] for column in table["key"]) for row in records)
        found += [f"repeated key: {name} {key}" for key, n in keys.items() if n > 1]
        for column in o.tables[name]:
            field = fields[column]
            cells = o.tables[name][column]
            if field.get("required") == "yes" or column in table["key"]:
                found += [f"empty: {name}.{column}" for cell in cells if not cell]
            if field["type"] == "date":
                bad = [
                    cell
                    for cell in cells
                    if cell and (_span(cell) is None or (len(cell) < 10 and "reduced" not in field))
                ]
                found += [f"unreadable date: {name}.{column} {cell}" for cell in bad]
            if field["type"] in ("integer", "decimal"):
                found += [
                    f"number: {name}.{column} {cell}"
                    for cell in cells
                    if cell and not cell.replace(".", "", 1).isdigit()
                ]
            target = field.get("references", {}).get("table", "")
            if target in o.tables and column != "category_id":
                known = set(o.tables[target][schema_tables()[target]["key"][0]])
                several = [one for cell in cells for one in (cell.split(";") if field["type"] == "codes" else [cell])]
                found += [f"dangling reference: {name}.{column} {one}" for one in several if one and one not in known]
    for name, column, codelist in code_columns():
        for cell in o.tables[name].get(column, []):
            found += [
                f"code: {name}.{column} {code}" for code in cell.split(";") if code and code not in codes_of(codelist)
            ]
    return found


def _order_of_days(o: Organization) -> list[str]:
    """Faults across rows: nobody acts before the first contact or after leaving, nothing is entered too early."""
    found = []
    people = {row["person_id"]: row for row in rows(o, "people")}
    first = {who: _span(row["first_contact_on"])[0] for who, row in people.items()}  # type: ignore[index]
    left = {who: (_span(row["left_on"]) or (None, datetime.date.max))[1] for who, row in people.items()}
    groups = {row["group_id"]: row for row in rows(o, "groups")}
    events = {row["event_id"]: row for row in rows(o, "events")}
    taken = datetime.date.fromisoformat(o.manifest["taken_on"])
    for row in rows(o, "memberships"):
        start, end = _span(row["started_on"]), _span(row["ended_on"]) or (datetime.date.max, datetime.date.max)
        who = row["person_id"]
        if start is None or start[0] > end[1]:
            found.append(f"spell backwards: {row}")
        elif start[0] < first[who] or (row["ended_on"] and end[0] > left[who]) or start[1] > taken:
            found.append(f"spell out of range: {row}")
        elif not row["ended_on"] and left[who] < taken:
            found.append(f"role held after leaving: {row}")
        elif start[0] < _span(groups[row["group_id"]]["started_on"])[0]:  # type: ignore[index]
            found.append(f"spell before the group: {row}")
        if row["developed_by"] == who:
            found.append(f"developed by oneself: {row}")
    for row in rows(o, "one_to_ones"):
        held = _span(row["held_on"])
        assert held is not None
        ends = [row["person_a"], *([row["person_b"]] if row["person_b"] else [])]
        if len(set(ends)) < len(ends):
            found.append(f"with oneself: {row}")
        if row["status"] != "planned" and (
            held[1] < max(first[who] for who in ends) or held[0] > min(left[who] for who in ends)
        ):
            found.append(f"conversation out of range: {row}")
        if (row["status"] == "planned") is not (held[0] > taken):
            found.append(f"planned or past: {row}")
        if row["entered_on"] and not held[0] <= datetime.date.fromisoformat(row["entered_on"]) <= taken:
            found.append(f"entered out of range: {row}")
        if row["status"] != "held" and row["minutes"]:
            found.append(f"minutes of what was not held: {row}")
    present = Counter(row["event_id"] for row in rows(o, "participation") if row["attended"] == "yes")
    for event, row in events.items():
        held_on = row["held_on"]
        if row["entered_on"] and not held_on <= row["entered_on"] <= o.manifest["taken_on"]:
            found.append(f"entered out of range: {row}")
        if row["head_count"]:
            low, high = (int(row[c] or row["head_count"]) for c in ("head_count_low", "head_count_high"))
            if not low <= int(row["head_count"]) <= high or int(row["head_count"]) < present[event]:
                found.append(f"head count: {row}")
        about = events.get(row["reflects_on_event_id"])
        if about and (
            about["kind"] != "collective_action" or about["held_on"] > held_on or row["kind"] != "reflection"
        ):
            found.append(f"reflection: {row}")
    for row in rows(o, "participation"):
        on, who = datetime.date.fromisoformat(events[row["event_id"]]["held_on"]), row["person_id"]
        if events[row["event_id"]]["status"] != "held" or not first[who] <= on <= left[who]:
            found.append(f"participation out of range: {row}")
        if row["attended"] != "yes" and set(row["functions"].split(";")) - {"", "designed"}:
            found.append(f"function of somebody absent: {row}")
        if (row["absence_reason"] and row["attended"] != "no") or row["invited_by"] == who:
            found.append(f"participation: {row}")
    for row in rows(o, "digital_cohorts"):
        found += [
            f"cohort: {row}"
            for c in ("n_one_to_one", "n_member_tie", "n_team")
            if row[c] and int(row[c]) > int(row["n_new"])
        ]
    return found


def near_the_gates(o: Organization) -> dict[str, tuple[float, float]]:
    """What the gates of the eight indicators ask for at the end of the period: what there is, and what is needed.

    Written loosely: whole dates only, positions by person, no merging. Says that an example is rich, no more.
    """
    end = datetime.date.fromisoformat(o.manifest["period"]["end"])
    start = (end - datetime.timedelta(days=365)).isoformat()
    early = (end - datetime.timedelta(days=90)).isoformat()
    last = end.isoformat()

    def inside(text: str) -> bool:
        return len(text) == 10 and start < text <= last

    spells = rows(o, "memberships")
    paid = {row["person_id"] for row in spells if row["role"] == "paid_staff"}
    members = {r["person_id"] for r in rows(o, "people") if r["person_type"] == "constituent"} - paid
    held = {row["event_id"] for row in rows(o, "events") if row["status"] == "held" and inside(row["held_on"])}
    signed = {
        r["person_id"] for r in rows(o, "participation") if r["attended"] == "yes" and r["event_id"] in held
    } & members
    lasting = [row for row in spells if not row["ended_on"] or row["ended_on"] > start]
    recent = [row for row in rows(o, "one_to_ones") if inside(row["held_on"])]
    talks = [
        row for row in recent
        if row["status"] == "held" and row["kind"] == "one_to_one" and row["person_b"]
        and int(row["minutes"] or 20) >= 20
    ]  # fmt: skip
    active = signed | {row["person_id"] for row in lasting if row["role"] in ROLES} & members
    active |= {row[side] for row in talks for side in ("person_a", "person_b")} & members
    logs = {row["group_id"] for row in rows(o, "groups") if row["keeps_conversation_log"] == "yes"}
    covered = {row["person_id"] for row in lasting if row["group_id"] in logs}
    covered |= {row[side] for row in recent for side in ("person_a", "person_b")}
    scope = o.manifest["conversations_recorded_for"]
    coverage = {"everyone": 1.0, "marked_groups": len(active & covered) / max(1, len(active))}.get(scope, 0.0)
    dyads: dict[frozenset[str], str] = {}
    for row in sorted(talks, key=lambda row: row["held_on"]):
        dyads.setdefault(frozenset((row["person_a"], row["person_b"])), row["held_on"])
    origins = {pair: on for pair, on in dyads.items() if on <= early and pair & members}
    again = sum(
        any(r["status"] == "held" and r["held_on"] > on and {r["person_a"], r["person_b"]} == pair for r in recent)
        for pair, on in origins.items()
    )  # fmt: skip
    half_year = (end - datetime.timedelta(days=181)).isoformat()
    neighbours: dict[str, set[str]] = defaultdict(set)
    for pair in dyads:
        if pair <= active:
            for who in pair:
                neighbours[who] |= pair - {who}
    acts = {
        (row["event_id"], row["person_id"]) for row in rows(o, "participation")
        if row["event_id"] in held and row["person_id"] in members and set(row["functions"].split(";")) & LEADERSHIP
    }  # fmt: skip
    months = {
        r["month"]
        for r in rows(o, "activity_counts")
        if r["kind"] == "contacts_made" and start[:7] < r["month"] <= last[:7]
    }
    ends = [len({row["person_a"], row["person_b"]} & members) for row in talks]
    return {
        "active constituents": (len(active), 10),
        "signed in": (len(signed), 1),
        "conversations with a constituent": (sum(n > 0 for n in ends), 20),
        "conversations between members": (ends.count(2), 1),
        "conversations of members with staff": (ends.count(1), 1),
        "dyads with an early origin": (len(origins), 20),
        "dyads that talk again": (again, 1),
        "dyads followed for 180 days": (sum(on <= half_year for on in origins.values()), 5),
        "two-paths among members": (sum(len(n) * (len(n) - 1) // 2 for n in neighbours.values()), 10),
        "leadership acts": (len(acts), 20),
        "people who lead": (len({who for _, who in acts}), 5),
        "events with an act": (len({event for event, _ in acts}), 10),
        "coverage": (coverage, 0.85),
        "months of contacts made": (len(months), 12),
    }  # fmt: skip
