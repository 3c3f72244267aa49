"""What is odd about the names of the columns."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from relmetrics.submission.columns import MOST_COLUMNS
from relmetrics.submission.inspection.nouns import Oddity
from relmetrics.submission.strings import shown, trimmed
from relmetrics.submission.submission import column_letter

__all__ = ["odd_names", "wide_groups", "words_of"]

_NUMBERED = re.compile(r"\d+")
_BRACKET = re.compile(r"^([^\[\]]{1,40})\[[^\]]+\]$")
_WORD = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LEAST_GROUP = 3


def words_of(name: str) -> list[str]:
    """Words of a name in small letters: ``shiftID_2`` is shift, id, 2."""
    return _WORD.findall(_CAMEL.sub(" ", name).lower())


def odd_names(header: Sequence[str], filled: Sequence[int]) -> Iterator[Oddity]:
    """Yield what is odd about the names.

    Parameters
    ----------
    header : sequence of str
        A name for each column.
    filled : sequence of int
        Filled cells of each column.
    """
    letters = [column_letter(position) for position in range(len(header))]

    def those(positions: Sequence[int]) -> tuple[str, ...]:
        return tuple(letters[position] for position in positions)

    blank = [at for at, name in enumerate(header) if not trimmed(name) and filled[at]]
    if blank:
        yield Oddity("names_blank", "second", those(blank), len(blank))
    folded = [trimmed(name).casefold() for name in header]
    counts = Counter(name for name in folded if name)
    repeated = [at for at, name in enumerate(folded) if counts[name] > 1]
    if repeated:
        names = ", ".join(sorted(shown(name) for name, count in counts.items() if count > 1)[:20])
        yield Oddity("names_repeated", "second", those(repeated), len(repeated), params={"names": names})
    padded = [at for at, name in enumerate(header) if name != trimmed(name) and trimmed(name)]
    if padded:
        yield Oddity("names_padded", "second", those(padded), len(padded))
    broken = [at for at, name in enumerate(header) if "\n" in trimmed(name) or "\r" in trimmed(name)]
    if broken:
        yield Oddity("names_broken", "second", those(broken), len(broken))
    questions = [at for at, name in enumerate(header) if len(trimmed(name)) > 60]
    if questions:
        yield Oddity("names_long", "note", those(questions), len(questions))
    for positions, name in wide_groups(header):
        yield Oddity("wide", "second", those(positions), len(positions), params={"names": shown(name)})


def wide_groups(header: Sequence[str]) -> list[tuple[list[int], str]]:
    """Find columns that are one list laid side by side: names alike but for a number, or for what is in brackets."""
    groups: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    brackets: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(map(trimmed, header[:MOST_COLUMNS])):
        if match := _BRACKET.match(name):
            brackets[match[1].strip().casefold()].append(position)
            continue
        numbers = list(_NUMBERED.finditer(name))
        if len(numbers) == 1 and len(numbers[0][0]) <= 4:
            number = numbers[0]
            stem = (name[: number.start()].casefold().rstrip(" _-."), name[number.end() :].casefold())
            groups[stem].append((int(number[0]), position))
    found: list[tuple[list[int], str]] = []
    for listed in groups.values():
        numbers_only = sorted({number for number, _ in listed})
        spread = numbers_only[-1] - numbers_only[0] + 1
        # 1, 2, 3 are a list; 2019, 2021 in two names are not.
        if len(numbers_only) >= _LEAST_GROUP and len(numbers_only) >= 0.5 * spread:
            positions = [position for _, position in sorted(listed)]
            found.append((positions, f"{header[positions[0]].strip()} … {header[positions[-1]].strip()}"))
    found += [
        (positions, f"{header[positions[0]].strip()} … {header[positions[-1]].strip()}")
        for positions in brackets.values()
        if len(positions) >= _LEAST_GROUP
    ]
    return sorted(found)
