"""Instruments that misbehave on purpose, on one serial line, with registers that name themselves.

Register `a` of unit `u`, function `f` holds, at even addresses, its own name (u, f, a), and at odd addresses
the time at which the instrument built the reply. So a wrong register and an old value both show, whatever the
driver believes. Nothing here knows the driver: it hears bytes and returns (delay, bytes).
"""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields

from rig.wire import AsciiHunter, RequestHunter, ascii_frame, rtu

Sending = tuple[float, bytes | bytearray]  # (milliseconds from now, bytes)


@dataclass(frozen=True)
class Faults:
    """How often a reply goes wrong and how, as probabilities per reply; the rest is answered well."""

    late: float = 0.0  # at 0.8 to 3 T
    later: float = 0.0  # at 3 to 10 T
    beyond: float = 0.0  # at 10 to 30 T
    silent: float = 0.0
    short: float = 0.0  # one register, good check sum
    wrong_function: float = 0.0
    wrong_unit: float = 0.0
    wrong_unit_late: float = 0.0
    bad_crc: float = 0.0
    bad_then_good: float = 0.0
    doubled: float = 0.0  # again after 15 ms
    doubled_late: float = 0.0  # again after 1.2 T
    foreign: float = 0.0  # a frame of another unit and the good one in one chunk
    late_and_good: float = 0.0  # held back, then in one chunk with the unit's next reply
    noise: float = 0.0  # before, inside a pause, and after the good reply
    bytewise: float = 0.0
    exception_late: float = 0.0


def mixed(share: float, *without: str) -> Faults:
    """Return every kind of fault that the rule was measured with, equally likely, `share` together."""
    kinds = [f.name for f in fields(Faults) if f.name not in (*without, "late_and_good")]
    return Faults(**dict.fromkeys(kinds, share / len(kinds)))


def name_of(unit: int, function: int, address: int) -> int:
    """Return what an even register holds: its own name."""
    return (unit & 0xF) << 12 | (function & 1) << 11 | (address & 0x7FF)


def registers(unit: int, function: int, address: int, count: int, built_ms: float) -> bytes:
    """Return `count` registers that name themselves (even) and tell when they were built (odd)."""
    stamp = int(built_ms) & 0xFFFF
    words = [name_of(unit, function, a) if a % 2 == 0 else stamp for a in range(address, address + count)]
    return struct.pack(f">{count}H", *words)


@dataclass(frozen=True)
class Verdict:
    """What self-naming registers say of an accepted reading; `age_ms`: how much older than its request."""

    wrong: int
    age_ms: int


def judge(unit: int, function: int, address: int, data: bytes, sent_ms: int) -> Verdict:
    """Compare accepted registers with the names they should have, and their stamps with the send time."""
    wrong, age = 0, -(1 << 15)
    for i, word in enumerate(struct.unpack(f">{len(data) // 2}H", data)):
        if (address + i) % 2 == 0:
            wrong += word != name_of(unit, function, address + i)
        else:
            lag = (sent_ms - word) & 0xFFFF
            age = max(age, lag - (1 << 16) if lag > 1 << 15 else lag)
    return Verdict(wrong, age)


