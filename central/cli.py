"""`fengsui central …`: serve, migrate, and what an operator does at the server's own terminal."""

from __future__ import annotations

import asyncio
import getpass
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import httpx
from cyclopts import App, Parameter

from central.db.bootstrap import upgrade
from central.db.embedded import EmbeddedServer
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import opened_urls, operating
from central.db.schema import SCHEMA, dump_schema
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.organisation import industries
from central.registry import service as registry
from central.registry.models import NewEnterprise
from central.settings import Settings

app = App(
    name="central", help="The central server: alarms become warnings that climb until somebody answers."
)
account = App(name="account", help="Accounts of people.")
agency = App(name="agency", help="Supervising agencies.")
enterprise = App(name="enterprise", help="Enterprises.")
for part in (account, agency, enterprise):
    app.command(part)
# Loaded when asked for: who adds an account need not wait for Zenoh and numpy.
for name, where, does in (
    ("gateway", "central.devices.enrolment_cli:gateway", "Gateways: let one enrol, register one, list them."),
    ("pki", "central.devices.enrolment_cli:pki", "Certificates: show, renew, shut a gateway out."),
    (
        "region",
        "central.organisation.regions_cli:region",
        "Regions (GB/T 2260): load, list, move, reorganise.",
    ),
    ("industry", "central.organisation.regions_cli:industry", "Industries (GB/T 4754): import."),
    ("router", "central.ingest.cli:router", "Runs the Zenoh router by itself."),
    ("broker-config", "central.ingest.roads_cli:broker_config", "Writes Mosquitto's configuration."),
    ("conformance", "central.ingest.roads_cli:conformance", "Tries a centre or a gateway rule by rule."),
    ("registers", "central.registry.registers_cli:registers", "Registers: list them, write their pages."),
    ("sign-in-rules", "central.identity.cli:sign_in_rules", "Rules of passwords, lock-out, second factor."),
    ("gaps", "central.ingest.cli:gaps", "Counts what is missing, stored twice or declared lost."),
    ("levels", "central.warning.level_cli:levels", "Tables that give warnings their level, per region."),
    ("policy", "central.warning.cli:policy", "Ladders: who is called when, per region and level."),
    (
        "recovery",
        "central.warning.cli:recovery",
        "After a restore: calls that are held, and its end.",
    ),
    ("backup", "central.backup.cli:backup", "Copies of the whole centre: make, list and try them."),
    ("restore", "central.backup.cli:restore", "Brings a backup back; its next start is a recovery."),
    ("verify-audit", "central.audit_cli:verify_audit", "Proves the audit, or names what is wrong with it."),
    ("audit", "central.audit_cli:audit", "The audit: export it with its proof, show its key."),
    ("role", "central.identity.roles_cli:role", "Roles: list them, give one to an account."),
    ("import-spool", "central.ingest.cli:import_spool", "Takes in the card of a broken gateway, by name."),
    ("map", "central.statistics.map_cli:map_", "The map: load shapes of regions, list them."),
    ("quarantine", "central.ingest.cli:quarantine", "Rows that PostgreSQL refused: replay or dismiss them."),
):
    app.command(where, name=name, help=does)
account.command("central.identity.cli:recover", name="recover")
account.command("central.organisation.cli:account_list", name="list")
account.command("central.organisation.cli:account_disable", name="disable")
account.command("central.organisation.cli:account_enable", name="enable")
agency.command("central.organisation.cli:agency_list", name="list")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


def _run(work: object) -> None:
    try:
        asyncio.run(work)  # type: ignore[arg-type]
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc


def _password() -> str:
    given = os.environ.get("FENGSUI_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码 password: ")
    if getpass.getpass("再次输入 again: ") != first:
        raise SystemExit("the two passwords differ")
    return first


@app.command
def serve(*, host: str | None = None, port: int | None = None, state: State = None) -> None:
    """Runs the centre: database, router, ingest, workers, API and console.

    Args:
        host: address to listen on; FENGSUI_HOST.
        port: its port; FENGSUI_PORT.
        state: state folder.
    """
    from central.app import serve as run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

    async def work() -> None:
        await run(Settings.read(state=state, host=host, port=port))

    _run(work())


@app.command
def migrate(*, state: State = None) -> None:
    """Brings the database to this version and checks that jurisdiction is enforced."""

    async def work() -> None:
        async with opened_urls(Settings.read(state=state)) as urls:
            await upgrade(urls)
            print("the database is up to date")

    _run(work())


