"""Opens the database that the settings mean: the embedded server (started if need be) or a customer's own."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from central.db.bootstrap import make_roles, prepare_embedded, upgrade, with_role
from central.db.embedded import EmbeddedServer
from central.db.pool import Database, DatabaseUrls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central.settings import Settings


@asynccontextmanager
async def opened_urls(settings: Settings) -> AsyncIterator[DatabaseUrls]:
    """A migrated database whose server runs for as long as this is entered.

    Raises:
        ConfigurationError: it cannot be had, or would not enforce jurisdiction.
    """
    if settings.database_url:
        yield await _customers(settings)
        return
    server = EmbeddedServer(settings.state, port=settings.postgres_port)
    await asyncio.to_thread(server.start)
    try:
        yield await prepare_embedded(server)
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The pools over `opened_urls`; what `serve` and every other command use."""
    async with opened_urls(settings) as urls, Database.open(urls) as database:
        yield database


async def _customers(settings: Settings) -> DatabaseUrls:
    web, worker = settings.database_web_url, settings.database_worker_url
    if not (web and worker):
        passwords = _role_passwords(settings.state)
        await make_roles(settings.database_url, passwords["web"], passwords["worker"])
        web = web or with_role(settings.database_url, "fengsui_web", passwords["web"])
        worker = worker or with_role(settings.database_url, "fengsui_worker", passwords["worker"])
    urls = DatabaseUrls(settings.database_url, web, worker)
    await upgrade(urls)
    return urls


def _role_passwords(state: Path) -> dict[str, str]:
    state.mkdir(parents=True, exist_ok=True)
    path = state / "database.json"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return found
    passwords = {name: secrets.token_urlsafe(24) for name in ("web", "worker")}
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(passwords, file)
    return passwords
