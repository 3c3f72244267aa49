"""What a value looks like, said without the value."""

from __future__ import annotations

import datetime
import re
import unicodedata

__all__ = ["shape_of"]

_LONGEST = 100_000  # characters of a cell; longer ones are a mistake, and looking at each takes its time
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_PHONE = re.compile(r"\+?[\d\s()./-]{7,20}")
_ISO_DATE = re.compile(r"\d{4}-\d{1,2}(-\d{1,2})?")
_ISO_TIME = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[T ]\d.*")
_PARTS_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_WORD_DATE = re.compile(
    r"(?=.*\d)(?=.*(jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|ene|abr|ago|dic))[\w\s.,/-]+", re.I
)
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_MANY_NUMBERS = re.compile(r"[+-]?\d{1,3}([.,' ]\d{3})+([.,]\d+)?")
_ID = re.compile(r"[A-Za-z0-9._-]+")


def shape_of(text: str | None) -> str:
    """Describe a value for someone who looks for it in their own file, and tell nothing to anyone else.

    Parameters
    ----------
    text : str or None
        The cell as it was given.

    Returns
    -------
    str
        For example ``text, 11 characters`` or ``date with the day or month first``; ``empty`` where there is nothing.
    """
    if text is None or not text.strip():
        return "empty"
    bare = text.strip()
    if len(bare) > _LONGEST:
        return f"text, {len(bare)} characters"
    blanks = ", with blanks around it" if bare != text else ""
    return _kind(bare) + blanks


def _kind(text: str) -> str:
    if _EMAIL.fullmatch(text):
        return "looks like an e-mail address"
    if _NUMBER.fullmatch(text) and len(re.sub(r"\D", "", text)) < 10:
        return "number with a comma" if "," in text else "number"
    if dated := _date_kind(text):
        return dated
    if _MANY_NUMBERS.fullmatch(text):
        return "number with thousands marks"
    if _PHONE.fullmatch(text) and 7 <= sum(character.isdigit() for character in text) <= 15:
        return "looks like a phone number"
    characters = f"{len(text)} character" + ("" if len(text) == 1 else "s")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") for character in text):
        return f"text with hidden characters, {characters}"
    if ";" in text:
        return f"several values with semicolons, {characters}"
    if len(text.split()) > 1:
        return f"text of {len(text.split())} words, {characters}"
    return f"{_letters(text)}, {characters}"


def _letters(text: str) -> str:
    """Say what keeps a word from being a code: these differences are hard to see."""
    if _ID.fullmatch(text):
        return "text"
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    if _ID.fullmatch(bare):
        return "text with accents"
    return "text in another script" if re.fullmatch(r"[\w.-]+", text) else "text with special characters"


def _exists(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return False
    return True


def _date_kind(text: str) -> str:
    """Name the way a date is written, or nothing if it is none."""
    if _ISO_DATE.fullmatch(text):
        if len(text) not in (7, 10):
            return "date without leading zeros"
        if not _exists(text):
            return "date that does not exist"
        return "date" if len(text) == 10 else "year and month"
    if _ISO_TIME.fullmatch(text):
        return "date with a time of day"
    if parts := _PARTS_DATE.fullmatch(text):
        first, _, second, last = parts.groups()
        if len(first) == 4:
            return "date with other marks than hyphens"
        if int(first) > 12 >= int(second):
            return "date with the day first"
        if int(second) > 12 >= int(first):
            return "date with the month first"
        return "date with the day or month first" if len(last) in (2, 4) else ""
    if _WORD_DATE.fullmatch(text):
        return "date with the month as a word"
    return ""
