"""The hub of one process: reads what was committed, takes measurements from memory, feeds every open stream.

A stream that cannot keep up is told to start over ("reset") and ended; nobody else waits for it. Measurements
are joined to at most one message a second and stream, the latest value of each point. Of one warning only the
latest event waits: a storm of ten thousand cases is no reason to start over.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from central import clock
from central.db.pool import DATABASE_AWAY
from central.db.scope import Scope, enter
from central.live import store
from central.live.models import HEARTBEAT, MEASUREMENT, RESET, WARNING, LiveMessage
from central.live.rules import Position

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from central.db.pool import Database
    from central.live.models import LiveRow

_log = logging.getLogger(__name__)

_MOST_EVENTS = 5_000
_PLACE_EVERY = (
    50  # an event in so many says where a console stands: to write that down costs more than the event
)
_MOST_POINTS = 50_000
_COALESCE_S = 1.0
_HEARTBEAT_S = 15.0
_LOOK_AGAIN_S = 5.0  # also without a notice: a lost NOTIFY delays an event, never hides it
_KEEP = timedelta(hours=1)
_TRIM_EVERY_S = 60.0


class Stream:
    """One console's open connection: what it may see, and what waits to be sent to it."""

    def __init__(self, scope: Scope, still_welcome: Callable[[], Awaitable[bool]]) -> None:
        self.scope = scope
        self._still_welcome = still_welcome
        self._events: dict[object, tuple[LiveRow, str]] = {}  # in the order in which they are told
        self._points: dict[int, dict[str, Any]] = {}
        self._told: set[int] = set()
        self._floor = 0
        self._wake = asyncio.Event()
        self._first: list[LiveMessage] = []
        self.position = ""
        self.too_slow = False
        self.closed = False

    def offer(self, row: LiveRow, position: str) -> None:
        if self.scope.holds(row.place, row.sector):
            case = row.payload.get("id") if row.kind == WARNING else None
            key = row.id if case is None else (WARNING, case)
            self._events.pop(key, None)
            if len(self._events) >= _MOST_EVENTS:
                self.too_slow = True
            else:
                self._events[key] = row, position
            self._wake.set()

    def offer_points(self, items: list[dict[str, Any]]) -> None:
        self._points.update((item["point_id"], item) for item in items)
        if len(self._points) > _MOST_POINTS:
            self.too_slow = True
        self._wake.set()

    def begin(self, messages: list[LiveMessage], told: set[int], floor: int = 0) -> None:
        """What is sent first: the replay. Neither it nor what is below the floor is told again."""
        self._first = messages
        self._told = told
        self._floor = floor

    def close(self) -> None:
        self.closed = True
        self._wake.set()

    async def messages(self) -> AsyncIterator[LiveMessage]:
        """Everything for this console, until it leaves, falls behind, or its session ends."""
        for message in self._first:
            yield message
        next_points = clock.monotonic_s()
        next_beat = clock.monotonic_s() + _HEARTBEAT_S
        while not self.closed:
            if self.too_slow:
                yield LiveMessage(RESET, {"reason": "slow"})
                return
            while self._events:
                row, position = self._events.pop(next(iter(self._events)))
                if row.id not in self._told and row.xid >= self._floor:
                    yield LiveMessage(row.kind, row.payload, position)
            now = clock.monotonic_s()
            if self._points and now >= next_points:
                items, self._points = list(self._points.values()), {}
                next_points = now + _COALESCE_S
                yield LiveMessage(MEASUREMENT, {"items": items})
            if now >= next_beat:
                if not await self._still_welcome():
                    yield LiveMessage(RESET, {"reason": "session"})
                    return
                next_beat = now + _HEARTBEAT_S
                yield LiveMessage(HEARTBEAT, {"at": clock.wall_now()}, self.position)
            until = min(next_beat, next_points) if self._points else next_beat
            await self._sleep(until - clock.monotonic_s())

    async def _sleep(self, seconds: float) -> None:
        if self._events or self.closed or self.too_slow:
            return
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()


