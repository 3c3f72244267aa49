"""Findings by cause, and the formats that machines read: SARIF, JUnit and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import openpyxl
import pytest

import samples
from relmetrics.assessment import FieldCount, assess
from relmetrics.cli import main
from relmetrics.errors import UsageError
from relmetrics.reporting import Report, make_report, render
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.validation import Findings, Place, validate
from sarif_shape import SARIF

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "riverside_tenants"
MISTAKEN = ROOT / "examples" / "riverside_tenants_with_mistakes"
MACHINE = ("json", "sarif", "junit")


def report(findings: Findings | None = None, **parts: Any) -> Report:
    return make_report(samples.release(), samples.findings() if findings is None else findings, **parts)


def missing(n: int, table: str, field: str = "", **changes: Any) -> Any:
    given: dict[str, Any] = {
        "row": None,
        "cell": "",
        "table": table,
        "field": field,
        "file": f"{table}.csv",
        "params": {},
    }
    return samples.finding(n, "missing_column" if field else "missing_table", **{**given, **changes})


def sarif(page: str) -> dict[str, Any]:
    log = json.loads(page)
    jsonschema.Draft202012Validator.check_schema(SARIF)
    jsonschema.Draft202012Validator(SARIF).validate(log)
    run: dict[str, Any] = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            if "physicalLocation" in location:
                assert location["physicalLocation"]["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    return run


def cases(page: str) -> list[ElementTree.Element]:
    """Test cases of a JUnit document whose counts are what it says."""
    root = ElementTree.fromstring(page)
    assert root.tag == "testsuites"
    for node in (root, *root.findall("testsuite")):
        found = list(node.iter("testcase"))
        assert int(node.attrib["tests"]) == len(found)
        assert int(node.attrib["failures"]) == len([case for case in found if case.find("failure") is not None])
        assert int(node.attrib["skipped"]) == len([case for case in found if case.find("skipped") is not None])
        assert node.attrib["errors"] == "0"
    return list(root.iter("testcase"))


@pytest.fixture(scope="module")
def mistaken() -> Report:
    with read_submission(MISTAKEN) as read:
        return make_report(read.release, validate(read), manifest=read.manifest, source=MISTAKEN.name)


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_json_groups_name_their_findings(mistaken: Report) -> None:
    document = json.loads(render(mistaken, "json"))
    ids = {finding["id"]: finding for finding in document["findings"]}
    for group in document["groups"]:
        assert group["is_first"]
        for bundle in (group, *group["consequences"]):
            assert {ids[name]["rule"] for name in bundle["findings"]} == {bundle["rule"]}
    assert {finding["column"] for finding in document["findings"]} == {"B"}


# --- SARIF --------------------------------------------------------------------------------------------------------


def test_sarif_of_the_example(mistaken: Report) -> None:
    run = sarif(render(mistaken, "sarif"))
    assert mistaken.findings is not None
    assert len(run["results"]) == len(mistaken.findings.findings) == 2
    for result, finding in zip(run["results"], mistaken.findings, strict=True):
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == finding.file
        assert physical["region"] == {"startLine": finding.row, "startColumn": 2}
        assert location["logicalLocations"] == [
            {"name": finding.cell, "fullyQualifiedName": finding.cell, "kind": "cell"}
        ]
        assert list(result["partialFingerprints"].values()) == [finding.id]
        assert result["level"] == finding.severity
    assert run["properties"]["counts"] == {"error": 2, "warning": 0, "note": 0}


def test_sarif_names_sheets_headers_rules_and_related_places() -> None:
    other = Place("events", "büro plan.xlsx", "events 2", 7, "held_on", "AB7")
    of_sheet = samples.finding(2, file="büro plan.xlsx", sheet="one to ones", related=(other,))
    header = samples.finding(3, "unknown_column", "warning", row=None, cell="D1", field="", params={"nearest": ""})
    manifest = samples.finding(4, table="submission", file="submission.yaml", row=3, field="period", cell="")
    nowhere = missing(5, "people", file="")
    found = replace(samples.no_findings(), findings=(of_sheet, header, manifest, nowhere))
    run = sarif(render(report(found), "sarif"))
    sheet, head, key, table = (result["locations"][0] for result in run["results"])
    assert unquote(sheet["physicalLocation"]["artifactLocation"]["uri"]) == "büro plan.xlsx"
    assert [place["fullyQualifiedName"] for place in sheet["logicalLocations"]] == ["one to ones", "one to ones!B3"]
    (related,) = run["results"][0]["relatedLocations"]
    assert related["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 28}
    assert head["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 4}
    assert (key["physicalLocation"]["region"], key["logicalLocations"][0]["kind"]) == ({"startLine": 3}, "key")
    assert "physicalLocation" not in table
    assert table["logicalLocations"][0]["name"] == "people"
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error", "error"]


def test_sarif_says_what_is_only_counted_and_how_files_were_read() -> None:
    run = sarif(render(report(), "sarif"))
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("read as UTF-8" in note for note in notes)
    assert any(note.startswith("3 further places are counted") for note in notes)
    assert not sarif(render(report(samples.no_findings()), "sarif"))["results"]


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("results", 0, "level"), "fatal"),
        (("results", 0, "locations"), []),
        (("results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"), "/home/ana/people.csv"),
        (("results", 0, "locations", 0, "physicalLocation", "region", "startLine"), 0),
        (("tool", "driver", "rules", 0, "helpUri"), "checks/one.html"),
    ],
)
def test_the_structure_refuses(path: tuple[str | int, ...], new: object) -> None:
    log = json.loads(render(report(), "sarif"))
    place: Any = log["runs"][0]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SARIF).validate(log)


# --- JUnit --------------------------------------------------------------------------------------------------------


def test_junit_has_a_case_for_every_check(mistaken: Report) -> None:
    page = render(mistaken, "junit")
    found = cases(page)
    assert mistaken.findings is not None
    checks = mistaken.findings.checks
    assert len(found) == len(checks)
    errors = [check for check in checks if check.outcome == "findings" and check.severity == "error"]
    skipped = [check for check in checks if check.outcome in ("not_applicable", "cannot_tell")]
    assert len([case for case in found if case.find("failure") is not None]) == len(errors) == 2
    assert len([case for case in found if case.find("skipped") is not None]) == len(skipped)
    assert all(node.attrib["message"] for node in ElementTree.fromstring(page).iter("skipped")), "with its reason"
    failures = [case.findtext("failure") for case in found if case.attrib["name"].startswith("dangling_reference:")]
    assert "participation.csv, cell B616" in "".join(text for text in failures if text)
    properties = {node.attrib["name"]: node.attrib["value"] for node in found[0].iter("property")}
    assert properties.keys() == {"rule", "rule_version", "kind", "severity", "outcome", "n_examined", "n_findings"}


def test_a_warning_does_not_fail_in_junit() -> None:
    found = {case.attrib["name"].partition(":")[0]: case for case in cases(render(report(), "junit"))}
    warned = found["unknown_column"]
    assert warned.find("failure") is None
    assert "one_to_ones.csv, cell D1" in (warned.findtext("system-out") or "")


def test_junit_counts_what_it_does_not_list() -> None:
    listed = tuple(samples.finding(n) for n in range(1, 151))
    checks = (samples.check("value_not_of_type", n_findings=400),)
    page = render(report(replace(samples.no_findings(), findings=listed, checks=checks)), "junit")
    (case,) = cases(page)
    lines = (case.findtext("failure") or "").splitlines()
    assert len(lines) == 101
    assert lines[-1] == "and 300 more"


def test_junit_of_requirements() -> None:
    fields = {"one_to_ones.person_b": FieldCount(110, 120)}
    parts: dict[str, Any] = {
        "values": samples.values(),
        "assessment": assess(
            samples.findings(), samples.values(), samples.requirements(), samples.manifest(), fields
        ),
    }  # fmt: skip
    both = cases(render(report(**parts), "junit"))
    alone = cases(render(make_report(samples.release(), assessment=parts["assessment"]), "junit"))
    items = parts["assessment"].items
    assert len(alone) == len(items)
    assert len(both) == len(items) + len(samples.findings().checks)
    outcomes = {"met": None, "not_met": "failure", "cannot_tell": "skipped"}
    for case, item in zip(alone, items, strict=True):
        found = [tag for tag in ("failure", "skipped") if case.find(tag) is not None]
        assert found == [tag for tag in [outcomes[item.verdict]] if tag]


# --- hostile text, raw values, bytes -----------------------------------------------------------------------------


def hostile() -> Report:
    bad = samples.HOSTILE + "]]>-->\ufffe\uffff<!--"
    evil = tuple(
        replace(
            item, file=bad, sheet=bad, field=bad, shape=bad, params={"nearest": bad, "expected": bad, "code": bad},
            related=(replace(Place(), file=bad, sheet=bad, cell=bad, table=bad),),
        )
        for item in samples.findings()
    )  # fmt: skip
    return report(replace(samples.findings(), findings=evil, remarks=(bad,)), source=bad)


@pytest.mark.parametrize("format", ["sarif", "junit"])
def test_nothing_hidden_reaches_a_machine(format: str) -> None:
    page = render(hostile(), format)
    page.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b\ufeff\ud800-\udfff\ufffe\uffff]", page)
    if format == "sarif":
        sarif(page)
    else:
        assert cases(page)


@pytest.mark.parametrize("format", ["sarif", "junit"])
def test_the_same_findings_give_the_same_bytes(format: str, mistaken: Report) -> None:
    assert render(mistaken, format) == render(mistaken, format)
    assert "stays with your organization" in render(mistaken, format)
    assert str(ROOT) not in render(mistaken, format)


def test_sarif_and_junit_only_of_what_they_can_hold() -> None:
    values = make_report(samples.release(), values=samples.values())
    with pytest.raises(UsageError, match="Only findings"):
        render(values, "sarif")
    with pytest.raises(UsageError, match="Only checks and requirements"):
        render(values, "junit")


# Kinds of cells: a code of the right form, free words, an address, numbers, a date, a list, a formula, hidden things.
MARKERS = (
    "QZX-{n}7531", "Qzxara Qzxenko told me {n}7531", "qzx{n}7531@example.org", "312-555-{n}7531",
    "{n}75319999", "{n}7.531,75", "31/12/{n}7531", "team;QZX-{n}7531", "=QZX{n}7531", "qzx\u202e{n}7531",
    "QZX,{n}7531\nqzx", "0x{n}7531",
)  # fmt: skip
# A count or a difference that comes from a marker is no marker: the whole of it is looked for.
_MARKED = re.compile(r"qzx|\d{3}75319999|555-\d{3}7531|31/12|7\.531|0x\d{3}7531", re.IGNORECASE)


def marked(folder: Path) -> None:
    """A submission with every kind of marker in every column."""
    shutil.copytree(EXAMPLE, folder)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        rows[0] += ["notes", "x_own"]
        for row in rows[1:]:
            row += ["", ""]
        # A few rows stay as they are, where there are many.
        rest = rows[1 : max(14, len(rows) - 20)]
        for column in range(len(rows[0])):
            for step, marker in enumerate(MARKERS):
                rest[(column * 5 + step) % len(rest)][column] = marker.format(n=100 + column)
        rows.append(list(rows[1]))  # a copied row, and so keys that are there twice
        rows.append([f" {rows[1][0].lower()} ", *rows[1][1:]])
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def test_no_value_of_a_cell_reaches_a_machine_format(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    marked(folder)
    with read_submission(folder) as read:
        found = validate(read)
        whole = make_report(read.release, found, manifest=read.manifest, source=folder.name)
    assert len(found) > 100
    rules = {finding.rule for finding in found}
    assert {"value_not_of_type", "dangling_reference", "code_not_in_list", "duplicate_key"} <= rules
    for format in MACHINE:
        page = render(whole, format)
        assert not [page[max(0, match.start() - 60) : match.end() + 60] for match in _MARKED.finditer(page)]
    sarif(render(whole, "sarif"))
    cases(render(whole, "junit"))


def test_a_number_of_one_cell_is_told_to_readers_only() -> None:
    long = samples.finding(
        1, "conversation_longer_than_eight_hours", "warning", field="minutes", params={"minutes": "75319"}
    )
    late = samples.finding(2, "conversation_entered_before_held", "warning", field="entered_on", params={"days": "12"})
    status = samples.finding(
        3, "minutes_of_a_conversation_not_held", "warning", params={"minutes": "75319", "status": "planned"}
    )
    found = replace(samples.no_findings(), findings=(long, late, status))
    found = replace(found, checks=tuple(samples.check(item.rule, n_findings=1, severity="warning") for item in found))
    whole = make_report(load_release(), found)
    assert "75319" in render(whole, "text")
    for format in MACHINE:
        page = render(whole, format)
        assert "75319" not in page
        assert "12" in page, "a difference is no value"
        assert "planned" in page or format != "json", "a code is none"


def test_no_value_of_a_workbook_reaches_a_machine_format(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    marked(folder)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for path in sorted(folder.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            sheet.append([None if not cell or cell.startswith("=") else cell for cell in row])
    sheet = book.create_sheet("submission")
    keys = {
        "dataset_id": "d-1", "schema_version": "1.0", "organization_id": "riverside-tenants",
        "period.start": "2025-07-01", "period.end": "2026-06-30", "records_from": "2025-01-01",
        "adoption_level": "core", "tie_rule": "one_to_one",
        "conversations_recorded_for": "marked_groups", "has_paid_staff": "yes", "boundary_rule": "Everybody who came.",
        "consent_basis": "verbal", "complete_tables": "events",
    }  # fmt: skip
    for pair in (("key", "value"), *keys.items()):
        sheet.append(pair)
    file = tmp_path / "records.xlsx"
    book.save(file)
    with read_submission(file) as read:
        whole = make_report(read.release, validate(read), manifest=read.manifest, source=file.name)
    run = sarif(render(whole, "sarif"))
    names = {place["name"] for result in run["results"] for place in result["locations"][0].get("logicalLocations", ())}
    assert "people" in names, "the sheet"
    for format in MACHINE:
        assert not _MARKED.search(render(whole, format))


# --- the command line ---------------------------------------------------------------------------------------------


def test_the_command_writes_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for format, suffix in (("sarif", "sarif"), ("junit", "xml")):
        assert main(["validate", str(MISTAKEN), "--format", format, "--output", f"found.{suffix}", "--quiet"]) == 1
    assert len(sarif(Path("found.sarif").read_text(encoding="utf-8"))["results"]) == 2
    assert len(cases(Path("found.xml").read_text(encoding="utf-8"))) > 500
    assert main(["check", str(EXAMPLE), "--format", "sarif"]) == 2, "requirements have no place in a file"
    assert "sarif" in capsys.readouterr().err


def test_the_command_writes_a_workbook_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    folder = tmp_path / "records"
    shutil.copytree(MISTAKEN, folder)
    monkeypatch.chdir(folder)
    names = {path.name for path in folder.iterdir()}
    for word in ("Wrote", "Replaced"):
        # The second time the first workbook lies among the records: it is none of them.
        assert main(["validate", ".", "--format", "xlsx"]) == 1
        assert f"{word} STAYS-WITH-YOU_records.xlsx" in capsys.readouterr().err
    assert {path.name for path in folder.iterdir()} == names | {"STAYS-WITH-YOU_records.xlsx"}
    assert main(["validate", ".", "--format", "xlsx", "--output", "people.csv"]) == 2
    assert "belongs to what was handed in" in capsys.readouterr().err
    with read_submission(folder) as read:
        assert len(validate(read)) == 2


def test_the_real_release_has_the_texts_of_every_check_of_a_machine_format(mistaken: Report) -> None:
    release = load_release()
    assert mistaken.findings is not None
    assert all(release.texts_of(check.rule) is not None for check in mistaken.findings.checks)
