"""Columns of a loaded table that are not in the standard's form: what form they have, and reading them once more.

Whether anything could not be read is asked of all columns in one query. Only columns where that is so are looked at
again, by their different texts; what is inferred about one is said, with how to overrule it in the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from relmetrics.definitions import Field, FileForm, Release, Table
from relmetrics.submission.codes import literal, trim_sql
from relmetrics.submission.forms import OWN_TIME, ColumnForm, dates_sql, declared_forms, given_sql, replacements
from relmetrics.submission.inference import are_whole, date_form_of, decimal_mark_of
from relmetrics.submission.inference_dates import TIME, ZONE, DateForm
from relmetrics.submission.submission import ColumnRead
from relmetrics.submission.typing import name_sql

__all__ = ["Mending", "Origin"]

_MOST_TEXTS = 100_000
_LONGEST = 60
_SEPARATORS = {",": "commas", "|": "vertical bars", "/": "slashes", "\n": "line breaks"}
_DAY = "2026-01-31"
_MONTH = "2026-01"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table comes from, as far as its columns' forms depend on it.

    Attributes
    ----------
    place : str
        Begins a remark: file, or file and sheet.
    form : FileForm or None
        What the manifest declares about the file.
    typed : dict
        Of a workbook, by position of the column, what the program had typed among its cells: ``number``, ``date``,
        ``boolean``.
    uses_1904 : bool
        The workbook counts days from 1904.
    """

    place: str
    form: FileForm | None
    typed: Mapping[int, frozenset[str]]
    uses_1904: bool = False


