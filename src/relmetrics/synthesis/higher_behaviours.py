"""What people in an invented organization do that only the relational and the full level record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEVELS = ("core", "relational", "full")
"""How much the organization undertakes to record."""

HIGHER_COUNTS = {"wave_months": 1, "partners": 0, "seats_held": 0, "documents_per_cell": 0}
"""Whole numbers and the smallest value that makes sense for each."""

HIGHER_AMOUNTS = ("campaigns_per_year", "demands_per_campaign", "names_given", "team_feeling")
"""Amounts from 0 upwards."""


@dataclass(frozen=True, slots=True)
class HigherBehaviours:
    """What people do and write down above the core level. No field is the value of an indicator.

    Parameters
    ----------
    level : str
        How much the organization undertakes to record: core, relational, full. The core tables are the same at every
        level, except for the columns and rows that belong to a higher one.
    campaigns_per_year : float
        Campaigns taken up a year, from 0; an organization with campaigns has at least two.
    in_campaign : float
        Probability that a meeting, training or canvass held during a campaign is part of one; actions always are.
    members_decide : float
        Probability that a decision is taken by a body of members.
    raises_concern : float
        Probability that an issue is raised in a conversation with a member.
    commits : float
        Probability that somebody commits to something in a conversation that was held.
    keeps_word : float
        Probability that what was promised is done, where no sign-in sheet says it.
    wave_months : int
        Months from one survey to the next one of its kind, from 1.
    answers : float
        Probability that somebody who is asked in a survey answers.
    names_given : float
        Mean number of people whom somebody names in a survey of ties, from 0.
    team_feeling : float
        How far teams differ in what their people say of the team: standard deviation in points of the scale, from 0.
    partners : int
        Other organizations that this one has ties to, from 0.
    joint_campaigns : float
        Probability that a campaign is carried with others, as far as there are partners.
    demands_per_campaign : float
        Mean number of demands a campaign makes, from 0; at least one where it is above 0.
    wins : float
        Probability that a demand is won, at least in part, once it is settled.
    seats_held : int
        Seats in public bodies that members hold or have held, from 0.
    coders_differ : float
        Probability that two people who judge the same thing differ.
    documents_per_cell : int
        Texts of each series and phase in the corpus that is read for frames, from 0.
    """

    level: str = "core"
    campaigns_per_year: float = 3.0
    in_campaign: float = 0.7
    members_decide: float = 0.7
    raises_concern: float = 0.5
    commits: float = 0.35
    keeps_word: float = 0.7
    wave_months: int = 6
    answers: float = 0.85
    names_given: float = 4.0
    team_feeling: float = 0.6
    partners: int = 4
    joint_campaigns: float = 0.5
    demands_per_campaign: float = 2.5
    wins: float = 0.5
    seats_held: int = 4
    coders_differ: float = 0.1
    documents_per_cell: int = 30

    @staticmethod
    def some(seed: int) -> dict[str, object]:
        """Behaviours above the core, drawn at random and widely; the same seed gives the same ones."""
        rng = np.random.Generator(np.random.PCG64([seed, 11]))
        found: dict[str, object]
        chances = ("in_campaign", "members_decide", "raises_concern", "commits", "keeps_word", "answers",
                   "joint_campaigns", "wins", "coders_differ")  # fmt: skip
        found = {name: float(rng.choice([rng.random(), rng.random(), 0.0, 1.0])) for name in chances}
        return found | {
            "campaigns_per_year": float(rng.choice([0.0, 1.0, 3.0, 8.0])), "wave_months": int(rng.integers(2, 13)),
            "names_given": float(rng.choice([0.0, 2.0, 6.0])), "team_feeling": float(1.5 * rng.random()),
            "partners": int(rng.integers(0, 7)), "demands_per_campaign": float(rng.choice([0.0, 1.0, 3.0])),
            "seats_held": int(rng.integers(0, 6)), "documents_per_cell": int(rng.choice([0, 3, 30])),
        }  # fmt: skip
