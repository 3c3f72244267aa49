"""The scores of validation that the site shows: ``make scores`` runs everything and writes the page.

Every known defect is planted alone in a clean submission and has to be found, with nothing else beside it; clean
submissions drawn at random have to stay without errors and warnings, and with no more notes than the notes state.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "methods" / "scores.md"
sys.path.insert(0, str(ROOT / "tests"))

import mutations  # noqa: E402
from mutations.clean import clean_submission  # noqa: E402
from mutations.sheets import Expected, Mutation, Sheets  # noqa: E402
from relmetrics.definitions import Release  # noqa: E402
from relmetrics.publishing.hashes import hashes  # noqa: E402
from relmetrics.standard import load_release  # noqa: E402
from relmetrics.submission import read_submission  # noqa: E402
from relmetrics.validation import Findings, validate  # noqa: E402

SEEDS = range(8)
PROCESSES = 2
LEVELS = ("core", "relational", "full")


def plants() -> dict[str, tuple[str, Mutation]]:
    """Every known defect: its name, the module that it stands in and what plants it."""
    modules = sorted(one.name for one in pkgutil.iter_modules(mutations.__path__))
    return {
        name: (module, plant)
        for module in modules
        for name, plant in getattr(importlib.import_module(f"mutations.{module}"), "MUTATIONS", {}).items()
    }


def found_in(sheets: Sheets, folder: Path) -> Findings:
    """Write a submission and validate it."""
    sheets.write(folder)
    with read_submission(folder, load_release()) as submission:
        return validate(submission)


def places(found: Findings) -> Counter[Expected]:
    """What was found and where, with the rule of each finding's cause."""
    rules = {one.id: one.rule for one in found}
    return Counter(Expected(one.rule, one.table, one.row, one.field, rules.get(one.cause, "")) for one in found)


def fingerprint(release: Release) -> str:
    """What the page was made from: it has to be made again when a rule has changed."""
    return hashlib.sha256(json.dumps(hashes(release)["rules"], sort_keys=True).encode()).hexdigest()[:16]


@dataclass
class Clean:
    """What clean submissions gave: findings by severity, and for notes how often they were examined and found."""

    n_submissions: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    examined: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)


def run_clean(level: str) -> Clean:
    """Validate random clean submissions of one level."""
    scores = Clean()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            clean_submission(Path(folder) / "clean", seed, level)
            with read_submission(Path(folder) / "clean", load_release()) as submission:
                found = validate(submission, most_listed=1)
        scores.n_submissions += 1
        for check in found.checks:
            scores.findings[check.severity] += check.n_findings
            if check.severity == "note" and check.kind == "rule":
                scores.examined[check.rule] += check.n_examined
                scores.noted[check.rule] += check.n_findings
    return scores


def added(parts: Iterable[Clean]) -> Clean:
    """Scores of all levels together."""
    total = Clean()
    for part in parts:
        total.n_submissions += part.n_submissions
        for mine, theirs in zip(
            (total.findings, total.examined, total.noted), (part.findings, part.examined, part.noted), strict=True
        ):
            mine.update(theirs)
    return total


def run_mutations(names: Sequence[str]) -> list[str]:
    """Plant each of these defects alone; return the names of those that were not found exactly."""
    missed = []
    known = plants()
    with tempfile.TemporaryDirectory() as folder:
        clean = clean_submission(Path(folder) / "clean")
        for name in names:
            sheets = Sheets.read(clean)
            expected = Counter(Expected(*one) for one in known[name][1](sheets))
            if places(found_in(sheets, Path(folder) / name)) != expected:
                missed.append(name)
    return missed


def page(release: Release, n_by_module: dict[str, int], missed: list[str], clean: Clean) -> str:
    """Write the page."""
    n_planted = sum(n_by_module.values())
    rows = "\n".join(f"| {module.replace('_', ' ')} | {n} |" for module, n in sorted(n_by_module.items()))
    notes = "\n".join(
        f"| [{rule}](../reference/checks/{rule}.md) | {_percent(release.rules[rule].rate)} | {clean.examined[rule]:,} "
        f"| {clean.noted[rule]} | {_percent(Decimal(clean.noted[rule]) / max(clean.examined[rule], 1))} |"
        for rule in sorted(clean.examined)
        if rule in release.rules
    )
    return f"""\
# How well mistakes are found

Made by `make scores`; rules as of `{fingerprint(release)}`.

**Planted mistakes.** {n_planted} known mistakes, each planted alone in an invented submission of all 32 tables in which
nothing is wrong. A mistake counts as found if exactly the findings are reported that its file lists, in the cells that
it lists, each under its cause, and nothing else: **{n_planted - len(missed)} of {n_planted}**.\
{" Not found so: " + ", ".join(missed) + "." if missed else ""}

| Mistakes about | Planted |
|---|---|
{rows}

**Clean submissions.** {clean.n_submissions} invented organizations, {len(SEEDS)} of each level, with nothing wrong in
them: **{clean.findings["error"]} errors, {clean.findings["warning"]} warnings, {clean.findings["note"]} notes**. Notes
are worth a look and often right; each states how often it may come up where nothing is wrong.

| Note | May come up in | Examined | Came up | Share |
|---|---|---|---|---|
{notes}

What this does not say: how often real organizations make these mistakes, and what mistakes nobody has thought of. How
well personal data are found stands on [a page of its own](personal_data.md).
"""


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{float(share) * 100:.3g} %"


def main() -> None:
    """Run everything and write the page."""
    release = load_release()
    n_by_module = dict(Counter(module for module, _ in plants().values()))
    names = list(plants())
    with ProcessPoolExecutor(PROCESSES) as pool:
        missed = sorted(chain(*pool.map(run_mutations, [names[part::8] for part in range(8)])))
        clean = added(pool.map(run_clean, LEVELS))
    PAGE.write_text(page(release, n_by_module, missed, clean), encoding="utf-8", newline="\n")
    print(
        f"{PAGE.relative_to(ROOT)}: {len(missed)} of {sum(n_by_module.values())} mistakes not found exactly: {missed}"
    )
    print(f"clean submissions: {dict(clean.findings)}")


if __name__ == "__main__":
    main()
