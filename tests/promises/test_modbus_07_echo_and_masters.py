"""An echo is found out and one copy dropped; another master's request spoils the read and is told."""

from __future__ import annotations

import pytest

from protocol import quality
from rig.faults import Faults, Instruments, mixed
from rig.scenario import line_config, poll_virtually
from rig.virtual import MemoryWire, VirtualLoop
from rig.wire import rtu

READ_10 = bytes((3, 0, 0, 0, 10))


def test_an_echo_costs_nothing() -> None:
    outcome = poll_virtually(line_config(), Faults(), 5_000, echo=True)
    assert outcome.wrong == 0
    assert outcome.bad == 0
    assert outcome.stats is not None
    assert outcome.stats.second_master == 0


@pytest.mark.parametrize("queued", [False, True])
def test_an_echo_on_a_bad_line_lets_no_wrong_register_pass(queued: bool) -> None:
    outcome = poll_virtually(line_config(), mixed(0.08), 10_000, echo=True, queued=queued)
    assert outcome.good > 5_000
    assert outcome.wrong == 0


def test_an_echo_behind_a_late_byte_is_still_an_echo() -> None:
    def late_bytes(wire: MemoryWire, loop: VirtualLoop) -> None:
        for i in range(2_000):
            wire.send_later(3000 + i * 41, b"\x00")

    outcome = poll_virtually(line_config(), Faults(), 3_000, echo=True, meddle=late_bytes)
    assert outcome.wrong == 0
    assert outcome.stats is not None
    assert outcome.stats.second_master == 0
    assert outcome.good >= 0.95 * 3_000


def test_a_second_master_makes_every_value_uncertain_for_a_minute() -> None:
    def ask_once(wire: MemoryWire, loop: VirtualLoop) -> None:
        wire.send_later(10_000, rtu(9, READ_10))

    config = line_config(units=2, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=200, meddle=ask_once)
    assert outcome.stats is not None
    assert outcome.stats.second_master == 1
    assert 118 <= outcome.qualities[quality.UNCERTAIN] <= 122
    assert outcome.qualities[quality.GOOD] > 200
    assert outcome.wrong == 0


def test_replies_to_a_second_master_that_is_heard_are_not_taken_for_ours() -> None:
    """The other master reads unit 1 in the same length elsewhere, its reply 150 ms later."""
    lines: list[Instruments] = []

    def both(wire: MemoryWire, loop: VirtualLoop) -> None:
        pdu = bytes((3, 0, 50, 0, 10))
        for i in range(500):
            at = 5_000 + i * 1_037
            wire.send_later(at, rtu(1, pdu))
            wire.send_later(at + 150, rtu(1, lines[0].reply(1, pdu, 0)))

    outcome = poll_virtually(line_config(), Faults(), 10**9, limit_s=500, prepare=lines.append, meddle=both)
    assert outcome.stats is not None
    assert outcome.stats.second_master > 400
    assert outcome.wrong == 0


def test_a_read_during_which_a_second_master_speaks_is_rejected() -> None:
    def ask_often(wire: MemoryWire, loop: VirtualLoop) -> None:
        for i in range(3_000):
            wire.send_later(5_000 + i * 7, rtu(9, READ_10))

    outcome = poll_virtually(line_config(), Faults(), 10**9, limit_s=30, meddle=ask_often)
    assert outcome.reasons["another master speaks on this line"] > 0
    assert outcome.wrong == 0
