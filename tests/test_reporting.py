"""What the pages say, what they never say, and that they are the same every time."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing

import samples
from relmetrics.assessment import FieldCount, assess
from relmetrics.errors import UsageError
from relmetrics.reporting import Report, make_report, plain, render
from relmetrics.reporting.numbers import count, number, percent, percent_range
from relmetrics.standard import data_root
from relmetrics.submission.inspection import InspectedColumn, InspectedTable, Inspection, Oddity
from relmetrics.words import Words, fill, fill_sentences, text

PARTS = ("report", "findings", "values", "assessment")


def report(values: Any = None, **changes: Any) -> Report:
    values = samples.values() if values is None else values
    findings = changes.pop("findings", samples.findings())
    fields = {"one_to_ones.person_b": FieldCount(110, 120)}
    given = {
        "findings": findings,
        "values": values,
        "assessment": assess(findings, values, samples.requirements(), samples.manifest(), fields),
        "manifest": samples.manifest(),
        "source": "riverside_tenants",
    }
    return make_report(samples.release(), **{**given, **changes})


def part(name: str) -> Report:
    whole = report()
    if name == "report":
        return whole
    return make_report(samples.release(), **{name: getattr(whole, name)})


def without_companions() -> Any:
    values = samples.changed(
        samples.values(), "member_to_member_share", **samples.NOT_COMPUTABLE, reason="below_minimum_n"
    )
    return samples.changed(values, "repeat_conversation_rate", **samples.NOT_COMPUTABLE, reason="follow_up_too_short")


# --- every page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("format", ["html", "json", "text"])
def test_every_page_says_that_it_stays(name: str, format: str) -> None:
    page = render(part(name), format)
    assert "stays with your organization" in page.partition("<h1>")[0]
    assert re.search(r"[Dd]o not send it", page)


@pytest.mark.parametrize("format", ["html", "json", "text"])
def test_the_same_parts_give_the_same_bytes(format: str) -> None:
    assert render(report(), format).encode() == render(report(), format).encode()


@pytest.mark.parametrize("format", ["html", "text"])
@pytest.mark.parametrize("name", PARTS)
def test_no_placeholder_and_no_code_is_left(format: str, name: str) -> None:
    page = render(part(name), format)
    shown = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    assert not re.findall(r"\{[a-z_]+\}", shown)
    for code in ("below_minimum_n", "coverage_low", "interval_unavailable", "not_met", "table_absent"):
        assert code not in re.sub(r'(class|id|href)="[^"]*"', "", shown)


def test_an_unknown_format_and_an_unknown_part() -> None:
    with pytest.raises(UsageError, match="html, json, text"):
        render(report(), "docx")
    with pytest.raises(UsageError, match="cannot be rendered"):
        render([1, 2], "text")
    with pytest.raises(UsageError, match="no words in the language"):
        make_report(samples.release(), language="xx")


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["html", "text"])
def test_a_value_says_all_that_belongs_to_it(format: str) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", render(report(), format)).split())
    for words in (
        "154 of 367. Counted: conversations between two members. Out of: conversations with at least one member.",
        "would plausibly lie between 33% and 52% (95% interval)",
        "would plausibly be 5.2 or more",
        "If the same organization worked and recorded again in the same way",
        "The conversations of 83% of the active members would have been written down.",
        "No coverage is named for this value.",
        "Higher than in about 88 of 100 networks",
        "3 units are not known",
        "15 error findings in the tables that it reads; 2 rows left out.",
        "May be compared only with earlier values of the same organization.",
        "version 1.0.0, release 1.0, logic 3fa9c1d2",
        "Between 70 and 85 percent of the active people",
        "the same with paid staff in the network",
        "Reviewed by members on 2026-07-09 at event E-0041",
    ):
        assert words in page, words


def test_the_number_of_error_findings_is_that_of_the_tables_it_reads() -> None:
    page = render(
        report(findings=replace(samples.findings(), checks=(samples.check("value_not_of_type", "events", 4),))), "text"
    )
    assert "0 error findings in the tables that it reads" in page
    assert "The records hold 4 error findings" in page


def test_not_reviewed_is_said() -> None:
    assert "Not reviewed by members yet." in render(report(manifest=samples.manifest(review={})), "text")


def test_only_individual_values_are_flagged() -> None:
    assert "no_relational" not in report().flag_codes
    values = samples.values()
    for value in values:
        if value.indicator not in ("one_to_one_coverage", "relational_coverage", "contacts_made"):
            values = samples.changed(values, value.indicator, **samples.NOT_COMPUTABLE, reason="below_minimum_n")
    flagged = report(values)
    assert "no_relational" in flagged.flag_codes
    assert "No R, C or X computed" in render(flagged, "html")


def test_an_embedded_value_stands_in_one_row_group_with_its_companions() -> None:
    (layout,) = report().layouts
    together = [cluster for domain in layout.domains for cluster in domain.clusters if cluster.is_together]
    assert [[value.indicator for value in cluster.values] for cluster in together] == [
        ["one_to_one_coverage", "member_to_member_share", "repeat_conversation_rate"]
    ]
    shown = [value.indicator for domain in layout.domains for cluster in domain.clusters for value in cluster.values]
    assert len(shown) == len(set(shown)), "a value stands once"


@pytest.mark.parametrize("format", ["html", "text"])
def test_an_embedded_value_without_companions_is_not_shown(format: str) -> None:
    held_back = report(without_companions(), assessment=None)
    (layout,) = held_back.layouts
    assert [item.indicator for item in layout.held_back] == ["one_to_one_coverage"]
    page = render(held_back, format)
    assert "78%" not in page
    assert "not shown alone" in page
    assert [item["indicator"] for item in json.loads(render(held_back, "json"))["layout"][0]["held_back"]] == [
        "one_to_one_coverage"
    ]


@pytest.mark.parametrize("format", ["html", "text"])
def test_a_context_count_stands_in_the_annex_only(format: str) -> None:
    page = render(report(), format)
    assert page.count("1,840") == 1
    assert page.index("1,840") > page.index("Context, never alone")
    alone = render(report(without_companions()), format)
    assert alone.index("1,840") > alone.index("Context, companion not available")
    assert "Context, never alone" not in alone


def test_several_periods_each_have_their_own_page_part() -> None:
    values = samples.values()
    earlier = [replace(value, period="2025-01-01/2025-12-31") for value in values]
    both = replace(values, values=(*values, *earlier))
    page = render(report(both), "html")
    assert page.count('class="period"') == 2
    assert len(report(both).layouts) == 2


def test_an_unknown_indicator_or_code_is_shown_by_its_id() -> None:
    strange = replace(samples.value("closure", None), indicator="not_yet_known", reason="some_new_reason")
    page = render(report(replace(samples.values(), values=(strange,))), "text")
    assert "not_yet_known: some_new_reason" in page


# --- findings -------------------------------------------------------------------------------------------------------


def test_findings_are_grouped_by_cause_and_rule_with_exact_numbers() -> None:
    view = report().findings_view
    assert view is not None
    assert not view.groups, "few causes: all of them are told first"
    dates, missing, unknown = view.first
    assert (dates.rule, dates.n_findings, dates.n_not_listed) == ("value_not_of_type", 12, 3)
    (days,) = dates.by_field
    assert (len(days.first), len(days.rest)) == (5, 4)
    assert (days.first[0].where, days.first[0].shape) == ("one_to_ones.csv, cell B2", "text, 11 characters")
    assert (missing.rule, missing.n_findings, missing.n_follow_ups) == ("missing_column", 1, 2)
    assert [group.rule for group in missing.follow_ups] == ["required_value_missing"]
    (columns,) = unknown.by_field
    assert (unknown.severity, columns.remedy) == ("warning", "If it is your own, let its name begin with x_.")
    assert columns.places[0].message == "Perhaps 'minutes' is meant."
    assert "Perhaps" not in columns.places[1].message, "a sentence with an empty name is left out"
    assert "see also events.csv, cell H1" in columns.places[1].also


def test_places_of_one_rule_stand_column_by_column() -> None:
    other = samples.finding(20, field="minutes", cell="G21", params={"expected": "integer"})
    findings = replace(samples.no_findings(), findings=(samples.finding(1), other, samples.finding(2)))
    view = report(findings=findings).findings_view
    assert view is not None
    assert [group.subject for group in view.first] == [
        "one_to_ones, column B: held_on",
        "one_to_ones, column G: minutes",
    ]
    assert [[place.where[-3:].strip() for place in group.by_field[0].places] for group in view.first] == [
        ["B2", "B3"],
        ["G21"],
    ]
    assert "a whole number" in view.first[1].by_field[0].remedy


def test_what_works_is_said() -> None:
    page = render(part("findings"), "text")
    assert "one_to_ones.csv, cell B2 (text, 11 characters)" in page
    assert "3 checks found nothing wrong of 7 that could be made." in page
    assert "2 values have the tables and columns they need." in page
    assert "If you add the table activity_counts, you unlock: Contacts made." in page
    clean = render(make_report(samples.release(), findings=samples.no_findings()), "text")
    assert "Nothing to fix" in clean


def test_a_finding_with_an_unknown_rule_or_cause_still_shows() -> None:
    odd = samples.finding(1, "rule_of_tomorrow", cause="f9999")
    circle = (samples.finding(2, cause="f0003"), samples.finding(3, cause="f0002"))
    findings = replace(
        samples.no_findings(), findings=(odd, *circle), checks=(samples.check("rule_of_tomorrow", n_findings=1),)
    )
    page = render(findings, "text", release=samples.release())
    assert "rule_of_tomorrow" in page


# --- JSON -----------------------------------------------------------------------------------------------------------


def validator(name: str) -> jsonschema.Draft202012Validator:
    """Validator of a published schema; every reference resolves from the files that travel with the package."""
    folder = data_root() / "schema" / "metaschema"
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    registry: Any = referencing.Registry().with_resources(
        [(schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas]
    )
    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, registry=registry)


@pytest.mark.parametrize("name", PARTS)
def test_json_keeps_its_published_schema(name: str) -> None:
    document = json.loads(render(part(name), "json"))
    assert document["format"] == f"relmetrics.{name}"
    validator(name).validate(document)


def test_json_without_requirements_and_without_manifest() -> None:
    whole = report(assessment=assess(samples.findings(), samples.values()), manifest=None)
    validator("report").validate(json.loads(render(whole, "json")))


@pytest.mark.parametrize(
    ("name", "path", "new"),
    [
        ("report", ("stays_with_organization",), False),
        ("report", ("extra",), 1),
        ("report", ("values", "extra"), 1),
        ("values", ("values", 0, "status"), "computed"),
        ("values", ("values", 0, "value"), None),
        ("values", ("values", 0, "extra"), 1),
        ("values", ("values", 1, "interval", "p_value"), 0.04),
        ("findings", ("findings", 0, "raw"), "P-0001"),
        ("findings", ("checks", 4, "n_findings"), 1),
        ("findings", ("checks", 7, "reason"), ""),
        ("assessment", ("items", 0, "reason"), "why_not"),
        ("assessment", ("verdict",), "passed"),
        ("assessment", ("score",), 0.9),
    ],
)
def test_the_schemas_refuse(name: str, path: tuple[str | int, ...], new: object) -> None:
    document = json.loads(render(part(name), "json"))
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    with pytest.raises(jsonschema.ValidationError):
        validator(name).validate(document)


def test_json_numbers_are_not_rounded() -> None:
    document = json.loads(render(part("values"), "json"))
    leaders = next(value for value in document["values"] if value["indicator"] == "effective_leaders")
    assert leaders["value"] == 7.3412
    assert leaders["interval"]["high"] is None


# --- hostile text ---------------------------------------------------------------------------------------------------


def hostile() -> Report:
    """One submission in which every text from files is hostile: names of files, params, remarks, manifest, ids."""
    bad = samples.HOSTILE
    findings = samples.findings()
    evil = tuple(
        replace(
            item, file=bad, sheet=bad, field=bad, shape=bad, params={"nearest": bad, "expected": bad, "code": bad},
            related=(replace(samples.Place(), file=bad, sheet=bad, cell=bad, table=bad),),
        )
        for item in findings
    )  # fmt: skip
    findings = replace(findings, findings=evil, remarks=(bad,))
    values = samples.values()
    for value in values:
        values = samples.changed(values, value.indicator, extras={bad: bad, "n": 1}, params={bad: bad}, logic_hash=bad)
    cell = replace(values.values[0], disaggregation=bad, indicator="member_connectedness")
    values = replace(values, values=(*values, cell), rows_left_out={bad: 3})
    manifest = samples.manifest(
        boundary_rule=bad, time_zone=bad, contact_role=bad, review={"reviewed_on": "2026-01-01", "event_id": bad}
    )
    requirements = samples.requirements(issuer=bad, title={"en": bad}, version=bad)
    assessment = assess(findings, values, requirements, manifest, {"one_to_ones.person_b": FieldCount(1, 2)})
    return make_report(samples.release(), findings, values, assessment, manifest, source=bad)


HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


class _Tags(html.parser.HTMLParser):
    """Collects what a browser would see as elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("format", ["html", "json", "text"])
