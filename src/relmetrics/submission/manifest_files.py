"""What the manifest says under ``files``: how the file of a table is to be read where it is not in the standard's form.

Every mistake becomes one sentence with its line. Values arrive as text, from a mapping or from one cell of a sheet.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from relmetrics.definitions import Release, Table
from relmetrics.submission.columns import shown, trimmed
from relmetrics.submission.forms import fold
from relmetrics.submission.inference_dates import declared_date_form
from relmetrics.submission.inference_encoding import known_encoding

__all__ = ["files_of"]

Path = tuple[str | int, ...]
Add = Callable[[Path, str], None]

_KEYS = (
    "path",
    "sheet",
    "header_row",
    "encoding",
    "delimiter",
    "decimal_mark",
    "date_format",
    "yes",
    "no",
    "columns",
    "codes",
)
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}
_MARKS = {"comma": ",", "point": ".", "dot": "."}
_MOST_ROWS = 1_048_576
_MOST_WORDS = 1000


def files_of(data: Any, release: Release, add: Add) -> dict[str, dict[str, Any]]:
    """Check what stands under ``files``.

    Parameters
    ----------
    data : dict, list or str
        What stands there.
    release : Release
        Release with the tables.
    add : callable
        Takes the path of a key and a sentence about what is wrong with it.

    Returns
    -------
    dict
        By table, what `FileForm` takes; keys with a mistake are left out.
    """
    if not isinstance(data, dict):
        add(("files",), "files holds a part for each table that is not in the standard's form, for example people.")
        return {}
    found: dict[str, dict[str, Any]] = {}
    for table_id, given in data.items():
        path: Path = ("files", table_id)
        table = release.tables.get(str(table_id))
        if table is None:
            add(path, f"files.{shown(table_id)}: there is no table {shown(table_id)}.{_near(table_id, release.tables)}")
        elif not isinstance(given, dict):
            add(path, f"files.{table_id} holds keys such as header_row or columns, each on its own line below it.")
        else:
            found[table.id] = _form_of(given, path, table, release, add)
    return found


def _form_of(given: dict[str, Any], path: Path, table: Table, release: Release, add: Add) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for key, value in given.items():
        place, name = (*path, key), ".".join(map(str, (*path, shown(key))))
        if key not in _KEYS:
            add(place, f"{name} is no key of a manifest.{_near(key, _KEYS)}")
            continue
        if value in ("", {}, []):
            continue

        def say(what: str, place: Path = place, name: str = name) -> None:
            add(place, f"{name} {what}")

        match key:
            case "columns":
                form[key] = _columns(value, place, table, add)
            case "codes":
                form[key] = _codes(value, place, table, release, add)
            case "yes" | "no":
                form[key] = _words(value, say)
            case _ if not isinstance(value, str):
                say("holds one value, not a list or further keys.")
            case _:
                form |= _value(key, value, say)
    if both := {fold(word) for word in form.get("yes", ())} & {fold(word) for word in form.get("no", ())}:
        add((*path, "no"), f"files.{table.id}: {len(both)} of the words for no stands among those for yes as well.")
    return form


def _value(key: str, value: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Check one value that is a text; empty where it is wrong."""
    text = trimmed(value)
    match key:
        case "path":
            parts = text.replace("\\", "/").split("/")
            if text.startswith(("/", "\\", "~")) or ":" in parts[0] or ".." in parts or not text.isprintable():
                say("leads out of the folder. Write the name of a file inside the folder of the manifest.")
                return {}
            return {key: "/".join(part for part in parts if part not in ("", "."))}
        case "sheet":
            return {key: text}
        case "header_row":
            if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= _MOST_ROWS):
                say("is the row in which the names of the columns stand: a whole number, 1 for the first row.")
                return {}
            return {key: int(text)}
        case "encoding":
            if known_encoding(text) is None:
                say("is no encoding that is read. Write for example utf-8, windows-1252, mac-roman or utf-16.")
                return {}
        case "delimiter":
            mark = value if value == "\t" else _DELIMITERS.get(text.casefold(), text)
            if mark not in (",", ";", "\t", "|"):
                say("is what stands between the cells: comma, semicolon, tab or pipe.")
                return {}
            return {key: mark}
        case "decimal_mark":
            mark = _MARKS.get(text.casefold(), text)
            if mark not in (".", ","):
                say("is the mark before decimals: point or comma.")
                return {}
            return {key: mark}
        case "date_format" if declared_date_form(text) is None:
            say(
                "is not a form of dates that is read. Write it with YYYY (or YY), MM (or MMM for a name) and DD, year "
                "first or last, for example DD/MM/YYYY, MM/DD/YYYY, D.M.YY or YYYYMMDD."
            )
            return {}
    return {key: text}


