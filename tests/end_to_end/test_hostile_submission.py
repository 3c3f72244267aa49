"""One submission with harm in every text, read from files, judged, and written out in every format."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

import samples
from relmetrics.assessment import assess
from relmetrics.reporting import make_report, render
from relmetrics.submission import read_submission
from relmetrics.validation import validate
from test_reporting import HIDDEN

# What a file can hold: no NUL and no half pairs, which UTF-8 text cannot have; in the manifest nothing beyond U+FFFF,
# which its escapes cannot name.
BAD = "".join(
    character for character in samples.HOSTILE if character != "\x00" and not "\ud800" <= character <= "\udfff"
)
SAID = "".join(character for character in BAD if character <= "\uffff")
FILE_NAME = "=cmd()<b>\u202egnp\u200b\x1b[31m&'\udc80.csv"


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which ids, codes, labels, dates, headers, a file's name and the manifest are hostile."""
    made = tmp_path / "given"
    made.mkdir()
    people = ["person_id", "person_type", "first_contact_on", "consent_use", BAD, "x_" + BAD, ""]
    _write(made / "people.csv", people, [[BAD] * 7, ["P-1", "constituent", "2026-01-01", "yes", BAD, BAD, BAD]])
    _write(made / "groups.csv", ["group_id", "group_type", "label"], [["G-1", BAD, BAD], [BAD, "team", BAD]])
    talks = ["one_to_one_id", "held_on", "person_a", "person_b", "status", "kind", "minutes"]
    _write(made / "one_to_ones.csv", talks, [[BAD] * 7, ["C-1", BAD, "P-1", "P-9", "held", "one_to_one", "=1+1"]])
    try:
        _write(made / FILE_NAME, [BAD], [[BAD]])
    except (OSError, UnicodeError):
        # Some file systems refuse such names; then nobody can hand one in.
        _write(made / "=cmd()&'.csv", [BAD], [[BAD]])
    manifest = {
        "dataset_id": "hostile",
        "schema_version": "1.0",
        "organization_id": "hostile",
        "period": {"start": "2026-01-01", "end": "2026-12-31"},
        "records_from": "2025-01-01",
        "adoption_level": "core",
        "tie_rule": "one_to_one",
        "conversations_recorded_for": "everyone",
        "has_paid_staff": "yes",
        "complete_tables": [SAID, "events"],
        "boundary_rule": SAID,
        "consent_basis": "verbal",
        "time_zone": SAID,
        "contact_role": SAID,
        "review": {"reviewed_on": "2026-12-31", "event_id": SAID},
    }
    (made / "submission.json").write_text(json.dumps(manifest), encoding="utf-8")
    return made


@pytest.mark.parametrize("format", ["html", "json", "text"])
def test_nothing_hidden_and_no_value_gets_out(folder: Path, format: str) -> None:
    with read_submission(folder) as submission:
        findings = validate(submission)
        assessment = assess(findings, samples.values(), samples.requirements(issuer=BAD), submission.manifest)
        report = make_report(submission.release, findings, samples.values(), assessment, submission.manifest, BAD)
        page = render(report, format)
        alone = render(findings, format, release=submission.release)
    assert findings.counts()["error"] >= 5
    for text in (page, alone):
        text.encode("utf-8")
        assert not HIDDEN.search(text)
        if format == "html":
            assert not re.search(r"<(script|img|b)\b", text)
            assert "style-src 'sha256-" in text
    # Values of cells stay in the cells; only names of files, headers and the manifest's own sentences are shown.
    for finding in findings:
        assert "cmd|" not in finding.shape
        assert not any("cmd|" in text for name, text in finding.params.items() if name != "column")
