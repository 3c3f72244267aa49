"""Calculate: the indicators of the standard on one submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.calculation.value import BenchmarkValue, IndicatorValue, IndicatorValues, IntervalValue
from relmetrics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from relmetrics.submission.submission import Submission

__all__ = ["BenchmarkValue", "IndicatorValue", "IndicatorValues", "IntervalValue", "calculate"]


def calculate(
    submission: Submission,
    indicators: Sequence[str] | None = None,
    periods: Sequence[date] | None = None,
    by: Sequence[str] | None = None,
    parameters: Mapping[str, Mapping[str, str]] | None = None,
    progress: Callable[[str], None] | None = None,
) -> IndicatorValues:
    """Compute indicators of one submission. What it returns is local: small numbers are shown.

    Parameters
    ----------
    submission : Submission
        As `read_submission` returns it. Findings do not stop the calculation.
    indicators : sequence of str, optional
        Ids; default all of the release.
    periods : sequence of date, optional
        Period ends, not after the day the data were taken on; default the end of the manifest's period.
    by : sequence of str, optional
        Disaggregations; none can be asked for yet.
    parameters : mapping, optional
        Indicator to parameter to value, for values that differ from the standard's; they are stated with the value.
    progress : callable, optional
        Is told the id of each indicator before it is computed.

    Returns
    -------
    IndicatorValues
        In the order of the catalogue; the total first.

    Raises
    ------
    UsageError
        For an unknown indicator, parameter or disaggregation, or a period end after the data were taken.
    """
    from relmetrics.calculation.engine import compute
    from relmetrics.calculation.run import Run

    release = submission.release
    chosen = list(release.indicators) if indicators is None else list(indicators)
    for name in chosen:
        if name not in release.indicators:
            known = ", ".join(sorted(release.indicators))
            raise UsageError(f"There is no indicator '{name}' in release {release.version}. There are: {known}.")
    if by:
        raise UsageError("Values by team, quarter and the like cannot be computed yet; leave 'by' out.")
    given = {name: {key: str(value) for key, value in items.items()} for name, items in (parameters or {}).items()}
    _check_parameters(submission, given)
    ends = [submission.manifest.period.end] if periods is None else list(periods)
    for end in ends:
        if end > submission.manifest.today:
            raise UsageError(
                f"The period cannot end on {end.isoformat()}: the data were taken on "
                f"{submission.manifest.today.isoformat()}. Choose an earlier day."
            )
    views = submission.views()
    values: list[IndicatorValue] = []
    order = [name for name in release.indicators if name in set(chosen)]
    for end in ends:
        run = Run(submission, views, end)
        for name in order:
            if progress is not None:
                progress(name)
            values.extend(compute(run, release.indicators[name], given.get(name, {})))
    return IndicatorValues(tuple(values), release.version, dict(views.rows_left_out))


def _check_parameters(submission: Submission, given: Mapping[str, Mapping[str, str]]) -> None:
    for name, items in given.items():
        if name not in submission.release.indicators:
            raise UsageError(f"There is no indicator '{name}' to set parameters for.")
        known = submission.release.indicators[name].parameters
        for key, value in items.items():
            if key not in known:
                raise UsageError(f"'{name}' has no parameter '{key}'. It has: {', '.join(known) or 'none'}.")
            if known[key].type == "integer" and not (value.isdigit() and len(value) < 6):
                raise UsageError(
                    f"The parameter '{key}' of '{name}' is a whole number of days or minutes, not '{value}'."
                )
