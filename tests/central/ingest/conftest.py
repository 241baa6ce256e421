"""A real Mosquitto for a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edge.leaf.leaf_at_hand import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    found = Broker(tmp_path)
    yield found
    found.stop()
