"""The matrix as a page: which indicator reads which field, field by field and indicator by indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel

from relmetrics.definitions.manifest import Manifest
from relmetrics.definitions.matrix import OTHER_READERS, USES
from relmetrics.definitions.rule import MANIFEST
from relmetrics.publishing.markdown import Markdown, code, escape, link
from relmetrics.standard import load_matrix

if TYPE_CHECKING:
    from relmetrics.definitions import Release
    from relmetrics.definitions.matrix import Entry, Matrix, Reading

__all__ = ["MATRIX_PAGE", "MATRIX_TITLE", "matrix_pages"]

MATRIX_PAGE = "reference/matrix.md"
MATRIX_TITLE = "Fields and their readers"

_ABOUT = f"""# {MATRIX_TITLE}

Nobody should be asked to write down what nobody reads. This page says for every field which indicators of the standard
read it and what for; the last column names what a report, a check or your own pages need it for. It covers all
indicators, also those whose sheet is not written yet.

A field of a higher level can be used by an indicator of a lower one (*optional*): it makes the value more exact where
it is there, and is never asked for.

## Words for uses

| Word | A field with this use |
|---|---|"""
_ABOUT_FIELDS = """
## Field by field

Record completeness (DQ-01) counts cells of every table; that alone is no reason for a field to exist.
"""
_ABOUT_INDICATORS = """
## Indicator by indicator

For each indicator, the tables and fields behind its value, its gates and its cells, with their uses.
"""
_MANIFEST_TITLE = "The manifest"
# Where nearly all indicators read a field, those that do not are the shorter list.
_FEW = 12


def matrix_pages(release: Release, matrix: Matrix | None = None) -> dict[str, str]:
    """Write the page of the matrix.

    Parameters
    ----------
    release : Release
        The release whose tables and indicators are linked.
    matrix : Matrix, optional
        By default the one of that release.

    Returns
    -------
    dict
        Path of the page below the site's pages to its Markdown.
    """
    given = matrix if matrix is not None else load_matrix(release.version)
    lines = [_ABOUT, *(f"| {escape(use)} | {escape(meaning)} |" for use, meaning in USES.items()), _ABOUT_FIELDS]
    for table, fields in _by_table(release, given).items():
        lines += [*_table_heading(release, table), "| Field | Indicators | Also |", "|---|---|---|"]
        lines += [_field_row(release, given, table, field, readings) for field, readings in fields.items()]
        lines.append("")
    lines.append(_ABOUT_INDICATORS)
    for entry in given.entries.values():
        lines += [*_indicator(release, given, entry), ""]
    return {MATRIX_PAGE: "\n".join(lines).strip() + "\n"}


def _by_table(release: Release, matrix: Matrix) -> dict[str, dict[str, tuple[Reading, ...]]]:
    """Fields with their readings: the manifest first, then tables and fields as they stand in the release."""
    fields = {table.id: list(table.by_id) for table in release.tables.values()}
    fields = {MANIFEST: list(_manifest_keys()), **fields}
    return {
        table: {name: matrix.by_field[(table, name)] for name in names if (table, name) in matrix.by_field}
        for table, names in fields.items()
    }


def _manifest_keys(model: type[BaseModel] = Manifest, before: str = "") -> Iterator[str]:
    """Keys of the manifest in its own order, those of its parts with a dot."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _manifest_keys(field.annotation, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _table_heading(release: Release, table: str) -> Iterator[str]:
    if table not in release.tables:
        yield f"### {_MANIFEST_TITLE if table == MANIFEST else code(table)}"
    else:
        definition = release.tables[table]
        yield f"### {escape(definition.title['en'])}"
        yield ""
        yield f"{link(table, f'tables/{table}.md')}, level {escape(definition.level)}."
    yield ""


def _field_row(release: Release, matrix: Matrix, table: str, field: str, readings: tuple[Reading, ...]) -> str:
    reading = [one.reader for one in readings if one.reader not in OTHER_READERS]
    without = [name for name in matrix.entries if name not in reading]
    indicators = [_to_entry(name) for name in (without if len(without) <= _FEW else reading)]
    others = [f"{one.reader}: {one.use}" for one in readings if one.reader in OTHER_READERS]
    before = "" if len(without) > _FEW else "all but " if without else "all"
    return (
        f"| {_to_field(release, table, field)} | {before}{', '.join(indicators)} | {'; '.join(map(escape, others))} |"
    )


def _indicator(release: Release, matrix: Matrix, entry: Entry) -> Iterator[str]:
    yield f"### {escape(entry.code)} {escape(entry.title_en)} {{: #{entry.code.lower()} }}"
    yield ""
    sheet = link("its sheet", f"indicators/{entry.id}.md") if entry.id in release.indicators else "no sheet yet"
    yield f"Level {escape(entry.adoption)}; {sheet}."
    yield ""
    yield "| Table | Fields |"
    yield "|---|---|"
    tables: dict[str, list[str]] = {}
    readings: Mapping[tuple[str, str], Reading] = matrix.by_reader.get(entry.code, {})
    for (table, field), one in readings.items():
        uses = ", ".join(one.uses)
        tables.setdefault(table, []).append(f"{_to_field(release, table, field)} ({escape(uses)})")
    for table, fields in tables.items():
        yield f"| {code(table)} | {', '.join(fields)} |"


def _to_entry(reader: str) -> Markdown:
    return link(reader, f"#{reader.lower()}")


def _to_field(release: Release, table: str, field: str) -> Markdown:
    if table not in release.tables or field not in release.tables[table].by_id:
        return code(field)
    return Markdown(f"[{code(field)}](tables/{table}.md#{field})")
