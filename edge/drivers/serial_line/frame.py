"""Cuts the bytes of a serial line into frames and checks their sums; knows nothing of what a frame says.

    start | body | mark | check sum | end            check sum before the end   $ … *5A CR LF
    start | body | end | check sum                   check sum after the end    STX … ETX BCC

A frame ends at `end`, after `length` bytes (all of it, from start to end), or when the line was silent for
`idle_ms`. Whatever is longer than a frame can be is thrown away up to the next end or silence. The sum covers
the body, the start too if `covers_start`, and the end if the sum stands behind it; never the mark.
"""

from typing import Final, NamedTuple

HEX: Final = "hex"
RAW: Final = "raw"
WIDTHS: Final = {"xor": 1, "sum8": 1, "lrc": 1, "crc16-modbus": 2}


class Framing(NamedTuple):
    """How frames of one line begin and end; unused parts are empty or 0."""

    start: bytes = b""
    end: bytes = b""
    length: int = 0
    idle_ms: int = 0
    max_length: int = 128
    checksum: str = "none"
    form: str = HEX
    after_end: bool = False
    mark: bytes = b""
    covers_start: bool = False

    @property
    def sum_length(self) -> int:
        """How many bytes the check sum takes."""
        return WIDTHS.get(self.checksum, 0) * (2 if self.form == HEX else 1)

    @property
    def longest(self) -> int:
        """How many bytes a frame has at most."""
        return self.length or len(self.start) + self.max_length + len(self.end) + self.sum_length


class Framed(NamedTuple):
    """One frame: its body without start, end and sum, and when its first bytes came.

    `why` says what is wrong with a damaged one; `raw` is all of it.
    """

    body: bytes
    began_ms: int
    why: str = ""
    raw: bytes = b""


def checksum(kind: str, data: bytes) -> bytes:
    """Compute a check sum, raw: xor, sum8 (mod 256), lrc (its complement), crc16-modbus (low byte first)."""
    if kind == "crc16-modbus":
        crc = 0xFFFF
        for byte in data:
            crc ^= byte
            for _ in range(8):
                crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
        return crc.to_bytes(2, "little")
    value = 0
    for byte in data:
        value = value ^ byte if kind == "xor" else value + byte
    return bytes((-value & 0xFF if kind == "lrc" else value & 0xFF,))


def written(framing: Framing, data: bytes) -> bytes:
    """Return the check sum as it stands in a frame; in hex its digits are upper case, the highest first."""
    if framing.checksum == "none":
        return b""
    raw = checksum(framing.checksum, data)
    return raw if framing.form == RAW else raw[::-1].hex().upper().encode()


def build(framing: Framing, body: bytes) -> bytes:
    """Return the whole frame around a body."""
    covered = framing.start + body if framing.covers_start else body
    if framing.after_end:
        return framing.start + body + framing.end + written(framing, covered + framing.end)
    tail = framing.mark + written(framing, covered) if framing.checksum != "none" else b""
    return framing.start + body + tail + framing.end


class Framer:
    """The stream of one line; nothing here grows beyond two frames."""

    def __init__(self, framing: Framing) -> None:
        self.malformed = 0
        self._framing = framing
        self._rest = bytearray()
        self._began = 0
        self._last = 0
        self._flooded = False

    def take(self, data: bytes, now: int) -> list[Framed]:
        """Add received bytes; return the frames that are whole."""
        found = self.settle(now) if self._silent(now) else []
        if not self._rest:
            self._began = now
        self._last = now
        self._rest += data
        found += self._cut(now)
        most = self._framing.longest
        if len(self._rest) > most and not self._framing.length:
            self._flooded = True
            self._drop(len(self._rest) - max(0, len(self._framing.end) - 1))
        return found

    def due(self) -> int:
        """Return when silence will end a frame; -1: it does not."""
        if not self._framing.idle_ms or not self._rest:
            return -1
        return self._last + self._framing.idle_ms

    def settle(self, now: int) -> list[Framed]:
        """End what silence ends, and forget every unfinished frame."""
        framing = self._framing
        found: list[Framed] = []
        if framing.idle_ms and not framing.end and not framing.length:
            if self._rest and not self._flooded and self._silent(now):
                found = [self.checked(bytes(self._rest), self._began)]
                self._rest.clear()
        elif framing.length and framing.start:
            while self._rest:
                self._drop(1)
                found += self._cut(now)
        self._drop(len(self._rest))
        self._flooded = False
        return found

    def _silent(self, now: int) -> bool:
        idle = self._framing.idle_ms
        return idle > 0 and now - self._last >= idle

    def _cut(self, now: int) -> list[Framed]:
        framing = self._framing
        found: list[Framed] = []
        while self._rest:
            whole = self._fixed() if framing.length else self._ended() if framing.end else b""
            if not whole:
                break
            framed = self.checked(whole, self._began)
            found.append(framed)
            self._began = now
        return found

    def _fixed(self) -> bytes:
        """Take one frame of fixed length off, or nothing."""
        framing, rest = self._framing, self._rest
        while rest:
            if framing.start:
                at = rest.find(framing.start)
                if at < 0:
                    self._drop(max(0, len(rest) - len(framing.start) + 1))
                    return b""
                self._drop(at)
            if len(rest) < framing.length:
                return b""
            whole = bytes(rest[: framing.length])
            if not self.checked(whole, 0).why:
                del rest[: framing.length]
                return whole
            self._drop(1 if framing.start else len(rest))
        return b""

    def _ended(self) -> bytes:
        """Take one frame up to its end off, or nothing; skips what floods and what lacks its start."""
        framing, rest = self._framing, self._rest
        behind = framing.sum_length if framing.after_end else 0
        while (at := rest.find(framing.end)) >= 0:
            stop = at + len(framing.end) + behind
            begin = rest.rfind(framing.start, 0, at) if framing.start else 0
            if self._flooded or begin < 0 or stop - begin > framing.longest:
                self._flooded = False
                self._drop(at + len(framing.end))
                continue
            if len(rest) < stop:
                return b""
            self._drop(begin)
            whole = bytes(rest[: stop - begin])
            del rest[: stop - begin]
            if len(whole) > len(framing.start) + len(framing.end):  # CR LF as two ends: nothing between
                return whole
        return b""

    def checked(self, whole: bytes, began: int) -> Framed:
        """Take start, end and check sum off a frame, and say what is wrong with it."""
        body, why = self._body(whole)
        return Framed(body, began, why, whole)

    def _body(self, whole: bytes) -> tuple[bytes, str]:
        framing = self._framing
        behind = framing.sum_length if framing.after_end else 0
        ended = whole[: len(whole) - behind]
        body = ended[len(framing.start) : len(ended) - len(framing.end)]
        if not (whole.startswith(framing.start) and ended.endswith(framing.end)):
            return body, "does not begin and end as it should"
        if framing.checksum == "none":
            return body, ""
        if framing.after_end:
            told = whole[-behind:]
            covered = body + framing.end
        else:
            cut = len(body) - framing.sum_length
            told = body[max(0, cut) :]
            body = body[: max(0, cut)]
            if framing.mark and not body.endswith(framing.mark):
                return body, f"has no {framing.mark!r} before its check sum"
            body = body[: len(body) - len(framing.mark)]
            covered = body
        right = written(framing, framing.start + covered if framing.covers_start else covered)
        if (told.upper() if framing.form == HEX else told) != right:
            return body, f"has the check sum {told!r} where {right!r} belongs"
        return body, ""

    def _drop(self, count: int) -> None:
        self.malformed += min(count, len(self._rest))
        del self._rest[:count]
