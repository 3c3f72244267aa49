"""Pseudonyms: the same person the same code, nothing else left that says who it is, and the key nowhere but at home."""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import shutil
import stat
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given as draws
from hypothesis import strategies as st

from calculated import engine, plain
from relmetrics import posix
from relmetrics.cli import main
from relmetrics.errors import UsageError
from relmetrics.posix import alone_in
from relmetrics.pseudonyms import places, pseudonymize, run
from relmetrics.pseudonyms.identity import Mentions, folded, is_none, is_telling, look_alikes, normal, parts_of
from relmetrics.pseudonyms.key import PEOPLE, Key
from relmetrics.pseudonyms.plan import kind_of
from relmetrics.pseudonyms.screening import NOT_PERSONAL
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.synthesis import Behaviours, synthesize, write_folder, write_workbook
from relmetrics.validation import validate

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "riverside_tenants"
VALID = st.text("abcXYZ019._-", min_size=1, max_size=12).filter(lambda one: not is_none(one))

PEOPLE_CSV = """\
person_id,Name,Phone,E-mail,person_type,first_contact_on,first_channel,consent_use,Notes,x_color,María López
Ana García,Ana García,512-555-0142,ana@example.org,constituent,2025-03-01,referral,yes,her brother has no papers,red,1
ana garcía ,Ana G,512-555-0142,ana@example.org,constituent,2025-03-02,referral,yes,twice,blue,2
Luis Pérez,Luis,512-555-0143,luis@example.org,constituent,2025-03-14,phoned by Luis,yes,x,green,3
Eva Zzyx,Eva,512-555-0144,eva@example.org,constituent,2025,referral,yes,y,blue,4
"""
TALKS_CSV = """\
one_to_one_id,held_on,person_a,person_b,status,kind,minutes,x_host,x_note
Ana-Luis-1,2025-04-01,Ana García,Luis Pérez,held,one_to_one,30,Ana García; Eva Zzyx,Luis Pérez told me
2,2025-04-02,  Ana   García,unknown,held,one_to_one,30,Eva Zzyx|Luis Pérez,ok
3,2025-04-03,Luis Pérez,"Eva Zzyx, Luis Pérez",held,one_to_one,thirty,,ok
4,2025-04-04,"Eva Zzyx;Luis Pérez",?,held,one_to_one,10,,ok
"""
RAW = ["Ana", "Garc", "Luis", "Pérez", "Eva", "Zzyx", "512", "example.org", "brother", "papers", "phoned", "thirty"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder that stands for a person's own, which may hold the key and the files in different folders."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def own(home):
    """What a volunteer has: names for ids, contacts beside them, no manifest."""
    folder = home / "mine" / "records"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text(PEOPLE_CSV, encoding="utf-8")
    (folder / "one_to_ones.csv").write_text(TALKS_CSV, encoding="utf-8")
    return folder


def made(home: Path, given: Path, name: str = "out", **settings: Any) -> tuple[Path, Any]:
    output = home / "codes" / name
    return output, pseudonymize(given, output, home / "keys" / "key.json", **settings)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def key_of(home: Path) -> dict[str, Any]:
    return dict(json.loads((home / "keys" / "key.json").read_text(encoding="utf-8")))


# --- who is the same ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("Ana García", "  Ana\u00a0  Garci\u0301a\t", True),  # blanks, a no-break space, an accent of its own
        ("Ana", "\ufeffA\u200bna", True),  # invisible
        ("Ana", "ana", False),  # some systems tell people apart by capitals
        ("Ana García", "Ana Garcia", False),
        ("007", "7", False),
        ("P-0001", "P-0001", True),
    ],
)
def test_what_counts_as_one_id(one, other, are_same):
    assert (normal(one) == normal(other)) is are_same


def test_capitals_are_nothing_only_where_asked():
    assert normal("ANA", ignore_case=True) == normal("ana", ignore_case=True)


@draws(st.text(max_size=40))
def test_a_normal_form_stays(text):
    assert normal(normal(text)) == normal(text)
    assert normal(normal(text, True), True) == normal(text, True)


@draws(VALID)
def test_an_id_of_the_standard_stays_as_it_is(text):
    assert normal(text) == text


@pytest.mark.parametrize("text", ["unknown", "N/A", "?", "--", "", "Desconocida"])
def test_a_cell_may_stand_for_nobody(text):
    assert is_none(normal(text))
    assert not is_none(normal(f"Ana {text} 1"))


