"""Lines, their categories, and who is known on them (terms of section 9).

Readings
========
 1  Lines and categories are the rows of ``lines`` with a complete key; ``prefer_not_to_say`` and ``unknown`` are no
    categories, also where they are declared. A category that ``lines`` does not have is not known (a reference to
    what is not there). ``team`` and ``institution`` are lines here where ``lines`` has them.
 2  Rows in the order of the texts line_id, category_id; a cell is ``category_id=...;line_id=...`` (sorted).
 3  Absent ``lines`` or ``person_lines``, or no line with a category: one row ``total``, missing_required_field.
"""

from __future__ import annotations

from collections import defaultdict

from oracle.common import Submission


def categories(sub: Submission) -> dict[str, list[str]]:
    """The categories of each line."""
    out: dict[str, list[str]] = defaultdict(list)
    for r in sub.tables["lines"]:
        if r["category_id"] not in ("prefer_not_to_say", "unknown"):
            out[r["line_id"]].append(r["category_id"])
    return {line: sorted(own) for line, own in sorted(out.items())}


def places(sub: Submission, line: str) -> dict[str, str]:
    """The category of everybody who is known on a line."""
    own = set(categories(sub)[line])
    return {
        r["person_id"]: r["category_id"]
        for r in sub.tables["person_lines"]
        if r["line_id"] == line
        and r["category_id"] in own
        and r["person_id"] in sub.people
        and not sub.no_consent(r["person_id"])
    }


def nothing_declared(sub: Submission) -> bool:
    return sub.lacks("people", "lines", "person_lines") or not categories(sub)
