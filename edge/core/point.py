"""What a number means: from raw number to value in its unit and quality; which raw numbers need no thought.

    bytes --decode--> raw numbers --scaled--> value, in the point's unit
                           |
                           +--exceptions--> [(point, quality)], only where not good

    value = raw * scale + offset, or c0 + c1 * raw + c2 * raw * raw + ... by Horner's rule, in doubles; the
    centre computes the very same.

    quality of a value:    failure | uncertain |        good        | uncertain | failure
                               usable_low     low                 high     usable_high

Nothing is clamped, and a number that cannot be true keeps its place with a quality that says so. A reading is
a Block (of registers), a BitBlock (of coils or inputs) or Values (what a driver already gives as numbers).

Runs on MicroPython as it is.
"""

from edge.core.decode import (
    BCD16,
    BCD32,
    BIT,
    BITS,
    FIELDS,
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
    Coils,
    Place,
    Registers,
    raw_of,
)
from protocol.quality import GOOD, SENSOR_FAILURE, SENSOR_INACCURATE, is_bad

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "BCD16",
    "BCD32",
    "BIT",
    "BITS",
    "EMPTY",
    "FLOAT32",
    "FLOAT64",
    "HIGH_FIRST",
    "HIGH_FIRST_SWAP",
    "INFINITY",
    "INT16",
    "INT32",
    "INT64",
    "LOW_FIRST",
    "LOW_FIRST_SWAP",
    "UINT16",
    "UINT32",
    "UINT64",
    "BitBlock",
    "Block",
    "Point",
    "Points",
    "Values",
]

INFINITY = float("inf")
EMPTY: tuple[float, float] = (1, 0)  # the band that holds no number

# Beyond the stated range by at most this share of the span, an instrument is saturated (it may still raise an
# alarm); farther out it is broken. NAMUR NE 43 draws the same two lines for 4-20 mA (20.5 and 21 mA, about
# 3 % and 6 %); digital instruments overshoot more, hence one tenth. Our proposal.
SATURATION = 0.1


