"""Figures beyond the thresholds of management become cases and end by themselves (MON-03).

A round takes some enterprises a transaction; one open row an enterprise and item is the memory, so that a
restart makes no second case. What fails for one enterprise is undone for it alone and tried in the
next round.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.queries import load
from central.db.scope import acting
from central.registry import measures
from central.telemetry import patrol_store
from central.warning import management_rules as rules
from central.warning import service
from central.warning.management_rules import Beyond, Threshold
from central.warning.models import MANAGEMENT, ConditionFact

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg

    from central.db.pool import Connection, Database
    from central.registry.measures import Measured
    from central.settings import Settings

    Clock = Callable[[Connection], Awaitable[datetime]]

Q = load(__file__, "queries_management.sql")
_log = logging.getLogger(__name__)
_EVERY: Final = timedelta(minutes=15)
_AT_ONCE: Final = 200
_RECENT: Final = timedelta(days=7)
_LOOK_EVERY_S: Final = 30.0
_AGAIN_S: Final = 10.0
_MOST_PATIENCE_S: Final = 600.0

ITEM_WORDS: Final = {
    rules.ONLINE_RATE: "企业在线率低于阈值",
    rules.DATA_SCORE: "数据质量得分低于阈值",
    rules.HIDDEN_REPORT: "隐患排查长期未填报",
    rules.RECTIFICATION: "重大隐患逾期未整改",
    rules.PLAN: "应急预案逾期未修订",
    rules.TRAINING: "培训长期未开展",
    rules.PROMISE: "安全承诺连续未填报",
    rules.CERTIFICATES: "过期证照超过阈值",
    rules.UPDATES: "逾期未更新的台账超过阈值",
}
_UNITS: Final = {
    rules.ONLINE_RATE: "%",
    rules.DATA_SCORE: "分",
    rules.HIDDEN_REPORT: "天",
    rules.TRAINING: "天",
    rules.PROMISE: "天",
    rules.RECTIFICATION: "项",
    rules.PLAN: "项",
    rules.CERTIFICATES: "项",
    rules.UPDATES: "项",
}


async def run(database: Database, settings: Settings) -> None:
    """Work until cancelled; wait out whatever fails, longer each time."""
    zone = ZoneInfo(settings.zone)
    failures = 0
    while True:
        try:
            wait_s = 0.0 if await step(database, zone) else _LOOK_EVERY_S
        except Exception as exc:  # noqa: BLE001 -- supervised: no figure ends the centre
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("management is not measured for now: %r", exc, exc_info=unexpected)
            wait_s = min(_AGAIN_S * 2.0**failures, _MOST_PATIENCE_S)
            failures = min(failures + 1, 16)
        else:
            if failures:
                _log.info("management is measured again")
            failures = 0
        await asyncio.sleep(wait_s)


async def step(
    database: Database, zone: ZoneInfo, clock: Clock = database_now, at_once: int = _AT_ONCE
) -> bool:
    """Measure the next enterprises in one transaction.

    Args:
        database: the worker's pool is used.
        zone: whose days count.
        clock: gives the time; tests move it by hand.
        at_once: so many enterprises.

    Returns:
        Whether the round goes on at once.
    """
    async with acting(database.worker) as conn:
        state = await conn.fetchrow(Q.take_management_round)
        if state is None:
            return False
        now = await clock(conn)
        cursor, begun = state["cursor"], state["begun_at"]
        if cursor is None and begun is not None and now - begun < _EVERY:
            return False
        if cursor is None:
            cursor, begun = 0, now
        batch = await measures.enterprises(conn, cursor, at_once)
        whole = len(batch) == at_once
        last = batch[-1].id if whole else 2**31 - 1
        await _measure(conn, batch, cursor, last, now, now.astimezone(zone).date())
        await conn.execute(Q.keep_management_round, last if whole else None, begun)
        return whole


async def _measure(
    conn: Connection, batch: list[Measured], after: int, last: int, now: datetime, today: date
) -> None:
    """Compare the figures of some enterprises with their thresholds."""
    table = [Threshold(**dict(row)) for row in await conn.fetch(Q.thresholds, now)]
    ids = [one.id for one in batch]
    overdue = await measures.overdue(conn, ids, today)
    written = {name: await measures.last_written(conn, name, ids) for name in rules.WRITTEN.values()}
    recent = await patrol_store.recent_figures(conn, ids, today - _RECENT)
    standing: dict[int, dict[str, asyncpg.Record]] = {}
    for row in await conn.fetch(Q.standing_beyond, after, last):
        standing.setdefault(row["enterprise_id"], {})[row["item"]] = row
    for one in batch:
        online, score = recent.get(one.id, (None, None))
        days = {name: by_enterprise.get(one.id) for name, by_enterprise in written.items()}
        found = rules.figures(one, overdue.get(one.id, []), days, online, score, today)
        await _alone(conn, one.id, standing.pop(one.id, {}), rules.judge(table, one, found), now)
    for enterprise, known in standing.items():  # it has ended, or was removed
        await _alone(conn, enterprise, known, {}, now)


async def _alone(
    conn: Connection, enterprise: int, known: dict[str, Any], beyond: dict[str, Beyond], now: datetime
) -> None:
    """One enterprise in a savepoint of its own: what fails in it is undone, and the others stay."""
    try:
        async with conn.transaction():
            await _tell(conn, enterprise, known, beyond, now)
    except Exception as exc:  # supervised: a defect with one enterprise must not hold up the others
        if conn.is_closed():
            raise
        _log.error("the management of enterprise %d could not be judged: %r", enterprise, exc, exc_info=exc)


async def _tell(
    conn: Connection, enterprise: int, known: dict[str, Any], beyond: dict[str, Beyond], now: datetime
) -> None:
    for item, row in known.items():
        if item not in beyond:
            await conn.execute(Q.end_beyond, row["id"], now)
            gone = (row["id"], row["value"], row["limit_value"])
            await _judge(conn, enterprise, item, *gone, now, holds=False)
    for item, one in beyond.items():
        limit = one.threshold.limit_value
        if item in known:
            await conn.execute(Q.see_beyond, known[item]["id"], one.threshold.id, one.value, limit, now)
            continue
        number: int = await conn.fetchval(
            Q.begin_beyond, enterprise, item, one.threshold.id, one.value, limit, now
        )
        judged = await _judge(conn, enterprise, item, number, one.value, limit, now, holds=True)
        await conn.execute(Q.keep_case, number, judged)


async def _judge(
    conn: Connection,
    enterprise: int,
    item: str,
    number: int,
    value: float,
    limit: float,
    now: datetime,
    *,
    holds: bool,
) -> object:
    """Tell the door; the case that it became, if any."""
    row = await conn.fetchrow(Q.place_of_enterprise, enterprise)
    assert row is not None
    words = ITEM_WORDS[item]
    fact = ConditionFact(
        kind=MANAGEMENT,
        subject_type="enterprise",
        subject_id=f"threshold/{item}/{enterprise}",
        place=row["place"],
        subject_name=words,
        title=words,
        detail="" if holds else "已回到阈值以内，或不再适用",
        holds=holds,
        reference=f"threshold/{number}",
        at=now,
        received_at=now,
        enterprise_id=enterprise,
        limit_name=item,
        limit=limit,
        value=round(value, 1),
        unit=_UNITS[item],
        hazard_class=row["hazard_class"],
    )
    judged = await service.judge_condition(conn, fact)
    return judged.warning_id if judged is not None else None
