"""Definitions that are CSV files: codelists, words, the catalogue and its matrix."""

from __future__ import annotations

import csv
import functools
import io
import re
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from relmetrics.definitions.codelist import Code, Codelist
from relmetrics.definitions.matrix import Entry, Matrix, Reading, entry_misfits, misfits
from relmetrics.definitions.screen import Word, WordList
from relmetrics.standard.files import data_root, definition_files
from relmetrics.standard.problems import Problems, Read

__all__ = ["load_matrix", "read_codelists", "read_word_lists"]

_CATALOGUE_HEADER = ["code", "id", "title_en", "class", "role", "adoption", "status"]
_MATRIX_HEADER = ["reader", "table", "field", "use"]
_WORDS_HEADER = ["word", "language", "is_also_a_word"]
_CODELIST_HEADER = ["code", "title_en", "description_en", "synonyms", "since", "deprecated"]


def load_matrix(version: str = "1.0", root: Path | None = None) -> Matrix:
    """Read which indicator reads which field.

    No value and no check needs it, so it is read only when somebody asks.

    Parameters
    ----------
    version : str
        Version of the standard, for example ``1.0``.
    root : Path, optional
        Folder that holds ``schema/``; by default the standard that came with this software.

    Raises
    ------
    DefinitionError
        The files are wrong: one sentence for each problem, with file and line.
    """
    return _load_matrix(version, (root or data_root()).resolve())


@functools.lru_cache(maxsize=8)
def _load_matrix(version: str, root: Path) -> Matrix:
    problems = Problems()
    file = f"schema/{version}/catalogue.csv"
    entries: dict[str, Entry] = {}
    for line, row in rows_of(root / file, file, _CATALOGUE_HEADER, problems):
        entry = Entry(*row)
        if entry.code in entries:
            problems.add(file, line, f"the code '{entry.code}' stands twice; keep one row.")
        for sentence in entry_misfits(entry):
            problems.add(file, line, sentence)
        entries[entry.code] = entry
    file = f"schema/{version}/matrix.csv"
    rows = rows_of(root / file, file, _MATRIX_HEADER, problems)
    matrix = Matrix(MappingProxyType(entries), tuple(Reading(*row) for _, row in rows))
    for place, sentence in misfits(matrix):
        problems.add(file, rows[place][0], sentence)
    problems.stop()
    return matrix


def read_word_lists(version: str, root: Path, problems: Problems) -> dict[str, WordList]:
    """Read the lists of words by which screens know personal data."""
    lists: dict[str, WordList] = {}
    for path in sorted((root / f"validators/{version}/words").glob("*.csv")):
        file = path.relative_to(root).as_posix()
        words = []
        for line, (word, language, also) in rows_of(path, file, _WORDS_HEADER, problems):
            if not re.fullmatch("[a-z]+( [a-z]+)*", word):
                problems.add(file, line, f"'{word}' has other characters than a to z; leave accents out.")
            words.append(Word(word=word, language=language, is_also_a_word=also == "yes"))
        lists[path.stem] = WordList(id=path.stem, words=tuple(words))
    return lists


def read_codelists(version: str, root: Path, problems: Problems) -> dict[str, Read[Codelist]]:
    """Read all codelists; what is wrong with them goes to `problems`."""
    read: dict[str, Read[Codelist]] = {}
    for path in definition_files("codelist", version, root):
        file = path.relative_to(root).as_posix()
        rows = rows_of(path, file, _CODELIST_HEADER, problems)
        owners: dict[str, str] = {}
        codes = []
        for line, (code, title, description, synonyms, since, deprecated) in rows:
            for name, cell in (("code", code), ("title_en", title), ("description_en", description), ("since", since)):
                if not cell.strip():
                    problems.add(file, line, f"{name} is empty; fill it in.")
            words = tuple(word.strip() for word in synonyms.split(";") if word.strip())
            for word in (code, *words):
                owner = owners.setdefault(word.strip().casefold(), code)
                if owner != code or words.count(word) > 1 or (word == code and code in words):
                    problems.add(file, line, f"'{word}' stands twice in this list; one word can mean only one code.")
            texts = {"title_en": title, "description_en": description, "since": since, "deprecated": deprecated}
            codes.append(Code(code=code, synonyms=words, **texts))
        if len({code.code for code in codes}) < len(codes):
            problems.add(file, 1, "one code has two rows; keep one.")
        try:
            read[path.stem] = Read(Codelist(id=path.stem, codes=tuple(codes)), file, lambda _: 1)
        except ValidationError:
            problems.add(file, 1, "the file's name is no id: small letters, digits and _, beginning with a letter.")
    return read


def rows_of(path: Path, file: str, header: list[str], problems: Problems) -> list[tuple[int, list[str]]]:
    """Rows of a definition file in CSV with their lines; blank on any problem with the file itself."""
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        problems.add(file, 1, f"this is not a CSV file in UTF-8 ({problem}); save it again.")
        return []
    if not rows or rows[0][1] != header:
        problems.add(file, 1, f"the first line must be: {','.join(header)}")
        return []
    for line, row in rows[1:]:
        if len(row) != len(header):
            found = f"this row has {len(row)} cells instead of {len(header)}"
            problems.add(file, line, f"{found}; look for a missing comma or quote.")
    return [(line, row) for line, row in rows[1:] if len(row) == len(header)]
