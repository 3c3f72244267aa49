"""The conformance deck: cases that say for each definition what must come out. It ships with the release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relmetrics.documents import read_document
from relmetrics.standard import data_root

__all__ = ["DECK_FOLDERS", "Decks", "base_manifest", "deck_folder", "read_deck", "read_decks"]

Decks = Mapping[tuple[str, str], Mapping[str, Any]]
"""Cases by kind and id of the definition that they are about."""

DECK_FOLDERS = {"indicator": "indicators", "rule": "rules", "structure": "structure", "screen": "screens"}


def deck_folder(version: str = "1.0") -> Path:
    """Folder of the deck of a release: in the installed package, else in the checkout. It may be absent."""
    return data_root() / "tests" / "conformance" / version


def read_deck(kind: str, name: str, folder: Path | None = None) -> Mapping[str, Any]:
    """Read the cases of one definition; none where there is no deck."""
    file = (folder or deck_folder()) / DECK_FOLDERS[kind] / f"{name}.yaml"
    found: Mapping[str, Any] = read_document(file).data if file.is_file() else {}
    return found


def read_decks(folder: Path | None = None) -> Decks:
    """Read all cases, by kind and id of the definition that they are about.

    Parameters
    ----------
    folder : Path, optional
        By default the deck that came with this software. Where it is absent there are no cases.
    """
    where = folder or deck_folder()
    return {
        (kind, file.stem): read_document(file).data
        for kind, name in DECK_FOLDERS.items()
        for file in sorted((where / name).glob("*.yaml"))
    }


def base_manifest(folder: Path | None = None) -> Mapping[str, Any]:
    """Read the manifest that every case begins with."""
    file = (folder or deck_folder()) / "manifest.yaml"
    found: Mapping[str, Any] = read_document(file).data if file.is_file() else {}
    return found
