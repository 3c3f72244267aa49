"""How the columns of one table are written where that is not the standard's form, and the SQL that reads them so.

A table is first loaded in the standard's form (`typing.py`). Only columns that have a form of their own are then read
once more, from the text that was given, all of them in one statement; files in the standard's form pay nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from relmetrics.definitions import Field, FileForm, Release, Table
from relmetrics.submission.codes import literal, trim_sql
from relmetrics.submission.columns import trimmed
from relmetrics.submission.inference import THOUSANDS, DecimalMark
from relmetrics.submission.inference_dates import DateForm, declared_date_form
from relmetrics.submission.typing import day_within_years, name_sql, one_code_sql, text_is_kept

__all__ = ["OWN_TIME", "ColumnForm", "dates_sql", "declared_forms", "fold", "given_sql", "replacements"]


OWN_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
"""A workbook's own day with a time of day."""


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """How one column is written.

    Attributes
    ----------
    date : DateForm or None
    mark : {'', '.', ','}
        Decimal mark; the other one, blanks and apostrophes may stand between groups of three digits.
    words : dict
        The organization's own word, folded, to the code of the standard.
    separator : str
        What stands between the codes of a cell, beside ``;``.
    has_numbers, has_dates : bool
        Numbers, or dates, of a workbook stand among the texts: a number of its own has a point, a date of its own may
        have a time of day, and in a column of months it is the first day of one.
    uses_1904 : bool
        The workbook counts days from 1904.
    """

    date: DateForm | None = None
    mark: DecimalMark | str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    has_numbers: bool = False
    has_dates: bool = False
    uses_1904: bool = False

    def part_sql(self, part: str, field: Field, release: Release) -> str:
        """Write the code that one part of a cell stands for."""
        return _with_words(self.words, part, one_code_sql(field, release, part))

    def parts_sql(self, cell: str) -> str:
        """Write the list of a cell's parts."""
        if not self.separator:
            return f"string_split({cell}, ';')"
        return f"string_split(replace({cell}, {literal(self.separator)}, ';'), ';')"


def declared_forms(table: Table, form: FileForm | None, release: Release) -> dict[str, ColumnForm]:
    """Forms that the manifest declares, by field; fields without one are left out."""
    if form is None:
        return {}
    date = declared_date_form(form.date_format) if form.date_format is not None else None
    answers = {fold(word): code for code in ("yes", "no") for word in getattr(form, code)}
    found: dict[str, ColumnForm] = {}
    for one in table.fields:
        wanted = ColumnForm()
        if one.type in ("date", "month") and date is not None and not date.is_standard:
            wanted = replace(wanted, date=date)
        elif one.type in ("integer", "decimal") and form.decimal_mark is not None:
            wanted = replace(wanted, mark=form.decimal_mark)
        elif one.type in ("code", "codes", "id"):
            codelist = release.codelists.get(one.codelist or "")
            codes = {code.code for code in codelist.codes} if codelist is not None else set()
            words = {**answers} if {"yes", "no"} <= codes else {}
            words |= {fold(theirs): ours for theirs, ours in form.codes.get(one.id, {}).items()}
            wanted = replace(wanted, words=words)
        if wanted != ColumnForm():
            found[one.id] = wanted
    return found


def fold(word: str) -> str:
    """Write a word as words are compared: without blanks around it, composed, in small letters."""
    return unicodedata.normalize("NFC", trimmed(word)).lower()


def fold_sql(text: str) -> str:
    """Write the same as SQL."""
    return f"lower(nfc_normalize({trim_sql(text)}))"


def replacements(field: Field, form: ColumnForm, release: Release) -> dict[str, str]:
    """Write what stands in the columns of a field instead, by column of the loaded table; not for dates.

    The text that was given is the kept one, or else the value: it is kept wherever it is not the value's own text.
    """
    value, given = name_sql(field.id), given_sql(field)
    if form.mark:
        new = _number(field, form, given)
    elif field.type == "codes":
        one = form.part_sql("part", field, release)
        parts = f"list_transform({form.parts_sql(given)}, lambda piece: {trim_sql('piece')})"
        codes = f"list_filter(list_transform({parts}, lambda part: {one}), lambda code: code IS NOT NULL)"
        new = f"nullif(array_to_string({codes}, ';'), '')"
    else:
        new = _with_words(form.words, given, value)
    return {field.id: new, f"{field.id}__text": text_is_kept(field, new, given)}


