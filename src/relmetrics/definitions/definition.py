"""What every definition has."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

__all__ = ["ID", "LEVELS", "Definition", "Deprecated", "Frozen", "Id", "Level", "Text", "Version"]

ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
LEVELS = ("core", "relational", "full")

Level = Literal["core", "relational", "full"]


def _check_id(value: str) -> str:
    if not ID.fullmatch(value):
        raise ValueError(f"'{value}' is no id: small letters, digits and _, beginning with a letter")
    return value


def _check_text(value: dict[str, str]) -> dict[str, str]:
    if not value.get("en", "").strip():
        raise ValueError("a text needs its English form under the key 'en'")
    return value


# What the functions above check is said again for the published schemas, which cannot hold a function.
_TEXT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"en": {"type": "string", "pattern": r"\S"}},
    "additionalProperties": {"type": "string"},
    "required": ["en"],
}
Id = Annotated[str, AfterValidator(_check_id), WithJsonSchema({"type": "string", "pattern": f"^{ID.pattern}$"})]
Text = Annotated[dict[str, str], AfterValidator(_check_text), WithJsonSchema(_TEXT_SCHEMA)]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]


class Frozen(BaseModel):
    """A model that is never changed and refuses keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Deprecated(Frozen):
    """Since when, why, and what to use in its place."""

    since: str
    reason: Text
    use_instead: Id | None = None


class Definition(Frozen):
    """A definition of the standard: one file, whose name is its id.

    Attributes
    ----------
    uri : str
        ``$id`` in the file: the release's base URI, the kind and the id.
    version : str
        Version of this definition; it moves when the definition's meaning does.
    status : {'draft', 'experimental', 'stable'}
        Experimental definitions are computed, marked, and refused in a funder's required set.
    since : str
        Release in which it first stood.
    """

    uri: str = Field(alias="$id")
    id: Id
    version: Version
    status: Literal["draft", "experimental", "stable"]
    since: str
    deprecated: Deprecated | None = None
    title: Text
