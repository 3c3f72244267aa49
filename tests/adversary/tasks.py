"""What a guarded child is asked to do in tests: everything that a reading library could do to us."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from relmetrics.errors import UnreadableInputError


def facts(folder, tell):
    """Leave what the child can see."""
    descriptors = Path("/proc/self/fd")
    seen = {
        "modules": sorted(sys.modules),
        "environment": sorted(os.environ),
        "stdin": sys.stdin.read(),
        "descriptors": [int(entry.name) for entry in descriptors.iterdir()] if descriptors.is_dir() else [],
        "limits": [],
    }
    if sys.platform != "win32":
        import resource

        seen["limits"] = [resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[0]]
    tell("looking")
    tell("still \x1b[31m looking")
    Path(folder, "facts.json").write_text(json.dumps(seen))


def nothing(tell):
    """Do nothing."""


def refuse(sentence, tell):
    raise UnreadableInputError(sentence)


def fail(tell):
    raise ValueError("a value of somebody's records")


def panic(tell):
    raise BaseException("as a panic of a Rust library")


def leave(tell):
    sys.exit(0)


def crash(tell):
    os.abort()


def killed(tell):
    os.kill(os.getpid(), signal.SIGKILL)


def fault(tell):
    import ctypes

    ctypes.string_at(0)


def hang(tell):
    time.sleep(100)


def spin(tell):
    while True:
        pass


def hang_and_say(folder, tell):
    Path(folder, "pid").write_text(str(os.getpid()))
    tell("hanging")
    time.sleep(100)


def take_memory(tell):
    held = []
    while True:
        held.append(bytearray(50_000_000))


def chatter(tell):
    while True:
        tell("x" * 100)


def lie(tell):
    """Write what is none of the words that are agreed upon."""
    for line in (b"\xff\xfe\n", b"[]\n", b'"end"\n', b'{"end": 5}\n', b'{"telling": [1]}\n', b"x" * 100_000 + b"\n"):
        sys.stdout.buffer.write(line)
    sys.stdout.flush()
    os._exit(0)
