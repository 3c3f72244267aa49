"""The first door: length, characters, nesting, tokens and names of functions, before any parser sees the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from relmetrics.expressions.language import BEFORE_BRACKET, FUNCTIONS, INSTEAD, KEYWORDS, MOST_DIGITS, Limits
from relmetrics.expressions.scope import NAME, nearest, refuse

__all__ = ["Words", "check_text", "shown"]

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<string>'(?:[^'\\\x00-\x1f\x7f-\x9f]|'')*')
    | (?P<quoted>"[^"]*")
    | (?P<parameter>:[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<operator><=|>=|<>|!=|//|[=<>+\-*%(),.])
    """,
    re.VERBOSE,
)

_NO_COMMENTS: Final = "Comments are not part of an expression; put them in the text of the definition."
_NO_LISTS: Final = "Lists and records are not part of the language; use IN (...), a table or a view."
_NO_DIVISION: Final = (
    "Engines disagree about it: compare by multiplying (10 * a >= 7 * b), or hand over numerator and denominator; "
    "for whole numbers there is `//`."
)
_REFUSED: Final = (
    ("--", "A comment begins here.", _NO_COMMENTS),
    ("/*", "A comment begins here.", _NO_COMMENTS),
    ("::", "`::` was found.", "Write cast(value AS TYPE)."),
    (":", "A colon without a name was found.", "A parameter is written as `:name`, without a space."),
    ("<=>", "`<=>` was found.", "Write IS NOT DISTINCT FROM."),
    ("<<", "`<<` was found.", "Bits are not part of the language."),
    (">>", "`>>` was found.", "Bits are not part of the language."),
    ("=>", "`=>` was found.", "Give arguments by position."),
    ("->", "`->` was found.", "Functions within expressions are not part of the language."),
    ("==", "`==` was found.", "Write `=`."),
    ("**", "`**` was found.", "Powers are taken outside SQL."),
    ("/", "`/` was found.", _NO_DIVISION),
    (";", "A semicolon was found.", "Write one expression or one SELECT, without a semicolon."),
    ("|", "`|` was found.", "Text is compared, not built; keep the parts in columns of their own."),
    ("[", "A square bracket was found.", _NO_LISTS),
    ("{", "A curly bracket was found.", _NO_LISTS),
    ("$", "`$` was found.", "A parameter is written as `:name`."),
    ("?", "`?` was found.", "A parameter is written as `:name`."),
    ("#", "`#` was found.", "Name the column; positions are not used."),
    ("'", "A text in quotes is not closed, or holds a line break, control character or backslash.",
     "Close it with '; a quote inside is written twice."),
    ('"', "A name in quotes is not closed.", 'Close it with ".'),
)  # fmt: skip

# Forms that would be read as the start of a longer token, or as one that says nothing.
_BEFORE_TOKENS: Final = ("--", "/*", "::", "<=>", "<<", ">>", "=>", "->", "==", "**")


@dataclass(frozen=True, slots=True)
class Words:
    """What the text is made of, as far as later doors compare it with the tree.

    Attributes
    ----------
    first : str
        First word in small letters, or empty.
    plain : tuple of str
        Words that are neither keyword nor function: they must turn up in the tree as names.
    parameters : tuple of str
        Parameters in order, repeated as often as they stand there.
    """

    first: str
    plain: tuple[str, ...]
    parameters: tuple[str, ...]


def shown(text: str, most: int = 40) -> str:
    """Return `text` for a message: plain characters only, and not too many of them."""
    plain = "".join(one if " " <= one <= "~" else f"U+{ord(one):04X}" for one in text[:most])
    return plain + ("..." if len(text) > most else "")


