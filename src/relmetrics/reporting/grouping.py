"""Findings by cause, in the order in which mending them gives most.

A cause is one rule in one column of one table, with the findings that it brings about folded under it. First come the
causes whose mending gives most values the tables and columns that they need, then those that free most rows, then the
graver ones. What may be personal data unlocks nothing and is told apart: it is to be taken out, not mended.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from relmetrics.validation.readiness import helped_by, unlocked_together

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.validation.finding import Finding, Findings

__all__ = ["MOST_FIRST", "Bundle", "Cause", "group_by_cause"]

MOST_FIRST = 5
"""How many causes are told before all others."""

_SEVERITIES = {"error": 0, "warning": 1, "note": 2}
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Findings of one rule in one column of one table.

    Attributes
    ----------
    findings : tuple of Finding
        Those that are listed.
    n_not_listed : int
        Those that are counted only. The check knows them by rule and table: they are put down where most are listed.
    """

    rule: str
    table: str
    field: str
    severity: str
    findings: tuple[Finding, ...]
    n_not_listed: int = 0

    @property
    def n_findings(self) -> int:
        """All of them, exact."""
        return len(self.findings) + self.n_not_listed


@dataclass(frozen=True, slots=True)
class Cause:
    """What can be mended in one go, with what it brings about and what mending it gives.

    Attributes
    ----------
    id : str
        Hash of rule, table and field: the same in every run.
    own : Bundle
        The findings of the cause itself.
    consequences : tuple of Bundle
        Findings that it brings about.
    unlocks : tuple of str
        Indicators that then have all tables and columns that they need.
    helps : tuple of str
        Indicators that need this and lack something else as well.
    n_rows : int
        Rows whose listed errors all come from here; mended, they are read in full.
    n_errors_not_listed : int
        Errors from here that are counted only; how many further rows they keep from being read is not known.
    is_personal : bool
        Whether it may be personal data.
    is_first : bool
        Whether it is among the few that are told before all others.
    """

    id: str
    own: Bundle
    consequences: tuple[Bundle, ...]
    unlocks: tuple[str, ...]
    helps: tuple[str, ...]
    n_rows: int
    n_errors_not_listed: int
    is_personal: bool
    is_first: bool = False

    @property
    def n_consequences(self) -> int:
        """Findings that it brings about, exact."""
        return sum(bundle.n_findings for bundle in self.consequences)


def group_by_cause(findings: Findings, release: Release) -> tuple[Cause, ...]:
    """Group findings by cause, those first that unlock most.

    Parameters
    ----------
    findings : Findings
        What validation gave.
    release : Release
        Says which checks look for personal data.
    """
    own, caused = _bundles(findings)
    folded = {key: tuple(caused.get(key, {}).values()) for key in own}
    errors = {key: _errors((bundle, *folded[key]), release) for key, bundle in own.items()}
    rows = {key: _rows(bundles) for key, bundles in errors.items()}
    n_causes = Counter(row for found in rows.values() for row in found)
    causes = []
    for key, bundle in own.items():
        consequences = folded[key]
        mended = _mended((bundle, *consequences), release)
        causes.append(
            Cause(
                id=_id(key),
                own=bundle,
                consequences=consequences,
                unlocks=unlocked_together(findings.readiness, mended),
                helps=helped_by(findings.readiness, mended),
                n_rows=sum(n_causes[row] == 1 for row in rows[key]),
                n_errors_not_listed=sum(bundle.n_not_listed for bundle in errors[key]),
                is_personal=bundle.rule in release.screens,
            )
        )
    causes.sort(key=_rank)  # stable: equal ones stay in the order of the findings
    first = [cause.id for cause in causes if not cause.is_personal and cause.own.severity != "note"][:MOST_FIRST]
    return tuple(replace(cause, is_first=cause.id in first) for cause in causes)


def _rank(cause: Cause) -> tuple[int, ...]:
    severity = _SEVERITIES[cause.own.severity]
    n_rows = cause.n_rows + cause.n_errors_not_listed
    return (int(severity == 2), -len(cause.unlocks), -len(cause.helps), -n_rows, severity)


def _bundles(findings: Findings) -> tuple[dict[_Key, Bundle], dict[_Key, dict[_Key, Bundle]]]:
    """Findings without a listed cause by their own key; the others by the key of their first cause, then their own."""
    by_id = {finding.id: finding for finding in findings}
    sorted_out: dict[tuple[_Key, _Key], list[Finding]] = {}
    for finding in findings:
        root = _root(finding, by_id)
        sorted_out.setdefault((_key(root or finding), _key(finding) if root else ("", "", "")), []).append(finding)
    rest = _not_listed(findings, sorted_out)
    own: dict[_Key, Bundle] = {}
    caused: dict[_Key, dict[_Key, Bundle]] = {}
    for (cause, key), found in sorted_out.items():
        first = found[0]
        n_rest = rest.get((cause, key), 0)
        bundle = Bundle(first.rule, first.table, first.field, first.severity, tuple(found), n_rest)
        if key[0]:
            caused.setdefault(cause, {})[key] = bundle
        else:
            own[cause] = bundle
    return own, caused


def _not_listed(findings: Findings, sorted_out: dict[tuple[_Key, _Key], list[Finding]]) -> dict[tuple[_Key, _Key], int]:
    """Findings that are counted only, by the bundle in which most of their check are listed."""
    listed = Counter((finding.rule, finding.table) for finding in findings)
    most: dict[tuple[str, str], tuple[_Key, _Key]] = {}
    for name, found in sorted_out.items():
        check = (found[0].rule, found[0].table)
        if check not in most or len(found) > len(sorted_out[most[check]]):
            most[check] = name
    rest: Counter[tuple[_Key, _Key]] = Counter()
    for made in findings.checks:
        check = made.rule, made.table
        if check in most:
            rest[most[check]] += max(0, made.n_findings - listed[check])
    return rest


def _root(finding: Finding, by_id: dict[str, Finding]) -> Finding | None:
    """First cause that is itself listed, or None."""
    seen = {finding.id}
    cause = None
    while finding.cause and finding.cause in by_id and finding.cause not in seen:
        finding = cause = by_id[finding.cause]
        seen.add(finding.id)
    return cause


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.table, finding.field


def _mended(bundles: Iterable[Bundle], release: Release) -> set[str]:
    """Tables and ``table.field`` that are there, or can be read, once these findings are mended."""
    mended: set[str] = set()
    for bundle in bundles:
        if bundle.rule in release.screens:
            continue
        if bundle.table:
            mended.add(f"{bundle.table}.{bundle.field}" if bundle.field else bundle.table)
        for finding in bundle.findings:
            nearest = finding.params.get("nearest", "")
            if nearest and finding.row is None:  # a header or a file whose name is nearly one of the standard
                mended.add(f"{bundle.table}.{nearest}" if bundle.table else nearest)
    return mended


def _errors(bundles: Iterable[Bundle], release: Release) -> list[Bundle]:
    """Those that keep a row from being read in full: what is personal data is read like anything else."""
    return [bundle for bundle in bundles if bundle.severity == "error" and bundle.rule not in release.screens]


def _rows(bundles: Iterable[Bundle]) -> set[tuple[str, int]]:
    return {(found.table, found.row) for bundle in bundles for found in bundle.findings if found.row is not None}


def _id(key: _Key) -> str:
    # The length before each part keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in key).encode("utf-8", "replace")).hexdigest()[:16]
