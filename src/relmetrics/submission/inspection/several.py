"""What is odd about several files together: versions of one table whose columns are not the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from relmetrics.submission.inspection.nouns import InspectedTable, Oddity
from relmetrics.submission.strings import shown, trimmed

__all__ = ["odd_together"]

_STEM = re.compile(r"[0-9]+")
_LEAST = 2
_MOST_NAMES = 10


def odd_together(tables: Sequence[InspectedTable]) -> Iterator[Oddity]:
    """Yield where files that are called alike but for numbers, as monthly exports are, differ in their columns."""
    versions: dict[tuple[str, str], list[InspectedTable]] = defaultdict(list)
    for table in tables:
        stem = _STEM.sub("#", table.file.casefold())
        if "#" in stem and table.header_row:
            versions[stem, table.sheet.casefold()].append(table)
    for alike in versions.values():
        if len(alike) < _LEAST:
            continue
        names = [{trimmed(column.header) for column in table.columns if trimmed(column.header)} for table in alike]
        everywhere, somewhere = set.intersection(*names), set.union(*names)
        if len(everywhere) < 0.5 * len(somewhere):
            continue  # other tables with like names
        come_and_go = sorted(somewhere - everywhere)
        if come_and_go:
            told = ", ".join(
                f"{shown(name)} ({sum(name in one for one in names)})" for name in come_and_go[:_MOST_NAMES]
            )
            files = f"{shown(alike[0].file)} … {shown(alike[-1].file)}"
            yield Oddity("columns_come_and_go", "second", n=len(alike), params={"names": told, "files": files})
