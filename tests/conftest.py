"""One PostgreSQL for a test session, one fresh database for a test that asks for it."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.db.embedded import EmbeddedServer
    from central.db.pool import DatabaseUrls

# An example that takes long on a busy machine is no counter-example.
hypothesis.settings.register_profile("fengsui", deadline=None)
hypothesis.settings.load_profile("fengsui")

_TEMPLATE = "fengsui_template"
# A database holds a table for each register, and to copy them takes longer than all the rest. Tests of these
# folders and promises know nothing of registers and get a database without them.
_BARE = "fengsui_bare"
_BARE_FOLDERS = frozenset({"devices", "identity", "ingest", "live", "telemetry"})
_BARE_PROMISES = tuple(
    f"test_{law}_" for law in ("alarms", "bad_data", "modbus", "never_lose", "trust", "warning")
)
# These ask for enterprises over HTTP, whose list draws on registers.
_WITH_REGISTERS = frozenset({"test_api_keys.py", "test_recovery.py", "test_roles.py"})
_FAST = (
    "fsync = off\nfull_page_writes = off\nshared_buffers = '64MB'\nmax_wal_size = '256MB'\nautovacuum = off"
)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedServer]:
    """A running server with the roles and a migrated template database; gone at the end of the session."""
    from central.db.bootstrap import prepare_embedded
    from central.db.embedded import EmbeddedServer

    folder = Path(tempfile.mkdtemp(prefix="fengsui-test-"))
    server = EmbeddedServer(folder, extra=_FAST)
    try:
        with server.running():
            asyncio.run(prepare_embedded(server, _BARE, builders=()))
            asyncio.run(prepare_embedded(server, _TEMPLATE))
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(postgres: EmbeddedServer, request: pytest.FixtureRequest) -> Iterator[DatabaseUrls]:
    """A migrated, empty database of one's own: `async with Database.open(database) as db:`."""
    from central.db.bootstrap import embedded_urls

    path = request.path
    bare = path.parent.name in _BARE_FOLDERS or path.name.startswith(_BARE_PROMISES)
    template = _BARE if bare and path.name not in _WITH_REGISTERS else _TEMPLATE
    name = f"t{next(_numbers)}"
    asyncio.run(_admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    yield embedded_urls(postgres, name)
    asyncio.run(_admin(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _admin(server: EmbeddedServer, statement: str) -> None:
    from central.db.pool import connect

    conn = await connect(server.url("admin", "postgres"))
    try:
        await conn.execute(statement)
    finally:
        await conn.close()
