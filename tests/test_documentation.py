"""What the documentation tells people to type is typed here, and answers as it says.

A block of the kind ``console`` holds commands (lines that begin with ``$ ``; a line that begins with ``> `` goes on
with the command) and, where it is written down, their output. In written output ``...`` stands for anything within a
line, and alone on a line for any number of lines. Blocks of the kind ``python`` run too. The blocks of a page run in
order, in one copy of the checkout's data. A command ends with 0; one of relmetrics may also end with 1, which is an
answer and not a fault; after any other end the page has to show it with ``$ echo $?``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "GOVERNANCE.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
# They set up the environment that this test runs in.
NOT_RUN = {"README.md": {"make demo", "make test"}}
FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+|~~~+) *(?P<kind>[\w+-]*)[^\n]*\n(?P<body>.*?)^ *(?P=fence) *$", re.M | re.S
)
MARK = "@@ended@@"


@dataclass
class Command:
    """One command of a page, and what the page says about its output (empty: nothing)."""

    text: str
    expected: str


def blocks(text: str, kind: str | None = None) -> list[tuple[str, str]]:
    found = [(match["kind"], textwrap.dedent(match["body"])) for match in FENCE.finditer(text)]
    return [block for block in found if kind is None or block[0] == kind]


def commands(body: str) -> list[Command]:
    found: list[Command] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:], ""))
        elif line.startswith("> ") and found and not found[-1].expected:
            found[-1].text += "\n" + line[2:]
        elif found:
            found[-1].expected += line.rstrip() + "\n"
        elif line.strip():
            raise AssertionError(f"a console block begins with a command ('$ '), not with: {line}")
    return found


def agrees(expected: str, actual: str) -> bool:
    """Whether output is as written, with ``...`` as anything; trailing blanks and outer empty lines do not count."""
    pattern = ""
    lines = expected.strip("\n").splitlines()
    for number, line in enumerate(lines):
        end = "\n" if number < len(lines) - 1 else ""
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*" if end else r"(?:[^\n]*\n?)*"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("...")) + end
    actual = "\n".join(line.rstrip() for line in actual.strip("\n").splitlines())
    if lines and lines[-1].strip() == "...":
        actual += "\n"
    return re.fullmatch(pattern, actual) is not None


def environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    scripts = str(Path(sys.executable).parent)
    plain = {"HOME": str(home), "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    return {**kept, **plain, "PATH": scripts + os.pathsep + kept.get("PATH", ""), "PYTHONUTF8": "1"}


def run_console(found: list[Command], folder: Path) -> list[str]:
    """Run the commands of one block in one shell; return what went otherwise than the page says."""
    script = "".join(
        f"{{ {command.text}\n}} 2>&1\nended=$?\nprintf '\\n{MARK}%d\\n' $ended\n(exit $ended)\n" for command in found
    )
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    answers = re.findall(rf"(.*?)\n?{MARK}(\d+)\n", done.stdout, re.S)
    wrong = [] if len(answers) == len(found) else [f"the shell stopped early: {done.stderr}"]
    for number, (command, (output, ended)) in enumerate(zip(found, answers, strict=False)):
        shown = number + 1 < len(found) and found[number + 1].text == "echo $?"
        is_answer = ended == "1" and command.text.startswith("relmetrics ") and "Traceback (most" not in output
        if ended != "0" and not shown and not is_answer:
            wrong.append(f"$ {command.text}\nended with {ended}:\n{output}")
        elif command.expected.strip() and not agrees(command.expected, output):
            wrong.append(f"$ {command.text}\n--- written\n{command.expected}\n--- answered\n{output}")
    return wrong


def run_python(body: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", body],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return [] if done.returncode == 0 else [f"{body}\n--- ended with {done.returncode}\n{done.stderr}"]


def copy_of_the_checkout(folder: Path) -> Path:
    """The data of a checkout, without its environment: what a reader's commands read and may write to."""
    checkout = folder / "checkout"
    checkout.mkdir(parents=True)
    for name in ("schema", "validators", "examples", "translations"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name)
    if (ROOT / "tests" / "conformance").is_dir():
        shutil.copytree(ROOT / "tests" / "conformance", checkout / "tests" / "conformance")
    shutil.copy(ROOT / "pyproject.toml", checkout)
    return checkout


