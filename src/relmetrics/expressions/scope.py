"""What a text may name: relations with their columns, joins of a row expression, parameters; and kinds of values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NoReturn

from relmetrics.errors import ExpressionError

__all__ = ["ALIAS", "KINDS", "NAME", "UNKNOWN", "Known", "Scope", "join_kinds", "nearest", "refuse"]

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
ALIAS: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")

UNKNOWN: Final = "unknown"
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "text",
        "code": "text",
        "label": "text",
        "public_text": "text",
        "integer": "number",
        "decimal": "number",
        "date": "date",
        "month": "date",
        "boolean": "truth value",
    }
)
"""Type of a field to the kind of its values. Any other type is unknown and goes with every kind."""

# Where two types of one kind meet, the later one stays: what holds a label may never be taken for a code.
_WEAKEST_FIRST: Final = ("code", "id", "public_text", "label", "integer", "decimal", "month", "date", "boolean")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a text may name. Nothing else exists for it.

    Attributes
    ----------
    relations : mapping
        Relation to its columns, each with its type (id, code, date, month, integer, decimal, label, public_text,
        boolean; any other word means that the type is not known).
    table : str or None
        For row expressions: the relation whose fields stand without a qualifier.
    references : mapping
        Name of a join to (field of `table`, other table, key of the other table). One hop, no further.
    parameters : frozenset of str
        Names that may stand as ``:name``.
    parameter_types : mapping
        Types of parameters where they are known; the parameter is then cast to it in the SQL.
    """

    relations: Mapping[str, Mapping[str, str]]
    table: str | None = None
    references: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    parameter_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A column that a name can mean.

    Attributes
    ----------
    type : str
        Type of the standard, or `UNKNOWN`.
    field : tuple of str or None
        (relation, column) where it is a column of a declared relation.
    is_plain : bool
        Whether its values are those of a field, not computed: only such columns make a join selective.
    """

    type: str
    field: tuple[str, str] | None = None
    is_plain: bool = False


def refuse(found: str, instead: str = "") -> NoReturn:
    """Raise `ExpressionError` with what was found and what to write instead."""
    raise ExpressionError(f"{found} {instead}".strip())


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a sentence with the known name that is most like `name`, or with all of them where they are few."""
    known = sorted(names)
    close = difflib.get_close_matches(name[:80], known, n=1)
    if close:
        return f"Did you mean `{close[0]}`?"
    if not known:
        return "None is declared here."
    return "Known: " + ", ".join(known[:12]) + (", ..." if len(known) > 12 else ".")


def join_kinds(where: str, types: Iterable[str]) -> str:
    """Return the common type of values that meet `where`, or refuse."""
    found = sorted({one for one in types if one in KINDS}, key=_WEAKEST_FIRST.index)
    if not found:
        return UNKNOWN
    kinds = sorted({KINDS[one] for one in found})
    if len(kinds) > 1:
        hint = ""
        if kinds == ["date", "text"]:
            hint = "Write a date as date '2025-01-31'."
        elif "truth value" in kinds:
            hint = "Write CASE WHEN ... THEN ... END."
        refuse(f"{where} brings together {' and '.join(kinds)}, which are not compared with each other.", hint)
    return found[-1]
