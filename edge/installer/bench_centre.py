"""A stand-in for the centre in a self-measurement: receipts in order and signed, as the real one gives them.

It is router and centre in one, on loopback, with keys made for this run alone, so that no figure can reach
the data of a real centre. What it knows of the law is what a gateway can tell: signature, hash, order,
declared gaps, and that a receipt follows a commit, which takes `COMMIT_MS` (measured beside PostgreSQL).
"""

import asyncio
import base64
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import zenoh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge.clock import Clock
from protocol import codec, keys
from protocol import messages as m

GATEWAY: Final = "gw-bench"
COMMIT_MS: Final = 27  # the centre's group commit, as measured with PostgreSQL on two cores


class BenchCentre:
    """Takes what one gateway sends; everything but Zenoh's callbacks runs in the event loop."""

    def __init__(self, clock: Clock, commit_ms: int = COMMIT_MS) -> None:
        """Make keys; `serve` opens it."""
        self._clock = clock
        self._commit_s = commit_ms / 1000
        self._key = Ed25519PrivateKey.generate()
        self._seed = os.urandom(32)
        self._gateway = Ed25519PrivateKey.from_private_bytes(self._seed).public_key()
        self._descriptions: set[bytes] = set()
        self._gaps: list[m.GapEvent] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.endpoint = ""
        self.cursors: dict[tuple[int, int], int] = {}
        self.out_of_order = 0
        self.live_lag_ms: list[float] = []
        self.event_lag_ms: list[float] = []

    def write_credentials(self, path: Path) -> None:
        """Write what the gateway signs with and believes."""
        public = self._key.public_key().public_bytes_raw()
        text = json.dumps(
            {
                "gateway": GATEWAY,
                "seed": base64.b64encode(self._seed).decode(),
                "centre_public_key": base64.b64encode(public).decode(),
                "router": self.endpoint,
            }
        )
        path.touch(mode=0o600)
        path.write_text(text, encoding="ascii")

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Be there while the block runs."""
        loop = asyncio.get_running_loop()

        def asked(query: zenoh.Query) -> None:
            data = b"" if query.payload is None else query.payload.to_bytes()
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(self._begin, query, data)

        def shown(sample: zenoh.Sample) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._shown, sample.payload.to_bytes())

        def open_both() -> tuple[zenoh.Session, list[Any]]:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.endpoint = f"tcp/127.0.0.1:{probe.getsockname()[1]}"
            config = {
                "mode": "router",
                "listen": {"endpoints": [self.endpoint]},
                "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
            }
            session = zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
            uplink = session.declare_queryable(
                keys.every(keys.UPLINK), zenoh.handlers.Callback(asked, indirect=False), complete=True
            )
            live = session.declare_subscriber(
                keys.every(keys.LIVE), zenoh.handlers.Callback(shown, indirect=False)
            )
            return session, [uplink, live]

        session, _held = await asyncio.to_thread(open_both)
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.to_thread(session.close)

    def _begin(self, query: zenoh.Query, data: bytes) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(query, data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, query: zenoh.Query, data: bytes) -> None:
        with query:
            message = self._read(data)
            if isinstance(message, m.Birth):
                receipt = self._take_birth(message)
            elif isinstance(message, m.Batch):
                await asyncio.sleep(self._commit_s)
                receipt = self._commit(message)
            else:
                return
            query.reply(query.key_expr, codec.seal(m.CENTRE, receipt, self._key.sign))

    def _read(self, data: bytes) -> m.Message:
        frame = codec.open_frame(data)
        codec.check_signature(frame, lambda signature, signed: _verified(self._gateway, signature, signed))
        return codec.decode(frame)

    def _take_birth(self, birth: m.Birth) -> m.Receipt:
        digest = codec.birth_hash(birth.description)
        self._descriptions.add(digest)
        known = [m.Cursor(stream, epoch, last) for (stream, epoch), last in self.cursors.items()]
        return m.Receipt(m.STORED, GATEWAY, hash=digest, cursors=known)

    def _commit(self, batch: m.Batch) -> m.Receipt:
        key = (batch.stream, batch.epoch)
        cursor = self.cursors.get(key, 0)
        if batch.birth_hash not in self._descriptions:
            return self._receipt(batch, m.BIRTH_WANTED)
        if batch.last <= cursor:
            return self._receipt(batch, m.STORED)
        wanted = self._behind_gaps(key, cursor + 1, batch.first)
        if batch.first > wanted:
            self.out_of_order += 1
            return self._receipt(batch, m.EXPECTED, wanted)
        if batch.stream == m.EVENT:
            self._take_events(batch)
        else:
            codec.decode_measurements(batch.body, batch.first, batch.last)
        self.cursors[key] = batch.last
        return self._receipt(batch, m.STORED)

    def _behind_gaps(self, key: tuple[int, int], wanted: int, first: int) -> int:
        for gap in sorted(self._gaps, key=lambda gap: gap.first):
            if (gap.stream, gap.epoch) == key and gap.first <= wanted <= (gap.last or wanted):
                wanted = (gap.last or first - 1) + 1
        return wanted

    def _take_events(self, batch: m.Batch) -> None:
        now = self._clock.utc_ms()
        for head, event, _ in codec.decode_events(batch.body, batch.first, batch.last):
            if isinstance(event, m.GapEvent):
                self._gaps.append(event)
            if batch.boot == batch.sent_boot and isinstance(event, m.AlarmEvent):
                self.event_lag_ms.append(now - head.time_ms)

    def _receipt(self, batch: m.Batch, status: int, expected: int = 0) -> m.Receipt:
        return m.Receipt(
            status,
            GATEWAY,
            batch.stream,
            batch.epoch,
            batch.first,
            batch.last,
            codec.hash_of(batch),
            expected,
        )

    def _shown(self, data: bytes) -> None:
        """Note how old the oldest reading of a live copy was when it came."""
        now = self._clock.utc_ms()
        batch = self._read(data)
        if isinstance(batch, m.Batch) and batch.stream == m.MEASUREMENT:
            body = codec.decode_measurements(batch.body, batch.first, batch.last)
            oldest = min(time_ms for rows in body.blocks for time_ms in rows.time_ms)
            self.live_lag_ms.append(now - body.base_ms - oldest)


def _verified(public: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    public.verify(signature, signed)  # what is signed by anybody else ends the measurement
    return True
