"""A line as an installer's tool hears it: asks one unit at a time, and counts everything else that comes.

    write request ─▶ first byte within `patience_ms`? ─▶ the rest within its own time ─▶ Answer
                          │ no                             │ frames of others: `late`, kept; noise: `garbled`
                          └──────────▶ silent              └ a request of somebody else: second master

Keeps modbus-rule: everything received goes through one framer, also while nothing is asked; a reply counts
only for the unit, function and byte count that was asked (and, on TCP, its transaction id); `reading.py`
gives every read of a unit a byte count of its own. A serial port is locked, and given back at the end.
"""

import asyncio
import struct
from typing import Final, Literal, Protocol

import msgspec

from edge.drivers.modbus.frame import MASTER, Frame, FramingLost, RtuStream, TcpStream, rtu
from edge.drivers.modbus.models import FUNCTION_NAMES
from edge.drivers.serial_port import SerialPort
from edge.drivers.serial_settings import SerialTable

ADAPTER_MS: Final = 20  # USB adapters hold bytes back for up to so long
SERVER_MS: Final = 50  # the same of a serial server and its network
QUIET_MS: Final = 20
MOST_GARBLED: Final = 64  # bytes that are kept to be looked at
REQUEST: Final = 8  # bytes of a read request on a serial line
FRAME: Final = 5  # bytes of a reply besides its data

Kind = Literal["rtu", "tcp", "rtu-over-tcp"]
Parity = Literal["N", "E", "O"]
Outcome = Literal["data", "refused", "silent", "garbled", "second master", "lost"]


class Clock(Protocol):
    """Milliseconds that never jump."""

    def mono_ms(self) -> int: ...


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a line begins: a serial port of this machine, or a TCP port."""

    kind: Kind
    device: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        """Name it as a person does."""
        return self.device or f"{self.host}:{self.port}"


class Setting(msgspec.Struct, frozen=True):
    """How fast and with which parity a serial line is spoken to; TCP ignores it."""

    baudrate: int = 9600
    parity: Parity = "N"
    stopbits: Literal[1, 2] = 1

    def __str__(self) -> str:
        """Name it as a person does: 9600 8N1."""
        return f"{self.baudrate} 8{self.parity}{self.stopbits}"


class Answer(msgspec.Struct, frozen=True):
    """What came of one request.

    `payload` is the data of a read or the exception code; `garbled` the bytes that were no frame, the first
    ones in `bytes_seen`; `copies` how many frames fitted (more than one: two units, or one that answers
    twice); `differ`: those did not say the same.
    """

    outcome: Outcome
    payload: bytes = b""
    took_ms: int = 0
    garbled: int = 0
    bytes_seen: bytes = b""
    copies: int = 0
    differ: bool = False

    @property
    def alive(self) -> bool:
        """Whether an instrument spoke: data, or a refusal that is not a converter's (exceptions 10, 11)."""
        return self.outcome == "data" or (
            self.outcome == "refused" and self.payload[:1] not in {b"\x0a", b"\x0b"}
        )


