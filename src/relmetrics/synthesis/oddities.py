"""Planting what real submissions hold: faulty rows, rare cases, missing columns and tables, odd manifests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relmetrics.errors import UsageError
from relmetrics.synthesis.oddities_conversations import CONVERSATION_ODDITIES
from relmetrics.synthesis.oddities_submission import SUBMISSION_ODDITIES
from relmetrics.synthesis.organization import Organization, day, iso
from relmetrics.synthesis.plot import CODES, DATES, KEYS, NUMBERS, REDUCIBLE, REFERENCES, REQUIRED, Plot


def _bad_dates(plot: Plot) -> None:
    for table, column in DATES:
        if plot.rng.random() < 0.4:
            plot.put(table, column, ["2026-02-30", "end of June", "spring", "2026-13-01", "0000-00-00"])


def _bad_codes(plot: Plot) -> None:
    for table, column in CODES:
        if plot.rng.random() < 0.3:
            plot.put(table, column, ["perhaps", "other_thing", "Si o no"], plot.filled(table, column))


def _bad_numbers(plot: Plot) -> None:
    for table, column in NUMBERS:
        plot.put(table, column, ["about 40", "-3", "12.5", "1e3"])


def _repeated_keys(plot: Plot) -> None:
    """Rows with a key that is there already: some the same in all fields, some with another value in one."""
    for table, key in KEYS.items():
        others = [column for column in plot.tables[table] if column not in key]
        if plot.rng.random() < 0.5 or not others:
            continue
        for row in plot.some(table):
            column = plot.one(others)
            values = plot.tables[table][column]
            plot.copy(table, row, **{column: plot.one(values) if plot.rng.random() < 0.8 else values[row]})


def _dangling_references(plot: Plot) -> None:
    for table, column in REFERENCES:
        if plot.rng.random() < 0.4:
            plot.put(table, column, ["X-9998", "X-9999"], plot.filled(table, column))


def _spells_backwards(plot: Plot) -> None:
    spells = plot.tables["memberships"]
    for row in plot.some("memberships"):
        if len(spells["started_on"][row]) == 10 and spells["started_on"][row].startswith("20"):
            try:
                spells["ended_on"][row] = iso(day(spells["started_on"][row]) - int(plot.rng.integers(1, 60)))
            except ValueError:
                continue  # another oddity has already spoilt this date


def _missing_key_parts(plot: Plot) -> None:
    for table, key in KEYS.items():
        if plot.rng.random() < 0.4:
            plot.put(table, plot.one(key), [""])


def _empty_required_cells(plot: Plot) -> None:
    for table, columns in REQUIRED.items():
        if plot.rng.random() < 0.5:
            plot.put(table, plot.one(columns), [""])


def _reduced_dates(plot: Plot) -> None:
    for table, column in REDUCIBLE:
        for row in plot.some(table, plot.filled(table, column)):
            text = plot.tables[table][column][row]
            plot.tables[table][column][row] = text[: 7 if plot.rng.random() < 0.6 else 4]


def _consent(plot: Plot) -> None:
    plot.put("people", "consent_use", ["no", "aggregate_only"])


def _hired_in_the_window(plot: Plot) -> None:
    """Members who become staff within the last year, and staff spells that end within it."""
    people, end = plot.tables["people"], day(plot.manifest["period"]["end"])
    groups = plot.ids("groups")
    for row in plot.some("people", lambda i: people["person_type"][i] == "constituent"):
        start = end - int(plot.rng.integers(0, 330))
        until = iso(start + int(plot.rng.integers(0, 120))) if plot.rng.random() < 0.3 else ""
        plot.add(
            "memberships", person_id=people["person_id"][row], group_id=plot.one(groups) if groups else "",
            role="paid_staff",
            started_on=iso(start), ended_on=until,
        )  # fmt: skip


def _attendance(plot: Plot) -> None:
    """Attendance unknown, and functions of people who did not come or of whom nobody knows it."""
    plot.put("participation", "attended", ["unknown", "unknown", "no"])


def _several_functions(plot: Plot) -> None:
    plot.put("participation", "functions", [
        "facilitated;designed", "took_notes; hosted", "spoke_for_group;negotiated;delegated_decision", "designed",
        "facilitated;facilitated", "trained;danced",
    ])  # fmt: skip


def _externals(plot: Plot) -> None:
    """People who are external, also some who act, lead or are paid."""
    plot.put("people", "person_type", ["external"])


def _groups(plot: Plot) -> None:
    """Logs that nobody knows of or that began late; groups of other kinds; leaders of external organizations."""
    end = day(plot.manifest["period"]["end"])
    plot.put("groups", "keeps_conversation_log", ["", "unknown", "no"])
    plot.put("groups", "conversation_log_from", [iso(end - 365), iso(end - 364), iso(end - 363), iso(end - 100)[:7]])
    plot.put("groups", "group_type", ["external_organization", "caucus", "committee"])


def _leaving(plot: Plot) -> None:
    end = day(plot.manifest["period"]["end"])
    plot.put("people", "left_on", [iso(end - n) for n in (10, 60, 150, 250)])


def _counts(plot: Plot) -> None:
    """Months without a row, in another form, or with a true zero."""
    plot.put("activity_counts", "month", ["2026", "2026-6", "June 2026", ""])
    plot.put("activity_counts", "n", ["0", ""])
    for row in sorted(plot.some("activity_counts"), reverse=True):
        for values in plot.tables["activity_counts"].values():
            del values[row]


def _event_states(plot: Plot) -> None:
    plot.put("events", "status", ["cancelled", "planned", "unknown", "postponed"])
    plot.put("events", "kind", ["collective_action", "reflection"])


def _shuffled_rows(plot: Plot) -> None:
    for table, columns in plot.tables.items():
        order = plot.rng.permutation(plot.n(table))
        for column, values in columns.items():
            columns[column] = [values[i] for i in order]


_ROWS: dict[str, Callable[[Plot], None]] = {
    "consent": _consent, "externals": _externals, "groups": _groups, "leaving": _leaving, "counts": _counts,
    "event_states": _event_states, "hired_in_the_window": _hired_in_the_window, "attendance": _attendance,
    "several_functions": _several_functions, **CONVERSATION_ODDITIES, "reduced_dates": _reduced_dates,
    "spells_backwards": _spells_backwards, "dangling_references": _dangling_references, "bad_codes": _bad_codes,
    "bad_numbers": _bad_numbers, "bad_dates": _bad_dates, "empty_required_cells": _empty_required_cells,
    "missing_key_parts": _missing_key_parts, "repeated_keys": _repeated_keys, "shuffled_rows": _shuffled_rows,
}  # fmt: skip

# Faults of rows are frequent, faults of the whole rare: most submissions must stay able to give a value.
_ALL = {name: (plant, 0.5) for name, plant in _ROWS.items()} | {
    name: (plant, {"recorded_for": 0.5, "absent_necessary_table": 0.12, "tie_rule": 0.12}.get(name, 0.25))
    for name, plant in SUBMISSION_ODDITIES.items()
}

ODDITIES = tuple(_ALL)
"""Names of all that may be planted."""


def plant_oddities(
    organization: Organization, seed: int, rate: float, *, only: tuple[str, ...] | None = None
) -> Organization:
    """Plant what real submissions hold, a part of all kinds at a time.

    Parameters
    ----------
    organization : Organization
        Stays as it is.
    seed : int
        Decides which oddities are planted, and where.
    rate : float
        Share of the rows that each planted oddity strikes, from 0 to 1, but at least one row. At 0 nothing is planted.
    only : tuple of str, optional
        Plant exactly these, whatever the seed. Names as in `ODDITIES`.

    Returns
    -------
    Organization
        A changed copy: faulty rows, rare but right cases, missing columns and tables, other answers in the manifest.
    """
    if not 0 <= rate <= 1:
        raise UsageError(f"rate is a share, from 0 to 1, not {rate}")
    unknown = sorted(set(only or ()) - set(ODDITIES))
    if unknown:
        raise UsageError(f"there is no oddity called {', '.join(unknown)}; there are {', '.join(ODDITIES)}")
    plot = Plot(organization, np.random.Generator(np.random.PCG64([seed, 13])), rate)
    if rate == 0:
        return plot.organization()
    # Each oddity has a stream of its own, so that a new one does not move the others.
    for (name, (plant, chance)), stream in zip(_ALL.items(), plot.rng.spawn(len(_ALL)), strict=True):
        plot.rng = stream
        drawn = stream.random() < chance
        if (name in only) if only is not None else drawn:
            plant(plot)
    return plot.organization()