class Hub:
    """Feeds the open streams of this process.

    Args:
        database: listens and reads as a worker; replays through the reader's own scope.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._streams: set[Stream] = set()
        self._position: Position | None = None
        self._ready = asyncio.Event()
        self._closing = False

    @property
    def streams(self) -> int:
        """How many consoles listen here."""
        return len(self._streams)

    def publish(self, kind: str, place: str, payload: dict[str, Any], sector: str = "") -> None:
        """Tells consoles of something that lives in memory only, best effort: measurements.

        Args:
            kind: "measurement".
            place: whose it is.
            payload: {"items": [{"point_id", …}, …]}; the latest of a point replaces what still waits.
            sector: of the enterprise that stands there.
        """
        assert kind == MEASUREMENT, "what has to arrive is a row: central.live.service.publish"
        for stream in self._streams:
            if stream.scope.holds(place, sector):
                stream.offer_points(payload["items"])

    @asynccontextmanager
    async def stream(
        self, scope: Scope, still_welcome: Callable[[], Awaitable[bool]], last_id: str = ""
    ) -> AsyncIterator[Stream]:
        """Opens a console's stream.

        Args:
            scope: what it may see.
            still_welcome: asked at each heartbeat; False ends the stream.
            last_id: the Last-Event-ID of a console that comes back; "" for a new one.
        """
        await self._ready.wait()
        stream = Stream(scope, still_welcome)
        stream.position = str(self._position)
        # Registered before the replay is read: what commits in between reaches us twice, the console once.
        self._streams.add(stream)
        try:
            await self._replay(stream, last_id)
            if self._closing:
                stream.close()
            yield stream
        finally:
            self._streams.discard(stream)

    async def _replay(self, stream: Stream, last_id: str) -> None:
        hello = LiveMessage(HEARTBEAT, {"at": clock.wall_now()}, stream.position)
        if not last_id:
            stream.begin([hello], set())
            return
        try:
            position = Position.parse(last_id)
        except ValueError:
            stream.begin([LiveMessage(RESET, {"reason": "unknown"}), hello], set())
            return
        async with self._database.worker.acquire() as conn:
            oldest = await store.oldest(conn)
        async with self._database.web.acquire() as conn, conn.transaction():
            await enter(conn, stream.scope)
            xmin, rows = await store.window(conn, position.floor)
        # Older than what is kept, or from another life of the database: only a look at everything is honest.
        if position.floor > xmin or (oldest is not None and position.floor < oldest):
            stream.begin([LiveMessage(RESET, {"reason": "too-old"}), hello], set())
            return
        floor = position.floor
        messages = [LiveMessage(row.kind, row.payload, str(position)) for row in rows if position.take([row])]
        stream.begin([*messages, hello], {row.id for row in rows}, floor)

    async def run(self) -> None:
        """Reads and delivers until cancelled; `close` ends the streams first."""
        next_trim = clock.monotonic_s() + _TRIM_EVERY_S
        async with self._database.listen("fengsui_live") as notices:
            while True:
                try:
                    await self._look()
                    if clock.monotonic_s() >= next_trim:
                        next_trim = clock.monotonic_s() + _TRIM_EVERY_S
                        await self._trim()
                except DATABASE_AWAY as exc:
                    _log.warning("live events wait for the database: %s", exc)
                    await asyncio.sleep(1.0)
                    continue
                try:
                    async with asyncio.timeout(_LOOK_AGAIN_S):
                        await notices.get()
                    # One look answers a burst of notices.
                    while not notices.empty():
                        notices.get_nowait()
                except TimeoutError:
                    continue

    async def _look(self) -> None:
        async with self._database.worker.acquire() as conn:
            if self._position is None:
                self._position = Position(await store.snapshot(conn))
                # Events at or above the first floor that are visible already are history to streams to come.
                _, rows = await store.window(conn, self._position.floor)
                self._position.take(rows)
                self._ready.set()
                return
            xmin, rows = await store.window(conn, self._position.floor)
        fresh = 0
        for index, row in enumerate(rows):
            if self._position.take([row]):
                fresh += 1
                place = self._streams and (fresh % _PLACE_EVERY == 0 or index == len(rows) - 1)
                text = str(self._position) if place else ""
                for stream in self._streams:
                    stream.offer(row, text)
        self._position.advance(xmin)
        text = str(self._position)
        for stream in self._streams:
            stream.position = text

    async def _trim(self) -> None:
        async with self._database.worker.acquire() as conn:
            await store.trim(conn, await clock.database_now(conn) - _KEEP)

    def close(self) -> None:
        """Ends every stream, so that the server can drain."""
        self._closing = True
        for stream in self._streams:
            stream.close()
