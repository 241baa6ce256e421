"""A whole centre for tests: PostgreSQL, router and `serve` as processes, each of which may be killed."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx

from central.db.embedded import EmbeddedServer
from rig.programs import Program, run, wait_until

PASSWORD = "Beacon-tower-1"


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

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Wait until `GET /health/ready` says yes."""
        wait_until(f"the centre is ready ({self.serve.log})", self.is_ready, timeout_s, every_s=0.1)

    def is_ready(self) -> bool:
        """Whether the centre answers and every part of it works."""
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2.0).status_code == 200
        except httpx.HTTPError:
            return False

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

    def gaps(self) -> dict[str, int]:
        """What the audit of sequence says."""
        found: dict[str, int] = json.loads(self.run("gaps", "--json").strip().splitlines()[-1])
        return found

    async def rows(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """What the database holds, read past row level security by its administrator."""
        conn = await asyncpg.connect(self.postgres.url("admin"))
        try:
            return list(await conn.fetch(query, *arguments))
        finally:
            await conn.close()
