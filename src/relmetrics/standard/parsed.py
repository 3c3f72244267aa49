"""Definition files as they were parsed when they were last published: reading four hundred of them costs 0.1 s.

A definition is taken from here only where the file has exactly the content that was parsed. So what is kept can be
missing or out of date, but never wrong.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

__all__ = ["ParsedFiles", "digest_of", "parsed_file"]


def parsed_file(version: str, root: Path) -> Path:
    """Where the parsed files of a release are kept."""
    return root / "schema" / version / "parsed.json"


def digest_of(content: bytes) -> str:
    """Digest by which the content of a file is known again."""
    return hashlib.sha256(content).hexdigest()[:32]


class ParsedFiles:
    """What the definition files of one release hold.

    Parameters
    ----------
    version : str
        Release.
    root : Path
        Folder that holds ``schema/`` and ``validators/``.
    """

    def __init__(self, version: str, root: Path) -> None:
        try:
            kept = json.loads(parsed_file(version, root).read_bytes())
        except (OSError, ValueError):
            kept = {}
        self._kept: dict[str, Any] = kept if isinstance(kept, dict) else {}

    def data_of(self, file: str, content: bytes) -> Any | None:
        """Return what is in a file, or None where nothing is kept about exactly this content."""
        match self._kept.get(file):
            case [digest, data] if digest == digest_of(content):
                return data
        return None
