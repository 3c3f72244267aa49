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
from relmetrics.synthesis.oddities import ODDITIES, plant_oddities
from relmetrics.synthesis.organization import Organization
from relmetrics.synthesis.population import populate
from relmetrics.synthesis.writing import write_folder, write_workbook

__all__ = [
    "ODDITIES",
    "RECORDED_FOR",
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
        The twelve core tables and the manifest, free of errors.

    Examples
    --------
    >>> organization = synthesize(Behaviours(people=12, months=6), seed=1)
    >>> len(organization.tables)
    12
    """
    # One stream a part, so that more events, say, do not change who talks with whom.
    streams = np.random.Generator(np.random.PCG64(seed)).spawn(5)
    population, tables = populate(behaviours, streams[0])
    tables["one_to_ones"] = converse(behaviours, streams[1], population)
    tables.update(gather(behaviours, streams[2], population))
    tables.update(count(behaviours, streams[3], population))
    tables["reviews"] = review(behaviours, streams[4], tables["events"])
    return Organization(
        tables={name: {column: values.tolist() for column, values in tables[name].items()} for name in TABLES},
        manifest=manifest(behaviours, population, tables),
    )
