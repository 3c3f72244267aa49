"""Findings as SARIF 2.1.0, the form in which code hosts and editors take the results of checkers.

The form was made for lines of programs. A row stands as a line and a column of the table as a column; the cell as a
spreadsheet names it, and its sheet, are logical locations. No raw value is among it, and no folder of this computer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relmetrics.definitions.rule import MANIFEST
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.grouping import group_by_cause
from relmetrics.reporting.places import column_number, message_of, title_of, where, without_values
from relmetrics.words import fill_sentences

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.reporting.grouping import Cause
    from relmetrics.reporting.report import Report
    from relmetrics.validation.finding import Finding, Findings, Place
    from relmetrics.words import Words

__all__ = ["render_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""Name of the published schema, for whoever validates; nothing here fetches it."""

FINGERPRINT = "relmetricsFinding/v1"
BASE = "SUBMISSION"


def render_sarif(report: Report, findings: Findings) -> str:
    """Write findings as one SARIF run.

    Parameters
    ----------
    report : Report
        Says whose texts and which language.
    findings : Findings
        What is written; every listed finding is one result.
    """
    return json.dumps(_Log(report, findings).log(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


class _Log:
    def __init__(self, report: Report, findings: Findings) -> None:
        self.findings = findings
        self.release: Release = report.release
        self.words: Words = report.words
        self.causes = group_by_cause(findings, report.release)
        self.rules = {name: number for number, name in enumerate(dict.fromkeys(found.rule for found in findings))}
        self.of_finding: dict[str, Cause] = {
            found.id: cause
            for cause in self.causes
            for bundle in (cause.own, *cause.consequences)
            for found in bundle.findings
        }

    def log(self) -> dict[str, Any]:
        counts = self.findings.counts()
        run: dict[str, Any] = {
            "tool": {"driver": self._driver()},
            "invocations": [self._invocation()],
            "originalUriBaseIds": {BASE: {"description": {"text": self.words.say("sarif.base")}}},
            "columnKind": "unicodeCodePoints",
            "results": [self._result(finding) for finding in self.findings],
            "properties": {
                "stays_with_organization": True,
                "notice": self.words.say("stays.line"),
                "release": self.release.version,
                "counts": counts,
                "most_listed": self.findings.most_listed,
                "mend_first": [cause.id for cause in self.causes if cause.is_first],
            },
        }
        return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}

    def _driver(self) -> dict[str, Any]:
        import relmetrics

        return {
            "name": "relmetrics",
            "version": relmetrics.__version__,
            "language": self.words.language,
            "rules": [self._rule(name) for name in self.rules],
        }

    def _rule(self, name: str) -> dict[str, Any]:
        # No helpUri: the form wants an address on the web, and the words are all here.
        first = next(finding for finding in self.findings if finding.rule == name)
        rule: dict[str, Any] = {
            "id": plain(name, 64),
            "shortDescription": {"text": title_of(name, self.release, self.words)},
            "defaultConfiguration": {"level": first.severity},
            "properties": {"version": first.rule_version, "dimension": first.dimension},
        }
        texts = self.release.texts_of(name)
        if texts is not None:
            # Sentences with placeholders belong to a finding and stand there.
            why = fill_sentences(self.words.text(texts.why), {})
            if why:
                rule["fullDescription"] = {"text": why}
                rule["help"] = {"text": why}
        return rule

    def _invocation(self) -> dict[str, Any]:
        notes = [*map(plain, self.findings.remarks)]
        n_not_listed = sum(cause.own.n_not_listed for cause in self.causes)
        n_not_listed += sum(bundle.n_not_listed for cause in self.causes for bundle in cause.consequences)
        if n_not_listed:
            notes.append(self.words.count("findings.not_listed", n_not_listed))
        return {
            "executionSuccessful": True,
            "toolExecutionNotifications": [{"level": "note", "message": {"text": note}} for note in notes],
        }

    def _result(self, finding: Finding) -> dict[str, Any]:
        finding = without_values(finding, self.release)
        texts = self.release.texts_of(finding.rule)
        title = title_of(finding.rule, self.release, self.words)
        message = remedy = ""
        if texts is not None:
            told = (texts.message, texts.remedy)
            message, remedy = (message_of(self.words.text(text), finding, self.release) for text in told)
        cause = self.of_finding[finding.id]
        result: dict[str, Any] = {
            "ruleId": plain(finding.rule, 64),
            "ruleIndex": self.rules[finding.rule],
            "level": finding.severity,
            "message": {"text": " ".join(part for part in (message or f"{title}.", remedy) if part)},
            "locations": [self._location(finding)],
            "partialFingerprints": {FINGERPRINT: plain(finding.id)},
            "properties": {
                "group": cause.id,
                "cause": plain(finding.cause),
                "table": plain(finding.table, 64),
                "field": plain(finding.field, 64),
                "shape": plain(finding.shape, 80),
            },
        }
        if finding.related:
            result["relatedLocations"] = [
                {"id": number, **self._location(place)} for number, place in enumerate(finding.related, start=1)
            ]
        return result

    def _location(self, place: Finding | Place) -> dict[str, Any]:
        location: dict[str, Any] = {"message": {"text": where(place, self.words)}}
        if place.file:
            uri = quote(plain(place.file), safe="")
            physical: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": BASE}}
            region = _region(place)
            if region:
                physical["region"] = region
            location["physicalLocation"] = physical
        logical = _logical(place)
        if logical:
            location["logicalLocations"] = logical
        return location


def _region(place: Finding | Place) -> Mapping[str, int]:
    column = column_number(place.cell)
    # A finding about a header has a cell and no row.
    row = place.row or int("".join(filter(str.isdecimal, place.cell)) or 0)
    if not row:
        return {}
    return {"startLine": row, "startColumn": column} if column else {"startLine": row}


def _logical(place: Finding | Place) -> list[dict[str, str]]:
    """Sheet and cell, as a spreadsheet writes them together: ``people!C14``."""
    sheet, cell = plain(place.sheet, 60), plain(place.cell, 20)
    found = []
    if sheet:
        found.append({"name": sheet, "fullyQualifiedName": sheet, "kind": "sheet"})
    if cell:
        found.append({"name": cell, "fullyQualifiedName": f"{sheet}!{cell}" if sheet else cell, "kind": "cell"})
    if place.table == MANIFEST and place.field:
        found.append({"name": plain(place.field, 64), "fullyQualifiedName": plain(place.field, 64), "kind": "key"})
    if not found and place.table:
        found.append({"name": plain(place.table, 64), "fullyQualifiedName": plain(place.table, 64), "kind": "table"})
    return found
