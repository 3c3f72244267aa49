"""The schema in other forms: each is executed by the program that it is for, with rows that it must take and refuse."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import openpyxl
import pytest

from relmetrics.cli import main
from relmetrics.cli.schema import _FORMATS
from relmetrics.errors import UsageError
from relmetrics.publishing.export import FORMATS, Selection, files_of, select, texts_of, write_file
from relmetrics.publishing.export.datapackage import datapackage
from relmetrics.publishing.export.ddl import CODES, DANGLING, ddl
from relmetrics.publishing.export.examples import example_rows
from relmetrics.publishing.export.json_schema import schemas
from relmetrics.publishing.export.pages import manifest_keys
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.submission.columns import EXPLAINING
from relmetrics.validation import validate
from relmetrics.words import Words

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "riverside_tenants"
MISTAKEN = ROOT / "examples" / "riverside_tenants_with_mistakes"
TEMPLATE_ROWS = ROOT / "examples" / "template_rows"
LEVELS = ("core", "relational", "full")


def at(level: str = "full", *tables: str) -> Selection:
    return select(load_release(), level, tables)


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- what is exported ---------------------------------------------------------------------------------------------


def test_a_level_holds_its_tables_and_fields_and_those_below():
    release = load_release()
    core, full = at("core"), at("full")
    assert set(full.tables) == set(release.tables)
    assert full.tables["events"].fields == release.tables["events"].fields
    assert set(core.tables) < set(full.tables)
    assert "decision_id" in full.tables["events"].by_id
    assert "decision_id" not in core.tables["events"].by_id
    assert core.lookup(release.tables["events"].by_id["decision_id"]) is None
    assert [name for name, table in full.tables.items() if table.is_necessary] == list(full.tables)[:6]


def test_only_the_tables_asked_for_with_their_own_fields():
    one = at("core", "seats")
    assert list(one.tables) == ["seats"]
    assert one.tables["seats"].fields == load_release().tables["seats"].fields


@pytest.mark.parametrize(("level", "tables"), [("deep", []), ("core", ["peeple"])])
def test_what_there_is_not_is_refused(level, tables):
    with pytest.raises(UsageError, match=r"There is no (level|table)"):
        select(load_release(), level, tables)


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_release_gives_the_same_bytes(level, tmp_path):
    for name in files_of(at(level), FORMATS):
        for folder in ("one", "two"):
            write_file(at(level), name, tmp_path / folder, Words())
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


# --- JSON Schema --------------------------------------------------------------------------------------------------


def judge(schema_: dict[str, Any], row: dict[str, Any]) -> bool:
    validator = jsonschema.Draft202012Validator(schema_, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return validator.is_valid(row)


def typed(selection: Selection, table: str, row: dict[str, str]) -> dict[str, Any]:
    kinds = {"integer": int, "decimal": float, "codes": lambda text: text.split(";")}
    fields = selection.tables[table].by_id
    return {name: kinds.get(fields[name].type, str)(text) for name, text in row.items() if text}


@pytest.mark.parametrize("level", LEVELS)
def test_schemas_are_schemas(level):
    found = schemas(at(level))
    assert set(found) == set(at(level).tables)
    assert len({one["$id"] for one in found.values()}) == len(found)
    for one in found.values():
        jsonschema.Draft202012Validator.check_schema(one)
        assert one["$id"].startswith(load_release().header.base_uri)


def test_schemas_take_the_examples():
    selection = at()
    found = schemas(selection)
    for folder in (EXAMPLE, TEMPLATE_ROWS):
        for file in sorted(folder.glob("*.csv")):
            for row in rows_of(folder, file.stem):
                assert judge(found[file.stem], typed(selection, file.stem, row)), (file, row)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("people", {"person_type": "friend"}),
        ("people", {"person_id": "P 1"}),
        ("people", {"person_id": None}),
        ("people", {"first_contact_on": "2026-13"}),
        ("people", {"first_contact_on": "March 2026"}),
        ("people", {"shoe_size": "44"}),
        ("events", {"held_on": "2026-05"}),
        ("events", {"held_on": "2026-02-30"}),
        ("events", {"head_count": -1}),
        ("events", {"head_count": "12"}),
        ("events", {"cycle_steps": ["dancing"]}),
        ("events", {"cycle_steps": ["action", "action"]}),
        ("events", {"target": "x" * 61}),
        ("activity_counts", {"month": "2026-04-01"}),
    ],
)
def test_schemas_refuse(table, change):
    selection = at()
    row = typed(selection, table, rows_of(TEMPLATE_ROWS, table)[0])
    assert judge(schemas(selection)[table], row)
    assert not judge(schemas(selection)[table], row | change)


def test_schemas_take_what_is_optional_and_own():
    people = schemas(at())["people"]
    row = {"person_id": "P-1", "person_type": "staff", "first_contact_on": "2025", "consent_use": "no"}
    assert judge(people, row)
    assert judge(people, row | {"first_channel": None, "x_shoe_size": "44"})


# --- Data Package -------------------------------------------------------------------------------------------------


def frictionless(folder: Path) -> tuple[int, str]:
    program = "import sys; from frictionless.__main__ import console; console()"
    command = [sys.executable, "-c", program, "validate", "datapackage.json", "--json"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"}
    )
    return done.returncode, done.stdout + done.stderr


def packed(folder: Path, tmp_path: Path, level: str = "full") -> Path:
    """A copy of a submission with its descriptor beside it, made as the documentation says."""
    copy = tmp_path / "packed"
    shutil.copytree(folder, copy)
    command = ["schema", "export", "--format", "datapackage", "--level", level, "--out", str(copy), "--quiet"]
    assert main([*command, "--present-in", str(folder)]) == 0
    return copy


def test_the_example_is_a_valid_data_package(tmp_path):
    status, said = frictionless(packed(EXAMPLE, tmp_path))
    assert status == 0, said
    assert len(json.loads(said)["tasks"]) == len(list(EXAMPLE.glob("*.csv")))


def test_every_table_is_taken_by_frictionless(tmp_path):
    status, said = frictionless(packed(TEMPLATE_ROWS, tmp_path))
    assert status == 0, said
    assert len(json.loads(said)["tasks"]) == len(load_release().tables)


def test_the_copy_with_mistakes_is_no_valid_data_package(tmp_path):
    status, said = frictionless(packed(MISTAKEN, tmp_path))
    assert status == 1, said
    assert "foreign-key" in said


@pytest.mark.parametrize(
    ("table", "old", "new", "error"),
    [
        ("people", "constituent,2025-03", "friend,2025-03", "constraint-error"),
        ("people", "2025-03", "2025-13", "constraint-error"),
        ("people", "EXAMPLE-P2,", "EXAMPLE-P1,", "primary-key"),
        ("events", "2026-05-09", "9.5.2026", "type-error"),
        ("events", "action,organizing", "dancing,organizing", "constraint-error"),
        ("events", ",42,", ",-42,", "constraint-error"),
        ("participation", "EXAMPLE-E2,EXAMPLE-P1,yes", "EXAMPLE-E2,EXAMPLE-P1,", "constraint-error"),
        ("participation", "EXAMPLE-E3,EXAMPLE-P2", "EXAMPLE-E3,EXAMPLE-P9", "foreign-key"),
        ("outcome_codings", "EXAMPLE-O1,visible,coder-1", "EXAMPLE-O1,hidden,coder-1", "foreign-key"),
    ],
)
def test_a_mistake_is_seen_by_frictionless(table, old, new, error, tmp_path):
    copy = packed(TEMPLATE_ROWS, tmp_path)
    text = (copy / f"{table}.csv").read_text(encoding="utf-8")
    assert old in text
    (copy / f"{table}.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    status, said = frictionless(copy)
    assert status == 1
    assert f'"{error}"' in said


def test_columns_may_be_absent_and_in_any_order(tmp_path):
    copy = packed(EXAMPLE, tmp_path)
    rows = rows_of(copy, "groups")
    kept = [name for name in reversed(rows[0]) if name not in ("label", "started_on")]
    with (copy / "groups.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    status, said = frictionless(copy)
    assert status == 0, said


def test_a_package_of_fewer_tables_points_to_none_that_is_absent():
    package = datapackage(at(), present={"people", "memberships"})
    assert [one["name"] for one in package["resources"]] == ["people", "memberships"]
    keys = package["resources"][1]["schema"]["foreignKeys"]
    assert {key["reference"]["resource"] for key in keys} == {"people"}


# --- SQL ----------------------------------------------------------------------------------------------------------

PEOPLE = "INSERT INTO people (person_id, person_type, first_contact_on, consent_use) VALUES "
# What both databases must take on top of the example rows, and what they must refuse.
TAKEN = [
    PEOPLE + "('P.1_x-2', 'staff', '2025', 'no')",
    PEOPLE + "('P-8', 'staff', '2024-02-29', 'no')",
    "INSERT INTO activity_counts (month, kind, n) VALUES ('2026-05', 'opens', 0)",
    "INSERT INTO person_lines (person_id, line_id, category_id) VALUES ('P-8', 'EXAMPLE-language', 'unknown')",
    "UPDATE events SET cycle_steps = 'action;strategy' WHERE event_id = 'EXAMPLE-E2'",
]
REFUSED = [
    PEOPLE + "('EXAMPLE-P1', 'staff', '2025', 'no')",
    PEOPLE + "(NULL, 'staff', '2025', 'no')",
    PEOPLE + "('P 9', 'staff', '2025', 'no')",
    PEOPLE + "('P-9', 'friend', '2025', 'no')",
    PEOPLE + "('P-9', 'staff', 'soon', 'no')",
    PEOPLE + "('P-9', 'staff', '2026-13', 'no')",
    PEOPLE + "('P-9', 'staff', '2026-02-30', 'no')",
    PEOPLE + "('P-9', 'staff', '1899-12-31', 'no')",
    PEOPLE + "('P-9', 'staff', '2025', NULL)",
    "INSERT INTO events (event_id, held_on, status, kind) VALUES ('E-9', '1899-12-31', 'held', 'meeting')",
    "INSERT INTO events (event_id, held_on, status, kind) VALUES ('E-9', '2026-02-30', 'held', 'meeting')",
    "UPDATE events SET head_count = -1 WHERE event_id = 'EXAMPLE-E3'",
    "UPDATE events SET cycle_steps = 'action;dancing' WHERE event_id = 'EXAMPLE-E3'",
    "INSERT INTO groups (group_id, group_type, label) VALUES ('G-9', 'team', '" + "x" * 61 + "')",
    "INSERT INTO groups (group_id, group_type, label) VALUES ('G-9', 'team', ' ')",
    "INSERT INTO activity_counts (month, kind, n) VALUES ('2026-13', 'opens', 0)",
    "INSERT INTO participation (event_id, person_id, attended) VALUES ('EXAMPLE-E1', 'P-99', 'yes')",
    "INSERT INTO outcome_codings (outcome_id, face, coder, grade) VALUES ('EXAMPLE-O1', 'hidden', 'coder-9', 2)",
    "INSERT INTO outcome_codings (outcome_id, face, coder, grade) VALUES ('EXAMPLE-O1', 'visible', 'coder-9', 5)",
]


def in_order(sql: str) -> list[str]:
    """Order of loading, as the head of the file says it."""
    line = next(line for line in sql.splitlines() if line.startswith("-- Load the tables in this order: "))
    return line.removeprefix("-- Load the tables in this order: ").rstrip(".").split(", ")


def load_into_duckdb(database: duckdb.DuckDBPyConnection, sql: str, folder: Path) -> None:
    database.execute(sql)
    for table in in_order(sql):
        if (folder / f"{table}.csv").is_file():
            source = f"read_csv('{folder / table}.csv', header = true, all_varchar = true)"
            database.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM {source}')


@pytest.fixture(scope="module")
def loaded_duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as database:
        load_into_duckdb(database, ddl(at(), "duckdb"), TEMPLATE_ROWS)
        yield database


@pytest.fixture
def in_duckdb(loaded_duckdb) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every table with the example rows; what a test does to them is undone."""
    loaded_duckdb.execute("BEGIN")
    yield loaded_duckdb
    loaded_duckdb.execute("ROLLBACK")


