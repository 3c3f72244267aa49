"""What is added to a workbook's styles: those of the list, and one colour a severity. Its own stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

from relmetrics.reporting.workbook.looks import GROUNDS, INK, LOOKS, Look
from relmetrics.reporting.workbook.outline import Edits, Element, NotMarkableError, Outline, outline

__all__ = ["Added", "add_styles", "same_styles"]

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_MOST = 60_000  # cell styles; a workbook holds 65,490


@dataclass(frozen=True, slots=True)
class Added:
    """The part with its additions: number of the cell style of each look, and of the colour of each severity."""

    part: bytes
    looks: dict[str, int]
    colours: dict[str, int]


def add_styles(data: bytes) -> Added:
    """Add our styles behind those that are there."""
    part = outline(data)
    if part.bare(part.root) != "styleSheet":
        raise NotMarkableError("form")
    _check_order(part)
    edits = Edits(part)
    p = part.prefix
    first = {name: _count(part, name) for name in ("fonts", "fills", "borders", "cellXfs", "dxfs")}
    if first["cellXfs"] + len(LOOKS) > _MOST:
        raise NotMarkableError("size")
    fonts, fills, borders, formats = [], [], [], []
    looks: dict[str, int] = {}
    for number, (name, look) in enumerate(LOOKS.items()):
        looks[name] = first["cellXfs"] + number
        fonts.append(_font(look, p))
        fills.append(_fill(look.ground, p))
        line = (
            f'<{p}bottom style="thin"><{p}color rgb="{_rgb(look.line)}"/></{p}bottom>' if look.line else f"<{p}bottom/>"
        )
        borders.append(f"<{p}border><{p}left/><{p}right/><{p}top/>{line}<{p}diagonal/></{p}border>")
        wrap = ' wrapText="1"' if look.wraps else ""
        indent = f' horizontal="left" indent="{look.indent}"' if look.indent else ""
        formats.append(
            f'<{p}xf numFmtId="49" fontId="{first["fonts"] + number}" fillId="{first["fills"] + number}" '
            f'borderId="{first["borders"] + number}" xfId="0" quotePrefix="1" applyNumberFormat="1" applyFont="1" '
            f'applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<{p}alignment vertical="center"{indent}{wrap}/></{p}xf>'
        )
    colours = {severity: first["dxfs"] + number for number, severity in enumerate(GROUNDS)}
    marks = [
        f'<{p}dxf><{p}font><{p}color rgb="{_rgb(INK)}"/></{p}font><{p}fill><{p}patternFill patternType="solid">'
        f'<{p}fgColor rgb="{_rgb(ground)}"/><{p}bgColor rgb="{_rgb(ground)}"/></{p}patternFill></{p}fill></{p}dxf>'
        for ground in GROUNDS.values()
    ]
    for name, texts in (
        ("fonts", fonts),
        ("fills", fills),
        ("borders", borders),
        ("cellXfs", formats),
        ("dxfs", marks),
    ):
        _append(part, edits, name, texts)
    return Added(edits.applied(), looks, colours)


def same_styles(before: bytes, after: bytes) -> bool:
    """Whether every style that was there is still there, with the same number."""
    old, new = outline(before), outline(after)
    for number, element in old.children(0):
        found = new.child(0, old.bare(element))
        if found is None:
            return False
        kept = [old.raw(one) for _, one in old.children(number)]
        if [new.raw(one) for _, one in new.children(found[0])[: len(kept)]] != kept:
            return False
    return True


def _check_order(part: Outline) -> None:
    names = [part.bare(one) for _, one in part.children(0)]
    known = [_ORDER.index(name) for name in names if name in _ORDER]
    if len(known) < len(names) or known != sorted(set(known)):
        raise NotMarkableError("form")


def _count(part: Outline, name: str) -> int:
    found = part.child(0, name)
    if found is None:
        if name == "dxfs":
            return 0
        raise NotMarkableError("form")
    children = part.children(found[0])
    if any(part.bare(one) != {"cellXfs": "xf"}.get(name, name[:-1]) for _, one in children):
        raise NotMarkableError("form")
    return len(children)


def _append(part: Outline, edits: Edits, name: str, texts: list[str]) -> None:
    found = part.child(0, name)
    if found is not None:
        element: Element = found[1]
        number = _count(part, name) + len(texts)
        if element.is_one_tag:
            text = f'<{element.name} count="{number}">{"".join(texts)}</{element.name}>'
            edits.replace(element.start, element.end, text)
        else:
            edits.set_attribute(element, "count", str(number))
            edits.append(element, "".join(texts))
        return
    after = [one for _, one in part.children(0) if _ORDER.index(part.bare(one)) > _ORDER.index(name)]
    place = after[0].start if after else part.root.close
    edits.replace(place, place, f'<{part.prefix}{name} count="{len(texts)}">{"".join(texts)}</{part.prefix}{name}>')


def _font(look: Look, p: str) -> str:
    bold = f"<{p}b/>" if look.is_bold else ""
    line = f"<{p}u/>" if look.is_underlined else ""
    return (
        f'<{p}font>{bold}{line}<{p}sz val="{look.size:g}"/><{p}color rgb="{_rgb(look.ink)}"/><{p}name val="Calibri"/>'
        f'<{p}family val="2"/></{p}font>'
    )


def _fill(ground: str, p: str) -> str:
    if not ground:
        return f'<{p}fill><{p}patternFill patternType="none"/></{p}fill>'
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{_rgb(ground)}"/><{p}bgColor indexed="64"/>'
        f"</{p}patternFill></{p}fill>"
    )


def _rgb(colour: str) -> str:
    return f"FF{colour.removeprefix('#')}"
