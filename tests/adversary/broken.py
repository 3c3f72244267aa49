"""Ten thousand randomly broken submissions and files, by seed: each ends with findings or with one clear sentence.

``python tests/adversary/broken.py [FIRST] [HOW MANY]`` runs some and prints how they ended; one alone shows its words.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":  # as a script; under pytest both folders are on the path
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "src")]

from adversary import harm, seeds
from relmetrics.definitions import Release
from relmetrics.errors import UnreadableInputError
from relmetrics.reporting import FORMATS, render
from relmetrics.submission import read_submission
from relmetrics.submission.inspection import inspect
from relmetrics.validation import validate

SECONDS = 20.0
"""No case may take longer, on a machine that does other things too; most take a fifth of one."""
MEGABYTES = 700
"""No case may add more than this to the memory of the process."""

_RENAMED = (
    "{0}.tsv", "{0}.txt", "{0}.xlsx", "{0}.zip", "{0}.parquet", "{0}.CSV", " {0} .csv", "{0}", "x_{0}.csv",
    "copy of {0}.csv", "{0} (1).csv", "{0}.csv.csv", ".{0}.csv", "Contacts.csv", "{0}.xls", "{0}.ods", "{0}.json",
    "submission.yml", "submission.json",
)  # fmt: skip
_ZIP_NAMES = (
    "../{0}", "/{0}", "C:\\{0}", "a/b/{0}", "CON", "{0}.", "a\\{0}", "__MACOSX/{0}", "{0}\x01", "\u202e{0}",
)  # fmt: skip


@dataclass
class Outcome:
    """How one case ended; `wrong` says what should not have been."""

    seed: int
    form: str
    end: str
    sentence: str = ""
    wrong: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0


@dataclass
class Outcomes:
    """How many ended in which way."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[Outcome] = field(default_factory=list)
    slowest: float = 0.0
    largest: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.end] += 1
        self.slowest, self.largest = max(self.slowest, outcome.seconds), max(self.largest, outcome.megabytes)
        if outcome.wrong:
            self.wrong.append(outcome)


def make(seed: int, place: Path) -> tuple[str, Path]:
    """Make one broken submission or file under `place`; the same seed makes the same bytes.

    Returns
    -------
    tuple of str and Path
        Its form and where it is.
    """
    rng = random.Random(seed)
    form = rng.choices(["folder", "zip", "xlsx", "ods", "xls", "file"], [48, 12, 16, 7, 5, 12])[0]
    tables = tuple(rng.sample(seeds.TABLES, rng.choice([1, 2, 2, 3])))
    if form in ("xlsx", "ods", "xls"):
        content = seeds.workbook(form, tables)
        path = place / f"data.{form}"
        path.write_bytes(harm.bytes_(rng, content) if form == "xls" else harm.container(rng, content))
        return form, path
    files = seeds.folder(tables)
    for _ in range(rng.choice([1, 1, 2, 3])):
        _break_one(rng, files, tables)
    if form == "zip":
        path = place / "data.zip"
        packed = {_zip_name(rng, name): content for name, content in files.items()}
        content = seeds.zipped(packed, stored=rng.random() < 0.3)
        path.write_bytes(harm.bytes_(rng, content) if rng.random() < 0.25 else content)
        return form, path
    folder = place / "given"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if form == "file":
        return form, rng.choice(sorted(folder.iterdir()) or [folder / "nowhere.csv"])
    return form, folder


def _break_one(rng: random.Random, files: seeds.Files, tables: tuple[str, ...]) -> None:
    name = rng.choice(list(files) or ["people.csv"])
    table = rng.choice(tables)
    match rng.randrange(12):
        case 0:
            files.pop(name, None)
        case 1:
            new = rng.choice(_RENAMED).format(table)
            files[new] = files.pop(f"{table}.csv", b"") if rng.random() < 0.5 else files.get(f"{table}.csv", b"")
        case 2:
            other = rng.choice(list(files) or [name])
            files[name], files[other] = files.get(other, b""), files.get(name, b"")
        case 3:
            whole = seeds.parquet(table)
            files[f"{table}.parquet"] = whole if rng.random() < 0.6 else harm.bytes_(rng, whole)
            files.pop(f"{table}.csv", None)
        case 4:
            whole = seeds.workbook("xlsx", (table,))
            files[f"{table}.xlsx"] = whole if rng.random() < 0.5 else harm.container(rng, whole)
            files.pop(f"{table}.csv", None)
        case 5:
            files["submission.yaml"] = harm.manifest(rng, files.get("submission.yaml", seeds.manifest()))
        case 6:
            files[name] = harm.bytes_(rng, files.get(name, b""))
        case _:
            files[f"{table}.csv"] = harm.table(rng, files.get(f"{table}.csv", seeds.csv_of(seeds.rows_of(table))))


