"""Opens the database that the settings mean: the embedded server (started if need be) or a customer's own."""

from __future__ import annotations

import asyncio
import getpass
import json
import logging
import os
import secrets
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from central.db.bootstrap import make_roles, prepare_embedded, upgrade, with_role
from central.db.embedded import EmbeddedServer
from central.db.errors import ConfigurationError
from central.db.pool import Database, DatabaseUrls
from central.db.scope import Actor, acting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central.db.pool import Connection
    from central.settings import Settings

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 1.0
UNFINISHED = "restore-unfinished"
"""Marks a state folder in which a restore is being put into place."""


@asynccontextmanager
async def opened_urls(settings: Settings) -> AsyncIterator[DatabaseUrls]:
    """A migrated database whose server runs for as long as this is entered.

    Raises:
        ConfigurationError: it cannot be had, or would not enforce jurisdiction.
    """
    if (settings.state / UNFINISHED).exists():
        raise ConfigurationError(
            f"a restore into {settings.state} was interrupted: run `fengsui central restore` again; what was "
            "there before lies in its folders replaced-*"
        )
    if settings.database_url:
        urls = await customers_roles(settings)
        await upgrade(urls)
        yield urls
        return
    server = EmbeddedServer(settings.state, port=settings.postgres_port)
    await asyncio.to_thread(server.start)
    try:
        urls = await prepare_embedded(server)
        keeper = asyncio.create_task(_keep_running(server), name="keep postgres running")
        try:
            yield urls
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
    finally:
        await asyncio.to_thread(server.stop)


async def _keep_running(server: EmbeddedServer) -> None:
    """Starts the embedded server again when it was killed; its clients come back by themselves."""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        try:
            if await asyncio.to_thread(server.revive):
                _log.warning("PostgreSQL was gone and has been started again")
        except ConfigurationError as exc:
            _log.error("PostgreSQL is gone and does not start: %s", exc)


@asynccontextmanager
async def opened(settings: Settings, *, longest_s: float | None = None) -> AsyncIterator[Database]:
    """The pools over `opened_urls`; what `serve` and every other command use.

    Args:
        settings: of this centre.
        longest_s: of one statement of a worker; None where a person waits for an answer.
    """
    async with opened_urls(settings) as urls, Database.open(urls, longest_s=longest_s) as database:
        yield database


@asynccontextmanager
async def operating(settings: Settings) -> AsyncIterator[Connection]:
    """One transaction of whoever sits at the server's terminal; sees all, and the audit names the user."""
    user = os.environ.get("SUDO_USER") or getpass.getuser()
    actor = Actor(
        0, "operator", f"terminal: {user}", address=f"{user}@{socket.gethostname()}", device="terminal"
    )
    async with opened(settings) as database, acting(database.worker, actor) as conn:
        yield conn


async def customers_roles(settings: Settings) -> DatabaseUrls:
    """The addresses on the customer's server, whose roles are made or given their passwords.

    Raises:
        ConfigurationError: the address may not do that.
    """
    web, worker = settings.database_web_url, settings.database_worker_url
    if not (web and worker):
        passwords = _role_passwords(settings.state)
        await make_roles(settings.database_url, passwords["web"], passwords["worker"])
        web = web or with_role(settings.database_url, "fengsui_web", passwords["web"])
        worker = worker or with_role(settings.database_url, "fengsui_worker", passwords["worker"])
    return DatabaseUrls(settings.database_url, web, worker)


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
