"""Introduces the leaf, sends both streams in order, beats, and believes nobody but the centre's signature.

Keeps law-never-lose 2 (Birth first, older descriptions as the backlog needs them), 4, 6, 9, 12. One frame of
each stream is under way at a time and is repeated until its own receipt came; events go first. Signing and
checking are cut into steps: `turn` takes as many as fit into its time, so the horn never waits for them. What
a heartbeat, Birth or Batch holds is in the order of `protocol/messages.py`. Runs on MicroPython as it is.
"""

from edge.leaf import frames
from edge.leaf.buffer import description_file
from edge.leaf.frames import EVENT, MEASUREMENT
from edge.leaf.mqtt import OPEN

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import Any

    from edge.leaf.buffer import Batch

IDLE = True  # what the work yields when nothing is left to do
HORIZON_MS = 600_000  # a command that lives longer than ten minutes surprises somebody
REMEMBERED = 64  # commands, each until it has expired: none is ever carried out twice


class Uplink:
    """The conversation with the centre."""

    def __init__(
        self,
        gateway: str,
        keys: "tuple[Any, Any]",
        parts: "tuple[Any, Any, Any, Any]",
        folder: str,
        settings: "dict[str, Any]",
        software: str,
    ) -> None:
        """Join what belongs together.

        Args:
            gateway: id of this leaf.
            keys: own key and the centre's public key.
            parts: MQTT client, buffer, plant and clock.
            folder: where the descriptions are.
            settings: heartbeat_ms, receipt_ms (patience for a receipt) and busy_ms (pause when refused).
            software: version text.
        """
        self.introduced = False
        self.refused = 0  # frames that were not the centre's, or answered nothing that was asked
        self._gateway = gateway
        self._key, self._centre = keys
        self._client, self._buffer, self._plant, self._clock = parts
        self._folder = folder
        self._settings = settings
        self._software = software
        self._known: list[bytes] = []  # births that the centre knows on this connection
        self._flight: dict[int, tuple[Batch, int]] = {}  # stream -> (what is under way, patience's end)
        self._birth_until = 0
        self._beat_ms = 0
        self._counter = 0
        self._connection = 0
        self._ended: list[tuple[str, str, int]] = []  # id, result, expires
        self._work = self._working()

    def turn(self, now: int, budget_ms: int) -> bool:
        """Work for about so long; False: there is nothing to do."""
        self._client.turn(now)
        while True:
            if next(self._work) is IDLE:
                return False
            if self._clock.mono_ms() - now >= budget_ms:
                return True

    def restart(self, now: int) -> None:
        """Begin anew after a fault of our own: with a new connection, and nothing under way."""
        self._client.close(now)
        self._connection = -1
        self._work = self._working()

    def _topic(self, leaf: str) -> str:
        return "fengsui/v1/%s/%s" % (self._gateway, leaf)

    def _working(self) -> "Generator[Any, Any, None]":
        while True:
            now = self._clock.mono_ms()
            client = self._client
            if client.state != OPEN or client.connections != self._connection:
                self.introduced = False
                self._known, self._flight, self._birth_until = [], {}, 0
                self._connection = client.connections
            if client.state != OPEN:
                yield IDLE
            elif client.received:
                yield from self._receive(client.received.pop(0)[1])
            elif now >= self._beat_ms:
                self._beat_ms = now + self._settings["heartbeat_ms"]
                self._counter += 1
                yield from self._send("heartbeat", frames.HEARTBEAT, self._heartbeat(now), 0)
            elif not self.introduced:
                if now >= self._birth_until:
                    self._birth_until = now + self._settings["receipt_ms"]
                    yield from self._introduce()
                yield IDLE
            else:
                busy = yield from self._stream(EVENT, now)
                if not (busy or (yield from self._stream(MEASUREMENT, now))):
                    yield IDLE

    # --- sending ---

    def _send(
        self, leaf: str, kind: int, message: "Sequence[Any]", qos: int = 1
    ) -> "Generator[Any, Any, None]":
        frame = yield from frames.seal(self._gateway, kind, message, self._key)
        while self._client.state == OPEN and not self._client.publish(self._topic(leaf), frame, qos):
            yield IDLE

    def _stream(self, stream: int, now: int) -> "Generator[Any, Any, bool]":
        """Send the next batch of a stream; returns whether there was anything to do."""
        under_way = self._flight.get(stream)
        if under_way is not None and now < under_way[1]:
            return False
        batch = self._buffer.next(stream)
        if batch is None:
            return False
        if batch.birth not in self._known:
            yield from self._hand_over(batch.birth)
        self._flight[stream] = batch, self._clock.mono_ms() + self._settings["receipt_ms"]
        at = self._clock.stamp()
        message = (stream, batch.epoch, batch.first, batch.last, batch.birth, batch.boot, batch.body)
        yield from self._send("uplink", frames.BATCH, message + (self._clock.boot, at[1], at[0], at[2]))
        return True

    def _introduce(self) -> "Generator[Any, Any, None]":
        heads = self._buffer.heads()
        yield from self._birth(self._buffer.birth, True, self._plant.active(), heads[-1][0:3:2], heads)

    def _hand_over(self, birth: bytes) -> "Generator[Any, Any, None]":
        """Send an older description that the backlog refers to; its receipt is not waited for."""
        self._known.append(birth)
        yield from self._birth(birth, False, [], (0, 0), [])

    def _birth(
        self,
        birth: bytes,
        current: bool,
        active: "Sequence[Any]",
        head: "Sequence[int]",
        heads: "Sequence[Any]",
    ) -> "Generator[Any, Any, None]":
        try:
            with open("%s/%s" % (self._folder, description_file(birth)), "rb") as file:
                description = file.read()
        except OSError:
            return  # lost with the card: the centre refuses its batches and says so
        at = self._clock.stamp()
        message = (self._clock.boot, at[1], at[0], at[2], description, current, active, head, heads)
        yield from self._send("uplink", frames.BIRTH, message)

    def _heartbeat(self, now: int) -> "Sequence[Any]":
        buffer, plant, at = self._buffer, self._plant, self._clock.stamp()
        waiting = buffer.waiting(EVENT), buffer.waiting(MEASUREMENT)
        head = (self._clock.boot, self._counter, at[1], at[0], at[2], self._settings["heartbeat_ms"])
        states = (plant.source_states(now), plant.output_states(), len(plant.active()), self._software)
        return head + (buffer.heads()[-1],) + waiting + states + (plant.annunciators(now),)

    # --- receiving ---

    def _receive(self, data: bytes) -> "Generator[Any, Any, None]":
        try:
            kind, message = yield from frames.open_from_centre(data, self._centre)
            if kind == frames.COMMAND:
                yield from self._obey(message)
            else:
                self._receipt(message, self._clock.mono_ms())
        except (ValueError, TypeError, IndexError) as fault:
            self.refused += 1
            print("leaf: not believed: %s" % fault)

    def _receipt(self, receipt: "list[Any]", now: int) -> None:
        status, gateway, stream, epoch, first, last, digest, expected, cursors, reason = receipt[:10]
        if gateway != self._gateway:
            raise ValueError("a receipt for %r was sent to us" % gateway)
        if status == frames.BIRTH_WANTED:
            self.introduced, self._known, self._flight = False, [], {}
            self._birth_until = now + self._settings["busy_ms"] // 4
        elif stream == 0 and status == frames.STORED:
            self._known.append(digest)
            if digest == self._buffer.birth and not self.introduced:
                self._buffer.rewind(cursors)
                self.introduced, self._flight = True, {}
        elif status in (frames.BUSY, frames.REFUSED):
            if reason:
                print("leaf: the centre answers: %s" % reason)
            for one in [stream] if stream else list(self._flight):
                if one in self._flight:
                    self._flight[one] = self._flight[one][0], now + self._settings["busy_ms"]
        elif stream in self._flight:
            batch = self._flight[stream][0]
            if status == frames.EXPECTED and expected >= 1:
                if not self._buffer.go_to(stream, epoch, expected):
                    self._flight[stream] = batch, now + self._settings["busy_ms"]
                    return
            elif (epoch, first, last, digest) != (batch.epoch, batch.first, batch.last, batch.hash):
                raise ValueError("a receipt for another batch")
            elif status in (frames.STORED, frames.CONFLICT):
                self._buffer.receipted(batch)  # of a conflict the centre keeps both and shows them
            else:
                raise ValueError("unknown receipt status %r" % status)
            del self._flight[stream]

    def _obey(self, command: "list[Any]") -> "Generator[Any, Any, None]":
        """Carry out a command of the centre that is for this boot, in time, and new."""
        name, gateway, boot, what, alarm, by, reason, expires, for_ms, output = command[:10]
        now = self._clock.mono_ms()
        self._ended = [one for one in self._ended if one[2] >= now]
        known = [one[1] for one in self._ended if one[0] == name]
        if gateway != self._gateway:
            result, detail = "foreign", "this is " + self._gateway
        elif boot != self._clock.boot:
            result, detail = "foreign", "the leaf has started again since; look at its alarms and ask anew"
        elif known:
            result, detail = "repeated", known[0]
        elif expires < now:
            result, detail = "expired", "%d ms too late" % (now - expires)
        elif expires - now > HORIZON_MS:
            result, detail = "refused", "expires too late: at most %d s from now" % (HORIZON_MS // 1000)
        elif len(self._ended) >= REMEMBERED:
            result, detail = "refused", "%d commands within ten minutes are enough" % REMEMBERED
        else:
            desk = self._plant.desk
            result, detail = desk.operate(now, what, alarm, "centre", by, name, reason, for_ms, output)
            self._ended.append((name, result, expires))
        message = (name, self._gateway, self._clock.boot, result, detail, now)
        yield from self._send("uplink", frames.REPLY, message)
