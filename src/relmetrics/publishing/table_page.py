"""What the standard says about one table, one of its fields, or one codelist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relmetrics.definitions.matrix import OTHER_READERS
from relmetrics.publishing.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Listing,
    Paragraph,
    Span,
    Target,
    Words,
    code,
    joined,
    link,
    words,
)
from relmetrics.publishing.places import CHECKS, Places, title_from_id
from relmetrics.standard import load_matrix

if TYPE_CHECKING:
    from relmetrics.definitions import Codelist, Field, Release, Rule, Table
    from relmetrics.definitions.codelist import Code

__all__ = ["code_document", "codelist_document", "field_document", "table_document"]

# Where nearly all indicators read a field, those that do not are the shorter list.
_FEW = 12
# A check of more columns than this says how many; its own page names them.
_MOST_NAMED = 4


def table_document(table: Table, release: Release) -> Document:
    """Say everything about a table, field by field."""
    places = Places(release)
    need = "One of the tables that nothing works without." if table.is_necessary else "Hand it in where you have it."
    key = joined(code(name) for name in table.key)
    blocks: list[Block] = [
        Paragraph(words(table.description["en"])),
        Facts(
            (
                ("Name of the file or sheet", words(code(table.id))),
                ("Level", words(f"{places.called('adoption_level', table.level)}. {need}")),
                ("Different in every row", words(key, "" if len(table.key) == 1 else " (together)")),
                ("Version", words(f"{table.version}, {table.status}, since release {table.since}")),
            )
        ),
        Heading("Columns at a glance", is_searched=False),
        Listing(("Column", "What it is", "Filled in"), tuple(_glance(table, field) for field in table.fields)),
        Heading("Columns", is_searched=False),
    ]
    for field in table.fields:
        blocks += [Heading(field.title["en"], 3, field.id), *_field(table, field, release, places)]
    blocks += _checks(table, release, places)
    return Document(table.title["en"], tuple(blocks))


def field_document(table: Table, field: Field, release: Release) -> Document:
    """Say what the page of a table says about one field."""
    return Document(field.title["en"], tuple(_field(table, field, release, Places(release))))


def _glance(table: Table, field: Field) -> tuple[Words, ...]:
    where = code(field.id, Target("tables", table.id, field.id))
    return words(where), words(field.title["en"]), words("always" if field.required else "where known")


def _field(table: Table, field: Field, release: Release, places: Places) -> Iterator[Block]:
    yield Paragraph(words(field.description["en"]))
    yield Facts(tuple(_field_facts(table, field, release, places)))


def _field_facts(table: Table, field: Field, release: Release, places: Places) -> Iterator[tuple[str, Words]]:
    yield "Column", words(code(f"{table.id}.{field.id}"))
    form = places.called("field_type", "reduced_date" if field.reduced else field.type)
    yield "Form", words(form, f", in {field.unit}" if field.unit else "")
    yield "Filled in", words("always" if field.required else "where it is known; otherwise leave the cell empty")
    if field.codelist:
        yield "Words", words("those of ", places.codelist(field.codelist))
    if field.references is not None:
        yield "Points to", words("a row of ", places.table(field.references.table))
    limits = [f"at least {field.minimum}"] if field.minimum is not None else []
    limits += [f"at most {field.maximum}"] if field.maximum is not None else []
    limits += [f"at most {field.max_length} characters"] if field.max_length else []
    if limits:
        yield "Limits", words(", ".join(limits))
    yield "Level", words(places.called("adoption_level", field.level))
    if field.example:
        yield "Example", words(code(field.example))
    yield from _readers(table, field, release)
    rules = [one for one in release.rules.values() if one.table == table.id and field.id in one.fields]
    if rules:
        yield "Checked for", joined((places.check(rule.id) for rule in rules), "; ")


def _readers(table: Table, field: Field, release: Release) -> Iterator[tuple[str, Words]]:
    matrix = load_matrix(release.version)
    readings = matrix.by_field.get((table.id, field.id), ())
    reading = [one.reader for one in readings if one.reader not in OTHER_READERS]
    without = [name for name in matrix.entries if name not in reading]
    if reading and len(without) <= _FEW:
        all_but = ("all indicators but ", joined(map(_to_reader, without))) if without else ("all indicators",)
        yield "Read by", words(*all_but)
    elif reading:
        yield "Read by", joined(map(_to_reader, reading))
    for one in readings:
        if one.reader in OTHER_READERS:
            yield f"Also for {'a report' if one.reader == 'report' else 'checks'}", words(one.use)


def _to_reader(name: str) -> Span:
    return link(name, Target("", "matrix", name.lower()))


def _checks(table: Table, release: Release, places: Places) -> Iterator[Block]:
    own = [rule for rule in release.rules.values() if rule.table == table.id]
    families = [rule for rule in release.rules.values() if rule.each is not None and rule.fields_of(table)]
    rows = [(rule, joined(places.field(table.id, name) for name in rule.fields)) for rule in own]
    rows += [(rule, _named_or_counted(rule, table, places)) for rule in families]
    if rows:
        yield Heading("Checks of this table", 2, "checks", is_searched=False)
        order = list(release.codelists["severity"].by_code)
        rows.sort(key=lambda row: (order.index(row[0].severity), row[0].title["en"]))
        yield Listing(("Check", "Severity", "Columns"), tuple(_check_row(rule, names, places) for rule, names in rows))
    index = link("all checks", Target(CHECKS, "index"))
    yield Paragraph(
        words(
            "Checks of form, and the search for personal data, are asked of every table: they stand among ", index, "."
        )
    )


def _named_or_counted(rule: Rule, table: Table, places: Places) -> Words:
    n_columns = len(rule.fields_of(table))
    return words(f"{n_columns} columns") if n_columns > _MOST_NAMED else places.covered(rule, table)


def _check_row(rule: Rule, names: Words, places: Places) -> tuple[Words, ...]:
    return words(places.check(rule.id)), words(places.called("severity", rule.severity)), names


def codelist_document(codelist: Codelist, release: Release) -> Document:
    """Say everything about a list of codes."""
    places = Places(release)
    users = [
        places.field_of(table.id, field.id)
        for table in release.tables.values()
        for field in table.fields
        if field.codelist == codelist.id
    ]
    blocks: list[Block] = [Paragraph(words("The words of the codelist ", code(codelist.id), "."))]
    for one in codelist.codes:
        blocks += [Heading(one.title_en, 3, f"code-{one.code}"), *_code(one)]
    if users:
        blocks += [Heading("Columns that use it", is_searched=False), Bullets(tuple(words(user) for user in users))]
    return Document(title_from_id(codelist.id), tuple(blocks))


def code_document(codelist: Codelist, one: Code) -> Document:
    """Say what the page of a codelist says about one code."""
    return Document(one.title_en, (*_code(one), Facts((("Codelist", words(code(codelist.id))),))))


def _code(one: Code) -> Iterator[Block]:
    yield Paragraph(words(code(one.code), ": ", one.description_en))
    if one.synonyms:
        yield Paragraph(words("Also read: ", joined(map(code, one.synonyms)), "."))
    if one.deprecated:
        yield Paragraph(words(f"Deprecated: {one.deprecated}."))
