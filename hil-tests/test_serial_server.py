"""RTU and ASCII through a real socket of a serial server whose connection breaks with replies in flight."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from msgspec import structs

from edge.drivers.modbus.driver import Bus
from rig.faults import Faults, Instruments
from rig.scenario import LoopClock, Outcome, line_config, soaking
from rig.serial_server import SerialServer

T_MS = 20
RUN_S = soaking(5, 3600)

pytestmark = pytest.mark.timeout(RUN_S + 60)


@pytest.mark.parametrize("kind", ["rtu-over-tcp", "ascii"])
@pytest.mark.parametrize("to_connection", [False, True], ids=["to the bus", "to the connection"])
def test_breaking_connections_yield_no_wrong_and_no_old_value(kind: str, to_connection: bool) -> None:
    outcome = Outcome()
    config = line_config(units=2, blocks=2, period_ms=T_MS, timeout_ms=T_MS)
    faults = Faults(late=0.06)  # a busy machine adds its own lateness
    line = Instruments([1, 2], faults, T_MS, 1, reply_ms=0.5, in_ascii=kind == "ascii")
    server = SerialServer(line, to_connection=to_connection)

    async def main() -> None:
        async with server.serve() as port:
            bus = Bus(
                structs.replace(config, kind=kind, host="127.0.0.1", port=port),
                lambda reading: outcome.take(reading, T_MS),
                LoopClock(),
            )
            task = asyncio.create_task(bus.run())
            for _ in range(int(RUN_S / 1.0)):
                await asyncio.sleep(1.0)
                server.drop()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert server.connections >= 3
    assert outcome.good > 50
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0, f"oldest {outcome.oldest_ms} ms"
