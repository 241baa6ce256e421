"""Counts days of alarms: each as soon as something is told of it, again when something comes late.

One enterprise and day a transaction, so that no statement is long and a crash loses nothing: what told of the
day is still there. What a day leaves (alarms that stand, a flood) the next one begins with; a change of it
has the next one counted again, day after day up to today.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central import clock
from central.db.pool import DATABASE_AWAY
from central.db.queries import load
from central.statistics.alarm_days import Counting, Day, Key, Standing, Told
from central.warning.wording import CHINA
from edge.core.flood import WINDOW_MS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import Connection, Database

    Clock = Callable[[Connection], Awaitable[datetime]]

Q = load(__file__, "queries_alarm_quality.sql")
_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 10.0
REST: Final = timedelta(seconds=20)  # a storm tells of its day with every batch
_LONGEST_WAIT_S: Final = 300.0
_TOGETHER: Final = 2_000  # events fetched at once
_DAY: Final = timedelta(days=1)


class _Marks(msgspec.Struct):
    """Of a stored event only what no column has."""

    priority: int = 0
    under: str = ""
    test: bool = False


_marks = msgspec.msgpack.Decoder(_Marks)


async def run(database: Database) -> None:
    """Work until cancelled; wait out whatever fails, longer each time."""
    failures = 0
    while True:
        try:
            wait_s = 0.0 if await once(database) else LOOK_EVERY_S
            failures = 0
        except Exception as exc:  # noqa: BLE001 - supervised: no figure ends the process that watches the gases
            if not failures:
                _log.warning(
                    "days of alarms are not counted for now: %r",
                    exc,
                    exc_info=not isinstance(exc, DATABASE_AWAY),
                )
            wait_s = min(LOOK_EVERY_S * 2.0**failures, _LONGEST_WAIT_S)
            failures = min(failures + 1, 16)
        await asyncio.sleep(wait_s)


async def once(database: Database, now: Clock = clock.database_now) -> bool:
    """Count one day of one enterprise.

    Args:
        database: its worker pool is used.
        now: gives the time; tests move it by hand.

    Returns:
        Whether something was due: then there may be more.
    """
    async with database.worker.acquire() as conn, conn.transaction():
        if not await conn.fetchval(Q.hold):
            return False
        moment = await now(conn)
        today = moment.astimezone(CHINA).date()
        await conn.execute(Q.finish_days, today)
        row = await conn.fetchrow(Q.next_day, moment - REST, today)
        if row is None:
            await conn.execute(Q.forget_gone)
            return False
        await conn.execute(Q.take_day, row["enterprise_id"], row["day"])
        await _count(conn, row["enterprise_id"], row["day"], moment)
        return True


def midnight(day: date) -> datetime:
    """When a day of the jurisdiction begins."""
    return datetime.combine(day, time(), CHINA)


async def _count(conn: Connection, enterprise: int, day: date, moment: datetime) -> None:
    begin, end = midnight(day), midnight(day + _DAY)
    until = min(end, moment)
    carried = await _carried(conn, enterprise, day - _DAY)
    flooding = bool(await conn.fetchval(Q.flooding, enterprise, day - _DAY))
    left_before = (
        await _carried(conn, enterprise, day),
        bool(await conn.fetchval(Q.flooding, enterprise, day)),
    )
    counting = Counting(carried, flooding, _ms(begin), _ms(until))
    first = begin - timedelta(milliseconds=WINDOW_MS)
    async for row in conn.cursor(Q.events_of_day, enterprise, first, end, prefetch=_TOGETHER):
        marks = _read(row["raw"])
        if not marks.test:
            counting.take(_told(row, marks))
    found = counting.finish()
    await _keep(conn, enterprise, day, found, whole=until == end, moment=moment)
    if until == end:
        left = (await _carried(conn, enterprise, day), found.flooding)
        changed = _left(left[0]) != _left(left_before[0]) or left[1] != left_before[1]
        if changed or left[0]:
            await conn.execute(Q.tell_next, enterprise, day + _DAY, changed)


def _left(carried: dict[Key, Standing]) -> dict[Key, tuple[int, str]]:
    return {key: (one.since_ms, one.state) for key, one in carried.items()}


async def _carried(conn: Connection, enterprise: int, day: date) -> dict[Key, Standing]:
    return {
        (row["gateway_id"], row["alarm"]): Standing(
            _ms(row["since"]),
            row["shown_as"],
            row["priority"],
            row["point_id"],
            None if row["ended_at"] is None else _ms(row["ended_at"]),
        )
        for row in await conn.fetch(Q.carried, enterprise, day)
    }


def _read(raw: bytes) -> _Marks:
    try:
        return _marks.decode(raw)
    except msgspec.DecodeError:
        return _Marks()


def _told(row: Any, marks: _Marks) -> Told:
    return Told(
        row["gateway_id"],
        row["alarm"],
        _ms(row["at"]),
        row["transition"],
        row["state"],
        marks.under,
        marks.priority,
        row["point_id"],
        row["heard_s"],
    )


async def _keep(
    conn: Connection, enterprise: int, day: date, found: Day, *, whole: bool, moment: datetime
) -> None:
    await conn.execute(
        Q.keep_day,
        enterprise,
        day,
        found.annunciated,
        found.covered,
        found.chattering,
        found.stale,
        found.standing,
        found.floods,
        found.flood_ms / 1000,
        found.flood_alarms,
        found.flooding,
        found.peak_ten,
        found.tens_over,
        found.hours_over,
        found.by_hour,
        found.by_priority,
        found.acknowledged,
        found.heard_s,
        whole,
        moment,
    )
    await conn.execute(Q.forget_alarms, enterprise, day)
    kept = list(found.alarms.items())
    await conn.execute(
        Q.keep_alarms,
        enterprise,
        day,
        [gateway for (gateway, _), _ in kept],
        [alarm for (_, alarm), _ in kept],
        [one.point_id for _, one in kept],
        [one.priority for _, one in kept],
        [one.annunciated for _, one in kept],
        [one.covered for _, one in kept],
        [one.chatters for _, one in kept],
        [one.stood_ms / 1000 for _, one in kept],
        [one.stale for _, one in kept],
        [None if one.since_ms is None else _at(one.since_ms) for _, one in kept],
        [one.state for _, one in kept],
    )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, CHINA)
