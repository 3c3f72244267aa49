"""The site: a page for each definition, links that lead somewhere, text that stays text, nothing from other hosts."""

from __future__ import annotations

import dataclasses
import logging
import re
import warnings
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

import markdown
import pytest

from relmetrics.definitions.indicator import Indicator
from relmetrics.definitions.manifest import Manifest
from relmetrics.publishing.decks import read_decks
from relmetrics.publishing.markdown import Markdown, code, escape, fence, link
from relmetrics.publishing.pages import FOLDERS, navigation, reference_pages
from relmetrics.standard import definition_files, load_release

ROOT = Path(__file__).resolve().parents[1]
DECKS = ROOT / "tests" / "conformance" / "1.0"
HOSTILE = '<script>alert(1)</script> [a](javascript:b) ![i](http://x.example/i.png) `c` | *d* {e} # f\n\n- g & "h"'


@pytest.fixture(scope="module")
def release():
    return load_release("1.0")


@pytest.fixture(scope="module")
def pages(release):
    return reference_pages(release, read_decks(DECKS))


def sheet(**changes: object) -> Indicator:
    """An indicator with all optional parts, so that the template is tried before and beside the real sheets."""
    text = {"en": "Plain words."}
    data: dict[str, object] = {
        "$id": "urn:relmetrics:1.0:indicator:made_up",
        "id": "made_up",
        "version": "1.0.0",
        "status": "experimental",
        "since": "1.0",
        "deprecated": {"since": "1.1", "reason": text, "use_instead": "other"},
        "title": {"en": "Made up"},
        "code": "REL-99",
        "class": "R",
        "class_note": text,
        "role": "measure",
        "adoption": "core",
        "domain": "rel",
        "construct": text,
        "faithfulness": "derived",
        "sections": ["P3"],
        **dict.fromkeys(("definition", "rationale", "unit", "population_text", "numerator_text", "window_text"), text),
        **dict.fromkeys(("denominator_text", "exclusions", "standardized_form", "limitations", "misuse"), text),
        "value_unit": "share",
        "time_field": "one_to_ones.held_on",
        "needs": ["people", "no_such_table"],
        "reads": ["groups"],
        "required_fields": ["one_to_ones.person_b", "one_to_ones.no_such_field"],
        "parameters": {"min_minutes": {"default": "20", "title": text}},
        "scoring": "proportion",
        "population": "no_such_view",
        "numerator": "a < b",
        "facts": {"n": "SELECT 1"},
        "coverage": "conversations",
        "coverage_gate": "yes",
        "gates": [{"reason": "below_minimum_n", "when": "n < 20"}],
        "warnings": [{"warning": "few_clusters", "when": "n < 10"}],
        "interval": {"method": "U1"},
        "benchmark": {"method": "U5", "replicates": "1000"},
        "extras": {"n": "n", "m": "count(*)"},
        "extras_text": {"m": text},
        "comparison": "direct",
        "companions": "made_up|other, third",
        "disaggregations": ["team"],
        "sources": [
            {"citation": "One 1999", "seen": "reference"},
            {"citation": "Two 1999", "seen": "unverified"},
        ],
    }
    return Indicator.model_validate({**data, **changes})


def with_sheet(release, indicator: Indicator):
    return dataclasses.replace(release, indicators=MappingProxyType({indicator.id: indicator}))


