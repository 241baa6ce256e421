"""Meters and text instruments on a pseudo-terminal, in real time: read, unplugged, plugged in again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from edge.drivers.models import BlockReading
from edge.drivers.tape import RECEIVED, SENT, Tape, parse
from protocol import quality
from rig import meters, texts
from rig.asked import AskedLine, Mishaps, mishaps
from rig.replay import Replay
from rig.scenario import LoopClock
from rig.wire import PtyWire
from rig.wired import Line, Watched, answer_on, bus_of, run_on_a_pty, start, stopped

METERS = """
[[buses]]
name = "meters"
kind = "dlt645"
device = "{device}"
baudrate = 19200
timeout_ms = 60
adapter_ms = 0
"""
METER = """
[[buses.units]]
key = "EM-{unit}"
address = "{address}"
poll_interval_ms = 400
points = [{{ key = "E-{unit}", di = "{di}" }}]
"""
GAUGES = """
[[buses]]
name = "gauges"
kind = "serial-line"
device = "{device}"
baudrate = 115200
timeout_ms = 50
adapter_ms = 0
"""
GAUGE = """
[[buses.units]]
key = "G-{unit}"
address = "{unit:02}"
ask = "#{unit:02}\\r"
end = "\\r\\n"
max_length = 24
checksum = "xor"
checksum_mark = "*"
pattern = '{{address}} (?P<v>\\d{{8}})'
poll_interval_ms = 400
points = [{{ key = "V-{unit}", group = "v" }}]
"""
T_MS = 120


def config(family: str, device: Path) -> str:
    if family == "dlt645":
        units = [METER.format(unit=u, address=meters.address(u), di=meters.identifier(0)) for u in range(2)]
        return METERS.format(device=device) + "".join(units)
    return GAUGES.format(device=device) + "".join(GAUGE.format(unit=u) for u in range(2))


def instruments(family: str, wrong: Mishaps, seed: int = 1) -> AskedLine:
    if family == "dlt645":
        return AskedLine(
            meters.RequestCutter(),
            meters.reply,
            wrong,
            T_MS,
            seed,
            reply_ms=8,
            passes=lambda data: bool(meters.whole(data)),
        )
    return AskedLine(texts.RequestCutter(), texts.reply, wrong, T_MS, seed, reply_ms=8, passes=texts.whole)


DIGITS = {"dlt645": 100, "serial-line": 1}
NAMES = [(0, 0), (1, 0)]


@pytest.mark.parametrize("family", DIGITS)
def test_it_is_read_on_a_real_port(family: str, tmp_path: Path) -> None:
    bus, laid = bus_of(config(family, tmp_path / "tty"), tmp_path)
    watched = Watched()
    line = instruments(family, mishaps(0.1, "noise", "bytewise", "mutated", "echo"))
    stats = asyncio.run(run_on_a_pty(bus, laid, line, 5, lambda r: watched.take(r, NAMES, DIGITS[family])))
    assert watched.wrong == 0
    assert watched.oldest_ms <= 20  # stamps count hundredths of a second
    assert watched.good >= 10
    assert stats.connections == 1


@pytest.mark.parametrize("family", DIGITS)
def test_an_adapter_may_be_pulled_out_and_put_in_again(family: str, tmp_path: Path) -> None:
    bus, laid = bus_of(config(family, tmp_path / "tty"), tmp_path)
    watched = Watched()
    readings: list[tuple[float, BlockReading]] = []

    async def run() -> Any:
        loop = asyncio.get_running_loop()

        def sink(reading: BlockReading) -> None:
            readings.append((loop.time(), reading))
            watched.take(reading, NAMES, DIGITS[family])

        async def good(after: float) -> float:
            async with asyncio.timeout(10):
                while not any(at > after and reading.data for at, reading in readings):
                    await asyncio.sleep(0.02)
            return loop.time()

        with PtyWire(bus.device) as wire:
            end = answer_on(wire, instruments(family, Mishaps()))
            driver = start(bus, laid, sink, LoopClock())
            task = loop.create_task(driver.run())
            now = await good(0)
            end()
            wire.unplug()
            await asyncio.sleep(1.2)
            missing = [reading for at, reading in readings if at > now + 0.1]
            wire.plug()
            end = answer_on(wire, instruments(family, Mishaps()))
            await good(loop.time())
            stats = driver.stats()
            await stopped(task)
            end()
        return missing, stats

    missing, stats = asyncio.run(run())
    assert {reading.quality for reading in missing} <= {quality.NOT_CONNECTED, quality.COMM_FAILURE}
    assert len(missing) >= 3
    assert "is not there" in missing[-1].reason
    assert watched.wrong == 0
    assert stats.connections == 2


@pytest.mark.parametrize("family", DIGITS)
def test_the_tape_of_a_fault_can_be_played_again(family: str, tmp_path: Path) -> None:
    bus, laid = bus_of(config(family, tmp_path / "tty"), tmp_path)

    def run(line: Line) -> tuple[list[BlockReading], bytes]:
        readings: list[BlockReading] = []

        async def main() -> bytes:
            loop = asyncio.get_running_loop()
            tape = Tape("line", lambda: round(loop.time() * 1e6))
            with PtyWire(bus.device) as wire:
                end = answer_on(wire, line)
                task = loop.create_task(start(bus, laid, readings.append, LoopClock(), tape).run())
                await asyncio.sleep(4)
                await stopped(task)
                end()
            return tape.dump()

        return readings, asyncio.run(main())

    then, dump = run(instruments(family, mishaps(0.3, "silent", "mutated"), 4))
    recording = parse(dump)
    assert {record.kind for record in recording.records} >= {SENT, RECEIVED}
    again, _ = run(Replay(recording.records))
    seen = [[r.data for r in then if r.block.number == n and r.data] for n in range(2)]
    seen_again = [[r.data for r in again if r.block.number == n and r.data] for n in range(2)]
    assert [values[:3] for values in seen_again] == [values[:3] for values in seen]
