"""HTTP of the board of daily safety promises, and of an enterprise's month."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.registry import promises
from central.registry.promises import PromiseDay, PromiseLine, Township, Wanted
from central.settings import Settings


class PromiseBoard(Struct, frozen=True):
    """A day's board: a page of enterprises, and the counts of everything that the scope holds."""

    day: dt.date
    today: dt.date
    townships: list[Township]
    items: list[PromiseLine]
    next: str | None


class PromiseMonth(Struct, frozen=True):
    """The days of an enterprise in a month, up to today."""

    enterprise_id: int
    today: dt.date
    items: list[PromiseDay]


class PromiseController(Controller):
    """Daily safety promises (安全承诺公告)."""

    path = "/promises"
    tags = ("registry",)

    @get("/", operation_id="getPromiseBoard", guards=[may("see")])
    async def board(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        day: FromQuery[dt.date | None] = None,
        region: Annotated[str, QueryParameter(pattern="^[0-9]{0,12}$")] = "",
        wanted: Annotated[Wanted, QueryParameter(name="state")] = "",
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> PromiseBoard:
        """Who promised and who did not, of one day; today without one."""
        after = read_cursor(cursor, bool, str)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await database_now(conn)
            today = now.astimezone(ZoneInfo(settings.zone)).date()
            asked = day or today
            rows = await promises.lines(
                conn, asked, now, region=region, state=wanted, q=q.strip(), after=(after[0], after[1]),
                limit=limit + 1,
            )  # fmt: skip
            counted = await promises.townships(conn, asked, now, region)
        items, following = page(rows, limit, key=promises.key)
        return PromiseBoard(asked, today, counted, items, following)

    @get("/calendar", operation_id="getPromiseMonth", guards=[may("see")])
    async def month(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        month: Annotated[str, QueryParameter(pattern="^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")] = "",
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    ) -> PromiseMonth:
        """The promises of one enterprise in a month: one's own and this month without being asked."""
        whose = enterprise_id or person.enterprise_id
        if whose is None:
            problem = FieldProblem("enterprise_id", "必须指明企业。", "请填写企业编号。")
            raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, [problem])
        async with scoped(database.web, person.scope, person.actor) as conn:
            today = (await database_now(conn)).astimezone(ZoneInfo(settings.zone)).date()
            first = dt.date.fromisoformat(f"{month}-01") if month else today
            days = await promises.month(conn, whose, first, today)
        return PromiseMonth(whose, today, days)


routes = [PromiseController]
