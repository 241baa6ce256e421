"""A field fault is reproduced from the dump of the bus black box, without a visit to the plant."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, Range, Span, UnitPlan
from edge.drivers.models import BlockReading
from edge.drivers.tape import Tape, parse
from rig.faults import Faults, Instruments, Sending, mixed
from rig.replay import Replay
from rig.scenario import LoopClock, line_config
from rig.slave import Slave
from rig.virtual import VirtualLoop, memory_wire, run_virtual
from rig.wired import Line, stopped


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


def test_a_tape_of_modbus_tcp_is_played_over_a_socket() -> None:
    unit = UnitPlan(1, (Span("A", 3, 0, 4), Span("B", 3, 50, 4)), 200, readable=(Range(3, 0, 60),))
    dead = UnitPlan(2, (Span("C", 3, 0, 4),), 200, readable=(Range(3, 0, 60),))
    board = Slave(1)
    board[1].holding[1] = 4711

    async def poll_socket(port: int, seconds: float) -> tuple[set[tuple[int, int, bytes | None]], bytes]:
        config = BusConfig("line", "tcp", (unit, dead), host="127.0.0.1", port=port, timeout_ms=60)
        readings: list[BlockReading] = []
        tape = Tape("line", lambda: time.monotonic_ns() // 1000)
        bus = Bus(config, readings.append, LoopClock(), tape)
        task = asyncio.get_running_loop().create_task(bus.run())
        await asyncio.sleep(seconds)
        await stopped(task)
        return {(r.block.number, r.quality, r.data) for r in readings}, tape.dump()

    async def then() -> tuple[set[tuple[int, int, bytes | None]], bytes]:
        async with board.tcp() as port:
            return await poll_socket(port, 4)

    async def again(line: Replay) -> set[tuple[int, int, bytes | None]]:
        loop = asyncio.get_running_loop()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await reader.read(4096):
                    for delay, answer in line.hear(data, loop.time() * 1000):
                        loop.call_later(max(0.0, delay) / 1000, writer.write, answer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        outcome, _ = await poll_socket(server.sockets[0].getsockname()[1], 3)
        server.close()
        await asyncio.sleep(0.05)
        return outcome

    seen, dump = asyncio.run(then())
    line = Replay(parse(dump).records, tcp=True)
    seen_again = asyncio.run(again(line))
    good = {one for one in seen if one[2] is not None}
    assert any((4711).to_bytes(2, "big") in (data or b"") for _, _, data in good)
    assert {one for one in seen_again if one[2] is not None} == good
    silent = {number for number, _, data in seen if data is None}
    assert silent - {number for number, _, _ in good} <= {n for n, _, data in seen_again if data is None}
