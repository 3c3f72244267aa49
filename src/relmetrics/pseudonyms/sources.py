"""What people hand in here: submissions, and their own files that have no manifest yet.

The only module of this package that knows how files are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from relmetrics.definitions import Manifest, Release
from relmetrics.definitions.manifest import Period
from relmetrics.posix import make_private_folder
from relmetrics.standard import load_release
from relmetrics.submission import read_submission

if TYPE_CHECKING:
    from relmetrics.submission import Submission
    from relmetrics.workspace import Progress

__all__ = ["Given", "given", "read_again"]

STAND_IN = Manifest(
    dataset_id="none",
    schema_version="1.0",
    organization_id="none",
    period=Period(start=date(1900, 1, 1), end=date(2100, 12, 31)),
    records_from=date(1900, 1, 1),
    adoption_level="full",
    tie_rule="one_to_one",
    conversations_recorded_for="everyone",
    has_paid_staff="no",
    complete_tables=(),
    boundary_rule="none",
)
"""A manifest for files that have none, so that they can be read; it says nothing, and is never given to anybody."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed in, read.

    Attributes
    ----------
    has_manifest : bool
        Its manifest is its own.
    folder : Path
        A private folder that is gone when `given` ends.
    """

    submission: Submission
    has_manifest: bool
    folder: Path


@contextmanager
def given(path: Path, progress: Progress | None = None) -> Iterator[Given]:
    """Read a folder, a workbook, a zip of them, or one table, with or without a manifest.

    Raises
    ------
    UnreadableInputError
        It cannot be read.
    """
    with read_submission(path, _release(), progress=progress, manifest=STAND_IN) as submission:
        folder = submission.workspace.folder / "pseudonyms"
        make_private_folder(folder)
        yield Given(submission, submission.manifest is not STAND_IN, folder)


def read_again(folder: Path) -> Submission:
    """Read what would be written."""
    return read_submission(folder, _release(), manifest=STAND_IN)


@cache
def _release() -> Release:
    """The standard without rules and indicators: only tables and screens matter here, and rules take time."""
    return replace(load_release(), rules=MappingProxyType({}), indicators=MappingProxyType({}))
