"""The two pools of the centre: `web` for requests (jurisdiction forced), `worker` for ingest and workers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg
import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Connection: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

CONNECTION_LOST: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What asyncpg says when the server cuts a connection in the middle of an answer.
    asyncpg.InternalClientError,
)
"""The connection is of no more use; what it was doing is undone, or done and unknown."""
DATABASE_AWAY: Final = (*CONNECTION_LOST, asyncpg.PostgresError)
"""For what is simply done again later, whatever PostgreSQL said."""

_CONNECT_TIMEOUT_S = 15.0
LONGEST_STATEMENT_S = 30.0
_CLOSE_TIMEOUT_S = 5.0
_LISTEN_QUEUE = 1000
_RECONNECT_S = 1.0


class DatabaseUrls(Struct, frozen=True):
    """Where the database is, by role: `admin` migrates, `web` serves requests, `worker` ingests and works."""

    admin: str
    web: str
    worker: str


async def prepare_connection(conn: asyncpg.Connection[asyncpg.Record]) -> None:
    """JSON columns become Python values, both ways."""
    for name in ("json", "jsonb"):
        await conn.set_type_codec(
            name, encoder=_to_json, decoder=msgspec.json.decode, schema="pg_catalog", format="text"
        )


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


async def connect(url: str) -> asyncpg.Connection[asyncpg.Record]:
    """One connection of its own, with the same codecs as the pools."""
    conn = await asyncpg.connect(url, timeout=_CONNECT_TIMEOUT_S)
    await prepare_connection(conn)
    return conn


class Database:
    """Both pools over one database; made by `Database.open`."""

    def __init__(self, urls: DatabaseUrls, web: Pool, worker: Pool) -> None:
        self.urls = urls
        self.web = web
        self.worker = worker

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        urls: DatabaseUrls,
        *,
        web_size: int = 10,
        worker_size: int = 10,
        longest_s: float | None = LONGEST_STATEMENT_S,
    ) -> AsyncIterator[Database]:
        """Opens the pools and closes them after their borrowers came back, at most five seconds later.

        Args:
            urls: the addresses by role.
            web_size: most connections for requests.
            worker_size: most connections for ingest and workers.
            longest_s: after so long a worker's statement fails as a lost connection does: on a host that is
                dead without a word TCP alone would hold up every ladder for a quarter of an hour.
        """
        # No statement outlives its use: PostgreSQL keeps the plan of one without parameters whatever
        # plan_cache_mode says, and a plan made for one person's scope is ruinous for another's.
        web = asyncpg.create_pool(
            urls.web,
            min_size=0,
            max_size=web_size,
            init=prepare_connection,
            timeout=_CONNECT_TIMEOUT_S,
            statement_cache_size=0,
        )
        worker = asyncpg.create_pool(
            urls.worker,
            min_size=0,
            max_size=worker_size,
            init=prepare_connection,
            timeout=_CONNECT_TIMEOUT_S,
            command_timeout=longest_s,
        )
        try:
            await web
            await worker
            yield cls(urls, web, worker)
        finally:
            for pool in (web, worker):
                try:
                    async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                        await pool.close()
                except TimeoutError:
                    pool.terminate()

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[asyncio.Queue[str | None]]:
        """Payloads of NOTIFY on a channel, over a connection of its own that comes back by itself.

        Args:
            channel: an identifier of ours, never a user's text.

        Yields:
            A bounded queue of payloads. None means: notices may have been lost (queue full, connection gone
            for a while), so look at the tables.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(_LISTEN_QUEUE)
        conn = await self._hear(channel, queue)
        keeper = asyncio.create_task(self._keep_hearing(channel, queue, conn), name=f"listen {channel}")
        try:
            yield queue
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _hear(
        self, channel: str, queue: asyncio.Queue[str | None]
    ) -> asyncpg.Connection[asyncpg.Record]:
        def heard(_conn: object, _pid: int, _channel: str, payload: object) -> None:
            if queue.full():
                # Whoever is this far behind reads the tables anyway: one mark replaces a thousand notices.
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(str(payload))

        conn = await connect(self.urls.worker)
        await conn.add_listener(channel, heard)
        return conn

    async def _keep_hearing(
        self,
        channel: str,
        queue: asyncio.Queue[str | None],
        conn: asyncpg.Connection[asyncpg.Record],
    ) -> None:
        while True:
            gone = asyncio.Event()

            def lost(_conn: object, gone: asyncio.Event = gone) -> None:
                gone.set()

            conn.add_termination_listener(lost)
            try:
                if not conn.is_closed():
                    await gone.wait()
            finally:
                conn.remove_termination_listener(lost)
                if not conn.is_closed():
                    await conn.close(timeout=_CLOSE_TIMEOUT_S)
            while conn.is_closed():
                await asyncio.sleep(_RECONNECT_S)
                with suppress(*DATABASE_AWAY):
                    conn = await self._hear(channel, queue)
            if not queue.full():
                queue.put_nowait(None)
