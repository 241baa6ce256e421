"""The router with real certificates on loopback: who comes in, what he reaches, and a reload without loss."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zenoh
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

import central
from central.db.errors import ConfigurationError
from central.devices.authority import Authority, write_file
from central.devices.enrolment_worker import access_file
from central.ingest.router import access_control, read_access, router_config
from edge.installer.enrol_keys import signing_request

PROGRAM = Path(central.__file__).parents[1] / "fengsui.py"


class Site:
    """A router as a process of its own, with a CA and gateways' certificates."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime.now(UTC)
        self.authority = Authority.open(folder, self.now)
        self.authority.ensure_own([], self.now)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def issue(self, gateway: str, file: str = "") -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self.keep(self.authority, key, gateway, file or gateway)

    def keep(self, authority: Authority, key: ec.EllipticCurvePrivateKey, gateway: str, file: str) -> None:
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_file(self.folder / f"{file}.key", pem)
        issued = authority.certify(signing_request(gateway, key), gateway, self.now)
        write_file(self.folder / f"{file}.pem", issued.pem.encode())

    def admit(self, *gateways: str) -> None:
        write_file(access_file(self.folder), json.dumps({"gateways": list(gateways)}).encode())

    @contextmanager
    def router(self) -> Iterator[None]:
        process = subprocess.Popen(
            [
                sys.executable, str(PROGRAM), "central", "router",
                "--listen", f"tls/127.0.0.1:{self.port}", "--state", str(self.folder),
            ]
        )  # fmt: skip
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    @contextmanager
    def client(self, name: str) -> Iterator[zenoh.Session]:
        """A session with the certificate of that name; "centre" is our own, "" has none."""
        where = self.folder / "pki" if name == "centre" else self.folder
        tls: dict[str, Any] = {"root_ca_certificate": str(self.folder / "pki/ca.pem")}
        tls |= {
            "connect_certificate": str(where / f"{name}.pem"),
            "connect_private_key": str(where / f"{name}.key"),
            "enable_mtls": True,
        } if name else {}  # fmt: skip
        config = {
            "mode": "client",
            "connect": {
                "endpoints": [f"tls/127.0.0.1:{self.port}"],
                "timeout_ms": 2000,
                "retry": {"period_init_ms": 200, "period_max_ms": 1000, "period_increase_factor": 2},
            },
            "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
            "transport": {"link": {"tls": tls}},
        }
        session = zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
        try:
            yield session
        finally:
            session.close()  # type: ignore[no-untyped-call]


def ask(session: zenoh.Session, key: str, payload: bytes = b"?", timeout_s: float = 1.0) -> list[bytes]:
    replies = session.get(key, payload=payload, timeout=timeout_s)
    return [reply.ok.payload.to_bytes() for reply in replies if reply.ok is not None]


def eventually(happens: Callable[[], object], within_s: float = 60.0) -> None:
    end = time.monotonic() + within_s
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def opens(site: Site, name: str) -> bool:
    try:
        with site.client(name):
            return True
    except zenoh.ZError:
        return False


@contextmanager
def listening(site: Site) -> Iterator[list[tuple[str, bytes]]]:
    """The centre: it answers every uplink and hears every heartbeat."""
    heard: list[tuple[str, bytes]] = []

    def asked(query: zenoh.Query) -> None:
        payload = b"" if query.payload is None else query.payload.to_bytes()
        heard.append((str(query.key_expr), payload))
        with query:
            query.reply(query.key_expr, b"receipt " + payload)

    def told(sample: zenoh.Sample) -> None:
        heard.append((str(sample.key_expr), sample.payload.to_bytes()))

    with site.client("centre") as session:
        callback = zenoh.handlers.Callback
        held = (
            session.declare_queryable("fengsui/v1/*/uplink", callback(asked, indirect=False), complete=True),
            session.declare_subscriber("fengsui/v1/*/heartbeat", callback(told, indirect=False)),
        )
        assert len(held) == 2
        yield heard


