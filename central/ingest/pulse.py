"""Heartbeats: who is present, what each gateway says of itself, how far its streams reach.

Keeps law-never-lose 5, 9, 14. Only heartbeats are believed for "online"; a liveliness token merely says that
a connection stands. Written in one statement for all gateways every second.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from central import clock
from central.devices import absences, connections
from central.devices import outputs as device_outputs
from central.devices import service as devices
from central.devices.models import Heard
from central.devices.presence import PresenceBoard
from central.ingest import judging, outputs, store
from central.ingest.faults import is_gone
from central.ingest.models import Refused, StreamKey
from central.live import service as live
from central.telemetry.rules import to_ms
from central.warning import service as warning
from central.warning.models import PresenceFact
from edge.core import heartbeat
from protocol.messages import EVENT, MEASUREMENT, Heartbeat

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.devices.models import Gateway
    from central.ingest.directory import Directory

_log = logging.getLogger(__name__)
FLUSH_S: Final = 1.0
_WATCH_S: Final = 5.0
_INT: Final = (1 << 31) - 1
_BIGINT: Final = (1 << 62) - 1


def _bounded(number: int, most: int = _BIGINT) -> int:
    return max(0, min(number, most))


class Pulse:
    """Heartbeats of all gateways in this process.

    Args:
        database: a worker's connection writes.
        directory: whose they are; learns where boots' clocks stood.
    """

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory
        self._board = PresenceBoard()
        self._heard: dict[str, tuple[Heartbeat, float]] = {}
        self._road: dict[str, str] = {}
        self._heads: dict[StreamKey, int] = {}
        self._interleaved: dict[str, int] = {}
        self._untold: set[str] = set()
        self._outputs: dict[str, outputs.Said] = {}  # as kept last
        self._unkept: set[str] = set()
        # What each gateway said of its instruments, as it was kept last; and whose could not be.
        self._behind: dict[str, tuple[tuple[str, int, str], ...]] = {}
        self._unfollowed: set[str] = set()
        self._watched_s = -_WATCH_S
        self._begun = False

    def take(self, gateway: Gateway, beat: Heartbeat, arrived_s: float, road: str = "") -> None:
        """Take one believed heartbeat, which came by this road.

        Raises:
            Refused: its numbers cannot be.
        """
        epoch = beat.epoch
        if not 0 < beat.boot < 1 << 63 or not 0 < epoch.epoch < 1 << 63:
            raise Refused("heartbeat", f"boot {beat.boot} or epoch {epoch.epoch} cannot be")
        now_ms = int(arrived_s * 1000)
        result = self._board.heard(gateway.id, beat.boot, beat.counter, beat.period_ms, now_ms)
        # A claim is a claim, whichever boot makes it.
        for stream, head in ((EVENT, epoch.event), (MEASUREMENT, epoch.measurement)):
            key = (gateway.id, stream, epoch.epoch)
            if 0 < head < _BIGINT and head > self._heads.get(key, 0):
                self._heads[key] = head
        if result == heartbeat.INTERLEAVED:
            self._interleaved[gateway.id] = beat.boot
        elif result == heartbeat.COUNTED:
            self._heard[gateway.id] = (beat, arrived_s)
            self._road[gateway.id] = road

    async def flush(self) -> None:
        """Write what was heard and judge who is present; what could not be written is kept."""
        heard, self._heard = self._heard, {}
        heads, self._heads = self._heads, {}
        interleaved, self._interleaved = self._interleaved, {}
        try:
            async with self._database.worker.acquire() as conn:
                now = await clock.database_now(conn)
                await self._watch(conn, now)
                if not self._begun:
                    await self._begin(conn)
                async with conn.transaction():
                    await self._write(conn, heard, heads, now)
                for gateway_id, boot in interleaved.items():
                    await self._two_boots(conn, gateway_id, boot, now)
                await self._judge(conn, now)
                await self._connect(conn, heard, now)
                for gateway_id, (beat, _) in heard.items():
                    await self._follow(conn, gateway_id, outputs.said(beat), now)
        except BaseException:
            self._heard = heard | self._heard
            self._heads = heads | {k: max(v, heads.get(k, 0)) for k, v in self._heads.items()}
            self._interleaved = interleaved | self._interleaved
            raise

    async def _begin(self, conn: Connection) -> None:
        rows = await devices.presences(conn)
        known = [(r["gateway_id"], r["presence"], r["period_ms"]) for r in rows]
        self._board.begin(known, clock.monotonic_ms())
        last = ""
        while part := await connections.gateways_after(conn, last):
            last = part[-1]
            self._unfollowed.update(part)
        self._begun = True

    async def _watch(self, conn: Connection, now: datetime) -> None:
        """Say that a centre is there: where nobody says so, nobody watched."""
        if clock.monotonic_s() - self._watched_s < _WATCH_S:
            return
        if await connections.watch(conn, now):
            _log.warning("no centre was there for a while: no device is offline for that")
        self._watched_s = clock.monotonic_s()

    async def _connect(
        self, conn: Connection, heard: dict[str, tuple[Heartbeat, float]], now: datetime
    ) -> None:
        """Follow instruments that began or ceased to be heard; most heartbeats say nothing new."""
        fresh = {}
        for gateway_id, (beat, _) in heard.items():
            behind = tuple((said.source, said.state, said.name) for said in beat.sources)
            if self._behind.get(gateway_id) != behind:
                fresh[gateway_id] = behind
        wanted = sorted(self._unfollowed | fresh.keys())
        for begin in range(0, len(wanted), connections.AT_ONCE):
            part = wanted[begin : begin + connections.AT_ONCE]
            try:
                async with conn.transaction():
                    await connections.follow(conn, part, now)
            except Exception:
                if is_gone(conn):
                    raise
                # Supervised: it follows from what is written already, and is told again with the next flush.
                if not self._unfollowed:
                    _log.exception("the connection of %d gateways could not be kept", len(part))
                self._unfollowed.update(part)
            else:
                self._unfollowed.difference_update(part)
                self._behind |= {gateway: fresh[gateway] for gateway in part if gateway in fresh}

    async def _write(
        self,
        conn: Connection,
        heard: dict[str, tuple[Heartbeat, float]],
        heads: dict[StreamKey, int],
        now: datetime,
    ) -> None:
        rows = []
        anchors = []
        for gateway_id, (beat, arrived_s) in heard.items():
            at = now - timedelta(seconds=max(0.0, clock.monotonic_s() - arrived_s))
            rows.append(_heard(gateway_id, beat, at, self._road.get(gateway_id, "")))
            mono_ms = _bounded(beat.mono_ms)
            anchors.append((gateway_id, beat.boot, mono_ms, at))
            self._directory.remember_anchor(gateway_id, beat.boot, mono_ms, to_ms(at))
        if rows:
            for gateway_id in await devices.keep_heartbeats(conn, rows):
                self._board.untell(gateway_id)  # another process, which heard nothing, may have said so
            await devices.keep_anchors(conn, anchors)
            loads = [
                load for gateway_id, (beat, _) in heard.items() for load in outputs.loads(gateway_id, beat)
            ]
            await device_outputs.keep_loads(conn, loads, now)
        if heads:
            await store.claim_heads(conn, heads, now)

    async def _two_boots(self, conn: Connection, gateway_id: str, boot: int, now: datetime) -> None:
        gateway = self._directory.known(gateway_id)
        if gateway is None:
            return
        async with conn.transaction():
            if await devices.set_interleaved(conn, gateway_id, now):
                _log.error("gateway %s: two boots speak in turn, %x is one of them", gateway_id, boot)
                await judging.interleaved(conn, gateway, boot, now)

    async def _follow(self, conn: Connection, gateway_id: str, said: outputs.Said, now: datetime) -> None:
        """Judge outputs that stopped or began to follow; most heartbeats say nothing new."""
        gateway = self._directory.known(gateway_id)
        if gateway is None or self._outputs.get(gateway_id) == said:
            return
        try:
            async with conn.transaction():
                await outputs.follow(conn, gateway, said, now)
        except Exception:
            if is_gone(conn):
                raise
            # Supervised: nothing of it was written; the next heartbeat says it again.
            if gateway_id not in self._unkept:
                self._unkept.add(gateway_id)
                _log.exception("gateway %s: its outputs could not be judged", gateway_id)
        else:
            self._outputs[gateway_id] = said
            self._unkept.discard(gateway_id)

    async def _judge(self, conn: Connection, now: datetime) -> None:
        changes = self._board.changes(clock.monotonic_ms())
        for number, (gateway_id, presence) in enumerate(changes):
            gateway = self._directory.known(gateway_id)
            if gateway is None:
                self._board.untell(gateway_id)
                continue
            try:
                async with conn.transaction():
                    await self._tell(conn, gateway, presence, now)
                self._untold.discard(gateway_id)
            except BaseException as exc:
                self._board.untell(gateway_id)
                if not isinstance(exc, Exception) or is_gone(conn):
                    for rest, _ in changes[number + 1 :]:
                        self._board.untell(rest)
                    raise
                # Supervised: nothing of it was written, it is told again, and the others are told now.
                if gateway_id not in self._untold:
                    self._untold.add(gateway_id)
                    _log.exception("gateway %s: its presence could not be judged", gateway_id)

    async def _tell(self, conn: Connection, gateway: Gateway, presence: str, now: datetime) -> None:
        changed = await devices.set_presence(conn, gateway.id, presence, now)
        if changed is None:
            self._board.overruled(gateway.id, clock.monotonic_ms())
        if not changed:
            return
        await absences.note(conn, gateway.id, presence, now)
        await self._follow_presence(conn, gateway.id, now)
        await live.publish(
            conn,
            "presence",
            gateway.place,
            {"gateway_id": gateway.id, "enterprise_id": gateway.enterprise_id, "presence": presence},
        )
        fact = PresenceFact(
            gateway_id=gateway.id,
            gateway_name=gateway.name,
            place=gateway.place,
            enterprise_id=gateway.enterprise_id,
            hazard_class=gateway.hazard_class,
            state=presence,
            at=now,
            received_at=now,
        )
        await warning.judge_presence(conn, fact)

    async def _follow_presence(self, conn: Connection, gateway_id: str, now: datetime) -> None:
        """Devices go with their gateway, in the same transaction; a fault there keeps no warning back."""
        try:
            async with conn.transaction():
                await connections.follow(conn, [gateway_id], now)
        except Exception:
            if is_gone(conn):
                raise
            # Supervised: told again with the next flush.
            _log.exception("gateway %s: its devices could not be kept", gateway_id)
            self._unfollowed.add(gateway_id)


def _heard(gateway_id: str, beat: Heartbeat, at: datetime, road: str) -> Heard:
    return Heard(
        gateway_id=gateway_id,
        heard_at=at,
        boot=beat.boot,
        counter=_bounded(beat.counter),
        mono_ms=_bounded(beat.mono_ms),
        clock=_bounded(beat.clock, 32767),
        period_ms=_bounded(beat.period_ms, _INT),
        waiting_events=_bounded(beat.waiting_events),
        waiting_measurements=_bounded(beat.waiting_measurements),
        active_alarms=_bounded(beat.active_alarms, _INT),
        sources=devices.heard_sources((s.source, s.state, s.good_age_ms, s.name) for s in beat.sources),
        outputs=devices.heard_outputs((o.output, o.on, o.ok) for o in beat.outputs),
        software=beat.software,
        annunciators=devices.heard_annunciators(beat.annunciators),
        road=road,
        buses=devices.heard_buses(beat.buses),
    )
