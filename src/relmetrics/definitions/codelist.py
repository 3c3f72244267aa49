"""Closed lists of codes."""

from __future__ import annotations

from functools import cached_property

from relmetrics.definitions.definition import Frozen, Id

__all__ = ["Code", "Codelist"]


class Code(Frozen):
    """One code: a row of ``codelists/<id>.csv``."""

    code: str
    title_en: str
    description_en: str
    synonyms: tuple[str, ...] = ()
    since: str
    deprecated: str = ""


class Codelist(Frozen):
    """A list of codes; its id is its file name."""

    id: Id
    codes: tuple[Code, ...]

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """Codes by their code."""
        return {code.code: code for code in self.codes}

    @cached_property
    def by_synonym(self) -> dict[str, str]:
        """Folded synonym to code; folding is lower case without surrounding blanks."""
        return {synonym.strip().casefold(): code.code for code in self.codes for synonym in (*code.synonyms, code.code)}
