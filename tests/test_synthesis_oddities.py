"""What plant_oddities plants: everything that is listed, within thirty seeds."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable

import pytest

from relmetrics.errors import UsageError
from relmetrics.synthesis import ODDITIES, Behaviours, Organization, plant_oddities, synthesize
from relmetrics.synthesis.plot import CODES, DATES, KEYS
from synthesis_checks import NECESSARY, code_columns, codes_of, rows


def _any(table: str, holds: Callable[[dict[str, str]], bool]) -> Callable[[Organization], bool]:
    return lambda o: table in o.tables and any(holds(row) for row in rows(o, table))


def _repeated(differing: bool) -> Callable[[Organization], bool]:
    def found(o: Organization) -> bool:
        for table in KEYS:
            seen: dict[tuple[str, ...], dict[str, str]] = {}
            for row in rows(o, table):
                key = tuple(row.get(column, "") for column in KEYS[table])
                if key in seen and all(key) and (seen[key] != row) is differing:
                    return True
                seen.setdefault(key, row)
        return False

    return found


def _unreadable(text: str) -> bool:
    try:
        datetime.date.fromisoformat({4: text + "-01-01", 7: text + "-01"}.get(len(text), text))
    except ValueError:
        return text != ""
    return False


def _outside_list(o: Organization) -> bool:
    return any(
        code and code not in codes_of(codelist)
        for table, column, codelist in code_columns() for cell in o.tables.get(table, {}).get(column, [])
        for code in map(str.strip, cell.split(";"))
    )  # fmt: skip


def _swapped(o: Organization) -> bool:
    seen = set()
    for row in rows(o, "one_to_ones"):
        cells = (row.get("held_on"), row.get("kind"))
        if row.get("status") == "held" and row.get("person_b") and (row["person_b"], row["person_a"], *cells) in seen:
            return True
        seen.add((row["person_a"], row.get("person_b"), *cells))
    return False


def _became_staff(o: Organization) -> bool:
    kind = {row["person_id"]: row["person_type"] for row in rows(o, "people")}
    end = o.manifest["period"]["end"]
    year_before = f"{int(end[:4]) - 1}{end[4:]}"
    return any(
        row["role"] == "paid_staff" and kind.get(row["person_id"]) == "constituent"
        and year_before < row["started_on"] <= end for row in rows(o, "memberships")
    )  # fmt: skip


SEEN: dict[str, Callable[[Organization], bool]] = {
    "bad date": lambda o: any(_unreadable(text) for t, c in DATES for text in o.tables.get(t, {}).get(c, [])),
    "code outside its list": _outside_list,
    "number of another form": _any("one_to_ones", lambda r: not (r.get("minutes") or "0").isdigit()),
    "repeated key, fields differ": _repeated(differing=True),
    "repeated key, all the same": _repeated(differing=False),
    "dangling reference": _any("one_to_ones", lambda r: (r.get("person_b") or "").startswith("X-")),
    "dangling event": _any("participation", lambda r: r["event_id"].startswith("X-")),
    "spell backwards": _any("memberships", lambda r: r["started_on"] > r.get("ended_on", "") > "2000-01-01"),
    "missing key part": _any("participation", lambda r: r["person_id"] == ""),
    "empty required cell": _any("one_to_ones", lambda r: r["status"] == "" or r["kind"] == "" or r["held_on"] == ""),
    "month of a conversation": _any("one_to_ones", lambda r: len(r["held_on"]) == 7),
    "year of a conversation": _any("one_to_ones", lambda r: len(r["held_on"]) == 4),
    "reduced end of a spell": _any("memberships", lambda r: len(r.get("ended_on", "")) in (4, 7)),
    "consent no": _any("people", lambda r: r["consent_use"] == "no"),
    "consent aggregate_only": _any("people", lambda r: r["consent_use"] == "aggregate_only"),
    "conversation with the ends swapped": _swapped,
    "staff in the middle of the window": _became_staff,
    "partner missing": _any("one_to_ones", lambda r: r.get("person_b") == ""),
    **{f"status {code}": _any("one_to_ones", lambda r, code=code: r["status"] == code)  # type: ignore[misc]
       for code in ("no_show", "planned", "unknown", "cancelled")},
    **{f"kind {code}": _any("one_to_ones", lambda r, code=code: r["kind"] == code)  # type: ignore[misc]
       for code in ("check_in", "scripted")},
    "minutes 19": _any("one_to_ones", lambda r: r.get("minutes") == "19"),
    "minutes 20": _any("one_to_ones", lambda r: r.get("minutes") == "20"),
    "with oneself": _any("one_to_ones", lambda r: r["person_a"] != "" and r["person_a"] == r.get("person_b")),
    "attended unknown": _any("participation", lambda r: r["attended"] == "unknown"),
    "several functions": _any("participation", lambda r: ";" in r.get("functions", "")),
    "externals": _any("people", lambda r: r["person_type"] == "external"),
    "left": _any("people", lambda r: r.get("left_on", "") != ""),
    "log unknown": _any("groups", lambda r: r.get("keeps_conversation_log") == "unknown"),
    "absent column": lambda o: any(t in o.tables and c not in o.tables[t] for t, c in CODES + DATES),
    "absent optional table": lambda o: not set(KEYS) <= set(o.tables),
    "absent necessary table": lambda o: not set(o.tables) >= NECESSARY,
    "empty table": lambda o: any(not next(iter(columns.values())) for columns in o.tables.values()),
    **{f"recorded for {code}": lambda o, code=code: o.manifest["conversations_recorded_for"] == code  # type: ignore[misc]
       for code in ("everyone", "marked_groups", "staff_only", "nobody")},
    "paid staff yes": lambda o: o.manifest["has_paid_staff"] == "yes",
    "paid staff no": lambda o: o.manifest["has_paid_staff"] == "no",
    "records late, still a warning": lambda o: "2025-07-01" < o.manifest["records_from"] <= "2025-12-30",
    "records too late": lambda o: o.manifest["records_from"] > "2025-12-31",
    "a level above core": lambda o: o.manifest["adoption_level"] != "core",
    "roster": lambda o: o.manifest["tie_rule"] == "roster",
    "rows after the end": lambda o: o.manifest["period"]["end"] < "2026-06-30",
    "columns of higher levels": lambda o: "concerns" in o.tables.get("one_to_ones", {}),
    "own table": lambda o: "x_notes" in o.tables,
    "other complete tables": lambda o: o.manifest["complete_tables"] != ["events", "activity_counts"],
}  # fmt: skip


@functools.cache
def _planted() -> list[Organization]:
    return [plant_oddities(synthesize(Behaviours(), seed), seed, 0.08) for seed in range(30)]


@pytest.mark.parametrize("oddity", SEEN)
def test_thirty_seeds_reach_every_oddity(oddity: str) -> None:
    assert any(SEEN[oddity](organization) for organization in _planted())


def test_rare_cases_stay_rare() -> None:
    # An oddity that is everywhere would hide what the others do.
    for oddity in ("absent necessary table", "roster", "records too late", "recorded for nobody", "empty table"):
        assert sum(SEEN[oddity](organization) for organization in _planted()) <= 20, oddity


@pytest.mark.parametrize("oddity", ODDITIES)
def test_each_oddity_alone_changes_something(oddity: str) -> None:
    organization = synthesize(Behaviours(), 1)
    changed = [plant_oddities(organization, seed, 0.1, only=(oddity,)) for seed in range(4)]
    assert any(one != organization for one in changed)
    for one in changed:
        assert all(len({len(values) for values in columns.values()}) <= 1 for columns in one.tables.values())
        assert all(
            type(cell) is str for columns in one.tables.values() for values in columns.values() for cell in values
        )


def test_oddities_survive_any_organization() -> None:
    for seed in range(60):
        plant_oddities(synthesize(Behaviours.drawn(seed), seed), seed, 0.3)


def test_a_wrong_rate_or_name_is_refused() -> None:
    organization = synthesize(Behaviours(people=5, months=2), 1)
    with pytest.raises(UsageError, match="rate"):
        plant_oddities(organization, 1, 2.0)
    with pytest.raises(UsageError, match="no_such"):
        plant_oddities(organization, 1, 0.1, only=("no_such",))
