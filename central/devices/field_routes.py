"""HTTP of what is done and looked into at a gateway from afar: its outputs, its silences, its black boxes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from central import clock
from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import scoped
from central.devices import absences, service, switches, tapes
from central.devices.field_models import (
    ABSENCES_MOST,
    AbsencePage,
    AtGateway,
    SwitchList,
    TapeList,
    TapeRequest,
    TapeRow,
)
from central.devices.routes import Sender
from central.http.paging import page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from protocol.messages import Reply

_LAST = datetime(9999, 1, 1, tzinfo=UTC)
_WithZone = Annotated[datetime, Meta(tz=True)]


class SwitchController(Controller):
    """Outputs of gateways within the reader's jurisdiction that stand beside their annunciators."""

    path = "/gateways/{gateway_id:str}/outputs"
    tags = ("gateways",)

    @get("/", operation_id="listSwitches")
    async def listing(
        self, person: NamedDependency[Person], database: NamedDependency[Database], gateway_id: FromPath[str]
    ) -> SwitchList:
        """What may be written from afar, by whom and when; and what each was read back as."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await switches.listing(conn, gateway_id, person.kind, may="command" in person.may)
        return SwitchList(rows)


class AbsenceController(Controller):
    """Times that gateways within the reader's jurisdiction were not heard."""

    path = "/gateways/{gateway_id:str}/absences"
    tags = ("gateways",)

    @get("/", operation_id="listAbsences")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        limit: Annotated[int, QueryParameter(ge=1, le=ABSENCES_MOST)] = 20,
        cursor: FromQuery[str | None] = None,
    ) -> AbsencePage:
        """From when to when, why where it is known, and how much came late; newest first."""
        (before,) = read_cursor(cursor, _WithZone)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await absences.listing(conn, gateway_id, now, before or _LAST, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.began_at,))
        return AbsencePage(items, following)


class TapeController(Controller):
    """Black boxes of buses of gateways within the reader's jurisdiction."""

    path = "/gateways/{gateway_id:str}/tapes"
    tags = ("gateways",)

    @get("/", operation_id="listTapes")
    async def listing(
        self, person: NamedDependency[Person], database: NamedDependency[Database], gateway_id: FromPath[str]
    ) -> TapeList:
        """What was fetched, newest first."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return TapeList(await tapes.listing(conn, gateway_id))

    @post("/look", operation_id="lookForTapes", guards=[may("device")], status_code=200)
    async def look(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        commands: NamedDependency[Sender | None],
        gateway_id: FromPath[str],
    ) -> AtGateway:
        """Asks the gateway which buses it has a tape of, and which dumps lie there."""
        asking = _Asking(person, database, commands, gateway_id)
        return tapes.listed(await asking.ask("", "查看黑匣子目录", 0))

    @post("/", operation_id="fetchTape", guards=[may("device")], status_code=201)
    async def fetch(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        commands: NamedDependency[Sender | None],
        gateway_id: FromPath[str],
        data: JSONBody[TapeRequest],
    ) -> TapeRow:
        """Fetches the tape of a bus as it is now, or a dump that lies at the gateway, and keeps it."""
        asking = _Asking(person, database, commands, gateway_id)
        gathering = tapes.Gathering()
        while (part := gathering.wanted) is not None:
            gathering.take(await asking.ask(data.which, data.reason, part))
        about, content = gathering.whole()
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await tapes.keep(conn, gateway_id, about, content, data.reason, person.display_name, now)

    @get("/{tape_id:int}", operation_id="downloadTape", media_type="application/gzip")
    async def download(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        tape_id: Annotated[int, PathParameter(ge=1, le=2**31 - 1)],
    ) -> Response[bytes]:
        """One dump, compressed; the bench's replay plays it again (docs/bench.md)."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            name, content = await tapes.one(conn, gateway_id, tape_id)
        return Response(
            content,
            media_type="application/gzip",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        )


class _Asking:
    """Sends one command after another to a gateway, each written down before, and its answer after."""

    def __init__(self, person: Person, database: Database, commands: Sender | None, gateway: str) -> None:
        if commands is None:
            raise DomainError("no-road", "本进程未连接网关通道，请稍后再试。", 503)
        self._person = person
        self._database = database
        self._commands = commands
        self._gateway = gateway

    async def ask(self, which: str, reason: str, part: int) -> Reply:
        person = self._person
        async with scoped(self._database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            order = await tapes.prepare(conn, self._gateway, which, reason, person.display_name, now, part)
        reply = await self._commands.answer(order)
        async with scoped(self._database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            await service.record_answer(conn, order, reply.result, reply.detail, now)
        return reply


routes: list[Any] = [SwitchController, AbsenceController, TapeController]
