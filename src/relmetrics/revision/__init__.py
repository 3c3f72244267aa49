"""Two submissions of one organization beside each other: what was mended, what is new, and which past was rewritten.

Records are revised: late entries, corrected attendance, labels that a tool renamed. That is no fault; but who reads a
value of last year should know that the year has changed since. Nothing here judges, and nothing leaves this machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relmetrics.errors import UsageError
from relmetrics.revision.findings import FindingComparison, compare_checks, compare_readiness
from relmetrics.revision.revision import CheckChange, FindingChange, Loose, Revision, Version
from relmetrics.revision.row_changes import NOT_READABLE, CodeChange, FieldRevision, PartRevision, TableRevision
from relmetrics.revision.tables import compare_table
from relmetrics.submission.columns import shown
from relmetrics.validation import validate

if TYPE_CHECKING:
    from relmetrics.definitions import Manifest
    from relmetrics.submission import Submission
    from relmetrics.validation import Findings
    from relmetrics.workspace import Progress

__all__ = [
    "NOT_READABLE",
    "CheckChange",
    "CodeChange",
    "FieldRevision",
    "FindingChange",
    "Loose",
    "PartRevision",
    "Revision",
    "TableRevision",
    "Version",
    "diff",
]

MOST_LISTED = 100_000
"""Findings of one check that are compared one by one; beyond them the numbers are 'at least'."""


_MOVES = frozenset({"dataset_id", "period.start", "period.end", "taken_on"})
"""Keys of the manifest that are another in every submission."""


def diff(
    before: Submission,
    after: Submission,
    *,
    sources: tuple[str, str] = ("", ""),
    most_listed: int = MOST_LISTED,
    progress: Progress | None = None,
) -> Revision:
    """Compare an earlier and a later submission of one organization.

    Parameters
    ----------
    before, after : Submission
        The earlier and the later one, open. The rows of the later one pass through memory in portions into temporary
        tables of the earlier one, which are gone at the end.
    sources : tuple of (str, str)
        How the two are called in what is shown.
    most_listed : int
        How many findings of one check are compared one by one.
    progress : callable, optional
        Called with a sentence at the beginning of each part.

    Returns
    -------
    Revision
        Counts and codes, never a raw value.

    Raises
    ------
    UsageError
        They are of two organizations or of two releases, or the second is older than the first.
    """
    refuse_other_pairs(before, after)
    tell = progress or _tell_nobody
    tell("Checking the earlier submission")
    found_before = validate(before, most_listed=most_listed)
    tell("Checking the later submission")
    found_after = validate(after, most_listed=most_listed)
    findings = FindingComparison((before, found_before), (after, found_after))
    past_until = before.manifest.today
    tables, kinds = [], {}
    for table in before.release.tables.values():
        if table.id not in before.tables and table.id not in after.tables:
            continue
        tell(f"Comparing {table.id}")
        revision, kinds[table.id] = compare_table(table, before, after, past_until, *findings.rows(table.id))
        tables.append(revision)
    judged_now, judged_before = compare_checks(found_before, found_after)
    ready_now, ready_before = compare_readiness(found_before, found_after)
    return Revision(
        organization_id=before.manifest.organization_id,
        release=before.release.version,
        before=_version(before, found_before, sources[0]),
        after=_version(after, found_after, sources[1]),
        past_until=past_until,
        manifest_changed=_changed_keys(before.manifest, after.manifest),
        findings=findings.changes(kinds),
        judged_now=judged_now,
        judged_before=judged_before,
        ready_now=ready_now,
        ready_before=ready_before,
        tables=tuple(tables),
    )


def refuse_other_pairs(before: Submission, after: Submission) -> None:
    """Refuse two submissions that cannot be compared, each in one sentence that says what to do.

    Parameters
    ----------
    before, after : Submission
        As given.
    """
    first, second = before.manifest, after.manifest
    if first.organization_id != second.organization_id:
        raise UsageError(
            f"These are two organizations: organization_id is {shown(first.organization_id)} in the first submission "
            f"and {shown(second.organization_id)} in the second. Give two submissions of one organization."
        )
    if before.release.version != after.release.version or first.schema_version != second.schema_version:
        raise UsageError(
            f"The first submission is of release {shown(first.schema_version)} of the standard and the second of "
            f"{shown(second.schema_version)}. Give two submissions of one release."
        )
    # A day of taking and the end of a period are compared with their like only.
    name, then, now = "period.end", first.period.end, second.period.end
    if first.taken_on is not None and second.taken_on is not None:
        name, then, now = "taken_on", first.taken_on, second.taken_on
    if now < then:
        raise UsageError(
            f"The second submission is older than the first ({name} is {now} there, and {then} in the first). Give the "
            "earlier one first."
        )


def _version(submission: Submission, findings: Findings, source: str) -> Version:
    manifest = submission.manifest
    return Version(
        source=source,
        dataset_id=manifest.dataset_id,
        period_start=manifest.period.start,
        period_end=manifest.period.end,
        taken_on=manifest.taken_on,
        n_findings=findings.counts(),
    )


def _changed_keys(first: Manifest, second: Manifest) -> tuple[str, ...]:
    then, now = _flat(first.model_dump()), _flat(second.model_dump())
    return tuple(sorted(key for key in then.keys() | now.keys() if key not in _MOVES and then.get(key) != now.get(key)))


def _flat(data: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Keys with dots; how files are to be read is one key, because names of columns stand in it."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict) and key != "files":
            found |= _flat(value, f"{above}{key}.")
        else:
            found[above + key] = value
    return found


def _tell_nobody(sentence: str) -> None:
    del sentence
