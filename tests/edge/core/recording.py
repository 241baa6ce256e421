"""Makes long recordings of a bad plant: the same seed gives the same bytes, on every Python.

Values walk around their limits, jump, saturate, turn to NaN; replies get lost in bursts; people silence,
acknowledge, press and reset; the gateway restarts, sometimes with other limits.
"""

import struct
from collections.abc import Iterator

from edge.core.point import FLOAT32, HIGH_FIRST, INT16, INT32, LOW_FIRST, UINT16, UINT32

_POINTS = [  # key, kind, order, register, scale, offset, low, high, step of the walk in the point's unit
    ("GT-101", INT16, HIGH_FIRST, 0, 0.1, 0.0, 0.0, 100.0, 4.0),
    ("GT-102", UINT16, HIGH_FIRST, 1, 0.01, -1.0, -1.0, 50.0, 3.0),
    ("TT-201", INT16, LOW_FIRST, 2, -0.1, 120.0, -40.0, 150.0, 5.0),
    ("PT-301", FLOAT32, HIGH_FIRST, 4, 1.0, 0.0, 0.0, 1.6, 0.1),
    ("PT-302", FLOAT32, LOW_FIRST, 6, 0.001, 0.0, None, None, 0.1),
    ("LT-401", UINT32, HIGH_FIRST, 8, 0.0001, 0.0, 0.0, 12.0, 0.5),
    ("LT-402", UINT32, LOW_FIRST, 10, 0.0001, 0.0, 0.0, None, 0.5),
    ("FT-501", INT32, LOW_FIRST, 13, -0.001, 0.0, -50.0, 50.0, 3.0),
]
_REGISTERS = 16
_LIMITS = [  # point, side, limit, deadband, on-delay, off-delay, latch, priority
    (0, "H", 25.0, 2.0, 0, 3000, 0, 2),
    (0, "HH", 50.0, 2.0, 0, 3000, 1, 3),
    (0, "Q", None, 0.0, 2000, 2000, 0, 2),
    (1, "H", 10.1, 0.0, 1500, 0, 0, 1),
    (1, "HH", 20.3, 0.1, 500, 500, 0, 3),
    (2, "LL", -20.0, 1.0, 0, 0, 0, 2),
    (2, "L", -10.0, 1.0, 4000, 4000, 0, 1),
    (2, "H", 90.0, 5.0, 4000, 4000, 1, 1),
    (3, "H", 1.1, 0.05, 1000, 15000, 0, 2),
    (3, "HH", 1.3, 0.05, 0, 15000, 1, 3),
    (4, "L", 0.2, 0.02, 2000, 2000, 0, 1),
    (5, "L", 1.2, 0.3, 0, 60000, 0, 1),
    (5, "HH", 10.8, 0.3, 0, 0, 0, 3),
    (6, "H", 9.0, 0.0, 0, 0, 0, 0),
    (7, "LL", -40.0, 2.0, 700, 300, 0, 2),
    (7, "HH", 40.0, 2.0, 700, 300, 1, 2),
]
_BAD = [0, 4, 8, 12, 16, 20, 24, 28]
_ODD_FLOATS = [0x7FC00000, 0xFFC00001, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 0x80000000, 0x00000001]


class Chance:
    """A linear congruential generator (Knuth's MMIX), since `random` promises less than the same bytes."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, bound: int) -> int:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % bound

    def one_in(self, bound: int) -> bool:
        return self.below(bound) == 0


def _bits(number: float | None) -> str:
    return "-" if number is None else struct.pack(">d", number).hex()


def _registers(kind: int, order: int, raw: float) -> bytes:
    least, greatest, code = {
        INT16: (-(2**15), 2**15 - 1, "h"),
        UINT16: (0, 2**16 - 1, "H"),
        INT32: (-(2**31), 2**31 - 1, "i"),
        UINT32: (0, 2**32 - 1, "I"),
        FLOAT32: (0, 0, "f"),
    }[kind]
    data = struct.pack(">" + code, raw if kind == FLOAT32 else max(least, min(greatest, round(raw))))
    return data[2:] + data[:2] if len(data) == 4 and order == LOW_FIRST else data


class _Plant:
    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._values = [point[4] * 100 + point[5] for point in _POINTS]

    def read(self) -> str:
        chance = self._chance
        data = bytearray(2 * _REGISTERS)
        for i, (_, kind, order, index, scale, offset, low, high, step) in enumerate(_POINTS):
            limits = [limit for at, _, limit, *_ in _LIMITS if at == i and limit is not None]
            target = limits[chance.below(len(limits))]
            walk = (chance.below(2001) - 1000) / 1000 * step
            self._values[i] += walk + (target - self._values[i]) * 0.05
            value = self._values[i]
            if chance.one_in(40):
                value = [target, low if low is not None else 0.0, high if high is not None else 9e9][
                    chance.below(3)
                ]
            own = _registers(kind, order, (value - offset) / scale)
            if chance.one_in(100):
                own = bytes([chance.below(256) for _ in own])
            if kind == FLOAT32 and chance.one_in(50):
                own = struct.pack(">I", _ODD_FLOATS[chance.below(len(_ODD_FLOATS))])
                own = own[2:] + own[:2] if order == LOW_FIRST else own
            data[2 * index : 2 * index + len(own)] = own
        return data.hex()


def record(seed: int, steps: int) -> Iterator[str]:
    """Give the lines of a recording with so many readings."""
    chance = Chance(seed)
    for key, kind, order, index, scale, offset, low, high, _ in _POINTS:
        numbers = " ".join(_bits(number) for number in (scale, offset, low, high))
        yield f"point {key} {kind} {order} {index} {numbers}"
    names = []
    for at, side, limit, deadband, *rest in _LIMITS:
        names.append(f"{_POINTS[at][0]}/{side}")
        tail = " ".join(str(one) for one in rest)
        yield f"limit {names[-1]} {at} {side} {_bits(limit)} {_bits(deadband)} {tail}"
    quality_delay, stale = [0, 3000, 5000][chance.below(3)], [0, 4000][chance.below(2)]
    yield f"start {_REGISTERS} {quality_delay} {stale} {chance.below(3)}"
    plant = _Plant(chance)
    now = boot = counter = lost = 0
    for _ in range(steps):
        now += [1000, 1000, 1000, 997, 1, 0, 2500, 20000][chance.below(8)]
        lost = max(0, lost - 1)
        if chance.one_in(25):
            lost = 1 + chance.below(8)
        if lost:
            yield f"read {now} {_BAD[chance.below(len(_BAD))]} -"
        else:
            quality = 64 if chance.one_in(30) else 192
            yield f"read {now} {quality} {plant.read()}"
        if chance.one_in(3):
            counter += [1, 1, 1, 0, -1][chance.below(5)]
            yield f"beat {now} {boot} {counter if boot % 3 else '-'}"
        if chance.one_in(6):
            now += chance.below(700)
            name = names[chance.below(len(names))]
            what = chance.below(7)
            yield [
                f"tick {now}",
                f"ack {now} {name}",
                f"ack {now} *",
                f"reset {now} {name}",
                f"silence {now}",
                f"press {now}",
                f"press {now}",
            ][what]
        if chance.one_in(60):
            yield f"wake {chance.below(2)}"
        if chance.one_in(150):
            at = chance.below(len(_LIMITS))
            limit = _LIMITS[at][2]
            if limit is not None:
                yield f"shift {names[at]} {_bits(limit * (90 + chance.below(21)) / 100)}"
            yield f"restart {1_700_000_000_000 + chance.below(10**9)}"
            now = 0
            boot += 1 - 2 * chance.below(2) if boot else 1
            counter = 0
