"""The private folder, what happens to it when a run is killed, and the lock-down."""

from __future__ import annotations

import gc
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import duckdb
import pandas
import pytest

from relmetrics.errors import RelmetricsError, UsageError
from relmetrics.workspace import Workspace, sweep

_ENDLESS = "SELECT count(*) FROM range(100000000000) a(i) WHERE hash(i) = 1"
SOURCE = Path(__file__).resolve().parents[1] / "src"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    """A temporary folder of the test's own, so that sweeping meets nobody else's."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def workspace():
    with Workspace(threads=1) as made:
        yield made


# --- the folder ---------------------------------------------------------------------------------------------------


def test_the_folder_is_ours_alone_and_goes_with_the_workspace(own_temporary_folder):
    before = os.umask(0)
    try:
        with Workspace() as workspace:
            folder = workspace.folder
            everything = [folder, *folder.rglob("*")]
            open_to_others = [path.name for path in everything if stat.S_IMODE(path.stat().st_mode) & 0o077]
    finally:
        os.umask(before)
    assert folder.parent == own_temporary_folder
    assert open_to_others == []
    assert not folder.exists()


def test_a_forgotten_workspace_takes_its_folder_along():
    workspace = Workspace()
    folder = workspace.folder
    del workspace
    gc.collect()
    assert not folder.exists()


def test_closing_twice_does_nothing():
    workspace = Workspace()
    workspace.close()
    workspace.close()
    assert "closed" in repr(workspace)


def test_the_folder_goes_when_the_connection_cannot_be_made(own_temporary_folder, monkeypatch):
    def broken(*_args, **_settings):
        raise duckdb.IOException("no")

    monkeypatch.setattr(duckdb, "connect", broken)
    with pytest.raises(duckdb.IOException):
        Workspace()
    assert list(own_temporary_folder.iterdir()) == []


def test_what_is_spilled_goes_into_the_private_folder_also_when_locked():
    with Workspace(threads=1, memory_limit="50MB") as workspace:
        workspace.lock_down()
        workspace.connection.execute(
            "CREATE TABLE large AS SELECT range AS a, range::VARCHAR || repeat('x', 60) FROM range(2000000)"
        )
        spilled = list((workspace.folder / "spill").iterdir())
        assert spilled, "nothing was spilled; the test needs more rows"
        folder = workspace.folder
    assert not folder.exists()


def test_a_full_temporary_folder_is_said_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="TMPDIR") as caught:
        Workspace()
    assert str(tmp_path) not in str(caught.value)


# --- runs that were killed ----------------------------------------------------------------------------------------


def start_run(folder):
    """Another process with an open workspace; it says the name of its folder."""
    program = (
        "import sys, time\nfrom relmetrics.workspace import Workspace\nworkspace = Workspace(threads=1)\n"
        "print(workspace.folder, flush=True)\ntime.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(folder)}
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)


def test_a_killed_run_is_swept_and_a_living_one_is_not(own_temporary_folder):
    run = start_run(own_temporary_folder)
    try:
        folder = Path(run.stdout.readline().strip())
        (folder / "spill" / "left_over.tmp").write_text("people")
        assert sweep() == 0
        assert folder.exists(), "the folder of a run that goes on was taken away"
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert folder.exists(), "the kill left nothing to sweep: the test proves nothing"
        with Workspace():
            assert not folder.exists()
    finally:
        run.kill()
        run.wait()
        run.stdout.close()


def test_a_number_that_another_process_has_got_since_counts_as_dead(own_temporary_folder):
    folder = own_temporary_folder / f"relmetrics-{os.getppid()}-{'0' * 16}"
    with Workspace() as workspace:
        machine = (workspace.folder / "owner.txt").read_text().split()[0]
    folder.mkdir()
    (folder / "owner.txt").write_text(f"{machine} 1\n")
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system does not say when a process began")
    assert sweep() == 1
    assert not folder.exists()


@pytest.mark.parametrize("name", ["relmetrics-1-short", "relmetrics-999999-", "relmetrics-notes", "other"])
def test_folders_of_other_names_stay(own_temporary_folder, name):
    (own_temporary_folder / name).mkdir()
    assert sweep() == 0
    assert (own_temporary_folder / name).exists()


def test_a_folder_of_another_machine_and_a_link_stay(own_temporary_folder, tmp_path):
    elsewhere = own_temporary_folder / f"relmetrics-4194303-{'1' * 16}"
    elsewhere.mkdir()
    (elsewhere / "owner.txt").write_text("another-machine 17\n")
    target = tmp_path / "papers"
    target.mkdir()
    (target / "letter.txt").write_text("x")
    (own_temporary_folder / f"relmetrics-4194303-{'2' * 16}").symlink_to(target)
    assert sweep() == 0
    assert elsewhere.exists()
    assert (target / "letter.txt").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_leaves_the_folder(own_temporary_folder):
    program = (
        "import os\nfrom relmetrics.workspace import Workspace\nworkspace = Workspace(threads=1)\npid = os.fork()\n"
        "if pid == 0:\n    raise SystemExit\nos.waitpid(pid, 0)\nprint(workspace.folder.exists())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["True"], done.stderr
    assert list(own_temporary_folder.iterdir()) == []


# --- the lock-down ------------------------------------------------------------------------------------------------

REACHES_OUT = {
    "a file as a table": "SELECT * FROM '{file}'",
    "read_csv": "SELECT * FROM read_csv('{file}')",
    "read_text": "SELECT content FROM read_text('{file}')",
    "glob": "SELECT * FROM glob('{folder}/*')",
    "COPY TO": "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY FROM": "COPY there FROM '{file}'",
    "ATTACH": "ATTACH '{folder}/other.duckdb' AS other",
    "EXPORT": "EXPORT DATABASE '{folder}/exported'",
}


@pytest.fixture
def there(tmp_path):
    (tmp_path / "x.csv").write_text("a\n1\n")
    return {"file": str(tmp_path / "x.csv"), "folder": str(tmp_path)}


@pytest.mark.parametrize("statement", REACHES_OUT.values(), ids=REACHES_OUT)
def test_locked_down_nothing_outside_the_database_is_reached(workspace, there, statement):
    statement = statement.format(**there)
    with Workspace(threads=1) as open_one:  # open, it works: else the refusal below would prove nothing
        open_one.connection.execute("CREATE TABLE there (a INTEGER)")
        open_one.connection.execute(statement)
    workspace.connection.execute("CREATE TABLE there (a INTEGER)")
    workspace.lock_down()
    with pytest.raises(duckdb.PermissionException):
        workspace.connection.execute(statement)


SETTINGS = {
    "memory": "SET memory_limit = '1GB'",
    "threads": "SET threads = 2",
    "temporary folder": "SET temp_directory = '{folder}'",
    "Python variables": "SET python_enable_replacements = true",
    "optimizers": "SET disabled_optimizers = ''",
    "a pragma": "PRAGMA enable_profiling",
    "back to the default": "RESET memory_limit",
}


@pytest.mark.parametrize("statement", SETTINGS.values(), ids=SETTINGS)
def test_locked_down_no_setting_changes(workspace, there, statement):
    statement = statement.format(**there)
    with Workspace(threads=1) as open_one:
        open_one.connection.execute(statement)
    workspace.lock_down()
    with pytest.raises(duckdb.InvalidInputException, match="locked"):
        workspace.connection.execute(statement)


@pytest.mark.parametrize("statement", ["INSTALL httpfs", "LOAD httpfs"])
def test_extensions_are_neither_installed_nor_loaded(workspace, statement):
    workspace.lock_down()
    with pytest.raises(duckdb.PermissionException):
        workspace.connection.execute(statement)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("allow_community_extensions", False),
        ("allow_persistent_secrets", False),
        ("python_scan_all_frames", False),
        ("preserve_insertion_order", True),
    ],
)
def test_settings_that_hold_from_the_start(workspace, name, value):
    assert workspace.connection.execute(f"SELECT current_setting('{name}')").fetchone() == (value,)


def test_python_variables_are_no_tables(workspace):
    frame = pandas.DataFrame({"a": [1]})
    assert duckdb.connect().execute("SELECT * FROM frame").fetchone() == (1,)
    assert len(frame) == 1
    for lock in (lambda: None, workspace.lock_down):
        lock()
        with pytest.raises(duckdb.CatalogException):
            workspace.connection.execute("SELECT * FROM frame")


def test_locked_down_tables_can_still_be_made(workspace):
    workspace.lock_down()
    workspace.connection.execute("CREATE SCHEMA counted")
    workspace.connection.execute("CREATE TABLE counted.people AS SELECT 1 AS a")
    workspace.connection.execute("CREATE VIEW counted.v AS SELECT * FROM counted.people")
    assert workspace.connection.execute("SELECT a FROM counted.v").fetchone() == (1,)


# --- limits -------------------------------------------------------------------------------------------------------

ENDLESS = "WITH RECURSIVE endless AS (SELECT 1 AS a UNION ALL SELECT a % 7 FROM endless) SELECT count(*) FROM endless"


def test_the_watchdog_stops_what_does_not_end(workspace):
    begin = time.monotonic()
    said = r"^The calculation took longer than 0\.3 seconds and was stopped\.$"
    with pytest.raises(RelmetricsError, match=said), workspace.interrupted_after(0.3, "The calculation"):
        workspace.connection.execute(ENDLESS)
    assert time.monotonic() - begin < 20
    assert workspace.connection.execute("SELECT 1").fetchone() == (1,)


def test_the_watchdog_lets_go_in_time(workspace):
    with workspace.interrupted_after(0.2):
        workspace.connection.execute("SELECT 1")
    time.sleep(0.4)
    assert workspace.connection.execute("SELECT 1").fetchone() == (1,)


def test_threads_and_memory(monkeypatch):
    def setting(workspace, name):
        return workspace.connection.execute(f"SELECT current_setting('{name}')").fetchone()[0]

    with Workspace(threads=3, memory_limit="300MB") as workspace:
        assert setting(workspace, "threads") == 3
        assert setting(workspace, "memory_limit").startswith("286")
    monkeypatch.setenv("RELMETRICS_THREADS", "1")
    monkeypatch.setenv("RELMETRICS_MEMORY_LIMIT", "200 MB")
    with Workspace() as workspace:
        assert setting(workspace, "threads") == 1
        assert setting(workspace, "memory_limit").startswith("190")


@pytest.mark.parametrize("threads", ["0", "-1", "many", "1.5", "99999"])
def test_a_number_of_threads_that_is_none(monkeypatch, own_temporary_folder, threads):
    monkeypatch.setenv("RELMETRICS_THREADS", threads)
    with pytest.raises(UsageError, match="RELMETRICS_THREADS"):
        Workspace()
    assert list(own_temporary_folder.iterdir()) == []


def test_a_memory_limit_that_is_none(monkeypatch):
    with pytest.raises(UsageError, match="2GB"):
        Workspace(memory_limit="lots")


# --- DuckDB 2.0's fault -------------------------------------------------------------------------------------------


def test_try_cast_over_read_csv_gives_null(tmp_path, workspace):
    """DuckDB 2.0 pushes the cast into the reader, where it raises, unless the optimizer is off."""
    (tmp_path / "dates.csv").write_text("a\n2026-01-05\nyesterday\n")
    query = f"SELECT TRY_CAST(a AS DATE) FROM read_csv('{tmp_path}/dates.csv', all_varchar = true, header = true)"
    assert [day is None for (day,) in workspace.connection.execute(query).fetchall()] == [False, True]
    try:
        duckdb.connect().execute(query).fetchall()
    except duckdb.Error:
        return
    pytest.skip(f"DuckDB {duckdb.__version__} has mended the fault: type_pushdown need not be off any more")


# --- several connections ------------------------------------------------------------------------------------------


def test_tasks_in_parallel_give_what_they_give_in_their_order() -> None:
    def task(number: int) -> tuple[int, int]:
        connection = workspace.connection
        found = connection.execute(f"SELECT sum(i + {number}) FROM range({1000 * (9 - number)}) r(i)").fetchone()
        assert found is not None
        return int(found[0]), id(connection)

    with Workspace(threads=2) as workspace:
        main = id(workspace.connection)
        found = workspace.in_parallel([partial(task, number) for number in range(8)])
        assert id(workspace.connection) == main
    with Workspace(threads=1) as workspace:
        alone = workspace.in_parallel([partial(task, number) for number in range(8)])
        assert {connection for _, connection in alone} == {id(workspace.connection)}, "one thread needs no other"
    assert [total for total, _ in found] == [total for total, _ in alone]
    assert main not in {connection for _, connection in found}, "each thread has a connection of its own"


def test_other_connections_see_what_was_read_and_are_as_locked() -> None:
    def task() -> list[str]:
        assert workspace.connection.execute("SELECT count(*) FROM t").fetchall() == [(3,)]
        refused = []
        for text in ("SELECT * FROM read_csv('nothing.csv')", "SET enable_external_access = true", "SET threads = 3"):
            try:
                workspace.connection.execute(text)
            except duckdb.Error as problem:
                refused.append(type(problem).__name__)
        return refused

    with Workspace(threads=2) as workspace:
        workspace.connection.execute("CREATE TABLE t AS SELECT * FROM range(3)")
        workspace.lock_down()
        assert [len(refused) for refused in workspace.in_parallel([task, task])] == [3, 3]


def test_what_goes_wrong_in_a_thread_is_raised_and_stops_the_others() -> None:
    def fails() -> None:
        workspace.connection.execute("SELECT * FROM there_is_none")

    def endless() -> None:
        workspace.connection.execute(_ENDLESS).fetchall()

    with Workspace(threads=2) as workspace:
        with pytest.raises(duckdb.CatalogException):
            workspace.in_parallel([fails, endless])
        assert workspace.connection.execute("SELECT 1").fetchall() == [(1,)]


def test_the_time_limit_holds_for_all_connections() -> None:
    def endless() -> None:
        workspace.connection.execute(_ENDLESS).fetchall()

    with (
        Workspace(threads=2) as workspace,
        pytest.raises(RelmetricsError, match="longer than"),
        workspace.interrupted_after(0.3, "The validation"),
    ):
        workspace.in_parallel([endless, endless, endless])
