"""One centre a module with one enterprise, and how often a fault is repeated."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from rig.centre import Centre


@pytest.fixture(scope="session")
def kills() -> int:
    """How often each process is killed: ten times here, two hundred times in a soak."""
    return 200 if os.environ.get("FENGSUI_SOAK") == "1" else 10


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A running centre that knows enterprise E0001."""
    with Centre(tmp_path_factory.mktemp("centre")) as running:
        running.furnish()
        yield running
