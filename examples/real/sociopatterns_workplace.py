"""Make submissions of the SocioPatterns workplace data (InVS15): once as it is, three times as an exercise of method.

The folder given with ``--data`` holds ``workplace_InVS15_tij.dat.gz`` (one row a 20-second slice: second, person,
person) and ``workplace_InVS15_metadata.txt`` (person, department)::

    python examples/real/sociopatterns_workplace.py --data DIR --output OUT

``as_it_is`` writes only what the data say: who was there, in which department, who stood face to face with whom and for
how long. No date, because the data have none; no kind of conversation, because a sensor knows none. The manifest cannot
do without dates, so its year is a placeholder, and it says that no record can be shown to lie before the period's end.

``exercise_gap_1``, ``_5`` and ``_15`` are exercises of method, not claims. The manifest pretends a year of complete
records; the contacts of one pair on one day are coded as one one-to-one, with the whole minutes of its longest contact.
Each day of recording is coded as a meeting that everybody attended whom a sensor saw, because coverage is a share of
people who took part in something, and cannot be had from conversations alone.
Slices of a pair are one contact while the gap between them is at most 1, 5 or 15 minutes.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import gzip
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

SLICE = 20
DAY = 86_400
GAPS = (1, 5, 15)
# Of the exercise only. The data name no date; this is a Monday in the middle of the pretended year.
FIRST_DAY = datetime.date(2025, 11, 3)

Slices = dict[tuple[int, int], list[int]]

MANIFEST = """\
dataset_id: "{dataset_id}"
schema_version: "1.0"
organization_id: "sociopatterns-workplace"
period:
  start: "2025-07-01"
  end: "2026-06-30"
