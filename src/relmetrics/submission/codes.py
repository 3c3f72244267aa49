"""SQL that turns what somebody wrote into the code that it stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from relmetrics.definitions import Codelist
from relmetrics.submission.columns import BLANKS, trimmed

__all__ = ["code_sql", "literal", "synonyms", "trim_sql"]


def literal(text: str) -> str:
    """Write `text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def trim_sql(expression: str) -> str:
    """Write `expression` without blanks at both ends."""
    return f"trim({expression}, {literal(BLANKS)})"


def synonyms(codelist: Codelist) -> dict[str, str]:
    """Map each folded spelling to its code.

    Folding is: without surrounding blanks, composed characters (as macOS does not write them), small letters. A
    spelling that two codes claim goes to the code that is written so, else to the first.
    """
    folded: dict[str, str] = {}
    spellings: Iterable[tuple[str, str]] = (
        *((code.code, code.code) for code in codelist.codes),
        *((synonym, code.code) for code in codelist.codes for synonym in code.synonyms),
    )
    for spelling, code in spellings:
        plain = unicodedata.normalize("NFC", trimmed(spelling))
        # The database has lower() only; casefold() covers what people with other keyboards write for the same word.
        for form in (plain.lower(), plain.casefold()):
            if form:
                folded.setdefault(form, code)
    return folded


def code_sql(expression: str, codelist: Codelist) -> str:
    """Write the code of `expression`, or NULL; a value that is a code already is found first and cheaply.

    CASE, not IN or a join: DuckDB evaluates the spellings only for rows that hold no code. Empty cells go first, or
    they would be compared with every spelling (measured: twice the time); the spellings are two lists, because DuckDB
    takes longer to plan a branch for each than to read a small file.
    """
    exact = " ".join(f"WHEN {expression} = {literal(code.code)} THEN {literal(code.code)}" for code in codelist.codes)
    spellings = synonyms(codelist)
    if not spellings:
        return "NULL::VARCHAR"
    known, meant = (", ".join(map(literal, texts)) for texts in (spellings, spellings.values()))
    folded = f"lower(nfc_normalize({trim_sql(expression)}))"
    loose = f"list_extract([{meant}], list_position([{known}], {folded}))"
    return f"CASE WHEN {expression} IS NULL THEN NULL {exact} ELSE {loose} END"
