"""The command line: what it says, where it writes, and how it ends. `calculate` itself is tested elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import relmetrics.calculation
import samples
from relmetrics import standard
from relmetrics.cli import main, new, running
from relmetrics.definitions.case import Deck
from relmetrics.documents import read_text
from relmetrics.errors import DefinitionError, RequirementsError
from relmetrics.standard import load_release

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "riverside_tenants"
MISTAKEN = ROOT / "examples" / "riverside_tenants_with_mistakes"
REQUIREMENTS = ROOT / "examples" / "requirements" / "lakeside_fund_2026.yaml"
COMMANDS = [
    *("demo", "inspect", "pseudonymize", "validate", "diff"),
    *("calculate", "check", "report", "explain", "schema", "new"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fixed_values(monkeypatch):
    """Values of the samples in place of calculated ones, and what was asked for."""
    asked = []

    def calculate(submission, indicators=None, periods=None, by=None, parameters=None, progress=None):
        asked.append((indicators, periods))
        return samples.values()

    monkeypatch.setattr(relmetrics.calculation, "calculate", calculate, raising=False)
    return asked


def process(arguments, folder, **environment):
    program = "import sys; from relmetrics.cli import main; sys.exit(main())"
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, check=False)


# --- help ---------------------------------------------------------------------------------------------------------


def test_help_names_the_commands_in_the_order_of_the_work(capsys):
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out.split("Commands:")[1]
    places = [listed.index(f"  {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert "..." not in listed, "a line of help is cut off"
    assert main([]) == 0
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [*([name] for name in COMMANDS), ["schema", "export"], ["new", "rule"], ["new", "indicator"]]
)
def test_every_command_has_help(command, capsys):
    assert main([*command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: relmetrics {' '.join(command)}")


# --- exit status --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([EXAMPLE], 0),
        ([MISTAKEN], 1),
        ([MISTAKEN, "--fail-on", "warning"], 1),
        ([MISTAKEN, "--fail-on", "never"], 0),
        (["no_such_folder"], 2),
    ],
)
def test_status_of_validate(arguments, status, folder):
    assert main(["validate", *map(str, arguments)]) == status


def test_a_warning_fails_only_where_asked(folder):
    shutil.copytree(EXAMPLE, "copy")
    events = Path("copy/events.csv").read_text(encoding="utf-8").splitlines()
    place = events[0].split(",").index("head_count")
    cells = [line.split(",") for line in events]
    row = next(row for row in cells[1:] if row[place].isdigit() and int(row[place]) > 5)
    row[place] = "1"  # fewer than are named
    Path("copy/events.csv").write_text("\n".join(",".join(row) for row in cells) + "\n", encoding="utf-8")
    assert main(["validate", "copy"]) == 0
    assert main(["validate", "copy", "--fail-on", "warning"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["no_such_command"],
        ["validate"],
        ["validate", "x", "--format", "pdf"],
        ["validate", "x", "--most-listed", "0"],
        ["validate", "x", "--threads", "none"],
        ["calculate", "x", "--period-end", "2026-6-30"],
        ["calculate", "x", "--period-end", "2026-02-30"],
        ["calculate", "x", "--period-end", "20260630"],
        ["check", str(EXAMPLE)],
        ["check", str(EXAMPLE), "--requirements", "no_such_file.yaml"],
        ["inspect", "no_such_file.csv"],
        ["explain", "no_such_thing_at_all"],
        ["new"],
    ],
)
def test_misuse_is_status_2_and_a_sentence(arguments, folder, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err.strip().endswith((".", "?"))
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (KeyError("P-0001 and other secrets"), 3),
        (DefinitionError("people.yaml, line 3: wrong.\nevents.yaml, line 4: wrong."), 3),
        (RequirementsError("No such period."), 2),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 0),
    ],
)
def test_whatever_is_raised_becomes_a_status(problem, status, monkeypatch, capsys):
    def fail(*args, **names):
        raise problem

    monkeypatch.setattr("relmetrics.submission.inspection.inspect", fail)
    if isinstance(problem, BrokenPipeError):
        monkeypatch.setattr(running, "_drop_output", lambda: 0)
    assert main(["inspect", "x.csv"]) == status
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "secrets" not in said, "the text of a foreign exception may hold values"
    assert bool(said) == (status != 0)
    if isinstance(problem, DefinitionError):
        assert "people.yaml, line 3" in said
        assert "\nevents.yaml, line 4" in said


def test_a_traceback_is_shown_where_asked_for(monkeypatch, capsys):
    monkeypatch.setattr("relmetrics.submission.inspection.inspect", lambda *files, **options: 1 / 0)
    monkeypatch.setenv("RELMETRICS_DEBUG", "1")
    assert main(["inspect", "x.csv"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_messages_hide_nothing(folder, capsys):
    assert main(["validate", "x\x1b[2J\u202e"]) == 2
    assert main(["\x1b[2Jno\u202ecommand"]) == 2
    assert main(["explain", "\x1b[2Jno\u202ecommand"]) == 2
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "⟨U+202E⟩" in said


def test_problems_of_a_manifest_stand_on_lines_of_their_own(folder, capsys):
    (folder / "records").mkdir()
    (folder / "records" / "submission.yaml").write_text("dataset_id: x\nschema_version: 1.0\n")
    assert main(["validate", "records"]) == 2
    lines = capsys.readouterr().err.splitlines()
    head = next(number for number, line in enumerate(lines) if line.endswith(" problems:"))
    assert len(lines) - head > 3
    assert all(line.startswith("submission.yaml: ") for line in lines[head + 1 :])


# --- output -------------------------------------------------------------------------------------------------------


def test_json_is_json_and_goes_into_a_file(folder, capsys):
    assert main(["validate", str(MISTAKEN), "--format", "json"]) == 1
    shown = capsys.readouterr().out
    assert len(json.loads(shown)["findings"]) == 2
    assert main(["validate", str(MISTAKEN), "--format", "json", "--output", "a/b.json"]) == 1
    said = capsys.readouterr()
    assert Path("a/b.json").read_text(encoding="utf-8") == shown
    assert not said.out
    assert said.err.startswith("Wrote a/b.json")
    assert main(["validate", str(MISTAKEN), "--format", "json", "--output", "a/b.json"]) == 1
    assert capsys.readouterr().err.startswith("Replaced a/b.json")
    assert main(["validate", str(MISTAKEN), "--format", "json", "--output", "a/b.json", "--quiet"]) == 1
    assert not capsys.readouterr().err


def test_most_listed_lists_fewer_and_counts_all(folder, capsys):
    shutil.copytree(EXAMPLE, "copy")
    people = Path("copy/people.csv")
    lines = people.read_text(encoding="utf-8").splitlines(keepends=True)
    people.write_text("".join(lines + lines[1:4]), encoding="utf-8")  # three keys twice
    main(["validate", "copy", "--format", "json", "--most-listed", "1"])
    found = json.loads(capsys.readouterr().out)
    assert sum(finding["rule"] == "duplicate_key" for finding in found["findings"]) == 1
    assert sum(check["n_findings"] for check in found["checks"] if check["rule"] == "duplicate_key") > 1


def test_records_are_never_written_over(folder, capsys):
    shutil.copytree(EXAMPLE, "copy")
    before = Path("copy/people.csv").read_bytes()
    assert main(["validate", "copy", "--output", "copy/people.csv"]) == 2
    assert Path("copy/people.csv").read_bytes() == before
    assert "belongs to what was handed in" in capsys.readouterr().err
    assert main(["inspect", "copy/people.csv", "--output", "copy/../copy/people.csv"]) == 2
    assert main(["validate", "copy", "--format", "html", "--output", "copy/page.html"]) == 0
    assert main(["validate", "copy", "--format", "html", "--output", "copy/page.html"]) == 0
    assert main(["validate", "copy", "--output", str(folder)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_output_is_utf_8_on_a_terminal_that_is_not(folder):
    Path("list.csv").write_text("person_id,Línea\nP1,a\n", encoding="utf-8")
    done = process(["inspect", "list.csv"], folder, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "Línea" in done.stdout.decode("utf-8")


def test_a_reader_that_leaves_is_no_fault(folder):
    command = [sys.executable, "-c", "from relmetrics.cli import main; raise SystemExit(main())", "explain", "reasons"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, cwd=folder, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_progress_is_silent_where_nobody_watches(folder, capsys):
    assert main(["validate", str(EXAMPLE)]) == 0
    assert not capsys.readouterr().err


def test_progress_is_one_line_on_a_terminal(folder, capsys, monkeypatch):
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda self: self is sys.stderr)
    assert main(["validate", str(EXAMPLE)]) == 0
    said = capsys.readouterr().err
    assert "Reading people.csv" in said
    assert "\n" not in said
    assert main(["validate", str(EXAMPLE), "--quiet"]) == 0
    assert not capsys.readouterr().err


# --- explain ------------------------------------------------------------------------------------------------------


def explainable():
    release = load_release()
    yield from (*release.rules, *release.structure, *release.screens)
    yield from (*release.indicators, *release.tables, *release.codelists)
    yield from (f"{table.id}.{field.id}" for table in release.tables.values() for field in table.fields)
    yield from (*release.codelists["reasons"].by_code, *release.codelists["warnings"].by_code)


def test_every_name_of_the_standard_is_explained(capsys):
    for name in explainable():
        assert main(["explain", name]) == 0, name
        assert name in capsys.readouterr().out, name


def test_explain_gives_the_texts(capsys):
    assert main(["explain", "one_to_one_with_oneself"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    rule = load_release().rules["one_to_one_with_oneself"]
    for text in (rule.message, rule.why, rule.remedy):
        assert " ".join(text["en"].split()) in said


def test_explain_shows_examples_with_the_cell_marked(capsys):
    assert main(["explain", "one_to_one_with_oneself"]) == 0
    said = capsys.readouterr().out
    assert said.index("An example that it finds") < said.index("[P1]") < said.index("An example in which all is well")
    assert not [line for line in said.splitlines() if line != line.rstrip()]
    assert "\n\n\n" not in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("REL-01", "one_to_one_coverage, REL-01"),
        ("one_to_ones.held_on", "Day of the conversation"),
        ("held_on", "one_to_ones.held_on"),
        ("role.leads", "Leads the group"),
        ("email_address", "a search for personal data"),
        ("duplicate_key", "a check of form"),
        ("One_To_One_With_Oneself", "a rule"),
    ],
)
def test_explain_finds_whatever_has_a_name(name, words, capsys):
    assert main(["explain", name]) == 0
    assert words in capsys.readouterr().out


def test_explain_knows_what_was_meant(capsys):
    assert main(["explain", "one_to_one_with_himself"]) == 2
    assert "Did you mean: one_to_one_with_oneself" in capsys.readouterr().err
    assert main(["explain", "zzzzzz"]) == 2
    assert "nor anything like it" in capsys.readouterr().err


# --- new ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the standard with room for cases, which the command takes for its own."""
    for name in ("schema", "validators"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "conformance").mkdir(parents=True)
    monkeypatch.setattr("relmetrics.standard.data_root", lambda: tmp_path)
    return tmp_path


