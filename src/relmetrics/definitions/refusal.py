"""Why a file does not fit its model, in plain sentences instead of pydantic's."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

__all__ = ["sentence_for"]


def sentence_for(error: Any, model: type[BaseModel]) -> str:
    """Say one of pydantic's errors in a sentence that a person who edits the file understands."""
    loc: tuple[str | int, ...] = tuple(error["loc"])
    place = ".".join(str(part) for part in loc) or "the file"
    given = error.get("input")
    kinds: dict[type, str] = {dict: "a mapping", list: "a list"}
    shown = f"'{given}'" if isinstance(given, str) else kinds.get(type(given), "this value")
    match error["type"]:
        case "missing":
            return f"the key '{place}' is missing; add it."
        case "extra_forbidden":
            names = [field.alias or name for name, field in model.model_fields.items()] if len(loc) == 1 else []
            known = f" Known keys: {', '.join(names)}." if names else ""
            return f"the key '{place}' is not known; correct or remove it.{known}"
        case "literal_error":
            return f"{place} is {shown}; it must be {error['ctx']['expected']}."
        case "bool_parsing" | "bool_type":
            return f"{place} is {shown}; write yes or no."
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{place} is {shown}; write a whole number."
        case "string_pattern_mismatch":
            return f"{place} is {shown}; it must have the form {error['ctx']['pattern']}."
        case "string_type":
            return f"{place} is {shown}; one text is expected there."
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"{place} is {shown}; keys with values are expected there."
        case "tuple_type" | "list_type":
            return f"{place} is {shown}; a list is expected there."
        case "value_error":
            return f"{place}: {str(error['msg']).removeprefix('Value error, ')}."
        case _:
            return f"{place}: {error['msg']}."
