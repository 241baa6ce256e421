"""HTTP of what areas must have of emergency resources: the numbers that offices keep, and how each stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.pool import Database
from central.db.scope import Scope, acting, scoped
from central.http.paging import MOST, read_cursor, write_cursor
from central.http.tags import changed, read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.registry.forms.register import catalogue
from central.warning import shortages
from central.warning.shortages import Countable, Q

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.warning.store import Row

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]
_Region = Annotated[str, msgspec.Meta(pattern="^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
_Name = Annotated[str, msgspec.Meta(max_length=64)]


class MinimumForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An area must have so much of something; `field` with `choice`, and `words` of the title, narrow it.

    Without `measure` records are counted.
    """

    region: _Region
    name: Annotated[str, msgspec.Meta(max_length=60)]
    register: _Name
    field: _Name = ""
    choice: _Name = ""
    words: Annotated[str, msgspec.Meta(max_length=60)] = ""
    measure: _Name = ""
    minimum: Annotated[float, msgspec.Meta(gt=0, le=1e9)]
    unit: Annotated[str, msgspec.Meta(max_length=10)]
    source: Annotated[str, msgspec.Meta(max_length=200)] = ""


class MinimumRow(msgspec.Struct, kw_only=True):
    """One minimum and how it stands; `counted` null: not counted yet."""

    id: int
    agency_id: int
    agency_name: str
    region: str
    region_name: str
    name: str
    register: str
    register_title: str
    field: str
    choice: str
    words: str
    measure: str
    minimum: float
    unit: str
    source: str
    counted: float | None
    counted_at: datetime | None
    short_since: datetime | None
    warning_id: UUID | None
    may_edit: bool
    etag: str


class MinimumPage(msgspec.Struct):
    items: list[MinimumRow]
    next: str | None


class ResourceArea(msgspec.Struct):
    """One area: how many minimums it has, and how many it misses."""

    region: str
    region_name: str
    minimums: int
    short: int


class ResourceAreas(msgspec.Struct):
    items: list[ResourceArea]


class CountableList(msgspec.Struct):
    items: list[Countable]


class MinimumController(Controller):
    """Minimums of the reader's jurisdiction."""

    path = "/resource-minimums"
    tags = ("warnings",)

    @get("/", operation_id="listResourceMinimums")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        short: FromQuery[bool | None] = None,
        register: Annotated[str | None, QueryParameter(max_length=64)] = None,
        region: Annotated[str | None, QueryParameter(pattern="^[0-9]{2,12}$")] = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> MinimumPage:
        """Those that are missed first, then by area."""
        (after,) = read_cursor(cursor, int)
        begin = max(0, min(after or 0, 100_000))
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await conn.fetch(Q.page, short, register, region, q, None, limit + 1, begin)
        following = write_cursor(begin + limit) if len(rows) > limit else None
        return MinimumPage([_row(row, person) for row in rows[:limit]], following)

    @get("/areas", operation_id="resourceAreas")
    async def areas(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> ResourceAreas:
        """Areas, those that miss most first."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return ResourceAreas([ResourceArea(**dict(row)) for row in await conn.fetch(Q.by_area)])

    @get("/kinds", operation_id="resourceKinds")
    async def kinds(self) -> CountableList:
        """What may be counted: registers, the fields that narrow them, the numbers to add up."""
        return CountableList(shortages.countable())

    @post("/", operation_id="addResourceMinimum", guards=[may("resources")])
    async def add(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[MinimumForm],
    ) -> MinimumRow:
        """Says what an area must have; it is counted at once."""
        if person.agency_id is None:
            raise DomainError("no-agency", "只有监管机构的人员可以配置资源下限。", 409)
        async with acting(database.worker, person.actor) as conn:
            await _check(conn, person, data)
            number = await conn.fetchval(Q.add, person.agency_id, *_values(data))
            await shortages.judge_one(conn, number, await clock.database_now(conn))
        return await _one(database, person, number)

    @put("/{resource_minimum_id:int}", operation_id="changeResourceMinimum", guards=[may("resources")])
    async def change(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        resource_minimum_id: FromPath[int],
        data: JSONBody[MinimumForm],
        if_match: IfMatch = None,
    ) -> MinimumRow:
        """Changes it; it is counted anew at once."""
        version = read_version(if_match)
        await _one(database, person, resource_minimum_id)
        async with acting(database.worker, person.actor) as conn:
            await _check(conn, person, data)
            if await conn.fetchval(Q.change, resource_minimum_id, version, *_values(data)) is None:
                raise changed()
            await shortages.judge_one(conn, resource_minimum_id, await clock.database_now(conn))
        return await _one(database, person, resource_minimum_id)

    @delete("/{resource_minimum_id:int}", operation_id="removeResourceMinimum", guards=[may("resources")])
    async def remove(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        resource_minimum_id: FromPath[int],
        if_match: IfMatch = None,
    ) -> None:
        """Asks it no more; its warning ends."""
        version = read_version(if_match)
        await _one(database, person, resource_minimum_id)
        async with acting(database.worker, person.actor) as conn:
            now = await clock.database_now(conn)
            if await conn.fetchval(Q.remove, resource_minimum_id, version, now) is None:
                raise changed()
            await shortages.judge_one(conn, resource_minimum_id, now)


def _values(data: MinimumForm) -> tuple[Any, ...]:
    return (
        data.region, data.name.strip(), data.register, data.field, data.choice, data.words.strip(),
        data.measure, data.minimum, data.unit.strip(), data.source.strip() or "本机构设定",
    )  # fmt: skip


async def _check(conn: Connection, person: Person, data: MinimumForm) -> None:
    known = {kind.register: kind for kind in shortages.countable()}
    kind = known.get(data.register)
    fields = {field.name: field for field in kind.fields} if kind else {}
    wrong = [
        FieldProblem(name, "必须填写。")
        for name, words in (("name", data.name), ("unit", data.unit))
        if not words.strip()
    ]
    if kind is None:
        wrong.append(FieldProblem("register", "不是可统计的应急资源台账，请从清单中选择。"))
    elif data.field and data.field not in fields:
        wrong.append(FieldProblem("field", f"“{kind.title}”不能按这一项筛选。"))
    elif data.field and data.choice not in {choice.code for choice in fields[data.field].choices}:
        wrong.append(FieldProblem("choice", f"请选择“{fields[data.field].title}”的一个选项。"))
    if kind is not None and data.measure and data.measure not in {m.name for m in kind.measures}:
        wrong.append(FieldProblem("measure", f"“{kind.title}”没有这个可合计的数。"))
    if await conn.fetchval(Q.region, data.region) is None or not person.full_scope.covers(
        Scope.region(data.region)
    ):
        wrong.append(FieldProblem("region", "没有这个区划，或不在您的管辖范围内。"))
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)


async def _one(database: Database, person: Person, number: int) -> MinimumRow:
    rows = []
    if 0 < number < 2**31:
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await conn.fetch(Q.page, None, None, None, "", number, 1, 0)
    if not rows:
        raise NotFoundError("没有找到这项资源配置，或不在您的管辖范围内。")
    return _row(rows[0], person)


def _row(row: Row, person: Person) -> MinimumRow:
    register = catalogue().get(row["register"])
    left = {"version", "told_at", "place"}
    values = {key: value for key, value in row.items() if key not in left}
    return MinimumRow(
        **values | {"warning_id": row["warning_id"] if row["told_at"] else None},
        register_title=register.zh if register else row["register"],
        may_edit="resources" in person.may,
        etag=write_tag(row["version"]),
    )


routes: list[Any] = [MinimumController]
