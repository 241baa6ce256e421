"""A serial port that is missing, taken, forbidden, pulled out or exchanged is named in words, and heals."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import stat
import subprocess
import sys
import termios
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from edge.core.transaction import ECHO_NO, Port
from edge.core.unit import Unit
from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.line import line_of
from edge.drivers.modbus.models import BusConfig
from edge.drivers.modbus.opening import device_trouble, heed_parity, host_trouble
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import Faults, Instruments
from rig.scenario import LoopClock, line_config, serve_pty
from rig.wire import PtyWire

PERIOD_MS = 100
HEALS_S = 5.0


def config_of(device: Path | str, **changes: object) -> BusConfig:
    config = line_config(str(device), units=1, blocks=1, period_ms=PERIOD_MS, timeout_ms=30)
    return structs.replace(config, **changes)


@contextlib.asynccontextmanager
async def running(config: BusConfig, readings: list[BlockReading]) -> AsyncIterator[Bus]:
    bus = Bus(config, readings.append, LoopClock())
    task = asyncio.create_task(bus.run())
    try:
        yield bus
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.contextmanager
def served(wire: PtyWire) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    serve_pty(wire, Instruments([1], Faults(), 30, 1, reply_ms=0.5), loop)
    fd = wire.fd
    try:
        yield
    finally:
        loop.remove_reader(fd)


async def until_good(readings: list[BlockReading], after: int, within_s: float = 90) -> None:
    async with asyncio.timeout(within_s):
        while not any(reading.data for reading in readings[after:]):
            await asyncio.sleep(0.02)


WAYS = ["", "minimalmodbus"]
HOLDS = """
import serial, sys, time
port = serial.Serial(sys.argv[1], exclusive=True)
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("through", WAYS)
def test_pulled_out_and_put_into_another_socket_it_heals_within_seconds(through: str, tmp_path: Path) -> None:
    """The name by path is resolved anew at each opening; a while without it does not slow the return."""

    async def main() -> None:
        readings: list[BlockReading] = []
        with PtyWire(str(tmp_path / "by-path")) as wire, PtyWire(str(tmp_path / "other")) as other:
            async with running(config_of(wire.device, through=through), readings) as bus:
                with served(wire):
                    await until_good(readings, 0)
                wire.unplug()
                await asyncio.sleep(6)
                assert {r.quality for r in readings[-50:]} == {quality.NOT_CONNECTED}
                assert {r.data for r in readings[-50:]} == {None}
                assert "is not there" in bus.stats().trouble
                began = time.monotonic()
                os.symlink(os.ttyname(other._far), wire.device)
                with served(other):
                    await until_good(readings, len(readings), HEALS_S)
                assert time.monotonic() - began < HEALS_S
                assert bus.stats().connected
                assert bus.stats().trouble == ""
                os.unlink(wire.device)

    asyncio.run(main())


@pytest.mark.parametrize("through", WAYS)
def test_a_port_that_vanished_without_a_word_is_noticed(through: str, tmp_path: Path) -> None:
    """The old port stays open and mute; only the name tells that the adapter is another one now."""

    async def main() -> None:
        readings: list[BlockReading] = []
        with PtyWire(str(tmp_path / "by-path")) as wire, PtyWire(str(tmp_path / "other")) as other:
            async with running(config_of(wire.device, through=through), readings) as bus:
                with served(wire):
                    await until_good(readings, 0)
                os.unlink(wire.device)
                os.symlink(os.ttyname(other._far), wire.device)
                with served(other):
                    await until_good(readings, len(readings), HEALS_S)
                assert bus.stats().connections == 2

    asyncio.run(main())


@pytest.mark.parametrize("through", WAYS)
def test_a_port_in_use_by_another_program_is_refused_and_the_program_named(
    through: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "edge")

    async def main() -> None:
        readings: list[BlockReading] = []
        with PtyWire(str(tmp_path / "tty")) as wire, served(wire):
            other = subprocess.Popen([sys.executable, "-c", HOLDS, wire.device], stdout=subprocess.PIPE)
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            async with running(config_of(wire.device, through=through), readings) as bus:
                await asyncio.sleep(2.5)
                assert {reading.quality for reading in readings} == {quality.NOT_CONNECTED}
                assert "is in use by " in bus.stats().trouble
                assert f"(process {other.pid})" in bus.stats().trouble
                other.kill()
                other.communicate()
                await until_good(readings, len(readings), HEALS_S)

    asyncio.run(main())
    told = [record.message for record in caplog.records if "is in use by" in record.message]
    assert len(told) == 1


