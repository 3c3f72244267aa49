"""Where texts stand in which personal data may hide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.submission.columns import MOST_COLUMNS, trimmed
from relmetrics.submission.submission import column_letter
from relmetrics.validation.finding import Place
from relmetrics.validation.references import lookup_of
from relmetrics.validation.sql import canonical, quoted, relation

if TYPE_CHECKING:
    from relmetrics.definitions import Field, Table
    from relmetrics.definitions.screen import Place as Kind
    from relmetrics.submission import TableRead
    from relmetrics.validation.ledger import Ledger

__all__ = ["Column", "Source", "columns_of", "sources_of"]

_NOT_OF_TYPE = ("value_not_of_type", "id_pattern", "code_not_in_list")
_LINES = ("line_id", "category_id", "title")
_MANIFEST_TEXTS = ("contact_role", "boundary_rule")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the standard does not know, with its name as given.

    Attributes
    ----------
    table : str
        Table of the standard, or empty.
    owner : str
        Name of the table as given.
    relation : str
        Where its cells are: a relation with the columns ``_row`` and ``c<position>``.
    """

    table: str
    owner: str
    file: str
    sheet: str
    header_row: int
    header: str
    position: int
    relation: str

    def place(self, row: int | None = None) -> Place:
        """Place of a cell of the column, or of its name."""
        row = self.header_row if row is None else row
        cell = f"{column_letter(self.position)}{row}"
        return Place(table=self.table, file=self.file, sheet=self.sheet, row=row, cell=cell)


@dataclass(frozen=True, slots=True)
class Source:
    """One column, or one text, that is looked at.

    Attributes
    ----------
    table, field : str
        By the names of the standard; empty where it has none.
    query : str
        A SELECT of ``_row`` and ``text``, empty where `text` is given.
    key : str
        SQL list of the texts that make the key of a row ``t``, or empty.
    """

    kind: Kind
    table: str = ""
    field: str = ""
    column: Column | None = None
    query: str = ""
    key: str = ""
    text: str = ""


def columns_of(ledger: Ledger) -> list[Column]:
    """All columns that are no fields of the standard."""
    submission = ledger.submission
    found = [
        Column(
            read.id, read.id, read.file, read.sheet, read.header_row, column.header, column.position,
            f"given_other.{quoted(read.id)}",
        )
        for read in submission.tables.values()
        for column in read.columns
        if column.kind != "field"
    ]  # fmt: skip
    for table in submission.unknown_tables:
        found += [
            Column(
                "", table.name, table.file, table.sheet, table.header_row, header, position,
                f"given_other.{quoted(table.relation)}",
            )
            for position, header in enumerate(table.header[:MOST_COLUMNS])
            if table.relation
        ]  # fmt: skip
    return found


def sources_of(ledger: Ledger, columns: list[Column]) -> Iterator[Source]:
    """Yield what has to be looked at; what passed a codelist, a type or the pattern of an id is not among it."""
    submission = ledger.submission
    for column in columns:
        if name := trimmed(column.header):
            yield Source("header", column.table, column=column, text=name)
        key = _key_of(submission.release.tables[column.table]) if column.table else ""
        query = f'SELECT "_row", c{column.position} AS text FROM {column.relation}'
        yield Source("unknown", column.table, column=column, query=query, key=key)
    failing = {check.table for check in ledger.checks if check.rule in _NOT_OF_TYPE and check.n_findings}
    dangling = {
        check.table
        for check in ledger.checks
        if check.rule == "dangling_reference" and (check.n_findings or check.outcome == "cannot_tell")
    }
    for read in submission.tables.values():
        table = submission.release.tables[read.id]
        for field in table.fields:
            if read.column(field.id) is not None:
                yield from _of_field(ledger, read, table, field, read.id in failing, read.id in dangling)
    for name in _MANIFEST_TEXTS:
        if text := getattr(submission.manifest, name, None):
            yield Source("manifest", field=name, text=str(text))


def _of_field(
    ledger: Ledger, read: TableRead, table: Table, field: Field, is_failing: bool, is_dangling: bool
) -> Iterator[Source]:
    name, given, key = quoted(field.id), relation(table.id), _key_of(table)

    def source(kind: Kind, query: str) -> Source:
        return Source(kind, table.id, field.id, query=query, key=key)

    whole = f'SELECT "_row", {name} AS text FROM {given}'
    if field.type in ("label", "public_text"):
        yield source("label" if field.type == "label" else "public_text", whole)
    elif field.type == "codes":
        if is_failing:
            one = quoted(field.singular or field.id)
            text = quoted(f"{field.singular or field.id}__text")
            child = f"given.{quoted(f'{table.id}_{field.id}')}"
            yield source("misfit", f'SELECT "_row", {text} AS text FROM {child} WHERE {one} IS NULL')
    elif is_failing:
        text = quoted(f"{field.id}__text")
        yield source("misfit", f'SELECT "_row", {text} AS text FROM {given} WHERE {name} IS NULL')
    if table.id == "lines" and field.id in _LINES:
        yield source("line", whole)
    if _is_person(table, field):
        yield source("person_id", whole)
    elif field.references is not None and field.references.table == "people" and field.type == "id" and is_dangling:
        lookup = lookup_of(ledger.submission.release, field)
        people = ledger.submission.tables.get("people")
        if lookup is None or people is None or people.column(lookup.theirs[-1]) is None:
            yield source("person_id", whole)
        else:  # those that stand in people are looked at there
            target = f"(SELECT {quoted(lookup.theirs[-1])} AS id FROM {relation('people')})"
            yield source("person_id", f"{whole} AS t ANTI JOIN {target} AS p ON p.id = t.{name}")


def _is_person(table: Table, field: Field) -> bool:
    """Whether a field holds the ids of persons at home: of people, and of coders, who stand in no table."""
    if field.type != "id" or field.references is not None:
        return False
    return (table.id == "people" and field.id in table.key) or field.id == "coder"


def _key_of(table: Table) -> str:
    return f"[{', '.join(canonical(table.by_id[name]) for name in table.key)}]"
