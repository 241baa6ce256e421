"""A running demo and Debian's Chromium: the browser tests see what a newcomer sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from rig.centre import free_port
from rig.desk import PASSWORD, Demo, Desk, SitDown
from rig.programs import ROOT, wait_until


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A quiet demo: nothing leaks until a test says so."""
    folder = tmp_path_factory.mktemp("demo")
    port, log = free_port(), folder / "terminal.log"
    fengsui = [sys.executable, "fengsui.py", "demo"]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*fengsui, "--port", str(port), "--quiet", "--state", f"{folder}/state"],
            cwd=ROOT, env={**os.environ, "FENGSUI_DEMO_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
        )  # fmt: skip
    running = Demo(f"http://127.0.0.1:{port}", folder / "state", log)
    try:
        wait_until(
            "the demo greets", lambda: "Ctrl-C" in running.said() or process.poll() is not None, 600.0, 0.3
        )
        assert process.poll() is None, running.said()
        yield running
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window; Playwright keeps a loop running until it is closed."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        # Root in a container may not open a sandbox of its own.
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(demo: Demo, browser: Browser) -> Iterator[SitDown]:
    """Opens screens: `desk("county")` in an office, `desk("enterprise", phone=True)` on a phone."""
    contexts: list[BrowserContext] = []
    desks: list[Desk] = []

    def sit_down(account: str, phone: bool = False) -> Desk:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=phone,
            # Nothing moves between pressing and letting go: a hand waits for that, a test does not.
            reduced_motion="reduce",
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