class Point(Place):
    """One number that an instrument shows: where it stands in its block, and what it means."""

    __slots__ = ("curve", "high", "key", "low", "offset", "scale", "usable_high", "usable_low")

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
        *,
        curve: "Sequence[float]" = (),
        usable_low: float | None = None,
        usable_high: float | None = None,
        bits: "tuple[int, int]" = (0, 0),
    ) -> None:
        """Describe a point.

        Args:
            key: unique in the gateway, for example "GT-101".
            kind: INT16 to BITS, see `edge.core.decode`.
            order: HIGH_FIRST, LOW_FIRST, HIGH_FIRST_SWAP or LOW_FIRST_SWAP.
            index: its first register or coil, counted from the block's first; among Values its place.
            scale: value = raw * scale + offset; not zero, may be negative.
            offset: in the point's unit.
            low: least value that the instrument can truly show, in the point's unit; None: unknown.
            high: greatest such value; None: unknown.
            curve: coefficients c0, c1, c2 ... of a polynomial instead of scale and offset.
            usable_low: below `low` down to here the value is uncertain, farther out bad; None: a tenth of the
                span where both ends are known, else however far.
            usable_high: the same above `high`.
            bits: lowest and highest bit of BIT and BITS.

        Raises:
            ValueError: a field cannot be meant; says which and what would be right.
        """
        try:
            Place.__init__(self, kind, order, index, bits)
        except ValueError as fault:
            raise ValueError("%s: %s" % (key, fault))
        if scale == 0 or not -INFINITY < scale < INFINITY:
            raise ValueError("%s: scale must be a finite number other than 0" % key)
        if not -INFINITY < offset < INFINITY:
            raise ValueError("%s: offset must be a finite number" % key)
        for bound in (low, high, usable_low, usable_high):
            if bound is not None and not -INFINITY < bound < INFINITY:
                raise ValueError("%s: range must be finite; leave out what is unknown" % key)
        if low is not None and high is not None and not low < high:
            raise ValueError("%s: range low must be below range high" % key)
        if usable_low is not None and (low is None or usable_low > low):
            raise ValueError("%s: what is usable must reach to the range's low or below it" % key)
        if usable_high is not None and (high is None or usable_high < high):
            raise ValueError("%s: what is usable must reach to the range's high or above it" % key)
        if curve and (scale != 1 or offset != 0):
            raise ValueError("%s: a curve takes the place of scale and offset" % key)
        for coefficient in curve:
            if not -INFINITY < coefficient < INFINITY:
                raise ValueError("%s: the curve's coefficients must be finite" % key)
        if curve and not any(curve[1:]):
            raise ValueError("%s: this curve has the same value for every raw number" % key)
        self.key = key
        self.scale = float(scale)
        self.offset = float(offset)
        self.curve = tuple([float(coefficient) for coefficient in curve])
        self.low = None if low is None else float(low)
        self.high = None if high is None else float(high)
        if low is not None and high is not None:
            slack = (high - low) * SATURATION
            usable_low = low - slack if usable_low is None else usable_low
            usable_high = high + slack if usable_high is None else usable_high
        self.usable_low = -INFINITY if usable_low is None else float(usable_low)
        self.usable_high = INFINITY if usable_high is None else float(usable_high)

    def scaled(self, raw: float) -> float:
        """Give the value of a raw number in the point's unit; the centre computes the very same."""
        if not self.curve:
            return raw * self.scale + self.offset
        i = len(self.curve) - 1
        value = self.curve[i]
        while i:
            i -= 1
            value = value * raw + self.curve[i]
        return value

    def quality(self, raw: float) -> int:
        """Judge a raw number: GOOD, SENSOR_INACCURATE (saturated) or SENSOR_FAILURE (cannot be true)."""
        value = self.scaled(raw)
        if not -INFINITY < value < INFINITY:
            return SENSOR_FAILURE
        low = self.low
        high = self.high
        if (low is None or value >= low) and (high is None or value <= high):
            return GOOD
        return SENSOR_INACCURATE if self.usable_low <= value <= self.usable_high else SENSOR_FAILURE

    def band(self, above: float | None = None, below: float | None = None) -> tuple[float, float]:
        """Find all raw numbers whose value is in range, greater than `above` and less than `below`.

        The band is exact to the last bit: found by halving over every raw number of the kind with the very
        arithmetic of `scaled`. So `lo <= raw <= hi` decides as `scaled` and `quality` do. A curve whose
        arithmetic cannot be shown to be monotone has the band EMPTY: every raw number of it is judged.

        Returns:
            (lo, hi), both inside; EMPTY when no raw number qualifies. NaN is in no band.
        """
        least, greatest = self.ranks()
        slope = self._slope(least)
        if not slope:
            return EMPTY
        if slope > 0:
            first = _halve(least, greatest, lambda rank: self._high_enough(rank, above))
            last = _halve(-greatest, -least, lambda rank: self._low_enough(-rank, below))
        else:
            first = _halve(least, greatest, lambda rank: self._low_enough(rank, below))
            last = _halve(-greatest, -least, lambda rank: self._high_enough(-rank, above))
        if first is None or last is None or first > -last:
            return EMPTY
        return (raw_of(self.kind, first), raw_of(self.kind, -last))

    def _slope(self, least: int) -> int:
        """Say whether computed values never fall (1) or never rise (-1) with the raw number; 0: not sure.

        A line's product and sum are each rounded, and rounding keeps order. Horner's rule multiplies what was
        rounded with the raw number again: that keeps order where no factor is negative, that is for raw
        numbers of 0 and more and coefficients (but c0, which is only added) of one sign.
        """
        if not self.curve:
            return 1 if self.scale > 0 else -1
        rises = self.curve[1:]
        if len(rises) == 1:
            return 1 if rises[0] > 0 else -1
        if least < 0:
            return 0
        if min(rises) >= 0:
            return 1
        return -1 if max(rises) <= 0 else 0

    def _high_enough(self, rank: int, above: float | None) -> bool:
        value = self.scaled(raw_of(self.kind, rank))
        if not value > -INFINITY or (self.low is not None and value < self.low):
            return False
        return above is None or value > above

    def _low_enough(self, rank: int, below: float | None) -> bool:
        value = self.scaled(raw_of(self.kind, rank))
        return (
            value < INFINITY
            and (self.high is None or value <= self.high)
            and (below is None or value < below)
        )


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


