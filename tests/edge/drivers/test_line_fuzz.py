"""Damaged frames by the ten thousand, on one port: nothing is kept of them, and the next good one is read."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Callable

import pytest

from edge.drivers.conversation import Conversation
from edge.drivers.dialect import Dialect
from edge.drivers.dlt645 import frame
from edge.drivers.dlt645.identifiers import Form
from edge.drivers.dlt645.plan import Meters, Question
from edge.drivers.serial_line.decode import Field, Place
from edge.drivers.serial_line.decode import Form as LineForm
from edge.drivers.serial_line.frame import Framing
from edge.drivers.serial_line.pattern import compiled
from edge.drivers.serial_line.plan import Instrument, Lines
from rig import meters, texts
from rig.asked import mutate
from rig.scenario import soaking

FRAMES = soaking(4_000, 100_000)
LEFT_BYTES = 60_000


def of_meters() -> Dialect:
    address = frame.address_bytes(meters.address(1))
    return Meters([Question(0, address, frame.identifier_bytes(meters.identifier(0)), Form(8, 2))])


def of_lines() -> Dialect:
    form = LineForm((Field("V", Place("v")),), compiled(r"01 (?P<v>\d+)", 40), "01")
    return Lines(
        [Instrument("G", b"#01\r", form)], Framing(end=b"\r\n", checksum="xor", mark=b"*"), named=True
    )


@pytest.mark.parametrize(("make", "reply"), [(of_meters, meters.reply), (of_lines, texts.reply)])
def test_damaged_frames_leave_nothing_behind_and_the_next_good_one_is_read(
    make: Callable[[], Dialect], reply: Callable[[int, int, int], bytes]
) -> None:
    dice = random.Random(9)
    dialect = make()
    wire = Conversation([100], 20, 0, named=True, several=True)

    def flood(count: int) -> None:
        for number in range(count):
            now = number * 10
            wire.noise(now)
            data = mutate(reply(1, 0, dice.randrange(10**8)), dice)
            at = dice.randrange(len(data) + 1)
            for heard in dialect.take(data[:at], now, 0) + dialect.take(data[at:], now + 1, 0):
                wire.frame(heard.unit, heard.block, now)

    flood(200)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    flood(FRAMES)
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < LEFT_BYTES
    dialect.settle(10**9, 0)
    values = [one.outcome.data for one in dialect.take(reply(1, 0, 12345678), 10**9, 0) if one.outcome]
    assert len(values) == 1
    assert values[0] in ((12345678.0,), (123456.78,))
