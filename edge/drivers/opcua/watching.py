"""Keeps a subscription alive beside the reads: made anew when it is lost, done without when it is refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from asyncua import ua

from edge.drivers.models import Clock
from edge.drivers.opcua.binary import BadReply
from edge.drivers.opcua.decode import Foreign, Publication
from edge.drivers.opcua.family import Detail
from edge.drivers.opcua.report import Report
from edge.drivers.opcua.session import TOO_MUCH, Item, Lost, Refused, Session, Silent, Subscription
from edge.drivers.opcua.settings import Bus
from edge.drivers.opcua.status import name

AGAIN_FIRST_S: Final = 1.0
AGAIN_LAST_S: Final = 60.0
REFUSED_FIRST_S: Final = 5.0
MOST_AT_ONCE: Final = 1000  # monitored items asked for in one request
LEAST_AT_ONCE: Final = 20
PUBLISHERS: Final = 2  # requests that wait at the server: the next change need not wait for our thanks
_LAST_SEQUENCE: Final = 0xFFFF_FFFF

_TIMEOUT, _TOO_MANY_PUBLISHES = 0x800A, 0x8078
_NO_FILTER: Final = {0x8043, 0x8044, 0x8045}


class Ended(Exception):
    """The subscription is gone; the session stands."""


class Watching:
    """The subscription of one session."""

    def __init__(
        self, bus: Bus, detail: Detail, session: Session, report: Report, clock: Clock, most_at_once: int
    ) -> None:
        self._bus = bus
        self._detail = detail
        self._session = session
        self._report = report
        self._clock = clock
        self._at_once = min(MOST_AT_ONCE, most_at_once or MOST_AT_ONCE)
        self._thanks: list[tuple[int, int]] = []
        self._sequence = 0
        self._publishers = PUBLISHERS
        self._worked = False

    async def run(self, points: Sequence[ua.NodeId | str]) -> None:
        """Subscribe, and again when the subscription is lost; raises only Lost."""
        pause = AGAIN_FIRST_S
        while True:
            self._worked = False
            fault = await self._hold(points)
            self._report.counts.watched = 0
            self._report.faults.begin("subscription", f"{fault}; the points are read all the same")
            pause = AGAIN_FIRST_S if self._worked else min(2 * pause, AGAIN_LAST_S)
            await asyncio.sleep(pause)

    async def _hold(self, points: Sequence[ua.NodeId | str]) -> str:
        """Create a subscription and take what it brings until it ends; return why."""
        bus, report = self._bus, self._report
        publishing = self._detail.publishing_ms
        keepalive = max(1, round(bus.keepalive_s * 1000 / publishing))
        lifetime = max(3 * keepalive, round(bus.session_timeout_s * 1000 / publishing))
        granted: Subscription | None = None
        try:
            granted = await self._session.subscribe(publishing, keepalive, lifetime)
            report.counts.subscriptions += 1
            report.subscribed()
            self._sequence = 0
            self._thanks.clear()
            report.counts.watched = 0
            items = [
                Item(node, i + 1, one.sampling_ms, self._bus.queue)
                for i, (node, one) in enumerate(zip(points, self._detail.watched, strict=True))
                if not isinstance(node, str)
            ]
            refused = await self._watch(granted, items)
            fault = await self._receive(granted, refused)
        except (Silent, Refused, BadReply) as exc:
            fault = str(exc)
        if granted is not None:
            with contextlib.suppress(Silent):
                await self._session.unsubscribe(granted.number)
        return fault

    async def _receive(self, granted: Subscription, refused: list[Item]) -> str:
        """Publish until the subscription ends; return why."""
        fault = ""
        try:
            async with asyncio.TaskGroup() as group:
                for n in range(self._publishers):
                    group.create_task(self._publish(granted, n))
                group.create_task(self._watch_later(granted, refused))
        except* Ended as ended:
            fault = str(ended.exceptions[0])
        except* Lost as lost:
            raise Lost(str(lost.exceptions[0])) from None
        return fault or "the subscription ended"

    async def _watch(self, granted: Subscription, items: Sequence[Item]) -> list[Item]:
        """Ask the server to watch items; tell once which it does not, and return those."""
        refused: list[Item] = []
        why: dict[int, int] = {}
        at = 0
        while at < len(items):
            part = items[at : at + self._at_once]
            try:
                results = await self._session.watch(granted.number, part, filtered=True)
            except Silent:
                self._at_once = max(LEAST_AT_ONCE, self._at_once // 2)  # a slow server: fewer the next time
                raise
            except Refused as exc:
                if exc.code not in TOO_MUCH or self._at_once <= 1:
                    raise
                self._at_once = max(1, self._at_once // 2)
                continue
            if plain := [n for n, code in enumerate(results) if code >> 16 in _NO_FILTER]:
                again = await self._session.watch(granted.number, [part[n] for n in plain], filtered=False)
                for n, code in zip(plain, again, strict=True):
                    results[n] = code
            for item, code in zip(part, results, strict=True):
                if code >> 30:
                    refused.append(item)
                    why[code] = why.get(code, 0) + 1
            at += len(part)
        self._report.counts.watched += len(items) - len(refused)
        if refused:
            words = ", ".join(f"{count} × {name(code)}" for code, count in why.items())
            self._report.faults.begin(
                "items", f"the server does not watch all points ({words}); those are read all the same"
            )
        else:
            self._report.faults.end("items", "the server watches all points")
        return refused

    async def _watch_later(self, granted: Subscription, refused: list[Item]) -> None:
        """Ask again for what was refused: a server that has just started lacks some nodes for a while."""
        pause = REFUSED_FIRST_S
        while refused:
            await asyncio.sleep(pause)
            pause = min(2 * pause, AGAIN_LAST_S)
            try:
                refused = await self._watch(granted, refused)
            except (Silent, Refused, BadReply) as exc:
                raise Ended(str(exc)) from exc

    async def _publish(self, granted: Subscription, n: int) -> None:
        """Hold one request at the server, take its answer, thank for it, and again."""
        quiet_s = (
            (1 + self._publishers) * granted.keepalive_count * granted.publishing_ms + self._bus.timeout_ms
        ) / 1000
        while n < self._publishers:
            thanks, self._thanks = self._thanks, []
            try:
                came = await self._session.publish(thanks, quiet_s)
            except Silent as exc:
                raise Ended(f"no sign of life of the subscription within {quiet_s:.0f} s") from exc
            except Refused as exc:
                if exc.code == _TOO_MANY_PUBLISHES and self._publishers > 1:
                    self._publishers = 1
                elif exc.code != _TIMEOUT:
                    raise Ended(str(exc)) from exc
                continue
            except Foreign as exc:
                raise Lost(f"the server's answers are out of order: {exc}") from exc
            except BadReply:
                # One value that nobody can read spoils the whole notification: ask for all of them.
                self._report.counts.missed += 1
                self._report.schedule.all_due(self._clock.mono_ms())
                continue
            self._take(granted, came)

    def _take(self, granted: Subscription, came: Publication) -> None:
        report = self._report
        now = self._clock.mono_ms()
        if came.subscription != granted.number:
            return  # of a subscription that we have given up
        if not self._worked:
            self._worked = True
            report.faults.end("subscription", "the server reports changes again")
        if not came.is_keepalive:
            if came.sequence != self._sequence % _LAST_SEQUENCE + 1:
                report.counts.missed += 1
                report.schedule.all_due(now)
            self._sequence = came.sequence
            self._thanks.append((granted.number, came.sequence))
        held_ms = round(granted.publishing_ms) + self._bus.timeout_ms
        changed: list[int] = []
        for change in came.changes:
            i = change.handle - 1
            if 0 <= i < len(self._detail.watched):
                report.changed(i, change.sample, now, held_ms, changed)
        report.told(changed)
        if came.status is not None:
            raise Ended(f"the server ended the subscription: {name(came.status)}")
