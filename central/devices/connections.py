"""Devices as they are connected, and every time that they were not: kept from what gateways said last.

State, period and the enterprise's sum are written in one transaction, and are a function of `gateway_state`:
told again, by another process or after a restart, nothing is written twice. While no centre was there nobody
watched, and no device is counted as offline for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from central.db.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from central.db.pool import Connection

Q = load(__file__, "queries_connection.sql")
ZONE: Final = ZoneInfo("Asia/Shanghai")
AT_ONCE: Final = 200


async def watch(conn: Connection, now: datetime) -> bool:
    """Note that a centre is there; true when one had not been for a while, which is kept.

    Args:
        conn: a worker's connection.
        now: the database's time.
    """
    return await conn.fetchval(Q.watch, now) is not None


async def follow(conn: Connection, gateways: Sequence[str], now: datetime) -> int:
    """Bring devices of some gateways in line with what those said last; gives how many changed their state.

    Args:
        conn: the transaction in which their presence or their last word was written.
        gateways: ids.
        now: the database's time.
    """
    ids = sorted(set(gateways))
    await conn.execute(Q.name_enterprises, ids)
    enterprises = [row["enterprise_id"] for row in await conn.fetch(Q.lock_enterprises, ids)]
    await conn.execute(Q.name_devices, ids, now)
    await conn.execute(Q.rename_gateways, ids)
    await conn.execute(Q.retire_devices, ids, now)
    changed = await conn.fetch(Q.change_devices, ids, now)
    if changed:
        numbers = [row["id"] for row in changed]
        await conn.execute(Q.end_periods, numbers, now)
        await conn.execute(Q.begin_periods, numbers, [row["cause"] for row in changed])
    await conn.execute(Q.reckon_enterprises, enterprises, now)
    return len(changed)


async def gateways_after(conn: Connection, last: str) -> list[str]:
    """Some gateways by id, of those after one; none: that was all."""
    return [row["gateway_id"] for row in await conn.fetch(Q.all_gateways, last, AT_ONCE)]


async def reckon_part(conn: Connection, after: int, now: datetime) -> int | None:
    """Reckon today and what is open of the days before, for some enterprises.

    Args:
        conn: a worker's transaction.
        after: the last enterprise of the part before, 0 to begin.
        now: the database's time.

    Returns:
        The last enterprise of this part; None when there was none left.
    """
    ids = [row["enterprise_id"] for row in await conn.fetch(Q.enterprises_to_reckon, after, AT_ONCE)]
    if not ids:
        return None
    today = now.astimezone(ZONE).date()
    days = {row["day"] for row in await conn.fetch(Q.days_open, today)} | {today}
    for day in sorted(days):
        await conn.execute(Q.reckon_day, ids, day, now)
    last: int = ids[-1]
    return last
