"""`relmetrics inspect` on data that nobody invented for it: the quirks that people wrote down beside the files.

What stands in the READMEs of the shared data and can be told from a file is here, one line a quirk. What cannot be told
without knowing what the columns mean is not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from relmetrics.submission.inspection import InspectedTable, Inspection, Oddity, inspect
from relmetrics.validation.screens.any_table import look_for_people

pytestmark = pytest.mark.shared

CCC = "crowd_counting_consortium/"
LEEDS = "leeds2023/"
LOOKUP = f"{CCC}location_lookup.csv"
SAMPLE = f"{CCC}ccc_2025_sample_50events.csv"
MADRID = "decide_madrid/proposals_latest.csv"
NLRB = "nlrb_elections/NLRB-2022-000194_final-Election_results_with_election_mode_Jan_2017-Nov_2021.xlsx"
POLIS = ("15-per-hour-seattle", "bg2050-volunteers", "brexit-consensus", "canadian-electoral-reform")
HIVEMIND = "scoop-hivemind.affordable-housing"

# File, oddity, columns that it names at least, how many (None where only that it is seen matters).
SEEN: list[tuple[str, str, str, int | None]] = [
    # Crowd Counting Consortium: UTF-8 and Latin-1 in one file, a Greek letter in a state, repeated towns.
    (LOOKUP, "two_encodings", "", 50),
    (LOOKUP, "two_scripts", "B", 2),
    (LOOKUP, "nothing", "B", None),
    (LOOKUP, "first_repeated", "A", 2694),
    (SAMPLE, "worded_numbers", "Z", None),
    (SAMPLE, "list", "J L M P R S T U", None),
    (SAMPLE, "list", "AR", None),
    (SAMPLE, "nothing", "F M N O AE", None),
    (SAMPLE, "wide", "AS AT BV", 30),
    (SAMPLE, "leading_zeros", "G", None),
    # Decide Madrid: day first, HTML, trailing and unusual blanks, one column of dates in another form with a zone.
    (MADRID, "date_form_either", "E", 2738),
    (MADRID, "zones", "F", 30),
    (MADRID, "html", "C", 2073),
    (MADRID, "blank_around", "B", None),
    (MADRID, "blank_inside", "C", 1179),
    (MADRID, "free_text", "C", None),
    # NLRB: a title above the header, cases that repeat, spellings of unions, line breaks, lists laid side by side.
    (NLRB, "rows_above", "", 1),
    (NLRB, "id_repeated", "A", 556),
    (NLRB, "alike", "U", None),
    (NLRB, "line_break", "AG AH", None),
    (NLRB, "wide", "U W Y", 3),
    (NLRB, "wide", "V X Z", 3),
    (NLRB, "days_in_order", "F N", 1),
    (NLRB, "sizes_in_order", "AB S", 67),
    (NLRB, "far_days", "F", None),
    # LEEDS 2023: lists in cells, blanks before postcodes, days within labels, order of days and of numbers, no zone.
    (f"{LEEDS}partnerships_partnerships.csv", "list_code", "B I N O", None),
    (f"{LEEDS}partnerships_partnerships.csv", "blank_around", "E", None),
    (f"{LEEDS}partnerships_partnerships.csv", "days_within", "M", 62),
    (f"{LEEDS}partnerships_partnerships.csv", "end_before_start", "D C", 1),
    (f"{LEEDS}partnerships_partnerships.csv", "first_repeated", "A", 17),
    (f"{LEEDS}events_master_all.csv", "end_before_start", "M D", 3),
    (f"{LEEDS}events_master_all.csv", "list_code", "F I L P", None),
    (f"{LEEDS}events_partner-events_events.csv", "end_before_start", "B C", 2),
    (f"{LEEDS}schools_schools_events.csv", "list_code", "E F G H I", None),
    (f"{LEEDS}schools_schools_events.csv", "list_padded", "F G H", None),
    (f"{LEEDS}schools_schools_events.csv", "point_zero", "J K L", None),
    (f"{LEEDS}volunteers_shifts.csv", "sizes_in_order", "E F", 10),
    (f"{LEEDS}community_events.csv", "far_above", "F", None),
    (f"{LEEDS}callouts_responses.csv", "nothing", "C D", None),
    (f"{LEEDS}volunteers_volunteers.csv", "nothing", "B C", None),
    (f"{LEEDS}events_tickets_orders.csv", "no_zone", "A D", None),
    (f"{LEEDS}events_tickets_orders.csv", "days_in_order", "A C", 6),
    (f"{LEEDS}roadshows_contact_consents.csv", "no_zone", "A", 355),
    (f"{LEEDS}volunteer_snapshots/volunteers_2022-10-31.csv", "empty_column", "G", None),
    # Polis: milliseconds, names of zones, a matrix with numbers as names, votes that repeat, lines in cells.
    *((f"polis/{name}/votes.csv", "counted_time", "A", None) for name in (*POLIS, HIVEMIND)),
    *((f"polis/{name}/votes.csv", "zone_names", "B", None) for name in (*POLIS, HIVEMIND)),
    *((f"polis/{name}/summary.csv", "key_value", "", None) for name in (*POLIS, HIVEMIND)),
    ("polis/bg2050-volunteers/votes.csv", "pair_repeated", "C D", 58),
    ("polis/bg2050-volunteers/comments.csv", "line_break", "J", 4),
    ("polis/bg2050-volunteers/summary.csv", "line_break", "B", 1),
    (f"polis/{HIVEMIND}/summary.csv", "line_break", "B", 1),
    ("polis/bg2050-volunteers/participants-votes.csv", "wide", "H I NN", 371),
    ("polis/15-per-hour-seattle/participants-votes.csv", "wide", "G H", 54),
    ("polis/canadian-electoral-reform/participants-votes.csv", "wide", "G H", 174),
    ("polis/brexit-consensus/participants-votes.csv", "wide", "G H", 50),
    (f"polis/{HIVEMIND}/participants-votes.csv", "wide", "G H", 165),
    # SocioPatterns: no names of columns at all.
    ("sociopatterns_workplace/workplace_InVS15_metadata.txt", "no_header", "", None),
    ("sociopatterns_workplace/workplace_InVS15_tij.dat.gz", "no_header", "", None),
]

ROWS = {
    LOOKUP: 10_432, SAMPLE: 50, MADRID: 2738, NLRB: 6927,
    f"{LEEDS}volunteers_volunteers.csv": 2823, f"{LEEDS}volunteers_shifts.csv": 1081,
    f"{LEEDS}events_master_all.csv": 1223, f"{LEEDS}schools_schools_events.csv": 493,
    f"{LEEDS}partnerships_partnerships.csv": 66, f"{LEEDS}events_tickets_orders.csv": 7301,
    f"{LEEDS}events_tickets_events.csv": 275, f"{LEEDS}events_awakening_attendees.csv": 2221,
    f"{LEEDS}community_events.csv": 289, f"{LEEDS}roadshows_attendance.csv": 34,
    f"{LEEDS}roadshows_contact_consents.csv": 355, f"{LEEDS}community-grants_responses.csv": 573,
    f"{LEEDS}fundraising_pipeline.csv": 266, f"{LEEDS}callouts_responses.csv": 1168,
    f"{LEEDS}events_partner-events_events.csv": 271,
    "polis/bg2050-volunteers/votes.csv": 14_341, "polis/15-per-hour-seattle/votes.csv": 2995,
    "polis/canadian-electoral-reform/votes.csv": 12_018, "polis/brexit-consensus/votes.csv": 5312,
    f"polis/{HIVEMIND}/votes.csv": 15_076, "polis/bg2050-volunteers/comments.csv": 371,
    "sociopatterns_workplace/workplace_InVS15_metadata.txt": 232,
    "sociopatterns_workplace/workplace_InVS15_tij.dat.gz": 78_249,
}  # fmt: skip


@pytest.fixture(scope="module")
def inspection(shared_data: Path) -> Inspection:
    return inspect(shared_data, look=look_for_people)


@pytest.fixture(scope="module")
def tables(inspection: Inspection) -> dict[str, InspectedTable]:
    return {table.file: table for table in inspection.tables}


def those(table: InspectedTable, name: str, columns: str) -> list[Oddity]:
    return [one for one in table.oddities if one.id == name and set(columns.split()) <= set(one.columns)]


def test_every_table_is_looked_at(inspection: Inspection, shared_data: Path) -> None:
    files = {str(path.relative_to(shared_data)) for path in shared_data.rglob("*") if path.suffix in (".csv", ".xlsx")}
    assert not inspection.unread
    assert {table.file for table in inspection.tables} >= files


@pytest.mark.parametrize(("file", "name", "columns", "n"), SEEN)
def test_quirks_are_seen(file: str, name: str, columns: str, n: int | None, tables: dict[str, InspectedTable]) -> None:
    found = those(tables[file], name, columns)
    assert found, [one.id for one in tables[file].oddities]
    if n is not None:
        assert n in [one.n for one in found]


@pytest.mark.parametrize("file", ROWS)
def test_rows_are_those_of_the_readme(file: str, tables: dict[str, InspectedTable]) -> None:
    assert tables[file].n_rows == ROWS[file]


def test_forms_of_files(tables: dict[str, InspectedTable]) -> None:
    madrid, nlrb, tij = tables[MADRID], tables[NLRB], tables["sociopatterns_workplace/workplace_InVS15_tij.dat.gz"]
    assert (madrid.delimiter, madrid.encoding, madrid.has_bom, madrid.line_end) == (";", "utf-8", False, "crlf")
    assert dict(madrid.manifest) == {"delimiter": ";", "date_format": "DD/MM/YYYY"}
    assert (nlrb.sheet, nlrb.header_row, len(nlrb.columns)) == ("Sheet1", 4, 34)
    assert (tij.delimiter, len(tij.columns)) == (" ", 3)
    assert [(run.encoding, run.n_lines) for run in tables[LOOKUP].lines] == [("utf-8", 33), ("windows-1252", 17)]


def test_kinds_of_columns(tables: dict[str, InspectedTable]) -> None:
    def kinds(file: str) -> str:
        return " ".join(column.kind for column in tables[file].columns)

    assert kinds("polis/bg2050-volunteers/votes.csv") == "epoch other_date integer integer integer"
    assert kinds(f"{LEEDS}volunteers_volunteers.csv") == "text text text text text yes_no date date date date date"
    assert kinds(f"{LEEDS}events_tickets_orders.csv") == "date_time text date date_time integer text text yes_no"
    assert kinds(MADRID) == "integer text text integer other_date date_time"


def test_columns_that_come_and_go_between_snapshots(inspection: Inspection) -> None:
    told = {one.params["names"] for one in inspection.oddities if one.id == "columns_come_and_go"}
    assert "event_type (8)" in told
    assert "checkpoint (1), current (12), local_authority_code (12)" in told


def test_people_are_found_and_hashes_are_not(tables: dict[str, InspectedTable]) -> None:
    assert those(tables[MADRID], "personal_few", "C")
    assert those(tables[SAMPLE], "personal", "AQ")
    volunteers = tables[f"{LEEDS}volunteers_volunteers.csv"]
    assert not [one for one in volunteers.oddities if one.id.startswith("personal")]
