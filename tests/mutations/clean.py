"""Submissions in which nothing is wrong: the ground in which every defect is planted, and what no rule may report."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from relmetrics.synthesis import Behaviours, Organization, synthesize, write_folder

SEED = 265


def clean_behaviours(seed: int, level: str = "full") -> Behaviours:
    """Behaviours of a small organization that keeps its records well, drawn at random within what is usual.

    Nobody hands in a conversation twice here, and nothing that the manifest says is contradicted by the rows: both
    are findings. What is extreme (nobody answers, nothing is dated) is for `Behaviours.drawn`.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 3]))
    scopes = (("everyone", 1.0), ("marked_groups", 1.0), ("staff_only", 0.0))
    recorded_for, log = scopes[rng.choice(3, p=[0.6, 0.3, 0.1])]
    return Behaviours(
        level=level, name="hillside-neighbors", people=int(rng.integers(34, 44)), staff=int(rng.integers(1, 4)),
        externals=int(rng.integers(2, 6)), months=int(rng.integers(12, 19)), teams=int(rng.integers(2, 5)),
        leaders_per_team=2, leaving=float(0.12 * rng.random()), hired=float(0.08 * rng.random()),
        conversations_per_person_year=float(rng.uniform(4.0, 6.5)), recorded_by_both=0.0,
        partner_not_recorded=float(0.03 * rng.random()), events_per_month=float(rng.uniform(3.5, 5.0)),
        invited_per_event=float(rng.uniform(9.0, 14.0)), month_precision=float(0.04 * rng.random()),
        functions_recorded=0.95, facilitators=0.45, functions_per_event=2.5,
        recorded_for=recorded_for, teams_with_log=log, confirmation_asked=0.2,
        campaigns_per_year=float(rng.uniform(2.0, 4.0)), partners=int(rng.integers(3, 7)), joint_campaigns=0.7,
        demands_per_campaign=float(rng.uniform(2.5, 4.0)), commits=float(rng.uniform(0.4, 0.6)),
        seats_held=5, documents_per_cell=8,
    )  # fmt: skip


def clean_organization(seed: int = SEED, level: str = "full") -> Organization:
    """One of these organizations, without two things that chance brings about in some and that a rule rightly asks of.

    Somebody comes to two events on the day of the first contact and is not there for the first time at one of them;
    everybody at an event happens to hold the same function.
    """
    organization = synthesize(clean_behaviours(seed, level), seed)
    rows = organization.tables["participation"]
    held_on = dict(zip(*(organization.tables["events"][name] for name in ("event_id", "held_on")), strict=True))
    people = organization.tables["people"]
    first_contact = dict(zip(people["person_id"], people["first_contact_on"], strict=True))
    present: dict[str, list[int]] = {}
    for row, (event, person) in enumerate(zip(rows["event_id"], rows["person_id"], strict=True)):
        if rows["attended"][row] == "yes":
            present.setdefault(event, []).append(row)
            if rows["is_first_time"][row] == "no" and held_on.get(event) == first_contact.get(person):
                rows["is_first_time"][row] = ""
    for there in present.values():
        shared = set.intersection(*({*rows["functions"][row].split(";")} - {""} for row in there))
        if shared and len(there) >= 5:
            rows["functions"][there[-1]] = ""
    return organization


def clean_submission(folder: Path, seed: int = SEED, level: str = "full") -> Path:
    """Write a small and complete submission without any finding as a folder of CSV files.

    Parameters
    ----------
    folder : Path
        Where the files are written; made if it does not exist.
    seed : int
        The default one holds a row of every status and of nearly every code.
    level : str
        core, relational or full.
    """
    write_folder(clean_organization(seed, level), folder)
    return folder
