"""The bench itself: with bare pymodbus it does see wrong registers on the same line, so a zero means much."""

from __future__ import annotations

import logging

from pymodbus.client import AsyncModbusSerialClient
from pymodbus.exceptions import ModbusException

from rig.faults import Faults, Instruments, judge
from rig.virtual import VirtualLoop, memory_wire, run_virtual


def test_bare_pymodbus_takes_late_replies_for_the_next_ones() -> None:
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    wrong = 0

    async def main(loop: VirtualLoop) -> None:
        nonlocal wrong
        line = Instruments([1, 2], Faults(late=0.1), 300, 1)
        with memory_wire(line.hear):
            client = AsyncModbusSerialClient("/dev/virtual", timeout=0.3, retries=0)
            client.set_max_no_responses(1 << 30)
            await client.connect()
            for i in range(1000):
                address = 100 * (i % 4)
                sent = loop.mono_ms()
                try:
                    reply = await client.read_holding_registers(address, count=10, device_id=1)
                except ModbusException:
                    continue
                data = b"".join(word.to_bytes(2, "big") for word in reply.registers)
                wrong += judge(1, 3, address, data, sent).wrong > 0
            client.close()

    run_virtual(main)
    assert wrong > 10
