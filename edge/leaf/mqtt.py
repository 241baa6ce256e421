"""A small MQTT 3.1.1 client that never waits: connect, subscribe, publish and receive with QoS 1, keep alive.

Source: OASIS MQTT 3.1.1, chapters 2 and 3. Sessions are clean: what was under way when a connection broke is
sent again by the uplink, which believes nobody but the centre's receipts. The connection (plain or TLS) is
made by what is passed in. Runs on MicroPython as it is.
"""

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol

    class Stream(Protocol):
        """A connection that is being made or stands."""

        def ready(self) -> bool:
            """Say whether it stands; OSError: it failed."""
            ...

        def read(self, size: int) -> "bytes | None":
            """Return what came, b"" at the end, None when nothing came."""
            ...

        def write(self, data: bytes) -> "int | None":
            """Take some of it; None: nothing now."""
            ...

        def close(self) -> None: ...


CONNECT, CONNACK, PUBLISH, PUBACK = 0x10, 0x20, 0x30, 0x40
SUBSCRIBE, SUBACK, PINGREQ, PINGRESP = 0x82, 0x90, 0xC0, 0xD0

CLOSED, DIALLING, GREETING, SUBSCRIBING, OPEN = 0, 1, 2, 3, 4
PATIENCE_MS = 10_000  # for a connection, an answer to CONNECT or SUBSCRIBE, and a PINGRESP
RETRY_FIRST_MS, RETRY_LAST_MS = 500, 30_000
MOST_BYTES = 1_200_000  # a packet of more is none of ours
MOST_WAITING = 8  # messages that nobody fetched yet; the sender repeats what was dropped


