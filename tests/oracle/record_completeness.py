"""DQ-01: valid cells / counted cells of the submitted tables.

Readings
========
 1  No table is needed and no window holds: "all rows, whatever their date" takes ``records_from`` out of it.
 2  Rows as 0.2 leaves them: one without a complete key has no cell, rows with one key have one cell a field. Where the
    copies differ (as typed values) the cell is not valid, and ``invalid``: nothing can be read from it. Copies that are
    all empty are an empty cell.
 3  A codes cell is valid when each of its codes is of the list. Labels and other texts are valid when not empty.
    Integers are digits, decimals digits with a point; limits beyond that (shares up to 1, scale points) are not
    checked, but grades are a list of 0 to 4, and n_one_to_one, n_member_tie and n_team must not exceed a
    readable n_new.
 4  A row is named by a condition only where the condition is known: ``state`` empty or unreadable is not "not open".
 5  The cells constituent x line: every person of person_type constituent and every distinct ``line_id`` of rows of
    ``lines`` with both key parts; filled where person_lines has a row with that key, whatever its category_id. They
    stand under ``person_lines`` in ``by_table``, also when that table is absent, and have no code ``unknown``.
 6  ``unknown_share``: cells that hold the code / all counted cells, empty ones too, of fields whose codelist has it;
    null without such a cell. A cell with differing copies holds nothing.
 7  ``by_table``: the tables with at least one counted cell, as they have been named in the data model.
 8  Cells are not persons: ``n_without_consent`` and ``coverage`` None, ``unknown`` 0. ``rows_left_out``: every table of
    the standard that is there; own tables (x_) and others are not read.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from oracle.cleaning import SCHEMA, UNKNOWN, clean, read_cell
from oracle.common import Submission, row, share
from oracle.counted_fields import OPTIONAL, TABLES, Row

ID = "record_completeness"


def valid(text: str, kind: str) -> bool:
    """Whether one written cell is of its field's type and list."""
    if text == "":
        return False
    if kind == "ids" or kind.startswith("codes:"):
        inner = "id" if kind == "ids" else kind.removeprefix("codes:")
        return all(part != "" and valid(part, inner) for part in text.split(";"))
    if kind in ("id", "integer", "decimal", "text", "date", "day", "month"):
        return read_cell(text, kind) is not None
    return text in kind.split()


class Cells:
    """Counted cells of one table."""

    def __init__(self) -> None:
        self.n = self.valid = self.invalid = self.with_unknown = self.unknown = 0

    def add(self, texts: list[str], kind: str, too_large: bool = False) -> None:
        """Count one cell, given as it is written in each copy of its row."""
        meant = {text if kind == "ids" else read_cell(text, kind) for text in texts}
        good = all(valid(text, kind) for text in texts) and len(meant) == 1 and not too_large
        self.n += 1
        self.valid += good
        self.invalid += not good and any(texts)
        if kind != "text" and UNKNOWN in kind.split():
            self.with_unknown += 1
            self.unknown += good and texts[0] == UNKNOWN


def copies(frame: pd.DataFrame, key: dict[str, str]) -> tuple[list[list[Row]], int]:
    """Rows as written, those of one key together; and the number of rows without a complete key."""
    parts: dict[tuple[str, ...], list[Row]] = {}
    left_out = 0
    for written in frame.astype(object).where(frame.notna(), "").to_dict("records"):
        if all(valid(written.get(f, ""), kind) for f, kind in key.items()):
            parts.setdefault(tuple(written[f] for f in key), []).append(written)
        else:
            left_out += 1
    return list(parts.values()), left_out


def merged(rows: list[Row], fields: dict[str, str]) -> Row:
    """What the conditions look at: a code on which the copies agree and that can be read."""
    out = {}
    for f, kind in fields.items():
        texts = {r.get(f, "") for r in rows}
        out[f] = texts.pop() if len(texts) == 1 and all(valid(t, kind) for t in texts) else None
    return out


def count(sub: Submission) -> tuple[dict[str, Cells], int]:
    """The counted cells of each table, and the rows left out of all of them."""
    level = ["core", "relational", "full"].index(sub.manifest["adoption_level"])
    brackets = {"core", "relational", "full"} - set(["relational", "full"][level:])
    if sub.manifest["conversations_recorded_for"] == "marked_groups":
        brackets.add("marked_groups")
    tables: dict[str, Cells] = {}
    left_out = 0
    for name, (key, required) in TABLES.items():
        if name not in sub.present:
            continue
        groups, dropped = copies(sub.frames[name], key)
        # spells that end before they start are left out too; memberships have no counted field
        left_out += clean(name, sub.frames[name])[1] if name in SCHEMA else dropped
        cells = tables[name] = Cells()
        optional = [o for o in OPTIONAL if o[0] in brackets and o[1] == name]
        for rows in groups:
            for f, kind in required.items():
                cells.add([r.get(f, "") for r in rows], kind)
            seen = merged(rows, required | key)
            for _, _, f, kind, is_counted in optional:
                if is_counted(seen):
                    texts = [r.get(f, "") for r in rows]
                    cells.add(texts, kind, name == "digital_cohorts" and larger(texts, rows))
    constituents = [p for p, r in sub.people.items() if r["person_type"] == "constituent"]
    if "lines" in sub.present:
        lines = {rows[0]["line_id"] for rows in copies(sub.frames["lines"], TABLES["lines"][0])[0]}
        placed = set()
        if "person_lines" in sub.present:
            there = copies(sub.frames["person_lines"], TABLES["person_lines"][0])[0]
            placed = {(rows[0]["person_id"], rows[0]["line_id"]) for rows in there}
        cells = tables.setdefault("person_lines", Cells())
        for person in constituents:
            for line in lines:
                cells.n += 1
                cells.valid += (person, line) in placed
    return tables, left_out


def larger(texts: list[str], rows: list[Row]) -> bool:
    """Whether a count is larger than the number of new people it is a part of."""
    part, whole = read_cell(texts[0], "integer"), read_cell(rows[0].get("n_new", ""), "integer")
    return part is not None and whole is not None and part > whole


def compute(sub: Submission, simulate: bool) -> list[dict[str, Any]]:
    tables, left_out = count(sub)
    n = sum(c.n for c in tables.values())
    good = sum(c.valid for c in tables.values())
    return [
        row(
            ID,
            reasons=set() if n else {"no_eligible_units"},
            value=share(good, n),
            numerator=good,
            denominator=n,
            n_units=n,
            unknown=0,
            extras={
                "unknown_share": share(
                    sum(c.unknown for c in tables.values()), sum(c.with_unknown for c in tables.values())
                ),
                "by_table": {name: c.valid / c.n for name, c in tables.items() if c.n},
                "invalid": sum(c.invalid for c in tables.values()),
                "rows_left_out": left_out,
            },
        )
    ]
