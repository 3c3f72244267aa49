"""An independent oracle of indicators, written from the text of the standard alone.

``compute`` takes the tables as they stand in the CSV files (text, '' = empty cell), the manifest as nested text, and
returns one dict a published row. Nothing here is shared with the engine.

Readings
========
Where the text leaves a choice, this oracle takes the following (0.2 etc. are sections of the catalogue). They were
settled for the first eight indicators and hold for all; what only one of the others needs stands in its module.

Faulty rows (0.2)
 F1  Cells are compared exactly as they stand: no trimming, no synonyms, no other letter case. ``id`` = 1 to 64 ASCII
     letters, digits, ``-``, ``_``, ``.``. Integers are ASCII digits only (``030`` is 30; ``30.0`` and ``-1`` are
     unknown). Dates are ``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY`` and must exist; a field not marked p takes days only.
 F2  A code outside its list is the same as ``unknown``: it is *not* empty (so a column in which every cell is
     unreadable does not raise the "empty in every row" gates). An unreadable id, date or number is the same as an
     empty cell: ``ended_on`` unreadable = open, ``minutes`` unreadable = not recorded, ``person_b`` unreadable =
     partner not recorded, ``conversation_log_from`` unreadable = empty.
 F3  A ``codes`` cell loses only its unreadable codes; where nothing readable is left the cell is unknown, not empty.
 F4  A key part that is empty or has not its type (also: a role, activity kind, month or started_on that cannot be
     read) makes the key incomplete. A key part that refers to something that is not there leaves the key complete:
     a spell in a group that is not in ``groups`` is still a spell (it makes active), a participation row of an event
     that is not there is never at a held event.
 F5  Rows with one key: fields are compared as typed values; an empty cell against a filled one is a difference.
     ``codes`` are compared as sets. A code that differs is ``unknown`` (not empty).
 F6  ``rows_left_out`` = rows without a complete key + spells that end before they start (after merging equal keys,
     so two copies of one reversed spell are one). Further copies of a key are not "left out" (they count once).
     Counted over the tables the value reads, directly or through activity, positions and coverage: the six necessary
     tables for REL and NET; people, memberships, events, participation for LEAD-01; the six and waves,
     wave_respondents for DQ-02; activity_counts for IND-01.
 F7  A reference to a person who is not in ``people`` is the same as an empty cell: the row makes the other end active,
     makes no tie, counts for ``person_a`` in REL-01 when it is ``person_b`` that is not there.
 F8  ``person_type`` unknown: staff while a paid_staff spell covers the day, else in no position. A unit must be
     *known* to belong to the population; only then can an unknown position make it ``unknown``. So: not an AC, not a
     node, no act of LEAD-01; a conversation with one constituent and one such person is an ``unknown`` unit of REL-02
     (and outside ``implied_by_totals``), with no constituent it is no unit; the dyad is no unit of REL-03; an AC
     whose only counted conversations are with partners of unknown person_type is ``unknown`` in REL-01.

Dates, positions, activity (0.2)
 P1  Year precision never brings a conversation into a window, but a spell's or ``left_on``'s or
     ``conversation_log_from``'s year stands at its first day (start) or last day (end).
 P2  Active by a spell = constituent on at least one day of the spell that lies in W; in any group, also external.
 P3  A row of somebody with themselves makes active (partner as good as not recorded), is never counted.
 P4  Staff of degree 0 are nodes only if a paid_staff spell overlaps W. A person is a staff node if staff on one day
     of W (also an external with a paid spell); all their counted conversations in W are ties, whatever their position
     on the date. The degree is that in the graph of all such nodes.
 P5  ``status_switchers``: among the nodes of G_W; the count is the extra ``n_status_switchers``.

Gates and form of a value (0.3)
 G1  Minimum numbers are tested on known units. ``no_eligible_units`` = no unit, known or unknown. Share of unknown =
     unknown / (known + unknown).
 G2  After the first three reasons n_units, unknown, n_without_consent and coverage are None and extras is {} (not even
     ``rows_left_out``). After any other reason coverage, n_units, unknown, n_without_consent stay.
 G3  Extras that are built on the value (``greenwood_*``, ``jackknife_se``) are None where the value is None (as settled
     for ``ratio`` of REL-09); all others are stated.
 G4  Windows by ``records_from`` hold for all eight, IND-01 and DQ-02 included. No or unreadable records_from: no gate.
 G5  NET-02 and NET-05 always return two rows, also when a table is absent. The second row has its own gates, U3 and U5
     on G_W; ``staff_only_share`` and ``value_covered_only`` are None there.
 G6  ``coverage`` of DQ-02 is its own value; of LEAD-01 and IND-01 None.
 G7  ``has_paid_staff`` neither yes nor no is treated as yes (REL-02: missing_required_field without staff).
 G8  marked_groups: ``groups`` absent counts as no rows for the gate (coverage by clause (b) alone). For DQ-02 itself
     people, groups, memberships and one_to_ones are needed under marked_groups, people alone otherwise.
     No AC under marked_groups: coverage None, and the gate passes (100*0 >= 70*0); staff_only, nobody: 0.
 G9  REL-01: the gate on sign-in looks at rows with attended = yes at a held event in W, also of people not in
     ``people``. The AC need not be constituent on the date of the conversation. Rows without person_b are merged with
     one another only.
 G10 REL-03: positions on the date of the first counted conversation in the origin window, of either precision; any
     held row of month precision of the repeat kinds in W makes the dyad unknown. ``met_before_share``: 1 to 365 days
     before the origin, rows of month precision at their first day. Follow-up ends on ``left_on``'s last known day.
 G11 Zero or one "exactly" (fallback of U2) is decided in fractions.
 G12 LEAD-01: ``unknown`` is 0; events_with_functions and the functions gate count rows whatever their person.
 G13 IND-01: rows of the twelve months only, also for "no row"; ``months_with_row`` includes rows with unknown n;
     unknown rows leave the value and the 20 % and 50 % rules hold over rows. denominator None.
 G14 U5 has no limit on dropped graphs (``dropped`` is stated); if all are dropped there is no benchmark. One possible
     graph (no tie, complete): benchmark in closed form, sd 0, z None, percentile 50, also with simulate=False.
 G15 DQ-02: of coverage_conversations and coverage_roster only the one that the value is not is in the extras.

Simulation
 ``not_simulated`` lists what exists but was not drawn (simulate=False): interval, benchmark. ``*_mcse`` is the Monte
 Carlo standard error of one run with the standard's number of replicates: two runs differ by sqrt(2) of it. Seeds are
 not the engine's.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from oracle import (
    attention_evenness,
    audience_size,
    betweenness,
    bridging,
    constituent_review,
    constraint,
    contacts_made,
    core_periphery,
    crossing_parity,
    degrees,
    digital_conversion_rate,
    effective_leaders,
    entry_timeliness,
    expert_dependence,
    full_cycle_participation,
    initiation_parity,
    ladder_transitions,
    leadership_representation_ratio,
    member_developed_leaders,
    member_led_step_share,
    member_to_member_share,
    networks,
    newcomers,
    one_to_one_coverage,
    organizing_share,
    participation_parity,
    persistence,
    real_team_share,
    record_completeness,
    reflection_completion,
    relational_coverage,
    relational_turnout_share,
    repeat_conversation_rate,
    staff_in_the_network,
    turnout_breadth,
    turnout_count,
)
from oracle.common import Submission

INDICATORS = {
    "one_to_one_coverage": one_to_one_coverage.compute,
    "member_to_member_share": member_to_member_share.compute,
    "repeat_conversation_rate": repeat_conversation_rate.compute,
    "member_connectedness": networks.member_connectedness,
    "closure": networks.closure,
    "effective_leaders": effective_leaders.compute,
    "relational_coverage": relational_coverage.compute,
    "contacts_made": contacts_made.compute,
    "initiation_parity": initiation_parity.compute,
    "attention_evenness": attention_evenness.compute,
    "organizing_share": organizing_share.compute,
    "digital_conversion_rate": digital_conversion_rate.compute,
    "expert_dependence": expert_dependence.compute,
    "record_completeness": record_completeness.compute,
    "entry_timeliness": entry_timeliness.compute,
    "constituent_review": constituent_review.compute,
    "turnout_count": turnout_count.compute,
    "audience_size": audience_size.compute,
}

# Indicators that the engine has no sheet for yet: what compares the two asks for those of INDICATORS.
WITHOUT_SHEET = {
    "ladder_transitions": ladder_transitions.compute,
    "member_developed_leaders": member_developed_leaders.compute,
    "real_team_share": real_team_share.compute,
    "member_led_step_share": member_led_step_share.compute,
    "full_cycle_participation": full_cycle_participation.compute,
    "reflection_completion": reflection_completion.compute,
    "relational_turnout_share": relational_turnout_share.compute,
    "turnout_breadth": turnout_breadth.compute,
    "leadership_representation_ratio": leadership_representation_ratio.compute,
    "participation_parity": participation_parity.compute,
    "crossing_parity": crossing_parity.compute,
    "mean_degree": degrees.mean_degree,
    "degree_centralization": degrees.degree_centralization,
    "betweenness_centralization": betweenness.compute,
    "leader_constraint": constraint.compute,
    "cross_line_bridging": bridging.compute,
    "core_periphery_fit": core_periphery.compute,
    "staff_tie_share": staff_in_the_network.staff_tie_share,
    "staff_removal_robustness": staff_in_the_network.staff_removal_robustness,
    "tie_persistence": persistence.compute,
    "newcomer_integration_rate": newcomers.compute,
}


def compute(
    indicator: str,
    tables: dict[str, pd.DataFrame],
    manifest: dict[str, Any],
    period_end: str | None = None,
    parameters: dict[str, Any] | None = None,
    simulate: bool = False,
) -> list[dict[str, Any]]:
    """Compute one indicator by the text of the standard; total first, then ``graph=full`` where there is one."""
    known = INDICATORS | WITHOUT_SHEET
    if indicator not in known:
        raise ValueError(f"the oracle does not know the indicator {indicator!r}")
    if manifest.get("tie_rule") == "roster":
        raise ValueError("the oracle does not support tie_rule = roster")
    sub = Submission(tables, manifest, period_end, parameters or {})
    return known[indicator](sub, simulate)
