"""What keeps silent at the plants, and every alarm of a point that could (law-warning 4: never unseen)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from central.db.errors import NotFoundError
from central.devices import service as devices
from central.telemetry import store
from central.telemetry.models import CoveredAlarm, DescribedAlarm

if TYPE_CHECKING:
    from central.db.pool import Connection

HOLDING = frozenset("BC")
"""Letters of ISA-18.2 under a cover whose condition is there."""


async def listing(
    conn: Connection,
    now: datetime,
    cover: str | None,
    enterprise_id: int | None,
    gateway_id: str | None,
    after: Sequence[Any],
    limit: int,
) -> list[tuple[CoveredAlarm, tuple[object, ...]]]:
    """What is shelved, out of service, suppressed by design or held back by bad data, each with its key.

    Args:
        conn: a scoped transaction.
        now: of the first page: what ends within an hour from then comes first.
        cover: only of this kind.
        enterprise_id: only of this plant.
        gateway_id: only of this gateway.
        after: the key of the row before, Nones for the first page.
        limit: how many.
    """
    rows = await store.covered_alarms(conn, now, cover, enterprise_id, gateway_id, after, limit)
    return [(_covered(row), (row["rank"], row["due"], row["gateway_id"], row["name"])) for row in rows]


def _covered(row: Any) -> CoveredAlarm:
    doubted = row["cover"] == "quality"
    return CoveredAlarm(
        cover=row["cover"],
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        region_name=row["region_name"],
        gateway_id=row["gateway_id"],
        gateway_name=row["gateway_name"],
        alarm=None if doubted else row["name"],
        point_id=row["point_id"],
        point_name=row["point_name"],
        point_key=row["point_key"],
        instrument=row["source"],
        points=row["points"],
        limit=row["limit_name"],
        side=row["side"],
        holds=None if doubted or not row["under"] else row["under"] in HOLDING,
        since=row["since"],
        until=row["until"],
        by=row["covered_by"],
        why=row["covered_why"],
        raises=row["raises"],
    )


async def alarms_of_point(conn: Connection, point_id: int) -> list[DescribedAlarm]:
    """Every alarm that the current birth describes at a point, with its state.

    Args:
        conn: a scoped transaction.
        point_id: whose.

    Raises:
        NotFoundError: no such point within the scope.
    """
    point = await store.point_row(conn, point_id)
    if point is None:
        raise NotFoundError
    known = {row["alarm"]: row for row in await store.alarms_of_point(conn, point_id)}
    described = await devices.described_alarms(conn, point["gateway_id"], point["key"])
    return [_described(info, known.get(info.alarm)) for info in described]


def _described(info: Any, row: Any) -> DescribedAlarm:
    head = (info.alarm, info.side, info.limit_name, info.limit, info.priority)
    if row is None or row["state"] == "A":
        return DescribedAlarm(*head, "A", None, "", "", "", None)
    return DescribedAlarm(
        *head,
        row["state"],
        row["since"],
        row["under"],
        row["covered_by"],
        row["covered_why"],
        row["covered_until"],
    )
