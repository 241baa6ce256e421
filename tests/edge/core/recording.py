"""Makes long recordings of a bad plant: the same seed gives the same bytes, on every Python.

Values walk around their limits, jump, saturate, turn to NaN; replies get lost in bursts; people silence,
acknowledge, press and reset; the gateway restarts, sometimes with other limits.
"""

import struct
from collections.abc import Iterator

from edge.core.decode import KINDS, ORDERS
from edge.core.point import (
    BCD16,
    BCD32,
    BIT,
    BITS,
    FLOAT32,
    FLOAT64,
    HIGH_FIRST,
    HIGH_FIRST_SWAP,
    INT16,
    INT32,
    INT64,
    LOW_FIRST,
    LOW_FIRST_SWAP,
    UINT16,
    UINT32,
    UINT64,
)

_POINTS = [  # key, kind, order, register, scale, offset, low, high, step of the walk in the point's unit
    ("GT-101", INT16, HIGH_FIRST, 0, 0.1, 0.0, 0.0, 100.0, 4.0),
    ("GT-102", UINT16, HIGH_FIRST, 1, 0.01, -1.0, -1.0, 50.0, 3.0),
    ("TT-201", INT16, LOW_FIRST, 2, -0.1, 120.0, -40.0, 150.0, 5.0),
    ("PT-301", FLOAT32, HIGH_FIRST, 4, 1.0, 0.0, 0.0, 1.6, 0.1),
    ("PT-302", FLOAT32, LOW_FIRST, 6, 0.001, 0.0, None, None, 0.1),
    ("LT-401", UINT32, HIGH_FIRST, 8, 0.0001, 0.0, 0.0, 12.0, 0.5),
    ("LT-402", UINT32, LOW_FIRST, 10, 0.0001, 0.0, 0.0, None, 0.5),
    ("FT-501", INT32, LOW_FIRST, 13, -0.001, 0.0, -50.0, 50.0, 3.0),
    ("FQ-502", UINT64, HIGH_FIRST, 16, 1e-15, 0.0, 0.0, 18000.0, 300.0),
    ("FQ-503", INT64, LOW_FIRST_SWAP, 20, -1e-12, 0.0, -9e6, 9e6, 30000.0),
    ("PT-303", FLOAT64, HIGH_FIRST_SWAP, 24, 1e-6, 0.0, 0.0, 1.6, 0.1),
    ("ET-601", BCD16, LOW_FIRST_SWAP, 28, 0.1, 0.0, 0.0, 900.0, 20.0),
    ("ET-602", BCD32, LOW_FIRST, 29, 0.01, 0.0, 0.0, 900000.0, 9000.0),
    ("XS-701", BIT, HIGH_FIRST, 31, 1.0, 0.0, None, None, 0.3),
    ("XS-702", BITS, HIGH_FIRST, 31, 1.0, 0.0, 0.0, 12.0, 2.0),
    ("WL-801", UINT16, HIGH_FIRST, 32, 0.01, 0.0, 0.0, 40.0, 2.0),
    ("TT-802", INT16, HIGH_FIRST_SWAP, 33, 0.1, 0.0, -40.0, 150.0, 5.0),
]
_FIELD = {"XS-701": (3, 3), "XS-702": (8, 11)}
_USABLE = {"ET-601": (-1.0, 905.0), "WL-801": (-0.5, None)}
_CURVE = {
    "WL-801": (-0.5, 0.01, 3e-7),
    "TT-802": (-1.5, 0.1, -1e-6),
}  # scale in _POINTS walks about as they do
_REGISTERS = 34
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
    (8, "H", 9007.199254740993, 100.0, 0, 0, 0, 1),  # about 2 ** 53 raw: neighbours look alike as doubles
    (9, "LL", -8e6, 1e5, 0, 3000, 0, 2),
    (9, "HH", 8e6, 1e5, 0, 3000, 0, 2),
    (10, "H", 1.1, 0.05, 1000, 5000, 0, 2),
    (11, "H", 600.5, 5.0, 0, 2000, 0, 2),
    (12, "L", 123456.78, 50.0, 0, 2000, 0, 1),
    (13, "H", 1.0, 0.0, 0, 1000, 0, 3),
    (14, "HH", 9.0, 1.0, 0, 1000, 1, 3),
    (15, "H", 25.0, 1.0, 0, 3000, 0, 2),
    (16, "L", -10.0, 1.0, 0, 3000, 0, 2),
    (16, "HH", 90.0, 1.0, 0, 3000, 0, 3),
]
_MORE = [  # the same, and setpoint, window, direction, group
    (0, "ROC", 2.5, 0.5, 0, 2000, 0, 2, None, 3000, 0, "tank-1"),
    (2, "ROC", 1.5, 0.25, 1000, 0, 1, 3, None, 10000, 1, "tank-1"),
    (1, "DEV", 8.0, 1.0, 500, 500, 0, 2, 12.0, 0, 0, "tank-1"),
    (3, "DEV", 0.4, 0.1, 0, 3000, 0, 2, None, 0, 0, ""),
    (6, "ON", 0.5, 0.0, 0, 0, 0, 1, None, 0, 0, ""),
    (6, "OFF", 0.5, 0.0, 0, 1000, 0, 1, None, 0, 0, ""),
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


def ordered(data: bytes, order: int) -> bytes:
    """Put a big-endian number into registers of an order, word by word: a packer of its own for the tests."""
    words = [data[i : i + 2] for i in range(0, len(data), 2)]
    if order in {HIGH_FIRST_SWAP, LOW_FIRST_SWAP}:
        words = [word[::-1] for word in words]
    if order in {LOW_FIRST, LOW_FIRST_SWAP}:
        words.reverse()
    return b"".join(words)


def packed(kind: int, order: int, raw: float, lowest: int = 0) -> bytes:
    """Write a raw number as an instrument would; the nearest one that its kind can hold."""
    code, _, least, greatest = KINDS[kind]
    if kind in {FLOAT32, FLOAT64}:
        return ordered(struct.pack(">" + code, raw), order)
    whole = max(least, min(greatest, round(raw)))
    if kind in {BCD16, BCD32}:
        return ordered(bytes.fromhex(f"{whole:0{4 if kind == BCD16 else 8}d}"), order)
    if kind in {BIT, BITS}:
        whole = whole << lowest & 0xFFFF
    return ordered(struct.pack(">" + code, whole), order)


def _joined(numbers: tuple[float, ...] | None) -> str:
    return ",".join(_bits(number) for number in numbers) if numbers else "-"


def _single(chance: Chance) -> str:
    """One number of any kind and order, from bytes of chance or from the ends of what a kind can hold."""
    kind = 1 + chance.below(len(KINDS))
    order = ORDERS[chance.below(len(ORDERS))]
    size = 2 * KINDS[kind][1]
    data = bytes([chance.below(256) for _ in range(size)])
    if chance.one_in(3):
        end = [b"\xff" * size, b"\x00" * size, b"\x7f" + b"\xff" * (size - 1), b"\x80" + b"\x00" * (size - 1)]
        data = ordered(end[chance.below(4)], order)
    if kind in {BCD16, BCD32} and not chance.one_in(4):
        data = bytes([16 * chance.below(10) + chance.below(10) for _ in range(size)])
    lowest = chance.below(16) if kind in {BIT, BITS} else 0
    highest = lowest if kind != BITS else lowest + chance.below(16 - lowest)
    scale = [1.0, -1.0, 0.1, 1 / 3, 1e-40, 1e300][chance.below(6)]
    curve = None
    if chance.one_in(3):
        scale, curve = (
            1.0,
            [(1.0, 0.5, 0.25), (0.1, -0.2, -1e-9, -1e-12), (0.0, 1e200, 1e200), (5.0, 1.0, -1.0)][
                chance.below(4)
            ],
        )
    low, high = [(None, None), (0.0, 1e4), (-1e4, None), (None, 1e18)][chance.below(4)]
    numbers = " ".join(_bits(number) for number in (scale, low, high))
    return f"number {kind} {order} {lowest} {highest} {numbers} {_joined(curve)} {data.hex()}"


def singles(seed: int, many: int) -> Iterator[str]:
    """Give lines that decode and judge one thing each: numbers of every kind, coils, loops, texts, values."""
    chance = Chance(seed)
    for _ in range(many):
        yield _single(chance)
        if chance.one_in(8):
            count = 1 + chance.below(70)
            places = sorted({chance.below(count) for _ in range(1 + chance.below(9))})
            data = bytes([chance.below(256) for _ in range((count + 7) // 8)])
            yield f"coils {count} {','.join(str(place) for place in places)} {data.hex()}"
        if chance.one_in(8):
            ends = [chance.below(60000) / 7 for _ in range(4)]
            yield "loop " + " ".join(_bits(end + i) for i, end in enumerate(ends))
        if chance.one_in(8):
            data = bytes([32 + chance.below(100) for _ in range(2 * (1 + chance.below(8)))])
            yield f"text {ORDERS[chance.below(4)]} {data.hex()}"
        if chance.one_in(8):
            yield "values " + " ".join(
                _bits([0.5, -0.5, 20.0, float("nan")][chance.below(4)]) for _ in range(4)
            )


class _Plant:
    def __init__(self, chance: Chance, most: int) -> None:
        self._chance = chance
        self._points = _POINTS[:most]
        self._values = [point[4] * 100 + point[5] for point in self._points]

    def read(self) -> str:
        chance = self._chance
        data = bytearray(2 * _REGISTERS)
        for i, (key, kind, order, index, scale, offset, low, high, step) in enumerate(self._points):
            limits = [limit for at, _, limit, *_ in _LIMITS if at == i and limit is not None]
            target = limits[chance.below(len(limits))]
            walk = (chance.below(2001) - 1000) / 1000 * step
            self._values[i] += walk + (target - self._values[i]) * 0.05
            value = self._values[i]
            if chance.one_in(40):
                value = [target, low if low is not None else 0.0, high if high is not None else 9e9][
                    chance.below(3)
                ]
            own = packed(kind, order, (value - offset) / scale, _FIELD.get(key, (0, 0))[0])
            if chance.one_in(100):
                own = bytes([chance.below(256) for _ in own])
            if kind == FLOAT32 and chance.one_in(50):
                own = ordered(struct.pack(">I", _ODD_FLOATS[chance.below(len(_ODD_FLOATS))]), order)
            if kind == FLOAT64 and chance.one_in(50):
                odd = _ODD_FLOATS[chance.below(len(_ODD_FLOATS))]
                own = ordered(struct.pack(">II", odd | (odd & 0x7F800000) >> 3, 0), order)
            if key == "XS-702":  # shares its register
                own = bytes([data[2 * index] | own[0], data[2 * index + 1] | own[1]])
            data[2 * index : 2 * index + len(own)] = own
        return data.hex()


def record(seed: int, steps: int, most: int = 8) -> Iterator[str]:
    """Give the lines of a recording with so many readings; of the first `most` points, 17 are all kinds."""
    chance = Chance(seed)
    limited = [limit for limit in _LIMITS if limit[0] < most]
    for key, kind, order, index, scale, offset, low, high, _ in _POINTS[:most]:
        numbers = " ".join(_bits(number) for number in (scale, offset, low, high))
        usable = " ".join(_bits(number) for number in _USABLE.get(key, (None, None)))
        lowest, highest = _FIELD.get(key, (0, 0))
        curve = _CURVE.get(key)
        if curve is not None:
            numbers = " ".join(_bits(number) for number in (1.0, 0.0, low, high))
        yield f"point {key} {kind} {order} {index} {numbers} {lowest} {highest} {usable} {_joined(curve)}"
    names = []
    for at, side, limit, deadband, *rest in limited:
        names.append(f"{_POINTS[at][0]}/{side}")
        tail = " ".join(str(one) for one in rest)
        yield f"limit {names[-1]} {at} {side} {_bits(limit)} {_bits(deadband)} {tail}"
    for at, side, limit, deadband, on, off, latch, priority, setpoint, window, direction, group in _MORE:
        names.append(f"{_POINTS[at][0]}/{side}")
        head = f"limit {names[-1]} {at} {side} {_bits(limit)} {_bits(deadband)} {on} {off} {latch} {priority}"
        yield f"{head} {_bits(setpoint)} {window} {direction} {group}"
    quality_delay, stale = [0, 3000, 5000][chance.below(3)], [0, 4000][chance.below(2)]
    yield f"start {_REGISTERS} {quality_delay} {stale} {chance.below(3)}"
    plant = _Plant(chance, most)
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
        if chance.one_in(8):
            name = names[chance.below(len(names))]
            yield [
                f"shelve {now} {name} {1000 * (1 + chance.below(60))}",
                f"unshelve {now} {name}",
                f"out {now} {name} {chance.below(2)}",
                f"out {now} {name} 0",
                f"suppress {now} {name} {chance.below(2)}",
                f"suppress {now} {name} 0",
                f"refer {_POINTS[3][0]}/DEV {_bits([None, 0.5, 0.9, 1.2][chance.below(4)])}",
            ][chance.below(7)]
        if chance.one_in(60):
            yield f"wake {chance.below(2)}"
        if chance.one_in(150):
            at = chance.below(len(limited))
            limit = limited[at][2]
            if limit is not None:
                yield f"shift {names[at]} {_bits(limit * (90 + chance.below(21)) / 100)}"
            yield f"restart {1_700_000_000_000 + chance.below(10**9)}"
            now = 0
            boot += 1 - 2 * chance.below(2) if boot else 1
            counter = 0
