"""A gateway in this process, its configuration, and waiting for a fact to come true."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from edge.config import load
from edge.gateway import Gateway
from protocol import messages as m
from tests.edge.uplink.small_centre import SmallCentre

GATEWAY_TOML = """
[gateway]
id = "gw-test"
name = "test"
state = "state"
credentials = "credentials.json"
clock = "assume-synchronised"

[spool]
commit_ms = 200

[uplink]
enabled = {uplink}
heartbeat_s = 0.3
receipt_timeout_s = 2
retry_max_s = 1

[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"
port = {port}
timeout_ms = 150

  [[buses.units]]
  key = "GT-101"
  unit = 1
  poll_interval_ms = 100
  readable = [{{ first = 0, last = 9 }}]
    [[buses.units.points]]
    key = "GT-101"
    address = 0
    scale = 0.1
    unit = "ppm"
    range = [0, 100]
    bad_after_s = 1
    limits.H = {{ limit = 10, deadband = 1 }}

[[annunciators]]
name = "main"
horn = {{ bus = "field", unit = 10, coil = 0 }}
beacon = {{ bus = "field", unit = 10, coil = 1 }}
button = {{ bus = "field", unit = 10, input = 0, poll_interval_ms = 100 }}
"""


def write_config(folder: Path, port: int, *, uplink: bool = False) -> Path:
    path = folder / "gateway.toml"
    path.write_text(GATEWAY_TOML.format(port=port, uplink="true" if uplink else "false"))
    return path


@contextlib.asynccontextmanager
async def running_gateway(path: Path) -> AsyncIterator[Gateway]:
    gateway = Gateway(load(path))
    ready = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(gateway.run(ready.set))
        async with asyncio.timeout(10):
            await ready.wait()
        try:
            yield gateway
        finally:
            gateway.stop()
            await task


async def until(fact: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.01)


def prepared(folder: Path, port: int, small: SmallCentre) -> Path:
    small.write_credentials(folder / "credentials.json")
    return write_config(folder, port, uplink=True)


def whole(small: SmallCentre, epoch: int, stream: int = m.MEASUREMENT) -> bool:
    numbers = small.numbers(stream, epoch)
    return numbers == list(range(1, len(numbers) + 1))