def _zip_name(rng: random.Random, name: str) -> str:
    return name if rng.random() < 0.97 else rng.choice(_ZIP_NAMES).format(name)


def run(seed: int, place: Path, release: Release) -> Outcome:
    """Make one and read, judge and write it out, as far as it goes."""
    form, path = make(seed, place)
    outcome = Outcome(seed, form, "")
    before = _memory(reset=True)
    began = time.perf_counter()
    try:
        if form == "file":
            render(inspect(path), "text")
            outcome.end = "inspected"
        else:
            with read_submission(path, release, threads=1) as submission:
                findings = validate(submission)
                counts = findings.counts()
                if seed % 3 == 0:  # writing takes longer than reading and judging together
                    render(findings, FORMATS[seed // 3 % len(FORMATS)], release=release)
            outcome.end = "findings" if any(counts.values()) else "nothing found"
    except UnreadableInputError as problem:
        outcome.sentence = str(problem)
        outcome.end = "refused: " + _kind(outcome.sentence)
        outcome.wrong = _unclear(problem, place)
    except Exception as problem:  # noqa: BLE001 -- the test is that there is none
        outcome.end = f"WRONG: {type(problem).__name__}"
        outcome.wrong = "".join(traceback.format_exception(problem))
    outcome.seconds = time.perf_counter() - began
    outcome.megabytes = _memory() - before
    if outcome.seconds > SECONDS or outcome.megabytes > MEGABYTES:
        outcome.wrong += f" took {outcome.seconds:.1f} seconds and {outcome.megabytes:.0f} MB"
    return outcome


def run_many(numbers: Iterable[int], place: Path, release: Release) -> Outcomes:
    """Run several, each in a folder of its own that is removed."""
    import shutil

    outcomes = Outcomes()
    for seed in numbers:
        own = place / str(seed)
        own.mkdir()
        outcomes.add(run(seed, own, release))
        shutil.rmtree(own)
    return outcomes


def _unclear(problem: UnreadableInputError, place: Path) -> str:
    """Say what is wrong with a refusal."""
    sentence = str(problem)
    if str(place) in sentence:
        return "names a folder of this machine: " + sentence
    if not sentence.rstrip().endswith((".", "?")) or len(sentence) < 20:
        return "is no sentence: " + sentence
    if not sentence.replace("\n", "").isprintable():
        return "holds what cannot be seen: " + repr(sentence)
    if "\n" in sentence and not re.match(r"The manifest .* has \d+ problems:", sentence):
        return "is more than one sentence: " + sentence
    if len(max(sentence.split("\n"), key=len)) > 700:
        return "is too long: " + sentence
    return ""


def _kind(sentence: str) -> str:
    """The sentence without names and numbers, so that its kind can be counted."""
    if sentence.startswith("The manifest "):
        return "the manifest has problems"
    sentence = re.sub(r"^(The folder )?\S+\.\w+|^[^ ,]+", "…", sentence)
    sentence = re.sub(r"'[^']*'|\([^()]*\)|(line|row|sheet) \S+|\d[\d,.]*", "…", sentence)
    return " ".join(re.sub(r"[^A-Za-z… ]", "", sentence.split(". ")[0]).split()[:9])


def _memory(*, reset: bool = False) -> float:
    """Most memory that this process had since it was last asked to reset, in MB; 0 where that cannot be known."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found is not None else 0.0


def table_of(counts: Counter[str]) -> str:
    """One line an outcome, the most frequent first."""
    total = sum(counts.values())
    lines = [f"{number:7,}  {number / total:6.1%}  {end}" for end, number in counts.most_common()]
    return "\n".join([f"{total:7,}  broken submissions and files", *lines])


def _worked() -> float:
    return sum(os.times()[:4])


def _main() -> None:
    import tempfile
    import warnings

    from relmetrics.standard import load_release

    warnings.simplefilter("error")
    given = [int(text) for text in sys.argv[1:]]
    first, number = (given + [1])[:2] if given else (0, 100)
    release = load_release()
    began, worked = time.perf_counter(), _worked()
    with tempfile.TemporaryDirectory() as place:
        outcomes = run_many(range(first, first + number), Path(place), release)
        if number == 1:
            (Path(place) / "again").mkdir()
            print(run(first, Path(place) / "again", release))
    print(table_of(outcomes.counts))
    took = time.perf_counter() - began
    of_processors = (_worked() - worked) / number
    print(f"{took:.1f} s, {took / number:.3f} s each ({of_processors:.3f} s of a processor, children included)")
    print(f"slowest {outcomes.slowest:.1f} s; most {outcomes.largest:.0f} MB")
    for one in outcomes.wrong:
        print(f"--- seed {one.seed} ({one.form}): {one.wrong}")


if __name__ == "__main__":
    _main()
