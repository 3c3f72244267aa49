"""Where the definition files stand, by kind and release."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Literal

from relmetrics.errors import DefinitionError

__all__ = ["KINDS", "Kind", "data_root", "definition_files", "versions"]

Kind = Literal["release", "table", "codelist", "view", "indicator", "structure", "rule", "screen"]
KINDS: MappingProxyType[Kind, str] = MappingProxyType(
    {
        "release": "schema/{version}/release.yaml",
        "table": "schema/{version}/tables/*.yaml",
        "codelist": "schema/{version}/codelists/*.csv",
        "view": "schema/{version}/views/*.yaml",
        "indicator": "schema/{version}/indicators/*/*.yaml",
        "structure": "validators/{version}/structure/*.yaml",
        "rule": "validators/{version}/rules/*/*.yaml",
        "screen": "validators/{version}/screens/*.yaml",
    }
)


def data_root() -> Path:
    """Folder that holds ``schema/`` and ``validators/``: inside the installed package, else the source checkout."""
    here = Path(__file__).resolve().parent.parent
    for folder in (here / "_data", here.parent.parent):
        if (folder / "schema").is_dir():
            return folder
    raise DefinitionError("The files of the standard (schema/) are not where they should be. Install relmetrics again.")


def versions(root: Path | None = None) -> tuple[str, ...]:
    """Releases of the standard that are at hand, oldest first."""
    found = (file.parent.name for file in ((root or data_root()) / "schema").glob("*/release.yaml"))
    return tuple(sorted(found, key=lambda name: [int(part) if part.isdigit() else 0 for part in name.split(".")]))


def definition_files(kind: Kind, version: str = "1.0", root: Path | None = None) -> tuple[Path, ...]:
    """Files of one kind of definition, ordered by id."""
    files = (root or data_root()).glob(KINDS[kind].format(version=version))
    return tuple(sorted(files, key=lambda file: (file.stem, file.as_posix())))
