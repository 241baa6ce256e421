"""Devices are online, abnormal or offline by what their gateway said, and every such time is kept once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from central import clock
from central.devices import connections
from central.ingest.pulse import Pulse
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

STATES = "SELECT array_agg(key || ':' || state ORDER BY key) FROM device WHERE current"
PERIODS = """
SELECT array_agg(concat_ws(':', d.key, p.state, p.cause, coalesce(left(p.ended_at::text, 0) || 'over', 'open')

                 ) ORDER BY d.key, p.began_at, p.id)
FROM device_period AS p JOIN device AS d ON d.id = p.device_id
"""


async def beat(c: Centre, pulse: Pulse, sim: Sim, *sources: m.SourceState) -> None:
    known = await c.directory.gateway(sim.id, clock.monotonic_s())
    assert known is not None
    pulse.take(known[0], sim.heartbeat(sources=list(sources)), clock.monotonic_s())
    await pulse.flush()


async def asked(c: Centre, statement: str) -> Any:
    return await c.database.worker.fetchval(statement)


def source(name: str, state: int, age_ms: int = 40) -> m.SourceState:
    return m.SourceState(name, state, age_ms, "储罐" if name == "tank" else "")


def test_instruments_are_as_their_gateway_says_and_go_with_it(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            pulse = Pulse(c.database, c.directory)
            # A registered gateway is a device that was never connected, and no time of it is counted.
            await pulse.flush()
            assert await asked(c, STATES) == [":offline"]
            assert await asked(c, PERIODS) is None
            assert await asked(c, "SELECT state FROM enterprise_connection") == "none"

            await beat(c, pulse, sim, source("tank", 1), source("analyser", 2), source("flow", 1))
            assert await asked(c, STATES) == [":online", "analyser:abnormal", "flow:online", "tank:online"]
            assert await asked(c, "SELECT name FROM device WHERE key = 'tank'") == "储罐"
            assert await asked(c, "SELECT state FROM enterprise_connection") == "abnormal"
            assert await asked(c, PERIODS) == ["analyser:abnormal:bad:open"]

            # One falls silent, half a minute ago by its gateway's clock; another one is named no more.
            await beat(c, pulse, sim, source("tank", 3, 30_000), source("analyser", 1))
            assert await asked(c, STATES) == [":online", "analyser:online", "tank:offline"]
            assert await asked(c, PERIODS) == ["analyser:abnormal:bad:over", "tank:offline:silent:open"]
            assert await asked(c, "SELECT state FROM enterprise_connection") == "partly"

            # Told again by a centre that began anew, nothing is written twice.
            await beat(
                c, Pulse(c.database, c.directory), sim, source("tank", 3, 31_000), source("analyser", 1)
            )
            assert await asked(c, "SELECT count(*) FROM device_period") == 2

            # The gateway falls silent: what is behind it goes with it, and what was offline already stays so.
            await c.database.worker.execute(
                "UPDATE gateway_state SET presence = 'offline', heard_at = heard_at - interval '1 minute'"
            )
            async with c.database.worker.acquire() as conn, conn.transaction():
                now = await clock.database_now(conn)
                assert await connections.follow(conn, [sim.id], now) == 2
                assert await connections.follow(conn, [sim.id], now) == 0
            assert await asked(c, PERIODS) == [
                ":offline:heartbeat:open",
                "analyser:abnormal:bad:over",
                "analyser:offline:gateway:open",
                "tank:offline:silent:open",
            ]
            assert await asked(c, "SELECT state FROM enterprise_connection") == "offline"

            # Heard again: all of its times end, but that of the instrument that still does not answer.
            await c.database.worker.execute("UPDATE gateway_state SET presence = 'online'")
            await beat(c, pulse, sim, source("tank", 3, 99_000), source("analyser", 1), source("x", 1))
            assert await asked(c, "SELECT count(*) FROM device_period WHERE ended_at IS NULL") == 1
            assert await asked(c, STATES) == [":online", "analyser:online", "tank:offline", "x:online"]

            # Shut out, it is a device no more.
            await c.database.worker.execute("UPDATE gateway SET revoked_at = now()")
            async with c.database.worker.acquire() as conn, conn.transaction():
                await connections.follow(conn, [sim.id], now + timedelta(minutes=1))
            assert await asked(c, STATES) is None
            assert await asked(c, "SELECT count(*) FROM device_period WHERE ended_at IS NULL") == 0

    asyncio.run(body())


def test_while_no_centre_was_there_no_device_was_offline(database: DatabaseUrls) -> None:
    async def body() -> None:
        stays, dies = Sim("gw-stays"), Sim("gw-dies")
        async with centre(database, stays, dies) as c:
            pulse = Pulse(c.database, c.directory)
            await beat(c, pulse, dies, source("tank", 1))
            await beat(c, pulse, stays, source("tank", 1))
            # Two hours ago both were heard, one of them was offline, and then nobody watched.
            await c.database.worker.execute(
                "UPDATE gateway_state SET heard_at = heard_at - interval '2 hours'; "
                "UPDATE device SET since = since - interval '3 hours'; "
                "UPDATE centre_watch SET seen_at = seen_at - interval '2 hours'; "
                "UPDATE gateway_state SET presence = 'offline', heard_at = heard_at - interval '1 hour' "
                "WHERE gateway_id = 'gw-stays'"
            )
            async with c.database.worker.acquire() as conn, conn.transaction():
                now = await clock.database_now(conn)
                await connections.follow(conn, ["gw-stays"], now)
                assert await connections.watch(conn, now)
                assert not await connections.watch(conn, now + timedelta(seconds=5))
                back = await conn.fetchval("SELECT max(ended_at) FROM centre_absence")
                # One is silent now: since the centre is there to see it.
                await conn.execute(
                    "UPDATE gateway_state SET presence = 'offline' WHERE gateway_id = 'gw-dies'"
                )
                await connections.follow(conn, ["gw-dies"], now)
                began = await conn.fetchval(
                    "SELECT array_agg(DISTINCT began_at) FROM device_period WHERE gateway_id = 'gw-dies'"
                )
                assert began == [back]
                # The other one is heard at once: it came back while nobody watched.
                await conn.execute(
                    "UPDATE gateway_state SET presence = 'online', heard_at = $1 "
                    "WHERE gateway_id = 'gw-stays'",
                    now,
                )
                await connections.follow(conn, ["gw-stays"], now + timedelta(seconds=10))
                lasted = await conn.fetchval(
                    "SELECT extract(epoch FROM ended_at - began_at) FROM device_period "
                    "WHERE gateway_id = 'gw-stays' AND cause = 'heartbeat'"
                )
                assert 3590 < lasted < 3610
                assert (
                    await conn.fetchval(
                        "SELECT seen_seconds($1, $2)", back - timedelta(hours=1), back + timedelta(minutes=1)
                    )
                    == 60
                )

    asyncio.run(body())


def test_a_day_comes_out_the_same_however_often_it_is_reckoned(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            pulse = Pulse(c.database, c.directory)
            await beat(c, pulse, sim, source("tank", 1), source("analyser", 1))
            async with c.database.worker.acquire() as conn, conn.transaction():
                await conn.execute(
                    "UPDATE device SET first_at = '2026-05-01+08'; "
                    "INSERT INTO device_period "
                    "(device_id, gateway_id, enterprise_id, state, cause, began_at, ended_at) "
                    "SELECT id, gateway_id, enterprise_id, 'offline', 'silent', '2026-05-01 22:00+08', "
                    "'2026-05-02 06:00+08' FROM device WHERE key = 'tank'; "
                    "INSERT INTO centre_absence VALUES ('2026-05-02 03:00+08', '2026-05-02 05:00+08')"
                )
                number = await conn.fetchval("SELECT enterprise_id FROM device LIMIT 1")
                now = await conn.fetchval("SELECT timestamptz '2026-05-03 12:00+08'")
                day = (now - timedelta(days=1)).date()
                for _ in range(2):
                    await conn.execute(connections.Q.reckon_day, [number], day, now)
                [row] = await conn.fetch("SELECT * FROM connection_day")
                assert (row["devices"], row["periods"]) == (2, 1)
                assert row["watched_s"] == 2 * 22 * 3600
                assert row["offline_s"] == 4 * 3600
                assert await connections.reckon_part(conn, 0, now) == number
                assert await connections.reckon_part(conn, number, now) is None

    asyncio.run(body())
