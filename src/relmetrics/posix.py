"""The one place that knows the operating system: file modes, and whether a process still runs and since when.

Everything here works on Linux and macOS. Windows has no file modes of this kind and no harmless signal, so each
function does there the nearest safe thing, which its docstring names. Nobody has tried relmetrics on Windows yet.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["make_private_file", "make_private_folder", "process_is_alive", "process_start"]


def make_private_folder(path: Path) -> None:
    """Make a new folder that only this user can list, read and write (mode 0700).

    Parameters
    ----------
    path : Path
        Where; its parent has to be there. A folder that stands there already is not taken over, because somebody else
        may have made it and may be able to look into it.

    Raises
    ------
    FileExistsError
        Something of this name is already there, a link included.

    Notes
    -----
    On Windows the new folder inherits the access rules of its parent; the temporary folder of a Windows user is that
    user's own.
    """
    os.mkdir(path, 0o700)  # noqa: PTH102 -- the mode is set as the folder is made, so that there is no open moment
    os.chmod(path, 0o700)  # noqa: PTH101 -- an unusual umask may have taken more away than we asked for


def make_private_file(path: Path) -> None:
    """Make a new empty file that only this user can read and write (mode 0600).

    Parameters
    ----------
    path : Path
        Where; open it afterwards as usual. Links are not followed.

    Raises
    ------
    FileExistsError
        Something of this name is already there, a link included.

    Notes
    -----
    On Windows the new file inherits the access rules of its folder.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.chmod(path, 0o600)  # noqa: PTH101 -- as above


def process_is_alive(pid: int) -> bool:
    """Whether a process of this number runs now, whoever it belongs to.

    Parameters
    ----------
    pid : int
        Process number. Zero and negative numbers mean groups of processes to the system, and are never alive here.

    Returns
    -------
    bool
        True where it runs, and where that cannot be known: what asks this removes the folders of dead processes, and a
        folder too many is better than one taken from under a process that works in it.

    Notes
    -----
    On Windows always True for a positive number: asking by signal, as done elsewhere, would end the process there.
    """
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)  # signal 0 asks and sends nothing
    except ProcessLookupError:
        return False
    except OverflowError:
        return False  # larger than any process number
    except PermissionError:
        return True  # it runs, and is somebody else's
    return True


def process_start(pid: int) -> str:
    """When a process began, as the system counts it: two processes of one number differ in it.

    Parameters
    ----------
    pid : int
        Process number.

    Returns
    -------
    str
        Clock ticks from the start of the machine to that of the process; empty where that cannot be known (no such
        process, or a system without ``/proc``, as macOS and Windows are).
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return ""
    fields = status.rpartition(b")")[2].split()  # the name of the program stands in brackets and may hold anything
    return fields[19].decode("ascii") if len(fields) > 19 else ""
