"""The child in which workbooks are read: what it sees, and that its end is always one sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from relmetrics.errors import UnreadableInputError
from relmetrics.posix import process_is_alive
from relmetrics.submission.guarded import MEMORY, run_guarded


def refusal(task, *arguments, **options):
    with pytest.raises(UnreadableInputError) as caught:
        run_guarded(f"adversary.tasks:{task}", arguments, "data.xlsx", **options)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_what_the_child_sees(tmp_path, monkeypatch):
    monkeypatch.setenv("RELMETRICS_SECRET", "x")
    monkeypatch.setenv("LD_PRELOAD_NOT", "x")
    inherited = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(inherited, True)
    said = []
    run_guarded("adversary.tasks:facts", [str(tmp_path)], "data.xlsx", tell=said.append)
    os.close(inherited)
    seen = json.loads((tmp_path / "facts.json").read_text())
    assert said == ["looking", "still ?[31m looking"]
    assert seen["stdin"] == ""
    assert inherited not in seen["descriptors"]
    assert len(seen["descriptors"]) <= 4  # one of them lists the folder
    assert not {name for name in seen["environment"] if "RELMETRICS" in name or name in ("HOME", "PATH", "USER")}
    if sys.platform == "linux":
        assert seen["limits"] == [MEMORY, 0]
    # What would make a small workbook slow.
    assert not {"duckdb", "pandas", "numpy", "pydantic", "socket"} & set(seen["modules"])


def test_a_refusal_passes_as_it_is():
    assert refusal("refuse", "data.xlsx is strange. Do it otherwise.") == "data.xlsx is strange. Do it otherwise."
    assert refusal("refuse", "data.xlsx\n\x1b[31m\ud800") == "data.xlsx?⟨U+001B⟩[31m⟨U+D800⟩"


@pytest.mark.parametrize("task", ["fail", "panic", "leave", "crash", "killed", "fault", "lie", "there_is_no_such_task"])
def test_every_other_end_is_one_sentence(task):
    message = refusal(task)
    assert message.startswith("data.xlsx cannot be read: it is damaged, or needs more memory than there is. Open it")
    assert "somebody" not in message


@pytest.mark.parametrize("task", ["hang", "spin"])
def test_time(task):
    began = time.monotonic()
    assert "data.xlsx takes longer than 1 seconds to read" in refusal(task, seconds=0.7)
    assert time.monotonic() - began < 60


def test_one_that_never_stops_talking_is_stopped():
    said = []
    message = refusal("chatter", seconds=1, tell=said.append)
    assert "takes longer than" in message or "cannot be read" in message
    assert len(said) <= 100_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds to a limit on memory")
def test_memory():
    began = time.monotonic()
    assert "data.xlsx needs more memory than a file of this kind may take" in refusal("take_memory", memory=500_000_000)
    assert time.monotonic() - began < 60


def test_ctrl_c_in_a_run_of_its_own_ends_the_child(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import sys
            sys.path[:0] = sys.argv[2:]
            from relmetrics.submission.guarded import run_guarded
            run_guarded("adversary.tasks:hang_and_say", [sys.argv[1]], "data.xlsx")
            """
        )
    )
    parent = subprocess.Popen([sys.executable, str(script), str(tmp_path), *sys.path])
    child = _number(tmp_path)
    assert process_is_alive(child)
    parent.send_signal(signal.SIGINT)
    parent.wait(timeout=10)
    for _ in range(50):
        if not process_is_alive(child):
            break
        time.sleep(0.1)
    assert not process_is_alive(child)


def test_ctrl_c_ends_the_child(tmp_path):
    ended = []

    def interrupt():
        ended.append(_number(tmp_path))
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_guarded("adversary.tasks:hang_and_say", [str(tmp_path)], "data.xlsx")
    thread.join()
    assert time.monotonic() - began < 20
    assert not process_is_alive(ended[0])


def test_it_costs_little():
    took = []
    for _ in range(5):
        began = time.perf_counter()
        run_guarded("adversary.tasks:nothing", [], "data.xlsx")
        took.append(time.perf_counter() - began)
    assert min(took) < 5  # 0.04 on an idle machine; a second at least if it imported the database


def _number(folder):
    for _ in range(200):
        if (folder / "pid").exists() and (text := (folder / "pid").read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError("the child did not start")
