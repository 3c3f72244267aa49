"""The report as plain text, for a terminal or a file. Nothing in data can command a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.reporting.lines import Lines

if TYPE_CHECKING:
    from relmetrics.reporting.checks import CheckLine
    from relmetrics.reporting.inspection import InspectionView
    from relmetrics.reporting.layout import Layout
    from relmetrics.reporting.report import AssessmentView, Report
    from relmetrics.reporting.values import ValueView
    from relmetrics.reporting.views import FindingGroup, FindingsView, PlaceView
    from relmetrics.words import Words

__all__ = ["render_inspection", "render_text"]


def render_text(report: Report, colour: bool = False, width: int = 88) -> str:
    """Write a report, or the parts of it that are there, as text.

    Parameters
    ----------
    colour : bool
        With terminal colours.
    width : int
        Longest line; file names and ids are never broken.
    """
    page = _Page(report.words, max(40, width))
    page.report(report)
    return page.coloured() if colour else page.plain()


def render_inspection(view: InspectionView, words: Words, colour: bool = False, width: int = 88) -> str:
    """Write what a file is as text."""
    page = _Page(words, max(40, width))
    page.inspection(view)
    return page.coloured() if colour else page.plain()


class _Page(Lines):
    def __init__(self, words: Words, width: int) -> None:
        super().__init__(width)
        self.words = words

    def report(self, report: Report) -> None:
        say = self.words.say
        self.add(say("stays.line"), "strong")
        if report.organization:
            title = "page.title_findings" if report.is_to_mend else "page.title"
            self.heading(say(title, organization=report.organization), "title")
        else:
            self.gap()
        # Whoever mends records knows what they are about; whoever reads values must be told.
        has_values = report.values is not None
        for fact in report.about:
            if has_values or fact.key in ("period", "source", "release"):
                self.add(f"{fact.label}: {fact.text}")
        if report.review and has_values:
            self.add(report.review)
        for flag in report.flags:
            self.gap()
            self.add(flag, "warning")
        is_whole = report.values is not None and report.findings is not None
        if is_whole:
            self.heading(f"{say('part.preview')} ({say('part.preview_note')})", "title")
        if report.assessment_view is not None:
            self.assessment(report.assessment_view)
        for layout in report.layouts:
            self.layout(layout, len(report.layouts) > 1)
        if is_whole:
            self.heading(f"{say('part.fix')} ({say('part.fix_note')})", "title")
        if report.findings_view is not None:
            self.findings(report.findings_view)
        if report.rows_left_out:
            self.heading(say("heading.rows_left_out"))
            for table, n in report.rows_left_out:
                self.add(f"{table}: {self.words.count('rows', n)}", indent=2)
        if self.words.fell_back:
            self.gap()
            self.add(say("page.fell_back"), "quiet")

    def inspection(self, view: InspectionView) -> None:
        say = self.words.say
        self.add(say("stays.line"), "strong")
        for heading, sentences in (("together", view.together), ("unread", view.unread)):
            if sentences:
                self.heading(say(f"inspection.{heading}"), "title")
            for sentence in sentences:
                self.add(sentence, "warning", bullet="!")
        for table in view.tables:
            self.heading(table.name, "title")
            self.add(table.form)
            for group in table.groups:
                self.heading(group.heading)
                is_first = group.level == "first"
                for sentence in group.sentences:
                    self.add(sentence, "warning" if is_first else "", 2, "!" if is_first else "-")
            if not table.groups:
                self.add(say("inspection.nothing_odd"))
            if table.manifest:
                self.gap()
                self.add(say("inspection.manifest"))
                self.lines += [("", f"  {line}") for line in table.manifest]
            if table.columns:
                self.heading(say("inspection.columns"))
            for column in table.columns:
                filled_cells = say("inspection.filled_cells", n=column.filled, different=column.different)
                filled_cells = filled_cells if column.different else say("inspection.filled_only", n=column.filled)
                self.add(f"{column.letter}: {column.header}: {column.kind}, {filled_cells}", indent=2)

    def assessment(self, view: AssessmentView) -> None:
        self.heading(self.words.say("heading.requirements"))
        if view.document:
            self.add(view.document)
        self.add(view.summary, view.verdict or "quiet")
        for item in view.items:
            self.add(f"{item.verdict_word}: {item.text} ({item.need})", item.verdict, 2, "-")
            self.add(item.because, indent=4)

    def layout(self, layout: Layout, is_named: bool) -> None:
        say = self.words.say
        if is_named:
            start, _, end = layout.period.partition("/")
            self.heading(say("page.period_value", start=start, end=end), "title")
        if layout.n_values:
            self.gap()
            self.add(say("page.legend"), "quiet")
        for domain in layout.domains:
            self.heading(domain.title)
            for cluster in domain.clusters:
                self.gap()
                if cluster.is_together:
                    self.add(f"{say('together.note')}. {say('together.why')}", "quiet")
                for value in cluster.values:
                    self.value(value)
        if layout.trust:
            self.heading(say("heading.trust"))
            for value in layout.trust:
                self.value(value)
        if layout.held_back:
            self.heading(say("heading.held_back"))
            for item in layout.held_back:
                self.add(f"{item.title}: {item.text}", indent=2)
        if layout.not_computed:
            self.heading(say("heading.not_computed"))
            for value in layout.not_computed:
                reason = value.reason
                self.add(
                    f"{value.title}: {reason.title}. {reason.text}" if reason is not None else value.title, indent=2
                )
        for key, items in (("context_with", layout.context_with), ("context_without", layout.context_without)):
            if items:
                self.heading(say(f"heading.{key}"))
            for context in items:
                self.value(context.value)
                beside = ", ".join(f"{companion.title} {companion.number}" for companion in context.companions)
                if beside:
                    self.add(say("value.companions_beside", companions=beside), indent=4)

    def value(self, value: ValueView) -> None:
        title = f"{value.title} ({value.class_code})" if value.class_code else value.title
        self.add(f"{title}: {value.number}", "strong", 2)
        for fact in value.facts:
            self.add(f"{fact.label}: {fact.text}", indent=4)
        for note in value.warnings:
            self.add(f"! {note.title}. {note.text}", "warning", 4)
        for cell in value.cells:
            reason = cell.reason.title if cell.reason is not None else ""
            shown = cell.number or self.words.say("value.short_reason", reason=reason)
            in_range = f", {cell.range}" if cell.range else ""
            self.add(f"{cell.cell_title}: {shown}{in_range}", indent=4, bullet="-")
        if value.is_experimental:
            self.add(self.words.say("status.experimental"), "warning", 4)

    def findings(self, view: FindingsView) -> None:
        say, count = self.words.say, self.words.count
        self.heading(say("heading.findings"))
        self.add(view.summary, "strong")
        for key, groups in view.parts:
            is_ranked = key in ("first", "mend") and len(groups) > 1
            self.heading(say(f"heading.{key}"))
            if key != "mend":
                self.add(say(f"findings.lead_{key}"))
            for number, group in enumerate(groups, start=1):
                self.gap()
                self.group(group, f"{number}. " if is_ranked else "")
        if any(group.has_more_places for group in view.all_groups):
            self.gap()
            self.add(say("findings.all_places"), "quiet")
        self.heading(say("heading.working"))
        clean, made = count("working.clean", view.n_clean), count("working.all", view.n_made)
        self.add(say("working.of", clean=clean, all=made), "met")
        self.checks("working.cannot_tell", view.cannot_tell)
        self.checks("working.not_applicable", view.not_applicable)
        if view.readiness.ready or view.readiness.not_ready:
            self.heading(say("heading.readiness"))
        if view.readiness.ready:
            self.add(count("readiness.ready", len(view.readiness.ready)))
            for title in view.readiness.ready:
                self.add(title, "met", 2, "-")
            self.add(say("readiness.later"), "quiet")
        if view.readiness.not_ready:
            self.add(count("readiness.not_ready", len(view.readiness.not_ready)))
            for title, missing in view.readiness.not_ready:
                self.add(f"{title}: {missing}.", "cannot_tell", 2, "-")
        for sentence in view.readiness.unlocking:
            self.add(sentence)
        if view.remarks:
            self.heading(say("heading.remarks"))
            for remark in view.remarks:
                self.add(remark, indent=2, bullet="-")

    def group(self, group: FindingGroup, number: str = "") -> None:
        say, count = self.words.say, self.words.count
        self.add(f"{number}{self.named(group)}", group.severity)
        for column in group.by_field:
            if column.column:
                self.add(column.column[:1].upper() + column.column[1:], "strong", 2)
            if column.message:
                self.add(column.message, indent=2)
            if column.remedy:
                self.add(f"{say('findings.remedy')}: {column.remedy}", indent=2)
            for place in column.first:
                self.place(place, 2)
            if column.rest:
                self.add(count("findings.and_more", len(column.rest)), "quiet", 2)
        if group.n_not_listed:
            self.add(count("findings.not_listed", group.n_not_listed), "quiet", 2)
        if group.gain:
            self.add(f"{say('findings.gain')}: {' '.join(group.gain)}", "met", 2)
        if group.why:
            self.add(f"{say('findings.why')}: {group.why}", indent=2)
        if group.follow_ups:
            self.add(f"{count('findings.follows', group.n_follow_ups)}:", indent=2)
            # Counted only: whoever mends the cause need not read them.
            for follow_up in group.follow_ups:
                self.add(self.named(follow_up), indent=4, bullet="-")

    def named(self, group: FindingGroup) -> str:
        subject = f" ({group.subject})" if group.subject else ""
        places = self.words.count("findings.places", group.n_findings)
        return f"{group.severity_word}: {group.title}{subject}, {places}"

    def place(self, place: PlaceView, indent: int) -> None:
        parts = [part for part in (place.message, place.also) if part]
        shown = f"{place.where} ({place.shape})" if place.shape else place.where
        self.add(f"{shown}: {' '.join(parts)}" if parts else shown, indent=indent, bullet="-")

    def checks(self, key: str, lines: tuple[CheckLine, ...]) -> None:
        if not lines:
            return
        self.add(self.words.count(key, sum(line.n for line in lines)))
        for line in lines:
            self.add(f"{line.reason}: {line.n:,}", indent=2, bullet="-")
