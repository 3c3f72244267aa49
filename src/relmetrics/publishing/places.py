"""Where the pages of definitions stand, and words that link to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST, MANIFEST_KEYS
from relmetrics.publishing.blocks import Span, Target, Words, code, link, words

if TYPE_CHECKING:
    from relmetrics.definitions import Release, Rule, Structure, Table

__all__ = ["CHECKS", "CODELISTS", "TABLES", "Places", "title_from_id"]

CHECKS, TABLES, CODELISTS = "checks", "tables", "codelists"


def title_from_id(name: str) -> str:
    """Write an id as words: for what has no title of its own."""
    return name.replace("_", " ").capitalize()


class Places:
    """Links to what is there, and plain words for what is not."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def table(self, name: str, *, in_words: bool = False) -> Span:
        """Name a table, by its id or its title."""
        if name == MANIFEST:
            return link("the manifest", Target("", "../manifest"))
        table = self._release.tables.get(name)
        if table is None:
            return code(name)
        to = Target(TABLES, name)
        return link(table.title["en"], to) if in_words else code(name, to)

    def field(self, table: str, name: str) -> Span:
        """Name a field; a key of the manifest as it is written there."""
        if table == MANIFEST:
            return code(MANIFEST_KEYS.get(name, name))
        known = self._release.tables.get(table)
        return code(name, Target(TABLES, table, name) if known is not None and name in known.by_id else None)

    def field_of(self, table: str, name: str) -> Span:
        """Name a field with its table."""
        known = self._release.tables.get(table)
        to = Target(TABLES, table, name) if known is not None and name in known.by_id else None
        return code(f"{table}.{name}", to)

    def check(self, name: str) -> Span:
        """Name a check by its title."""
        found = self._release.texts_of(name)
        return link(found.title["en"], Target(CHECKS, name)) if found is not None else code(name)

    def codelist(self, name: str) -> Span:
        """Name a codelist."""
        return code(name, Target(CODELISTS, name) if name in self._release.codelists else None)

    def indicator(self, name: str, title: str = "") -> Span:
        """Name an indicator by its title; without a sheet it has no page yet."""
        found = self._release.indicators.get(name)
        return (
            link(title or found.title["en"], Target("indicators", name)) if found is not None else Span(title or name)
        )

    def called(self, codelist: str, name: str) -> str:
        """Title of a code; the code itself where the list does not have it."""
        found = self._release.codelists.get(codelist)
        return found.by_code[name].title_en if found is not None and name in found.by_code else name

    def described(self, codelist: str, name: str) -> str:
        """Sentence about a code, or nothing."""
        found = self._release.codelists.get(codelist)
        return found.by_code[name].description_en if found is not None and name in found.by_code else ""

    def covered(self, rule: Rule, table: Table) -> Words:
        """Name the fields of a table that a family of rules is about, each with its link."""
        spans: list[Span] = []
        for fields in rule.fields_of(table):
            spans += [Span(", ")] if spans else []
            spans.append(self.field(table.id, fields[0]))
        return words(*spans)

    def kind_of(self, check: Structure) -> str:
        """Say what sort of check it is."""
        if check.id in self._release.rules:
            return "a rule"
        return "a search for personal data" if check.id in self._release.screens else "a check of form"
