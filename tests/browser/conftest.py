"""A running demo and Debian's Chromium: the browser tests see what a newcomer sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rig.centre import free_port
from rig.programs import ROOT, wait_until

PASSWORD = "demo-Pass-1"
SCREENSHOTS = ROOT / "build" / "screenshots"


@dataclass
class Demo:
    """A demo in a process of its own, and what its terminal said."""

    url: str
    state: Path
    log: Path

    def said(self) -> str:
        """Everything that its terminal showed so far."""
        return self.log.read_text(encoding="utf-8")

    def tell(self, do: str, plant: str) -> None:
        """`fengsui demo press|leak|calm PLANT`."""
        subprocess.run(
            [sys.executable, "fengsui.py", "demo", do, plant, "--state", str(self.state)],
            cwd=ROOT, check=True, capture_output=True, timeout=30,
        )  # fmt: skip


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A quiet demo: nothing leaks until a test says so."""
    folder = tmp_path_factory.mktemp("demo")
    port, log = free_port(), folder / "terminal.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "fengsui.py", "demo", "--port", str(port), "--quiet", "--state", str(folder / "state")],
            cwd=ROOT, env={**os.environ, "FENGSUI_DEMO_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
        )  # fmt: skip
    running = Demo(f"http://127.0.0.1:{port}", folder / "state", log)
    try:
        wait_until(
            "the demo greets", lambda: "Ctrl-C" in running.said() or process.poll() is not None, 120.0, 0.3
        )
        assert process.poll() is None, running.said()
        yield running
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        # Root in a container may not open a sandbox of its own.
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


class Desk:
    """Somebody at a screen: signs in, looks, and takes pictures."""

    def __init__(self, demo: Demo, context: BrowserContext, name: str) -> None:
        self.page: Page = context.new_page()
        self.name = name
        self.problems: list[str] = []
        self._demo = demo
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.set_default_timeout(20_000)

    def sign_in(self, account: str) -> None:
        """Sign in on the first page."""
        self.page.goto(self._demo.url)
        self.page.get_by_label("账号").fill(account)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_label("账号").wait_for(state="detached")

    def picture(self, what: str) -> None:
        """Keep a picture of the page for somebody to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.name}-{what}.png", full_page=True)


@pytest.fixture
def desk(demo: Demo, browser: Browser) -> Iterator[object]:
    """Opens screens: `desk("county")` in an office, `desk("enterprise", phone=True)` on a phone."""
    contexts: list[BrowserContext] = []
    desks: list[Desk] = []

    def sit_down(account: str, *, phone: bool = False) -> Desk:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=phone,
        )
        contexts.append(context)
        desks.append(Desk(demo, context, f"{account}-{'phone' if phone else 'office'}"))
        desks[-1].sign_in(account)
        return desks[-1]

    yield sit_down
    for each in desks:
        assert each.problems == [], f"the page of {each.name} failed"
    for context in contexts:
        context.close()
