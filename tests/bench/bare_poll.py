"""The baseline of edge-poll: a bare pymodbus asyncio loop that reads the same blocks and throws them away.

python tests/bench/bare_poll.py PORT UNITS COUNT SECONDS     prints CPU seconds and number of values
"""

from __future__ import annotations

import asyncio
import sys
import time

from pymodbus.client import AsyncModbusTcpClient


async def poll(port: int, units: int, count: int, seconds: float) -> None:
    client = AsyncModbusTcpClient("127.0.0.1", port=port)
    await client.connect()
    loop = asyncio.get_running_loop()
    # Start-up is not counted, as it is not for the gateway.
    cpu, start, values = time.process_time(), loop.time(), 0
    due = start
    while due < start + seconds:
        for unit in range(1, units + 1):
            reply = await client.read_holding_registers(0, count=count, device_id=unit)
            values += len(reply.registers)
        due += 1.0
        await asyncio.sleep(max(0.0, due - loop.time()))
    print(time.process_time() - cpu, values)
    client.close()


if __name__ == "__main__":
    port, units, count, seconds = sys.argv[1:5]
    asyncio.run(poll(int(port), int(units), int(count), float(seconds)))
