"""``relmetrics schema``: the standard's tables in the forms that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relmetrics.cli.running import say
from relmetrics.errors import UsageError

if TYPE_CHECKING:
    from relmetrics.publishing.export import Format

__all__ = ["schema"]

# Written out here, because asking the exporting modules would import them for every `--help`; a test compares.
_FORMATS: tuple[Format, ...] = ("json-schema", "datapackage", "sql", "excel")


@click.group()
def schema() -> None:
    """Get the tables as an Excel template, or for a database."""


@schema.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice([*_FORMATS, "all"]),
    default="all",
    show_default=True,
    help="An Excel template to fill in, SQL for PostgreSQL and DuckDB, a Frictionless Data Package, or JSON Schema.",
)
@click.option(
    "--out",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write into. It is made if it is not there.",
)
@click.option(
    "--level",
    type=click.Choice(["core", "relational", "full"]),
    default="full",
    show_default=True,
    help="Leave out tables and columns above this level. The core is complete in itself and the place to begin.",
)
@click.option("--table", "tables", metavar="TABLE", multiple=True, help="Only this table; may be given several times.")
@click.option(
    "--present-in",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="For the Data Package: name only the tables that this folder has as CSV files.",
)
@click.option("--language", default="en", show_default=True, help="Language of the Excel template's instructions.")
@click.option("--replace", is_flag=True, help="Write over files that are already there.")
@click.option("--quiet", is_flag=True, help="Do not say what was written.")
def export(
    format_: str,
    out: Path,
    level: str,
    tables: tuple[str, ...],
    present_in: Path | None,
    language: str,
    replace: bool,
    quiet: bool,
) -> int:
    """Write the standard's tables in other forms.

    They are made from the standard alone. Nothing in them comes from anybody's records.
    """
    from relmetrics.publishing.export import files_of, select, write_file
    from relmetrics.standard import load_release
    from relmetrics.words import Words

    words = Words(language)
    selection = select(load_release(), level, tables)
    formats: list[Format] = [name for name in _FORMATS if format_ in (name, "all")]
    names = files_of(selection, formats)
    try:
        there = next((name for name in names if (out / name).exists()), None)
        if there is not None and not replace:
            raise UsageError(
                f"{there} is already there, and somebody may have worked in it. Nothing was written. Name another "
                "folder with --out, or say --replace."
            )
        present = None if present_in is None else _tables_in(present_in)
        for name in names:
            write_file(selection, name, out, words, present)
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "it is no name for a folder"
        raise UsageError(f"{out} cannot be written: {why}. Name another folder with --out.") from problem
    if not quiet:
        _tell(out, names)
    return 0


def _tables_in(folder: Path) -> set[str]:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder.name}. Check the path given with --present-in.")
    return {file.stem for file in folder.iterdir() if file.suffix == ".csv"}


def _tell(out: Path, names: list[str]) -> None:
    schemas = [name for name in names if name.startswith("json-schema/")]
    shown = [name for name in names if name not in schemas]
    if schemas:
        say(f"Wrote {out / 'json-schema'}, {len(schemas)} {'schema' if len(schemas) == 1 else 'schemas'}.")
    for name in shown:
        say(f"Wrote {out / name}.")
