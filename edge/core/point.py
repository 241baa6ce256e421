"""Turns the register bytes of one block into raw numbers, values in their unit, and qualities.

A block is what one Modbus read returns. All its points are unpacked by one compiled format; nothing is
clamped, and a number that cannot be true keeps its place with a quality that says so:

    registers (big-endian words) --decode--> raw numbers --scaled--> raw * scale + offset, in the point's unit
                                                 |
                                                 +--exceptions--> [(point, quality)], only where not good

Word orders of 32-bit values, with A the most significant byte: HIGH_FIRST = A B | C D, LOW_FIRST = C D | A B.
A block's LOW_FIRST points are read from a copy whose bytes are swapped inside each word: C D | A B becomes
D C B A, which is plain little-endian. So they too cost one unpack, and a block without them no copy.

Runs on MicroPython as it is (no `struct.Struct` there, no slices with a step).
"""

import struct

from protocol.quality import GOOD, SENSOR_FAILURE, SENSOR_INACCURATE

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INT16 = 1
UINT16 = 2
INT32 = 3
UINT32 = 4
FLOAT32 = 5

HIGH_FIRST = 1  # "ABCD"
LOW_FIRST = 2  # "CDAB"

# kind -> (struct code, registers, least rank, greatest rank); a rank orders the raw numbers of a kind.
# The ranks of float32 are its bit patterns without infinities and NaN: 0 is +0.0, -1 is -0.0.
_KINDS = {
    INT16: ("h", 1, -0x8000, 0x7FFF),
    UINT16: ("H", 1, 0, 0xFFFF),
    INT32: ("i", 2, -0x80000000, 0x7FFFFFFF),
    UINT32: ("I", 2, 0, 0xFFFFFFFF),
    FLOAT32: ("f", 2, -0x7F800000, 0x7F7FFFFF),
}

INFINITY = float("inf")
EMPTY: tuple[float, float] = (1, 0)  # the band that holds no number

# Beyond the stated range by at most this share of the span, an instrument is saturated (it may still raise an
# alarm); farther out it is broken. NAMUR NE 43 draws the same two lines for 4-20 mA (20.5 and 21 mA, about
# 3 % and 6 %); digital instruments overshoot more, hence one tenth. Our proposal.
SATURATION = 0.1


