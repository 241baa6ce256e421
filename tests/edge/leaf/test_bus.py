"""The leaf's line keeps the Modbus rule with the gateway's own automaton: no wrong register, no old value."""

from __future__ import annotations

import heapq
import os
from dataclasses import dataclass, field
from typing import Any

import pytest

from edge.drivers.modbus.plan import plan
from edge.leaf.bus import Bus, Read
from edge.leaf.coil import Coil
from edge.leaf.prepare import _line, _what
from protocol import quality
from rig.faults import Faults, Instruments, judge, mixed
from rig.scenario import line_config
from rig.slave import Slave
from rig.wire import RequestHunter, rtu

READS = 300_000 if os.environ.get("FENGSUI_SOAK") == "1" else 1_500
T_MS = 40


class Wire:
    """A line in made-up time: what is written is answered later, by whoever listens."""

    def __init__(self, hear: Any) -> None:
        self.now = 0
        self.plugged = True
        self.written: list[bytes] = []
        self._hear = hear
        self._coming: list[tuple[float, int, bytes]] = []
        self._count = 0

    def write(self, data: bytes) -> None:
        self.written.append(data)
        for delay, frame in self._hear(data, self.now):
            self._count += 1
            heapq.heappush(self._coming, (self.now + max(0.0, delay), self._count, bytes(frame)))

    def read(self) -> bytes | None:
        if not self.plugged:
            self._coming = []
            return None
        data = b""
        while self._coming and self._coming[0][0] <= self.now:
            data += heapq.heappop(self._coming)[2]
        return data


@dataclass
class Seen:
    """What the sink was told."""

    good: int = 0
    bad: int = 0
    wrong: int = 0
    old: int = 0
    told: list[tuple[int, int, str]] = field(default_factory=list)


def polled(line: Instruments, reads: int) -> tuple[Seen, Bus]:
    config = line_config(period_ms=100, timeout_ms=T_MS)
    made = plan(config)
    seen = Seen()
    wire = Wire(line.hear)

    def sink(read: Read, data: bytes | None, how: int, took_ms: int, reason: str) -> None:
        seen.told.append((read.unit, how, reason))
        if data is None:
            seen.bad += 1
            return
        seen.good += 1
        verdict = judge(read.unit, read.function, read.address, data, wire.now - took_ms)
        seen.wrong += verdict.wrong > 0
        seen.old += verdict.age_ms > T_MS

    bus = Bus(_line(config, made), wire, 0, [Read(_what(b), b.period_ms) for b in made.blocks], sink)
    while line.requests < reads and wire.now < 100 * reads:
        bus.turn(wire.now)
        wire.now += 1
    return seen, bus


LINES = {
    "1 % late": (Faults(late=0.01), False),
    "10 % late to 10 T, queued": (Faults(late=0.08, later=0.02), True),
    "doubled": (Faults(doubled=0.05, doubled_late=0.05), False),
    "all mixed": (mixed(0.08), False),
    "all mixed, queued": (mixed(0.08), True),
}


@pytest.mark.parametrize("name", LINES)
def test_no_wrong_register_is_accepted(name: str) -> None:
    faults, queued = LINES[name]
    line = Instruments([1, 2, 3, 4], faults, T_MS, 1, queued=queued)
    seen, _ = polled(line, READS)
    assert line.requests >= READS
    assert seen.good > READS // 3
    assert seen.wrong == 0
    assert seen.old <= READS // 1000 * ("mixed" in name)  # beyond H, doubled late: right register, and rare


def test_a_sound_line_is_read_at_its_full_rate() -> None:
    seen, _ = polled(Instruments([1, 2, 3, 4], Faults(), T_MS, 1), 1000)
    assert (seen.wrong, seen.old, seen.bad) == (0, 0, 0)
    assert seen.good > 980


def test_an_echoing_adapter_is_recognised() -> None:
    seen, bus = polled(Instruments([1, 2, 3, 4], Faults(), T_MS, 1, echo=True), 500)
    assert (seen.wrong, seen.bad) == (0, 0)
    assert bus.port.second_master == 0


def test_dead_units_are_told_and_take_little_of_the_line() -> None:
    line = Instruments([1, 2, 3, 4], Faults(), T_MS, 1)
    line.dead = {3}
    seen, _ = polled(line, 1500)
    assert {unit for unit, how, _ in seen.told if how != quality.GOOD} == {3}
    assert len([1 for unit, how, _ in seen.told if unit == 1 and how == quality.GOOD]) > 450


