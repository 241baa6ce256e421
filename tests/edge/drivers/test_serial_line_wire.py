"""Text instruments that misbehave on one line: no wrong value, no old one, and the others go on."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from edge.drivers.models import BlockReading
from protocol import quality
from rig import texts
from rig.asked import AskedLine, Mishaps, mishaps, named_value
from rig.faults import Sending
from rig.scenario import soaking
from rig.virtual import VirtualLoop, run_virtual
from rig.wired import Watched, bus_of, run_on_a_serial_server, start, stopped

UNITS = 4
T_MS = 170  # what the bus below makes of timeout_ms = 150
NAMES = [(unit, 0) for unit in range(UNITS)]


def config(port: int, *, named: bool = True, units: int = UNITS, period_ms: int = 1000) -> str:
    lines = [
        '[[buses]]\nname = "gauges"\nkind = "serial-line"\nhost = "127.0.0.1"',
        f"port = {port}\nbaudrate = 38400\ntimeout_ms = 150\nadapter_ms = 0",
        f"unnamed_replies = {str(not named).lower()}",
    ]
    for unit in range(units):
        lines.append(f'[[buses.units]]\nkey = "G-{unit}"\nask = "#{unit:02}\\r"\nend = "\\r\\n"')
        lines.append('checksum = "xor"\nchecksum_mark = "*"\nmax_length = 24')
        lines.append(f"poll_interval_ms = {period_ms}")
        lines.append(f'address = "{unit:02}"\n' * named)
        lines.append(f"pattern = '{'{address} ' * named}(?P<v>\\d{{8}})'")
        lines.append(f'[[buses.units.points]]\nkey = "V-{unit}"\ngroup = "v"')
    return "\n".join(lines)


def line_with(wrong: Mishaps, seed: int = 1, *, queued: bool = False, named: bool = True) -> AskedLine:
    reply = texts.reply if named else texts.unnamed_reply
    return AskedLine(
        texts.RequestCutter(), reply, wrong, T_MS, seed, reply_ms=20, queued=queued, passes=texts.whole
    )


def poll(line: AskedLine, seconds: float, folder: Path, *, named: bool = True) -> Watched:
    watched = Watched()
    watched.stats = run_on_a_serial_server(
        lambda port: config(port, named=named, period_ms=1000 if named else 4000),
        line,
        seconds,
        folder,
        lambda reading: watched.take(reading, NAMES, 1),
    )
    return watched


@pytest.mark.parametrize("named", [True, False])
def test_good_instruments_are_read_at_their_rhythm(named: bool, tmp_path: Path) -> None:
    watched = poll(line_with(Mishaps(), named=named), 120, tmp_path, named=named)
    assert watched.wrong == 0
    assert len(watched.readings) == watched.good
    assert watched.good >= 4 * (110 if named else 26)
    assert watched.oldest_ms <= 10  # the stamp counts hundredths
    assert watched.stats.failed == 0


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize(
    "kind",
    ["late", "later", "silent", "foreign", "noise", "bytewise", "echo", "mutated", "mutated_then_good"],
)
def test_no_wrong_and_no_old_value_from_named_lines_that_are(kind: str, queued: bool, tmp_path: Path) -> None:
    watched = poll(line_with(mishaps(0.1, kind), 7, queued=queued), soaking(600, 40_000), tmp_path)
    assert watched.wrong == 0
    assert watched.oldest_ms <= T_MS
    assert watched.good > 500


@pytest.mark.parametrize(
    "kind", ["late", "later", "silent", "doubled", "doubled_late", "noise", "bytewise", "echo", "mutated"]
)
def test_no_wrong_value_from_lines_without_a_name_that_are(kind: str, tmp_path: Path) -> None:
    line = line_with(mishaps(0.05, kind), 7, named=False)
    watched = poll(line, soaking(1200, 60_000), tmp_path, named=False)
    assert watched.wrong == 0
    assert watched.oldest_ms <= T_MS
    assert watched.good > 250


@pytest.mark.parametrize("named", [True, False])
def test_an_adapter_that_echoes_every_request_costs_nothing(named: bool, tmp_path: Path) -> None:
    watched = poll(line_with(Mishaps(echo=1.0), named=named), 120, tmp_path, named=named)
    assert watched.wrong == 0
    assert len(watched.readings) == watched.good
    assert watched.good >= 4 * (110 if named else 26)


def test_a_dead_instrument_costs_the_others_at_most_a_tenth(tmp_path: Path) -> None:
    line = line_with(Mishaps())
    line.dead.add(2)
    watched = poll(line, 600, tmp_path)
    assert len([r for r in watched.readings if r.data is not None]) >= 0.95 * 3 * 600
    assert len([at for at, unit, _ in line.asked if unit == 2]) * T_MS <= 0.1 * 600_000
    bad = [r for r in watched.readings if r.block.number == 2]
    assert len(bad) >= 590
    assert {r.quality for r in bad} == {quality.COMM_FAILURE}
    assert watched.stats.units[2].silent


def test_a_dead_instrument_on_a_line_without_names_costs_at_most_a_tenth(tmp_path: Path) -> None:
    line = line_with(Mishaps(), named=False)
    line.dead.add(2)
    watched = poll(line, 1200, tmp_path, named=False)
    assert watched.wrong == 0
    assert len([r for r in watched.readings if r.data is not None]) >= 0.85 * 3 * 300


class Speaking:
    """One instrument that speaks by itself every 200 ms, until it falls silent at `until_ms`."""

    def __init__(self, until_ms: float) -> None:
        self.until_ms = until_ms

    def hear(self, data: bytes, now: float) -> list[Sending]:
        raise AssertionError("nobody asks it")

    def speak(self, loop: VirtualLoop, writers: list[asyncio.StreamWriter]) -> None:
        now = loop.time() * 1000
        if writers and now < self.until_ms:
            writers[0].write(texts.unnamed_reply(0, 0, named_value(0, 0, now)))
        loop.call_later(0.2, self.speak, loop, writers)


def speaking(seconds: float, until_s: float, folder: Path) -> tuple[Watched, list[BlockReading]]:
    watched = Watched()
    line = Speaking(1000_000 + until_s * 1000)
    watched.stats = run_on_a_serial_server(
        lambda port: config(port, named=False, units=1).replace("#00\\r", ""),
        line,
        seconds,
        folder,
        lambda reading: watched.take(reading, [(0, 0)], 1),
        line.speak,
    )
    return watched, watched.readings


def test_an_instrument_that_speaks_by_itself_is_heard_at_its_rhythm(tmp_path: Path) -> None:
    watched, readings = speaking(60, 1e9, tmp_path)
    assert watched.wrong == 0
    assert 55 <= watched.good <= 110  # every second, although it speaks five times as often
    assert watched.oldest_ms <= 10
    assert all(reading.quality == quality.GOOD for reading in readings)


def test_one_that_speaks_by_itself_and_falls_silent_is_missed_each_period(tmp_path: Path) -> None:
    watched, readings = speaking(60, 30, tmp_path)
    bad = [reading for reading in readings if reading.data is None]
    assert 27 <= len(bad) <= 31
    assert bad[0].mono_ms <= 1_032_500
    assert {reading.quality for reading in bad} == {quality.COMM_FAILURE}
    assert watched.stats.units[0].silent


def test_a_connection_that_is_dead_without_a_word_is_opened_anew(tmp_path: Path) -> None:
    class FirstIsDead(Speaking):
        """Speaks on the second connection only."""

        def speak(self, loop: VirtualLoop, writers: list[asyncio.StreamWriter]) -> None:
            for writer in writers[1:]:
                writer.write(texts.unnamed_reply(0, 0, named_value(0, 0, loop.time() * 1000)))
            loop.call_later(0.5, self.speak, loop, writers)

    readings: list[BlockReading] = []
    line = FirstIsDead(1e12)
    stats = run_on_a_serial_server(
        lambda port: config(port, named=False, units=1).replace("#00\\r", ""),
        line,
        60,
        tmp_path,
        readings.append,
        line.speak,
    )
    assert stats.connections == 2
    assert len([reading for reading in readings if reading.data is not None]) > 30


def test_a_driver_that_is_begun_again_reads_on(tmp_path: Path) -> None:
    """The supervisor begins a task again after a defect; a question that was open then blocks nothing."""

    async def main(loop: VirtualLoop) -> tuple[int, int]:
        line = line_with(Mishaps(silent=1.0))
        readings: list[BlockReading] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await reader.read(4096):
                    for delay, frame in line.hear(data, loop.time() * 1000):
                        loop.call_later(delay / 1000, writer.write, frame)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        bus, laid = bus_of(config(server.sockets[0].getsockname()[1]), tmp_path)
        driver = start(bus, laid, readings.append, loop)
        task = loop.create_task(driver.run())
        while not line.requests:
            await asyncio.sleep(0.01)
        await stopped(task)  # in the middle of a question
        line.wrong = Mishaps()
        before = len(readings)
        task = loop.create_task(driver.run())
        await asyncio.sleep(30)
        await stopped(task)
        server.close()
        await asyncio.sleep(0.1)
        return before, len([reading for reading in readings if reading.data is not None])

    before, good = run_virtual(main)
    assert before == 0
    assert good > 80
