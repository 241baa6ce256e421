"""Plays a centre against a gateway of somebody else, and says which rules the gateway keeps.

It answers late, falsely, busily and with a wish for what it had already, each once, and looks at what the
gateway sends next. It stores nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from central import clock
from central.devices.keys import CentreKey, Verifier, credentials, write_secret
from central.ingest.conformance.line import Finding, Line, remaining_s
from protocol import codec, keys
from protocol import messages as m

MUTE: Final = "resend"
FORGED: Final = "forged-receipt"
BUSY: Final = "busy"
BACK: Final = "rewind"
RULES: Final = {
    "signature": "every frame is signed by the gateway under whose topic it comes",
    "birth": "a current birth comes before the first batch and describes this gateway",
    "heartbeat": "heartbeats come, their counter grows, their boot is that of the birth",
    "event-order": "events come in order, none twice once receipted",
    "order": "measurements come in order, none twice once receipted",
    "body": "every batch decodes to exactly its numbers",
    MUTE: "what was not answered comes again, the same to the byte",
    FORGED: "a receipt with a wrong signature is not believed: the batch comes again",
    BUSY: "after BUSY the same batch comes again",
    BACK: "after EXPECTED of an earlier number the stream goes on there",
    "command": "a command is answered, signed, with its id",
    "command-repeated": "the same command again is answered `repeated`",
    "command-foreign": "a command for another boot is answered `foreign`",
    "command-expired": "a command that is too late is answered `expired`",
}
_TRICKS: Final = (None, MUTE, FORGED, BUSY, None, BACK)
_COMMANDS: Final = ("command", "command-repeated", "command-foreign", "command-expired")
_RESULTS: Final = {"command-repeated": "repeated", "command-foreign": "foreign", "command-expired": "expired"}


class _Next(Struct):
    """What a trick expects: the same batch, or any that begins there."""

    rule: str
    first: int
    digest: bytes | None


class Trial:
    """What was seen of one gateway so far.

    Args:
        gateway: its id.
        public: its public key.
        key: ours.
        line: to the broker.
    """

    def __init__(self, gateway: str, public: bytes, key: CentreKey, line: Line) -> None:
        self._gateway = gateway
        self._verify = Verifier(public)
        self._key = key
        self._line = line
        self.found: dict[str, Finding] = {}
        self._births: set[bytes] = set()
        self._boot = 0
        self._beat: m.Heartbeat | None = None
        self._last: dict[tuple[int, int], int] = {}
        self._firsts: list[int] = []
        self._tricks = list(_TRICKS)
        self._next: _Next | None = None
        self._asked: dict[str, str] = {}
        self._orders = list(_COMMANDS)

    @property
    def done(self) -> bool:
        """Whether every rule was tried."""
        return set(self.found) == set(RULES)

    def _judge(self, rule: str, seen: str = "") -> None:
        """Keep a rule's outcome; once broken, it stays so."""
        if rule not in self.found or (seen and self.found[rule].passed):
            self.found[rule] = Finding(rule, RULES[rule], passed=not seen, seen=seen)

    def take(self, topic: str, payload: bytes) -> None:
        """Take one frame, answer it, and judge it."""
        try:
            leaf = keys.parse(topic).leaf
            frame = codec.open_frame(payload)
            codec.check_signature(frame, self._verify)
            message = codec.decode(frame)
        except (ValueError, codec.ProtocolError) as exc:
            if not topic.endswith(keys.PRESENCE):
                self._judge("signature", str(exc))
            return
        self._judge("signature", "" if frame.signer == self._gateway else f"signed by {frame.signer!r}")
        if leaf == keys.HEARTBEAT and isinstance(message, m.Heartbeat):
            self._take_beat(message)
        elif isinstance(message, m.Birth):
            self._take_birth(message)
        elif leaf == keys.UPLINK and isinstance(message, m.Batch):
            self._take_batch(message)
        elif isinstance(message, m.Reply):
            self._take_reply(message)

    def _take_beat(self, beat: m.Heartbeat) -> None:
        before, self._beat = self._beat, beat
        if before is not None and self._boot:
            grows = beat.counter > before.counter and beat.boot == self._boot
            self._judge("heartbeat", "" if grows else f"counter {before.counter} then {beat.counter}")
        self._command()

    def _take_birth(self, birth: m.Birth) -> None:
        try:
            names = codec.decode_description(birth.description).gateway
        except codec.ProtocolError as exc:
            self._judge("birth", str(exc))
            return
        if birth.current:
            self._boot = birth.boot
            self._judge("birth", "" if names == self._gateway else f"it describes {names!r}")
        digest = codec.birth_hash(birth.description)
        self._births.add(digest)
        cursors = [m.Cursor(stream, epoch, last) for (stream, epoch), last in self._last.items()]
        self._answer(m.Receipt(m.STORED, self._gateway, hash=digest, cursors=cursors))

    def _take_batch(self, batch: m.Batch) -> None:
        digest = codec.hash_of(batch)
        if batch.birth_hash not in self._births:
            self._judge("birth", "a batch came before the birth that it names")
            self._answer(self._receipt(m.BIRTH_WANTED, batch, digest))
            return
        self._judge("body", _unreadable(batch))
        if self._next is not None and batch.stream == m.MEASUREMENT:
            wanted, self._next = self._next, None
            same = batch.first == wanted.first and wanted.digest in {None, digest}
            seen = f"{batch.first}..{batch.last} came; due was {wanted.first}"
            self._judge(wanted.rule, "" if same else seen)
        place = (batch.stream, batch.epoch)
        last = self._last.get(place, 0)
        trick = self._trick(batch, digest, last)
        if trick is None and batch.first > last:
            gap = f"{batch.first} came after {last}" if last and batch.first != last + 1 else ""
            self._judge("event-order" if batch.stream == m.EVENT else "order", gap)
            self._last[place] = batch.last
            self._firsts += [batch.first] if batch.stream == m.MEASUREMENT else []
        if trick != MUTE:
            self._reply_to(trick, batch, digest)

    def _trick(self, batch: m.Batch, digest: bytes, last: int) -> str | None:
        if batch.stream != m.MEASUREMENT or batch.first <= last or not self._tricks:
            return None
        trick = self._tricks.pop(0)
        if trick == BACK:
            begin = self._firsts[-1]
            self._last[batch.stream, batch.epoch] = begin - 1
            self._next = _Next(trick, begin, None)
        elif trick is not None:
            self._next = _Next(trick, batch.first, digest)
        return trick

    def _reply_to(self, trick: str | None, batch: m.Batch, digest: bytes) -> None:
        if trick == BUSY:
            self._answer(self._receipt(m.BUSY, batch, digest))
        elif trick == BACK:
            self._answer(self._receipt(m.EXPECTED, batch, digest, expected=self._firsts[-1]))
        elif trick == FORGED:
            stranger = CentreKey(Ed25519PrivateKey.generate().private_bytes_raw())
            self._answer(self._receipt(m.STORED, batch, digest), stranger)
        else:
            self._answer(self._receipt(m.STORED, batch, digest))

    def _receipt(self, status: int, batch: m.Batch, digest: bytes, expected: int = 0) -> m.Receipt:
        return m.Receipt(
            status, self._gateway, batch.stream, batch.epoch, batch.first, batch.last, digest, expected
        )

    def _answer(self, receipt: m.Receipt, key: CentreKey | None = None) -> None:
        self._line.send(keys.build(self._gateway, keys.RECEIPT), (key or self._key).seal(receipt))

    # --- commands ------------------------------------------------------------------------------------------

    def _command(self) -> None:
        """Send the next command, once the one before was answered."""
        beat = self._beat
        if beat is None or not self._orders or self._orders[0] in self._asked.values():
            return
        rule = self._orders[0]
        name = next(iter(self._asked)) if rule == "command-repeated" else secrets.token_hex(8)
        boot = beat.boot ^ 1 if rule == "command-foreign" else beat.boot
        expires = beat.mono_ms + (-60_000 if rule == "command-expired" else 60_000)
        order = m.Command(name, self._gateway, boot, "silence", "", "conformance", "", expires)
        self._asked[name] = rule
        self._line.send(keys.build(self._gateway, keys.COMMAND), self._key.seal(order))

    def _take_reply(self, reply: m.Reply) -> None:
        rule = self._asked.get(reply.id)
        if rule is None or not self._orders or rule != self._orders[0]:
            return
        wanted = _RESULTS.get(rule, reply.result)
        known = reply.result in {"done", "refused", "expired", "foreign", "repeated"}
        good = known and reply.result == wanted
        self._judge(rule, "" if good else f"answered {reply.result!r}: {reply.detail}")
        self._orders.pop(0)
        self._command()


