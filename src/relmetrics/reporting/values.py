"""What a page shows of one value, in words: shared by all formats. It rounds and words; it calculates nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting import numbers
from relmetrics.reporting.codes import Note, coded
from relmetrics.reporting.escaping import plain, prose

if TYPE_CHECKING:
    from relmetrics.calculation.value import IndicatorValue, Number
    from relmetrics.definitions import Indicator, Release
    from relmetrics.validation.finding import Findings
    from relmetrics.words import Words

__all__ = ["Bar", "Fact", "ValueView", "ValueViews"]

# Extras that are shares though their names do not end so.
_SHARES = frozenset({"events_with_functions", "implied_by_totals", "value_covered_only"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a value: a label and a sentence."""

    key: str
    label: str
    text: str


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


class ValueViews:
    """Makes views of values with the words of one language and the definitions of one release."""

    def __init__(
        self, release: Release, words: Words, findings: Findings | None, rows_left_out: Mapping[str, int]
    ) -> None:
        self.release = release
        self.words = words
        self.rows_left_out = rows_left_out
        self.errors: dict[str, int] | None = None
        if findings is not None:
            self.errors = {}
            for check in findings.checks:
                if check.severity == "error":
                    self.errors[check.table] = self.errors.get(check.table, 0) + check.n_findings

    def title(self, indicator: str) -> str:
        """Title of an indicator, its id where the release does not know it."""
        sheet = self.release.indicators.get(indicator)
        return self.words.text(sheet.title) if sheet is not None else plain(indicator, 64)

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

    def note(self, codelist: str, code: str) -> Note:
        """Return a code with its title and sentence as its codelist has them."""
        return coded(self.release, codelist, code)

    def _cell_title(self, cell: str) -> str:
        if cell == "total":
            return self.words.say("value.total")
        if cell == "graph=full":
            return self.words.say("value.graph_full")
        return plain(cell, 100)

    def _show(self, value: Number, sheet: Indicator | None) -> str:
        kind = sheet.value_unit if sheet is not None else "number"
        if kind in ("share", "probability"):
            return numbers.percent(value)
        return numbers.count(value) if kind == "count" else numbers.number(value)

    def _fraction(self, value: IndicatorValue) -> str:
        if value.numerator is None or value.denominator is None:
            return ""
        # A count is its own numerator and has no denominator; pairs and people are whole numbers.
        return self.words.say(
            "value.of", numerator=numbers.number(value.numerator), denominator=numbers.number(value.denominator)
        )

    def _limits(self, value: IndicatorValue, sheet: Indicator | None) -> tuple[str, str]:
        """Both limits as written, the high one empty where it is open; both empty where there is no interval."""
        interval = value.interval
        if interval is None or interval.low is None:
            return "", ""
        if interval.high is None:
            return self._show(interval.low, sheet), ""
        if sheet is not None and sheet.value_unit in ("share", "probability"):
            return numbers.percent_range(interval.low, interval.high)
        return self._show(interval.low, sheet), self._show(interval.high, sheet)

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

    def _facts(self, value: IndicatorValue, sheet: Indicator | None) -> list[Fact]:
        words = self.words
        facts = [("counted", self._counted(value, sheet))]
        if value.has_number:
            facts += [
                ("interval", self._interval(value, sheet)),
                ("coverage", self._coverage(value)),
                ("benchmark", self._benchmark(value, sheet)),
            ]
        facts += [
            ("unknown", words.count("value.unknown_text", value.unknown) if value.unknown else ""),
            ("consent", words.count("value.consent_text", value.n_without_consent) if value.n_without_consent else ""),
            ("records", self._records(value, sheet)),
            ("compare", self._comparison(value, sheet) if value.has_number else ""),
            ("window", self._window(value)),
            ("definition", self._definition(value)),
        ]
        return [Fact(key, words.say(f"value.{key}"), text) for key, text in facts if text]

    def _counted(self, value: IndicatorValue, sheet: Indicator | None) -> str:
        fraction = self._fraction(value)
        if fraction and sheet is not None and sheet.numerator_text is not None and sheet.denominator_text is not None:
            return self.words.say(
                "value.counted_text",
                fraction=fraction,
                numerator_text=_clause(self.words.text(sheet.numerator_text)),
                denominator_text=_clause(self.words.text(sheet.denominator_text)),
            )
        if fraction:
            return self.words.say("value.counted_plain", fraction=fraction)
        if value.n_units is None:
            return ""
        unit = self.words.text(sheet.unit) if sheet is not None else plain(value.unit, 64)
        return self.words.say("value.units_text", n=numbers.number(value.n_units), unit=unit)

    def _interval(self, value: IndicatorValue, sheet: Indicator | None) -> str:
        interval = value.interval
        low, high = self._limits(value, sheet)
        if interval is None or not low:
            named = sheet is not None and sheet.interval is not None
            return self.words.say("value.interval_none" if named and value.warnings else "value.interval_not_named")
        if interval.method == "bounds" and high:
            return self.words.say("value.bounds_text", low=low, high=high)
        level = numbers.percent(interval.level)
        if not high:
            return self.words.say("value.interval_open", low=low, level=level)
        return self.words.say("value.interval_text", low=low, high=high, level=level)

    def _coverage(self, value: IndicatorValue) -> str:
        if value.coverage is None:
            return self.words.say("value.coverage_none")
        return self.words.say("value.coverage_text", coverage=numbers.percent(value.coverage))

    def _benchmark(self, value: IndicatorValue, sheet: Indicator | None) -> str:
        if value.benchmark is None:
            return ""
        return self.words.say(
            "value.benchmark_text",
            percentile=self._percentile(value.benchmark.percentile),
            mean=self._show(value.benchmark.mean, sheet),
        )

    def _percentile(self, percentile: float) -> str:
        # "100 of 100" would say that chance never reaches the value, which no number of random networks can show.
        if percentile > 99:
            return self.words.say("value.percentile_most")
        if percentile < 1:
            return self.words.say("value.percentile_least")
        return self.words.say("value.percentile_about", n=numbers.count(percentile))

    def _records(self, value: IndicatorValue, sheet: Indicator | None) -> str:
        tables = {*sheet.needs, *sheet.reads} if sheet is not None else set()
        own = value.extras.get("rows_left_out")
        left_out = own if isinstance(own, int) else sum(self.rows_left_out.get(table, 0) for table in tables)
        rows = self.words.count("rows", left_out)
        if self.errors is None:
            return self.words.say("value.records_unchecked", rows=rows)
        n_errors = sum(self.errors.get(table, 0) for table in tables)
        return self.words.say("value.records_text", errors=self.words.count("errors", n_errors), rows=rows)

    def _comparison(self, value: IndicatorValue, sheet: Indicator | None) -> str:
        note = self.note("comparison", value.comparison)
        if value.comparison != "standardized" or sheet is None or sheet.standardized_form is None:
            return note.text or note.title
        form = _clause(self.words.text(sheet.standardized_form))
        return self.words.say("comparison.form", sentence=note.text, form=form)

    def _window(self, value: IndicatorValue) -> str:
        start, _, end = value.window.partition("/")
        return self.words.say("page.period_value", start=plain(start, 32), end=plain(end, 32)) if end else ""

    def _definition(self, value: IndicatorValue) -> str:
        text = self.words.say(
            "value.definition_text",
            version=plain(value.indicator_version, 32),
            release=plain(value.release, 32),
            logic=plain(value.logic_hash.removeprefix("sha256:")[:8]),
        )
        if not value.params:
            return f"{text}."
        params = ", ".join(f"{plain(name, 64)} {prose(given, 100)}" for name, given in value.params.items())
        return f"{text}, {self.words.say('value.params_text', params=params)}."

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


def _clause(sentence: str) -> str:
    """Take a sentence into another one: without its full stop."""
    return sentence.strip().rstrip(".")
