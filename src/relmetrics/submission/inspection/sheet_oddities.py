"""What is odd about a sheet of a workbook, beyond the texts in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relmetrics.submission.inspection.forms import NUMBERS, is_date
from relmetrics.submission.inspection.gathering import Gathered
from relmetrics.submission.inspection.kinds import Kind
from relmetrics.submission.inspection.measures import Measured
from relmetrics.submission.inspection.nouns import Oddity
from relmetrics.submission.submission import column_letter

__all__ = ["odd_sheet"]


def odd_sheet(table: Gathered, columns: Sequence[Measured], kinds: Sequence[Kind]) -> Iterator[Oddity]:
    """Yield what is odd about a sheet; nothing for a file."""
    sheet = table.sheet_facts
    if sheet is None:
        return
    if sheet.is_hidden:
        yield Oddity("hidden_sheet", "first", n=table.n_rows)
    if sheet.n_merged:
        yield Oddity("merged", "second", n=sheet.n_merged)
    if table.uses_1904:
        yield Oddity("uses_1904", "note")
    if sheet.n_formulas:
        yield Oddity("formulas", "note", n=sheet.n_formulas)
    for column, kind in zip(columns, kinds, strict=True):
        if column.position >= len(sheet.kinds):
            break
        counts = sheet.kinds[column.position]
        letter = (column_letter(column.position),)
        if counts.get("formula"):
            yield Oddity("formula_without_value", "first", letter, counts["formula"])
        # The workbook counts its numbers; what looks like a number and is none of them is text.
        n_numbers = sum(form.n for name, form in column.forms.items() if name in NUMBERS) - counts.get("number", 0)
        if kind.kind in ("integer", "decimal") and n_numbers > 0:
            yield Oddity("number_as_text", "second", letter, n_numbers)
        n_dates = sum(form.n for name, form in column.forms.items() if is_date(name)) - counts.get("date", 0)
        if counts.get("date") and n_dates > 0 and kind.kind in ("date", "date_time", "other_date"):
            yield Oddity("date_as_text", "second", letter, n_dates)
