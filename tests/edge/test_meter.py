"""The installer learns a meter's address from the meter."""

from __future__ import annotations

import asyncio
from pathlib import Path

from edge.drivers.dlt645.settings import Bus
from edge.installer.meter import Found, find
from rig import meters
from rig.faults import Sending
from rig.wire import PtyWire
from rig.wired import answer_on

ASKED = bytes.fromhex("68 AA AA AA AA AA AA 68 13 00 DF 16")  # domain facts, 9


class Meter:
    """One meter that knows only how to say its address."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self._rest = b""

    def hear(self, data: bytes, now: float) -> list[Sending]:
        self._rest += data
        asked = self._rest.endswith(ASKED)
        return [(5.0, self.answer)] * asked


def asked(tmp_path: Path, answer: bytes) -> tuple[list[Found], str]:
    async def run() -> tuple[list[Found], str]:
        with PtyWire(str(tmp_path / "tty")) as wire:
            end = answer_on(wire, Meter(answer))
            found = await find(Bus(name="line", device=wire.device), (2400,))
            end()
        return found

    return asyncio.run(run())


def test_a_meter_tells_its_address(tmp_path: Path) -> None:
    address = bytes.fromhex("112233445566")[::-1]
    found, reason = asked(tmp_path, b"\xfe\xfe" + meters.frame(address, 0x93, address))
    assert found == [Found(2400, "112233445566")]
    assert reason == ""


def test_nobody_there_is_said_in_words(tmp_path: Path) -> None:
    found, reason = asked(tmp_path, b"")
    assert found == []
    assert "nobody answered" in reason


def test_a_garbled_answer_is_told_from_silence(tmp_path: Path) -> None:
    found, reason = asked(tmp_path, b"\x68\x12\x99\x40")
    assert found == []
    assert "bytes came, but no answer" in reason


def test_a_port_that_is_not_there_is_named(tmp_path: Path) -> None:
    found, reason = asyncio.run(find(Bus(name="line", device=str(tmp_path / "none"))))
    assert found == []
    assert "is not there" in reason
