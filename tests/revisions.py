"""Small submissions to be compared, and what a comparison of their rows must give, worked out once more in pandas."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["Rows", "expected_participation", "write_submission"]

Rows = Sequence[Mapping[str, str]]

MANIFEST = {
    "dataset_id": "small",
    "schema_version": "1.0",
    "organization_id": "riverside",
    "records_from": "2025-01-01",
    "adoption_level": "core",
    "tie_rule": "one_to_one",
    "conversations_recorded_for": "everyone",
    "has_paid_staff": "yes",
    "boundary_rule": "Everybody who has been in touch at least once.",
}


def write_submission(
    folder: Path,
    tables: Mapping[str, Rows],
    start: str = "2025-07-01",
    end: str = "2026-06-30",
    taken_on: str = "",
    **keys: str,
) -> Path:
    """Write a folder of CSV files; the columns of a table are those of its first row."""
    folder.mkdir(parents=True)
    lines = [f'{key}: "{value}"' for key, value in {**MANIFEST, **keys}.items()]
    lines += ["period:", f'  start: "{start}"', f'  end: "{end}"', "complete_tables: []"]
    if taken_on:
        lines.append(f'taken_on: "{taken_on}"')
    (folder / "submission.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


# --- the oracle ---------------------------------------------------------------------------------------------------

_READ = {"yes": "yes", "no": "no", "unknown": "unknown", "Sí": "yes", "falso": "no"}
_KINDS = ("n_filled", "n_emptied", "n_mended", "n_spoilt", "n_rewritten")


def _is_id(text: str) -> bool:
    return bool(text) and all(character.isalnum() or character in "-_." for character in text)


def _code(text: str) -> tuple[str, str]:
    """State of a cell and what it says: empty, read with its code, or not read with its text."""
    if not text.strip():
        return "empty", ""
    return ("read", _READ[text]) if text in _READ else ("unread", text)


def _codes(text: str) -> tuple[str, str]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        return "empty", ""
    if all(part in ("facilitated", "took_notes", "spoke_for_group") for part in parts):
        return "read", ";".join(sorted(set(parts)))
    return "unread", text


def _frame(events: Rows, rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), dtype=object)
    good = (frame["event_id"].map(_is_id)) & (frame["person_id"].map(_is_id))
    frame["key"] = (frame["event_id"] + "|" + frame["person_id"]).where(good)
    spans: dict[str, tuple[date, date]] = {}
    for event in events:
        try:
            day = date.fromisoformat(event["held_on"])
        except ValueError:
            continue
        low, high = spans.get(event["event_id"], (day, day))
        spans[event["event_id"]] = (min(low, day), max(high, day))
    frame["span"] = [spans.get(event) for event in frame["event_id"]]
    return frame


def _part(span: Any, past_until: date) -> str:
    if span is None:
        return "undated"
    return "past" if span[1] <= past_until else "after" if span[0] > past_until else "undated"


def expected_participation(before: tuple[Rows, Rows], after: tuple[Rows, Rows], past_until: date) -> dict[str, Any]:
    """What `compare_table` must say of participation: events and participation before, and after."""
    one, two = _frame(*before), _frame(*after)
    n_one, n_two = Counter(one["key"].dropna()), Counter(two["key"].dropna())
    parts: dict[str, dict[str, Any]] = {
        name: {"n_added": 0, "n_removed": 0, "n_compared": 0, "n_changed": 0, "fields": {}}
        for name in ("past", "after", "undated")
    }
    for frame, others, name in ((one, n_two, "n_removed"), (two, n_one, "n_added")):
        for key, span in zip(frame["key"], frame["span"], strict=True):
            if isinstance(key, str) and key not in others:
                parts[_part(span, past_until)][name] += 1
    fields = {"attended": _code, "functions": _codes}
    common = [name for name in fields if name in one and name in two]
    for key in n_one.keys() & n_two.keys():
        if n_one[key] > 1 or n_two[key] > 1:
            continue
        first, second = one[one["key"] == key].iloc[0], two[two["key"] == key].iloc[0]
        part = parts[_part(first["span"] or second["span"], past_until)]
        part["n_compared"] += 1
        states = {name: (fields[name](first[name]), fields[name](second[name])) for name in common}
        part["n_changed"] += any(was != now for was, now in states.values())
        for name, (was, now) in states.items():
            if was != now:
                _note(part["fields"].setdefault(name, {}), name, was, now)
    return {
        "n_before": len(one),
        "n_after": len(two),
        "n_repeated_before": sum(n for key, n in n_one.items() if key in n_two and max(n, n_two[key]) > 1),
        "n_repeated_after": sum(n for key, n in n_two.items() if key in n_one and max(n, n_one[key]) > 1),
        "n_keyless_before": int(one["key"].isna().sum()),
        "n_keyless_after": int(two["key"].isna().sum()),
        "parts": parts,
    }


def _note(found: dict[Any, int], name: str, was: tuple[str, str], now: tuple[str, str]) -> None:
    kind = {
        ("empty", "read"): "n_filled", ("empty", "unread"): "n_filled", ("read", "empty"): "n_emptied",
        ("unread", "empty"): "n_emptied", ("unread", "read"): "n_mended", ("read", "unread"): "n_spoilt",
    }.get((was[0], now[0]), "n_rewritten")  # fmt: skip
    for one in _KINDS:
        found.setdefault(one, 0)
    found[kind] += 1
    shown = [None if state == "empty" else "?" if state == "unread" else text for state, text in (was, now)]
    if name == "attended":
        found[tuple(shown)] = found.get(tuple(shown), 0) + 1
        return
    lists = [set() if text is None else set(text.split(";")) for text in shown]
    for code in lists[0] - lists[1]:
        found[code, None] = found.get((code, None), 0) + 1
    for code in lists[1] - lists[0]:
        found[None, code] = found.get((None, code), 0) + 1
