"""Management thresholds as pages ask for them and as officials write them, within their scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import asyncpg

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.identity import service as identities
from central.warning.management import Q
from central.warning.management_models import (
    BeyondRow,
    ItemCount,
    NamedSector,
    Side,
    ThresholdForm,
    ThresholdRow,
    Thresholds,
)
from central.warning.management_rules import AT_LEAST

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from central.db.pool import Connection
    from central.identity.models import Person


async def thresholds(conn: Connection, person: Person, now: dt.datetime, *, ended: bool) -> Thresholds:
    """The rows that concern the caller, and how many enterprises are beyond each."""
    rows = await conn.fetch(Q.threshold_rows, None, now, ended)
    counted = [ItemCount(row["item"], row["many"]) for row in await conn.fetch(Q.count_beyond)]
    sectors = [NamedSector(row["code"], row["name"]) for row in await conn.fetch(Q.sectors_known)]
    return Thresholds([_row(row, person) for row in rows], counted, sectors)


async def beyond(
    conn: Connection, *, item: str, enterprise_id: int | None, after: int | None, limit: int
) -> list[BeyondRow]:
    """Enterprises beyond a threshold, the newest first."""
    rows = await conn.fetch(Q.beyond_rows, item, enterprise_id, after, limit)
    return [BeyondRow(**dict(row)) for row in rows]


async def put_in_force(
    conn: Connection, person: Person, form: ThresholdForm, now: dt.datetime, zone: ZoneInfo
) -> ThresholdRow:
    """Write the next version of a region's threshold; it counts from the next round on.

    Raises:
        DomainError: 400 with everything that is wrong; 403 the region lies outside the caller's area; 409
            somebody wrote another one at the same moment.
    """
    await _check(conn, person, form, now, zone)
    ends = None
    if form.last_day is not None:
        ends = dt.datetime.combine(form.last_day + dt.timedelta(days=1), dt.time(), zone)
    try:
        async with conn.transaction():
            await conn.execute(Q.end_thresholds_before, form.region, form.item, now)
            number = await conn.fetchval(
                Q.add_threshold, form.region, form.item, form.limit, form.asked, form.sectors, form.hazards,
                form.source, now, ends, person.display_name,
            )  # fmt: skip
    except asyncpg.UniqueViolationError as exc:
        raise DomainError("changed", "别人刚刚修改了同一条阈值，请刷新后重试。", 409) from exc
    return _row(await conn.fetchrow(Q.threshold_rows, number, now, True), person)


async def end(conn: Connection, threshold_id: int, reason: str, now: dt.datetime) -> None:
    """End a threshold at once; that of the region above counts again.

    Raises:
        NotFoundError: there is none that stands in the caller's area.
    """
    row = await conn.fetchrow(Q.end_threshold, threshold_id, now)
    if row is None:
        raise NotFoundError("没有找到这条生效中的阈值，或不在您的管辖范围内。")
    await identities.audit(
        conn, "ended", "management_threshold", threshold_id, after=dict(row), reason=reason
    )


def _row(row: Any, person: Person) -> ThresholdRow:
    side: Side = "below" if row["item"] in AT_LEAST else "above"
    return ThresholdRow(**dict(row), side=side, own=_whole(person, row["region"]))


def _whole(person: Person, region: str) -> bool:
    return person.scope.sectors is None and any(low <= region < high for low, high in person.scope.ranges)


async def _check(
    conn: Connection, person: Person, form: ThresholdForm, now: dt.datetime, zone: ZoneInfo
) -> None:
    wrong = []
    if not await conn.fetchval(Q.threshold_region_known, form.region):
        wrong.append(FieldProblem("region", "没有这个地区。", "从列表中选择。"))
    elif not _whole(person, form.region):
        raise DomainError(
            "invalid", "不能为这个地区设置阈值。", 403,
            [FieldProblem("region", "整个地区须在您的管辖范围内。", "选择本辖区内的地区。")],
        )  # fmt: skip
    if form.item in AT_LEAST and form.limit > 100:
        wrong.append(FieldProblem("limit", "不能超过 100。", "填写 0 到 100 之间的数。"))
    known = {row["code"] for row in await conn.fetch(Q.sectors_known)}
    if not known.issuperset(form.sectors or ()):
        wrong.append(FieldProblem("sectors", "有未知的监管领域。", "从列表中选择。"))
    if form.last_day is not None and not 0 <= (form.last_day - now.astimezone(zone).date()).days <= 18_300:
        wrong.append(FieldProblem("last_day", "截止日期须在今天或以后，五十年以内。", "留空表示长期有效。"))
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)
