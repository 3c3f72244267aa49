"""What stands under a name is the old file or the new one, also where the run is stopped in the middle of a write."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from relmetrics.cli import options
from relmetrics.errors import UsageError
from relmetrics.output import replacing, write_whole

OLD, NEW = b"old" * 1000, b"new" * 500_000


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(OLD)
    return path


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_written_and_nothing_left_beside(page):
    write_whole(page, NEW)
    assert page.read_bytes() == NEW
    assert names(page.parent) == ["report.html"]


@pytest.mark.parametrize(("private", "expected"), [(True, 0o600), (False, 0o644)])
def test_who_may_read_it(tmp_path, private, expected):
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "a", b"x", private=private)
        with replacing(tmp_path / "b", private=private) as part:
            assert mode(part) == 0o600
    finally:
        os.umask(before)
    assert mode(tmp_path / "a") == mode(tmp_path / "b") == expected
    (tmp_path / "a").chmod(0o664)
    write_whole(tmp_path / "a", b"y", private=private)
    assert mode(tmp_path / "a") == 0o664  # somebody wanted it so
    assert names(tmp_path) == ["a", "b"]


def test_a_new_file_takes_nobodys_place(page):
    with pytest.raises(FileExistsError):
        write_whole(page, NEW, new=True)
    assert page.read_bytes() == OLD
    writing = replacing(page.with_name("new.html"), new=True)
    writing.__enter__().write_bytes(NEW)
    page.with_name("new.html").write_bytes(OLD)  # somebody was quicker
    with pytest.raises(FileExistsError):
        writing.__exit__(None, None, None)
    assert page.with_name("new.html").read_bytes() == OLD
    write_whole(page.with_name("newer.html"), NEW, new=True)
    assert names(page.parent) == ["new.html", "newer.html", "report.html"]


def test_a_link_stays_one(page):
    link = page.with_name("link.html")
    link.symlink_to(page)
    write_whole(link, NEW)
    assert link.is_symlink()
    assert page.read_bytes() == NEW


def test_what_is_no_file_is_written_directly(capfd):
    write_whole(Path("/dev/stdout"), b"hello")
    assert capfd.readouterr().out == "hello"
    assert not Path("/dev/null").is_file()
    write_whole(Path("/dev/null"), b"hello")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError(28, "No space left on device"), MemoryError])
@pytest.mark.parametrize("at", ["write", "fsync", "replace"])
def test_stopped_in_the_middle(page, monkeypatch, problem, at):
    def stop(*args, **options):
        raise problem

    if at == "fsync":
        monkeypatch.setattr(os, "fsync", stop)
    elif at == "replace":
        monkeypatch.setattr(Path, "replace", stop)
    for path, there in ((page, OLD), (page.with_name("other.html"), None)):
        with pytest.raises(problem if isinstance(problem, type) else OSError):
            _write(path, stop if at == "write" else lambda: None)
        assert (path.read_bytes() if path.exists() else None) == there
    assert names(page.parent) == ["report.html"]


def _write(path, then):
    with replacing(path) as part:
        part.write_bytes(NEW[:1000])
        then()


def test_a_full_disk_is_said_and_changes_nothing(page, monkeypatch):
    real = Path.write_bytes

    def full(path, content):
        real(path, content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="No space left on device"):
        options.write("new", page, (), quiet=True)
    assert page.read_bytes() == OLD
    assert names(page.parent) == ["report.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_that_takes_nothing():
    with pytest.raises(UsageError, match="No space left on device"):
        options.write("new", Path("/dev/full"), (), quiet=True)


WRITER = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests that are started with nohup hand down that it is ignored
sys.path[:0] = sys.argv[2:]
from relmetrics.posix import ended_as_by_ctrl_c
from relmetrics.output import replacing

target = Path(sys.argv[1])
with ended_as_by_ctrl_c():
    with replacing(target) as part, part.open("wb") as stream:
        stream.write(b"new" * 100_000)
        stream.flush()
        target.with_name("begun").touch()
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_process_that_is_stopped(page, number):
    script = page.with_name("writer.py")
    script.write_text(textwrap.dedent(WRITER))
    process = subprocess.Popen([sys.executable, str(script), str(page), *sys.path], stderr=subprocess.DEVNULL)
    for _ in range(400):
        if page.with_name("begun").exists():
            break
        time.sleep(0.05)
    process.send_signal(number)
    process.wait(timeout=20)
    assert page.read_bytes() == OLD
    left = set(names(page.parent)) - {"begun", "report.html", "writer.py"}
    if number != signal.SIGKILL:
        assert not left
        return
    assert len(left) == 1
    assert mode(page.with_name(left.pop())) == 0o600
    # A folder is no better for having it: the next run that writes the same page takes it away, and no other's.
    stranger = page.with_name(f".report.html.{os.getpid()}-0123456789abcdef.part")
    stranger.touch()
    write_whole(page, NEW)
    assert set(names(page.parent)) == {"begun", "report.html", "writer.py", stranger.name}


def test_a_long_name(tmp_path):
    name = "ä" * 120 + ".html"
    write_whole(tmp_path / name, NEW)
    assert names(tmp_path) == [name]


def test_the_folder_is_not_there(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        write_whole(tmp_path / "nowhere" / "a", b"x")
