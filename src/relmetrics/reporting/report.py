"""The report as a reader sees it, for every format to write out. It words and arranges; it calculates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.reporting import numbers
from relmetrics.reporting.codes import coded
from relmetrics.reporting.escaping import plain, prose
from relmetrics.reporting.findings import FindingsView, view_findings
from relmetrics.reporting.layout import Layout, lay_out
from relmetrics.reporting.values import Fact, ValueViews
from relmetrics.words import Words

if TYPE_CHECKING:
    from relmetrics.assessment import AssessedRequirement, Assessment
    from relmetrics.calculation.value import IndicatorValues
    from relmetrics.definitions import Manifest, Release
    from relmetrics.validation.finding import Findings

__all__ = ["AssessmentView", "Report", "RequirementView", "make_report", "view_assessment"]


@dataclass(frozen=True, slots=True)
class RequirementView:
    """One requirement in words."""

    requirement: str
    text: str
    need: str
    verdict: str
    verdict_word: str
    because: str


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What became of a funder's requirements; without a document only a sentence."""

    document: str
    verdict: str
    summary: str
    items: tuple[RequirementView, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Findings, values and assessment of one submission, as parts and as a reader sees them.

    Attributes
    ----------
    findings, values, assessment, manifest
        The parts themselves, for the formats that machines read; any may be absent.
    release : Release
        Where all texts of the standard come from.
    organization : str
        Id of the organization, made harmless; empty without a manifest.
    about : tuple of Fact
        What the manifest says about the records.
    review : str
        Who reviewed it (rule R8), empty without a manifest.
    layouts : tuple of Layout
        One for each period.
    """

    release: Release
    words: Words
    findings: Findings | None
    values: IndicatorValues | None
    assessment: Assessment | None
    manifest: Manifest | None
    source: str
    organization: str
    about: tuple[Fact, ...]
    review: str
    layouts: tuple[Layout, ...]
    findings_view: FindingsView | None
    assessment_view: AssessmentView | None
    rows_left_out: tuple[tuple[str, int], ...]
    flags: tuple[str, ...]
    flag_codes: tuple[str, ...]

    @property
    def is_to_mend(self) -> bool:
        """Whether it holds findings and nothing else."""
        return self.findings is not None and self.values is None and self.assessment is None

    def __repr__(self) -> str:
        parts = [part for part in (self.findings, self.values, self.assessment) if part is not None]
        return f"Report({self.organization or 'no manifest'}, {', '.join(type(part).__name__ for part in parts)})"


def make_report(
    release: Release,
    findings: Findings | None = None,
    values: IndicatorValues | None = None,
    assessment: Assessment | None = None,
    manifest: Manifest | None = None,
    source: str = "",
    language: str = "en",
) -> Report:
    """Put the parts of a run together for a reader.

    Parameters
    ----------
    source : str
        What was read, for example the name of the folder; shown made harmless.
    language : str
        Language of the words; English where one is missing.
    """
    words = Words(language)
    rows_left_out = dict(values.rows_left_out) if values is not None else {}
    views = ValueViews(release, words, findings, rows_left_out)
    layouts: tuple[Layout, ...] = ()
    if values is not None:
        periods = dict.fromkeys(value.period for value in values)
        layouts = tuple(lay_out(values, views, period) for period in periods)
    findings_view = view_findings(findings, release, words) if findings is not None else None
    flags = _flags(words, findings_view, values, layouts)
    return Report(
        release=release,
        words=words,
        findings=findings,
        values=values,
        assessment=assessment,
        manifest=manifest,
        source=plain(source, 200),
        organization=plain(manifest.organization_id, 64) if manifest is not None else "",
        about=_about(release, words, manifest, source),
        review=_review(words, manifest),
        layouts=layouts,
        findings_view=findings_view,
        assessment_view=view_assessment(assessment, views) if assessment is not None else None,
        rows_left_out=tuple((plain(table, 64), n) for table, n in sorted(rows_left_out.items()) if n),
        flags=tuple(flags.values()),
        flag_codes=tuple(flags),
    )


def _flags(
    words: Words, findings: FindingsView | None, values: IndicatorValues | None, layouts: tuple[Layout, ...]
) -> dict[str, str]:
    """What must be read before any number, by code."""
    flags: dict[str, str] = {}
    if values is not None and not all(layout.has_relational for layout in layouts):
        flags["no_relational"] = words.say("flags.no_relational")
    if values is not None and not len(values):
        flags["no_values"] = words.say("flags.no_values")
    if values is not None and findings is None:
        flags["no_findings"] = words.say("flags.no_findings")
    if values is not None and findings is not None and findings.n_errors:
        flags["errors"] = words.say("flags.errors", errors=words.count("errors", findings.n_errors))
    return flags


def _about(release: Release, words: Words, manifest: Manifest | None, source: str) -> tuple[Fact, ...]:
    facts: list[tuple[str, str]] = []
    if manifest is not None:
        period = words.say("page.period_value", start=str(manifest.period.start), end=str(manifest.period.end))
        facts += [
            ("period", period),
            ("records_from", str(manifest.records_from)),
            ("recorded_for", coded(release, "recording_scope", manifest.conversations_recorded_for).title),
            ("tie_rule", coded(release, "tie_rule", manifest.tie_rule).title),
            ("level", coded(release, "adoption_level", manifest.adoption_level).title),
            ("boundary", prose(manifest.boundary_rule)),
            ("dataset", plain(manifest.dataset_id, 64)),
        ]
    facts += [
        ("source", plain(source, 200)),
        (
            "release",
            words.say(
                "page.release_value", version=release.version, status=words.say(f"status.{release.header.status}")
            ),
        ),
    ]
    return tuple(Fact(key, words.say(f"page.{key}"), text) for key, text in facts if text)


def _review(words: Words, manifest: Manifest | None) -> str:
    if manifest is None:
        return ""
    review = manifest.review
    if review.reviewed_on is None:
        return words.say("review.not_done")
    if review.event_id:
        return words.say("review.done_at", date=str(review.reviewed_on), event=plain(review.event_id, 64))
    return words.say("review.done", date=str(review.reviewed_on))


def view_assessment(assessment: Assessment, views: ValueViews) -> AssessmentView:
    """Make the view of `assessment`."""
    words = views.words
    if not assessment.requirements_id:
        return AssessmentView("", "", words.say("verdict.overall_none"), ())
    return AssessmentView(
        document=words.say(
            "assessed.document",
            title=prose(assessment.title, 200),
            issuer=prose(assessment.issuer, 200),
            id=plain(assessment.requirements_id, 64),
            version=plain(assessment.requirements_version, 32),
        ),
        verdict=assessment.verdict,
        summary=words.say(f"verdict.overall_{assessment.verdict}"),
        items=tuple(_requirement(item, views) for item in assessment.items),
    )


def _requirement(item: AssessedRequirement, views: ValueViews) -> RequirementView:
    words = views.words
    kind, _, name = item.requirement.partition(":")
    names = {key: plain(text, 200) for key, text in item.params.items()}
    if kind == "findings":
        names["errors"] = words.count("errors", int(item.params["asked"]))
        names["given"] = words.count("errors", int(item.params["given"]))
    elif kind == "coverage":
        names["asked"] = numbers.percent(float(item.params["asked"]))
        names["given"] = numbers.percent(float(item.params["given"])) if "given" in item.params else ""
    names["title"] = views.title(name) if kind in ("indicator", "coverage") else ""
    names["field"] = plain(name, 130)
    if "companions" in item.params:
        named = item.params["companions"].split("|")
        names["companions"] = words.say("value.or").join(views.title(companion) for companion in named)
    return RequirementView(
        requirement=plain(item.requirement, 140),
        text=words.say(f"assessed.{kind}", **names),
        need=words.say(f"need.{item.need}"),
        verdict=item.verdict,
        verdict_word=coded(views.release, "requirement_outcome", item.verdict).title,
        because=_because(kind, item, names, views),
    )


def _because(kind: str, item: AssessedRequirement, names: dict[str, str], views: ValueViews) -> str:
    words = views.words
    if item.verdict == "met":
        return words.say(f"assessed.is_met.{kind}", **names)
    own = f"assessed.reason.{item.reason}"
    if item.reason == "other_period" and kind != "period":
        own = "assessed.reason.other_period_indicator"
    if words.has(own):
        return words.say(own, **names)
    note = views.note("reasons", item.reason)
    return f"{note.title}. {note.text}".strip()
