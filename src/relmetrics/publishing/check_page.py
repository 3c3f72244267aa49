"""What the standard says about one check: a rule, a constraint of the tables, or a search for personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from relmetrics.definitions.logic import rule_hash, screen_hash
from relmetrics.definitions.rule import MANIFEST, Rule
from relmetrics.definitions.screen import Screen
from relmetrics.publishing.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Target,
    Words,
    code,
    joined,
    link,
    strong,
    words,
)
from relmetrics.publishing.check_expressions import expressions_of
from relmetrics.publishing.examples import example
from relmetrics.publishing.places import CHECKS, Places
from relmetrics.standard import load_matrix

if TYPE_CHECKING:
    from relmetrics.definitions import Release, Structure

__all__ = ["READER_WORDS", "check_document"]

READER_WORDS: Mapping[str, str] = {
    "organization": "The organization itself, which reads its own pages and plans by them.",
    "funder": "Funders, who see values and not the rows behind them.",
    "evaluator": "Evaluators, who compute from the rows themselves.",
    "members": "Members: their safety, and what they agreed to.",
}
"""Whom a check protects where it protects no single indicator."""

_PLACES: Mapping[str, str] = {
    "unknown": "columns and tables that the standard does not know, those whose names begin with x_ included",
    "misfit": "cells of known columns that are not what the column asks for",
    "label": "short texts",
    "public_text": "texts that may be published",
    "person_id": "codes of people",
    "line": "declared lines and their categories",
    "manifest": "texts of the manifest",
    "header": "names of columns",
}
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def check_document(check: Structure, release: Release, deck: Mapping[str, Any], base: Mapping[str, Any]) -> Document:
    """Say everything about a check.

    Parameters
    ----------
    check : Structure
        A rule, a structural constraint or a screen.
    release : Release
        Where it stands.
    deck : mapping
        Its cases, from `read_deck`.
    base : mapping
        The manifest that the cases begin with.
    """
    places = Places(release)
    blocks: list[Block] = [
        Paragraph(_first_line(check, places)),
        Heading("What it finds"),
        Paragraph(words(_open(check.message["en"]))),
        *_placeholder_note(check),
        *_scope(check, release, places),
        Heading("Why it matters"),
        Paragraph(words(_open(check.why["en"]))),
        Heading("How to mend it"),
        Paragraph(words(_open(check.remedy["en"]))),
        *_examples(check, release, deck, base),
        *_protects(check, release, places),
        *_consequence(check, release, places),
        *_columns(check, release, places),
        Heading("About this check", is_searched=False),
        Facts(tuple(_facts(check, release, places))),
        *expressions_of(check),
    ]
    return Document(check.title["en"], tuple(blocks))


def _first_line(check: Structure, places: Places) -> Words:
    severity = strong(f"{places.called('severity', check.severity)}.")
    return words(severity, " ", places.described("severity", check.severity))


def _open(text: str) -> str:
    """Show a placeholder as a gap with its name."""
    return _PLACEHOLDER.sub(lambda found: f"‹{found[1].replace('_', ' ')}›", " ".join(text.split()))


def _placeholder_note(check: Structure) -> Iterator[Block]:
    names = list(
        dict.fromkeys(_PLACEHOLDER.findall(" ".join((check.message["en"], check.why["en"], check.remedy["en"]))))
    )
    if names:
        said = "Words between ‹ and › are filled in: names of columns, codes and numbers, never what a cell holds."
        yield Paragraph(words(said))
    if isinstance(check, Rule):
        return
    meant = tuple(words(f"‹{name.replace('_', ' ')}›: {check.params[name]}") for name in names if name in check.params)
    if meant:
        yield Bullets(meant)


def _scope(check: Structure, release: Release, places: Places) -> Iterator[Block]:
    if isinstance(check, Screen):
        where = [_PLACES[name] for name in check.looks_at if not (name == "header" and check.columns)]
        where = [*(["names of columns"] if check.columns else []), *where]
        yield Paragraph(words("It looks at:"))
        yield Bullets(tuple(words(f"{one}") for one in where))
    elif not isinstance(check, Rule):
        yield Paragraph(words("It is asked of every table that is handed in."))
    elif check.each is None:
        fields = joined(places.field(check.table, name) for name in check.fields)
        yield Paragraph(words("It looks at ", places.table(check.table), ": ", fields, "."))
    else:
        counts = [len(check.fields_of(table)) for table in release.tables.values()]
        extent = f"{sum(counts)} columns of {sum(map(bool, counts))} tables"
        yield Paragraph(words(f"It looks at each column of a kind: {extent}, which are listed below."))


def _columns(check: Structure, release: Release, places: Places) -> Iterator[Block]:
    """List what a family of rules is about; the list is long, and few need it."""
    if isinstance(check, Rule) and check.each is not None:
        covered = [(table, places.covered(check, table)) for table in release.tables.values()]
        yield Heading("Which columns it looks at", is_searched=False)
        yield Bullets(tuple(words(places.table(table.id), ": ", names) for table, names in covered if names))


def _examples(check: Structure, release: Release, deck: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[Block]:
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for case in deck.get("cases", ()):
        by_kind.setdefault(str(case.get("kind", "")), []).append(case)
    for kind, heading, others in (
        ("fires", "An example that it finds", "It also finds:"),
        ("clean", "An example in which all is well", "All is well here, too:"),
    ):
        cases = by_kind.get(kind, [])
        if cases:
            yield Heading(heading, is_searched=False)
            yield from example(cases[0], check, base, release.codelists)
        if cases[1:]:
            yield Paragraph(words(others))
            yield Bullets(tuple(words(_title(case)) for case in cases[1:]))
    places = Places(release)
    for kind, heading, said in (
        ("cannot_tell", "Where it cannot tell", "It says so, and finds nothing, in cases like these:"),
        ("not_applicable", "Where it is not asked", "There is nothing to look at in cases like these:"),
    ):
        items = [words(f"{_title(case)} ", _reason(case, places)) for case in by_kind.get(kind, [])]
        if kind == "not_applicable" and isinstance(check, Rule) and check.level != "core":
            level = places.called("adoption_level", check.level)
            items.append(words(f"The level in your manifest is lower than this one: {level}."))
        if items:
            yield Heading(heading, is_searched=False)
            yield Paragraph(words(said))
            yield Bullets(tuple(items))


def _title(case: Mapping[str, Any]) -> str:
    title = str(case.get("title", ""))
    return f"{title[:1].upper()}{title[1:]}{'' if title.endswith(('.', '?', '!')) else '.'}"


def _reason(case: Mapping[str, Any], places: Places) -> str:
    reason = str((case.get("expect") or {}).get("reason") or "")
    return f"({places.called('check_reasons', reason)})" if reason else ""


def _protects(check: Structure, release: Release, places: Places) -> Iterator[Block]:
    named: tuple[str, ...] = getattr(check, "protects", ())
    if not named:
        return
    entries = load_matrix(release.version).entries
    yield Heading("Whom it protects", is_searched=False)
    items = []
    for name in named:
        if name in READER_WORDS:
            items.append(words(READER_WORDS[name]))
        elif name in entries:
            items.append(words(f"{name} ", places.indicator(entries[name].id, entries[name].title_en)))
        else:
            items.append(words(name))
    yield Bullets(tuple(items))


def _consequence(check: Structure, release: Release, places: Places) -> Iterator[Block]:
    before = (*check.explained_by, *getattr(check, "told_by", ()))
    if before:
        yield Heading("Told once", is_searched=False)
        yield Paragraph(
            words(
                "Where one of these finds something in the same place, this one follows from it, and stands below it:"
            )
        )
        yield Bullets(tuple(words(places.check(name)) for name in before))


def _facts(check: Structure, release: Release, places: Places) -> Iterator[tuple[str, Words]]:
    yield "Id", words(code(check.id), f", {places.kind_of(check)}")
    yield (
        "Severity",
        words(link(places.called("severity", check.severity), Target(CHECKS, "by_severity", check.severity))),
    )
    dimension = f"{places.called('dimension', check.dimension)}: {places.described('dimension', check.dimension)}"
    yield "Dimension", words(dimension)
    if isinstance(check, Rule):
        yield "Level", words(places.called("adoption_level", check.level))
        if check.related_table:
            yield "Points also to", words(places.table(check.related_table))
        if check.rate is not None:
            share = f"{(check.rate * 100).normalize():f}"
            yield "In good records", words(f"found in at most {share} percent of what it looks at")
    yield "Version", words(f"{check.version}, {check.status}, since release {check.since}")
    if isinstance(check, Rule):
        yield "Hash of its logic", words(code(rule_hash(check, release)))
    elif isinstance(check, Screen):
        yield "Hash of its logic", words(code(screen_hash(check, release)))
    if check.deprecated is not None:
        yield "Deprecated", words(f"since {check.deprecated.since}: {check.deprecated.reason['en']}")
    table = check.table if isinstance(check, Rule) else ""
    place = table if table and table != MANIFEST else ""
    yield "More", words(link("All checks by table", Target(CHECKS, "index", place)))