@pytest.mark.parametrize("level", LEVELS)
def test_duckdb_takes_the_tables_and_the_example(level):
    with duckdb.connect() as database:
        load_into_duckdb(database, ddl(at(level), "duckdb"), EXAMPLE)
        for file in EXAMPLE.glob("*.csv"):
            n = database.execute(f'SELECT count(*) FROM "{file.stem}"').fetchone()
            assert n == (len(rows_of(EXAMPLE, file.stem)),)
        assert database.execute(f"SELECT * FROM {DANGLING}").fetchall() == []


def test_duckdb_takes_every_table(in_duckdb):
    for table in load_release().tables:
        n = in_duckdb.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        assert n == (len(rows_of(TEMPLATE_ROWS, table)),), table
    assert in_duckdb.execute(f"SELECT * FROM {DANGLING}").fetchall() == []
    about = "SELECT comment FROM duckdb_columns() WHERE table_name = 'people' AND column_name = 'person_id'"
    assert "made up" in in_duckdb.execute(about).fetchone()[0]


@pytest.mark.parametrize("statement", TAKEN)
def test_duckdb_takes(in_duckdb, statement):
    if "'P-8', 'EXAMPLE" in statement:
        in_duckdb.execute(TAKEN[1])
    in_duckdb.execute(statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_duckdb_refuses(in_duckdb, statement):
    with pytest.raises((duckdb.ConstraintException, duckdb.ConversionException)):
        in_duckdb.execute(statement)


def test_duckdb_views_say_more(in_duckdb):
    first = in_duckdb.execute(
        "SELECT first_contact_on_first_day, first_contact_on_precision FROM people_dates ORDER BY person_id"
    ).fetchall()
    assert [(str(day), precision) for day, precision in first] == [
        ("2025-03-01", "month"),
        ("2026-04-18", "day"),
        ("2025-06-14", "day"),
    ]
    steps = in_duckdb.execute("SELECT cycle_step FROM events_cycle_steps WHERE event_id = 'EXAMPLE-E1'").fetchall()
    assert steps == [("issue_identification",), ("power_analysis",)]


def test_what_duckdb_does_not_refuse_is_found_by_a_view(in_duckdb):
    in_duckdb.execute("UPDATE groups SET parent_group_id = 'G-77' WHERE group_id = 'EXAMPLE-G2'")
    in_duckdb.execute("UPDATE one_to_ones SET concerns = 'EXAMPLE-heating;mould'")
    in_duckdb.execute("UPDATE person_lines SET category_id = 'klingon' WHERE person_id = 'EXAMPLE-P1'")
    in_duckdb.execute("UPDATE person_lines SET category_id = 'unknown' WHERE person_id = 'EXAMPLE-P2'")
    found = in_duckdb.execute(f"SELECT * FROM {DANGLING} ORDER BY ALL").fetchall()
    assert found == [
        ("groups", "parent_group_id", "G-77"),
        ("one_to_ones", "concerns", "mould"),
        ("person_lines", "category_id", "klingon"),
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_names_in_sql_do_not_collide_and_are_not_cut_off(level):
    sql = ddl(at(level), "postgresql")
    words = sql.replace("\n", " ").split(" ")
    made = [words[n + 2].strip('"') for n, word in enumerate(words) if word == "CREATE"]
    assert len(made) == len(set(made))
    assert CODES in made
    constraints = [words[n + 1].strip('"') for n, word in enumerate(words) if word == "CONSTRAINT"]
    assert constraints
    assert len(constraints) == len(set(constraints))
    assert max(map(len, made + constraints)) <= 63, "PostgreSQL cuts longer names off"


@pytest.mark.parametrize("dialect", ["postgresql", "duckdb"])
def test_one_table_alone_can_be_made_too(dialect):
    sql = ddl(at("full", "event_codings"), dialect)
    assert "REFERENCES" not in sql
    if dialect == "duckdb":
        duckdb.connect().execute(sql)


class Cluster:
    """A PostgreSQL server of our own, spoken to through a socket in a private folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        # The server refuses to be run by root.
        self._as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_other:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        self._server("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses= -c fsync=off -k {folder}"
        self._server("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")

    def _server(self, program: str, *arguments: str) -> None:
        command = [*self._as_other, str(self._programs / program), *arguments]
        # Not captured: the server would keep the pipe open.
        with (self._folder / "said").open("a") as said:
            subprocess.run(command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=True)

    def run(self, script: str, database: str = "postgres") -> tuple[int, str]:
        """Run a script; status and what was said."""
        command = [str(self._programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", str(self._folder), "-U", "tester", "-d", database]
        done = subprocess.run(command, input=script, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    def stop(self) -> None:
        self._server("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def cluster(postgresql) -> Iterator[Cluster]:
    # Not pytest's own folder: another user has to enter it, and the name of a socket may not be long.
    folder = Path(tempfile.mkdtemp(prefix="rm-"))
    try:
        server = Cluster(postgresql, folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def loading(folder: Path, tables: list[str]) -> str:
    """One transaction, as the documentation shows it."""
    lines = []
    for table in tables:
        file = folder / f"{table}.csv"
        if file.is_file():
            columns = file.read_text(encoding="utf-8").splitlines()[0]
            lines.append(f"\\copy \"{table}\" ({columns}) FROM '{file}' WITH (FORMAT csv, HEADER match)")
    return "\n".join(["BEGIN;", *lines, "COMMIT;"])


@pytest.fixture(scope="session")
def in_postgresql(cluster) -> Cluster:
    """Every table with the example rows, loaded in the order of the alphabet: the references wait for the end."""
    assert cluster.run("CREATE DATABASE loaded;") == (0, "")
    assert cluster.run(ddl(at(), "postgresql"), "loaded") == (0, "")
    assert cluster.run(loading(TEMPLATE_ROWS, sorted(load_release().tables)), "loaded") == (0, "")
    return cluster


@pytest.mark.system
@pytest.mark.parametrize("level", LEVELS)
def test_postgresql_takes_the_tables_and_the_example(cluster, level):
    database = f"at_{level}"
    assert cluster.run(f"CREATE DATABASE {database};") == (0, "")
    sql = ddl(at(level), "postgresql")
    assert cluster.run(sql, database) == (0, "")
    assert cluster.run(loading(EXAMPLE, in_order(sql)), database) == (0, "")
    for file in EXAMPLE.glob("*.csv"):
        n = len(rows_of(EXAMPLE, file.stem))
        assert cluster.run(f'SELECT count(*) FROM "{file.stem}";', database) == (0, str(n))
    assert cluster.run(f"SELECT * FROM {DANGLING};", database) == (0, "")


@pytest.mark.system
def test_postgresql_takes_every_table(in_postgresql):
    for table in load_release().tables:
        n = len(rows_of(TEMPLATE_ROWS, table))
        assert in_postgresql.run(f'SELECT count(*) FROM "{table}";', "loaded") == (0, str(n))
    assert in_postgresql.run(f"SELECT * FROM {DANGLING};", "loaded") == (0, "")
    about = "SELECT col_description('people'::regclass, 1);"
    assert "made up" in in_postgresql.run(about, "loaded")[1]
    views = (
        "SELECT first_contact_on_first_day, first_contact_on_precision FROM people_dates ORDER BY person_id;"
        "SELECT cycle_step FROM events_cycle_steps WHERE event_id = 'EXAMPLE-E1';"
    )
    said = in_postgresql.run(views, "loaded")[1].splitlines()
    days = ["2025-03-01|month", "2026-04-18|day", "2025-06-14|day"]
    assert said == [*days, "issue_identification", "power_analysis"]


@pytest.mark.system
def test_postgresql_takes_and_rolls_back(in_postgresql):
    script = "BEGIN;" + ";".join(TAKEN) + "; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK;"
    assert in_postgresql.run(script, "loaded") == (0, "")


@pytest.mark.system
@pytest.mark.parametrize("statement", REFUSED)
def test_postgresql_refuses(in_postgresql, statement):
    status, said = in_postgresql.run(statement + ";", "loaded")
    assert status != 0
    assert "ERROR" in said
    assert "violates" in said or "out of range" in said, said


@pytest.mark.system
def test_postgresql_holds_references_that_go_round(in_postgresql):
    for table, field, key in (("groups", "parent_group_id", "group_id"), ("events", "decision_id", "event_id")):
        script = f"UPDATE {table} SET {field} = 'NOBODY' WHERE {key} LIKE 'EXAMPLE%1';"
        status, said = in_postgresql.run(script, "loaded")
        assert status != 0
        assert f"{table}_{field}_reference" in said


# --- the Excel template -------------------------------------------------------------------------------------------


def template(folder: Path, level: str = "full") -> Path:
    write_file(at(level), "template.xlsx", folder, Words())
    return folder / "template.xlsx"


def opened(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep is nothing that these tests read
        return openpyxl.load_workbook(path)


def found_in(path: Path) -> list[tuple[str, str, str]]:
    with read_submission(path, threads=1) as submission:
        assert not submission.remarks, submission.remarks
        return [(one.rule, one.sheet, one.cell) for one in validate(submission)]


def fill(path: Path, folder: Path, manifest: dict[str, str] | None = None) -> Any:
    """Put a submission into a template as somebody does who types: text into cells, below the heading."""
    book = opened(path)
    selection = at("core")
    for name, table in selection.tables.items():
        sheet = book[name]
        sheet.delete_rows(2, sheet.max_row)
        for number, row in enumerate(rows_of(folder, name), start=2):
            for column, field in enumerate(table.fields, start=1):
                if text := row.get(field.id, ""):
                    number_too = field.type in ("integer", "decimal")
                    sheet.cell(number, column, float(text) if number_too else text)
    for row in book["submission"].iter_rows(min_row=2):
        if row[0].value in (manifest or {}):
            row[1].value = manifest[row[0].value]
    return book


RIVERSIDE = {
    "dataset_id": "riverside-tenants-2026",
    "organization_id": "riverside-tenants",
    "period.start": "2025-07-01",
    "period.end": "2026-06-30",
    "records_from": "2025-01-01",
    "has_paid_staff": "yes",
    "complete_tables": "events;activity_counts",
    "breadth_group_type": None,
    "taken_on": "2026-07-14",
    "review.reviewed_on": "2026-07-07",
    "review.event_id": "E-0079",
}


@pytest.mark.parametrize("level", LEVELS)
def test_the_template_as_it_is_has_nothing_to_fix(level, tmp_path):
    path = template(tmp_path, level)
    assert found_in(path) == []
    with read_submission(path) as submission:
        assert submission.unknown_tables == ()
        assert set(submission.tables) == set(at(level).tables)
        assert all(table.n_rows > 0 for table in submission.tables.values())
        assert submission.manifest.adoption_level == level


def test_the_template_filled_in_has_nothing_to_fix(tmp_path):
    path = template(tmp_path, "core")
    fill(path, EXAMPLE, RIVERSIDE).save(tmp_path / "filled.xlsx")
    assert found_in(EXAMPLE) == []
    assert found_in(tmp_path / "filled.xlsx") == []


@pytest.mark.parametrize(
    ("sheet", "field", "row", "value", "rule"),
    [
        ("people", "person_type", 5, "friend", "code_not_in_list"),
        ("people", "first_contact_on", 5, "March", "value_not_of_type"),
        ("people", "consent_use", 5, None, "required_value_missing"),
        ("groups", "parent_group_id", 4, "G-nobody", "dangling_reference"),
        ("digital_cohorts", "n_team", 3, -3, "value_out_of_range"),
    ],
)
def test_one_wrong_cell_is_the_one_finding(sheet, field, row, value, rule, tmp_path):
    book = fill(template(tmp_path, "core"), EXAMPLE, RIVERSIDE)
    letter = next(cell.column_letter for cell in book[sheet][1] if cell.value == field)
    book[sheet][f"{letter}{row}"] = value
    book.save(tmp_path / "filled.xlsx")
    assert found_in(tmp_path / "filled.xlsx") == [(rule, sheet, f"{letter}{row}")]


def test_only_sheets_about_the_data_are_passed_over(tmp_path):
    path = template(tmp_path, "core")
    book = opened(path)
    for name in ("notes", "ReadMe"):
        book.create_sheet(name)["A1"] = "hello"
    book.save(path)
    with read_submission(path) as submission:
        assert [table.name for table in submission.unknown_tables] == ["notes"]
    assert not set(EXPLAINING) & set(load_release().tables)
    folder = tmp_path / "folder"
    shutil.copytree(EXAMPLE, folder)
    for name in EXPLAINING:
        (folder / f"{name}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with read_submission(folder) as submission:
        assert submission.unknown_tables == ()
        assert not submission.remarks


def test_the_instructions_come_first_and_the_headings_in_row_1(tmp_path):
    selection = at()
    book = opened(template(tmp_path))
    assert book.sheetnames == ["instructions", "submission", *selection.tables, "columns", "codes"]
    assert book.active.title == "instructions"
    for name, table in selection.tables.items():
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == [field.id for field in table.fields]
        assert sheet.freeze_panes == "B2"
        for cell, field in zip(sheet[1], table.fields, strict=True):
            assert field.description["en"].split()[0] in cell.comment.text
            # The whole column, also where nothing stands yet: a code such as 007 keeps its zeros.
            dimensions = sheet.column_dimensions.values()
            style = next(one for one in dimensions if one.min <= cell.column <= one.max)
            is_number = field.type in ("integer", "decimal")
            assert (style.number_format == "@") is not is_number, (name, field.id)


def test_what_must_be_filled_is_said_by_colour_and_in_words(tmp_path):
    selection = at()
    book = opened(template(tmp_path))
    said = {row[1].value: str(row[5].value) for row in book["instructions"].iter_rows() if row[1].value}
    listed = {(row[0].value, row[1].value): row[3].value for row in book["columns"].iter_rows(min_row=5)}
    for name, table in selection.tables.items():
        assert said[name] == ", ".join(field.id for field in table.fields if field.required)
        colours = {
            required: {
                cell.fill.fgColor.rgb
                for cell, field in zip(book[name][1], table.fields, strict=True)
                if field.required is required
            }
            for required in (True, False)
        }
        assert len(colours[True]) == 1
        assert not colours[True] & colours[False]
        for field in table.fields:
            assert listed[name, field.id] == ("must be filled" if field.required else "may be empty")


def test_lists_are_named_ranges_with_exactly_the_codes(tmp_path):
    selection = at()
    book = opened(template(tmp_path))
    for name, table in selection.tables.items():
        checks = {str(one.sqref).split(":")[0]: one for one in book[name].data_validations.dataValidation}
        for cell, field in zip(book[name][1], table.fields, strict=True):
            check = checks.get(f"{cell.column_letter}2")
            codes = [code.code for code in selection.codes(field)]
            if not codes and selection.lookup(field) is None:
                assert check is None or check.type != "list"
                continue
            assert check.type == "list", (name, field.id)
            assert str(check.sqref).endswith("1048576")
            target = book.defined_names[check.formula1.removeprefix("=")].attr_text
            if codes:
                sheet, cells = target.split("!")
                assert [row[0].value for row in book[sheet][cells.replace("$", "")]] == codes
                # One answer is asked for: others are refused. Of several, the list offers the first.
                assert bool(check.showErrorMessage) is (field.type == "code")
            else:
                assert target.startswith(f"{selection.lookup(field).table.id}!$")


def test_a_folder_of_example_rows_for_every_table_and_every_id_says_so():
    rows = example_rows(at())
    assert set(rows) == set(load_release().tables)
    assert all(rows.values())
    own = {
        "coder",
        "category_id",
        "indicator_id",
        "scale",
        "wording_version",
    }  # no rows of their own stand behind these
    for name, table in at().tables.items():
        for row in rows[name]:
            for field in table.fields:
                if field.type == "id" and field.id not in own and field.id in row:
                    assert row[field.id].startswith("EXAMPLE-"), (name, field.id)
    assert found_in(TEMPLATE_ROWS) == []


def test_formulas_are_as_short_as_excel_wants_them(tmp_path):
    book = opened(template(tmp_path))
    formulas = [one.formula1 for sheet in book for one in sheet.data_validations.dataValidation if one.formula1]
    assert any("MID(" in formula for formula in formulas)
    assert max(map(len, formulas)) <= 255


def test_texts_that_fell_back_are_said_to(tmp_path):
    words = Words()
    words.fell_back = True
    write_file(at("core"), "template.xlsx", tmp_path, words)
    said = opened(tmp_path / "template.xlsx")["instructions"]["B4"].value
    assert said == words.say("page.fell_back")
    assert opened(template(tmp_path, "core"))["instructions"]["B4"].value is None


def test_every_key_of_the_manifest_has_its_words():
    words = Words()
    for key in manifest_keys():
        assert words.has(f"template.manifest.{key.name.replace('.', '_')}"), key.name
    assert {"dataset_id", "period.start", "review.event_id"} <= {key.name for key in manifest_keys()}
    assert next(key for key in manifest_keys() if key.name == "tie_rule").codes == ("one_to_one", "roster")


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_writes_every_form(tmp_path, capsys):
    out = tmp_path / "new" / "folder"
    assert main(["schema", "export", "--out", str(out), "--level", "core"]) == 0
    written = {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}
    assert written == set(files_of(at("core"), FORMATS))
    assert "template.xlsx" in capsys.readouterr().err
    for name in written - {"template.xlsx"}:
        assert (out / name).read_text(encoding="utf-8") == texts_of(at("core"), name)


def test_nothing_is_written_over_unless_asked(tmp_path, capsys):
    command = ["schema", "export", "--format", "excel", "--level", "core", "--out", str(tmp_path)]
    (tmp_path / "template.xlsx").write_text("a week of work", encoding="utf-8")
    assert main(command) == 2
    assert "Nothing was written" in capsys.readouterr().err
    assert (tmp_path / "template.xlsx").read_text(encoding="utf-8") == "a week of work"
    assert main([*command, "--replace"]) == 0
    assert found_in(tmp_path / "template.xlsx") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--table", "peeple"],
        ["--language", "xx"],
        ["--present-in", "nowhere"],
        ["--level", "deep"],
        ["--format", "word"],
    ],
)
def test_what_does_not_work_is_status_2_and_writes_nothing(arguments, tmp_path, capsys):
    assert main(["schema", "export", "--out", str(tmp_path / "out"), *arguments]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_is_a_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["schema", "export", "--format", "sql", "--out", str(tmp_path / "file" / "out")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_command_offers_every_format():
    assert _FORMATS == FORMATS
