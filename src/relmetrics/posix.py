"""The one place that knows the operating system: file modes, locks, drives, limits, whether a process still runs.

Everything here works on Linux and macOS. Windows has no file modes of this kind and no harmless signal, so each
function does there the nearest safe thing, which its docstring names. Nobody has tried relmetrics on Windows yet.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

__all__ = [
    "alone_in",
    "ended_as_by_ctrl_c",
    "is_mine",
    "is_on_network_drive",
    "limit_this_process",
    "make_private_file",
    "make_private_folder",
    "others_can_open",
    "others_can_write",
    "process_is_alive",
    "process_start",
]

_NETWORK_DRIVES = frozenset(
    [
        *("afpfs", "afs", "ceph", "cifs", "davfs", "glusterfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"),
        *("fuse.davfs2", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
    ]
)


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


def limit_this_process(seconds: int, memory: int) -> None:
    """Limit what this process may take, for good; it leaves no image of its memory when it dies, and no Ctrl+C ends it.

    Parameters
    ----------
    seconds : int
        Time of a processor, after which the system ends the process.
    memory : int
        Bytes of address space, after which it gets no more.

    Notes
    -----
    Linux holds to both. macOS holds to the time. Windows has no such limits, and nothing happens there.
    """
    # A terminal sends Ctrl+C to parent and child; the parent answers it, and ends the child.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource

    wanted = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0))
    for kind, limit in wanted:
        _, most = resource.getrlimit(kind)
        if most != resource.RLIM_INFINITY:
            limit = min(limit, most)  # nobody may give himself more than the system lets him have
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))


@contextlib.contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Let the end of the session, and a plain ``kill``, stop the block as Ctrl+C does, so that it tidies up.

    Notes
    -----
    What was told to outlive its session (``nohup``) does. On Windows only the plain ``kill`` is met, which Python there
    sends to itself alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's business
        return
    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # None is a handler that is no Python's; it could not be put back.
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def others_can_open(path: Path) -> bool:
    """Whether the mode of a file lets anybody but its owner read or write it; never on Windows (no such mode)."""
    return sys.platform != "win32" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def others_can_write(folder: Path, *, sticky_is_safe: bool = False) -> bool:
    """Whether the mode of a folder lets anybody but its owner put files into it; on Windows never.

    Parameters
    ----------
    folder : Path
        Which.
    sticky_is_safe : bool
        Where its mode also says that each may only remove their own (as in the system's temporary folder), that is
        safe enough.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    if sys.platform == "win32" or not mode & 0o022:
        return False
    return not (sticky_is_safe and mode & stat.S_ISVTX)


def is_mine(path: Path) -> bool:
    """Whether a file or folder, or what a link leads to, belongs to this user; on Windows always true."""
    return sys.platform == "win32" or path.stat().st_uid == os.geteuid()


def is_on_network_drive(path: Path) -> bool:
    """Whether a path lies on another machine's disk, as far as that can be known (Linux only; elsewhere False)."""
    try:
        mounts = Path("/proc/self/mounts").read_bytes().splitlines()
    except OSError:
        return False
    wanted, best, kind = os.fsencode(path.resolve()), b"", b""
    for line in mounts:
        fields = line.split()
        if len(fields) < 3:
            continue
        at = fields[1].replace(b"\\040", b" ").replace(b"\\011", b"\t").replace(b"\\134", b"\\")
        is_above = at == b"/" or wanted == at or wanted.startswith(at + b"/")
        if is_above and len(at) >= len(best):  # of two at one place the later one is seen
            best, kind = at, fields[2]
    return kind.decode("ascii", "replace") in _NETWORK_DRIVES


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder against other runs of ours, until the block or this process ends, however it ends.

    Parameters
    ----------
    folder : Path
        Which; nothing is left in it.

    Raises
    ------
    BlockingIOError
        Another run holds it.
    OSError
        This drive has no locks.

    Notes
    -----
    On Windows a file of a fixed name stands for the lock; a run that is killed leaves it there.
    """
    if sys.platform == "win32":
        lock = folder / "relmetrics.lock"
        try:
            make_private_file(lock)
        except FileExistsError:
            raise BlockingIOError from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