@pytest.mark.parametrize("through", WAYS)
def test_opening_again_and_again_keeps_no_file_and_no_thread(through: str, tmp_path: Path) -> None:
    async def main() -> None:
        with PtyWire(str(tmp_path / "tty")) as wire, PtyWire(str(tmp_path / "taken")) as taken:
            held = os.open(taken.device, os.O_RDWR | os.O_NOCTTY)
            fcntl.flock(held, fcntl.LOCK_EX)
            units = [Unit(1, 30, [], 0)]
            lines = [
                line_of(config_of(device, through=through), Port(units, 20, ECHO_NO), 20, LoopClock())
                for device in (wire.device, taken.device, tmp_path / "none")
            ]
            opened = []
            for _ in range(30):
                reasons = [await line.open() for line in lines]
                assert [bool(reason) for reason in reasons] == [False, True, True]
                for line in lines:
                    line.close()
                await asyncio.sleep(0.05)
                opened.append((len(os.listdir("/proc/self/fd")), threading.active_count()))
            os.close(held)
        assert opened[-1] == opened[2]

    asyncio.run(main())


def test_two_buses_on_one_port_are_never_both_served(tmp_path: Path) -> None:
    async def main() -> None:
        one: list[BlockReading] = []
        two: list[BlockReading] = []
        with PtyWire(str(tmp_path / "tty")) as wire, served(wire):
            async with running(config_of(wire.device), one), running(config_of(wire.device), two):
                await until_good(one, 0)
                await asyncio.sleep(1.0)
            assert not any(reading.data for reading in two)

    asyncio.run(main())


def test_a_missing_port_and_a_file_are_named_with_the_remedy(tmp_path: Path) -> None:
    async def reason(device: Path) -> str:
        readings: list[BlockReading] = []
        async with running(config_of(device), readings):
            async with asyncio.timeout(60):
                while not readings or "connecting" in readings[-1].reason:
                    await asyncio.sleep(0.02)
        return readings[-1].reason

    assert asyncio.run(reason(tmp_path / "none")).endswith("(see /dev/serial/by-path)")
    (tmp_path / "file").write_text("")
    assert "is no serial port" in asyncio.run(reason(tmp_path / "file"))


def test_a_port_that_this_user_may_not_open_names_the_group(tmp_path: Path) -> None:
    with PtyWire(str(tmp_path / "tty")) as wire:
        text = device_trouble(wire.device, PermissionError(13, "Permission denied"))
        assert stat.S_ISCHR(os.stat(wire.device).st_mode)
    assert "may not be opened by this user: add it to the group " in text


def test_characters_of_wrong_parity_are_read_as_zero(tmp_path: Path) -> None:
    """Seen in the port's settings only: a pseudo-terminal has no parity bit."""
    with PtyWire(str(tmp_path / "tty")) as wire:
        held = os.open(wire.device, os.O_RDWR | os.O_NOCTTY)
        heed_parity(held)
        flags = termios.tcgetattr(held)[0]
        os.close(held)
    assert flags & termios.INPCK
    assert not flags & (termios.IGNPAR | termios.PARMRK | termios.ISTRIP)


def test_a_port_that_does_not_answer_in_time_says_so(tmp_path: Path) -> None:
    with PtyWire(str(tmp_path / "tty")) as wire:
        assert device_trouble(wire.device, None).endswith("it did not answer in time")
        assert device_trouble(wire.device, TimeoutError()).endswith("it did not answer in time")


@pytest.mark.parametrize(
    ("exc", "words"),
    [
        (ConnectionRefusedError(111, "refused"), "refused; correct `port`"),
        (OSError(113, "No route to host"), "No route to host"),
        (TimeoutError(), "no answer; is it switched on"),
        (None, "no answer; is it switched on"),
    ],
)
def test_a_host_that_is_not_reached_is_named_with_the_remedy(exc: OSError | None, words: str) -> None:
    assert words in host_trouble("10.0.0.9", 502, exc)


def test_a_refusing_host_says_so_in_each_reading() -> None:
    async def main() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        readings: list[BlockReading] = []
        config = config_of("", kind="rtu-over-tcp", host="127.0.0.1", port=port)
        async with running(config, readings):
            await asyncio.sleep(1.0)
        assert "refused; correct `port`" in readings[-1].reason

    asyncio.run(main())