class Points:
    """What one reading holds: its points in the order of the raw numbers, judged together."""

    def __init__(self, points: "Sequence[Point]") -> None:
        """Prepare the bands."""
        self.points = tuple(points)
        bands = [point.band() for point in self.points]
        self._lows = [band[0] for band in bands]
        self._highs = [band[1] for band in bands]

    def scaled(self, i: int, raw: float) -> float:
        """Give the value of point `i` in its unit."""
        return self.points[i].scaled(raw)

    def exceptions(
        self, raws: "Sequence[float]", told: "Sequence[tuple[int, int]]" = ()
    ) -> list[tuple[int, int]]:
        """List the points that are not good, as (point, quality), ascending.

        Args:
            raws: one raw number a point.
            told: what the instrument itself says of its points, as (point, quality). Where it calls one bad
                its reason stands (a value that was not reported is no broken sensor); else the worse counts.
        """
        for raw, low, high in zip(raws, self._lows, self._highs):
            if not low <= raw <= high:
                break
        else:
            if not told:
                return []
        heard: dict[int, int] = dict(told)
        found = []
        for i, raw in enumerate(raws):
            quality = heard.get(i, GOOD)
            if not is_bad(quality):
                quality = min(quality, self.points[i].quality(raw))
            if quality != GOOD:
                found.append((i, quality))
        return found


class Block(Points):
    """The points of one read of registers, in ascending order, and how to take its bytes apart."""

    def __init__(self, points: "Sequence[Point]", count: int) -> None:
        """Compile the formats.

        Args:
            points: ascending by register, not overlapping, except bit fields of one register; the order of
                the raw numbers everywhere.
            count: registers in the block.

        Raises:
            ValueError: points overlap, are out of order, or reach past the block.
        """
        used = 0
        fields = -1  # the register that bit fields share
        for point in points:
            if point.index < used and not (point.kind in FIELDS and point.index == fields):
                raise ValueError("%s: overlaps the point before it, or is out of order" % point.key)
            used = point.index + point.width
            fields = point.index if point.kind in FIELDS else -1
        if used > count:
            raise ValueError("%s: reaches past the %d registers of its block" % (points[-1].key, count))
        Points.__init__(self, points)
        self.count = count
        self._registers = Registers(self.points, count)

    def decode(self, data: bytes) -> "tuple[float, ...]":
        """Take the block's bytes apart.

        Args:
            data: 2 * count bytes, each register big-endian, as on the wire.

        Returns:
            One raw number a point, in point order: int for whole numbers, float for FLOAT32 and FLOAT64, NaN
            for a BCD number with a digit that is none.

        Raises:
            ValueError: the bytes are not as many as the block's.
        """
        return self._registers.read(data)


class BitBlock(Points):
    """The points of one read of coils or discrete inputs, each one bit."""

    def __init__(self, points: "Sequence[Point]", count: int) -> None:
        """Compile.

        Args:
            points: of kind BIT, ascending by coil; `bits` says nothing here.
            count: coils in the block.

        Raises:
            ValueError: a point is no bit, points are out of order, or reach past the block.
        """
        used = 0
        for point in points:
            if point.kind != BIT:
                raise ValueError("%s: a coil or input holds one bit and nothing else" % point.key)
            if point.index < used:
                raise ValueError("%s: is the point before it, or out of order" % point.key)
            used = point.index + 1
        if used > count:
            raise ValueError("%s: reaches past the %d coils of its block" % (points[-1].key, count))
        Points.__init__(self, points)
        self.count = count
        self._coils = Coils(self.points, count)

    def decode(self, data: bytes) -> "tuple[float, ...]":
        """Take the block's bytes apart: 0 or 1 for each point, lowest bit of the first byte first.

        Raises:
            ValueError: the bytes are not as many as the block's.
        """
        return self._coils.read(data)


class Values(Points):
    """The points of what a driver already gives as numbers (all families but Modbus)."""

    def __init__(self, points: "Sequence[Point]") -> None:
        """Prepare.

        Args:
            points: of kind FLOAT64, each with its place as index.

        Raises:
            ValueError: a point is of another kind or stands elsewhere.
        """
        for place, point in enumerate(points):
            if point.kind != FLOAT64 or point.index != place:
                raise ValueError("%s: values are FLOAT64 with indexes 0, 1, 2 ..." % point.key)
        Points.__init__(self, points)

    def decode(self, data: "Sequence[float]") -> "tuple[float, ...]":
        """Take over one number a point, NaN where the instrument gave none.

        Raises:
            ValueError: the numbers are not as many as the points.
        """
        if len(data) != len(self.points):
            raise ValueError("%d values for %d points" % (len(data), len(self.points)))
        return tuple(data)
