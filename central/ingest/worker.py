"""Runs ingest: the roads to the gateways, the two lanes, heartbeats, live values, and what is due in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from central import clock
from central.ingest import gate, judging, mqtt_road, outputs, road
from central.ingest.commands import CommandSender
from central.ingest.committer import Committer
from central.ingest.directory import Directory
from central.ingest.faults import AWAY
from central.ingest.inbox import Arrival, Inbox
from central.ingest.lanes import Lanes
from central.ingest.metrics import BY_ROAD, OncePerReason
from central.ingest.models import Refused, TryAgain, Work
from central.ingest.pulse import FLUSH_S, Pulse
from central.ingest.rate import Limits, Rates
from central.ingest.roads import Roads
from central.ingest.router import TlsFiles
from central.ingest.show import PUBLISH_S, Consoles, Show
from central.telemetry.latest import LatestValues
from central.telemetry.rules import to_ms
from central.telemetry.service import History, summarise_days
from protocol.messages import BUSY, REFUSED, Batch, Birth, Heartbeat, Receipt

if TYPE_CHECKING:
    from central.db.pool import Database
    from central.devices.keys import CentreKey

_log = logging.getLogger(__name__)

FLUSH_LATEST_S: Final = 30.0
DAYS_EVERY_S: Final = 60.0
RETRY_EVERY_S: Final = 2.0
OVERDUE_EVERY_S: Final = 60.0
_REFRESH_S: Final = 20.0
TOGETHER: Final = 32  # frames looked at before the loop turns to something else, events first
_DAY_MS: Final = 86_400_000


class Ways(Struct, frozen=True):
    """How gateways reach this centre, and how much each of them may send.

    Attributes:
        router: Zenoh endpoint; empty for none.
        broker: endpoint of an MQTT 5 broker; empty for none.
        tls: our certificate as a client of both.
        limits: for each gateway.
    """

    router: str = ""
    broker: str = ""
    tls: TlsFiles | None = None
    limits: Limits = Limits()


class Ingest:
    """Everything between the roads and PostgreSQL, in one process.

    Args:
        database: the pools.
        hub: feeds the consoles.
        key: the centre's signing key.
        ways: the roads to the gateways.
        latest: newest values, shared with the routes.
        sender: sends commands while a road is open, shared with the routes.
    """

    def __init__(
        self,
        database: Database,
        hub: Consoles,
        key: CentreKey,
        ways: Ways,
        latest: LatestValues,
        sender: CommandSender,
    ) -> None:
        self._database = database
        self._key = key
        self._ways = ways
        self._roads = Roads()
        self._rates = Rates(ways.limits)
        self._latest = latest
        self._sender = sender
        self._directory = Directory(database)
        self._history = History(database)
        self._committer = Committer(database, self._directory, self._history, latest, key)
        self._lanes = Lanes()
        self._pulse = Pulse(database, self._directory)
        self._show = Show(database, self._directory, latest, hub)
        self._once = OncePerReason(_log)
        self._refilled = False

    async def run(self, ready: asyncio.Event | None = None) -> None:
        """Run until cancelled.

        Args:
            ready: set when gateways are heard.
        """
        inbox = Inbox()
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in (*self._lanes.events, self._lanes.measurements):
                    tasks.create_task(self._committer.run(lane), name=f"ingest {lane.name}")
                tasks.create_task(self._admit(inbox), name="ingest gate")
                tasks.create_task(self._hear_of_trust(), name="ingest trust")
                for name, every_s, work in (
                    ("pulse", FLUSH_S, self._pulse.flush),
                    ("publish", PUBLISH_S, self._show.publish),
                    ("latest", FLUSH_LATEST_S, self._flush_latest),
                    ("days", DAYS_EVERY_S, self._keep_days),
                    ("unjudged", RETRY_EVERY_S, self._retry_unjudged),
                    ("overdue tests", OVERDUE_EVERY_S, self._notice_overdue),
                    ("directory", _REFRESH_S, self._refresh),
                ):
                    tasks.create_task(_every(every_s, work, name), name=f"ingest {name}")
                self._sender.open(self._roads, self._directory)
                # Each waits for its own other end, neither for the other's.
                if self._ways.router:
                    tasks.create_task(self._hear_zenoh(inbox, ready), name="ingest zenoh")
                if self._ways.broker:
                    tasks.create_task(self._hear_mqtt(inbox, ready), name="ingest mqtt")
        finally:
            self._sender.close()
            await self._last_flush()

    # --- roads ---------------------------------------------------------------------------------------------

    async def _hear_zenoh(self, inbox: Inbox, ready: asyncio.Event | None) -> None:
        async with road.opened(self._ways.router, inbox, self._ways.tls) as way:
            await self._hear(way, ready)

    async def _hear_mqtt(self, inbox: Inbox, ready: asyncio.Event | None) -> None:
        async with mqtt_road.opened(self._ways.broker, self._ways.tls, inbox, self._busy) as way:
            await self._hear(way, ready)

    async def _hear(self, way: road.Road | mqtt_road.MqttRoad, ready: asyncio.Event | None) -> None:
        self._roads.open(way)
        if ready is not None:
            ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            self._roads.close(way)

    def _busy(self, gateway: str) -> bytes:
        return self._key.seal(Receipt(status=BUSY, gateway=gateway, reason="the queue is full"))

    # --- frames --------------------------------------------------------------------------------------------

    async def _admit(self, inbox: Inbox) -> None:
        while True:
            for arrival in await inbox.take(TOGETHER):
                try:
                    await self._one(arrival)
                except Exception as exc:  # noqa: BLE001 - supervised: no frame may stop the others
                    if not isinstance(exc, AWAY):
                        _log.exception("a frame under %s could not be taken", arrival.key)
                    self._tell(arrival, BUSY, "not taken")
            await asyncio.sleep(0)  # checking signatures must not hold up commits and answers

    async def _one(self, arrival: Arrival) -> None:
        try:
            gateway, _, message = await gate.admit(arrival, self._directory)
            self._roads.heard(gateway.id, arrival.road)
            kind = gate.kind_of(arrival, message)
            BY_ROAD.labels(arrival.road, kind).inc()
            if not self._rates.admits(gateway.id, kind, len(arrival.payload), arrival.arrived_s):
                self._once.refused(gateway.id, "rate", f"more {kind} than one gateway may send")
                self._tell(arrival, BUSY, "too much at once")
            elif isinstance(message, Heartbeat):
                self._pulse.take(gateway, message, arrival.arrived_s, arrival.road)
            elif arrival.reply is None:
                if isinstance(message, Batch):
                    await self._show.take(gateway, message, arrival.arrived_s)
            elif isinstance(message, (Birth, Batch)):
                work = Work(gateway, message, arrival.arrived_s, len(arrival.payload), arrival.reply)
                if not self._lanes.of(work).offer(work):
                    self._tell(arrival, BUSY, "the queue is full")
        except TryAgain:
            self._tell(arrival, BUSY, "not now")
        except Refused as exc:
            self._once.refused(_who(arrival.key), exc.reason, exc.detail)
            self._tell(arrival, REFUSED, f"{exc.reason}: {exc.detail}")

    def _tell(self, arrival: Arrival, status: int, reason: str) -> None:
        if arrival.reply is not None:
            arrival.reply(self._key.seal(Receipt(status=status, gateway=_who(arrival.key), reason=reason)))

    # --- in time -------------------------------------------------------------------------------------------

    async def _flush_latest(self) -> None:
        async with self._database.worker.acquire() as conn:
            if not self._refilled:
                await self._latest.refill(conn, await clock.database_now(conn))
                self._refilled = True
                return
            await self._latest.flush(conn)

    async def _last_flush(self) -> None:
        try:
            async with asyncio.timeout(2.0), self._database.worker.acquire() as conn:
                await self._latest.flush(conn)
        except AWAY as exc:
            _log.warning("newest values were not flushed: %s", exc)

    async def _keep_days(self) -> None:
        async with self._database.worker.acquire() as conn:
            today = to_ms(await clock.database_now(conn)) // _DAY_MS
        await self._history.prepare((today, today + 1), today)
        async with self._database.worker.acquire() as conn:
            await summarise_days(conn, (today - 1, today))
        self._show.forget_places()

    async def _retry_unjudged(self) -> None:
        async with self._database.worker.acquire() as conn, conn.transaction():
            now = await clock.database_now(conn)
            await judging.retry_due(conn, now, self._directory.known)

    async def _notice_overdue(self) -> None:
        async with self._database.worker.acquire() as conn, conn.transaction():
            await outputs.notice_overdue(conn, await clock.database_now(conn), self._directory.known)

    async def _refresh(self) -> None:
        await self._directory.refresh(clock.monotonic_s())

    async def _hear_of_trust(self) -> None:
        """Who was shut out, or whose box was replaced, is refused with the next frame; moves are shown."""
        async with self._database.listen("fengsui_trust") as notices:
            while True:
                await notices.get()
                self._show.forget_places()
                try:
                    await self._refresh()
                except AWAY as exc:
                    _log.warning("ingest trust waits for the database: %s", exc)


async def _every(seconds: float, work: Callable[[], Awaitable[None]], name: str) -> None:
    """Do something again and again; what fails is said and tried again."""
    failing = False
    while True:
        began = clock.monotonic_s()
        try:
            await work()
            if failing:
                _log.info("ingest %s goes on", name)
            failing = False
        except AWAY as exc:
            if not failing:
                _log.warning("ingest %s waits for the database: %s", name, exc)
            failing = True
        await asyncio.sleep(max(0.01, seconds - (clock.monotonic_s() - began)))


def _who(key: str) -> str:
    """The gateway that a key names, for a log line and a receipt; whoever it really is."""
    parts = key.split("/")
    return parts[2][:64] if len(parts) > 3 else key[:64]


async def run(
    database: Database,
    hub: Consoles,
    key: CentreKey,
    ways: Ways,
    latest: LatestValues,
    sender: CommandSender,
    ready: asyncio.Event | None = None,
) -> None:
    """Run ingest until cancelled; see `Ingest`."""
    await Ingest(database, hub, key, ways, latest, sender).run(ready)