def test_several_ids_of_a_cell():
    assert [one.strip() for one in parts_of("a; b|c\nd, e")] == ["a", "b", "c", "d, e"]
    assert [one.strip() for one in parts_of("a, b", [","])] == ["a", "b"]


def test_what_looks_alike_is_told_and_not_decided():
    ids = ["Ana García", "garcia ana", "ANA-GARCIA", "Eva", "007", "7", "70"]
    assert look_alikes(ids, ids) == [["ANA-GARCIA", "Ana García", "garcia ana"], ["007", "7"]]
    assert look_alikes(ids, {"Eva"}) == []
    assert folded("12-3") != folded("1-23")


@pytest.mark.parametrize(
    ("ids", "tells"),
    [
        (["E-0001", "E-0002"], False),
        (["event-1", "ev_2"], False),
        (["2026-04-11"], False),
        (["5f3a9c2e-1b7d-4a6f-9e21-0c5d8b7a6f13"], False),
        (["E-0001", "kitchen"], True),
        (["Maria's house"], True),
        (["MG-1"], True),  # initials
        (["5125550142"], True),
        (["512-555-0142"], True),
    ],
)
def test_ids_of_other_things_may_tell_something(ids, tells):
    assert is_telling(ids, "events") is tells


def test_a_person_is_found_in_words():
    mentions = Mentions(["Ana García", "P-0001", "Eva"])
    assert mentions("talk with ANA GARCIA, at home")
    assert not mentions("Anas Garcia")
    assert not mentions("P 0001")


def test_every_field_that_points_to_a_person_is_replaced():
    release = load_release()
    people = {
        (table.id, field.id)
        for table in release.tables.values()
        for field in table.fields
        if (field.references is not None and field.references.table == "people")
        or (table.id == "people" and field.id in table.key)
        or field.id == "coder"
    }
    replaced = {
        (table.id, field.id)
        for table in release.tables.values()
        for field in table.fields
        if kind_of(release, table, field) == PEOPLE
    }
    assert replaced == people
    assert len(people) >= 19


# --- the key ------------------------------------------------------------------------------------------------------


def test_the_key_is_private_from_its_first_moment(home, own, monkeypatch):
    opened = []
    original = os.open

    def watched(path, flags, mode=0o777, **others):
        handle = original(path, flags, mode, **others)
        if flags & os.O_CREAT and "key.json" in str(path):
            opened.append((stat.S_IMODE(os.fstat(handle).st_mode), bool(flags & os.O_EXCL)))
        return handle

    monkeypatch.setattr(os, "open", watched)
    usual = os.umask(0)
    try:
        made(home, own)
    finally:
        os.umask(usual)
    assert opened == [(0o600, True)]
    assert stat.S_IMODE((home / "keys" / "key.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700
    assert names_in(home / "keys") == ["key.json"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (home / "codes" / "out").iterdir()} == {0o600}


def test_two_runs_with_one_key_exclude_each_other(home, own):
    made(home, own)
    before = (home / "keys" / "key.json").read_bytes()
    with alone_in(home / "keys"), pytest.raises(UsageError, match="Another run"):
        made(home, own, "second")
    assert (home / "keys" / "key.json").read_bytes() == before
    assert not (home / "codes" / "second").exists()
    made(home, own, "third")


@pytest.mark.parametrize("at", ["clear", "put_in_place"])
def test_an_interrupted_run_leaves_no_half_output(home, own, monkeypatch, at):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, at, interrupted)
    with pytest.raises(KeyboardInterrupt):
        made(home, own)
    assert not (home / "codes" / "out").exists()
    assert (home / "keys" / "key.json").exists() is (at == "put_in_place"), "the key comes first"


def test_an_output_that_breaks_off_while_it_is_copied_leaves_nothing(home, own, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(UsageError, match="No space left"):
        made(home, own)
    assert names_in(home / "codes") == []


def test_a_key_that_cannot_be_saved_means_no_output(home, own, monkeypatch):
    monkeypatch.setattr("relmetrics.pseudonyms.key.others_can_open", lambda path: path.exists())
    with pytest.raises(UsageError, match="USB"):
        made(home, own)
    assert not (home / "codes").exists()
    assert names_in(home / "keys") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not a key"),
        ("not json", "not a key"),
        ("[1]", "not a key"),
        ('{"format": "other"}', "not a key"),
        ('{"format": "relmetrics key 1", "people": {"P-1": "Secret", "P-1": "b"}}', "not a key"),
        ('{"format": "relmetrics key 1", "people": {"P-1": 3}}', "damaged"),
        ('{"format": "relmetrics key 1", "people": {"Secret": "b"}}', "damaged"),
        ('{"format": "relmetrics key 1", "people": ["Secret"]}', "damaged"),
        ('{"format": "relmetrics key 1", "people": {"P-1": "Secret", "P-2": "Secret "}}', "two codes, P-1 and P-2"),
        ("[" * 100_000, "not a key"),
    ],
)
def test_a_damaged_key_is_refused_and_not_touched(home, own, content, said):
    key = home / "keys" / "key.json"
    key.parent.mkdir(mode=0o700)
    posix.make_private_file(key)
    key.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=said) as problem:
        made(home, own)
    assert "Secret" not in str(problem.value)
    assert key.read_text(encoding="utf-8") == content
    assert not (home / "codes").exists()


