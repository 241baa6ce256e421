"""From a server to a ready database: roles, passwords, the database itself, migrations, start-up guard."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from central.db.errors import ConfigurationError
from central.db.guard import refuse_unsafe
from central.db.migrate import OWNER, migrate
from central.db.pool import DatabaseUrls, connect

if TYPE_CHECKING:
    from central.db.embedded import EmbeddedServer
    from central.db.migrate import Migration

_ROLES = Path(__file__).with_name("roles.sql")
_OLDEST = 160000
# Rooms of higher domains with `async def build(conn)`, which make tables from declarations after the
# migrations. Named and not imported: whoever migrates builds, and the arrows between domains stay as they
# are.
BUILDERS: tuple[str, ...] = ("central.registry.tables", "central.registry.dictionaries")


def embedded_urls(server: EmbeddedServer, database: str = "fengsui") -> DatabaseUrls:
    """The addresses of a database of the embedded server."""
    return DatabaseUrls(*(server.url(role, database) for role in ("admin", "web", "worker")))


def with_role(url: str, role: str, password: str) -> str:
    """The same database for another role: a customer's URL names the administrator, ours are derived.

    Args:
        url: postgresql://user:password@host:port/name?options.
        role: the user in it.
        password: its password; empty keeps whatever the server asks for (peer, certificate).
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    secret = f":{quote(password, safe='')}" if password else ""
    return urlunsplit(parts._replace(netloc=f"{role}{secret}@{place}"))


async def make_roles(admin_url: str, web_password: str, worker_password: str) -> None:
    """Makes the three roles and sets their passwords.

    Args:
        admin_url: a superuser, or a role with CREATEROLE.
        web_password: of fengsui_web.
        worker_password: of fengsui_worker.

    Raises:
        ConfigurationError: the server is too old or the role may not do that.
    """
    conn = await connect(admin_url)
    try:
        version = conn.get_server_version()
        if version.major * 10000 < _OLDEST:
            raise ConfigurationError(f"PostgreSQL {version.major} is too old: 16 or newer is needed")
        await conn.execute(_ROLES.read_text(encoding="utf-8"))
        for role, password in (("fengsui_web", web_password), ("fengsui_worker", worker_password)):
            # ALTER ROLE takes no parameters; format() quotes.
            await conn.execute(
                await conn.fetchval(
                    "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", role, password
                )
            )
    except asyncpg.InsufficientPrivilegeError as exc:
        raise ConfigurationError(
            f"the role of the database URL may not make our roles ({exc}): "
            f"let an administrator run {_ROLES.name} once, or give it CREATEROLE"
        ) from exc
    finally:
        await conn.close()


async def make_database(admin_url: str, name: str) -> None:
    """Creates the database when it is not there (embedded server)."""
    conn = await connect(admin_url)
    try:
        if not await conn.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await conn.execute(await conn.fetchval("SELECT format('CREATE DATABASE %I', $1::text)", name))
    finally:
        await conn.close()


async def upgrade(urls: DatabaseUrls, builders: tuple[str, ...] = BUILDERS) -> list[Migration]:
    """Migrates, makes the tables that follow from declarations, then checks that jurisdiction is enforced.

    Args:
        urls: of the database.
        builders: what makes tables from declarations; none for a database that needs no such table.

    Returns:
        The migrations applied.

    Raises:
        ConfigurationError: the database is not safe or not ours.
    """
    conn = await connect(urls.admin)
    try:
        await conn.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}")
        done = await migrate(conn)
        for builder in builders:
            await importlib.import_module(builder).build(conn)
    finally:
        await conn.close()
    await refuse_unsafe(urls)
    return done


async def prepare_embedded(
    server: EmbeddedServer, database: str = "fengsui", builders: tuple[str, ...] = BUILDERS
) -> DatabaseUrls:
    """Everything for the embedded server: roles, database, migrations, guard.

    Args:
        server: started.
        database: its name.
        builders: see `upgrade`.
    """
    passwords = server.passwords
    await make_roles(server.url("admin", "postgres"), passwords.web, passwords.worker)
    await make_database(server.url("admin", "postgres"), database)
    urls = embedded_urls(server, database)
    await upgrade(urls, builders)
    return urls
