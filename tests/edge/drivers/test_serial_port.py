"""The serial port of this machine: parity is checked, a missing or taken device is named in words."""

from __future__ import annotations

import asyncio
import os
import termios
from pathlib import Path

from edge.drivers.serial_port import SerialPort
from edge.drivers.serial_settings import SerialTable
from edge.drivers.tape import RECEIVED, SENT, Tape, parse
from rig.wire import PtyWire


def settings(device: Path, parity: str = "E") -> SerialTable:
    return SerialTable(name="line", kind="dlt645", device=str(device), parity=parity)  # type: ignore[arg-type]


def nothing() -> None:
    """Nobody waits for the port to go."""


def test_a_byte_with_a_wrong_parity_is_not_taken_for_a_good_one(tmp_path: Path) -> None:
    async def run() -> None:
        with PtyWire(str(tmp_path / "tty")):
            port = SerialPort(settings(tmp_path / "tty"), lambda _: None, nothing)
            assert await port.open() == ""
            assert termios.tcgetattr(port._fd)[0] & termios.INPCK
            port.close()

    asyncio.run(run())


def test_a_device_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    async def run() -> str:
        return await SerialPort(settings(tmp_path / "tty"), lambda _: None, nothing).open()

    assert "is not there: plug the adapter in, or correct `device`" in asyncio.run(run())


def test_a_device_that_somebody_else_holds_is_not_shared(tmp_path: Path) -> None:
    async def run() -> str:
        with PtyWire(str(tmp_path / "tty")):
            port = SerialPort(settings(tmp_path / "tty", "N"), lambda _: None, nothing)
            assert await port.open() == ""
            reason = await SerialPort(settings(tmp_path / "tty", "N"), lambda _: None, nothing).open()
            port.close()
        return reason

    assert "is in use by" in asyncio.run(run())


def test_every_byte_goes_on_the_tape_in_both_directions(tmp_path: Path) -> None:
    taken: list[bytes] = []

    async def run() -> bytes:
        tape = Tape("line", lambda: 0)
        with PtyWire(str(tmp_path / "tty")) as wire:
            port = SerialPort(settings(tmp_path / "tty", "N"), taken.append, nothing, tape)
            await port.open()
            port.write(b"\x01\x00\xff\r\n")
            os.write(wire.fd, b"\x02\x03\x11\x13")
            async with asyncio.timeout(60):
                while not taken:
                    await asyncio.sleep(0.01)
            assert os.read(wire.fd, 100) == b"\x01\x00\xff\r\n"
            port.close()
        return tape.dump()

    records = parse(asyncio.run(run())).records
    assert [(r.kind, r.data) for r in records if r.kind in (SENT, RECEIVED)] == [
        (SENT, b"\x01\x00\xff\r\n"),
        (RECEIVED, b"\x02\x03\x11\x13"),
    ]
    assert taken == [b"\x02\x03\x11\x13"]


def test_a_serial_server_that_refuses_is_named(tmp_path: Path) -> None:
    async def run() -> str:
        table = SerialTable(name="line", kind="dlt645", host="127.0.0.1", port=1)
        return await SerialPort(table, lambda _: None, nothing).open()

    assert "no connection to 127.0.0.1:1" in asyncio.run(run())
