"""Known defects, planted one at a time in a clean submission: exactly the findings that they deserve, and no others.

The last line of each test is the score that is published.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.validation import Findings, validate

Expected = tuple[str, str, int | None, str]
"""Rule, table, row as a spreadsheet counts, field."""


@dataclass
class Sheets:
    """A submission as lists of texts, to be spoiled and written."""

    manifest: str
    headers: dict[str, list[str]]
    rows: dict[str, list[list[str]]]
    endings: dict[str, str] = field(default_factory=dict)
    """Raw text that is put behind a file, by table."""

    @classmethod
    def read(cls, folder: Path) -> Sheets:
        headers, rows = {}, {}
        for file in sorted(folder.glob("*.csv")):
            header, *body = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
            headers[file.stem], rows[file.stem] = header, body
        return cls((folder / "submission.yaml").read_text(encoding="utf-8"), headers, rows)

    def write(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "submission.yaml").write_text(self.manifest, encoding="utf-8")
        for table, rows in self.rows.items():
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows([self.headers[table], *rows])
                stream.write(self.endings.get(table, ""))

    def find(self, table: str, *others: Callable[[dict[str, str]], bool], **like: str) -> int:
        """Row of the first record that is like this."""
        return next(iter(self.find_all(table, *others, **like)))

    def find_all(self, table: str, *others: Callable[[dict[str, str]], bool], **like: str) -> list[int]:
        return [
            row
            for row, record in self.records(table)
            if all(record[name] == text for name, text in like.items()) and all(other(record) for other in others)
        ]

    def records(self, table: str) -> Iterator[tuple[int, dict[str, str]]]:
        for row, cells in enumerate(self.rows[table], start=2):
            yield row, dict(zip(self.headers[table], cells, strict=True))

    def get(self, table: str, row: int, name: str) -> str:
        return self.rows[table][row - 2][self.headers[table].index(name)]

    def set(self, table: str, row: int, **texts: str) -> None:
        for name, text in texts.items():
            self.rows[table][row - 2][self.headers[table].index(name)] = text

    def append_copy(self, table: str, row: int, **texts: str) -> int:
        self.rows[table].append(list(self.rows[table][row - 2]))
        last = len(self.rows[table]) + 1
        self.set(table, last, **texts)
        return last

    def drop_table(self, table: str) -> None:
        del self.rows[table], self.headers[table]

    def rename_table(self, table: str, name: str) -> None:
        self.rows[name], self.headers[name] = self.rows.pop(table), self.headers.pop(table)

    def add_column(self, table: str, position: int, name: str, text: str) -> None:
        self.headers[table].insert(position, name)
        for cells in self.rows[table]:
            cells.insert(position, text)

    def drop_column(self, table: str, name: str) -> None:
        position = self.headers[table].index(name)
        del self.headers[table][position]
        for cells in self.rows[table]:
            del cells[position]

    def rename_column(self, table: str, name: str, new: str) -> None:
        self.headers[table][self.headers[table].index(name)] = new


Mutation = Callable[[Sheets], list[Expected]]


def _cell(rule: str, table: str, name: str, text: str, **like: str) -> Mutation:
    """Another text in one cell; only that cell is a finding."""

    def plant(sheets: Sheets) -> list[Expected]:
        row = sheets.find(table, lambda record: record[name] != "", **like)
        sheets.set(table, row, **{name: text})
        return [(rule, table, row, name)]

    return plant


# --- what follows from the tables --------------------------------------------------------------------------------


def missing_table(sheets: Sheets) -> list[Expected]:
    sheets.drop_table("groups")
    return [("missing_table", "groups", None, "")]


def unknown_table(sheets: Sheets) -> list[Expected]:
    sheets.rename_table("reviews", "reveiws")
    return [("unknown_table", "", None, "")]


def misspelled_table(sheets: Sheets) -> list[Expected]:
    sheets.rename_table("participation", "particpation")
    return [("unknown_table", "", None, ""), ("missing_table", "participation", None, "")]


def missing_column(sheets: Sheets) -> list[Expected]:
    sheets.drop_column("people", "consent_use")
    return [("missing_column", "people", None, "consent_use")]


def missing_key_column(sheets: Sheets) -> list[Expected]:
    sheets.drop_column("event_codings", "coder")
    return [("missing_column", "event_codings", None, "coder")]


def unknown_column(sheets: Sheets) -> list[Expected]:
    sheets.add_column("people", 2, "notes", "asked for a call")
    return [("unknown_column", "people", 1, "")]


def misspelled_column(sheets: Sheets) -> list[Expected]:
    sheets.rename_column("people", "first_contact_on", "first contact")
    return [("unknown_column", "people", 1, ""), ("missing_column", "people", None, "first_contact_on")]


def repeated_column(sheets: Sheets) -> list[Expected]:
    sheets.add_column("participation", 5, "attended", "no")
    return [("repeated_column", "participation", 1, "attended")]


def column_without_name(sheets: Sheets) -> list[Expected]:
    sheets.add_column("events", 3, "", "x")
    return [("column_without_name", "events", 1, "")]


def duplicate_person(sheets: Sheets) -> list[Expected]:
    row = sheets.append_copy("people", sheets.find("people"))
    return [("duplicate_key", "people", row, "person_id")]


def duplicate_attendance(sheets: Sheets) -> list[Expected]:
    first = sheets.find("participation", attended="yes")
    rows = [sheets.append_copy("participation", first), sheets.append_copy("participation", first, attended="no")]
    return [("duplicate_key", "participation", row, "event_id") for row in rows]


def duplicate_conversation(sheets: Sheets) -> list[Expected]:
    first = sheets.find("one_to_ones", lambda record: record["person_b"] != "", status="held")
    row = sheets.append_copy("one_to_ones", first)
    return [
        ("duplicate_key", "one_to_ones", row, "one_to_one_id"),
        ("same_conversation_recorded_twice", "one_to_ones", row, "one_to_one_id"),
    ]


def other_words(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all("participation", attended="yes")[:3]
    for row in rows:
        sheets.set("participation", row, attended="Sí")
    return [("code_synonym", "participation", rows[0], "attended")]


def one_of_several_codes(sheets: Sheets) -> list[Expected]:
    row = sheets.find("events", lambda record: record["cycle_steps"] != "")
    sheets.set("events", row, cycle_steps=sheets.get("events", row, "cycle_steps") + "; streategie")
    return [("code_not_in_list", "events", row, "cycle_steps")]


def unusable_person_code(sheets: Sheets) -> list[Expected]:
    """One blank behind a code, and every row about that person leads nowhere."""
    person = sheets.get("people", sheets.find("people", person_type="constituent"), "person_id")
    sheets.set("people", sheets.find("people", person_id=person), person_id=person + " ")
    expected: list[Expected] = [("id_pattern", "people", sheets.find("people", person_id=person + " "), "person_id")]
    for table, definition in load_release().tables.items():
        for name in (one.id for one in definition.fields if one.references and one.references.table == "people"):
            if name in sheets.headers.get(table, ()):
                rows = sheets.find_all(table, **{name: person})
                expected += [("dangling_reference", table, row, name) for row in rows]
    assert len(expected) > 5, "the person does something"
    return expected


def ragged_row(sheets: Sheets) -> list[Expected]:
    row = len(sheets.rows["lines"]) + 1
    sheets.rows["lines"][-1].append("one more")
    return [("ragged_row", "lines", row, "")]


def unclosed_quote(sheets: Sheets) -> list[Expected]:
    # The quotation mark opens in the last cell of the last row, in a column of the organization's own: nothing is lost.
    sheets.add_column("lines", len(sheets.headers["lines"]), "x_remark", "")
    width = len(sheets.headers["lines"])
    sheets.endings["lines"] = "language,dutch,Dutch at home,no" + "," * (width - 4) + '"never closed\n'
    return [("unclosed_quote", "lines", len(sheets.rows["lines"]) + 2, "")]


def unreadable_character(sheets: Sheets) -> list[Expected]:
    sheets.set("groups", 3, label="a\0b")
    return [("unreadable_character", "groups", 3, "")]


STRUCTURE: dict[str, Mutation] = {
    "missing_table": missing_table,
    "unknown_table": unknown_table,
    "misspelled_table": misspelled_table,
    "missing_column": missing_column,
    "missing_key_column": missing_key_column,
    "unknown_column": unknown_column,
    "misspelled_column": misspelled_column,
    "repeated_column": repeated_column,
    "column_without_name": column_without_name,
    "date_with_day_first": _cell("value_not_of_type", "events", "held_on", "09.05.2026"),
    "date_that_never_was": _cell("value_not_of_type", "one_to_ones", "held_on", "2026-02-30"),
    "month_as_word": _cell("value_not_of_type", "activity_counts", "month", "January 2026"),
    "number_as_word": _cell("value_not_of_type", "one_to_ones", "minutes", "forty"),
    "number_with_comma": _cell("value_not_of_type", "events", "staff_hours", "4,5"),
    "e_mail_as_code": _cell("id_pattern", "participation", "invited_by", "ana@example.org"),
    "blank_in_code": _cell("id_pattern", "memberships", "person_id", "P 0002"),
    "empty_kind": _cell("required_value_missing", "one_to_ones", "kind", ""),
    "blank_kind": _cell("required_value_missing", "events", "kind", "   ", status="cancelled"),
    "word_not_in_list": _cell("code_not_in_list", "one_to_ones", "status", "helt"),
    "one_of_several_codes": one_of_several_codes,
    "other_words": other_words,
    "number_below_zero": _cell("value_out_of_range", "one_to_ones", "minutes", "-40"),
    "label_too_long": _cell("label_too_long", "groups", "label", "a" * 61),
    "duplicate_person": duplicate_person,
    "duplicate_attendance": duplicate_attendance,
    "duplicate_conversation": duplicate_conversation,
    "unknown_person": _cell("dangling_reference", "one_to_ones", "person_b", "P-9999", status="held"),
    "unknown_group": _cell("dangling_reference", "memberships", "group_id", "G-nowhere", role="participant"),
    "category_of_no_line": _cell("dangling_reference", "person_lines", "category_id", "klingon"),
    "unusable_person_code": unusable_person_code,
    "ragged_row": ragged_row,
    "unclosed_quote": unclosed_quote,
    "unreadable_character": unreadable_character,
}


# --- what the rules say ------------------------------------------------------------------------------------------


def one_to_one_with_oneself(sheets: Sheets) -> list[Expected]:
    row = sheets.find("one_to_ones", lambda record: record["person_b"] != "", status="held")
    sheets.set("one_to_ones", row, person_b=sheets.get("one_to_ones", row, "person_a"))
    return [("one_to_one_with_oneself", "one_to_ones", row, "person_b")]


def same_conversation_recorded_twice(sheets: Sheets) -> list[Expected]:
    first = sheets.find("one_to_ones", lambda record: record["person_b"] != "", status="held")
    a, b = (sheets.get("one_to_ones", first, name) for name in ("person_a", "person_b"))
    row = sheets.append_copy("one_to_ones", first, one_to_one_id="C-again", person_a=b, person_b=a)
    return [("same_conversation_recorded_twice", "one_to_ones", row, "one_to_one_id")]


def conversation_held_after_taken_on(sheets: Sheets) -> list[Expected]:
    row = sheets.find("one_to_ones", status="held")
    sheets.set("one_to_ones", row, held_on="2031-01-05", entered_on="")
    return [("conversation_held_after_taken_on", "one_to_ones", row, "held_on")]


def conversation_entered_before_held(sheets: Sheets) -> list[Expected]:
    row = sheets.find("one_to_ones", lambda record: len(record["held_on"]) == 10, status="held")
    held = datetime.date.fromisoformat(sheets.get("one_to_ones", row, "held_on"))
    sheets.set("one_to_ones", row, entered_on=(held - datetime.timedelta(days=3)).isoformat())
    return [("conversation_entered_before_held", "one_to_ones", row, "entered_on")]


def attendance_at_event_not_held(sheets: Sheets) -> list[Expected]:
    held = {record["event_id"] for _, record in sheets.records("events") if record["status"] == "held"}
    present = Counter(
        record["event_id"] for _, record in sheets.records("participation") if record["attended"] == "yes"
    )
    event = next(event for event, n in present.items() if event in held and n >= 3)
    sheets.set("events", sheets.find("events", event_id=event), status="cancelled")
    rows = sheets.find_all("participation", event_id=event, attended="yes")
    return [("attendance_at_event_not_held", "participation", row, "attended") for row in rows]


def attendance_before_first_contact(sheets: Sheets) -> list[Expected]:
    present = Counter(
        record["person_id"] for _, record in sheets.records("participation") if record["attended"] == "yes"
    )
    person = next(person for person, n in present.items() if n >= 3)
    days = {record["event_id"]: record["held_on"] for _, record in sheets.records("events")}
    rows = sheets.find_all("participation", person_id=person, attended="yes")
    last = max(days[sheets.get("participation", row, "event_id")] for row in rows)
    sheets.set("people", sheets.find("people", person_id=person), first_contact_on=last)
    early = [row for row in rows if days[sheets.get("participation", row, "event_id")] < last]
    assert early
    return [("attendance_before_first_contact", "participation", row, "person_id") for row in early]


def head_count_below_named_present(sheets: Sheets) -> list[Expected]:
    present = Counter(
        record["event_id"] for _, record in sheets.records("participation") if record["attended"] == "yes"
    )
    row = sheets.find("events", lambda record: present[record["event_id"]] >= 2, status="held")
    sheets.set("events", row, head_count="1")
    return [("head_count_below_named_present", "events", row, "head_count")]


def membership_ends_before_it_starts(sheets: Sheets) -> list[Expected]:
    row = sheets.find("memberships", lambda record: record["ended_on"] != "")
    sheets.set("memberships", row, ended_on="1999")
    return [("membership_ends_before_it_starts", "memberships", row, "ended_on")]


def overlapping_spells_of_one_role(sheets: Sheets) -> list[Expected]:
    first = sheets.find("memberships", lambda record: len(record["started_on"]) == 10, ended_on="")
    row = sheets.append_copy("memberships", first, started_on="2026-06-20")
    return [("overlapping_spells_of_one_role", "memberships", row, "started_on")]


def staff_without_paid_spell(sheets: Sheets) -> list[Expected]:
    row = sheets.find("people", person_type="constituent")
    sheets.set("people", row, person_type="staff")
    return [("staff_without_paid_spell", "people", row, "person_type")]


RULES: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        one_to_one_with_oneself,
        same_conversation_recorded_twice,
        conversation_held_after_taken_on,
        conversation_entered_before_held,
        attendance_at_event_not_held,
        attendance_before_first_contact,
        head_count_below_named_present,
        membership_ends_before_it_starts,
        overlapping_spells_of_one_role,
        staff_without_paid_spell,
    )
}


# --- planting ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clean(root: Path) -> Path:
    return root / "examples" / "riverside_tenants"


def _found(sheets: Sheets, folder: Path) -> Findings:
    sheets.write(folder)
    with read_submission(folder, load_release()) as submission:
        return validate(submission)


def _places(found: Findings) -> Counter[Expected]:
    return Counter((one.rule, one.table, one.row, one.field) for one in found)


def test_the_submission_is_clean_before_anything_is_planted(clean: Path, tmp_path: Path) -> None:
    found = _found(Sheets.read(clean), tmp_path / "clean")
    assert _places(found) == Counter()
    assert {check.outcome for check in found.checks if check.kind == "rule"} == {"clean"}


@pytest.mark.parametrize(("what", "mutations"), [("structure", STRUCTURE), ("rules", RULES)])
def test_planted_defects_and_nothing_else_are_found(
    what: str, mutations: dict[str, Mutation], clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, planted = [], set()
    for name, plant in mutations.items():
        sheets = Sheets.read(clean)
        expected = Counter(plant(sheets))
        planted |= {rule for rule, *_ in expected}
        found = _places(_found(sheets, tmp_path / name))
        if found != expected:
            wrong.append(f"{name}: not found {dict(expected - found)}; found besides {dict(found - expected)}")
    with capsys.disabled():
        print(f"\nmutations of {what}: {len(mutations) - len(wrong)} of {len(mutations)} found, each and nothing else")
    assert not wrong, "\n".join(wrong)
    assert planted >= getattr(load_release(), what).keys(), "every rule and constraint is planted"


def test_a_cause_is_named(clean: Path, tmp_path: Path) -> None:
    for name, rule, cause in (
        ("misspelled_table", "missing_table", "unknown_table"),
        ("misspelled_column", "missing_column", "unknown_column"),
        ("unusable_person_code", "dangling_reference", "id_pattern"),
    ):
        sheets = Sheets.read(clean)
        STRUCTURE[name](sheets)
        found = _found(sheets, tmp_path / name)
        (origin,) = (one.id for one in found if one.rule == cause)
        assert {one.cause for one in found if one.rule == rule} == {origin}, name
