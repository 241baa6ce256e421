"""HTTP of what belongs to one person at the console: settings and messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, read_cursor
from central.identity import messages, preferences
from central.identity.console_models import InboxPage, ReadMessages, SettingsChange, SettingsRow
from central.identity.models import Person


@get("/settings", operation_id="getSettings", tags=["console"])
async def get_settings(person: NamedDependency[Person], database: NamedDependency[Database]) -> SettingsRow:
    """What the signed-in person set for the console."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await preferences.read(conn, person.account_id)


@patch("/settings", operation_id="changeSettings", tags=["console"])
async def change_settings(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    data: JSONBody[SettingsChange],
) -> SettingsRow:
    """Changes what is named, leaves the rest, and answers with all of it."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await preferences.change(conn, person.account_id, data, await clock.database_now(conn))


@get("/messages", operation_id="listMessages", tags=["console"])
async def list_messages(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
    unread: FromQuery[bool] = False,
) -> InboxPage:
    """What was addressed to the signed-in person, newest first."""
    at, number = read_cursor(cursor, datetime, int)
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await messages.listing(
            conn, person.account_id, unread=unread, before=(at, number), limit=limit
        )


@post("/messages/read", operation_id="readMessages", tags=["console"], status_code=204)
async def read_messages(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    data: JSONBody[ReadMessages],
) -> None:
    """Marks messages of the signed-in person as read, on all of their devices."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        await messages.read(conn, person.account_id, data.ids, await clock.database_now(conn))


routes: list[Any] = [get_settings, change_settings, list_messages, read_messages]
