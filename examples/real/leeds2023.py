"""Make a submission of what LEEDS 2023 published about its volunteers and its events.

The folder given with ``--data`` holds ``volunteers_volunteers.csv`` and ``events_master_all.csv``::

    python examples/real/leeds2023.py --data DIR --output OUT

Attribution: LEEDS 2023, CC BY 4.0, as published by Open Innovations. Changed here: columns chosen and renamed.

A volunteer's account was made on a day, which is taken as the first contact. Events have a day and mostly a head count,
but nothing says who came: there is no table ``participation``, and none of conversations. Nothing is filled in for what
was not published: no consent, no way in which somebody came, no way in which heads were counted. An event's kind is
given only where the published type has one plain counterpart in the standard.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

KINDS = {
    "['CLE - Skills and Talent session']": "training",
    "['CLE - Participant / Volunteer thank you event']": "celebration",
}

MANIFEST = """\
dataset_id: "leeds2023-volunteers-events"
schema_version: "1.0"
organization_id: "leeds-2023"
period:
  start: "2023-01-01"
  end: "2023-12-31"
records_from: "2022-06-08"
adoption_level: "core"
tie_rule: "one_to_one"
conversations_recorded_for: "nobody"
has_paid_staff: "yes"
complete_tables: []
boundary_rule: "Everybody who made an account as a volunteer, confirmed or not."
taken_on: "2024-01-31"
"""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of one of the published files."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def head_count(row: dict[str, str]) -> str:
    """People who were there in person, as a whole number; empty where nothing was published."""
    given = row["actual_audience_size_number_of_participants_in_person"]
    return str(int(float(given))) if given else ""


def status(row: dict[str, str]) -> str:
    """``held`` where somebody was counted; whether the others took place was not published."""
    return "held" if head_count(row) not in ("", "0") else "unknown"


def main() -> None:
    """Read the two files and write the folder."""
    parser = argparse.ArgumentParser(description="Make a submission of the LEEDS 2023 data.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the files of the data set")
    parser.add_argument("--output", type=Path, required=True, help="folder in which the submission is made")
    given = parser.parse_args()
    folder = given.output / "leeds2023"
    folder.mkdir(parents=True, exist_ok=True)
    write_table(
        folder / "people.csv",
        ("person_id", "person_type", "first_contact_on", "consent_use"),
        (
            (row["hash"], "constituent", row["created"], "")
            for row in read_rows(given.data / "volunteers_volunteers.csv")
        ),
    )
    write_table(
        folder / "events.csv",
        ("event_id", "held_on", "status", "kind", "head_count", "head_count_method"),
        (
            (
                row["airtable_id"],
                row["start_date"],
                status(row),
                KINDS.get(row["event_type"], ""),
                head_count(row),
                "unknown",
            )
            for row in read_rows(given.data / "events_master_all.csv")
        ),
    )
    (folder / "submission.yaml").write_text(MANIFEST, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
