"""Prints a page of ours to PDF with the browser of this machine; a gateway needs none."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

BROWSERS: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
PATIENCE_S: Final = 120


class NoBrowser(Exception):
    """Nothing here can print; says what to do."""


def to_pdf(page: Path, target: Path) -> None:
    """Print an HTML file.

    Raises:
        NoBrowser: there is none, or it failed.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise NoBrowser(
            f"no browser here to make a PDF with: open {page} on any computer and print it to PDF"
        )
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={target.absolute()}",
            page.absolute().as_uri(),
        ]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium's sandbox does not work for root
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=True)
        except (OSError, subprocess.SubprocessError) as exc:
            raise NoBrowser(f"{browser} did not print ({exc}): open {page} and print it to PDF") from exc
    if not target.is_file():
        raise NoBrowser(f"{browser} printed nothing: open {page} and print it to PDF")
