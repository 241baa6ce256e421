"""Is this process alive, and may it be sent work: each part says for itself what is wrong.

Keeps law-never-lose 8: a process whose clock is more than a second off the database's is not ready.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from litestar import Response, get
from litestar.di import NamedDependency

from central import clock
from central.db.migrate import applied, pending, read_migrations
from central.db.pool import DATABASE_AWAY

if TYPE_CHECKING:
    from central.db.pool import Database

MOST_SKEW_S = 1.0
_PATIENCE_S = 3.0

Check = Callable[[], Awaitable[str | None]]


class Readiness:
    """The parts of this process that have to work; each check answers None or what is wrong."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._draining = False

    def add(self, part: str, check: Check) -> None:
        """Names a part and how to ask it; asked at every probe, at most three seconds."""
        self._checks[part] = check

    def drain(self) -> None:
        """From now on: not ready, this process is leaving."""
        self._draining = True

    async def failing(self) -> dict[str, str]:
        """Part → what is wrong; empty when ready."""
        if self._draining:
            return {"process": "leaving"}
        answers = await asyncio.gather(*(_ask(check) for check in self._checks.values()))
        return {part: answer for part, answer in zip(self._checks, answers, strict=True) if answer}


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await check()
    except TimeoutError:
        return "no answer in time"
    except DATABASE_AWAY as exc:
        return f"{type(exc).__name__}: {exc}"


def database_check(database: Database) -> Check:
    """The database answers, and has exactly our migrations."""

    async def check() -> str | None:
        await database.web.fetchval("SELECT 1")
        async with database.worker.acquire() as conn:
            missing = pending(read_migrations(), await applied(conn))
        return f"migration {missing[0].number:04} is missing" if missing else None

    return check


def clock_check(database: Database) -> Check:
    """Our clock and the database's agree to a second; half the round trip is forgiven."""

    async def check() -> str | None:
        async with database.worker.acquire() as conn:
            began = clock.monotonic_s()
            theirs = await clock.database_now(conn)
            trip_s = clock.monotonic_s() - began
        skew_s = abs((clock.wall_now() - theirs).total_seconds()) - trip_s
        return f"this machine's clock is {skew_s:.1f} s off the database's" if skew_s > MOST_SKEW_S else None

    return check


@get("/health/live", operation_id="healthLive", tags=["health"], opt={"public": True})
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "live"}


@get("/health/ready", operation_id="healthReady", tags=["health"], opt={"public": True})
async def ready(readiness: NamedDependency[Any]) -> Response[dict[str, Any]]:
    """200 when every part works; 503 names the parts that do not."""
    failing = await readiness.failing()
    return Response(
        {"status": "not ready" if failing else "ready", "failing": failing},
        status_code=503 if failing else 200,
    )