class Mending:
    """Reads the columns of one loaded table once more where that is needed.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the table is.
    relation : str
        The table, with its schema.
    table : Table
        Its definition.
    release : Release
        Release with the codelists.
    columns : sequence of ColumnRead
        Columns that were handed in.
    origin : Origin
        Where they come from.

    Attributes
    ----------
    forms : dict
        Form of each field that is not in the standard's.
    remarks : list of str
        What was inferred.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        relation: str,
        table: Table,
        release: Release,
        columns: Sequence[ColumnRead],
        origin: Origin,
    ) -> None:
        self.connection = connection
        self.relation = relation
        self.table = table
        self.release = release
        self.origin = origin
        self.columns = {column.field: column for column in columns if column.kind == "field"}
        self.forms: dict[str, ColumnForm] = {}
        self.remarks: list[str] = []
        self._said: list[tuple[str, str]] = []
        self._n_unread: dict[str, int] = {}

    def look(self) -> tuple[int, int]:
        """Count rows, and rows in which no field has anything; remember which columns hold what cannot be read."""
        fields = [name for name in self.columns if self.table.by_id[name].type not in ("id", "label", "public_text")]
        empty = " AND ".join(
            f"{name_sql(name)} IS NULL AND {name_sql(name + '__text')} IS NULL" for name in self.columns
        )
        counts = [f"count_if({_unread(name)})" for name in fields]
        answer = self._row(f"SELECT {', '.join(['count(*)', f'count_if({empty or False})', *counts])} FROM {{}}")
        self._n_unread = dict(zip(fields, answer[2:], strict=True))
        return answer[0], answer[1]

    def mend(self) -> None:
        """Decide on the forms and read the columns that have one."""
        declared = declared_forms(self.table, self.origin.form, self.release)
        for name, column in self.columns.items():
            field, typed = self.table.by_id[name], self.origin.typed.get(column.position, frozenset())
            form = declared.get(name)
            if form is None and self._n_unread.get(name):
                form = self._inferred(field, typed)
            if field.type in ("date", "month") and "date" in typed and self._n_unread.get(name):
                form = replace(form or ColumnForm(), has_dates=True)
            if form is not None:
                form = replace(form, has_numbers="number" in typed, uses_1904=self.origin.uses_1904)
                self.forms[name] = form
        if not self.forms:
            return
        changed: dict[str, str] = {}
        source, extra = f'(SELECT *, rowid AS "its place" FROM {self.relation}) AS t', ['"its place"']
        for number, (name, form) in enumerate(self.forms.items()):
            field = self.table.by_id[name]
            if field.type not in ("date", "month"):
                changed |= replacements(field, form, self.release)
                continue
            # Each different text is read once, however many rows have it.
            given, said, precision, is_own = (f'"{part} {number}"' for part in ("given", "said", "precision", "own"))
            value, text = name_sql(name), name_sql(f"{name}__text")
            texts = dates_sql(field, form, self.relation)
            source += f" LEFT JOIN ({texts}) AS m{number}({given}, {said}, {precision}, {is_own}) ON {text} = {given}"
            extra += [given, said, precision, is_own]
            changed[name] = f"coalesce({value}, {said})"
            changed[f"{name}__text"] = f"CASE WHEN {is_own} THEN NULL ELSE {text} END"
            if field.reduced:
                known = name_sql(f"{name}_precision")
                changed[f"{name}_precision"] = f"coalesce({known}, {precision})"
        new = ", ".join(f"{expression} AS {name_sql(column)}" for column, expression in changed.items())
        mended = f'{self.relation[:-1]} mended"'
        # A join may change the order of the rows, on which their numbers rest.
        self.connection.execute(
            f"CREATE TABLE {mended} AS SELECT * EXCLUDE ({', '.join(extra)}) REPLACE ({new}) FROM {source} "
            'ORDER BY "its place"'
        )
        self.connection.execute(f"DROP TABLE {self.relation}")
        self.connection.execute(f"ALTER TABLE {mended} RENAME TO {self.relation.partition('.')[2]}")
        self._say_what_was_inferred()

    def _say_what_was_inferred(self) -> None:
        """Say it only where it has let something be read."""
        before = dict(self._n_unread)
        if self._said:
            self.look()
        self.remarks += [text for name, text in self._said if not name or self._n_unread[name] < before[name]]

    def _inferred(self, field: Field, typed: frozenset[str]) -> ColumnForm | None:
        if field.type in ("date", "month"):
            return self._dates(field, typed)
        if field.type in ("integer", "decimal"):
            return self._numbers(field, typed)
        return self._lists(field) if field.type == "codes" else None

    def _dates(self, field: Field, typed: frozenset[str]) -> ColumnForm | None:
        if self._declares("date_format"):
            return None
        text = f"lower({trim_sql(name_sql(field.id + '__text'))})"
        found = self.connection.execute(
            f"SELECT left(regexp_replace(given, {literal(TIME + '$')}, ''), {_LONGEST}) AS day, "
            f"bool_or(regexp_matches(given, {literal('[0-9]' + TIME + '$')})), "
            f"bool_or(regexp_matches(given, {literal('[:.h][0-9].*' + ZONE)})), "
            f"{'date' in typed} AND regexp_full_match(given, {literal(OWN_TIME)}) AS is_own FROM "
            f"(SELECT DISTINCT {text} AS given FROM {self.relation} WHERE {_unread(field.id)}) "
            f"GROUP BY day, is_own LIMIT {_MOST_TEXTS + 1}"
        ).fetchall()
        texts = [day for day, _, _, is_own in found if not is_own]
        precision = f"{name_sql(field.id + '_precision')} = 'day'" if field.reduced else "TRUE"
        value = name_sql(field.id)
        n_read, n_days = self._row(f"SELECT count({value}), count_if({value} IS NOT NULL AND {precision}) FROM {{}}")
        n_own = len(found) - len(texts)
        if n_days or n_own:
            texts.append(_MONTH if field.type == "month" else _DAY)
        form: DateForm | str | None = date_form_of(texts) if len(found) <= _MOST_TEXTS else None
        if isinstance(form, DateForm) and any(has_zone for _, _, has_zone, _ in found):
            form = "zone"
        key = f"files.{self.table.id}.date_format"
        if not isinstance(form, DateForm):
            if n_own:
                self._say(field, "times of day were left out.")
            self._say_unread_dates(field, form, key)
            return None
        is_whole = form.order == "serial" or form.is_compact or (field.type == "month" and form.is_standard)
        if is_whole and (n_read or n_own):
            return None  # one of these is the form of a whole column, or of none of it
        time = "; times of day were left out" if any(has_time for _, has_time, _, _ in found) else ""
        example = "MM/DD/YYYY" if form.order == "DMY" else "DD/MM/YYYY"
        how = "as the numbers by which Excel counts days since 1900" if form.order == "serial" else f"as {form.written}"
        self._say(
            field,
            f"dates were read {how}{time}. If that is wrong, write the right form into the manifest, for example "
            f"{key}: {example}.",
        )
        return ColumnForm(date=form)

    def _say_unread_dates(self, field: Field, why: str | None, key: str) -> None:
        where = self._where(field)
        if why == "ambiguous":
            self.remarks.append(
                f"{where}: nothing tells the day from the month in these dates, so they were not read. Write into the "
                f"manifest which form they have: {key}: DD/MM/YYYY, or {key}: MM/DD/YYYY."
            )
        elif why == "zone":
            self.remarks.append(
                f"{where}: these dates have a time in a named time zone, and the day may be another one where you are, "
                "so they were not read. Let your program write the days alone; or, if the days as they stand are "
                f"right, write it into the manifest: {key}: YYYY-MM-DD hh:mm."
            )
        elif why == "mixed":
            self.remarks.append(
                f"{where}: these dates are written in more than one form, so only those like 2026-01-31 were read. "
                f"Write them all in one form; or, if all the others have the same one, write it into the manifest, for "
                f"example {key}: DD/MM/YYYY."
            )

    def _numbers(self, field: Field, typed: frozenset[str]) -> ColumnForm | None:
        if self._declares("decimal_mark"):
            return None
        # Which mark it is shows in the places of marks and zeros; other digits do not matter.
        shape = trim_sql(given_sql(field))
        for pattern, short in (("0{5,}", "0000"), ("[1-9]", "1"), ("[01]{5,}", "11111")):
            shape = f"regexp_replace({shape}, '{pattern}', '{short}', 'g')"
        found = self.connection.execute(
            f"SELECT DISTINCT left({shape}, {_LONGEST}) FROM {self.relation} "
            f"WHERE {name_sql(field.id)} IS NOT NULL OR {name_sql(field.id + '__text')} IS NOT NULL "
            f"LIMIT {_MOST_TEXTS + 1}"
        ).fetchall()
        shapes = [text for (text,) in found]
        mark = decimal_mark_of(shapes) if len(shapes) <= _MOST_TEXTS else None
        if mark == "," and "number" in typed and any("." in text for text in shapes):
            mark = "mixed"  # what has a point may be a number of the workbook, or thousands that somebody typed
        where, key = self._where(field), f"files.{self.table.id}.decimal_mark"
        if mark == "ambiguous":
            self.remarks.append(
                f"{where}: numbers like 1,234 may be thousands or decimals, so they were not read. Write into the "
                f'manifest which mark stands before decimals: {key}: "." or {key}: ",".'
            )
        elif mark == "mixed":
            self.remarks.append(
                f"{where}: points and commas are used in more than one way, so only numbers like 1234.5 were read. "
                f'Write them all in one way; or write into the manifest which mark stands before decimals: {key}: "," '
                f'or {key}: ".".'
            )
        if mark not in (".", ","):
            return None
        if field.type == "integer" and not are_whole(shapes, mark):
            return None
        word, other = ("comma", ".") if mark == "," else ("point", ",")
        self._say(
            field,
            f"numbers were read with a {word} before decimals. If that is wrong, write {key}: "
            f'"{other}" into the manifest.',
        )
        return ColumnForm(mark=mark)

    def _lists(self, field: Field) -> ColumnForm | None:
        if self.release.codelists.get(field.codelist or "") is None:
            return None  # codes of the organization's own: any of these marks may belong to them
        text = name_sql(field.id + "__text")
        for separator, words in _SEPARATORS.items():
            form = ColumnForm(separator=separator)
            n_unknown, n_cells = self._row(
                f"SELECT count_if(part <> '' AND {form.part_sql('part', field, self.release)} IS NULL), "
                f"sum(n) FROM (SELECT {trim_sql('piece')} AS part, sum(n) AS n FROM (SELECT unnest("
                f"{form.parts_sql('cell')}) AS piece, contains(cell, {literal(separator)})::INTEGER AS n FROM ("
                f"SELECT DISTINCT {text} AS cell FROM {{}} WHERE {_unread(field.id)})) GROUP BY 1)"
            )
            if n_cells and not n_unknown:
                self._say(
                    field,
                    f"cells with several codes were taken apart at {words}. The standard's own mark is a semicolon "
                    "(;), as in one;two.",
                )
                return form
        return None

    def _say(self, field: Field, what: str) -> None:
        self._said.append((field.id, f"{self._where(field)}: {what}"))

    def _where(self, field: Field) -> str:
        return f"{self.origin.place}, column {self.columns[field.id].letter} ({field.id})"

    def _declares(self, key: str) -> bool:
        return self.origin.form is not None and getattr(self.origin.form, key) is not None

    def _row(self, query: str) -> tuple[int, ...]:
        answer = self.connection.execute(query.replace("{}", self.relation)).fetchone()
        return tuple(int(number or 0) for number in answer) if answer is not None else ()


def _unread(name: str) -> str:
    return f"({name_sql(name)} IS NULL AND {name_sql(name + '__text')} IS NOT NULL)"
