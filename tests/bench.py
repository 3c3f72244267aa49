"""Speed: what `make bench` prints.

Two things, both of which hold on a slow machine too. First, on an invented submission of a given size, how long reading
with validating, and calculating, take in relation to a bare scan of the same CSV files by DuckDB, with every column as
text and every column touched, in the same run. Second, the whole-process times of three commands, medians of five.

Run by hand for other sizes, as rows in `one_to_ones`::

    .venv/bin/python tests/bench.py 1000000
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

import relmetrics as rm
from relmetrics.calculation import resampling
from relmetrics.calculation.engine import compute
from relmetrics.calculation.network import NetworkScoring
from relmetrics.calculation.run import Run
from relmetrics.synthesis import Behaviours, synthesize, write_folder

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "relmetrics --help": (["--help"], 0.3),
    "relmetrics validate examples/riverside_tenants": (["validate", str(ROOT / "examples" / "riverside_tenants")], 1.0),
    "relmetrics demo": (["demo"], 3.0),
}
TIMES = 5
SEED = 20260101


def scan(folder: Path) -> float:
    """Seconds for DuckDB to read every cell of every CSV file as text, in a fresh connection."""
    start = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        for file in sorted(folder.glob("*.csv")):
            # The length of every cell: count(*) alone would let the reader skip the columns.
            connection.execute(
                "SELECT count(*), sum(length(COLUMNS(*))) FROM read_csv(?, all_varchar = true, header = true)",
                [str(file)],
            ).fetchall()
    return time.perf_counter() - start


def line(name: str, seconds: float, base: float) -> None:
    """Print one row of the table."""
    print(f"  {name:<46} {seconds:8.2f} s {seconds / base:8.1f} x scan", flush=True)


class Timed:
    """Adds up how long calls of a function take; calls within calls count once."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, timed."""

        def timed(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += time.perf_counter() - start

        return timed


def bench_size(conversations: int) -> None:
    """Print the ratios for one size."""
    with tempfile.TemporaryDirectory(prefix="relmetrics-bench-") as place:
        folder = Path(place)
        write_folder(synthesize(Behaviours.of_size(conversations), SEED), folder)
        size = sum(file.stat().st_size for file in folder.glob("*.csv")) / 1e6
        print(f"{conversations:,} conversations asked for, {size:.0f} MB of CSV files", flush=True)
        base = statistics.median(scan(folder) for _ in range(3))
        line("bare scan, all columns as text", base, base)
        start = time.perf_counter()
        with rm.read_submission(folder) as submission:
            read = time.perf_counter() - start
            findings = rm.validate(submission)
            line("reading", read, base)
            line(f"reading and validating ({len(findings)} findings)", time.perf_counter() - start, base)
            bench_calculation(submission, base)


def bench_calculation(submission: rm.Submission, base: float) -> None:
    """Print the time of each part of `calculate`, in the order of the catalogue; a view counts where it is first used.

    Resampling stands apart: it depends on the number of people and ties and not on the size of the files.
    """
    resampled = Timed()
    resampling.dyadic = resampled.wrap(resampling.dyadic)
    NetworkScoring.uncertainty = resampled.wrap(NetworkScoring.uncertainty)  # type: ignore[method-assign]
    start = time.perf_counter()
    run = Run(submission, submission.views(), submission.manifest.period.end)
    line("calculating: rows as they count", time.perf_counter() - start, base)
    before = time.perf_counter()
    _ = run.shared
    line("calculating: coverage and staff", time.perf_counter() - before, base)
    for name, sheet in submission.release.indicators.items():
        before, spent = time.perf_counter(), resampled.seconds
        values = compute(run, sheet, {})
        spent = resampled.seconds - spent
        line(f"calculating: {name}", time.perf_counter() - before - spent, base)
        if spent:
            line(f"  its resampling ({values[0].reason or values[0].status})", spent, base)
    total = time.perf_counter() - start
    line("calculating, all of it without resampling", total - resampled.seconds, base)
    line("calculating, all of it", total, base)


def bench_commands() -> None:
    """Print medians of whole processes beside what was promised."""
    print(f"Whole process, median of {TIMES}")
    program = [sys.executable, "-c", "from relmetrics.cli import main; main()"]
    for name, (arguments, most) in COMMANDS.items():
        seconds = []
        for _ in range(TIMES):
            with tempfile.TemporaryDirectory(prefix="relmetrics-bench-") as place:
                start = time.perf_counter()
                subprocess.run([*program, *arguments], cwd=place, capture_output=True, check=False)
                seconds.append(time.perf_counter() - start)
        print(f"  {name:<46} {statistics.median(seconds):8.2f} s  (at most {most} s)", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("conversations", nargs="*", type=int, help="rows in one_to_ones, 100000 if nothing is said")
    parser.add_argument("--without-commands", action="store_true", help="only the ratios")
    given = parser.parse_args()
    for wanted in given.conversations or [100_000]:
        bench_size(wanted)
    if not given.without_commands:
        bench_commands()
