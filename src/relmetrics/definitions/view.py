"""Named derived tables."""

from __future__ import annotations

from relmetrics.definitions.definition import Definition, Id, Text

__all__ = ["View"]


class View(Definition):
    """A derived table that a row expression cannot say.

    Attributes
    ----------
    parameters : tuple of str
        Named parameters (``:T``, ``:S``, the manifest's keys, an indicator's own) that the query uses.
    columns : dict
        Name of each column to what it holds.
    query : str
        One SELECT in the language of the standard.
    """

    description: Text
    parameters: tuple[str, ...] = ()
    columns: dict[Id, str]
    query: str