def test_a_key_that_others_may_read_is_refused(home, own):
    made(home, own)
    (home / "keys" / "key.json").chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        made(home, own, "second")


def test_a_link_is_no_key(home, own):
    made(home, own)
    (home / "keys" / "link.json").symlink_to("key.json")
    with pytest.raises(UsageError, match="is a link"):
        pseudonymize(own, home / "codes" / "second", home / "keys" / "link.json")


def test_two_writings_are_put_together_by_hand(home, own):
    made(home, own)
    key = key_of(home)
    one, two = (next(name for name, ids in key["people"].items() if ids == who) for who in ("Ana García", "ana garcía"))
    key["people"][one] = ["Ana García", key["people"].pop(two)]
    (home / "keys" / "key.json").write_text(json.dumps(key), encoding="utf-8-sig")  # as Notepad saves it
    output, outcome = made(home, own, "second")
    assert [row["person_id"] for row in rows(output / "people.csv")].count(one) == 2
    assert outcome.alike == ()
    again = Key.load(home / "keys" / "key.json")
    again.save()
    assert key_of(home)["people"][one] == ["Ana García", "ana garcía"]


def test_the_rule_for_capitals_is_decided_once(home, own):
    output, _ = made(home, own, ignore_case=True)
    assert len({row["person_id"] for row in rows(output / "people.csv")}) == 3
    output, _ = made(home, own, "second")  # the key remembers
    assert len({row["person_id"] for row in rows(output / "people.csv")}) == 3
    pseudonymize(own, home / "codes" / "third", home / "keys" / "other.json")
    with pytest.raises(UsageError, match="without --ignore-case"):
        pseudonymize(own, home / "codes" / "fourth", home / "keys" / "other.json", ignore_case=True)


# --- nothing to be learned from the numbers -----------------------------------------------------------------------


@draws(st.sets(VALID, min_size=1, max_size=40), st.randoms(use_true_random=False), st.integers(0, 99))
def test_the_order_of_the_ids_has_no_influence(ids, mixer, seed):
    mixed = list(ids)
    mixer.shuffle(mixed)
    one, two = Key(Path("k")), Key(Path("k"))
    one.add(PEOPLE, sorted(ids), random.Random(seed))
    two.add(PEOPLE, mixed, random.Random(seed))
    assert one.ids(PEOPLE) == two.ids(PEOPLE)


@draws(st.sets(VALID, max_size=30), st.sets(VALID, max_size=30))
def test_pseudonyms_are_one_to_one_and_lasting(first, more):
    key = Key(Path("k"))
    assert key.add(PEOPLE, first) == len(first)
    before = dict(key.ids(PEOPLE))
    assert key.add(PEOPLE, more | first) == len(more - first)
    now = key.ids(PEOPLE)
    assert {one: now[one] for one in first} == before
    assert len(set(now.values())) == len(now) == len(first | more)
    assert not set(now.values()) & set(now), "nobody's code is somebody's id"


def test_nobody_s_code_is_somebody_s_id():
    key = Key(Path("k"))
    ids = {f"P-{number:04}" for number in range(1, 2000)}
    key.add(PEOPLE, ids)
    codes = set(key.ids(PEOPLE).values())
    assert not ids & codes
    assert len(codes) == len(ids), "where numbers are often drawn twice"


