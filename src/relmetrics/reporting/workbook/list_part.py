"""The list of findings as the XML of a sheet. Every text is written as a text: nothing in it can become a formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from relmetrics.reporting.workbook.listing import WIDTHS, Listing, Target, Text
from relmetrics.reporting.workbook.looks import TAB
from relmetrics.reporting.workbook.outline import quoted, text_of
from relmetrics.reporting.workbook.sheets import MAIN

__all__ = ["list_part"]

_LETTERS = "ABCD"


def list_part(listing: Listing, looks: Mapping[str, int], place_of: Callable[[Target], str | None]) -> bytes:
    """Write the sheet.

    Parameters
    ----------
    looks : mapping
        Number of the cell style of each look.
    place_of : callable
        Where a link leads, as ``'sheet'!C14``; None where it leads nowhere.
    """
    rows, merged, links = [], [], []
    for number, line in enumerate(listing.lines, start=1):
        cells = []
        for text in line.texts:
            name = f"{_LETTERS[text.column]}{number}"
            cells.append(_cell(name, text, looks[text.look]))
            if text.until is not None and text.until > text.column:
                cells += [
                    f'<c r="{_LETTERS[column]}{number}" s="{looks[text.look]}"/>'
                    for column in range(text.column + 1, text.until + 1)
                ]
                merged.append(f'<mergeCell ref="{name}:{_LETTERS[text.until]}{number}"/>')
            place = place_of(text.target) if text.target is not None else None
            if place is not None:
                links.append(f'<hyperlink ref="{name}" location={quoted(place)} display={quoted(text.text)}/>')
        folded = ' hidden="1" outlineLevel="1"' if line.is_folded else ""
        is_unfolding = number < len(listing.lines) and listing.lines[number].is_folded and not line.is_folded
        collapsed = ' collapsed="1"' if is_unfolding else ""
        rows.append(
            f'<row r="{number}" ht="{line.height:.2f}" customHeight="1"{folded}{collapsed}>{"".join(cells)}</row>'
        )
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(WIDTHS, start=1)
    )
    folds = ' outlineLevelRow="1"' if any(line.is_folded for line in listing.lines) else ""
    areas = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    leads = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        f'<sheetPr><tabColor rgb="FF{TAB.removeprefix("#")}"/><outlinePr summaryBelow="0"/><pageSetUpPr fitToPage="1"/>'
        f'</sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"{folds}/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        f'{areas}{leads}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _cell(name: str, text: Text, look: int) -> str:
    if not text.text:
        return f'<c r="{name}" s="{look}"/>'
    return f'<c r="{name}" s="{look}" t="inlineStr"><is><t xml:space="preserve">{text_of(text.text)}</t></is></c>'
