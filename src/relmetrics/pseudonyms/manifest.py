"""The manifest of the output: that of the input, in the standard's form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relmetrics.definitions import Manifest

__all__ = ["manifest_text"]


def manifest_text(manifest: Manifest, event: str, others: Mapping[str, str]) -> str:
    """Write a manifest as YAML, every value in quotes.

    Parameters
    ----------
    manifest : Manifest
        That of the input. How its files were read (``files``) is left out: the output is in the standard's form.
    event : str
        What the id of the review's event has become; empty where there is none.
    others : mapping
        Texts for keys that may not stay as they are; an empty text leaves the key out.
    """
    data: dict[str, Any] = manifest.model_dump(mode="json", exclude_none=True, exclude={"files"})
    data["complete_tables"] = list(data["complete_tables"])
    review = {key: value for key, value in data.pop("review", {}).items() if key != "event_id" or event}
    if "event_id" in review:
        review["event_id"] = event
    if review:
        data["review"] = review
    data |= others
    return "".join(_lines({key: value for key, value in data.items() if value != ""}))


def _lines(data: Mapping[str, Any], indent: str = "") -> list[str]:
    lines = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{key}:\n", *_lines(value, indent + "  ")]
        elif isinstance(value, list):
            lines.append(f"{indent}{key}:{'' if value else ' []'}\n")
            lines += [f"{indent}  - {_quoted(str(one))}\n" for one in value]
        else:
            lines.append(f"{indent}{key}: {_quoted(str(value))}\n")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())
