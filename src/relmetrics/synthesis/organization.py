"""An invented organization as tables of text, and the small tools the generator shares."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Days: TypeAlias = npt.NDArray[np.int64]
"""Whole days since 1970-01-01, or positions of rows."""

Texts: TypeAlias = npt.NDArray[np.object_]
"""Text cells. Python strings that rows share, so that ten million cells cost ten million pointers."""

Flags: TypeAlias = npt.NDArray[np.bool_]

FAR = 10**6
"""A day after every other: an open end."""

_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Organization:
    """What an organization hands in, before it is written to a file.

    Parameters
    ----------
    tables : dict of dict of list of str
        Table, column, values. Every value is text, an empty text is an empty cell.
    manifest : dict
        The keys of the manifest, nested; every value is text or a list of texts.
    """

    tables: dict[str, dict[str, list[str]]]
    manifest: dict[str, Any]


def day(text: str) -> int:
    """Days since 1970-01-01 of an ISO date."""
    return (datetime.date.fromisoformat(text) - _EPOCH).days


def iso(number: int) -> str:
    """Day number as an ISO date."""
    return (_EPOCH + datetime.timedelta(days=int(number))).isoformat()


def months_before(end: int, months: int) -> int:
    """First day of the span of whole months that ends with the day `end`."""
    after = _EPOCH + datetime.timedelta(days=end + 1)
    index = after.year * 12 + after.month - 1 - months
    year, month = index // 12, index % 12 + 1
    # A month may be shorter than the day asked for: then its last day is close enough.
    return (datetime.date(year, month, min(after.day, calendar.monthrange(year, month)[1])) - _EPOCH).days


def month_starts(start: int, end: int) -> list[int]:
    """First days of the calendar months from that of `start` to the last one complete by `end`."""
    found: list[int] = []
    date = (_EPOCH + datetime.timedelta(days=start)).replace(day=1)
    while True:
        following = (date + datetime.timedelta(days=32)).replace(day=1)
        if (following - _EPOCH).days - 1 > end:
            return found
        found.append((date - _EPOCH).days)
        date = following


class Calendar:
    """Day numbers as text, from a table made once: formatting ten million dates one by one would take a minute."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        dates = [_EPOCH + datetime.timedelta(days=n) for n in range(first, last + 1)]
        self._text = np.array([d.isoformat() for d in dates], dtype=object)
        self._floor = np.array([(d.replace(day=1) - _EPOCH).days for d in dates], dtype=np.int64)

    def text(self, days: Days, *, where: Flags | None = None, reduced: Flags | None = None) -> Texts:
        """ISO dates; empty where `where` is false, year and month only where `reduced` is true."""
        known = np.ones(len(days), dtype=bool) if where is None else where
        found: Texts = self._text[np.where(known, days, self._first) - self._first]
        if reduced is not None and reduced.any():
            found[reduced] = [text[:7] for text in found[reduced]]
        found[~known] = ""
        return found

    def month_floor(self, days: Days) -> Days:
        """First day of each day's month."""
        return self._floor[days - self._first]


def ids(prefix: str, n: int) -> Texts:
    """Ids in order, all of one width, so that they sort as they count."""
    width = max(4, len(str(n)))
    return np.array([f"{prefix}-{i:0{width}d}" for i in range(1, n + 1)], dtype=object)


def pick(codes: Sequence[str], numbers: npt.NDArray[Any]) -> Texts:
    """The code for each number."""
    # One code more keeps numpy from taking a single text apart, and gives an object array whatever the codes are.
    found: Texts = np.array([*codes, None], dtype=object)[numbers]
    return found


def choose(rng: np.random.Generator, weights: dict[str, float], n: int) -> Texts:
    """Codes drawn with these weights."""
    share = np.array(list(weights.values()))
    return pick(list(weights), np.searchsorted(np.cumsum(share / share.sum())[:-1], rng.random(n), side="right"))


def blank(rng: np.random.Generator, values: Texts, filled: float, unknown: float = 0.0) -> Texts:
    """The same cells, some of them `unknown` and some empty."""
    draw = rng.random(len(values))
    result = values.copy()
    result[(draw < filled * unknown) & (values != "")] = "unknown"
    result[draw >= filled] = ""
    return result


def number_text(numbers: Days, where: Flags) -> Texts:
    """Whole numbers as text, empty where `where` is false."""
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    found = pick([str(n) for n in range(low, high + 1)], numbers - low)
    found[~where] = ""
    return found
