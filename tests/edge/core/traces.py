"""A small plant of synthetic instruments and what judges them: clean days, and faults put into them."""

import itertools
import math
import random
import struct

from edge.core.alarm import RAISE, Limit
from edge.core.judge import ONES, Judge, Rules
from edge.core.point import FLOAT32, HIGH_FIRST, INT16, UINT16, Block, Point
from edge.core.siblings import Kinship, Siblings
from edge.core.watch import Watch
from protocol.quality import COMM_FAILURE, GOOD, SUB_NORMAL, is_bad

DAY_MS = 86_400_000
BAD_MS = 5000

KEYS = ("TT-101", "TT-102", "LT-103", "PT-104", "GT-105")
POINTS = [
    Point("TT-101", INT16, HIGH_FIRST, 0, 0.1, 0.0, -40.0, 120.0),
    Point("TT-102", INT16, HIGH_FIRST, 1, 0.1, 0.0, -40.0, 120.0),
    Point("LT-103", UINT16, HIGH_FIRST, 2, 0.01, 0.0, 0.0, 12.0),
    Point("PT-104", FLOAT32, HIGH_FIRST, 3, 1.0, 0.0, 0.0, 2.5),
    Point("GT-105", UINT16, HIGH_FIRST, 5, 0.1, 0.0, 0.0, 100.0),
]
BLOCK = Block(POINTS, 6)
# Stuck is judged where noise always moves a bit; a gas detector rests at zero and is not. A greatest rate
# is far above the noise of a reading (eight standard deviations and more), or noise itself is "impossible".
RULES = [
    Rules(0, stuck_ms=1_800_000, max_rate=1.0),
    Rules(1, stuck_ms=1_800_000, max_rate=1.0),
    Rules(2, stuck_ms=1_800_000, max_rate=0.2),
    Rules(3, stuck_ms=300_000, max_rate=0.5),
    Rules(4, max_rate=50.0),
]
STALE_MS = 30_000
SIDES = {
    0: ["RATE", "STUCK", "SIBLINGS"],
    1: ["RATE", "STUCK", "SIBLINGS"],
    2: ["RATE", "STUCK"],
    3: ["RATE", "STUCK"],
    4: ["RATE"],
}


def limits() -> list[Limit]:
    made = [Limit("GT-105/H", 4, "H", 25.0, 1.0), Limit("LT-103/H", 2, "H", 10.0, 0.1)]
    for i, key in enumerate(KEYS):
        made += [
            Limit(f"{key}/{side}", i, side, None, 0.0, BAD_MS, BAD_MS) for side in ("Q", "RANGE", "BLANK")
        ]
        made.append(Limit(f"{key}/STALE", i, "STALE", None, 0.0, STALE_MS, BAD_MS))
        made += [Limit(f"{key}/{side}", i, side, None, 0.0, 0, BAD_MS) for side in SIDES[i]]
    return made


class Plant:
    """The pure rooms in the order in which the gateway asks them."""

    def __init__(self) -> None:
        numbers = itertools.count(1)
        self.watch = Watch(BLOCK, limits(), lambda: f"1-{next(numbers)}")
        self.judge = Judge(BLOCK, RULES, ONES)
        self.siblings = Siblings(
            [Kinship("TT-101", ["TT-102"], 2.0, 60_000), Kinship("TT-102", ["TT-101"], 2.0, 60_000)]
        )
        self.raised: list[str] = []

    def take(self, now: int, data: bytes | None) -> None:
        made = self.watch.tick(now)
        if data is None:
            self.judge.missed()
            raws, exceptions, faults = None, [], []
        else:
            raws = BLOCK.decode(data)
            exceptions = BLOCK.exceptions(raws)
            faults = list(self.judge.blank(data))
            faults += [] if faults else self.judge.take(now, raws, GOOD, exceptions)
        doubted = {i for i, _ in exceptions} | {i for i, _, _ in faults}
        for i in (0, 1):
            value = None if raws is None or i in doubted else BLOCK.scaled(i, raws[i])
            if self.siblings.take(now, KEYS[i], value):
                faults.append((i, "SIBLINGS", SUB_NORMAL))
        quality = COMM_FAILURE if raws is None else GOOD
        made += self.watch.take(now, raws, quality, exceptions, faults)
        self.raised += [t.alarm for t in made if t.transition == RAISE]
        for held in self.watch.active():
            assert held.value is None or not is_bad(held.quality)


class Weather:
    """What the instruments would show: a day's wave, drift, noise, a tank that fills, gas now and then."""

    def __init__(self, seed: int, gas_every_ms: int = DAY_MS) -> None:
        self.dice = random.Random(seed)
        self.gas_every_ms = gas_every_ms

    def values(self, now: int) -> list[float]:
        noise = self.dice.gauss
        day = math.sin(2 * math.pi * now / DAY_MS)
        outside = 15.0 + 8.0 * day + 1.5 * now / (7 * DAY_MS)
        level = 6.0 + 3.0 * math.sin(2 * math.pi * now / (6 * 3_600_000))
        since = now % self.gas_every_ms
        leak = max(0.0, 40.0 * (1 - abs(since - 3_600_000) / 60_000))
        return [
            outside + noise(0, 0.08),
            outside + 0.6 + noise(0, 0.08),
            level + noise(0, 0.012),
            1.2 + 0.1 * day + noise(0, 0.004),
            max(0.0, leak + (noise(0, 0.3) if leak else 0.0)),
        ]


def raws(values: list[float]) -> list[float]:
    """What the registers hold."""
    return [
        round(values[0] * 10),
        round(values[1] * 10),
        round(values[2] * 100),
        values[3],
        round(values[4] * 10),
    ]


def registers(numbers: list[float]) -> bytes:
    a, b, c, d, e = numbers
    return struct.pack(
        ">hhHfH",
        int(max(-32768, min(a, 32767))),
        int(max(-32768, min(b, 32767))),
        int(max(0, min(c, 65535))),
        d,
        int(max(0, min(e, 65535))),
    )
