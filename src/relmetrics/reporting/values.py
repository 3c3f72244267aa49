"""What a page shows of one value, in words: shared by all formats. It rounds and words; it calculates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting import numbers
from relmetrics.reporting.escaping import plain, prose
from relmetrics.reporting.facts import Fact, FactWriter

if TYPE_CHECKING:
    from relmetrics.calculation.value import IndicatorValue
    from relmetrics.definitions import Indicator
    from relmetrics.reporting.codes import Note

__all__ = ["Bar", "Fact", "ValueView", "ValueViews"]

# Extras that are shares though their names do not end so.
_SHARES = frozenset({"events_with_functions", "implied_by_totals", "value_covered_only"})


@dataclass(frozen=True, slots=True)
class Bar:
    """A share on a line from 0 to 1, with its range where it has one."""

    value: float
    low: float | None
    high: float | None
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value as a reader sees it.

    Attributes
    ----------
    number : str
        The value rounded for people, empty where there is none.
    fraction, range, coverage : str
        Short forms for a table.
    cells : tuple of ValueView
        Further rows of the same indicator (``graph=full``), the total being this one.
    """

    indicator: str
    cell: str
    cell_title: str
    title: str
    code: str
    class_code: str
    class_word: str
    class_sentence: str
    is_experimental: bool
    definition: str
    number: str
    unit: str
    fraction: str
    range: str
    coverage: str
    bar: Bar | None
    facts: tuple[Fact, ...]
    warnings: tuple[Note, ...]
    reason: Note | None
    extras: tuple[tuple[str, str], ...]
    limitations: str
    cells: tuple[ValueView, ...] = ()

    @property
    def anchor(self) -> str:
        """Name for a link within the page."""
        return f"value-{self.indicator}"


class ValueViews(FactWriter):
    """Makes views of values with the words of one language and the definitions of one release."""

    def view(self, value: IndicatorValue, cells: tuple[ValueView, ...] = ()) -> ValueView:
        """Make the view of `value`."""
        sheet = self.release.indicators.get(value.indicator)
        words = self.words
        shown = self._show(value.value, sheet) if value.has_number and value.value is not None else ""
        class_code = sheet.indicator_class if sheet is not None else ""
        return ValueView(
            indicator=value.indicator,
            cell=plain(value.disaggregation, 100),
            cell_title=self._cell_title(value.disaggregation),
            title=self.title(value.indicator),
            code=sheet.code if sheet is not None else "",
            class_code=class_code,
            class_word=self.note("indicator_class", class_code).title,
            class_sentence=self.note("indicator_class", class_code).text,
            is_experimental=sheet is not None and sheet.status == "experimental",
            definition=words.text(sheet.definition) if sheet is not None else "",
            number=shown,
            unit=words.text(sheet.unit) if sheet is not None else plain(value.unit, 64),
            fraction=self._fraction(value),
            range=self._range(value, sheet),
            coverage=words.say("value.coverage_short_none")
            if value.coverage is None
            else numbers.percent(value.coverage),
            bar=self._bar(value, sheet, shown),
            facts=tuple(self._facts(value, sheet)),
            warnings=tuple(self.note("warnings", code) for code in value.warnings),
            reason=None if value.has_number else self.note("reasons", value.reason),
            extras=tuple(self._extras(value, sheet)),
            limitations=words.text(sheet.limitations) if sheet is not None else "",
            cells=cells,
        )

    def _cell_title(self, cell: str) -> str:
        if cell == "total":
            return self.words.say("value.total")
        if cell == "graph=full":
            return self.words.say("value.graph_full")
        return plain(cell, 100)

    def _range(self, value: IndicatorValue, sheet: Indicator | None) -> str:
        low, high = self._limits(value, sheet)
        if not low:
            return ""
        return (
            self.words.say("value.range_short", low=low, high=high)
            if high
            else self.words.say("value.range_open", low=low)
        )

    def _bar(self, value: IndicatorValue, sheet: Indicator | None, shown: str) -> Bar | None:
        if sheet is None or sheet.value_unit not in ("share", "probability") or not shown or value.value is None:
            return None
        low, high = self._limits(value, sheet)
        key = "value.bar_desc_interval" if high else "value.bar_desc_interval_open" if low else "value.bar_desc"
        interval = value.interval
        return Bar(
            value=min(max(float(value.value), 0.0), 1.0),
            low=interval.low if interval is not None else None,
            high=interval.high if interval is not None else None,
            title=self.words.say("value.bar_title", title=self.title(value.indicator), value=shown),
            description=self.words.say(key, value=shown, low=low, high=high),
        )

    def _extras(self, value: IndicatorValue, sheet: Indicator | None) -> list[tuple[str, str]]:
        texts = sheet.extras_text if sheet is not None else {}
        lines = []
        for name, extra in value.extras.items():
            if extra is None or name == "rows_left_out":
                continue
            label = self.words.text(texts[name]) if name in texts else plain(name.replace("_", " "), 64)
            is_share = name.endswith(("_share", "_low", "_high")) or name.startswith(("share_", "coverage_"))
            is_share = is_share or name in _SHARES
            if isinstance(extra, str):
                shown = prose(extra, 200)
            elif is_share and isinstance(extra, float) and 0 <= extra <= 1:
                shown = numbers.percent(extra)
            else:
                shown = numbers.number(extra, 2)
            lines.append((label, shown))
        return lines
