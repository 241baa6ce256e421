"""`fengsui central pki …` and `gateway code`: what an operator does about trust at the server's terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import segno
from cryptography import x509
from cyclopts import App, Parameter

from central import clock
from central.db.errors import ConfigurationError
from central.db.opening import opened, operating
from central.db.scope import Actor, acting
from central.devices import enrolment
from central.devices.authority import OUR_NAMES, Authority, alternative_names
from central.devices.cli import gateway, run
from central.devices.enrolment import Trust
from central.devices.enrolment_models import NewCode
from central.devices.enrolment_worker import keep_once
from central.registry import service as registry
from central.settings import Settings

pki = App(name="pki", help="Certificates: show them, renew the servers', shut a gateway out.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


@gateway.command(name="code")
def gateway_code(
    gateway_id: str,
    *,
    enterprise: str = "",
    name: str = "",
    hours: int = 24,
    qr: bool = True,
    state: State = None,
) -> None:
    """Makes a one-time code with which a gateway enrols; it is shown now and never again.

    For a gateway that exists the code puts another box in its place: the old one is refused from then on.

    Args:
        gateway_id: 3 to 63 characters a-z, 0-9 and '-'.
        enterprise: code of the enterprise; may be left out for a gateway that exists.
        name: as people call it.
        hours: how long the code is good, 1 to 168.
        qr: draw the QR code too.
        state: state folder.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        async with operating(settings) as conn:
            now = await clock.database_now(conn)
            trust = await asyncio.to_thread(Trust.open, settings, now)
            owner = await enrolment.known_gateway(conn, gateway_id)
            if owner is None and not enterprise:
                raise ConfigurationError(f"{gateway_id} is new: say whose it will be, --enterprise CODE")
            if enterprise or owner is None:
                enterprise_id = (await registry.enterprise_by_code(conn, enterprise)).id
            else:
                enterprise_id = owner.enterprise_id
            new = NewCode(enterprise_id, gateway_id, name, max(1, min(hours, 168)))
            shown = await enrolment.create_code(conn, trust, new, owner, "terminal", now)
        if qr:
            segno.make(shown.link, error="m", micro=False).terminal(compact=True)
        print(f"gateway      {gateway_id}{' (replaces the present box)' if shown.replaces else ''}")
        print(f"code         {shown.code}")
        print(f"good until   {shown.expires_at:%Y-%m-%d %H:%M:%S} UTC, once")
        print(f"centre       {shown.centre}")
        print(f"fingerprint  {shown.fingerprint}")
        print(f"at the gateway:\n  {shown.command}")

    run(work())


@pki.command
def show(*, state: State = None) -> None:
    """Shows the CA, our own certificates, what router and broker go by, and every gateway's certificate."""

    async def work() -> None:
        settings = Settings.read(state=state)
        async with opened(settings) as database, database.worker.acquire() as conn:
            now = await clock.database_now(conn)
            authority = await asyncio.to_thread(Authority.open, settings.state, now)
            ids = await enrolment.admitted(conn, now)
            newest = await enrolment.newest_certificates(conn, ids)
            revoked = await enrolment.revoked_serials(conn, now)
        print(f"CA           {authority.folder / 'ca.pem'}  until {authority.not_after:%Y-%m-%d}")
        print(f"fingerprint  {authority.fingerprint}")
        for own in OUR_NAMES:
            print(_line(authority.folder / f"{own}.pem"))
        print(f"revoked      {len(revoked)} certificates that have not expired")
        for one in ids:
            until = f"until {newest[one][0]:%Y-%m-%d}" if one in newest else "no certificate"
            print(f"{one:24} {until}")

    run(work())


@pki.command
def write(*, state: State = None) -> None:
    """Writes what router and broker need, where it is missing, changed or due; `serve` does so by itself."""

    async def work() -> None:
        settings = Settings.read(state=state)
        async with opened(settings) as database:
            async with database.worker.acquire() as conn:
                now = await clock.database_now(conn)
            authority = await asyncio.to_thread(Authority.open, settings.state, now)
            await keep_once(database, settings, authority)
        print(f"{authority.folder} is up to date")

    run(work())


@pki.command(name="renew-servers")
def renew_servers(*, state: State = None) -> None:
    """Makes new certificates for router, broker, console and centre; gateways notice nothing.

    The router loads itself anew; the broker has to be told (SIGHUP), the console on its next start.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        now = clock.wall_now()
        authority = await asyncio.to_thread(Authority.open, settings.state, now)
        await asyncio.to_thread(authority.ensure_own, enrolment.hosts_of(settings), now, anew=True)
        for own in OUR_NAMES:
            print(_line(authority.folder / f"{own}.pem"))

    run(work())


@pki.command
def revoke(gateway_id: str, *, reason: str, by: str, state: State = None) -> None:
    """Shuts a gateway out: its next frame is refused, its certificates are revoked, its history stays.

    Args:
        gateway_id: which.
        reason: why, for the audit.
        by: who decides so.
        state: state folder.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        async with opened(settings) as database:
            async with acting(database.worker, Actor(0, "operator", by)) as conn:
                now = await clock.database_now(conn)
                await enrolment.revoke(conn, gateway_id, reason, by, now)
            authority = await asyncio.to_thread(Authority.open, settings.state, now)
            await keep_once(database, settings, authority)
        print(f"gateway {gateway_id} is shut out; a new code lets it in again")

    run(work())


def _line(path: Path) -> str:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return f"{path.stem:12} not there yet: fengsui central pki write"
    names = ", ".join(alternative_names(found)) or "client"
    return f"{path.stem:12} until {found.not_valid_after_utc:%Y-%m-%d}  {names}"
