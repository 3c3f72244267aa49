"""``relmetrics explain``: what the standard says about one of its names."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from relmetrics.errors import UsageError

if TYPE_CHECKING:
    from relmetrics.definitions import Code, Codelist, Field, Indicator, Release, Rule, Structure, Table

__all__ = ["explain"]

Line = tuple[str, str]
"""Label (or none) and text."""


@click.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> int:
    """Say what a name of the standard means.

    ID is a rule, an indicator, a table, a field (table.field), a codelist, a code (codelist.code), or the code of a
    reason or a warning.
    """
    from relmetrics.standard import load_release

    release = load_release()
    wanted = name.strip().casefold()
    found = [lines for known, lines in _entries(release) if known == wanted]
    if not found and "." not in wanted:
        # A field or a code may be asked for without its table or list.
        found = [lines for known, lines in _entries(release) if known.rpartition(".")[2] == wanted]
    if not found:
        raise UsageError(_nearest(name, sorted({known for known, _ in _entries(release)})))
    blocks = ["\n".join(_wrapped(label, text) for label, text in lines if text) for lines in found]
    click.echo("\n\n".join(blocks))
    return 0


def _nearest(name: str, known: list[str]) -> str:
    given = name.strip().casefold()[:100]
    near = get_close_matches(given, known, n=5, cutoff=0.6)
    if near:
        return f"The standard has no '{name[:64]}'. Did you mean: {', '.join(near)}?"
    return (
        f"The standard has no '{name[:64]}', nor anything like it. Give the id of a rule, an indicator, a table, "
        "a field (table.field) or a code."
    )


def _wrapped(label: str, text: str) -> str:
    first = f"{label}: " if label else ""
    inner = "" if not label else "  "
    options = {"width": 88, "break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(first + " ".join(text.split()), subsequent_indent=inner, **options)  # type: ignore[arg-type]


def _entries(release: Release) -> Iterator[tuple[str, list[Line]]]:
    for rule in release.rules.values():
        yield rule.id, _rule(rule)
    for structure in release.structure.values():
        yield structure.id, _structure(structure)
    for indicator in release.indicators.values():
        yield indicator.id, _indicator(indicator, release)
    for table in release.tables.values():
        yield table.id, _table(table)
        for field in table.fields:
            yield f"{table.id}.{field.id}", _field(table, field)
    for codelist in release.codelists.values():
        yield codelist.id, _codelist(codelist)
        for code in codelist.codes:
            yield f"{codelist.id}.{code.code}".casefold(), _code(codelist, code)


def _head(kind: str, name: str, title: str, note: str = "") -> list[Line]:
    return [("", f"{name} ({kind}{', ' + note if note else ''})"), ("", title)]


def _finding_texts(item: Structure) -> list[Line]:
    return [
        ("Says", item.message["en"]),
        ("Why it matters", item.why["en"]),
        ("What to do", item.remedy["en"]),
    ]


def _rule(rule: Rule) -> list[Line]:
    about = f"{rule.severity}, version {rule.version}, {rule.status}"
    lines = [
        *_head("rule", rule.id, rule.title["en"], about),
        ("Table", rule.table),
        ("Fields", ", ".join(rule.fields)),
    ]
    return [
        *lines,
        *_finding_texts(rule),
        ("Rows looked at", "" if rule.applies_when == "TRUE" else rule.applies_when),
        ("A finding when", rule.finding_when or rule.finding_query or ""),
    ]


def _structure(item: Structure) -> list[Line]:
    return [*_head("check of every table", item.id, item.title["en"], item.severity), *_finding_texts(item)]


def _indicator(item: Indicator, release: Release) -> list[Line]:
    classes = release.codelists["indicator_class"].by_code
    level = classes[item.indicator_class].title_en if item.indicator_class in classes else item.indicator_class
    about = f"{item.code}, version {item.version}, {item.status}"
    texts = {
        "": item.definition,
        "Why": item.rationale,
        "Measures": item.measured_construct,
        "Unit": item.unit,
        "Of whom": item.population_text,
        "Numerator": item.numerator_text,
        "Denominator": item.denominator_text,
        "Left out": item.exclusions,
        "Window": item.window_text,
        "What it cannot say": item.limitations,
        "How it can be misused": item.misuse,
    }
    return [
        *_head("indicator", item.id, item.title["en"], about),
        *((label, text["en"] if text else "") for label, text in texts.items()),
        ("Level", level),
        ("Needs the tables", ", ".join(item.needs)),
        ("Needs the fields", ", ".join(item.required_fields)),
        ("Stands beside", item.companions.replace("|", " or ")),
        ("Sources", "; ".join(source.citation for source in item.sources)),
    ]


def _table(table: Table) -> list[Line]:
    needed = "necessary" if table.is_necessary else f"level {table.level}"
    return [
        *_head("table", table.id, table.title["en"], needed),
        ("", table.description["en"]),
        ("Key", ", ".join(table.key)),
        ("Fields", ", ".join(f"{field.id}{' (required)' if field.required else ''}" for field in table.fields)),
    ]


def _field(table: Table, field: Field) -> list[Line]:
    limits = [str(limit) for limit in (field.minimum, field.maximum) if limit is not None]
    return [
        *_head("field", f"{table.id}.{field.id}", field.title["en"], "required" if field.required else ""),
        ("", field.description["en"]),
        ("Type", field.type + (" (a month or a year will do)" if field.reduced else "")),
        ("Codelist", field.codelist or ""),
        ("Refers to", field.references.table if field.references is not None else ""),
        ("Limits", " to ".join(limits)),
        ("Example", field.example),
    ]


def _codelist(codelist: Codelist) -> list[Line]:
    codes = [("", f"- {code.code}: {code.title_en}. {code.description_en}") for code in codelist.codes]
    return [("", f"{codelist.id} (codelist)"), *codes]


def _code(codelist: Codelist, code: Code) -> list[Line]:
    kind = {"reasons": "reason for no value", "warnings": "warning beside a value"}.get(
        codelist.id, f"code of {codelist.id}"
    )
    return [
        *_head(kind, code.code, code.title_en, f"deprecated: {code.deprecated}" if code.deprecated else ""),
        ("", code.description_en),
        ("Also written", ", ".join(code.synonyms)),
    ]