class Instruments:
    """All units of one line; `hear` takes what the master sent and returns what is sent back, and when."""

    def __init__(
        self,
        units: Sequence[int],
        faults: Faults,
        timeout_ms: float,
        seed: int,
        *,
        reply_ms: float = 4.9,
        queued: bool = False,
        echo: bool = False,
        in_ascii: bool = False,
        character_ms: float = 0.0,
    ) -> None:
        """Set the line up.

        Args:
            units: unit numbers that answer.
            faults: what goes wrong how often.
            timeout_ms: T of the master, which the lateness is drawn from.
            seed: of the random draw.
            reply_ms: how long a good reply takes.
            queued: a unit answers in order, a late reply delays those behind it; otherwise in any order.
            echo: the adapter gives every request back.
            in_ascii: frames are in ASCII.
            character_ms: how long a character takes; then whoever speaks into another's frame spoils both.
        """
        self.units = list(units)
        self.faults = faults
        self.timeout_ms = timeout_ms
        self.reply_ms = reply_ms
        self.queued = queued
        self.echo = echo
        self.behind: dict[int, bytes] = {}  # unit -> the reply it still owes: answers one request behind
        self.dead: set[int] = set()
        self.refusing: set[int] = set()  # functions answered with exception 1
        self.requests = 0
        self.sent: dict[str, int] = {}
        self.coils: dict[int, int] = {}
        self._free = dict.fromkeys(self.units, 0.0)
        self._random = random.Random(seed)
        self._hunter: RequestHunter | AsciiHunter = AsciiHunter() if in_ascii else RequestHunter()
        self._pack = ascii_frame if in_ascii else rtu
        self._held: dict[int, bytes] = {}
        self._character_ms = character_ms
        self._on_air: list[tuple[float, float, bytearray]] = []
        self.collisions = 0
        self._kinds = [f.name for f in fields(Faults)]

    def hear(self, data: bytes, now: float) -> list[Sending]:
        """Take bytes from the master at `now` (ms) and return what the line sends, with delays in ms."""
        out: list[Sending] = []
        if self._character_ms:
            data = bytes(self._speak(now, data))
        for unit, pdu in self._hunter.take(data):
            if self.echo:
                out.append((0.0, self._pack(unit, pdu)))
            if unit in self._free and unit not in self.dead:
                self.requests += 1
                out += self._answer(unit, pdu, now)
        if self._character_ms:
            spoken = len(data) * self._character_ms
            out = [
                # The master has a frame when its last character has passed.
                (
                    spoken + delay + len(frame) * self._character_ms,
                    self._speak(now + spoken + delay, frame),
                )
                for delay, frame in out
            ]
        return out

    def _speak(self, start: float, data: bytes | bytearray) -> bytearray:
        """Put bytes on the line at `start` (ms): they, and those they meet there, are spoiled."""
        end = start + len(data) * self._character_ms
        mine = bytearray(data)
        met = [other for begin, until, other in self._on_air if begin < end and start < until]
        if met:
            self.collisions += 1
            for one in (mine, *met):
                one[:] = self._random.randbytes(len(one))
        self._on_air = [entry for entry in self._on_air if entry[1] > start - 10_000] + [(start, end, mine)]
        return mine

    def reply(self, unit: int, pdu: bytes, now: float) -> bytes:
        """Return the good reply PDU."""
        function = pdu[0]
        address, count = struct.unpack(">HH", pdu[1:5])
        if function in self.refusing:
            return bytes((function | 0x80, 1))
        if function in (3, 4):
            return bytes((function, 2 * count)) + registers(unit, function, address, count, now)
        if function == 1:
            bits = (self.coils.get(unit, 0) >> address) & ((1 << count) - 1)
            packed: bytes = bits.to_bytes((count + 7) // 8, "little")
            return bytes((1, len(packed))) + packed
        if function == 5:
            self._set_coils(unit, address, 1, int(count == 0xFF00))
        if function == 15:
            self._set_coils(unit, address, count, int.from_bytes(pdu[6:], "little"))
        return pdu[:5]

    def _set_coils(self, unit: int, address: int, count: int, value: int) -> None:
        mask = ((1 << count) - 1) << address
        self.coils[unit] = self.coils.get(unit, 0) & ~mask | value << address & mask

    def _draw(self) -> str:
        dice = self._random.random()
        for kind in self._kinds:
            dice -= getattr(self.faults, kind)
            if dice < 0:
                return kind
        return "good"

    def _answer(self, unit: int, pdu: bytes, now: float) -> list[Sending]:
        kind = self._draw()
        self.sent[kind] = self.sent.get(kind, 0) + 1
        good = self.reply(unit, pdu, now)
        if unit in self.behind:
            good, self.behind[unit] = self.behind[unit], good
            if not good:
                return []
        t, dice = self.timeout_ms, self._random
        delay = {
            "late": dice.uniform(0.8, 3) * t,
            "later": dice.uniform(3, 10) * t,
            "beyond": dice.uniform(10, 30) * t,
            "wrong_unit_late": dice.uniform(0.8, 3) * t,
            "exception_late": dice.uniform(0.8, 3) * t,
        }.get(kind, self.reply_ms)
        if self.queued:
            # In order: this request is begun only when the one before was answered.
            delay += max(0.0, self._free[unit] - now)
            self._free[unit] = now + delay
        return [(delay + more, frame) for more, frame in self._frames(kind, unit, pdu, good)]

    def _frames(self, kind: str, unit: int, pdu: bytes, good: bytes) -> list[Sending]:
        frame = self._pack(unit, good)
        if unit in self._held:
            frame = self._held.pop(unit) + frame
        other = self.units[(self.units.index(unit) + 1) % len(self.units)]
        dice = self._random
        if kind == "silent":
            return []
        if kind == "late_and_good":
            self._held[unit] = frame
            return []
        if kind == "short" and good[0] in (3, 4):
            return [(0.0, self._pack(unit, bytes((good[0], 2)) + good[2:4]))]
        if kind == "wrong_function" and good[0] in (3, 4):
            return [(0.0, self._pack(unit, self.reply(unit, bytes((7 - good[0],)) + pdu[1:], 0.0)))]
        if kind in ("wrong_unit", "wrong_unit_late"):
            return [(0.0, self._pack(other, good))]
        if kind in ("bad_crc", "bad_then_good"):
            spoiled = bytearray(frame)
            spoiled[dice.randrange(3, len(frame))] ^= 1 << dice.randrange(8)
            bad: list[Sending] = [(0.0, bytes(spoiled))]
            return bad + [(2.0, frame)] * (kind == "bad_then_good")
        if kind == "doubled":
            return [(0.0, frame), (15.0, frame)]
        if kind == "doubled_late":
            return [(0.0, frame), (1.2 * self.timeout_ms, frame)]
        if kind == "foreign":
            return [(0.0, self._pack(other, bytes((3, 4)) + bytes(4)) + frame)]
        if kind == "noise":
            return [(-1.0, dice.randbytes(2)), (0.0, dice.randbytes(1) + frame + dice.randbytes(3))]
        if kind == "bytewise":
            return [(0.2 * i, frame[i : i + 1]) for i in range(len(frame))]
        if kind == "exception_late":
            return [(0.0, self._pack(unit, bytes((pdu[0] | 0x80, 4))))]
        return [(0.0, frame)]
