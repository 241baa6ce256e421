"""A whole gateway at which stations report: alarms are raised, silence is told, the past is not judged."""

from __future__ import annotations

import asyncio
import contextlib
import math
import sqlite3
from pathlib import Path
from typing import Any

from edge.installer.check import check
from edge.status import ask
from protocol import codec
from protocol import messages as m
from rig import sl651_station as water
from rig.hj212_station import Station, frame, report
from tests.edge.drivers.stations_at_hand import LoopClock, free_port
from tests.edge.plant_at_hand import running_gateway

TOML = """
[gateway]
id = "gw-test"
clock = "assume-synchronised"
[spool]
commit_ms = 100
[uplink]
enabled = false

[[buses]]
name = "env"
kind = "hj212"
listen = "127.0.0.1:{env}"
  [[buses.units]]
  key = "CEMS-1"
  mn = "010000A8900016F000169DC0"
  password = "123456"
  report_interval_s = 2
    [[buses.units.points]]
    key = "SO2"
    factor = "a21026"
    unit = "mg/m³"
    range = [0, 500]
    bad_after_s = 1
    limits.H = {{ limit = 50, deadband = 2 }}
    [[buses.units.points]]
    key = "NOX"
    factor = "a21002"
    bad_after_s = 1

[[buses]]
name = "water"
kind = "sl651"
listen = "127.0.0.1:{water}"
  [[buses.units]]
  key = "ST-1"
  station = "0012345678"
  password = "1234"
    [[buses.units.points]]
    key = "LT"
    element = "39"
    unit = "m"
    limits.HH = {{ limit = 28.5 }}
"""


def now() -> int:
    return LoopClock().utc_ms()


def rows(path: Path, decode: Any) -> list[Any]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return [decode(row) for row in db.execute("SELECT body, first, last FROM batch ORDER BY id")]


def alarms(folder: Path) -> list[tuple[str, int]]:
    batches = rows(folder / "state" / "events.db", lambda row: codec.decode_events(*row))
    events = [event for batch in batches for _, event, _ in batch]
    return [(e.alarm, e.transition) for e in events if isinstance(e, m.AlarmEvent)]


async def dial(port: int) -> Station:
    """Knock until the door is open, as stations do."""
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                return await Station.dial(port)
            await asyncio.sleep(0.05)


async def until_alarm(folder: Path, wanted: tuple[str, int]) -> None:
    async with asyncio.timeout(60):
        while wanted not in alarms(folder):
            await asyncio.sleep(0.05)


def test_reports_raise_and_clear_alarms_and_silence_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        env, ports = free_port(), free_port()
        path = tmp_path / "gateway.toml"
        path.write_text(TOML.format(env=env, water=ports))
        assert check(path).good
        async with running_gateway(path):
            station = await dial(env)
            await station.send(frame(report({"a21026": "80"}, now())))
            await station.answer()
            await until_alarm(tmp_path, ("SO2/H", m.RAISE))
            await station.send(frame(report({"a21026": "999"}, now() - 3_600_000, sent_ms=now())))
            await station.answer()
            for value in ("20", "20.5"):
                await asyncio.sleep(1)
                await station.send(frame(report({"a21026": value}, now())))
                await station.answer()
            await until_alarm(tmp_path, ("SO2/H", m.CLEAR))
            await until_alarm(tmp_path, ("NOX/Q", m.RAISE))  # it is in no report
            assert ("SO2/Q", m.RAISE) not in alarms(tmp_path)
            await station.close()

            river = await dial(ports)
            await river.send(water.up(0x32, water.text("392300028600", now())))
            await until_alarm(tmp_path, ("LT/HH", m.RAISE))
            await river.close()

            await until_alarm(tmp_path, ("SO2/Q", m.RAISE))
            state = await ask(tmp_path / "state")
            assert {source["source"] for source in state["sources"]} == {"CEMS-1", "ST-1"}
        batches = rows(tmp_path / "state" / "measurements.db", lambda row: codec.decode_measurements(*row))
        found = [row for batch in batches for block in batch.blocks for row in block.values if row]
        values = sorted(value for row in found for value in row if not math.isnan(value))
        assert values == [20.0, 20.5, 28.6, 80.0]

    asyncio.run(main())