def dates_sql(field: Field, form: ColumnForm, relation: str) -> str:
    """Write the SELECT that gives, for each different text that could not be read, what it says.

    Its columns are the text, the value, its precision, and whether it is a month for which a workbook has a day of its
    own: its text is not kept.
    """
    value, text = name_sql(field.id), name_sql(field.id + "__text")
    day = month = own = "NULL::DATE"
    if form.date is not None:
        small = f"lower({trim_sql('given')})"
        day = f"TRY_CAST({form.date.day_sql(small, form.uses_1904)} AS DATE)"
        if field.reduced or field.type == "month":
            month = f"TRY_CAST({form.date.month_sql(small)} AS DATE)"
    said = "coalesce(own, day, month)"
    if form.has_dates:
        pattern = "[0-9]{4}-[0-9]{2}-01" if field.type == "month" else OWN_TIME
        own = f"CASE WHEN regexp_full_match(given, {literal(pattern)}) THEN TRY_CAST(left(given, 10) AS DATE) END"
    if field.type == "month":
        said = "coalesce(own, month, CASE WHEN day(day) = 1 THEN day END)"
    # No condition on what comes out: DuckDB would ask it of every row before it looks for the different texts.
    return (
        f"SELECT given, {day_within_years('said')}, CASE WHEN {day_within_years('said')} IS NULL THEN NULL "
        f"WHEN coalesce(own, day) IS NULL THEN 'month' ELSE 'day' END, {field.type == 'month'} AND own IS NOT NULL "
        f"FROM (SELECT *, {said} AS said FROM (SELECT given, {day} AS day, {month} AS month, {own} AS own FROM "
        f"(SELECT DISTINCT {text} AS given FROM {relation} WHERE {value} IS NULL AND {text} IS NOT NULL)))"
    )


def given_sql(field: Field) -> str:
    """Write the text of a cell as it was given: the kept one, or else the value's."""
    value, text = name_sql(field.id), name_sql(field.id + "__text")
    canonical = f"CAST({value} AS VARCHAR)"
    if field.type == "decimal":
        canonical = f"rtrim(rtrim({canonical}, '0'), '.')"
    return f"coalesce({text}, {canonical})"


def _with_words(words: Mapping[str, str], text: str, otherwise: str) -> str:
    if not words:
        return otherwise
    theirs, ours = (", ".join(map(literal, texts)) for texts in (words, words.values()))
    meant = f"list_extract([{ours}], list_position([{theirs}], {fold_sql(text)}))"
    return f"CASE WHEN {text} IS NULL THEN NULL ELSE coalesce({meant}, {otherwise}) END"


def number_patterns(mark: str) -> str:
    """Regular expression of a number with this decimal mark, thousands apart or not."""
    other = "." if mark == "," else ","
    return rf"[+-]?([0-9]+|[0-9]{{1,3}}([{other}{THOUSANDS}][0-9]{{3}})+)?([{mark}][0-9]+)?"


def _number(field: Field, form: ColumnForm, given: str) -> str:
    text = trim_sql(given)
    other = "." if form.mark == "," else ","
    bare = f"replace(translate({text}, {literal(other + THOUSANDS)}, ''), {literal(form.mark)}, '.')"
    number = (
        f"CASE WHEN {text} = '' THEN NULL WHEN regexp_full_match({text}, {literal(number_patterns(form.mark))}) "
        f"THEN TRY_CAST({bare} AS DECIMAL(18,6)) END"
    )
    if form.has_numbers and form.mark == ",":
        plain = (
            f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]*\\.[0-9]+') THEN TRY_CAST({text} AS DECIMAL(18,6)) END"
        )
        number = f"coalesce({plain}, {number})"
    if field.type == "decimal":
        return number
    # The standard's own form goes first: a whole number may have more digits than a decimal one.
    return (
        f"coalesce(CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS BIGINT) END, "
        f"CASE WHEN {number} = trunc({number}) THEN CAST({number} AS BIGINT) END)"
    )
