"""Warnings by enterprise, area, sector or event type of a week, month or year (MON-20 to MON-24).

Counted from the cases themselves: one that is handled today counts as handled in the week in which it was
raised. TEST cases and what was over when it was told are no statistic (law-warning 2, 15).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from msgspec import Struct

from central.db.errors import DomainError
from central.db.queries import load
from central.identity import service as identity
from central.registry.sheets.cells import guarded
from central.statistics.alarm_days_worker import midnight
from central.warning import wording

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__, "queries_warning_counts.sql")

By = Literal["enterprise", "area", "sector", "kind"]
Period = Literal["week", "month", "year"]
Only = Literal["", "warned", "unhandled"]

MOST: Final = 20_000
_WIDTHS: Final = (2, 4, 6, 9, 12)
_BEFORE: Final = {"week": 12, "month": 12, "year": 5}
_HEADS: Final[dict[By, str]] = {
    "enterprise": "企业",
    "area": "区域",
    "sector": "行业领域",
    "kind": "事件类型",
}


class CountRow(Struct, frozen=True, kw_only=True):
    """One line. `rate`: handled in percent of all that did not end by itself; None: nothing was to handle.

    `enterprises`: how many there are; of an event type 0. `warned`, `with_unhandled`: enterprises.
    """

    key: str
    name: str
    region_name: str | None
    enterprises: int
    warned: int
    warnings: int
    handled: int
    cleared: int
    unhandled: int
    with_unhandled: int
    rate: float | None


class PeriodCount(Struct, frozen=True):
    """One week, month or year, by its first day."""

    begin: date
    warnings: int
    handled: int
    cleared: int
    unhandled: int


class WarningCounts(Struct, frozen=True, kw_only=True):
    """A page of lines with the sum of all, and the periods before."""

    from_: date = msgspec.field(name="from")
    to: date
    total: CountRow
    items: list[CountRow]
    periods: list[PeriodCount]
    next: str | None


class Asked(Struct, frozen=True, kw_only=True):
    """What is counted: of the period that holds a day; `region`, `sector`, `kind` empty for all."""

    by: By
    period: Period
    day: date
    region: str = ""
    sector: str = ""
    kind: str = ""
    only: Only = ""


def stretch(period: Period, day: date) -> tuple[date, date]:
    """First and last day of the week (Monday to Sunday), month or year that holds a day."""
    if period == "week":
        begin = day - timedelta(days=day.weekday())
        return begin, begin + timedelta(days=6)
    if period == "month":
        begin = day.replace(day=1)
        return begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return day.replace(month=1, day=1), day.replace(month=12, day=31)


def first_before(period: Period, begin: date, many: int) -> date:
    """First day of the period so many before one."""
    if period == "week":
        return begin - timedelta(weeks=many)
    if period == "year":
        return begin.replace(year=begin.year - many)
    months = begin.year * 12 + begin.month - 1 - many
    return date(months // 12, months % 12 + 1, 1)


async def counts(
    conn: Connection, asked: Asked, after: Sequence[Any], limit: int
) -> tuple[WarningCounts, tuple[object, ...] | None]:
    """Lines of one page and the sums; with the key that a cursor after the page holds.

    Args:
        conn: a scoped transaction.
        asked: what.
        after: the key of the row before, Nones for the first page; of enterprises only.
        limit: of enterprises; areas, sectors and types are few.
    """
    begin, end = stretch(asked.period, asked.day)
    span = (midnight(begin), midnight(end + timedelta(days=1)))
    narrowed = (asked.region, asked.sector, asked.kind)
    found = await rows(conn, asked, span, after, limit + 1)
    more = asked.by == "enterprise" and len(found) > limit
    shown = found[:limit] if asked.by == "enterprise" else found
    total = await conn.fetchrow(Q.totals, *span, *narrowed)
    assert total is not None
    since = midnight(first_before(asked.period, begin, _BEFORE[asked.period] - 1))
    periods = await conn.fetch(Q.periods, since, span[1], *narrowed, asked.period)
    last = shown[-1] if more else None
    return (
        WarningCounts(
            from_=begin,
            to=end,
            total=_row({**total, "key": "", "name": "合计", "region_name": None}),
            items=[_row(row) for row in shown],
            periods=[PeriodCount(*row) for row in periods],
            next=None,
        ),
        None if last is None else (last["unhandled"], last["warnings"], last["id"]),
    )


async def rows(
    conn: Connection, asked: Asked, span: tuple[datetime, datetime], after: Sequence[Any], limit: int
) -> Sequence[Any]:
    """Lines of a time as the database counts them."""
    values = (*span, asked.region, asked.sector, asked.kind)
    if asked.by == "enterprise":
        return await conn.fetch(Q.by_enterprise, *values, asked.only, *after, limit)
    if asked.by == "area":
        return await conn.fetch(Q.by_area, *values, await digits(conn, asked.region))
    return await conn.fetch(Q.by_sector if asked.by == "sector" else Q.by_kind, *values)


async def digits(conn: Connection, region: str) -> int:
    """How wide the areas are into which a region falls: the widest of which there are several."""
    row = await conn.fetchrow(Q.area_digits, region)
    assert row is not None
    below = [width for width in _WIDTHS if width > len(region)]
    for width in below:
        if row[f"n{width}"] > 1:
            return width
    return below[0] if below and region else _WIDTHS[-1]


def _row(row: Any) -> CountRow:
    values = {name: row[name] for name in CountRow.__struct_fields__ if name != "rate"}
    due = row["warnings"] - row["cleared"]
    return CountRow(**values, rate=100 * row["handled"] / due if due else None)


async def lines(conn: Connection, asked: Asked) -> bytes:
    """The whole table as CSV (UTF-8 with a mark, as spreadsheets read it); the audit remembers.

    Raises:
        DomainError: 413 more than `MOST` lines.
    """
    begin, end = stretch(asked.period, asked.day)
    span = (midnight(begin), midnight(end + timedelta(days=1)))
    found = [_row(row) for row in await rows(conn, asked, span, (None, None, None), MOST + 1)]
    if len(found) > MOST:
        raise DomainError("too-many-rows", f"超过 {MOST} 行，请缩小范围后再导出。", 413)
    total = await conn.fetchrow(Q.totals, *span, asked.region, asked.sector, asked.kind)
    assert total is not None
    await identity.audit(
        conn, "exported", "warning-statistics", asked.by, after={"count": len(found), "from": str(begin)}
    )
    whole = _row({**total, "key": "", "name": "合计", "region_name": None})
    return written(asked.by, begin, end, [*found, whole])


def written(by: By, begin: date, end: date, found: Sequence[CountRow]) -> bytes:
    """Lines as the bytes of a CSV file."""
    columns: dict[str, Callable[[CountRow], object]] = {
        _HEADS[by]: lambda row: wording.kind_word(row.key) if by == "kind" and row.key else row.name,
        **({"所在地": lambda row: row.region_name or ""} if by == "enterprise" else {}),
        **({"企业数": lambda row: row.enterprises} if by in {"area", "sector"} else {}),
        **({"预警企业数": lambda row: row.warned} if by != "enterprise" else {}),
        "预警数": lambda row: row.warnings,
        "已处置": lambda row: row.handled,
        "自行消除": lambda row: row.cleared,
        "未处置": lambda row: row.unhandled,
        "处置率": lambda row: "" if row.rate is None else f"{row.rate:.1f}%",
        **({"有未处置预警的企业数": lambda row: row.with_unhandled} if by in {"area", "sector"} else {}),
    }
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([f"统计时间 {begin} 至 {end}"])
    writer.writerow(list(columns))
    for row in found:
        writer.writerow([guarded(str(value(row))) or "" for value in columns.values()])
    return ("\ufeff" + buffer.getvalue()).encode()
