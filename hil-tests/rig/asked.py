"""Instruments that are asked on one serial line, whatever they speak, and everything that goes wrong there.

Every value names itself: `unit, question, time` as digits, so that a wrong value and an old one both show,
whatever the driver believes. A family of instruments says how requests are cut out and how a reply looks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, fields

from rig.faults import Sending

WRAP_MS = 100_000  # the stamp of a value counts hundredths of a second modulo this


@dataclass(frozen=True)
class Mishaps:
    """How often a reply goes wrong and how, as probabilities per reply; the rest is answered well."""

    late: float = 0.0  # at 1.05 to 3 T
    later: float = 0.0  # at 3 to 9 T
    silent: float = 0.0
    doubled: float = 0.0  # again after 15 ms
    doubled_late: float = 0.0  # again after 1.2 T
    mutated: float = 0.0  # bytes changed, lost, inserted; whole frames cut
    mutated_then_good: float = 0.0
    foreign: float = 0.0  # the reply of another unit and the good one in one chunk
    noise: float = 0.0  # before and after the good reply
    bytewise: float = 0.0
    echo: float = 0.0  # the request comes back before the reply


def mishaps(share: float, *only: str) -> Mishaps:
    """Return the named kinds (all, if none is named) with equal probability, `share` together."""
    kinds = only or tuple(f.name for f in fields(Mishaps))
    return Mishaps(**dict.fromkeys(kinds, share / len(kinds)))


def named_value(unit: int, question: int, now_ms: float) -> int:
    """Return eight digits: unit (2), question (2), hundredths of a second (4)."""
    return unit % 100 * 1_000_000 + question % 100 * 10_000 + int(now_ms) % WRAP_MS // 10


@dataclass(frozen=True)
class Named:
    """What a self-naming value says of itself; `age_ms`: how much older than it should be."""

    unit: int
    question: int
    age_ms: int


def name_of(value: int, sent_ms: int) -> Named:
    """Read a self-naming value; `sent_ms` is when its request was sent."""
    age = (sent_ms - value % 10_000 * 10) % WRAP_MS
    return Named(value // 1_000_000, value // 10_000 % 100, age if age < WRAP_MS // 2 else age - WRAP_MS)


# (unit, question, request as echoed) of each whole request in the bytes heard so far
Requests = list[tuple[int, int, bytes]]


class AskedLine:
    """All instruments of one line; `hear` takes what the gateway sent and says what comes back, and when."""

    def __init__(
        self,
        cut: Callable[[bytes], Requests],
        reply: Callable[[int, int, int], bytes],
        wrong: Mishaps,
        timeout_ms: float,
        seed: int = 1,
        *,
        reply_ms: float = 30.0,
        queued: bool = False,
        passes: Callable[[bytes], bool] = lambda _: False,
    ) -> None:
        """Set the line up.

        Args:
            cut: takes received bytes, returns the requests that are whole.
            reply: makes the good reply from unit, question and value.
            wrong: what goes wrong how often.
            timeout_ms: T of the gateway, which the lateness is drawn from.
            seed: of the random draw.
            reply_ms: how long a good reply takes.
            queued: a unit answers in order, a late reply delays those behind it.
            passes: says of damaged bytes that no check of the protocol could find it out: drawn again.
        """
        self._cut = cut
        self._reply = reply
        self.wrong = wrong
        self.timeout_ms = timeout_ms
        self.reply_ms = reply_ms
        self.queued = queued
        self._passes = passes
        self.dead: set[int] = set()
        self.requests = 0
        self.asked: list[tuple[float, int, int]] = []
        self._free: dict[int, float] = {}
        self._random = random.Random(seed)
        self._kinds = [f.name for f in fields(Mishaps)]

    def hear(self, data: bytes, now: float) -> list[Sending]:
        """Take bytes from the gateway at `now` (ms) and return what the line sends, with delays in ms."""
        out: list[Sending] = []
        for unit, question, request in self._cut(data):
            self.requests += 1
            self.asked.append((now, unit, question))
            if unit not in self.dead:
                out += self._answer(unit, question, request, now)
        return out

    def _draw(self) -> str:
        dice = self._random.random()
        for kind in self._kinds:
            dice -= getattr(self.wrong, kind)
            if dice < 0:
                return kind
        return "good"

    def _answer(self, unit: int, question: int, request: bytes, now: float) -> list[Sending]:
        kind = self._draw()
        dice, t = self._random, self.timeout_ms
        delay = {"late": dice.uniform(1.05, 3) * t, "later": dice.uniform(3, 9) * t}.get(kind, self.reply_ms)
        if self.queued:
            delay += max(0.0, self._free.get(unit, 0.0) - now)
            self._free[unit] = now + delay
        good = self._reply(unit, question, named_value(unit, question, now))
        return [
            (delay + more, frame) for more, frame in self._frames(kind, unit, question, request, good, now)
        ]

    def _frames(
        self, kind: str, unit: int, question: int, request: bytes, good: bytes, now: float
    ) -> list[tuple[float, bytes]]:
        dice = self._random
        if kind == "silent":
            return []
        if kind == "doubled":
            return [(0.0, good), (15.0, good)]
        if kind == "doubled_late":
            return [(0.0, good), (1.2 * self.timeout_ms, good)]
        if kind in ("mutated", "mutated_then_good"):
            return [(0.0, self._damaged(good))] + [(3.0, good)] * (kind == "mutated_then_good")
        if kind == "foreign":
            return [(0.0, self._reply(unit + 50, question, named_value(unit + 50, question, now)) + good)]
        if kind == "noise":
            return [(-1.0, dice.randbytes(2)), (0.0, dice.randbytes(1) + good + dice.randbytes(3))]
        if kind == "bytewise":
            return [(0.2 * i, good[i : i + 1]) for i in range(len(good))]
        if kind == "echo":
            return [(-1.0, request), (0.0, good)]
        return [(0.0, good)]

    def _damaged(self, good: bytes) -> bytes:
        while True:
            damaged = mutate(good, self._random)
            if not self._passes(damaged):
                return damaged


def mutate(frame: bytes, dice: random.Random) -> bytes:
    """Damage a frame as a bad line does: flipped bits, a lost or added byte, a part cut off, a burst."""
    damaged = bytearray(frame)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at = dice.randrange(len(damaged)) if damaged else 0
        how = dice.randrange(6)
        if not damaged or how == 0:
            damaged[at:at] = dice.randbytes(dice.randrange(1, 4))
        elif how == 1:
            del damaged[at]
        elif how == 2:
            del damaged[at:]
        elif how == 3:
            damaged[at : at + 3] = dice.randbytes(len(damaged[at : at + 3]))
        else:
            damaged[at] ^= 1 << dice.randrange(8)
    return bytes(damaged)