def check_text(text: str, limits: Limits) -> Words:
    """Hold `text` against `limits` and the lists of characters and functions.

    Raises
    ------
    ExpressionError
        If anything in it is not allowed.
    """
    if len(text) > limits.characters:
        refuse(
            f"The text has {len(text):,} characters; at most {limits.characters:,} are allowed.",
            "Split it, or use a view.",
        )
    if not text.strip(" \t\r\n"):
        refuse("The text is empty.", "Write an expression such as minutes >= 20.")
    if any("\ud800" <= one <= "\udfff" for one in text):
        refuse("The text holds half a character (a lone surrogate).", "Write it as UTF-8.")
    tokens = _tokens(text, limits)
    _check_nesting(tokens, limits)
    return _words(tokens)


def _tokens(text: str, limits: Limits) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = None if text.startswith(_BEFORE_TOKENS, position) else _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            _refuse_character(text, position)
        kind, token, end = match.lastgroup, match.group(), match.end()
        following = text[end : end + 1]
        if kind == "number":
            is_after_point = text[position - 1 : position] == "."
            if is_after_point or (following and (following.isalnum() or following in "_.")):
                refuse(
                    f"The number `{shown(token + following)}` is not written plainly.",
                    "Write digits, with digits on both sides of a decimal point; no exponents.",
                )
            if sum(one.isdigit() for one in token) > MOST_DIGITS:
                refuse(f"A number has more than {MOST_DIGITS} digits.", "Use a smaller one.")
        elif kind == "word":
            if following == "'" and token.lower() != "date":
                refuse(f"`{shown(token)}'...'` was found.", "Text stands in plain quotes; only date '...' is special.")
        elif kind == "quoted" and not NAME.fullmatch(token[1:-1]):
            refuse(
                f"The name {shown(token)} is not a plain name.",
                "Names have letters a to z, digits and `_`, at most 63.",
            )
        if kind != "space":
            tokens.append((kind, token))
            if len(tokens) > limits.tokens:
                refuse(f"The text has more than {limits.tokens:,} words and signs.", "Split it, or use a view.")
        position = end
    return tokens


def _refuse_character(text: str, position: int) -> NoReturn:
    for sign, found, instead in _REFUSED:
        if text.startswith(sign, position):
            refuse(found, instead)
    refuse(
        f"The character {shown(text[position])} was found outside of quotes.",
        "Names are written in plain letters a to z, digits and `_`.",
    )


def _check_nesting(tokens: list[tuple[str, str]], limits: Limits) -> None:
    brackets = cases = in_a_row = 0
    for _, token in tokens:
        word = token.lower()
        if word == "(":
            brackets += 1
        elif word == ")":
            brackets -= 1
        elif word == "case":
            cases += 1
        elif word == "end":
            cases = max(cases - 1, 0)
        in_a_row = in_a_row + 1 if word in ("not", "-", "+") else 0
        if brackets < 0:
            refuse("A bracket is closed that was not opened.", "Count the brackets.")
        if brackets + cases + in_a_row > limits.brackets:
            refuse(
                f"The text is nested more than {limits.brackets} deep (brackets, CASE, signs or NOT in a row).",
                "Name the inner part in a WITH or a view.",
            )
    if brackets:
        refuse("A bracket is not closed.", "Count the brackets.")


def _words(tokens: list[tuple[str, str]]) -> Words:
    plain = []
    for index, (kind, token) in enumerate(tokens):
        if kind != "word":
            continue
        word = token.lower()
        if index + 1 < len(tokens) and tokens[index + 1][1] == "(" and word not in BEFORE_BRACKET:
            if word not in FUNCTIONS:
                refuse(
                    f"`{shown(token)}` is not a function of the language.",
                    INSTEAD.get(word) or nearest(word, FUNCTIONS),
                )
        elif word not in KEYWORDS:
            plain.append(token)
        elif word == "from" and _begins_a_query(tokens, index):
            refuse("A query begins with FROM.", "Begin it with SELECT.")
    first = tokens[0][1].lower() if tokens[0][0] == "word" else ""
    return Words(first, tuple(plain), tuple(token[1:] for kind, token in tokens if kind == "parameter"))


def _begins_a_query(tokens: list[tuple[str, str]], index: int) -> bool:
    before = tokens[index - 1][1].lower() if index else "("
    return before in ("(", "union", "all", "except", "intersect")
