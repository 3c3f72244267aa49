"""``relmetrics explain``: what the standard says about one of its names, in the words of its pages."""

from __future__ import annotations

from difflib import get_close_matches

import click

from relmetrics.errors import UsageError

__all__ = ["explain"]


@click.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> int:
    """Say what a name of the standard means.

    ID is a check (a rule, a check of form, a search for personal data), an indicator or its code, a table, a field
    (table.field), a codelist, a code (codelist.code), or the code of a reason or a warning. The words are those of its
    page in the documentation, examples included.
    """
    from relmetrics.publishing.as_terminal import terminal_text_of
    from relmetrics.publishing.entries import entries
    from relmetrics.standard import load_release

    release = load_release()
    wanted = name.strip().casefold()
    known = list(entries(release))
    found = [make for entry, make in known if entry == wanted]
    if not found and "." not in wanted:
        # A field or a code may be asked for without its table or list.
        found = [make for entry, make in known if entry.rpartition(".")[2] == wanted]
    if not found:
        raise UsageError(_nearest(name, sorted({entry for entry, _ in known})))
    click.echo("\n\n\n".join(terminal_text_of(make()) for make in found))
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
