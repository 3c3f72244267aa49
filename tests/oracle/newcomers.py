"""NET-12: newcomers with conversations with two members in their first 120 days (U1).

Readings
========
 1  See ``graph_rows``. Needed are people and one_to_ones; sign-in sheets only bring e forward. Under ten nodes of M_W
    is below_minimum_n as under 15 newcomers; nodes without a newcomer too (head of the section: an empty denominator).
 2  e from day-precise records: first_contact_on; held conversations of any kind and of either side, also with the
    partner not recorded or with oneself; held events with ``attended`` = yes, whatever the position that day.
 3  Unknown among those with such an e in the span: an empty or unreadable first_contact_on as well as a reduced one
    ("without day precision"), however far back its month or year; a held conversation of reduced date whose first
    known day is before e, likewise.
 4  Also unknown, with e elsewhere or none: whom a month-dated first_contact_on or held conversation, at its first
    known day and before e, puts into the span (0.2: such a unit is left out and counted; year precision never).
 5  A member on the day: the partner is constituent then (month-dated: on the first known day). Month-dated counted
    conversations are those whose first known day lies in W. ``days`` sets the end of the span of entry too.
 6  The shares are over known newcomers. ``share_staff_only``: at least one day-precise counted conversation with
    somebody who is staff that day, none with a member. ``implied_by_totals``: partners staff or constituent that day.
 7  ``n_newcomers_not_active``: no AC, no staff node, constituent on e; e as in 2, whatever 3 says.
 8  Neither e nor the 120 days depend on records_from; the section's gates on it hold. Coverage of conversations.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from oracle import graph_rows
from oracle.cleaning import When
from oracle.common import Conversation, Submission, row, share, unknown_gate
from oracle.intervals import wilson_interval

ID = "newcomer_integration_rate"


class Records(NamedTuple):
    """What could be somebody's entry."""

    precise: list[dt.date]
    reduced: list[When]
    first_contact: When | None

    @property
    def entry(self) -> dt.date | None:
        return min(self.precise, default=None)


def records(sub: Submission) -> dict[str, Records]:
    out = {p: Records([], [], r["first_contact_on"]) for p, r in sub.people.items()}
    for own in out.values():
        if own.first_contact is not None and own.first_contact.precision == "day":
            own.precise.append(own.first_contact.first)
    for r in sub.tables["one_to_ones"]:
        if r["status"] != "held" or r["held_on"] is None:
            continue
        for p in {r["person_a"], r["person_b"]} & set(out):
            if r["held_on"].precision == "day":
                out[p].precise.append(r["held_on"].first)
            else:
                out[p].reduced.append(r["held_on"])
    for r in sub.tables["participation"]:
        event = sub.events.get(r["event_id"])
        if r["attended"] != "yes" or r["person_id"] not in out or event is None:
            continue
        if event["status"] == "held" and event["held_on"] is not None:
            out[r["person_id"]].precise.append(event["held_on"].first)
    return out


def entry_is_unknown(own: Records, in_span: Callable[[dt.date], bool]) -> bool | None:
    """None: no newcomer. Else whether only that is known of the entry that it may be in the span."""
    e = own.entry
    if e is not None and in_span(e):
        not_precise = own.first_contact is None or own.first_contact.precision != "day"
        return not_precise or any(w.first < e for w in own.reduced)
    by_month = [w.first for w in (own.first_contact, *own.reduced) if w is not None and w.precision == "month"]
    first = min((d for d in by_month if e is None or d < e), default=None)
    if first is not None and in_span(first):
        return True
    return None


def partners(sub: Submission, talks: list[tuple[str, Conversation]], *positions: str) -> set[str]:
    return {other for other, c in talks if sub.position(other, c.when.first) in positions}


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    member, full = graph_rows.graphs(sub)
    days, needed = sub.number("days", 120), sub.number("members", 2)
    last = sub.before_end(days)
    entries = records(sub)

    def in_span(day: dt.date) -> bool:
        return sub.S < day <= last

    talks: dict[str, list[tuple[str, Conversation]]] = defaultdict(list)
    for c in sub.counted:
        talks[c.a].append((c.b, c))
        talks[c.b].append((c.a, c))

    known: list[str] = []
    unknown: list[str] = []
    found: dict[str, tuple[int, bool, int]] = {}
    for p in sorted(member):
        of_entry = entry_is_unknown(entries[p], in_span)
        if of_entry is None:
            continue
        if of_entry:
            unknown.append(p)
            continue
        e = entries[p].entry
        end = e + dt.timedelta(days=days)
        exact = [(o, c) for o, c in talks[p] if c.when.precision == "day" and e <= c.when.first <= end]
        by_month = [
            (o, c) for o, c in talks[p] if c.when.precision == "month" and c.when.first <= end and c.when.last >= e
        ]
        members = partners(sub, exact, "constituent")
        perhaps = members | partners(sub, by_month, "constituent")
        if len(members) < needed <= len(perhaps):
            unknown.append(p)
            continue
        known.append(p)
        to_staff = bool(partners(sub, exact, "staff"))
        found[p] = (len(members), to_staff and not members, len(partners(sub, exact, "constituent", "staff")))

    n = len(known)
    integrated = sum(members >= needed for members, _, _ in found.values())
    reasons, warnings = graph_rows.head(sub, full, member.number_of_nodes())
    more, less_sure = unknown_gate(n, len(unknown))
    reasons |= more if unknown else set()
    warnings |= less_sure if unknown else set()
    if n < 15:
        reasons.add("below_minimum_n")
    not_active = 0
    for p, own in entries.items():
        e = own.entry
        if p in sub.active or p in sub.staff_in_window or e is None or not in_span(e):
            continue
        not_active += sub.position(p, e) == "constituent"
    value = Fraction(integrated, n) if n else None
    return [
        row(
            ID,
            reasons=reasons,
            warnings=warnings,
            value=value,
            numerator=integrated,
            denominator=n,
            n_units=n,
            unknown=len(unknown),
            n_without_consent=sum(sub.no_consent(p) for p in [*known, *unknown]),
            coverage=sub.coverage.value,
            interval=None if reasons else wilson_interval(integrated / n, n, "U1"),
            extras={
                "share_one_member": share(sum(m >= 1 for m, _, _ in found.values()), n),
                "share_staff_only": share(sum(alone for _, alone, _ in found.values()), n),
                "n_newcomers_not_active": not_active,
                "implied_by_totals": share(sum(either >= needed for _, _, either in found.values()), n),
                **graph_rows.common_extras(sub, full),
            },
        )
    ]
