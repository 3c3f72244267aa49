"""Pages of checks, tables and codelists: complete, filled in, and word for word what ``relmetrics explain`` prints."""

from __future__ import annotations

import re
import warnings
from html.parser import HTMLParser

import markdown
import pytest

from relmetrics.definitions.rule import READERS
from relmetrics.publishing.as_markdown import markdown_of
from relmetrics.publishing.as_terminal import terminal_text_of
from relmetrics.publishing.blocks import Bullets, Heading
from relmetrics.publishing.check_page import READER_WORDS, check_document
from relmetrics.publishing.decks import base_manifest, read_deck, read_decks
from relmetrics.publishing.entries import entries
from relmetrics.publishing.markdown import escape
from relmetrics.publishing.pages import FOLDERS, reference_pages
from relmetrics.standard import load_matrix, load_release


@pytest.fixture(scope="module")
def release():
    return load_release("1.0")


@pytest.fixture(scope="module")
def pages(release):
    return reference_pages(release, read_decks())


def as_html(text: str) -> str:
    extensions = ["attr_list", "tables", "toc", "pymdownx.details", "pymdownx.superfences"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return markdown.markdown(text, extensions=extensions)


def test_both_lists_of_checks_count_each_check_once(pages, release):
    n_checks = len(release.rules) + len(release.structure) + len(release.screens)
    for name in ("index", "by_severity"):
        page = pages[f"reference/checks/{name}.md"]
        assert page.count(f"{n_checks} checks.") == 1
        rows = re.findall(r"^\| \[[^\]]+\]\(\.\./checks/(\w+)\.md\) \|", page, re.MULTILINE)
        assert sorted(rows) == sorted([*release.rules, *release.structure, *release.screens])


def test_a_check_says_what_why_and_how(release):
    for check in (*release.rules.values(), *release.structure.values(), *release.screens.values()):
        kind = "rule" if check.id in release.rules else "structure" if check.id in release.structure else "screen"
        text = terminal_text_of(check_document(check, release, read_deck(kind, check.id), base_manifest()))
        parts = dict(re.findall(r"^(.+)\n-+\n\n((?:.+\n|\n(?!.+\n-+\n))*)", text + "\n", re.MULTILINE))
        for heading, said in (("What it finds", check.message), ("Why it matters", check.why)):
            assert opened(said["en"]) == tokens(parts[heading])[: len(opened(said["en"]))], check.id
        assert opened(check.remedy["en"]) == tokens(parts["How to mend it"]), check.id
        assert "An example that it finds" in parts, check.id
        assert "What is said about it:" in parts["An example that it finds"]
        assert check.version in parts["About this check"]
        assert ("As a computer reads it" in parts) == (kind != "structure")
        assert ("Whom it protects" in parts) == (kind != "structure")
        assert ("In good records" in text) == (check.severity == "note" and kind == "rule"), check.id


def opened(text: str) -> list[str]:
    return tokens(re.sub(r"\{\w+\}", lambda found: found[0].replace("_", " "), text))


def test_messages_of_examples_are_filled_in(release):
    """Every sentence of a message has its words in at least one example; none shows a placeholder."""
    for rule in release.rules.values():
        document = check_document(rule, release, read_deck("rule", rule.id), base_manifest())
        start = document.blocks.index(Heading("An example that it finds", is_searched=False))
        said = next(block for block in document.blocks[start:] if isinstance(block, Bullets)).items
        assert all("{" not in span.text for item in said for span in item), rule.id
        assert any(len(item[-1].text) > 20 for item in said), rule.id


def test_the_cell_that_is_pointed_at_is_marked(release):
    text = terminal_text_of(_page_of("one_to_one_with_oneself", release))
    assert re.search(r"^    2 .*\[P1\]", text, re.MULTILINE)
    page = markdown_of(_page_of("one_to_one_with_oneself", release))
    assert "<td><mark>P1</mark></td>" in page
    assert "<mark>" not in page.partition("## An example in which all is well")[2]


def _page_of(name, release):
    return check_document(release.rules[name], release, read_deck("rule", name), base_manifest())


def test_every_reader_has_its_words():
    assert READER_WORDS.keys() == set(READERS)


def test_indicators_without_a_sheet_are_named_in_words(release, pages):
    for rule in release.rules.values():
        page = pages[f"reference/checks/{rule.id}.md"]
        for entry in (load_matrix().entries[name] for name in rule.protects if name not in READERS):
            assert f"{entry.code} " in page, rule.id
            linked = f"({'../indicators/' + entry.id}.md)" in page
            assert linked == (entry.id in release.indicators)


def test_a_table_shows_every_field(pages, release):
    for name, table in release.tables.items():
        page = pages[f"reference/tables/{name}.md"]
        for field in table.fields:
            assert f"{{: #{field.id} }}" in page
            assert escape(field.title["en"]) in page
            assert str(escape(field.example)) in page.replace("<wbr>", "")
        for rule in release.rules.values():
            assert (f"../checks/{rule.id}.md" in page) == bool(rule.fields_of(table)), rule.id


def test_a_codelist_shows_codes_and_users(pages, release):
    for name, codelist in release.codelists.items():
        page = pages[f"reference/codelists/{name}.md"]
        plain_page = page.replace("<wbr>", "")
        for one in codelist.codes:
            assert all(str(escape(text)) in plain_page for text in (one.code, one.description_en, *one.synonyms))
        for table in release.tables.values():
            for field in table.fields:
                assert (f"../tables/{table.id}.md#{field.id})" in page) == (field.codelist == name)


# --- one source of the words ----------------------------------------------------------------------------------------

BLOCKS = {"p", "li", "td", "th", "tr", "h1", "h2", "h3", "summary", "caption", "pre", "div", "table", "ul", "details"}


class Text(HTMLParser):
    """The text of a page, with a blank between blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.text += " " * (tag in BLOCKS)

    def handle_endtag(self, tag):
        self.text += " " * (tag in BLOCKS)

    def handle_data(self, data):
        self.text += data


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_explain_says_what_the_page_says_word_for_word(release, pages):
    texts = dict(entries(release))
    folders = {"rule": release.rules, "structure": release.structure, "screen": release.screens}
    folders |= {"table": release.tables, "codelist": release.codelists}
    for kind, definitions in folders.items():
        for name in definitions:
            page = pages[f"reference/{FOLDERS[kind][0]}/{name}.md"]
            assert tokens(terminal_text_of(texts[name]())) == tokens(Text(as_html(page)).text), name


def test_the_comparison_of_words_can_fail():
    html = as_html("# One two\n\n<code>a&#95;<wbr>b</code> | c.\n")
    assert tokens(Text(html).text) == ["One", "two", "a_b", "c"]
    assert tokens(Text(html).text) != tokens("One two a_b d")


# --- text stays text -------------------------------------------------------------------------------------------------

HOSTILE = "</td></table><script>alert(1)</script> [x](javascript:1) `b` | ![y](http://h.example/z.png) **c** {: #d }"


class Tags(HTMLParser):
    """Tags of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_hostile_texts_and_cells_make_no_markup(release):
    texts = {key: {"en": HOSTILE} for key in ("title", "message", "why", "remedy")}
    rule = release.rules["one_to_one_with_oneself"].model_copy(update={**texts, "finding_when": f"```\n{HOSTILE}"})
    finding = {"table": "people", "row": 2, "field": HOSTILE, "cell": "A2", "params": {"x": HOSTILE}}
    given = {"manifest": {"period": {HOSTILE: HOSTILE}}, "tables": {"people": f'person_id\n"{HOSTILE}"\n'}}
    deck = {"cases": [{"title": HOSTILE, "kind": "fires", "given": given, "expect": {"findings": [finding]}}]}
    document = check_document(rule, release, deck, base_manifest())
    page = as_html(markdown_of(document))
    seen = Tags(page)
    assert not {"script", "img", "iframe"} & seen.found
    assert not [address for address in seen.links if ":" in address]
    # Title, message, why, remedy, title of the case, key and value, cell.
    assert Text(page).text.count("<script>alert(1)</script>") >= 8
    assert terminal_text_of(document).count("alert(1)") >= 8


def test_signs_that_nobody_sees_are_shown(release):
    given = {"tables": {"people": "person_id\n P1\nP\u200b2\nP\x1b3\n"}}
    deck = {"cases": [{"title": "x", "kind": "clean", "given": given, "expect": {}}]}
    text = terminal_text_of(check_document(release.rules["one_to_one_with_oneself"], release, deck, base_manifest()))
    assert "␣P1" in text
    assert "P⟨U+200B⟩2" in text
    assert "P⟨U+001B⟩3" in text
    assert "\x1b" not in text


def test_a_long_table_is_shown_in_part(release):
    rows = "".join(f"P{number}\n" for number in range(2, 60))
    finding = {"table": "people", "row": 40, "field": "person_id", "cell": "A40", "params": {}}
    case = {"title": "x", "kind": "fires", "given": {"tables": {"people": f"person_id\n{rows}"}}}
    deck = {"cases": [{**case, "expect": {"findings": [finding]}}]}
    text = terminal_text_of(check_document(release.rules["one_to_one_with_oneself"], release, deck, base_manifest()))
    assert "[P40]" in text
    assert "P59" in text
    assert "P30" not in text
    assert text.count("…") >= 2
