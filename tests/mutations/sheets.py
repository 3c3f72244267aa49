"""A submission as lists of texts, to be spoiled and written; and what is expected of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

__all__ = ["Expected", "Mutation", "Sheets", "another_text"]


class Expected(NamedTuple):
    """One finding: rule, table, row as a spreadsheet counts, field; and the rule of its cause, or nothing."""

    rule: str
    table: str
    row: int | None
    field: str
    cause: str = ""


@dataclass
class Sheets:
    """A submission as lists of texts, to be spoiled and written."""

    manifest: str
    headers: dict[str, list[str]]
    rows: dict[str, list[list[str]]]
    endings: dict[str, str] = field(default_factory=dict)
    """Raw text that is put behind a file, by table."""

    @classmethod
    def read(cls, folder: Path) -> Sheets:
        headers, rows = {}, {}
        for file in sorted(folder.glob("*.csv")):
            header, *body = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
            headers[file.stem], rows[file.stem] = header, body
        return cls((folder / "submission.yaml").read_text(encoding="utf-8"), headers, rows)

    def write(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "submission.yaml").write_text(self.manifest, encoding="utf-8")
        for table, rows in self.rows.items():
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows([self.headers[table], *rows])
                stream.write(self.endings.get(table, ""))

    def find(self, table: str, *others: Callable[[dict[str, str]], bool], **like: str) -> int:
        """Row of the first record that is like this."""
        return next(iter(self.find_all(table, *others, **like)))

    def find_all(self, table: str, *others: Callable[[dict[str, str]], bool], **like: str) -> list[int]:
        return [
            row
            for row, record in self.records(table)
            if all(record[name] == text for name, text in like.items()) and all(other(record) for other in others)
        ]

    def records(self, table: str) -> Iterator[tuple[int, dict[str, str]]]:
        for row, cells in enumerate(self.rows[table], start=2):
            yield row, dict(zip(self.headers[table], cells, strict=True))

    def get(self, table: str, row: int, name: str) -> str:
        return self.rows[table][row - 2][self.headers[table].index(name)]

    def set(self, table: str, row: int, **texts: str) -> None:
        for name, text in texts.items():
            self.rows[table][row - 2][self.headers[table].index(name)] = text

    def append(self, table: str, **texts: str) -> int:
        """A new row, empty where nothing is given."""
        self.rows[table].append(["" for _ in self.headers[table]])
        last = len(self.rows[table]) + 1
        self.set(table, last, **texts)
        return last

    def append_copy(self, table: str, row: int, **texts: str) -> int:
        self.rows[table].append(list(self.rows[table][row - 2]))
        last = len(self.rows[table]) + 1
        self.set(table, last, **texts)
        return last

    def drop_table(self, table: str) -> None:
        del self.rows[table], self.headers[table]

    def rename_table(self, table: str, name: str) -> None:
        self.rows[name], self.headers[name] = self.rows.pop(table), self.headers.pop(table)

    def add_column(self, table: str, position: int, name: str, text: str) -> None:
        self.headers[table].insert(position, name)
        for cells in self.rows[table]:
            cells.insert(position, text)

    def drop_column(self, table: str, name: str) -> None:
        position = self.headers[table].index(name)
        del self.headers[table][position]
        for cells in self.rows[table]:
            del cells[position]

    def rename_column(self, table: str, name: str, new: str) -> None:
        self.headers[table][self.headers[table].index(name)] = new


Mutation = Callable[[Sheets], list[Expected]]


def another_text(rule: str, table: str, name: str, text: str, **like: str) -> Mutation:
    """Another text in one cell; only that cell is a finding."""

    def plant(sheets: Sheets) -> list[Expected]:
        row = sheets.find(table, lambda record: record[name] != "", **like)
        sheets.set(table, row, **{name: text})
        return [Expected(rule, table, row, name)]

    return plant
