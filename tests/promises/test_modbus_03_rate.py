"""The rule costs what it was measured to cost: good reads a second are at least 0.9 of its table."""

from __future__ import annotations

import pytest

from rig.faults import Faults, mixed
from rig.scenario import line_config, poll_virtually, soaking

READS = soaking(20_000, 200_000)
PERFECT_S = 1000 / 4.9  # the instruments answer after 4.9 ms and the line does nothing else
pytestmark = pytest.mark.timeout(soaking(300, 7200))

LINES = {
    "1 % late": (Faults(late=0.01), False, 0.57),
    "10 % late": (Faults(late=0.1), False, 0.10),
    "queued, 1 % late": (Faults(late=0.01), True, 0.57),
    "queued, 10 % late up to 10 T": (Faults(late=0.08, later=0.02), True, 0.10),
    "doubled": (Faults(doubled=1.0), False, 1.0),
    # H follows the longest lateness heard; the table was measured with H = 10 T.
    "all mixed": (mixed(0.08, "later", "beyond"), False, 0.09),
    "all mixed, queued": (mixed(0.08, "later", "beyond"), True, 0.09),
}


@pytest.mark.parametrize("line", LINES)
def test_rate_is_at_least_nine_tenths_of_the_table(line: str) -> None:
    faults, queued, measured = LINES[line]
    outcome = poll_virtually(line_config(), faults, READS, queued=queued, spacing=False)
    assert outcome.rate / PERFECT_S >= 0.9 * measured