class Relays:
    """A relay board behind the wire that may keep silent or write wrongly."""

    def __init__(self) -> None:
        self.slave = Slave(10)
        self.swallow = 0
        self.stuck = False
        self._hunter = RequestHunter()

    def hear(self, data: bytes, _now: float) -> list[tuple[float, bytes]]:
        out = []
        for unit, pdu in self._hunter.take(data):
            before = bytes(self.slave[10].coils[:8])
            reply = self.slave.answer(unit, pdu)
            if self.stuck:
                self.slave[10].coils[:8] = before
            if self.swallow:
                self.swallow -= 1
            elif reply is not None:
                out.append((3.0, rtu(unit, reply)))
        return out


@dataclass
class Board:
    relays: Relays
    wire: Wire
    bus: Bus
    horn: Coil
    reports: list[tuple[str, bool, bool, str]]

    def run(self, ms: int) -> None:
        until = self.wire.now + ms
        while self.wire.now < until:
            self.bus.turn(self.wire.now)
            self.wire.now += 1


def board(*, single: bool = False, inverted: bool = False) -> Board:
    relays = Relays()
    wire = Wire(relays.hear)
    reports: list[tuple[str, bool, bool, str]] = []
    line = {
        "quiet_ms": 20,
        "silence_ms": 2,
        "units": [[10, T_MS, 0, [[1, 0, 16, 2, False], [1, 0, 24, 3, False]]]],
    }
    bus = Bus(line, wire, 0, [Read((10, 2, 0, 1, 1, T_MS), 200)], lambda *_: None)
    back = Read((10, 1, 0, 2, 1, T_MS), 0)
    horn = Coil("horn", 10, 0, inverted, single, back, lambda *told: reports.append(told))
    bus.coils.append(horn)
    return Board(relays, wire, bus, horn, reports)


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_a_coil_follows_and_is_confirmed(single: bool, inverted: bool) -> None:
    made = board(single=single, inverted=inverted)
    made.horn.set(True, 0)
    made.run(30)  # a write waits for no barrier
    assert made.relays.slave[10].coils[0] == (0 if inverted else 1)
    made.run(1500)
    assert made.reports == [("horn", True, True, "")]
    made.horn.set(False, made.wire.now)
    made.run(500)
    assert made.relays.slave[10].coils[0] == (1 if inverted else 0)
    assert made.reports[1:] == [("horn", False, True, "")]


def test_a_write_is_repeated_until_its_echo_came_and_put_back_after_a_loss_of_supply() -> None:
    made = board()
    made.relays.swallow = 3
    made.horn.set(True, 0)
    made.run(1500)
    assert made.reports == [("horn", True, True, "")]
    made.relays.slave[10].coils[0] = 0
    made.run(6000)
    assert made.relays.slave[10].coils[0] == 1


def test_a_relay_that_does_not_follow_is_told_and_told_again_when_it_does() -> None:
    made = board()
    made.relays.stuck = True
    made.horn.set(True, 0)
    made.run(4000)
    assert made.reports == [("horn", True, False, "unit 10 did not confirm coil 0")]
    made.relays.stuck = False
    made.run(4000)
    assert made.reports[1:] == [("horn", True, True, "follows again")]


def test_a_change_of_mind_while_a_write_is_under_way_is_what_counts() -> None:
    for moment in range(60):
        made = board()
        made.horn.set(True, 0)
        made.run(moment)
        made.horn.set(False, made.wire.now)
        made.run(1500)
        assert made.relays.slave[10].coils[0] == 0
        assert made.reports[-1] == ("horn", False, True, "")


def test_a_port_that_is_pulled_out_is_told_and_comes_back() -> None:
    line = Instruments([1, 2, 3, 4], Faults(), T_MS, 1)
    config = line_config(period_ms=T_MS, timeout_ms=T_MS)
    made = plan(config)
    told: list[int] = []
    wire = Wire(line.hear)
    reads = [Read(_what(b), b.period_ms) for b in made.blocks]
    bus = Bus(_line(config, made), wire, 0, reads, lambda *what: told.append(what[2]))
    for plugged, ms in ((True, 1500), (False, 500), (True, 1500)):
        wire.plugged = plugged
        told.clear()
        for _ in range(ms):
            bus.turn(wire.now)
            wire.now += 1
        expected = quality.GOOD if plugged else quality.NOT_CONNECTED
        assert told[-20:] == [expected] * 20
