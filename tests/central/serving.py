"""A real HTTP server over a test's database, for as long as it is entered."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import uvicorn

from central.app import Parts, QuietServer, https_files, make_http
from central.db.pool import Database
from central.http.headers import WithHeaders
from central.http.health import Readiness, clock_check, database_check
from central.http.listening import listen
from central.live.hub import Hub
from central.settings import Settings
from tests.central.county import PASSWORD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from central.db.pool import DatabaseUrls
    from central.devices.enrolment import Trust
    from central.ingest.commands import CommandSender


class Served:
    """A running server with its database and hub."""

    def __init__(self, url: str, database: Database, hub: Hub, verify: ssl.SSLContext | None = None) -> None:
        self.url = url
        self.verify = verify or ssl.create_default_context()
        self.database = database
        self.hub = hub

    @asynccontextmanager
    async def client(self, login: str = "", *, device: str = "pc") -> AsyncIterator[httpx.AsyncClient]:
        """A browser, signed in when a login is given."""
        async with httpx.AsyncClient(base_url=self.url, timeout=20, verify=self.verify) as client:
            if login:
                answer = await client.post(
                    "/api/v1/session", json={"account": login, "password": PASSWORD, "device": device}
                )
                assert answer.status_code == 201, answer.text
                client.headers["x-csrf-token"] = client.cookies["fengsui_csrf"]
            yield client


@asynccontextmanager
async def serving(
    urls: DatabaseUrls,
    settings: Settings | None = None,
    trust: Trust | None = None,
    commands: CommandSender | None = None,
) -> AsyncIterator[Served]:
    """Serves the whole HTTP application of the centre, without ingest and workers."""
    with tempfile.TemporaryDirectory(prefix="fengsui-state-") as state:
        async with _serving(urls, settings or Settings(state=Path(state)), trust, commands) as served:
            yield served


@asynccontextmanager
async def _serving(
    urls: DatabaseUrls, chosen: Settings, trust: Trust | None, commands: CommandSender | None
) -> AsyncIterator[Served]:
    async with Database.open(urls, web_size=4, worker_size=4) as database:
        hub = Hub(database)
        readiness = Readiness()
        readiness.add("database", database_check(database))
        readiness.add("clock", clock_check(database))
        http = make_http(
            Parts(database, chosen, hub, readiness, trust=trust, commands=commands, configurer=commands)
        )
        listener = listen("127.0.0.1", 0)
        server = QuietServer(
            uvicorn.Config(
                WithHeaders(http, https=False), log_config=None, access_log=False, **https_files(chosen)
            )
        )
        async with asyncio.TaskGroup() as tasks:
            feeding = tasks.create_task(hub.run())
            running = tasks.create_task(server.serve(sockets=[listener]))
            port = listener.getsockname()[1]
            try:
                if chosen.https:
                    own = ssl.create_default_context(cafile=str(chosen.state / "pki/ca.pem"))
                    yield Served(f"https://127.0.0.1:{port}", database, hub, own)
                else:
                    yield Served(f"http://127.0.0.1:{port}", database, hub)
            finally:
                hub.close()
                server.should_exit = True
                await running
                feeding.cancel()
