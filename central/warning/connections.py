"""The data-access patrol: major hazards of which nothing is heard become warnings, and end when something is.

What an office agreed to ("shut down for repair until") is no warning, and becomes one at once when it has run
out and nothing is heard still. Rows are the memory: a restart opens nothing twice. The days' online rates are
reckoned here as well, since nobody waits for them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import Gauge

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.queries import load
from central.db.scope import acting
from central.devices import connections
from central.warning import service
from central.warning.models import CONNECTION, ConditionFact

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from central.db.pool import Connection, Database

    Clock = Callable[[Connection], Awaitable[datetime]]

Q = load(__file__, "queries_offline.sql")
_log = logging.getLogger(__name__)
_AT_ONCE: Final = 50
_LOOK_EVERY_S: Final = 20.0
_DAYS_EVERY_S: Final = 60.0
_AGAIN_S: Final = 5.0
_MOST_PATIENCE_S: Final = 600.0

STALLED: Final = Gauge(
    "fengsui_connections_stalled", "1 while wholly offline enterprises become no warnings."
)


async def run(database: Database) -> None:
    """Works until cancelled; waits out whatever fails, longer each time."""
    failures, passed_s = 0, _DAYS_EVERY_S
    while True:
        try:
            while await step(database):
                pass
            if passed_s >= _DAYS_EVERY_S:
                await reckon(database)
                passed_s = 0.0
        except Exception as exc:  # noqa: BLE001 -- supervised: the patrol never ends the centre
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("the data-access patrol rests for now: %r", exc, exc_info=unexpected)
            STALLED.set(1)
            await asyncio.sleep(min(_AGAIN_S * 2.0**failures, _MOST_PATIENCE_S))
            failures = min(failures + 1, 16)
            continue
        failures = 0
        STALLED.set(0)
        await asyncio.sleep(_LOOK_EVERY_S)
        passed_s += _LOOK_EVERY_S


async def step(database: Database, clock: Clock = database_now) -> int:
    """Judge some enterprises; gives of how many something changed.

    Args:
        database: the worker's pool is used.
        clock: gives the time; tests move it by hand.
    """
    async with acting(database.worker) as conn:
        now = await clock(conn)
        over = await conn.fetch(Q.to_settle, now, _AT_ONCE)
        for row in over:
            await service.judge_condition(conn, _fact(row, now, holds=False))
            await conn.execute(Q.told, row["enterprise_id"], None, None)
        fresh = await conn.fetch(Q.to_tell, now, _AT_ONCE)
        for row in fresh:
            judged = await service.judge_condition(conn, _fact(row, now, holds=True))
            await conn.execute(Q.told, row["enterprise_id"], now, judged.warning_id if judged else None)
    return len(over) + len(fresh)


async def reckon(database: Database) -> None:
    """Reckon the online rates of today, and of days that were not over when they were reckoned last."""
    after: int | None = 0
    while after is not None:
        async with acting(database.worker) as conn:
            after = await connections.reckon_part(conn, after, await database_now(conn))


def _fact(row: Any, now: datetime, *, holds: bool) -> ConditionFact:
    if holds:
        detail = f"{row['offline']} 台设备全部失去连接"
    elif row["reported"]:
        detail = "企业离线报备已经审核通过"
    else:
        detail = "恢复连接" if row["state"] != "offline" else "不再列入数据接入巡查"
    return ConditionFact(
        kind=CONNECTION,
        subject_type="enterprise",
        subject_id=str(row["enterprise_id"]),
        place=row["place"],
        subject_name=row["name"],
        title="监测设备全部离线",
        detail=detail,
        holds=holds,
        reference=f"connection/{row['enterprise_id']}/{row['since'].isoformat()}"
        if row["since"]
        else "connection",
        at=now,
        received_at=now,
        enterprise_id=row["enterprise_id"],
        hazard_class=row["hazard_class"],
        gateway_id=row["gateway_id"],
    )
