"""The whole centre as the process that operators run: starts, survives its parts' deaths, leaves in order."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from central.db.embedded import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
PASSWORD = "Beacon-Tower-7"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


class Centre:
    """One state folder and what runs over it."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "FENGSUI_STATE": str(state),
            "FENGSUI_PORT": str(self.port),
            "FENGSUI_ROUTER": f"tcp/127.0.0.1:{free_port()}",
            "FENGSUI_PASSWORD": PASSWORD,
        }

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "fengsui.py"), "central", *words],
            env=self.env, capture_output=True, text=True, check=False, cwd=self.state, timeout=120,
        )  # fmt: skip

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        with (self.state / "serve.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "fengsui.py"), "central", "serve"],
                env=self.env, stdout=log, stderr=log, text=True, cwd=self.state, start_new_session=True,
            )  # fmt: skip
        try:
            self.until_ready(process)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(30)

    def until_ready(self, process: subprocess.Popen[str], within_s: float = 60) -> None:
        deadline = time.monotonic() + within_s
        while True:
            assert process.poll() is None, self.log()
            try:
                answer = httpx.get(f"{self.url}/health/ready", timeout=5)
                if answer.status_code == 200:
                    return
                told = answer.text
            except httpx.HTTPError as exc:
                told = str(exc)
            assert time.monotonic() < deadline, f"{told}\n{self.log()}"
            time.sleep(0.2)

    def log(self) -> str:
        return (self.state / "serve.log").read_text()


@pytest.fixture
def centre() -> Iterator[Centre]:
    state = Path(tempfile.mkdtemp(prefix="fengsui-serve-"))
    yield Centre(state)
    server = EmbeddedServer(state)
    if server.pid is not None:
        server.start()
        server.stop()
    shutil.rmtree(state, ignore_errors=True)


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def routers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    found = []
    for child in children(process):
        with contextlib.suppress(psutil.Error):
            found += [child] if "router" in child.cmdline() else []
    return found


def test_the_centre_answers_survives_its_database_and_its_router_and_leaves_nothing_behind(
    centre: Centre,
) -> None:
    # Nobody holds a telephone with an authenticator here.
    assert centre.command("sign-in-rules", "--second-factor", "none").returncode == 0
    assert centre.command("account", "add", "boss", "admin", "管理员").returncode == 0
    with centre.serving() as process, httpx.Client(base_url=centre.url, timeout=20) as client:
        answer = client.post("/api/v1/session", json={"account": "boss", "password": PASSWORD})
        assert answer.status_code == 201
        assert centre.command("health", "--url", centre.url).returncode == 0

        # A command at the terminal works beside it, and does not take the database along.
        (centre.state / "regions.csv").write_text("42,某省\n")
        assert centre.command("region", "load", "regions.csv").returncode == 0
        assert client.get("/api/v1/overview").status_code == 200

        EmbeddedServer(centre.state).kill()
        centre.until_ready(process)
        assert client.get("/api/v1/session").json()["account"] == "boss"

        (router,) = routers(process)
        router.kill()
        deadline = time.monotonic() + 30
        while not [p for p in routers(process) if p.pid != router.pid]:
            assert time.monotonic() < deadline, centre.log()
            time.sleep(0.2)

        # An open stream does not hold up leaving.
        with client.stream("GET", "/api/v1/live") as stream:
            next(stream.iter_lines())
            left_behind = children(process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, centre.log()
    gone, alive = psutil.wait_procs(left_behind, timeout=10)
    assert not alive, (gone, alive)
    assert EmbeddedServer(centre.state).pid is None
    assert "Traceback" not in centre.log(), centre.log()


def test_a_centre_that_was_killed_comes_back_with_the_same_data(centre: Centre) -> None:
    assert centre.command("account", "add", "boss", "admin", "管理员").returncode == 0
    for _ in range(2):
        with centre.serving() as process, httpx.Client(base_url=centre.url, timeout=20) as client:
            answer = client.post("/api/v1/session", json={"account": "boss", "password": PASSWORD})
            assert answer.status_code == 201
            process.kill()
            process.wait(10)
    with centre.serving():
        pass


def test_a_taken_port_and_a_wrong_setting_are_told_in_a_sentence(centre: Centre) -> None:
    with socket.create_server(("127.0.0.1", centre.port)):
        done = centre.command("serve")
        assert done.returncode == 2
        assert f"cannot listen on 127.0.0.1:{centre.port}" in done.stderr
        assert "FENGSUI_PORT" in done.stderr
        assert "Traceback" not in done.stderr
    centre.env["FENGSUI_IDLE_S"] = "half an hour"
    done = centre.command("migrate")
    assert done.returncode == 2
    assert "FENGSUI_IDLE_S='half an hour': must be a whole number" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_an_operator_types_wrongly_is_told_in_words(centre: Centre) -> None:
    done = centre.command("account", "add", "x y", "admin", "甲")
    assert done.returncode == 2
    assert "账号名" in done.stderr
    centre.env["FENGSUI_PASSWORD"] = "weak"
    assert "密码至少 8 位" in centre.command("account", "add", "boss", "admin", "甲").stderr
    done = centre.command("enterprise", "add", "E1", "某企业", "91330100799655058C", "42")
    assert "校验位" in done.stderr