class Point:
    """One number that an instrument shows: where it stands in its block, and what it means."""

    __slots__ = ("high", "index", "key", "kind", "low", "offset", "order", "scale", "width")

    def __init__(
        self,
        key: str,
        kind: int,
        order: int,
        index: int,
        scale: float = 1.0,
        offset: float = 0.0,
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        """Describe a point.

        Args:
            key: unique in the gateway, for example "GT-101".
            kind: INT16, UINT16, INT32, UINT32 or FLOAT32.
            order: HIGH_FIRST or LOW_FIRST; without meaning for 16-bit kinds.
            index: its first register, counted from the block's first.
            scale: value = raw * scale + offset; not zero, may be negative.
            offset: in the point's unit.
            low: least value that the instrument can truly show, in the point's unit; None: unknown.
            high: greatest such value; None: unknown.

        Raises:
            ValueError: a field cannot be meant; says which and what would be right.
        """
        if kind not in _KINDS:
            raise ValueError("%s: unknown kind %r" % (key, kind))
        if order not in (HIGH_FIRST, LOW_FIRST):
            raise ValueError("%s: unknown word order %r" % (key, order))
        if index < 0:
            raise ValueError("%s: register offset %d is before the block" % (key, index))
        if scale == 0 or not -INFINITY < scale < INFINITY:
            raise ValueError("%s: scale must be a finite number other than 0" % key)
        if not -INFINITY < offset < INFINITY:
            raise ValueError("%s: offset must be a finite number" % key)
        for bound in (low, high):
            if bound is not None and not -INFINITY < bound < INFINITY:
                raise ValueError("%s: range must be finite; leave out what is unknown" % key)
        if low is not None and high is not None and not low < high:
            raise ValueError("%s: range low must be below range high" % key)
        self.key = key
        self.kind = kind
        self.order = order
        self.index = index
        self.scale = float(scale)
        self.offset = float(offset)
        self.low = None if low is None else float(low)
        self.high = None if high is None else float(high)
        self.width = _KINDS[kind][1]

    def scaled(self, raw: float) -> float:
        """Give the value of a raw number in the point's unit; the centre computes the very same."""
        return raw * self.scale + self.offset

    def quality(self, raw: float) -> int:
        """Judge a raw number: GOOD, SENSOR_INACCURATE (saturated) or SENSOR_FAILURE (cannot be true)."""
        value = raw * self.scale + self.offset
        if not -INFINITY < value < INFINITY:
            return SENSOR_FAILURE
        low = self.low
        high = self.high
        if (low is None or value >= low) and (high is None or value <= high):
            return GOOD
        if low is None or high is None:
            return SENSOR_INACCURATE
        slack = (high - low) * SATURATION
        return SENSOR_INACCURATE if low - slack <= value <= high + slack else SENSOR_FAILURE

    def band(self, above: float | None = None, below: float | None = None) -> tuple[float, float]:
        """Find all raw numbers whose value is in range, greater than `above` and less than `below`.

        The band is exact to the last bit: found by halving over every raw number of the kind with the very
        arithmetic of `scaled`, which is monotone. So `lo <= raw <= hi` decides as `scaled` and `quality` do.

        Returns:
            (lo, hi), both inside; EMPTY when no raw number qualifies. NaN is in no band.
        """
        least, greatest = _KINDS[self.kind][2:]
        rising = self.scale > 0
        if rising:
            first = _halve(least, greatest, lambda rank: self._high_enough(rank, above))
            last = _halve(-greatest, -least, lambda rank: self._low_enough(-rank, below))
        else:
            first = _halve(least, greatest, lambda rank: self._low_enough(rank, below))
            last = _halve(-greatest, -least, lambda rank: self._high_enough(-rank, above))
        if first is None or last is None or first > -last:
            return EMPTY
        return (self._raw(first), self._raw(-last))

    def _high_enough(self, rank: int, above: float | None) -> bool:
        value = self.scaled(self._raw(rank))
        if not value > -INFINITY or (self.low is not None and value < self.low):
            return False
        return above is None or value > above

    def _low_enough(self, rank: int, below: float | None) -> bool:
        value = self.scaled(self._raw(rank))
        return (
            value < INFINITY
            and (self.high is None or value <= self.high)
            and (below is None or value < below)
        )

    def _raw(self, rank: int) -> float:
        if self.kind != FLOAT32:
            return rank
        bits = rank if rank >= 0 else 0x80000000 - rank - 1
        raw: float = struct.unpack(">f", struct.pack(">I", bits))[0]
        return raw


def _halve(least: int, greatest: int, holds: "Callable[[int], bool]") -> int | None:
    """Find the least rank for which `holds`; it holds for all above one that holds. None: for none."""
    if not holds(greatest):
        return None
    while least < greatest:
        middle = (least + greatest) // 2
        if holds(middle):
            greatest = middle
        else:
            least = middle + 1
    return least


class Block:
    """The points of one read, in ascending order of their registers, and how to take its bytes apart."""

    def __init__(self, points: "Sequence[Point]", count: int) -> None:
        """Compile the formats.

        Args:
            points: ascending by register, not overlapping; the order of the raw numbers everywhere.
            count: registers in the block.

        Raises:
            ValueError: points overlap, are out of order, or reach past the block.
        """
        used = 0
        for point in points:
            if point.index < used:
                raise ValueError("%s: overlaps the point before it, or is out of order" % point.key)
            used = point.index + point.width
        if used > count:
            raise ValueError("%s: reaches past the %d registers of its block" % (points[-1].key, count))
        self.points = tuple(points)
        self.count = count
        self._size = 2 * count
        self._words = "%dH" % count
        # 16-bit points join whichever side makes one unpack enough.
        swapped = [point.width == 2 and point.order == LOW_FIRST for point in self.points]
        plain = [point.width == 2 and point.order == HIGH_FIRST for point in self.points]
        self._both = True in swapped and True in plain
        self._swap = True in swapped
        if self._both:
            self._from_swapped = swapped
            self._unpack = _unpacker(">" + _layout(self.points, count, [not side for side in swapped]))
            self._unpack_swapped = _unpacker("<" + _layout(self.points, count, swapped))
        else:
            everything = [True] * len(self.points)
            self._unpack = _unpacker(("<" if self._swap else ">") + _layout(self.points, count, everything))
        bands = [point.band() for point in self.points]
        self._lows = [band[0] for band in bands]
        self._highs = [band[1] for band in bands]

    def decode(self, data: bytes) -> "tuple[float, ...]":
        """Take the block's bytes apart.

        Args:
            data: 2 * count bytes, each register big-endian, as on the wire.

        Returns:
            One raw number a point, in point order: int for the integer kinds, float for FLOAT32.

        Raises:
            ValueError: the bytes are not as many as the block's.
        """
        if len(data) != self._size:
            raise ValueError("block of %d registers got %d bytes" % (self.count, len(data)))
        if not self._swap:
            return self._unpack(data)
        swapped = struct.pack("<" + self._words, *struct.unpack(">" + self._words, data))
        if not self._both:
            return self._unpack(swapped)
        straight = iter(self._unpack(data))
        turned = iter(self._unpack_swapped(swapped))
        return tuple([next(turned) if side else next(straight) for side in self._from_swapped])

    def scaled(self, i: int, raw: float) -> float:
        """Give the value of point `i` in its unit."""
        point = self.points[i]
        return raw * point.scale + point.offset

    def exceptions(self, raws: "Sequence[float]") -> list[tuple[int, int]]:
        """List the points whose raw number is not good by itself, as (point, quality), ascending."""
        for raw, low, high in zip(raws, self._lows, self._highs):
            if not low <= raw <= high:
                break
        else:
            return []
        found = []
        for i, raw in enumerate(raws):
            quality = self.points[i].quality(raw)
            if quality != GOOD:
                found.append((i, quality))
        return found


def _layout(points: "Sequence[Point]", count: int, wanted: list[bool]) -> str:
    """Write the struct codes of the wanted points, with pad bytes for all else."""
    codes = []
    at = 0
    for point, want in zip(points, wanted):
        if want:
            codes.append("%dx" % (2 * (point.index - at)) if point.index > at else "")
            codes.append(_KINDS[point.kind][0])
            at = point.index + point.width
    codes.append("%dx" % (2 * (count - at)) if count > at else "")
    return "".join(codes)


def _unpacker(layout: str) -> "Callable[[bytes], tuple[float, ...]]":
    """Compile a format where the runtime can (MicroPython has no `struct.Struct`)."""
    compiled = getattr(struct, "Struct", None)
    if compiled is not None:
        unpack: Callable[[bytes], tuple[float, ...]] = compiled(layout).unpack
        return unpack
    return lambda data: struct.unpack(layout, data)
