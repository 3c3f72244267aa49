"""The manifest and a funder's requirements as an attacker would write them: one sentence each, quickly."""

from __future__ import annotations

import os
import time

import pytest

from relmetrics.documents import MAX_BYTES, DocumentError, read_document
from relmetrics.errors import RequirementsError, UnreadableInputError
from relmetrics.requirements import read_requirements
from relmetrics.standard import load_release
from relmetrics.submission import read_submission

MANIFEST = """\
dataset_id: test-1
schema_version: 1.0
organization_id: test
period: {start: 2026-01-01, end: 2026-12-31}
records_from: 2025-01-01
adoption_level: core
tie_rule: one_to_one
conversations_recorded_for: everyone
has_paid_staff: no
complete_tables: []
boundary_rule: who comes to meetings
consent_basis: verbal
"""
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + number)}: &{chr(98 + number)} [{','.join(['*' + chr(97 + number)] * 9)}]\n" for number in range(9)
)

ATTACKS = {
    "a tag": "x: !!python/object/apply:os.system [echo]\n",
    "a tag of its own": "!evil\nx: 1\n",
    "a binary tag": "x: !!binary aGVsbG8=\n",
    "a tag with a line break": "x: !<tag:example.org,2026:x> 1\n",
    "a directive": "%TAG ! tag:example.org,2026:\n---\nx: 1\n",
    "a billion laughs": LAUGHS,
    "an alias of itself": "x: &a [*a]\n",
    "a merge": "x: &a {y: 1}\nz:\n  <<: *a\n",
    "a merge without an alias": "<<: {dataset_id: other}\n",
    "merge of merges": "<<: [{a: 1}, {b: 2}]\n",
    "a key twice": "dataset_id: other\n",
    "a key twice in depth": "period: {start: 2026-01-01, start: 2026-01-02}\n",
    "a key that is a list": "? [a, b]\n: c\n",
    "a second document": "---\ndataset_id: other\n",
    "deep lists": "x: " + "[" * 100_000 + "\n",
    "deep mappings": "x: " + "{a: " * 50_000 + "\n",
    "deep by indentation": "".join(" " * depth + f"k{depth}:\n" for depth in range(1, 1000)),
    "a huge number": "schema_version: " + "1" * 900_000 + "\n",
    "a huge exponent": "x_note: 1e999999999\n",
    "a huge key": "k" * 900_000 + ": 1\n",
    "many keys": "".join(f"k{number}: 1\n" for number in range(60_000)),
    "many tables": "files: {" + ",".join(f"t{number}: {{}}" for number in range(50_000)) + "}\n",
    "a NUL": "x: \0\n",
    "an escape of a terminal": 'x: "\\e[31m"\n',
    "a half character": 'x: "\\uD800"\n',
    "characters turned round": "\u202edi_tesatad: 1\n",
    "a path out of the folder": "files: {people: {path: ../../../etc/passwd}}\n",
    "a path from outside": "files: {people: {path: /etc/passwd}}\n",
    "a path on a drive": "files: {people: {path: 'C:\\x.csv'}}\n",
    "a path on another machine": "files: {people: {path: '\\\\server\\share\\x.csv'}}\n",
    "a path with a pattern": "files: {people: {path: '*.csv'}}\n",
    "an address for a path": "files: {people: {path: 'http://example.org/people.csv'}}\n",
    "an encoding that is code": "files: {people: {encoding: rot13}}\n",
    "an encoding that unpacks": "files: {people: {encoding: zlib_codec}}\n",
    "a delimiter that is SQL": 'files: {people: {delimiter: "\');DROP"}}\n',
    "a date format that is another's": "files: {people: {date_format: '%Y%n%s'}}\n",
    "a column name that is SQL": "files: {people: {columns: {'\"; DROP TABLE x; --': person_id}}}\n",
    "no text": "\ud800",
}


@pytest.fixture(scope="module")
def release():
    return load_release()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "people.csv").write_text("person_id,person_type\nP-1,constituent\n")
    return tmp_path / "given"


def sentence_of(problem, place):
    text = str(problem)
    assert str(place) not in text
    assert "passwd" not in text or "root:" not in text
    assert text.replace("\n", "").isprintable()
    assert text.rstrip().endswith((".", "?"))
    assert max(map(len, text.split("\n"))) < 700
    return text


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_manifest(folder, release, attack):
    content = (MANIFEST + ATTACKS[attack]).encode("utf-8", "surrogatepass")
    (folder / "submission.yaml").write_bytes(content)
    began = time.monotonic()
    try:
        read_submission(folder, release, threads=1).close()
    except UnreadableInputError as problem:
        sentence_of(problem, folder)
    else:
        # Harmless: a column that nobody has, and a table of the same name in the same folder.
        assert attack in ("a column name that is SQL", "a directive")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", ["asks.yaml", "asks.json"])
def test_requirements(tmp_path, release, attack, name):
    (tmp_path / name).write_bytes(ATTACKS[attack].encode("utf-8", "surrogatepass"))
    began = time.monotonic()
    with pytest.raises((RequirementsError, UnreadableInputError)) as caught:
        read_requirements(tmp_path / name, release)
    sentence_of(caught.value, tmp_path)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_ten_megabytes_are_not_even_read(tmp_path, name, monkeypatch):
    (tmp_path / name).write_bytes(b"a: 1\n" * 2_000_000)
    monkeypatch.setattr(type(tmp_path), "open", lambda path, *args: pytest.fail("it was opened"))
    with pytest.raises(DocumentError, match=f"at most {MAX_BYTES:,}"):
        read_document(tmp_path / name)


@pytest.mark.parametrize("name", ["submission.yaml", "people.csv", "groups.csv", "people.xlsx"])
@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_what_never_ends(folder, release, name, kind):
    """A device gives as much as anybody takes, and a pipe lets whoever opens it wait for ever."""
    (folder / "submission.yaml").write_text(MANIFEST)
    (folder / name).unlink(missing_ok=True)
    if kind == "device":
        (folder / name).symlink_to("/dev/zero")
    else:
        os.mkfifo(folder / name)
    with pytest.raises(UnreadableInputError, match="a device or a pipe") as caught:
        read_submission(folder, release).close()
    sentence_of(caught.value, folder)
    with pytest.raises(DocumentError, match="a device or a pipe"):
        read_document(folder / name)
