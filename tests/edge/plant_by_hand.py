"""A whole plant of a configuration, with its clock moved by hand: bytes go in, events and rows come out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from edge.config import load
from edge.core.batch import Batcher
from edge.drivers.models import BlockReading
from edge.layout import PointBlock, lay_out
from edge.plant import Plant
from edge.spool.records import AlarmRow, StoredBatch
from edge.spool.spool import Quota, Spool
from protocol import codec
from protocol import messages as m
from protocol.quality import GOOD

START_UTC_MS = 1_790_000_000_000
HEAD = """
[gateway]
id = "gw-test"

[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"
timeout_ms = 100
"""


class HandClock:
    """Both clocks stand still until they are moved."""

    def __init__(self) -> None:
        self.boot = 0x2A
        self.state = m.SYNCHRONISED
        self.now = 0

    def utc_ms(self) -> int:
        return START_UTC_MS + self.now

    def mono_ms(self) -> int:
        return self.now


class Row(msgspec.Struct, frozen=True):
    """One stored poll: which block, when, and what."""

    block: int
    mono_ms: int
    quality: int
    values: list[float] | None
    exceptions: dict[int, int]


class Hand:
    """The plant and what it did."""

    def __init__(self, plant: Plant, blocks: list[PointBlock], clock: HandClock, spool: Spool) -> None:
        self.plant = plant
        self.blocks = blocks
        self.clock = clock
        self.events: list[Any] = []
        self.rows: list[Row] = []
        self.asked: list[int] = []
        self.answers = True
        spool.live = self._shown

    def _shown(self, batch: StoredBatch, stream: int) -> None:
        if stream == m.EVENT:
            decoded = codec.decode_events(batch.body, batch.first, batch.last)
            self.events += [event for _, event, _ in decoded]
            return
        body = codec.decode_measurements(batch.body, batch.first, batch.last)
        for one in body.blocks:
            for i, values in enumerate(one.values):
                worse = {point: code for row, point, code in one.exceptions if row == i}
                at = body.base_mono_ms + one.mono_ms[i]
                self.rows.append(Row(one.block, at, one.quality[i], values, worse))

    def confirm(self, number: int) -> bool:
        """The bus that is asked for second reads."""
        self.asked.append(number)
        return self.answers

    def time_passes(self, ms: int) -> None:
        """Move the clock; the plant ticks whenever it is due."""
        end = self.clock.now + ms
        due = self.plant.tick()
        while due is not None and due <= end:
            self.clock.now = max(self.clock.now, due)
            due = self.plant.tick()
        self.clock.now = end
        self.plant.tick()

    def read(self, *registers: int, block: int = 0, took_ms: int = 5, data: Any = None) -> None:
        """One poll of a block is answered with these registers; a longer block goes on like its last one."""
        words = b"".join((r & 0xFFFF).to_bytes(2, "big") for r in registers)
        words += words[-2:] * (self.blocks[block].plan.count - len(registers))
        self.outcome(words if data is None else data, GOOD, block=block, took_ms=took_ms)

    def outcome(self, data: Any, quality: int, *, block: int = 0, took_ms: int = 5, reason: str = "") -> None:
        """One poll of a block ends so."""
        plan = self.blocks[block].plan
        reading = BlockReading(
            plan, data, quality, self.clock.utc_ms(), self.clock.mono_ms(), took_ms, reason
        )
        self.plant.take(self.blocks[block].bus, reading)

    def second(self, plan: Any, data: bytes | None, quality: int = GOOD) -> None:
        """The second span is read."""
        reading = BlockReading(plan, data, quality, self.clock.utc_ms(), self.clock.mono_ms(), 5)
        self.plant.take(self.blocks[0].bus, reading)

    @property
    def raised(self) -> list[str]:
        """Alarms that were raised, in order."""
        return [e.alarm for e in self.events if isinstance(e, m.AlarmEvent) and e.transition == m.RAISE]

    @property
    def cleared(self) -> list[str]:
        """Alarms that were cleared, in order."""
        return [e.alarm for e in self.events if isinstance(e, m.AlarmEvent) and e.transition == m.CLEAR]

    def stored(self) -> list[Row]:
        """Every row so far, also of the open batch."""
        self.plant.flush()
        return self.rows


@contextlib.asynccontextmanager
async def plant_by_hand(
    folder: Path, units: str, *, confirms: bool = False, saved: list[AlarmRow] | None = None
) -> AsyncIterator[Hand]:
    """Build a plant of these unit tables on one Modbus TCP bus; nothing polls it."""
    folder.mkdir(exist_ok=True)
    path = folder / "gateway.toml"
    path.write_text(HEAD + units, encoding="utf-8")
    layout = lay_out(load(path), "test")
    clock = HandClock()
    spool = await Spool.open(folder / "state", clock, layout.description, Quota(), "test")
    async with asyncio.TaskGroup() as group:
        for writer in (spool.run_events, spool.run_measurements):
            group.create_task(writer())
        plant = Plant(layout, spool, Batcher(3_600_000, 10_000_000), clock, lambda _: None)
        hand = Hand(plant, layout.blocks, clock, spool)
        plant.begin({}, saved or [], {"field": hand.confirm} if confirms else {})
        try:
            yield hand
        finally:
            spool.stop()
