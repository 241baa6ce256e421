"""An alarm changes its state only when a second span of the same registers says the same."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from edge.core.second import INSISTS
from edge.drivers.modbus.models import BlockPlan
from protocol import messages as m
from protocol.quality import DEVICE_FAILURE, GOOD, UNCERTAIN
from rig.slave import Slave, Unit
from tests.edge.plant_at_hand import running_gateway, until
from tests.edge.plant_by_hand import Hand, plant_by_hand
from tests.edge.test_gateway import events

UNIT = """
  [[buses.units]]
  key = "GT-101"
  unit = 1
  readable = [{ first = 0, last = 9 }]
    [[buses.units.points]]
    key = "GT-101"
    address = 2
    scale = 0.1
    range = [0, 100]
    limits.H = { limit = 50, deadband = 1 }
    [[buses.units.points]]
    key = "TT-101"
    address = 3
"""
CALM, GAS = 100, 600


class Bench:
    """The plant by hand, and its second span."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.plan = cast("Any", hand.blocks[0].plan)
        assert self.plan.confirm >= 0
        # What the plan chose is its own affair; here it begins one register earlier and holds one more.
        self.span = BlockPlan(
            self.plan.confirm, 1, 3, self.plan.address - 1, 3, 6, 1000, 100, (), purpose="confirm"
        )

    def first(self, raw: int, other: int = 7) -> None:
        self.hand.read(*([0] * (2 - self.plan.address)), raw, other)

    def again(self, raw: int) -> None:
        registers = [0] * 3
        registers[2 - self.span.address] = raw
        self.hand.second(self.span, b"".join(r.to_bytes(2, "big") for r in registers))

    def last_row(self) -> tuple[int, bool]:
        row = self.hand.stored()[-1]
        return row.quality, row.values is None


def at_a_plant(folder: Path, body: Callable[[Bench], Awaitable[None]], *, confirms: bool = True) -> None:
    async def run() -> None:
        async with plant_by_hand(folder, UNIT, confirms=confirms) as hand:
            await body(Bench(hand))

    asyncio.run(run())


def test_a_raise_waits_for_the_second_span_and_no_longer(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.first(CALM)
        assert bench.hand.asked == []
        bench.first(GAS)
        assert bench.hand.asked == [bench.plan.number]
        assert bench.hand.raised == []
        bench.hand.time_passes(40)
        bench.again(GAS)
        assert bench.hand.raised == ["GT-101/H"]
        assert bench.last_row() == (GOOD, False)

    at_a_plant(tmp_path, body)


def test_a_contradicted_reading_is_recorded_as_bad_with_its_reason(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.first(GAS)
        bench.again(CALM)
        assert bench.hand.raised == []
        assert bench.last_row() == (DEVICE_FAILURE, True)
        bench.hand.time_passes(60_000)
        told = [e.reason for e in bench.hand.events if isinstance(e, m.PresenceEvent)]
        assert "a second read of the same registers said otherwise" in told

    at_a_plant(tmp_path, body)


def test_when_nobody_answers_in_time_a_raise_is_taken_and_a_clear_is_not(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.first(GAS)
        bench.hand.time_passes(399)
        assert bench.hand.raised == []
        bench.hand.time_passes(1)
        assert bench.hand.raised == ["GT-101/H"]
        assert bench.last_row() == (UNCERTAIN, False)
        bench.hand.time_passes(1000)
        bench.first(CALM)
        bench.hand.time_passes(1000)
        assert bench.hand.cleared == []
        bench.first(CALM)
        bench.again(CALM)
        assert "GT-101/H" in bench.hand.cleared

    at_a_plant(tmp_path, body)


def test_a_new_poll_ends_the_waiting(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.first(GAS)
        bench.first(GAS + 1)
        assert bench.hand.raised == ["GT-101/H"]
        bench.again(CALM)  # of the first one, too late
        assert bench.hand.cleared == []

    at_a_plant(tmp_path, body)


def test_a_bus_that_knows_no_second_span_raises_at_once(tmp_path: Path) -> None:
    async def without(bench: Bench) -> None:
        bench.first(GAS)
        assert bench.hand.raised == ["GT-101/H"]

    at_a_plant(tmp_path, without, confirms=False)

    async def refused(bench: Bench) -> None:
        bench.hand.answers = False
        bench.first(GAS)
        assert bench.hand.raised == ["GT-101/H"]
        assert bench.last_row() == (GOOD, False)

    at_a_plant(tmp_path, refused)


class TwoFaced(Unit):
    """Shows gas to whoever asks as first, and calm to whoever asks otherwise."""

    def __init__(self) -> None:
        super().__init__(64)
        self.asked: dict[bytes, int] = {}

    def answer(self, pdu: bytes) -> bytes:
        self.asked[pdu] = self.asked.get(pdu, 0) + 1
        polled = max(self.asked, key=lambda request: self.asked[request])
        self.holding[2] = GAS if pdu == polled else CALM
        return super().answer(pdu)


def test_a_whole_gateway_raises_what_is_contradicted_again_and_again_as_doubtful(tmp_path: Path) -> None:
    instrument = TwoFaced()
    board = Slave(1)
    board.units[1] = instrument
    text = (
        '[gateway]\nid = "gw-test"\nclock = "assume-synchronised"\n[spool]\ncommit_ms = 200\n'
        "[uplink]\nenabled = false\n"
        '[[buses]]\nname = "field"\nkind = "tcp"\nhost = "127.0.0.1"\ntimeout_ms = 150\nport = {port}\n'
    ) + UNIT.replace("unit = 1", "unit = 1\n  poll_interval_ms = 200")

    async def run() -> None:
        async with board.tcp() as port:
            path = tmp_path / "gateway.toml"
            path.write_text(text.replace("{port}", str(port)), encoding="utf-8")
            async with running_gateway(path):
                await until(lambda: [e for e in events(tmp_path) if getattr(e, "alarm", "") == "GT-101/H"])

    asyncio.run(run())
    raised = [e for e in events(tmp_path) if getattr(e, "alarm", "") == "GT-101/H"]
    # Contradicted five times in a row: a false alarm is the better mistake, and it says that it is doubtful.
    assert [(e.state, e.quality) for e in raised] == [("B", UNCERTAIN)]
    assert sum(instrument.asked.values()) >= 2 * INSISTS
