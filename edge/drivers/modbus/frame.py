"""Cuts the received bytes into Modbus frames, over noise and chunk borders, and builds requests.

    RTU   unit | function | data ... | CRC low | CRC high
    TCP   transaction id (2) | protocol id 0 (2) | length (2) | unit | function | data ...

Keeps modbus-rule "The rule": one framer for everything received, also while idle and draining; it hunts over
noise, consumes every frame with a good check sum whole, and never looks inside one. A frame is
(unit, function, payload, transaction id): payload = the data after the byte count (functions 1 to 4) or all
that follows the function code. Function 0 marks a frame that only a master sends; its payload is all of it.
Runs on MicroPython as it is (`edge/leaf` cuts with it).
"""

import struct

MASTER = 0  # pseudo function of a request-shaped frame
ROOM = 1024  # bytes kept while a frame is incomplete; the longest frame has 256
HEADER = ">HHHB"
MOST_TCP_LENGTH = 254

try:  # noqa: SIM105 - MicroPython lacks contextlib too
    Frame = tuple[int, int, bytes, int]
except TypeError:
    pass  # MicroPython does not evaluate annotations, and has no such types either


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
        table.append(crc)
    return table


_TABLE = _crc_table()


def crc(data: bytes) -> int:
    """Return the check sum of an RTU frame (Modbus over Serial Line V1.02, 6.2.2); 0 over all of it."""
    value = 0xFFFF
    table = _TABLE
    for byte in data:
        value = value >> 8 ^ table[(value ^ byte) & 0xFF]
    return value


def rtu(unit: int, pdu: bytes) -> bytes:
    """Return the RTU frame of a PDU."""
    body = bytes((unit,)) + pdu
    return body + crc(body).to_bytes(2, "little")


def read(function: int, address: int, count: int) -> bytes:
    """Return the PDU that reads `count` registers or bits."""
    return struct.pack(">BHH", function, address, count)


def write_coils(address: int, values: list[bool]) -> tuple[bytes, bytes]:
    """Return the PDU that writes coils (function 15) and the reply's data as it must come back."""
    packed = sum(bool(value) << i for i, value in enumerate(values)).to_bytes(
        (len(values) + 7) // 8, "little"
    )
    head = struct.pack(">HH", address, len(values))
    return b"\x0f" + head + bytes((len(packed),)) + packed, head


def write_coil(address: int, value: bool) -> tuple[bytes, bytes]:
    """Return the PDU that writes one coil (function 5) and the reply's data, which mirrors it."""
    data = struct.pack(">HH", address, 0xFF00 if value else 0)
    return b"\x05" + data, data


def write_word(function: int, address: int, value: int) -> tuple[bytes, bytes]:
    """Return the PDU that writes one word (function 5 or 6) and the reply's data, which mirrors it."""
    data = struct.pack(">HH", address, value)
    return bytes((function,)) + data, data


def loopback(word: int) -> tuple[bytes, bytes]:
    """Return the PDU of function 8/0 (Return Query Data) and the reply's data, which mirrors it."""
    data = struct.pack(">HH", 0, word)
    return b"\x08" + data, data


class FramingLost(Exception):
    """The TCP stream no longer begins with a header: only a new connection finds the next frame."""


class TcpStream:
    """Frames of one TCP connection."""

    def __init__(self) -> None:
        self._rest = b""
        self.malformed = 0

    def take(self, data: bytes) -> list[Frame]:
        """Add received bytes and return the whole frames.

        Raises:
            FramingLost: protocol id or length make no sense.
        """
        if self._rest:
            data = self._rest + data
        frames: list[Frame] = []
        start, end = 0, len(data)
        while end - start >= 8:
            transaction, protocol, length, unit = struct.unpack_from(HEADER, data, start)
            if protocol or not 2 <= length <= MOST_TCP_LENGTH:
                raise FramingLost(f"protocol id {protocol}, length {length}")
            stop = start + 6 + length
            if stop > end:
                break
            function = data[start + 7]
            if function > 4:
                frames.append((unit, function, data[start + 8 : stop], transaction))
            elif function and length >= 3 and data[start + 8] == length - 3:
                frames.append((unit, function, data[start + 9 : stop], transaction))
            else:
                self.malformed += 1
            start = stop
        self._rest = data[start:] if start < end else b""
        return frames


class RtuStream:
    """Frames of one serial line."""

    def __init__(self, gap_ms: int) -> None:
        """Begin with an empty line; an incomplete frame ends when nothing came for `gap_ms`."""
        self._rest = b""
        self._gap_ms = gap_ms
        self._last_ms = 0
        self.malformed = 0

    def take(self, data: bytes, now: int, own: bytes) -> list[Frame]:
        """Add received bytes and return the whole frames; `own` is our last request, whose echo may come."""
        frames: list[Frame] = []
        if self._rest:
            if now - self._last_ms > self._gap_ms or len(self._rest) > ROOM:
                frames = self.settle(own)
            data = self._rest + data
        self._last_ms = now
        self._rest = data[self._hunt(data, own, frames, final=False) :]
        return frames

    def settle(self, own: bytes) -> list[Frame]:
        """Stop waiting for the rest of an incomplete frame and return the whole ones behind its beginning."""
        frames: list[Frame] = []
        if self._rest:
            self._hunt(self._rest, own, frames, final=True)
            self._rest = b""
        return frames

    def _hunt(self, data: bytes, own: bytes, frames: list[Frame], final: bool) -> int:
        """Append the frames of `data`; return where the first incomplete one begins."""
        start, end = 0, len(data)
        while start < end:
            length, frame, open_end = self._frame_at(data, start, end, own)
            if frame is not None:
                frames.append(frame)
                start += length
            elif open_end and not final:
                return start
            else:
                self.malformed += 1
                start += 1
        return end

    def _frame_at(self, data: bytes, start: int, end: int, own: bytes) -> tuple[int, Frame | None, bool]:
        """Return (length, frame, False) of a frame that begins here, or (0, None, can it still become one).

        The reply is tried before the request, but for our own echo: an incomplete reply is waited for even if
        its first bytes look like a request.
        """
        if end - start < 4:
            function = data[start + 1] if end - start > 1 else 3
            return 0, None, _reply_length(function, 2) > 0
        unit, function = data[start], data[start + 1]
        if own and function not in (5, 6, 8) and data.startswith(own, start):
            return len(own), (unit, MASTER, own, 0), False
        length = _reply_length(function, data[start + 2])
        stop = start + length
        if length == 0 or stop > end:
            return 0, None, length > 0
        if crc(data[start:stop]) == 0:
            if length == 8 and function in (3, 4):
                # Three data bytes of registers can't be: it is a request for addresses from 0x0300 on.
                return length, (unit, MASTER, data[start:stop], 0), False
            return length, (unit, function, data[start + (3 if function <= 4 else 2) : stop - 2], 0), False
        length = _request_length(function, data[start + 6] if end - start > 6 else 255)
        stop = start + length
        if length == 0 or stop > end:
            return 0, None, length > 0
        if crc(data[start:stop]) == 0:
            return length, (unit, MASTER, data[start:stop], 0), False
        return 0, None, False


def _request_length(function: int, count: int) -> int:
    """Return how long a request with this function and seventh byte is; 0 if none begins so."""
    if function in (15, 16):
        return 9 + count
    return 8 if function <= 8 else 0


def _reply_length(function: int, count: int) -> int:
    """Return how long a reply with this function and third byte is; 0 if no reply begins so."""
    if 1 <= function <= 4:
        return 5 + count
    if function in (5, 6, 8, 15, 16):
        return 8
    return 5 if 0x81 <= function <= 0x90 else 0
