"""Oddities of the submission as a whole: columns and tables that are not there, and other answers in the manifest."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from relmetrics.synthesis.behaviours import RECORDED_FOR
from relmetrics.synthesis.organization import day, iso
from relmetrics.synthesis.plot import KEYS, REQUIRED, Plot

_NECESSARY = ("people", "groups", "memberships", "one_to_ones", "events", "participation")
_OF_HIGHER_LEVELS = (
    ("one_to_ones", "concerns", ["", "", "I-1", "I-1;I-2"]), ("events", "campaign_id", ["", "", "K-1", "K-2"]),
    ("events", "decision_id", ["", "", "D-1", "D-2"]), ("events", "demand_id", ["", "", "M-1"]),
    ("events", "target", ["", "Housing office", "Landlord"]),
    ("events", "has_target_authority", ["", "yes", "no", "unknown"]),
    ("events", "has_stated_demand", ["", "yes", "no", "unknown"]),
)  # fmt: skip


def _absent_columns(plot: Plot) -> None:
    for table, columns in plot.tables.items():
        optional = [c for c in columns if c not in KEYS.get(table, columns) and c not in REQUIRED.get(table, [])]
        if optional and plot.rng.random() < 0.5:
            del columns[plot.one(optional)]


def _columns_of_higher_levels(plot: Plot) -> None:
    """Columns that name tables of a higher level; actions of one day and target, which count as one."""
    for table, column, choices in _OF_HIGHER_LEVELS:
        if table in plot.tables:
            plot.tables[table][column] = [plot.one(choices) for _ in range(plot.n(table))]
    events = plot.tables.get("events")
    if events:
        actions = [i for i, kind in enumerate(events["kind"]) if kind == "collective_action"]
        for one, other in itertools.pairwise(actions):
            if plot.rng.random() < 0.3:
                for column in ("held_on", "demand_id", "decision_id", "target"):
                    events[column][other] = events[column][one]


def _own_columns(plot: Plot) -> None:
    """Columns and a table of the organization's own."""
    plot.tables["people"]["x_building"] = [plot.one(["A", "B"]) for _ in range(plot.n("people"))]
    plot.tables["x_notes"] = {"note_id": ["1", "2"], "x_topic": ["repairs", "rent"]}


def _absent_optional_table(plot: Plot) -> None:
    optional = [table for table in plot.tables if table not in _NECESSARY]
    if optional:
        del plot.tables[plot.one(optional)]


def _absent_necessary_table(plot: Plot) -> None:
    plot.tables.pop(plot.one(_NECESSARY), None)


def _empty_tables(plot: Plot) -> None:
    """A table that is there and has no rows."""
    name = plot.one(list(plot.tables))
    plot.tables[name] = {column: [] for column in plot.tables[name]}


def _recorded_for(plot: Plot) -> None:
    plot.manifest["conversations_recorded_for"] = plot.one(RECORDED_FOR)


def _paid_staff(plot: Plot) -> None:
    plot.manifest["has_paid_staff"] = plot.one(["yes", "no"])


def _no_staff(plot: Plot) -> None:
    """Nobody is staff, whatever the manifest says."""
    people, spells = plot.tables.get("people"), plot.tables.get("memberships")
    if people:
        people["person_type"] = [("constituent" if code == "staff" else code) for code in people["person_type"]]
    if spells:
        spells["role"] = [("participant" if code == "paid_staff" else code) for code in spells["role"]]


def _records_from_late(plot: Plot) -> None:
    """The first complete day on both sides of the limits of 0.2."""
    end = day(plot.manifest["period"]["end"])
    plot.manifest["records_from"] = iso(
        end - int(plot.one(["729", "728", "365", "364", "363", "250", "183", "182", "181", "30", "30"]))
    )


def _earlier_end(plot: Plot) -> None:
    """The period ends before the records do, so that rows lie after it."""
    end = day(plot.manifest["period"]["end"]) - int(plot.rng.choice([1, 15, 61, 200]))
    plot.manifest["period"]["end"] = iso(end)
    if plot.manifest["period"]["start"] > iso(end):
        plot.manifest["period"]["start"] = iso(end - 30)


def _complete_tables(plot: Plot) -> None:
    tables = ("events", "activity_counts", "digital_cohorts")
    plot.manifest["complete_tables"] = [name for name in tables if plot.rng.random() < 0.4]


def _level(plot: Plot) -> None:
    plot.manifest["adoption_level"] = plot.one(["core", "relational", "full"])


def _tie_rule(plot: Plot) -> None:
    plot.manifest["tie_rule"] = plot.one(["roster", "one_to_one"])


SUBMISSION_ODDITIES: dict[str, Callable[[Plot], None]] = {
    "recorded_for": _recorded_for, "paid_staff": _paid_staff, "no_staff": _no_staff,
    "records_from_late": _records_from_late,
    "earlier_end": _earlier_end, "complete_tables": _complete_tables, "level": _level, "tie_rule": _tie_rule,
    "columns_of_higher_levels": _columns_of_higher_levels, "own_columns": _own_columns,
    "absent_columns": _absent_columns,
    "empty_tables": _empty_tables, "absent_optional_table": _absent_optional_table,
    "absent_necessary_table": _absent_necessary_table,
}  # fmt: skip