def _text(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def packet(kind: int, body: bytes) -> bytes:
    """Put the fixed header (2.2) before a packet's rest."""
    head = bytearray((kind,))
    size = len(body)
    while True:
        digit = size & 127
        size >>= 7
        head.append(digit | 128 if size else digit)
        if not size:
            return bytes(head) + body


class Client:
    """One connection to a broker, made again whenever it breaks."""

    def __init__(
        self,
        dial: "Callable[[], Stream]",
        name: str,
        topics: "Sequence[str]",
        will: "tuple[str, bytes]",
        keep_alive_s: int = 30,
        user: str = "",
        password: str = "",
    ) -> None:
        """Begin unconnected; `turn` does all.

        Args:
            dial: begins a connection; OSError: it can't.
            name: client id, unique at the broker.
            topics: subscribed with QoS 1 as soon as the broker knows us.
            will: (topic, payload) that the broker publishes when we are gone without a word.
            keep_alive_s: the broker gives us up after one and a half times so long.
            user: account at the broker; empty for none.
            password: of the account.
        """
        self.state = CLOSED
        self.received: list[tuple[str, bytes]] = []
        self.connections = 0
        self.dropped = 0
        self.trouble = ""
        self._dial = dial
        self._topics = topics
        self._keep_ms = keep_alive_s * 1000
        flags = 0x02 | 0x04 | 0x08  # clean session, will, will with QoS 1
        tail = _text(name) + _text(will[0]) + len(will[1]).to_bytes(2, "big") + will[1]
        if user:
            flags |= 0xC0
            tail += _text(user) + _text(password)
        head = _text("MQTT") + bytes((4, flags)) + keep_alive_s.to_bytes(2, "big")
        self._greeting = packet(CONNECT, head + tail)
        self._stream: Any = None
        self._in = bytearray()
        self._out = bytearray()
        self._since = 0  # of the present state
        self._sent_ms = 0
        self._asked_ms = -1  # a PINGREQ that was not answered yet
        self._again_ms = 0
        self._pause_ms = RETRY_FIRST_MS
        self._number = 0

    def turn(self, now: int) -> None:
        """Do whatever can be done at once."""
        try:
            self._turn(now)
        except (OSError, ValueError) as fault:
            self.trouble = str(fault) or "the connection failed"
            self.close(now)

    def close(self, now: int) -> None:
        """Break the connection; it is made again after a pause that grows with each failure."""
        if self._stream is not None:
            try:
                self._stream.close()
            except OSError:
                pass
        self._stream = None
        self.state = CLOSED
        self._again_ms = now + self._pause_ms
        self._pause_ms = min(2 * self._pause_ms, RETRY_LAST_MS)

    def publish(self, topic: str, payload: bytes, qos: int = 1) -> bool:
        """Send a message; False: there is no connection, or the last messages have not left yet."""
        if self.state != OPEN or len(self._out) > 4096:
            return False
        number = self._next().to_bytes(2, "big") if qos else b""
        self._out.extend(packet(PUBLISH | qos << 1, _text(topic) + number + payload))
        return True

    def _turn(self, now: int) -> None:
        if self.state == CLOSED:
            if now < self._again_ms:
                return
            self._in, self._out, self._asked_ms = bytearray(), bytearray(), -1
            self.state, self._since = DIALLING, now
            self._stream = self._dial()
        if self.state == DIALLING and self._stream.ready():
            self._out.extend(self._greeting)
            self.state = GREETING
        if self.state != OPEN and now - self._since > PATIENCE_MS:
            raise OSError("the broker does not answer")
        if self.state == DIALLING:
            return
        while self._out:
            count = self._stream.write(bytes(self._out[:1024]))
            if not count:
                break
            self._out = self._out[count:]
            self._sent_ms = now
        while True:
            data = self._stream.read(1024)
            if data is None:
                break
            if not data:
                raise OSError("the broker closed the connection")
            self._in.extend(data)
            while self._take(now):
                pass
            if len(data) < 1024:
                break
        if self.state == OPEN:
            if 0 <= self._asked_ms < now - PATIENCE_MS:
                raise OSError("the broker answers no ping")
            if self._asked_ms < 0 and now - self._sent_ms >= self._keep_ms // 2:
                self._asked_ms = now
                self._out.extend(packet(PINGREQ, b""))

    def _take(self, now: int) -> bool:
        """Take one whole packet from what came; False: there is none yet."""
        size = shift = 0
        place = 1
        while True:
            if place >= len(self._in):
                return False
            digit = self._in[place]
            size |= (digit & 127) << shift
            place += 1
            shift += 7
            if digit < 128:
                break
            if shift > 21:
                raise ValueError("the broker sent no MQTT")
        if size > MOST_BYTES:
            raise ValueError("the broker sent a packet of %d bytes" % size)
        if len(self._in) < place + size:
            return False
        kind, body = self._in[0], bytes(self._in[place : place + size])
        self._in = self._in[place + size :]
        self._packet(kind, body, now)
        return True

    def _packet(self, kind: int, body: bytes, now: int) -> None:
        if self.state == GREETING and kind != CONNACK:
            raise ValueError("the broker sent no MQTT")
        if kind == CONNACK:
            if len(body) < 2 or body[1]:
                raise ValueError("the broker refuses us, code %d" % (body[1] if len(body) > 1 else 255))
            self.state, self._since = SUBSCRIBING, now
            wanted = b"".join([_text(topic) + b"\x01" for topic in self._topics])
            self._out.extend(packet(SUBSCRIBE, self._next().to_bytes(2, "big") + wanted))
        elif kind == SUBACK:
            if 0x80 in body[2:]:
                raise ValueError("the broker lets us not subscribe: give this account its topics")
            self.state, self.trouble = OPEN, ""
            self.connections += 1
            self._pause_ms = RETRY_FIRST_MS
            self._sent_ms = now
        elif kind == PINGRESP:
            self._asked_ms = -1
        elif kind & 0xF0 == PUBLISH:
            end = 2 + int.from_bytes(body[:2], "big")
            topic, qos = body[2:end].decode(), kind >> 1 & 3
            if qos:
                # Acknowledged also when it is dropped: the centre repeats what we do not answer for.
                self._out.extend(packet(PUBACK, body[end : end + 2]))
                end += 2
            if len(self.received) < MOST_WAITING:
                self.received.append((topic, body[end:]))
            else:
                self.dropped += 1

    def _next(self) -> int:
        self._number = self._number % 0xFFFF + 1
        return self._number
