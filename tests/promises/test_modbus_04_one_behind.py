"""An instrument that answers each request with the reply to the one before is never believed, but named."""

from __future__ import annotations

import pytest

from rig.faults import Faults, Instruments
from rig.scenario import line_config, poll_virtually


def owe_unit_1(line: Instruments) -> None:
    line.behind[1] = b""


@pytest.mark.parametrize("blocks", [1, 4])
def test_one_behind_is_never_in_step(blocks: int) -> None:
    outcome = poll_virtually(
        line_config(blocks=blocks, period_ms=400), Faults(), 10**9, limit_s=900, prepare=owe_unit_1
    )
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0
    assert outcome.good_of.get(1, 0) == 0
    assert outcome.good_of[2] > 800 * blocks
    assert outcome.stats is not None
    assert [unit.one_behind for unit in outcome.stats.units] == [True, False, False, False]
    assert any("one request behind" in reason for reason in outcome.reasons)
