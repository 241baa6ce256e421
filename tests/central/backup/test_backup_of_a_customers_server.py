"""A customer's database is dumped and comes back into an empty one or the embedded server, over no other."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from central.backup import reading, restoring, rules, service, verifying
from central.backup.models import BackupError
from central.backup.taking import Plan, Secrets
from central.clock import database_now
from central.db import home
from central.db.embedded import EmbeddedServer
from central.db.opening import opened
from central.db.pool import connect
from central.db.scope import Scope, acting, scoped
from central.devices.keys import CentreKey
from central.settings import Settings
from central.warning import recovery
from tests.central import county

KEEP = rules.Keep(7, 4, 6)


@pytest.fixture
def room() -> Iterator[Path]:
    # Not under pytest's own folder: for root PostgreSQL runs as another user, who may not walk in there.
    folder = Path(tempfile.mkdtemp(prefix="fengsui-backup-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_dump_of_a_role_without_superuser_comes_back_whole(room: Path) -> None:
    theirs = EmbeddedServer(room / "theirs", extra="fsync = off\nshared_buffers = '32MB'")

    async def run() -> None:
        admin = await connect(theirs.url("admin", "postgres"))
        try:
            await admin.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'd/b@'")
            for name in ("safety", "empty"):
                await admin.execute(f"CREATE DATABASE {name} OWNER dba")
            port, host = (
                await admin.fetchval("SHOW port"),
                await admin.fetchval("SHOW unix_socket_directories"),
            )
            url = f"postgresql://dba:{quote('d/b@', safe='')}@/safety?host={host}&port={port}"
            settings = Settings(state=room / "state", database_url=url)
            async with opened(settings) as database:
                CentreKey.load(settings.state)
                await county.found(database)
                counted = await database.worker.fetchval("SELECT count(*) FROM enterprise")
                plan = Plan(room / "kept", Secrets(), "0.1.0", {})
                made = await service.make(database, settings, plan, KEEP, "tester")
            assert made.kind == "logical"
            backup = reading.opened(room / "kept" / made.name)
            found = await verifying.verify(backup, room / "scratch")
            assert [each for each in found if not each.good] == []

            # Into an empty database of theirs; never into one that holds something.
            again = msgspec.structs.replace(settings, state=room / "again")
            with pytest.raises(BackupError, match="新建一个空数据库"):
                await restoring.restore(again, backup, "tester", over=False)
            again = msgspec.structs.replace(again, database_url=url.replace("/safety?", "/empty?"))
            await restoring.restore(again, backup, "tester", over=False)
            async with opened(again) as database:
                async with scoped(database.web, Scope.region("42")) as conn:
                    assert await conn.fetchval("SELECT count(*) FROM enterprise") == counted
                async with scoped(database.web, Scope.nothing()) as conn:
                    assert await conn.fetchval("SELECT count(*) FROM enterprise") == 0
                async with acting(database.worker) as conn:
                    place = await home.fingerprint(conn, None)
                    assert await recovery.look_home(conn, place, await database_now(conn))
            assert CentreKey.load(again.state).public == CentreKey.load(settings.state).public

            # Into the embedded server, for whoever gives theirs up.
            own = Settings(state=room / "own")
            await restoring.restore(own, backup, "tester", over=False)
            async with opened(own) as database:
                assert await database.worker.fetchval("SELECT count(*) FROM enterprise") == counted
        finally:
            await admin.close()

    with theirs.running():
        asyncio.run(run())


def test_a_password_reaches_no_command_line() -> None:
    from central.backup.programs import without_password

    for url in (
        "postgresql://dba:d%2Fb%40@/safety?host=/tmp&port=5",
        "postgresql://dba@h1:1,h2:2/safety?password=d%2Fb%40&target_session_attrs=read-write",
    ):
        plain, secret = without_password(url)
        assert secret == {"PGPASSWORD": "d/b@"}
        assert "d%2Fb" not in plain
        assert "safety" in plain
    assert without_password("postgresql://dba@h/x")[1] == {}
