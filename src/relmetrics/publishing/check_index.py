"""All checks on one page by table, and on another by severity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import MANIFEST, Rule
from relmetrics.publishing.blocks import Block, Document, Facts, Heading, Listing, Paragraph, Target, Words, link, words
from relmetrics.publishing.places import CHECKS, Places

if TYPE_CHECKING:
    from relmetrics.definitions import Release, Structure

__all__ = ["BY_SEVERITY", "BY_TABLE", "checks_by_severity", "checks_by_table"]

BY_TABLE, BY_SEVERITY = "All checks, by table", "All checks, by severity"
BY_SEVERITY_NAME = "by_severity"

_EVERY_TABLE = "columns_of_a_kind"
_FORM = "form"
_PERSONAL = "personal_data"


def checks_by_table(release: Release) -> Document:
    """List all checks under the tables that they look at."""
    places = Places(release)
    groups = list(_groups(release))
    counts = [(link(title, Target(CHECKS, "index", place)), len(checks)) for place, title, _, checks in groups]
    total = sum(n for _, n in counts)
    blocks: list[Block] = [
        Paragraph(
            words(f"{total} checks. The same checks ", link("by severity", Target(CHECKS, BY_SEVERITY_NAME)), ".")
        ),
        Listing(("Where", "Checks"), tuple((words(title), words(str(n))) for title, n in counts)),
    ]
    for place, title, about, checks in groups:
        blocks += [Heading(title, 2, place, is_searched=False), *([Paragraph(about)] if about else [])]
        blocks.append(_listing(checks, release, places, by="severity"))
    return Document(BY_TABLE, tuple(blocks))


def checks_by_severity(release: Release) -> Document:
    """List all checks under their severities."""
    places = Places(release)
    checks = [(check, title) for _, title, _, found in _groups(release) for check in found]
    severities = release.codelists["severity"].codes
    blocks: list[Block] = [
        Paragraph(words(f"{len(checks)} checks. The same checks ", link("by table", Target(CHECKS, "index")), ".")),
        Facts(
            tuple(
                (
                    one.title_en,
                    words(f"{sum(check.severity == one.code for check, _ in checks)} checks. {one.description_en}"),
                )
                for one in severities
            )
        ),
    ]
    for one in severities:
        found = [(check, title) for check, title in checks if check.severity == one.code]
        if found:
            blocks += [Heading(one.title_en, 2, one.code, is_searched=False), Paragraph(words(one.description_en))]
            rows = (
                (words(places.check(check.id)), words(title), words(places.called("dimension", check.dimension)))
                for check, title in found
            )
            blocks.append(Listing(("Check", "Where", "Dimension"), tuple(rows)))
    return Document(BY_SEVERITY, tuple(blocks))


def _listing(checks: Iterable[Structure], release: Release, places: Places, by: str) -> Listing:
    order = list(release.codelists[by].by_code)
    ordered = sorted(checks, key=lambda check: (order.index(check.severity), check.title["en"]))
    rows = (
        (
            words(places.check(check.id)),
            words(places.called("severity", check.severity)),
            words(places.called("adoption_level", check.level) if isinstance(check, Rule) else ""),
        )
        for check in ordered
    )
    return Listing(("Check", "Severity", "Level"), tuple(rows))


def _groups(release: Release) -> Iterator[tuple[str, str, Words, list[Structure]]]:
    """Place on the page, title, what is said about it, and checks."""
    places = Places(release)
    rules = release.rules.values()
    for table in release.tables.values():
        mine: list[Structure] = [rule for rule in rules if rule.table == table.id]
        if mine:
            about = words("About the table ", places.table(table.id), ".")
            yield table.id, table.title["en"], about, mine
    manifest: list[Structure] = [rule for rule in rules if rule.table == MANIFEST]
    if manifest:
        yield MANIFEST, "The manifest", words("About ", places.table(MANIFEST), "."), manifest
    families: list[Structure] = [rule for rule in rules if rule.each is not None]
    if families:
        about = words(
            "Asked of every column of a kind (dates, codes, numbers, texts), in all tables that have such columns."
        )
        yield _EVERY_TABLE, "Columns of a kind, in all tables", about, families
    form: list[Structure] = list(release.structure.values())
    yield (
        _FORM,
        "Form of every table",
        words("What follows from the tables: columns, types, keys, references, words."),
        form,
    )
    screens: list[Structure] = list(release.screens.values())
    if screens:
        about = words(
            "Asked of every file, of columns that the standard does not know as well. No message repeats a value."
        )
        yield _PERSONAL, "Personal data that must not be here", about, screens
