"""Breaches of rules about the core tables; those about other tables stand in files of their own."""

from __future__ import annotations

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]


def staff_without_paid_spell(sheets: Sheets) -> list[Expected]:
    """Somebody new: whoever was a member until now would be missing elsewhere."""
    row = sheets.append_copy("people", sheets.find("people", person_type="staff"), person_id="P-hired")
    return [Expected("staff_without_paid_spell", "people", row, "person_type")]


MUTATIONS: dict[str, Mutation] = {plant.__name__: plant for plant in (staff_without_paid_spell,)}
