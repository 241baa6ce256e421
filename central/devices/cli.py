"""`fengsui central gateway …`: register a gateway and write its credential file; list gateways."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from central import clock
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import operating
from central.devices import configuration, service
from central.devices.configuration_models import NewConfiguration
from central.devices.keys import CentreKey
from central.settings import Settings

gateway = App(name="gateway", help="Gateways: register one and write its credential file; list them.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


def run(work: Coroutine[Any, Any, None]) -> None:
    """Do something and end with code 2 and a sentence when it cannot be done."""
    try:
        asyncio.run(work)
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc


@gateway.command(name="add")
def gateway_add(
    gateway_id: str,
    *,
    enterprise: str,
    out: Path,
    name: str = "",
    router: str | None = None,
    state: State = None,
) -> None:
    """Registers a gateway and writes the credential file that it signs with (mode 0600; keep no copy).

    Args:
        gateway_id: 3 to 63 characters a-z, 0-9 and '-'.
        enterprise: code of the enterprise that it belongs to.
        out: the credential file, which must not exist yet.
        name: as people call it.
        router: Zenoh endpoint that it connects to; FENGSUI_ROUTER. FENGSUI_BROKER is written, too.
        state: state folder.
    """

    async def work() -> None:
        settings = Settings.read(state=state, router=router)
        key = CentreKey.load(settings.state)
        written = False
        try:
            async with operating(settings) as conn:
                await service.register_gateway(
                    conn,
                    key,
                    gateway=gateway_id,
                    enterprise_code=enterprise,
                    name=name,
                    router=settings.router,
                    broker=settings.broker,
                    out=out,
                    now=await clock.database_now(conn),
                )
                written = True
        except BaseException:
            if written:
                out.unlink(missing_ok=True)  # the commit failed: nobody would believe this file
            raise
        print(f"gateway {gateway_id} registered; its credentials are in {out}{os.linesep}", end="")

    run(work())


@gateway.command(name="configure")
def gateway_configure(
    gateway_id: str, *, file: Path, reason: str, out: Path, by: str = "command line", state: State = None
) -> None:
    """Makes a version of a gateway's configuration and signs it into a file, for a site without a network.

    There: `fengsui edge configure FILE`. The console shows how it fared once the gateway is heard again.

    Args:
        gateway_id: whose.
        file: a whole gateway.toml.
        reason: why, for the audit.
        out: the signed file, which must not exist yet.
        by: who makes it, for the list of versions.
        state: state folder.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        key = CentreKey.load(settings.state)
        if out.exists():
            raise ConfigurationError(f"{out} exists already; name a new file")
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise ConfigurationError(f"{file}: cannot be read ({exc})") from exc
        async with operating(settings) as conn:
            now = await clock.database_now(conn)
            row = await configuration.make(conn, gateway_id, NewConfiguration(text, reason), by, now)
            message = await configuration.message(conn, gateway_id, row.version, dry=False)
        out.write_bytes(key.seal(message))
        print(f"version {row.version} for {gateway_id}, signed: {out}")

    run(work())


@gateway.command(name="list")
def gateway_list(*, state: State = None) -> None:
    """Lists gateways: id, enterprise, presence, last heartbeat, batches waiting, software."""

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            now = await clock.database_now(conn)
            after: str | None = ""
            while after is not None:
                rows, after = await service.listing(conn, now, after=after, limit=500)
                for row in rows:
                    heard = f"{row.last_heartbeat_at:%Y-%m-%d %H:%M:%S}" if row.last_heartbeat_at else "never"
                    waiting = f"{row.queue.event}+{row.queue.measurement}"
                    print(
                        f"{row.id:24} {row.enterprise_name:20} {row.presence:8} {heard:20} "
                        f"{waiting:>8} {row.software}"
                    )

    run(work())
