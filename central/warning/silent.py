"""Everything that is silent, as one list: at the plants, in windows, as false alarms (law-warning 4).

What is suppressed, by whom, until when: first what ends within the hour, then what has no end.
"""

import heapq
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.telemetry import covered
from central.telemetry.models import CoveredAlarm
from central.warning.store import Row
from central.warning.windows import Q

AT_PLANT: Final = frozenset({"shelved", "out-of-service", "suppressed", "quality"})


class Silent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that keeps silent.

    `cover`: shelved, out-of-service, suppressed, quality (as CoveredAlarm, told by the plant), window (then
    `category` and `window_id`) or false-alarm (then `warning_id`). `title`: of the last two, what about.
    `waiting`: so many cases are there now whose calls wait; null where the plant itself keeps silent.
    `reds`: of a window, whether red ones wait too: no, asked (for consent), yes.
    """

    cover: str
    enterprise_id: int
    enterprise_name: str
    region_name: str
    gateway_id: str | None
    gateway_name: str
    alarm: str | None
    point_id: int | None
    point_name: str | None
    point_key: str | None
    instrument: str
    points: int
    limit: str
    side: str
    holds: bool | None
    since: datetime
    until: datetime | None
    by: str
    why: str
    raises: int | None
    category: str = ""
    title: str = ""
    waiting: int | None = None
    window_id: int | None = None
    warning_id: UUID | None = None
    reds: str = ""


async def listing(
    conn: Connection,
    now: datetime,
    cover: str | None,
    enterprise_id: int | None,
    gateway_id: str | None,
    after: Sequence[Any],
    limit: int,
) -> list[tuple[Silent, tuple[Any, ...]]]:
    """Give what is silent, each with its key; the arguments are those of `covered.listing`."""
    plant: list[tuple[Silent, tuple[Any, ...]]] = []
    centre: list[tuple[Silent, tuple[Any, ...]]] = []
    if cover is None or cover in AT_PLANT:
        told = await covered.listing(conn, now, cover, enterprise_id, gateway_id, after, limit)
        plant = [(_at_plant(one), key) for one, key in told]
    if cover not in AT_PLANT:
        rows = await conn.fetch(Q.silent, now, cover, enterprise_id, gateway_id, *after, limit)
        centre = [(_at_centre(row), (row["rank"], row["until"], "", row["name"])) for row in rows]
    return list(heapq.merge(plant, centre, key=lambda one: one[1]))[:limit]


def _at_plant(one: CoveredAlarm) -> Silent:
    return Silent(**msgspec.structs.asdict(one))


def _at_centre(row: Row) -> Silent:
    reds = "" if row["cover"] != "window" else "no" if not row["holds_red"] else "asked"
    return Silent(
        cover=row["cover"],
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        region_name=row["region_name"],
        gateway_id=row["gateway_id"],
        gateway_name=row["gateway_name"],
        alarm=None,
        point_id=row["point_id"],
        point_name=row["point_name"],
        point_key=row["point_key"],
        instrument=row["source"],
        points=1 if row["point_id"] is not None else 0,
        limit="",
        side="",
        holds=None,
        since=row["since"],
        until=row["until"],
        by=row["by"],
        why=row["why"],
        raises=None,
        category=row["category"],
        title=row["title"],
        waiting=row["waiting"],
        window_id=row["window_id"],
        warning_id=row["warning_id"],
        reds="yes" if row["consent_at"] is not None else reds,
    )