def _words(value: Any, say: Callable[[str], None]) -> tuple[str, ...]:
    words = value.split(";") if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        say("is a list of words, or words with ';' between them.")
        return ()
    if wrong := _wrong_words(words):
        say(wrong)
        return ()
    return tuple(word for word in map(trimmed, words) if word)


def _wrong_words(words: Collection[str]) -> str:
    """Say what is wrong with words for which a whole column is searched; empty where nothing is."""
    if len(words) > _MOST_WORDS:
        return f"holds more than {_MOST_WORDS:,} names or words. That is no list that somebody has written."
    return "holds a sign (NUL) that cannot stand in a file." if any("\0" in word for word in words) else ""


def _pairs(value: Any, place: Path, add: Add, example: str) -> dict[str, tuple[Path, str]]:
    """Pairs of theirs and ours with their places, from a mapping or from text of the form ``theirs=ours; …``."""
    pairs: list[tuple[Path, str, Any]] = []
    name = ".".join(shown(str(part)) for part in place)
    if isinstance(value, str):
        for part in filter(None, map(trimmed, value.split(";"))):
            theirs, equals, ours = part.rpartition("=")
            if not equals:
                add(place, f"{name} holds pairs of the form theirs=ours with ';' between them, for example {example}.")
                return {}
            pairs.append((place, theirs, ours))
    elif isinstance(value, dict):
        pairs = [((*place, theirs), theirs, ours) for theirs, ours in value.items()]
    else:
        add(place, f"{name} holds lines of the form theirs: ours, for example {example.replace('=', ': ')}.")
        return {}
    if wrong := _wrong_words([str(theirs) for _, theirs, _ in pairs]):
        add(place, f"{name} {wrong}")
        return {}
    found: dict[str, tuple[Path, str]] = {}
    folded: set[str] = set()
    for where, theirs, ours in pairs:
        theirs = trimmed(theirs)
        if not isinstance(ours, str) or not trimmed(ours):
            add(where, f"{name}: one name or code of the standard is needed for each of yours, for example {example}.")
        elif not theirs:
            add(where, f"{name}: an empty name or word cannot stand for anything. An empty cell means: not recorded.")
        elif fold(theirs) in folded:
            add(where, f"{name} names the same word twice; capitals do not matter. Keep one of them.")
        else:
            folded.add(fold(theirs))
            found[theirs] = (where, trimmed(ours))
    return found


def _columns(value: Any, place: Path, table: Table, add: Add) -> dict[str, str]:
    columns: dict[str, str] = {}
    example = f"Date of meeting={table.fields[-1].id}"
    name = ".".join(map(str, place))
    for theirs, (where, written) in _pairs(value, place, add, example).items():
        ours = written.casefold()
        if ours in columns.values():
            add(where, f"{name}: two columns are given as {shown(ours)}. A table has each of its columns once.")
        elif ours in table.by_id or ours.startswith("x_"):
            columns[theirs] = ours
        elif theirs.casefold() in table.by_id:
            right = f"{shown(written)}{'=' if isinstance(value, str) else ': '}{theirs.casefold()}"
            add(where, f"{name} is the other way round: your name comes first, then ours. Write {right}")
        else:
            add(where, f"{name}: {table.id} has no column {shown(ours)}.{_near(ours, table.by_id)}")
    return columns


def _codes(value: Any, place: Path, table: Table, release: Release, add: Add) -> dict[str, dict[str, str]]:
    name = ".".join(map(str, place))
    if not isinstance(value, dict):
        add(place, f"{name} holds a part for each column with words of your own, and in it lines theirs: ours.")
        return {}
    codes: dict[str, dict[str, str]] = {}
    for field_id, pairs in value.items():
        where = (*place, field_id)
        field = table.by_id.get(str(field_id))
        if field is None:
            add(where, f"{name}: {table.id} has no column {shown(str(field_id))}.{_near(str(field_id), table.by_id)}")
            continue
        if field.type not in ("code", "codes"):
            add(where, f"{name}: the column {field.id} has no list of codes, so there is nothing to stand for.")
            continue
        codelist = release.codelists.get(field.codelist or "")
        known = None if codelist is None else [code.code for code in codelist.codes]
        codes[field.id] = {}
        for theirs, (at, ours) in _pairs(pairs, where, add, f"Theirs={known[0] if known else 'ours'}").items():
            if known is not None and ours not in known:
                some = f" Codes: {', '.join(known)}." if len(known) <= 12 else _near(ours, known)
                add(at, f"{name}.{field.id}: {shown(ours)} is no code of this column.{some}")
            else:
                codes[field.id][theirs] = ours
    return codes


def _near(name: str, known: Mapping[str, Any] | tuple[str, ...] | list[str]) -> str:
    near = difflib.get_close_matches(str(name)[:100].casefold(), list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""
