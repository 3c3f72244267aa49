"""The lines about one value: what was counted, how far it may be off, what it may be compared with."""

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

__all__ = ["Fact", "FactWriter"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a value: a label and a sentence."""

    key: str
    label: str
    text: str


class FactWriter:
    """Writes the lines about values with the words of one language and the definitions of one release."""

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

    def note(self, codelist: str, code: str) -> Note:
        """Return a code with its title and sentence as its codelist has them."""
        return coded(self.release, codelist, code)

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


def _clause(sentence: str) -> str:
    """Take a sentence into another one: without its full stop."""
    return sentence.strip().rstrip(".")
