"""Text of definitions as Markdown that cannot do anything: every sign that means something is written as an entity."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["Markdown", "code", "escape", "fence", "link"]

_SIGNS = re.compile(r"[\\`*_{}\[\]<>&|#~^$\"]")
_AT_THE_START = re.compile(r"^(?:[-+:?!=/]|\d+(?=[.)](?:\s|$)))")


class Markdown(str):
    """Markdown that we made ourselves, and that is therefore not escaped again."""

    __slots__ = ()


def _entity(sign: str) -> str:
    return "".join(f"&#{ord(one)};" for one in sign)


def escape(value: Any) -> Markdown:
    """Write `value` on one line so that a reader sees it as it is: no markup, no list, no link, no table cell."""
    if isinstance(value, Markdown):
        return value
    line = " ".join(str(value).split())
    line = _SIGNS.sub(lambda match: _entity(match[0]), line).replace("://", "&#58;//")
    return Markdown(_AT_THE_START.sub(lambda match: _entity(match[0]), line))


def code(value: Any) -> Markdown:
    """Show `value` as code within a sentence or a table cell; a long name may break after a ``_``."""
    return Markdown(f"<code>{escape(value).replace('&#95;', '&#95;<wbr>')}</code>")


def link(title: Any, target: str) -> Markdown:
    """Link to a page; the target is one of ours."""
    return Markdown(f"[{escape(title)}]({target})")


def fence(value: Any, kind: str = "text", indent: int = 0) -> Markdown:
    """Show `value` as a block of code whose fence is longer than any that stands in it."""
    lines = str(value).strip("\n").splitlines()
    longest = max((len(run) for run in re.findall(r"`+", str(value))), default=0)
    marks = "`" * max(3, longest + 1)
    before = " " * indent
    return Markdown("\n".join(f"{before}{line}".rstrip() for line in (f"{marks}{kind}", *lines, marks)))
