"""Overdue reminders of the registers become cases, and settled ones end them: the rows are the memory.

A row is judged once, in the transaction that notes it: a restart makes no second case, and the case's id
derives from the row (law-warning 1). No instrument spoke, so nothing here is a test.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

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

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 50
_LOOK_EVERY_S: Final = 60.0
_AGAIN_S: Final = 5.0


async def run(database: Database, settings: Settings) -> None:
    """Works until cancelled; waits out a database that is away."""
    zone = ZoneInfo(settings.zone)
    while True:
        try:
            while await step(database, zone):
                pass
            await asyncio.sleep(_LOOK_EVERY_S)
        except DATABASE_AWAY as exc:
            _log.warning("overdue papers wait for the database: %s", exc)
            await asyncio.sleep(_AGAIN_S)


async def step(database: Database, zone: ZoneInfo, clock: Clock = database_now) -> int:
    """Judges some overdue rows and some settled ones; gives how many.

    Args:
        database: the worker's pool is used.
        zone: whose days count.
        clock: gives the time; tests move it by hand.
    """
    async with acting(database.worker) as conn:
        now = await clock(conn)
        # What ended is told first: a paper that was renewed and lapses again is a case of its own.
        settled = await reminding.to_end(conn, _AT_ONCE)
        for row in settled:
            await service.settle_paper(conn, _fact(row, now), "已更新、已删除或不再需要，逾期事项消除")
            await reminding.warning_ended(conn, row.id, now)
        overdue = await reminding.to_warn(conn, now.astimezone(zone).date(), _AT_ONCE)
        for row in overdue:
            judged = await service.judge_paper(conn, _fact(row, now))
            await reminding.warned(conn, row.id, judged.warning_id if judged else None, now)
    return len(settled) + len(overdue)


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
