"""Broken submissions and files, by seed: some in every run, ten thousand in `make test-all`; see `broken`."""

from __future__ import annotations

import os

import pytest

from adversary import broken
from relmetrics.standard import load_release

# Set by `make test-all`.
NUMBER = 10_000 if os.environ.get("RELMETRICS_NO_SKIPS", "") not in {"", "0"} else 300
AT_ONCE = 50


@pytest.fixture(scope="module")
def release():
    return load_release()


@pytest.mark.parametrize("first", range(0, NUMBER, AT_ONCE))
def test_each_ends_with_findings_or_one_sentence(first, tmp_path, release, record_property):
    outcomes = broken.run_many(range(first, first + AT_ONCE), tmp_path, release)
    record_property("broken", dict(outcomes.counts))
    record_property("broken worst", [outcomes.slowest, outcomes.largest])
    assert not outcomes.wrong, "\n".join(f"--- seed {one.seed} ({one.form}): {one.wrong}" for one in outcomes.wrong)


def test_a_seed_is_always_the_same(tmp_path):
    made = []
    for place in (tmp_path / "a", tmp_path / "b"):
        place.mkdir()
        for seed in range(60):
            (place / str(seed)).mkdir()
            broken.make(seed, place / str(seed))
        files = sorted(file for file in place.rglob("*") if file.is_file())
        made.append([(file.relative_to(place), file.read_bytes()) for file in files])
    assert made[0] == made[1]


def test_what_is_wrong_is_seen(tmp_path, release, monkeypatch):
    """A foreign exception, a sentence that is none, one with a folder in it, and one that takes too long."""
    (tmp_path / "1").mkdir()

    def ends(problem):
        def read(path, *args, **options):
            raise problem(path)

        monkeypatch.setattr(broken, "read_submission", read)
        (tmp_path / "1" / "given").mkdir(exist_ok=True)
        monkeypatch.setattr(broken, "make", lambda seed, place: ("folder", place / "given"))
        return broken.run(1, tmp_path / "1", release).wrong

    unreadable = broken.UnreadableInputError
    assert "KeyError" in ends(lambda path: KeyError("x"))
    assert "names a folder" in ends(lambda path: unreadable(f"{path} cannot be read at all."))
    assert "no sentence" in ends(lambda path: unreadable("given"))
    assert "no sentence" in ends(lambda path: unreadable("it went wrong for a reason that nobody knows"))
    hiding = unreadable()
    hiding.args = ("given \u202e is not something that can be read.",)  # past what makes messages harmless
    assert "cannot be seen" in ends(lambda path: hiding)
    assert "more than one" in ends(lambda path: unreadable("given cannot be read.\nAnd here is another line."))
    assert ends(lambda path: unreadable("given cannot be read at all. Save it again.")) == ""
    monkeypatch.setattr(broken, "SECONDS", 0.0)
    assert "seconds" in ends(lambda path: unreadable("given cannot be read at all. Save it again."))
