"""A gateway's figures of its own box: kept by run, listed by version, and never an event's undoing."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from central.db.errors import NotFoundError
from central.db.scope import Scope, acting, scoped
from central.devices import figures
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from central.devices.figures_models import FiguresRow

BOX = m.Machine("Raspberry Pi 3 Model B Plus Rev 1.3", 4, 905, "3.11.2", 0.25)
FOUND = [
    m.Figure("edge-poll", "cpu_share_500", 0.21, "core"),
    m.Figure("edge-spool", "append_rows_per_s", 91_000.0, "1/s", 60_500.0),
]
MEASURED_MS = 1_790_000_000_000


def measured(sim: Sim, seq: int, run: str, **other: Any) -> m.FiguresEvent:
    at = sim.now_ms - 1000 + seq
    event = m.FiguresEvent(seq, at, sim.mono_at(at), sim.clock, run, "fengsui 0.1.0", MEASURED_MS, BOX, FOUND)
    return msgspec.structs.replace(event, **other)


async def listed(c: Centre, gateway: str) -> list[FiguresRow]:
    async with acting(c.database.worker) as conn:
        return await figures.listing(conn, gateway)


def test_figures_are_kept_with_machine_and_version(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [measured(sim, 1, "9f2c")]))
            (row,) = await listed(c, "gw-a")
            assert (row.run, row.software) == ("9f2c", "fengsui 0.1.0")
            assert round(row.measured_at.timestamp() * 1000) == MEASURED_MS
            assert msgspec.to_builtins(row.machine) == msgspec.to_builtins(BOX)
            assert [(f.bench, f.metric, f.value, f.unit, f.baseline) for f in row.figures] == [
                ("edge-poll", "cpu_share_500", 0.21, "core", None),
                ("edge-spool", "append_rows_per_s", 91_000.0, "1/s", 60_500.0),
            ]

    asyncio.run(body())


def test_each_version_shows_its_newest_run_and_a_run_counts_once(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [measured(sim, 1, "a"), measured(sim, 2, "a")]))
            await c.one(sim, sim.events(3, [measured(sim, 3, "b")]))
            await c.one(sim, sim.events(4, [measured(sim, 4, "c", software="fengsui 0.2.0")]))
            assert [(row.run, row.software) for row in await listed(c, "gw-a")] == [
                ("c", "fengsui 0.2.0"),
                ("b", "fengsui 0.1.0"),
            ]
            assert await c.database.worker.fetchval("SELECT count(*) FROM gateway_figures") == 3

    asyncio.run(body())


def test_figures_that_no_column_can_hold_cost_neither_their_event_nor_the_others(
    database: DatabaseUrls,
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        odd = m.Machine("x\x00" * 1000, 1 << 60, -5, "3", math.nan)
        wrong = [m.Figure("edge-poll", "p", math.inf, "s"), m.Figure("edge-poll", "q", 1.0, "s", math.nan)]
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            event = measured(sim, 1, "a", machine=odd, figures=wrong, measured_ms=1 << 62)
            receipt = await c.one(sim, sim.events(1, [event, sim.operator(2)]))
            assert receipt.status == m.STORED
            (row,) = await listed(c, "gw-a")
            assert [(f.metric, f.baseline) for f in row.figures] == [("q", None)]
            assert (row.machine.cores, row.machine.ram_mb, row.machine.load) == (2**31 - 1, 0, 0.0)
            assert await c.database.worker.fetchval("SELECT count(*) FROM event") == 2

    asyncio.run(body())


def test_a_gateway_outside_the_scope_shows_no_figures(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [measured(sim, 1, "a")]))
            async with scoped(c.database.web, Scope.nothing()) as conn:
                with pytest.raises(NotFoundError):
                    await figures.listing(conn, "gw-a")

    asyncio.run(body())
