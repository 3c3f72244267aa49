"""The report in a real browser: wide, narrow, printed, with the keyboard, and with everything hostile in it."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import samples
from browser import Browser
from relmetrics.reporting import make_report, render
from test_reporting import hostile, report

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def browser(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(chromium, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    whole = report()
    made = {"report": whole, "hostile": hostile()}
    made |= {
        name: make_report(samples.release(), **{name: getattr(whole, name)})
        for name in ("findings", "values", "assessment")
    }
    for name, part in made.items():
        (folder / f"{name}.html").write_text(render(part, "html"), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


NAMES = ("report", "hostile", "findings", "values", "assessment")


@pytest.mark.parametrize("width", [1200, 375, 320])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_out_of_the_page(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    browser.open(pages[name], width)
    browser.ask("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert browser.ask("innerWidth") == width
    assert browser.ask("document.documentElement.scrollWidth") <= width
    shot = base64.b64decode(browser.do("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"])
    assert shot.startswith(b"\x89PNG")
    assert len(shot) > 5_000


@pytest.mark.parametrize("name", NAMES)
def test_the_page_fetches_nothing_and_breaks_no_policy(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.open(pages[name], 1200)
    assert browser.ask("document.scripts.length") == 0
    fetched = {params["request"]["url"] for params in browser.happened("Network.requestWillBeSent")}
    assert fetched <= {pages[name].as_uri()}
    # A style sheet that its policy does not admit would be reported here, and the page would be left without it.
    assert [params["entry"]["text"] for params in browser.happened("Log.entryAdded")] == []
    assert browser.ask("getComputedStyle(document.body).maxWidth") != "none"
    assert browser.happened("Page.javascriptDialogOpening") == []


def test_hostile_text_is_text(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"], 1200)
    assert browser.ask("document.querySelectorAll('img, script, iframe, link, a[href^=http]').length") == 0
    assert "<script>alert(1)</script>" in browser.ask("document.body.textContent")
    assert browser.ask("document.title").startswith("Relational report")


def test_the_keyboard_goes_through_the_page_in_order(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["report"], 1200)
    here = "[...document.querySelectorAll('a, summary')].indexOf(document.activeElement)"
    places, visible = [], []
    for _ in range(14):
        browser.press_tab()
        places.append(browser.ask(here))
        visible.append(browser.ask("getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
    assert places == list(range(14)), "every link and fold is reached, in the order of the page"
    assert all(visible), "and is seen to be"
    browser.open(pages["report"], 1200)
    browser.press_tab()
    assert browser.ask("document.activeElement.className") == "skip"
    assert browser.ask("document.activeElement.getBoundingClientRect().left") >= 0, "the skip link comes into sight"


def test_a_reader_who_prefers_the_dark_gets_it(browser: Browser, pages: dict[str, Path]) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        browser.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(pages["report"], 1200)
        grounds.append(browser.ask("getComputedStyle(document.documentElement).backgroundColor"))
    browser.do("Emulation.setEmulatedMedia", features=[])
    assert grounds == ["rgb(251, 250, 246)", "rgb(20, 25, 27)"]


def test_paper_has_everything(browser: Browser, pages: dict[str, Path], tmp_path: Path, pdftotext: Path) -> None:
    browser.open(pages["report"], 1200)
    data = browser.do("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"]
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(base64.b64decode(data))
    done = subprocess.run([str(pdftotext), str(pdf), "-"], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split())
    assert "This stays with your organization." in text
    assert "logic 3fa9c1d2" in text, "what is folded on the screen is open on paper"
    assert "one_to_ones.csv, cell B10" in text
    assert "Skip to the report" not in text
