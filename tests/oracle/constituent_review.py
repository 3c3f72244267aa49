"""DQ-04: whether the members reviewed these values.

Readings
========
 1  Nothing makes it not computable: no window, no ``records_from``, no table. An absent table has no rows.
 2  Present as in 0.2: also a function other than ``designed`` with ``attended`` not known. ``held_on`` >= T has no
    other end. A row of somebody who is not in ``people`` is nobody's.
 3  ``constituents_present`` is stated for the event whatever its status and date; counts are 0 and ``reviewed_on`` is
    null where there is no such event. ``reviewed_on`` is the event's ``held_on``.
 4  Rows of ``reviews`` count for the manifest's ``event_id``, also where ``events`` does not have it, and whatever the
    id of their indicator; a result that cannot be read is reviewed and none of the three.
 5  ``share_reviewed`` needs to know which indicators have a value; the caller says it in the parameter ``reported`` (a
    set of ids). Where rows exist and nobody says it, the extra is left out; nothing reported: null. DQ-04 itself is in
    neither number.
 6  ``n_units`` 1, ``unknown`` 0, ``n_without_consent`` and ``coverage`` None, never a warning.
    ``rows_left_out``: events, participation, people, memberships, reviews.
"""

from __future__ import annotations

from typing import Any

from oracle import sessions
from oracle.common import Submission, row, share

ID = "constituent_review"


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    event_id = (sub.manifest.get("review") or {}).get("event_id") or None
    event = sub.events.get(event_id)
    day = event["held_on"].first if event is not None and event["held_on"] is not None else None
    present: set[str] = set()
    if day is not None:
        there = sessions.named(sub, sessions.rows_by_event(sub)[event_id])
        present = {p for p in there if sub.position(p, day) == "constituent"}
    reviewed = (
        day is not None
        and event["status"] == "held"
        and day >= sub.T
        and len(present) >= sub.number("min_constituents", 3)
    )
    rows = [r for r in sub.tables["reviews"] if r["event_id"] == event_id]
    results = [r["result"] for r in rows]
    extras: dict[str, Any] = {
        "constituents_present": len(present),
        "n_reviewed": len({r["indicator_id"] for r in rows}),
        **{f"n_{code}": results.count(code) for code in ("confirmed", "corrected", "disputed")},
        "reviewed_on": None if day is None else str(day),
        "rows_left_out": sub.rows_left_out("events", "participation", "people", "memberships", "reviews"),
    }
    reported = sub.parameters.get("reported")
    if not rows:
        extras["share_reviewed"] = None
    elif reported is not None:
        others = set(reported) - {ID}
        extras["share_reviewed"] = share(len(others & {r["indicator_id"] for r in rows}), len(others))
    return [row(ID, reasons=set(), value=int(reviewed), n_units=1, unknown=0, extras=extras)]
