"""No reply is ever taken for another's: registers that name themselves never show up under a wrong name."""

from __future__ import annotations

import pytest

from rig.faults import Faults, mixed
from rig.scenario import line_config, poll_virtually, soaking

READS = soaking(20_000, 1_000_000)
pytestmark = pytest.mark.timeout(soaking(300, 7200))

LINES = {
    "1 % late": (Faults(late=0.01), False),
    "10 % late": (Faults(late=0.1), False),
    "10 % late, a fifth up to 10 T": (Faults(late=0.08, later=0.02), False),
    "10 % late, queued": (Faults(late=0.08, later=0.02), True),
    "some beyond H": (Faults(late=0.01, beyond=0.01), False),
    "every reply doubled": (Faults(doubled=1.0), False),
    "doubled after 1.2 T": (Faults(doubled_late=0.05), False),
    "short": (Faults(short=0.05), False),
    "wrong function": (Faults(wrong_function=0.05), False),
    "wrong unit, also late": (Faults(wrong_unit=0.03, wrong_unit_late=0.03), False),
    "bad check sum, right reply following": (Faults(bad_crc=0.05, bad_then_good=0.05), False),
    "noise, byte by byte, foreign in one chunk": (Faults(noise=0.1, bytewise=0.1, foreign=0.1), False),
    "exceptions that come late": (Faults(exception_late=0.05), False),
    "all mixed": (mixed(0.08), False),
    "all mixed, queued": (mixed(0.08), True),
}


@pytest.mark.parametrize("line", LINES)
def test_no_wrong_register_is_accepted(line: str) -> None:
    faults, queued = LINES[line]
    outcome = poll_virtually(line_config(), faults, READS, queued=queued, spacing=False)
    assert outcome.good > READS // 2
    assert outcome.wrong == 0
