"""Sends what the outbox holds: claim, commit, send, record; wakes by notice or by the next due time.

Keeps law-warning 19: nothing leaves before its row is committed as claimed, so a crash between sending and
recording is seen by whoever looks next.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final
from uuid import UUID

from central.clock import database_now
from central.db.pool import CONNECTION_LOST, DATABASE_AWAY, Connection, Database
from central.db.scope import acting
from central.settings import Settings
from central.warning.models import INSTRUMENTS_FIRST, PAPERS_AFTER
from central.warning.notify import service
from central.warning.notify.models import (
    EVERY_CHANNEL,
    IN_APP,
    SMS,
    Channel,
    Limits,
    ToLookUp,
    ToSend,
    Unavailable,
)
from central.warning.notify.outbox import LIMITS
from central.warning.notify.sms_http import SmsOverHttp

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 50
_LOOK_AGAIN_S: Final = 5.0
_AWAY: Final = DATABASE_AWAY

Clock = Callable[[Connection], Awaitable[datetime]]
End = Callable[[Connection, UUID, datetime], Awaitable[None]]


def channels_of(settings: Settings) -> frozenset[str]:
    """Give the ways to call people that this centre has."""
    return EVERY_CHANNEL if settings.sms_url else frozenset({IN_APP})


async def run(database: Database, settings: Settings) -> None:
    """Send calls until cancelled; waits out a database that is away."""
    async with AsyncExitStack() as stack:
        channels: dict[str, Channel] = {}
        if settings.sms_url:
            channels[SMS] = await stack.enter_async_context(
                SmsOverHttp(settings.sms_url, settings.sms_secret)
            )
        else:
            _log.warning("no SMS provider is configured (FENGSUI_SMS_URL): calls reach screens only")
        # A provider that is slow with the calls about papers holds up no call about an alarm.
        async with asyncio.TaskGroup() as tasks:
            for some in (INSTRUMENTS_FIRST, PAPERS_AFTER):
                tasks.create_task(serve(database, channels, urgencies=some, site=settings.public_url))


async def serve(
    database: Database,
    channels: Mapping[str, Channel],
    clock: Clock = database_now,
    urgencies: Sequence[int] = INSTRUMENTS_FIRST + PAPERS_AFTER,
    site: str = "",
) -> None:
    """The same with the channels given, for calls of some urgencies; `site` leads the links of digests."""
    away = False
    while True:
        try:
            async with database.listen("fengsui_outbox") as notices:
                while True:
                    sent = await send_due(database, channels, clock, urgencies=urgencies, site=site)
                    if away:
                        _log.info("calls go out again")
                        away = False
                    if sent:
                        continue
                    try:
                        async with asyncio.timeout(await _wait_s(database, clock, urgencies)):
                            if await notices.get() is None:
                                break  # the connection may be gone: listen anew
                        while not notices.empty():
                            notices.get_nowait()
                    except TimeoutError:
                        continue
        except _AWAY as exc:
            if not away:
                _log.warning("calls wait for the database: %s", exc)
            away = True
            await asyncio.sleep(1.0)


async def send_due(
    database: Database,
    channels: Mapping[str, Channel],
    clock: Clock = database_now,
    limits: Limits = LIMITS,
    urgencies: Sequence[int] = INSTRUMENTS_FIRST + PAPERS_AFTER,
    site: str = "",
) -> int:
    """Take up the most urgent calls that are due, once; give how many there were."""
    names = frozenset({*channels, IN_APP})
    async with acting(database.worker) as conn:
        claimed = await service.claim(conn, await clock(conn), names, _AT_ONCE, limits, urgencies, site)
    async with asyncio.TaskGroup() as tasks:
        for call in claimed.send:
            tasks.create_task(_send(database, channels[call.channel], call, clock, limits))
        for asked in claimed.look_up:
            if asked.channel in channels:
                tasks.create_task(_look_up(database, channels[asked.channel], asked, clock, limits))
    for key in claimed.end:
        await _end(database, key, clock, lambda conn, key, now: service.end(conn, key, now, names, limits))
    for key in claimed.follow:
        await _end(database, key, clock, service.follow)
    return len(claimed.send) + len(claimed.look_up) + len(claimed.end) + len(claimed.follow)


async def _send(database: Database, channel: Channel, call: ToSend, clock: Clock, limits: Limits) -> None:
    try:
        async with asyncio.timeout(limits.channel_s):
            answer = await channel.send(call.message)
    except Exception as exc:  # noqa: BLE001 -- supervised: one call must not end the others
        _log.warning("call %s: its channel gave no usable answer: %r", call.message.key, exc)
        answer = Unavailable("短信平台没有给出可用的应答", maybe=True)
    try:
        async with acting(database.worker) as conn:
            await service.record(conn, call.message.key, answer, await clock(conn), limits)
    except Exception as exc:  # noqa: BLE001 -- supervised: one call must not end the others
        # It stays claimed; when the lease is over it goes out again under the same key, as possibly twice.
        _log.warning("call %s was sent and could not be recorded: %r", call.message.key, exc)


async def _look_up(
    database: Database, channel: Channel, asked: ToLookUp, clock: Clock, limits: Limits
) -> None:
    try:
        async with asyncio.timeout(limits.channel_s):
            receipt = await channel.look_up(asked.provider_id)
    except Exception as exc:  # noqa: BLE001 -- supervised: one call must not end the others
        # No usable answer is no receipt; it is asked again until the call's time is over.
        _log.warning("call %s: its channel could not be asked: %r", asked.key, exc)
        return
    if receipt is None:
        return
    try:
        async with acting(database.worker) as conn:
            await service.receipt(conn, asked.key, receipt, await clock(conn))
    except Exception as exc:  # noqa: BLE001 -- supervised: one call must not end the others
        _log.warning(
            "the receipt of call %s could not be recorded, it is asked for again: %r", asked.key, exc
        )


async def _end(database: Database, key: UUID, clock: Clock, end: End) -> None:
    try:
        async with acting(database.worker) as conn:
            await end(conn, key, await clock(conn))
    except Exception as exc:  # supervised: a defect with one call must not hold up the others
        # asyncpg refuses a value of ours with an error of the same family: that is the call's fault.
        if isinstance(exc, CONNECTION_LOST) and not isinstance(exc, ValueError):
            raise
        _log.exception("call %s could not be ended; it is tried again", key)
        async with acting(database.worker) as conn:
            await service.put_off(conn, key, await clock(conn))


async def _wait_s(database: Database, clock: Clock, urgencies: Sequence[int]) -> float:
    async with database.worker.acquire() as conn:
        due = await service.next_due(conn, urgencies)
        if due is None:
            return _LOOK_AGAIN_S
        return min(max((due - await clock(conn)).total_seconds(), 0.01), _LOOK_AGAIN_S)
