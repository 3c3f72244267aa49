"""What a computer reads of a check: expressions of rules, words and forms of searches for personal data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relmetrics.definitions.rule import Rule
from relmetrics.definitions.screen import Screen
from relmetrics.publishing.blocks import Block, Code, Facts, Folded, Heading, Paragraph, code, words

if TYPE_CHECKING:
    from relmetrics.definitions import Structure
    from relmetrics.definitions.screen import Form

__all__ = ["expressions_of"]

_LANGUAGES = {"en": "English", "es": "Spanish"}


def expressions_of(check: Structure) -> Iterator[Block]:
    """Show what is evaluated, folded away: few readers want it."""
    if isinstance(check, Rule):
        blocks = tuple(_rule_expressions(check))
    elif isinstance(check, Screen):
        blocks = tuple(_screen_expressions(check))
    else:
        return
    yield Heading("As a computer reads it", is_searched=False)
    yield Folded("For evaluators: the expression itself", blocks)


def _rule_expressions(rule: Rule) -> Iterator[Block]:
    if rule.finding_query is not None and rule.examined_query is not None:
        yield Paragraph(words("Findings:"))
        yield Code(rule.finding_query)
        yield Paragraph(words("Rows of this kind, and those of them that could be judged:"))
        yield Code(rule.examined_query)
    elif rule.finding_pattern is not None:
        given = "every text" if rule.pattern_reads == "given" else "texts that could not be read as a value"
        yield Paragraph(words(f"A finding where this regular expression matches; looked at: {given}."))
        yield Code(rule.finding_pattern, "text")
    else:
        if rule.applies_when != "TRUE":
            yield Paragraph(words("Rows that are looked at:"))
            yield Code(rule.applies_when)
        yield Paragraph(words("A finding when:"))
        yield Code(rule.finding_when or rule.column_when or "")
        yield Paragraph(
            words("True is a finding, false is in order; where a value that is needed is not known, it cannot tell.")
        )
    if rule.params:
        yield Paragraph(words("Filled into the message:"))
        yield Facts(tuple((name, words(code(text))) for name, text in rule.params.items()))


def _screen_expressions(screen: Screen) -> Iterator[Block]:
    if screen.columns is not None:
        yield Paragraph(words("Words in the names of columns, by language:"))
        rows = []
        for name, said in (
            ("words", "With the words"),
            ("exactly", "Exactly"),
            ("about_people", "Exactly, in tables about people"),
            ("tables", "A table about people is one with the words"),
            ("unless", "But not with"),
        ):
            for language, listed in getattr(screen.columns, name).items():
                rows.append((f"{said} ({_LANGUAGES.get(language, language)})", words("; ".join(listed))))
        yield Facts(tuple(rows))
    for title, forms in (("Forms of a text:", screen.forms), ("Forms of its words, a letter each:", screen.shapes)):
        if forms:
            yield Paragraph(words(title))
            yield Code("\n".join(_form(form) for form in forms), "text")
    if screen.unless:
        yield Paragraph(words("Never a text of this form:"))
        yield Code(screen.unless, "text")


def _form(form: Form) -> str:
    notes = [f"unless {form.unless}"] if form.unless else []
    notes += [f"only in {', '.join(form.within)}"] if form.within else []
    notes += [f"in at least {form.share} of a column's values, {form.at_least} or more"] if form.share else []
    return form.regex + "".join(f"\n    {note}" for note in notes)
