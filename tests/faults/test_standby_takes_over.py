"""A synchronous stand-by takes over from a killed server: what was receipted is there, the rest comes."""

from __future__ import annotations

import asyncio
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.backup import programs
from central.db.bootstrap import prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Connection, DatabaseUrls, connect
from central.ingest import gaps
from central.ingest.gaps import Summary
from protocol import messages as m
from rig.centre import free_port
from tests.central.ingest.plant import Centre, Sim, centre

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

# A killed process loses nothing that the operating system has: no need to wait for the disk.
SMALL = "fsync = off\nshared_buffers = '32MB'\nmax_wal_size = '128MB'"
BATCHES = 24


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not under pytest's own folder: for root PostgreSQL runs as another user, who may not walk in there.
    path = Path(tempfile.mkdtemp(prefix="fengsui-standby-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


async def copied(primary: EmbeddedServer, state: Path) -> EmbeddedServer:
    """A stand-by made from a running server, as docs/operations.md says."""
    state.mkdir(mode=0o700)
    shutil.copy(primary.state / "postgres.json", state)
    url, secret = programs.without_password(primary.url("admin", "postgres"))
    standby = EmbeddedServer(state, port=free_port(), extra=SMALL)
    arguments = [
        "--dbname",
        url,
        "--pgdata",
        str(standby.data),
        "--wal-method",
        "stream",
        "--checkpoint",
        "fast",
    ]
    await programs.pour_out("pg_basebackup", [*arguments, "--write-recovery-conf"], secret, io.BytesIO())
    standby.give(standby.data)
    await asyncio.to_thread(standby.start)
    return standby


async def until_synchronous(admin: Connection) -> None:
    async with asyncio.timeout(90):
        while await admin.fetchval("SELECT sync_state FROM pg_stat_replication") != "sync":
            await asyncio.sleep(0.1)


def of_both(primary: EmbeddedServer, standby: EmbeddedServer) -> DatabaseUrls:
    """One address for two servers: whichever takes writes."""
    ports = [server.url("admin").rpartition("port=")[2] for server in (primary, standby)]
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    users = {"admin": "postgres", "web": "fengsui_web", "worker": "fengsui_worker"}
    return DatabaseUrls(
        *(
            f"postgresql://{users[role]}:{getattr(primary.passwords, role)}@{hosts}/fengsui"
            "?target_session_attrs=read-write"
            for role in ("admin", "web", "worker")
        )
    )


def test_a_stand_by_that_is_promoted_has_every_receipted_record(folder: Path) -> None:
    async def run() -> None:
        primary = EmbeddedServer(folder / "a", port=free_port(), extra=SMALL)
        await asyncio.to_thread(primary.start)
        standby = None
        try:
            await prepare_embedded(primary)
            standby = await copied(primary, folder / "b")
            admin = await connect(primary.url("admin"))
            (primary.data / "local.conf").write_text("synchronous_standby_names = '*'\n")
            await admin.execute("SELECT pg_reload_conf()")
            await until_synchronous(admin)
            sim = Sim("gw-a")
            async with centre(of_both(primary, standby), sim) as c:
                await c.one(sim, sim.birth())
                await deliver(c, sim, range(BATCHES // 2))
                primary.kill()
                takes_over = asyncio.create_task(promote(standby))
                await deliver(c, sim, range(BATCHES // 2, BATCHES))
                await takes_over
                assert not await c.database.worker.fetchval("SELECT pg_is_in_recovery()")
                summary = (await gaps.audit(c.database)).summary
                assert summary == Summary(1, BATCHES * 6, 0, 0, 0)
                assert await c.database.worker.fetchval("SELECT count(*) FROM measurement") == BATCHES * 10
        finally:
            for server in (primary, standby):
                if server is not None:
                    await asyncio.to_thread(server.stop)

    asyncio.run(run())


async def deliver(c: Centre, sim: Sim, numbers: range) -> None:
    """Send as a gateway does: again, until it is receipted."""
    for number in numbers:
        for message in (
            sim.measurements(number * 5 + 1, 5, raw=number),
            sim.events(number + 1, [sim.operator(number + 1)]),
        ):
            async with asyncio.timeout(120):
                while (await c.one(sim, message)).status != m.STORED:
                    await asyncio.sleep(0.05)


async def promote(standby: EmbeddedServer) -> None:
    """What a person does who has made sure that the old server stays off."""
    await asyncio.sleep(1.0)  # meanwhile nothing takes writes, and gateways wait
    conn = await connect(standby.url("admin", "postgres"))
    try:
        assert await conn.fetchval("SELECT pg_promote(true, 60)")
    finally:
        await conn.close()
