"""What became of each finding: fixed, new, still there, or not to be compared, and why not.

The id of a finding is a hash of rule, table, key of the row, field and ordinal. So an id that stands in both runs is
the same finding, whatever happened to the order of rows. An id that stands in one run only is a mended (or a new)
breach just where the same row was there and was judged both times; where the row itself came or went, or its key was
written anew, nothing was mended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from relmetrics.revision.revision import CheckChange, FindingChange, Loose

if TYPE_CHECKING:
    from relmetrics.revision.tables import RowKinds
    from relmetrics.submission import Submission
    from relmetrics.validation.finding import Check, Finding, Findings

__all__ = ["FindingComparison", "compare_checks", "compare_readiness"]

Kind = Literal["same", "other_row", "row_unknown", "not_judged"]
Group = tuple[str, str]

_ORDER = {"error": 0, "warning": 1, "note": 2}
# Their ids hold no key: they say how many such rows a file has, not which.
_WITHOUT_KEY = frozenset({"ragged_row", "unclosed_quote", "unreadable_character"})


class FindingComparison:
    """Findings of two runs.

    Parameters
    ----------
    before, after : tuple of (Submission, Findings)
        The two.
    """

    def __init__(self, before: tuple[Submission, Findings], after: tuple[Submission, Findings]) -> None:
        self.before, self.after = before, after
        ids_before = {finding.id for finding in before[1]}
        ids_after = {finding.id for finding in after[1]}
        self.persisting = Counter((finding.rule, finding.table) for finding in after[1] if finding.id in ids_before)
        self.gone = [finding for finding in before[1] if finding.id not in ids_after]
        self.come = [finding for finding in after[1] if finding.id not in ids_before]

    def rows(self, table: str) -> tuple[set[int], set[int]]:
        """Rows of a table, in the first and in the second submission, whose kind decides about a finding."""
        return _rows(self.gone, table), _rows(self.come, table)

    def changes(self, kinds: Mapping[str, RowKinds]) -> tuple[FindingChange, ...]:
        """Say what became of the findings, by rule and table: errors first, then those with most changes.

        Parameters
        ----------
        kinds : mapping
            By table, what `rows` asked for.
        """
        rows_before = {table: found.before for table, found in kinds.items()}
        rows_after = {table: found.after for table, found in kinds.items()}
        gone = _sorted_out(self.gone, self.before, self.after, rows_before)
        come = _sorted_out(self.come, self.after, self.before, rows_after)
        groups: dict[Group, str] = {}
        counts: list[Counter[Group]] = []
        for _, findings in (self.before, self.after):
            listed = Counter((finding.rule, finding.table) for finding in findings)
            exact: Counter[Group] = Counter()
            for check in findings.checks:
                exact[check.rule, check.table] += check.n_findings
                groups.setdefault((check.rule, check.table), check.severity)
            for finding in findings:
                groups.setdefault((finding.rule, finding.table), finding.severity)
            counts.append(Counter({group: max(exact[group], listed[group]) for group in exact | listed}))
        n_before, n_after = counts
        cut = self._cut(n_before, n_after)
        found = [
            self._change(group, severity, n_before[group], n_after[group], gone[group], come[group], cut[group])
            for group, severity in groups.items()
            if n_before[group] or n_after[group]
        ]
        tables = {table: place for place, table in enumerate(self.before[0].release.tables)}
        found.sort(
            key=lambda one: (
                _ORDER.get(one.severity, 3),
                -(one.n_before + one.n_after - 2 * one.persisting),
                tables.get(one.table, -1),
                one.rule,
            )
        )
        return tuple(found)

    def _cut(self, n_before: Counter[Group], n_after: Counter[Group]) -> dict[Group, tuple[bool, bool]]:
        """Of which groups some findings are not listed, in the first and in the second run."""
        listed_before = Counter((finding.rule, finding.table) for finding in self.before[1])
        listed_after = Counter((finding.rule, finding.table) for finding in self.after[1])
        return defaultdict(
            lambda: (False, False),
            {
                group: (listed_before[group] < n_before[group], listed_after[group] < n_after[group])
                for group in n_before | n_after
            },
        )

    def _change(
        self,
        group: Group,
        severity: str,
        n_before: int,
        n_after: int,
        gone: Counter[Kind],
        come: Counter[Kind],
        cut: tuple[bool, bool],
    ) -> FindingChange:
        persisting = self.persisting[group]
        is_cut_before, is_cut_after = cut
        # Where the other list is cut, an id that is not on it may stand behind its end: only rows tell then.
        fixed = 0 if is_cut_after else gone["same"]
        new = 0 if is_cut_before else come["same"]
        left = _loose(gone, n_before - persisting - fixed)
        arrived = _loose(come, n_after - persisting - new)
        return FindingChange(
            *group, severity, n_before, n_after, fixed=fixed, persisting=persisting, new=new, gone=left, come=arrived
        )


def compare_checks(before: Findings, after: Findings) -> tuple[tuple[CheckChange, ...], tuple[CheckChange, ...]]:
    """Return the checks that became possible, and those that are not possible any more.

    Parameters
    ----------
    before, after : Findings
        Of the two runs.
    """
    then = {(check.rule, check.table): check for check in before.checks}
    now = {(check.rule, check.table): check for check in after.checks}
    both = [name for name in now if name in then]
    gained = [CheckChange.of(then[name]) for name in both if _was_made(now[name]) and not _was_made(then[name])]
    lost = [CheckChange.of(now[name]) for name in both if _was_made(then[name]) and not _was_made(now[name])]
    return tuple(gained), tuple(lost)


def compare_readiness(before: Findings, after: Findings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the indicators that have got what they need, and those that have lost it.

    Parameters
    ----------
    before, after : Findings
        Of the two runs.
    """
    then = {item.indicator for item in before.readiness if item.is_ready}
    now = {item.indicator for item in after.readiness if item.is_ready}
    return tuple(sorted(now - then)), tuple(sorted(then - now))


