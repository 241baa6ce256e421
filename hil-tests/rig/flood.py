"""Synthetic gateways: real keys, real frames, a real router, but no instruments; for load on the centre.

    python -m rig.flood --seconds 20 --blocks 20 --points 50 CREDENTIALS.json …

sends measurement batches of one row a block from each gateway, the next when the receipt is there (or at
`--rate` batches a second each), and prints the number of receipted values and the seconds it took.
"""

from __future__ import annotations

import argparse
import random
import secrets
import threading
import time
from pathlib import Path

import zenoh

from edge import identity
from protocol import codec, keys
from protocol import messages as m
from protocol.quality import GOOD

TIMEOUT_S = 10.0


class Refused(AssertionError):
    """The centre did not store what it was sent."""


class SyntheticGateway:
    """One gateway's credentials, session, description and sequence numbers."""

    def __init__(
        self,
        credentials: Path,
        *,
        blocks: int,
        points: int,
        alarms: bool = False,
        session: zenoh.Session | None = None,
    ) -> None:
        """Describe it: `points` points in each of `blocks` blocks; with `alarms`, each has one at 100.

        Several gateways may share a `session`, which is then not theirs to close: a session has threads of
        its own, and a thousand of them measure the machine that plays the gateways.
        """
        self.identity = identity.load(credentials)
        self.id = self.identity.gateway
        self.boot, self.epoch = secrets.randbits(62) + 1, secrets.randbits(62) + 1
        self.heads = {m.EVENT: 0, m.MEASUREMENT: 0}
        names = [[f"{self.id}-{b:03d}-{p:03d}" for p in range(points)] for b in range(blocks)]
        self.points = [name for block in names for name in block]
        self._description = codec.encode_description(
            m.Description(
                self.id, secrets.token_hex(32), 1, "flood",
                [m.BlockInfo(b, f"unit-{b}", "field", b + 1, 3, 0, points, 1000) for b in range(blocks)],
                [
                    m.PointInfo(name, f"测点{name}", b, p, "浓度", "mg/m³", 0.1, 0.0, 0.0, 6553.5)
                    for b, block in enumerate(names)
                    for p, name in enumerate(block)
                ],
                [
                    m.AlarmInfo(f"{name}/H", name, "H", "high", 100.0, 1.0, 0, 0, False, 2)
                    for name in self.points
                    if alarms
                ],
            )
        )  # fmt: skip
        self._birth_hash = codec.birth_hash(self._description)
        values: list[list[int | float]] = [
            [random.randrange(900, 1100) for _ in range(points)] for _ in range(blocks)
        ]
        self._rows = [
            m.BlockRows(b, [b], [0], [0], [5], [m.SYNCHRONISED], [GOOD], [values[b]], [])
            for b in range(blocks)
        ]
        self._shared = session
        self._session: zenoh.Session | None = None

    def open(self) -> None:
        """Connect and introduce itself.

        Raises:
            Refused: the centre does not know it.
        """
        self._session = self._shared or session_with(self.identity.router)
        mono_ms, sent_ms = _now()
        head = m.EpochHead(self.epoch, 0, self.heads[m.EVENT], self.heads[m.MEASUREMENT])
        birth = m.Birth(
            self.boot, mono_ms, sent_ms, m.SYNCHRONISED, self._description, True, [], (self.epoch, 0), [head]
        )
        receipt = self._exchange(birth)
        if receipt.status != m.STORED:
            raise Refused(f"{self.id}: birth: status {receipt.status} {receipt.reason}")

    def close(self) -> None:
        """Hang up."""
        if self._session is not None and self._shared is None:
            self._session.close()  # type: ignore[no-untyped-call]

    def send_measurements(self) -> int:
        """Send one row of every block and wait for the receipt; returns how many values that was."""
        mono_ms, sent_ms = _now()
        body = codec.encode_measurements(m.MeasurementBody(sent_ms, mono_ms, self._rows))
        self._send(m.MEASUREMENT, len(self._rows), body)
        return len(self.points)

    def send_alarm(self, point: str, transition: int, value: float) -> None:
        """Send one transition of a point's high alarm and wait for the receipt."""
        mono_ms, sent_ms = _now()
        seq = self.heads[m.EVENT] + 1
        state = "B" if transition == m.RAISE else "C"
        alarm, occurrence = f"{point}/H", f"{self.boot:08x}-{point}"
        event = m.AlarmEvent(
            seq, sent_ms, mono_ms, m.SYNCHRONISED, alarm, occurrence, transition, state, value, GOOD, 2
        )
        self._send(m.EVENT, 1, codec.encode_events([codec.encode_event(event)]))

    def _send(self, stream: int, records: int, body: bytes) -> None:
        first = self.heads[stream] + 1
        last = first + records - 1
        while True:
            mono_ms, sent_ms = _now()
            receipt = self._exchange(
                m.Batch(
                    stream, self.epoch, first, last, self._birth_hash, self.boot, body, self.boot, mono_ms,
                    sent_ms, m.SYNCHRONISED,
                )
            )  # fmt: skip
            if receipt.status == m.STORED:
                self.heads[stream] = last
                return
            if receipt.status != m.BUSY:
                raise Refused(f"{self.id}: {first}..{last}: status {receipt.status} {receipt.reason}")
            time.sleep(0.05)

    def _exchange(self, message: m.Message) -> m.Receipt:
        assert self._session is not None
        replies = self._session.get(
            keys.build(self.id, keys.UPLINK), payload=self.identity.seal(message), timeout=TIMEOUT_S
        )
        for reply in replies:
            if reply.ok is not None:
                told = self.identity.open_from_centre(reply.ok.payload.to_bytes())
                if isinstance(told, m.Receipt):
                    return told
        return m.Receipt(m.BUSY, self.id, reason="nobody answered")


def session_with(router: str) -> zenoh.Session:
    """Open a client's session with a router."""
    config = zenoh.Config()
    config.insert_json5("mode", '"client"')
    config.insert_json5("connect/endpoints", f'["{router}"]')
    config.insert_json5("scouting/multicast/enabled", "false")
    return zenoh.open(config)


def _now() -> tuple[int, int]:
    return time.monotonic_ns() // 1_000_000, time.time_ns() // 1_000_000


def flood(gateways: list[SyntheticGateway], seconds: float, rate: float | None = None) -> tuple[int, float]:
    """Send from all gateways at once, each in its own thread.

    Args:
        gateways: opened ones.
        seconds: how long.
        rate: batches a second of each; None for as fast as receipts come.

    Returns:
        (values receipted, seconds).
    """
    counts = [0] * len(gateways)
    failures: list[Exception] = []
    start = time.monotonic()

    def send(number: int) -> None:
        due = start + random.random() / (rate or 1e9)
        try:
            while time.monotonic() < start + seconds and not failures:
                counts[number] += gateways[number].send_measurements()
                if rate:
                    due += 1 / rate
                    time.sleep(max(0.0, due - time.monotonic()))
        except Refused as exc:
            failures.append(exc)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(gateways))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts), time.monotonic() - start


def main() -> None:
    """Send for a while and print what was receipted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("credentials", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--rate", type=float, default=None, help="batches a second of each gateway")
    given = parser.parse_args()
    gateways = [
        SyntheticGateway(path, blocks=given.blocks, points=given.points) for path in given.credentials
    ]
    for gateway in gateways:
        gateway.open()
    values, took = flood(gateways, given.seconds, given.rate)
    print(values, took, flush=True)
    for gateway in gateways:
        gateway.close()


if __name__ == "__main__":
    main()