def test_nothing_hidden_reaches_any_format(format: str) -> None:
    page = render(hostile(), format)
    page.encode("utf-8")
    assert not HIDDEN.search(page), HIDDEN.search(page)
    assert "⟨U+202E⟩" in page
    assert "⟨U+001B⟩" in page
    assert "=cmd|" in page.replace("&#39;", "'")


def test_coloured_text_has_no_terminal_command_but_colours() -> None:
    page = render(hostile(), "text", colour=True)
    assert "\x1b[" in page
    rest = re.sub(r"\x1b\[[0-9;]*m", "", page)
    assert not HIDDEN.search(rest)
    assert "[red]x[/red]" in rest, "markup of the terminal library is text"
    assert ":bomb:" in rest


def test_coloured_text_says_the_same_as_plain_text() -> None:
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", render(report(), "text", colour=True))
    assert [line.rstrip() for line in coloured.splitlines()] == render(report(), "text").splitlines()


@pytest.mark.parametrize("make", [report, hostile])
def test_html_is_self_contained_and_has_no_script(make: Any) -> None:
    page = render(make(), "html")
    tags = _Tags()
    tags.feed(page)
    assert not tags.tags & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "input",
        "button",
        "a:href",
    }
    for name, value in tags.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "srcset", "style", "action", "xlink:href")
        if name == "href":
            assert (value or "").startswith("#")
    assert "url(" not in page
    assert "@import" not in page
    assert page.count("<style>") == page.count("</style>") == 1


