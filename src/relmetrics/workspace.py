"""Where one run works: a private folder, one DuckDB connection, its limits, its lock-down.

DuckDB spills to disk beside the working directory, readable by everyone, and leaves what it spilled when it is killed.
So each run makes a folder of its own under the system's temporary folder that only this user can open, and removes it
when it ends. A run that is killed cannot: its folder carries the number of its process, and the next run removes the
folders of processes that are gone.
"""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import duckdb

from relmetrics.errors import RelmetricsError, UsageError
from relmetrics.posix import make_private_file, make_private_folder, process_is_alive, process_start

__all__ = ["Progress", "Workspace", "sweep"]

Progress = Callable[[str], None]
Result = TypeVar("Result")

_FOLDER = re.compile(r"relmetrics-(\d{1,10})-[0-9a-f]{16}")
_OWNER = "owner.txt"
_MEMORY = re.compile(r"\d{1,6}\s?[KMGT]i?B", re.IGNORECASE)
_MOST_THREADS = 1024
_MOST_AT_ONCE = 4


class Workspace:
    """A private folder and a DuckDB connection that live as long as one run.

    Parameters
    ----------
    threads : int, optional
        Threads of DuckDB; without it the environment variable ``RELMETRICS_THREADS``, else as many as there are cores.
    memory_limit : str, optional
        Memory of DuckDB, for example ``2GB``; without it the environment variable ``RELMETRICS_MEMORY_LIMIT``, else
        what DuckDB takes by itself (four fifths of the machine's). What does not fit is spilled into the private
        folder.

    Attributes
    ----------
    folder : Path
        The private folder (mode 0700).
    """

    def __init__(self, threads: int | None = None, memory_limit: str | None = None) -> None:
        settings = _settings(threads, memory_limit)
        self.folder = _make_folder()
        self._finalizer = weakref.finalize(self, _remove, self.folder, os.getpid())
        self._in_thread = threading.local()
        self._others: list[duckdb.DuckDBPyConnection] = []
        try:
            self._connection = _connect(self.folder, settings)
        except BaseException:
            self._finalizer()
            raise

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """In-memory database; each thread of `in_parallel` has a connection of its own to it.

        Its optimizer ``type_pushdown`` is off: DuckDB 2.0 turns TRY_CAST directly over read_csv into a cast that
        raises.
        """
        connection: duckdb.DuckDBPyConnection = getattr(self._in_thread, "connection", self._connection)
        return connection

    def in_parallel(self, tasks: Sequence[Callable[[], Result]]) -> list[Result]:
        """Do tasks that do not depend on each other, on at most as many threads as the database has.

        What many small statements cost is the planning, which DuckDB does on one thread.

        Parameters
        ----------
        tasks : sequence of callable
            A temporary table that one of them makes is seen by that one alone.

        Returns
        -------
        list
            What they gave, in their order.
        """
        setting = self._connection.execute("SELECT current_setting('threads')").fetchone()
        n_threads = min(_MOST_AT_ONCE, len(tasks), int(setting[0]) if setting is not None else 1)
        if n_threads < 2:
            return [task() for task in tasks]
        self._others = [self._connection.cursor() for _ in range(n_threads)]
        free = list(self._others)

        def begin() -> None:
            self._in_thread.connection = free.pop()

        try:
            with ThreadPoolExecutor(n_threads, initializer=begin) as pool:
                running = [pool.submit(task) for task in tasks]
                try:
                    return [one.result() for one in running]
                except BaseException:
                    for one in running:
                        one.cancel()
                    self._interrupt()
                    raise
        finally:
            for other in self._others:
                other.close()
            self._others = []

    def _interrupt(self) -> None:
        for connection in (self._connection, *self._others):
            connection.interrupt()

    def lock_down(self) -> None:
        """Shut files, network, extensions, Python variables and settings off, for good.

        To be called when the submitted files are in: from then on only text of definitions and requirements runs, and
        no such text may reach outside the database. New schemas, tables and views inside it remain possible.
        """
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    @contextmanager
    def interrupted_after(self, seconds: float, what: str = "This step") -> Iterator[None]:
        """Stop what the connection does after `seconds`.

        Parameters
        ----------
        seconds : float
            How long the block may take.
        what : str
            Begins the sentence of the error.

        Raises
        ------
        RelmetricsError
            The time is over.
        """
        is_over = threading.Event()

        def stop() -> None:
            is_over.set()
            self._interrupt()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except duckdb.InterruptException:
            if not is_over.is_set():
                raise
        finally:
            timer.cancel()
        if is_over.is_set():
            raise RelmetricsError(f"{what} took longer than {seconds:g} seconds and was stopped.")

    def close(self) -> None:
        """Close the connection and remove the folder; a second call does nothing."""
        self._connection.close()
        self._finalizer()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Workspace({'open' if self._finalizer.alive else 'closed'})"


