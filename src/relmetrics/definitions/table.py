"""Tables and their fields."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field as PydanticField

from relmetrics.definitions.definition import Definition, Frozen, Id, Level, Text

__all__ = ["Field", "FieldType", "Reference", "Table"]

FieldType = Literal["id", "code", "codes", "date", "month", "integer", "decimal", "label", "public_text"]


class Reference(Frozen):
    """A field points to a row of another table.

    Attributes
    ----------
    table : str
        Table that is pointed to.
    field : str or None
        Its field; None means its only key field.
    join : str
        ``as`` in the file: name of the join in expressions, so that ``participant.first_contact_on`` reads as a
        sentence.
    with_fields : tuple of str
        ``with`` in the file: for a key of several fields, the other fields of this table that take part, in the order
        of the key.
    """

    table: Id
    join: Id = PydanticField(alias="as")
    field: Id | None = None
    with_fields: tuple[Id, ...] = PydanticField(default=(), alias="with")


class Field(Frozen):
    """One column of a table.

    Attributes
    ----------
    reduced : bool
        A date that may be given as month or year; it is loaded as its first known day beside ``<id>_precision``.
    codelist : str or None
        List of the codes. On a field of type id: answers that may stand in place of a row that is referred to.
    singular : str or None
        For type codes: column name in the table of its own, ``<table>_<id>``.
    """

    id: Id
    title: Text
    description: Text
    type: FieldType
    required: bool = False
    level: Level = "core"
    codelist: Id | None = None
    references: Reference | None = None
    reduced: bool = False
    singular: Id | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    unit: str | None = None
    example: str = ""


class Table(Definition):
    """One table: one CSV file or one sheet, named as the table."""

    description: Text
    level: Level
    is_necessary: bool = False
    key: tuple[Id, ...]
    fields: tuple[Field, ...]

    @cached_property
    def by_id(self) -> dict[str, Field]:
        """Fields by id."""
        return {field.id: field for field in self.fields}

    @cached_property
    def references(self) -> dict[str, Field]:
        """Fields that point to another table, by the name of their join."""
        return {field.references.join: field for field in self.fields if field.references is not None}
