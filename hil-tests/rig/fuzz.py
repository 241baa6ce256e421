"""A Modbus peer that answers with mutated frames: cut, doubled, spoiled, lied about, or sheer nonsense.

Every register holds its own name, so a value that is not the one asked for shows. Only such damage is done as
the check sum of the transport must notice: up to three changed bits or a burst of sixteen in RTU, one changed
character in ASCII; in TCP, whose own check sum guards the data, nothing but the header, and a frame not whole
is the connection's last.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import struct
from collections.abc import AsyncIterator, Callable

from rig.faults import Sending, name_of
from rig.wire import AsciiHunter, PtyWire, RequestHunter, ascii_frame, rtu

KINDS = ("tcp", "rtu", "ascii")


def named(unit: int, pdu: bytes) -> bytes:
    """Return the good reply PDU to a read: registers that hold their names."""
    function, address, count = struct.unpack(">BHH", pdu[:5])
    if function not in (3, 4):
        return bytes((function | 0x80, 1))
    names = (name_of(unit, function, address + i) for i in range(count))
    return struct.pack(f">BB{count}H", function, 2 * count, *names)


def wrong_registers(unit: int, function: int, address: int, data: bytes) -> int:
    """Return how many registers of an accepted reading don't hold their own name."""
    words = struct.unpack(f">{len(data) // 2}H", data)
    return sum(word != name_of(unit, function, address + i) for i, word in enumerate(words))


def mbap(transaction: int, unit: int, pdu: bytes) -> bytes:
    """Return the TCP frame of a PDU."""
    return struct.pack(">HHHB", transaction, 0, len(pdu) + 1, unit) + pdu