def test_numbers_say_nothing_about_the_alphabet_or_when_somebody_came():
    """The attack: line up the codes with an ordered list of the members; guessing must be as good."""
    n, n_runs = 200, 60
    alphabet, arrival, n_matched = [], [], 0
    for _ in range(n_runs):
        key = Key(Path("k"))
        ids = [f"member {i:04}" for i in range(n)]
        key.add(PEOPLE, ids[: n // 2])
        key.add(PEOPLE, ids[n // 2 :])
        numbers = [int(key.ids(PEOPLE)[one].split("-")[1]) for one in ids]
        rank = {number: at for at, number in enumerate(sorted(numbers))}
        ranks = [rank[number] for number in numbers]
        n_matched += sum(at == one for at, one in enumerate(ranks))
        alphabet.append(sum((at - n / 2) * (one - n / 2) for at, one in enumerate(ranks)) / (n**3 / 12))
        arrival.append(sum(ranks[n // 2 :]) / sum(ranks))
    # One match a run is what chance gives; correlations have a standard deviation of 1/sqrt(n * n_runs).
    assert n_matched < 3 * n_runs
    assert abs(sum(alphabet) / n_runs) < 5 / (n * n_runs) ** 0.5
    assert abs(sum(arrival) / n_runs - 0.5) < 0.03


def test_the_attack_would_see_numbers_in_order():
    n = 200
    ranks = list(range(n))
    assert sum((at - n / 2) * (one - n / 2) for at, one in enumerate(ranks)) / (n**3 / 12) > 0.9


def test_the_order_of_rows_does_not_come_through(home):
    given = home / "mine" / "records"
    shutil.copytree(EXAMPLE, given)
    first, _ = made(home, given)
    for file in given.glob("*.csv"):
        head, *rest = file.read_text(encoding="utf-8").splitlines()
        random.Random(file.name).shuffle(rest)
        file.write_text("\n".join([head, *rest, ""]), encoding="utf-8")
    second, _ = made(home, given, "second")
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes(), file.name


def test_people_in_a_list_are_not_in_the_order_in_which_they_were_written(home, own):
    output, _ = made(home, own, id_columns=["one_to_ones.x_host"])
    lists = [row["x_host"].split(";") for row in rows(output / "one_to_ones.csv") if ";" in row["x_host"]]
    assert len(lists) == 2
    assert all(one == sorted(one) for one in lists)


# --- the same person everywhere -----------------------------------------------------------------------------------


def test_a_person_has_one_code_in_every_table_and_run(home, own):
    output, outcome = made(home, own, id_columns=["one_to_ones.x_host"])
    names = {one: name for name, one in key_of(home)["people"].items()}
    assert {row["person_id"] for row in rows(output / "people.csv")} == {
        names[who] for who in ("Ana García", "ana garcía", "Luis Pérez", "Eva Zzyx")
    }
    talks = {row["held_on"]: row for row in rows(output / "one_to_ones.csv")}
    assert talks["2025-04-01"]["person_a"] == talks["2025-04-02"]["person_a"] == names["Ana García"]
    assert talks["2025-04-01"]["x_host"] == ";".join(sorted([names["Ana García"], names["Eva Zzyx"]]))
    assert talks["2025-04-04"]["person_a"] == ";".join(sorted([names["Eva Zzyx"], names["Luis Pérez"]]))
    assert outcome.n_several == {"one_to_ones.csv, column C": 1}
    assert talks["2025-04-02"]["person_b"] == talks["2025-04-04"]["person_b"] == ""
    assert outcome.n_none == {"one_to_ones.csv, column D": 2}
    assert outcome.n_lists == {"one_to_ones.csv, column D": 1}

    (own / "people.csv").write_text(PEOPLE_CSV + "Zoe,,,,constituent,2026-01,,yes,,,\n", encoding="utf-8")
    second, later = made(home, own, "second")
    assert later.n_ids["people"] == (6, 1)
    new = {row["person_id"] for row in rows(second / "people.csv")} - {
        row["person_id"] for row in rows(output / "people.csv")
    }
    assert {one: name for name, one in key_of(home)["people"].items()} == {**names, "Zoe": new.pop()}


def test_what_looks_alike_is_told_with_places(home, own):
    _, outcome = made(home, own)
    assert [one.places for one in outcome.alike] == [("people.csv, cell A2", "people.csv, cell A3")]
    (own / "people.csv").write_text(PEOPLE_CSV.replace("ana garcía ,", "ANA GARCIA,"), encoding="utf-8")
    _, outcome = made(home, own, "second")
    assert sorted(outcome.alike[0].places) == ["", "people.csv, cell A2", "people.csv, cell A3"]
    assert any("an earlier run" in line for line in outcome.lines())


@pytest.fixture(scope="module")
def organization():
    return synthesize(replace(Behaviours(), people=30), 5)


def test_all_forms_of_the_same_records_give_the_same_files(home, organization):
    given = home / "mine"
    small = replace(organization, tables={name: organization.tables[name] for name in ("people", "one_to_ones")})
    write_folder(small, given / "folder")
    write_workbook(small, given / "book.xlsx", real_dates=True)
    shutil.copytree(given / "folder", given / "without")
    (given / "without" / "submission.yaml").unlink()
    shutil.make_archive(str(given / "archive"), "zip", given / "folder")
    book = openpyxl.load_workbook(given / "book.xlsx")
    del book["submission"]
    book.save(given / "without.xlsx")
    (given / "tabs").mkdir()
    (given / "parquet").mkdir()
    for name in small.tables:
        text = (given / "folder" / f"{name}.csv").read_text(encoding="utf-8")
        (given / "tabs" / f"{name}.tsv").write_text(text.replace(",", "\t"), encoding="utf-16")
        source, target = given / "folder" / f"{name}.csv", given / "parquet" / f"{name}.parquet"
        duckdb.sql(f"COPY (FROM read_csv('{source}', all_varchar=true)) TO '{target}' (FORMAT parquet)")
    names = ("folder", "book.xlsx", "archive.zip", "without", "without.xlsx", "tabs", "parquet")
    outputs = [made(home, given / name, name)[0] for name in names]
    for output in outputs[1:]:
        for file in outputs[0].glob("*.csv"):
            assert file.read_bytes() == (output / file.name).read_bytes(), (output.name, file.name)
    assert [(output / "submission.yaml").exists() for output in outputs] == [True, True, True, *[False] * 4]


def test_one_table_alone(home, own):
    made(home, own)
    output, outcome = made(home, own / "people.csv", "alone")
    assert [file.name for file in output.iterdir()] == ["people.csv"]
    assert (output / "people.csv").read_bytes() == (home / "codes" / "out" / "people.csv").read_bytes()
    assert outcome.n_ids == {"people": (4, 0)}


def test_a_table_of_one_s_own(home, own):
    (own / "visits of Rosa.csv").write_text("Who,day,Rosa Díaz\nEva Zzyx,2025-01-01,1\n", encoding="utf-8")
    (own / "x_visits.csv").write_text("Who,day\nEva Zzyx,2025-01-01\n", encoding="utf-8")
    columns = ["visits of Rosa.who", "X_VISITS.Who"]
    output, outcome = made(home, own, id_columns=columns, keep=["x_visits.day"])
    code = next(name for name, one in key_of(home)["people"].items() if one == "Eva Zzyx")
    assert rows(output / "x_own.csv") == [{"x_person_id": code}], "Who promises names"
    assert rows(output / "x_visits.csv") == [{"x_person_id": code, "day": "2025-01-01"}]
    assert outcome.renamed == {("visits of Rosa", "Who"): "x_person_id", ("x_visits", "Who"): "x_person_id"}
    assert not any("Rosa Díaz" in line for line in outcome.lines()), "the name of a column that is a name"


def test_its_own_output_is_refused(home, own):
    output, _ = made(home, own)
    with pytest.raises(UsageError, match="output of an earlier run"):
        made(home, output, "second")


# --- what is left out ---------------------------------------------------------------------------------------------


def test_nothing_of_what_people_wrote_comes_through(home, own, capsys):
    assert main(["pseudonymize", str(own), "--output", "codes/out", "--key", "keys/key.json", "--quiet"]) == 0
    said = capsys.readouterr()
    for file in (home / "codes" / "out").iterdir():
        text = file.read_text(encoding="utf-8")
        assert not [raw for raw in RAW if raw in text], file.name
    assert [raw for raw in RAW if raw in said.out + said.err] == []
    for line in (
        "people.csv, column B (Name): the name of a person",
        "people.csv, column C (Phone): a phone number",
        "people.csv, column D (E-mail): an e-mail address",
        "people.csv, column I (Notes): free notes",
        "people.csv, column J (x_color): a column of your own",
        "people.csv, column K: the name of a person",
        "people.csv, column G: 1 cell",
        "one_to_ones.csv, column G: 1 cell",
    ):
        assert f"  {line}\n" in said.out, line


def test_what_is_kept_is_looked_through_all_the_same(home, own):
    keep = ["people.x_color", "people.Phone", "one_to_ones.x_note"]
    output, outcome = made(home, own, keep=keep)
    assert {row["x_color"] for row in rows(output / "people.csv")} == {"red", "blue", "green"}
    assert outcome.cleared.columns == {("people", "Phone"): "phone_number", ("one_to_ones", "x_note"): "mention"}
    assert "people.x_color" in outcome.texts
    assert "Phone" not in (output / "people.csv").read_text(encoding="utf-8")


def test_a_kept_column_of_the_old_ids_is_left_out(home):
    given = home / "mine" / "records"
    given.mkdir(parents=True)
    header = "person_id,person_type,first_contact_on,consent_use,x_old,x_floor\n"
    people = "".join(f"P-000{n},constituent,2025-03-01,yes,P-000{n},{n}\n" for n in range(1, 6))
    (given / "people.csv").write_text(header + people, encoding="utf-8")
    output, outcome = made(home, given, keep=["people.x_old", "people.x_floor"])
    assert outcome.cleared.columns == {("people", "x_old"): "mention"}
    assert "x_floor" in (output / "people.csv").read_text(encoding="utf-8")


def test_lines_and_labels_and_the_manifest_are_looked_through(home):
    given = home / "mine" / "records"
    shutil.copytree(EXAMPLE, given)
    text = (given / "submission.yaml").read_text(encoding="utf-8")
    (given / "submission.yaml").write_text(text.replace('"data team"', '"Maria Gonzalez"'), encoding="utf-8")
    with (given / "lines.csv").open("a", encoding="utf-8") as stream:
        stream.write("papers,none,Undocumented,no\nlanguage,other,Maria Gonzalez,no\n")
    with (given / "person_lines.csv").open("a", encoding="utf-8") as stream:
        stream.write("P-0002,papers,none\n")
    output, outcome = made(home, given, keep=["groups.label"])
    assert "papers" not in (output / "lines.csv").read_text(encoding="utf-8")
    assert "papers" not in (output / "person_lines.csv").read_text(encoding="utf-8")
    everything = "".join(file.read_text(encoding="utf-8") for file in output.iterdir())
    assert "Gonzalez" not in everything
    assert "contact_role" not in everything
    assert "Tenant council" in everything
    assert set(outcome.cleared.lines.values()) == {"refused_line_topic"}
    assert outcome.cleared.manifest == {"contact_role": "person_name"}
    assert outcome.cleared.cells == {("lines", "title"): {"person_name": 1}}


@pytest.mark.parametrize("seed", [None, "names"])
def test_no_screen_finds_anything_in_the_output(home, own, seed):
    given = own
    if seed is None:
        given = home / "mine" / "example"
        shutil.copytree(EXAMPLE, given)
    output, outcome = made(home, given)
    if not outcome.has_manifest:
        shutil.copy(EXAMPLE / "submission.yaml", output)
    with read_submission(output) as submission:
        screens = submission.release.screens.keys() - NOT_PERSONAL
        assert [finding.rule for finding in validate(submission) if finding.rule in screens] == []


def test_ids_of_groups_and_events_are_replaced_where_they_tell_something(home):
    given = home / "mine" / "records"
    shutil.copytree(EXAMPLE, given)
    output, outcome = made(home, given)
    assert ("groups.csv, column C", "label", "label") in {(one.place, one.name, one.why) for one in outcome.left}
    assert "label" not in rows(output / "groups.csv")[0], "labels of groups say which group it is"
    assert set(outcome.n_ids) == {"people", "groups"}
    assert outcome.as_they_are == ("one_to_ones", "events")
    output, outcome = made(home, given, "all", all_ids=True)
    assert set(outcome.n_ids) == {"people", "groups", "events", "one_to_ones"}
    event = read_submission(output).manifest.review.event_id
    assert event in {row["event_id"] for row in rows(output / "events.csv")}
    assert event != "E-0079"
    _, outcome = made(home, given, "kept", keep=["groups.group_id"])
    assert "groups" in outcome.as_they_are
    text = (given / "groups.csv").read_text(encoding="utf-8")
    (given / "groups.csv").write_text(text + "Ana-Lima-home,team,,,,,,,\n", encoding="utf-8")
    text = (given / "people.csv").read_text(encoding="utf-8")
    (given / "people.csv").write_text(text + "Ana Lima,constituent,2025,,,yes,\n", encoding="utf-8")
    with pytest.raises(UsageError, match="An id of groups holds the id of a person"):
        made(home, given, "no", keep=["groups.group_id"])


# --- nothing is changed that is measured --------------------------------------------------------------------------

_DRAWN = {"interval", "benchmark", "warnings", "status"}


def values_of(folder: Path) -> list[Any]:
    with read_submission(folder) as submission:
        return [{k: v for k, v in plain(value).items() if k not in _DRAWN} for value in engine(submission)]


def close(one: Any, two: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(close(one[key], two[key]) for key in one)
    if isinstance(one, float) and two is not None:
        return bool(one == pytest.approx(two, rel=1e-12, abs=1e-13))
    return bool(one == two)


@pytest.mark.parametrize("all_ids", [False, True])
def test_values_are_those_of_the_original(home, all_ids):
    given = home / "mine" / "records"
    shutil.copytree(EXAMPLE, given)
    output, _ = made(home, given, all_ids=all_ids)
    before, after = values_of(given), values_of(output)
    assert len(before) == len(after) > 5
    for one, two in zip(before, after, strict=True):
        assert close(one, two), one["indicator"]
    with read_submission(output) as submission:
        assert validate(submission).counts()["error"] == 0


def test_names_for_ids_give_the_values_that_codes_give(home, organization):
    """Ids that the standard cannot read, written in several ways, become the same values as clean ones."""
    mixer = random.Random(7)
    parts = ("Ana", "José", "Zoë", "O'Neil", "de la Cruz", "名", "Q-", "x.y@z.org")
    old = sorted(set(organization.tables["people"]["person_id"]))
    names = {one: f"{mixer.choice(parts)} {mixer.choice(parts)} {number}" for number, one in enumerate(old)}
    release = load_release()

    def written(one: str) -> str:
        form = mixer.choice(["NFC", "NFD"])
        return (
            mixer.choice(["", " ", "\u00a0"]) + unicodedata.normalize(form, names[one]) + mixer.choice(["", "\t", "  "])
        )

    tables = {
        table: {
            column: [written(cell) if cell in names else cell for cell in cells]
            if kind_of(release, release.tables[table], release.tables[table].by_id[column]) == PEOPLE
            else cells
            for column, cells in columns.items()
        }
        for table, columns in organization.tables.items()
    }
    write_folder(organization, home / "clean")
    write_folder(replace(organization, tables=tables), home / "mine" / "records")
    output, outcome = made(home, home / "mine" / "records", ignore_case=True)
    coders = set(organization.tables["event_codings"]["coder"])
    n = len(old) + len(coders)
    assert outcome.n_ids["people"] == (n, n), "one code a person, however it was written"
    for one, two in zip(values_of(home / "clean"), values_of(output), strict=True):
        assert close(one, two), one["indicator"]


def test_values_of_cells_are_those_of_the_original(home, organization):
    """Whatever stands in the other columns stands there afterwards, row for row."""
    given = home / "mine" / "records"
    write_folder(organization, given)
    output, _ = made(home, given)
    names = {kind: {i: name for name, i in ids.items()} for kind, ids in key_of(home).items() if isinstance(ids, dict)}
    release = load_release()
    for table in organization.tables:
        if table not in release.tables:
            continue
        fields = release.tables[table].by_id
        kinds = {name: kind_of(release, release.tables[table], fields[name]) for name in fields}
        expected = [
            {
                column: names[kinds[column]].get(cell, "") if kinds[column] in names and ";" not in cell else cell
                for column, cell in row.items()
                if fields[column].type not in ("label", "public_text")
            }
            for row in rows(given / f"{table}.csv")
        ]
        actual = [
            {column: cell for column, cell in row.items() if fields[column].type not in ("label", "public_text")}
            for row in rows(output / f"{table}.csv")
        ]
        order = sorted(kinds.keys() & expected[0].keys()) if expected else []
        by = [[tuple(row[column] for column in order) for row in side] for side in (expected, actual)]
        assert sorted(by[0]) == sorted(by[1]), table


# --- where things may lie -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("codes/out/key.json", "together with the output"),
        ("codes/key.json", "together with the output"),
        ("mine/records/key.json", "together with what you handed in"),
        ("mine/records/deep/key.json", "together with what you handed in"),
        ("mine/key.json", "together with what you handed in"),
        ("Dropbox/key.json", "another company"),
        ("Dropbox (Personal)/deep/key.json", "another company"),
        ("OneDrive - Riverside/key.json", "another company"),
        ("Library/CloudStorage/x/key.json", "another company"),
        ("synced/key.json", "another company"),
        ("repository/deep/key.json", "versions"),
        ("Public/key.json", "to be shared"),
        ("writable/key.json", "can put files"),
        ("open/deep/key.json", "can exchange files"),
        ("mine", "is a folder"),
    ],
)
def test_the_key_lies_nowhere_where_it_travels(home, own, key, said, capsys):
    for name in ("synced/.stfolder", "repository/.git", "writable", "open/deep"):
        (home / name).mkdir(parents=True)
    (home / "writable").chmod(0o777)
    (home / "open").chmod(0o777)
    assert main(["pseudonymize", str(own), "--output", "codes/out", "--key", key]) == 2
    assert said in capsys.readouterr().err
    assert not (home / "codes").exists()
    assert not list(home.rglob("key.json"))


def test_links_do_not_hide_where_the_key_lies(home, own):
    (home / "elsewhere").symlink_to(own.parent)
    with pytest.raises(UsageError, match="what you handed in"):
        pseudonymize(own, home / "codes" / "out", home / "elsewhere" / "key.json")


def test_the_key_may_lie_in_the_home_folder_itself(home, own):
    pseudonymize(own, home / "codes" / "out", home / "key.json")
    with pytest.raises(UsageError, match="the output"):
        pseudonymize(own, home / "out", home / "key.json")


def test_the_key_lies_on_no_other_machine(home, own, monkeypatch):
    monkeypatch.setattr(places, "is_on_network_drive", lambda path: True)
    with pytest.raises(UsageError, match="another machine"):
        made(home, own)


def test_a_network_drive_is_known_by_its_kind(tmp_path, monkeypatch):
    mounts = f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path}/a\\040b nfs4 rw 0 0\n".encode()
    monkeypatch.setattr(Path, "read_bytes", lambda self: mounts)
    assert posix.is_on_network_drive(tmp_path / "a b" / "c")
    assert not posix.is_on_network_drive(tmp_path / "a")
    assert not posix.is_on_network_drive(tmp_path / "a bc")


def test_nothing_is_written_over(home, own):
    output, _ = made(home, own)
    before = {file.name: file.read_bytes() for file in output.iterdir()}
    with pytest.raises(UsageError, match="there already"):
        made(home, own)
    assert {file.name: file.read_bytes() for file in output.iterdir()} == before
    (home / "codes" / "file").touch()
    with pytest.raises(UsageError, match="no folder"):
        made(home, own, "file")
    (home / "codes" / "empty").mkdir()
    made(home, own, "empty")
    with pytest.raises(UsageError, match="within the folder"):
        pseudonymize(own, own / "out", home / "keys" / "key.json")


# --- the command --------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(home, own, capsys):
    assert main(["pseudonymize", str(own), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "Nothing was written" in said
    assert "column C (Phone): a phone number" in said
    assert sorted(path.name for path in home.iterdir()) == ["mine"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--output"),
        (["--output", "codes/out"], "--key"),
        (["--dry-run", "--keep", "people.no_such_column"], "There is no column people.no_such_column"),
        (["--dry-run", "--keep", "people"], "write table.column"),
        (["--dry-run", "--keep", "people.person_id"], "never kept"),
        (["--dry-run", "--id-column", "people.consent_use"], "holds no such ids"),
        (["--dry-run", "--list-separator", " "], "--list-separator"),
    ],
)
def test_what_cannot_be_done_is_said(home, own, arguments, said, capsys):
    assert main(["pseudonymize", str(own), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_files_without_anything_to_keep_are_told(home, capsys):
    (home / "sign-in.csv").write_text("Name,Phone\nRosa Díaz,512-555-0111\n", encoding="utf-8")
    assert main(["pseudonymize", "sign-in.csv", "--dry-run"]) == 2
    said = capsys.readouterr().err
    assert "--id-column" in said
    assert "Rosa" not in said
    assert main(["pseudonymize", "no_such.csv", "--dry-run"]) == 2
    assert main(["pseudonymize", "sign-in.csv", "--dry-run", "--id-column", "sign-in.name"]) == 0


def test_names_of_tables_are_all_different():
    from relmetrics.pseudonyms.plan import PlannedTable
    from relmetrics.pseudonyms.rewriting import file_name

    taken: set[str] = set()
    tables = [PlannedTable(name, "", "", ()) for name in ("x_a b", "x_a/b", "X_A_B", "Rosa", "Eva")]
    names = [file_name(table, taken) for table in tables]
    assert names == ["x_a_b.csv", "x_a_b_2.csv", "X_A_B_3.csv", "x_own.csv", "x_own_2.csv"]
    assert len({name.casefold() for name in itertools.chain(names)}) == 5
