"""What people read of devices and their connection: counts, lists, rates, in the reader's scope."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.devices.connection_models import (
    KIND_WORDS,
    Away,
    ClassCount,
    ConnectionOverview,
    DeviceRow,
    DeviceWords,
    EnterpriseConnection,
    Kind,
    KindCount,
    PeriodRow,
    RateRow,
)
from central.devices.connections import ZONE
from central.http.tags import changed, write_tag

if TYPE_CHECKING:
    from datetime import date

    from central.db.pool import Connection

Q = load(__file__, "queries_connection_lists.sql")
_AWAY_SHOWN: Final = timedelta(days=30)
_DIGITS: Final = {"county": 6, "township": 9}
LONGEST_DAYS: Final = 366
POINT: Final = "point"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of devices or of their times is narrowed to; what is empty narrows nothing."""

    enterprise_id: int | None = None
    gateway_id: str | None = None
    device_id: int | None = None
    kind: str | None = None
    state: str | None = None
    hazard_class: int | None = None
    open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""


def today(now: datetime) -> date:
    """The day in the jurisdiction's zone."""
    return now.astimezone(ZONE).date()


def share(watched_s: float | None, offline_s: float | None) -> float | None:
    """The share of device time that was online; None where there was none."""
    if not watched_s:
        return None
    return max(0.0, min(1.0, 1 - (offline_s or 0.0) / watched_s))


async def overview(conn: Connection, now: datetime) -> ConnectionOverview:
    """What is connected now, by kind of device and class of major hazard."""
    kinds: dict[str, dict[str, int]] = {kind: {} for kind in KIND_WORDS}
    for row in await conn.fetch(Q.totals):
        kinds[row["kind"]][row["state"]] = row["number"]
        kinds[row["kind"]]["never"] = kinds[row["kind"]].get("never", 0) + row["never"]
    for row in await conn.fetch(Q.point_totals):
        kinds[POINT][row["state"]] = row["number"]
    classes: dict[int | None, dict[str, int]] = {}
    for row in await conn.fetch(Q.classes, now):
        counts = classes.setdefault(row["hazard_class"], {})
        counts[row["state"]] = row["number"]
        counts["reported"] = counts.get("reported", 0) + row["reported"]
    seconds = await conn.fetchrow(Q.online_share, today(now))
    away = await conn.fetch(Q.away, now - _AWAY_SHOWN)
    return ConnectionOverview(
        kinds=[KindCount(kind=cast("Kind", kind), **counts) for kind, counts in kinds.items()],
        classes=[
            ClassCount(hazard_class=number, **counts)
            for number, counts in sorted(classes.items(), key=lambda item: item[0] or 9)
        ],
        rate_today=share(*seconds) if seconds else None,
        centre_away=[Away(**dict(row)) for row in away],
    )


async def enterprises(
    conn: Connection, now: datetime, wanted: Wanted, after: tuple[Any, ...], limit: int
) -> list[tuple[EnterpriseConnection, tuple[object, ...]]]:
    """Enterprises, worst first, each with its key; `after` is the key of the row before or Nones."""
    rows = await conn.fetch(
        Q.enterprises, now, wanted.state, wanted.hazard_class, wanted.q, today(now), *after, limit
    )
    return [(_enterprise(row), (row["rank"], row["id"])) for row in rows]


def _enterprise(row: Any) -> EnterpriseConnection:
    return EnterpriseConnection(
        id=row["id"],
        name=row["name"],
        region_name=row["region_name"] or "",
        hazard_class=row["hazard_class"],
        state=row["state"],
        since=row["since"],
        online=row["online"],
        abnormal=row["abnormal"],
        offline=row["offline"],
        rate_today=share(row["watched_s"], row["offline_s"]),
        reported_until=row["reported_until"],
        warned_at=row["told_at"],
        warning_id=row["warning_id"] if row["told_at"] else None,
    )


async def devices(
    conn: Connection, now: datetime, wanted: Wanted, after: tuple[Any, ...], limit: int
) -> list[tuple[DeviceRow, tuple[object, ...]]]:
    """Devices, worst first, each with its key; points where they are asked for by kind."""
    of = wanted
    if of.kind == POINT:
        last = after[2]
        rows = await conn.fetch(
            Q.points, of.enterprise_id, of.state, of.hazard_class, of.q, of.gateway_id, last, limit
        )
        return [(_device(row), (0, row["since"], row["id"])) for row in rows]
    rows = await conn.fetch(
        Q.devices,
        now,
        of.enterprise_id,
        of.kind,
        of.state,
        of.hazard_class,
        of.q,
        of.gateway_id,
        *after,
        limit,
    )
    return [(_device(row), (row["rank"], row["since"], row["id"])) for row in rows]


def _device(row: Any) -> DeviceRow:
    return DeviceRow(
        id=row["id"],
        kind=row["kind"],
        key=row["key"],
        name=row["name"],
        scene=row["scene"],
        position=row["position"],
        state=row["state"],
        since=row["since"],
        cause=row["cause"] if row["state"] != "online" else None,
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        hazard_class=row["hazard_class"],
        gateway_id=row["gateway_id"],
        gateway_name=row["gateway_name"],
        reported_until=row["reported_until"],
        fault_id=row["fault_id"],
        fault_state=row["fault_state"],
        etag=write_tag(row["version"]),
    )


async def describe(conn: Connection, device_id: int, version: int, words: DeviceWords) -> None:
    """Say what a device watches and where it stands.

    Raises:
        NotFoundError: no such device within the scope.
        DomainError: 412, somebody was faster.
    """
    if await conn.fetchrow(Q.seen_device, device_id) is None:
        raise NotFoundError
    if (
        await conn.fetchval(Q.describe, device_id, version, words.scene.strip(), words.position.strip())
        is None
    ):
        raise changed()


async def periods(
    conn: Connection, now: datetime, wanted: Wanted, after: tuple[Any, ...], limit: int
) -> list[PeriodRow]:
    """Times that devices were offline or abnormal, newest first; `after`: began_at, id of the row before."""
    of = wanted
    rows = await conn.fetch(
        Q.periods,
        now,
        of.enterprise_id,
        of.device_id,
        of.kind,
        of.state,
        of.open,
        of.since,
        of.until,
        of.q,
        *after,
        limit,
    )
    return [PeriodRow(**dict(row)) for row in rows]


async def rates(
    conn: Connection, by: str, first: date, last: date, enterprise_id: int | None, limit: int
) -> list[RateRow]:
    """Online rates from one day to another, both included.

    Raises:
        DomainError: 400, the days are the wrong way round or too many.
    """
    if first > last or (last - first).days > LONGEST_DAYS:
        words = f"起止日期应先后有序，且不超过 {LONGEST_DAYS} 天。"
        raise DomainError("invalid", "日期范围不正确。", 400, [FieldProblem("until", words)])
    values: list[Any] = [first, last, enterprise_id, limit]
    if by in _DIGITS:
        rows = await conn.fetch(Q.rates_by_area, *values, _DIGITS[by])
    else:
        rows = await conn.fetch(Q.rates_by_day if by == "day" else Q.rates_by_enterprise, *values)
    return [
        RateRow(
            key=row["key"],
            name=row["name"],
            devices=row["devices"],
            rate=share(row["watched_s"], row["offline_s"]),
            offline_h=round(row["offline_s"] / 3600, 2),
            abnormal_h=round(row["abnormal_s"] / 3600, 2),
            periods=row["periods"],
        )
        for row in rows
    ]
