"""Reads what strangers made in a process of its own, with a limit on its time and its memory.

Workbooks are opened by a library that trusts them more than we do. A workbook that makes it hang, take all memory, or
crash, ends the child; what is left of the run is one sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from relmetrics.errors import UnreadableInputError
from relmetrics.submission.strings import shown

__all__ = ["MEMORY", "SECONDS", "limits_for", "run_guarded"]

SECONDS, SECONDS_PER_MEGABYTE = 60.0, 10.0
"""How long a workbook may take, and how much longer for each megabyte of it. One of 50 MB takes half a minute."""
MEMORY, MEMORY_PER_BYTE, MOST_MEMORY = 2 * 1024**3, 40, 4 * 1024**3
"""How many bytes of address space the child may have, how many more for each byte of the file, and how many at most."""

_CHILD = Path(__file__).with_name("guarded_child.py")
_LONGEST_LINE = 4000
_MOST_LINES = 100_000
# What a Python of this kind needs to start at all; nothing else of the environment goes along.
_KEPT = ("SYSTEMROOT", "WINDIR")


def run_guarded(
    task: str,
    arguments: Sequence[str],
    what: str,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Call a function in a child process and wait for it.

    Parameters
    ----------
    task : str
        ``package.module:function``. It is called with `arguments` and, last, a function that takes a sentence on what
        is being done.
    arguments : sequence of str
        For the function. What it finds out it leaves in a folder that is named here.
    what : str
        Name of what is read, for sentences.
    seconds : float
        How long it may take; see `limits_for`.
    memory : int
        How many bytes of memory it may ask for. Windows has no such limit, and macOS does not hold to it.
    tell : callable, optional
        Called with each sentence of the child.

    Raises
    ------
    UnreadableInputError
        The one that the function raised; or the child took too long, needed too much memory, or broke.
    """
    what = shown(what)
    # -I: neither this folder nor the environment's says what is imported; -S: nor do files that are run at start-up.
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(_CHILD)]
    debug = os.environ.get("RELMETRICS_DEBUG", "") not in ("", "0")
    limits = {"seconds": seconds, "memory": memory}
    order = {"task": task, "arguments": list(arguments), **limits, "path": sys.path, "debug": debug}
    ends_at = time.monotonic() + seconds
    child = subprocess.Popen(
        [*command, json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if debug else subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
        close_fds=True,
    )
    assert child.stdout is not None
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(child.stdout, lines), daemon=True)
    listener.start()
    try:
        last = _last_line(lines, ends_at, tell)
        if last is None:
            raise UnreadableInputError(
                f"{what} takes longer than {max(seconds, 1):,.0f} seconds to read, and was given up. Save the tables "
                "as CSV files in one folder."
            )
        # After its last word the child has nothing left to do.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
    finally:
        # Also where Ctrl+C ends the run: no child outlives it.
        child.kill()
        child.wait()
        listener.join(timeout=5)
        child.stdout.close()
    _judge(last, what)


def limits_for(path: Path) -> tuple[float, int]:
    """Return how many seconds and how many bytes of memory a file of its size may take."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # whoever opens it says what is wrong
    return SECONDS + SECONDS_PER_MEGABYTE * size / 1024**2, min(MEMORY + MEMORY_PER_BYTE * size, MOST_MEMORY)


def _listen(stream: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Put the child's lines into a queue, and an empty one where it ends."""
    try:
        for _ in range(_MOST_LINES):
            line = stream.readline(_LONGEST_LINE)
            if not line:
                break
            lines.put(line)
    except (OSError, ValueError):
        pass  # closed from the other side
    lines.put(b"")


def _last_line(
    lines: queue.SimpleQueue[bytes], ends_at: float, tell: Callable[[str], None] | None
) -> dict[str, str] | None:
    """Pass sentences on until the child has ended; return its last word, or nothing where the time is over."""
    last: dict[str, str] = {}
    while True:
        try:
            line = lines.get(timeout=max(0.0, ends_at - time.monotonic()))
        except queue.Empty:
            return None
        if not line:
            return last
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if not isinstance(said, dict):
            continue
        if tell is not None and isinstance(said.get("telling"), str):
            tell(shown(said["telling"], 200))
        last = {key: value for key, value in said.items() if key in ("end", "sentence") and isinstance(value, str)}


def _judge(last: dict[str, str], what: str) -> None:
    match last.get("end"):
        case "done":
            return
        case "refused":
            raise UnreadableInputError(shown(last.get("sentence", ""), 2000))
        case "memory":
            raise UnreadableInputError(
                f"{what} needs more memory than a file of this kind may take. Save the tables as CSV files in one "
                "folder."
            )
        case "time":
            raise UnreadableInputError(
                f"{what} takes too long to read, and was given up. Save the tables as CSV files in one folder."
            )
        case _:
            # Killed by the system, or by a crash of the reading library: a Rust program that gets no memory does that.
            raise UnreadableInputError(
                f"{what} cannot be read: it is damaged, or needs more memory than there is. Open it in your "
                "spreadsheet program and save it again, or save the tables as CSV files in one folder."
            )