def test_the_policy_admits_exactly_our_style_sheet() -> None:
    page = render(report(), "html")
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_nothing_of_a_template_in_data_is_run() -> None:
    page = render(hostile(), "html")
    assert "{{ 7*7 }}" in page
    assert "{% raw %}" in page
    assert "{table}" in page, "a placeholder within a value is text"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("people.csv", "people.csv"),
        ("Niños señal Ñ", "Niños señal Ñ"),
        ("مرحبا", "مرحبا"),
        ("名簿 😀", "名簿 😀"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("line\nbreak", "line⟨U+000A⟩break"),
        ("\udcff", "⟨U+DCFF⟩"),
        ("\ufeffa", "⟨U+FEFF⟩a"),
        ("", ""),
    ],
)
def test_plain(given: str, shown: str) -> None:
    assert plain(given) == shown
    assert plain(shown) == shown


def test_plain_cuts() -> None:
    assert plain("abcdef", 3) == "abc…"
    assert plain("abc", 3) == "abc"


@pytest.mark.parametrize("format", ["html", "json", "text"])
def test_inspection(format: str) -> None:
    bad = samples.HOSTILE
    columns = (InspectedColumn("A", bad, "date", 12, 12), InspectedColumn("B", "", "empty", 0))
    odd = Oddity("names_repeated", "second", ("A", "B"), 2, params={"names": bad})
    tables = (
        InspectedTable(bad, "", "utf-8", ";", 1, 12, columns, (odd,), manifest={"delimiter": ";"}),
        InspectedTable("empty.csv", "", "", "\t", 0, 0, (), ()),
        InspectedTable("book.xlsx", bad, "", "", 3, 1, columns, ()),
    )
    page = render(
        Inspection(bad, tables, (Oddity("columns_come_and_go", "second", n=2, params={"names": bad}),), (bad,)), format
    )
    assert "stays with your organization" in page.partition("<h1>")[0]
    assert not HIDDEN.search(page)
    if format == "json":
        validator("inspection").validate(json.loads(page))
    else:
        shown = page.replace("&#39;", "'")
        for words in (
            "12 rows",
            "names of columns in row 3",
            "';' between columns",
            "tabs between columns",
            "days, as",
        ):
            assert words in shown, words
    if format == "html":
        tags = _Tags()
        tags.feed(page)
        assert not tags.tags & {"script", "img"}


