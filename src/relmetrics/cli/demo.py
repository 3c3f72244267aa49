"""``relmetrics demo``: the whole line on the bundled example."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from relmetrics.cli import options

if TYPE_CHECKING:
    from relmetrics.reporting import Report

__all__ = ["demo"]

TARGET = Path("build", "relmetrics-demo")


@click.command()
@options.quiet_option
def demo(quiet: bool) -> int:
    """Show it all on a made-up organization.

    Writes a report into build/relmetrics-demo in this folder, and nothing anywhere else.
    """
    from relmetrics.reporting import make_report, render
    from relmetrics.standard import data_root
    from relmetrics.submission import read_submission
    from relmetrics.validation import validate

    examples = data_root() / "examples"
    with options.telling(quiet) as tell:
        from relmetrics.cli.whole_line import go

        gone = go(
            examples / "riverside_tenants", examples / "requirements" / "lakeside_fund_2026.yaml", None, tell=tell
        )
        report = make_report(gone.release, gone.findings, gone.values, gone.assessment, gone.manifest, gone.source)
        for suffix in ("html", "json"):
            options.write(render(report, suffix), TARGET / f"report.{suffix}", (), quiet=True)
        mistaken = examples / "riverside_tenants_with_mistakes"
        with read_submission(mistaken, gone.release, progress=tell) as read:
            found = make_report(gone.release, validate(read), manifest=read.manifest, source=mistaken.name)
    _say("Riverside Tenants (fictional): eighteen months of records, checked and calculated.")
    _values(report)
    _requirements(report)
    _say(
        f"The report: {TARGET / 'report.html'} (open it in a browser; for programs: {TARGET / 'report.json'})", gap=True
    )
    _say("The same records with two deliberate mistakes. This is what 'relmetrics validate' says:", gap=True)
    _findings(found)
    _say(
        "Now your own: relmetrics inspect FILE, then relmetrics validate FOLDER. Nothing leaves this machine.", gap=True
    )
    return 0


def _say(text: str, indent: int = 0, gap: bool = False) -> None:
    from relmetrics.reporting import plain

    if gap:
        click.echo()
    space = " " * indent
    click.echo(
        textwrap.fill(
            plain(text),
            88,
            initial_indent=space,
            subsequent_indent=space + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _values(report: Report) -> None:
    for layout in report.layouts:
        shown = [value for domain in layout.domains for cluster in domain.clusters for value in cluster.values]
        _say("What the records say:", gap=True)
        for value in [*shown, *layout.trust]:
            within = f" ({value.range})" if value.range else ""
            _say(f"{value.title}: {value.number}{within}", 2)
        for value in layout.not_computed:
            _say(f"{value.title}: not computed. {value.reason.title if value.reason else ''}", 2)
        for held in layout.held_back:
            _say(f"{held.title}: {held.text}", 2)


def _requirements(report: Report) -> None:
    view = report.assessment_view
    if view is None:
        return
    _say(f"{view.document} {view.summary}", gap=True)
    for item in view.items:
        if item.verdict != "met":
            _say(f"{item.verdict_word}: {item.text} ({item.need}). {item.because}", 2)


def _findings(report: Report) -> None:
    view = report.findings_view
    if view is None:
        return
    for group in view.all_groups:
        for column in group.by_field:
            for place in column.first:
                parts = (place.message or column.message, column.remedy)
                _say(f"{group.severity_word}, {place.where}: {' '.join(part for part in parts if part)}", 2)
