"""A field fault is reproduced from the dump of the bus black box, without a visit to the plant."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import pytest

from edge.drivers.modbus.driver import Bus
from edge.drivers.models import BlockReading
from edge.drivers.tape import Tape, parse
from rig.faults import Faults, Instruments, Sending, mixed
from rig.replay import Replay
from rig.scenario import line_config
from rig.virtual import VirtualLoop, memory_wire, run_virtual
from rig.wired import Line


@dataclass
class Run:
    """What came of a run: the dump, the readings, and what the driver counted."""

    dump: bytes = b""
    readings: list[BlockReading] = field(default_factory=list)
    stats: Any = None

    def outcomes(self) -> list[tuple[int, int, bytes | None]]:
        return [(reading.block.number, reading.quality, reading.data) for reading in self.readings]


class OnWholeMicroseconds:
    """A line whose bytes come a third behind whole microseconds: a tape's rounding decides nothing."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def hear(self, data: bytes, now: float) -> list[Sending]:
        return [
            ((round((now + delay) * 1000) + 0.3) / 1000 - now, frame)
            for delay, frame in self._line.hear(data, now)
        ]


def poll(line: Line, seconds: float) -> Run:
    run = Run()

    async def main(loop: VirtualLoop) -> None:
        tape = Tape("line", lambda: round(loop.time() * 1e6), max_bytes=1 << 24)
        config = line_config()
        with memory_wire(OnWholeMicroseconds(line).hear):
            bus = Bus(config, run.readings.append, loop, tape)
            task = loop.create_task(bus.run())
            await asyncio.sleep(seconds)
            run.stats = bus.stats()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        run.dump = tape.dump()

    run_virtual(main)
    return run


FAULTS = {
    "one unit answers late": Faults(late=0.02, later=0.01),
    "frames are damaged": Faults(bad_crc=0.05, noise=0.05, bad_then_good=0.02),
    "everything at once": mixed(0.1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_replayed_tape_gives_the_same_readings_and_the_same_counts(fault: str) -> None:
    then = poll(Instruments([1, 2, 3, 4], FAULTS[fault], 300, 11), 60)
    recording = parse(then.dump)
    line = Replay(recording.records)
    again = poll(line, 60)
    assert {reading.quality for reading in then.readings} > {192}
    assert again.outcomes() == then.outcomes()
    assert line.unknown == 0
    for count in ("good", "failed", "heard_late", "malformed", "foreign"):
        assert getattr(again.stats, count) == getattr(then.stats, count), count


def test_a_silent_unit_is_silent_in_the_replay_too() -> None:
    instruments = Instruments([1, 2, 3, 4], Faults(), 300, 1)
    instruments.dead.add(3)
    then = poll(instruments, 90)
    line = Replay(parse(then.dump).records)
    again = poll(line, 90)
    assert again.outcomes() == then.outcomes()
    assert [unit.state for unit in again.stats.units] == [unit.state for unit in then.stats.units]


def test_a_tape_that_is_over_leaves_the_line_silent() -> None:
    then = poll(Instruments([1, 2, 3, 4], Faults(), 300, 1), 10)
    line = Replay(parse(then.dump).records)
    again = poll(line, 30)
    assert again.outcomes()[: len(then.outcomes()) - 4] == then.outcomes()[:-4]
    assert line.left == 0
    assert line.unknown > 0
    assert again.readings[-1].data is None


def test_on_tcp_an_answer_gets_the_id_of_todays_request_and_a_wrong_id_stays_wrong() -> None:
    request = bytes.fromhex("0007 0000 0006 01 03 0000 0001".replace(" ", ""))
    right = bytes.fromhex("0007 0000 0005 01 03 02 1234".replace(" ", ""))
    wrong = bytes.fromhex("0099 0000 0005 01 03 02 1234".replace(" ", ""))
    tape = Tape("line", lambda: 0)
    tape.sent(request)
    tape.received(right)
    tape.received(wrong)
    line = Replay(parse(tape.dump()).records, tcp=True)
    answers = [bytes(data) for _, data in line.hear(b"\x55\x55" + request[2:], 0)]
    assert answers == [b"\x55\x55" + right[2:], wrong]