@app.command
def schema(*, write: bool = False) -> None:
    """Prints the schema that all migrations together make; --write keeps it as schema.sql."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="fengsui-schema-"))

    async def work() -> None:
        async with opened_urls(Settings(state=folder)):
            text = await asyncio.to_thread(dump_schema, EmbeddedServer(folder), "fengsui")
        if write:
            SCHEMA.write_text(text, encoding="utf-8")
        else:
            print(text)

    try:
        _run(work())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@app.command
def health(*, url: str = "http://127.0.0.1:8600") -> None:
    """Asks a running centre whether it is ready; exit code 1 when it is not."""
    try:
        answer = httpx.get(f"{url}/health/ready", timeout=10)
        print(answer.text)
    except httpx.HTTPError as exc:
        print(f"no answer from {url}: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
    if answer.status_code != 200:
        raise SystemExit(1)


@account.command(name="add")
def account_add(
    login: str,
    role: str,
    name: str,
    *,
    agency: str | None = None,
    enterprise: str | None = None,
    area: list[str] | None = None,
    phone: str | None = None,
    on_call: bool = False,
    state: State = None,
) -> None:
    """Makes an account; the password is typed, piped, or in FENGSUI_PASSWORD.

    Args:
        login: what the person signs in with.
        role: code of a role: city, county, township, enterprise, admin … (`fengsui central role list`).
        name: the person's name as shown.
        agency: name of the agency the person belongs to.
        enterprise: code of the enterprise the person belongs to.
        area: region codes of the person's own, in place of the agency's (an inspector of several townships).
        phone: number for calls; typed here it counts as verified.
        on_call: whether the person is called for warnings.
        state: state folder.
    """
    password = _password()

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            agency_id = await identity.agency_id(conn, agency) if agency else None
            company = await registry.enterprise_by_code(conn, enterprise) if enterprise else None
            new = NewAccount(
                login=login,
                password=password,
                display_name=name,
                role=role,
                agency_id=agency_id,
                enterprise_id=company.id if company else None,
                phone=phone,
                phone_verified=phone is not None,
                on_call=on_call,
                areas=tuple(area or ()),
            )
            await identity.create_account(conn, Passwords(), new)
        print(f"account {login} ({role}) made")

    _run(work())


@account.command(name="password")
def account_password(login: str, *, state: State = None) -> None:
    """Sets a password and ends the account's sessions; it is typed, piped, or in FENGSUI_PASSWORD."""
    password = _password()

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            await identity.change_password(conn, Passwords(), login, password)
        print(f"password of {login} changed")

    _run(work())


@agency.command(name="add")
def agency_add(
    name: str, rank: int, *, area: list[str], parent: str | None = None, state: State = None
) -> None:
    """Registers an agency.

    Args:
        name: unique name.
        rank: 1 village, 2 township, 3 county, 4 city, 5 province.
        area: region codes that it serves.
        parent: name of the agency above it.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            await identity.create_agency(conn, name, rank, parent=parent, areas=tuple(area))
        print(f"agency {name} registered")

    _run(work())


@enterprise.command(name="add")
def enterprise_add(
    code: str,
    name: str,
    credit_code: str,
    region_code: str,
    *,
    agency: str | None = None,
    industry: str = "",
    hazard_class: int | None = None,
    address: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    state: State = None,
) -> None:
    """Registers an enterprise.

    Args:
        code: short code, unique here.
        name: full name.
        credit_code: unified social credit code (GB 32100), check character included.
        region_code: where it is, GB/T 2260.
        agency: name of the lowest supervising agency.
        industry: GB/T 4754 code or words.
        hazard_class: level of its major hazard, 1 (gravest) to 4.
        address: where it is, in words.
        contact_name: whom to call.
        contact_phone: the number.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            agency_id = await identity.agency_id(conn, agency) if agency else None
            new = NewEnterprise(
                code=code,
                name=name,
                credit_code=credit_code,
                region_code=region_code,
                agency_id=agency_id,
                industry=industry,
                hazard_class=hazard_class,
                address=address,
                contact_name=contact_name,
                contact_phone=contact_phone,
            )
            await registry.register(conn, new)
            unknown = await industries.note(conn, industry)
        print(f"enterprise {code} registered")
        if unknown:
            print(unknown)

    _run(work())
