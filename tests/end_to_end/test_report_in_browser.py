"""The report in a real browser: wide, narrow, printed, with the keyboard, and with everything hostile in it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import samples
from relmetrics.reporting import make_report, render
from test_reporting import hostile, report

pytestmark = pytest.mark.system


# Chromium listens on descriptor 3 and answers on 4. Both ends are moved out of the way first, as they may be 4 and 3.
_LAUNCHER = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, place in zip(ends, (3, 4)):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """Chromium, spoken to through a pipe: no port is opened and no driver is needed."""

    def __init__(self, chromium: Path, profile: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        options = [
            *(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
            ),
            *("--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={profile}"),
        ]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCHER, str(theirs_in), str(theirs_out), str(chromium), *options],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._rest = b""
        self._n = 0
        self.events: list[dict[str, Any]] = []
        self._session = ""
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        self._n += 1
        message = {"id": self._n, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._n:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            chunk = os.read(self._in, 1 << 20)
            assert chunk, "Chromium has gone"
            self._rest += chunk
        first, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        return message

    def open(self, page: Path, width: int, height: int = 900) -> None:
        self.events.clear()
        self.do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.do("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def ask(self, expression: str) -> Any:
        return self.do("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press_tab(self) -> None:
        for kind in ("keyDown", "keyUp"):
            self.do("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def happened(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event.get("method") == method]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._out)
        os.close(self._in)


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
