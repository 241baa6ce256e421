"""A value is at most T older than it says, as long as no reply comes later than H."""

from __future__ import annotations

import pytest

from rig.faults import Faults, mixed
from rig.scenario import line_config, poll_virtually, soaking

READS = soaking(10_000, 1_000_000)
pytestmark = pytest.mark.timeout(soaking(300, 7200))

LINES = {
    "1 % late": (Faults(late=0.01), False),
    "10 % late, a fifth up to 10 T": (Faults(late=0.08, later=0.02), False),
    "10 % late, queued": (Faults(late=0.08, later=0.02), True),
    # A reply doubled after 1.2 T can't be told from a fresh one, and a lying unit number may pass for a late
    # reply that was heard: the rule names both as its bound.
    "all mixed": (mixed(0.08, "beyond", "doubled_late", "wrong_unit_late"), False),
    "all mixed, queued": (mixed(0.08, "beyond", "doubled_late", "wrong_unit_late"), True),
}


@pytest.mark.parametrize("line", LINES)
def test_no_value_is_older_than_it_says(line: str) -> None:
    faults, queued = LINES[line]
    outcome = poll_virtually(line_config(), faults, READS, queued=queued)
    assert outcome.good > READS // 2
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0, f"oldest {outcome.oldest_ms} ms"


def test_a_single_block_instrument_never_runs_one_poll_behind() -> None:
    config = line_config(units=1, blocks=1, period_ms=400)
    outcome = poll_virtually(config, Faults(late=0.05, later=0.02), READS, queued=True)
    assert outcome.older_than_t == 0


def test_a_copy_after_more_than_t_is_dated_too_young_by_its_lateness_at_most() -> None:
    outcome = poll_virtually(line_config(), Faults(doubled_late=0.1), READS)
    assert outcome.oldest_ms <= 1.35 * 300
