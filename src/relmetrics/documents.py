"""YAML and JSON in which every scalar is text and knows its line.

The one reader of definition files, manifests and requirements. YAML's implicit types are not used, because
``schema_version: 1.0`` would become a number, ``no`` a truth value and ``0012`` twelve. Tags, anchors, aliases and
repeated keys are refused: they let one file say two things, or a small file become a large one.
"""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from relmetrics.errors import UnreadableInputError

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Document", "DocumentError", "dump_json", "read_document", "read_text"]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
_LONGEST_NAME = 60
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Key = str | int


class DocumentError(UnreadableInputError):
    """A YAML or JSON text breaks the rules of documents; the message holds file and line."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document.

    Attributes
    ----------
    data : dict, list or str
        Mappings, lists and text, nothing else.
    lines : dict
        Path of keys and indexes to the line (counted from 1) on which the value begins.
    name : str
        Name for messages: file name without folders.
    """

    data: Any
    lines: dict[tuple[Key, ...], int]
    name: str

    def line_of(self, path: tuple[Key, ...]) -> int:
        """Line of the value at `path`, or of its nearest parent that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(path: Path) -> Document:
    """Read a YAML file, or a JSON file where the name ends in ``.json``; both give text scalars.

    Raises
    ------
    DocumentError
        Too large, not UTF-8, not YAML or JSON, or with tags, anchors, aliases or repeated keys.
    """
    try:
        status = path.stat()
        if status.st_size > MAX_BYTES:
            raise DocumentError(
                f"{path.name} has {status.st_size:,} bytes; a document of this kind has at most {MAX_BYTES:,}."
            )
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise DocumentError(f"{path.name} is no file but a device or a pipe. Put the file itself there.")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # it may grow while we look
    except OSError as problem:
        raise DocumentError(f"{path.name} cannot be opened: {problem.strerror or 'unknown reason'}.") from None
    return read_text(content, path.name)


def read_text(content: bytes | str, name: str) -> Document:
    """Read a document from its content; `name` is used in messages."""
    if isinstance(content, bytes):
        if len(content) > MAX_BYTES:
            raise DocumentError(f"{name} is larger than {MAX_BYTES:,} bytes.")
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            line = problem.object[: problem.start].count(b"\n") + 1
            raise DocumentError(
                f"{name}, line {line}: this is not UTF-8 text. Save the file as UTF-8 and try again."
            ) from None
    return _read_json(content, name) if name.lower().endswith(".json") else _read_yaml(content, name)


def _read_yaml(content: str, name: str) -> Document:
    builder = _Builder(name)
    try:
        for event in yaml.parse(content, Loader=_Loader):
            builder.take(event)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        # The parser's own words ("could not find expected ':'") help nobody who does not know YAML.
        raise DocumentError(
            f"{name}{where}: the file cannot be read from here on. Look at this line and those above it: a quotation "
            'mark (") or a colon may be missing, a tab may stand there, or the blanks at the beginning do not match.'
        ) from None
    return Document(builder.root if builder.root is not None else "", builder.lines, name)


def _read_json(content: str, name: str) -> Document:
    """Read JSON with its own parser: YAML's refuses the surrogate pairs with which JSON escapes rarer characters."""

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise DocumentError(f"{name}: the key '{twice[:_LONGEST_NAME]}' stands twice; keep one.")
        return found

    def constant(word: str) -> str:
        raise DocumentError(f"{name}: {word} is not a value of JSON; write a number, or leave it out.")

    try:
        data = json.loads(content, object_pairs_hook=mapping, parse_int=str, parse_float=str, parse_constant=constant)
    except json.JSONDecodeError as problem:
        where = f"{name}, line {problem.lineno}"
        raise DocumentError(f"{where}: this is not JSON. Check quotes, commas and brackets there.") from None
    except RecursionError:
        raise DocumentError(f"{name}: nested more than {MAX_DEPTH} levels deep.") from None
    data = _as_text(data, name)
    try:
        lines = _read_yaml(content, name).lines
    except DocumentError:
        lines = {}  # what JSON escapes and YAML cannot read: the lines are lost, the content is not
    return Document(data, lines, name)


def _as_text(value: Any, name: str, depth: int = 0) -> Any:
    """Give JSON data with text for every scalar, as YAML's parser gives it."""
    if isinstance(value, dict | list) and depth >= MAX_DEPTH:
        raise DocumentError(f"{name}: nested more than {MAX_DEPTH} levels deep.")
    if isinstance(value, dict):
        return {_as_text(key, name): _as_text(item, name, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item, name, depth + 1) for item in value]
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise DocumentError(f"{name}: half of an escaped character (\\ud800 to \\udfff) stands alone; write both.")
        return value
    return {True: "true", False: "false", None: "null"}[value]


class _Builder:
    """Builds text-only data from YAML events, without recursion."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.lines: dict[tuple[Key, ...], int] = {}
        self._stack: list[Any] = []
        self._keys: list[Key | None] = []
        self._documents = 0

    def refuse(self, event: Any, what: str) -> DocumentError:
        return DocumentError(f"{self.name}, line {event.start_mark.line + 1}: {what}")

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse(event, "anchors and aliases (& and *) are not allowed; write the value out.")
        if getattr(event, "tag", None):
            raise self.refuse(event, "tags (!) are not allowed; every value is plain text.")
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self.refuse(event, "a second document (---) begins; only one is allowed.")
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, [])
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()
            self._keys.pop()

    def _open(self, event: Any, container: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise self.refuse(event, f"nested more than {MAX_DEPTH} levels deep.")
        self._place(event, container)
        self._stack.append(container)
        self._keys.append(None)

    def _scalar(self, event: Any) -> None:
        if self._stack and isinstance(self._stack[-1], dict) and self._keys[-1] is None:
            if event.value in self._stack[-1]:
                key = event.value[:_LONGEST_NAME]
                raise self.refuse(event, f"the key '{key}' stands twice; keep one.")
            self._keys[-1] = event.value
            return
        self._place(event, event.value)

    def _place(self, event: Any, value: Any) -> None:
        if not self._stack:
            self.root = value
            self.lines[()] = event.start_mark.line + 1
            return
        parent = self._stack[-1]
        key: Key
        if isinstance(parent, dict):
            given = self._keys[-1]
            if given is None:
                raise self.refuse(event, "a key must be plain text.")
            key = given
            parent[key] = value
            self._keys[-1] = None
        else:
            key = len(parent)
            parent.append(value)
        self.lines[(*self._path(), key)] = event.start_mark.line + 1

    def _path(self) -> tuple[Key, ...]:
        path: list[Key] = []
        for container, child in zip(self._stack, self._stack[1:], strict=False):
            if isinstance(container, list):
                path.append(len(container) - 1)
            else:
                path.append(next(key for key, value in reversed(container.items()) if value is child))
        return tuple(path)


def dump_json(data: Any) -> str:
    """Write `data` as JSON: keys in the order given, floats by repr, two blanks of indentation, a final line break."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
