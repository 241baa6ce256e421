"""A small centre for tests: a real router process, and a queryable that keeps what it is sent in memory.

It speaks only `protocol`; what it answers can be scripted, so that refusals and restores can be played.
"""

import asyncio
import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import zenoh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol import codec, keys
from protocol import messages as m

ROUTER = """
import json, sys, zenoh
config = {"mode": "router", "listen": {"endpoints": [sys.argv[1]]},
          "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}}}
session = zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
print("up", flush=True)
sys.stdin.read()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Router:
    """A Zenoh router in a process of its own; may be killed and started again on the same port."""

    def __init__(self) -> None:
        self.endpoint = f"tcp/127.0.0.1:{free_port()}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", ROUTER, self.endpoint], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"up\n"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()
            self.process = None


class SmallCentre:
    """Commits to dictionaries by the rules of the law: in order, receipts after, conflicts told."""

    def __init__(self, router: Router, gateway: str = "gw-test") -> None:
        self.gateway = gateway
        self.key = Ed25519PrivateKey.generate()
        self.gateway_seed = os.urandom(32)
        self.router = router
        self.births: list[m.Birth] = []
        self.descriptions: set[bytes] = set()
        self.cursors: dict[tuple[int, int], int] = {}
        self.batches: list[m.Batch] = []
        self.gaps: list[m.GapEvent] = []
        self.heartbeats: list[m.Heartbeat] = []
        self.live: list[m.Batch] = []
        self.script: Callable[[m.Batch], m.Receipt | None] | None = None
        self.silent = False
        self._session: zenoh.Session | None = None
        self._held: list[object] = []

    def write_credentials(self, path: Path) -> None:
        public = self.key.public_key().public_bytes_raw()
        path.write_text(
            json.dumps(
                {
                    "gateway": self.gateway,
                    "seed": base64.b64encode(self.gateway_seed).decode(),
                    "centre_public_key": base64.b64encode(public).decode(),
                    "router": self.router.endpoint,
                }
            )
        )
        path.chmod(0o600)

    def open(self) -> None:
        config = {
            "mode": "client",
            "connect": {"endpoints": [self.router.endpoint], "timeout_ms": 5000},
            "scouting": {"multicast": {"enabled": False}},
        }
        self._session = zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
        self._held = [
            self._session.declare_queryable(keys.every(keys.UPLINK), self._asked, complete=True),
            self._session.declare_subscriber(keys.every(keys.HEARTBEAT), self._beat),
            self._session.declare_subscriber(keys.every(keys.LIVE), self._shown),
        ]

    def close(self) -> None:
        if self._session is not None:
            self._session.close()  # type: ignore[no-untyped-call]
            self._session = None

    def _read(self, data: bytes) -> m.Message:
        frame = codec.open_frame(data)
        public = Ed25519PrivateKey.from_private_bytes(self.gateway_seed).public_key()
        codec.check_signature(frame, lambda signature, signed: _verified(public, signature, signed))
        assert frame.signer == self.gateway
        return codec.decode(frame)

    def _beat(self, sample: zenoh.Sample) -> None:
        message = self._read(sample.payload.to_bytes())
        assert isinstance(message, m.Heartbeat)
        self.heartbeats.append(message)

    def _shown(self, sample: zenoh.Sample) -> None:
        message = self._read(sample.payload.to_bytes())
        assert isinstance(message, m.Batch)
        self.live.append(message)

    def _asked(self, query: zenoh.Query) -> None:
        with query:
            if self.silent:
                return
            assert query.payload is not None
            message = self._read(query.payload.to_bytes())
            receipt = self._birth(message) if isinstance(message, m.Birth) else None
            if isinstance(message, m.Batch):
                receipt = self.script(message) if self.script is not None else None
                receipt = receipt or self.commit(message)
            assert receipt is not None
            query.reply(query.key_expr, codec.seal(m.CENTRE, receipt, self.key.sign))

    def _birth(self, birth: m.Birth) -> m.Receipt:
        self.births.append(birth)
        self.descriptions.add(codec.birth_hash(birth.description))
        known = [m.Cursor(stream, epoch, last) for (stream, epoch), last in self.cursors.items()]
        return m.Receipt(m.STORED, self.gateway, hash=codec.birth_hash(birth.description), cursors=known)

    def answer(self, batch: m.Batch, status: int, expected: int = 0, reason: str = "") -> m.Receipt:
        return m.Receipt(
            status,
            self.gateway,
            batch.stream,
            batch.epoch,
            batch.first,
            batch.last,
            codec.hash_of(batch),
            expected,
            reason=reason,
        )

    def commit(self, batch: m.Batch) -> m.Receipt:
        if batch.birth_hash not in self.descriptions:
            return self.answer(batch, m.BIRTH_WANTED)
        key = (batch.stream, batch.epoch)
        cursor = self.cursors.get(key, 0)
        if batch.last <= cursor:
            return self.answer(batch, m.STORED)
        wanted = cursor + 1
        for gap in sorted(self.gaps, key=lambda g: g.first):
            if (gap.stream, gap.epoch) == key and gap.first <= wanted <= (gap.last or 1 << 62):
                wanted = (gap.last or batch.first - 1) + 1
        if batch.first > wanted:
            return self.answer(batch, m.EXPECTED, expected=wanted)
        if batch.stream == m.EVENT:
            for _, event, _ in codec.decode_events(batch.body, batch.first, batch.last):
                if isinstance(event, m.GapEvent):
                    self.gaps.append(event)
        else:
            codec.decode_measurements(batch.body, batch.first, batch.last)
        self.batches.append(batch)
        self.cursors[key] = batch.last
        return self.answer(batch, m.STORED)

    def events(self) -> list[m.Event]:
        found: list[m.Event] = []
        for batch in [b for b in self.batches if b.stream == m.EVENT]:
            for _, event, _ in codec.decode_events(batch.body, batch.first, batch.last):
                assert event is not None
                found.append(event)
        return found

    def numbers(self, stream: int, epoch: int) -> list[int]:
        mine = [b for b in self.batches if (b.stream, b.epoch) == (stream, epoch)]
        return [seq for b in mine for seq in range(b.first, b.last + 1)]

    async def command(self, command: m.Command, key: Ed25519PrivateKey | None = None) -> m.Reply | None:
        """Send a command as the centre would, signed with its key or with another."""
        session = self._session
        assert session is not None
        frame = codec.seal(m.CENTRE, command, (key or self.key).sign)

        def ask() -> bytes | None:
            for reply in session.get(keys.build(self.gateway, keys.COMMAND), payload=frame, timeout=2.0):
                if reply.ok is not None:
                    return reply.ok.payload.to_bytes()
            return None

        data = await asyncio.to_thread(ask)
        if data is None:
            return None
        reply = self._read(data)
        assert isinstance(reply, m.Reply)
        return reply


def _verified(public: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    public.verify(signature, signed)
    return True


@contextlib.asynccontextmanager
async def centre() -> AsyncIterator[SmallCentre]:
    """A router and a small centre, both ended at the end."""
    router = Router()
    await asyncio.to_thread(router.start)
    small = SmallCentre(router)
    try:
        await asyncio.to_thread(small.open)
        yield small
    finally:
        await asyncio.to_thread(small.close)
        await asyncio.to_thread(router.kill)