records_from: "{records_from}"
adoption_level: "core"
tie_rule: "one_to_one"
conversations_recorded_for: "{recorded_for}"
has_paid_staff: "no"
complete_tables: {complete_tables}
boundary_rule: "{boundary_rule}"
"""
# Of the exercise only: without a row, because a year without groups is pretended too.
EMPTY_TABLES = {
    "groups": ("group_id", "group_type", "keeps_conversation_log"),
    "memberships": ("person_id", "group_id", "role", "started_on"),
}
AS_IT_IS = (
    "Everybody who wore a sensor and was seen with somebody. The data have no dates: the period is a placeholder."
)
EXERCISE = "Method exercise, not a claim: sensor contacts coded as one-to-ones, from an invented Monday."


def read_slices(folder: Path) -> Slices:
    """Seconds at which each pair was face to face, in order; the smaller number of a pair stands first."""
    slices: Slices = defaultdict(list)
    with gzip.open(folder / "workplace_InVS15_tij.dat.gz", "rt", encoding="ascii") as file:
        for line in file:
            second, one, other = map(int, line.split())
            slices[min(one, other), max(one, other)].append(second)
    return {pair: sorted(slices[pair]) for pair in sorted(slices)}


def read_departments(folder: Path) -> dict[int, str]:
    """Department of each person."""
    lines = (folder / "workplace_InVS15_metadata.txt").read_text(encoding="ascii").splitlines()
    return {int(person): department for person, department in map(str.split, filter(str.strip, lines))}


def merge(seconds: Sequence[int], gap: int) -> list[tuple[int, int]]:
    """Join the slices of one pair on one day to contacts; return start and length of each, in seconds."""
    contacts: list[tuple[int, int]] = []
    for second in seconds:
        if contacts and second - sum(contacts[-1]) <= 60 * gap and second // DAY == contacts[-1][0] // DAY:
            contacts[-1] = (contacts[-1][0], second + SLICE - contacts[-1][0])
        else:
            contacts.append((second, SLICE))
    return contacts


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_as_it_is(slices: Slices, departments: dict[int, str], folder: Path) -> None:
    """Write what the data say, and leave empty what they do not."""
    folder.mkdir(parents=True, exist_ok=True)
    people = sorted({person for pair in slices for person in pair})
    write_table(
        folder / "people.csv",
        ("person_id", "person_type", "first_contact_on", "consent_use"),
        ((person, "constituent", "", "") for person in people),
    )
    write_table(
        folder / "groups.csv",
        ("group_id", "group_type", "label"),
        ((name, "team", name) for name in sorted({departments[person] for person in people})),
    )
    write_table(
        folder / "memberships.csv",
        ("person_id", "group_id", "role", "started_on"),
        ((person, departments[person], "participant", "") for person in people),
    )
    contacts = [(pair, length) for pair, seconds in slices.items() for _, length in merge(seconds, GAPS[0])]
    write_table(
        folder / "one_to_ones.csv",
        ("one_to_one_id", "held_on", "person_a", "person_b", "status", "kind", "minutes", "medium"),
        (
            (f"C-{number:05}", "", *pair, "held", "", length // 60, "in_person")
            for number, (pair, length) in enumerate(contacts, start=1)
        ),
    )
    manifest = MANIFEST.format(
        dataset_id="workplace-as-it-is",
        records_from="2026-06-30",
        recorded_for="nobody",
        complete_tables="[]",
        boundary_rule=AS_IT_IS,
    )
    (folder / "submission.yaml").write_text(manifest, encoding="utf-8", newline="\n")


def write_exercise(slices: Slices, gap: int, folder: Path) -> None:
    """Write the exercise for one merge gap, in minutes."""
    folder.mkdir(parents=True, exist_ok=True)
    people = sorted({person for pair in slices for person in pair})
    write_table(
        folder / "people.csv",
        ("person_id", "person_type", "first_contact_on", "consent_use"),
        ((person, "constituent", "2025-07-01", "yes") for person in people),
    )
    longest: dict[tuple[int, tuple[int, int]], int] = {}
    for pair, seconds in slices.items():
        for start, length in merge(seconds, gap):
            key = (start // DAY, pair)
            longest[key] = max(length, longest.get(key, 0))
    write_table(
        folder / "one_to_ones.csv",
        ("one_to_one_id", "held_on", "person_a", "person_b", "status", "kind", "minutes", "medium"),
        (
            (
                f"C-{number:05}",
                FIRST_DAY + datetime.timedelta(day),
                *pair,
                "held",
                "one_to_one",
                length // 60,
                "in_person",
            )
            for number, ((day, pair), length) in enumerate(sorted(longest.items()), start=1)
        ),
    )
    days = sorted({second // DAY for seconds in slices.values() for second in seconds})
    write_table(
        folder / "events.csv",
        ("event_id", "held_on", "status", "kind"),
        ((f"E-{day:02}", FIRST_DAY + datetime.timedelta(day), "held", "meeting") for day in days),
    )
    seen = {(second // DAY, person) for pair, seconds in slices.items() for second in seconds for person in pair}
    write_table(
        folder / "participation.csv",
        ("event_id", "person_id", "attended"),
        ((f"E-{day:02}", person, "yes") for day, person in sorted(seen)),
    )
    for name, columns in EMPTY_TABLES.items():
        write_table(folder / f"{name}.csv", columns, ())
    manifest = MANIFEST.format(
        dataset_id=f"workplace-exercise-gap-{gap}",
        records_from="2025-07-01",
        recorded_for="everyone",
        complete_tables='["events"]',
        boundary_rule=EXERCISE,
    )
    (folder / "submission.yaml").write_text(manifest, encoding="utf-8", newline="\n")


def main() -> None:
    """Read the data and write the four folders."""
    parser = argparse.ArgumentParser(description="Make submissions of the SocioPatterns workplace data.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the two files of the data set")
    parser.add_argument("--output", type=Path, required=True, help="folder in which the submissions are made")
    given = parser.parse_args()
    slices = read_slices(given.data)
    write_as_it_is(slices, read_departments(given.data), given.output / "as_it_is")
    for gap in GAPS:
        write_exercise(slices, gap, given.output / f"exercise_gap_{gap}")


if __name__ == "__main__":
    main()
