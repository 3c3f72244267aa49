"""The safety net itself: that the network guard, the skip rule and the count for the Makefile do fire."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: socket.create_connection(("192.0.2.1", 9), timeout=0.1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)),
        lambda: urllib.request.urlopen("https://example.org"),
    ],
    ids=["connect", "getaddrinfo", "gethostbyname", "sendto", "urlopen"],
)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_network_call_raises(call):
    with pytest.raises(RuntimeError, match="make no network call"):
        call()


def test_this_machine_may_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
    assert socket.getaddrinfo("localhost", 80)


SAMPLE = """
import pytest

def test_good():
    pass

def test_skipped():
    pytest.skip("no such program here")

@pytest.mark.xfail(reason="known", strict=True)
def test_known():
    assert False
"""


def run_sample(folder: Path, text: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "conftest.py")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_sample.py").write_text(text, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RELMETRICS_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_skips_are_counted_and_accepted(tmp_path, options):
    counts = tmp_path / "counts"
    done = run_sample(tmp_path, SAMPLE, *options, RELMETRICS_COUNTS=str(counts))
    assert done.returncode == 0, done.stdout
    assert counts.read_text(encoding="utf-8") == "passed=1\nskipped=1\n"


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_skips_fail_where_none_is_accepted(tmp_path, options):
    done = run_sample(tmp_path, SAMPLE, *options, RELMETRICS_NO_SKIPS="1")
    assert done.returncode == 1
    assert "accepts no skipped test" in done.stdout
    assert "no such program here" in done.stdout
    assert "1 failed, 1 passed, 1 xfailed" in done.stdout


def test_a_whole_skipped_file_fails_where_none_is_accepted(tmp_path):
    text = 'import pytest\npytest.importorskip("surely_not_installed")\n'
    assert run_sample(tmp_path, text).returncode in {0, 5}
    done = run_sample(tmp_path, text, RELMETRICS_NO_SKIPS="1")
    assert done.returncode not in {0, 5}
    assert "accepts no skipped test" in done.stdout
