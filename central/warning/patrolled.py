"""What the patrol of stored values found becomes cases of kind `patrol`, and what is over ends them.

One case a point and check; the finding's row is the memory, so that a restart makes no second case. A finding
has to stand for as long as its check says before anybody is told. What cannot be judged is set aside, and
nothing that happens here ends the process that watches the gases.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.telemetry import patrol_store as findings
from central.telemetry.patrol_words import CHECK_WORDS
from central.warning import service
from central.warning.models import PATROL, ConditionFact

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from central.db.pool import Connection, Database
    from central.telemetry.patrol_store import Told

    Clock = Callable[[Connection], Awaitable[datetime]]
    Tell = Callable[[Connection, Told, datetime], Awaitable[None]]

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 50
_LOOK_EVERY_S: Final = 20.0
_AGAIN_S: Final = 5.0
_MOST_PATIENCE_S: Final = 600.0


async def run(database: Database) -> None:
    """Work until cancelled; wait out whatever fails, longer each time."""
    failures = 0
    while True:
        try:
            while await step(database):
                pass
        except Exception as exc:  # noqa: BLE001 -- supervised: no finding ends the centre
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("findings become no warnings for now: %r", exc, exc_info=unexpected)
            await asyncio.sleep(min(_AGAIN_S * 2.0**failures, _MOST_PATIENCE_S))
            failures = min(failures + 1, 16)
            continue
        if failures:
            _log.info("findings become warnings again")
        failures = 0
        await asyncio.sleep(_LOOK_EVERY_S)


async def step(database: Database, clock: Clock = database_now, at_once: int = _AT_ONCE) -> int:
    """Tell some findings and some that are over; how many it looked at.

    Args:
        database: the worker's pool is used.
        clock: gives the time; tests move it by hand.
        at_once: so many of each in one transaction.
    """
    async with acting(database.worker) as conn:
        now = await clock(conn)
        # What is over is told first: what comes again at once goes on with its ladder.
        over = await findings.to_end(conn, now, at_once)
        for row in over:
            await _alone(conn, row, now, _end)
        standing = await findings.to_warn(conn, now, at_once)
        for row in standing:
            await _alone(conn, row, now, _warn)
    return len(over) + len(standing)


async def _alone(conn: Connection, row: Told, now: datetime, tell: Tell) -> None:
    """One row in a savepoint of its own: what fails in it is undone, and the others stay."""
    try:
        async with conn.transaction():
            await tell(conn, row, now)
    except Exception as exc:  # supervised: a defect with one finding must not hold up the others
        if conn.is_closed():
            raise
        if not row.failures:
            _log.error("finding %d could not be judged and is set aside: %r", row.id, exc, exc_info=exc)
        await findings.set_aside(conn, row.id, now)


async def _warn(conn: Connection, row: Told, now: datetime) -> None:
    judged = await service.judge_condition(conn, fact_of(row, now, holds=True))
    await findings.warned(conn, row.id, now, judged.warning_id if judged else None)


async def _end(conn: Connection, row: Told, now: datetime) -> None:
    await service.judge_condition(conn, fact_of(row, now, holds=False))
    await findings.warning_ended(conn, row.id, now)


def fact_of(row: Told, now: datetime, *, holds: bool) -> ConditionFact:
    """What the door is told of a finding.

    Args:
        row: the finding.
        now: when it is told.
        holds: it stands; false: it is over.
    """
    return ConditionFact(
        kind=PATROL,
        subject_type="point",
        subject_id=f"{row.point_id}/{row.code}",
        side="quality",
        place=row.place,
        subject_name=row.name,
        title=f"{row.name} {CHECK_WORDS[row.code]}",
        detail=row.words if holds else row.end_words,
        holds=holds,
        reference=f"patrol/{row.id}",
        at=row.since if holds else now,
        received_at=now,
        enterprise_id=row.enterprise_id,
        limit_name=row.code.upper(),
        quantity=row.quantity,
        hazard_class=row.hazard_class,
        gateway_id=row.gateway_id,
        point_id=row.point_id,
    )
