"""The direction of imports, the public names, what starting up may import, and where POSIX may be spoken."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
LAYERS: list[str] = SETTINGS["importlinter"]["contracts"][0]["layers"]

# The design's names. `compare` joins with the module `comparison`.
PUBLIC_NAMES = {"load_release", "read_submission", "validate", "calculate", "assess", "render"}


def run(command: list[str], folder: Path, *, source: Path | None = None, text: str | None = None):
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    if source is not None:
        environment["PYTHONPATH"] = str(source)
    return subprocess.run(command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False)


# --- layers -------------------------------------------------------------------------------------------------------


def lint_imports(folder: Path, source: Path):
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    return run(command, folder, source=source)


@pytest.fixture
def miniature(tmp_path):
    """A package with an empty module for every layer of the contract: the contract's logic without the product."""
    package = tmp_path / "relmetrics"
    package.mkdir()
    (package / "__init__.py").touch()
    for name in re.findall(r"\w+", " ".join(LAYERS)):
        (package / f"{name}.py").touch()
    return package


def test_imports_go_one_way():
    done = lint_imports(ROOT, ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_accepts_what_the_design_allows(miniature):
    (miniature / "validation.py").write_text("import relmetrics.submission\nimport relmetrics.errors\n")
    (miniature / "workspace.py").write_text("import relmetrics.posix\n")
    done = lint_imports(miniature.parent, miniature.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_fires_on_a_module_that_no_layer_names(miniature):
    (miniature / "helpers.py").touch()
    done = lint_imports(miniature.parent, miniature.parent)
    assert done.returncode == 1
    assert "not listed as layers" in done.stdout
    assert "relmetrics.helpers" in done.stdout


@pytest.mark.parametrize(
    ("importer", "imported"),
    [("errors", "cli"), ("definitions", "standard"), ("calculation", "validation"), ("submission", "words")],
)
def test_the_contract_knows_up_from_down(miniature, importer, imported):
    (miniature / f"{importer}.py").write_text(f"import relmetrics.{imported}\n")
    done = lint_imports(miniature.parent, miniature.parent)
    allowed = (importer, imported) == ("submission", "words")
    assert done.returncode == (0 if allowed else 1), done.stdout
    assert allowed or "is not allowed to import" in done.stdout


def test_architecture_md_shows_the_layers_of_the_contract():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- layers -->\s*```text\n(.*?)```", text, re.DOTALL)
    assert block, "ARCHITECTURE.md has a block of layers after the mark <!-- layers -->"
    shown = [re.split(r"\s{2,}", line.strip())[0] for line in block[1].splitlines() if line.strip()]
    assert shown == LAYERS


# --- names --------------------------------------------------------------------------------------------------------


def test_public_names_are_the_design_s():
    import relmetrics

    assert set(relmetrics.__all__) - {"__version__"} == PUBLIC_NAMES
    for name in PUBLIC_NAMES:
        assert callable(getattr(relmetrics, name))
        assert (getattr(relmetrics, name).__doc__ or "").strip(), f"{name} has a docstring"


def test_an_unknown_public_name_is_an_attribute_error():
    import relmetrics

    with pytest.raises(AttributeError):
        _ = relmetrics.no_such_name


def test_the_version_stands_in_one_place():
    from importlib.metadata import version

    import relmetrics

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version("relmetrics") == declared, (
        "the environment is older than pyproject.toml: run make test, or pip install -e ."
    )
    assert getattr(relmetrics, "__version__", declared) == declared
    pattern = re.compile(rf"(?<![\w.]){re.escape(declared)}(?![\w])")
    elsewhere = [path.name for path in (ROOT / "src").rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))]
    assert not elsewhere


# --- start-up -----------------------------------------------------------------------------------------------------

NOT_FOR_HELP = {"duckdb", "numpy", "pandas", "sqlglot", "pydantic", "jinja2", "scipy", "rustworkx"}
NOT_FOR_VALIDATE = {"pandas", "scipy", "jinja2", "rustworkx"}


def imported_by(program: str, arguments: list[str], target: Path) -> tuple[set[str], subprocess.CompletedProcess[str]]:
    """Top-level packages that a process had imported when it ended, and how it ended."""
    recorder = (
        "import atexit, json, pathlib, sys\n"
        f"target = pathlib.Path({str(target)!r})\n"
        "atexit.register(lambda: target.write_text(json.dumps(sorted({n.partition('.')[0] for n in sys.modules}))))\n"
        f"sys.argv = ['relmetrics', *{arguments!r}]\n"
    )
    done = run([sys.executable, "-c", recorder + program], ROOT, source=ROOT / "src")
    assert target.exists(), f"the process left no list of its imports: {done.stderr}"
    return set(json.loads(target.read_text(encoding="utf-8"))), done


START = "from relmetrics.cli import main\nsys.exit(main())\n"


def test_the_list_of_imports_is_seen(tmp_path):
    seen, done = imported_by("import numpy\nsys.exit(3)\n", [], tmp_path / "seen")
    assert done.returncode == 3
    assert "numpy" in seen & NOT_FOR_HELP


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["validate", "--help"], ["calculate", "--help"]])
def test_help_imports_nothing_slow(tmp_path, arguments):
    seen, done = imported_by(START, arguments, tmp_path / "seen")
    assert done.returncode == 0, done.stderr
    assert not seen & NOT_FOR_HELP


def test_validate_imports_only_what_it_needs(tmp_path):
    seen, done = imported_by(START, ["validate", "examples/riverside_tenants"], tmp_path / "seen")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "duckdb" in seen
    assert not seen & NOT_FOR_VALIDATE


def test_importing_the_package_imports_nothing_slow(tmp_path):
    seen, done = imported_by("import relmetrics\n", [], tmp_path / "seen")
    assert done.returncode == 0, done.stderr
    assert not seen & NOT_FOR_HELP


# --- what the lint rule bans ----------------------------------------------------------------------------------------


def banned(text: str, place: str):
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--output-format", "concise"]
    return run([*command, "--no-cache", "--stdin-filename", place, "-"], ROOT, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "import fcntl\n",
        "import resource\n",
        "from os import getuid\nprint(getuid())\n",
        "import os\nos.kill(1, 0)\n",
        "import signal\nsignal.signal(signal.SIGALRM, print)\n",
        "import datetime\ndatetime.date.today()\n",
        "import urllib.request\n",
        "import socket\n",
    ],
)
def test_posix_the_clock_and_the_network_are_banned_in_src(text):
    done = banned(text, "src/relmetrics/calculation/engine.py")
    assert done.returncode == 1
    assert "TID251" in done.stdout


def test_posix_is_at_home_in_its_module_and_src_is_clean():
    assert banned("import fcntl\nimport os\nos.kill(1, 0)\n", "src/relmetrics/posix.py").returncode == 0
    assert banned("import pathlib\n", "src/relmetrics/calculation/engine.py").returncode == 0
    done = run([sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "src"], ROOT)
    assert done.returncode == 0, done.stdout


def test_the_ban_is_lifted_nowhere_by_a_comment():
    lifted = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "src").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"noqa:.*TID251|ruff: *noqa", line)
    ]
    assert not lifted