def as_html(text: str) -> str:
    extensions = ["attr_list", "tables", "toc", "pymdownx.details", "pymdownx.superfences"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return markdown.markdown(text, extensions=extensions)


# --- reference pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(FOLDERS))
def test_every_definition_has_its_page(pages, kind):
    expected = {f"reference/{FOLDERS[kind][0]}/{file.stem}.md" for file in definition_files(kind)}
    assert expected
    assert expected <= pages.keys()


def test_every_page_is_about_something_that_there_is(pages):
    expected = {f"reference/{FOLDERS[kind][0]}/{file.stem}.md" for kind in FOLDERS for file in definition_files(kind)}
    lists = {f"reference/{folder}/index.md" for folder, _ in FOLDERS.values()}
    others = {"reference/index.md", "reference/reasons.md", "reference/matrix.md", "reference/checks/by_severity.md"}
    assert pages.keys() == expected | lists | others


def test_the_navigation_is_short_and_leads_to_every_page(pages, release):
    def paths(entry):
        if isinstance(entry, str):
            return [entry]
        inner = entry.values() if isinstance(entry, dict) else entry
        return [path for one in inner for path in paths(one)]

    named = paths(navigation(release))
    assert len(named) == len(set(named)) < 100
    unnamed = pages.keys() - set(named)
    assert {Path(path).parent.name for path in unnamed} == {"checks", "codelists"}, "mkdocs.yml excuses these two"
    for path in unnamed:
        folder, _, name = path.rpartition("/")
        lists = ("index", "by_severity") if folder.endswith("checks") else ("index",)
        assert all(f"/{name})" in pages[f"{folder}/{one}.md"] for one in lists), path


def test_pages_are_the_same_every_time(release, pages):
    assert reference_pages(release, read_decks(DECKS)) == pages
    assert list(reference_pages(release, read_decks(DECKS))) == list(pages)


def test_reasons_and_warnings_are_explained(pages, release):
    page = pages["reference/reasons.md"]
    for kind in ("reason", "warning"):
        assert all(f"{{: #{kind}-{one.code} }}" in page for one in release.codelists[f"{kind}s"].codes)


# --- indicators ---------------------------------------------------------------------------------------------------


def test_an_indicator_page_says_everything(release):
    deck = {
        "cases": [{"title": "first", "given": {"tables": {"people": "person_id\nP1\n"}}, "expect": {"value": "0.5"}}]
    }
    page = reference_pages(with_sheet(release, sheet()), {("indicator", "made_up"): deck})[
        "reference/indicators/made_up.md"
    ]
    html = as_html(page)
    for words in ("Made up", "REL-99", "Worked example", "first", "Wilson", "Random networks", "Too few", "Use "):
        assert words in html, words
    assert "Two 1999 (unverified: cited from memory)" in html
    assert "One 1999</li>" in html
    assert '<a href="../tables/people.md">' in html
    assert '<a href="../tables/one_to_ones.md#person_b">' in html
    assert "no_such_field" in html.replace("&#95;<wbr>", "_")
    assert 'no_such_field">' not in html, "what is not there has no link"
    assert (
        '<a href="../indicators/made_up.md"><code>made&#95;<wbr>up</code></a> or <code>other</code>, <code>third'
        in html
    )
    assert '<a href="../reasons.md#reason-below_minimum_n">' in html
    assert '<a href="../reasons.md#warning-few_clusters">' in html


def test_an_indicator_without_optional_parts_has_a_page_too(release):
    bare = sheet(
        **dict.fromkeys(("deprecated", "class_note", "numerator_text", "denominator_text", "standardized_form")),
        **dict.fromkeys(("interval", "benchmark", "numerator")),
        **{key: {} for key in ("facts", "parameters", "extras", "extras_text")},
        **dict.fromkeys(("gates", "warnings", "reads", "required_fields", "disaggregations"), ()),
        companions="",
        coverage="none",
        coverage_gate="no",
    )
    page = reference_pages(with_sheet(release, bare))["reference/indicators/made_up.md"]
    assert "No interval is given" in page
    assert "Worked example" not in page
    assert "None" not in page


def test_every_sheet_with_cases_shows_a_worked_example(release, pages):
    decks = {name: deck for (kind, name), deck in read_decks(DECKS).items() if kind == "indicator"}
    for name in decks.keys() & release.indicators.keys():
        page = pages[f"reference/indicators/{name}.md"]
        assert page.count("???+ example") == 1
        assert page.count("??? example") == len(decks[name]["cases"]) - 1


def test_every_method_of_a_sheet_is_named_in_words(release, pages):
    for name, item in release.indicators.items():
        page = pages[f"reference/indicators/{name}.md"]
        assert item.interval is None or f"Interval: {item.interval.method}" not in page
        assert item.benchmark is None or f"would give: {item.benchmark.method}" not in page


def test_the_worked_example_comes_first(release):
    cases = [
        {"title": "other", "kind": "boundary", "given": {}, "expect": {"value": "1"}},
        {"title": "the example", "kind": "worked", "given": {}, "expect": {"value": "2"}},
    ]
    page = reference_pages(with_sheet(release, sheet()), {("indicator", "made_up"): {"cases": cases}})[
        "reference/indicators/made_up.md"
    ]
    assert '???+ example "the example"' in page
    assert page.index("the example") < page.index('??? example "other (boundary)"')


def test_long_cases_are_left_to_the_deck(release):
    rows = "".join(f"P{number}\n" for number in range(100))
    deck = {
        "cases": [{"title": "long", "given": {"tables": {"people": "person_id\n" + rows}}, "expect": {"value": "1"}}]
    }
    page = reference_pages(with_sheet(release, sheet()), {("indicator", "made_up"): deck})
    assert "P99" not in page["reference/indicators/made_up.md"]
    assert "too long to show" in page["reference/indicators/made_up.md"]


# --- text stays text ----------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("before", ["", "- ", "# ", "| a | b |\n|---|---|\n| c | ", '??? note "', "**x.** "])
def test_hostile_text_stays_text(before):
    after = {"| a |": " |\n", "??? n": '"\n\n    x\n'}.get(before[:5], "\n")
    harmless = Seen(as_html(f"{before}word{after}"))
    hostile = Seen(as_html(f"{before}{escape(HOSTILE)}{after}"))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in harmless.tags]
    assert " ".join(HOSTILE.split()) in hostile.text


@pytest.mark.parametrize(
    "text", ["- a", "+ a", "1. a", "12) a", "# a", "> a", "??? a", "!!! a", "::: a.b", "=== a", "---"]
)
def test_no_text_begins_a_block(text):
    seen = Seen(as_html(str(escape(text))))
    assert ([tag for tag, _ in seen.tags], seen.text) == (["p"], text)