def test_each_gateway_reaches_its_own_keys_and_nobody_comes_in_without_a_certificate(tmp_path: Path) -> None:
    site, stranger = Site(tmp_path), Authority.open(tmp_path / "other", datetime.now(UTC))
    for gateway in ("gw-a", "gw-b", "gw-c"):
        site.issue(gateway)
    site.keep(stranger, ec.generate_private_key(ec.SECP256R1()), "gw-a", "forged")
    site.admit("gw-a", "gw-b")
    with site.router():
        eventually(lambda: opens(site, "centre"))
        assert not opens(site, "")
        assert not opens(site, "forged")
        with listening(site) as heard, site.client("gw-a") as a, site.client("gw-b") as b:
            eventually(lambda: ask(a, "fengsui/v1/gw-a/uplink") == [b"receipt ?"])
            assert ask(b, "fengsui/v1/gw-b/uplink") == [b"receipt ?"]
            assert ask(b, "fengsui/v1/gw-a/uplink", b"forged") == []
            assert ask(b, "fengsui/v1/*/uplink", b"forged") == []
            b.put("fengsui/v1/gw-a/heartbeat", b"forged")
            b.put("fengsui/v1/gw-b/heartbeat", b"mine")
            eventually(lambda: ("fengsui/v1/gw-b/heartbeat", b"mine") in heard)
            assert b"forged" not in {payload for _, payload in heard}
            overheard: list[str] = []

            def overhear(sample: zenoh.Sample) -> None:
                overheard.append(str(sample.key_expr))

            def take(query: zenoh.Query) -> None:
                overheard.append(str(query.key_expr))

            callback = zenoh.handlers.Callback
            spy = b.declare_subscriber("**", callback(overhear, indirect=False))
            thief = b.declare_queryable("fengsui/v1/gw-a/command", callback(take, indirect=False))
            assert None not in {spy, thief}
            a.put("fengsui/v1/gw-a/heartbeat", b"mine")
            eventually(lambda: ("fengsui/v1/gw-a/heartbeat", b"mine") in heard)
            with site.client("centre") as centre:
                assert ask(centre, "fengsui/v1/gw-a/command") == []
            assert overheard == []
            with site.client("gw-c") as c:  # certified, but not admitted
                assert ask(c, "fengsui/v1/gw-c/uplink") == []


def test_a_planned_reload_shuts_one_out_and_loses_nothing_of_the_others(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for gateway in ("gw-a", "gw-b"):
        site.issue(gateway)
    site.admit("gw-a", "gw-b")
    with site.router():
        eventually(lambda: opens(site, "centre"))
        with listening(site) as heard, site.client("gw-a") as a, site.client("gw-b") as b:
            eventually(lambda: ask(b, "fengsui/v1/gw-b/uplink") == [b"receipt ?"])
            stop = threading.Event()
            receipted: list[bytes] = []
            pauses: list[float] = []

            def send() -> None:
                # As a gateway does: the next frame follows the receipt of the one before.
                while not stop.is_set():
                    frame = b"%d" % len(receipted)
                    began = time.monotonic()
                    while not ask(a, "fengsui/v1/gw-a/uplink", frame):
                        time.sleep(0.02)
                    pauses.append(time.monotonic() - began)
                    receipted.append(frame)
                    time.sleep(0.002)

            sender = threading.Thread(target=send)
            sender.start()
            try:
                eventually(lambda: len(receipted) > 20)
                site.admit("gw-a")
                eventually(lambda: ask(b, "fengsui/v1/gw-b/uplink") == [])
                eventually(lambda: ask(a, "fengsui/v1/gw-a/uplink") == [b"receipt ?"])
                further = len(receipted) + 20
                eventually(lambda: len(receipted) > further)
            finally:
                stop.set()
                sender.join(60)
            assert ask(b, "fengsui/v1/gw-b/uplink") == []
            arrived = dict.fromkeys(
                payload for key, payload in heard if payload not in {b"?", b""} and "gw-a" in key
            )
            assert list(arrived)[: len(receipted)] == receipted
            print(f"longest wait for a receipt over the reload: {max(pauses):.3f} s")


def test_a_renewed_certificate_is_shown_at_the_next_connection(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.issue("gw-a", "mine")
    site.admit("gw-a")
    with site.router():
        eventually(lambda: opens(site, "centre"))
        with listening(site), site.client("mine") as session:
            eventually(lambda: ask(session, "fengsui/v1/gw-a/uplink") == [b"receipt ?"])
            # A certificate of another name stands for the new one: only it opens those keys.
            site.issue("gw-b", "mine")
            assert ask(session, "fengsui/v1/gw-b/uplink") == []
            site.admit("gw-a", "gw-b")
            eventually(lambda: ask(session, "fengsui/v1/gw-b/uplink") == [b"receipt ?"])


def test_the_list_of_gateways_is_read_strictly(tmp_path: Path) -> None:
    path = access_file(tmp_path)
    path.parent.mkdir()
    for text in ("", "{}", '{"gateways": ["*"]}', '{"gateways": ["gw-a/**"]}'):
        path.write_text(text)
        with pytest.raises(ConfigurationError, match=r"gateways\.json"):
            read_access(path)
    path.write_text('{"gateways": ["gw-a"]}')
    assert read_access(path) == ["gw-a"]


def test_with_certificates_nobody_is_let_in_by_default(tmp_path: Path) -> None:
    assert "access_control" not in router_config("tcp/127.0.0.1:7447")
    made = access_control(["gw-a"])
    assert made["default_permission"] == "deny"
    assert [p["subjects"] for p in made["policies"]] == [["centre"], ["gateway gw-a"]]
    assert [r["key_exprs"] for r in made["rules"]] == [["fengsui/v1/**"], ["fengsui/v1/gw-a/**"]]
