"""Invented organizations, drawn from what people do and write down.

One generator serves the bench, the random tests and the bundled example. Its parameters are behaviours, never values of
indicators: nothing here knows how an indicator is calculated, so that agreement on it means something.
"""

from __future__ import annotations

import numpy as np

from relmetrics.synthesis.aggregates import count, manifest, review
from relmetrics.synthesis.behaviours import RECORDED_FOR, Behaviours
from relmetrics.synthesis.conversations import converse
from relmetrics.synthesis.events import gather
from relmetrics.synthesis.higher import FULL, RELATIONAL, add_levels, higher_manifest
from relmetrics.synthesis.higher_behaviours import LEVELS
from relmetrics.synthesis.oddities import ODDITIES, plant_oddities
from relmetrics.synthesis.organization import Organization
from relmetrics.synthesis.population import populate
from relmetrics.synthesis.records import Records
from relmetrics.synthesis.writing import write_folder, write_workbook

__all__ = [
    "LEVELS",
    "ODDITIES",
    "RECORDED_FOR",
    "TABLES_OF",
    "Behaviours",
    "Organization",
    "plant_oddities",
    "synthesize",
    "write_folder",
    "write_workbook",
]

TABLES = (
    "people", "lines", "person_lines", "groups", "memberships", "one_to_ones", "events", "participation",
    "event_codings", "activity_counts", "digital_cohorts", "reviews",
)  # fmt: skip
"""The twelve core tables, in the order in which they are written."""

TABLES_OF = {"core": TABLES, "relational": (*TABLES, *RELATIONAL), "full": (*TABLES, *RELATIONAL, *FULL)}
"""The tables of each level, in the order in which they are written."""


def synthesize(behaviours: Behaviours, seed: int) -> Organization:
    """Draw an organization: its people, what they do, and what of it is written down.

    Parameters
    ----------
    behaviours : Behaviours
        What people do and how much is recorded.
    seed : int
        From 0 upwards. The same behaviours and seed give the same organization, whatever the day.

    Returns
    -------
    Organization
        The tables of the level asked for and the manifest, free of errors.

    Examples
    --------
    >>> organization = synthesize(Behaviours(people=12, months=6), seed=1)
    >>> len(organization.tables)
    12
    """
    # One stream a part, so that more events, say, do not change who talks with whom.
    streams = np.random.Generator(np.random.PCG64(seed)).spawn(25)
    population, spells, tables = populate(behaviours, streams[0])
    told, tables["one_to_ones"] = converse(behaviours, streams[1], population)
    gatherings, attendances, found = gather(behaviours, streams[2], population)
    tables.update(found)
    tables.update(count(behaviours, streams[3], population))
    tables["reviews"] = review(behaviours, streams[4], tables["events"])
    written = manifest(behaviours, population, tables)
    if behaviours.level != "core":
        records = Records(behaviours, population, spells, told, gatherings, attendances, tables)
        tables = add_levels(records, streams[5:])
        written = higher_manifest(records, written)
    return Organization(
        tables={
            name: {column: values.tolist() for column, values in tables[name].items()}
            for name in TABLES_OF[behaviours.level]
        },
        manifest=written,
    )
