"""Plays a gateway of somebody else against a centre, and says which rules the centre's receipts keep.

It speaks in the name of a gateway registered for the purpose, under a new epoch at each run, and leaves there
one conflict (it contradicts itself on purpose) and a few readings of a point CT-1.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from central import clock
from central.ingest.conformance.line import Card, Finding, Line, remaining_s
from protocol import codec, keys
from protocol import messages as m

PATIENCE_S: Final = 20.0
BUSY_AGAIN: Final = 10


class Broken(Exception):
    """A rule does not hold; the text says what was seen."""


class Play:
    """The steps, each given the receipts of those before it.

    Args:
        card: whose name we speak in.
        line: to the broker, listening for receipts.
    """

    def __init__(self, card: Card, line: Line) -> None:
        self._card = card
        self._line = line
        self._epoch = secrets.randbits(62) + 1
        self._boot = secrets.randbits(62) + 1
        self._description = codec.encode_description(description(card.gateway))
        self._birth = codec.birth_hash(self._description)

    def run(self) -> Iterator[Finding]:
        """Try every rule; a broken one keeps none of the others from being tried."""
        for rule, says, step in self._steps():
            try:
                step()
            except Broken as exc:
                yield Finding(rule, says, passed=False, seen=str(exc))
            else:
                yield Finding(rule, says, passed=True)

    def _steps(self) -> list[tuple[str, str, Callable[[], None]]]:
        return [
            ("birth-first", "a batch before its birth is answered BIRTH_WANTED", self._unknown),
            ("birth", "a birth is STORED, with its hash and the cursors of all epochs", self._born),
            (
                "correlation",
                "correlation data comes back; without it the receipt comes too",
                self._correlated,
            ),
            ("batch", "a batch is STORED; its receipt repeats stream, epoch, range and hash", self._stores),
            ("duplicate", "the same batch again is STORED again, with the same range and hash", self._again),
            ("order", "a batch that leaves numbers out is answered EXPECTED with the first one", self._early),
            ("conflict", "the same range with other content is a CONFLICT", self._contradicts),
            ("event", "an event batch is STORED whatever the measurements wait for", self._event),
            ("unknown-event", "an event of an unknown kind is kept", self._unknown_event),
            ("unsynchronised", "an event of a clock that stands in 1970 is STORED", self._old_clock),
            ("gap", "behind numbers that a gap event declared gone the stream goes on", self._gap),
            ("signature", "a wrong signature is REFUSED", self._forged),
            ("too-large", "a frame of more than 1 MiB is REFUSED", self._large),
            ("malformed", "what is no frame is REFUSED", self._garbage),
            ("misplaced", "a heartbeat under the uplink is REFUSED", self._misplaced),
            ("cursors", "a birth after all that lists what was stored", self._listed),
        ]

    # --- steps ---------------------------------------------------------------------------------------------

    def _unknown(self) -> None:
        self._expect(self._ask(self._readings(1, 2)), m.BIRTH_WANTED)

    def _born(self) -> None:
        receipt = self._expect(self._ask(self._born_with(0, 0)), m.STORED)
        if receipt.hash != self._birth:
            raise Broken(f"the receipt names {receipt.hash.hex()}, the birth is {self._birth.hex()}")

    def _correlated(self) -> None:
        for correlation in (b"one of ours", None):
            self._expect(self._ask(self._born_with(0, 0), correlation), m.STORED)

    def _stores(self) -> None:
        self._stored(self._readings(1, 3))

    def _again(self) -> None:
        self._stored(self._readings(1, 3))

    def _early(self) -> None:
        receipt = self._expect(self._ask(self._readings(7, 3)), m.EXPECTED)
        if (receipt.epoch, receipt.expected) != (self._epoch, 4):
            raise Broken(f"wanted is {receipt.expected} of epoch {receipt.epoch:x}; 4 is missing")
        self._stored(self._readings(4, 3))

    def _contradicts(self) -> None:
        self._expect(self._ask(self._readings(1, 3, raw=999)), m.CONFLICT)

    def _event(self) -> None:
        opened = m.OpenedEvent(1, self._utc(), 1, m.SYNCHRONISED, self._epoch, 0, clean=True)
        self._stored(self._events(1, codec.encode_event(opened)))

    def _unknown_event(self) -> None:
        head = {
            "kind": "x-conformance",
            "seq": 2,
            "time_ms": self._utc(),
            "mono_ms": 2,
            "clock": 1,
            "more": 7,
        }
        self._stored(self._events(2, msgspec.msgpack.encode(head)))

    def _old_clock(self) -> None:
        event = m.OperatorEvent(3, 1000, 1000, m.UNSYNCHRONISED, "silence", "button", "")
        self._stored(self._events(3, codec.encode_event(event)))

    def _gap(self) -> None:
        gap = m.GapEvent(4, self._utc(), 4, m.SYNCHRONISED, m.MEASUREMENT, self._epoch, 7, 9, "conformance")
        self._stored(self._events(4, codec.encode_event(gap)))
        self._stored(self._readings(10, 2))

    def _forged(self) -> None:
        frame = bytearray(self._card.seal(self._readings(12, 1)))
        frame[-1] ^= 1
        self._refused(bytes(frame), "signature")

    def _large(self) -> None:
        self._refused(bytes(codec.FRAME_LIMIT + 1), "too_large")

    def _garbage(self) -> None:
        self._refused(b"not a frame", "malformed")

    def _misplaced(self) -> None:
        head = m.EpochHead(self._epoch, 0, 4, 11)
        beat = m.Heartbeat(self._boot, 1, 1, self._utc(), m.SYNCHRONISED, 5000, head, 0, 0, [], [])
        self._refused(self._card.seal(beat), "misplaced")

    def _listed(self) -> None:
        receipt = self._expect(self._ask(self._born_with(4, 11)), m.STORED)
        found = {(c.stream, c.last) for c in receipt.cursors if c.epoch == self._epoch}
        if found != {(m.EVENT, 4), (m.MEASUREMENT, 11)}:
            raise Broken(f"the cursors are {sorted(found)}, stored were events to 4 and measurements to 11")

    # --- frames --------------------------------------------------------------------------------------------

    def _utc(self) -> int:
        return int(clock.wall_now().timestamp() * 1000)

    def _born_with(self, event: int, measurement: int) -> m.Birth:
        head = m.EpochHead(self._epoch, 0, event, measurement)
        return m.Birth(
            self._boot,
            clock.monotonic_ms(),
            self._utc(),
            m.SYNCHRONISED,
            self._description,
            True,
            [],
            (self._epoch, event),
            [head],
        )

    def _readings(self, first: int, count: int, raw: int = 50) -> m.Batch:
        steps = list(range(count))
        body = m.MeasurementBody(
            1_760_000_000_000,  # the same at each resend: a range always has the same bytes
            1,
            [
                m.BlockRows(
                    0, steps, steps, steps, [5] * count, [0] * count, [192] * count, [[raw]] * count, []
                )
            ],
        )
        return self._batch(m.MEASUREMENT, first, first + count - 1, codec.encode_measurements(body))

    def _events(self, seq: int, record: bytes) -> m.Batch:
        return self._batch(m.EVENT, seq, seq, codec.encode_events([record]))

    def _batch(self, stream: int, first: int, last: int, body: bytes) -> m.Batch:
        return m.Batch(
            stream,
            self._epoch,
            first,
            last,
            self._birth,
            self._boot,
            body,
            self._boot,
            clock.monotonic_ms(),
            self._utc(),
            m.SYNCHRONISED,
        )

    # --- questions -----------------------------------------------------------------------------------------

    def _ask(self, message: m.Message | bytes, correlation: bytes | None = b"conformance") -> m.Receipt:
        payload = message if isinstance(message, bytes) else self._card.seal(message)
        topic = keys.build(self._card.gateway, keys.UPLINK)
        for _ in range(BUSY_AGAIN):
            given = None if correlation is None else correlation + secrets.token_bytes(4)
            self._line.send(topic, payload, given)
            receipt = self._answer(given)
            if receipt.status != m.BUSY:
                return receipt
        raise Broken("the centre is busy again and again")

    def _answer(self, correlation: bytes | None) -> m.Receipt:
        end = clock.monotonic_s() + PATIENCE_S
        while (heard := self._line.next(remaining_s(end))) is not None:
            if heard.correlation != correlation:
                continue  # of a question before
            try:
                frame = codec.open_frame(heard.payload)
                codec.check_signature(frame, self._card.centre)
                receipt = codec.decode(frame)
            except codec.ProtocolError as exc:
                raise Broken(f"the answer cannot be believed: {exc}") from exc
            if frame.signer != m.CENTRE or not isinstance(receipt, m.Receipt):
                raise Broken(f"{frame.signer!r} sent a {type(receipt).__name__} where a receipt was due")
            if receipt.gateway != self._card.gateway:
                raise Broken(f"the receipt is for {receipt.gateway!r}")
            return receipt
        raise Broken(f"no receipt within {PATIENCE_S:g} s")

    @staticmethod
    def _expect(receipt: m.Receipt, status: int) -> m.Receipt:
        if receipt.status != status:
            raise Broken(f"status {receipt.status} where {status} was due: {receipt.reason}")
        return receipt

    def _stored(self, batch: m.Batch) -> None:
        receipt = self._expect(self._ask(batch), m.STORED)
        said = (receipt.stream, receipt.epoch, receipt.first, receipt.last, receipt.hash)
        if said != (batch.stream, batch.epoch, batch.first, batch.last, codec.hash_of(batch)):
            raise Broken("the receipt is for another batch")

    def _refused(self, payload: bytes, reason: str) -> None:
        receipt = self._expect(self._ask(payload), m.REFUSED)
        if reason not in receipt.reason:
            raise Broken(f"refused for {receipt.reason!r}, not for {reason}")


def description(gateway: str) -> m.Description:
    """What the trial gateway watches: one point, one alarm."""
    return m.Description(
        gateway=gateway,
        config_hash="conformance",
        config_version=1,
        software="conformance",
        blocks=[m.BlockInfo(0, "trial", "trial", 1, 3, 0, 1, 1000)],
        points=[m.PointInfo("CT-1", "试验 trial", 0, 0, "gas", "ppm", 0.1, 0.0, 0.0, 100.0)],
        alarms=[m.AlarmInfo("CT-1/H", "CT-1", "H", "high", 50.0, 1.0, 0, 0, False, 3)],
    )


def try_centre(card: Card, broker: str) -> Iterator[Finding]:
    """Play a gateway against the centre behind a broker.

    Args:
        card: of a gateway that is registered for the purpose.
        broker: its endpoint.

    Raises:
        ConfigurationError: nobody lets us in.
    """
    line = Line(broker, card.gateway, [keys.build(card.gateway, keys.RECEIPT)], card.context)
    try:
        yield from Play(card, line).run()
    finally:
        line.close()
