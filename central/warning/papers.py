"""Overdue reminders of the registers become cases, and settled ones end them: the rows are the memory.

A row is judged once, in the transaction that notes it: a restart makes no second case, and the case's id
derives from the row (law-warning 1). No instrument spoke, so nothing here is a test.

A row that cannot be judged (no level rule fits it, a defect) is set aside and counted: the others go on, it
is tried again with growing patience, and nothing that happens here ends the process that watches the gases.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from prometheus_client import Gauge

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.registry import reminding
from central.warning import service
from central.warning.models import PaperFact

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from central.db.pool import Connection, Database
    from central.registry.reminding import Overdue
    from central.settings import Settings

    Clock = Callable[[Connection], Awaitable[datetime]]
    Tell = Callable[[Connection, Overdue, datetime], Awaitable[None]]

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 50
_LOOK_EVERY_S: Final = 60.0
_AGAIN_S: Final = 5.0
_MOST_PATIENCE_S: Final = 600.0

SET_ASIDE: Final = Gauge("fengsui_papers_set_aside", "Overdue papers that could not be made warnings, yet.")
STALLED: Final = Gauge("fengsui_papers_stalled", "1 while overdue papers become no warnings at all.")


async def run(database: Database, settings: Settings) -> None:
    """Works until cancelled; waits out whatever fails, longer each time."""
    zone = ZoneInfo(settings.zone)
    failures = 0
    while True:
        try:
            while await step(database, zone):
                pass
            async with acting(database.worker) as conn:
                SET_ASIDE.set(await reminding.count_set_aside(conn))
        except Exception as exc:  # noqa: BLE001 -- supervised: papers never end the centre
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("overdue papers become no warnings for now: %r", exc, exc_info=unexpected)
            STALLED.set(1)
            await asyncio.sleep(min(_AGAIN_S * 2.0**failures, _MOST_PATIENCE_S))
            failures = min(failures + 1, 16)
            continue
        if failures:
            _log.info("overdue papers become warnings again")
        failures = 0
        STALLED.set(0)
        await asyncio.sleep(_LOOK_EVERY_S)


async def step(
    database: Database, zone: ZoneInfo, clock: Clock = database_now, at_once: int = _AT_ONCE
) -> int:
    """Judges some overdue rows and some settled ones; gives how many it looked at.

    Args:
        database: the worker's pool is used.
        zone: whose days count.
        clock: gives the time; tests move it by hand.
        at_once: so many of each in one transaction.
    """
    failed: list[tuple[Overdue, Exception]] = []
    async with acting(database.worker) as conn:
        now = await clock(conn)
        # What ended is told first: what lapses again the same day goes on with its ladder.
        settled = await reminding.to_end(conn, at_once, now)
        for row in settled:
            await _alone(conn, row, now, _end, failed)
        overdue = await reminding.to_warn(conn, now.astimezone(zone).date(), at_once, now)
        for row in overdue:
            await _alone(conn, row, now, _warn, failed)
    new = [(row, exc) for row, exc in failed if not row.failures]
    if new:
        row, exc = new[0]
        words = "%d overdue papers could not be judged and are set aside; reminder %d of %s: %r"
        _log.error(words, len(new), row.id, row.register, exc, exc_info=exc)
    return len(settled) + len(overdue)


async def _alone(
    conn: Connection, row: Overdue, now: datetime, tell: Tell, failed: list[tuple[Overdue, Exception]]
) -> None:
    """One row in a savepoint of its own: what fails in it is undone, and the others stay."""
    try:
        async with conn.transaction():
            await tell(conn, row, now)
    except Exception as exc:  # supervised: a defect with one paper must not hold up the others
        if conn.is_closed():
            raise
        failed.append((row, exc))
        await reminding.set_aside(conn, row.id, now)
    else:
        if row.failures:
            _log.info("reminder %d of %s was judged after %d failures", row.id, row.register, row.failures)


async def _end(conn: Connection, row: Overdue, now: datetime) -> None:
    await service.settle_paper(conn, _fact(row, now), "已更新、已删除或不再需要，逾期事项消除")
    await reminding.warning_ended(conn, row.id, now)


async def _warn(conn: Connection, row: Overdue, now: datetime) -> None:
    judged = await service.judge_paper(conn, _fact(row, now))
    await reminding.warned(conn, row.id, judged.warning_id if judged else None, now)


def _fact(row: Overdue, now: datetime) -> PaperFact:
    return PaperFact(
        enterprise_id=row.enterprise_id,
        place=row.place,
        register=row.register,
        register_title=row.register_title,
        cause=row.cause,
        field=row.field,
        record_id=row.record_id,
        subject=row.title,
        due_on=row.due_on,
        reference=f"reminder/{row.id}",
        at=now,
        received_at=now,
        hazard_class=row.hazard_class,
    )
