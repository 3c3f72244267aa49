"""The report as one self-contained page: no script, no asset from elsewhere, nothing that a data file could add."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2

    from relmetrics.reporting.inspection import InspectionView
    from relmetrics.reporting.report import Report
    from relmetrics.reporting.revision import RevisionView
    from relmetrics.reporting.values import Bar
    from relmetrics.words import Words

__all__ = ["render_html", "render_inspection", "render_revision"]

_TEMPLATES = Path(__file__).parent / "templates"

# The line of a bar runs from 8 to 312 within a picture that is 320 wide, so that its dot is never cut off.
_LEFT, _LENGTH = 8.0, 304.0


def render_html(report: Report) -> str:
    """Write a report, or the parts of it that are there, as one HTML page."""
    is_whole = report.values is not None and report.findings is not None
    return _page("page.html.j2", report.words, _title(report), report=report, is_whole=is_whole, bar_of=_bar)


def render_inspection(view: InspectionView, words: Words) -> str:
    """Write what a file is as one HTML page."""
    return _page("inspection.html.j2", words, view.title, view=view)


def render_revision(view: RevisionView, words: Words) -> str:
    """Write what changed between two submissions as one HTML page."""
    return _page("revision.html.j2", words, view.title, view=view)


def _page(template: str, words: Words, title: str, **parts: Any) -> str:
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template(template)
        .render(
            words=words,
            say=words.say,
            count=words.count,
            style=style,
            style_hash=_hash_of(style),
            title=title,
            **parts,
        )
    )


@cache
def _environment() -> jinja2.Environment:
    # Imported here: `validate` writes text, and should not wait for a template engine.
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _hash_of(style: str) -> str:
    """Hash of the one style sheet, so that the page's policy admits it and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _title(report: Report) -> str:
    say = report.words.say
    if report.is_to_mend:
        alone = "page.title_findings" if report.organization else "page.title_findings_alone"
        return say(alone, organization=report.organization)
    if report.organization:
        return say("page.title", organization=report.organization)
    return say("page.title_values" if report.values is not None else "page.title_assessment")


def _bar(bar: Bar) -> dict[str, Any]:
    """Places on the line of a picture, as short decimal text."""

    def place(share: float) -> str:
        return f"{_LEFT + _LENGTH * min(max(share, 0.0), 1.0):.1f}"

    low = bar.low
    high = bar.high if bar.high is not None else 1.0
    return {
        "value": place(bar.value),
        "low": None if low is None else place(low),
        "width": None if low is None else f"{_LENGTH * max(min(high, 1.0) - max(low, 0.0), 0.0):.1f}",
        "ticks": [(place(share), f"{int(share * 100)}%") for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
    }
