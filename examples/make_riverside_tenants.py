"""Make the bundled example again: `riverside_tenants/` and `riverside_tenants_with_mistakes/`.

Run it in a checkout, in the environment that `make demo` has made::

    .venv/bin/python examples/make_riverside_tenants.py

Riverside Tenants does not exist. Its people, groups, conversations and events are drawn by `relmetrics.synthesis` from
the behaviours below and a seed, so that anyone can see how they came about, and the files are then frozen: a test holds
that this script still makes them, byte for byte. Only behaviours are chosen here, never what an indicator should say.
The seed is one with which somebody is hired and somebody leaves, so that the example shows both.

The second folder is the first one with the two mistakes of `MISTAKES`, as a tired volunteer would make them.
"""

from __future__ import annotations

import dataclasses
import pathlib

from relmetrics.synthesis import Behaviours, Organization, synthesize, write_folder

SEED = 13

BEHAVIOURS = Behaviours(
    name="riverside-tenants",
    team_names=("north-tower", "south-tower", "garden-court", "river-row"),
    institution_names=("hillside-church", "maple-street-school"),
    # Two organizers, an official, a consultant or funder now and then, and 44 tenants in four houses.
    people=44,
    staff=2,
    externals=3,
    months=18,
    period_end="2026-06-30",
    # About fourteen conversations a month. Three of the four teams keep a log of what members say to each other.
    conversations_per_person_year=4.7,
    recorded_for="marked_groups",
    teams_with_log=0.75,
    # An organizer checks the log once a month: no conversation is handed in twice.
    recorded_by_both=0.0,
    partner_not_recorded=0.02,
    # A house meeting or a team meeting nearly every week.
    events_per_month=4.0,
    invited_per_event=11.0,
)

MISTAKES = ("one person's code with two digits swapped on a sign-in sheet", "a conversation on 30 February")


def riverside_tenants() -> Organization:
    """The example without mistakes."""
    return synthesize(BEHAVIOURS, SEED)


def with_mistakes(organization: Organization) -> Organization:
    """The same with the two mistakes; every other cell stays as it is."""
    tables = {
        name: {column: list(values) for column, values in table.items()} for name, table in organization.tables.items()
    }
    # The last sign-in of April whose code, with the last two digits swapped, is nobody's.
    sheet, people = tables["participation"], set(tables["people"]["person_id"])
    held_on = dict(zip(tables["events"]["event_id"], tables["events"]["held_on"], strict=True))
    for row in range(len(sheet["person_id"]) - 1, -1, -1):
        code = sheet["person_id"][row]
        swapped = code[:-2] + code[-1] + code[-2]
        is_in_april = held_on[sheet["event_id"][row]].startswith("2026-04")
        if is_in_april and sheet["attended"][row] == "yes" and not sheet["functions"][row] and swapped not in people:
            sheet["person_id"][row] = swapped
            break
    # The last conversation held in February.
    talks = tables["one_to_ones"]
    february = [
        row
        for row, day in enumerate(talks["held_on"])
        if day.startswith("2026-02-") and talks["status"][row] == "held" and talks["kind"][row] == "one_to_one"
    ]
    talks["held_on"][february[-1]] = "2026-02-30"
    return dataclasses.replace(organization, tables=tables)


def make(folder: pathlib.Path) -> None:
    """Write both examples below this folder."""
    organization = riverside_tenants()
    write_folder(organization, folder / "riverside_tenants")
    write_folder(with_mistakes(organization), folder / "riverside_tenants_with_mistakes")


if __name__ == "__main__":
    make(pathlib.Path(__file__).resolve().parent)
