"""The embedded server under the conditions of the field: kills, stale files, two users, root."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import psutil
import pytest

from central.db.embedded import EmbeddedServer
from central.db.opening import opened
from central.db.pool import connect
from central.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

FAST = "fsync = off\nshared_buffers = '16MB'"


@pytest.fixture
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fengsui-pg-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def ask(server: EmbeddedServer, statement: str) -> object:
    async def body() -> object:
        conn = await connect(server.url("admin", "postgres"))
        try:
            return await conn.fetchval(statement)
        finally:
            await conn.close()

    return asyncio.run(body())


def test_a_killed_server_is_revived_at_its_old_address_with_its_data(state: Path) -> None:
    server = EmbeddedServer(state, extra=FAST)
    with server.running():
        url = server.url("admin", "postgres")
        ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
        assert not server.revive()
        server.kill()
        assert server.revive()
        assert server.url("admin", "postgres") == url
        assert ask(server, "SELECT n FROM kept") == 7


def test_a_stale_pid_file_of_somebody_elses_process_does_not_hinder_a_start(state: Path) -> None:
    server = EmbeddedServer(state, extra=FAST)
    with server.running():
        content = (server.data / "postmaster.pid").read_text().splitlines()
    content[0] = str(os.getpid())
    (server.data / "postmaster.pid").write_text("\n".join(content) + "\n")
    with server.running():
        assert ask(server, "SELECT 1") == 1


def test_the_last_user_stops_the_server(state: Path) -> None:
    first, second = EmbeddedServer(state, extra=FAST), EmbeddedServer(state, extra=FAST)
    first.start()
    second.start()
    pid = first.pid
    assert pid is not None
    assert second.pid == pid
    first.stop()
    assert second.pid == pid
    second.stop()
    assert second.pid is None


def test_a_server_whose_user_was_killed_is_adopted(state: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from central.db.embedded import EmbeddedServer;"
        f"s = EmbeddedServer(Path({str(state)!r}), extra={FAST!r}); s.start(); print(s.pid, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    server = EmbeddedServer(state, extra=FAST)
    with server.running():
        assert server.pid == pid
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_passwords_are_private_and_needed(state: Path) -> None:
    server = EmbeddedServer(state, extra=FAST)
    with server.running():
        secret = state / "postgres.json"
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        password = json.loads(secret.read_text())["admin"]
        wrong = server.url("admin", "postgres").replace(password, "guess")

        async def body() -> None:
            with pytest.raises(asyncpg.InvalidPasswordError):
                await connect(wrong)

        asyncio.run(body())
        assert not (state / "postgres.pw").exists()


def test_a_set_up_that_was_interrupted_starts_over(state: Path) -> None:
    (state / "postgres.new").mkdir()
    (state / "postgres.new" / "half").write_text("x")
    server = EmbeddedServer(state, extra=FAST)
    with server.running():
        assert ask(server, "SELECT 1") == 1


def test_listeners_and_pools_come_back_after_a_kill(state: Path) -> None:
    async def body() -> None:
        async with opened(Settings(state=state)) as database, database.listen("bell") as notices:
            EmbeddedServer(state).kill()
            assert await asyncio.wait_for(notices.get(), 30) is None
            for _ in range(100):
                try:
                    await database.worker.execute("NOTIFY bell, 'again'")
                    break
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await asyncio.sleep(0.2)
            while (heard := await asyncio.wait_for(notices.get(), 30)) is None:
                pass
            assert heard == "again"

    asyncio.run(body())


def test_a_state_folder_with_a_long_path_and_quotes_works(state: Path) -> None:
    deep = state / ("it's a " + "long" * 25)
    server = EmbeddedServer(deep, extra=FAST)
    with server.running():
        assert ask(server, "SELECT 1") == 1
