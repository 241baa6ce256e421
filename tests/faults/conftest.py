"""One centre a module with one enterprise, and how often a fault is repeated."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rig.centre import Centre


@pytest.fixture(scope="session")
def kills() -> int:
    """How often each process is killed: ten times here, two hundred times in a soak, or FENGSUI_KILLS."""
    return int(os.environ.get("FENGSUI_KILLS") or (200 if os.environ.get("FENGSUI_SOAK") == "1" else 10))


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """A running centre that knows enterprise E0001."""
    # Not under pytest's own folder: for root PostgreSQL runs as another user, who may not walk in there.
    with tempfile.TemporaryDirectory(prefix="fengsui-") as folder, Centre(Path(folder)) as running:
        running.furnish()
        yield running