def sweep() -> int:
    """Remove the folders of runs on this machine whose process is gone, and say how many.

    A folder is taken only where it is ours (same owner as a file that we make), names a process of this machine, and
    that process is dead or is another one that has got the same number since.
    """
    removed = 0
    parent = Path(tempfile.gettempdir())
    try:
        candidates = sorted(parent.glob("relmetrics-*"))
    except OSError:
        return 0
    for folder in candidates:
        match = _FOLDER.fullmatch(folder.name)
        if match is None or folder.is_symlink() or _is_in_use(folder, int(match[1])):
            continue
        shutil.rmtree(folder, ignore_errors=True)  # somebody else's folder stays: it cannot be opened
        removed += not folder.exists()
    return removed


def _is_in_use(folder: Path, pid: int) -> bool:
    try:
        machine, _, start = (folder / _OWNER).read_text(encoding="utf-8").strip().partition(" ")
    except OSError:
        machine, start = _machine(), ""  # killed before it wrote its name: the number alone must do
    if machine != _machine():
        return True  # the temporary folder is shared between machines or containers; its process numbers are not ours
    if not process_is_alive(pid):
        return False
    now = process_start(pid)
    return not start or not now or start == now


def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", platform.node()) or "unknown"


def _make_folder() -> Path:
    sweep()
    pid = os.getpid()
    folder = Path(tempfile.gettempdir()) / f"relmetrics-{pid}-{secrets.token_hex(8)}"
    try:
        make_private_folder(folder)
        make_private_file(folder / _OWNER)
        (folder / _OWNER).write_text(f"{_machine()} {process_start(pid)}\n", encoding="utf-8")
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise UsageError(
            f"No private folder can be made under the system's temporary folder ({reason}). Free some space there, or "
            "name another folder in the environment variable TMPDIR."
        ) from None
    return folder


def _remove(folder: Path, pid: int) -> None:
    if os.getpid() == pid:  # a forked child ends without taking its parent's folder along
        shutil.rmtree(folder, ignore_errors=True)


def _settings(threads: int | None, memory_limit: str | None) -> dict[str, str | int]:
    settings: dict[str, str | int] = {}
    given = os.environ.get("RELMETRICS_THREADS", "").strip() if threads is None else str(threads)
    if given:
        if not given.isdecimal() or not 1 <= int(given) <= _MOST_THREADS:
            raise UsageError(f"The number of threads (RELMETRICS_THREADS) is a whole number from 1 to {_MOST_THREADS}.")
        settings["threads"] = int(given)
    limit = os.environ.get("RELMETRICS_MEMORY_LIMIT", "").strip() if memory_limit is None else memory_limit
    if limit:
        if not _MEMORY.fullmatch(limit):
            raise UsageError("The memory limit (RELMETRICS_MEMORY_LIMIT) is a number with its unit, for example 2GB.")
        settings["memory_limit"] = limit
    return settings


def _connect(folder: Path, settings: dict[str, str | int]) -> duckdb.DuckDBPyConnection:
    spill = folder / "spill"
    make_private_folder(spill)
    connection = duckdb.connect(
        ":memory:",
        config={
            "temp_directory": str(spill),
            # Nothing is read from, or left in, the user's own folders.
            "home_directory": str(folder),
            "extension_directory": str(folder),
            "secret_directory": str(folder),
            "allow_persistent_secrets": "false",
            # Extensions would be downloaded.
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            # A table name in SQL never becomes a Python variable of whoever calls.
            "python_enable_replacements": "false",
            "python_scan_all_frames": "false",
            # Row numbers rest on it.
            "preserve_insertion_order": "true",
            **settings,
        },
    )
    connection.execute("SET disabled_optimizers = 'type_pushdown'")
    return connection
