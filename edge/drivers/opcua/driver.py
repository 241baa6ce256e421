"""Holds one session with an OPC UA server: reads what is due, takes what is reported, tells what is silent.

Reading is the foundation and the subscription an advantage: every point whose change was not reported within
its period is read by the Read service, so each reading is a real one, a quiet point is proved alive, and a
server that takes no subscription or too few monitored items loses nothing but speed. No value is ever given
twice with a new time.

    _stay_connected ── session ──┬─ renew        keys of the channel
                                 ├─ _read        what is due, with the server's state; silence -> new session
                                 └─ _subscribe   changes; a lost subscription is made anew, reads go on
    _tell_silence                                bad readings for every point that nobody has spoken of
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from asyncua import ua

from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.opcua import credentials, plan, status
from edge.drivers.opcua.binary import BadReply, Sample
from edge.drivers.opcua.decode import Foreign
from edge.drivers.opcua.family import Detail
from edge.drivers.opcua.report import Report
from edge.drivers.opcua.session import (
    TOO_MUCH,
    Lost,
    Refused,
    Session,
    Silent,
    node_id,
    read_value_id,
    shown_certificate,
)
from edge.drivers.opcua.settings import Bus
from edge.drivers.opcua.watching import Watching
from protocol import quality as q

RECONNECT_FIRST_MS: Final = 500
RECONNECT_SOON_MS: Final = 5_000  # the longest pause after a session that was held
RECONNECT_LAST_MS: Final = 30_000  # … and after one that was not given
UNWANTED_MS: Final = 60_000  # a wrong password asked for faster locks the account at the server
PATIENCE: Final = 3  # requests in a row without an answer before the connection is given up
CHUNK: Final = 500  # values asked in one request where the server names no limit

_NAMESPACES, _STATE, _LEVEL, _MOST_READ, _MOST_WATCHED = 2255, 2259, 2267, 11_705, 11_714


class Stats(msgspec.Struct, frozen=True):
    name: str
    connected: bool
    trouble: str  # why there is no session
    good: int
    failed: int
    reads: int
    notified: int
    missed: int
    old: int
    sessions: int
    subscriptions: int
    watched: int
    clock_ms: int  # how far the server's clock is ahead of ours


class Client:
    """One OPC UA server; `sink` gets every reading, good or bad."""

    def __init__(
        self,
        bus: Bus,
        detail: Detail,
        sink: Callable[[BlockReading], None],
        clock: Clock,
        tape: Tape | None = None,
    ) -> None:
        self._bus = bus
        self._detail = detail
        self._clock = clock
        self._tape = tape
        self._report = Report(bus, detail.watched, sink, clock)
        self._tick_s = plan.tick_ms([one.block.period_ms for one in detail.watched]) / 1000
        self._connected = False
        self._quality = q.NOT_CONNECTED
        self._reason = f"connecting to {bus.endpoint}"
        self._namespaces: list[str] = []
        self._chunk = CHUNK
        self._most_watched = 0
        self._alone: set[int] = set()
        self._unanswered = 0
        self._looked_ms = 0

    async def run(self) -> None:
        """Connect, read and reconnect until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell_silence())
            group.create_task(self._stay_connected())

    def stats(self) -> Stats:
        """Return what was counted since the start."""
        counts, clock = self._report.counts, self._clock
        return Stats(
            self._bus.name,
            self._connected,
            "" if self._connected else self._reason,
            counts.good,
            counts.failed,
            counts.reads,
            counts.notified,
            counts.missed,
            counts.old,
            counts.sessions,
            counts.subscriptions,
            counts.watched,
            self._report.server_clock.wrong_by(clock.mono_ms(), clock.utc_ms()),
        )

    async def _tell_silence(self) -> None:
        while True:
            quality = q.COMM_FAILURE if self._connected else self._quality
            reason = f"no answer from {self._bus.endpoint}" if self._connected else self._reason
            self._report.silence(self._connected, quality, reason)
            await asyncio.sleep(self._tick_s)

    async def _stay_connected(self) -> None:
        pause = 0
        while True:
            began = self._clock.mono_ms()
            try:
                fault = await self._hold_session()
            finally:
                was, self._connected = self._connected, False
                self._report.counts.watched = 0
            if was and self._clock.mono_ms() - began > RECONNECT_SOON_MS:
                pause = 0
            self._quality = q.CONFIG_ERROR if fault.ours else q.NOT_CONNECTED
            self._reason = str(fault)
            told = f"connection to {self._bus.endpoint} lost: {fault}" if was else self._reason
            self._report.faults.begin("connection", told)
            if self._tape is not None:
                self._tape.note(str(fault))
            last = RECONNECT_SOON_MS if was else RECONNECT_LAST_MS
            pause = min(max(2 * pause, RECONNECT_FIRST_MS), last)
            longest = UNWANTED_MS if fault.ours else pause
            await asyncio.sleep(random.randint(longest // 2, longest) / 1000)

    async def _hold_session(self) -> Lost:
        """Open a session and use it until it is lost; return why."""
        try:
            secrets = credentials.load(self._detail.paths)
        except credentials.CredentialError as exc:
            return Lost(str(exc), ours=True)
        self._tell_ends(secrets)
        session = Session(self._bus, secrets, self._clock, self._tape)
        try:
            await session.open()
        except Lost as exc:
            return await self._explained(exc, secrets)
        try:
            points = await self._look_around(session)
            return await self._serve(session, points)
        except Lost as exc:
            return exc
        except (Silent, Refused, BadReply) as exc:
            return Lost(str(exc))
        finally:
            await session.close()

    async def _serve(self, session: Session, points: Sequence[ua.NodeId | str]) -> Lost:
        """Run all that a session needs until it is lost."""
        report = self._report
        report.counts.sessions += 1
        report.faults.end("connection", f"connected to {self._bus.endpoint}")
        self._connected, self._unanswered = True, 0
        watching = Watching(self._bus, self._detail, session, report, self._clock, self._most_watched)
        lost = Lost("the session ended")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(session.renew())
                group.create_task(self._read(session, points))
                if self._bus.subscribe:
                    group.create_task(watching.run(points))
        except* Lost as found:
            lost = _first(found)
        return lost

    async def _look_around(self, session: Session) -> list[ua.NodeId | str]:
        """Learn the server's limits and namespaces; return a node id or the reason why there is none."""
        asked = (_NAMESPACES, _STATE, _LEVEL, _MOST_READ, _MOST_WATCHED)
        reply, _, _ = await session.read([read_value_id(ua.NodeId(i)) for i in asked])  # type: ignore[arg-type]
        names, state, level, most_read, most_watched = reply.samples
        self._report.connected()
        self._report.server = status.of_server(_whole(state), _whole(level))
        self._chunk = min(CHUNK, _whole(most_read) or CHUNK)
        self._most_watched = _whole(most_watched) or 0
        self._alone.clear()
        found = [str(name) for name in names.value] if isinstance(names.value, tuple) else []
        points = [self._resolved(i, found) for i in range(len(self._detail.watched))]
        self._namespaces = self._namespaces or found
        return points

    def _resolved(self, i: int, found: Sequence[str]) -> ua.NodeId | str:
        name = self._detail.watched[i].name
        index = name.index
        if name.uri:
            if name.uri not in found:
                return f"the server has no namespace {name.uri!r}; it has {', '.join(found) or 'told none'}"
            index = found.index(name.uri)
        elif 1 < index < len(self._namespaces):
            # The server's project was changed: what stood at this number may now be another plant's data.
            before, now = self._namespaces[index], found[index] if index < len(found) else "nothing"
            if before != now:
                return (
                    f"namespace {index} was {before!r} when this gateway started and is {now!r} now;"
                    f" check the node, write nsu={before};… and restart the gateway"
                )
        return node_id(name, index)

    async def _read(self, session: Session, points: Sequence[ua.NodeId | str]) -> None:
        """Read what is due, for ever."""
        report, clock = self._report, self._clock
        asked = [None if isinstance(one, str) else read_value_id(one) for one in points]
        every_ms = round(self._bus.keepalive_s * 1000)
        while True:
            now = clock.mono_ms()
            due = report.schedule.take_due(now)
            refused = [i for i in due if isinstance(points[i], str)]
            if refused:
                report.refuse(refused, [str(points[i]) for i in refused])
                due = [i for i in due if asked[i] is not None]
            if due or now - self._looked_ms >= every_ms:
                try:
                    await self._read_points(session, due, asked)
                finally:
                    report.schedule.given_up(due)
                _heed_cancellation()
            await asyncio.sleep(self._tick_s)

    async def _read_points(
        self, session: Session, due: Sequence[int], asked: Sequence[ua.ReadValueId | None]
    ) -> None:
        """Read points in as many requests as the server's limit asks for; those that spoil a reply alone."""
        together = [i for i in due if i not in self._alone]
        if together or not due:
            for part in list(plan.chunks(together, max(1, self._chunk - 2))) or [[]]:
                await self._read_part(session, part, asked)
        for i in due:
            if i in self._alone:
                await self._read_part(session, [i], asked)

    async def _read_part(
        self, session: Session, part: Sequence[int], asked: Sequence[ua.ReadValueId | None]
    ) -> None:
        """Send one Read request: the server's state and level, then the points."""
        report = self._report
        nodes = [node for i in part if (node := asked[i]) is not None]
        try:
            reply, sent, now = await session.read([*_ABOUT_SERVER, *nodes])
        except Silent as exc:
            self._answerless(part, str(exc), self._bus.timeout_ms)
            return
        except Refused as exc:
            if exc.code in TOO_MUCH and len(part) > 1:
                self._chunk = max(3, len(part) // 2)
                await self._halves(session, part, asked)
                return
            self._answerless(part, str(exc), 0)
            return
        except Foreign as exc:
            raise Lost(f"the server's answers are out of order: {exc}") from exc
        except BadReply as exc:
            if len(part) > 1:
                await self._halves(session, part, asked)
                return
            self._alone.update(part)
            self._unreadable(part, f"the server's answer cannot be read: {exc}", 0)
            return
        self._unanswered = 0
        self._looked_ms = now
        report.heard(reply.server_ms, sent, now)
        self._heed_state(*reply.samples[:2])
        report.read(part, reply.samples[2:], sent, now)

    async def _halves(
        self, session: Session, part: Sequence[int], asked: Sequence[ua.ReadValueId | None]
    ) -> None:
        middle = len(part) // 2
        await self._read_part(session, part[:middle], asked)
        await self._read_part(session, part[middle:], asked)

    def _unreadable(self, part: Sequence[int], reason: str, took_ms: int) -> None:
        """Give bad readings for a request that brought no values."""
        now = self._clock.mono_ms()
        for i in part:
            self._report.schedule.read(i, now)
        self._report.bad(part, q.COMM_FAILURE, reason, took_ms)

    def _answerless(self, part: Sequence[int], reason: str, took_ms: int) -> None:
        """Give bad readings for a request that was not answered; too many in a row end the session."""
        self._unreadable(part, reason, took_ms)
        self._unanswered += 1
        if self._unanswered >= PATIENCE:
            raise Lost(f"{reason} ({self._unanswered} times in a row)")

    def _heed_state(self, state: Sample, level: Sample) -> None:
        report = self._report
        report.server = status.of_server(_whole(state), _whole(level))
        if report.server.quality == q.GOOD:
            report.faults.end("state", "the server is running again")
        else:
            report.faults.begin("state", report.server.reason)

    def _tell_ends(self, secrets: credentials.Secrets) -> None:
        """Say once which certificates end soon."""
        for text in credentials.ending(secrets, self._clock.utc_ms()):
            self._report.faults.begin(f"certificate {text.split(' ', 1)[0]}", text)

    async def _explained(self, lost: Lost, secrets: credentials.Secrets) -> Lost:
        """Add what a person must know when the server's certificate is not the pinned one."""
        if self._bus.security == "none":
            return lost
        try:
            shown = await shown_certificate(self._bus)
        except (Silent, Lost, Refused, BadReply):
            return lost
        pinned = credentials.thumbprint(secrets.server_certificate)
        if not shown or pinned in shown:
            return lost
        return Lost(
            f"{lost}; the server shows the certificate {shown}, pinned is {pinned}: if the plant renewed it,"
            f" fetch the new one by hand from the server into {self._detail.paths.server_certificate}",
            ours=True,
        )


_ABOUT_SERVER: Final = tuple(read_value_id(ua.NodeId(i)) for i in (_STATE, _LEVEL))  # type: ignore[arg-type]


def _heed_cancellation() -> None:
    """End a task that was told to: a wait of the library may answer that with a result of its own."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _whole(sample: Sample) -> int | None:
    """Return a whole number that the server gave of itself, None where it gave none."""
    good = sample.status >> 30 == 0 and isinstance(sample.value, int)
    return int(sample.value) if good else None


def _first(group: BaseExceptionGroup[Lost]) -> Lost:
    """Return the first fault of a group, nested or not."""
    one = group.exceptions[0]
    return _first(one) if isinstance(one, BaseExceptionGroup) else one
