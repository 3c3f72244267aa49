"""Private files and folders, and whether a process runs."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from relmetrics.posix import make_private_file, make_private_folder, process_is_alive, process_start


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_private_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        make_private_folder(tmp_path / "folder")
        make_private_file(tmp_path / "file")
    finally:
        os.umask(before)
    assert mode(tmp_path / "folder") == 0o700
    assert mode(tmp_path / "file") == 0o600


@pytest.mark.parametrize("make", [make_private_folder, make_private_file])
def test_what_is_there_is_not_taken_over(tmp_path, make):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("folder", "link"):
        with pytest.raises(FileExistsError):
            make(tmp_path / name)
    assert not (tmp_path / "nowhere").exists()


def test_a_running_process_is_alive_and_an_ended_one_is_not():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert process_is_alive(child.pid)
    child.communicate(b"\n")
    assert not process_is_alive(child.pid)
    assert process_is_alive(os.getpid())
    assert process_is_alive(1)


@pytest.mark.parametrize("pid", [0, -1, 2**63])
def test_no_process_has_this_number(pid):
    assert not process_is_alive(pid)


def test_the_start_of_a_process_tells_it_from_a_later_one_of_the_same_number():
    if not Path("/proc/self/stat").exists():
        assert process_start(os.getpid()) == "", "unknown where the system does not say"
        return
    assert process_start(os.getpid()) == process_start(os.getpid()) != ""
    assert process_start(os.getpid()) != process_start(1)
    assert process_start(-1) == ""
