"""One sheet on one run: quantities, reasons, value, uncertainty, warnings, in this order."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relmetrics.calculation.calculators import calculator
from relmetrics.calculation.gates import hold
from relmetrics.calculation.network import FULL
from relmetrics.calculation.scoring import Measured, Proportion, Request, Scoring, Sum, Uncertainty
from relmetrics.calculation.value import IndicatorValue, Number, Status
from relmetrics.definitions.definition import LEVELS
from relmetrics.definitions.logic import indicator_hash
from relmetrics.errors import DefinitionError

if TYPE_CHECKING:
    from relmetrics.calculation.run import Coverage, Run
    from relmetrics.definitions import Indicator

__all__ = ["compute"]

# After these nothing was looked at, so nothing beside the value can be stated.
SILENT = ("not_adopted_level", "missing_required_field", "missing_records_window")
_QUOTIENT = re.compile(r"(\w+) / (\w+)")


def compute(run: Run, sheet: Indicator, parameters: dict[str, str]) -> list[IndicatorValue]:
    """Compute all values of one sheet: the total, and the other graph where the sheet has one."""
    cells = ["total", FULL] if sheet.second_row is not None else ["total"]
    return [_Computation(run, sheet, parameters, cell).value() for cell in cells]


class _Computation:
    def __init__(self, run: Run, sheet: Indicator, parameters: dict[str, str], cell: str) -> None:
        self.run, self.sheet, self.cell = run, sheet, cell
        self.request = Request(run, sheet, cell, run.bound(sheet, parameters))
        self.release = run.submission.release
        self.coverage: Coverage | None = run.coverage(sheet.coverage) if sheet.coverage != "none" else None
        self.quantities: dict[str, Any] = {}

    def value(self) -> IndicatorValue:
        """Compute the value of one cell."""
        reasons = set(self._reasons_before_counting())
        if "not_adopted_level" in reasons or "missing_required_field" in reasons:
            return self._without_number(reasons)
        scoring = self._scoring()
        shared = {**self.run.shared}
        for query in self.sheet.facts.values():
            shared |= self.run.views.one_row(query, self.request.bound)
        self.quantities = {**shared, **scoring.quantities()}
        reasons |= self._reasons_after_counting()
        if reasons:
            return self._without_number(reasons)
        measured = scoring.measure()
        if measured.reason:
            return self._without_number({measured.reason})
        uncertainty = scoring.uncertainty(measured)
        return self._with_number(measured, uncertainty)

    def _scoring(self) -> Scoring:
        if self.sheet.scoring == "proportion":
            return Proportion(self.request)
        if self.sheet.scoring == "sum":
            return Sum(self.request)
        return calculator(self.sheet.function)(self.request)

    def _reasons_before_counting(self) -> list[str]:
        manifest, sheet, run = self.run.manifest, self.sheet, self.run
        reasons = []
        if LEVELS.index(sheet.adoption) > LEVELS.index(manifest.adoption_level):
            reasons.append("not_adopted_level")
        is_field_empty = any(
            run.field_is_empty(*name.split("."))
            for name in sheet.required_fields
            if name.split(".")[0] in run.submission.tables
        )
        if is_field_empty or any(table not in run.submission.tables for table in sheet.needs):
            reasons.append("missing_required_field")
        if sheet.coverage == "ties" and manifest.tie_rule == "roster":
            # Ties would come from a roster wave, and this release has no table of waves yet.
            reasons.append("not_adopted_level" if manifest.adoption_level == "core" else "missing_required_field")
        if sheet.coverage_gate and self.coverage is not None and self.coverage.is_unstated:
            reasons.append("missing_required_field")
        if sheet.window_gate and (run.end - manifest.records_from).days < 182:
            reasons.append("missing_records_window")
        return reasons

    def _reasons_after_counting(self) -> set[str]:
        sheet = self.sheet
        holding = hold(self.run.submission.connection, [gate.when for gate in sheet.gates], self.quantities)
        reasons = {gate.reason for gate, holds in zip(sheet.gates, holding, strict=True) if holds}
        known, unknown = self.quantities["n_units"], self.quantities["unknown"]
        if known + unknown == 0 and sheet.scoring == "proportion":
            reasons.add("no_eligible_units")
        if known + unknown == 0 and sheet.scoring == "function" and sheet.unknown_when:
            reasons.add("no_eligible_units")
        if sheet.coverage_gate and self.coverage is not None and not self.coverage.passes:
            reasons.add("below_coverage")
        if sheet.unknown_gate and 2 * unknown > known + unknown:
            reasons.add("below_coverage")
        return reasons

    def _warnings(self, uncertainty: Uncertainty) -> tuple[str, ...]:
        sheet, run = self.sheet, self.run
        holding = hold(run.submission.connection, [item.when for item in sheet.warnings], self.quantities)
        found = {item.warning for item, holds in zip(sheet.warnings, holding, strict=True) if holds}
        found |= set(uncertainty.warnings)
        if sheet.window_gate and (run.start - run.manifest.records_from).days < -1:
            found.add("window_incomplete")
        if sheet.coverage_gate and self.coverage is not None and self.coverage.is_low:
            found.add("coverage_low")
        known, unknown = self.quantities["n_units"], self.quantities["unknown"]
        if sheet.unknown_gate and 5 * unknown > known + unknown:
            found.add("partial_coverage")
        rests_on_records = sheet.domain in ("rel", "net") or sheet.id == "relational_coverage"
        if rests_on_records and run.is_confirmation_low:
            found.add("confirmation_low")
        switchers, nodes = self.quantities.get("n_switchers"), self.quantities.get("n_full_nodes")
        if sheet.domain == "net" and switchers is not None and 20 * switchers > (nodes or 0):
            found.add("status_switchers")
        return tuple(sorted(found))

    def _extras(self, more: dict[str, Any]) -> dict[str, Any]:
        known = {**self.quantities, **more}
        extras: dict[str, Any] = {}
        for name, text in self.sheet.extras.items():
            quotient = _QUOTIENT.fullmatch(text)
            if quotient is None:
                if text not in known and text not in ("greenwood_low", "greenwood_high", "jackknife_se"):
                    raise DefinitionError(f"{self.sheet.id}: the extra '{name}' names '{text}', which nothing gives.")
                extras[name] = known.get(text)
                continue
            above, below = known[quotient[1]], known[quotient[2]]
            extras[name] = None if above is None or not below else int(above) / int(below)
        tables = {*self.sheet.needs, *self.sheet.reads}
        extras["rows_left_out"] = sum(n for table, n in self.run.views.rows_left_out.items() if table in tables)
        return extras

    def _without_number(self, reasons: set[str]) -> IndicatorValue:
        order = list(self.release.codelists["reasons"].by_code)
        reason = min(reasons, key=order.index)
        is_silent = reason in SILENT
        return self._value(
            None,
            "not_computable",
            reason,
            (),
            None,
            None,
            Uncertainty(),
            {} if is_silent else self._extras({}),
            is_silent,
        )

    def _with_number(self, measured: Measured, uncertainty: Uncertainty) -> IndicatorValue:
        warnings = self._warnings(uncertainty)
        status: Status = "computed_with_warning" if warnings else "computed"
        value: Number = float(measured.value) if isinstance(measured.value, Fraction) else measured.value
        extras = self._extras(uncertainty.extras)
        numerator, denominator = measured.numerator, measured.denominator
        return self._value(value, status, "", warnings, numerator, denominator, uncertainty, extras, False)

    def _value(
        self,
        value: Number | None,
        status: Status,
        reason: str,
        warnings: tuple[str, ...],
        numerator: int | None,
        denominator: int | None,
        uncertainty: Uncertainty,
        extras: dict[str, Any],
        is_silent: bool,
    ) -> IndicatorValue:
        sheet, run = self.sheet, self.run
        share = self.coverage.share if self.coverage is not None else None
        if value is None and not sheet.coverage_gate:
            share = None  # the value is the coverage itself: where it is absent there is none to state
        units = self.quantities if not is_silent else {}
        start = run.manifest.period.start if run.end == run.manifest.period.end else run.start + timedelta(days=1)
        return IndicatorValue(
            indicator=sheet.id,
            indicator_version=sheet.version,
            period=f"{start.isoformat()}/{run.end.isoformat()}",
            window=f"{(run.start + timedelta(days=1)).isoformat()}/{run.end.isoformat()}",
            disaggregation=self.cell,
            value=value,
            status=status,
            reason=reason,
            warnings=warnings,
            numerator=numerator,
            denominator=denominator,
            n_units=units.get("n_units"),
            unknown=units.get("unknown"),
            n_without_consent=units.get("n_without_consent"),
            unit=sheet.unit["en"],
            interval=uncertainty.interval,
            benchmark=uncertainty.benchmark,
            coverage=None if share is None or is_silent else float(share),
            comparison=sheet.comparison,
            companions=_companions(sheet, self.release.indicators, run.manifest.adoption_level),
            params={name: str(self.request.bound[name]) for name in sheet.parameters},
            extras=extras,
            release=self.release.version,
            logic_hash=indicator_hash(sheet, self.release),
        )


def _companions(sheet: Indicator, known: Any, level: str) -> tuple[str, ...]:
    """Clauses of the companions, struck by the adoption level: an alternative above it falls, then an empty clause."""
    clauses = []
    for clause in filter(None, (part.strip() for part in sheet.companions.split(";"))):
        kept = [
            name
            for name in clause.split("|")
            if name in known and LEVELS.index(known[name].adoption) <= LEVELS.index(level)
        ]
        if kept:
            clauses.append("|".join(kept))
    return tuple(clauses)