def test_a_new_rule_loads_for_every_table(checkout, capsys):
    tables = tuple(load_release().tables)
    for table in tables:
        assert main(["new", "rule", f"odd_{table}", "--table", table]) == 0
    standard._load.cache_clear()  # a process reads a release once
    release = load_release(root=checkout)
    for table in tables:
        assert release.rules[f"odd_{table}"].table == table
        assert release.rules[f"odd_{table}"].level == release.tables[table].level
        cases = checkout / "tests" / "conformance" / "1.0" / "rules" / f"odd_{table}.yaml"
        deck = Deck.model_validate(read_text(cases.read_bytes(), cases.name).data)
        assert {case.kind for case in deck.cases} == {"fires", "clean", "not_applicable"}


def test_a_new_indicator_loads(checkout, capsys):
    assert main(["new", "indicator", "odd_share", "--domain", "rel"]) == 0
    standard._load.cache_clear()
    assert load_release(root=checkout).indicators["odd_share"].domain == "rel"
    assert (checkout / "tests" / "conformance" / "1.0" / "indicators" / "odd_share.yaml").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ["rule", "Odd", "--table", "people"],
        ["rule", "../odd", "--table", "people"],
        ["rule", "odd", "--table", "no_such_table"],
        ["rule", "one_to_one_with_oneself", "--table", "one_to_ones"],
        ["rule", "odd"],
        ["indicator", "odd", "--domain", "no_such_domain"],
    ],
)
def test_new_refuses_what_does_not_fit(checkout, arguments, capsys):
    before = sorted(checkout.rglob("*"))
    assert main(["new", *arguments]) == 2
    assert sorted(checkout.rglob("*")) == before


