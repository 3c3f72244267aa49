"""Oddities of the table one_to_ones."""

from __future__ import annotations

from collections.abc import Callable

from relmetrics.synthesis.organization import day, iso
from relmetrics.synthesis.plot import Plot

_T = "one_to_ones"


def _handed_in_twice(plot: Plot) -> None:
    """The same conversation again under another id, mostly with the ends swapped, and as the partner saw it."""
    talks = plot.tables[_T]
    for number, row in enumerate(plot.some(_T, plot.filled(_T, "person_b"))):
        swap = plot.rng.random() < 0.8
        plot.copy(
            _T, row, one_to_one_id=f"{plot.one(['A', 'Z'])}-copy-{number}",
            person_a=talks["person_b"][row] if swap else talks["person_a"][row],
            person_b=talks["person_a"][row] if swap else talks["person_b"][row],
            minutes=plot.one(["", "15", "25", "60"]),
            initiated_by=plot.one(["", "person_a", "person_b", "both", "unknown"]),
            is_confirmed=plot.one(["yes", "no", "not_asked", ""]),
        )  # fmt: skip


def _partner_missing(plot: Plot) -> None:
    """Conversations without the partner, some of them noted twice for one person and day."""
    plot.put(_T, "person_b", [""])
    alone = plot.some(_T, lambda i: plot.tables[_T]["person_b"][i] == "")
    for number, row in enumerate(alone[: len(alone) // 2 + 1]):
        plot.copy(_T, row, one_to_one_id=f"C-alone-{number}", minutes=plot.one(["", "15", "30"]))


def _states(plot: Plot) -> None:
    plot.put(_T, "status", ["no_show", "planned", "unknown", "cancelled"])


def _kinds(plot: Plot) -> None:
    plot.put(_T, "kind", ["check_in", "scripted"])


def _short(plot: Plot) -> None:
    """Minutes on both sides of the limit."""
    plot.put(_T, "minutes", ["0", "5", "19", "20"])


def _with_oneself(plot: Plot) -> None:
    talks = plot.tables[_T]
    for row in plot.some(_T):
        talks["person_b"][row] = talks["person_a"][row]


def _at_the_edge(plot: Plot) -> None:
    """Days on both sides of every window that an indicator of conversations uses."""
    end = day(plot.manifest["period"]["end"])
    edges = [iso(end + n) for n in (-730, -366, -365, -364, -181, -180, -179, -91, -90, -89, 0, 1)]
    plot.put(_T, "held_on", edges)


def _follow_ups_at_the_edge(plot: Plot) -> None:
    """Second conversations 0, 1, 179, 180 and 181 days after the first."""
    talks = plot.tables[_T]
    end = day(plot.manifest["period"]["end"])
    for number, row in enumerate(plot.some(_T, plot.filled(_T, "person_b"))):
        first = end - int(plot.rng.integers(90, 365))
        gap = int(plot.rng.choice([0, 1, 40, 179, 180, 181]))
        talks["held_on"][row], talks["status"][row], talks["kind"][row] = iso(first), "held", "one_to_one"
        plot.copy(
            _T, row, one_to_one_id=f"C-again-{number}", held_on=iso(first + gap), minutes=plot.one(["", "5", "45"]),
            kind=plot.one(["one_to_one", "check_in", "check_in", "scripted"]),
        )  # fmt: skip


def _denied(plot: Plot) -> None:
    """Conversations that the second person was asked about and often does not remember."""
    for row in range(plot.n(_T)):
        if "is_confirmed" in plot.tables[_T] and plot.rng.random() < 0.5:
            plot.tables[_T]["is_confirmed"][row] = plot.one(["yes", "no", "not_asked"])


CONVERSATION_ODDITIES: dict[str, Callable[[Plot], None]] = {
    "conversation_states": _states, "conversation_kinds": _kinds, "short_conversations": _short,
    "conversations_at_the_edge": _at_the_edge, "follow_ups_at_the_edge": _follow_ups_at_the_edge,
    "partner_missing": _partner_missing, "with_oneself": _with_oneself, "denied": _denied,
    "handed_in_twice": _handed_in_twice,
}  # fmt: skip