class Ear:
    """One open line; `late` names units whose replies came too late, `echoes` counts our own requests."""

    def __init__(self, place: Place, setting: Setting, clock: Clock) -> None:
        self.place = place
        self.setting = setting
        self.late: set[int] = set()
        self.echoes = 0
        self.second_masters = 0
        self._clock = clock
        self._table = SerialTable(
            name="line",
            kind=place.kind,
            device=place.device,
            host=place.host,
            port=place.port or None,
            baudrate=setting.baudrate,
            parity=setting.parity,
            stopbits=setting.stopbits,
        )
        self._port = SerialPort(self._table, self._take, self._gone)
        self._stream: RtuStream | TcpStream = TcpStream()
        self._frames: list[Frame] = []
        self._seen = bytearray()
        self._came = asyncio.Event()
        self._last_ms = 0
        self._wire = b""
        self._transaction = clock.mono_ms() & 0x7FFF
        self._malformed = 0

    @property
    def is_open(self) -> bool:
        """Whether bytes can go."""
        return self._port.is_open

    async def open(self) -> str:
        """Open and lock the line; return "" or the reason why not, in words."""
        self._fresh()
        return await self._port.open()

    def close(self) -> None:
        """Give the line back."""
        self._port.close()

    async def listen(self, for_ms: int) -> bytes:
        """Hear for a while without asking; return what came that nobody asked for."""
        self._seen.clear()
        end = self._clock.mono_ms() + for_ms
        while (left := end - self._clock.mono_ms()) > 0 and self.is_open:
            await self._wait(left)
        self._sort_others()
        heard = bytes(self._seen)
        self._seen.clear()
        return heard

    def request_ms(self, size: int) -> int:
        """Return how long a request and a reply of `size` data bytes take on the wire, in ms."""
        return 0 if self.place.kind == "tcp" else self._table.characters_ms(REQUEST + FRAME + size)

    async def ask(self, unit: int, pdu: bytes, size: int, patience_ms: int, linger_ms: int = 0) -> Answer:
        """Ask one unit and wait for its answer.

        Args:
            unit: its number.
            pdu: function and data of a read.
            size: byte count that the reply must have.
            patience_ms: how long it may take before it begins to answer, after the request left.
            linger_ms: how long to go on listening after a good answer, for a second voice.
        """
        await self._quiet()
        if not self.is_open:
            return Answer("lost")
        self._seen.clear()
        masters, malformed = self.second_masters, self._stream.malformed
        self._send(unit, pdu)
        began = self._clock.mono_ms()
        slack = ADAPTER_MS if self.place.device else SERVER_MS
        if self.place.kind == "tcp":
            first = began + patience_ms
        else:
            first = began + self._table.characters_ms(len(self._wire)) + patience_ms
        end, began_to_answer = first, False
        fitting: list[tuple[Outcome, bytes]] = []
        lingering = False
        while (left := end - self._clock.mono_ms()) > 0 and self.is_open:
            await self._wait(left)
            fitting += self._answers(unit, pdu[0], size)
            if self.second_masters > masters:
                return Answer("second master")
            if fitting and not lingering:
                lingering = True
                end = self._clock.mono_ms() + linger_ms
            elif not began_to_answer and len(self._seen) > (len(self._wire) if self.echoes else 0):
                began_to_answer = True
                end = max(end, self._clock.mono_ms() + self._table.characters_ms(FRAME + size) + slack)
        if isinstance(self._stream, RtuStream) and not fitting:
            self._frames += self._stream.settle(self._wire)
            fitting += self._answers(unit, pdu[0], size)
        return self._answer(fitting, began, self._stream.malformed - malformed)

    def _answer(self, fitting: list[tuple[Outcome, bytes]], began: int, garbled: int) -> Answer:
        took = max(0, self._last_ms - began)
        seen = bytes(self._seen[:MOST_GARBLED]) if garbled else b""
        if fitting:
            outcome, payload = fitting[0]
            return Answer(
                outcome, payload, took, garbled, seen, len(fitting), any(f != fitting[0] for f in fitting)
            )
        if not self.is_open:
            return Answer("lost")
        return Answer("garbled" if garbled else "silent", b"", took, garbled, seen)

    def _send(self, unit: int, pdu: bytes) -> None:
        if self.place.kind == "tcp":
            self._transaction = self._transaction % 0xFFFF + 1  # never 0
            self._wire = struct.pack(">HHHB", self._transaction, 0, len(pdu) + 1, unit) + pdu
        else:
            self._wire = rtu(unit, pdu)
        self._port.write(self._wire)

    def _answers(self, unit: int, function: int, size: int) -> list[tuple[Outcome, bytes]]:
        """Take the frames that came; return those that answer."""
        found: list[tuple[Outcome, bytes]] = []
        frames, self._frames = self._frames, []
        for number, code, payload, transaction in frames:
            own = self.place.kind != "tcp" or transaction == self._transaction
            if code == MASTER:
                self._asked(payload)
            elif number == unit and own and code == function and len(payload) == size:
                found.append(("data", payload))
            elif number == unit and own and code == function | 0x80:
                found.append(("refused", payload))
            else:
                self.late.add(number)
        return found

    def _asked(self, wire: bytes) -> None:
        if wire == self._wire:
            self.echoes += 1
        else:
            self.second_masters += 1

    def _sort_others(self) -> None:
        frames, self._frames = self._frames, []
        for number, code, payload, _ in frames:
            if code == MASTER:
                self._asked(payload)
            else:
                self.late.add(number)

    async def _quiet(self) -> None:
        """Wait until nothing comes any more: what is on its way belongs to an earlier request."""
        self._port.read()
        limit = self._clock.mono_ms() + 10 * QUIET_MS
        while self.is_open and self._frames_or_bytes_since(QUIET_MS) and self._clock.mono_ms() < limit:
            await self._wait(QUIET_MS)
        if isinstance(self._stream, RtuStream):
            self._frames += self._stream.settle(self._wire)
        self._sort_others()

    def _frames_or_bytes_since(self, ms: int) -> bool:
        return bool(self._seen) and self._clock.mono_ms() - self._last_ms < ms

    async def _wait(self, ms: int) -> None:
        self._came.clear()
        try:
            async with asyncio.timeout(max(ms, 1) / 1000):
                await self._came.wait()
        except TimeoutError:
            pass

    def _take(self, data: bytes) -> None:
        now = self._clock.mono_ms()
        self._last_ms = now
        self._seen += data
        try:
            if isinstance(self._stream, TcpStream):
                self._frames += self._stream.take(data)
            else:
                self._frames += self._stream.take(data, now, self._wire)
        except FramingLost:
            self._port.close()
        self._came.set()

    def _gone(self) -> None:
        self._came.set()

    def _fresh(self) -> None:
        gap = max(QUIET_MS, self._table.characters_ms(4)) + ADAPTER_MS
        self._stream = TcpStream() if self.place.kind == "tcp" else RtuStream(gap)
        self._frames = []
        self._seen.clear()


def exception_words(code: int) -> str:
    """Say in words what a Modbus exception means (Application Protocol V1.1b3, clause 7)."""
    words = {
        1: "it does not know this function",
        2: "it has nothing at these addresses",
        3: "it does not take such a count",
        4: "it failed while it answered",
        5: "it works on it and answers later",
        6: "it is busy",
        8: "its memory is damaged",
        10: "the converter has no way to it",
        11: "the converter got no answer from it",
    }
    return f"exception {code}: {words.get(code, 'a code of its maker')}"


def function_words(function: int) -> str:
    """Name what a read function reads."""
    return FUNCTION_NAMES[function]
