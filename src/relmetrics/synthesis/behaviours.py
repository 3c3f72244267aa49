"""What people in an invented organization do, and how much of it is written down."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, fields, replace

import numpy as np

from relmetrics.errors import UsageError
from relmetrics.synthesis.higher_behaviours import HIGHER_AMOUNTS, HIGHER_COUNTS, LEVELS, HigherBehaviours

RECORDED_FOR = ("everyone", "marked_groups", "staff_only", "nobody")
"""Whose conversations the organization says it writes down."""

_COUNTS = {
    "people": 2, "staff": 0, "externals": 0, "months": 1, "teams": 1, "institutions": 0, "leaders_per_team": 0,
    "period_months": 1, "records_late_months": 0, **HIGHER_COUNTS,
}  # fmt: skip
"""Whole numbers and the smallest value that makes sense for each."""

_AMOUNTS = (
    "conversations_per_person_year", "unequal_asking", "follow_up_days", "events_per_month", "invited_per_event",
    "unequal_attendance", "functions_per_event", "entry_lag_days", "doors_per_month", "digital_per_month",
    *HIGHER_AMOUNTS,
)  # fmt: skip
"""Amounts from 0 upwards. Every other number is a probability."""


@dataclass(frozen=True, slots=True)
class Behaviours(HigherBehaviours):
    """What people do and write down. No field is the value of an indicator.

    What only the relational and the full level record, and the level itself, is documented at `HigherBehaviours`.

    Parameters
    ----------
    name : str
        Words of the pseudonymous names of organization and root group, lower case with hyphens.
    team_names, institution_names : tuple of str
        Names of the first teams and institutions, used in their ids; further ones are numbered.
    people : int
        Members of the community in the records (people of type constituent), from 2.
    staff : int
        People who are in the records only as employees, from 0.
    externals : int
        Officials, consultants, funders and partners in the records, from 0.
    months : int
        Whole months of records, ending with `period_end`, from 1.
    period_end : str
        Last day of the reporting period and of the records, ISO date.
    period_months : int
        Length of the reporting period in months, from 1.
    records_late_months : int
        Months after the first record from which the records are called complete, from 0.
    teams, institutions : int
        Number of teams (from 1) and of congregations, schools or locals (from 0).
    known_before : float
        Probability that a person's first contact lies before the first month of records.
    leaving : float
        Probability that a member leaves within a year.
    hired : float
        Probability that a long-known member becomes paid staff in the middle of the records.
    leaders_per_team : int
        Members who lead each team, from 0.
    active_members, team_roles : float
        Probability that a member becomes an active member, and that an active one takes a role in the team.
    brought_by_member : float
        Probability that the person who brought somebody to a role was a member and not staff.
    in_institution : float
        Probability that a person also belongs to an institution.
    consent_no, consent_aggregate_only : float
        Probability that a person refuses, or allows totals only.
    lines_known : float
        Probability that a person said where they stand on a line of difference.
    conversations_per_person_year : float
        Planned conversations for each member and year, follow-ups included, from 0.
    staff_asks : float
        Probability that the first conversation of a chain is asked for by staff.
    member_asks_staff, member_asks_external : float
        Probability that a member who asks turns to staff, or to an external person; otherwise to a member.
    staff_asks_staff : float
        Probability that staff who ask turn to a colleague.
    within_team : float
        Probability that a member who asks a member asks one of the own team.
    unequal_asking : float
        How unequally members ask: standard deviation of the logarithm of their weights; 0 is equal.
    followed_up : float
        Probability that a conversation that was held is followed up by another one.
    follow_up_days : float
        Mean number of days to the follow-up, from 1.
    check_ins : float
        Probability that a follow-up is only a check-in.
    asks_back : float
        Probability that a follow-up is asked for by the one who was asked before.
    scripted : float
        Probability that a first conversation is a scripted one (door or phone bank).
    no_show, cancelled : float
        Probability that somebody does not come to a planned conversation, or that it is called off.
    short_talks : float
        Probability that a conversation lasts less than 20 minutes.
    events_per_month : float
        Events a month, reflections not counted, from 0.
    invited_per_event : float
        Mean number of people invited to an event, from 1.
    unequal_attendance : float
        How unequally members are drawn to events, as `unequal_asking`.
    turnout : float
        Probability that somebody invited comes.
    event_cancelled : float
        Probability that an event is called off.
    facilitators : float
        Share of the members who ever facilitate, present, train, speak or negotiate.
    staff_leads : float
        Probability that staff who are present also take such a function.
    functions_per_event : float
        Mean number of members with such a function at an event (as far as that many are present), from 0.
    reflection_after_action : float
        Probability that a collective action is followed by a reflection.
    mobilizing : float
        Probability that an action or a canvass is run in the mobilizing mode.
    doors_per_month : float
        Mean number of contacts made at doors a month, a count without persons, from 0.
    digital_per_month : float
        Mean number of people met online a month and channel, a count without persons, from 0.
    recorded_for : str
        Whose conversations are written down: everyone, marked_groups, staff_only, nobody.
    teams_with_log : float
        Share of the teams that keep a conversation log (counts under `marked_groups`).
    written_down : float
        Probability that a conversation that was to be recorded is recorded.
    no_show_recorded : float
        Probability that somebody's not coming (to a conversation or an event) is recorded.
    recorded_by_both : float
        Probability that both partners hand in the same conversation.
    partner_not_recorded : float
        Probability that a conversation is noted without the partner.
    minutes_filled, initiator_filled, medium_filled, entered_filled, head_count_filled : float
        Probability that this cell is filled where it could be.
    confirmation_asked : float
        Probability that the second person was asked to confirm the conversation.
    functions_recorded, steps_recorded : float
        Probability that an event's functions, and its steps of the cycle, are written down.
    unnamed_turnout : float
        Probability that somebody present is in the head count only, not on the sign-in sheet.
    month_precision : float
        Probability that a date is known to the month only, where the standard allows that.
    entry_lag_days : float
        Mean number of days until a record is written down, from 0.
    optional_filled : float
        Probability that any other optional cell is filled.
    unknown_answers : float
        Probability that a filled coded optional cell says `unknown`.
    double_coded : float
        Share of the events whose mode two people coded.
    has_review : bool
        Whether members reviewed the values at an event after the end of the period.
    """

    name: str = "riverside-tenants"
    team_names: tuple[str, ...] = ("north-tower", "south-tower", "garden-court", "river-row")
    institution_names: tuple[str, ...] = ("hillside-church", "maple-street-school")
    people: int = 46
    staff: int = 2
    externals: int = 3
    months: int = 18
    period_end: str = "2026-06-30"
    period_months: int = 12
    records_late_months: int = 0
    teams: int = 4
    institutions: int = 2
    known_before: float = 0.6
    leaving: float = 0.05
    hired: float = 0.03
    leaders_per_team: int = 2
    active_members: float = 0.5
    team_roles: float = 0.5
    brought_by_member: float = 0.6
    in_institution: float = 0.4
    consent_no: float = 0.03
    consent_aggregate_only: float = 0.06
    lines_known: float = 0.9
    conversations_per_person_year: float = 5.0
    staff_asks: float = 0.3
    member_asks_staff: float = 0.12
    member_asks_external: float = 0.02
    staff_asks_staff: float = 0.05
    within_team: float = 0.6
    unequal_asking: float = 0.8
    followed_up: float = 0.45
    follow_up_days: float = 40.0
    check_ins: float = 0.3
    asks_back: float = 0.4
    scripted: float = 0.03
    no_show: float = 0.1
    cancelled: float = 0.03
    short_talks: float = 0.06
    events_per_month: float = 4.0
    invited_per_event: float = 14.0
    unequal_attendance: float = 0.7
    turnout: float = 0.7
    event_cancelled: float = 0.04
    facilitators: float = 0.3
    staff_leads: float = 0.2
    functions_per_event: float = 2.0
    reflection_after_action: float = 0.7
    mobilizing: float = 0.25
    doors_per_month: float = 160.0
    digital_per_month: float = 10.0
    recorded_for: str = "everyone"
    teams_with_log: float = 1.0
    written_down: float = 0.95
    no_show_recorded: float = 0.6
    recorded_by_both: float = 0.03
    partner_not_recorded: float = 0.03
    minutes_filled: float = 0.8
    initiator_filled: float = 0.9
    medium_filled: float = 0.85
    entered_filled: float = 0.92
    head_count_filled: float = 0.8
    confirmation_asked: float = 0.15
    functions_recorded: float = 0.85
    steps_recorded: float = 0.85
    unnamed_turnout: float = 0.1
    month_precision: float = 0.03
    entry_lag_days: float = 5.0
    optional_filled: float = 0.85
    unknown_answers: float = 0.03
    double_coded: float = 0.15
    has_review: bool = True

    def __post_init__(self) -> None:
        try:
            datetime.date.fromisoformat(self.period_end)
        except ValueError:
            raise UsageError(f"period_end is a date like 2026-06-30, not {self.period_end!r}") from None
        if self.recorded_for not in RECORDED_FOR:
            raise UsageError(f"recorded_for is one of {', '.join(RECORDED_FOR)}, not {self.recorded_for!r}")
        if self.level not in LEVELS:
            raise UsageError(f"level is one of {', '.join(LEVELS)}, not {self.level!r}")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in _COUNTS and value < _COUNTS[field.name]:
                raise UsageError(f"{field.name} is a whole number from {_COUNTS[field.name]} upwards, not {value}")
            if field.name in _AMOUNTS and not 0 <= value < math.inf:
                raise UsageError(f"{field.name} is an amount from 0 upwards, not {value}")
            if field.type == "float" and field.name not in _AMOUNTS and not 0 <= value <= 1:
                raise UsageError(f"{field.name} is a probability, from 0 to 1, not {value}")

    @classmethod
    def of_size(cls, conversations: int) -> Behaviours:
        """Behaviours of an organization with about this many rows in `one_to_ones`.

        Parameters
        ----------
        conversations : int
            Rows wanted in `one_to_ones`; `participation` gets about twice as many.

        Returns
        -------
        Behaviours
            A hundredth as many people, but at least 50. The two row counts are met to within a few per cent.
        """
        people = max(50, conversations // 100)
        size = replace(
            cls(), people=people, staff=max(2, people // 40), externals=max(3, people // 100),
            teams=max(4, people // 12), institutions=max(2, people // 100), written_down=1.0, leaving=0.0,
        )  # fmt: skip
        rows_per_planned = (1 + size.recorded_by_both) * (1 - size.no_show * (1 - size.no_show_recorded))
        rate = conversations / (people * size.months / 12) / rows_per_planned
        rows_per_invited = size.turnout * (1 - size.unnamed_turnout) + (1 - size.turnout) * size.no_show_recorded
        invited = min(200.0, max(14.0, people / 4))
        events = 2 * conversations / rows_per_invited / invited / (1 - size.event_cancelled)
        return replace(
            size, conversations_per_person_year=rate, invited_per_event=invited, events_per_month=events / size.months,
        )  # fmt: skip

    @classmethod
    def drawn(cls, seed: int, level: str = "core") -> Behaviours:
        """Behaviours of a small organization, drawn at random and widely, for random tests.

        Parameters
        ----------
        seed : int
            The same seed gives the same behaviours.
        level : str
            The level of adoption. What people do at the core is the same at every level.

        Returns
        -------
        Behaviours
            6 to 60 people; probabilities anywhere in their range, so that every gate lies now above and now below.
        """
        rng = np.random.Generator(np.random.PCG64([seed, 7]))
        drawn: dict[str, object] = {}
        for field in fields(cls):
            default = field.default
            if field.name in HigherBehaviours.__dataclass_fields__:
                continue
            if field.type == "float" and field.name not in _AMOUNTS and isinstance(default, float):
                # Mostly near the default, sometimes at an end: a mean of extremes would reach few gates from above.
                drawn[field.name] = float(rng.choice([default, default, rng.random(), rng.choice([0.0, 1.0])]))
        drawn.update(
            people=int(rng.integers(6, 61)), staff=int(rng.choice([0, 1, 2, 4])), externals=int(rng.integers(0, 4)),
            months=int(rng.choice([4, 9, 14, 18, 30])), records_late_months=int(rng.choice([0, 0, 0, 3, 8, 15])),
            teams=int(rng.integers(1, 6)), institutions=int(rng.integers(0, 4)),
            leaders_per_team=int(rng.integers(0, 4)),
            conversations_per_person_year=float(rng.choice([0.0, 0.5, 2.0, 5.0, 9.0])),
            unequal_asking=float(2 * rng.random()), follow_up_days=float(rng.choice([5.0, 30.0, 80.0, 200.0])),
            events_per_month=float(rng.choice([0.0, 0.5, 2.0, 5.0])),
            invited_per_event=float(rng.choice([3.0, 8.0, 20.0])),
            unequal_attendance=float(2 * rng.random()), functions_per_event=float(3 * rng.random()),
            entry_lag_days=float(rng.choice([0.0, 5.0, 40.0])),
            recorded_for=str(rng.choice(["everyone", *RECORDED_FOR])),
            written_down=float(rng.choice([1.0, 0.9, rng.random()])), has_review=bool(rng.random() < 0.5),
        )  # fmt: skip
        if level != "core":
            drawn.update(HigherBehaviours.some(seed))
        return cls(level=level, **drawn)  # type: ignore[arg-type]
