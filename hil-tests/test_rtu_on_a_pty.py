"""In real time, on a pseudo-terminal, with the system's own lateness: no wrong register, no old value."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from rig.faults import Faults, mixed
from rig.scenario import line_config, poll_pty, soaking

READS = soaking(3_400, 334_000)
LIMIT_S = soaking(240, 12 * 3600)
T_MS = 20

pytestmark = pytest.mark.timeout(LIMIT_S + 60)

LINES = {
    "1 % late": (Faults(late=0.01), False),
    "10 % late to 10 T, queued": (Faults(late=0.08, later=0.02), True),
    "all mixed": (mixed(0.08), False),
}


@pytest.mark.parametrize("line", LINES)
def test_no_wrong_register_on_a_pty(line: str, tmp_path: Path) -> None:
    faults, queued = LINES[line]
    config = line_config(str(tmp_path / "tty"), period_ms=T_MS, timeout_ms=T_MS)
    outcome = asyncio.run(poll_pty(config, faults, READS, queued=queued, limit_s=LIMIT_S))
    assert outcome.instruments is not None
    assert outcome.instruments.requests >= READS
    assert outcome.good > READS // 2
    assert outcome.wrong == 0
    if line != "all mixed":  # there some replies come later than H, doubled, or under a lying unit number
        assert outcome.older_than_t == 0, f"oldest {outcome.oldest_ms} ms"
