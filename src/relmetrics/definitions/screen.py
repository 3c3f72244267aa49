"""Screens: what personal data look like, by the names of columns and by their contents."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator
from pydantic import Field as PydanticField

from relmetrics.definitions.definition import Frozen, Id
from relmetrics.definitions.rule import Structure

__all__ = ["LETTERS", "LISTED", "Columns", "Form", "Place", "Screen", "Shape", "Word", "WordList"]

Place = Literal["unknown", "misfit", "label", "public_text", "person_id", "line", "manifest", "header"]
"""Where texts stand: columns that the standard does not know (``x_`` and others); cells of other columns that are not
of their type; labels; texts for the public; ids of persons; declared lines; texts of the manifest; names of columns."""

LETTERS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "months": ("M", "M"),
        "given_names": ("G", "H"),
        "surnames": ("S", "R"),
        "place_words": ("W", "W"),
        "function_words": ("F", "F"),
        "personal_titles": ("T", "T"),
        "name_particles": ("P", "P"),
    }
)
"""Letter of a word by the list in which it stands: the second where it is also an ordinary word (Hope, Hill).

``B`` and ``C`` stand for words that are both a given name and a surname (``C`` also an ordinary word), ``J`` for an
initial and a surname written as one word (``mgonzalez``, ``gonzalezm``), ``I`` for a single letter, ``N`` for a number,
``X`` for any other word. A small letter says that the word began with one. A word of several lists has the letter of
the last of them in this order.
"""

LISTED = re.compile(r"\{([a-z_]+)\}")
"""In a pattern: all words of a list."""


def _check_regex(value: str) -> str:
    try:
        re.compile(LISTED.sub("x", value))
    except re.error as problem:
        raise ValueError(f"this is no regular expression: {problem}") from None
    return value


Regex = Annotated[str, AfterValidator(_check_regex)]


class Columns(Frozen):
    """Names of columns that say what is in them.

    Names are compared in small letters without accents, as words: ``FirstName``, ``first_name`` and ``First name`` are
    the same, and the words of one entry have to follow each other.

    Attributes
    ----------
    words : dict
        By language: a name that has these words somewhere.
    exactly : dict
        By language: a name that is this and nothing else (an ``x_`` before it does not count).
    about_people : dict
        The same, only in tables about people: those of the standard that hold ids of persons, and those below.
    tables : dict
        By language: words in the name of an unknown table that make it one about people.
    unless : dict
        By language: words that make it a name of something else (``email_opens``).
    """

    words: dict[str, tuple[str, ...]] = {}
    exactly: dict[str, tuple[str, ...]] = {}
    about_people: dict[str, tuple[str, ...]] = {}
    tables: dict[str, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}


class Form(Frozen):
    """One way in which the text is written, as a regular expression in the syntax of RE2.

    Attributes
    ----------
    regex : str
        Over the text in small letters without accents and without blanks around it. ``{list}`` is any word of that
        list.
    unless : str
        Where this is found too, the form does not count.
    within : tuple of str
        Only in these places; all of the screen's if empty.
    share, at_least : Decimal, int
        Only in a column in which at least this share of the different values, and at least so many of them, are
        evidence: what proves nothing alone does so in company.
    has_digit, least_length : bool, int
        What every such text has: a digit, so many characters. Where no text has it, nothing is looked for.
    evidence : {'itself', 'others'}
        The values of this form are evidence, or those of the screen's forms and shapes that need no company.
    """

    regex: Regex
    unless: Regex = ""
    within: tuple[Place, ...] = ()
    share: Decimal | None = PydanticField(default=None, gt=0, le=1)
    at_least: int = 1
    evidence: Literal["itself", "others"] = "itself"
    has_digit: bool = False
    least_length: int = 1


class Shape(Form):
    """The same over the letters of its words (`LETTERS`), a word a letter: ``GS`` is a given name and a surname.

    Attributes
    ----------
    text : str
        The text has to have this form as well.
    """

    text: Regex = ""


class Screen(Structure):
    """What one kind of personal data looks like.

    Attributes
    ----------
    protects : tuple of str
        Whom it protects: mostly ``members``.
    looks_at : tuple of str
        Where texts are looked at; names of columns always are where there are `columns`.
    excepted : tuple of str
        Fields that it leaves alone (``table.field``).
    columns : Columns or None
        What the name of a column may say.
    forms, shapes : tuple
        What a text may look like; one of them is enough.
    unless : str
        A text of this form is never meant.
    told_by : tuple of str
        Screens whose finding about the same cell says enough: this one's is then its consequence.
    """

    protects: tuple[str, ...] = PydanticField(min_length=1)
    looks_at: tuple[Place, ...] = ()
    excepted: tuple[str, ...] = ()
    columns: Columns | None = None
    forms: tuple[Form, ...] = ()
    shapes: tuple[Shape, ...] = ()
    unless: Regex = ""
    told_by: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _looks_for_something(self) -> Screen:
        if bool(self.looks_at) != bool(self.forms or self.shapes):
            raise ValueError("looks_at says where forms and shapes are looked for: give both, or neither")
        if not self.looks_at and self.columns is None:
            raise ValueError("a screen needs columns, or forms or shapes")
        return self


class Word(Frozen):
    """One word of a list, in small letters without accents.

    Attributes
    ----------
    language : str
        ``en``, ``es``, or both with a blank between.
    is_also_a_word : bool
        It is also an ordinary word, or the name of many places.
    """

    word: str
    language: str
    is_also_a_word: bool = False


class WordList(Frozen):
    """A list of words: ``words/<id>.csv``."""

    id: Id
    words: tuple[Word, ...]