def run_page(path: Path, folder: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    except_for = NOT_RUN.get(path.name, set()) if path.parent == ROOT else set()
    checkout = copy_of_the_checkout(folder)
    wrong = []
    python = ""
    for kind, body in blocks(text):
        if kind == "console":
            found = [command for command in commands(body) if command.text not in except_for]
            wrong += run_console(found, checkout) if found else []
        elif kind == "python":
            python += body + "\n"
    return wrong + (run_python(python, checkout) if python else [])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def runnable_pages():
    for path in PAGES:
        found = blocks(path.read_text(encoding="utf-8")) if path.exists() else []
        if any(kind in {"console", "python"} for kind, _ in found):
            needs_shared = any("../shared" in body for _, body in found)
            yield pytest.param(path, needs_shared, marks=[pytest.mark.shared] if needs_shared else [], id=name_of(path))


@pytest.mark.parametrize(("path", "needs_shared"), list(runnable_pages()))
def test_every_block_runs_as_written(path, needs_shared, tmp_path, request):
    if needs_shared:
        (tmp_path / "shared").symlink_to(request.getfixturevalue("shared_data").parent)
    wrong = run_page(path, tmp_path)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("path", [path for path in PAGES if path.exists()], ids=name_of)
def test_no_command_hides_from_the_run(path):
    text = path.read_text(encoding="utf-8")
    hidden = [
        kind for kind, _ in blocks(text) if kind in {"sh", "bash", "shell", "zsh", "shell-session", "pycon", "py"}
    ]
    assert not hidden, "commands stand in blocks of the kind console, Python in blocks of the kind python"
    prompts = [body for kind, body in blocks(text) if kind != "console" and re.search(r"^\$ ", body, re.M)]
    assert not prompts, f"a command in a block that is not of the kind console: {prompts}"


def test_the_readme_has_its_two_commands():
    found = [
        command.text
        for _, body in blocks((ROOT / "README.md").read_text(encoding="utf-8"), "console")
        for command in commands(body)
    ]
    assert found[:2] == ["make demo", "make test"]


# --- the logic above, on small samples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "actual", "is_same"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\ntwo\n", "\none  \ntwo\n\n", True),
        ("one\n", "one\ntwo\n", False),
        ("one\n...\n", "one\ntwo\nthree\n", True),
        ("one\n...\n", "one\n", True),
        ("...\nthree\n", "one\ntwo\nthree\n", True),
        ("one\n...\nthree\n", "one\nthree\n", True),
        ("one\n...\nthree\n", "one\ntwo\nfour\n", False),
        ("found ... rows\n", "found 12 rows\n", True),
        ("found ... rows\n", "found 12\nrows\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_written_output_is_compared(expected, actual, is_same):
    assert agrees(expected, actual) is is_same


def test_blocks_and_commands_are_found():
    text = (
        "Text\n\n```console\n$ one \\\n> two\nout\n\nmore\n$ three\n```\n\n"
        "- list\n\n    ```console\n    $ four\n    ```\n\n```text\n$ no\n```\n"
    )
    found = [commands(body) for _, body in blocks(text, "console")]
    assert found == [[Command("one \\\ntwo", "out\n\nmore\n"), Command("three", "")], [Command("four", "")]]
    with pytest.raises(AssertionError, match="begins with a command"):
        commands("no prompt\n$ one\n")


def test_commands_run_and_their_ends_count(tmp_path):
    assert run_console([Command("echo one \\\ntwo", "one two\n"), Command("cd ..; pwd", "")], tmp_path) == []
    assert run_console([Command("echo one", "two\n")], tmp_path)
    assert run_console([Command("false", "")], tmp_path)
    assert run_console([Command("no_such_program_here", "")], tmp_path)
    assert run_console([Command("exit 4", "")], tmp_path)
    assert run_console([Command("(exit 2)", ""), Command("echo $?", "2\n")], tmp_path) == []
    assert run_console([Command("(exit 2)", ""), Command("echo $?", "0\n")], tmp_path)
    assert run_console([Command("relmetrics () { return 1; }", ""), Command("relmetrics validate", "")], tmp_path) == []
    crash = "relmetrics () { echo 'Traceback (most recent call last):'; return 1; }"
    assert run_console([Command(crash, ""), Command("relmetrics validate", "")], tmp_path)
    assert run_console([Command("relmetrics () { return 3; }", ""), Command("relmetrics validate", "")], tmp_path)


def test_python_runs(tmp_path):
    assert run_python("assert 1 + 1 == 2", tmp_path) == []
    assert run_python("assert 1 + 1 == 3", tmp_path)
