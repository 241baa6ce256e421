"""HTTP of the live events: one Server-Sent-Events stream a console."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage

from central.db.pool import Database
from central.identity import access
from central.identity.models import Person
from central.live.hub import Hub
from central.settings import Settings


@get("/live", operation_id="live", tags=["live"])
async def live(
    request: Request[Any, Any, Any],
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    hub: NamedDependency[Hub],
    settings: NamedDependency[Settings],
) -> ServerSentEvent:
    """Events `measurement`, `alarm`, `warning`, `presence` of one's jurisdiction, resumed by Last-Event-ID.

    `heartbeat` every 15 s; `reset` asks the client to load everything anew.
    """
    last_id = request.headers.get("last-event-id", "")

    async def still_welcome() -> bool:
        return await access.still_allowed(database, person, timedelta(seconds=settings.idle_s))

    async def events() -> AsyncIterator[ServerSentEventMessage]:
        async with hub.stream(person.scope, still_welcome, last_id) as stream:
            async for message in stream.messages():
                yield ServerSentEventMessage(
                    data=msgspec.json.encode(message.data).decode(),
                    event=message.event,
                    id=message.id or None,
                )

    return ServerSentEvent(events(), headers={"cache-control": "no-store", "x-accel-buffering": "no"})


routes: list[Any] = [live]
