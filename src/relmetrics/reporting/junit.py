"""Checks and requirements as JUnit XML, the form in which build servers take the results of tests.

Every check is a test case of the table that it looked at: failed where it found errors, skipped where it could not tell
or had nothing to look at, with the reason. Warnings and notes do not fail; they stand in the output of their case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from relmetrics.reporting.checks import reason_of
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.places import message_of, title_of, where, without_values

if TYPE_CHECKING:
    from relmetrics.reporting.report import Report, RequirementView
    from relmetrics.validation.finding import Check, Finding, Findings

__all__ = ["render_junit"]

MOST_PLACES = 100
"""Of one case; the others are counted."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case: its name, and what stands in it, ready to be written."""

    name: str
    group: str
    outcome: str  # passed, failed, skipped
    properties: tuple[tuple[str, str], ...]
    message: str = ""
    kind: str = ""
    lines: tuple[str, ...] = ()


def render_junit(report: Report) -> str:
    """Write the checks, and the requirements, of a report as JUnit XML.

    Parameters
    ----------
    report : Report
        With findings, an assessment, or both.
    """
    suites: list[tuple[str, list[_Case]]] = []
    if report.findings is not None:
        suites += _suites_of_checks(report, report.findings)
    if report.assessment_view is not None and report.assessment_view.items:
        title = report.words.say("heading.requirements")
        suites.append((title, [_requirement(item) for item in report.assessment_view.items]))
    remarks = report.findings.remarks if report.findings is not None else ()
    return "\n".join(_document(report, suites, remarks)) + "\n"


def _suites_of_checks(report: Report, findings: Findings) -> list[tuple[str, list[_Case]]]:
    listed: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        listed.setdefault((finding.rule, finding.table), []).append(finding)
    by_table: dict[str, list[_Case]] = {}
    for check in findings.checks:
        table = plain(check.table, 64) or report.words.say("place.submission")
        by_table.setdefault(table, []).append(_case(report, check, table, listed.get((check.rule, check.table), [])))
    return list(by_table.items())


def _case(report: Report, check: Check, table: str, found: Sequence[Finding]) -> _Case:
    release, words = report.release, report.words
    title = title_of(check.rule, release, words)
    properties = (
        ("rule", plain(check.rule, 64)),
        ("rule_version", plain(check.rule_version, 32)),
        ("kind", check.kind),
        ("severity", check.severity),
        ("outcome", check.outcome),
        ("n_examined", str(check.n_examined)),
        ("n_findings", str(check.n_findings)),
    )
    name = f"{plain(check.rule, 64)}: {title}"
    if check.outcome == "clean":
        return _Case(name, table, "passed", properties)
    if check.outcome != "findings":
        return _Case(name, table, "skipped", properties, reason_of(check, release, words))
    lines = [_line(report, finding) for finding in found[:MOST_PLACES]]
    if check.n_findings > len(lines):
        lines.append(words.count("findings.and_more", check.n_findings - len(lines)))
    severity = coded(release, "severity", check.severity).title
    message = f"{severity}: {title}, {words.count('findings.places', check.n_findings)}"
    outcome = "failed" if check.severity == "error" else "passed"
    return _Case(name, table, outcome, properties, message, plain(check.rule, 64), tuple(lines))


def _line(report: Report, finding: Finding) -> str:
    finding = without_values(finding, report.release)
    texts = report.release.texts_of(finding.rule)
    parts = [where(finding, report.words)]
    if finding.shape:
        parts[0] += f" ({plain(finding.shape, 80)})"
    if texts is not None:
        told = (texts.message, texts.remedy)
        parts += [message_of(report.words.text(text), finding, report.release) for text in told]
    place, *rest = (part for part in parts if part)
    id_ = f"[{plain(finding.id)}]"
    return f"{place}: {' '.join(rest)} {id_}" if rest else f"{place} {id_}"


def _requirement(item: RequirementView) -> _Case:
    outcome = {"met": "passed", "not_met": "failed"}.get(item.verdict, "skipped")
    properties = (("requirement", item.requirement), ("need", item.need), ("verdict", item.verdict))
    name = f"{item.requirement}: {item.text}"
    return _Case(name, "requirements", outcome, properties, item.because, item.verdict)


# --- writing -----------------------------------------------------------------------------------------------------


def _document(report: Report, suites: Sequence[tuple[str, list[_Case]]], remarks: Iterable[str]) -> Iterable[str]:
    everything = [case for _, cases in suites for case in cases]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<!-- {_comment(report.words.say('stays.line'))} -->"
    yield f"<testsuites {_attributes(name='relmetrics', **_counts(everything))}>"
    for name, cases in suites:
        yield f"  <testsuite {_attributes(name=name, **_counts(cases))}>"
        yield "    <properties>"
        about = [("stays_with_organization", "yes"), ("release", report.release.version)]
        yield from (_property(key, text, 6) for key, text in (*about, *(("remark", remark) for remark in remarks)))
        yield "    </properties>"
        for case in cases:
            yield from _written(case)
        yield "  </testsuite>"
    yield "</testsuites>"


def _counts(cases: Sequence[_Case]) -> dict[str, str]:
    n = {outcome: sum(case.outcome == outcome for case in cases) for outcome in ("failed", "skipped")}
    # The time is part of the form and says nothing here: the same records give the same bytes.
    return {
        "tests": str(len(cases)),
        "failures": str(n["failed"]),
        "errors": "0",
        "skipped": str(n["skipped"]),
        "time": "0",
    }


def _written(case: _Case) -> Iterable[str]:
    yield f"    <testcase {_attributes(classname=case.group, name=case.name, time='0')}>"
    yield "      <properties>"
    yield from (_property(key, text, 8) for key, text in case.properties)
    yield "      </properties>"
    body = "\n".join(_text(line) for line in case.lines)
    if case.outcome == "failed":
        yield f"      <failure {_attributes(message=case.message, type=case.kind)}>{body}</failure>"
    elif case.outcome == "skipped":
        yield f"      <skipped {_attributes(message=case.message)}/>"
    elif case.message:
        first = _text(case.message)
        yield f"      <system-out>{first}{chr(10) if body else ''}{body}</system-out>"
    yield "    </testcase>"


def _property(key: str, text: str, indent: int) -> str:
    return f"{' ' * indent}<property {_attributes(name=key, value=text)}/>"


def _attributes(**given: str) -> str:
    return " ".join(f"{name}={quoteattr(_legal(text))}" for name, text in given.items())


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    """Nothing hidden, and so nothing that XML forbids: controls, halves of pairs, code points of no character."""
    return plain(text)


def _comment(text: str) -> str:
    return _legal(text).replace("--", "- -")
