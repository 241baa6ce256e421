"""The workers as the centre runs them: real clock, real notices, a provider over HTTP, broken connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic

from central.db.pool import DatabaseUrls
from central.settings import Settings
from central.warning import worker
from central.warning.models import Step
from sms_provider import Provider
from tests.central.warning.county import County, county

LADDER = tuple(Step(delay_s=0.6 if index else 0, rank=rank) for index, rank in enumerate((0, 2, 3)))


@asynccontextmanager
async def running(urls: DatabaseUrls, provider: Provider) -> AsyncIterator[County]:
    """A county whose workers run."""
    async with county(urls) as c:
        await real_time(c)
        await c.policy(4, steps=LADDER, repeat_s=30, retry_s=1, handling_s=60)
        settings = Settings(sms_url=provider.url, sms_secret="token")
        work = asyncio.create_task(worker.run(c.db, settings))
        try:
            await asyncio.sleep(0.3)
            await real_time(c)
            yield c
            assert not work.done()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


async def real_time(c: County) -> None:
    async with c.db.worker.acquire() as conn:
        c.now = await conn.fetchval("SELECT clock_timestamp()")


async def within(seconds: float, true: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> float:
    """Wait for something; give how long it took."""
    began = monotonic()
    while monotonic() - began < seconds:
        found = true()
        if found if isinstance(found, bool) else await found:
            return monotonic() - began
        await asyncio.sleep(0.01)
    raise AssertionError(f"not within {seconds} s")


def test_a_raise_reaches_the_phone_and_the_screens_at_once_and_climbs(database: DatabaseUrls) -> None:
    async def scenario() -> None:
        async with Provider(secret="token") as provider, running(database, provider) as c:
            case = await c.open("HH")
            await within(3, lambda: len(provider.texts) == 1)
            told = await c.fetch("SELECT payload FROM live_event WHERE kind = 'warning' ORDER BY id")
            assert [row["payload"]["change"] for row in told][:2] == ["opened", "called"]
            await within(5, lambda: len(provider.texts) == 2)
            await real_time(c)
            await c.act("township", "acknowledge", case)
            await asyncio.sleep(1.5)
            assert [text.to for text in provider.texts.values()] == ["13900000004", "13900000003"]

    asyncio.run(scenario())


def test_a_dead_provider_brings_the_next_person_within_seconds(database: DatabaseUrls) -> None:
    async def scenario() -> None:
        async with Provider(secret="token", mode="fail") as provider, running(database, provider) as c:
            await c.policy(
                4, steps=tuple(Step(delay_s=600 if i else 0, rank=r) for i, r in enumerate((0, 2)))
            )
            await real_time(c)
            await c.open("HH")

            async def township_called() -> bool:
                return bool(await c.fetch("SELECT 1 FROM notification WHERE step = 1 AND channel = 'sms'"))

            await within(5, township_called)

    asyncio.run(scenario())


def test_workers_outlive_broken_connections(database: DatabaseUrls) -> None:
    async def scenario() -> None:
        async with Provider(secret="token") as provider, running(database, provider) as c:
            for _ in range(3):
                await c.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'fengsui_worker' AND datname = current_database()"
                )
                await asyncio.sleep(0.2)
            async with asyncio.timeout(10):
                while True:
                    try:
                        await real_time(c)
                        await c.open("HH")
                        break
                    except (OSError, Exception):  # noqa: BLE001 -- whatever the dead pool says, it comes back
                        await asyncio.sleep(0.1)
            await within(10, lambda: len(provider.texts) == 1)

    asyncio.run(scenario())
