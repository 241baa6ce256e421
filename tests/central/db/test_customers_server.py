"""A server of the customer's: an administrator's address is enough, also without superuser."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from central.db.opening import opened
from central.db.pool import connect
from central.db.scope import Scope, scoped
from central.settings import Settings

if TYPE_CHECKING:
    from central.db.embedded import EmbeddedServer


def test_a_role_that_may_make_roles_and_owns_a_database_is_enough(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    """Keeps to a server of its own kind: the roles of this server are those of the other tests."""

    async def run() -> None:
        admin = await connect(postgres.url("admin", "postgres"))
        try:
            await admin.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'd/b@'")
            await admin.execute("GRANT fengsui_owner, fengsui_web, fengsui_worker TO dba WITH ADMIN OPTION")
            await admin.execute("CREATE DATABASE safety OWNER dba")
            port, host = (
                await admin.fetchval("SHOW port"),
                await admin.fetchval("SHOW unix_socket_directories"),
            )
            url = f"postgresql://dba:{quote('d/b@', safe='')}@/safety?host={host}&port={port}"
            passwords = postgres.passwords
            settings = Settings(
                state=tmp_path,
                database_url=url,
                database_web_url=url.replace("dba:d%2Fb%40", f"fengsui_web:{passwords.web}"),
                database_worker_url=url.replace("dba:d%2Fb%40", f"fengsui_worker:{passwords.worker}"),
            )
            for _ in range(2):
                async with opened(settings) as database, scoped(database.web, Scope.region("42")) as conn:
                    assert await conn.fetchval("SELECT count(*) FROM enterprise") == 0
            await admin.execute("DROP DATABASE safety WITH (FORCE)")
        finally:
            await admin.close()

    asyncio.run(run())
