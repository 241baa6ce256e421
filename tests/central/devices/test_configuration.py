"""What the centre makes of what gateways tell of their configurations: late, lost and repeated words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from central import clock
from central.db.scope import acting
from central.devices import configuration
from central.devices.configuration_models import NewConfiguration, Opinion
from protocol.messages import ON_TRIAL, ConfigurationEvent
from tests.central import county
from tests.central.ingest.plant import Sim, register
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import Connection, DatabaseUrls

TEXT = '[gateway]\nid = "gw-a"\n'


class Told:
    """One gateway's configurations, its events one after another."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._seq = 0

    async def made(self) -> int:
        now = await clock.database_now(self._conn)
        row = await configuration.make(self._conn, "gw-a", NewConfiguration(TEXT, "why"), "somebody", now)
        return row.version

    async def answered(self, version: int, result: str, detail: str = "") -> None:
        now = await clock.database_now(self._conn)
        await configuration.told(self._conn, "gw-a", version, Opinion(result, detail), now)

    async def says(self, stage: str, master: str, version: int, reason: str = "", seq: int = 0) -> None:
        self._seq += 1
        event = ConfigurationEvent(self._seq, 0, 0, 1, stage, master, version, "", "", reason)
        now = await clock.database_now(self._conn)
        await configuration.keep(self._conn, "gw-a", event, (1, seq or self._seq), now)

    async def state(self, version: int) -> str:
        return (await configuration.one(self._conn, "gw-a", version)).row.state

    async def audited(self) -> int:
        query = "SELECT count(*) FROM audit WHERE action = 'configuration-sent'"
        count: int = await self._conn.fetchval(query)
        return count

    async def forgotten(self) -> None:
        await self._conn.execute("DELETE FROM gateway_configuration")


def telling(urls: DatabaseUrls, story: Callable[[Told], Awaitable[None]]) -> None:
    async def run() -> None:
        async with serving(urls) as server:
            await county.found(server.database)
            await register(server.database, Sim("gw-a"), Sim("gw-b"))
            async with acting(server.database.worker) as conn:
                await story(Told(conn))

    asyncio.run(run())


def test_a_trial_whose_end_was_lost_is_settled_by_the_next_start(database: DatabaseUrls) -> None:
    async def story(told: Told) -> None:
        first, second = await told.made(), await told.made()
        for version in (first, second):
            await told.answered(version, "done")
        await told.says("in-force", "centre", first, ON_TRIAL)
        assert await told.state(first) == "trial"
        await told.says("in-force", "centre", first)
        assert (await told.state(first), await told.state(second)) == ("kept", "taken-back")
        third = await told.made()
        await told.answered(third, "done")
        await told.says("in-force", "file", 1)
        assert (await told.state(first), await told.state(third)) == ("kept", "taken-back")

    telling(database, story)


def test_what_comes_late_changes_nothing(database: DatabaseUrls) -> None:
    async def story(told: Told) -> None:
        version = await told.made()
        await told.answered(version, "done")
        await told.says("kept", "centre", version, seq=50)
        await told.says("taken-back", "centre", version, seq=40)
        await told.says("in-force", "file", 1, seq=30)
        assert await told.state(version) == "kept"

    telling(database, story)


def test_a_gateway_that_stays_silent_fills_no_audit(database: DatabaseUrls) -> None:
    async def story(told: Told) -> None:
        version = await told.made()
        for _ in range(5):
            await told.answered(version, "silent", "nobody answered")
        assert (await told.state(version), await told.audited()) == ("pending", 1)
        await told.answered(version, "done")
        assert (await told.state(version), await told.audited()) == ("trial", 2)

    telling(database, story)


def test_a_gateway_that_had_it_already_tells_how_it_ended(database: DatabaseUrls) -> None:
    async def story(told: Told) -> None:
        kept, back, running = [await told.made() for _ in range(3)]
        await told.answered(kept, "repeated", f"{kept}: kept")
        await told.answered(back, "repeated", f"{back}: taken back: GT-1")
        await told.answered(running, "repeated", "it is on trial")
        assert [await told.state(v) for v in (kept, back, running)] == ["kept", "taken-back", "trial"]

    telling(database, story)


def test_a_centre_that_lost_its_versions_counts_on_above_what_the_gateway_has_seen(
    database: DatabaseUrls,
) -> None:
    async def story(told: Told) -> None:
        await told.says("taken-back", "centre", 41)
        await told.says("in-force", "centre", 39)
        await told.forgotten()
        assert await told.made() == 42

    telling(database, story)
