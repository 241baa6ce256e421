"""After a restart, or a change of plan, replies to the former run's requests are never taken for new ones."""

from __future__ import annotations

import asyncio
import contextlib

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig
from edge.drivers.models import BlockReading
from rig.faults import Faults, Instruments, judge
from rig.scenario import line_config
from rig.virtual import VirtualLoop, memory_wire, run_virtual


def test_nothing_wrong_or_old_over_a_hundred_restarts_with_replies_in_flight() -> None:
    """The wire lives on while the gateway restarts with other lengths; every tenth reply takes up to H."""
    readings = 0
    bad: list[str] = []

    async def main(loop: VirtualLoop) -> None:
        line = Instruments([1, 2, 3, 4], Faults(late=0.08, later=0.08), 300, 1)

        def sink(reading: BlockReading) -> None:
            nonlocal readings
            if reading.data is None:
                return
            readings += 1
            block = reading.block
            sent = reading.mono_ms - reading.took_ms
            verdict = judge(block.unit, 3, block.address, reading.data, sent)
            if verdict.wrong or verdict.age_ms > 300:
                bad.append(f"{block}: {verdict}")

        with memory_wire(line.hear) as wires:
            for run in range(100):
                config: BusConfig = line_config(width=60 if run % 2 else 40, blocks=4 if run % 3 else 3)
                bus = Bus(config, sink, loop)
                task = loop.create_task(bus.run())
                await asyncio.sleep(7.77)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            assert len(wires) == 100

    run_virtual(main)
    assert readings > 3_000
    assert not bad
