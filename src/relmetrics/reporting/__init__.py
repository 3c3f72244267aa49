"""Writes out what the other verbs found, for readers and for machines. It calculates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relmetrics.errors import UsageError
from relmetrics.reporting.escaping import plain
from relmetrics.reporting.report import Report, make_report

if TYPE_CHECKING:
    from relmetrics.definitions import Release

__all__ = [
    "FORMATS",
    "Report",
    "make_report",
    "plain",
    "render",
    "render_html",
    "render_json",
    "render_junit",
    "render_sarif",
    "render_text",
]

FORMATS = ("html", "json", "text", "sarif", "junit")


def render(
    part: Any,
    format: str = "text",
    *,
    release: Release | None = None,
    language: str = "en",
    colour: bool = False,
    width: int = 88,
) -> str:
    """Write a report, or one part of it, in one of the formats.

    Parameters
    ----------
    part : Report, Findings, IndicatorValues, Assessment, Inspection or Revision
        What is to be written.
    format : {'text', 'html', 'json', 'sarif', 'junit'}
        Text for a terminal, a page for people, or a document for machines. SARIF holds findings; JUnit holds what
        became of checks and of requirements.
    release : Release, optional
        Where the texts of the standard come from; 1.0 where not given. A Report has its own.
    language : str
        Language of the words of a single part. A Report has its own.
    colour, width
        Of text only.

    Returns
    -------
    str
        Every format says that it stays with the organization: small numbers are shown.
    """
    if format not in FORMATS:
        raise UsageError(f"There is no format '{plain(format, 20)}'. Choose one of {', '.join(FORMATS)}.")
    if type(part).__name__ == "Inspection":
        return _render_inspection(part, format, language, colour, width)
    if type(part).__name__ == "Revision":
        return _render_revision(part, format, release, language, colour, width)
    report = part if isinstance(part, Report) else _report_of(part, release, language)
    if format == "html":
        return render_html(report)
    if format == "json":
        return render_json(report)
    if format == "sarif":
        return render_sarif(report)
    if format == "junit":
        return render_junit(report)
    return render_text(report, colour=colour, width=width)


def render_html(report: Report) -> str:
    """Write a report as one self-contained page."""
    from relmetrics.reporting import html

    return html.render_html(report)


def render_json(report: Report) -> str:
    """Write a report as JSON, numbers as they were computed."""
    from relmetrics.reporting import json_format

    return json_format.render_json(report)


def render_sarif(report: Report) -> str:
    """Write the findings of a report as SARIF 2.1.0."""
    if report.findings is None:
        raise UsageError("Only findings can be written as SARIF. Choose another format.")
    from relmetrics.reporting import sarif

    return sarif.render_sarif(report, report.findings)


def render_junit(report: Report) -> str:
    """Write the checks and the requirements of a report as JUnit XML."""
    if report.findings is None and report.assessment is None:
        raise UsageError("Only checks and requirements can be written as JUnit. Choose another format.")
    from relmetrics.reporting import junit

    return junit.render_junit(report)


def render_text(report: Report, colour: bool = False, width: int = 88) -> str:
    """Write a report as text for a terminal."""
    from relmetrics.reporting import text

    return text.render_text(report, colour=colour, width=width)


def _render_inspection(inspection: Any, format: str, language: str, colour: bool, width: int) -> str:
    from relmetrics.reporting.inspection import view_inspection
    from relmetrics.words import Words

    if format not in ("html", "json", "text"):
        raise UsageError(f"What a file is cannot be written as '{format}'. Choose one of html, json, text.")
    words = Words(language)
    if format == "json":
        from relmetrics.reporting import json_format

        return json_format.render_inspection(inspection, words)
    view = view_inspection(inspection, words)
    if format == "html":
        from relmetrics.reporting import html

        return html.render_inspection(view, words)
    from relmetrics.reporting import text

    return text.render_inspection(view, words, colour=colour, width=width)


def _render_revision(
    revision: Any, format: str, release: Release | None, language: str, colour: bool, width: int
) -> str:
    from relmetrics.reporting.revision import view_revision
    from relmetrics.words import Words

    words = Words(language)
    if release is None:
        from relmetrics.standard import load_release

        release = load_release(revision.release)
    if format == "json":
        from relmetrics.reporting import json_format

        return json_format.render_revision(revision, release, words)
    view = view_revision(revision, release, words)
    if format == "html":
        from relmetrics.reporting import html

        return html.render_revision(view, words)
    from relmetrics.reporting import revision_text

    return revision_text.render_revision(view, words, colour=colour, width=width)


def _report_of(part: Any, release: Release | None, language: str) -> Report:
    # Known by the name of its type, so that writing findings does not import what calculates.
    names = {"Findings": "findings", "IndicatorValues": "values", "Assessment": "assessment"}
    name = names.get(type(part).__name__)
    if name is None:
        raise UsageError(
            f"A {type(part).__name__} cannot be rendered. Give a Report or one of its parts, or an Inspection."
        )
    if release is None:
        from relmetrics.standard import load_release

        release = load_release()
    return make_report(release, language=language, **{name: part})
