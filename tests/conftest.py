"""What all tests share: no network, visible skips, deterministic random tests, and where the optional things are."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

# Set by `make test-all`: whatever is skipped fails, and random tests try more.
NO_SKIPS = os.environ.get("RELMETRICS_NO_SKIPS", "") not in {"", "0"}

# The same examples in every run and on every machine: a failure that comes and goes helps nobody.
hypothesis.settings.register_profile(
    "default",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=30,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile("all", parent=hypothesis.settings.get_profile("default"), max_examples=150)
hypothesis.settings.load_profile("all" if NO_SKIPS else "default")


# --- no network ---------------------------------------------------------------------------------------------------


class NetworkCallError(RuntimeError):
    """Something tried to reach beyond this machine."""


_NETWORK_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
_guard_is_on = False


def _is_this_machine(host: object) -> bool:
    if host is None:
        return True  # getaddrinfo(None, …) asks for our own addresses
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if text in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(text.split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    # An audit hook sees every Python library's calls, also those that kept their own reference to socket functions.
    if not _guard_is_on or event not in _NETWORK_EVENTS:
        return
    target = args[1] if event in {"socket.connect", "socket.sendto", "socket.sendmsg"} else args[0]
    if isinstance(target, tuple):
        target = target[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        return  # a path of a local socket, or one that is connected already
    if not _is_this_machine(target):
        raise NetworkCallError(f"{event} to {target!r}: relmetrics and its tests make no network call.")


sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Any connection or look-up beyond this machine raises, in every test."""
    global _guard_is_on
    _guard_is_on = True
    yield
    _guard_is_on = False


# --- skips --------------------------------------------------------------------------------------------------------


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not NO_SKIPS or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"This run accepts no skipped test (RELMETRICS_NO_SKIPS). {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Turn a skip into a failure where none is accepted."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """The same for a whole file that is skipped while it is read."""
    report = yield
    _fail_if_skipped(report)
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how broken submissions ended; leave the counts for the Makefile's closing line, as a shell can read them."""
    _say_how_broken_ones_ended(terminalreporter)
    if target := os.environ.get("RELMETRICS_COUNTS"):
        passed, skipped = (len(terminalreporter.stats.get(outcome, [])) for outcome in ("passed", "skipped"))
        Path(target).write_text(f"passed={passed}\nskipped={skipped}\n", encoding="utf-8")


def _say_how_broken_ones_ended(terminalreporter: Any) -> None:
    """Add up what tests/adversary/test_broken.py counted, in whichever process."""
    counts: Counter[str] = Counter()
    slowest = largest = 0.0
    for report in [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]:
        for name, value in getattr(report, "user_properties", []):
            if name == "broken" and report.when == "call":
                counts.update(value)
            elif name == "broken worst":
                slowest, largest = max(slowest, value[0]), max(largest, value[1])
    if counts:
        total = sum(counts.values())
        terminalreporter.section(f"how {total:,} broken submissions and files ended")
        for end, number in counts.most_common():
            terminalreporter.write_line(f"{number:7,}  {number / total:6.1%}  {end}")
        terminalreporter.write_line(f"slowest {slowest:.1f} s; most memory added {largest:.0f} MB")


# --- what may be absent -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def root() -> Path:
    """Top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data sets; use with the marker `shared`."""
    folder = Path(os.environ.get("RELMETRICS_SHARED") or ROOT.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip("needs the shared data: ../shared beside the checkout, or its path in RELMETRICS_SHARED")
    return folder


def _program(*names: str, package: str) -> Path:
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    pytest.skip(f"needs {package}, a system package (looked for {', '.join(names)})")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of the system's Chromium or Chrome; use with the marker `system`. Give it --no-sandbox and --headless."""
    return _program("chromium", "chromium-browser", "google-chrome", "chrome", package="Chromium")


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """Path of LibreOffice's command line; use with the marker `system`. Give it a profile of its own under tmp_path."""
    return _program("soffice", "libreoffice", package="LibreOffice")


@pytest.fixture(scope="session")
def postgresql() -> Path:
    """Folder of the programs of a PostgreSQL server; use with the marker `system`. Start a cluster of your own."""
    # Debian keeps them, one folder a version, away from the search path.
    for initdb in (*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")), Path(shutil.which("initdb") or "")):
        if initdb.is_file() and (initdb.parent / "pg_ctl").is_file():
            return initdb.parent
    pytest.skip("needs PostgreSQL, a system package (looked for initdb and pg_ctl)")


@pytest.fixture(scope="session")
def pdftotext() -> Path:
    """Path of poppler's pdftotext; use with the marker `system`."""
    return _program("pdftotext", package="poppler-utils")
