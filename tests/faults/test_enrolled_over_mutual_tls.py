"""The whole way of trust with real processes: a code, `edge enrol`, mutual TLS, revocation, another box."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.db.embedded import EmbeddedServer
from tests.central.county import credit_code

ROOT = Path(__file__).parents[2]
PASSWORD = "Beacon-Tower-7"
CONFIG = """
[gateway]
id = "gw-e1-1"
credentials = "gw.json"

[uplink]
heartbeat_s = 0.5

[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"
port = {port}

  [[buses.units]]
  key = "GT-101"
  unit = 1
  template = "gas-chlorine"
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        found: int = probe.getsockname()[1]
        return found


def eventually(happens: Callable[[], object], why: Callable[[], str], within_s: float = 120.0) -> None:
    end = time.monotonic() + within_s
    while not happens():
        assert time.monotonic() < end, why()
        time.sleep(0.2)


class Site:
    """A centre that speaks HTTPS and mutual TLS, and boxes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "centre"
        self.state.mkdir()
        self.port = free_port()
        self.cookies: dict[str, str] = {}
        self.env = {
            **os.environ,
            "FENGSUI_STATE": str(self.state),
            "FENGSUI_PORT": str(self.port),
            "FENGSUI_ROUTER": f"tls/127.0.0.1:{free_port()}",
            "FENGSUI_HTTPS": "1",
            "FENGSUI_PUBLIC_URL": f"https://localhost:{self.port}",
            "FENGSUI_PASSWORD": PASSWORD,
        }

    def fengsui(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(ROOT / "fengsui.py"), *words],
            env=self.env, capture_output=True, text=True, check=False, cwd=self.folder, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def running(self, name: str, *words: str) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "fengsui.py"), *words],
                env=self.env, stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def client(self) -> httpx.Client:
        trust = ssl.create_default_context(cafile=str(self.state / "pki/ca.pem"))
        return httpx.Client(base_url=f"https://localhost:{self.port}", verify=trust, timeout=30)

    def ready(self) -> bool:
        try:
            with self.client() as client:
                return client.get("/health/ready").status_code == 200
        except (httpx.HTTPError, OSError):
            return False

    def gateway(self) -> dict[str, Any]:
        with self.client() as client:
            client.cookies.update(self.cookies)
            found: dict[str, Any] = client.get("/api/v1/gateways/gw-e1-1").json()
            return found

    def sign_in(self) -> None:
        with self.client() as client:
            signed_in = client.post("/api/v1/session", json={"account": "admin", "password": PASSWORD})
            assert signed_in.status_code == 201, signed_in.text
            self.cookies.update(client.cookies)

    def box(self, name: str) -> Path:
        """A box that was configured and has enrolled with a code of its own."""
        code = re.search(
            r"'(https://.*)'",
            self.fengsui("central", "gateway", "code", "gw-e1-1", "--enterprise", "E1", "--no-qr"),
        )
        assert code
        config = self.folder / name / "gateway.toml"
        config.parent.mkdir()
        config.write_text(CONFIG.format(port=free_port()))
        done = json.loads(self.fengsui("edge", "enrol", "--link", code[1], "-c", str(config), "--json"))
        assert done["router"].startswith("tls/")
        return config


@pytest.fixture
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="fengsui-trust-"))
    yield Site(folder)
    server = EmbeddedServer(folder / "centre")
    if server.pid is not None:
        server.start()
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_a_gateway_enrols_runs_is_shut_out_and_another_box_takes_its_place(site: Site) -> None:
    regions = site.folder / "regions.csv"
    regions.write_text("42,某省\n4299,云泽市\n429981,临江县\n429981101,青石镇\n")
    with site.running("serve", "central", "serve"):
        eventually(lambda: site.ready() or (site.state / "pki/ca.pem").exists(), lambda: site.log("serve"))
        eventually(site.ready, lambda: site.log("serve"))
        site.fengsui("central", "region", "load", str(regions))
        site.fengsui("central", "enterprise", "add", "E1", "企业一", credit_code(1), "429981101")
        # Nobody holds a telephone with an authenticator here.
        site.fengsui("central", "sign-in-rules", "--second-factor", "none")
        site.fengsui("central", "account", "add", "admin", "admin", "管理员")
        site.sign_in()
        first = site.box("first")
        with site.running("first", "edge", "run", "-c", str(first)):
            eventually(lambda: site.gateway()["presence"] == "online", lambda: site.log("first"))
            site.fengsui("central", "pki", "revoke", "gw-e1-1", "--reason", "被盗", "--by", "管理员")
            eventually(lambda: site.gateway()["presence"] == "offline", lambda: site.log("serve"))
            second = site.box("second")
            with site.running("second", "edge", "run", "-c", str(second)):
                # The broken box still runs and still asks: it is the new one that is heard.
                eventually(lambda: site.gateway()["presence"] == "online", lambda: site.log("second"))
    assert "NO UPLINK" not in site.log("first") + site.log("second")
