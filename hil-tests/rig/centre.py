"""A whole centre for tests: PostgreSQL, router and `serve` as processes, each of which may be killed."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx

from central import clock
from central.db.embedded import EmbeddedServer
from central.db.opening import operating
from central.devices import service as devices
from central.devices.keys import CentreKey
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.registry import service as registry
from central.registry.models import NewEnterprise
from central.settings import Settings
from rig.programs import Program, ProgramFailed, run, wait_until

PASSWORD = "Beacon-fire-1"
REGIONS = ("42,湖北省", "4299,云泽市", "429981,临江县", "429981101,青石镇")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Centre:
    """Everything of the centre under one folder; `start` and `stop`, or use it as a context."""

    def __init__(self, folder: Path, env: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.state = folder / "centre"
        self.port, router_port = free_port(), free_port()
        self.router_address = f"tcp/127.0.0.1:{router_port}"
        self.env = {
            "FENGSUI_STATE": str(self.state),
            "FENGSUI_PORT": str(self.port),
            "FENGSUI_ROUTER": self.router_address,
            "FENGSUI_OWN_ROUTER": "0",
            **(env or {}),
        }
        self.postgres = EmbeddedServer(self.state)
        self.router = Program(["central", "router"], folder / "router.log", self.env)
        self.serve = Program(["central", "serve"], folder / "serve.log", self.env)

    @property
    def url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start all three; returns when the centre is ready."""
        self.state.mkdir(parents=True, exist_ok=True)
        self.postgres.start()
        self.router.start()
        self.serve.start()
        self.wait_ready()

    def wait_ready(self, timeout_s: float = 180.0) -> None:
        """Wait until `GET /health/ready` says yes."""
        self._wait("the centre is ready", self.is_ready, timeout_s)

    def _wait(self, what: str, holds: Callable[[], bool], timeout_s: float) -> None:
        try:
            wait_until(what, lambda: holds() or not self.serve.running, timeout_s, every_s=0.1)
        except ProgramFailed as exc:
            raise ProgramFailed(f"{exc}\n{self.serve.last_words()}") from exc
        if not self.serve.running:
            raise ProgramFailed(f"the centre ended by itself:\n{self.serve.last_words()}")

    def is_ready(self) -> bool:
        """Whether the centre answers and every part of it works."""
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2.0).status_code == 200
        except httpx.HTTPError:
            return False

    def kill_postgres(self) -> None:
        """Kill the database server; returns when the centre has started it again."""
        killed = self.postgres.pid
        self.postgres.kill()
        self._wait("PostgreSQL is back", lambda: self.postgres.pid not in {None, killed}, 150.0)

    def back_up(self) -> None:
        """Copy the whole state while everything is stopped, and go on."""
        self.stop()
        shutil.rmtree(self._backup, ignore_errors=True)
        _copy(self.state, self._backup)
        self.start()

    def restore(self) -> None:
        """Put the backup in the place of what came after it."""
        self.stop()
        shutil.rmtree(self.state)
        _copy(self._backup, self.state)
        self.start()

    @property
    def _backup(self) -> Path:
        return self.folder / "backup"

    def stop(self) -> None:
        """Stop all three, the database last."""
        try:
            self.serve.stop()
            self.router.stop()
        finally:
            self.postgres.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._end_all()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end_all()

    def _end_all(self) -> None:
        for program in (self.serve, self.router):
            if program.running:
                program.kill()
        self.postgres.stop()

    def run(self, *arguments: str) -> str:
        """Run `fengsui central …` against this centre; returns what it printed."""
        return run("central", *arguments, env=self.env)

    @contextmanager
    def signed_in(self, login: str) -> Iterator[httpx.Client]:
        """The API as one of the accounts that `furnish` made."""
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=30.0) as client:
            client.post("/session", json={"account": login, "password": PASSWORD}).raise_for_status()
            client.headers["x-csrf-token"] = client.cookies["fengsui_csrf"]
            yield client

    def gaps(self) -> dict[str, int]:
        """What the audit of sequence says."""
        found: dict[str, int] = json.loads(self.run("gaps", "--json").strip().splitlines()[-1])
        return found

    def furnish(self) -> None:
        """Register one enterprise, E0001, with township, county and city above it, and an account each."""
        asyncio.run(self._furnish())

    async def _furnish(self) -> None:
        async with operating(self.settings) as conn:
            # Nobody holds a telephone with an authenticator here.
            await conn.execute("UPDATE sign_in_rule SET totp_kinds = '{}'")
            # Each call is looked for by itself; storms have tests of their own.
            await conn.execute("UPDATE storm_rule SET messages = 1000000, papers = 1000000")
            await identity.load_regions(conn, REGIONS)
            await identity.create_agency(conn, "云泽市应急管理局", 4, areas=("4299",))
            await identity.create_agency(
                conn, "临江县应急管理局", 3, parent="云泽市应急管理局", areas=("429981",)
            )
            office = await identity.create_agency(
                conn, "青石镇应急办", 2, parent="临江县应急管理局", areas=("429981101",)
            )
            enterprise = NewEnterprise(
                code="E0001", name="临江清源水务有限公司", credit_code="91429981MA0QY0014M",
                region_code="429981101", agency_id=office, hazard_class=3,
            )  # fmt: skip
            number = await registry.register(conn, enterprise)
            for login, agency, company in (
                ("city", "云泽市应急管理局", None),
                ("county", "临江县应急管理局", None),
                ("township", "青石镇应急办", None),
                ("enterprise", None, number),
                ("installer", None, None),
            ):
                account = NewAccount(
                    login=login, password=PASSWORD, display_name=login, role=login,
                    agency_id=await identity.agency_id(conn, agency) if agency else None,
                    enterprise_id=company, phone=f"1990000{len(login):04d}", phone_verified=True,
                    on_call=True,
                )  # fmt: skip
                await identity.create_account(conn, Passwords(), account)

    def enrol(self, gateways: Sequence[str], folder: Path) -> list[Path]:
        """Register gateways of E0001; returns their credential files, made in `folder`."""
        return asyncio.run(self._enrol(gateways, folder))

    async def _enrol(self, gateways: Sequence[str], folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        key = CentreKey.load(self.state)
        files = [folder / f"{gateway}.json" for gateway in gateways]
        async with operating(self.settings) as conn:
            now = await clock.database_now(conn)
            for gateway, file in zip(gateways, files, strict=True):
                await devices.register_gateway(
                    conn, key, gateway=gateway, enterprise_code="E0001", name="", out=file, now=now,
                    router=self.router_address,
                )  # fmt: skip
        return files

    @property
    def settings(self) -> Settings:
        """What this centre was started with."""
        return Settings.read(self.env)

    async def rows(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """What the database holds, read past row level security by its administrator."""
        conn = await asyncpg.connect(self.postgres.url("admin"))
        try:
            return list(await conn.fetch(query, *arguments))
        finally:
            await conn.close()


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and modes: PostgreSQL refuses a folder that is not its own."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
