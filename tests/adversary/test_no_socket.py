"""No command opens a socket: each runs in a process that the kernel kills if it, or a child of it, does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import xlsxwriter

from adversary import guard, zips
from relmetrics.cli import program

HERE = Path(__file__).resolve()
EXAMPLE = HERE.parents[2] / "examples" / "riverside_tenants"
REQUIREMENTS = HERE.parents[2] / "examples" / "requirements" / "lakeside_fund_2026.yaml"

# Arguments of each command; `new` begins files in the checkout and is only asked for help and refused an id.
CASES = {
    "demo": [["--quiet"]],
    "inspect": [["given/people.csv"], ["given.xlsx"]],
    "validate": [
        *(["given", "--format", format_] for format_ in ("text", "json", "html", "sarif", "junit")),
        ["given.zip", "--output", "report.html", "--format", "html"],
        ["given.xlsx"],
        ["given", "--format", "xlsx", "--output", "back.xlsx"],
        ["nowhere"],
    ],
    "pseudonymize": [["given", "--output", "coded", "--key", "safe/key.csv"]],
    "diff": [["given", "given"]],
    "calculate": [["given"], ["given", "--format", "html"]],
    "check": [["given", "--requirements", str(REQUIREMENTS)]],
    "report": [["given", "--requirements", str(REQUIREMENTS), "--output", "report.html"]],
    "explain": [["member_to_member_share"], ["people.person_id"], ["nothing_of_this_name"]],
    "schema export": [["--out", "forms", "--format", "all"]],
    "new rule": [["--help"], ["Not An Id", "--table", "people"]],
    "new indicator": [["--help"], ["Not An Id", "--domain", "x"]],
}


def commands(group: click.Group, before: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{before}{name} ")
        else:
            found.append(before + name)
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("place")
    shutil.copytree(EXAMPLE, place / "given")
    (place / "safe").mkdir()
    files = {file.name: file.read_bytes() for file in EXAMPLE.iterdir() if file.suffix in (".csv", ".yaml")}
    zips.write_zip(place / "given.zip", files)
    with xlsxwriter.Workbook(place / "given.xlsx") as book:
        sheet = book.add_worksheet("people")
        sheet.write_row(0, 0, ["person_id", "person_type"])
        sheet.write_row(1, 0, ["P-1", "constituent"])
        sheet.insert_textbox(5, 5, "looked at in a child")
    return place


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("RELMETRICS")}
    return subprocess.run(
        [sys.executable, str(HERE.with_name("guard.py")), *arguments],
        cwd=place,
        env=environment | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "TMPDIR": str(place)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("how", ["python", "native", "child"])
def test_the_guard_sees_a_socket(place, how):
    if not guard.kernel_watches() and how != "python":
        pytest.skip("only Linux on the usual processors watches what is no Python")
    status = run(place, "--break", how).returncode
    # A child's death by a signal is its parent's status as far as a status goes.
    assert status in (guard.KILLED, guard.SEEN, guard.KILLED % 256)


def test_every_command_has_a_case():
    assert set(commands(program)) <= set(CASES)


@pytest.mark.parametrize("command", commands(program))
def test_no_command_opens_one(place, command):
    statuses = []
    for arguments in CASES[command]:
        done = run(place, *command.split(), *arguments)
        assert "guard:" not in done.stderr, done.stderr[-300:]
        assert done.returncode in (0, 1, 2), (arguments, done.returncode, done.stderr[-300:])
        assert "Traceback" not in done.stderr
        statuses.append(done.returncode)
    assert statuses[0] in (0, 1)  # it did what it is for
