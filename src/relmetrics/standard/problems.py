"""A definition with its place, and the list of what is wrong with definition files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from relmetrics.errors import DefinitionError

__all__ = ["LineOf", "Problems", "Read"]

Model = TypeVar("Model", bound=BaseModel)
LineOf = Callable[[tuple[str | int, ...]], int]


@dataclass(frozen=True, slots=True)
class Read(Generic[Model]):
    """A definition with the file and the lines it came from."""

    definition: Model
    file: str
    line_of: LineOf


class Problems:
    """Collects sentences, so that one run names every mistake."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, file: str, line: int, sentence: str) -> None:
        """Keep a sentence about a line of a file."""
        self.sentences.append(f"{file}, line {line}: {sentence}")

    def stop(self) -> None:
        """Refuse the definitions where there is a sentence about them."""
        if self.sentences:
            raise DefinitionError("\n".join(self.sentences))
