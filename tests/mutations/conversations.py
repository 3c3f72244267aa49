"""Conversations to be spoiled, and people to talk with each other: no mutations of their own."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable

from mutations.sheets import Sheets

__all__ = [
    "add_conversation",
    "alone",
    "before_everything",
    "declare",
    "later",
    "linked",
    "members",
    "outsiders",
    "pair_without_talk",
    "people",
    "remove",
    "unlinked",
]


def later(day: str, days: int) -> str:
    """A day so many days later, or earlier."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()


def declare(sheets: Sheets, name: str, text: str) -> None:
    """Another text behind a key of the manifest."""
    sheets.manifest, n = re.subn(rf"(?m)^( *{name}:).*$", rf'\1 "{text}"', sheets.manifest)
    assert n == 1, f"the manifest says {name} once"


def remove(sheets: Sheets, table: str, rows: Iterable[int]) -> None:
    """Take rows out; those below move up."""
    gone = set(rows)
    sheets.rows[table] = [cells for row, cells in enumerate(sheets.rows[table], start=2) if row not in gone]


def people(sheets: Sheets) -> list[dict[str, str]]:
    return [record for _, record in sheets.records("people")]


def members(sheets: Sheets) -> list[str]:
    """Constituents who were never paid, are still there, and have long been known."""
    paid = {record["person_id"] for _, record in sheets.records("memberships") if record["role"] == "paid_staff"}
    return [
        one["person_id"]
        for one in people(sheets)
        if one["person_type"] == "constituent" and one["left_on"] == "" and one["first_contact_on"] < "2026-05"
        and one["person_id"] not in paid
    ]  # fmt: skip


def outsiders(sheets: Sheets) -> list[str]:
    return [
        one["person_id"]
        for one in people(sheets)
        if one["person_type"] == "external" and one["left_on"] == "" and one["first_contact_on"] < "2026-05"
    ]


def before_everything(sheets: Sheets) -> str:
    """The member who has been there for longest."""
    known = {one["person_id"]: one["first_contact_on"] for one in people(sheets)}
    return min(members(sheets), key=lambda one: known[one])


def linked(sheets: Sheets) -> set[str]:
    """Conversations that commitments refer to."""
    return {record["one_to_one_id"] for _, record in sheets.records("commitments")}


def unlinked(sheets: Sheets) -> list[int]:
    """Rows of one-to-ones that were held on a known day, early and with a known partner, and that nothing refers to."""
    used = linked(sheets)
    found = sheets.find_all(
        "one_to_ones",
        lambda record: record["one_to_one_id"] not in used and record["person_b"] != "" and record["concerns"] == "",
        lambda record: len(record["held_on"]) == 10 and record["is_confirmed"] not in ("yes", "no"),
        status="held",
        kind="one_to_one",
    )
    return sorted(found, key=lambda row: (sheets.get("one_to_ones", row, "held_on") > "2025-12-15", row))


def alone(sheets: Sheets) -> list[int]:
    """Those of them whose two people have no other conversation."""
    pairs = Counter(_pair(record) for _, record in sheets.records("one_to_ones"))
    records = dict(sheets.records("one_to_ones"))
    return [row for row in unlinked(sheets) if pairs[_pair(records[row])] == 1]


def pair_without_talk(sheets: Sheets) -> tuple[str, str]:
    """Two members who have no conversation with each other."""
    pairs = {_pair(record) for _, record in sheets.records("one_to_ones")}
    some = members(sheets)
    return next((a, b) for a in some for b in some if a < b and frozenset((a, b)) not in pairs)


def add_conversation(sheets: Sheets, a: str, b: str, day: str, kind: str = "one_to_one", **texts: str) -> int:
    """A conversation more, held and with nothing noted beyond what must be."""
    texts = {"one_to_one_id": f"N-{len(sheets.rows['one_to_ones'])}", "status": "held", "kind": kind, **texts}
    return sheets.append("one_to_ones", held_on=day, person_a=a, person_b=b, **texts)


def _pair(record: dict[str, str]) -> frozenset[str]:
    return frozenset((record["person_a"], record["person_b"]))
