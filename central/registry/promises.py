"""The board of the daily safety promises (安全承诺公告, 应急〔2018〕74号): who gave one, who did not."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from central.db.errors import NotFoundError
from central.db.queries import load

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__, "queries_promises.sql")

State = Literal["missing", "draft", "returned", "submitted", "valid", "stopped"]
Wanted = Literal["", "promised", "missing", "submitted", "stopped"]
_SETTLED: Final = frozenset({"valid", "submitted", "stopped"})


class PromiseLine(Struct, kw_only=True):
    """One enterprise on the board; figures are null until something is written down."""

    enterprise_id: int
    enterprise_name: str
    place: str
    region_name: str
    state: State
    record_id: int | None
    submitted_at: dt.datetime | None
    units: int | None = None
    running: int | None = None
    stopped: int | None = None
    repair: int | None = None
    special_work: bool | None = None
    risk: str | None = None
    responsible: str = ""
    words: str = ""


class Township(Struct, kw_only=True):
    """A township's counts; `waiting` of the promised ones are not reviewed, `stopped` owe none."""

    region_code: str
    name: str
    owed: int
    promised: int
    waiting: int
    missing: int
    stopped: int


class PromiseDay(Struct, kw_only=True):
    """One day of one enterprise; null where it is still to come."""

    day: dt.date
    state: State
    record_id: int | None
    submitted_at: dt.datetime | None


async def lines(
    conn: Connection,
    day: dt.date,
    now: dt.datetime,
    *,
    region: str = "",
    state: Wanted = "",
    q: str = "",
    after: tuple[bool | None, str | None] = (None, None),
    limit: int = 50,
) -> list[PromiseLine]:
    """Who owes a promise of a day within the scope, those without one first.

    Args:
        conn: a scoped transaction.
        day: of the promises.
        now: the database's time, for the rule of who owes one.
        region: a code; everything that lies in it.
        state: "promised" is given, reviewed or not; "missing" also one that was not handed in.
        q: part of the enterprise's name.
        after: key of the last row of the page before.
        limit: so many at most.
    """
    rows = await conn.fetch(Q.board, day, now, region, state, q, *after, limit)
    return [_line(row) for row in rows]


def key(line: PromiseLine) -> tuple[bool, str]:
    """Where a line stands."""
    return line.state in _SETTLED, line.place


async def townships(conn: Connection, day: dt.date, now: dt.datetime, region: str = "") -> list[Township]:
    """The counts of a day by township, where most are missing first."""
    return [Township(**row) for row in await conn.fetch(Q.counts, day, now, region)]


async def month(conn: Connection, enterprise_id: int, first: dt.date, today: dt.date) -> list[PromiseDay]:
    """The days of an enterprise in a month, up to today.

    Args:
        conn: a scoped transaction.
        enterprise_id: whose.
        first: any day of the month.
        today: in the jurisdiction's zone.

    Raises:
        NotFoundError: there is no such enterprise in this scope.
    """
    if not await conn.fetchval("SELECT EXISTS (SELECT 1 FROM enterprise WHERE id = $1)", enterprise_id):
        raise NotFoundError("没有找到这家企业，或不在您的管辖范围内。")
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    rows = await conn.fetch(Q.month, enterprise_id, first.replace(day=1), min(last, today))
    return [PromiseDay(**row) for row in rows]


def _line(row: Any) -> PromiseLine:
    told = row["payload"]
    risk = told.get("risk")
    return PromiseLine(
        **{name: row[name] for name in ("enterprise_id", "enterprise_name", "place", "region_name", "state",
                                        "record_id", "submitted_at")},
        **{name: told.get(name) for name in ("units", "running", "stopped", "repair", "special_work")},
        risk=risk.get("choice") if isinstance(risk, dict) else None,
        responsible=told.get("responsible") or "",
        words=told.get("words") or "",
    )  # fmt: skip
