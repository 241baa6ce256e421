"""The instruments that every test of a whole gateway talks to."""

import pytest

from rig.slave import Slave


@pytest.fixture
def board() -> Slave:
    """Unit 1 is a detector, unit 10 a relay board with a button."""
    return Slave(1, 10, size=64)
