"""The filter that a person sets for all pages, areas and sectors: it narrows reading, nothing that is done.

It arrives with a reading request as the header `fengsui-view: areas=429981101,429982101;sectors=chemical`, or
as the parameter `view` of the live stream, which cannot carry a header. It narrows the person's own scope, so
that the row policies apply it to every list, count, file and event without any of them knowing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from msgspec import Struct, structs

from central.db.errors import DomainError, FieldProblem
from central.identity import roles_store as store

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Send
    from litestar.types import Scope as Asked

    from central.db.pool import Database
    from central.identity.models import Person

HEADER = "fengsui-view"
PARAMETER = "view"
_STREAM = "/live"
_READING = {"GET", "HEAD"}
_MOST = 200
_LONGEST = 60
_NO_AREA = "没有这个区划或企业，或不在您的管辖范围内。"


class View(Struct, frozen=True):
    """What somebody wants to look at: region codes or places of enterprises, and sectors; empty means all."""

    areas: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()


def read(text: str) -> View:
    """Reads the header.

    Raises:
        DomainError: 400 with every part that is wrong.
    """
    found: dict[str, tuple[str, ...]] = {}
    problems: list[FieldProblem] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, values = part.partition("=")
        codes = tuple(dict.fromkeys(filter(None, (code.strip() for code in values.split(",")))))
        if name not in View.__struct_fields__ or name in found:
            problems.append(_wrong(name[:_LONGEST], "应为 areas 或 sectors，各写一次。"))
        elif len(codes) > _MOST or any(len(code) > _LONGEST for code in codes):
            problems.append(_wrong(name, f"最多 {_MOST} 项，每项不超过 {_LONGEST} 个字符。"))
        elif not codes:
            problems.append(_wrong(name, "没有写明代码；不筛选时请去掉此项。"))
        else:
            found[name] = codes
    if problems:
        raise _refused(problems)
    return View(**found)


async def narrowed(database: Database, person: Person, text: str) -> Person:
    """The person with the scope narrowed to a view; `whole` keeps what it was.

    Args:
        database: where regions, sectors and the enterprises of this person are looked up.
        person: who asks.
        text: the header; blank leaves everything.

    Raises:
        DomainError: 400 with every code that is unknown. An enterprise outside of the scope is unknown.
    """
    view = read(text)
    if view == View():
        return person
    async with database.worker.acquire() as conn:
        areas = await store.known_areas(conn, view.areas)
        sectors = await store.known_sectors(conn, view.sectors)
    known = {area for area in areas if "/" not in area or person.scope.holds(area)}
    problems = [_wrong(f"areas {code}", _NO_AREA) for code in view.areas if code not in known]
    problems += [
        _wrong(f"sectors {code}", "没有这个行业领域。") for code in view.sectors if code not in sectors
    ]
    if problems:
        raise _refused(problems)
    return structs.replace(
        person, scope=person.scope.narrowed(view.areas, view.sectors), whole=person.full_scope
    )


def _wrong(place: str, problem: str) -> FieldProblem:
    return FieldProblem(f"{HEADER}: {place}", problem)


def _refused(problems: list[FieldProblem]) -> DomainError:
    return DomainError("view-unknown", "页面上方的区域或行业筛选无效，请清除后重新选择。", 400, problems)


class Narrowed(ASGIMiddleware):
    """Behind `SignedInOnly`: whoever reads with a view has the narrower scope for this request."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Asked, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Replaces the request's person."""
        person: Person | None = scope.get("user")
        if person is not None and scope.get("method", "GET") in _READING:
            connection = ASGIConnection[Any, Any, Any, Any](scope)
            text = _asked(connection)
            if text and not connection.url.path.endswith("/session"):
                scope["user"] = await narrowed(connection.app.state.database, person, text)
        await next_app(scope, receive, send)


def _asked(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    if connection.url.path.endswith(_STREAM) and PARAMETER in connection.query_params:
        return str(connection.query_params[PARAMETER])
    return connection.headers.get(HEADER, "")
