"""`edge-drain`: a backlog on its way to a real centre while 500 points are polled and alarms come and go.

`live_lag_ms` is the age of the oldest reading of a live copy when it comes (99 of 100 within), beside the
same with no backlog; `backlog_over_live` is how much faster the backlog drains than its points make values.
The backlog has some minutes of 500 points; FENGSUI_BENCH_BACKLOG_H=24 gives it so many hours, and waits for
its end. The audit of sequence has to find everything: nothing missing, nothing twice.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import zenoh

from edge.clock import Clock
from edge.installer import bench_phases as phases
from edge.installer.bench_field import Field, gateway_toml
from edge.installer.bench_gateway import BenchGateway
from protocol import codec, keys
from protocol import messages as m
from rig.centre import Centre
from tests.bench.report import emit, percentile, seconds

PATIENCE_S = 120.0


class Listener:
    """Hears the live copies of one gateway at the router, and how old they are."""

    def __init__(self, endpoint: str, clock: Clock) -> None:
        config = {
            "mode": "client", "connect": {"endpoints": [endpoint]},
            "scouting": {"multicast": {"enabled": False}},
        }  # fmt: skip
        self._clock = clock
        self.lag_ms: list[float] = []
        self._session = zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
        self._live = self._session.declare_subscriber(keys.every(keys.LIVE), self._heard)

    def _heard(self, sample: zenoh.Sample) -> None:
        now = self._clock.utc_ms()
        batch = codec.decode(codec.open_frame(sample.payload.to_bytes()))
        if isinstance(batch, m.Batch) and batch.stream == m.MEASUREMENT:
            body = codec.decode_measurements(batch.body, batch.first, batch.last)
            oldest = min(time_ms for rows in body.blocks for time_ms in rows.time_ms)
            self.lag_ms.append(now - body.base_ms - oldest)

    def close(self) -> None:
        """Leave."""
        self._session.close()  # type: ignore[no-untyped-call]


async def waiting(gateway: BenchGateway) -> int:
    """How many measurement batches wait for their receipt; many where the gateway does not say."""
    status: dict[str, Any] = await gateway.status()
    return int(status["measurements"]["waiting"]) if status else 1 << 30


async def measure(folder: Path, centre: Centre, credentials: Path) -> None:
    """Drain one backlog and print how it went."""
    clock, field = Clock(True), Field(phases.POINTS, horn=True)
    hours = float(os.environ.get("FENGSUI_BENCH_BACKLOG_H", "0"))
    batches = round(hours * 3600) or round(seconds(2000))
    backlog = await phases.backlog(folder, clock, phases.POINTS, batches)
    listener = Listener(centre.router_address, clock)
    try:
        async with field.serve() as port:
            toml = gateway_toml(
                phases.POINTS, port, horn=True, credentials=str(credentials), router=centre.router_address
            )
            async with BenchGateway(folder, toml, clock) as gateway:

                async def moving() -> bool:
                    return bool(listener.lag_ms) and await waiting(gateway) < batches

                await gateway.until("the backlog is on its way", moving, PATIENCE_S)
                left, start = await waiting(gateway), clock.mono_us()
                horn = asyncio.create_task(phases.react(gateway, field, clock, round(seconds(10))))
                while (still := await waiting(gateway)) > 2:
                    if not hours and clock.mono_us() > start + PATIENCE_S * 1e6:
                        raise SystemExit(f"{still} of {batches} batches still wait after {PATIENCE_S} s")
                    await asyncio.sleep(0.05)
                took_s = (clock.mono_us() - start) / 1e6
                during = list(listener.lag_ms)
                await horn
                listener.lag_ms.clear()
                await asyncio.sleep(max(3.0, seconds(10)))
                calm = list(listener.lag_ms)
                field.silent = True
                await asyncio.sleep(1.0)
    finally:
        listener.close()
    # What was polled meanwhile went along with the backlog.
    values = left * backlog.values / backlog.batches + took_s * phases.POINTS
    emit("edge-drain", "live_lag_ms", percentile(during, 0.99), "ms", percentile(calm, 0.99))
    emit("edge-drain", "backlog_over_live", values / took_s / phases.POINTS, "times")
    gaps = centre.gaps()
    if gaps["missing"] or gaps["duplicate"]:
        raise SystemExit(f"not whole: {gaps}")


def main() -> None:
    """Measure beside a centre of its own."""
    with tempfile.TemporaryDirectory() as name, Centre(Path(name)) as centre:
        centre.furnish()
        (credentials,) = centre.enrol(["gw-bench"], Path(name) / "keys")
        folder = Path(name) / "gateway"
        folder.mkdir()
        asyncio.run(measure(folder, centre, credentials))


if __name__ == "__main__":
    main()