def test_new_writes_over_nothing(checkout, capsys):
    there = checkout / "tests" / "conformance" / "1.0" / "rules" / "odd.yaml"
    there.parent.mkdir(parents=True)
    there.write_text("mine", encoding="utf-8")
    assert main(["new", "rule", "odd", "--table", "people"]) == 2
    assert there.read_text(encoding="utf-8") == "mine"
    assert not (checkout / "validators/1.0/rules/people/odd.yaml").exists()


def test_new_needs_a_checkout(checkout, capsys):
    shutil.rmtree(checkout / "tests")
    assert main(["new", "rule", "odd", "--table", "people"]) == 2
    assert "checkout" in capsys.readouterr().err


def test_contributing_says_the_command_as_it_is():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for command in new.commands.values():
        option = next(parameter for parameter in command.params if parameter.name != "name")
        assert f"`relmetrics new {command.name} <id> {option.opts[0]} <{option.name}>`" in text


# --- calculate, check, report -------------------------------------------------------------------------------------


def test_calculate_asks_for_what_was_asked(fixed_values, folder, capsys):
    assert main(["calculate", str(EXAMPLE), "--format", "json", "--indicator", "closure"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "relmetrics.values"
    assert main(["calculate", str(EXAMPLE), "--period-end", "2026-03-31"]) == 0
    assert fixed_values[0] == (["closure"], None)
    assert [end.isoformat() for end in fixed_values[1][1]] == ["2026-03-31"]


def assessed(monkeypatch, verdict):
    from relmetrics.assessment import AssessedRequirement, Assessment

    item = AssessedRequirement("period", "required", verdict, "" if verdict == "met" else "not_calculated", (), {})
    made = Assessment("fund", "1.0.0", "A fund", "What is asked", (item,))
    monkeypatch.setattr("relmetrics.requirements.read_requirements", lambda *a, **k: samples.requirements())
    monkeypatch.setattr("relmetrics.assessment.assess", lambda *a, **k: made)
    monkeypatch.setattr("relmetrics.assessment.count_fields", lambda *a, **k: {})


@pytest.mark.parametrize(
    ("verdict", "fail_on", "status"),
    [
        ("met", "error", 0),
        ("met", "warning", 0),
        ("cannot_tell", "error", 0),
        ("cannot_tell", "warning", 1),
        ("not_met", "error", 1),
        ("not_met", "never", 0),
    ],
)
def test_status_of_check_and_report(fixed_values, monkeypatch, folder, capsys, verdict, fail_on, status):
    assessed(monkeypatch, verdict)
    arguments = [str(EXAMPLE), "--requirements", "fund.yaml", "--fail-on", fail_on, "--format", "json"]
    for command in ("check", "report"):
        assert main([command, *arguments]) == status, command
        json.loads(capsys.readouterr().out)
    # The funder's period is looked at.
    assert {end for _, (end,) in fixed_values} == {samples.requirements().period.end}


def test_report_writes_a_page_here(fixed_values, folder, capsys):
    assert main(["report", str(MISTAKEN)]) == 1
    assert Path("relmetrics-report.html").read_text(encoding="utf-8").lstrip().startswith("<!")
    assert "relmetrics-report.html" in capsys.readouterr().err
    assert main(["report", str(EXAMPLE), "--format", "text", "--quiet"]) == 0
    assert capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == ["relmetrics-report.html"]


# --- demo ---------------------------------------------------------------------------------------------------------


def test_demo_shows_the_whole_line(folder, capsys):
    assert main(["demo"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for words in ("build/relmetrics-demo/report.html", "Lakeside Fund", "cell B147", "cell B616"):
        assert words in said
    assert sorted(path.name for path in folder.rglob("*")) == ["build", "relmetrics-demo", "report.html", "report.json"]
    document = json.loads((folder / "build/relmetrics-demo/report.json").read_text(encoding="utf-8"))
    assert document["format"] == "relmetrics.report"
    rows = [(row["indicator"], row["disaggregation"]) for row in document["values"]["values"]]
    sheets = load_release().indicators
    second = [(name, "graph=full") for name, sheet in sheets.items() if sheet.second_row is not None]
    assert len(second) == 2
    assert sorted(rows) == sorted([(name, "total") for name in sheets] + second)


def test_demo_gives_the_same_bytes_twice(folder, tmp_path):
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert process(["demo"], tmp_path / name).returncode == 0
        pages.append([(tmp_path / name / f"build/relmetrics-demo/report.{s}").read_bytes() for s in ("html", "json")])
    assert pages[0] == pages[1]