def test_numbers_and_our_own_markdown_are_left_alone():
    assert escape("1.0 and 1.2") == "1.0 and 1.2"
    assert escape(Markdown("**x**")) == "**x**"
    assert code("a_b|c") == "<code>a&#95;<wbr>b&#124;c</code>"
    assert link("[x]", "a.md") == "[&#91;x&#93;](a.md)"


def test_a_fence_cannot_be_closed_from_within():
    seen = Seen(as_html(fence("a\n```\n<b>\n````\n# c", "sql")))
    assert not {"b", "h1"} & {tag for tag, _ in seen.tags}
    assert "# c" in seen.text


def test_hostile_definitions_make_no_markup(release):
    text = {"en": HOSTILE}
    keys = ("title", "definition", "rationale", "limitations", "misuse", "unit", "exclusions", "population_text")
    hostile = sheet(**dict.fromkeys(keys, text), numerator=HOSTILE, facts={"n": HOSTILE}, companions=HOSTILE)
    deck = {"cases": [{"title": HOSTILE, "given": {"tables": {HOSTILE: HOSTILE}}, "expect": {HOSTILE: [HOSTILE]}}]}
    made = reference_pages(with_sheet(release, hostile), {("indicator", "made_up"): deck})
    for path in ("reference/indicators/made_up.md", "reference/indicators/index.md"):
        tags = Seen(as_html(made[path])).tags
        assert not {"script", "img"} & {tag for tag, _ in tags}
        assert not [attrs for _, attrs in tags if (attrs.get("href") or "").startswith(("javascript:", "http"))]


# --- prose --------------------------------------------------------------------------------------------------------


def test_the_manifest_page_names_every_key():
    page = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(Manifest.model_fields)
    needed = set(re.findall(r"^\| `(\w+)` \| yes \|", page, re.MULTILINE))
    assert needed == {name for name, field in Manifest.model_fields.items() if field.is_required()}


# --- the built site -----------------------------------------------------------------------------------------------

FETCHED = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
}


def from_elsewhere(html: str) -> list[str]:
    """Addresses on other hosts that a browser would ask for by itself while it shows the page."""
    found = [
        value or ""
        for tag, attrs in Seen(html).tags
        for name, value in attrs.items()
        if (tag, name) in FETCHED and not (tag == "link" and attrs.get("rel") == "canonical")
    ]
    found += re.findall(r"url\(\s*['\"]?([^'\")]+)", html)
    return [address for address in found if re.match(r"(?:https?:)?//", address.strip())]


def test_addresses_on_other_hosts_are_seen():
    page = (
        '<script src="https://a.example/x.js"></script><link rel=stylesheet href="//b.example/c.css"><img src="d.png">'
    )
    assert from_elsewhere(page) == ["https://a.example/x.js", "//b.example/c.css"]
    assert from_elsewhere("<style>@font-face{src:url('http://c.example/f')}</style>") == ["http://c.example/f"]
    assert from_elsewhere('<a href="https://doi.org/1">read</a><style>a{background:url(data:x)}</style>') == []


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built once, strictly; a warning of mkdocs is an error."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        build = pytest.importorskip("mkdocs.commands.build")
        from mkdocs.config import load_config
        from mkdocs.exceptions import Abort, ConfigurationError

        folder = tmp_path_factory.mktemp("site")
        said: list[str] = []

        class Listener(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                said.append(record.getMessage())

        listener = Listener(level=logging.WARNING)
        logging.getLogger("mkdocs").addHandler(listener)
        try:
            config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
            config.plugins.on_startup(command="build", dirty=False)
            build.build(config)
            config.plugins.on_shutdown()
        except (Abort, ConfigurationError) as problem:
            pytest.fail(f"the site cannot be built: {problem} {said}")
        finally:
            logging.getLogger("mkdocs").removeHandler(listener)
        assert not said
    return folder


def test_the_site_asks_nothing_of_other_hosts(site):
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(files) > 100
    found = {file.relative_to(site).as_posix(): from_elsewhere(file.read_text(encoding="utf-8")) for file in files}
    assert not {name: addresses for name, addresses in found.items() if addresses}


def test_links_within_the_site_lead_somewhere(site):
    parsed = {file: Seen(file.read_text(encoding="utf-8")).tags for file in site.rglob("*.html")}
    ids = {
        file.resolve(): {attrs[name] for _, attrs in tags for name in ("id", "name") if attrs.get(name)}
        for file, tags in parsed.items()
    }
    broken = []
    for file, tags in parsed.items():
        if file.name == "404.html":
            continue  # its links begin at the root of a server
        for address in (attrs["href"] or "" for tag, attrs in tags if tag == "a" and "href" in attrs):
            if re.match(r"[a-z]+:", address):
                continue
            path, _, place = unquote(address).partition("#")
            target = (file.parent / path).resolve() if path else file.resolve()
            if target.is_dir():
                target = target / "index.html"
            if not target.is_file() or (place and target in ids and place not in ids[target]):
                broken.append(f"{file.relative_to(site).as_posix()}: {address}")
    assert not broken


def test_every_definition_is_in_the_built_site(site, pages):
    assert all((site / path).with_suffix(".html").is_file() for path in pages)
    assert not list(site.rglob("hooks.py"))
