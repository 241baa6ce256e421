"""Somebody at a screen of the demo: what its terminal said, and what a person does in the console."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.sync_api import BrowserContext, Page

from rig.programs import ROOT

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


class Desk:
    """Somebody at a screen: signs in, looks, and takes pictures."""

    def __init__(self, demo: Demo, context: BrowserContext, name: str) -> None:
        self.page: Page = context.new_page()
        self.name = name
        self.problems: list[str] = []
        self._demo = demo
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.set_default_timeout(20_000)

    def visit(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(self._demo.url + path)

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


class SitDown(Protocol):
    """Opens a screen for an account, in an office or on a phone."""

    def __call__(self, account: str, phone: bool = False) -> Desk:
        """Sign in and look."""
        ...