# --- page structure -------------------------------------------------------------------------------------------------


def test_headings_are_in_order_and_ids_are_unique() -> None:
    page = render(report(), "html")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for reference in re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', page):
        assert set(reference.split()) <= set(ids)


def test_tables_have_scopes_and_pictures_have_words() -> None:
    page = render(report(), "html")
    assert not re.search(r"<th(?![^>]*scope=)[ >]", page)
    pictures = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert pictures
    for picture in pictures:
        assert 'role="img"' in picture
        assert re.search(r"<title[^>]*>[^<]+</title>", picture)
        assert re.search(r"<desc[^>]*>On a line from 0% to 100%", picture)
    assert '<html lang="en">' in page
    assert 'class="skip" href="#main"' in page


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1])
def test_contrast(scheme: int) -> None:
    """Text has at least 4.5 to 1 against every ground that it stands on (WCAG AA), in light and in dark."""
    style = render(report(), "html").partition("<style>")[2].partition("@media print")[0]
    colours: dict[str, str] = {}
    for block in re.findall(r":root \{(.*?)\}", style, flags=re.S)[: scheme + 1]:
        colours.update(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    pairs = [(ink, ground) for ink in ("ink", "soft", "deep") for ground in ("paper", "sheet", "pale")]
    pairs += [
        ("bad", "bad-pale"),
        ("care", "care-pale"),
        ("good", "good-pale"),
        ("bad", "paper"),
        ("care", "paper"),
        ("good", "paper"),
    ]
    pairs += [("paper", "deep")]
    for ink, ground in pairs:
        low, high = sorted((_luminance(colours[ink]), _luminance(colours[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)


# --- numbers and words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        *((0, "0%"), (0.0, "0%"), (1, "100%"), (1.0, "100%"), (0.5, "50%"), (0.416666667, "42%"), (0.425, "43%")),
        *((0.005, "1%"), (0.004, "0.4%"), (0.996, "99.6%"), (0.9997, "99.97%")),
        *((1e-9, "under 0.0001%"), (1 - 1e-9, "over 99.9999%")),
    ],
)  # fmt: skip
def test_percent(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_other_numbers() -> None:
    assert (count(1840), count(1840.0), number(7.3412), number(12), number(0.04), number(1234.56)) == (
        "1,840", "1,840", "7.3", "12", "0.04", "1,234.6",
    )  # fmt: skip
    assert percent_range(0.416, 0.418) == ("41.6%", "41.8%")
    assert percent_range(0.3, 0.5) == ("30%", "50%")


def test_words_fall_back_to_english_and_say_so() -> None:
    assert text({"en": "tie", "es": "lazo"}, "es") == ("lazo", "es")
    assert text({"en": "tie"}, "es") == ("tie", "en")
    words = Words()
    words.language = "es"
    assert words.text({"en": "tie", "es": "lazo"}) == "lazo"
    assert not words.fell_back
    assert words.text({"en": "tie"}) == "tie"
    assert words.fell_back


def test_words_are_filled_once_and_only_by_plain_names() -> None:
    assert fill("{a} {b} {a.x} {0} {}", {"a": "{b}", "b": "2"}) == "{b} 2 {a.x} {0} {}"
    assert fill_sentences("One. Perhaps '{nearest}' is meant. Two.", {"nearest": ""}) == "One. Two."
    assert fill_sentences("One. Perhaps '{nearest}' is meant.", {"nearest": "x. y"}) == "One. Perhaps 'x. y' is meant."
    assert fill_sentences("{gone}", {}) == ""


def test_rendering_findings_as_text_waits_for_no_heavy_library() -> None:
    code = (
        "import sys; sys.path[:0] = ['src', 'tests']; import relmetrics.reporting as r, relmetrics.reporting.text;"
        "print([m for m in ('jinja2', 'pandas', 'scipy', 'rustworkx', 'rich', 'numpy') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
