"""Runs a command of relmetrics in a process that the system kills if it, or a child of it, opens a socket.

``python tests/adversary/guard.py COMMAND …``; with ``--break python``, ``native`` or ``child`` in place of a command it
opens one, to show that the guard works. On Linux the kernel watches, so that also what is no Python is seen; elsewhere
Python's own events are watched, of this process only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from typing import Any

KILLED = -31
"""Status of a process that the kernel killed for a call that it may not make (SIGSYS)."""
SEEN = 97
"""Status where Python's own events showed it."""

# Number of the call socket(), and how the kernel names the processor to a filter.
_CALLS = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint32)]


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction))]


def kernel_watches() -> bool:
    return sys.platform == "linux" and platform.machine() in _CALLS


def install() -> None:
    """Let no socket be opened from here on, in this process and those that it starts."""
    sys.addaudithook(_see)
    if not kernel_watches():
        return
    call, machine = _CALLS[platform.machine()]
    program = (_Instruction * 6)(
        _Instruction(0x20, 0, 0, 4),  # which kind of processor
        _Instruction(0x15, 0, 3, machine),
        _Instruction(0x20, 0, 0, 0),  # which call
        _Instruction(0x15, 0, 1, call),
        _Instruction(0x06, 0, 0, 0x80000000),  # kill the process
        _Instruction(0x06, 0, 0, 0x7FFF0000),  # allow
    )
    libc = ctypes.CDLL(None, use_errno=True)
    rules = _Filter(len(program), program)
    no_new_rights, filter_calls = 38, 22
    if libc.prctl(no_new_rights, 1, 0, 0, 0) or libc.prctl(filter_calls, 2, ctypes.byref(rules), 0, 0):
        raise OSError(ctypes.get_errno(), "the guard cannot be set up")


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket.") and event != "socket.gethostname":
        if not kernel_watches():
            os._exit(SEEN)
        sys.stderr.write(f"guard: {event}\n")
        sys.stderr.flush()


def _open_one(how: str) -> None:
    if how == "python":
        import socket

        socket.socket()
    elif how == "native":
        ctypes.CDLL(None).socket(2, 1, 0)
    else:
        code = "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)"
        sys.exit(subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False).returncode)


if __name__ == "__main__":
    install()
    if sys.argv[1:2] == ["--break"]:
        _open_one(sys.argv[2])
    from relmetrics.cli import main

    sys.exit(main())
