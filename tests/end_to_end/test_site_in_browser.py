"""The built site in a real browser, opened from its folder without a server: search, width, nothing fetched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "reference/index.html",
    "reference/checks/index.html",
    "reference/checks/by_severity.html",
    "reference/checks/one_to_one_with_oneself.html",
    "reference/checks/action_of_staff_alone.html",
    "reference/checks/email_address.html",
    "reference/checks/duplicate_key.html",
    "reference/checks/blanks_around_text.html",
    "reference/tables/one_to_ones.html",
    "reference/codelists/role.html",
    "reference/matrix.html",
)
pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(build, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def browser(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(chromium, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


def ask_until(browser: Browser, expression: str, seconds: float = 20) -> object:
    end = time.monotonic() + seconds
    while not (answer := browser.ask(expression)) and time.monotonic() < end:
        time.sleep(0.1)
    return answer


def search(browser: Browser, query: str) -> list[str]:
    """Type a query into the search box; addresses of what is found."""
    browser.ask("document.querySelector('[for=__search]').click(); document.querySelector('[name=query]').focus()")
    browser.do("Input.insertText", text=query)
    ask_until(browser, "document.querySelectorAll('.md-search-result__item').length > 0")
    found: list[str] = browser.ask("[...document.querySelectorAll('.md-search-result__link')].map(one => one.href)")
    return found


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("herself", "reference/checks/one_to_one_with_oneself.html"),
        ("made before the conversation", "reference/checks/commitment_before_its_conversation.html"),
        ("looks like an e-mail address", "reference/checks/email_address.html"),
        ("capitana", "reference/codelists/role.html"),
        ("congregations", "reference/tables/groups.html"),
    ],
)
def test_the_search_finds_pages_without_a_server(browser: Browser, site: Path, query: str, page: str) -> None:
    browser.open(site / "index.html", 1200)
    found = search(browser, query)
    assert any(f"/{page}" in address for address in found), found
    assert all(address.startswith("file:") for address in found)
    asked_for = [event["request"]["url"] for event in browser.happened("Network.requestWillBeSent")]
    assert [url for url in asked_for if not url.startswith(("file:", "data:", "about:", "blob:"))] == []


def test_the_search_finds_nothing_where_there_is_nothing(browser: Browser, site: Path) -> None:
    browser.open(site / "index.html", 1200)
    browser.ask("document.querySelector('[for=__search]').click(); document.querySelector('[name=query]').focus()")
    browser.do("Input.insertText", text="zzqqxx")
    text = "document.querySelector('.md-search-result__meta').textContent"
    assert ask_until(browser, f"/No matching/.test({text}) && {text}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [375, 1200])
def test_pages_fit_their_width_and_ask_nobody(browser: Browser, site: Path, page: str, width: int) -> None:
    browser.open(site / page, width)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    wide = browser.ask(
        "[...document.querySelectorAll('.md-content :is(p, li, h1, h2, h3, div.sheet, .md-typeset__scrollwrap)')]"
        ".filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.md-typeset__table'))"
        ".map(one => one.textContent.slice(0, 80))"
    )
    assert wide == []
    asked_for = [event["request"]["url"] for event in browser.happened("Network.requestWillBeSent")]
    assert [url for url in asked_for if not url.startswith(("file:", "data:", "about:", "blob:"))] == []
    said = [entry["entry"]["text"] for entry in browser.happened("Log.entryAdded")]
    assert said == []


def test_the_marked_cell_can_be_told_apart(browser: Browser, site: Path) -> None:
    browser.open(site / "reference/checks/one_to_one_with_oneself.html", 1200)
    assert browser.ask("document.querySelectorAll('table.sheet td mark').length") > 0
    colours = (
        "['mark', 'td'].map(one => getComputedStyle(document.querySelector(`table.sheet ${one}`)).backgroundColor)"
    )
    assert len(set(browser.ask(colours))) == 2
