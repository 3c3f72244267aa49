"""Every name of the standard that can be asked for, with what its page says about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from relmetrics.publishing.blocks import Block, Document, Facts, Paragraph, code, joined, words
from relmetrics.publishing.check_page import check_document
from relmetrics.publishing.decks import base_manifest, read_deck
from relmetrics.publishing.places import Places
from relmetrics.publishing.table_page import code_document, codelist_document, field_document, table_document

if TYPE_CHECKING:
    from relmetrics.definitions import Indicator, Release, Structure

__all__ = ["entries", "indicator_document"]


def entries(release: Release) -> Iterator[tuple[str, Callable[[], Document]]]:
    """Yield names, in small letters, with what makes their texts: only what is asked for is made."""
    for kind, checks in (("rule", release.rules), ("structure", release.structure), ("screen", release.screens)):
        for check in checks.values():
            yield check.id, partial(_check, kind, check, release)
    for indicator in release.indicators.values():
        yield indicator.id, partial(indicator_document, indicator, release)
        yield indicator.code.casefold(), partial(indicator_document, indicator, release)
    for table in release.tables.values():
        yield table.id, partial(table_document, table, release)
        for field in table.fields:
            yield f"{table.id}.{field.id}", partial(field_document, table, field, release)
    for codelist in release.codelists.values():
        yield codelist.id, partial(codelist_document, codelist, release)
        for one in codelist.codes:
            yield f"{codelist.id}.{one.code}".casefold(), partial(code_document, codelist, one)


def _check(kind: str, check: Structure, release: Release) -> Document:
    return check_document(check, release, read_deck(kind, check.id), base_manifest())


def indicator_document(item: Indicator, release: Release) -> Document:
    """Say what is counted, for whom, and what it cannot say."""
    places = Places(release)
    texts = {
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
    facts = [(label, words(text["en"])) for label, text in texts.items() if text]
    facts.append(("Level", words(places.called("indicator_class", item.indicator_class))))
    facts.append(("Needs the tables", joined(places.table(name) for name in item.needs)))
    if item.required_fields:
        facts.append(("Needs the fields", joined(code(name) for name in item.required_fields)))
    if item.companions:
        facts.append(("Stands beside", words(item.companions.replace("|", " or "))))
    facts.append(("Sources", words("; ".join(source.citation for source in item.sources))))
    blocks: tuple[Block, ...] = (
        Paragraph(words(code(item.id), f", {item.code}, version {item.version}, {item.status}.")),
        Paragraph(words(item.definition["en"])),
        Facts(tuple(facts)),
    )
    return Document(item.title["en"], blocks)