def _was_made(check: Check) -> bool:
    return check.outcome in ("clean", "findings")


def _is_about_row(finding: Finding) -> bool:
    """Whether it is about one row: some stand for all the cells of a column (and count them), or for a whole file."""
    return finding.row is not None and "n_cells" not in finding.params and finding.rule not in _WITHOUT_KEY


def _rows(findings: list[Finding], table: str) -> set[int]:
    return {finding.row for finding in findings if finding.table == table and _is_about_row(finding) and finding.row}


def _sorted_out(
    findings: list[Finding],
    own: tuple[Submission, Findings],
    other: tuple[Submission, Findings],
    rows: Mapping[str, Mapping[int, str]],
) -> defaultdict[Group, Counter[Kind]]:
    checks = {(check.rule, check.table): check for check in other[1].checks}
    found: defaultdict[Group, Counter[Kind]] = defaultdict(Counter)
    for finding in findings:
        group = (finding.rule, finding.table)
        found[group][_kind(finding, checks.get(group), own[0], other[0], rows.get(finding.table, {}))] += 1
    return found


def _kind(finding: Finding, check: Check | None, own: Submission, other: Submission, rows: Mapping[int, str]) -> Kind:
    # Without rows that a check is about, it has looked and found none: a row that it is no longer about is mended.
    if check is not None and not _was_made(check) and check.reason != "no_eligible_rows":
        return "not_judged"
    is_table = finding.table in own.tables
    if is_table and finding.table not in other.tables:
        return "not_judged"
    has_column = is_table and finding.field and own.tables[finding.table].column(finding.field) is not None
    if has_column and other.tables[finding.table].column(finding.field) is None:
        return "not_judged"
    kind = rows.get(finding.row) if is_table and finding.row is not None and _is_about_row(finding) else None
    if kind is not None:
        return "other_row" if kind == "alone" else "row_unknown" if kind == "keyless" else "same"
    return "same"


def _loose(kinds: Counter[Kind], n: int) -> Loose:
    """Split the `n` findings that are neither persisting nor fixed (or new); what no list shows is left over."""
    known = Loose(kinds["other_row"], kinds["row_unknown"], kinds["not_judged"])
    return Loose(known.other_row, known.row_unknown, known.not_judged, max(0, n - known.n))
