"""HTTP of devices: gateways, and what is asked of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError, ForbiddenError
from central.db.pool import Database
from central.db.scope import scoped
from central.devices import service
from central.devices.models import COVERING, CommandRequest, CommandRow, GatewayRow
from central.http.paging import MOST, read_cursor, write_cursor
from central.identity.access import may
from central.identity.models import Person
from protocol.messages import Command, Reply


class Sender(ABC):
    """Carries a command to its gateway; ingest has the road."""

    @abstractmethod
    async def send(self, command: Command) -> tuple[str, str]:
        """Send it and wait; returns (result, detail), result "silent" when nobody answered."""

    @abstractmethod
    async def answer(self, command: Command) -> Reply:
        """Send it and wait for all of the answer, with the result "silent" when nobody answered."""


class GatewayPage(msgspec.Struct, frozen=True):
    items: list[GatewayRow]
    next: str | None


class GatewayController(Controller):
    """Gateways within the reader's jurisdiction."""

    path = "/gateways"
    tags = ("gateways",)

    @get("/", operation_id="listGateways")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Annotated[int | None, QueryParameter(ge=0, le=2**31 - 1)] = None,
        presence: FromQuery[Literal["online", "late", "offline"] | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> GatewayPage:
        """Gateways by id, one page."""
        (after,) = read_cursor(cursor, str)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows, following = await service.listing(
                conn,
                await clock.database_now(conn),
                after=after or "",
                enterprise_id=enterprise_id,
                presence=presence,
                limit=limit,
            )
        return GatewayPage(rows, None if following is None else write_cursor(following))

    @get("/{gateway_id:str}", operation_id="getGateway")
    async def one(
        self, person: NamedDependency[Person], database: NamedDependency[Database], gateway_id: FromPath[str]
    ) -> GatewayRow:
        """One gateway."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.one(conn, gateway_id, await clock.database_now(conn))

    @post(
        "/{gateway_id:str}/commands", operation_id="commandGateway", guards=[may("command")], status_code=200
    )
    async def command(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        commands: NamedDependency[Sender | None],
        gateway_id: FromPath[str],
        data: JSONBody[CommandRequest],
    ) -> CommandRow:
        """Asks something of the plant's alarms; the answer is what the gateway said, or its silence."""
        service.check_command(data)
        if data.command in COVERING and "cover" not in person.may:
            raise ForbiddenError
        if commands is None:
            raise DomainError("no-road", "本进程未连接网关通道，请稍后再试。", 503)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            order = await service.prepare_command(
                conn, gateway_id, data, person.display_name, now, person.kind
            )
        result, detail = await commands.send(order)
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.record_answer(conn, order, result, detail, await clock.database_now(conn))


routes: list[Any] = [GatewayController]
