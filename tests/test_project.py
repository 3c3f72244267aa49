"""The papers and the package: reasons, licences, lock file, what the wheel carries, what the Makefile offers."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
COPYLEFT = re.compile(r"\b[AL]?GPL|General Public License", re.IGNORECASE)


def name_of(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def licence_of(package: str) -> str:
    """What the package says about itself, the most exact statement first."""
    about = importlib.metadata.metadata(package)
    if about.get("License-Expression"):
        return about["License-Expression"]
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return classified[0] if classified else (about.get("License") or "").strip()


def needed_at_run_time() -> set[str]:
    """Our dependencies and theirs, without extras and without those for other systems."""
    packaging = pytest.importorskip("packaging.requirements")
    found: set[str] = set()
    open_ends = [name_of(requirement) for requirement in PROJECT["dependencies"]]
    while open_ends:
        name = open_ends.pop()
        if name in found:
            continue
        found.add(name)
        for text in importlib.metadata.requires(name) or []:
            requirement = packaging.Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                open_ends.append(name_of(requirement.name))
    return found


# --- dependencies -------------------------------------------------------------------------------------------------


def without_reason(text: str) -> list[str]:
    """Requirements in a list of pyproject.toml that have no comment of their own."""
    return [line.strip() for line in text.splitlines() if re.match(r'\s+"[\w.-]+.*[<>=~]', line) and "# " not in line]


def test_each_dependency_has_a_lower_bound_and_its_reason():
    extras = PROJECT["optional-dependencies"]
    for requirement in [*PROJECT["dependencies"], *(one for extra in extras.values() for one in extra)]:
        assert ">=" in requirement or requirement.startswith("relmetrics["), requirement
    assert not without_reason(PYPROJECT)
    assert without_reason('    "numpy>=2.0",\n    "scipy>=1.13",  # graphs\n') == ['"numpy>=2.0",']


def test_nothing_copyleft_is_needed_at_run_time():
    packages = needed_at_run_time()
    assert {"duckdb", "pydantic-core"} <= packages, "the search goes through what our dependencies need"
    licences = {package: licence_of(package) for package in packages}
    assert all(licences.values()), "a package without any licence cannot be judged"
    assert not {package: licence for package, licence in licences.items() if COPYLEFT.search(licence)}
    assert COPYLEFT.search("LGPL-3.0-or-later")
    assert COPYLEFT.search("GNU Affero General Public License v3")
    assert not COPYLEFT.search("BSD-3-Clause AND MIT AND Zlib")


def test_the_table_of_licences_is_what_the_packages_say():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("<!-- dependencies -->")[1]
    shown = dict(re.findall(r"^\| ([\w.-]+) \| (.+?) \|$", text, re.MULTILINE))
    shown.pop("Package", None)
    assert {name_of(name): licence for name, licence in shown.items()} == {
        name_of(requirement): licence_of(name_of(requirement)) for requirement in PROJECT["dependencies"]
    }


def test_the_lock_file_names_versions_and_nothing_else():
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins), "no address, no path, no option"
    locked = {name_of(pin) for pin in pins}
    extras = PROJECT["optional-dependencies"]
    asked = {name_of(one) for one in [*PROJECT["dependencies"], *extras["docs"], *extras["test"], *extras["dev"]]}
    assert asked - {"relmetrics"} <= locked, "pyproject.toml asks for more than the lock file has: make lock"


# --- papers -------------------------------------------------------------------------------------------------------


def test_the_citation_file_can_be_read():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["authors"] == [{"name": "The relmetrics contributors"}]
    assert {"title", "message"} <= citation.keys()
    assert set(PROJECT["license"].split(" AND ")) == set(citation["license"])


def test_every_change_says_whose_it_is():
    names = [path.name for path in (ROOT / "changes.d").iterdir() if path.name != "README.md"]
    assert all(re.fullmatch(r"[a-z0-9-]+\.(standard|software)\.md", name) for name in names), names


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "GOVERNANCE.md", "CHANGELOG.md"])
def test_links_between_papers_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert not [link for link in links if link and not (ROOT / link).exists()]


def test_the_makefile_has_the_targets_that_the_papers_name():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    documented = set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE))
    assert {"demo", "test", "test-all", "lint", "types", "contract", "docs", "bench", "lock", "clean"} <= documented
    for paper in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ".ci/run"):
        named = {command.removeprefix("make ") for command in commands_in(paper)}
        assert named, paper
        assert named <= targets, paper


def commands_in(paper: str) -> list[str]:
    """Where `make x` is a command and not a verb: code in Markdown, lines that begin with it elsewhere."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    pattern = r"`(make [a-z-]+)`|^\$ (make [a-z-]+)$" if paper.endswith(".md") else r"^(make [a-z-]+)()$"
    return ["".join(found) for found in re.findall(pattern, text, re.MULTILINE)]


# --- the wheel ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_the_standard_and_the_example(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("schema", "validators", "tests/conformance"):
        ours = [path for path in (ROOT / folder).rglob("*") if path.is_file() and not path.name.startswith(".")]
        assert ours
        assert not {f"relmetrics/_data/{path.relative_to(ROOT).as_posix()}" for path in ours} - names
    for folder in ("riverside_tenants", "riverside_tenants_with_mistakes", "requirements"):
        assert any(name.startswith(f"relmetrics/_data/examples/{folder}/") for name in names), folder
    assert "relmetrics/py.typed" in names
    assert {"LICENSE", "LICENSE-CC-BY-4.0"} <= {Path(name).name for name in names}
    assert not [name for name in names if name.startswith(("tests/", "docs/")) or "__pycache__" in name]


def test_the_installed_wheel_explains_with_examples(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import relmetrics.cli as c; c.main()"
    command = [sys.executable, "-I", "-c", program, "explain", "one_to_one_with_oneself"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "An example that it finds" in done.stdout


def test_the_installed_wheel_runs_the_demo_far_from_the_checkout(wheel, tmp_path):
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    program = f"import sys; sys.path.insert(0, {str(site)!r}); import relmetrics.cli as c; print(c.__file__); c.main()"
    command = [sys.executable, "-I", "-c", program, "demo"]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(str(site)), "the wheel's own code ran, not the checkout's"
    assert list(elsewhere.rglob("*.html")), "the report is where the command was started"