class Mutator:
    """Spoils frames of one kind of transport, the same way for the same seed."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind = kind
        self.dice = random.Random(seed)
        spoil = {"tcp": self._header, "rtu": self._bits, "ascii": self._character}[kind]
        whole: list[Callable[[bytes], bytes]] = [spoil, spoil, self._nonsense]
        broken: list[Callable[[bytes], bytes]] = [
            self._cut_end,
            self._cut_beginning,
            self._inserted,
            self._deleted,
            self._doubled_inside,
            self._garbage,
            self._begun_twice,
        ]
        self._whole = whole if kind == "tcp" else whole + broken
        self._broken = broken

    def __call__(self, frame: bytes) -> bytes:
        """Return a mutation of a good frame, behind which others may follow."""
        return self.dice.choice(self._whole)(frame)

    def last(self, frame: bytes) -> bytes:
        """Return a mutation behind which nothing can be made out any more."""
        return self.dice.choice(self._broken)(frame)

    def pack(self, unit: int, pdu: bytes, transaction: int = 0) -> bytes:
        """Return the frame of a PDU."""
        if self.kind == "tcp":
            return mbap(transaction, unit, pdu)
        return rtu(unit, pdu) if self.kind == "rtu" else ascii_frame(unit, pdu)

    def _bits(self, frame: bytes) -> bytes:
        """Change one to three bits, or any of sixteen in a row."""
        whole = int.from_bytes(frame, "big")
        size = 8 * len(frame)
        if self.dice.random() < 0.5:
            for bit in self.dice.sample(range(size), self.dice.randint(1, 3)):
                whole ^= 1 << bit
        else:
            whole ^= self.dice.randint(1, 0xFFFF) << self.dice.randrange(size - 16)
        return whole.to_bytes(len(frame), "big")

    def _character(self, frame: bytes) -> bytes:
        place = self.dice.randrange(len(frame))
        return frame[:place] + bytes((self.dice.randrange(256),)) + frame[place + 1 :]

    def _header(self, frame: bytes) -> bytes:
        """Lie in one of: id, protocol, length, unit, function, byte count."""
        first, size = self.dice.choice(((0, 2), (2, 2), (4, 2), (6, 1), (7, 1), (8, 1)))
        return frame[:first] + self.dice.randbytes(size) + frame[first + size :]

    def _cut_end(self, frame: bytes) -> bytes:
        return frame[: self.dice.randrange(1, len(frame))]

    def _cut_beginning(self, frame: bytes) -> bytes:
        return frame[self.dice.randrange(1, len(frame)) :]

    def _place(self, frame: bytes) -> int:
        # Data that is shifted inside a good TCP frame is a lie that nobody can notice.
        return self.dice.randrange(9 if self.kind == "tcp" else len(frame))

    def _inserted(self, frame: bytes) -> bytes:
        place = self._place(frame)
        return frame[:place] + self.dice.randbytes(self.dice.randint(1, 9)) + frame[place:]

    def _deleted(self, frame: bytes) -> bytes:
        place = self._place(frame)
        return frame[:place] + frame[place + self.dice.randint(1, 5) :]

    def _doubled_inside(self, frame: bytes) -> bytes:
        place, size = self._place(frame), self.dice.randint(1, 9)
        return frame[: place + size] + frame[place:]

    def _begun_twice(self, frame: bytes) -> bytes:
        return self._cut_end(frame) + frame

    def _garbage(self, frame: bytes) -> bytes:
        return self.dice.randbytes(self.dice.choice((1, 2, 3, 8, 40, 300)))

    def _nonsense(self, frame: bytes) -> bytes:
        """Return a well-formed frame that answers no read of registers."""
        function = self.dice.choice(
            (0, 1, 2, 3, 5, 6, 7, 8, 11, 15, 16, 17, 22, 23, 43, 100, 0x81, 0x90, 0xFF)
        )
        data = self.dice.randbytes(self.dice.choice((0, 1, 2, 4, 5, 21, 120)))
        if function == 3:
            data = bytes((len(data) | 1,)) + data.ljust(
                len(data) | 1
            )  # an odd number of bytes is no register
        return self.pack(self.dice.randint(0, 5), bytes((function,)) + data)


class FuzzingPeer:
    """Units 1 to 4 behind one port; `mutants` counts the mutated frames that went out."""

    def __init__(self, kind: str, seed: int, *, reply_ms: float = 2.0, alone: bool = False) -> None:
        """Set the peer up; `alone`: a reply is one mutant or the good frame, never several."""
        self._alone = alone
        self.mutator = Mutator(kind, seed)
        self.mutants = 0
        self.requests = 0
        self._reply_ms = reply_ms
        self._rest = b""
        self._hunter = AsciiHunter() if kind == "ascii" else RequestHunter()

    def hear(self, data: bytes, now: float) -> list[Sending]:
        """Take what the master sent and return what is sent back, with delays in ms."""
        out: list[Sending] = []
        dice = self.mutator.dice
        for unit, pdu, transaction in self._requests(data):
            self.requests += 1
            good = self.mutator.pack(unit, named(unit, pdu), transaction)
            parts = self._parts(good)
            if dice.random() < 0.5:
                out.append((self._reply_ms, b"".join(parts)))
            else:
                out += [(self._reply_ms * (1 + i), part) for i, part in enumerate(parts)]
            if self.mutator.kind == "tcp" and dice.random() < 0.02:
                self.mutants += 1
                out += [(self._reply_ms * 10, self.mutator.last(good)), (self._reply_ms * 10, b"")]
            if dice.random() < 0.05:
                # Out of the blue, perhaps while nobody asks.
                out.append((dice.uniform(0, 400), self.mutator(good)))
                self.mutants += 1
        return out

    def _parts(self, good: bytes) -> list[bytes]:
        """Return what is sent for an answer."""
        dice = self.mutator.dice
        fit = dice.random() < 0.97
        if self._alone:
            self.mutants += not fit
            return [good if fit else self.mutator(good)]
        parts = [self.mutator(good) for _ in range(dice.randint(0, 8))]
        self.mutants += len(parts)
        return [*parts, good] if fit else parts

    def _requests(self, data: bytes) -> list[tuple[int, bytes, int]]:
        if self.mutator.kind != "tcp":
            return [(unit, pdu, 0) for unit, pdu in self._hunter.take(data)]
        self._rest += data
        found = []
        while len(self._rest) >= 12:
            transaction, _, length, unit = struct.unpack(">HHHB", self._rest[:7])
            found.append((unit, self._rest[7 : 6 + length], transaction))
            self._rest = self._rest[6 + length :]
        return found

    @contextlib.asynccontextmanager
    async def socket(self) -> AsyncIterator[int]:
        """Listen while the block runs; yields the port."""
        loop = asyncio.get_running_loop()
        writers: set[asyncio.StreamWriter] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.add(writer)
            try:
                while data := await reader.read(4096):
                    for delay, frame in self.hear(data, 0.0):
                        loop.call_later(delay / 1000, _write, writer, frame)
            except OSError:
                pass
            finally:
                writers.discard(writer)
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for writer in list(writers):
                writer.transport.abort()
            await asyncio.sleep(0.01)

    @contextlib.asynccontextmanager
    async def serial(self, device: str) -> AsyncIterator[str]:
        """Answer on a pseudo-terminal while the block runs; yields its name."""
        loop = asyncio.get_running_loop()
        with PtyWire(device) as wire:

            def send(frame: bytes | bytearray) -> None:
                with contextlib.suppress(OSError):
                    os.write(wire.fd, frame)

            def ready() -> None:
                with contextlib.suppress(OSError):
                    for delay, frame in self.hear(os.read(wire.fd, 4096), 0.0):
                        loop.call_later(delay / 1000, send, frame)

            loop.add_reader(wire.fd, ready)
            try:
                yield device
            finally:
                loop.remove_reader(wire.fd)


def _write(writer: asyncio.StreamWriter, frame: bytes | bytearray) -> None:
    if not frame:
        writer.close()
    if not writer.is_closing():
        writer.write(frame)
