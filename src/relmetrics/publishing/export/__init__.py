"""The schema in the forms that others use: JSON Schema, Data Package, SQL and an Excel template.

Everything is made from the definitions of a release and from nothing else, so the forms agree with each other and with
what relmetrics itself checks, as far as each form has words for it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from relmetrics.documents import dump_json
from relmetrics.output import replacing, write_whole
from relmetrics.publishing.export.selection import Selection, select

if TYPE_CHECKING:
    from relmetrics.words import Words

__all__ = ["FORMATS", "Format", "Selection", "files_of", "select", "texts_of", "write_file"]

Format = Literal["json-schema", "datapackage", "sql", "excel"]
FORMATS: tuple[Format, ...] = get_args(Format)

_WORKBOOK = "template.xlsx"


def files_of(selection: Selection, formats: Collection[Format]) -> list[str]:
    """Name the files that an export writes, relative to its folder."""
    names: list[str] = []
    if "json-schema" in formats:
        names += [f"json-schema/{name}.schema.json" for name in selection.tables]
    if "datapackage" in formats:
        names.append("datapackage.json")
    if "sql" in formats:
        names += ["postgresql.sql", "duckdb.sql"]
    if "excel" in formats:
        names.append(_WORKBOOK)
    return names


def texts_of(selection: Selection, name: str, present: Collection[str] | None = None) -> str:
    """Write the text of one file other than the workbook.

    Parameters
    ----------
    selection : Selection
        Tables and fields.
    name : str
        One of `files_of`.
    present : collection of str, optional
        For the Data Package: the tables that are there; all of the selection if left out.
    """
    if name == "datapackage.json":
        from relmetrics.publishing.export.datapackage import datapackage

        return dump_json(datapackage(selection, present))
    if name == "postgresql.sql" or name == "duckdb.sql":
        from relmetrics.publishing.export.ddl import ddl

        return ddl(selection, "postgresql" if name == "postgresql.sql" else "duckdb")
    from relmetrics.publishing.export.json_schema import schema_of

    table = name.removeprefix("json-schema/").removesuffix(".schema.json")
    return dump_json(schema_of(selection.tables[table], selection))


def write_file(
    selection: Selection, name: str, folder: Path, words: Words, present: Collection[str] | None = None
) -> None:
    """Write one of `files_of` into `folder`, which is made where it does not exist."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if name == _WORKBOOK:
        from relmetrics.publishing.export.workbook import write_template

        with replacing(file) as part:
            write_template(selection, part, words)
    else:
        write_whole(file, texts_of(selection, name, present).encode("utf-8"))
