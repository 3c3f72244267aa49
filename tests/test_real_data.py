"""The whole line on data that nobody invented for it: the scripts of `examples/real/`, and what comes of them.

Numbers are held to networkx on contacts that are merged here again, from the published file, in another way.
"""

from __future__ import annotations

import gzip
import itertools
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

import relmetrics as rm

pytestmark = pytest.mark.shared

GAPS = (1, 5, 15)
TIES = ("one_to_one_coverage", "member_connectedness", "closure")


def made_by(root: Path, script: str, data: Path, output: Path) -> Path:
    """Run one script as its README says; the folder with what it made."""
    path = root / "examples" / "real" / script
    subprocess.run([sys.executable, str(path), "--data", str(data), "--output", str(output)], check=True)
    return output


@pytest.fixture(scope="module")
def workplace(root: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four submissions of the workplace data."""
    output = tmp_path_factory.mktemp("workplace")
    return made_by(root, "sociopatterns_workplace.py", shared_data / "sociopatterns_workplace", output)


@pytest.fixture(scope="module")
def leeds(root: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The submission of the LEEDS 2023 data."""
    return made_by(root, "leeds2023.py", shared_data / "leeds2023", tmp_path_factory.mktemp("leeds")) / "leeds2023"


def longest_contacts(data: Path, gap: int) -> Counter[tuple[int, str, str]]:
    """Whole minutes of the longest contact of each pair and day."""
    with gzip.open(data / "sociopatterns_workplace" / "workplace_InVS15_tij.dat.gz", "rt", encoding="ascii") as file:
        rows = [line.split() for line in file]
    slices = sorted((int(t) // 86_400, *sorted(ends), int(t)) for t, *ends in rows)
    longest: Counter[tuple[int, str, str]] = Counter()
    for key, group in itertools.groupby(slices, key=lambda one: one[:3]):
        seconds = [one[3] for one in group]
        # A contact ends where the time from the end of one slice to the start of the next is longer than the gap.
        breaks = [place for place in range(1, len(seconds)) if seconds[place] - seconds[place - 1] - 20 > 60 * gap]
        edges = [0, *breaks, len(seconds)]
        lengths = [seconds[end - 1] + 20 - seconds[start] for start, end in itertools.pairwise(edges)]
        longest[key] = max(lengths) // 60
    return longest


def reasons(folder: Path) -> dict[tuple[str, str], str]:
    """Status or reason of every value."""
    with rm.read_submission(folder) as submission:
        return {(v.indicator, v.disaggregation): v.reason or v.status for v in rm.calculate(submission)}


def counts(folder: Path) -> dict[tuple[str, str], int]:
    """Findings of each check that found something."""
    with rm.read_submission(folder) as submission:
        return {(c.rule, c.table): c.n_findings for c in rm.validate(submission).checks if c.n_findings}


def test_workplace_as_it_is_answers_with_reasons(workplace: Path) -> None:
    late, missing = "missing_records_window", "missing_required_field"
    assert reasons(workplace / "as_it_is") == {
        ("one_to_one_coverage", "total"): missing,
        ("member_to_member_share", "total"): late,
        ("repeat_conversation_rate", "total"): late,
        ("member_connectedness", "total"): late,
        ("member_connectedness", "graph=full"): late,
        ("closure", "total"): late,
        ("closure", "graph=full"): late,
        ("effective_leaders", "total"): missing,
        ("relational_coverage", "total"): late,
        ("contacts_made", "total"): missing,
    }


def test_workplace_as_it_is_names_what_is_missing(workplace: Path) -> None:
    assert counts(workplace / "as_it_is") == {
        ("required_value_missing", "people"): 2 * 217,
        ("required_value_missing", "memberships"): 217,
        ("required_value_missing", "one_to_ones"): 2 * 21_783,
        ("one_answer_everywhere", "memberships"): 1,
        ("records_begin_within_the_year", "submission"): 1,
        ("missing_table", "events"): 1,
        ("missing_table", "participation"): 1,
    }


def test_a_pretended_year_does_not_help_contacts_without_dates(workplace: Path, tmp_path: Path) -> None:
    for file in (workplace / "as_it_is").iterdir():
        text = file.read_text(encoding="utf-8")
        text = text.replace('records_from: "2026-06-30"', 'records_from: "2025-07-01"').replace(
            '"nobody"', '"everyone"'
        )
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    found = reasons(tmp_path)
    assert found["closure", "total"] == found["member_connectedness", "total"] == "no_eligible_units"
    assert found["relational_coverage", "total"] == "no_eligible_units"


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("least", [1, 5, 20])
def test_workplace_exercise_agrees_with_networkx(workplace: Path, shared_data: Path, gap: int, least: int) -> None:
    contacts = longest_contacts(shared_data, gap)
    people = {person for _, *pair in contacts for person in pair}
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(people)
    graph.add_edges_from(pair for (_, *pair), minutes in contacts.items() if minutes >= least)
    parameters = {name: {"min_minutes": str(least)} for name in TIES}
    with rm.read_submission(workplace / f"exercise_gap_{gap}") as submission:
        values = rm.calculate(submission, indicators=TIES, parameters=parameters)

    coverage = values.get("one_to_one_coverage")
    talked = sum(degree > 0 for _, degree in graph.degree)
    assert (coverage.numerator, coverage.denominator) == (talked, 217)

    connectedness = values.get("member_connectedness")
    pairs = sum(len(part) * (len(part) - 1) // 2 for part in nx.connected_components(graph))
    assert (connectedness.numerator, connectedness.denominator) == (pairs, 217 * 216 // 2)

    closure = values.get("closure")
    assert closure.value == pytest.approx(nx.transitivity(graph), abs=1e-12)
    assert closure.extras["n_ties"] == graph.number_of_edges()
    for value in (coverage, connectedness, closure):
        assert value.interval is not None
        assert value.interval.low <= value.value <= value.interval.high


def test_workplace_exercise_at_the_standards_own_length(workplace: Path) -> None:
    values = {}
    for gap in GAPS:
        with rm.read_submission(workplace / f"exercise_gap_{gap}") as submission:
            values[gap] = rm.calculate(submission)
    # The longer the gap that is bridged, the more contacts reach 20 minutes: the coding decides, not the people.
    assert [values[gap].get("closure").extras["n_ties"] for gap in GAPS] == [80, 322, 700]
    assert [values[gap].get("member_connectedness").numerator for gap in GAPS] == [417, 17_206, 22_155]
    for found in values.values():
        share = found.get("member_to_member_share")
        assert (share.value, share.status) == (1.0, "computed_with_warning")
        assert "no_staff" in share.warnings
        assert found.get("relational_coverage").value == 1.0
        assert found.get("repeat_conversation_rate").status == "computed"
        assert not found.get("effective_leaders").has_number
        assert found.get("contacts_made").reason == "missing_required_field"


def test_leeds_answers_with_reasons(leeds: Path) -> None:
    found = reasons(leeds)
    assert found.pop(("relational_coverage", "total")) == "no_eligible_units"
    assert len(found) == 9
    assert set(found.values()) == {"missing_required_field"}


def test_leeds_names_what_is_missing(leeds: Path) -> None:
    assert counts(leeds) == {
        ("required_value_missing", "people"): 2_823,
        ("required_value_missing", "events"): 1_187,
        ("nothing_but_unknown", "events"): 1,
        ("missing_table", "groups"): 1,
        ("missing_table", "memberships"): 1,
        ("missing_table", "one_to_ones"): 1,
        ("missing_table", "participation"): 1,
    }


def test_scripts_write_the_same_bytes_again(root: Path, shared_data: Path, workplace: Path, tmp_path: Path) -> None:
    again = made_by(root, "sociopatterns_workplace.py", shared_data / "sociopatterns_workplace", tmp_path)
    first = {file.relative_to(workplace): file.read_bytes() for file in workplace.rglob("*") if file.is_file()}
    assert first == {file.relative_to(again): file.read_bytes() for file in again.rglob("*") if file.is_file()}