def _unreadable(batch: m.Batch) -> str:
    try:
        if batch.stream == m.EVENT:
            codec.decode_events(batch.body, batch.first, batch.last)
        else:
            codec.decode_measurements(batch.body, batch.first, batch.last)
    except codec.ProtocolError as exc:
        return str(exc)
    return ""


def try_gateway(gateway: str, broker: str, out: Path, longest_s: float) -> Iterator[Finding]:
    """Play the centre for one gateway until every rule was tried, or for so long.

    Args:
        gateway: its id.
        broker: endpoint on this machine.
        out: where the credentials are written that the gateway is to use.
        longest_s: how long at most.

    Raises:
        ConfigurationError: no broker there.
        FileExistsError: `out` is there already.
    """
    key = CentreKey(secrets.token_bytes(32))
    line = Line(broker, "conformance-centre", [f"{keys.PREFIX}/{keys.check_gateway_id(gateway)}/#"], None)
    try:
        text, public = credentials(gateway, key, "", broker)
        write_secret(out, text)
        trial = Trial(gateway, public, key, line)
        end = clock.monotonic_s() + longest_s
        while not trial.done and remaining_s(end) > 0:
            heard = line.next(min(1.0, remaining_s(end)))
            if heard is not None and heard.topic.rsplit("/", 1)[-1] not in {keys.RECEIPT, keys.COMMAND}:
                trial.take(heard.topic, heard.payload)
        for rule, says in RULES.items():
            yield trial.found.get(rule, Finding(rule, says, passed=False, seen="it never came to that"))
    finally:
        line.close()
