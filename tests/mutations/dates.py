"""Single dates that cannot be right."""

from __future__ import annotations

from mutations.sheets import Mutation, another_text

__all__ = ["MUTATIONS"]

MUTATIONS: dict[str, Mutation] = {
    "date_of_a_programs_zero": another_text("date_of_a_programs_zero", "people", "first_contact_on", "1970-01-01"),
    "date_after_taken_on": another_text("date_after_taken_on", "demands", "implementation_checked_on", "2031-03-05"),
    "begins_after_taken_on": another_text("begins_after_taken_on", "organization_ties", "started_on", "2031-03"),
    "date_long_before_anything": another_text("date_long_before_anything", "people", "first_contact_on", "1926-03-05"),
}
